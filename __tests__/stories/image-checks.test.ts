import { deny, REGION } from '../../simulator/simulator.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { BuildOnlyInputs, DeployInputs } from '../../src/inputs/types.ts';
import type { CommandResult, World } from '../../src/ports.ts';
import { RunLog } from '../../src/report/run-log.ts';
import { build } from '../../src/stories/build.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { plan } from '../../src/stories/plan.ts';
import { fetchService } from '../../src/stories/run.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
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
    parseInputs(new Map(Object.entries({ ...raw, mode, ...more })), { context, env: {}, yaml: parseYaml }).inputs;
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
    /** The lines of a plan about the image. */
    plan: async (more: Readonly<Record<string, string>> = {}) => {
      const inputs = inputsOf('plan', more) as DeployInputs;
      docker.content = CONTEXT.sha;
      const fetching = fetchService(inputs, world);
      const { checks } = await plan(runOf(inputs, world), fetching).finally(() => fetching.catch(() => {}));
      return checks.map(({ status, text }) => `${status} ${text}`);
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
  test('an image that the input `image` names is waited for, too', async () => {
    const run = pipeline({});
    await run.deploy();
    run.tell('scans', BASIC);
    const given = { image: `${HOST}/app:${CONTEXT.sha}`, repository: '', platforms: '', scan: 'wait' };
    await expect(run.deploy({ ...given, 'container-name': 'app' })).rejects.toMatchObject({
      code: 'IMAGE_REJECTED',
      message: expect.stringContaining('CVE-2026-1'),
    });
  });

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
  test('cosign signs the index by digest, with a login that it reads and that is removed at the end', async () => {
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

const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });

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

  test('an image that another service runs is not removed either', async () => {
    const run = pipeline({ cache: 'none' });
    const { simulator } = run.stage;
    expect(await run.deploy({}, ONE)).toMatchObject({ kind: 'deployed' });
    simulator.call('CreateCluster', { clusterName: 'other' });
    simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, family: 'api', ...app(`${HOST}/app:${TWO}`) });
    const index = simulator.registry.find('app', ONE);
    if (!index) throw new Error('not pushed');
    const older = {
      ...index,
      body: Buffer.from(JSON.stringify({ ...JSON.parse(String(index.body)), annotations: {} })),
    };
    const shared = simulator.registry.repositories.get('app');
    if (!shared) throw new Error('no repository');
    const digest = simulator.registry.put(shared, TWO, older);
    simulator.call('CreateService', {
      cluster: 'other',
      serviceName: 'api',
      taskDefinition: 'api',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    // Two newer ones, so that only the other service needs it.
    for (let i = 0; i < 21; i++) await run.deploy({}, String(i).padStart(40, 'a'));
    await expect(run.deploy({ 'lifecycle-policy': rules(22) }, THREE)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(new RegExp(`${digest} \\(2{40}\\): api:1 \\(runs in api\\)`)),
    });
  });

  test.each(['ecs:ListClusters', 'ecs:ListServices'])(
    'without %s other services are not known, and that is a warning',
    async (action) => {
      const run = pipeline({ cache: 'none' });
      run.stage.simulator.wire.faults.push(deny(action));
      expect(await run.deploy({ 'lifecycle-policy': rules(3) }, ONE)).toMatchObject({ kind: 'deployed' });
      expect(run.log()).toMatch(new RegExp(`Whether other services use images of app .* is not known: .*${action}`));
      expect(await policyOf(run)).toMatchObject({ lifecyclePolicyText: expect.any(String) });
    },
  );

  test.each([
    ['image', { image: `${HOST}/app:${ONE}` }],
    ['image: commit', { image: 'commit', repository: `${HOST}/app` }],
    ['digests', { digests: 'DIGEST', repository: `${HOST}/app`, tags: ONE }],
  ])('with %s it is compared and applied too', async (_, given) => {
    const run = pipeline({ cache: 'none' });
    await run.deploy({}, ONE);
    const digest = run.stage.simulator.registry.find('app', ONE)?.digest ?? '';
    const none = { platforms: '', cache: '', repository: '' };
    const inputs = { ...none, ...given, ...('digests' in given ? { digests: digest } : {}), 'container-name': 'app' };
    await run.deploy({ ...inputs, 'lifecycle-policy': rules(5) }, ONE);
    expect(await policyOf(run)).toMatchObject({ lifecyclePolicyText: expect.stringContaining('"countNumber":5') });
  });

  test('a policy that ECR would not take is refused before the build, and mode build has no service to check', async () => {
    const run = pipeline({ 'lifecycle-policy': 'rules: [{ rulePriority: 1 }]' });
    expect(() => run.deploy()).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        mistakes: [expect.objectContaining({ subject: 'lifecycle-policy' }), expect.anything()],
      }),
    );
    expect(run.docker.builds).toEqual([]);
    expect(() => run.build()).toThrow(
      expect.objectContaining({
        mistakes: expect.arrayContaining([
          expect.objectContaining({ problem: expect.stringContaining('`mode: build` knows no service') }),
        ]),
      }),
    );
  });
});

