import { odd } from '../../../simulator/simulator.ts';
import { ApiException } from '../../../simulator/wire/service.ts';
import { createDependencies } from '../../../simulator/world/dependencies.ts';
import { Failure } from '../../../src/failure.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string, more: Readonly<Record<string, unknown>> = {}) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image, ...more }],
});
const SERVICE = {
  launchType: 'FARGATE',
  desiredCount: 2,
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
};
const DEFINED = { 'service-definition': 'service.json' };
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const BALANCED = { loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }] };

/** A cluster without a service, and the file of one. */
function empty(definition: Readonly<Record<string, unknown>> = {}): Stage {
  const stage = new Stage();
  createDependencies(stage.simulator, TASK_DEFINITION, definition);
  stage.template(app('example.com/app:1'));
  define(stage, definition);
  return stage;
}
const define = (stage: Stage, definition: Readonly<Record<string, unknown>>): void =>
  void stage.files.set('service.json', JSON.stringify({ ...SERVICE, ...definition }));
/** The service as ECS describes it, with its tags. */
const described = (stage: Stage): Record<string, unknown> => {
  const answer = stage.simulator.call('DescribeServices', { services: ['web'], include: ['TAGS'] });
  return (answer as unknown as { services: Record<string, unknown>[] }).services[0] ?? {};
};
const crashing = { exit: { afterSeconds: 2, code: 3 } };

