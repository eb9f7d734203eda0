/** What each mode takes of the inputs, and what it has no use for. */
import { parseEcrHost } from '../image/reference.ts';
import { defined } from '../model.ts';
import { readBuild } from './build.ts';
import { readDaemon } from './daemon.ts';
import { readTasks } from './deploy-tasks.ts';
import { readImage, readImageChecks } from './image.ts';
import { type InputName, SECTIONS } from './known.ts';
import { quoteAll, type Reader } from './reader.ts';
import { readRunTask, withoutOverrides } from './run-task.ts';
import { readSchedules } from './schedules.ts';
import { readDefinition, readNames, readService } from './service.ts';
import { readTemplate } from './template.ts';
import type {
  AnyInputs,
  BuildOnlyInputs,
  DeployTasks,
  GithubInputs,
  Inputs,
  RecoveryInputs,
  RegisterInputs,
  StatusInputs,
  StepFacts,
  TaskOnlyInputs,
  WatchInputs,
} from './types.ts';
import { readVerify } from './verify.ts';

/** The inputs of this mode; what is wrong with them is in the reader. */
export function readMode(
  reader: Reader,
  mode: AnyInputs['mode'],
  given: { readonly aws: Inputs['aws']; readonly facts: StepFacts },
): AnyInputs {
  noteOtherRegion(reader, mode, given.aws.region);
  noteOtherMode(reader, mode);
  switch (mode) {
    case 'build':
      return readBuildOnly(reader, given.aws, given.facts);
    case 'register':
      return readRegisterOnly(reader, given.aws, given.facts);
    case 'status':
      return readStatusOnly(reader, given.aws);
    case 'task':
      return readTaskOnly(reader, given);
    case 'daemon': {
      const beside = { watch: readWatch(reader), recovery: readRecovery(reader), github: readGithub(reader) };
      return readDaemon(reader, { ...given, ...beside });
    }
    default:
      return readServiceRun(reader, mode, given);
  }
}

/** Inputs that one mode alone reads. */
const OF_ONE_MODE: readonly (readonly [InputName, AnyInputs['mode']])[] = [
  ['rollback-to', 'rollback'],
  ['continue-action', 'continue'],
];
/** Modes that report these themselves: as part of a whole section, or as a mistake. */
const REPORT_THEM: Readonly<Partial<Record<AnyInputs['mode'], readonly InputName[]>>> = {
  deploy: ['rollback-to'],
  plan: ['rollback-to'],
  build: SECTIONS.recovery,
  daemon: SECTIONS.recovery,
};

/** One step may serve several modes, so it is no mistake; in a mode that was chosen by mistake it is what the user wanted. */
function noteOtherMode(reader: Reader, mode: AnyInputs['mode']): void {
  for (const [name, its] of OF_ONE_MODE)
    if (its !== mode && reader.isSet(name) && !REPORT_THEM[mode]?.includes(name))
      reader.notes.push(`\`${name}\` is for \`mode: ${its}\`: not used in mode ${mode}.`);
}

const OTHER_RECOVERY = SECTIONS.recovery.filter((name) => !OF_ONE_MODE.some(([one]) => one === name));
/** What a service is found by. */
const PLACE: readonly InputName[] = ['cluster', 'service', 'service-name'];
/** A task takes these of the service. */
const OF_TASKS: readonly InputName[] = ['platform-version', 'enable-ecs-managed-tags', 'propagate-tags'];

/** Modes that start no task of a new image. */
const WITHOUT_IMAGE: readonly AnyInputs['mode'][] = ['build', 'rollback', 'continue', 'watch', 'status', 'list'];

/** ECR is pulled from in another Region, too, more slowly and for the price of the transfer; mostly one of the two was not changed. */
function noteOtherRegion(reader: Reader, mode: AnyInputs['mode'], region: string): void {
  if (region === '' || WITHOUT_IMAGE.includes(mode)) return;
  for (const name of ['repository', 'image'] as const) {
    const its = parseEcrHost(reader.text(name)?.split('/')[0] ?? '')?.region;
    if (its !== undefined && its !== region)
      reader.notes.push(
        `${name}: is in Region ${its}, but the step works in ${region}. Each task then pulls its image from ${its}, which takes longer and costs the transfer between Regions. If that is not meant, use a repository in ${region}.`,
      );
  }
}

