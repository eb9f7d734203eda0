import { parseArn } from '../arn.ts';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import type { DeployInputs, FirstFailure } from '../inputs/types.ts';
import { defined, type JsonObject, type ServiceState, type Tags } from '../model.ts';
import type { World } from '../ports.ts';
import { primaryOf } from '../service/deployment.ts';
import { hasFailedFirst, isFirstDeployment } from '../service/first-failure.ts';
import { serviceRevisionArn } from '../service/revisions.ts';
import { definedHookMistakes } from '../service/strategy.ts';
import type { DefinedService } from '../servicedef/change.ts';
import { compareSettings } from '../servicedef/compare.ts';
import {
  invalidDefinition,
  readServiceTemplate,
  renderServiceDefinition,
  type ServiceDefinition,
  type ServiceTemplate,
} from '../servicedef/definition.ts';
import { plannedService, withSettings } from '../servicedef/planned.ts';
import { secretValuesOfService } from '../taskdef/secret-values.ts';
import { builtInsOf, type Run, refuseOtherAccount } from './run.ts';

interface Defined {
  /** As the definition makes it. */
  readonly service: ServiceState;
  /** As ECS has it; where it does not exist, the same. */
  readonly real: ServiceState;
  readonly wanted: DefinedService;
}

/** Members that DescribeServices does not show, but the service revision. */
const OF_THE_REVISION = ['gatewayConnectors', 'monitoring'];
const POLL_SECONDS = 5;

/**
 * The service of the input `service-definition`: the one that exists, with what the definition makes of it, or the one that is to be created.
 * @throws Failure NOT_FOUND for a missing file or cluster, INVALID_INPUT with every mistake of the definition, CONFLICT where the service is
 * being deleted
 */
export async function definedService(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Defined> {
  const { inputs, world } = run;
  const [template, found] = await Promise.all([
    readServiceTemplate(inputs.serviceDefinition ?? '', world),
    existing(fetching).then((service) => afterDeletion(service, run)),
  ]);
  maskSettings(template.value, [], world);
  if (!found) return missing(template, run);
  const definition = rendered(template, found.account, run);
  const [settings, tags] = await Promise.all([
    describedSettings(definition, found, world),
    asksForTags(definition, found) ? tagsOf(found, world) : [],
  ]);
  maskSettings(settings, tags, world);
  const again = hasFailedFirst(found, tags);
  const real = again ? asNeverRun({ ...found, settings }) : { ...found, settings };
  const place = { name: found.name, cluster: found.clusterArn };
  const { update, refused } = compareSettings(definition, { settings, tags }, place);
  const first = again || isFirstDeployment(found) ? policyOf(inputs, found.schedulingStrategy, definition) : undefined;
  const service = withSettings(real, update);
  refuseHooks(definition, inputs, service);
  return {
    service,
    real,
    wanted: {
      definition,
      state: 'exists',
      tags,
      refused,
      ...defined({ first, again: again ? (true as const) : undefined }),
    },
  };
}

/** A difference and the messages of ECS show settings as they are. */
function maskSettings(settings: JsonObject, tags: Tags, { runner }: Pick<World, 'runner'>): void {
  for (const secret of secretValuesOfService(settings, tags)) runner.mask(secret);
}

/** Undefined where there is none: ECS does not know it, or knows only that it was deleted. */
export async function existing(fetching: Promise<ServiceState>): Promise<ServiceState | undefined> {
  try {
    const service = await fetching;
    return service.status === 'INACTIVE' ? undefined : service;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'NOT_FOUND' && failure.api === undefined) return undefined;
    throw thrown;
  }
}

/**
 * A name is free once the tasks of its former service have stopped: a deploy waits for that, a plan does not.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
 */
export async function afterDeletion(
  service: ServiceState | undefined,
  { inputs, world }: Run<DeployInputs>,
): Promise<ServiceState | undefined> {
  if (service?.status !== 'DRAINING') return service;
  const draining = `A service ${service.name} is being deleted (DRAINING, ${service.runningCount} of its tasks run).`;
  if (inputs.mode === 'plan') {
    world.console.warning(`${draining} A deploy would wait for its end.`);
    return undefined;
  }
  world.console.line(`${draining} Waiting for its end.`);
  const until = world.clock.now() + inputs.watch.timeoutSeconds;
  for (;;) {
    await world.clock.sleep(POLL_SECONDS, world.signal);
    const now = await existing(
      world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]).then(([one = service]) => one),
    );
    if (now?.status !== 'DRAINING') return now;
    if (world.clock.now() >= until)
      throw new Failure('CONFLICT', `${draining} It did not end within ${inputs.watch.timeoutSeconds / 60} min.`, {
        remedy:
          'Deploy again once its tasks have stopped; `stopTimeout` of their containers limits how long they may take.',
      });
  }
}

