import { inPlace, parseArn } from '../arn.ts';
import {
  asObjects,
  defined,
  type Json,
  type JsonObject,
  LOG_GROUPS_LISTED,
  objectOf,
  type Refusal,
  type Secret,
  type SecretKeys,
  type SecretVersion,
} from '../model.ts';
import { readCredentials, readReference } from '../secret-references.ts';
import { didYouMean, type Existing, whatExists } from '../spelling.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn } from './check.ts';
import { type Home, judgeElsewhere, nameOf, textOf } from './subject.ts';

/** Where in the task definition something secret is asked for: `container app, DB_PASSWORD`. Never a value. */
interface Place {
  readonly where: string;
  readonly from: string;
  /** Of the variable, by which a name is recognised. */
  readonly name?: string;
  /** Credentials of a registry: a secret as a whole, by its ARN or its name. */
  readonly registry?: boolean;
}

export interface SecretUse extends SecretVersion {
  readonly kind: 'secret';
  readonly where: string;
  readonly region: string;
  readonly account: string;
  readonly jsonKey?: string;
}
export interface ParameterUse {
  readonly kind: 'parameter';
  readonly where: string;
  /** For messages: its name, or a description where a secret may have been pasted in its place. */
  readonly shown: string;
  /** As the task definition writes it. */
  readonly from: string;
  /** An ARN does not distinguish `name` from `/name`: either may be meant. */
  readonly names: readonly string[];
  /** A version or a label behind the name, which ECS does not document: `3` of `name:3`. */
  readonly selector?: string;
  readonly region: string;
  readonly account: string;
}
/** A `valueFrom` that is neither. */
export interface InvalidReference {
  readonly kind: 'invalid';
  readonly where: string;
  /** The text where it is certainly a reference, else what is certain of it and a description. */
  readonly shown: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Secrets and parameters of all containers: environment, log driver, private registries, file shares. */
export function secretsOf(definition: JsonObject, home: Home): (SecretUse | ParameterUse | InvalidReference)[] {
  const places = [
    ...containersOf(definition).flatMap(placesOf),
    ...asObjects(definition.volumes).flatMap((volume) => {
      const share = objectOf(objectOf(volume.fsxWindowsFileServerVolumeConfiguration).authorizationConfig);
      return place(`volume ${nameOf(volume)}`, share.credentialsParameter);
    }),
  ];
  return places.map((one) => useOf(one, home));
}

function placesOf(container: JsonObject): Place[] {
  const name = `container ${nameOf(container)}`;
  const log = asObjects(objectOf(container.logConfiguration).secretOptions);
  return [
    ...asObjects(container.secrets).flatMap((secret) =>
      place(`${name}, ${nameOf(secret)}`, secret.valueFrom, textOf(secret.name)),
    ),
    ...log.flatMap((secret) => place(`${name}, log option ${nameOf(secret)}`, secret.valueFrom)),
    ...place(`${name}, repositoryCredentials`, objectOf(container.repositoryCredentials).credentialsParameter).map(
      (one) => ({ ...one, registry: true }),
    ),
  ];
}

function place(where: string, value: Json | undefined, name?: string): Place[] {
  const from = textOf(value);
  return from === undefined ? [] : [{ where, from, ...defined({ name }) }];
}

const NEITHER = {
  problem: 'is neither a secret nor a parameter.',
  remedy:
    'Give the ARN of a Secrets Manager secret (perhaps with `:json-key:version-stage:version-id`) or of an SSM parameter.',
};

/**
 * A secret's ARN may continue with `:json-key:version-stage:version-id`, each of them perhaps empty; a parameter is an ARN, or a
 * name in the service's region, perhaps with `:version` or `:label`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function useOf(
  { where, from, name: variable, registry = false }: Place,
  home: Home,
): SecretUse | ParameterUse | InvalidReference {
  const { shown, secrets } = registry ? readCredentials(from) : readReference(from, variable);
  const invalid = (problem: string, remedy: string): InvalidReference => ({
    kind: 'invalid',
    where,
    shown,
    problem,
    remedy,
  });
  const arn = parseArn(from);
  if (arn?.service === 'secretsmanager') {
    const [kind, name, ...fields] = arn.resource.split(':');
    if (kind !== 'secret' || !name) return invalid(NEITHER.problem, NEITHER.remedy);
    if (arn.region === '') return invalid('names no region.', `Write the region behind \`secretsmanager:\`.`);
    const whole = `arn:${arn.partition}:secretsmanager:${arn.region}:${arn.account}:secret:${name}`;
    if (registry && fields.length > 0)
      return invalid('names a part of a secret, but a registry takes it as a whole.', `Write \`${whole}\`.`);
    const wrong = wrongFields(whole, fields);
    if (wrong) return invalid(wrong.problem, wrong.remedy);
    const [jsonKey, stage, versionId] = fields;
    return {
      kind: 'secret',
      where,
      arn: whole,
      region: arn.region,
      account: arn.account,
      ...defined({ jsonKey: jsonKey || undefined, stage: stage || undefined, versionId: versionId || undefined }),
    };
  }
  if (registry) {
    if (from.startsWith('arn:'))
      return invalid('is not a secret.', 'Credentials of a registry are a secret of Secrets Manager: give its ARN.');
    return { kind: 'secret', where, arn: from, region: home.region, account: home.account };
  }
  if (arn?.service === 'ssm' && arn.resource.startsWith('parameter/')) {
    if (arn.region === '') return invalid('names no region.', 'Write the region behind `ssm:`.');
    const [name = '', selector] = arn.resource.slice('parameter/'.length).split(':');
    const names = name.includes('/') ? [`/${name}`] : [name, `/${name}`];
    const { region, account } = arn;
    const place = { where, from, region, account, shown: secrets.length === 0 ? (names[0] ?? from) : shown };
    return { kind: 'parameter', ...place, names, ...defined({ selector: selector || undefined }) };
  }
  if (arn || from.startsWith('arn:')) return invalid(NEITHER.problem, NEITHER.remedy);
  // "For parameters in a hierarchy, you must include a leading forward slash character (/) when you create or reference a parameter":
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
  if (/^[^/]+\//.test(from))
    return invalid(
      'is neither an ARN nor the name of a parameter: without an ARN it is taken for a parameter of SSM, and one whose name is a path begins with `/`.',
      secrets.length === 0
        ? `A secret of Secrets Manager is given by its ARN: \`aws secretsmanager describe-secret --secret-id ${from} --query ARN --output text\` prints it. If it is a parameter, write \`/${from}\`.`
        : 'Give the ARN of the secret of Secrets Manager, or the name of the parameter with a `/` before it.',
    );
  const [name = from, selector] = from.split(':');
  const { region, account } = home;
  return {
    kind: 'parameter',
    where,
    from,
    shown: secrets.length === 0 ? name : shown,
    names: [name],
    region,
    account,
    ...defined({ selector: selector || undefined }),
  };
}

/**
 * The ECS agent counts the fields behind `secret:`: one, or four; else no task starts ("an invalid ARN format for the AWS
 * Secrets Manager secret was specified", amazon-ecs-agent, asmsecret.go).
 */
function wrongFields(
  whole: string,
  fields: readonly string[],
): { readonly problem: string; readonly remedy: string } | undefined {
  if (fields.length === 0 || fields.length === 3) return undefined;
  const meant = fields.slice(0, 3);
  const surplus = fields.slice(3).some((field) => field !== '');
  const written = meant.every((field) => field === '') ? whole : [whole, ...meant, '', ''].slice(0, 4).join(':');
  return {
    problem: `has ${fields.length + 1} fields behind \`secret:\`, and ECS reads 1 (the secret) or 4 (secret, JSON key, version stage, version id): no task could start.`,
    remedy: surplus ? `Write \`${whole}:json-key:version-stage:version-id\`.` : `Write \`${written}\`.`,
  };
}

/** Which value of a secret: for asking once what several keys of it need. */
export const versionKey = ({ arn, stage = '', versionId = '' }: SecretVersion): string =>
  `${arn}:${stage}:${versionId}`;

const nameOfSecret = ({ arn }: SecretVersion): string => `secret ${arn.slice(arn.lastIndexOf(':') + 1)}`;

/** One line a place of use, so that a wrong key is found where it stands. */
export function judgeSecret(
  use: SecretUse,
  answers: {
    readonly secret: Answer<Secret | undefined> | undefined;
    /** For a JSON key alone. */
    readonly keys: Answer<SecretKeys> | undefined;
  },
  home: Home,
): Check {
  const subject = `${nameOfSecret(use)} (${use.where})`;
  const away = judgeElsewhere(subject, use.account, home);
  if (away) return away;
  if (answers.secret?.kind !== 'found') {
    // Whoever may read the value knows enough, without the right to describe it.
    if (answers.keys?.kind === 'found') return judgeKey(use, subject, answers.keys);
    return notChecked(nameOfSecret(use), answers.secret);
  }
  const secret = answers.secret.value;
  if (!secret) {
    return bad(
      subject,
      `secret ${use.arn} does not exist.`,
      `Create it in ${use.region}, or correct its ARN in the template or in the input \`secrets\`.`,
    );
  }
  if (secret.deleted) {
    return bad(
      subject,
      'is scheduled for deletion, so no task can read it.',
      `Restore it (aws secretsmanager restore-secret --secret-id ${use.arn} --region ${use.region}).`,
    );
  }
  return versionProblem(use, secret, subject) ?? judgeKey(use, subject, answers.keys);
}

/** What ECS asks for without stage and id. */
const CURRENT = 'AWSCURRENT';

function versionProblem(
  { stage, versionId, arn }: SecretUse,
  { versions }: Secret,
  subject: string,
): Check | undefined {
  const stages = [...new Set(Object.values(versions).flat())].sort();
  if (versionId !== undefined) {
    const found = versions[versionId];
    // Versions without a stage are deprecated and not listed, though they can be read.
    if (!found) {
      return warn(subject, `its version ${versionId} has no stage, or is not there.`, 'Check the version id.');
    }
    return stage !== undefined && !found.includes(stage)
      ? bad(
          subject,
          `its version ${versionId} is not ${stage}.`,
          `It is ${found.join(', ')}: name one of the two only.`,
        )
      : undefined;
  }
  const wanted = stage ?? CURRENT;
  if (stages.includes(wanted)) return undefined;
  if (stages.length === 0 || stage === undefined) {
    return bad(
      subject,
      'has no value yet.',
      `Give it one (aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://...).`,
    );
  }
  const meant = didYouMean(wanted, stages);
  const remedy = meant ? `Did you mean ${meant}?` : `It has ${stages.join(', ')}.`;
  return bad(subject, `no version of it has the stage ${wanted}.`, remedy);
}

function judgeKey(
  { jsonKey, versionId, stage }: SecretUse,
  subject: string,
  answer: Answer<SecretKeys> | undefined,
): Check {
  const version = versionId ?? stage ?? CURRENT;
  if (jsonKey === undefined) return ok(subject, `exists, with a version ${version}.`);
  if (answer?.kind !== 'found') {
    return notChecked(`key ${jsonKey} of ${subject}`, answer);
  }
  const found = answer.value;
  switch (found.kind) {
    case 'none':
      return bad(subject, `has no value in version ${version}.`, 'Put a value, or correct the version in `valueFrom`.');
    case 'no-object':
      return bad(
        subject,
        `its value is not a JSON object, so it does not have the key ${jsonKey}.`,
        `Leave the key out of \`valueFrom\` to get the whole value, or store a JSON object.`,
      );
    case 'keys': {
      if (found.keys.includes(jsonKey)) return ok(subject, `exists, with the key ${jsonKey}.`);
      const meant = didYouMean(jsonKey, found.keys);
      const remedy = meant
        ? `Did you mean \`${meant}\`?`
        : `It has ${found.keys.length > 0 ? `the keys ${found.keys.slice(0, 20).join(', ')}` : 'no keys'}.`;
      return bad(subject, `its value has no key ${jsonKey}.`, remedy);
    }
  }
}

/** AWS's own, among them the window into Secrets Manager: DescribeParameters lists none of them. */
const RESERVED = '/aws/';

export function judgeParameter(use: ParameterUse, answer: Answer<readonly string[]> | undefined, home: Home): Check {
  const { shown } = use;
  const name = use.names[0] ?? use.from;
  const subject = `parameter ${shown} (${use.where})`;
  const away = judgeElsewhere(subject, use.account, home);
  if (away) return away;
  if (name.startsWith(RESERVED)) return skip(subject, "is one of AWS's own, which are not listed; not checked.");
  // A text that is not shown is known by its place alone.
  if (answer?.kind !== 'found') return notChecked(shown.startsWith('(') ? subject : `parameter ${shown}`, answer);
  if (use.names.some((one) => answer.value.includes(one)))
    return use.selector === undefined ? ok(subject, 'exists.') : selected(use, subject);
  const place = `${use.region}, account ${home.account}`;
  const named = /^(?:arn:|\/)/.test(use.from)
    ? ''
    : ' A name without `arn:` is that of a parameter; a secret of Secrets Manager is given by its ARN.';
  const correct = `correct it in the template or in the input \`secrets\`.${named}`;
  return shown === name
    ? bad(
        subject,
        `parameter ${name} does not exist in ${place}.`,
        `Create it (aws ssm put-parameter --type SecureString --name ${name} --region ${use.region} --value ...), or ${correct}`,
      )
    : bad(
        subject,
        `no parameter of that name exists in ${place}.`,
        `Create the parameter, or ${correct} That takes the name or ARN of a parameter or secret, never its value; if it was a secret, replace it where it is valid: it stands in this workflow or file.`,
      );
}

/** GetParameters answers `name:3` by the name alone, and the agent on EC2 looks the value up by what it asked for. */
const selected = ({ from, shown, selector = '' }: ParameterUse, subject: string): Check =>
  warn(
    subject,
    `exists, but \`${shown.startsWith('(') ? 'its reference' : from}\` asks for its ${/^\d+$/.test(selector) ? 'version' : 'label'} ${selector}: ECS documents names without that, and the variable may be empty without an error. Not checked.`,
    `Write \`${from.slice(0, -selector.length - 1)}\`, and keep a fixed value in a separate parameter.`,
  );

export const judgeInvalid = ({ where, shown, problem, remedy }: InvalidReference): Check =>
  bad(where, `\`${shown}\` ${problem}`, remedy);

/** A file in S3 that containers read at their start, once. */
export interface FileUse {
  readonly arn: string;
  readonly bucket: string;
  readonly key: string;
  /** `environment file of app`. */
  readonly as: readonly string[];
}

/** Environment files, and the configuration of a FireLens router. */
export function filesOf(definition: JsonObject): FileUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const name = nameOf(container);
    const router = objectOf(objectOf(container.firelensConfiguration).options);
    const configuration = router['config-file-type'] === 's3' ? textOf(router['config-file-value']) : undefined;
    return [
      ...asObjects(container.environmentFiles).flatMap(({ value }) => {
        const arn = textOf(value);
        return arn === undefined ? [] : [{ arn, as: `environment file of ${name}` }];
      }),
      ...(configuration === undefined ? [] : [{ arn: configuration, as: `FireLens configuration of ${name}` }]),
    ];
  });
  return [...Map.groupBy(uses, ({ arn }) => arn)].flatMap(([arn, same]) => {
    const { service, resource = '' } = parseArn(arn) ?? {};
    const slash = resource.indexOf('/');
    // The checks of the task definition report what is not an object's ARN.
    if (service !== 's3' || slash < 1) return [];
    return [{ arn, bucket: resource.slice(0, slash), key: resource.slice(slash + 1), as: same.map(({ as }) => as) }];
  });
}

