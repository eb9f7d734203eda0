import { deny, odd } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import type { ContinueInputs } from '../../src/inputs/types.ts';
import { phasesOf } from '../../src/report/phases.ts';
import { continueDeployment } from '../../src/stories/continue.ts';
import { fetchService } from '../../src/stories/run.ts';
import { GREEN, groupOf, READY, VALIDATE } from '../support/code-deploy.ts';
import { withCodeDeploy } from '../support/code-deploy-stage.ts';
import { runOf, type Stage, TASK_DEFINITION } from '../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
const CANARY = { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' };

/** What runs in the end, by ECS's own word. */
function runs(stage: Stage): string[] {
  stage.clock.advance(900);
  const { taskSets } = stage.service() as unknown as { taskSets: { taskDefinition: string; status: string }[] };
  return taskSets.map(({ taskDefinition, status }) => `${status} ${taskDefinition.split('/').at(-1)}`);
}
const said = (stage: Stage): string => stage.lines.join('\n');
const created = (stage: Stage) =>
  stage.simulator.wire.calls.flatMap(({ operation, input }) => (operation === 'CreateDeployment' ? [input] : []));
const specOf = (input: Readonly<Record<string, unknown>> | undefined) =>
  JSON.parse((input?.revision as { appSpecContent: { content: string } } | undefined)?.appSpecContent.content ?? '{}');

function appSpecFile(stage: Stage, hooks = ''): void {
  stage.files.set(
    'appspec.yaml',
    `version: 0.0
resources:
  - targetService:
      type: AWS::ECS::Service
      properties:
        taskdefinition: <TASK_DEFINITION>
        loadBalancerInfo: { containername: app, containerPort: "\${PORT}" }
${hooks}`,
  );
}

describe('a deploy', () => {
  test('goes by CodeDeploy, with an AppSpec made from the service, and is done once all traffic is shifted', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({
      kind: 'deployed',
      headline: expect.stringContaining('CodeDeploy keeps the old task set for 5 min more, and can roll back to it'),
      deployment: { id: expect.stringMatching(/^d-/) },
      serving: { revisions: [{ taskDefinitionArn: expect.stringMatching(/web:2$/), running: 2 }] },
    });
    const [input] = created(stage);
    expect(input).toMatchObject({
      applicationName: 'AppECS-default-web',
      deploymentGroupName: 'DgpECS-default-web',
      description: 'web:2 of acme/web@c0ffee000000, run 42',
      autoRollbackConfiguration: { enabled: true, events: expect.arrayContaining(['DEPLOYMENT_FAILURE']) },
    });
    expect(specOf(input).Resources[0].TargetService.Properties).toEqual({
      TaskDefinition: expect.stringMatching(/^arn:.*:task-definition\/web:2$/),
      LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
      PlatformVersion: 'LATEST',
    });
    expect(said(stage)).toContain('production traffic: 100 % on the new revision');
    expect(stage.count('UpdateService')).toBe(0);
    expect(runs(stage)).toEqual(['PRIMARY web:2']);
  });

  test('waits for the end of the old task set where that is asked for', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    const before = stage.clock.now();
    const outcome = await stage.deploy({ 'codedeploy-wait-for': 'termination' });
    expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.not.stringContaining('keeps') });
    expect(stage.clock.now() - before).toBeGreaterThan(300);
    expect(said(stage)).toContain('stage TERMINATION_WAIT');
    expect(phasesOf(outcome, outcome.deployment?.startedAt ?? 0).map(({ name }) => name)).toEqual([
      'tasks start',
      'health checks',
      'traffic shifts',
      'old tasks are kept',
      'old tasks stop',
    ]);
  });

  test('takes the usual file, whatever the case of its keys, with placeholders and hooks', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    appSpecFile(stage, `hooks:\n  - afterallowtesttraffic: ${VALIDATE}\n`);
    const outcome = await stage.deploy({ variables: 'PORT=8080', 'codedeploy-deployment-description': 'by hand' });
    expect(outcome.kind).toBe('deployed');
    expect(created(stage)[0]).toMatchObject({ description: 'by hand' });
    expect(specOf(created(stage)[0])).toMatchObject({
      version: 0,
      Resources: [{ TargetService: { Properties: { LoadBalancerInfo: { ContainerPort: 8080 } } } }],
      Hooks: [{ AfterAllowTestTraffic: VALIDATE }],
    });
  });

  test('keeps the hooks of the newest deployment where no file names any', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    appSpecFile(stage, `hooks:\n  - AfterAllowTraffic: ${VALIDATE}\n`);
    await stage.deploy({ variables: 'PORT=8080', 'codedeploy-wait-for': 'termination' });
    stage.files.delete('appspec.yaml');
    stage.template(app('example.com/app:3'));
    await stage.deploy({});
    expect(specOf(created(stage)[1]).Hooks).toEqual([{ AfterAllowTraffic: VALIDATE }]);
    expect(said(stage)).toContain('AppSpec made from web (hook AfterAllowTraffic)');
  });

  test('ends the wait of the deployment before, which only keeps its old task set', async () => {
    const stage = await withCodeDeploy();
    for (const n of [2, 3]) {
      stage.template(app(`example.com/app:${n}`));
      expect((await stage.deploy({})).kind).toBe('deployed');
    }
    expect(said(stage)).toContain('only waits to remove its old task set; ending that wait');
    expect(runs(stage)).toEqual(['PRIMARY web:3']);
  });

  test('follows a canary with its weights', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    expect((await stage.deploy({})).kind).toBe('deployed');
    expect(said(stage)).toContain('10 % of the traffic moves first, the rest 5 min later');
    expect(said(stage)).toContain(
      'production traffic: 10 % on the new revision, 90 % on the old one (step 1 of 2, the next in 5 min)',
    );
  });

  test('of an equal revision changes nothing, and of one on its way is watched', async () => {
    const stage = await withCodeDeploy();
    expect((await stage.deploy({ 'task-definition': stage.template() })).kind).toBe('unchanged');
    stage.template(app('example.com/app:2'));
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    const again = await stage.deployAs({ runAttempt: '2' });
    expect(again.kind).toBe('deployed');
    expect(created(stage)).toHaveLength(1);
  });

  test('may be forced, and sets the desired count beside it', async () => {
    const stage = await withCodeDeploy();
    const outcome = await stage.deploy({
      'task-definition': stage.template(),
      'force-new-deployment': 'true',
      'desired-count': '3',
    });
    expect(outcome).toMatchObject({ kind: 'deployed', verdict: { runningCount: 3 } });
    expect(created(stage)).toHaveLength(1);
    expect(stage.simulator.wire.calls.find(({ operation }) => operation === 'UpdateService')?.input).toEqual({
      cluster: expect.stringContaining('default'),
      service: 'web',
      desiredCount: 3,
    });
  });

  test('of the desired count alone begins no deployment', async () => {
    const stage = await withCodeDeploy();
    const outcome = await stage.deploy({ 'task-definition': stage.template(), 'desired-count': '4' });
    expect(outcome.kind).toMatch(/deployed|unchanged/);
    expect(created(stage)).toHaveLength(0);
    expect(stage.service().runningCount).toBe(4);
  });
});