/** A task without a deployment; with `service` it is placed as the tasks of that service are. */
function readTaskOnly(
  reader: Reader,
  { aws, facts }: { readonly aws: Inputs['aws']; readonly facts: StepFacts },
): TaskOnlyInputs {
  const service = readService(reader, aws, 'optional');
  const watch = readWatch(reader);
  const image = readImage(reader, facts);
  if (image.kind === 'build' || image.kind === 'digests')
    reader.mistake(
      image.kind === 'build' ? 'repository' : 'digests',
      'would build an image, and `mode: task` runs one that exists.',
      'Build it in a step before (`mode: build`), and give `image: ${{ steps.build.outputs.image }}` here.',
    );
  const template = readTemplate(reader);
  for (const { container, inputs } of template.containers ?? [])
    for (const name of ['environment-variables', 'command'] as const)
      if (inputs.includes(name))
        reader.mistake(
          name,
          `names the container \`${container}\`, but overrides one container of the task.`,
          'Use `run-task-container-overrides` for several.',
        );
  if (template.source.kind === 'service' && service.service === '' && reader.mistakes.length === 0)
    reader.mistake(
      'task-definition',
      'is missing, and no service is named whose revision could run.',
      'Give `task-definition` (a file), `task-definition-family`, `task-definition-arn` or `service`.',
    );
  reader.noteUnused('mode task deploys nothing', [
    ...SECTIONS.tasks,
    ...SECTIONS.schedules,
    ...SECTIONS.registry,
    ...SECTIONS.express,
    ...SECTIONS.service.filter((name) => !PLACE.includes(name) && !OF_TASKS.includes(name)),
    ...NOT_OF_TASKS,
  ]);
  return {
    mode: 'task',
    aws,
    service,
    watch,
    recovery: readRecovery(reader),
    github: readGithub(reader),
    preflight: false,
    schedules: [],
    image: image.kind === 'build' || image.kind === 'digests' ? { kind: 'template' } : image,
    template: withoutOverrides(template),
    ...readRunTask(reader, { template, watch }),
  };
}

const NOT_OF_TASKS: readonly InputName[] = [
  'pin-images',
  'provenance',
  'reuse-image',
  'preflight',
  'detailed-exitcode',
  'on-active-deployment',
  'on-pause',
  'no-progress-minutes',
  'rollback-on-failure',
  'deregister-failed-revision',
];

/** Inputs of a task without a deployment decide nothing in another mode, and so are not meant. A named mode overrides `run-task`. */
function refuseRunTask(reader: Reader, mode: AnyInputs['mode']): void {
  if (mode !== 'deploy')
    reader.noteUnused(`\`run-task\` is for \`mode: task\`, but the mode is \`${mode}\``, ['run-task']);
  const [first, ...others] = SECTIONS.runTask.filter((name) => name !== 'run-task' && reader.raw(name) !== undefined);
  if (first !== undefined)
    reader.mistake(
      first,
      `is for \`mode: task\`, but the mode is \`${mode}\`${others.length > 0 ? `; so ${others.length === 1 ? 'is' : 'are'} ${quoteAll(others)}` : ''}.`,
      'Set `mode: task` to run a task alone; tasks around a deployment are `pre-deploy` and `post-deploy`.',
    );
}

