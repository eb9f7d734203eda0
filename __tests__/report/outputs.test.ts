import {
  deploymentsLink,
  logLink,
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
      logLink({ partition: 'aws', region: 'eu-central-1' }, '/ecs/web', `app/app/${TASK_A}`),
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
      'service-arn': 'arn:aws:ecs:eu-central-1:123456789012:service/shop/web',
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

  test("of a deployment by CodeDeploy: its id, under the name of AWS's own deploy action too", () => {
    const known = outcome({ serviceDeploymentArn: 'd-ABCDEFGHI' });
    const outputs = outputsOf({
      ...known,
      ...(known.deployment && { deployment: { ...known.deployment, id: 'd-ABCDEFGHI' } }),
    });
    expect(outputs).toMatchObject({ 'deployment-id': 'd-ABCDEFGHI', 'codedeploy-deployment-id': 'd-ABCDEFGHI' });
    expect(outputs).not.toHaveProperty('service-deployment-arn');
  });

  test('of a run that knows little yet: only that', () => {
    expect(outputsOf({})).toEqual({});
    expect(outputsOf({ service: service([]) })).toEqual({
      'service-arn': 'arn:aws:ecs:eu-central-1:123456789012:service/shop/web',
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

describe('the output `summary`', () => {
  const summary = (known: Parameters<typeof outputsOf>[0]): Summary => JSON.parse(outputsOf(known).summary ?? '');
  const full = outcome({
    serviceDeploymentArn: 'arn:sd',
    verdict: { kind: 'succeeded', runningCount: 2, digests: { app: DIGEST }, warnings: [] },
    serving: {
      running: 2,
      desired: 2,
      revisions: [{ taskDefinitionArn: revisionArn(42), running: 2, trafficPercent: 100 }],
    },
    failedRollback: { to: revisionArn(41), cause: 'It\ncrashed.', targets: [revisionArn(40)] },
    warnings: ['one\ntwo'],
    denied: [{ action: 'a:B', resource: 'r', passedTo: 'x' }],
    timeline: [{ at: START, kind: 'event', severity: 'good', text: 'x' }],
  } as unknown as Parameters<typeof outcome>[0]);
  test('has all that is known', () => {
    expect(summary(full)).toStrictEqual({
      version: 1,
      outcome: 'deployed',
      headline: 'web:42 runs: 2 tasks, healthy.',
      service: { name: 'web', arn: service([]).arn, clusterArn: service([]).clusterArn },
      url: deploymentsLink(service([])),
      image: {
        reference: full.image?.reference,
        digest: DIGEST,
        tags: ['1.5.0', 'c0ffee'],
        platforms: ['linux/amd64', 'linux/arm64'],
      },
      taskDefinition: revisionArn(42),
      previousTaskDefinition: revisionArn(41),
      deployment: { id: OURS, startedAt: '2027-01-15T08:00:00.000Z' },
      serviceDeployment: 'arn:sd',
      running: { count: 2, digests: { app: DIGEST } },
      failedRollback: { taskDefinition: revisionArn(41), cause: 'It crashed.', targets: [revisionArn(40)] },
      serving: {
        text: expect.stringContaining('web:42 serves'),
        running: 2,
        desired: 2,
        revisions: [{ taskDefinition: revisionArn(42), running: 2, trafficPercent: 100 }],
      },
      causes: [],
      warnings: ['one two'],
      denied: [{ action: 'a:B', resource: 'r' }],
      differences: full.differences,
      took: { seconds: 0, parts: [{ name: 'rollout', seconds: 0 }] },
      timeline: [{ at: '2027-01-15T08:00:00.000Z', kind: 'event', severity: 'good', text: 'x' }],
    });
  });
  test('leaves out what is not known', () => {
    expect(summary({ kind: 'failed' })).toStrictEqual({
      version: 1,
      outcome: 'failed',
      headline: '',
      causes: [],
      warnings: [],
      differences: [],
      timeline: [],
    });
    expect(summary({ kind: 'failed', image: { reference: 'a', repository: 'a', tags: [] } }).image).toStrictEqual({
      reference: 'a',
      tags: [],
    });
    expect(summary({ kind: 'failed', verdict: { kind: 'stopped', reason: 'x' } })).not.toHaveProperty('running');
    const { link: _, ...cause } = diagnosis();
    expect(Object.keys(summary({ kind: 'failed', diagnoses: [cause] }).causes[0] ?? {})).toEqual([
      'rule',
      'severity',
      'transient',
      'cause',
      'remedy',
      'evidence',
    ]);
    expect(summary({ kind: 'failed', denied: [] })).not.toHaveProperty('denied');
  });
  test('has ten causes, 20 warnings, 50 denied actions, 200 differences and 200 moments at most', () => {
    const many = <T>(one: T): T[] => Array.from({ length: 300 }, () => one);
    const cut = summary({
      kind: 'failed',
      diagnoses: many(
        diagnosis({ cause: 'x', remedy: '', evidence: { surface: 'service.event', text: '', context: {} } }),
      ),
      warnings: many('w'),
      denied: many({ action: 'a', resource: 'r' }) as unknown as NonNullable<typeof full.denied>,
      differences: many({ subject: 'a', kind: 'changed', before: 'y'.repeat(10), after: 'z' }),
      timeline: many({ at: START, kind: 'event', severity: 'normal', text: 'x' } as const),
    });
    expect([
      cut.causes.length,
      cut.warnings.length,
      cut.denied?.length,
      cut.differences.length,
      cut.timeline.length,
    ]).toEqual([10, 20, 50, 200, 200]);
  });
  test('cuts values at 200 characters and warnings at 1,000', () => {
    const long = 'x'.repeat(3000);
    const cut = summary({
      kind: 'failed',
      warnings: [long],
      differences: [
        { subject: 'a', kind: 'changed', before: long, after: long },
        { subject: 'b', kind: 'added' },
      ],
    });
    expect([cut.warnings[0]?.length, cut.differences[0]?.before?.length, cut.differences[0]?.after?.length]).toEqual([
      1000, 200, 200,
    ]);
    expect(cut.differences[1]).toStrictEqual({ subject: 'b', kind: 'added' });
  });
  test('no heartbeat, and a shorter end of the timeline where it would be too large', () => {
    const moment = (text: string) => ({ at: START, kind: 'event', severity: 'normal', text }) as const;
    const known = (width: number) =>
      ({
        kind: 'failed',
        timeline: Array.from({ length: 300 }, (_, n) => moment(`${n} ${'x'.repeat(width)}`)),
      }) as const;
    expect(summary({ kind: 'failed', timeline: [{ ...moment('x'), kind: 'heartbeat' }] }).timeline).toEqual([]);
    expect(summary(known(10)).timeline).toHaveLength(200);
    expect(summary(known(690)).timeline).toHaveLength(50);
    const differences = (count: number) =>
      Array.from(
        { length: count },
        () => ({ subject: 's'.repeat(100), kind: 'changed', before: 'y'.repeat(200), after: 'z'.repeat(200) }) as const,
      );
    expect(summary({ ...known(690), differences: differences(150) }).timeline).toHaveLength(10);
    expect(
      summary({ ...known(690), differences: differences(178).map((one) => ({ ...one, subject: 's'.repeat(110) })) })
        .timeline.length,
    ).toBeLessThan(11);
    const none = summary({
      ...known(690),
      differences: differences(200).map((one) => ({ ...one, subject: 's'.repeat(300) })),
      diagnoses: [diagnosis()],
    });
    expect(none).toMatchObject({ timeline: [], differences: [], causes: [] });
  });
  test('metadata stays whole up to 100,000 characters', () => {
    const image = (size: number) => ({
      reference: 'x',
      repository: 'x',
      tags: [],
      metadata: { 'buildx.build.provenance': 'y'.repeat(size), a: 1 },
    });
    expect(JSON.parse(outputsOf({ image: image(1000) }).metadata ?? '')).toEqual(image(1000).metadata);
    expect(JSON.parse(outputsOf({ image: image(100_000) }).metadata ?? '')).toEqual({ a: 1 });
  });
});