describe('a service that does not exist', () => {
  test('is created, its first deployment is watched, and there is no revision before it', async () => {
    const stage = empty({ ...BALANCED, tags: [{ key: 'team', value: '${TEAM}' }], healthCheckGracePeriodSeconds: 30 });
    const outcome = await stage.deploy({ ...DEFINED, variables: 'TEAM=web' });
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
    expect(outcome.previous).toBeUndefined();
    expect(outcome.headline).toBe('web:1 runs: 2 tasks, healthy. Now web:1 serves: 2 of 2.');
    expect(described(stage)).toMatchObject({
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: SERVICE.networkConfiguration,
      healthCheckGracePeriodSeconds: 30,
      tags: [{ key: 'team', value: 'web' }],
      ...BALANCED,
    });
    expect(Object.fromEntries(stage.outputs)).toMatchObject({ 'service-created': 'true' });
    expect(stage.outputs.has('previous-task-definition-arn')).toBe(false);
    const log = stage.lines.join('\n');
    expect(log).toContain('web does not exist and is created. First deployment: 2 tasks.');
    expect(log).toContain('created web in the cluster default');
    // The next run finds nothing to do.
    const again = await stage.deploy({ ...DEFINED, variables: 'TEAM=web' });
    expect(again.kind).toBe('unchanged');
    expect([stage.count('CreateService'), stage.count('UpdateService'), stage.count('TagResource')]).toEqual([1, 0, 0]);
  });

  test('is created with what the inputs say, before what the definition says', async () => {
    const stage = empty({
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150, alarms: undefined },
      enableExecuteCommand: false,
      propagateTags: 'NONE',
    });
    await stage.deploy({
      ...DEFINED,
      'desired-count': '3',
      'minimum-healthy-percent': '50',
      'circuit-breaker': 'rollback',
      'propagate-tags': 'SERVICE',
    });
    expect(described(stage)).toMatchObject({
      desiredCount: 3,
      propagateTags: 'SERVICE',
      deploymentConfiguration: {
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
  });

  test('without `service-definition` is an error as before', async () => {
    await expect(empty().deploy({})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a YAML file and an export of another service are taken as they are', async () => {
    const stage = empty();
    stage.files.set(
      'service.yml',
      'launchType: FARGATE\ndesiredCount: 1\nnetworkConfiguration:\n  awsvpcConfiguration:\n    subnets: [subnet-1]\n',
    );
    expect((await stage.deploy({ 'service-definition': 'service.yml' })).kind).toBe('deployed');
    const exported = { services: [{ ...described(stage), serviceName: 'api' }] };
    stage.files.set('service.json', JSON.stringify(exported));
    const outcome = await stage.deploy({ ...DEFINED, service: 'api' });
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
  });

  test('of which only a deleted one is left, is created again; one that is being deleted is waited for', async () => {
    const stage = empty().withService();
    stage.simulator.model.behaviours.set('app:1', { stopSeconds: 60 });
    stage.simulator.call('DeleteService', { service: 'web', force: true });
    stage.template(app('example.com/app:1'));
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
    expect(stage.lines.join('\n')).toContain('is being deleted (DRAINING');
    expect(stage.count('CreateService')).toBe(1);
  });
});

describe('a first deployment that fails', () => {
  test('is scaled to 0, and the next run that works has the count of the definition', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', crashing);
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'scaled-to-zero', created: true });
    expect(outcome.headline).toContain('exit code 3');
    expect(outcome.headline).toContain('web was scaled to 0 tasks: no deployment of it has ever succeeded');
    stage.clock.advance(600);
    expect(described(stage)).toMatchObject({ desiredCount: 0, runningCount: 0, status: 'ACTIVE' });
    // The same crash again: nothing is known to have run, so nothing is rolled back to.
    stage.template(app('example.com/app:1', { command: ['again'] }));
    const second = await stage.deploy(DEFINED);
    expect(second).toMatchObject({ kind: 'failed', firstFailure: 'scaled-to-zero' });
    expect(described(stage)).toMatchObject({ desiredCount: 0 });
    stage.template(app('example.com/app:2'));
    const third = await stage.deploy(DEFINED);
    expect(third.kind).toBe('deployed');
    expect(described(stage)).toMatchObject({ desiredCount: 2, runningCount: 2 });
    expect(stage.count('CreateService')).toBe(1);
    // What a user scales to 0 later stays there.
    stage.simulator.call('UpdateService', { service: 'web', desiredCount: 0 });
    stage.clock.advance(60);
    await stage.deploy(DEFINED);
    expect(described(stage)).toMatchObject({ desiredCount: 0 });
  });

  test('works with the same revision once its surroundings are repaired', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', crashing);
    await stage.deploy(DEFINED);
    stage.simulator.model.behaviours.delete('app:1');
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'deployed', revision: { revision: 1 } });
    expect(described(stage)).toMatchObject({ runningCount: 2 });
    stage.simulator.call('UpdateService', { service: 'web', desiredCount: 0 });
    stage.clock.advance(60);
    await stage.deploy(DEFINED);
    expect(described(stage)).toMatchObject({ desiredCount: 0 });
  });

  test('names no old tasks, and no completion that there was not', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', crashing);
    const outcome = await stage.deploy(DEFINED);
    const { phasesOf } = await import('../../../src/report/phases.ts');
    const startedAt = outcome.deployment?.startedAt ?? 0;
    expect(phasesOf(outcome, startedAt).map(({ name }) => name)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/ECS completes|old tasks/)]),
    );
    stage.simulator.model.behaviours.delete('app:1');
    const good = await stage.deploy(DEFINED);
    expect(phasesOf(good, good.deployment?.startedAt ?? 0).map(({ name }) => name)).toContain('ECS completes');
    expect(stage.lines.join('\n')).not.toMatch(/old tasks are removed/);
    expect(stage.lines.join('\n')).toContain('stage CLEAN_UP: there are no old tasks to remove');
  });

  test('is deleted where the user wants that, with its revision', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', crashing);
    const outcome = await stage.deploy({
      ...DEFINED,
      'on-first-failure': 'delete',
      'deregister-failed-revision': 'true',
      'rollback-on-failure': 'false',
    });
    expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'deleted' });
    expect(outcome.headline).toMatch(
      /web was deleted \(`on-first-failure: delete`\): no deployment of it has ever succeeded\. The next deployment creates it again\.$/,
    );
    expect(outcome.serving).toBeUndefined();
    stage.clock.advance(600);
    expect(described(stage)).toMatchObject({ status: 'INACTIVE' });
    expect(stage.revisions()).toEqual([]);
  });

  test('of a service whose older deployments ran well is a rollback as ever', async () => {
    const stage = empty().withService(SERVICE);
    stage.simulator.model.behaviours.set('app:2', crashing);
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({ ...DEFINED, 'on-first-failure': 'delete' });
    expect(outcome.kind).toBe('rolled-back');
    expect(described(stage)).toMatchObject({ desiredCount: 2, status: 'ACTIVE' });
  });

  test('with a circuit breaker, which has nothing to roll back to either', async () => {
    const stage = empty({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } });
    stage.simulator.model.behaviours.set('app:1', {
      failToStart: 'ResourceInitializationError: unable to pull secrets',
    });
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'scaled-to-zero' });
    expect(described(stage)).toMatchObject({ desiredCount: 0 });
  });

  test('of a DAEMON service, which has no count, is deleted; scaling it to 0 is refused', async () => {
    const daemon = {
      schedulingStrategy: 'DAEMON',
      launchType: 'EC2',
      desiredCount: undefined,
      networkConfiguration: undefined,
    };
    const stage = empty(daemon);
    stage.template({
      ...app('example.com/app:1'),
      networkMode: 'bridge',
      requiresCompatibilities: ['EC2'],
    });
    stage.simulator.script.instance({ cpu: 4096, memory: 8192 });
    await expect(stage.deploy({ ...DEFINED, 'on-first-failure': 'scale-to-zero' })).rejects.toMatchObject({
      mistakes: [{ subject: 'on-first-failure', problem: expect.stringContaining('DAEMON') }],
    });
    expect(stage.count('RegisterTaskDefinition')).toBe(0);
    stage.simulator.model.behaviours.set('app:1', crashing);
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'deleted' });
  });
});

