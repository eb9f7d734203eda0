import { odd } from '../../../simulator/simulator.ts';
import { Failure } from '../../../src/failure.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { outputsOf } from '../../../src/report/outputs.ts';
import {
  configuration,
  described,
  existing,
  express,
  OFFICIAL,
  planned,
  ROLES,
  requests,
} from '../../support/express.ts';
import { killAt } from '../../support/killed.ts';
import { CONTEXT, Stage } from '../../support/world.ts';

test('another port of the container: ECS sends the requests there', async () => {
  const stage = await existing();
  const given = { service: 'web', image: 'example.com/app:2', 'container-port': '3000' };
  expect(await express(stage, given)).toMatchObject({ kind: 'deployed' });
  expect(configuration(stage)).toMatchObject({ primaryContainer: { containerPort: 3000 } });
  expect(stage.simulator.script.service('web').loadBalancers).toMatchObject([{ containerPort: 3000 }]);
});

describe('an Express Mode service that does not exist', () => {
  test('is created with the inputs of the official action as they are, and its URL is an output', async () => {
    const stage = new Stage();
    const outcome = await express(stage, {
      ...OFFICIAL,
      'container-port': '8080',
      'environment-variables': '[{"name": "NODE_ENV", "value": "production"}]',
      secrets: '[{"name": "DB", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"}]',
      command: '["node", "server.js"]',
      tags: '[{"key": "team", "value": "web"}]',
      'mutate-tags-on-update': 'false',
      cpu: '1024',
      memory: '2048',
      'task-role-arn': 'arn:aws:iam::123456789012:role/task',
      subnets: 'subnet-1,subnet-2',
      'security-groups': 'sg-1',
      'health-check-path': '/health',
      'min-task-count': '2',
      'max-task-count': '10',
      'auto-scaling-metric': 'AVERAGE_CPU',
      'auto-scaling-target-value': '70',
    });
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
    expect(requests(stage, 'CreateExpressGatewayService')).toEqual([
      {
        cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/default',
        serviceName: 'web',
        infrastructureRoleArn: ROLES['infrastructure-role-arn'],
        executionRoleArn: ROLES['execution-role-arn'],
        taskRoleArn: 'arn:aws:iam::123456789012:role/task',
        cpu: '1024',
        memory: '2048',
        healthCheckPath: '/health',
        networkConfiguration: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
        scalingTarget: {
          minTaskCount: 2,
          maxTaskCount: 10,
          autoScalingMetric: 'AVERAGE_CPU',
          autoScalingTargetValue: 70,
        },
        tags: [{ key: 'team', value: 'web' }],
        primaryContainer: {
          image: expect.stringMatching(/^example\.com\/app:1$/),
          containerPort: 8080,
          command: ['node', 'server.js'],
          environment: [{ name: 'NODE_ENV', value: 'production' }],
          secrets: [{ name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db' }],
        },
      },
    ]);
    expect([stage.count('RegisterTaskDefinition'), stage.count('CreateService')]).toEqual([0, 0]);
    const outputs = Object.fromEntries(stage.outputs);
    expect(outputs['service-created']).toBe('true');
    expect(outputs['task-definition-arn']).toMatch(/default-web:1$/);
    const log = stage.lines.join('\n');
    expect(log).toContain('created web in the cluster default (Express Mode)');
    // The same step again finds nothing to do, and asks for no change.
    stage.simulator.wire.calls.length = 0;
    const again = await express(stage, {
      ...OFFICIAL,
      'container-port': '8080',
      'health-check-path': '/health',
      'min-task-count': '2',
      tags: 'team=web',
    });
    expect(again.kind).toBe('unchanged');
    expect([stage.count('UpdateExpressGatewayService'), stage.count('RegisterTaskDefinition')]).toEqual([0, 0]);
  });

  test('sends what was given, nothing else', async () => {
    const stage = new Stage();
    await express(stage, OFFICIAL);
    expect(requests(stage, 'CreateExpressGatewayService')).toEqual([
      {
        cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/default',
        serviceName: 'web',
        infrastructureRoleArn: ROLES['infrastructure-role-arn'],
        executionRoleArn: ROLES['execution-role-arn'],
        primaryContainer: { image: 'example.com/app:1' },
      },
    ]);
  });

  test('is created with a revision of its own where a template is given', async () => {
    const stage = new Stage();
    stage.files.set(
      'task-definition.json',
      JSON.stringify({
        family: 'web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        executionRoleArn: ROLES['execution-role-arn'],
        containerDefinitions: [
          { name: 'Main', image: '${IMAGE}', portMappings: [{ containerPort: 8080, name: 'main' }] },
          { name: 'proxy', image: 'example.com/proxy:1' },
        ],
      }),
    );
    const given = {
      service: 'web',
      express: 'true',
      image: 'example.com/app:1',
      'infrastructure-role-arn': ROLES['infrastructure-role-arn'],
      'task-definition': 'task-definition.json',
    };
    const outcome = await express(stage, given);
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
    expect(requests(stage, 'CreateExpressGatewayService')).toEqual([
      expect.objectContaining({
        taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
        infrastructureRoleArn: ROLES['infrastructure-role-arn'],
      }),
    ]);
    expect((await express(stage, given)).kind).toBe('unchanged');
  });

  test('whose inputs cannot create it is refused with all that is missing, before anything is changed', async () => {
    const stage = new Stage();
    const failed = await express(stage, { service: 'web', express: 'true', 'docker-labels': 'a=b' }).catch(
      (thrown) => thrown,
    );
    expect(failed).toBeInstanceOf(Failure);
    expect((failed as Failure).mistakes?.map(({ subject }) => subject)).toEqual([
      'infrastructure-role-arn',
      'execution-role-arn',
      'image',
      'docker-labels',
    ]);
    // Beside the service, only what exists is asked for: one of a similar name may be meant.
    expect(stage.simulator.wire.calls.map(({ operation }) => operation)).toEqual(['DescribeServices', 'ListServices']);
  });

  test('whose first deployment fails is deleted, with the cause', async () => {
    const stage = new Stage();
    stage.simulator.script.image('app:1', { exit: { afterSeconds: 2, code: 3 } });
    const outcome = await express(stage, OFFICIAL);
    expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'deleted' });
    expect(outcome.headline).toContain('an Express Mode service cannot be scaled to 0');
    expect(outcome.diagnoses[0]?.rule).toBeDefined();
    expect(stage.count('DeleteExpressGatewayService')).toBe(1);
    // The next run creates it again, once ECS has deleted it.
    stage.simulator.script.image('app:1', {});
    expect(await express(stage, OFFICIAL)).toMatchObject({ kind: 'deployed', created: true });
  });

  test.each(['500', 'truncated', '{}'])('is deleted once where the answer gets lost (%s)', async (kind) => {
    const stage = new Stage();
    stage.simulator.script.image('app:1', { exit: { afterSeconds: 2, code: 3 } });
    const lost = odd('DeleteExpressGatewayService', kind, { acts: true });
    if (lost) stage.simulator.wire.disturbances.push(lost);
    expect(await express(stage, OFFICIAL)).toMatchObject({
      kind: 'failed',
      firstFailure: 'deleted',
      done: expect.stringMatching(/^web was deleted/),
    });
  });

  test('that another client deletes meanwhile is not deleted again', async () => {
    const stage = new Stage();
    stage.simulator.script.at(60, () => {
      const serviceArn = 'arn:aws:ecs:eu-west-1:123456789012:service/default/web';
      stage.simulator.call('DeleteExpressGatewayService', { serviceArn });
    });
    expect(await express(stage, OFFICIAL)).toMatchObject({
      kind: 'failed',
      done: 'web has been deleted: ECS starts no more tasks of it.',
    });
    expect(stage.count('DeleteExpressGatewayService')).toBe(0);
  });

  test('is deleted by a cancelled run, and post finds it so', async () => {
    const stage = new Stage();
    stage.simulator.script.at(60, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const outcome = await express(stage, { ...OFFICIAL, 'on-cancel': 'rollback' });
    expect(outcome).toMatchObject({ kind: 'cancelled', firstFailure: 'deleted' });
    expect(await stage.post({ 'on-cancel': 'rollback' })).toMatchObject({ kind: 'cancelled', firstFailure: 'deleted' });
    expect(stage.count('DeleteExpressGatewayService')).toBe(1);
  });

  test('is planned: nothing is changed', async () => {
    const stage = new Stage();
    const foreseen = await planned(stage, { ...OFFICIAL, 'health-check-path': '/health' });
    expect(foreseen).toMatchObject({ creates: true, updates: true });
    expect(foreseen.reasons.join('\n')).toContain(
      'The service web would be created with a revision that ECS registers (Express Mode); if its first deployment fails, it is deleted.',
    );
    expect(foreseen.settings).toEqual([{ subject: 'healthCheckPath', kind: 'added', after: '/health' }]);
    expect(stage.simulator.wire.calls.some(({ operation }) => /^(Create|Register|Update)/.test(operation))).toBe(false);
  });
});

describe('an Express Mode service that exists', () => {
  test('is recognised without any input, and gets a revision made from what it runs', async () => {
    const stage = await existing();
    const outcome = await express(stage, {
      service: 'web',
      image: 'example.com/app:2',
      'environment-variables': 'A=1',
    });
    expect(outcome.kind).toBe('deployed');
    expect(requests(stage, 'UpdateExpressGatewayService')).toEqual([
      {
        serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
        taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/default-web:2',
      },
    ]);
    expect([stage.count('UpdateService'), stage.count('RegisterTaskDefinition')]).toEqual([0, 1]);
    expect(configuration(stage)).toMatchObject({
      primaryContainer: {
        containerPort: 8080,
        environment: [
          { name: 'LOG_LEVEL', value: 'info' },
          { name: 'A', value: '1' },
        ],
        awsLogsConfiguration: { logGroup: '/aws/ecs/default/web', logStreamPrefix: 'ecs' },
      },
    });
    const log = stage.lines.join('\n');
    expect(log).toMatch(/CANARY deployment: .*5 %/);
  });

  test('gets the settings that differ, and those alone', async () => {
    const stage = await existing();
    const given = {
      ...OFFICIAL,
      'health-check-path': '/health',
      'max-task-count': '5',
      'min-task-count': '1',
      subnets: 'subnet-default-b, subnet-default-a',
    };
    const foreseen = await planned(stage, given);
    expect(foreseen.settings).toEqual([
      { subject: 'healthCheckPath', kind: 'changed', before: '/ping', after: '/health' },
      { subject: 'scalingTarget.maxTaskCount', kind: 'changed', before: '20', after: '5' },
    ]);
    const outcome = await express(stage, given);
    expect(outcome.kind).toBe('deployed');
    expect(requests(stage, 'UpdateExpressGatewayService')).toEqual([
      {
        serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
        healthCheckPath: '/health',
        scalingTarget: {
          minTaskCount: 1,
          maxTaskCount: 5,
          autoScalingMetric: 'AVERAGE_CPU',
          autoScalingTargetValue: 60,
        },
      },
    ]);
  });

  test('of which the scaling alone changes needs no deployment', async () => {
    const stage = await existing();
    const outcome = await express(stage, { ...OFFICIAL, 'min-task-count': '2' });
    expect(outcome.kind).toBe('deployed');
    expect(stage.lines.join('\n')).toContain('settings changed; ECS needs no new deployment for them');
    expect(configuration(stage)).toMatchObject({ scalingTarget: { minTaskCount: 2 } });
  });

  test('gets its tags; others are removed where that is asked for', async () => {
    const tags = [
      { key: 'old', value: '1' },
      { key: 'AmazonECSManaged', value: 'true' },
    ];
    const stage = await existing({ tags });
    await express(stage, { ...OFFICIAL, tags: 'team=web' });
    expect(described(stage).tags).toEqual([...tags, { key: 'team', value: 'web' }]);
    await express(stage, { ...OFFICIAL, tags: 'team=web', 'mutate-tags-on-update': 'true' });
    expect(described(stage).tags).toEqual([
      { key: 'AmazonECSManaged', value: 'true' },
      { key: 'team', value: 'web' },
    ]);
  });

  test('that crashes is explained, and rolled back to what ran before', async () => {
    const stage = await existing();
    stage.simulator.script.image('app:2', { exit: { afterSeconds: 2, code: 3 } });
    const outcome = await express(stage, { ...OFFICIAL, image: 'example.com/app:2' });
    expect(outcome.kind).toBe('rolled-back');
    expect(outcome.diagnoses.length).toBeGreaterThan(0);
    expect(stage.simulator.script.truth('web').taskDefinition).toMatch(/default-web:1$/);
  });

  test('whose alarm goes off in the bake time is no success', async () => {
    const stage = await existing();
    stage.simulator.script.alarm('default-web/RollbackAlarm', 'ALARM', 120);
    const outcome = await express(stage, { ...OFFICIAL, image: 'example.com/app:2' });
    expect(outcome.kind).toBe('rolled-back');
    expect(outcome.headline).toMatch(/alarm/i);
  });

  test('does not take what ECS manages of it, nor a template without the container Main', async () => {
    const stage = await existing();
    const refused = await express(stage, {
      service: 'web',
      image: 'example.com/app:2',
      'desired-count': '3',
      'circuit-breaker': 'rollback',
      strategy: 'BLUE_GREEN',
    }).catch((thrown) => thrown);
    expect((refused as Failure).mistakes?.map(({ subject }) => subject)).toEqual([
      'desired-count',
      'circuit-breaker',
      'strategy',
    ]);
    stage.template();
    const unfit = await express(stage, { service: 'web', 'task-definition': 'task-definition.json' }).catch(
      (thrown) => thrown,
    );
    expect(unfit).toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
    expect((unfit as Failure).mistakes?.[0]?.remedy).toContain('`Main`');
    expect(stage.count('UpdateExpressGatewayService')).toBe(0);
  });

  test('`mode: rollback` restores the revision that ran before', async () => {
    const stage = await existing();
    await express(stage, { ...OFFICIAL, image: 'example.com/app:2' });
    const outcome = await stage.rollback(undefined, { preflight: 'false' });
    expect(outcome.kind).toBe('deployed');
    expect(requests(stage, 'UpdateExpressGatewayService').at(-1)).toEqual({
      serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/default-web:1',
    });
  });

  test('`force-new-deployment` replaces the tasks of the same revision', async () => {
    const stage = await existing();
    const outcome = await express(stage, { ...OFFICIAL, 'force-new-deployment': 'true' });
    expect(outcome.kind).toBe('deployed');
    expect([stage.count('UpdateExpressGatewayService'), stage.count('UpdateService')]).toEqual([0, 1]);
  });
});

test('a service of another kind does not become one', async () => {
  const stage = new Stage().withService();
  stage.template();
  const failed = await express(stage, { ...OFFICIAL, 'health-check-path': '/x' }).catch((thrown) => thrown);
  expect(failed).toMatchObject({ code: 'INVALID_INPUT' });
  expect((failed as Failure).mistakes?.map(({ subject }) => subject)).toEqual([
    'infrastructure-role-arn',
    'health-check-path',
  ]);
});

describe('a run that is killed', () => {
  const again = (stage: Stage, given: Readonly<Record<string, string>>): Promise<Outcome> =>
    express(stage, given, stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' }));
  const operations = (stage: Stage): string[] => stage.simulator.wire.calls.map(({ operation }) => operation);
  const revisions = (stage: Stage): number =>
    (
      stage.simulator.call('ListTaskDefinitions', { familyPrefix: 'default-web' }) as unknown as {
        taskDefinitionArns: [];
      }
    ).taskDefinitionArns.length;

  test.each([
    ['while the service is created', 'CreateExpressGatewayService', 'asked', /The service web was not created\.$/],
    [
      'while the service is created',
      'CreateExpressGatewayService',
      'answered',
      /ECS continues to roll out default-web:1/,
    ],
    ['after the service is created', 'TagResource', 'asked', /ECS continues to roll out default-web:1/],
  ] as const)('%s (%s is %s): post says so, and the next attempt ends well', async (_, operation, when, words) => {
    const whole = new Stage();
    await express(whole, OFFICIAL);
    const call = operations(whole).indexOf(operation) + 1;
    const stage = new Stage();
    expect(await killAt(stage, { call, when }, (world) => express(stage, OFFICIAL, world))).toBe('killed');
    expect((await stage.post())?.headline).toMatch(words);
    expect((await again(stage, OFFICIAL)).kind).toMatch(/^(deployed|unchanged)$/);
    expect(stage.count('CreateExpressGatewayService')).toBe(1);
    expect(revisions(stage)).toBe(1);
  });

  test('while the first tasks crash: post deletes the service that it started', async () => {
    const stage = new Stage();
    stage.simulator.script.image('app:1', { exit: { afterSeconds: 2, code: 3 } });
    const whole = new Stage();
    await express(whole, OFFICIAL);
    const call = operations(whole).indexOf('TagResource') + 1;
    await killAt(stage, { call, when: 'answered' }, (world) => express(stage, OFFICIAL, world));
    stage.clock.advance(60);
    expect(await stage.post()).toMatchObject({ kind: 'cancelled', firstFailure: 'deleted' });
    expect(stage.count('DeleteExpressGatewayService')).toBe(1);
  });

  test.each([
    [
      'asked',
      'leave',
      /default-web:2 was not deployed; web runs default-web:1\. The unused default-web:2 was deregistered\./,
    ],
    ['answered', 'leave', /ECS continues to roll out default-web:2/],
    ['answered', 'rollback', /web was rolled back to default-web:1/],
  ] as const)('while the service is updated (%s), with on-cancel: %s', async (when, onCancel, words) => {
    const given = { service: 'web', image: 'example.com/app:2', 'on-cancel': onCancel };
    const whole = await existing();
    await express(whole, given);
    const call = operations(whole).indexOf('UpdateExpressGatewayService') + 1;
    const stage = await existing();
    await killAt(stage, { call, when }, (world) => express(stage, given, world));
    expect((await stage.post({ 'on-cancel': onCancel }))?.headline).toMatch(words);
    const ended = await again(stage, given);
    expect(ended.kind).toMatch(/^(deployed|unchanged)$/);
    stage.clock.advance(600);
    expect(configuration(stage)).toMatchObject({ primaryContainer: { image: expect.stringContaining('app:2') } });
    expect(stage.service().deployments).toHaveLength(1);
  });
});

test('the URL is an output, as the official action has it, and the ARN of the service', async () => {
  const stage = new Stage();
  const outcome = await express(stage, OFFICIAL);
  expect(outcome.endpoint).toMatch(/^https:\/\/web-[0-9a-f]+\.ecs\.eu-west-1\.on\.aws$/);
  expect(outputsOf(outcome)).toMatchObject({
    endpoint: outcome.endpoint,
    'service-arn': 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
  });
});
