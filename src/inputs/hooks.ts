import { isObject, type Json, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { type Reader, shorten } from './reader.ts';

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
const MEMBERS = ['targetType', 'hookTargetArn', 'roleArn', 'lifecycleStages', 'hookDetails', 'timeoutConfiguration'];
const TYPES = ['AWS_LAMBDA', 'PAUSE'];
/** Of each type: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const HOOKS_OF_A_TYPE = 10;

const EXAMPLE = 'Write a YAML list of hooks, each with `lifecycleStages` (an empty list `[]` removes them).';

/**
 * `lifecycle-hooks` as ECS takes them, and what ECS would refuse of them.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
export function readHooks(reader: Reader): readonly JsonObject[] | undefined {
  const hooks = reader.yaml('lifecycle-hooks', EXAMPLE);
  if (hooks === undefined) return undefined;
  const refuse = (problem: string, remedy: string): void => reader.mistake('lifecycle-hooks', problem, remedy);
  if (!Array.isArray(hooks)) {
    refuse('is not a list.', EXAMPLE);
    return undefined;
  }
  for (const [index, hook] of hooks.entries())
    if (isObject(hook))
      for (const [problem, remedy] of mistakesOf(hook)) refuse(`hook ${index + 1} ${problem}`, remedy);
    else refuse(`hook ${index + 1} is not an object.`, 'Give it `targetType` and `lifecycleStages`.');
  const known = hooks.filter(isObject);
  for (const type of TYPES) {
    const count = known.filter((hook) => typeOf(hook) === type).length;
    if (count > HOOKS_OF_A_TYPE)
      refuse(`has ${count} hooks of type ${type}; ECS takes ${HOOKS_OF_A_TYPE}.`, 'Drop some.');
  }
  return known;
}

/** The API's default. */
const typeOf = ({ targetType = 'AWS_LAMBDA' }: JsonObject): Json => targetType;

function mistakesOf(hook: JsonObject): (readonly [problem: string, remedy: string])[] {
  const mistakes: (readonly [problem: string, remedy: string])[] = [];
  const type = typeOf(hook);
  for (const member of Object.keys(hook).filter((name) => !MEMBERS.includes(name)))
    mistakes.push([`has no member \`${shorten(member)}\`.`, meantOr(member, MEMBERS, 'It has')]);
  if (!TYPES.includes(String(type))) mistakes.push(['has an unknown targetType.', `Write ${TYPES.join(' or ')}.`]);
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
  return meant ? `Did you mean \`${meant}\`?` : `${otherwise} ${known.join(', ')}.`;
}
