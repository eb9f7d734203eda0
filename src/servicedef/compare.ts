import { lastPart } from '../arn.ts';
import type { Mistake } from '../failure.ts';
import { asObjects, isObject, type Json, type JsonObject, type Tags } from '../model.ts';
import { STARTS_DEPLOYMENT } from '../outcome.ts';
import type { Difference } from '../taskdef/diff.ts';
import { textOf } from '../taskdef/template.ts';

/** How a service gets to its definition. */
interface SettingsChange {
  /** Members of UpdateService, each whole; empty where nothing differs. */
  readonly update: JsonObject;
  /** Tags to add or to overwrite; those that the definition does not name stay. */
  readonly tags: Tags;
  /** One for each value that differs, with what ECS does about it. */
  readonly differences: readonly Difference[];
  /** What ECS cannot change in a service that exists, with the way to get there. */
  readonly refused: readonly Mistake[];
  /** What the service has in place of the members of `update` that belong to a deployment: a rollback sends them. */
  readonly before: JsonObject;
}

/**
 * What ECS does with a member of UpdateService.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html and the API reference: "This
 * parameter triggers a new service deployment", "doesn't trigger a new service deployment", "Only tasks launched after the update
 * will reflect the update".
 */
type Effect = 'deployment' | 'in place' | 'new tasks';

export const EFFECTS: Readonly<Record<string, Effect>> = {
  networkConfiguration: 'deployment',
  platformVersion: 'deployment',
  loadBalancers: 'deployment',
  serviceRegistries: 'deployment',
  serviceConnectConfiguration: 'deployment',
  volumeConfigurations: 'deployment',
  vpcLatticeConfigurations: 'deployment',
  // "... you must force a new deployment."
  capacityProviderStrategy: 'deployment',
  // Not documented, and each is part of a service revision.
  gatewayConnectors: 'deployment',
  monitoring: 'deployment',
  deploymentConfiguration: 'in place',
  healthCheckGracePeriodSeconds: 'in place',
  availabilityZoneRebalancing: 'in place',
  placementConstraints: 'in place',
  placementStrategy: 'in place',
  enableExecuteCommand: 'new tasks',
  enableECSManagedTags: 'new tasks',
  propagateTags: 'new tasks',
};

const EFFECT_TEXTS: Readonly<Record<Effect, string>> = {
  deployment: STARTS_DEPLOYMENT,
  'in place': 'in place',
  'new tasks': 'in place, for tasks that start from then on',
};

/** What ECS has where a member is absent; `[]`, `{}`, `false` and 0 are equal to an absent member everywhere. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  'networkConfiguration.awsvpcConfiguration.assignPublicIp': 'DISABLED',
  availabilityZoneRebalancing: 'DISABLED',
  propagateTags: 'NONE',
  platformVersion: 'LATEST',
  'deploymentConfiguration.strategy': 'ROLLING',
  'deploymentConfiguration.alarms.alarmNames': [],
};

/** Lists whose items are known by a member, so that members of an item which the definition does not name stay. */
const KEYS: Readonly<Record<string, (item: JsonObject) => string>> = {
  loadBalancers: ({ targetGroupArn, loadBalancerName, containerName, containerPort }) =>
    JSON.stringify([targetGroupArn ?? loadBalancerName ?? '', containerName ?? '', containerPort ?? 0]),
  serviceRegistries: ({ registryArn }) => textOf(registryArn),
  capacityProviderStrategy: ({ capacityProvider }) => textOf(capacityProvider),
  volumeConfigurations: ({ name }) => textOf(name),
  vpcLatticeConfigurations: ({ targetGroupArn }) => textOf(targetGroupArn),
  gatewayConnectors: ({ portName }) => textOf(portName),
  'serviceConnectConfiguration.services': ({ portName }) => textOf(portName),
  'serviceConnectConfiguration.services.clientAliases': ({ port }) => textOf(port),
};

/** The only list whose order ECS goes by. */
const ORDERED = ['placementStrategy'];

/**
 * Holds a definition against a service: each member that the definition names, and no other. A member that is an object keeps what the
 * definition does not name of it; a list is replaced as a whole.
 * @param wanted members of CreateService
 * @param now the same members as ECS describes them
 */
export function compareSettings(
  { settings: wanted, tags }: { readonly settings: JsonObject; readonly tags: Tags },
  now: { readonly settings: JsonObject; readonly tags: Tags },
  service: { readonly name: string; readonly cluster: string },
): SettingsChange {
  const update: Record<string, Json> = {};
  const before: Record<string, Json> = {};
  const differences: Difference[] = [];
  const launch = compareLaunch(wanted, now.settings, service);
  for (const [member, given] of Object.entries({ ...wanted, ...launch.settings })) {
    const effect = EFFECTS[member];
    if (effect === undefined || given === undefined) continue;
    const is = now.settings[member];
    const merged = merge(is, given, member);
    if (isSame(is, merged, member)) continue;
    update[member] = sent(member, is, merged);
    if (effect === 'deployment') before[member] = is ?? nothing(member);
    differences.push(
      ...leaves(is, merged, member).map((difference) => ({ ...difference, effect: EFFECT_TEXTS[effect] })),
    );
  }
  if (update.capacityProviderStrategy !== undefined) {
    update.forceNewDeployment = true;
    before.forceNewDeployment = true;
  }
  const had = new Map(now.tags.map(({ key, value }) => [key, value]));
  const added = tags.filter(({ key, value }) => had.get(key) !== value);
  differences.push(...added.map((tag) => tagDifference(tag, had)));
  return {
    update,
    before,
    tags: added,
    differences,
    refused: [...launch.refused, ...refusals(wanted, now.settings, service)],
  };
}

