/** What a policy has to name: the account, the service, the repositories and all that the task definition refers to. */
import { lastPart, parseArn } from '../arn.ts';
import { parseEcrHost, parseReference, parseRepository } from '../image/reference.ts';
import type { AnyInputs, ImageInputs, Pairs, TemplateInputs } from '../inputs/types.ts';
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../model.ts';
import { filesOf, logGroupsOf, secretsOf } from '../preflight/references.ts';
import { rolesOf } from '../preflight/roles.ts';
import type { Home } from '../preflight/subject.ts';
import { readCredentials } from '../secret-references.ts';
import { rolesIn } from '../servicedef/roles.ts';
import { substitute } from '../taskdef/placeholders.ts';
import { render } from '../taskdef/render.ts';
import { containersOf, type Template } from '../taskdef/template.ts';

/** Stands in an ARN for what is not known: IAM takes it for any characters. */
export const ANY = '*';

export interface Subject {
  readonly inputs: AnyInputs;
  readonly home: Home;
  readonly cluster: string;
  /** Its name, of `mode: daemon`. */
  readonly daemon: string;
  readonly service: string;
  readonly family: string;
  /** ARNs of the task role and the execution role. */
  readonly roles: readonly string[];
  /** The role that ECS starts tasks with; the preflight simulates its policies. */
  readonly executionRole: string | undefined;
  /** Where this step pushes its image. */
  readonly pushed: PushedRepository | undefined;
  /** ARNs of the ECR repositories that images of the task are in. */
  readonly images: readonly string[];
  /** ARNs of all streams of each log group. */
  readonly logStreams: readonly string[];
  readonly secrets: readonly string[];
  /** Of these a JSON key is named; the preflight reads the value to see whether it is there. */
  readonly secretsWithKeys: readonly string[];
  readonly parameters: boolean;
  /** `arn:aws:s3:::bucket/key` */
  readonly files: readonly string[];
  /** ARNs of the roles that a service definition names. */
  readonly definedRoles: readonly string[];
  /** A service of the definition that fails at first may be deleted. */
  readonly deletes: boolean;
  /** What deploys the service, where a run has seen it: `ECS`, `CODE_DEPLOY`, `EXTERNAL`. */
  readonly controller?: string;
  /** Tasks may be placed on container instances. */
  readonly instances: boolean;
  /** What could not be found out, for the reader of the policy. */
  readonly notes: readonly string[];
}

type PushedRepository =
  | { readonly kind: 'ecr'; readonly arn: string }
  | { readonly kind: 'public' }
  /** Docker's login of the job; AWS is not asked. */
  | { readonly kind: 'other' };

export interface SubjectFacts {
  /** Inputs whose value is made up, because only GitHub has it. */
  readonly madeUp: ReadonlySet<string>;
  /** Undefined where the step names no file. */
  readonly template: Template | undefined;
  /** The file of `service-definition`, as it is written. */
  readonly serviceDefinition?: JsonObject | undefined;
  /** Given by the user, else undefined. */
  readonly account: string | undefined;
  /** ARNs of repositories that other steps of the workflow push to: where an image is from that an earlier job hands over. */
  readonly pushedBefore?: readonly string[];
}

