import { asObjects, defined, isObject, type Json, type JsonObject, type RepositorySettings } from '../model.ts';
/** The inputs `repository-settings` and `lifecycle-policy`, held against ECR's model and rules before anything is changed. */
import { didYouMean } from '../spelling.ts';
import { meaning, type Reader } from './reader.ts';

/** What a value must be: a list of words it may be, `text`, and so on. */
type Kind =
  | 'text'
  | 'boolean'
  | 'count'
  | 'tags'
  | 'policy'
  | { readonly words: readonly string[] }
  | { readonly list: Kind; readonly atLeastOne?: true }
  | { readonly fields: Readonly<Record<string, Kind>>; readonly needed?: readonly string[] };

const MUTABILITY = ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'];

/**
 * The fields of CreateRepository, and the two policies under the names that they have in a repository creation template.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
const SETTINGS: Kind = {
  fields: {
    imageTagMutability: { words: MUTABILITY },
    imageTagMutabilityExclusionFilters: {
      list: { fields: { filterType: { words: ['WILDCARD'] }, filter: 'text' }, needed: ['filterType', 'filter'] },
    },
    imageScanningConfiguration: { fields: { scanOnPush: 'boolean' } },
    encryptionConfiguration: {
      fields: { encryptionType: { words: ['AES256', 'KMS', 'KMS_DSSE'] }, kmsKey: 'text' },
      needed: ['encryptionType'],
    },
    tags: 'tags',
    repositoryPolicy: 'policy',
    lifecyclePolicy: {
      fields: {
        rules: {
          atLeastOne: true,
          list: {
            fields: {
              rulePriority: 'count',
              description: 'text',
              selection: {
                fields: {
                  tagStatus: { words: ['tagged', 'untagged', 'any'] },
                  tagPrefixList: { list: 'text', atLeastOne: true },
                  tagPatternList: { list: 'text', atLeastOne: true },
                  storageClass: { words: ['standard', 'archive'] },
                  countType: {
                    words: ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'],
                  },
                  countUnit: { words: ['days'] },
                  countNumber: 'count',
                },
                needed: ['tagStatus', 'countType', 'countNumber'],
              },
              action: {
                fields: { type: { words: ['expire', 'transition'] }, targetStorageClass: { words: ['archive'] } },
                needed: ['type'],
              },
            },
            needed: ['rulePriority', 'selection', 'action'],
          },
        },
      },
      needed: ['rules'],
    },
  },
};

interface Problem {
  readonly problem: string;
  readonly remedy?: string;
}

const EXAMPLE =
  'Write the fields of CreateRepository in YAML or JSON, such as `imageTagMutability: IMMUTABLE`, with `repositoryPolicy` and `lifecyclePolicy` beside them.';
const EXAMPLE_OF_A_POLICY =
  'Write the policy in YAML or JSON, such as `rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: 100 }, action: { type: expire } }]`.';

/** The settings of a repository that this run may create. */
export function readRepositorySettings(reader: Reader): RepositorySettings | undefined {
  const value = reader.yaml('repository-settings', EXAMPLE);
  return value === undefined ? undefined : checked(reader, 'repository-settings', value);
}

/** A lifecycle policy as ECR takes it, in JSON. */
export function readLifecyclePolicy(reader: Reader): string | undefined {
  const value = reader.yaml('lifecycle-policy', EXAMPLE_OF_A_POLICY);
  return value === undefined
    ? undefined
    : checked(reader, 'lifecycle-policy', { lifecyclePolicy: value }).lifecyclePolicy;
}

function checked(reader: Reader, name: 'repository-settings' | 'lifecycle-policy', value: Json): RepositorySettings {
  const { settings, problems } = repositorySettings(value);
  for (const { problem, remedy } of problems) reader.mistake(name, problem, remedy);
  return settings;
}

/** @returns the settings as ECR's API takes them, and everything that is wrong with them */
export function repositorySettings(value: Json): {
  readonly settings: RepositorySettings;
  readonly problems: readonly Problem[];
} {
  const problems = problemsOf(value, SETTINGS, '');
  if (problems.length > 0 || !isObject(value)) return { settings: {}, problems };
  const { tags, repositoryPolicy, lifecyclePolicy, imageScanningConfiguration: scanning, ...creation } = value;
  const settings: RepositorySettings = {
    creation: {
      ...creation,
      ...(isObject(scanning) ? { imageScanningConfiguration: withBooleans(scanning) } : {}),
      ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
    },
    ...defined({ repositoryPolicy: textOf(repositoryPolicy), lifecyclePolicy: textOf(lifecyclePolicy) }),
  };
  return { settings, problems: rulesBroken(value) };
}

