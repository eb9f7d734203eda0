import { deny } from '../../simulator/simulator.ts';
import { logStatus, statusRow, statusSummaryOf } from '../../src/report/status.ts';
import { render } from '../support/gfm.ts';
import { CONTEXT, Stage, TASK_DEFINITION } from '../support/world.ts';

/** `mode: status`: what runs, of what commit, since when, by which run, how it is; and it changes nothing. */
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const images = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
const lines = (services: Parameters<typeof logStatus>[1]): string[] => {
  const written: string[] = [];
  logStatus({ line: (text: string) => written.push(text) } as never, services);
  return written;
};
const readsOnly = (stage: Stage): void =>
  expect(
    stage.simulator.wire.calls
      .map(({ operation }) => operation)
      .filter((one) => !/^(Describe|List|Batch|Get)/.test(one)),
  ).toEqual([]);

test('one service after a deploy: revision, commit, ref, run, digest, tasks, events and rollback targets', async () => {
  const stage = new Stage().withService();
  stage.template(images(`example.com/app@${DIGEST}`));
  expect((await stage.deploy({})).kind).toBe('deployed');
  stage.simulator.wire.calls.length = 0;
  const services = await stage.status({ service: 'web' });
  const [row] = services.map(statusRow);
  expect(row).toMatchObject({
    service: 'web',
    cluster: 'default',
    condition: 'steady',
    revision: 'web:2',
    commit: CONTEXT.sha,
    ref: CONTEXT.ref,
    run: `${CONTEXT.serverUrl}/${CONTEXT.repository}/actions/runs/${CONTEXT.runId}`,
    desired: 2,
    running: 2,
    pending: 0,
    images: [`example.com/app@${DIGEST}`],
    digests: { app: [DIGEST] },
    targets: ['web:1'],
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(row?.tasks).toHaveLength(2);
  expect(row?.tasks?.[0]).toMatchObject({ status: 'RUNNING', revision: 'web:2' });
  expect(row?.events?.[0]?.message).toMatch(/steady state/);
  const log = lines(services).join('\n');
  expect(log).toMatch(
    /^service +condition +tasks +revision +commit +ref +image digest +since \(UTC\)\nweb +steady +2 of 2 +web:2/,
  );
  expect(log).toMatch(/Now web:2 serves: 2 of 2\. Deployed by https:/);
  expect(log).toMatch(/Rollback targets: web:1$/);
  const page = render(statusSummaryOf(services));
  expect(page).toMatch(/<h2[^>]*><code[^>]*>web<\/code> in default\/eu-west-1 is steady<\/h2>/);
  expect(page).toContain('Rollback targets');
  readsOnly(stage);
});

test('a digest that the definition does not name is the one that ECS runs', async () => {
  const stage = new Stage().withService();
  const [status] = await stage.status({ service: 'web' });
  expect(status?.digests.app).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
});

test('while a deployment is under way, and after it has failed', async () => {
  const stage = new Stage().withService({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  });
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...images('example.com/app:2') });
  stage.simulator.script.image('example.com/app:2', { failToStart: 'ResourceInitializationError: x' });
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  const [busy] = await stage.status({ service: 'web' });
  expect([busy?.condition, busy?.revision.revision]).toEqual(['deploying', 2]);
  expect(lines([busy as never]).join('\n')).toContain('web:1 serves: 2 of 2');
  stage.clock.advance(7200);
  const [failed] = await stage.status({ service: 'web' });
  expect(failed?.condition).toBe('failed');
});

function withSix(): Stage {
  const stage = new Stage().withService();
  for (const [name, team] of [
    ['api', 'shop'],
    ['cron', 'shop'],
    ['mail', 'crm'],
  ] as const)
    stage.simulator.call('CreateService', {
      serviceName: name,
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      tags: [
        { key: 'team', value: team },
        { key: 'stage', value: 'live' },
      ],
    });
  stage.clock.advance(120);
  stage.simulator.wire.calls.length = 0;
  return stage;
}

