/** A step on a simulated AWS with everything that a person or a later step reads of it: log, annotations, summary, comment, outputs. */
import { REGION } from '../../simulator/simulator.ts';
import { batchedEcs, onBeats, type WholeEcs } from '../../src/adapters/ecs-batched.ts';
import { asFailure } from '../../src/failure.ts';
import { parseInputs, readPlace } from '../../src/inputs/parse.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type {
  AnyInputs,
  DeployInputs,
  Inputs,
  RollbackInputs,
  RunContext,
  Step,
  Target,
} from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { commentFailure } from '../../src/report/comment.ts';
import { reportFailure } from '../../src/report/failure-report.ts';
import { outcomeComment } from '../../src/report/github.ts';
import * as report from '../../src/report/report.ts';
import { RunLog } from '../../src/report/run-log.ts';
import { ServicesLog } from '../../src/report/services-log.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { build } from '../../src/stories/build.ts';
import { continueDeployment } from '../../src/stories/continue.ts';
import { daemon } from '../../src/stories/daemon.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { intentOf } from '../../src/stories/handover.ts';
import { list } from '../../src/stories/list.ts';
import { plan } from '../../src/stories/plan.ts';
import { post } from '../../src/stories/post.ts';
import { registerOnly } from '../../src/stories/register.ts';
import { rollback } from '../../src/stories/rollback.ts';
import { fetchService } from '../../src/stories/run.ts';
import { rollOutServices } from '../../src/stories/services.ts';
import { status } from '../../src/stories/status.ts';
import { task } from '../../src/stories/task.ts';
import { watchOnly } from '../../src/stories/watch.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT, runOf, type Stage } from './world.ts';

type Texts = Readonly<Record<string, string>>;

export const SHOWN_CONTEXT: RunContext = {
  ...CONTEXT,
  actor: 'ada',
  action: { repository: 'acme/ecs-rollout', ref: 'v1' },
};

/** What a run shows. */
export interface Reported {
  /** Lines as the runner gets them: groups and annotations are its commands. */
  readonly log: readonly string[];
  readonly annotations: readonly {
    readonly kind: 'error' | 'warning' | 'notice';
    readonly title: string;
    readonly text: string;
  }[];
  /** Markdown. */
  readonly summary: string;
  /** Markdown of the last comment; empty where none was written. */
  readonly comment: string;
  readonly outputs: Texts;
  readonly exitCode: number;
}

/** Keeps what a run shows, in place of the runner and GitHub. */
class Recorder {
  readonly log: string[] = [];
  readonly annotations: Reported['annotations'][number][] = [];
  readonly pages: string[] = [];
  readonly outputs: Record<string, string> = {};
  comment = '';
  readonly world: World;

  constructor(stage: Stage, world: World, { context, colour = false }: { context: RunContext; colour?: boolean }) {
    const annotate =
      (kind: Reported['annotations'][number]['kind']) =>
      (text: string, title = ''): void => {
        this.annotations.push({ kind, title, text });
        this.log.push(`::${kind} title=${title}::${text.replaceAll('\n', '%0A')}`);
      };
    const line = (text: string): void => void this.log.push(...text.split('\n'));
    this.world = {
      ...world,
      console: {
        line,
        startGroup: (title) => line(`::group::${title}`),
        endGroup: () => line('::endgroup::'),
        debug() {},
        notice: annotate('notice'),
        warning: annotate('warning'),
        error: annotate('error'),
        colour,
      },
      runner: {
        ...world.runner,
        context,
        setOutput: (name, value) => {
          this.outputs[name] = value;
          stage.outputs.set(name, value);
        },
        writeSummary: async (page) => void this.pages.push(page),
      },
      github: {
        createDeployment: async () => 7,
        setDeploymentStatus: async () => {},
        putComment: async ({ write }) => {
          this.comment = write(undefined);
        },
      },
    };
  }

  ended(exitCode: number): Reported {
    const { log, annotations, outputs, comment } = this;
    return { log, annotations, summary: this.pages.join('\n'), comment, outputs, exitCode };
  }
}

export interface RunOptions {
  readonly context?: Partial<RunContext>;
  /** In place of parts of the world. */
  readonly world?: Partial<World>;
  readonly colour?: boolean;
}

const COMMENT: Texts = { comment: 'true', 'github-token': 'ghs_token' };

