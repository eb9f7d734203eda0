import { lastPart } from '../arn.ts';
import { beatsIn, duration, endedAt, minutes, secondsBetween, span } from '../duration.ts';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import { shorten } from '../inputs/reader.ts';
import type { DeployInputs } from '../inputs/types.ts';
import type { Instant, ServiceState } from '../model.ts';
import type { RolloutPhase } from '../outcome.ts';
import type { World } from '../ports.ts';
import { type Deployment, primaryOf } from '../service/deployment.ts';
import { poller } from '../watch/observe.ts';
import { POLICY } from '../watch/policy.ts';
import { cannotSeeTasks, isStopping, type Snapshot } from '../watch/snapshot.ts';
import type { FinalVerdict } from '../watch/verdict.ts';
import { type FailedCheck, verify } from '../watch/verify.ts';
import type { Watched, watch } from '../watch/watch.ts';
import { type Run, thenOf } from './run.ts';

/** Production traffic is on the new tasks, and ECS can still move it back. */
const BAKE = 'BAKE_TIME';

/**
 * Watches the deployment, and verifies it from outside: in bake time where the strategy has one, so that a failure ends the
 * deployment while ECS only has to move the traffic back; else once ECS has completed it.
 */
export async function watchVerified(
  deployment: Deployment,
  watching: typeof watch,
  run: Run<DeployInputs>,
): Promise<Watched> {
  const { world, progress } = run;
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  const inner = { ...world, signal };
  let checking: Promise<FailedCheck | undefined> | undefined;
  let problem: FailedCheck | undefined;
  const [unverified, verified] = [
    progress.watching(deployment, 'verify'),
    progress.watching(deployment, thenOf(run.inputs)),
  ];
  const check = (phase?: RolloutPhase): Promise<FailedCheck | undefined> =>
    verify(run.inputs.verify, inner, (text, kind) =>
      kind === 'heartbeat' ? progress.heartbeat(text) : progress.step(text, 'normal', phase),
    );
  try {
    const watched = await watching(deployment, inner, (snapshot, verdict) => {
      (checking ? verified : unverified)(snapshot, verdict);
      if (checking || snapshot.serviceDeployment?.lifecycleStage !== BAKE || !('pollAgainInSeconds' in verdict)) return;
      progress.step('bake time: verifying the deployment');
      checking = check();
      checking.then(
        (found) => {
          problem = found;
          if (found !== undefined) stop.abort(VERIFIED_BAD);
        },
        () => {},
      );
    });
    if (watched.verdict.kind !== 'succeeded') {
      stop.abort(VERIFIED_BAD);
      return watched;
    }
    const found = await (checking ?? check('verifying'));
    if (found === undefined) return watched;
    progress.step(found.why, 'failure');
    return failedFor(watched.snapshot, deployment, found);
  } catch (thrown) {
    const last = progress.lastSeen(deployment);
    if (world.signal.aborted || problem === undefined || !last) throw thrown;
    return failedFor(last, deployment, problem);
  }
}

/**
 * A program of a check that is not on this runner would fail a deployment that is good, and is known before anything is changed.
 * @throws Failure INVALID_INPUT with each
 */
export async function refuseChecks(
  { verify: checks }: Pick<DeployInputs, 'verify'>,
  { files, sources }: Pick<World, 'files' | 'sources'>,
): Promise<void> {
  const programs = checks.flatMap((check) => (check.kind === 'command' ? (check.words[0] ?? []) : []));
  const path = sources.variable('PATH') ?? '';
  // Where programs are by other rules than these (Windows), only the run itself shows whether one is there.
  const folders = path.startsWith('/') ? path.split(':').filter((folder) => folder !== '') : [];
  const mistakes = await Promise.all(
    [...new Set(programs)].map(async (program): Promise<Mistake | undefined> => {
      const isPath = program.includes('/');
      if (!isPath && folders.length === 0) return undefined;
      const places = isPath ? [program] : folders.map((folder) => `${folder}/${program}`);
      const found = await Promise.all(places.map((place) => files.exists(place)));
      // The root folder is there, and is no program.
      return found.includes(true) && program !== '/' ? undefined : missingProgram(program, isPath);
    }),
  );
  const missing = mistakes.flatMap((mistake) => mistake ?? []);
  if (missing.length > 0)
    throw new Failure('INVALID_INPUT', 'A check of `verify` cannot run on this runner; nothing was changed.', {
      mistakes: missing,
    });
}

