import { Failure } from '../src/failure.ts';
import { explainMissing } from '../src/missing.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012';
const NO_SERVICE = new Failure('NOT_FOUND', 'Service wbe does not exist in the cluster production.');
const NO_CLUSTER = new Failure('NOT_FOUND', 'ecs:DescribeServices failed: Cluster not found.', {
  api: {
    service: 'ecs',
    operation: 'DescribeServices',
    name: 'ClusterNotFoundException',
    message: 'Cluster not found.',
  },
});
const never = new Promise<never>(() => {});

interface Given {
  readonly failure?: Failure;
  readonly service?: string;
  readonly cluster?: string;
  readonly services?: (cluster?: string) => Promise<string[]>;
  readonly clusters?: () => Promise<string[]>;
  readonly late?: boolean;
}

async function explained({
  failure = NO_SERVICE,
  service = 'wbe',
  cluster = 'production',
  ...given
}: Given): Promise<string> {
  const world = {
    ecs: {
      listServices: given.services ?? (async () => [`${ARN}:service/production/web`, `${ARN}:service/production/api`]),
      listClusters: given.clusters ?? (async () => [`${ARN}:cluster/production`]),
    },
    identity: { caller: async () => ({ accountId: '123456789012', arn: '', partition: 'aws' }) },
    clock: { now: () => 0, random: () => 0, sleep: () => (given.late ? Promise.resolve() : never) },
    signal: new AbortController().signal,
  };
  const place = {
    service: { service, cluster },
    aws: { region: 'eu-west-1', allowedAccountIds: [] },
  };
  return (await explainMissing(failure, place as never, world as never)).describe();
}

test('a misspelt service: where it was looked for, and the one that was meant', async () => {
  expect(await explained({})).toBe(
    [
      'Service wbe does not exist in the cluster production.',
      '  - service: ECS looked for the service wbe in the cluster production of region eu-west-1, account 123456789012. Did you mean `web`?',
    ].join('\n'),
  );
});

test('no near name: what there is', async () => {
  expect(await explained({ service: 'billing' })).toContain('The cluster has `api`, `web`.');
  expect(await explained({ services: async () => [] })).toContain('The cluster has no services in this region.');
  const many = async () => Array.from({ length: 30 }, (_, index) => `${ARN}:service/production/service-${index}`);
  expect(await explained({ services: many, service: 'zzz' })).toContain('`service-15` and 22 more.');
});

const inClusters = (names: readonly string[], having: readonly string[]) => ({
  clusters: async () => names.map((name) => `${ARN}:cluster/${name}`),
  services: async (cluster = '') =>
    having.some((name) => cluster.endsWith(`/${name}`)) ? [`${ARN}:service/x/wbe`] : [`${ARN}:service/x/web`],
});
test('a service of another cluster: which one has it; of many clusters none is searched', async () => {
  expect(await explained(inClusters(['production', 'staging', 'test'], ['staging']))).toContain(
    'account 123456789012. The cluster `staging` has a service of that name: correct the input `cluster`.',
  );
  expect(await explained(inClusters(['staging', 'test'], ['staging', 'test']))).toContain(
    'The clusters `staging`, `test` have a service of that name',
  );
  expect(await explained(inClusters(['production', 'staging'], []))).toContain('Did you mean `web`?');
  const many = Array.from({ length: 12 }, (_, i) => `c${i}`);
  expect(await explained(inClusters(many, ['c3']))).not.toContain('c3');
});

test('a cluster: the one that was meant, and that none was given', async () => {
  const failure = NO_CLUSTER;
  expect(await explained({ failure, cluster: 'produktion' })).toContain(
    '- cluster: ECS looked for the service wbe in the cluster produktion',
  );
  expect(await explained({ failure, cluster: 'produktion' })).toContain('Did you mean `production`?');
  expect(await explained({ failure, cluster: 'default' })).toContain(
    'Without the input `cluster` that is the cluster `default`. The account has `production`.',
  );
});

test('what may not be listed, or takes too long, is left out', async () => {
  const services = () => Promise.reject(new Failure('ACCESS_DENIED', 'no'));
  const text = await explained({ services });
  expect(text).toContain('account 123456789012.');
  expect(text).not.toContain('has');
  expect(await explained({ services: () => never, late: true })).toContain('of region eu-west-1');
});

test('the failure keeps its code, its remedy and the call behind it', async () => {
  const world = {
    ecs: { listServices: async () => [], listClusters: async () => [] },
    identity: { caller: async () => ({ accountId: '123456789012', arn: '', partition: 'aws' }) },
    clock: { now: () => 0, random: () => 0, sleep: () => never },
    signal: new AbortController().signal,
  };
  const role = { arn: 'arn:aws:iam::123456789012:role/deploy' };
  const place = {
    service: { service: 'web', cluster: 'c' },
    aws: { region: 'eu-west-1', allowedAccountIds: [], role },
  };
  const failure = new Failure('NOT_FOUND', 'gone', {
    ...(NO_CLUSTER.api ? { api: NO_CLUSTER.api } : {}),
    remedy: 'Look again.',
    mistakes: [{ subject: 'x', problem: 'y' }],
  });
  const found = await explainMissing(failure, place as never, world as never);
  expect(found).toMatchObject({
    code: 'NOT_FOUND',
    message: 'gone',
    remedy: 'Look again.',
    api: NO_CLUSTER.api,
    cause: failure,
  });
  expect(found.mistakes).toEqual([
    { subject: 'x', problem: 'y' },
    {
      subject: 'cluster',
      problem:
        'ECS looked for the service web in the cluster c of region eu-west-1, account 123456789012, with arn:aws:iam::123456789012:role/deploy.',
      remedy: 'The account has no clusters in this region.',
    },
  ]);
});

test('a cancelled run waits for no list', async () => {
  const cancel = new AbortController();
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      const stop = (): void => reject(new Error('stopped'));
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
    });
  const world = {
    ecs: { listServices: () => never, listClusters: () => never },
    identity: { caller: () => never },
    clock: { now: () => 0, random: () => 0, sleep },
    signal: cancel.signal,
  };
  const place = { service: { service: 'web', cluster: 'c' }, aws: { region: 'eu-west-1', allowedAccountIds: [] } };
  const explaining = explainMissing(NO_SERVICE, place as never, world as never);
  cancel.abort();
  expect((await explaining).mistakes).toEqual([
    { subject: 'service', problem: 'ECS looked for the service web in the cluster c of region eu-west-1.' },
  ]);
});