export function subjectOf(inputs: AnyInputs, facts: SubjectFacts): Subject {
  const { madeUp } = facts;
  const template = facts.template ?? managedTemplate(inputs);
  const notes: string[] = [];
  const known = (input: string, value: string, what: string): string => {
    if (!madeUp.has(input)) return value;
    notes.push(`${what} is not known, because only a run has the value of \`${input}\`: \`*\`.`);
    return ANY;
  };
  const region = known('aws-region', inputs.aws.region, 'The Region');
  const certain = facts.account ?? accountOf(inputs, facts);
  const account = certain ?? accountIn(template, inputs, madeUp);
  if (account !== undefined && certain === undefined)
    notes.push(
      `The account is ${account}, the only one that the task definition and the image name. Where the service is in another one, give that with --account.`,
    );
  if (account === undefined) notes.push('The account is not known: `*`. Give it with --account.');
  const home: Home = { partition: partitionOf(inputs.aws.region), region, account: account ?? ANY };
  const definition = template && definitionOf(template, inputs, home);
  if (!definition && inputs.mode !== 'build')
    notes.push(
      'The family, roles and log groups are not known, because the step names no file with a task definition: `*`. Give one with --task-definition.',
    );
  const service = 'service' in inputs ? inputs.service : undefined;
  const place = inputs.mode === 'daemon' ? inputs : service;
  const image = 'image' in inputs ? inputs.image : undefined;
  const defined = definedIn(inputs, facts, home);
  return {
    inputs,
    home,
    ...defined,
    cluster: place ? known('cluster', lastPart(place.cluster), 'The cluster') : ANY,
    daemon: inputs.mode === 'daemon' ? known('daemon', lastPart(inputs.daemon), 'The daemon') : ANY,
    service: service ? known('service', lastPart(service.service), 'The service') || ANY : ANY,
    pushed: image && pushedTo(image, madeUp, home),
    images: unique([
      ...(image ? givenImages(image, facts, home) : []),
      ...(definition ? imagesOf(definition, home) : []),
      ...(hasUnknownImage(definition, inputs) ? unknownImages(inputs, home, notes) : []),
    ]),
    ...(definition ? ofDefinition(definition, home) : unknownDefinition(inputs, home)),
    // The log group of a service that ECS creates has a name of ECS's.
    ...(template === facts.template ? {} : { logStreams: unknownDefinition(inputs, home).logStreams }),
    notes,
  };
}

/** Of an Express Mode service without a file: ECS registers what the inputs say, in a family that it names. */
function managedTemplate(inputs: AnyInputs): Template | undefined {
  const isManaged = 'template' in inputs && inputs.template.source.kind === 'service';
  if (!isManaged || !('service' in inputs) || !inputs.service.express?.create) return undefined;
  const definition = { family: ANY, requiresCompatibilities: ['FARGATE'], containerDefinitions: [{ name: 'Main' }] };
  return { name: 'the inputs', definition, tags: [], dropped: [] };
}

/** What a service definition needs beside the service itself. */
function definedIn(
  inputs: AnyInputs,
  { serviceDefinition, madeUp }: SubjectFacts,
  home: Home,
): Pick<Subject, 'definedRoles' | 'deletes'> {
  if (!('serviceDefinition' in inputs) || inputs.serviceDefinition === undefined)
    return { definedRoles: [], deletes: false };
  const settings = wild(serviceDefinition ?? {}) as JsonObject;
  const roles = rolesIn(settings).map(({ role }) =>
    role.startsWith('arn:') || role === ANY ? role : `arn:${home.partition}:iam::${home.account}:role/${role}`,
  );
  const deletes =
    inputs.onFirstFailure === 'delete' || madeUp.has('on-first-failure') || settings.schedulingStrategy === 'DAEMON';
  return { definedRoles: unique(roles), deletes };
}

type OfDefinition = Pick<
  Subject,
  | 'family'
  | 'roles'
  | 'executionRole'
  | 'logStreams'
  | 'secrets'
  | 'secretsWithKeys'
  | 'parameters'
  | 'files'
  | 'instances'
>;

const imagesOf = (definition: JsonObject, home: Home): string[] =>
  containersOf(definition).flatMap(({ image }) => ecrArnOf(String(image ?? ''), home));