function missingProgram(program: string, isPath: boolean): Mistake {
  // `app.example.com/health` or `localhost:8080`, without its scheme, and `/health`, without its host as well.
  const address = /^(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?\/|[\w.-]+:\d+(?:\/|$))/.test(program)
    ? `${/^(?:localhost|127\.)/.test(program) ? 'http' : 'https'}://${program}`
    : undefined;
  const ofHost = program.startsWith('/') ? `https://app.example.com${program}` : undefined;
  const url = address ?? ofHost;
  const onRunner = isPath ? 'does not exist on this runner' : 'is not on this runner (PATH)';
  const where = isPath && !program.startsWith('/') ? 'does not exist in the workspace' : onRunner;
  const found = isPath
    ? 'Check its path, and that `actions/checkout` runs before this step.'
    : 'Install it in a step before this one, or give the path of a script of the repository.';
  const whole = ofHost === undefined ? '' : ', with the host of the service';
  const remedy =
    url === undefined ? found : `To ask a URL write all of it: \`${shorten(url)}\`${whole}. A command: ${found}`;
  return { subject: 'verify', problem: `the program \`${shorten(program)}\` ${where}.`, remedy };
}

/** Ends the watch; no user sees it. */
const VERIFIED_BAD = new Failure('CANCELLED', 'The verification has ended.');

const failedFor = (snapshot: Snapshot, { taskDefinitionArn }: Deployment, { check, why }: FailedCheck): Watched => ({
  snapshot: { ...snapshot, diagnoses: [] },
  verdict: { kind: 'failed', reason: `${lastPart(taskDefinitionArn)} was deployed, but ${why}`, causes: [], check },
});

/** How long polls may fail beyond the end of a hold, before its result is not known. */
const UNSEEN_SECONDS = 120;

const unseen = (
  { taskDefinitionArn }: Deployment,
  { seconds, seenFor }: { readonly seconds: number; readonly seenFor: number },
): Failure =>
  new Failure(
    'UNAVAILABLE',
    `Whether a task of ${lastPart(taskDefinitionArn)} failed within ${minutes(seconds)} is not known: ECS did not show its tasks after the first ${span(seenFor)}.`,
    { remedy: 'Run the job again: it holds again.' },
  );

/**
 * Watches on after the deployment is complete: a task of it that fails by then makes the deployment failed.
 * @throws Failure CANCELLED
 */