test('a cluster: each of its services, by name', async () => {
  const stage = withSix();
  const services = await stage.status();
  expect(services.map((one) => [one.service.name, one.condition, one.details])).toEqual(
    ['api', 'cron', 'mail', 'web'].map((name) => [name, 'steady', undefined]),
  );
  expect(statusSummaryOf(services)).toMatch(/^## 4 services of default\/eu-west-1: all steady\n/);
  readsOnly(stage);
});

test('those that have all the tags', async () => {
  const stage = withSix();
  const services = await stage.status({ 'service-tags': 'team=shop\nstage=live' });
  expect(services.map(({ service: { name } }) => name)).toEqual(['api', 'cron']);
  // With their tags, so that none is asked for twice.
  expect(stage.count('DescribeServices')).toBe(1);
});

test('no service has the tags: the error names them and the cluster', async () => {
  await expect(withSix().status({ 'service-tags': 'team=none' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'No service of the cluster default in eu-west-1, account 123456789012, has the tag team=none.',
  });
});

test('a cluster without services, one that does not exist, and a service that does not', async () => {
  const stage = new Stage();
  stage.simulator.call('CreateCluster', { clusterName: 'empty' });
  await expect(stage.status({ cluster: 'empty' })).rejects.toThrow(
    'The cluster empty in eu-west-1, account 123456789012, has no services.',
  );
  await expect(stage.status({ cluster: 'prodd' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(new Stage().withService().status({ service: 'wbe' })).rejects.toThrow(/wbe/);
});

test('what IAM hides is left out, and the rest is there', async () => {
  const stage = new Stage().withService();
  for (const action of ['ecs:DescribeTaskDefinition', 'ecs:ListTasks', 'ecs:DescribeServiceRevisions'])
    stage.simulator.wire.faults.push(deny(action));
  const [status] = await stage.status();
  expect(status && statusRow(status)).toMatchObject({
    revision: 'web:1',
    condition: 'steady',
    running: 2,
    images: [],
    digests: {},
  });
});

test('one that was deleted is `gone`, as in a list', async () => {
  const stage = new Stage().withService();
  stage.simulator.call('DeleteService', { service: 'web', force: true });
  stage.clock.advance(300);
  const [one] = await stage.status({ service: 'web' });
  expect(one).toMatchObject({ condition: 'gone', details: { tasks: [], targets: [] } });
});

test('one whose revision may not be read has no targets', async () => {
  const stage = new Stage().withService();
  stage.simulator.wire.faults.push(deny('ecs:DescribeTaskDefinition'));
  const [one] = await stage.status({ service: 'web' });
  expect(one).toMatchObject({ condition: 'steady', revision: { unseen: true }, details: { targets: [] } });
  expect(one?.details?.tasks).toHaveLength(2);
});

test('a cluster that does not exist: where it was looked for, and what was meant', async () => {
  const stage = new Stage().withService();
  await expect(stage.status({ cluster: 'defalt' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    mistakes: [
      expect.objectContaining({
        subject: 'cluster',
        problem: 'ECS looked for the cluster defalt of region eu-west-1, account 123456789012.',
        remedy: 'Did you mean `default`?',
      }),
    ],
  });
});

test('200 services of a cluster: ten at a time, and each definition is read once', async () => {
  const stage = new Stage().withService();
  for (let i = 0; i < 199; i++)
    stage.simulator.call('CreateService', {
      serviceName: `service-${i}`,
      taskDefinition: 'web',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
  stage.simulator.wire.calls.length = 0;
  expect(await stage.status()).toHaveLength(200);
  expect([stage.count('DescribeServices'), stage.count('DescribeTaskDefinition')]).toEqual([20, 1]);
});

test.each([
  ['two ways to choose', { service: 'web', 'service-tags': 'a=b' }, /chooses among the services of a cluster/],
  [
    'tags in another mode',
    { mode: 'list', service: 'web', 'service-tags': 'a=b' },
    /service-tags: is for `mode: status`/,
  ],
  ['a tag without a value', { 'service-tags': 'team' }, /service-tags/],
])('inputs that do not fit: %s', async (_, given, message) => {
  const failure = await (async () => new Stage().status(given))().catch((thrown) => thrown);
  expect([failure.code, failure.describe()]).toEqual(['INVALID_INPUT', expect.stringMatching(message)]);
});

test('the services of a list: in its order, each cluster asked once, named with it where there are several', async () => {
  const stage = new Stage().withService();
  stage.simulator.call('CreateCluster', { clusterName: 'blue' });
  const network = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } };
  const also = { taskDefinition: 'web', desiredCount: 1, launchType: 'FARGATE', ...network };
  stage.simulator.call('CreateService', { serviceName: 'api', ...also });
  stage.simulator.call('CreateService', { serviceName: 'web', cluster: 'blue', ...also });
  stage.clock.advance(120);
  stage.simulator.wire.calls.length = 0;
  const services = await stage.status({ services: '- web\n- {service: web, cluster: blue, name: blue}\n- api' });
  expect(services.map(({ service: { name, clusterArn } }) => [name, clusterArn.split('/').at(-1)])).toEqual([
    ['web', 'default'],
    ['web', 'blue'],
    ['api', 'default'],
  ]);
  expect([stage.count('DescribeServices'), stage.count('ListServices'), stage.count('DescribeTaskDefinition')]).toEqual(
    [2, 0, 1],
  );
  expect(
    lines(services)
      .slice(1)
      .map((line) => line.split(/ {2,}/)[0]),
  ).toEqual(['default/web', 'blue/web', 'default/api']);
  const page = render(statusSummaryOf(services));
  expect(page).toMatch(/3 services of default\/eu-west-1, blue\/eu-west-1: all steady/);
  expect(page).toContain('blue/web');
  readsOnly(stage);
  await expect(stage.status({ services: '- web\n- wbe' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Service wbe does not exist'),
  });
});
