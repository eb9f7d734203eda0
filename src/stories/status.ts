import { enclosed, inPlace, lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import { sourceOf } from '../image/pin.ts';
import { inTurns } from '../in-turns.ts';
import type { Pairs, StatusInputs } from '../inputs/types.ts';
import { accountOf } from '../missing.ts';
import { defined, isSeen, type LiveRevision, type ServiceState, type TaskState } from '../model.ts';
import type { Listing, ServiceStatus } from '../outcome.ts';
import type { World } from '../ports.ts';
import { primaryOf } from '../service/deployment.ts';
import { liveRevision, runningImages } from '../service/revisions.ts';
import { conditionOf, servingOf } from '../service/serving.ts';
import { runAddressOf } from '../tags.ts';
import { list } from './list.ts';
import { knownBy } from './rollback.ts';
import { fetchService } from './run.ts';

/** So many services are asked about at a time: each is a few calls, and the limits of the API are shared with all who use it. */
const AT_A_TIME = 10;

/**
 * `mode: status`: what runs in a service, in the services of a list, or in each service of a cluster (that has the tags). Changes nothing.
 * @throws Failure NOT_FOUND where no service is there, or one of the list is not
 */
export async function status(inputs: StatusInputs, world: World): Promise<readonly ServiceStatus[]> {
  if (inputs.service.service !== '') {
    const service = await fetchService(inputs, world);
    const gone = service.status === 'INACTIVE';
    // Of a service that was deleted ECS lists nothing any more.
    const [one, tasks, { targets, guessed }] = await Promise.all([
      statusOf(service, world),
      gone ? [] : tasksOf(service, world),
      gone ? NO_TARGETS : targetsOf(service, world),
    ]);
    return [{ ...one, details: { tasks, targets, ...defined({ guessed }) } }];
  }
  const services = await (inputs.listed ? servicesIn(inputs.listed, world) : servicesOf(inputs, world));
  const revisions: Revisions = new Map();
  return inTurns(services, AT_A_TIME, async (service) => {
    world.signal.throwIfAborted();
    return statusOf(service, world, revisions);
  });
}

/** Those that were asked for, by ARN: services may share one. */
type Revisions = Map<string, Promise<LiveRevision>>;

/** In the order of the list, each cluster asked once. */
async function servicesIn(
  listed: NonNullable<StatusInputs['listed']>,
  { ecs }: World,
): Promise<readonly ServiceState[]> {
  const found = new Map<StatusInputs['service'], ServiceState>();
  const clusters = [...Map.groupBy(listed, ({ cluster }) => cluster)];
  await Promise.all(
    clusters.map(async ([cluster, some]) => {
      const services = await ecs.describeServices(
        cluster,
        some.map(({ service }) => service),
      );
      for (const [index, one] of some.entries()) {
        const service = services[index];
        if (service) found.set(one, service);
      }
    }),
  );
  return listed.flatMap((one) => found.get(one) ?? []);
}

/** By name. */
async function servicesOf(inputs: StatusInputs, world: World): Promise<readonly ServiceState[]> {
  const { service, serviceTags } = inputs;
  const { cluster } = service;
  const { ecs } = world;
  const all = await ecs.listServices(cluster).catch(async (thrown: unknown) => {
    const failure = asFailure(thrown);
    if (failure.code !== 'NOT_FOUND') throw failure;
    const { explainMissing } = await import('../missing.ts');
    throw await explainMissing(failure, { service, aws: inputs.aws }, world);
  });
  const tagged = serviceTags.length === 0 ? [] : await ecs.servicesWithTags(cluster, all);
  const chosen =
    serviceTags.length === 0
      ? await ecs.describeServices(cluster, all)
      : tagged.flatMap(({ service, tags }) => (hasAll(tags, serviceTags) ? [service] : []));
  if (chosen.length > 0) return chosen.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const wanted = serviceTags.map(([key, value]) => `${key}=${value}`).join(', ');
  const place = inPlace({ region: inputs.aws.region, account: await accountOf(world) });
  throw all.length === 0
    ? new Failure('NOT_FOUND', `The cluster ${lastPart(cluster)}${enclosed(place)} has no services.`, {
        remedy: 'Check the inputs `cluster` and `aws-region`.',
      })
    : new Failure(
        'NOT_FOUND',
        `No service of the cluster ${lastPart(cluster)}${enclosed(place)} has ${serviceTags.length === 1 ? 'the tag' : 'all of the tags'} ${wanted}.`,
        {
          remedy: `${otherCase(
            tagged.flatMap(({ tags }) => tags),
            serviceTags,
          )}Check the inputs \`cluster\`, \`service-tags\` and \`aws-region\`.`,
        },
      );
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A tag that differs from a wanted one in its case alone. */
function otherCase(tags: readonly Tag[], wanted: Pairs): string {
  const textOf = (tag: Tag): string => `${tag.key}=${tag.value}`;
  const exact = new Set(tags.map(textOf));
  const near = wanted.flatMap(([key, value]) => {
    const text = `${key}=${value}`;
    if (exact.has(text)) return [];
    return [...exact].find((one) => one.toLowerCase() === text.toLowerCase()) ?? [];
  });
  return near.length === 0 ? '' : `Tags are case-sensitive: there is \`${near.join('`, `')}\`. `;
}

const hasAll = (tags: readonly Tag[], wanted: Pairs): boolean =>
  wanted.every(([key, value]) => tags.some((tag) => tag.key === key && tag.value === value));

async function statusOf(service: ServiceState, world: World, revisions: Revisions = new Map()): Promise<ServiceStatus> {
  const primary = primaryOf(service);
  const arn = primary?.taskDefinitionArn ?? service.taskDefinitionArn;
  const reading = revisions.get(arn) ?? liveRevision(arn, world.ecs);
  revisions.set(arn, reading);
  const revision = await reading;
  const tags = isSeen(revision) ? revision.tags : [];
  const { commits, refs } = knownBy({ tags });
  return {
    service,
    condition: conditionOf(service),
    serving: servingOf(service),
    revision,
    commits,
    refs,
    digests: await digestsOf(service, revision, world),
    ...defined({ run: runAddressOf(tags), since: primary?.createdAt }),
  };
}

/** A definition that names an image by its digest proves what runs; what ECS resolved is asked for the others alone. */
async function digestsOf(
  service: ServiceState,
  revision: LiveRevision,
  { ecs }: World,
): Promise<Readonly<Record<string, readonly string[]>>> {
  if (!isSeen(revision)) return {};
  const containers = revision.definition.containerDefinitions.map(({ name, image }) => ({
    name,
    source: sourceOf(image),
  }));
  const named = containers.flatMap(({ name, source }) =>
    source.kind === 'digest' ? [[name, [source.digest]] as const] : [],
  );
  const others = containers.flatMap(({ name, source }) => (source.kind === 'digest' ? [] : [name]));
  const running = await runningImages(service, others, ecs);
  return Object.fromEntries([...named, ...[...running].map(([name, digests]) => [name, [...digests]] as const)]);
}

type Targets = Pick<Listing, 'targets' | 'guessed'>;

const NO_TARGETS: Targets = { targets: [] };

/** What can be rolled back to; nothing where IAM hides it. */
async function targetsOf(service: ServiceState, world: World): Promise<Targets> {
  try {
    return await list({ world }, Promise.resolve(service));
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return NO_TARGETS;
  }
}

/** Nothing where IAM hides them: the counts of the service are known. */
async function tasksOf({ clusterArn: cluster, name }: ServiceState, { ecs }: World): Promise<readonly TaskState[]> {
  try {
    const arns = await ecs.listTasks({ cluster, service: name, desiredStatus: 'RUNNING' });
    return await ecs.describeTasks(cluster, arns);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return [];
  }
}