/** Only what a build needs; one step often serves several modes, so what it does not need is no mistake. */
function readBuildOnly(reader: Reader, aws: BuildOnlyInputs['aws'], facts: StepFacts): BuildOnlyInputs {
  const image = readImage(reader, facts, 'build');
  if (image.kind === 'digests' || image.kind === 'commit')
    reader.mistake(
      image.kind === 'digests' ? 'digests' : 'image',
      'names an image that is built already, and `mode: build` builds and pushes one.',
      'Remove it, or give it to the step that deploys.',
    );
  else if (image.kind !== 'build' && reader.mistakes.length === 0) {
    reader.mistake('repository', 'is missing, and `mode: build` builds and pushes an image.', NAME_REPOSITORY);
  }
  reader.noteUnused('mode build calls nothing of ECS', [
    ...SECTIONS.template,
    ...SECTIONS.service,
    ...SECTIONS.express,
    ...SECTIONS.tasks,
    ...SECTIONS.schedules,
    ...SECTIONS.recovery,
    ...SECTIONS.runTask,
    ...SECTIONS.watch,
    'detailed-exitcode',
  ]);
  const build = image.kind === 'build' ? image : { kind: 'build' as const, build: readBuild(reader, facts) };
  const imageChecks = readImageChecks(reader, build);
  return { mode: 'build', aws, github: readGithub(reader), image: build, ...defined({ imageChecks }) };
}

/** What a deploy needs up to the registration. */
function readRegisterOnly(reader: Reader, aws: RegisterInputs['aws'], facts: StepFacts): RegisterInputs {
  const image = readImage(reader, facts, 'register');
  const template = readTemplate(reader);
  if (template.source.kind === 'service' && reader.mistakes.length === 0)
    reader.mistake(
      'task-definition',
      'is missing, and `mode: register` registers a revision.',
      'Give `task-definition` (a file), or `task-definition-family` or `task-definition-arn` with what is to change.',
    );
  refuseRunTask(reader, 'register');
  reader.noteUnused('mode register updates no service', [
    ...SECTIONS.service.filter((name) => name !== 'cluster'),
    ...SECTIONS.express,
    ...SECTIONS.tasks,
    ...SECTIONS.watch,
    ...OTHER_RECOVERY,
    'detailed-exitcode',
  ]);
  const imageChecks = readImageChecks(reader, image);
  return {
    mode: 'register',
    aws,
    github: readGithub(reader),
    image,
    template,
    pinImages: reader.boolean('pin-images') ?? true,
    schedules: readSchedules(reader, aws),
    cluster: readNames(reader, aws, 'optional').cluster,
    ...defined({ imageChecks }),
  };
}

/** Only reads: one service, or all of a cluster. */
function readStatusOnly(reader: Reader, aws: StatusInputs['aws']): StatusInputs {
  const service = readService(reader, aws, 'optional');
  const serviceTags = reader.pairs('service-tags');
  if (service.service !== '' && serviceTags.length > 0)
    reader.mistake(
      'service-tags',
      'chooses among the services of a cluster, and `service` names one already.',
      'Remove one of the two.',
    );
  refuseRunTask(reader, 'status');
  reader.noteUnused('mode status changes nothing', [
    ...SECTIONS.image,
    ...SECTIONS.build,
    ...SECTIONS.registry,
    ...SECTIONS.template,
    ...SECTIONS.service.filter((name) => !PLACE.includes(name)),
    ...SECTIONS.express,
    ...SECTIONS.tasks,
    ...SECTIONS.schedules,
    ...SECTIONS.watch,
    ...OTHER_RECOVERY,
    'detailed-exitcode',
  ]);
  return { mode: 'status', aws, service, github: readGithub(reader), serviceTags };
}

const NAME_REPOSITORY = 'Name the repository to push to, such as `repository: team/app`.';