export function judgeFile({ arn, bucket, key, as }: FileUse, answer: Answer<boolean> | undefined): Check {
  const subject = `file s3://${bucket}/${key}`;
  if (answer?.kind !== 'found') return notChecked(subject, answer);
  if (answer.value) return ok(subject, `exists (${as.join(', ')}).`);
  return bad(
    subject,
    `object ${arn} (${as.join(', ')}) does not exist, so the task could not start.`,
    'Upload it, or correct its ARN in the template or in the input `env-files`.',
  );
}

/** A CloudWatch log group that containers write to, once. */
export interface LogGroupUse {
  readonly name: string;
  readonly region: string;
  readonly containers: readonly string[];
  /** `awslogs-create-group` is "true" for all of the containers. */
  readonly create: boolean;
}

/** Those of the log driver awslogs; a FireLens router makes its own choices. */
export function logGroupsOf(definition: JsonObject, home: Home): LogGroupUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const log = objectOf(container.logConfiguration);
    const options = objectOf(log.options);
    const name = textOf(options['awslogs-group']);
    if (log.logDriver !== 'awslogs' || name === undefined) return [];
    const region = textOf(options['awslogs-region']) ?? home.region;
    const create = textOf(options['awslogs-create-group'])?.toLowerCase() === 'true';
    return [{ name, region, create, container: nameOf(container) }];
  });
  return [...Map.groupBy(uses, ({ name, region }) => `${region}:${name}`).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { name, region } = first;
    return [
      { name, region, containers: same.map(({ container }) => container), create: same.every(({ create }) => create) },
    ];
  });
}