describe('nothing is created where something is missing', () => {
  const lost = async (stage: Stage, given: Readonly<Record<string, string>> = {}) => {
    const failure = await stage.deploy({ ...DEFINED, ...given }).then(
      (outcome) => expect(outcome).toBe('a failure'),
      (thrown: unknown) => thrown,
    );
    expect([stage.count('CreateService'), stage.count('RegisterTaskDefinition')]).toEqual([0, 0]);
    return failure;
  };

  test('the cluster', async () => {
    const failure = await lost(empty(), { cluster: 'prodution' });
    expect(failure).toMatchObject({ code: 'NOT_FOUND', mistakes: [{ subject: 'cluster' }] });
  });

  test('the target group and a role that ECS takes', async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/ecs-load-balancers';
    const stage = empty({ loadBalancers: [{ ...BALANCED.loadBalancers[0], advancedConfiguration: { roleArn } }] });
    stage.simulator.loadBalancing.targetGroups.delete(GROUP);
    stage.simulator.iam.roles.delete('execution');
    expect(await lost(stage)).toMatchObject({
      code: 'PREFLIGHT_FAILED',
      mistakes: [
        { subject: 'execution role execution' },
        { subject: 'load balancer role ecs-load-balancers', problem: expect.stringContaining('does not exist') },
        { subject: 'target group web' },
      ],
    });
  });

  test('a subnet: ECS refuses the service, and the revision is taken away', async () => {
    const stage = empty();
    stage.simulator.ecs.missing.add('subnet-1');
    await expect(stage.deploy(DEFINED)).rejects.toMatchObject({
      message: expect.stringContaining("subnet ID 'subnet-1'"),
    });
    expect(described(stage)).toEqual({});
    expect(stage.revisions()).toEqual([]);
  });

  test('the task definition, the count, and members of the right name', async () => {
    expect(await lost(empty(), { 'task-definition': '' })).toMatchObject({
      message: expect.stringContaining('does not exist yet'),
      remedy: expect.stringContaining('`task-definition`'),
    });
    expect(await lost(empty({ desiredCount: undefined }))).toMatchObject({ mistakes: [{ subject: 'desiredCount' }] });
    const wrong = empty({
      taskDefinition: 'web:1',
      desiredCont: 2,
      serviceName: 'api',
      networkConfiguration: { awsvpcConfiguration: { subnets: 'subnet-1' } },
    });
    expect(await lost(wrong)).toMatchObject({
      message: 'The service definition service.json has 4 mistakes; nothing was changed.',
      mistakes: [
        { subject: 'taskDefinition', problem: 'is what this step registers.' },
        { subject: 'serviceName' },
        { subject: 'networkConfiguration.awsvpcConfiguration.subnets' },
        { subject: 'desiredCont', remedy: 'Did you mean `desiredCount`?' },
      ],
    });
  });
});