function readServiceRun(
  reader: Reader,
  mode: Inputs['mode'],
  { aws, facts }: { readonly aws: Inputs['aws']; readonly facts: StepFacts },
): Inputs {
  const { express, ...service } = readService(reader, aws);
  const deploys = mode === 'deploy' || mode === 'plan';
  const common = {
    aws,
    // What another mode does not need must not stop it.
    service: deploys ? { ...service, ...defined({ express }) } : service,
    watch: readWatch(reader),
    recovery: readRecovery(reader),
    github: readGithub(reader),
    preflight: reader.boolean('preflight') ?? true,
    schedules: readSchedules(reader, aws),
  };
  refuseRunTask(reader, mode);
  const after = mode === 'rollback' ? (['schedules'] as const) : AFTER_DEPLOYMENT;
  if (['deploy', 'plan', 'rollback'].includes(mode)) refuseUnwatched(reader, common.watch, after);
  switch (mode) {
    case 'deploy':
    case 'plan': {
      if (reader.raw('rollback-to')) {
        reader.mistake(
          'rollback-to',
          `is for \`mode: rollback\`, but the mode is \`${mode}\`.`,
          'Set the mode, or drop it.',
        );
      }
      const image = readImage(reader, facts);
      return {
        mode,
        ...common,
        ...readDefinition(reader, defined({ express })),
        image,
        ...defined({ imageChecks: readImageChecks(reader, image) }),
        template: readTemplate(reader),
        tasks: readDeployTasks(reader, common.watch),
        verify: readVerify(reader),
        holdSeconds: (reader.integer('hold-minutes', { min: 0, max: 120, unit: 'minutes' }) ?? 0) * 60,
        pinImages: reader.boolean('pin-images') ?? true,
        detailedExitcode: reader.boolean('detailed-exitcode') ?? false,
      };
    }
    case 'rollback': {
      noteUnused(reader, mode);
      const target = reader.text('rollback-to');
      if (!target && reader.raw('image')) {
        reader.mistake(
          'image',
          'does not say where to roll back to.',
          'Give the tag or digest as `rollback-to`; without it, the last successful deployment is restored.',
        );
      }
      return { mode, ...common, ...defined({ target: target || undefined }) };
    }
    case 'continue': {
      refuseSuspending(reader, mode);
      noteUnused(reader, mode);
      return { mode, ...common, action: reader.choice('continue-action', ['continue', 'rollback']) ?? 'continue' };
    }
    case 'watch': {
      refuseSuspending(reader, mode);
      noteUnused(reader, mode);
      // What another client deploys, only a user who asks for it has rolled back.
      const rollbackOnFailure = reader.boolean('rollback-on-failure') ?? false;
      return { mode, ...common, recovery: { ...common.recovery, rollbackOnFailure } };
    }
    case 'list':
      noteUnused(reader, mode);
      return { mode, ...common };
  }
}

const AFTER_DEPLOYMENT: readonly InputName[] = ['post-deploy', 'verify', 'hold-minutes', 'schedules'];

/** What comes after a deployment needs one whose end is known. */
function refuseUnwatched(reader: Reader, { wait }: WatchInputs, names: readonly InputName[]): void {
  const set = names.filter((name) => reader.isSet(name) && reader.text(name) !== '0');
  if (!wait && reader.text('autoscaling') === 'suspend')
    reader.mistake(
      'autoscaling',
      'suspends scale-in until the end of the deployment, but `wait-for-service-stability: false` does not wait for it.',
      'Remove one of the two.',
    );
  for (const name of wait ? [] : set)
    reader.mistake(
      name,
      `${name === 'schedules' ? 'are moved' : 'runs'} after the deployment, but \`wait-for-service-stability: false\` does not wait for its end.`,
      'Remove one of the two.',
    );
}

function readDeployTasks(reader: Reader, { timeoutSeconds }: WatchInputs): DeployTasks {
  const defaults = { timeoutSeconds };
  return { before: readTasks(reader, 'pre-deploy', defaults), after: readTasks(reader, 'post-deploy', defaults) };
}

/**
 * One step often serves deploy and rollback, its mode chosen by the dispatcher: a rollback at night must not stop at
 * inputs that it merely does not need.
 */