function ofDefinition(definition: JsonObject, home: Home): OfDefinition {
  const { partition, region, account } = home;
  const roles = rolesOf(definition, home);
  const references = secretsOf(definition, home);
  const secrets = references.flatMap((use) => (use.kind === 'secret' ? [use] : []));
  // A name alone has six characters of Secrets Manager's behind it in its ARN.
  const secretArn = (secret: string): string => {
    const prefix = `arn:${partition}:secretsmanager:${region}:${account}:secret`;
    // What may be a secret that was pasted in place of its name is not printed.
    if (readCredentials(secret).secrets.length > 0) return `${prefix}:*`;
    return secret.startsWith('arn:') ? secret : `${prefix}:${secret}-??????`;
  };
  return {
    family: typeof definition.family === 'string' && definition.family !== '' ? definition.family : ANY,
    roles: unique(roles.map(({ arn }) => arn)),
    executionRole: roles.find(({ as }) => as.includes('execution role'))?.arn,
    logStreams: unique(
      logGroupsOf(definition, home).map(
        (group) => `arn:${partition}:logs:${group.region}:${account}:log-group:${group.name}:log-stream:*`,
      ),
    ),
    secrets: unique(secrets.map(({ arn }) => secretArn(arn))),
    secretsWithKeys: unique(secrets.flatMap(({ arn, jsonKey }) => (jsonKey === undefined ? [] : [secretArn(arn)]))),
    parameters: references.some(({ kind }) => kind === 'parameter'),
    files: unique(filesOf(definition).map(({ arn }) => arn)),
    instances: !isFargateOnly(definition),
  };
}

/** Modes that look up the images of revisions which are there already, whatever the task definition of the step names. */
const OF_REVISIONS: readonly AnyInputs['mode'][] = ['rollback', 'list', 'status'];

/** An image that only a run knows: a placeholder, but for the one that this step itself builds or gives. */
const hasUnknownImage = (definition: JsonObject | undefined, { mode, ...inputs }: AnyInputs): boolean => {
  if (definition === undefined) return OF_REVISIONS.includes(mode);
  const own = 'image' in inputs && inputs.image.kind !== 'template' ? 1 : 0;
  const unknown = containersOf(definition).filter(({ image }) => image === ANY).length;
  return unknown > own;
};

/** Any repository of the account may hold it. */
function unknownImages({ mode }: AnyInputs, { partition, region, account }: Home, notes: string[]): string[] {
  notes.push(
    OF_REVISIONS.includes(mode)
      ? 'The repositories of the images that its revisions name are not known: `repository/*`. Write theirs in its place.'
      : 'The repository of an image is not known, because the task definition has a placeholder for it: `repository/*`. Write its own in its place.',
  );
  return [`arn:${partition}:ecr:${region}:${account}:repository/*`];
}

/** The widest that the mode may need. */
const unknownDefinition = ({ mode }: AnyInputs, { partition, region, account }: Home): OfDefinition => ({
  family: ANY,
  roles: mode === 'build' ? [] : [`arn:${partition}:iam::${account}:role/*`],
  executionRole: undefined,
  logStreams: mode === 'build' ? [] : [`arn:${partition}:logs:${region}:${account}:log-group:*:log-stream:*`],
  secrets: [],
  secretsWithKeys: [],
  parameters: false,
  files: [],
  instances: mode !== 'build',
});

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}

/** Of the role, the service or the cluster; else the one that alone is allowed, or that alone is named in the template. */
function accountOf(inputs: AnyInputs, { madeUp, template }: SubjectFacts): string | undefined {
  const { role, allowedAccountIds } = inputs.aws;
  if (role && !madeUp.has('role-to-assume')) return parseArn(role.arn)?.account;
  if ('service' in inputs && inputs.service.accountId !== undefined) return inputs.service.accountId;
  if (allowedAccountIds.length === 1 && !madeUp.has('allowed-account-ids')) return allowedAccountIds[0];
  const text = JSON.stringify(template?.definition ?? {});
  const named = new Set([...text.matchAll(/arn:[\w-]+:iam::(\d{12}):role/g)].map(([, id]) => id));
  return named.size === 1 ? [...named][0] : undefined;
}