describe('a deployment that fails', () => {
  test('is explained by its tasks and stopped long before CodeDeploy gives up', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:bad'));
    stage.simulator.script.image('app:bad', { exit: { afterSeconds: 2, code: 1 } });
    const before = stage.clock.now();
    const outcome = await stage.deploy({});
    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      reason: expect.stringContaining('exit code 1'),
      done: 'Rolled back to web:1.',
    });
    expect(stage.clock.now() - before).toBeLessThan(60);
    expect(said(stage)).toContain('rolling back to web:1 (StopDeployment)');
    expect(stage.count('StopDeployment')).toBe(1);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('names the hook that failed, and the end of its log', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    appSpecFile(stage, `hooks:\n  - AfterAllowTestTraffic: ${VALIDATE}\n`);
    stage.simulator.codeDeploy.rollouts.hooks.set(VALIDATE, {
      result: 'Failed',
      seconds: 20,
      logTail: 'AssertionError: /health gave 500',
    });
    const outcome = await stage.deploy({ variables: 'PORT=8080' });
    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      diagnoses: [
        { rule: 'codedeploy-hook-failed', cause: expect.stringContaining('AssertionError: /health gave 500') },
      ],
      done: 'CodeDeploy rolled back to web:1.',
    });
    expect(said(stage)).toContain(`AfterAllowTestTraffic failed (${VALIDATE})`);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('names the alarm, and what serves', async () => {
    const stage = await withCodeDeploy({
      ...CANARY,
      alarmConfiguration: { enabled: true, alarms: [{ name: 'web-5xx' }] },
    });
    stage.template(app('example.com/app:2'));
    stage.simulator.script.alarm('web-5xx', 'ALARM', 90);
    expect(await stage.deploy({})).toMatchObject({
      kind: 'rolled-back',
      reason: expect.stringContaining('web-5xx'),
      serving: { revisions: [{ taskDefinitionArn: expect.stringMatching(/web:1$/) }] },
    });
  });

  test('without a rollback says what ECS refused, and that the old revision serves', async () => {
    const stage = await withCodeDeploy({ autoRollbackConfiguration: { enabled: false, events: [] } });
    stage.template(app('example.com/app:2'));
    stage.simulator.codeDeploy.rollouts.refusal = 'The target group is not associated with a load balancer.';
    const outcome = await stage.deploy({ 'rollback-on-failure': 'false' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      diagnoses: [{ rule: 'codedeploy-refused' }],
      serving: { revisions: [{ taskDefinitionArn: expect.stringMatching(/web:1$/) }] },
    });
    expect(outcome.reason).toContain('The target group is not associated with a load balancer');
    expect(outcome.reason).not.toContain('Request ID');
  });

  test('is stopped on request of another client', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    stage.simulator.script.at(60, () => {
      const [one] = [...(stage.simulator.codeDeploy.applications.get('AppECS-default-web')?.groups.values() ?? [])];
      const deployment = one?.deployments.at(-1);
      if (deployment) stage.simulator.codeDeploy.rollouts.stop(deployment, true);
    });
    const outcome = await stage.deploy({});
    expect(outcome.kind).toMatch(/rolled-back|failed/);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });
});

