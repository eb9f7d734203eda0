/** Creating an Express Mode service: the one case in which ECS registers the revision. */

import { lastPart, parseArn } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { Image } from '../image/image.ts';
import type { DeployInputs } from '../inputs/types.ts';
import {
  defined,
  type ExpressCreation,
  type JsonObject,
  nameOf,
  type Revision,
  type ServiceState,
  type Tags,
  type TaskDefinition,
} from '../model.ts';
import { type Begun, pinned, REJECTED_CODES } from '../service/apply.ts';
import { type Change, describeFirst } from '../service/change.ts';
import { primaryOf } from '../service/deployment.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { planExpress } from '../servicedef/change.ts';
import { primaryContainerOf } from '../taskdef/express.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import type { Draft, Proposal } from './draft.ts';
import { markSettled, saveIntent } from './handover.ts';
import type { Run } from './run.ts';

/** Between a lost answer, or an accepted call, and the next look: DescribeServices may be some seconds behind. */
const LOOK_AFTER_SECONDS = [0, 2, 3, 4, 6, 8, 16, 16];

/**
 * CreateExpressGatewayService so that it happens once. It has no client token: after a lost answer the service itself is looked for, and
 * only a call that left no trace is sent again.
 * @returns the service with its first deployment
 * @throws Failure CONFLICT where another run or client created a service of that name, UNAVAILABLE where it is not known what ECS did
 */
export async function createExpress(
  { settings, tags = [] }: NonNullable<Change['create']>,
  of: { readonly service: ServiceState; readonly revision?: Revision; readonly container?: JsonObject },
  { inputs, world }: Run,
): Promise<ServiceState> {
  const { service, revision, container } = of;
  const { infrastructureRoleArn } = inputs.service.express ?? {};
  const creation: ExpressCreation = {
    cluster: service.clusterArn,
    serviceName: service.name,
    settings: {
      ...settings,
      ...container,
      ...defined({ infrastructureRoleArn, taskDefinitionArn: revision?.arn }),
    },
    tags,
  };
  let lost: Failure | undefined;
  for (const pause of LOOK_AFTER_SECONDS) {
    if (lost) {
      await world.clock.sleep(pause, world.signal).catch(() => {});
      const found = await created(creation, world).catch(() => undefined);
      if (found) return found;
      if (world.signal.aborted) throw lost;
    }
    try {
      await world.ecs.createExpressService(creation);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.api?.detail === 'service-exists') {
        // Created by the call whose answer was lost, and not shown yet.
        if (lost) return firstDeployment(creation, world);
        throw new Failure('CONFLICT', `The service ${service.name} was created by another run or client meanwhile.`, {
          cause: failure,
          remedy: 'Let one deploy of a service run at a time (`concurrency`), and deploy again.',
          ...defined({ api: failure.api }),
        });
      }
      if (world.signal.aborted) throw lost ?? failure;
      if (failure.code === 'UNAVAILABLE') lost = failure;
      // The revision was registered moments ago.
      else if (failure.api?.detail === 'unknown-revision') await world.clock.sleep(pause, world.signal);
      else throw thrown;
      continue;
    }
    // Not in the loop: what ECS has accepted is not sent again.
    return firstDeployment(creation, world);
  }
  throw lost ?? new Failure('NOT_FOUND', `ECS does not find the revision of ${service.name}.`);
}

async function created(
  { cluster, serviceName }: ExpressCreation,
  { ecs }: Run['world'],
): Promise<ServiceState | undefined> {
  const [found] = await ecs.describeServices(cluster, [serviceName]);
  return found?.status === 'ACTIVE' && found.express && primaryOf(found) ? found : undefined;
}

/** @throws Failure UNAVAILABLE where it does not begin within a minute, or cannot be seen: ECS has accepted the call */
async function firstDeployment(creation: ExpressCreation, world: Run['world']): Promise<ServiceState> {
  let cause: unknown;
  for (const pause of LOOK_AFTER_SECONDS) {
    try {
      if (pause > 0) await world.clock.sleep(pause, world.signal);
      const found = await created(creation, world);
      if (found) return found;
    } catch (thrown) {
      cause = thrown;
      // The service may not be shown yet.
      if (world.signal.aborted || !['NOT_FOUND', 'THROTTLED', 'UNAVAILABLE'].includes(asFailure(thrown).code)) break;
    }
  }
  const why = cause === undefined ? 'its first deployment did not begin within a minute' : asFailure(cause).message;
  throw new Failure('UNAVAILABLE', `${creation.serviceName} was created, and ${why}`.replace(/\.?$/, '.'), {
    remedy: 'Look at the service in the ECS console; deploy again once it has a deployment.',
    ...defined({ cause }),
  });
}

