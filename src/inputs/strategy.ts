import { defined } from '../model.ts';
import { readHooks } from './hooks.ts';
import type { InputName } from './known.ts';
import type { Reader, Shape } from './reader.ts';
import type { StrategyInputs } from './types.ts';

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