describe('a stop that CodeDeploy', () => {
  const crashing = async (): Promise<Stage> => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:bad'));
    stage.simulator.script.image('app:bad', { exit: { afterSeconds: 2, code: 1 } });
    return stage;
  };

  test.each([
    ['500', 1],
    ['500', 9],
    ['truncated', 1],
    ['empty', 1],
  ])('carried out, but whose answer got lost (%s, %d times), is followed to its end', async (kind, times) => {
    const stage = await crashing();
    stage.simulator.wire.disturbances.push(odd('StopDeployment', kind, { times, acts: true }) ?? (() => undefined));
    expect(await stage.deploy({})).toMatchObject({ kind: 'rolled-back', done: 'Rolled back to web:1.' });
    expect(created(stage)).toHaveLength(1);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('does not carry out, or that is denied, is named: no other deployment is begun', async () => {
    const unanswered = await crashing();
    unanswered.simulator.wire.disturbances.push(odd('StopDeployment', '500', { times: 99 }) ?? (() => undefined));
    const denied = await crashing();
    denied.simulator.wire.faults.push(deny('codedeploy:StopDeployment'));
    for (const stage of [unanswered, denied]) {
      expect(await stage.deploy({})).toMatchObject({
        kind: 'failed',
        done: expect.stringMatching(/rollback to web:1 could not be started: codedeploy:StopDeployment failed/),
      });
      expect(created(stage)).toHaveLength(1);
    }
  });

  test('denies in `mode: rollback` is named', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.clock.advance(60);
    stage.states.clear();
    stage.simulator.wire.faults.push(deny('codedeploy:StopDeployment'));
    await expect(stage.rollback()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      remedy: 'Allow codedeploy:StopDeployment for the role that this job uses.',
    });
    expect(created(stage)).toHaveLength(1);
  });
});