async function missing(template: ServiceTemplate, run: Run<DeployInputs>): Promise<Defined> {
  const { inputs, world } = run;
  const { cluster, service } = inputs.service;
  const caller = await world.identity.caller();
  const inArn = parseArn(cluster);
  const { region } = inputs.aws;
  const account = inArn?.account ?? caller.accountId;
  const partition = inArn?.partition ?? caller.partition;
  const clusterArn = inArn ? cluster : `arn:${partition}:ecs:${region}:${account}:cluster/${cluster}`;
  const definition = rendered(template, account, run);
  const { settings } = definition;
  const daemon = settings.schedulingStrategy === 'DAEMON';
  const count = inputs.service.desiredCount ?? definition.desiredCount;
  if (count === undefined && !daemon)
    throw invalidDefinition(definition.name, [
      {
        subject: 'desiredCount',
        problem: `is missing, and the service ${service} does not exist: ECS has to know how many tasks to start.`,
        remedy:
          'Write for example `"desiredCount": 2`, or set the input `desired-count`. It is used when the service is created.',
      },
    ]);
  const planned = plannedService({ partition, region, account, cluster: clusterArn, service }, settings, count ?? 0);
  refuseHooks(definition, inputs, planned);
  refuseOtherAccount(inputs.service, { arn: planned.arn.replace(account, caller.accountId) });
  const first = policyOf(inputs, planned.schedulingStrategy, definition);
  return { service: planned, real: planned, wanted: { definition, state: 'missing', tags: [], refused: [], first } };
}

function rendered(template: ServiceTemplate, account: string, { inputs, world }: Run<DeployInputs>): ServiceDefinition {
  const values = new Map([...builtInsOf(inputs.aws, account, world), ...inputs.template.variables]);
  const { style, listedVariables: listed = [] } = inputs.template;
  const definition = renderServiceDefinition(template, { values, style, listed }, inputs.service);
  maskSettings(definition.settings, definition.tags, world);
  return definition;
}

/** @throws Failure INVALID_INPUT with hooks that the deployments of the service never reach */
function refuseHooks({ name, settings }: ServiceDefinition, inputs: DeployInputs, service: ServiceState): void {
  const mistakes = definedHookMistakes(settings, inputs.service, service);
  if (mistakes.length > 0) throw invalidDefinition(name, mistakes);
}

/** @throws Failure INVALID_INPUT: a daemon has no count that could be 0 */
function policyOf(
  { onFirstFailure }: DeployInputs,
  schedulingStrategy: ServiceState['schedulingStrategy'],
  { name }: ServiceDefinition,
): FirstFailure {
  if (schedulingStrategy !== 'DAEMON') return onFirstFailure ?? 'scale-to-zero';
  if (onFirstFailure !== 'scale-to-zero') return 'delete';
  const mistake: Mistake = {
    subject: 'on-first-failure',
    problem: '`scale-to-zero` is not for a DAEMON service, which has no desired count.',
    remedy: 'Leave it out, or set `delete`: a service whose first deployment fails is then deleted.',
  };
  throw invalidDefinition(name, [mistake]);
}

/** They are needed to compare them, and to know a service whose first deployment failed. */
const asksForTags = ({ tags }: ServiceDefinition, { desiredCount }: ServiceState): boolean =>
  tags.length > 0 || desiredCount === 0;

async function tagsOf({ clusterArn, name }: ServiceState, { ecs }: World): Promise<Tags> {
  const [found] = await ecs.servicesWithTags(clusterArn, [name]);
  return found?.tags ?? [];
}

/** What its first deployment ran has never run well, though ECS completes a deployment that is scaled to 0. */
const asNeverRun = (service: ServiceState): ServiceState => ({
  ...service,
  deployments: service.deployments.map((one) => ({ ...one, rolloutState: 'FAILED' as const })),
});

async function describedSettings(
  { settings }: ServiceDefinition,
  service: ServiceState,
  { ecs }: World,
): Promise<JsonObject> {
  const primary = primaryOf(service);
  const now = service.settings ?? {};
  if (!primary || !OF_THE_REVISION.some((member) => settings[member] !== undefined)) return now;
  const [revision] = await ecs.describeServiceRevisions([serviceRevisionArn(service, primary.id)]);
  return { ...now, ...revision?.settings };
}