function noteUnused(reader: Reader, mode: 'rollback' | 'continue' | 'watch' | 'list'): void {
  const names: readonly InputName[] = [
    ...SECTIONS.image,
    ...SECTIONS.build,
    ...SECTIONS.registry,
    ...SECTIONS.template,
    ...SECTIONS.tasks,
    'service-definition',
    'on-first-failure',
    ...SECTIONS.express,
  ];
  reader.noteUnused(`mode ${mode} builds and renders nothing`, [...names, 'detailed-exitcode']);
  if (mode === 'rollback') {
    if (reader.isSet('codedeploy-appspec'))
      reader.notes.push(
        'mode rollback takes the AppSpec of the last deployment that succeeded: `codedeploy-appspec` not used.',
      );
    return;
  }
  const group = ['codedeploy-application', 'codedeploy-deployment-group'];
  const watching = mode === 'list' ? [] : ['autoscaling', 'codedeploy-wait-for'];
  const kept = ['cluster', 'service', ...group, ...watching];
  const settings = SECTIONS.service.filter((name) => !kept.includes(name) && !names.includes(name));
  reader.noteUnused(`mode ${mode} changes no setting of the service`, settings);
  if (mode === 'list')
    reader.noteUnused('mode list starts nothing', [...SECTIONS.watch, ...OTHER_RECOVERY, ...SECTIONS.schedules]);
}

/** A deployment that is under way has been without scale-in since it started, and its end is that of the run. */
function refuseSuspending(reader: Reader, mode: 'continue' | 'watch'): void {
  if (reader.text('autoscaling') !== 'suspend') return;
  reader.mistake(
    'autoscaling',
    `suspends scale-in from before a deployment begins, and \`mode: ${mode}\` finds it under way: ECS has scale-in turned off until it ends.`,
    'Use `autoscaling: keep` here (the log names what scaled the service), and `suspend` in the step that begins the deployment.',
  );
}

/** How long to watch, and what to show. */
export function readWatch(reader: Reader): WatchInputs {
  const wait = reader.integer('wait-for-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 30;
  const noProgress = reader.integer('no-progress-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 10;
  return {
    wait: reader.boolean('wait-for-service-stability') ?? true,
    timeoutSeconds: wait * 60,
    timeoutGiven: reader.raw('wait-for-minutes') !== undefined,
    onPause: reader.choice('on-pause', ['wait', 'continue', 'stop']) ?? 'wait',
    noProgressSeconds: noProgress * 60,
    logLines: reader.integer('log-lines', { min: 0, max: 500, unit: 'a number of lines' }) ?? 30,
  };
}

/** What happens when the deployment goes wrong, or another one is in the way. */
function readRecovery(reader: Reader): RecoveryInputs {
  return {
    rollbackOnFailure: reader.boolean('rollback-on-failure') ?? true,
    deregisterFailedRevision: reader.boolean('deregister-failed-revision') ?? false,
    onCancel: reader.choice('on-cancel', ['leave', 'rollback']) ?? 'leave',
    onActiveDeployment: reader.choice('on-active-deployment', ['warn', 'wait', 'fail']) ?? 'warn',
  };
}

/** A GitHub deployment is asked for by naming its environment. */
export function readGithub(reader: Reader): GithubInputs {
  const token = reader.text('github-token');
  // It would be refused as a header, in an error that quotes it.
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    reader.mistake(
      'github-token',
      'has a space, a line break or another character that no token has.',
      'Give the token alone, such as `${{ github.token }}`.',
    );
  }
  const environment = reader.text('github-environment');
  const url = reader.shaped('github-environment-url', {
    pattern: /^https?:\/\/\S+$/,
    expected: 'a URL that begins with https:// (or http://)',
  });
  const transient = reader.boolean('github-environment-transient');
  const production = reader.boolean('github-environment-production');
  const comment = reader.boolean('comment') ?? false;
  if (environment === undefined) {
    for (const name of [
      'github-environment-url',
      'github-environment-transient',
      'github-environment-production',
    ] as const) {
      if (reader.isSet(name)) {
        reader.mistake(name, 'is set, but `github-environment` is not.', 'Name the environment, or drop it.');
      }
    }
  }
  return {
    comment,
    ...defined({ token }),
    ...defined({
      deployment:
        environment === undefined
          ? undefined
          : {
              environment,
              transient: transient ?? false,
              // The default of GitHub's own API.
              production: production ?? environment === 'production',
              ...defined({ url }),
            },
    }),
  };
}
