import { deny, REGION } from '../../simulator/simulator.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { BuildOnlyInputs, DeployInputs } from '../../src/inputs/types.ts';
import type { CommandResult, World } from '../../src/ports.ts';
import { RunLog } from '../../src/report/run-log.ts';
import { build } from '../../src/stories/build.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { fetchService } from '../../src/stories/run.ts';
import { FakeDocker } from '../support/docker.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

const HOST = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;

/** A step that builds two platforms into `app`, and what ECR says of the image afterwards. */
function pipeline(given: Readonly<Record<string, string>>) {
  const stage = new Stage().withService();
  stage.template({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: '${IMAGE}' }] });
  stage.files.set('Dockerfile', 'FROM scratch\n');
  stage.simulator.registry.create('app', false);
  const docker = new FakeDocker(stage.simulator.registry, stage.world.files);
  const cosign: { args: readonly string[]; config: string }[] = [];
  const answers: { cosign: Partial<CommandResult> | undefined } = { cosign: undefined };
  const world: World = {
    ...stage.world,
    runner: { ...stage.world.runner, writeSummary: async (text) => void stage.lines.push(text) },
    sources: { ...stage.world.sources, folder: async () => docker.content },
    shell: {
      run: async (program, args, options) => {
        if (program !== 'cosign' || !answers.cosign)
          return program === 'cosign' ? stage.world.shell.run(program, args) : docker.shell.run(program, args, options);
        cosign.push({ args, config: stage.files.get(`${options?.env?.DOCKER_CONFIG}/config.json`) ?? '' });
        return { exitCode: 0, stdout: '', stderr: '', ...(args[0] === 'sign' ? answers.cosign : {}) };
      },
    },
  };
  const raw = {
    'aws-region': REGION,
    service: 'web',
    'task-definition': 'task-definition.json',
    repository: `${HOST}/app`,
    platforms: 'linux/amd64,linux/arm64',
    preflight: 'false',
    ...given,
  };
  const inputsOf = (mode: string, more: Readonly<Record<string, string>> = {}, context = CONTEXT) =>
    parseInputs(new Map(Object.entries({ ...raw, mode, ...more })), { context, env: {} }).inputs;
  const { statuses } = stage.simulator.ecr;
  const tell = (kind: 'scans' | 'replications' | 'signings', answer: object, platform?: string) =>
    void statuses[kind].push({ repositoryName: 'app', answer: answer as never, ...(platform ? { platform } : {}) });
  return {
    stage,
    cosign,
    answers,
    docker,
    tell,
    status: (status: string, platform?: string) => tell('scans', { imageScanStatus: { status } }, platform),
    build: () => build(inputsOf('build') as BuildOnlyInputs, world, new RunLog(world)),
    deploy: (more: Readonly<Record<string, string>> = {}, sha = CONTEXT.sha) => {
      docker.content = sha;
      const inputs = inputsOf('deploy', more, { ...CONTEXT, sha }) as DeployInputs;
      const fetching = fetchService(inputs, world);
      return deploy(runOf(inputs, world), fetching).finally(() => fetching.catch(() => {}));
    },
    log: () => stage.lines.join('\n'),
  };
}

