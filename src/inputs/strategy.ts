import { defined, isObject, type Json, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import type { InputName } from './known.ts';
import { meaning, type Reader, type Shape, shorten } from './reader.ts';
import type { CodeDeployInputs, StrategyInputs } from './types.ts';

const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'] as const;
/** An hour-long step is common, a day is ECS's limit for each: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
const BAKE = { min: 0, max: 1440, unit: 'minutes' };

const arnOf = (service: string, resource: string, expected: string): Shape => ({
  pattern: new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:\\d{12}:${resource}\\S+$`),
  expected,
});
const TARGET_GROUP = arnOf('elasticloadbalancing', 'targetgroup/', 'the ARN of a target group');
const LISTENER_RULE = arnOf(
  'elasticloadbalancing',
  'listener(?:-rule)?/',
  'the ARN of a listener rule (Application Load Balancer) or of a listener (Network Load Balancer)',
);
const ROLE = arnOf('iam', 'role/', 'the ARN of an IAM role');

/**
 * The deployment strategy and its settings; each that the user did not give is left as the service has it. What has to fit the
 * strategy that the service has is checked with the service (`checkStrategy`).
 */
export function readStrategy(reader: Reader): StrategyInputs | undefined {
  const kind = readKind(reader);
  const linear = defined({
    stepPercent: readPercent(reader, 'linear-step-percent', 3),
    stepBakeTimeInMinutes: reader.integer('linear-step-bake-minutes', BAKE),
  });
  const canary = defined({
    canaryPercent: readPercent(reader, 'canary-percent', 0.1),
    canaryBakeTimeInMinutes: reader.integer('canary-bake-minutes', BAKE),
  });
  const traffic = defined({
    alternateTargetGroupArn: reader.shaped('alternate-target-group', TARGET_GROUP),
    productionListenerRule: reader.shaped('production-listener-rule', LISTENER_RULE),
    testListenerRule: reader.shaped('test-listener-rule', LISTENER_RULE),
    roleArn: reader.shaped('load-balancer-role', ROLE),
  });
  for (const [kindOf, names] of Object.entries(SETTINGS_OF) as [keyof typeof SETTINGS_OF, readonly InputName[]][]) {
    if (kind === undefined || kind === kindOf) continue;
    for (const name of names)
      if (reader.raw(name) !== undefined)
        reader.mistake(name, `is a setting of ${kindOf}, but \`strategy\` is ${kind}.`, 'Drop one of them.');
  }
  const strategy = defined({
    kind,
    bakeTimeInMinutes: reader.integer('bake-time-minutes', BAKE),
    linear: Object.keys(linear).length > 0 ? linear : undefined,
    canary: Object.keys(canary).length > 0 ? canary : undefined,
    earlySuccessPercent: readEarlySuccess(reader),
    traffic: Object.keys(traffic).length > 0 ? traffic : undefined,
    hooks: readHooks(reader),
  });
  return Object.keys(strategy).length > 0 ? strategy : undefined;
}

const SETTINGS_OF = {
  LINEAR: ['linear-step-percent', 'linear-step-bake-minutes'],
  CANARY: ['canary-percent', 'canary-bake-minutes'],
  ROLLING: ['early-success-percent'],
} as const satisfies Readonly<Record<string, readonly InputName[]>>;

/** `blue-green` and `bluegreen` are the same word to a reader. */
function readKind(reader: Reader): StrategyInputs['kind'] {
  const text = reader
    .text('strategy')
    ?.replaceAll(/[-_\s]/g, '')
    .toUpperCase();
  return STRATEGIES.find((one) => one.replace('_', '') === text) ?? reader.choice('strategy', STRATEGIES);
}

/** Multiples of 0.1: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html */
function readPercent(reader: Reader, name: InputName, min: number): number | undefined {
  const expected = `a percentage from ${min} to 100 without the % sign, with at most one decimal place`;
  const text = reader.shaped(name, { pattern: /^\d{1,3}(?:\.\d)?$/, expected });
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value >= min && value <= 100) return value;
  reader.mistake(name, `\`${text}\` is out of range.`, `Give ${expected}.`);
  return undefined;
}

/** `off` turns it off. */
function readEarlySuccess(reader: Reader): StrategyInputs['earlySuccessPercent'] {
  if (reader.text('early-success-percent')?.toLowerCase() === 'off') return 'off';
  return reader.integer('early-success-percent', {
    min: 0,
    max: 100,
    unit: 'a percentage without the % sign, or `off`',
  });
}

