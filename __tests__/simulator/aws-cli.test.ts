import { RealClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { awsCli, whenCli } from '../support/aws-cli.ts';
import { TASK_DEFINITION } from '../support/world.ts';

whenCli(
  'the AWS CLI registers, creates, updates, and its waiter sees the service stable',
  async () => {
    const clock = new RealClock(60);
    const server = await new Simulator(clock).listen();
    const aws = awsCli(server.endpoint);
    try {
      const definition = JSON.stringify(TASK_DEFINITION);
      expect(await aws('ecs', 'register-task-definition', '--cli-input-json', definition)).toContain(
        'task-definition/web:1',
      );
      await aws(
        'ecs',
        'create-service',
        '--service-name',
        'web',
        '--task-definition',
        'web',
        '--desired-count',
        '1',
        '--launch-type',
        'FARGATE',
        '--network-configuration',
        'awsvpcConfiguration={subnets=[subnet-1]}',
      );
      await aws('ecs', 'register-task-definition', '--cli-input-json', definition);
      await aws('ecs', 'update-service', '--service', 'web', '--task-definition', 'web:2');
      await aws('ecs', 'wait', 'services-stable', '--services', 'web');
      const described = JSON.parse(await aws('ecs', 'describe-services', '--services', 'web'));
      expect(described.services[0]).toMatchObject({ runningCount: 1, taskDefinition: expect.stringMatching(/web:2$/) });
      expect(await aws('ecs', 'list-service-deployments', '--service', 'web')).toContain('SUCCESSFUL');
      // Answers that the CLI parses by its own copy of the service model.
      const parsed = async (...args: string[]) => JSON.parse(await aws(...args));
      const listed = await parsed('ecs', 'list-service-deployments', '--service', 'web', '--status', 'SUCCESSFUL');
      const [{ serviceDeploymentArn, targetServiceRevisionArn }] = listed.serviceDeployments;
      const [rollouts, revisions, run] = await Promise.all([
        parsed('ecs', 'describe-service-deployments', '--service-deployment-arns', serviceDeploymentArn),
        parsed('ecs', 'describe-service-revisions', '--service-revision-arns', targetServiceRevisionArn),
        parsed(
          'ecs',
          'run-task',
          '--task-definition',
          'web',
          '--launch-type',
          'FARGATE',
          '--network-configuration',
          'awsvpcConfiguration={subnets=[subnet-1]}',
        ),
        aws('ecr', 'create-repository', '--repository-name', 'web', '--image-tag-mutability', 'IMMUTABLE'),
        aws('logs', 'create-log-group', '--log-group-name', '/ecs/web'),
      ]);
      expect(rollouts.serviceDeployments).toMatchObject([
        { status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP', finishedAt: expect.anything() },
      ]);
      expect(revisions.serviceRevisions).toMatchObject([{ taskDefinition: expect.stringMatching(/web:2$/) }]);
      const waited = aws('ecs', 'wait', 'tasks-running', '--tasks', run.tasks[0].taskArn);
      const stream = ['--log-group-name', '/ecs/web', '--log-stream-name', 's'];
      await aws('logs', 'create-log-stream', ...stream);
      await aws('logs', 'put-log-events', ...stream, '--log-events', `timestamp=${Date.now()},message=hello`);
      expect(await aws('logs', 'get-log-events', ...stream)).toContain('hello');
      expect(await aws('ecr', 'list-images', '--repository-name', 'web')).toContain('"imageIds": []');
      expect(await aws('ecs', 'describe-clusters', '--include', 'SETTINGS')).toContain('containerInsights');
      await waited;
      const role = 'arn:aws:iam::123456789012:role';
      const express = await parsed(
        'ecs',
        'create-express-gateway-service',
        '--service-name',
        'site',
        '--execution-role-arn',
        `${role}/exec`,
        '--infrastructure-role-arn',
        `${role}/infra`,
        '--primary-container',
        'image=example.com/app:1,containerPort=8080',
      );
      const { serviceArn } = express.service;
      const target = await parsed(
        'ecs',
        'update-express-gateway-service',
        '--service-arn',
        serviceArn,
        '--health-check-path',
        '/health',
      );
      expect(target.service.targetConfiguration).toMatchObject({ healthCheckPath: '/health' });
      const { service: site } = await parsed('ecs', 'describe-express-gateway-service', '--service-arn', serviceArn);
      expect(site.status).toEqual({ statusCode: 'ACTIVE' });
      expect(site.activeConfigurations[0].ingressPaths[0].endpoint).toMatch(/^https:/);
      await aws('ecs', 'delete-express-gateway-service', '--service-arn', serviceArn);
      expect((await aws('ecr', 'get-login-password')).length).toBeGreaterThan(1000);
      expect(await aws('sts', 'get-caller-identity')).toContain('123456789012');
    } finally {
      clock.close();
      await server.close();
    }
  },
  180_000,
);