function tagDifference({ key, value }: Tags[number], had: ReadonlyMap<string, string>): Difference {
  const before = had.get(key);
  const rest = { subject: `tag ${key}`, after: value, effect: EFFECT_TEXTS['in place'] };
  return before === undefined ? { ...rest, kind: 'added' } : { ...rest, kind: 'changed', before };
}

/**
 * A launch type can be left for a capacity provider strategy, and an empty strategy sets the launch type again; no other one can be set.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html#ECS-UpdateService-request-capacityProviderStrategy
 */
function compareLaunch(
  wanted: JsonObject,
  now: JsonObject,
  service: { readonly name: string; readonly cluster: string },
): { readonly settings: JsonObject; readonly refused: readonly Mistake[] } {
  const { launchType } = wanted;
  if (launchType === undefined) return { settings: {}, refused: [] };
  if (asObjects(now.capacityProviderStrategy).length > 0)
    return { settings: { capacityProviderStrategy: [] }, refused: [] };
  if ((now.launchType ?? 'EC2') === launchType) return { settings: {}, refused: [] };
  return {
    settings: {},
    refused: [
      {
        subject: 'launchType',
        problem: `is ${textOf(now.launchType) || 'EC2'}, and ECS cannot change it to ${textOf(launchType)}.`,
        remedy: `Write a \`capacityProviderStrategy\` in its place, which can be changed (\`[{"capacityProvider": "${launchType === 'FARGATE' ? 'FARGATE' : 'NAME'}", "weight": 1}]\`), or ${recreate(service)}`,
      },
    ],
  };
}

const recreate = ({ name, cluster }: { readonly name: string; readonly cluster: string }): string =>
  `deploy under another name, or delete the service (aws ecs delete-service --force --cluster ${lastPart(cluster)} --service ${name}) and deploy again.`;

