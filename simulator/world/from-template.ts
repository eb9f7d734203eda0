/** An account in which a user's own task definition can be deployed at once: `npm run simulator -- --from FILE`. */
import { grants } from '../ecr/access.ts';
import type { Registry } from '../ecr/registry.ts';
import type { Simulator } from '../simulator.ts';
import { createDependencies } from './dependencies.ts';
import { applySeed } from './seed.ts';
import { readTemplate } from './template.ts';

type Input = Readonly<Record<string, unknown>>;

export interface FromTemplate {
  readonly file: string;
  readonly text: string;
  readonly cluster: string;
  /** Without it, the family. */
  readonly service: string | undefined;
  /** Values of placeholders. */
  readonly variables: ReadonlyMap<string, string>;
  /** Tasks that the service begins with. */
  readonly tasks: number;
  /** Members of CreateService beside those that the task definition asks for. */
  readonly settings?: (definition: Input) => Input;
}

/** What was created, and what the account had to have for it. */
export interface CreatedService {
  readonly name: string;
  readonly family: string;
  readonly definition: Input;
  readonly launchType: string;
  readonly repositories: readonly string[];
  /** Names by kind, such as `log groups`. */
  readonly dependencies: readonly (readonly [kind: string, names: readonly string[]])[];
  /** Values that were made up for placeholders without one. */
  readonly assumed: ReadonlyMap<string, string>;
}

/** Built in, as the action has them in a job. */
const builtIn = ({ context }: Simulator): ReadonlyMap<string, string> =>
  new Map([
    ['AWS_REGION', context.region],
    ['AWS_ACCOUNT_ID', context.accountId],
    ['GITHUB_SHA', '0'.repeat(40)],
    ['GITHUB_REF_NAME', 'main'],
    ['GITHUB_RUN_ID', '1'],
    ['IMAGE_TAG', BEFORE],
  ]);
/** Tags of the image that is there already, and of one to deploy. */
const [BEFORE, NEXT] = ['before', 'next'];
const ECR_IMAGE = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)(?::([^@]+))?(@sha256:[0-9a-f]{64})?$/;

const PUBLIC_IMAGE = /^public\.ecr\.aws\/([^:@]+)(?::([^@]+))?$/;

const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);
const bullet = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`  ${what}: ${names.join(', ')}`];

/**
 * Creates the cluster, the service with its first revision, and what both refer to.
 * @returns lines that say what is there, and the inputs of the action that deploys the file
 * @throws an error that names the file, where AWS would refuse it
 */
export async function seedFromTemplate(simulator: Simulator, given: FromTemplate): Promise<string[]> {
  const { file, text, cluster, tasks } = given;
  const { host } = simulator.ecr;
  const { name, family, definition, launchType, repositories, dependencies, assumed } = await createFromTemplate(
    simulator,
    given,
  );
  return [
    `From ${file}:`,
    `  cluster: ${cluster}`,
    `  service: ${name}, ${tasks === 1 ? '1 task' : `${tasks} tasks`} of ${family}:1 on ${launchType}`,
    ...bullet('repositories', repositories),
    ...dependencies.flatMap(([kind, names]) => bullet(kind, names)),
    'Inputs of the action that deploys it:',
    `  service: ${name}`,
    `  cluster: ${cluster}`,
    `  task-definition: ${file}`,
    ...imageInputs(text, definition, `${host}/${name}:${NEXT}`),
    ...(assumed.size + given.variables.size === 0
      ? []
      : ['  variables: |', ...[...given.variables, ...assumed].map(([variable, value]) => `    ${variable}=${value}`)]),
  ];
}

/**
 * Creates the cluster, the service with its first revision, and what both refer to.
 * @throws an error that names the file, where AWS would refuse it
 */
