/**
 * Express Mode services, whose load balancer, alarm and scaling ECS manages: what their API takes of the inputs.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
 */
import type { Mistake } from '../failure.ts';
import type { ExpressInputs, ServiceInputs } from '../inputs/types.ts';
import { defined, isObject, type Json, type JsonObject, type ServiceState, type Tags } from '../model.ts';
import type { Difference } from '../taskdef/diff.ts';

/** An Express Mode service with what the inputs ask for. */
export interface ExpressPlan {
  readonly state: 'missing' | 'exists';
  /** healthCheckPath, networkConfiguration and scalingTarget as they are; empty where no input is about them. */
  readonly settings: JsonObject;
  /** Of the service; empty where no input is about them. */
  readonly tags: Tags;
}

/** `[input, whether it is set]` of what Express Mode decides itself, or takes under another name. */
const UNFIT: readonly (readonly [input: string, is: (inputs: ServiceInputs) => boolean, remedy: string])[] = [
  ['desired-count', ({ desiredCount }) => desiredCount !== undefined, 'Use `min-task-count` and `max-task-count`.'],
  ['minimum-healthy-percent', (inputs) => inputs.minimumHealthyPercent !== undefined, 'Remove it.'],
  ['maximum-percent', ({ maximumPercent }) => maximumPercent !== undefined, 'Remove it.'],
  ['circuit-breaker', ({ circuitBreaker }) => circuitBreaker !== undefined, 'Remove it.'],
  ['alarms', ({ alarms }) => alarms !== undefined, 'Remove it: ECS watches an alarm of its own.'],
  ['health-check-grace-period-seconds', (inputs) => inputs.healthCheckGracePeriodSeconds !== undefined, 'Remove it.'],
  ['enable-execute-command', (inputs) => inputs.enableExecuteCommand !== undefined, 'Remove it.'],
  ['enable-ecs-managed-tags', (inputs) => inputs.enableEcsManagedTags !== undefined, 'Remove it.'],
  ['propagate-tags', ({ propagateTags }) => propagateTags !== undefined, 'Remove it.'],
  ['platform-version', ({ platformVersion }) => platformVersion !== undefined, 'Remove it.'],
  [
    'strategy',
    ({ strategy }) => strategy !== undefined,
    'Remove it, and its settings: ECS deploys with its own canary.',
  ],
  ['min-capacity', ({ scaling }) => scaling?.minCapacity !== undefined, 'Use `min-task-count`.'],
  ['max-capacity', ({ scaling }) => scaling?.maxCapacity !== undefined, 'Use `max-task-count`.'],
];

/** What the inputs ask for and this service, of Express Mode or not, does not take. */
export function expressMistakes(inputs: ServiceInputs, { express, name }: ServiceState): readonly Mistake[] {
  if (express)
    return UNFIT.filter(([, is]) => is(inputs)).map(([subject, , remedy]) => ({
      subject,
      problem: `is not for an Express Mode service such as ${name}, of which ECS manages it.`,
      remedy,
    }));
  return (inputs.express?.names ?? []).map((subject) => ({
    subject,
    problem: `is for an Express Mode service, and ${name} is not one.`,
    remedy:
      subject === 'express' || subject === 'infrastructure-role-arn'
        ? 'Remove it; a service cannot become an Express Mode service. To have one, choose another name.'
        : 'Remove it.',
  }));
}

/** Members of the Express API that the inputs set. */
export const settingsIn = ({ healthCheckPath, subnets, securityGroups, scaling }: ExpressInputs): JsonObject => {
  const network = defined({ subnets, securityGroups });
  return {
    ...defined({ healthCheckPath }),
    ...(Object.keys(network).length > 0 ? { networkConfiguration: network } : {}),
    ...(scaling ? { scalingTarget: { ...scaling } } : {}),
  };
};

/**
 * Those that differ from what the service has, whole: whether ECS keeps the parts of a member that are not sent is not documented.
 * `before` is what a rollback sends.
 */
export function compareExpress(
  inputs: ExpressInputs | undefined,
  now: JsonObject,
): { readonly settings: JsonObject; readonly before: JsonObject; readonly differences: readonly Difference[] } {
  const settings: { [member: string]: Json } = {};
  const before: { [member: string]: Json } = {};
  const differences: Difference[] = [];
  for (const [member, wanted] of Object.entries(inputs ? settingsIn(inputs) : {})) {
    const is = now[member];
    const present = is !== undefined && isObject(is) ? is : {};
    const merged = isObject(wanted) ? { ...present, ...wanted } : wanted;
    const found = partsOf(member, wanted).flatMap(([subject, value, part]) => {
      const was = part === undefined ? is : present[part];
      return sameValue(was, value) ? [] : [difference(subject, value, was)];
    });
    if (found.length === 0) continue;
    settings[member] = merged;
    if (is !== undefined) before[member] = is;
    differences.push(...found);
  }
  return { settings, before, differences };
}

const partsOf = (member: string, value: Json): readonly (readonly [string, Json, string?])[] =>
  isObject(value)
    ? Object.entries(value).map(([part, inner]) => [`${member}.${part}`, inner, part] as const)
    : [[member, value]];

/** Lists of ids have no order. */
function sameValue(a: Json | undefined, b: Json): boolean {
  const sorted = (value: Json | undefined): Json | undefined => (Array.isArray(value) ? value.toSorted() : value);
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function difference(subject: string, wanted: Json, now: Json | undefined): Difference {
  const text = (value: Json): string => (Array.isArray(value) ? value.join(', ') : String(value));
  return now === undefined
    ? { subject, kind: 'added', after: text(wanted) }
    : { subject, kind: 'changed', before: text(now), after: text(wanted) };
}

/** Tags to add or overwrite, and keys to remove. */
export function compareTags(
  inputs: ExpressInputs | undefined,
  now: Tags,
): { readonly write: Tags; readonly remove: readonly string[] } {
  if (!inputs) return { write: [], remove: [] };
  const wanted = inputs.tags.map(([key, value]) => ({ key, value }));
  const has = new Map(now.map(({ key, value }) => [key, value]));
  const keys = new Set(wanted.map(({ key }) => key));
  const others = now.map(({ key }) => key).filter((key) => !keys.has(key) && !/^(aws:|ecs-rollout:)/i.test(key));
  return {
    write: wanted.filter(({ key, value }) => has.get(key) !== value),
    // AWS's own are what ECS knows the service by ("Removing the managed tags": express-service-advanced-customization.html).
    remove: inputs.onlyTheseTags ? others.filter((key) => key !== 'AmazonECSManaged') : [],
  };
}
