import type { ServiceInputs } from '../inputs/types.ts';
import { defined, type ServiceState, type ServiceUpdate } from '../model.ts';
import { type Change, planChange } from './change.ts';
import { compareExpress, compareTags, type ExpressPlan, settingsIn } from './express.ts';

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