export async function hold(
  watched: Watched,
  { deployment, seconds }: { readonly deployment: Deployment; readonly seconds: number },
  { world, progress }: { readonly world: World; readonly progress: Run['progress'] },
): Promise<Watched> {
  const { clock, signal } = world;
  const poll = poller(deployment, world);
  const doneAt = clock.now();
  // By ECS's clock.
  const doneBy = Math.max(0, ...watched.snapshot.service.events.map(({ at }) => at));
  const whole = minutes(seconds);
  progress.step(`holding for ${whole}: a task that fails by then fails the deployment`, 'normal', 'holding');
  // The end of the rollout is no trouble of what came after it.
  const before = new Set(
    watched.snapshot.tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').map(({ id }) => id),
  );
  // The log shows what ended it, and the report counts the tasks that failed by then.
  const endedWith = (snapshot: Snapshot, verdict: FinalVerdict): Watched => {
    progress.watching(deployment)(snapshot, verdict);
    return { snapshot, verdict };
  };
  let { snapshot } = watched;
  let beats = 0;
  let seenAt = doneAt;
  // Held to its end: what could not be seen in the last moments is looked at again, and no failure is concluded from silence, nor a success.
  while (seenAt < doneAt + seconds) {
    const left = doneAt + seconds - clock.now();
    if (-left > UNSEEN_SECONDS) throw unseen(deployment, { seconds, seenFor: seenAt - doneAt });
    await clock.sleep(
      left > 0 ? Math.min(POLICY.quietPollSeconds, Math.max(1, left)) : POLICY.quietPollSeconds,
      signal,
    );
    try {
      const { blind, ...polled } = await poll(snapshot);
      ({ snapshot } = polled);
      // What IAM denies is not shown later either: ECS's events stand in for it.
      if (!blind || cannotSeeTasks(snapshot.denied)) seenAt = clock.now();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code !== 'THROTTLED' && failure.code !== 'UNAVAILABLE') throw failure;
      continue;
    }
    const { service } = snapshot;
    const long = span(Math.max(0, clock.now() - doneAt));
    if (service.status === 'INACTIVE' || service.status === 'DRAINING')
      return endedWith(
        { ...snapshot, diagnoses: [] },
        {
          kind: 'stopped',
          reason: `The service ${service.name} was deleted within ${long} after its deployment was complete.`,
        },
      );
    const primary = primaryOf(service);
    if (primary && primary.id !== deployment.id)
      return endedWith(snapshot, {
        kind: 'superseded',
        byDeployment: primary.id,
        byTaskDefinition: primary.taskDefinitionArn,
      });
    const trouble = (snapshot.troubles ?? []).find(
      ({ from, task, diagnosis }) =>
        from === 'task' &&
        task !== undefined &&
        !before.has(task.id) &&
        diagnosis.nature !== 'transient' &&
        !isStopping(task),
    );
    const replaced = cannotSeeTasks(snapshot.denied) ? replacedSince(doneBy, watched.snapshot.service, service) : 0;
    if (!trouble && replaced > 0) {
      const next = lastPart(deployment.taskDefinitionArn);
      const tasks = replaced === 1 ? 'a task' : `${replaced} tasks`;
      return endedWith(
        { ...snapshot, diagnoses: [] },
        {
          kind: 'failed',
          reason: `ECS replaced ${tasks} of ${next} within ${long} after the deployment was complete. Allow ecs:ListTasks and ecs:DescribeTasks to see the reason.`,
          causes: [],
        },
      );
    }
    if (!trouble) {
      const left = doneAt + seconds - clock.now();
      const now = beatsIn(clock.now() - doneAt);
      if (now > beats && left > 0) {
        beats = now;
        progress.heartbeat(`still holding: no task failed so far; ${span(left)} left`);
      }
      continue;
    }
    const after = secondsBetween(doneAt, (trouble.task && endedAt(trouble.task)) ?? clock.now());
    const { diagnosis } = trouble;
    return endedWith(
      { ...snapshot, diagnoses: [diagnosis] },
      {
        kind: 'failed',
        reason: `A task of ${lastPart(deployment.taskDefinitionArn)} failed ${duration(after)} after the deployment was complete: ${diagnosis.cause}`,
        causes: [diagnosis],
      },
    );
  }
  if (snapshot.service.desiredCount === 0) {
    const empty = `${snapshot.service.name} was scaled to 0 while it was held: what no task ran is not proven.`;
    progress.step(empty, 'warning');
    const { verdict } = watched;
    if (verdict.kind === 'succeeded')
      return { snapshot, verdict: { ...verdict, warnings: [...verdict.warnings, empty] } };
  }
  progress.step(`held for ${whole}: no task failed`, 'good');
  return { ...watched, snapshot };
}

/**
 * Tasks that ECS has started beyond a higher desired count, by its events: as many have ended.
 * @param doneBy by ECS's clock: the last event of the deployment
 */
function replacedSince(doneBy: Instant, before: ServiceState, { events, desiredCount }: ServiceState): number {
  const started = events.reduce(
    (sum, event) => sum + (event.kind === 'tasks-started' && !event.rebalancing && event.at > doneBy ? event.count : 0),
    0,
  );
  return Math.max(0, started - Math.max(0, desiredCount - before.desiredCount));
}