export async function createFromTemplate(simulator: Simulator, given: FromTemplate): Promise<CreatedService> {
  const { file, text, cluster, tasks, settings } = given;
  const { host } = simulator.ecr;
  const name = given.service ?? familyIn(simulator, given);
  const known = new Map([...builtIn(simulator), ...given.variables]);
  const builtInImage = known.get('IMAGE') ?? `${host}/${name}:${BEFORE}`;
  const platform = platformIn(simulator, given);
  const digest = pushImage(simulator.registry, [name, BEFORE], { content: 'before', platforms: [platform] });
  pushImage(simulator.registry, [name, NEXT], { content: 'next', platforms: [platform] });
  known.set('IMAGE', builtInImage);
  if (!known.has('IMAGE_DIGEST')) known.set('IMAGE_DIGEST', digest);
  const { definition: read, assumed } = readTemplate(file, text, known);
  const definition: Input = read.family === undefined ? { ...read, family: name } : read;

  const before = held(simulator);
  const elsewhere: string[] = [];
  for (const { image } of list(definition.containerDefinitions)) {
    const [, publicName, publicTag] = PUBLIC_IMAGE.exec(String(image)) ?? [];
    if (publicName !== undefined)
      pushImage(simulator.ecr.public, [publicName, publicTag ?? 'latest'], {
        content: publicName,
        platforms: [platform],
      });
    const [, account = '', region = '', repository, tag, byDigest] = ECR_IMAGE.exec(String(image)) ?? [];
    if (repository === undefined) continue;
    const foreign = account !== simulator.context.accountId;
    const registry = foreign ? simulator.ecr.registryOf(account, region) : simulator.registry;
    if (byDigest !== undefined) {
      // Nothing has that digest but the image itself.
      if (!registry.repositories.has(repository)) registry.create(repository, false);
      continue;
    }
    const readBy = foreign ? { reader: simulator.context.accountId } : {};
    pushImage(registry, [repository, tag ?? 'latest'], { content: repository, platforms: [platform], ...readBy });
    if (foreign) elsewhere.push(`${repository} of ${account}`);
  }
  const service = {
    ...serviceOf(definition, { cluster, name, tasks, account: simulator.context.accountId }),
    ...settings?.(definition),
  };
  createDependencies(simulator, definition, service);
  try {
    await applySeed(simulator, {
      clusters: [{ clusterName: cluster }],
      taskDefinitions: [definition],
      services: [service],
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^\w+\[0\] of the seed: /, '') : String(thrown);
    throw new Error(`--from ${file}: ${why}`);
  }
  const now = held(simulator);
  const made = (kind: keyof typeof now): string[] => now[kind].filter((one) => !before[kind].includes(one));
  return {
    name,
    family: String(definition.family),
    definition,
    launchType: String(service.launchType ?? 'EC2'),
    repositories: [...new Set([name, ...made('repositories'), ...elsewhere])],
    dependencies: [
      ['roles', made('roles')],
      ['log groups', made('logGroups')],
      ['secrets', made('secrets')],
      ['SSM parameters', made('parameters')],
      ['files in S3', made('files')],
    ],
    assumed,
  };
}

/**
 * Platform of the made-up images, so that the tasks can run them:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 */
function platformIn(simulator: Simulator, { file, text, variables }: FromTemplate): Platform {
  const { definition } = readTemplate(file, text, new Map([...builtIn(simulator), ...variables]));
  const wanted = (definition.runtimePlatform ?? {}) as Input;
  return {
    os: String(wanted.operatingSystemFamily).startsWith('WINDOWS') ? 'windows' : 'linux',
    architecture: wanted.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
}

function familyIn(simulator: Simulator, { file, text, variables }: FromTemplate): string {
  const { definition } = readTemplate(file, text, new Map([...builtIn(simulator), ...variables]));
  return String(definition.family ?? 'app').replaceAll(/[^\w-]/g, '-');
}

/**
 * The account and the region that a template names most often, so that its ARNs are those of the simulated account.
 * ECS takes no role of another account.
 */
export function homeOf(text: string): {
  readonly accountId?: string;
  readonly region?: string;
  readonly partition?: string;
} {
  const accountId = mostFrequent(text, /(?:\barn:[\w-]+:iam::|")(\d{12})(?=:|\.dkr)/g);
  const region = mostFrequent(text, /\b((?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-[a-z]+-\d)\b/g);
  return {
    ...(accountId === undefined ? {} : { accountId }),
    ...(region === undefined ? {} : { region, partition: partitionOf(region) }),
  };
}
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

function mostFrequent(text: string, pattern: RegExp): string | undefined {
  const counts = new Map<string, number>();
  for (const [, found = ''] of text.matchAll(pattern)) counts.set(found, (counts.get(found) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Where the image goes: into the placeholder, or into the container that is named. */
function imageInputs(text: string, definition: Input, image: string): string[] {
  const containers = list(definition.containerDefinitions);
  const needsName = !/\$\{IMAGE[}:]/.test(text) && containers.length > 1;
  const candidates = containers.filter((one) => one.essential !== false && one.firelensConfiguration === undefined);
  const container =
    candidates.find(({ portMappings }) => list(portMappings).length > 0) ?? candidates[0] ?? containers[0];
  return [`  image: ${image}`, ...(needsName ? [`  container-name: ${String(container?.name)}`] : [])];
}

function serviceOf(
  definition: Input,
  {
    cluster,
    name,
    tasks,
    account,
  }: { readonly cluster: string; readonly name: string; readonly tasks: number; readonly account: string },
): Input {
  const compatibilities = list(definition.requiresCompatibilities).map(String);
  const launchType = ['FARGATE', 'EXTERNAL'].find((type) => compatibilities.includes(type)) ?? 'EC2';
  const atLaunch = list(definition.volumes).filter(({ configuredAtLaunch }) => configuredAtLaunch === true);
  return {
    cluster,
    serviceName: name,
    taskDefinition: String(definition.family),
    desiredCount: tasks,
    launchType,
    ...(definition.networkMode === 'awsvpc'
      ? { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] } } }
      : {}),
    ...(atLaunch.length === 0
      ? {}
      : {
          volumeConfigurations: atLaunch.map((volume) => ({
            name: volume.name,
            managedEBSVolume: { roleArn: `arn:aws:iam::${account}:role/ecsInfrastructureRole`, sizeInGiB: 10 },
          })),
        }),
  };
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/**
 * An image with one layer, so that what looks for it finds it; another content, another digest. One of several platforms is an index.
 * @returns the digest of what the tag names
 */
export function pushImage(
  registry: Registry,
  [name, tag]: readonly [name: string, tag: string],
  {
    content,
    platforms,
    reader,
  }: { readonly content: string; readonly platforms: readonly Platform[]; readonly reader?: string },
): string {
  const repository = registry.repositories.get(name) ?? registry.create(name, false);
  if (reader !== undefined) repository.policy = grants(reader, ['*']);
  const blob = (body: Buffer): { digest: string; size: number } => {
    const digest = registry.digestOf(body);
    registry.blobs.set(digest, body);
    return { digest, size: body.length };
  };
  const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
  const manifestOf = (platform: Platform): Buffer => {
    const image = { ...platform, author: content, rootfs: { type: 'layers', diff_ids: [] } };
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', ...blob(json(image)) };
    const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...blob(Buffer.from(content)) }];
    return json({ schemaVersion: 2, mediaType: MANIFEST, config, layers });
  };
  const [first, ...others] = platforms.map((platform) => ({ platform, body: manifestOf(platform) }));
  if (!first) throw new Error(`The image ${name}:${tag} has no platform.`);
  if (others.length === 0) return registry.put(repository, tag, { body: first.body, mediaType: MANIFEST });
  const manifests = [first, ...others].map(({ platform, body }) => {
    const digest = registry.put(repository, registry.digestOf(body), { body, mediaType: MANIFEST });
    return { mediaType: MANIFEST, digest, size: body.length, platform };
  });
  return registry.put(repository, tag, {
    body: json({ schemaVersion: 2, mediaType: INDEX, manifests }),
    mediaType: INDEX,
  });
}
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Names of what tasks refer to. */
const held = ({ iam, logs, secretsManager, ssm, s3, registry }: Simulator) => ({
  roles: [...iam.roles.keys()],
  logGroups: [...logs.groups.keys()],
  secrets: [...secretsManager.secrets.keys()],
  parameters: [...ssm.parameters],
  files: [...s3.buckets].flatMap(([bucket, { keys }]) => keys.map((key) => `${bucket}/${key}`)),
  repositories: [...registry.repositories.keys()],
});