/** `True` of YAML stays a text when it is read; ECR takes a boolean. */
const isBoolean = (value: Json): boolean => typeof value === 'boolean' || /^(?:true|false)$/i.test(String(value));
const withBooleans = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value).toLowerCase() === 'true']));

const textOf = (policy: Json | undefined): string | undefined =>
  typeof policy === 'string' || policy === undefined ? policy : JSON.stringify(policy);

/** A map of names to values, or ECR's own list of Key and Value. */
function tagsOf(tags: Json): { readonly Key: string; readonly Value: string }[] {
  if (!Array.isArray(tags)) return Object.entries(tags ?? {}).map(([Key, value]) => ({ Key, Value: String(value) }));
  return tags
    .filter(isObject)
    .map((tag) => ({ Key: String(tag.Key ?? tag.key), Value: String(tag.Value ?? tag.value ?? '') }));
}

function problemsOf(value: Json, kind: Kind, path: string): Problem[] {
  const at = path === '' ? 'The input' : `\`${path}\``;
  const is = (right: boolean, what: string): Problem[] => (right ? [] : [{ problem: `${at} is not ${what}.` }]);
  if (kind === 'text') return is(typeof value === 'string' && value !== '', 'a text');
  if (kind === 'boolean') return is(isBoolean(value), '`true` or `false`');
  if (kind === 'count')
    return is(typeof value === 'number' && Number.isInteger(value) && value > 0, 'a whole number above 0');
  if (kind === 'tags') {
    const listed = Array.isArray(value) && value.every((tag) => isObject(tag) && (tag.Key ?? tag.key) !== undefined);
    return is(listed || isObject(value), 'a map of tags (`team: web`) or a list of `Key` and `Value`');
  }
  if (kind === 'policy') return policyProblems(value, path);
  if ('words' in kind) {
    return wordProblems(value, kind.words, path);
  }
  if ('list' in kind) {
    if (!Array.isArray(value)) return is(false, 'a list');
    if (value.length === 0 && kind.atLeastOne) return [{ problem: `${at} is empty.` }];
    return value.flatMap((one, i) => problemsOf(one, kind.list, `${path}[${i}]`));
  }
  if (!isObject(value)) return is(false, 'a map of fields');
  const names = Object.keys(kind.fields);
  const lacking = (kind.needed ?? []).filter((name) => value[name] === undefined);
  return [
    ...lacking.map((name) => ({ problem: `${at} has no \`${name}\`.` })),
    ...Object.entries(value).flatMap(([name, member]) => {
      const below = kind.fields[name];
      if (below) return problemsOf(member ?? null, below, path === '' ? name : `${path}.${name}`);
      return [
        {
          problem: `${at} has no field \`${name.slice(0, 80)}\`.`,
          remedy: remedyFor(name.replace(/Text$/, ''), names),
        },
      ];
    }),
  ];
}

const STATEMENT_FIELDS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'];
const POLICY_VERSIONS = ['2012-10-17', '2008-10-17'];

/**
 * A policy as fields or as JSON, held against the grammar of IAM and what ECR takes of it: actions of ECR alone, and no `Resource`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
function policyProblems(value: Json, path: string): Problem[] {
  const policy = typeof value === 'string' ? jsonOf(value) : value;
  if (!isObject(policy) || policy.Statement === undefined)
    return [{ problem: `\`${path}\` is not a policy with \`Statement\`.` }];
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  const version = policy.Version === undefined ? [] : wordProblems(policy.Version, POLICY_VERSIONS, `${path}.Version`);
  if (statements.length === 0) return [...version, { problem: `\`${path}.Statement\` is empty.` }];
  return [...version, ...statements.flatMap((one, i) => statementProblems(one, `${path}.Statement[${i}]`))];
}

function statementProblems(statement: Json, path: string): Problem[] {
  if (!isObject(statement)) return [{ problem: `\`${path}\` is not a map of fields.` }];
  const unknown = Object.keys(statement).filter((name) => !STATEMENT_FIELDS.includes(name));
  const has = (...names: readonly string[]): Problem[] =>
    names.some((name) => !isEmpty(statement[name])) ? [] : [{ problem: `\`${path}\` has no \`${names[0]}\`.` }];
  const actions = [statement.Action ?? [], statement.NotAction ?? []].flat();
  const foreign = actions.find((action) => !/^(?:\*|ecr:[\w*?]+)$/i.test(String(action)));
  const misspelt = actions.flatMap((action) => misspeltAction(String(action)));
  return [
    ...has('Effect'),
    ...(statement.Effect === undefined ? [] : wordProblems(statement.Effect, ['Allow', 'Deny'], `${path}.Effect`)),
    ...has('Principal', 'NotPrincipal'),
    ...has('Action', 'NotAction'),
    ...(foreign === undefined
      ? []
      : [
          {
            problem: `\`${path}\` has \`${String(foreign).slice(0, 80)}\`, which is not an action of ECR (\`ecr:...\`).`,
          },
        ]),
    ...misspelt.map(([action, meant]) => ({
      problem: `\`${path}\` has \`${action}\`, which is not an action of ECR.`,
      remedy: meaning(meant),
    })),
    ...[statement.Principal, statement.NotPrincipal].flatMap((principal) =>
      isEmpty(principal) ? [] : principalProblems(principal ?? null, path),
    ),
    ...(statement.Condition === undefined || isObject(statement.Condition)
      ? []
      : [{ problem: `\`${path}.Condition\` is not a map of conditions.` }]),
    ...unknown.map((name) => ({
      problem: `\`${path}\` has no field \`${name.slice(0, 80)}\`.`,
      remedy: /^(?:Not)?Resource$/.test(name)
        ? 'Remove it: the policy of a repository is for that repository.'
        : remedyFor(name, STATEMENT_FIELDS),
    })),
  ];
}

/** What an element of a policy is without a value; a kind of principal with an empty list names no principal. */
const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(isEmpty));