test('settings that were set for a deployment which CodeDeploy refuses are set back', async () => {
  const stage = await withCodeDeploy();
  stage.template(app('example.com/app:2'));
  stage.simulator.wire.faults.push(deny('codedeploy:CreateDeployment'));
  const given = { 'desired-count': '3', 'health-check-grace-period-seconds': '90', 'propagate-tags': 'SERVICE' };
  await expect(stage.deploy(given)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  const { healthCheckGracePeriodSeconds: grace, ...after } = stage.service() as unknown as Record<string, unknown>;
  expect([after.desiredCount, grace ?? 0, after.propagateTags]).toEqual([2, 0, 'NONE']);
});

describe('before anything is changed', () => {
  const refused = async (stage: Stage, inputs: Readonly<Record<string, string>> = {}): Promise<string> => {
    stage.template(app('example.com/app:2'));
    const thrown = await stage.deploy(inputs).then(
      () => undefined,
      (error: { describe(): string }) => error,
    );
    expect([stage.count('RegisterTaskDefinition'), stage.count('CreateDeployment')]).toEqual([0, 0]);
    return thrown?.describe() ?? 'not refused';
  };

  test.each([
    [{ strategy: 'CANARY' }, /strategy: cannot be set for web, which CodeDeploy deploys.*codedeploy-deployment-config/],
    [{ 'circuit-breaker': 'rollback' }, /circuit-breaker: cannot be set/],
    [{ alarms: 'web-5xx' }, /alarms: .*deployment group/],
    [{ 'enable-execute-command': 'true' }, /enable-execute-command: .*recreate/],
    [{ 'maximum-percent': '150' }, /maximum-percent: .*leave it out/],
  ])('%j is refused with the way to do it', async (inputs, message) => {
    expect(await refused(await withCodeDeploy(), inputs)).toMatch(message);
  });

  /** Another client has deployed before. */
  const afterOne = async (): Promise<Stage> => {
    const stage = await withCodeDeploy();
    const { codeDeploy, context } = stage.simulator;
    const { applicationName, deploymentGroupName } = groupOf();
    const { taskDefinition } = stage.service() as unknown as { taskDefinition: string };
    const Properties = {
      TaskDefinition: taskDefinition,
      LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
    };
    const Resources = [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }];
    const appSpecContent = { content: JSON.stringify({ version: 0, Resources }) };
    const revision = { revisionType: 'AppSpecContent', appSpecContent };
    await codeDeploy.handle('CreateDeployment', { applicationName, deploymentGroupName, revision }, context);
    stage.clock.advance(900);
    return stage;
  };

  test.each([
    ['GetDeployment', ['codedeploy:GetDeployment']],
    ['GetDeploymentConfig', ['codedeploy:GetDeploymentConfig']],
    ['GetDeployment GetDeploymentConfig', ['codedeploy:GetDeployment', 'codedeploy:GetDeploymentConfig']],
  ])('a deployment that could not be started and watched is refused: %s denied', async (operations, actions) => {
    const stage = await afterOne();
    for (const one of operations.split(' ')) stage.simulator.wire.faults.push(deny(`codedeploy:${one}`));
    const words = await refused(stage, { 'desired-count': '3' });
    expect(words).toContain(
      `${actions.join(' and ')} ${actions.length > 1 ? 'are' : 'is'} denied: a deployment of the`,
    );
    expect(words).toContain(`Allow ${actions.join(' and ')}`);
    expect(stage.count('UpdateService')).toBe(0);
  });

  test('the first deployment of a group, which may not be watched, is stopped at once', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    stage.simulator.wire.faults.push(deny('codedeploy:GetDeployment'));
    await expect(stage.deploy({})).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(/d-\w+ of web cannot be watched, so it was stopped and CodeDeploy rolls it back/),
    });
    stage.simulator.wire.faults.length = 0;
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('that it may not be stopped is a warning before anything is changed', async () => {
    const stage = await afterOne();
    stage.template(app('example.com/app:2'));
    stage.simulator.wire.faults.push(deny('codedeploy:StopDeployment'));
    expect((await stage.deploy({})).kind).toBe('deployed');
    const operations = stage.simulator.wire.calls.map(({ operation }) => operation);
    expect(operations.indexOf('StopDeployment')).toBeLessThan(operations.indexOf('RegisterTaskDefinition'));
    expect(said(stage)).toMatch(/StopDeployment is denied: a deployment of web that fails cannot be stopped/);
  });

  test('a group that is not there is refused with the one that deploys the service', async () => {
    const stage = await withCodeDeploy({}, { names: { application: 'shop', group: 'shop-web' } });
    expect(
      await refused(stage, { 'codedeploy-application': 'shop', 'codedeploy-deployment-group': 'shop-wep' }),
    ).toMatch(
      /CodeDeploy, which deploys web, has no deployment group shop-wep in the application shop .*\n.*web is deployed by shop \/ shop-web/s,
    );
  });

  test('without names the only group of the service is used', async () => {
    const stage = await withCodeDeploy({}, { names: { application: 'shop', group: 'shop-web' } });
    stage.template(app('example.com/app:2'));
    expect((await stage.deploy({})).kind).toBe('deployed');
    expect(created(stage)[0]).toMatchObject({ applicationName: 'shop', deploymentGroupName: 'shop-web' });
  });

  test('a group of another service is refused', async () => {
    const stage = await withCodeDeploy();
    stage.simulator.call('CreateService', {
      serviceName: 'other',
      taskDefinition: 'web',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    const { codeDeploy, context } = stage.simulator;
    const group = groupOf({}, { group: 'other', service: 'other' });
    await codeDeploy.handle('CreateDeploymentGroup', group, context);
    expect(await refused(stage, { 'codedeploy-deployment-group': 'other' })).toMatch(
      /deployment group other deploys other in the cluster default, not web/,
    );
  });

  test('an AppSpec with mistakes is refused with all of them', async () => {
    const stage = await withCodeDeploy();
    stage.files.set(
      'deploy/appspec.json',
      JSON.stringify({
        version: 0,
        Resources: [
          {
            T: {
              Type: 'AWS::ECS::Service',
              Properties: { LoadBalancerInfo: { ContainerName: 'app' }, PlatfromVersion: '1' },
            },
          },
        ],
        Hooks: [{ AfterAlowTraffic: 'x' }],
      }),
    );
    const text = await refused(stage, { 'codedeploy-appspec': 'deploy/appspec.json' });
    expect(text).toMatch(/PlatfromVersion: is not a property.*Did you mean PlatformVersion/);
    expect(text).toMatch(/needs ContainerName and ContainerPort/);
    expect(text).toMatch(/AfterAlowTraffic: .*Did you mean AfterAllowTraffic/);
  });

  test('placeholders of other tools in an AppSpec are refused, but for the revision', async () => {
    const stage = await withCodeDeploy();
    appSpecFile(stage, 'Hooks:\n  - AfterAllowTraffic: "<HOOK>"\n');
    const text = await refused(stage, { variables: 'PORT=8080' });
    expect(text).toContain(
      'Hooks[0].AfterAllowTraffic: `<HOOK>` is a placeholder that nothing has filled. Write `${HOOK}`',
    );
    expect(text).not.toContain('TASK_DEFINITION');
  });

  test('template-style is about the AppSpec too, and a variable that it alone asks for is used', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    appSpecFile(stage);
    stage.files.set('appspec.yaml', stage.files.get('appspec.yaml')?.replace('${PORT}', '$PORT') ?? '');
    expect((await stage.deploy({ variables: 'PORT=8080', 'template-style': 'envsubst' })).kind).toBe('deployed');
    expect(said(stage)).not.toContain('has no placeholder for');
  });

  test.each([
    ['webb', '8080', /ContainerName: `webb` is not a container of web/],
    ['app', '80', /ContainerPort: 80 is not a containerPort of app in web. It has 8080/],
  ])(
    'a container %s or port %s that the task definition does not have is refused',
    async (container, port, message) => {
      const stage = await withCodeDeploy();
      stage.files.set(
        'appspec.yml',
        `version: 0.0\nResources:\n  - S:\n      Type: AWS::ECS::Service\n      Properties: {LoadBalancerInfo: {ContainerName: ${container}, ContainerPort: ${port}}}\n`,
      );
      expect(await refused(stage)).toMatch(message);
    },
  );

  test('a target group of the pair that is missing is refused by its name', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    stage.simulator.loadBalancing.targetGroups.delete(GREEN);
    stage.simulator.wire.calls.length = 0;
    const failure = await stage.deploy({}).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Failure);
    expect(JSON.stringify([failure, ...stage.lines])).toContain('target group green does not exist');
    expect(said(stage)).toContain('give the deployment group DgpECS-default-web another one');
    for (const operation of ['RegisterTaskDefinition', 'UpdateService', 'CreateDeployment'])
      expect(stage.count(operation)).toBe(0);
  });

  test('of a pair that is there the preflight names both', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    await stage.deploy({});
    for (const name of ['blue', 'green']) expect(said(stage)).toContain(`target group ${name}: HTTP, type ip`);
  });

  test('a deployment of another run is in the way, unless it is waited for', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.simulator.wire.calls.length = 0;
    stage.template(app('example.com/app:3'));
    const other = { runId: '43', sha: 'f'.repeat(40) };
    await expect(stage.deployAs(other)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/A deployment of web is under way: d-\w+ with web:2/),
    });
    expect(stage.count('RegisterTaskDefinition')).toBe(0);
    expect((await stage.deployAs(other, { 'on-active-deployment': 'wait' })).kind).toBe('deployed');
    expect(runs(stage)).toEqual(['PRIMARY web:3']);
  });

  test('inputs of CodeDeploy are refused for a service that ECS deploys', async () => {
    const { Stage: Plain } = await import('../support/world.ts');
    const stage = new Plain().withService();
    expect(await refused(stage, { 'codedeploy-application': 'x' })).toMatch(/has the deployment controller ECS/);
    for (const mode of ['watch', 'continue', 'list', 'status']) {
      const service = { cluster: 'default', service: 'web', codeDeploy: { application: 'x' } } as const;
      const inputs = { mode, service, aws: { region: 'eu-west-1', allowedAccountIds: [] } };
      await expect(fetchService(inputs, stage.world)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        mistakes: [
          { subject: 'codedeploy-application', problem: expect.stringMatching(/has the deployment controller ECS/) },
        ],
      });
    }
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['bake-time-minutes', { 'bake-time-minutes': '5' }],
    ['lifecycle-hooks', { 'lifecycle-hooks': '[]' }],
    ['early-success-percent', { 'early-success-percent': '50' }],
  ])('a setting of the strategies of ECS is refused by its own name: %s', async (name, inputs) => {
    expect(await refused(await withCodeDeploy(), inputs)).toMatch(
      new RegExp(`^ *- ${name}: cannot be set for web`, 'm'),
    );
  });
});

