import { createHash } from 'node:crypto';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { awsCli, whenCli } from '../support/aws-cli.ts';
import { BLUE, CODE_DEPLOY, GREEN, groupOf, VALIDATE } from '../support/code-deploy.ts';
import { eventually } from '../support/patience.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/** A client that we did not write holds the simulator's CodeDeploy honest: the AWS CLI has its own service model. */
whenCli(
  'the AWS CLI sets CodeDeploy up, deploys, waits, and reads what was done; what is wrong is refused by name',
  async () => {
    const clock = new RealClock(60);
    const simulator = new Simulator(clock);
    const server = await simulator.listen();
    const aws = awsCli(server.endpoint);
    const deploy = async (operation: string, ...args: string[]) =>
      JSON.parse((await aws('deploy', operation, ...args)) || 'null');
    try {
      createDependencies(simulator, {}, { loadBalancers: [{ targetGroupArn: BLUE }, { targetGroupArn: GREEN }] });
      for (const arn of [BLUE, GREEN]) simulator.loadBalancing.targetGroups.set(arn, { targetType: 'ip', port: 8080 });
      simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
      simulator.call('CreateService', {
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        ...CODE_DEPLOY,
      });
      await eventually(() =>
        JSON.stringify(simulator.call('DescribeServices', { services: ['web'] })).includes('"runningCount":1'),
      );
      simulator.call('RegisterTaskDefinition', TASK_DEFINITION);

      await deploy('create-application', '--application-name', 'AppECS-default-web', '--compute-platform', 'ECS');
      await deploy('create-deployment-group', '--cli-input-json', JSON.stringify(groupOf()));
      const group = await deploy(
        'get-deployment-group',
        '--application-name',
        'AppECS-default-web',
        '--deployment-group-name',
        'DgpECS-default-web',
      );
      expect(group.deploymentGroupInfo).toMatchObject({ computePlatform: 'ECS', ecsServices: groupOf().ecsServices });

      const content = JSON.stringify({
        version: 0.0,
        Resources: [
          {
            TargetService: {
              Type: 'AWS::ECS::Service',
              Properties: {
                TaskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2',
                LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
              },
            },
          },
        ],
        Hooks: [{ AfterAllowTraffic: VALIDATE }],
      }).replaceAll('eu-central-1', REGION);
      const input = (sha256: string) =>
        JSON.stringify({
          applicationName: 'AppECS-default-web',
          deploymentGroupName: 'DgpECS-default-web',
          revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } },
        });
      await expect(deploy('create-deployment', '--cli-input-json', input('0'.repeat(64)))).rejects.toThrow(
        'InvalidRevisionException',
      );
      const sha256 = createHash('sha256').update(content).digest('hex');
      // However long the second command takes to start, the first deployment is under way.
      clock.hold();
      const { deploymentId } = await deploy('create-deployment', '--cli-input-json', input(sha256));
      await expect(deploy('create-deployment', '--cli-input-json', input(sha256))).rejects.toThrow(
        'DeploymentLimitExceededException',
      );
      clock.go();
      await deploy('wait', 'deployment-successful', '--deployment-id', deploymentId);
      const { deploymentInfo } = await deploy('get-deployment', '--deployment-id', deploymentId);
      expect(deploymentInfo).toMatchObject({ status: 'Succeeded', creator: 'user', completeTime: expect.anything() });
      const { targetIds } = await deploy('list-deployment-targets', '--deployment-id', deploymentId);
      const { deploymentTargets } = await deploy(
        'batch-get-deployment-targets',
        '--deployment-id',
        deploymentId,
        '--target-ids',
        ...targetIds,
      );
      expect(deploymentTargets).toMatchObject([
        {
          deploymentTargetType: 'ECSTarget',
          ecsTarget: { status: 'Succeeded', lifecycleEvents: expect.any(Array), taskSetsInfo: expect.any(Array) },
        },
      ]);
      expect(simulator.call('DescribeServices', { services: ['web'] })).toMatchObject({
        services: [{ taskSets: [{ status: 'PRIMARY', taskDefinition: expect.stringMatching(/web:2$/) }] }],
      });
      await expect(deploy('stop-deployment', '--deployment-id', deploymentId)).rejects.toThrow(
        'DeploymentAlreadyCompletedException',
      );
    } finally {
      clock.close();
      await server.close();
    }
  },
  180_000,
);
