import { defaultNames, findGroup } from '../../src/code-deploy/group.ts';
import { Failure } from '../../src/failure.ts';
import type { DeploymentGroup } from '../../src/model.ts';
import type { CodeDeploy } from '../../src/ports.ts';

const SERVICE = { clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop', name: 'web' };
const USUAL = { application: 'AppECS-shop-web', group: 'DgpECS-shop-web' };
const group = (application: string, name: string, ...services: readonly string[]): DeploymentGroup =>
  ({
    application,
    name,
    services: services.map((one) => {
      const [cluster = '', service = ''] = one.split('/');
      return { cluster, service };
    }),
  }) as never;
const failed = (name: string, code: 'NOT_FOUND' | 'ACCESS_DENIED' | 'THROTTLED' = 'NOT_FOUND'): Failure =>
  new Failure(code as never, `${name}.`, { api: { service: 'codedeploy', operation: 'X', name, message: '' } });

/** CodeDeploy with these groups; `refusals` by operation. */
function account(groups: readonly DeploymentGroup[], refusals: Readonly<Record<string, Failure>> = {}) {
  const denied: unknown[] = [];
  const asked: string[] = [];
  const ask = (what: string): void => {
    asked.push(what);
    const refusal = refusals[what.split(' ')[0] ?? ''];
    if (refusal) throw refusal;
  };
  const port = {
    group: async (application: string, name: string) => {
      ask(`group ${application}/${name}`);
      const found = groups.find((one) => one.application === application && one.name === name);
      if (found) return found;
      const known = groups.some((one) => one.application === application);
      throw failed(known ? 'DeploymentGroupDoesNotExistException' : 'ApplicationDoesNotExistException');
    },
    applications: async () => {
      ask('applications');
      return [...new Set(groups.map(({ application }) => application))];
    },
    groups: async (application: string) => {
      ask(`groups ${application}`);
      return groups.filter((one) => one.application === application);
    },
  } as unknown as CodeDeploy;
  return { asking: { port, denied: (thrown: unknown) => void denied.push(thrown) }, denied, asked };
}

test('the usual names are those of the ECS console', () => expect(defaultNames(SERVICE)).toEqual(USUAL));

test.each<[string, object, DeploymentGroup]>([
  ['under the usual names', {}, group(USUAL.application, USUAL.group, 'shop/web')],
  ['of the inputs', { application: 'a', deploymentGroup: 'g' }, group('a', 'g', 'shop/web')],
  ['of the inputs, in the usual application', { deploymentGroup: 'g' }, group(USUAL.application, 'g', 'shop/web')],
])('the deployment group %s is asked for alone', async (_, inputs, one) => {
  const { asking, asked } = account([one]);
  expect(await findGroup(SERVICE, inputs, asking)).toEqual({ kind: 'known', ...one });
  expect(asked).toHaveLength(1);
});

test.each<[string, readonly string[], string]>([
  ['another service', ['shop/api'], 'api in the cluster shop'],
  ['the service of another cluster', ['test/web'], 'web in the cluster test'],
  ['two others', ['shop/api', 'test/web'], 'api in the cluster shop, web in the cluster test'],
  ['none', [], 'no ECS service'],
])('a group that deploys %s is not taken', async (_, services, named) => {
  const { asking } = account([group(USUAL.application, USUAL.group, ...services)]);
  expect(await findGroup(SERVICE, {}, asking)).toEqual({
    kind: 'unknown',
    code: 'INVALID_INPUT',
    problem: `The deployment group DgpECS-shop-web deploys ${named}, not web.`,
    remedy: 'Name the deployment group of this service in `codedeploy-application` and `codedeploy-deployment-group`.',
  });
});

test('without the usual names: the only group of the service, whatever its name', async () => {
  const one = group('other', 'g', 'shop/web');
  const { asking } = account([one, group('other', 'h', 'shop/api'), group('more', 'g', 'test/web')]);
  expect(await findGroup(SERVICE, {}, asking)).toEqual({ kind: 'known', ...one });
});

const SET = 'Set `codedeploy-application` and `codedeploy-deployment-group`.';
const NO_APPLICATION =
  'CodeDeploy, which deploys web, has no application AppECS-shop-web in eu-west-1, account 123456789012.';
const NONE =
  'No deployment group names web. Create one, or move the service to the ECS deployment controller (docs/codedeploy.md).';
test.each<[string, object, readonly DeploymentGroup[], string, string]>([
  [
    'two groups of the service',
    {},
    [group('a', 'g', 'shop/web'), group('b', 'h', 'shop/web')],
    NO_APPLICATION,
    `web is deployed by a / g, b / h. ${SET}`,
  ],
  [
    'a name of the inputs that does not exist, beside a group of the service: it is not replaced',
    { application: 'mine' },
    [group('a', 'g', 'shop/web')],
    'CodeDeploy, which deploys web, has no application mine in eu-west-1, account 123456789012.',
    `web is deployed by a / g. ${SET}`,
  ],
  [
    'a group of the inputs that does not exist: only its application is searched',
    { application: 'a', deploymentGroup: 'gruop' },
    [group('a', 'group', 'shop/api'), group('b', 'g', 'shop/web')],
    'CodeDeploy, which deploys web, has no deployment group gruop in the application a in eu-west-1, account 123456789012.',
    `Did you mean group? ${SET}`,
  ],
  [
    'a misspelt application',
    { application: 'shpo' },
    [group('shop', 'g')],
    'CodeDeploy, which deploys web, has no application shpo in eu-west-1, account 123456789012.',
    `Did you mean shop? ${SET}`,
  ],
  ['none of the service', {}, [group('zzz', 'g', 'shop/api')], NO_APPLICATION, NONE],
  ['no application', {}, [], NO_APPLICATION, NONE],
])('%s', async (_, inputs, groups, problem, remedy) => {
  const { asking } = account(groups);
  expect(await findGroup(SERVICE, inputs, asking)).toEqual({ kind: 'unknown', code: 'NOT_FOUND', problem, remedy });
});

test('a group that may not be read names the right, and is reported', async () => {
  const refusal = failed('AccessDeniedException', 'ACCESS_DENIED');
  const { asking, denied } = account([], { group: refusal });
  expect(await findGroup(SERVICE, {}, asking)).toEqual({
    kind: 'unknown',
    code: 'ACCESS_DENIED',
    problem: 'The deployment group DgpECS-shop-web of web cannot be read: AccessDeniedException.',
    remedy: 'Allow codedeploy:GetDeploymentGroup for the role that this job uses.',
  });
  expect(denied).toEqual([refusal]);
});

test.each([
  ['ACCESS_DENIED', 1, ' What there is could not be listed: codedeploy:X is denied.'],
  ['NOT_FOUND', 0, ''],
] as const)('a search that ends with %s leaves what is missing', async (code, reported, hidden) => {
  const { asking, denied } = account([], { applications: failed('X', code) });
  expect(await findGroup(SERVICE, {}, asking)).toEqual({
    kind: 'unknown',
    code: 'NOT_FOUND',
    problem: NO_APPLICATION,
    remedy: `${SET}${hidden}`,
  });
  expect(denied).toHaveLength(reported);
});

test('any other failure ends the run', async () => {
  const refusal = failed('X', 'THROTTLED');
  await expect(findGroup(SERVICE, {}, account([], { group: refusal }).asking)).rejects.toBe(refusal);
  await expect(findGroup(SERVICE, {}, account([], { applications: refusal }).asking)).rejects.toBe(refusal);
});