describe('an approval', () => {
  const paused = async (): Promise<Stage> => {
    const stage = await withCodeDeploy(READY(30));
    stage.template(app('example.com/app:2'));
    const outcome = await stage.deploy({ 'on-pause': 'stop' });
    expect(outcome).toMatchObject({ kind: 'paused', headline: expect.stringContaining('before traffic is shifted') });
    stage.states.clear();
    return stage;
  };
  const answer = (stage: Stage, given: Readonly<Record<string, string>>) => {
    const inputs = stage.inputs({ mode: 'continue', 'task-definition': '', ...given }) as ContinueInputs;
    return continueDeployment(runOf(inputs, stage.world), fetchService(inputs, stage.world));
  };

  test('is given by `mode: continue`', async () => {
    const stage = await paused();
    expect(await answer(stage, {})).toMatchObject({ kind: 'deployed' });
    expect(stage.count('ContinueDeployment')).toBe(1);
    expect(runs(stage)).toEqual(['PRIMARY web:2']);
  });

  test('is refused by `continue-action: rollback`', async () => {
    const stage = await paused();
    expect(await answer(stage, { 'continue-action': 'rollback' })).toMatchObject({
      kind: 'deployed',
      headline: expect.stringContaining('Rolled back to web:1, as requested'),
    });
    expect(stage.count('StopDeployment')).toBe(1);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('is given by the run itself (`on-pause: continue`)', async () => {
    const stage = await withCodeDeploy(READY(30));
    stage.template(app('example.com/app:2'));
    expect((await stage.deploy({ 'on-pause': 'continue' })).kind).toBe('deployed');
  });
});

describe('`mode: rollback`', () => {
  test('deploys the revision before', async () => {
    const stage = await withCodeDeploy();
    stage.template(app('example.com/app:2'));
    await stage.deploy({ 'codedeploy-wait-for': 'termination' });
    stage.states.clear();
    const outcome = await stage.rollback();
    expect(outcome).toMatchObject({ kind: 'deployed', headline: expect.stringContaining('Rolled back to web:1') });
    expect(outcome.warnings.join()).toMatch(
      /^CodeDeploy has no record of a successful deployment .* before the current/,
    );
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('knows what CodeDeploy has deployed', async () => {
    const stage = await withCodeDeploy();
    for (const n of [2, 3]) {
      stage.template(app(`example.com/app:${n}`));
      await stage.deploy({ 'codedeploy-wait-for': 'termination' });
    }
    const { targets } = await stage.list();
    expect(targets.map(({ revision }) => revision.revision)).toEqual(expect.arrayContaining([3, 2]));
    expect((await stage.rollback()).headline).toContain('Rolled back to web:2');
    expect(runs(stage)).toEqual(['PRIMARY web:2']);
  });

  test('stops a deployment under way, and follows it back', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.clock.advance(60);
    stage.states.clear();
    const outcome = await stage.rollback();
    expect(outcome).toMatchObject({
      kind: 'deployed',
      headline: 'Rolled back to web:1: CodeDeploy ended the unfinished deployment of web:2. Now web:1 serves: 2 of 2.',
    });
    expect(stage.count('StopDeployment')).toBe(1);
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });
});

describe('a cancelled run', () => {
  test('rolls back with on-cancel: rollback', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    stage.simulator.script.at(60, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const outcome = await stage.deploy({ 'on-cancel': 'rollback' });
    expect(outcome).toMatchObject({ kind: 'cancelled', headline: expect.stringContaining('StopDeployment') });
    expect((await stage.post({ 'on-cancel': 'rollback' }))?.headline).toContain('rolled back to web:1');
    expect(runs(stage)).toEqual(['PRIMARY web:1']);
  });

  test('leaves it to CodeDeploy otherwise, and says how to undo it', async () => {
    const stage = await withCodeDeploy(CANARY);
    stage.template(app('example.com/app:2'));
    stage.simulator.script.at(60, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const outcome = await stage.deploy({});
    expect(outcome.headline).toMatch(
      /CodeDeploy continues to roll out web:2. To undo it while it is under way: `aws deploy stop-deployment --region eu-west-1 --deployment-id d-\w+ --auto-rollback-enabled`\./,
    );
    expect(runs(stage)).toEqual(['PRIMARY web:2']);
  });
});

test('`mode: status`, `plan` and `watch` read such a service', async () => {
  const stage = await withCodeDeploy(CANARY);
  expect(await stage.status({ service: 'web' })).toMatchObject([{ condition: 'steady', revision: { revision: 1 } }]);
  stage.template(app('example.com/app:2'));
  expect(await stage.plan()).toMatchObject({ updates: true, starts: true, rollout: expect.stringContaining('10 %') });
  expect(stage.count('CreateDeployment')).toBe(0);
  await stage.deploy({ 'wait-for-service-stability': 'false' });
  stage.clock.advance(40);
  expect(await stage.status({})).toMatchObject([{ condition: 'deploying', revision: { revision: 2 } }]);
  expect(await stage.watch()).toMatchObject({ kind: 'deployed' });
  expect((await stage.watch()).kind).toBe('unchanged');
});