/** Members of CreateService that UpdateService does not have. */
function refusals(
  wanted: JsonObject,
  now: JsonObject,
  service: { readonly name: string; readonly cluster: string },
): Mistake[] {
  const mistakes: Mistake[] = [];
  const scheduling = wanted.schedulingStrategy;
  const was = textOf(now.schedulingStrategy) || 'REPLICA';
  if (scheduling !== undefined && scheduling !== was)
    mistakes.push({
      subject: 'schedulingStrategy',
      problem: `is ${was}, and ECS cannot change it to ${textOf(scheduling)}.`,
      remedy: `${capital(recreate(service))}`,
    });
  // A service without a role of its own has the service-linked one.
  const role = textOf(now.role);
  if (wanted.role !== undefined && lastPart(role) !== lastPart(textOf(wanted.role)))
    mistakes.push({
      subject: 'role',
      problem: `is ${role || 'not set'}, and ECS cannot change it to ${textOf(wanted.role)}.`,
      remedy: `Remove it (ECS then uses its service-linked role), or ${recreate(service)}`,
    });
  return mistakes;
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** How a member is removed. */
const nothing = (member: string): Json => (member === 'serviceConnectConfiguration' ? { enabled: false } : []);

/** A member of the deployment configuration that is not sent stays as it is; other members are replaced as a whole. */
function sent(member: string, is: Json | undefined, merged: Json): Json {
  if (member !== 'deploymentConfiguration' || !isObject(merged)) return merged;
  const now = isObject(is ?? null) ? (is as JsonObject) : {};
  return Object.fromEntries(
    Object.entries(merged).filter(([name, value]) => !isSame(now[name], value ?? null, `${member}.${name}`)),
  );
}

/** The definition's value with what the service has beside it. */
function merge(now: Json | undefined, wanted: Json, path: string): Json {
  if (isObject(wanted)) {
    // What is turned off has nothing else.
    if (path === 'serviceConnectConfiguration' && wanted.enabled === false) return { enabled: false };
    const is = isObject(now ?? null) ? (now as JsonObject) : {};
    const members = Object.entries(wanted).map(([name, value]) => [
      name,
      value === undefined ? value : merge(is[name], value, `${path}.${name}`),
    ]);
    return { ...is, ...Object.fromEntries(members) };
  }
  if (Array.isArray(wanted)) {
    const key = KEYS[path];
    if (!key) return wanted;
    const known = new Map(asObjects(now).map((item) => [key(item), item]));
    return wanted.map((item) => (isObject(item) ? merge(known.get(key(item)), item, path) : item));
  }
  // ECS describes a namespace by its ARN, which its name cannot be compared with.
  if (path === 'serviceConnectConfiguration.namespace' && isArn(now) && !isArn(wanted)) return now ?? wanted;
  return wanted;
}

const isArn = (value: Json | undefined): boolean => textOf(value).startsWith('arn:');

/** Whether ECS would make the same of both. */
export const isSame = (now: Json | undefined, wanted: Json | undefined, path: string): boolean =>
  JSON.stringify(normal(now, path)) === JSON.stringify(normal(wanted, path));

/** One form for all values that mean the same; undefined for what is as good as absent. */
function normal(value: Json | undefined, path: string): Json | undefined {
  if (value === undefined || value === null || value === false || value === 0) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    const items = value.map((item) => normal(item, path) ?? null);
    return ORDERED.includes(path) ? items : items.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  }
  if (isObject(value)) {
    const members = Object.keys(value)
      .sort()
      .flatMap((name) => {
        const member = normal(value[name], `${path}.${name}`);
        return member === undefined ? [] : [[name, member] as const];
      });
    return members.length > 0 ? Object.fromEntries(members) : undefined;
  }
  return Object.hasOwn(DEFAULTS, path) && DEFAULTS[path] === value ? undefined : value;
}

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** The differences below a member, by path. */
function leaves(now: Json | undefined, wanted: Json | undefined, path: string): Difference[] {
  if (isSame(now, wanted, path)) return [];
  const [is, will] = [now ?? null, wanted ?? null];
  // Options of a log driver, and what a hook's function is called with, may hold a token: only their names are shown.
  if (HIDDEN.test(path)) return [hiddenDifference(now, wanted, path)];
  if ((isObject(is) || is === null) && isObject(will)) {
    const names = new Set([...Object.keys(will), ...(isObject(is) ? Object.keys(is) : [])]);
    return [...names].flatMap((name) => leaves(isObject(is) ? is[name] : undefined, will[name], `${path}.${name}`));
  }
  const key = KEYS[path];
  if (key && (Array.isArray(will) || Array.isArray(is)))
    return itemDifferences(asObjects(now), asObjects(wanted), { path, key });
  const [before, after] = [shown(now), shown(wanted)];
  if (before === undefined) return [{ subject: path, kind: 'added', after: after ?? '' }];
  if (after === undefined) return [{ subject: path, kind: 'removed', before }];
  return [{ subject: path, kind: 'changed', before, after }];
}

const HIDDEN = /\.(?:options|hookDetails)$/;

function hiddenDifference(now: Json | undefined, wanted: Json | undefined, subject: string): Difference {
  const names = (value: Json | undefined): string | undefined =>
    isObject(value ?? null)
      ? Object.keys(value as JsonObject)
          .sort()
          .join(', ')
      : undefined;
  const [before, after] = [names(now), names(wanted)];
  if (before === undefined) return { subject, kind: 'added', after: after ?? '' };
  if (after === undefined) return { subject, kind: 'removed', before };
  return before === after ? { subject, kind: 'changed' } : { subject, kind: 'changed', before, after };
}

function itemDifferences(
  now: readonly JsonObject[],
  wanted: readonly JsonObject[],
  { path, key }: { readonly path: string; readonly key: (item: JsonObject) => string },
): Difference[] {
  const byKey = (items: readonly JsonObject[]): Map<string, JsonObject> =>
    new Map(items.map((item) => [key(item), item]));
  const [had, has] = [byKey(now), byKey(wanted)];
  return [...new Set([...has.keys(), ...had.keys()])].flatMap((name): Difference[] => {
    const [is, will] = [had.get(name), has.get(name)];
    if (is && will)
      return leaves(is, will, path).map((one) => ({
        ...one,
        subject: one.subject.replace(path, `${path}[${title(will)}]`),
      }));
    const subject = `${path}[${title(will ?? is ?? {})}]`;
    return will
      ? [{ subject, kind: 'added', after: shown(will) ?? '' }]
      : [{ subject, kind: 'removed', before: shown(is) ?? '' }];
  });
}

/** How an item is named in a list: the name of a target group, a provider, a volume, a port. */
function title(item: JsonObject): string {
  const { targetGroupArn, registryArn, capacityProvider, loadBalancerName, name, portName, port } = item;
  const group = /targetgroup\/([^/]+)/.exec(textOf(targetGroupArn))?.[1];
  return (
    group ?? textOf(targetGroupArn ?? registryArn ?? capacityProvider ?? loadBalancerName ?? name ?? portName ?? port)
  );
}

/** Undefined for nothing. What may hold a token is shown by its names alone. */
function shown(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.every((item) => typeof item === 'string') ? value.join(', ') : JSON.stringify(value, cover);
  }
  return JSON.stringify(value, cover);
}

const cover = (key: string, member: Json): Json =>
  (key === 'options' || key === 'hookDetails') && isObject(member) ? Object.keys(member) : member;