const BASIC = {
  imageScanStatus: { status: 'COMPLETE' },
  imageScanFindings: {
    findings: [
      {
        name: 'CVE-2026-1',
        severity: 'CRITICAL',
        attributes: [
          { key: 'package_name', value: 'zlib' },
          { key: 'package_version', value: '1.2' },
        ],
      },
    ],
  },
};
const ENHANCED = {
  imageScanStatus: { status: 'ACTIVE' },
  imageScanFindings: {
    enhancedFindings: [
      {
        severity: 'HIGH',
        status: 'ACTIVE',
        packageVulnerabilityDetails: {
          vulnerabilityId: 'CVE-2026-2',
          vulnerablePackages: [{ name: 'curl', version: '8', fixedInVersion: '8.1' }],
        },
      },
      { severity: 'CRITICAL', status: 'SUPPRESSED', packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2026-3' } },
    ],
  },
};

describe('scan: wait', () => {
  test('each platform is waited for, and the image without findings is deployed', async () => {
    const run = pipeline({ scan: 'wait' });
    run.status('PENDING', 'linux/arm64');
    run.status('IN_PROGRESS', 'linux/arm64');
    run.status('COMPLETE');
    expect(await run.deploy()).toMatchObject({ kind: 'deployed' });
    // The index, and none of what is in it: no platform alone, and no attestation.
    const index = run.stage.simulator.registry.find('app', CONTEXT.sha);
    expect(index?.mediaType).toContain('index');
    const { definition } = run.stage.simulator.ecs.taskDefinitions.find('web:2');
    expect(JSON.stringify(definition)).toContain(`"image":"${HOST}/app@${index?.digest}"`);
    expect(run.log()).toMatch(
      /Scan of linux\/arm64 \(sha256:.*\): PENDING\.[\s\S]*IN_PROGRESS[\s\S]*Scan of linux\/amd64: no findings/,
    );
  });

  test('a critical finding stops the deploy after the push: nothing is registered, and the table is in the summary', async () => {
    const run = pipeline({ scan: 'wait' });
    run.tell('scans', BASIC, 'linux/amd64');
    run.status('COMPLETE', 'linux/arm64');
    await expect(run.deploy()).rejects.toMatchObject({
      code: 'IMAGE_REJECTED',
      message: expect.stringContaining('CVE-2026-1 in zlib 1.2 (CRITICAL, linux/amd64)'),
    });
    expect(run.stage.revisions()).toEqual(['web:1']);
    expect(run.docker.builds).toHaveLength(1);
    expect(run.log()).toContain('<b>stops the image</b>');
  });

  test('enhanced findings, in mode build: what Inspector suppresses does not count, an allowance that is over does', async () => {
    const run = pipeline({
      scan: 'wait',
      'scan-severity': 'high',
      'scan-allow': 'CVE-2026-2 until 1970-01-01 waits for curl',
    });
    run.tell('scans', ENHANCED);
    await expect(run.build()).rejects.toMatchObject({
      message: expect.stringMatching(
        /has 1 finding of severity high or above: CVE-2026-2 in curl 8 \(HIGH, linux\/amd64, linux\/arm64\), fixed in 8\.1\./,
      ),
    });
    expect(run.log()).toContain(
      'scan-allow: CVE-2026-2 was allowed until 1970-01-01 (waits for curl) and counts again.',
    );
    const allowed = pipeline({
      scan: 'wait',
      'scan-severity': 'high',
      'scan-allow': 'CVE-2026-2 until 2999-01-01 waits for curl',
    });
    allowed.tell('scans', ENHANCED);
    expect(await allowed.build()).toMatchObject({ platforms: ['linux/amd64', 'linux/arm64'] });
  });

  test.each([
    ['UNSUPPORTED_IMAGE', /linux\/amd64 .*: ECR cannot scan it/],
    ['FAILED', /its scan failed/],
    ['LIMIT_EXCEEDED', /reached a limit/],
    ['FINDINGS_UNAVAILABLE', /no findings of it yet/],
    ['IN_PROGRESS', /was not finished after 1 min/],
    ['', /has not begun to scan it/],
  ])('%s', async (status, words) => {
    const run = pipeline({ scan: 'wait', platforms: 'linux/amd64', 'image-checks-minutes': '1' });
    if (status) run.status(status);
    await expect(run.build()).rejects.toMatchObject({ code: 'IMAGE_REJECTED', message: expect.stringMatching(words) });
  });

  test('a cancel ends the wait; a scan that the role may not read ends the run', async () => {
    const run = pipeline({ scan: 'wait' });
    run.status('IN_PROGRESS');
    run.stage.clock.sleep(12).then(() => run.stage.cancel.abort(new Error('cancelled')));
    await expect(run.build()).rejects.toThrow('cancelled');
    const denied = pipeline({ scan: 'wait' });
    denied.stage.simulator.wire.faults.push(deny('ecr:DescribeImageScanFindings'));
    await expect(denied.build()).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      remedy: expect.stringContaining('ecr:DescribeImageScanFindings'),
    });
  });

  test('another registry is refused before the build', async () => {
    const run = pipeline({ scan: 'wait', repository: 'ghcr.io/octo/app' });
    await expect(run.build()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(run.docker.builds).toEqual([]);
  });
});

