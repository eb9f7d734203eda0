import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AwsConfig } from '../../../src/adapters/aws.ts';
import { createResources } from '../../../src/adapters/resources.ts';
import type { Resources } from '../../../src/ports.ts';
import { awsCli, whenCli } from '../../support/aws-cli.ts';
import { eventually } from '../../support/patience.ts';
import { ACCOUNT, Account, REGION, role, SECRET, TARGETS } from '../account.ts';

/**
 * Proof by programs that we did not write: another simulation of AWS answers our adapters as ours does, and another
 * client reads our fakes. Where they are missing, nothing is lost but that proof.
 */
const whenMoto = spawnSync('moto_server', ['--help']).status === 0 ? test : test.skip;
const TRUST = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function answersAt(endpoint: string): Promise<void> {
  await eventually(
    () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      ),
    () => `${endpoint} answers`,
  );
}

/** The VPC that an account is born with; the one thing for which there is no client here. */
async function defaultVpc(endpoint: string): Promise<string> {
  const scope = `TEST/20260101/${REGION}/ec2/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action: 'DescribeVpcs', Version: '2016-11-15' }),
  });
  return /<vpcId>([^<]+)</.exec(await answer.text())?.[1] ?? '';
}

/** The same things in an account of moto's, made with the SDK. Answers with what moto named by itself. */
async function furnish(config: {
  readonly endpoint: string;
}): Promise<{ readonly secret: string; readonly targets: string }> {
  const [iam, manager, ssm, logs, s3, balancing, cloudwatch, ecs] = await Promise.all([
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-secrets-manager'),
    import('@aws-sdk/client-ssm'),
    import('@aws-sdk/client-cloudwatch-logs'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-elastic-load-balancing-v2'),
    import('@aws-sdk/client-cloudwatch'),
    import('@aws-sdk/client-ecs'),
  ]);
  const VpcId = await defaultVpc(config.endpoint);
  const bucket = new s3.S3Client({ ...config, forcePathStyle: true });
  const [secret, targets] = await Promise.all([
    new manager.SecretsManagerClient(config).send(
      new manager.CreateSecretCommand({ Name: 'db', SecretString: '{"password":"correct horse","user":"web"}' }),
    ),
    new balancing.ElasticLoadBalancingV2Client(config).send(
      new balancing.CreateTargetGroupCommand({
        Name: 'web',
        Protocol: 'HTTP',
        Port: 80,
        VpcId,
        TargetType: 'ip',
      }),
    ),
    new iam.IAMClient(config).send(
      new iam.CreateRoleCommand({ RoleName: 'task', Path: '/team/', AssumeRolePolicyDocument: JSON.stringify(TRUST) }),
    ),
    new ssm.SSMClient(config).send(
      new ssm.PutParameterCommand({ Name: '/web/flag', Value: 'on', Type: 'SecureString' }),
    ),
    new logs.CloudWatchLogsClient(config).send(new logs.CreateLogGroupCommand({ logGroupName: '/ecs/web' })),
    bucket
      .send(
        new s3.CreateBucketCommand({ Bucket: 'settings', CreateBucketConfiguration: { LocationConstraint: REGION } }),
      )
      .then(() => bucket.send(new s3.PutObjectCommand({ Bucket: 'settings', Key: 'web.env', Body: 'A=1' }))),
    new cloudwatch.CloudWatchClient(config).send(
      new cloudwatch.PutMetricAlarmCommand({
        AlarmName: 'web-5xx',
        MetricName: 'Errors',
        Namespace: 'Web',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    ),
    new ecs.ECSClient(config).send(new ecs.CreateClusterCommand({ clusterName: 'default' })),
  ]);
  return { secret: secret.ARN ?? '', targets: targets.TargetGroups?.[0]?.TargetGroupArn ?? '' };
}

/** Every question of the port for what is there and for what is not; ids that the account chose are left out. */
async function interview(
  resources: Resources,
  { secret, targets }: { secret: string; targets: string },
): Promise<object> {
  const described = await resources.secret(REGION, secret);
  const [group] = await resources.targetGroups(REGION, [targets]);
  return {
    role: await resources.role('task'),
    noRole: await resources.role('nobody'),
    secret: described && { ...described, versions: Object.values(described.versions) },
    noSecret: await resources.secret(REGION, SECRET.replace('db', 'none')),
    keys: await resources.secretKeys(REGION, { arn: secret }),
    noVersion: await resources.secretKeys(REGION, { arn: secret, stage: 'AWSPENDING' }),
    parameters: await resources.parameters(REGION, ['/web/flag', '/web/flga', 'flag']),
    logGroups: [await resources.hasLogGroup(REGION, '/ecs/web'), await resources.hasLogGroup(REGION, '/ecs')],
    objects: [
      await resources.hasObject('settings', 'web.env'),
      await resources.hasObject('settings', 'none.env'),
      await resources.hasObject('no-such-bucket-here', 'web.env'),
    ],
    group: group && { ...group, arn: '', vpcId: '' },
    noGroup: await resources.targetGroups(REGION, [TARGETS.replace('/web/1111', '/none/2222222222222222')]),
    alarms: (await resources.alarms(REGION, ['web-5xx', 'none'])).map(({ name }) => name),
    cluster: (await resources.cluster('default'))?.status,
    noCluster: await resources.cluster('other'),
    instances: await resources.containerInstances('default'),
    noProviders: await resources.capacityProviders(['none']),
  };
}

whenMoto(
  'another simulation of AWS answers every question as ours does',
  async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const moto: ChildProcess = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    try {
      await answersAt(endpoint);
      const config = {
        region: REGION,
        endpoint,
        credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
        maxAttempts: 1,
        customUserAgent: 'test',
        requestHandler: {},
      } satisfies AwsConfig & { endpoint: string };
      const names = await furnish(config);
      const theirs = await interview(
        createResources(config, () => {}),
        names,
      );

      const account = new Account().withEverything();
      account.simulator.iam.roles.set('task', { path: '/team/', trust: TRUST });
      account.simulator.loadBalancing.targetGroups.set(TARGETS, { targetType: 'ip', loadBalancerArns: [] });
      const ours = await interview(account.resources, { secret: SECRET, targets: TARGETS });
      expect(ours).toEqual(theirs);
    } finally {
      const ended = once(moto, 'exit');
      moto.kill();
      await ended;
    }
  },
  180_000,
);

whenCli(
  'the AWS CLI reads our fakes',
  async () => {
    const account = new Account().withEverything();
    account.simulator.ecs.fleet.instances.push({ id: 'i-1', cpu: 2048, memory: 4096 });
    const server = await account.simulator.listen();
    const cli = awsCli(server.endpoint, 'text');
    const aws = async (command: string): Promise<string> => (await cli(...command.split(' '))).trim();
    try {
      const commands: [string, string][] = [
        [
          'iam get-role --role-name task --query Role.AssumeRolePolicyDocument.Statement[0].Principal.Service',
          'ecs-tasks.amazonaws.com',
        ],
        [
          `iam simulate-principal-policy --policy-source-arn ${role('execution')} --action-names s3:GetObject --resource-arns arn:aws:s3:::a/b --query EvaluationResults[0].EvalDecision`,
          'allowed',
        ],
        [`elbv2 describe-target-groups --target-group-arns ${TARGETS} --query TargetGroups[0].TargetType`, 'ip'],
        [`secretsmanager describe-secret --secret-id ${SECRET} --query VersionIdsToStages.v1[0]`, 'AWSCURRENT'],
        [
          'ssm describe-parameters --parameter-filters Key=Name,Values=/web/flag --query Parameters[].Name',
          '/web/flag',
        ],
        ['logs describe-log-groups --log-group-name-prefix /ecs --query logGroups[].logGroupName', '/ecs/web'],
        ['s3api head-object --bucket settings --key web.env --query ContentLength', '1'],
        [
          'ecs list-container-instances --query containerInstanceArns',
          `arn:aws:ecs:${REGION}:${ACCOUNT}:container-instance/default/i-1`,
        ],
      ];
      const answers = await Promise.all(commands.map(([command]) => aws(command)));
      expect(answers).toEqual(commands.map(([, expected]) => expected));
      await expect(aws('s3api head-object --bucket settings --key none')).rejects.toThrow(/\(404\).*HeadObject/);
      await expect(aws('iam get-role --role-name nobody')).rejects.toThrow(/NoSuchEntity/);
    } finally {
      await server.close();
    }
  },
  180_000,
);