/** One step, as `main` runs it, to the end of its report. */
export async function reported(
  stage: Stage,
  given: Texts,
  { context = {}, world = {}, colour = false }: RunOptions = {},
): Promise<Reported> {
  const run = { ...SHOWN_CONTEXT, ...context };
  const recorder = new Recorder(stage, { ...stage.world, ...world }, { context: run, colour });
  const comments = ['deploy', 'plan', 'rollback', 'watch', 'continue'].includes(given.mode ?? 'deploy') ? COMMENT : {};
  const raw = new Map(Object.entries({ 'aws-region': REGION, cluster: 'default', ...comments, ...given }));
  const facts = { context: run, env: {}, yaml: parseYaml };
  try {
    if (raw.has('services') && given.mode !== 'status')
      return recorder.ended(await services(stage, parseServices(raw, facts), recorder.world, readPlace(raw, facts)));
    const { inputs } = raw.has('services') ? parseServices(raw, facts) : parseInputs(raw, facts);
    if ('service' in inputs) stage.codeDeploy = [inputs.service as Inputs['service']];
    return recorder.ended(await one(inputs, recorder.world));
  } catch (thrown) {
    const place = readPlace(raw, facts);
    const failure = await reportFailure(
      { thrown: asFailure(thrown), untouched: false, place, stackOf: async () => '' },
      { ...recorder.world, masker: new Masker() },
    );
    await commentFailure(place, failure, recorder.world);
    return recorder.ended(1);
  }
}

async function one(inputs: AnyInputs, world: World): Promise<number> {
  const progress = new RunLog(world);
  switch (inputs.mode) {
    case 'build':
      return report.reportBuilt(await build(inputs, world, progress), world);
    case 'task':
      return report.reportTask(await task({ inputs, world, progress }), world);
    case 'daemon':
      return report.reportDaemon(await daemon({ inputs, world, progress }), world);
    case 'register':
      return report.reportRegistered(await registerOnly({ inputs, world, progress }), world);
    case 'status':
      return report.reportStatus(await status(inputs, world), world);
  }
  const fetching = fetchService(inputs, world);
  switch (inputs.mode) {
    case 'plan':
      return report.reportPlan(await plan({ inputs, world, progress }, fetching), inputs, world);
    case 'list':
      return report.reportTargets(await list({ world }, fetching), world);
    case 'continue':
      return report.reportRollout(continueDeployment({ inputs, world, progress }, fetching), inputs, { world });
    case 'watch':
      return report.reportRollout(watchOnly({ inputs, world, progress }, fetching), inputs, { world });
    case 'rollback': {
      const run = { ...runOf(inputs, world), progress };
      return report.reportRollout(rollback(run, fetching), inputs, { world, target: progress.rollbackTarget });
    }
    case 'deploy':
      return report.reportRollout(deploy({ inputs, world, progress }, fetching), inputs, { world });
    default:
      throw new Error(`this mode is not played here: ${JSON.stringify(inputs)}`);
  }
}

async function services(
  stage: Stage,
  { targets, order, inputs }: Step,
  alone: World,
  place: ReturnType<typeof readPlace>,
): Promise<number> {
  const world = {
    ...alone,
    clock: onBeats(stage.clock),
    ecs: batchedEcs(alone.ecs as WholeEcs, { clock: stage.clock, signal: alone.signal }),
  };
  const log = new ServicesLog(
    world,
    targets.map(({ name }) => name),
  );
  const all = targets as readonly Target<DeployInputs>[];
  const whole = { world, progress: log };
  if (inputs.mode === 'plan') {
    const { readServices } = await import('../../src/stories/services.ts');
    const plans = await readServices({ targets: all, order }, plan, whole);
    const named = plans.map((value, index) => ({ name: targets[index]?.name ?? '', value }));
    return report.reportPlans(named, place, { world, sequence: { targets: all, order }, detailedExitcode: false });
  }
  const rollout =
    inputs.mode === 'rollback'
      ? rollOutServices({ targets: targets as readonly Target<RollbackInputs>[], order }, rollback, whole)
      : rollOutServices({ targets: all, order }, deploy, whole);
  return report.reportServices(rollout, place, { world, denied: () => [] });
}

/** What post shows of a deploy whose main was killed. */
export async function reportedPost(stage: Stage, given: Texts = {}): Promise<Reported> {
  const recorder = new Recorder(
    stage,
    { ...stage.world, signal: new AbortController().signal },
    { context: SHOWN_CONTEXT },
  );
  const intent = intentOf((name) => stage.states.get(name) ?? '');
  if (!intent) throw new Error('main has announced nothing');
  const inputs = stage.inputs(given);
  const outcome: Outcome = await post(
    { intent, onCancel: inputs.recovery.onCancel },
    { world: recorder.world, progress: new RunLog(recorder.world) },
  );
  const about = { run: SHOWN_CONTEXT };
  recorder.world.console.line(outcome.headline);
  await recorder.world.runner.writeSummary(summaryOf(outcome, about));
  recorder.comment = outcomeComment(outcome, inputs, about);
  return recorder.ended(1);
}
