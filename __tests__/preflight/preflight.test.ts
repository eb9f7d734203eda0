import fc from 'fast-check';
import { deny } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import type { Failure } from '../../src/failure.ts';
import type { Resources } from '../../src/ports.ts';
import { bad, ok, warn } from '../../src/preflight/check.ts';
import { preflight, refuseBad } from '../../src/preflight/preflight.ts';
import { Account, REGION, SECRET } from './account.ts';
import { container, onInstances, service, subject, troubles, WHOLE } from './made.ts';

/** The whole of it: from a task definition through the real adapters and the wire to lines. */
function ready(): Account {
  const account = new Account().withEverything();
  account.withImage('web', '1', ['linux/amd64']);
  return account;
}
const check = async (account: Account, change: Parameters<typeof subject>[0] = {}) =>
  preflight(subject(change), account.world);

test('all is well with an account that has everything', async () => {
  expect(troubles(await check(ready()))).toEqual([]);
});

test('each thing is asked once', async () => {
  const account = ready();
  await check(account);
  const asked = Map.groupBy(account.simulator.wire.calls, ({ operation }) => operation);
  expect([...asked].map(([operation, calls]) => `${operation} ${calls.length}`).sort()).toEqual([
    'BatchGetImage 1',
    'DescribeAlarms 1',
    'DescribeClusters 1',
    'DescribeLogGroups 1',
    // Its first page is empty here, as it may be in AWS.
    'DescribeParameters 2',
    'DescribeSecret 1',
    'DescribeTargetGroups 1',
    'GetRole 2',
    'GetSecretValue 1',
    'HEAD 1',
    'SimulatePrincipalPolicy 4',
  ]);
});

test('everything is asked side by side, and in two round trips', async () => {
  const account = ready();
  account.simulator.ecs.fleet.instances.push({ id: 'i-1', cpu: 2048, memory: 4096 });
  account.withSingleImage('single', '1', 'amd64');
  let depth = 0;
  let open = 0;
  let most = 0;
  /** A port whose every call takes some turns of the event loop; calls that overlap are one round trip. */
  const slow = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const verb = Reflect.get(target, name);
        if (typeof verb !== 'function') return verb;
        return async (...args: unknown[]) => {
          if (open++ === 0) depth++;
          most = Math.max(most, open);
          for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
          open--;
          return verb.apply(target, args);
        };
      },
    });
  const image = WHOLE.containerDefinitions[0]?.image.replace('/web:', '/single:');
  const change = onInstances({
    definition: { ...container({ image }), networkMode: 'bridge' },
    service: { alarms: { names: ['web-5xx'], enable: true, rollback: true } },
  });
  // Once before: modules that are loaded on the way take their time.
  await preflight(subject(change), { resources: async () => account.resources, ecr: account.world.ecr });
  await preflight(subject(change), { resources: async () => slow(account.resources), ecr: slow(account.world.ecr) });
  expect(depth).toBeLessThanOrEqual(2);
  expect(most).toBeGreaterThanOrEqual(10);
});

test('nothing is asked of a service that the task does not need', async () => {
  const account = ready();
  const plain = { family: 'web', networkMode: 'awsvpc', containerDefinitions: [{ name: 'app', image: 'nginx' }] };
  await check(account, {
    definition: plain,
    service: { loadBalancers: [], alarms: { names: [], enable: false, rollback: false } },
  });
  expect(account.simulator.wire.calls.map(({ operation }) => operation)).toEqual(['DescribeClusters']);
});

test('everything that is missing is reported at once', async () => {
  const account = new Account();
  const checks = await check(account);
  expect(checks.filter(({ status }) => status === 'bad').map(({ subject: about }) => about)).toEqual([
    'task role task',
    'execution role execution',
    'image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1',
    'secret db-AbCdEf (container app, PASSWORD)',
    'parameter /web/flag (container app, FLAG)',
    'file s3://settings/web.env',
    'log group /ecs/web',
    'target group web',
    'alarm web-5xx',
  ]);
  expect(() => refuseBad(checks)).toThrow(/^9 checks before the deployment failed; nothing was changed\.$/);
});

test('an account with the dependencies of a definition and a service has nothing bad', async () => {
  const account = new Account();
  account.withImage('web', '1', ['linux/amd64']);
  const definition = container({
    secrets: [
      { name: 'A', valueFrom: `${SECRET}:one::` },
      { name: 'B', valueFrom: `${SECRET}:two:AWSPREVIOUS:` },
      { name: 'C', valueFrom: '/flag' },
      { name: 'D', valueFrom: `arn:aws:ssm:${REGION}:123456789012:parameter/a/b` },
    ],
  });
  const { loadBalancers } = service();
  createDependencies(account.simulator, definition as Record<string, unknown>, {
    loadBalancers,
    deploymentConfiguration: { alarms: { alarmNames: ['web-5xx'] } },
  });
  expect(troubles(await check(account, { definition }))).toEqual([]);
});