/**
 * Creates the service with the revision that ECS registers for it, and begins to follow its first deployment.
 * @param given `proposal`: the definition as the inputs make it, and this run's tags, which the revision gets afterwards
 */
export async function createManaged(
  given: { readonly draft: Draft; readonly proposal: Proposal; readonly image: Image | undefined },
  run: Run<DeployInputs>,
): Promise<{ readonly revision: Revision; readonly reused: false; readonly untagged?: Tags; readonly begun: Begun }> {
  const { inputs, world, progress } = run;
  const { draft, image } = given;
  const { definition, tags } = given.proposal;
  const { service, express, first } = draft;
  if (!express) throw new Failure('INTERNAL', 'An Express Mode service without its plan.');
  const { create } = planExpress(inputs.service, '', { service, express });
  if (!create) throw new Failure('INTERNAL', 'An Express Mode service that is not to be created.');
  const limits = limitsFor(inputs.watch, strategyOf(service));
  const now = world.clock.now();
  const intent = {
    cluster: service.clusterArn,
    service: service.name,
    previous: '',
    registered: false,
    ...defined({ first }),
  };
  world.signal.throwIfAborted();
  saveIntent({ ...intent, next: '' }, world);
  try {
    const container = containerFor(definition, draft, { image, template: inputs.template });
    const state = await createExpress(create, { service, container }, run);
    const { foundUnderWay: _, endedBefore: __, ...deployment } = pinned(state, limits, now);
    saveIntent({ ...intent, next: deployment.taskDefinitionArn, deployment: deployment.id }, world);
    progress.step(`created ${service.name} in the cluster ${lastPart(service.clusterArn)} (Express Mode)`);
    const revision = await world.ecs.describeTaskDefinition(deployment.taskDefinitionArn);
    progress.started({ service: state, to: nameOf(revision), rollout: describeFirst(inputs.service, state) });
    const untagged = await tag(revision, tags, run);
    const createdAt = primaryOf(state)?.createdAt ?? now;
    const begun: Begun = {
      deployment: { ...deployment, createdAt, ...defined({ first }), definition: revision.definition },
      how: 'created',
    };
    return { revision, reused: false, untagged, begun };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (REJECTED_CODES.includes(failure.code)) markSettled(world);
    else if (world.signal.aborted)
      throw new Failure(
        'CANCELLED',
        `The run was cancelled while ECS was asked to create ${service.name}; the post step reports its result.`,
        { cause: failure },
      );
    throw thrown;
  }
}

/** Roles by their ARN, and the architecture of an image that is for ARM alone. */
function containerFor(
  definition: TaskDefinition,
  { account, service: { partition } }: Draft,
  { image, template }: { readonly image: Image | undefined; readonly template: DeployInputs['template'] },
): JsonObject {
  const given = primaryContainerOf(definition);
  const role = (name: unknown): string | undefined =>
    typeof name !== 'string' || parseArn(name)
      ? (name as string | undefined)
      : `arn:${partition}:iam::${account}:role/${name}`;
  const { platforms = [] } = image ?? {};
  const arm = platforms.length > 0 && platforms.every((platform) => platform.startsWith('linux/arm64'));
  return {
    ...given,
    ...defined({
      executionRoleArn: role(given.executionRoleArn),
      taskRoleArn: role(given.taskRoleArn),
      cpuArchitecture: arm ? 'ARM64' : undefined,
      // The definition has stand-ins where the inputs leave the size to ECS.
      cpu: template.cpu && cpuUnits(template.cpu)?.toString(),
      memory: template.memory && memoryMib(template.memory)?.toString(),
    }),
  };
}

/** A later rollback finds the revision by its commit. @returns what could not be written */
async function tag(revision: Revision, tags: Tags, { world: { ecs, console } }: Run): Promise<Tags> {
  try {
    if (tags.length > 0) await ecs.tagResource(revision.arn, tags);
    return [];
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    if (code !== 'ACCESS_DENIED') console.line(`       ${nameOf(revision)} could not be tagged: ${message}`);
    return tags;
  }
}
