import { asFailure, Failure, type Mistake } from '../failure.ts';
import { askingOnce } from '../image/resolve.ts';
import type { Inputs, Order, Target } from '../inputs/types.ts';
import { defined, isSeen, nameOf, type ServiceState } from '../model.ts';
import { GOOD, type Outcome, type ServiceResult, type ServicesProgress } from '../outcome.ts';
import type { World } from '../ports.ts';
import { servingOf } from '../service/serving.ts';
import { sharedRevisions } from '../service/shared-revisions.ts';
import { isOurs } from '../tags.ts';
import { type Culprit, rollBackWithGroup } from './group-rollback.ts';
import { markSettled, runnerOf, saveEnd } from './handover.ts';
import { imageKey } from './images.ts';
import { Lanes, STOPPED } from './lanes.ts';
import { fetchService, type Run, type Together } from './run.ts';

/** The services of one step. */
export interface Services<Given extends Inputs = Inputs> {
  readonly targets: readonly Target<Given>[];
  readonly order: Order;
}

interface Whole {
  readonly world: World;
  readonly progress: ServicesProgress;
}

type Story<Given extends Inputs, T> = (run: Run<Given>, fetching: Promise<ServiceState>) => Promise<T>;

/**
 * Deploys (or rolls back) several services: the story of each as for one service, side by side. Nothing is changed before all can be
 * deployed; then each starts in its turn, and when one fails, those of its scope are stopped and rolled back.
 * @throws Failure with all that is wrong before anything was changed; the signal's reason when the run was cancelled before that
 */
export async function rollOutServices<Given extends Inputs>(
  services: Services<Given>,
  story: Story<Given, Outcome>,
  whole: Whole,
): Promise<readonly ServiceResult[]> {
  const { world, progress } = whole;
  const { lanes, members, attempt } = sideBySide(services, whole, (member) => undoOthers(member));
  const rollbacks: Promise<void>[] = [];

  const rollBack = async (member: Member<Given>, culprit: Culprit): Promise<void> => {
    if (member.end?.kind !== 'ended') return;
    progress.phase(member.target.name, 'rolling back');
    const outcome = await rollBackWithGroup(member.end.outcome, culprit, { ...member.run, world: member.world });
    member.end = { kind: 'ended', outcome };
    close(member, progress);
  };
  /** Another service of its scope failed. */
  const doom = (member: Member<Given>, culprit: Culprit): void => {
    const { name } = member.target;
    if (member.doomed !== undefined) return;
    const { reason } = culprit;
    member.doomed = culprit;
    if (lanes.skip(name, reason)) return;
    if (lanes.isDeploying(name)) {
      progress.phase(name, 'stopping');
      member.stop.abort(new Failure('CANCELLED', reason));
    } else if (isToUndo(member)) rollbacks.push(rollBack(member, culprit));
    else noteStay(member, culprit);
  };
  /** What is to be rolled back with one that has failed. */
  const undoOthers = (member: Member<Given>): void => {
    if (!lanes.begun || world.signal.aborted || member.doomed !== undefined) return;
    const { name } = member.target;
    const reason = `${name} failed (\`rollback-scope: ${services.order.rollbackScope}\`).`;
    for (const other of members)
      if (other !== member && isInScope(other, member, services.order)) doom(other, { name, reason });
  };
  const run = async (member: Member<Given>): Promise<void> => {
    const { name } = member.target;
    try {
      const outcome = await attempt(member, story);
      member.end = { kind: 'ended', outcome };
    } catch (thrown) {
      const why = lanes.whySkipped(name) ?? (wasStopped(member, thrown) ? member.doomed?.reason : undefined);
      member.end =
        why === undefined
          ? { kind: 'failed', failure: asFailure(thrown) }
          : { kind: 'skipped', why, ...defined({ serving: member.before && servingOf(member.before) }) };
    }
    const { end, doomed } = member;
    if (doomed !== undefined) noteStay(member, doomed);
    if (doomed !== undefined && isToUndo(member)) {
      // Those that wait for it wait until it is undone, which they then see as a failure.
      await rollBack(member, doomed);
    } else close(member, progress);
    lanes.end(name, end.kind === 'ended' && doomed === undefined && GOOD.includes(end.outcome.kind) ? 'good' : 'bad');
    if (hasFailed(end)) undoOthers(member);
  };
  await Promise.all(members.map(run));
  await Promise.all(rollbacks);
  if (!lanes.begun) throw refusal(members, world);
  return members.map(({ target: { name, inputs }, end }) => ({
    name,
    cluster: inputs.service.cluster,
    service: inputs.service.service,
    end: end ?? { kind: 'skipped', why: 'It did not start.' },
  }));
}

