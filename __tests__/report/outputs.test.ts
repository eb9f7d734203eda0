import {
  deploymentsLink,
  logStreamLink,
  repositoryLink,
  revisionLink,
  serviceLink,
  taskLink,
} from '../../src/report/links.ts';
import { outputsOf, type Summary } from '../../src/report/outputs.ts';
import { DIGEST, diagnosis, OURS, outcome, revisionArn, START, service, TASK_A } from './made.ts';

describe('links into the console', () => {
  const of = (partition: string, region: string) => ({
    name: 'web',
    arn: `arn:${partition}:ecs:${region}:123456789012:service/shop/web`,
    clusterArn: `arn:${partition}:ecs:${region}:123456789012:cluster/shop`,
  });
  test.each([
    [
      'aws',
      'eu-central-1',
      'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/health?region=eu-central-1',
    ],
    [
      'aws-cn',
      'cn-north-1',
      'https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/shop/services/web/health?region=cn-north-1',
    ],
    [
      'aws-us-gov',
      'us-gov-west-1',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/shop/services/web/health?region=us-gov-west-1',
    ],
    [
      'aws-eusc',
      'eusc-de-east-1',
      'https://eusc-de-east-1.console.amazonaws-eusc.eu/ecs/v2/clusters/shop/services/web/health?region=eusc-de-east-1',
    ],
    ['aws-iso', 'us-iso-east-1', undefined],
  ])('a service in %s', (partition, region, link) => {
    expect(serviceLink(of(partition, region))).toBe(link);
  });

  test.each([
    [
      'deployments',
      deploymentsLink(of('aws', 'eu-west-1')),
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/deployments?region=eu-west-1',
    ],
    [
      'a service whose ARN is of the old format',
      serviceLink({ ...of('aws', 'eu-west-1'), arn: 'arn:aws:ecs:eu-west-1:123456789012:service/web' }),
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/health?region=eu-west-1',
    ],
    [
      'a revision',
      revisionLink(revisionArn(42)),
      'https://eu-central-1.console.aws.amazon.com/ecs/v2/task-definitions/web/42/containers?region=eu-central-1',
    ],
    ['a family alone', revisionLink('web:42'), undefined],
    [
      'a task',
      taskLink(`arn:aws:ecs:eu-central-1:123456789012:task/shop/${TASK_A}`, 'shop'),
      `https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/tasks/${TASK_A}/configuration?region=eu-central-1`,
    ],
    [
      'a log stream',
      logStreamLink({ partition: 'aws', region: 'eu-central-1' }, '/ecs/web', `app/app/${TASK_A}`),
      `https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/$252Fecs$252Fweb/log-events/app$252Fapp$252F${TASK_A}`,
    ],
    [
      'an image in ECR',
      repositoryLink('123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web', DIGEST),
      `https://eu-central-1.console.aws.amazon.com/ecr/repositories/private/123456789012/shop/web/_/image/${DIGEST}/details?region=eu-central-1`,
    ],
    [
      'a repository in China',
      repositoryLink('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web'),
      'https://cn-north-1.console.amazonaws.cn/ecr/repositories/private/123456789012/web?region=cn-north-1',
    ],
    [
      'the dual-stack host',
      repositoryLink('123456789012.dkr-ecr.eu-west-1.on.aws/web'),
      'https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/123456789012/web?region=eu-west-1',
    ],
    ['the public gallery', repositoryLink('public.ecr.aws/nginx/nginx'), 'https://gallery.ecr.aws/nginx/nginx'],
    ['another registry', repositoryLink('ghcr.io/acme/web'), undefined],
  ])('%s', (_, link, expected) => {
    expect(link).toBe(expected);
  });
});

describe('outputs', () => {
  test('of a deploy', () => {
    const { summary, ...rest } = outputsOf(outcome({ serviceDeploymentArn: 'arn:sd' }));
    expect(rest).toEqual({
      image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@${DIGEST}`,
      'image-digest': DIGEST,
      'image-tags': '1.5.0\nc0ffee',
      'task-definition-arn': revisionArn(42),
      'previous-task-definition-arn': revisionArn(41),
      'deployment-id': OURS,
      'service-deployment-arn': 'arn:sd',
      url: 'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/deployments?region=eu-central-1',
      outcome: 'deployed',
    });
    expect(JSON.parse(summary ?? '')).toMatchObject({
      version: 1,
      outcome: 'deployed',
      taskDefinition: revisionArn(42),
    });
  });

  test('of a run that knows little yet: only that', () => {
    expect(outputsOf({})).toEqual({});
    expect(outputsOf({ service: service([]) })).toEqual({
      url: 'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/health?region=eu-central-1',
    });
  });

  test('the summary carries causes and timeline, without log lines', () => {
    const known = outcome({
      kind: 'failed',
      diagnoses: [diagnosis({ taskId: TASK_A, container: 'app' })],
      timeline: [
        { at: START, kind: 'task', severity: 'failure', text: 'web:42 STOPPED', taskId: TASK_A, state: 'STOPPED' },
        { at: START, kind: 'log', severity: 'normal', text: 'title\npassword=hunter2' },
      ],
    });
    const summary: Summary = JSON.parse(outputsOf(known).summary ?? '');
    expect(summary.causes).toEqual([
      {
        rule: 'image-not-found',
        severity: 'failure',
        transient: false,
        cause: diagnosis().cause,
        remedy: diagnosis().remedy,
        link: diagnosis().link,
        evidence: { surface: 'task.stoppedReason', text: diagnosis().evidence.text },
        task: TASK_A,
        container: 'app',
      },
    ]);
    expect(summary.timeline).toEqual([
      {
        at: '2027-01-15T08:00:00.000Z',
        kind: 'task',
        severity: 'failure',
        text: 'web:42 STOPPED',
        task: TASK_A,
        state: 'STOPPED',
      },
    ]);
  });

  test('what is too large for an output is cut to valid JSON: the end of the timeline stays, provenance goes', () => {
    const timeline = Array.from(
      { length: 5000 },
      (_, index) => ({ at: START, kind: 'event', severity: 'normal', text: `${index} ${'x'.repeat(600)}` }) as const,
    );
    const metadata = { 'containerimage.digest': DIGEST, 'buildx.build.provenance/linux/amd64': 'y'.repeat(200_000) };
    const outputs = outputsOf(outcome({ timeline, image: { reference: 'x', repository: 'x', tags: [], metadata } }));
    const summary: Summary = JSON.parse(outputs.summary ?? '');
    expect((outputs.summary ?? '').length).toBeLessThanOrEqual(100_000);
    expect(summary.timeline.at(-1)?.text).toMatch(/^4999 /);
    expect(JSON.parse(outputs.metadata ?? '')).toEqual({ 'containerimage.digest': DIGEST });
  });
});
