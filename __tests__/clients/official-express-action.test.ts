import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { type OfficialRun, runOfficial } from '../support/official.ts';

/**
 * AWS's own action for Express Mode services, a client that we did not write, holds the simulator honest. It is never part of this
 * repository: CONTRIBUTING says how to fetch it and name its folder in OFFICIAL_EXPRESS_ACTION.
 */
const action = process.env.OFFICIAL_EXPRESS_ACTION;
const whenFetched = action ? test : test.skip;

const clock = new RealClock(60);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'official-express-'));
let server: { endpoint: string; close(): Promise<void> };
beforeAll(async () => {
  server = await simulator.listen();
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const INPUTS = {
  'service-name': 'web',
  'execution-role-arn': 'arn:aws:iam::123456789012:role/exec',
  'infrastructure-role-arn': 'arn:aws:iam::123456789012:role/infra',
  'container-port': '8080',
  'health-check-path': '/health',
  'environment-variables': '[{"name":"A","value":"1"}]',
  'min-task-count': '2',
  'max-task-count': '4',
  subnets: 'subnet-1,subnet-2',
  tags: 'team=web',
};

const run = (inputs: Readonly<Record<string, string>>): Promise<OfficialRun> =>
  runOfficial(action ?? '', {
    endpoint: server.endpoint,
    folder,
    outputs: 'outputs',
    env: Object.fromEntries(
      Object.entries({ ...INPUTS, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
  });

whenFetched(
  'it creates the service, updates it, waits for both deployments, and has the URL',
  async () => {
    const created = await run({ image: 'example.com/app:1' });
    expect(created.log).not.toContain('::error');
    expect(created.log).toContain('Deployment completed successfully');
    expect([created.exitCode, created.outputs]).toEqual([0, expect.stringMatching(/https:\/\/web-.*\.on\.aws/)]);
    const updated = await run({ image: 'example.com/app:2', 'mutate-tags-on-update': 'true', tags: 'team=shop' });
    expect([updated.exitCode, updated.log]).toEqual([0, expect.stringContaining('Deployment completed successfully')]);
    expect(simulator.call('DescribeServices', { services: ['web'], include: ['TAGS'] })).toMatchObject({
      services: [
        {
          taskDefinition: expect.stringMatching(/default-web:2$/),
          runningCount: 2,
          resourceManagementType: 'ECS',
          tags: [{ key: 'team', value: 'shop' }],
        },
      ],
    });
  },
  180_000,
);