/**
 * The same without a change: a value for each service.
 * @throws Failure with all that is wrong
 */
export async function readServices<Given extends Inputs, T>(
  services: Services<Given>,
  story: Story<Given, T>,
  whole: Whole,
): Promise<readonly T[]> {
  const { lanes, members, attempt } = sideBySide(services, whole);
  const values: T[] = [];
  await Promise.all(
    members.map(async (member, index) => {
      try {
        values[index] = await attempt(member, story);
        lanes.end(member.target.name, 'good');
      } catch (thrown) {
        member.end = { kind: 'failed', failure: asFailure(thrown) };
        lanes.end(member.target.name, 'bad');
      }
    }),
  );
  if (members.some(({ end }) => end)) throw refusal(members, whole.world);
  return values;
}

/** One service in this run. */
interface Member<Given extends Inputs> {
  readonly target: Target<Given>;
  readonly run: Run<Given>;
  /** With the signal of the run itself: what is rolled back is not stopped with its deployment. */
  readonly world: World;
  readonly stop: AbortController;
  end?: ServiceResult['end'];
  /** As the run found it. */
  before?: ServiceState;
  /** Why it is stopped, or rolled back. */
  doomed?: Culprit;
}

/** @param failing is called as soon as the deployment of one has failed */
function sideBySide<Given extends Inputs>(
  { targets, order }: Services<Given>,
  { world, progress }: Whole,
  failing: (member: Member<Given>) => void = () => {},
) {
  const shared: World = { ...world, ecs: sharedRevisions(world.ecs), ecr: askingOnce(world.ecr) };
  const lanes = new Lanes(
    targets.map(({ name, after, inputs }) => ({
      name,
      after,
      image: 'image' in inputs ? imageKey(inputs) : '',
      pushes: 'image' in inputs && ['build', 'digests'].includes(inputs.image.kind),
    })),
    order,
    { world: shared, progress: progress.whole },
  );
  const members = targets.map((target, index): Member<Given> => {
    const { name, inputs } = target;
    const stop = new AbortController();
    const own: World = { ...shared, console: progress.console(name), runner: runnerOf(world.runner, index) };
    const signal = AbortSignal.any([world.signal, lanes.stopped, stop.signal]);
    const lane = lanes.of(name);
    const together: Together = {
      ...lane,
      async turn() {
        progress.phase(name, 'waiting');
        const when = await lane.turn();
        progress.phase(name, 'starting');
        return when;
      },
      failing() {
        failing(member);
        return own.signal;
      },
    };
    const run = { inputs, world: { ...own, signal }, progress: progress.of(name), together };
    const member: Member<Given> = { target, run, world: own, stop };
    return member;
  });
  const attempt = <T>(member: Member<Given>, story: Story<Given, T>): Promise<T> => {
    const { target, run } = member;
    progress.phase(target.name, 'preparing');
    const fetching = fetchService(target.inputs, run.world);
    // A file that cannot be read may end the story before it asks for the service.
    fetching.then(
      (service) => {
        member.before = service;
      },
      () => {},
    );
    return story(run, fetching);
  };
  return { lanes, members, attempt };
}