describe('wait-for-replication', () => {
  const copies = (...statuses: readonly (readonly [string, string, string?])[]) => ({
    replicationStatuses: statuses.map(([region, status, failureCode]) => ({
      region,
      registryId: '123456789012',
      status,
      ...(failureCode ? { failureCode } : {}),
    })),
  });
  test('until every region has the image; others are not waited for', async () => {
    const run = pipeline({ 'wait-for-replication': 'eu-central-1, us-east-1' });
    run.tell('replications', { replicationStatuses: [] });
    run.tell(
      'replications',
      copies(['eu-central-1', 'COMPLETE'], ['us-east-1', 'IN_PROGRESS'], ['us-west-2', 'FAILED', 'X']),
    );
    run.tell(
      'replications',
      copies(['eu-central-1', 'COMPLETE'], ['us-east-1', 'COMPLETE'], ['us-west-2', 'FAILED', 'X']),
    );
    expect(await run.deploy()).toMatchObject({ kind: 'deployed' });
    expect(run.log()).toMatch(/Waiting for the image in us-east-1\.[\s\S]*The image is in eu-central-1, us-east-1\./);
  });
  test.each([
    [
      copies(['us-east-1', 'FAILED', 'KMSException']),
      /replicate the image to us-east-1 \(account 123456789012\): KMSException/,
    ],
    [copies(), /does not replicate app to us-east-1/],
    [copies(['us-east-1', 'IN_PROGRESS']), /was not finished after 10 min/],
  ])('%#', async (answer, words) => {
    const run = pipeline({ 'wait-for-replication': 'us-east-1' });
    run.tell('replications', answer);
    await expect(run.build()).rejects.toMatchObject({ code: 'IMAGE_REJECTED', message: expect.stringMatching(words) });
  });
  test('a denied right is a warning', async () => {
    const run = pipeline({ 'wait-for-replication': 'us-east-1' });
    run.stage.simulator.wire.faults.push(deny('ecr:DescribeImageReplicationStatus'));
    await run.build();
    expect(run.log()).toContain('The replication is not waited for: ecr:DescribeImageReplicationStatus is denied.');
  });
});

describe('sign', () => {
  test('cosign signs the index by digest, with a login that it reads and nobody finds afterwards', async () => {
    const run = pipeline({ sign: 'cosign' });
    run.answers.cosign = {};
    const image = await run.build();
    expect(run.cosign.map(({ args }) => args)).toEqual([['version'], ['sign', '--yes', `${HOST}/app@${image.digest}`]]);
    expect(JSON.parse(run.cosign[1]?.config ?? '{}').auths[HOST]).toBeDefined();
    expect(image.digest).toBe(run.stage.simulator.registry.find('app', CONTEXT.sha)?.digest);
  });
  test('without cosign nothing is built; what it refuses is said', async () => {
    const run = pipeline({ sign: 'cosign' });
    await expect(run.build()).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      remedy: expect.stringContaining('cosign-installer'),
    });
    expect(run.docker.builds).toEqual([]);
    run.answers.cosign = { exitCode: 1, stderr: 'Error: signing: getting ambient OIDC token: no id-token' };
    await expect(run.build()).rejects.toMatchObject({
      code: 'IMAGE_REJECTED',
      remedy: expect.stringContaining('id-token: write'),
    });
  });
  test('an image that the scan stops is not signed', async () => {
    const run = pipeline({ sign: 'cosign', scan: 'wait' });
    run.answers.cosign = {};
    run.tell('scans', BASIC);
    await expect(run.build()).rejects.toMatchObject({ code: 'IMAGE_REJECTED' });
    expect(run.cosign.map(({ args }) => args[0])).toEqual(['version']);
  });
  test('ecr: managed signing is waited for, and its failure has its reason', async () => {
    const profile = 'arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images';
    const signings = (status: string, more = {}) => ({
      signingStatuses: [{ signingProfileArn: profile, status, ...more }],
    });
    const run = pipeline({ sign: 'ecr' });
    run.tell('signings', signings('IN_PROGRESS'));
    run.tell('signings', signings('COMPLETE'));
    await run.build();
    expect(run.log()).toContain(`Signed by ECR: ${profile}.`);
    const failed = pipeline({ sign: 'ecr' });
    failed.tell('signings', signings('FAILED', { failureCode: 'AccessDenied', failureReason: 'signer:SignPayload' }));
    await expect(failed.build()).rejects.toMatchObject({
      message: expect.stringContaining('AccessDenied, signer:SignPayload'),
    });
    await expect(pipeline({ sign: 'ecr' }).build()).rejects.toMatchObject({
      message: expect.stringContaining('No signing rule'),
    });
  });
});