/** Stages at which a hook can run; a newer one that this list lacks is refused with the nearest of it. */
const STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];
const NO_PAUSE = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'];
const HOOK_MEMBERS = [
  'targetType',
  'hookTargetArn',
  'roleArn',
  'lifecycleStages',
  'hookDetails',
  'timeoutConfiguration',
];
const HOOK_TYPES = ['AWS_LAMBDA', 'PAUSE'];
/** Of each type: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const HOOKS_OF_A_TYPE = 10;

const HOOKS_EXAMPLE = 'Write a YAML list of hooks, each with `lifecycleStages` (an empty list `[]` removes them).';

/**
 * `lifecycle-hooks` as ECS takes them, and what ECS would refuse of them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
export function readHooks(reader: Reader): readonly JsonObject[] | undefined {
  const hooks = reader.yaml('lifecycle-hooks', HOOKS_EXAMPLE);
  if (hooks === undefined) return undefined;
  const refuse = (problem: string, remedy: string): void => reader.mistake('lifecycle-hooks', problem, remedy);
  if (!Array.isArray(hooks)) {
    refuse('is not a list.', HOOKS_EXAMPLE);
    return undefined;
  }
  for (const [index, hook] of hooks.entries())
    if (isObject(hook))
      for (const [problem, remedy] of mistakesOfHook(hook)) refuse(`hook ${index + 1} ${problem}`, remedy);
    else refuse(`hook ${index + 1} is not an object.`, 'Give it `targetType` and `lifecycleStages`.');
  const known = hooks.filter(isObject);
  for (const type of HOOK_TYPES) {
    const count = known.filter((hook) => typeOfHook(hook) === type).length;
    if (count > HOOKS_OF_A_TYPE)
      refuse(`has ${count} hooks of type ${type}; ECS takes ${HOOKS_OF_A_TYPE}.`, 'Drop some.');
  }
  return known;
}

/** The API's default. */
const typeOfHook = ({ targetType = 'AWS_LAMBDA' }: JsonObject): Json => targetType;

function mistakesOfHook(hook: JsonObject): (readonly [problem: string, remedy: string])[] {
  const mistakes: (readonly [problem: string, remedy: string])[] = [];
  const type = typeOfHook(hook);
  for (const member of Object.keys(hook).filter((name) => !HOOK_MEMBERS.includes(name)))
    mistakes.push([`has no member \`${shorten(member)}\`.`, meantOr(member, HOOK_MEMBERS, 'It has')]);
  if (!HOOK_TYPES.includes(String(type)))
    mistakes.push(['has an unknown targetType.', `Write ${HOOK_TYPES.join(' or ')}.`]);
  if (type === 'AWS_LAMBDA') {
    if (typeof hook.hookTargetArn !== 'string')
      mistakes.push(['has no `hookTargetArn`.', 'Name the Lambda function by its ARN, or write `targetType: PAUSE`.']);
    if (typeof hook.roleArn !== 'string')
      mistakes.push(['has no `roleArn`.', 'Name the role with which ECS calls the function.']);
  }
  const { lifecycleStages: stages } = hook;
  if (!Array.isArray(stages) || stages.length === 0)
    return [...mistakes, ['has no `lifecycleStages`.', `List one or more of ${STAGES.join(', ')}.`]];
  for (const stage of stages.map(String)) {
    if (!STAGES.includes(stage))
      mistakes.push([
        `names the stage \`${shorten(stage)}\`, at which no hook can run.`,
        meantOr(stage, STAGES, 'The stages are'),
      ]);
    else if (type === 'PAUSE' && NO_PAUSE.includes(stage))
      mistakes.push([`cannot pause at ${stage}.`, 'Pause at the stage before or after it.']);
  }
  return mistakes;
}

function meantOr(given: string, known: readonly string[], otherwise: string): string {
  const meant = didYouMean(given, known);
  return meant ? meaning(meant) : `${otherwise} ${known.join(', ')}.`;
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html */
const NAME = {
  pattern: /^[\w+=,.@-]{1,100}$/,
  expected: 'a name of CodeDeploy: up to 100 letters, digits and `_ + = , . @ -`',
};
/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;

/** How CodeDeploy deploys the service, with the names of aws-actions/amazon-ecs-deploy-task-definition; undefined where none is given. */
export function readCodeDeploy(reader: Reader): CodeDeployInputs | undefined {
  const appSpec = reader.text('codedeploy-appspec');
  // Not quoted: it may hold anything.
  if (appSpec !== undefined && (/^[{[]|^---|[\r\n]/.test(appSpec) || appSpec.length > LONGEST_PATH))
    reader.mistake(
      'codedeploy-appspec',
      'is an AppSpec itself, but takes the path of a file.',
      'Write the AppSpec to a file, and give its path.',
    );
  const inputs = defined({
    appSpec,
    application: reader.shaped('codedeploy-application', NAME),
    deploymentGroup: reader.shaped('codedeploy-deployment-group', NAME),
    configName: reader.shaped('codedeploy-deployment-config', NAME),
    description: reader.text('codedeploy-deployment-description'),
    waitFor: reader.choice('codedeploy-wait-for', ['traffic', 'termination']),
  });
  return Object.keys(inputs).length > 0 ? inputs : undefined;
}