/** It has ended: post does not settle it, and the table shows how it ended. */
function close<Given extends Inputs>(
  { target: { name }, run, stop, end }: Member<Given>,
  progress: ServicesProgress,
): void {
  if (!end) return;
  // One that is stopped may have registered a revision, which post takes away.
  const stopped = end.kind === 'skipped' && stop.signal.aborted;
  const left = end.kind === 'failed' || stopped || (end.kind === 'ended' && end.outcome.underWay);
  saveEnd({ end }, run.world);
  if (!left) markSettled(run.world);
  progress.phase(name, end.kind === 'ended' ? end.outcome.kind : end.kind);
}

/** Deployed by this run, or on the way. */
const isToUndo = <Given extends Inputs>({ end }: Member<Given>): boolean =>
  end?.kind === 'ended' && ['deployed', 'started', 'cancelled', 'paused'].includes(end.outcome.kind);

/** One that this run found deployed by an earlier attempt of it is not rolled back with its group, and the user has to know. */
function noteStay<Given extends Inputs>(member: Member<Given>, { reason }: Culprit): void {
  const { end, world, target } = member;
  if (end?.kind !== 'ended' || end.outcome.kind !== 'unchanged') return;
  const { outcome } = end;
  const { revision } = outcome;
  const { context } = world.runner;
  if (Number(context.runAttempt) < 2 || !revision || !isSeen(revision) || !isOurs(revision.tags, context)) return;
  const stay = `${reason} An earlier attempt of this run deployed ${nameOf(revision)} to ${target.name}, and it stays. To roll back, run \`mode: rollback\`.`;
  member.end = { kind: 'ended', outcome: { ...outcome, warnings: [...outcome.warnings, stay] } };
}

/** It ended because another service failed: with that reason, or with what it says of a task that it stopped as well. */
const wasStopped = <Given extends Inputs>({ stop, world }: Member<Given>, thrown: unknown): boolean =>
  thrown === stop.signal.reason ||
  (stop.signal.aborted && !world.signal.aborted && asFailure(thrown).code === 'CANCELLED');

/** A failure of its revision or of its rollout; that another deployment took over, or a cancel, is none. */
const hasFailed = (end: ServiceResult['end']): boolean =>
  end.kind === 'failed'
    ? end.failure.code !== 'CANCELLED'
    : end.kind === 'ended' && ['failed', 'rolled-back'].includes(end.outcome.kind);

/** Whether the failure of one service undoes the other. */
function isInScope<Given extends Inputs>(
  other: Member<Given>,
  { target: { group, inputs } }: Member<Given>,
  { rollbackScope }: Order,
): boolean {
  if (!inputs.recovery.rollbackOnFailure || inputs.mode !== 'deploy') return false;
  switch (rollbackScope) {
    case 'service':
      return false;
    case 'group':
      return other.target.group === group;
    case 'all':
      return true;
  }
}

/** All that stands in the way of the services, in one failure. */
function refusal<Given extends Inputs>(members: readonly Member<Given>[], { signal }: World): Failure {
  if (signal.aborted) return asFailure(signal.reason);
  const failed = members.flatMap(({ target: { name }, end }) =>
    end?.kind === 'failed' && end.failure !== STOPPED ? [{ name, failure: end.failure }] : [],
  );
  const [first] = failed;
  if (!first) return STOPPED;
  const { code, message, remedy, state, api, place } = first.failure;
  const own = ({ name, failure }: (typeof failed)[number]): readonly Mistake[] =>
    failure.mistakes.map((mistake) => ({ ...mistake, subject: `${name}: ${mistake.subject}` }));
  if (failed.length === 1)
    return new Failure(code, `${first.name}: ${message}`, {
      mistakes: own(first),
      cause: first.failure,
      ...defined({ remedy, state, api, place }),
    });
  const mistakes = failed.flatMap((one): readonly Mistake[] => [
    { subject: one.name, problem: one.failure.message, ...defined({ remedy: one.failure.remedy }) },
    ...own(one),
  ]);
  return new Failure(
    code,
    `${failed.length} of ${members.length} services cannot be deployed; nothing was changed in ECS.`,
    { mistakes, cause: first.failure },
  );
}

/** What all stories of a deploy share: for `rollback` the order of the deployments says nothing. */
export const unordered = ({ rollbackScope }: Order, count: number): Order => ({ maxParallel: count, rollbackScope });
