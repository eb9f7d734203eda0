import type { Mistake } from '../failure.ts';
import type { FirstFailure, ServiceInputs } from '../inputs/types.ts';
import {
  defined,
  isObject,
  type Json,
  type JsonObject,
  type LoadBalancer,
  type ServiceState,
  type ServiceUpdate,
  type Tags,
} from '../model.ts';
import { type Change, planChange } from '../service/change.ts';
import { compareExpress, compareTags, type ExpressPlan, settingsIn } from '../service/express.ts';
import { compareSettings } from './compare.ts';
import type { ServiceDefinition } from './definition.ts';

/** A service that is held against its definition. */
export interface DefinedService {
  readonly definition: ServiceDefinition;
  readonly state: 'missing' | 'exists';
  /** Tags that the service has; empty where the definition names none. */
  readonly tags: Tags;
  /** What ECS cannot change in the service, with the way to get there. */
  readonly refused: readonly Mistake[];
  /** The service has never run a task well: what to do when this deployment fails, too. */
  readonly first?: FirstFailure;
  /** The first deployment failed in an earlier run, which scaled the service to 0: the definition's count holds again. */
  readonly again?: true;
}

/**
 * The change that brings a service to its definition, to the inputs, which have precedence over it, and to the revision.
 * @param service as the definition makes it (`withSettings`, `plannedService`), with ECS's own description in `settings`
 */
function planDefined(
  inputs: ServiceInputs,
  taskDefinitionArn: string,
  { service, wanted }: { readonly service: ServiceState; readonly wanted: DefinedService },
): Change {
  const { definition, tags, state } = wanted;
  const count = wanted.again ? (inputs.desiredCount ?? definition.desiredCount) : inputs.desiredCount;
  const asked = { ...inputs, ...defined({ desiredCount: count }) };
  const { update, ...plan } = planChange(asked, taskDefinitionArn, service);
  const {
    taskDefinition,
    forceNewDeployment,
    desiredCount,
    cluster: _,
    service: __,
    ...members
  } = update ?? {
    cluster: '',
    service: '',
  };
  const settings = overlaid(definition.settings, inSettings(members));
  if (state === 'missing')
    return {
      ...plan,
      settings: createdDifferences(settings, { ...definition, count: plan.desiredCount }),
      create: {
        settings: {
          ...settings,
          ...(service.schedulingStrategy === 'DAEMON' ? {} : { desiredCount: plan.desiredCount }),
        },
        tags: definition.tags,
      },
    };
  const compared = compareSettings(
    { settings, tags: definition.tags },
    { settings: service.settings ?? {}, tags },
    { name: service.name, cluster: service.clusterArn },
  );
  const call: Omit<ServiceUpdate, 'cluster' | 'service'> = {
    ...defined({ taskDefinition, forceNewDeployment, desiredCount }),
    ...(Object.keys(compared.update).length > 0 ? { settings: compared.update } : {}),
  };
  const counts = plan.settings.filter(({ subject }) => subject === 'desired-count');
  return {
    ...plan,
    settings: [...compared.differences, ...counts],
    ...(compared.tags.length > 0 ? { tags: compared.tags } : {}),
    ...(Object.keys(compared.before).length > 0 ? { before: compared.before } : {}),
    ...(Object.keys(call).length > 0
      ? { update: { cluster: service.clusterArn, service: service.name, ...call } }
      : {}),
  };
}

/** The change of a service of any kind, with or without a definition. */
export function changeFor(
  inputs: ServiceInputs,
  taskDefinitionArn: string,
  {
    service,
    wanted,
    express,
  }: { readonly service: ServiceState; readonly wanted?: DefinedService; readonly express?: ExpressPlan },
): Change {
  if (wanted) return planDefined(inputs, taskDefinitionArn, { service, wanted });
  return express
    ? planExpress(inputs, taskDefinitionArn, { service, express })
    : planChange(inputs, taskDefinitionArn, service);
}

/** Members of an update in the form of the API. */
function inSettings({
  loadBalancers,
  settings: _,
  ...members
}: Omit<ServiceUpdate, 'cluster' | 'service'>): JsonObject {
  const balancers = loadBalancers?.map(
    ({ advanced, ...one }: LoadBalancer): JsonObject => ({
      ...one,
      ...(advanced ? { advancedConfiguration: { ...advanced } } : {}),
    }),
  );
  return { ...(members as JsonObject), ...(balancers ? { loadBalancers: balancers } : {}) };
}

/** Objects member by member, anything else as a whole. */
function overlaid(below: JsonObject, above: JsonObject): JsonObject {
  const members = Object.entries(above).map(([name, value]): [string, Json] => {
    const under = below[name] ?? null;
    return [name, isObject(under) && isObject(value) ? overlaid(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(members) };
}

/** All that a new service gets, as differences to nothing. */
function createdDifferences(
  settings: JsonObject,
  { tags, count }: { readonly tags: Tags; readonly count: number },
): Change['settings'] {
  const { differences } = compareSettings({ settings, tags }, { settings: {}, tags: [] }, { name: '', cluster: '' });
  const plain = ['launchType', 'schedulingStrategy', 'role'].flatMap((member) =>
    typeof settings[member] === 'string'
      ? [{ subject: member, kind: 'added' as const, after: settings[member] as string }]
      : [],
  );
  const desired =
    settings.schedulingStrategy === 'DAEMON'
      ? []
      : [{ subject: 'desiredCount', kind: 'added' as const, after: String(count) }];
  return [...plain, ...desired, ...differences.map(({ effect: _, ...difference }) => difference)];
}

/** The change that brings an Express Mode service to the revision and the inputs: only what the user set and what differs. */
export function planExpress(
  inputs: ServiceInputs,
  taskDefinitionArn: string,
  { service, express }: { readonly service: ServiceState; readonly express: ExpressPlan },
): Change {
  const { update, ...plan } = planChange(inputs, taskDefinitionArn, service);
  const { settings, before, differences } = compareExpress(inputs.express, express.settings);
  const { write, remove } = compareTags(inputs.express, express.tags);
  if (express.state === 'missing')
    return {
      ...plan,
      settings: differences,
      create: { settings: inputs.express ? settingsIn(inputs.express) : {}, tags: write },
    };
  const call: Omit<ServiceUpdate, 'cluster' | 'service'> = {
    ...defined({ taskDefinition: update?.taskDefinition, forceNewDeployment: update?.forceNewDeployment }),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  };
  return {
    ...plan,
    settings: differences,
    ...(write.length > 0 ? { tags: write } : {}),
    ...(remove.length > 0 ? { untag: remove } : {}),
    ...(Object.keys(before).length > 0 ? { before } : {}),
    ...(Object.keys(call).length > 0
      ? { update: { cluster: service.clusterArn, service: service.name, ...call } }
      : {}),
  };
}