describe('lifecycle-policy', () => {
  const rules = (countNumber: number) =>
    `rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: ${countNumber} }, action: { type: expire } }]`;
  const [ONE, TWO, THREE] = ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)] as const;
  const policyOf = ({ stage }: ReturnType<typeof pipeline>) =>
    stage.simulator.ecr.handle('GetLifecyclePolicy', { repositoryName: 'app' }, stage.simulator.context);

  test('it is not put where it removes what the service can go back to; else it is, once', async () => {
    const run = pipeline({ cache: 'none' });
    for (const sha of [ONE, TWO]) expect(await run.deploy({}, sha)).toMatchObject({ kind: 'deployed' });
    const first = run.stage.simulator.registry.find('app', ONE)?.digest ?? '';
    const revisions = run.stage.revisions();
    await expect(run.deploy({ 'lifecycle-policy': rules(1) }, THREE)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(new RegExp(`would remove 2 images .*${first} \\(1{40}\\): web:2`)),
    });
    expect(run.stage.revisions()).toEqual(revisions);
    await expect(policyOf(run)).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
    expect(await run.deploy({ 'lifecycle-policy': rules(3) }, THREE)).toMatchObject({ kind: 'deployed' });
    expect(await policyOf(run)).toMatchObject({ lifecyclePolicyText: expect.stringContaining('"countNumber":3') });
    await run.deploy({ 'lifecycle-policy': rules(3) }, THREE);
    expect(run.stage.simulator.wire.calls.filter(({ operation }) => operation === 'PutLifecyclePolicy')).toHaveLength(
      1,
    );
  });

  test.each([
    'ecr:GetLifecyclePolicy',
    'ecr:StartLifecyclePolicyPreview',
    'ecr:GetLifecyclePolicyPreview',
    'ecs:DescribeTaskDefinition',
  ])('without %s it stays as it is, and the deploy continues', async (action) => {
    const run = pipeline({ cache: 'none' });
    run.stage.simulator.wire.faults.push(deny(action));
    expect(await run.deploy({ 'lifecycle-policy': rules(1) }, ONE)).toMatchObject({ kind: 'deployed' });
    expect(run.log()).toMatch(new RegExp(`lifecycle policy of app is left as it is: ${action} failed`));
  });

  test('a policy that ECR would not take is refused before the build, and mode build has no service to check', async () => {
    const run = pipeline({ 'lifecycle-policy': 'rules: [{ rulePriority: 1 }]' });
    await expect(run.deploy()).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      mistakes: [expect.objectContaining({ subject: 'lifecycle-policy' }), expect.anything()],
    });
    expect(run.docker.builds).toEqual([]);
    expect(() => run.build()).toThrow(
      expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'lifecycle-policy' })] }),
    );
  });
});