/** Of the images, secrets and all else that the template names, and of the registry, where that is one account; a registry may be in another one. */
function accountIn(template: Template | undefined, inputs: AnyInputs, madeUp: ReadonlySet<string>): string | undefined {
  const text = JSON.stringify(template?.definition ?? {});
  const named = [...text.matchAll(/arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):|\b(\d{12})\.dkr[.-]ecr\./g)];
  const image = 'image' in inputs ? inputs.image : undefined;
  const registries = [
    madeUp.has('repository') || !image ? undefined : repositoryIn(image),
    madeUp.has('image') || image?.kind !== 'given' ? undefined : image.reference,
  ];
  const ofInputs = registries.flatMap((one) => parseEcrHost(one?.split('/')[0] ?? '')?.registryId ?? []);
  const [only, ...others] = new Set([...named.map(([, ofArn, ofRegistry]) => ofArn ?? ofRegistry), ...ofInputs]);
  return others.length === 0 ? only : undefined;
}

/** As it will be registered; placeholders that only a run has a value for become `*`. */
function definitionOf(template: Template, inputs: AnyInputs, home: Home): JsonObject {
  const builtIns: Pairs = [
    ['AWS_REGION', home.region],
    ['AWS_ACCOUNT_ID', home.account],
    ...('image' in inputs && inputs.image.kind === 'given' ? [['IMAGE', inputs.image.reference] as const] : []),
  ];
  const edits: TemplateInputs | undefined = 'template' in inputs ? inputs.template : undefined;
  const filled = edits
    ? render(template, edits, { builtIns }).definition
    : substitute(template.definition, new Map(builtIns)).value;
  return wild(filled) as JsonObject;
}

const PLACEHOLDER = /\$?\$\{[A-Za-z_]\w*(?:\}|:[-?][^}]*\})/g;

function wild(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll(PLACEHOLDER, ANY);
  if (Array.isArray(value)) return value.map(wild);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, wild(one)])) : value;
}

/** ECS takes no container instances for a task definition that asks for Fargate alone. */
const isFargateOnly = ({ requiresCompatibilities: asked }: JsonObject): boolean =>
  Array.isArray(asked) && asked.length > 0 && asked.every((one) => one === 'FARGATE');

function pushedTo(image: ImageInputs, madeUp: ReadonlySet<string>, home: Home): PushedRepository | undefined {
  const name = repositoryIn(image);
  if (name === undefined) return undefined;
  if (madeUp.has('repository')) return { kind: 'ecr', arn: repositoryArn(ANY, home) };
  const repository = parseRepository(name, home.region);
  switch (repository.kind) {
    case 'own':
      return { kind: 'ecr', arn: repositoryArn(repository.name, home) };
    case 'ecr':
      return {
        kind: 'ecr',
        arn: repositoryArn(repository.name, { ...home, region: repository.region, account: repository.registryId }),
      };
    case 'public':
    case 'other':
      return { kind: repository.kind };
  }
}

function repositoryIn(image: ImageInputs): string | undefined {
  if (image.kind === 'build') return image.build.repository;
  return 'repository' in image ? image.repository : undefined;
}

const repositoryArn = (name: string, { partition, region, account }: Home): string =>
  `arn:${partition}:ecr:${region}:${account}:repository/${name}`;

function givenImages(image: ImageInputs, { madeUp, pushedBefore = [] }: SubjectFacts, home: Home): readonly string[] {
  if (image.kind !== 'given') return [];
  if (!madeUp.has('image')) return ecrArnOf(image.reference, home);
  return pushedBefore.length > 0 ? pushedBefore : [repositoryArn(ANY, { ...home, account: ANY })];
}

/** The repository of an image in ECR; nothing for one elsewhere. */
function ecrArnOf(image: string, home: Home): string[] {
  const [host = ''] = image.split('/');
  // Of placeholders in the host, or an image that is an expression, nothing is known.
  if (host.includes(ANY) && image !== ANY)
    return [repositoryArn(image.replace(/^[^/]*\//, '').replace(/[:@].*$/, ''), home)];
  try {
    const { host: registry = '', path } = parseReference(image);
    const ecr = parseEcrHost(registry);
    return ecr ? [repositoryArn(path, { ...home, region: ecr.region, account: ecr.registryId })] : [];
  } catch {
    return [];
  }
}