/**
 * Actions that a repository policy may allow. One that is not among them may be new; only one that is nearly the same is a mistake.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
const ACTIONS = [
  ...['BatchCheckLayerAvailability', 'BatchDeleteImage', 'BatchGetImage', 'BatchImportUpstreamImage'],
  ...['CompleteLayerUpload', 'CreateRepository', 'DeleteLifecyclePolicy', 'DeleteRepository', 'DeleteRepositoryPolicy'],
  ...['DescribeImageReplicationStatus', 'DescribeImages', 'DescribeImageScanFindings', 'DescribeRepositories'],
  ...['GetDownloadUrlForLayer', 'GetLifecyclePolicy', 'GetLifecyclePolicyPreview', 'GetRepositoryPolicy'],
  ...['InitiateLayerUpload', 'ListImages', 'ListTagsForResource', 'PutImage', 'PutImageScanningConfiguration'],
  ...['PutImageTagMutability', 'PutLifecyclePolicy', 'ReplicateImage', 'SetRepositoryPolicy', 'StartImageScan'],
  ...['StartLifecyclePolicyPreview', 'TagResource', 'UntagResource', 'UploadLayerPart'],
];

function misspeltAction(action: string): readonly (readonly [action: string, meant: string])[] {
  const [, name = ''] = /^ecr:(\w+)$/i.exec(action) ?? [];
  if (name === '' || ACTIONS.some((one) => one.toLowerCase() === name.toLowerCase())) return [];
  const meant = didYouMean(name, ACTIONS);
  return meant === undefined ? [] : [[action.slice(0, 80), `ecr:${meant}`]];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const PRINCIPALS: Readonly<Record<string, readonly [form: RegExp, words: string]>> = {
  AWS: [
    /^(?:\*|\d{12}|arn:[a-z-]+:(?:iam|sts)::(?:\d{12}|cloudfront|aws):\S+|A[A-Z0-9]{15,})$/,
    'an account of 12 digits, or the ARN of an account (`arn:aws:iam::123456789012:root`), role or user',
  ],
  Service: [
    /^[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|internal|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/,
    'a service such as `lambda.amazonaws.com`',
  ],
  Federated: [/./, 'an identity provider'],
  CanonicalUser: [/^[0-9a-f]{64}$/, 'a canonical user id'],
};

function principalProblems(principal: Json, path: string): Problem[] {
  if (principal === '*') return [];
  if (!isObject(principal)) {
    return [
      {
        problem: `\`${path}.Principal\` is neither \`*\` nor a map of principals.`,
        remedy: 'Write `Principal: { AWS: "arn:aws:iam::123456789012:root" }`.',
      },
    ];
  }
  return Object.entries(principal).flatMap(([kind, value]) => {
    const [form, words] = PRINCIPALS[kind] ?? [];
    if (!form || words === undefined)
      return [
        {
          problem: `\`${path}.Principal\` has no kind \`${kind.slice(0, 80)}\`.`,
          remedy: remedyFor(kind, Object.keys(PRINCIPALS)),
        },
      ];
    const wrong = [value ?? ''].flat().find((one) => typeof one !== 'string' || !form.test(one));
    if (wrong === undefined) return [];
    const problem = `\`${path}.Principal.${kind}\` has \`${String(wrong).slice(0, 120)}\`, which is not ${words}.`;
    // An account without quotes is a number in YAML, and loses its zeros in front.
    return [{ problem, ...(typeof wrong === 'number' ? { remedy: 'Write it in quotes.' } : {}) }];
  });
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wordProblems(value: Json, words: readonly string[], path: string): Problem[] {
  if (typeof value === 'string' && words.includes(value)) return [];
  const meant = typeof value === 'string' ? didYouMean(value, words) : undefined;
  return [
    {
      problem: `\`${path}\` is not one of ${words.map((word) => `\`${word}\``).join(', ')}.`,
      ...defined({ remedy: meant ? meaning(meant) : undefined }),
    },
  ];
}

function remedyFor(name: string, names: readonly string[]): string {
  const meant = didYouMean(name, names);
  return meant ? meaning(meant) : `It has ${names.map((one) => `\`${one}\``).join(', ')}.`;
}

/** Rules between the fields, as ECR's user guide has them. */
function rulesBroken(value: JsonObject): Problem[] {
  const mutability = String(value.imageTagMutability ?? 'MUTABLE');
  const filters = asObjects(value.imageTagMutabilityExclusionFilters).map(({ filter }) => String(filter));
  const excludes = mutability.endsWith('_WITH_EXCLUSION');
  const bad = filters.find((filter) => !/^[0-9a-zA-Z._*-]{1,128}$/.test(filter) || filter.split('*').length > 3);
  const encryption = isObject(value.encryptionConfiguration) ? value.encryptionConfiguration : {};
  const lifecycle = isObject(value.lifecyclePolicy) ? asObjects(value.lifecyclePolicy.rules) : [];
  const priorities = lifecycle.map(({ rulePriority }) => rulePriority);
  const tags = value.tags === undefined ? [] : tagsOf(value.tags);
  const found: readonly (Problem | false)[] = [
    excludes !== filters.length > 0 && {
      problem: excludes
        ? `\`imageTagMutability: ${mutability}\` needs \`imageTagMutabilityExclusionFilters\`.`
        : `\`imageTagMutabilityExclusionFilters\` goes with \`IMMUTABLE_WITH_EXCLUSION\` or \`MUTABLE_WITH_EXCLUSION\`, not with \`${mutability}\`.`,
    },
    filters.length > 5 && {
      problem: `\`imageTagMutabilityExclusionFilters\` has ${filters.length} filters; ECR takes 5.`,
    },
    bad !== undefined && {
      problem: `the exclusion filter \`${bad.slice(0, 80)}\` is not right.`,
      remedy: 'A filter has letters, digits, `.`, `_`, `-` and at most 2 wildcards `*`, such as `buildcache-*`.',
    },
    encryption.kmsKey !== undefined &&
      encryption.encryptionType === 'AES256' && {
        problem: '`kmsKey` goes with `encryptionType: KMS` or `KMS_DSSE`, not with `AES256`.',
      },
    tags.length > 50 && { problem: `\`tags\` has ${tags.length} tags; ECR takes 50.` },
    tags.some(({ Key }) => /^aws:/i.test(Key)) && {
      problem: '`tags` has a key that begins with `aws:`, which is reserved.',
    },
    new Set(priorities).size < priorities.length && { problem: 'two lifecycle rules have the same `rulePriority`.' },
  ];
  const ofRules = lifecycle.flatMap((rule) => {
    const selection = isObject(rule.selection) ? rule.selection : {};
    const lists = [selection.tagPrefixList, selection.tagPatternList].filter((list) => list !== undefined).length;
    const name = `the lifecycle rule ${String(rule.rulePriority)}`;
    const tagged = selection.tagStatus === 'tagged';
    const since = String(selection.countType).startsWith('since');
    return [
      ...(tagged === (lists === 1)
        ? []
        : [
            {
              problem: `${name} ${tagged ? 'needs one of' : 'takes no'} \`tagPrefixList\` or \`tagPatternList\` with \`tagStatus: ${String(selection.tagStatus)}\`.`,
            },
          ]),
      ...(since && selection.countUnit === undefined ? [{ problem: `${name} needs \`countUnit: days\`.` }] : []),
      ...(!since && selection.countUnit !== undefined
        ? [{ problem: `${name} takes no \`countUnit\` with \`countType: ${String(selection.countType)}\`.` }]
        : []),
    ];
  });
  return [...found.filter((one) => one !== false), ...ofRules];
}