describe('a run that ends early', () => {
  test.each(['html', 'truncated', '500'])('an answer that is lost (%s) creates no second service', async (kind) => {
    const stage = empty();
    const lost = odd('CreateService', kind, { times: 1, acts: true });
    if (lost) stage.simulator.wire.disturbances.push(lost);
    const outcome = await stage.deploy(DEFINED);
    expect(outcome).toMatchObject({ kind: 'deployed', created: true });
    expect([stage.count('CreateService'), stage.simulator.ecs.services.size]).toEqual([2, 1]);
  });

  test('is continued by another attempt, which still ends a first deployment that fails', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', { startSeconds: 120, exit: { afterSeconds: 2, code: 3 } });
    await cancelledAfter(stage, 30);
    const again = await stage.deployAs({ runAttempt: '2' }, DEFINED);
    expect(again).toMatchObject({ kind: 'failed', firstFailure: 'scaled-to-zero' });
    expect([stage.count('CreateService'), stage.count('RegisterTaskDefinition')]).toEqual([1, 1]);
  });

  test('leaves a first deployment that starts, and says so', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', { startSeconds: 120 });
    expect(await cancelledAfter(stage, 30)).toMatchObject({ kind: 'cancelled' });
    expect(await stage.post(DEFINED)).toMatchObject({
      kind: 'cancelled',
      headline: expect.stringContaining('ECS continues to roll out web:1: 0 of 2 tasks run so far'),
    });
    expect(described(stage)).toMatchObject({ desiredCount: 2 });
  });

  test('with `on-cancel: rollback` ends it', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', { startSeconds: 120 });
    const outcome = await cancelledAfter(stage, 30, { 'on-cancel': 'rollback', 'on-first-failure': 'delete' });
    expect(outcome).toMatchObject({ kind: 'cancelled', firstFailure: 'deleted' });
    stage.clock.advance(300);
    expect(described(stage)).toMatchObject({ status: 'INACTIVE' });
  });

  test('killed while its tasks fail: post scales it to 0', async () => {
    const stage = empty();
    stage.simulator.model.behaviours.set('app:1', { startSeconds: 60, exit: { afterSeconds: 2, code: 3 } });
    await cancelledAfter(stage, 30);
    stage.clock.advance(120);
    expect(await stage.post(DEFINED)).toMatchObject({
      kind: 'cancelled',
      firstFailure: 'scaled-to-zero',
      headline: expect.stringContaining('The run ended early. web was scaled to 0 tasks'),
    });
    expect(described(stage)).toMatchObject({ desiredCount: 0 });
  });

  test('killed before CreateService: post takes the revision away', async () => {
    const stage = empty();
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation !== 'CreateService') return undefined;
      stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.'));
      return new ApiException('ServerException', 'Service Unavailable.', 500);
    });
    await expect(stage.deploy(DEFINED)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await stage.post(DEFINED))?.headline).toBe(
      'The run ended early. The service web was not created. The unused web:1 was deregistered.',
    );
    expect(stage.revisions()).toEqual([]);
  });
});

/** Cancels the run so many seconds after it started. */
async function cancelledAfter(stage: Stage, seconds: number, given: Readonly<Record<string, string>> = {}) {
  const cancel = new AbortController();
  stage.clock.after(seconds, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  return stage.deploy({ ...DEFINED, ...given }, cancel.signal);
}

describe('a plan', () => {
  test('shows all that the new service would have, and changes nothing', async () => {
    const stage = empty(BALANCED);
    const plan = await stage.plan(DEFINED);
    expect(plan).toMatchObject({ creates: true, updates: true, starts: true, rollout: 'First deployment: 2 tasks.' });
    expect(plan.running).toBeUndefined();
    expect(plan.settings.map(({ subject, kind, after }) => `${kind} ${subject}: ${after}`)).toEqual([
      'added launchType: FARGATE',
      'added desiredCount: 2',
      'added networkConfiguration.awsvpcConfiguration.subnets: subnet-1',
      'added networkConfiguration.awsvpcConfiguration.securityGroups: sg-1',
      `added loadBalancers[web]: {"targetGroupArn":"${GROUP}","containerName":"app","containerPort":8080}`,
    ]);
    expect(plan.reasons[0]).toContain('The service web would be created with a new revision');
    expect(stage.count('CreateService')).toBe(0);
  });
});

describe('a subnet or security group that does not exist', () => {
  const changes = (stage: Stage): string[] =>
    stage.simulator.wire.calls.flatMap(({ operation }) =>
      /^(?:Register|Create|Update|Delete|Deregister|Tag)/.test(operation) ? [operation] : [],
    );
  const tasks = (stage: Stage): readonly unknown[] => stage.simulator.ecs.clusters.get('default').tasks;

  test.each([
    ['subnet-1', /Error retrieving subnet information for \[subnet-1\]: The subnet ID 'subnet-1' does not exist/],
    ['sg-1', /Error retrieving security group information for \[sg-1\]: The security group 'sg-1' does not exist/],
  ])('%s: ECS creates nothing, and the revision is taken away', async (id, words) => {
    const stage = empty();
    stage.simulator.wire.calls.length = 0;
    stage.simulator.ecs.missing.add(id);
    await expect(stage.deploy(DEFINED)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(words),
    });
    expect(changes(stage)).toEqual(['RegisterTaskDefinition', 'CreateService', 'DeregisterTaskDefinition']);
    expect([stage.revisions(), tasks(stage), [...stage.simulator.ecs.services.values()]]).toEqual([[], [], []]);
    expect(await stage.post()).toBeUndefined();
  });

  test('with pre-deploy: RunTask looks it up first, and runs nothing', async () => {
    const stage = empty();
    stage.simulator.wire.calls.length = 0;
    stage.simulator.ecs.missing.add('subnet-1');
    await expect(stage.deploy({ ...DEFINED, 'pre-deploy': 'rake db:migrate' })).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining("The subnet ID 'subnet-1' does not exist"),
    });
    expect(changes(stage)).toEqual(['RegisterTaskDefinition', 'DeregisterTaskDefinition']);
    expect([stage.revisions(), tasks(stage)]).toEqual([[], []]);
  });
});