/**
 * What IAM is asked for the creation of a group. CloudWatch Logs itself asks for the second form ("on resource:
 * arn:aws:logs:...:log-group:NAME:log-stream:"), IAM's reference shows the first; policies are written for either.
 */
export const logGroupArns = ({ name, region }: LogGroupUse, { partition, account }: Home): string[] => {
  const arn = `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
  return [arn, `${arn}:log-stream:`];
};

/** `/ecs/` of `/ecs/web`: what is listed of an account that may have thousands. */
export const logGroupFolder = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);

/**
 * @param refusals of logs:CreateLogGroup for the execution role; asked for groups that tasks create
 * @param fargate on EC2 the instance's role may write the logs instead, which cannot be checked here
 */
export function judgeLogGroup(
  use: LogGroupUse,
  answers: {
    readonly exists: Answer<boolean> | undefined;
    /** Beside it, where it does not exist. */
    readonly names?: Existing;
    readonly refusals: Answer<readonly Refusal[]> | undefined;
  },
  { home, fargate }: { readonly home: Home; readonly fargate: boolean },
): Check {
  const { name, region, containers, create } = use;
  const subject = `log group ${name}`;
  if (answers.exists?.kind !== 'found') return notChecked(subject, answers.exists);
  if (answers.exists.value) return ok(subject, `exists in ${region}.`);
  const { account } = home;
  const whose = containers.map((container) => `\`${container}\``).join(', ');
  const command = `aws logs create-log-group --log-group-name ${name} --region ${region}`;
  if (!create) {
    const folder = logGroupFolder(name);
    const near = whatExists(name, answers.names, {
      owner: folder === '' ? 'The account' : `\`${folder}\``,
      plural: 'log groups',
      page: LOG_GROUPS_LISTED,
    });
    return bad(
      subject,
      `does not exist${inPlace({ region, account })}, so the container ${whose} could not start.`,
      `${near === '' ? '' : `${near} `}${region === home.region ? '' : `The log option awslogs-region is ${region}, and the task runs in ${home.region}: correct it, if the group is there. `}Create it (${command}), or set the log option awslogs-create-group to "true" (template, or input \`log-configuration-options\`) and allow logs:CreateLogGroup to the execution role.`,
    );
  }
  const needs = `${fargate ? 'the execution role' : 'the execution role, or on EC2 the instance role,'} needs logs:CreateLogGroup`;
  if (answers.refusals?.kind !== 'found') {
    return warn(subject, `does not exist${inPlace({ region, account })} and is created by the first task: ${needs}.`);
  }
  const refused = answers.refusals.value.map(({ resource }) => resource);
  if (answers.refusals.value.some(({ decision }) => decision === 'unknown'))
    return warn(
      subject,
      `does not exist${inPlace({ region, account })} and is created by the first task: ${needs}, which could not be checked.`,
    );
  if (logGroupArns(use, home).some((arn) => !refused.includes(arn))) {
    return ok(subject, 'is created by the first task; the execution role may do so.');
  }
  const problem = `does not exist${inPlace({ region, account })}, and the execution role may not create it.`;
  const remedy = `Create it (${command}), or allow logs:CreateLogGroup to the execution role.`;
  return fargate ? bad(subject, problem, remedy) : warn(subject, `${problem} On EC2 the instance role may.`, remedy);
}