test('who may look at nothing deploys all the same: every right is named, nothing is bad', async () => {
  const account = ready();
  account.simulator.wire.faults.push((call) => deny(`${call.service}:${call.operation}`)(call));
  const checks = await check(account);
  expect(checks.filter(({ status }) => status === 'bad')).toEqual([]);
  expect(checks.flatMap(({ permission }) => permission ?? []).sort()).toEqual([
    'cloudwatch:DescribeAlarms',
    'ecr:BatchGetImage',
    'ecs:DescribeClusters',
    'elasticloadbalancing:DescribeTargetGroups',
    'iam:GetRole',
    'iam:SimulatePrincipalPolicy',
    'logs:DescribeLogGroups',
    's3:GetObject and s3:ListBucket',
    'secretsmanager:DescribeSecret',
    'ssm:DescribeParameters',
  ]);
  expect(() => refuseBad(checks)).not.toThrow();
});

test('a secret whose key the role may not decrypt names the right on the key', async () => {
  const account = ready();
  account.simulator.wire.faults.push(({ operation }) =>
    operation === 'GetSecretValue'
      ? new ApiException('AccessDeniedException', 'Access to KMS is not allowed')
      : undefined,
  );
  expect(troubles(await check(account))).toEqual([expect.stringContaining('Allow kms:Decrypt')]);
});

test('an API that does not answer holds nothing up', async () => {
  const account = ready();
  account.simulator.wire.faults.push(({ service }) =>
    service === 'ssm' ? new ApiException('InternalServerError', 'We are sorry.', 500) : undefined,
  );
  expect(troubles(await check(account))).toEqual([
    'skip parameter /web/flag: not checked (ssm:DescribeParameters failed: We are sorry.).',
  ]);
});

test('the platform of a single manifest is in its config; without the right to read that it is taken as it is', async () => {
  const account = ready();
  account.withSingleImage('web', '1', 'arm64');
  expect(troubles(await check(account))).toEqual([expect.stringMatching(/^bad image .*linux\/arm64/)]);
  account.simulator.wire.faults.push(deny('ecr:GetDownloadUrlForLayer'));
  expect(troubles(await check(account))).toEqual([expect.stringMatching(/^skip image .*platforms could not be read/)]);
});

test('secrets and parameters of another region are asked there', async () => {
  const account = ready();
  const away = SECRET.replace(REGION, 'us-east-2');
  account.simulator.secretsManager.secrets.set(away, { versions: { v1: { stages: ['AWSCURRENT'], value: '1' } } });
  const regions = new Set<string>();
  const seen: Resources = {
    ...account.resources,
    secret: (region, arn) => {
      regions.add(region);
      return account.resources.secret(region, arn);
    },
  };
  const definition = container({ secrets: [{ name: 'X', valueFrom: away }] });
  const checks = await preflight(subject({ definition }), { ...account.world, resources: async () => seen });
  expect(troubles(checks)).toEqual([]);
  expect([...regions]).toEqual(['us-east-2']);
});

test('a cancel ends it', async () => {
  const { Failure: Real } = await import('../../src/failure.ts');
  const account = ready();
  const resources = {
    ...account.resources,
    alarms: () => Promise.reject(new Real('CANCELLED', 'The run was cancelled.')),
  };
  await expect(preflight(subject(), { ...account.world, resources: async () => resources })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

test('no value of a secret is in any line, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 6 }), fc.constantFrom('text', 'object', 'list'), async (value, form) => {
      const marked = `v4lue-${value}`;
      const account = ready();
      const stored = form === 'text' ? marked : JSON.stringify(form === 'object' ? { other: marked } : [marked]);
      account.simulator.secretsManager.secrets.set(SECRET, {
        versions: { v1: { stages: ['AWSCURRENT'], value: stored } },
      });
      const checks = await check(account);
      expect(JSON.stringify(checks)).not.toContain('v4lue-');
      expect(account.masked.join('\n')).toContain('v4lue-');
    }),
    { numRuns: 20 },
  );
});

describe('refuseBad', () => {
  const refused = (): Failure => {
    try {
      refuseBad([ok('a', 'is well.'), bad('b', 'is wrong.', 'Mend it.'), warn('c', 'may be wrong.')]);
    } catch (thrown) {
      return thrown as Failure;
    }
    throw new Error('it was not refused');
  };
  test('says what is bad with its remedy, and how to deploy without the checks', () => {
    expect(refused().code).toBe('PREFLIGHT_FAILED');
    expect(refused().describe()).toBe(
      [
        'One check before the deployment failed; nothing was changed.',
        '  - b: is wrong. Mend it.',
        'What to do: Correct that and run again. `preflight: false` deploys without these checks.',
      ].join('\n'),
    );
  });
  test('lets warnings and skips pass', () => {
    expect(() => refuseBad([warn('c', 'may be wrong.')])).not.toThrow();
  });
});
