/** What the account has to have for the service definition of a step: load balancers, roles, capacity providers; and the service as it says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Simulator } from '../../simulator/simulator.ts';
import type { JsonObject } from '../../src/model.ts';
import { renderServiceDefinition, toServiceTemplate } from '../../src/servicedef/definition.ts';
import { rolesIn } from '../../src/servicedef/roles.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import type { Target } from './trial.ts';

const TRUSTS_ECS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * @returns members of CreateService, once what they refer to is there; none where the step has no definition, or one with mistakes, which
 *   the run itself reports
 */
export function definedSettings(simulator: Simulator, { inputs, cluster, service }: Target, root: string): JsonObject {
  if (!inputs || !('serviceDefinition' in inputs) || inputs.serviceDefinition === undefined) return {};
  const file = join(root, inputs.serviceDefinition);
  if (!existsSync(file)) return {};
  const { region, accountId, partition } = simulator.context;
  const { variables, style } = inputs.template;
  const values = new Map([['AWS_REGION', region], ['AWS_ACCOUNT_ID', accountId], ...variables]);
  let settings: JsonObject;
  try {
    const text = readFileSync(file, 'utf8');
    const template = toServiceTemplate(/\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseJson(text, file), file);
    settings = renderServiceDefinition(template, { values, style }, { cluster, service }).settings;
  } catch {
    return {};
  }
  for (const { role } of rolesIn(settings)) {
    const arn = role.startsWith('arn:') ? role : `arn:${partition}:iam::${accountId}:role/${role}`;
    const [, path = '/', name = ''] = /role(\/.*\/|\/)([^/]+)$/.exec(arn) ?? [];
    simulator.iam.roles.set(name, { path, trust: TRUSTS_ECS, allows: [['*', '']] });
  }
  provideProviders(simulator, settings, cluster);
  return settings;
}

/** Fargate's own two are added to a cluster; others have their own instances. */
function provideProviders(simulator: Simulator, { capacityProviderStrategy }: JsonObject, cluster: string): void {
  const strategy = Array.isArray(capacityProviderStrategy) ? (capacityProviderStrategy as readonly JsonObject[]) : [];
  const names = strategy.map((one) => String(one.capacityProvider ?? '')).filter((name) => name !== '');
  if (names.length === 0) return;
  const own =
    simulator.ecs.clusters.find(cluster, simulator.context) ??
    simulator.ecs.clusters.create(cluster, simulator.context);
  for (const name of names) {
    if (name.startsWith('FARGATE')) own.capacityProviders.push(name);
    else simulator.script.capacityProvider({ name, instance: {} }, cluster);
  }
}