describe('a plan says what a deploy would do about its image', () => {
  const POLICY = `rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: 1 }, action: { type: expire } }]`;
  const changes = ({ stage }: ReturnType<typeof pipeline>) =>
    stage.simulator.wire.calls.filter(({ operation }) => /^(?:Create|Put|Set|Tag|Update|Register)/.test(operation));

  test('a repository that is created, and what waits for the push', async () => {
    const run = pipeline({});
    run.stage.simulator.registry.repositories.delete('app');
    const before = changes(run).length;
    const lines = await run.plan({
      'create-repository': 'true',
      'repository-settings':
        'imageTagMutability: IMMUTABLE_WITH_EXCLUSION\nimageTagMutabilityExclusionFilters: [{ filterType: WILDCARD, filter: "cache-*" }]\nimageScanningConfiguration: { scanOnPush: true }\ntags: { team: web }\nrepositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:BatchGetImage" }] }',
      'lifecycle-policy': POLICY,
      scan: 'wait',
      'wait-for-replication': 'eu-central-1',
      sign: 'ecr',
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'ok repository: app would be created in eu-west-1 with imageTagMutability IMMUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters cache-*, scanOnPush true, tags team, a repository policy',
        'ok lifecycle-policy: would be applied to the new repository app',
        'ok scan: the scan would be waited for after the push; a finding of CRITICAL or above fails the step',
        'ok wait-for-replication: the image would be waited for in eu-central-1',
        "ok sign: ECR's signature would be waited for",
      ]),
    );
    expect(changes(run)).toHaveLength(before);
  });

  test('an image that is there: its findings, copies and signature as they are', async () => {
    const run = pipeline({});
    await run.deploy();
    const checks = { scan: 'wait', 'wait-for-replication': 'eu-central-1', sign: 'ecr' };
    run.tell('scans', BASIC);
    run.tell('replications', {
      replicationStatuses: [{ region: 'eu-central-1', registryId: '1', status: 'COMPLETE' }],
    });
    run.tell('signings', { signingStatuses: [{ signingProfileArn: 'arn:profile', status: 'COMPLETE' }] });
    expect(await run.plan(checks)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^bad scan: 1 of severity CRITICAL or above: CVE-2026-1 in zlib 1\.2 .* A deploy would fail\.$/,
        ),
        'ok wait-for-replication: the image is in eu-central-1',
        'ok sign: ECR has signed the image (arn:profile)',
      ]),
    );
    expect(await run.plan({ ...checks, 'scan-allow': 'CVE-2026-1 until 2099-01-01 known' })).toContain(
      'ok scan: no finding of CRITICAL or above',
    );
  });

  test.each([
    ['PENDING', /^ok scan: linux\/amd64: PENDING; a deploy would wait for it$/],
    ['FAILED', /^bad scan: linux\/amd64: its scan failed/],
    ['FINDINGS_UNAVAILABLE', /^warn scan: linux\/amd64: ECR has no findings of it yet/],
  ])('a scan that is %s', async (status, line) => {
    const run = pipeline({ scan: 'wait' });
    run.status('COMPLETE');
    await run.deploy();
    run.stage.simulator.ecr.statuses.scans.length = 0;
    run.status(status);
    expect(await run.plan()).toEqual(expect.arrayContaining([expect.stringMatching(line)]));
  });

  test('findings that the role may not read end a deploy, and so are bad', async () => {
    const run = pipeline({ scan: 'wait' });
    run.status('COMPLETE');
    await run.deploy();
    run.stage.simulator.wire.faults.push(deny('ecr:DescribeImageScanFindings'));
    expect(await run.plan()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^bad scan: ecr:DescribeImageScanFindings/)]),
    );
  });

  test('a lifecycle policy: refused, applied, or there already', async () => {
    const run = pipeline({ cache: 'none' });
    for (const sha of ['1'.repeat(40), '2'.repeat(40)]) await run.deploy({}, sha);
    const before = changes(run).length;
    expect(await run.plan({ 'lifecycle-policy': POLICY })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^bad lifecycle-policy: .* would remove 1 image .*web:2/)]),
    );
    const many = POLICY.replace('countNumber: 1', 'countNumber: 9');
    const applied =
      'ok lifecycle-policy: would be applied to app. Its preview removes 0 images, none of which web runs or can roll back to.';
    expect(await run.plan({ 'lifecycle-policy': many })).toContain(applied);
    expect(changes(run)).toHaveLength(before);
    await run.deploy({ 'lifecycle-policy': many }, '2'.repeat(40));
    expect(await run.plan({ 'lifecycle-policy': many })).toContain('ok lifecycle-policy: app has it already');
    run.stage.simulator.wire.faults.push(deny('ecr:GetLifecyclePolicy'));
    expect(await run.plan({ 'lifecycle-policy': many })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^warn lifecycle-policy: ecr:GetLifecyclePolicy/)]),
    );
  });

  test('a registry of which ECR knows nothing', async () => {
    const run = pipeline({ scan: 'wait', 'lifecycle-policy': POLICY, repository: 'ghcr.io/octo/app' });
    expect(await run.plan()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^bad image checks: `scan: wait` asks Amazon ECR, and ghcr\.io\/octo\/app is not/),
        'warn `lifecycle-policy` is not applied: ghcr.io/octo/app is not a private ECR repository.',
      ]),
    );
  });
});
