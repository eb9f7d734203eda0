import fc from 'fast-check';
import { Failure, type Mistake } from '../../src/failure.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';
import { parseInputs, readPlace } from '../../src/inputs/parse.ts';
import { type DeployInputs, type RunContext, SEVERAL } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const context: RunContext = {
  sha: '8843d7f92416211de9ebb963ff4ce28125932878',
  ref: 'refs/heads/main',
  refName: 'main',
  refType: 'branch',
  repository: 'acme/shop',
  runId: '1234567890',
  runAttempt: '1',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  eventName: 'push',
  actor: 'ada',
  workflow: 'deploy',
  job: 'deploy',
};
const base = { 'aws-region': 'eu-central-1', service: 'web' };
type Given = Readonly<Record<string, string>>;

function parse(given: Given, env = {}) {
  return parseInputs(new Map(Object.entries(given)), { context, env, yaml: parseYaml });
}
function deploy(given: Given): DeployInputs {
  const { inputs } = parse({ ...base, ...given });
  if (inputs.mode !== 'deploy' && inputs.mode !== 'plan') throw new Error('not a deploy');
  return inputs;
}
function mistakes(given: Given, env = {}): readonly Mistake[] {
  try {
    parse(given, env);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    expect(thrown.code).toBe('INVALID_INPUT');
    return thrown.mistakes;
  }
  return [];
}

describe('what the user wrote is what the stories get', () => {
  test('nothing but service and region: the running task definition, and a service left as it is', () => {
    const inputs = deploy({});
    expect(inputs.image).toEqual({ kind: 'template' });
    expect(inputs.template.source).toEqual({ kind: 'service' });
    expect(inputs.service).toEqual({ cluster: 'default', service: 'web' });
    expect(inputs.watch).toEqual({
      wait: true,
      timeoutSeconds: 1800,
      timeoutGiven: false,
      noProgressSeconds: 600,
      logLines: 30,
      onPause: 'wait',
    });
    expect(inputs.recovery.rollbackOnFailure).toBe(true);
  });

  test('a build', () => {
    const { image } = deploy({ repository: 'team/app', platforms: 'amd64, linux/aarch64', tags: 'one\ntwo,one' });
    if (image.kind !== 'build') throw new Error(image.kind);
    expect(image.build).toMatchObject({
      repository: 'team/app',
      context: '.',
      platforms: ['linux/amd64', 'linux/arm64'],
      tags: ['one', 'two'],
      createRepository: false,
    });
    expect(image.build).not.toHaveProperty('file');
  });

  test('what tunes a build', () => {
    const { image } = deploy({
      repository: 'team/app',
      'add-hosts': 'docker:10.0.0.1, db=10.0.0.2',
      allow: 'network.host',
      attests: 'type=sbom,generator=a\ntype=provenance,mode=max',
      provenance: 'false',
      network: 'host',
      'no-cache-filters': 'test\nlint',
      outputs: 'type=local,dest=out\ntype=image,compression=zstd,push=true',
      'shm-size': '2g',
      ulimit: 'nofile=1024:2048',
    });
    if (image.kind !== 'build') throw new Error(image.kind);
    expect(image.build.tuning).toEqual({
      addHosts: ['docker:10.0.0.1', 'db=10.0.0.2'],
      allow: ['network.host'],
      attests: ['type=sbom,generator=a'],
      network: 'host',
      noCacheFilters: ['test', 'lint'],
      outputs: ['type=local,dest=out', 'type=image,compression=zstd,push=true'],
      shmSize: '2g',
      ulimits: ['nofile=1024:2048'],
    });
  });

  test.each([
    ['https://github.com/acme/shop.git#main', ['GIT_AUTH_TOKEN.github.com']],
    ['https://github.com/acme/shop', ['GIT_AUTH_TOKEN.github.com']],
    ['https://github.com/acme/shopping.git', []],
    ['https://github.com/other/shop.git', []],
    ['.', []],
  ])('the token goes to a Git context of this repository alone: %s', (context, ids) => {
    const { image } = deploy({ repository: 'team/app', context, 'github-token': 'ghs_x' });
    if (image.kind !== 'build') throw new Error(image.kind);
    expect(image.build.secrets.map(([id]) => id)).toEqual(ids);
  });

  test.each<[situation: string, given: Given, service: object]>([
    [
      'circuit breaker with rollback',
      { 'circuit-breaker': 'rollback' },
      { circuitBreaker: { enable: true, rollback: true } },
    ],
    [
      'circuit breaker on, as a YAML boolean',
      { 'circuit-breaker': 'true' },
      { circuitBreaker: { enable: true, rollback: false } },
    ],
    ['circuit breaker off', { 'circuit-breaker': 'OFF' }, { circuitBreaker: { enable: false, rollback: false } }],
    [
      'a threshold as a percentage',
      { 'circuit-breaker': 'on', 'circuit-breaker-threshold': '50%' },
      { circuitBreaker: { enable: true, rollback: false, threshold: { type: 'BOUNDED_PERCENT', value: 50 } } },
    ],
    [
      'a threshold as a count',
      { 'circuit-breaker': 'on', 'circuit-breaker-threshold': '5' },
      { circuitBreaker: { enable: true, rollback: false, threshold: { type: 'COUNT', value: 5 } } },
    ],
    ['alarms', { alarms: 'errors, "5xx, all"' }, { alarms: ['errors', '5xx, all'] }],
    ['alarms turned off', { alarms: 'none' }, { alarms: [] }],
    ['no tasks at all', { 'desired-count': '0' }, { desiredCount: 0 }],
    ['exec turned off is not unset', { 'enable-execute-command': 'false' }, { enableExecuteCommand: false }],
    [
      'the cluster in the service ARN',
      { service: 'arn:aws:ecs:eu-central-1:123456789012:service/prod/web' },
      { cluster: 'prod', service: 'web', accountId: '123456789012' },
    ],
    [
      'the account in the cluster ARN',
      { cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod' },
      { cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod', accountId: '123456789012' },
    ],
  ])('%s', (_, given, service) => {
    expect(deploy(given).service).toMatchObject(service);
  });

  test('the region comes from the environment, AWS_REGION first', () => {
    const given = { service: 'web' };
    expect(parse(given, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' }).inputs.aws.region).toBe(
      'us-east-1',
    );
    expect(parse(given, { AWS_DEFAULT_REGION: 'us-east-2' }).inputs.aws.region).toBe('us-east-2');
    expect(mistakes(given).map(({ subject }) => subject)).toEqual(['aws-region']);
  });

  test('the role gets a session name that STS takes', () => {
    const { aws } = deploy({ 'role-to-assume': 'arn:aws:iam::123456789012:role/ci/deploy' });
    expect(aws.role).toEqual({
      arn: 'arn:aws:iam::123456789012:role/ci/deploy',
      sessionName: 'acme-shop-1234567890',
      durationSeconds: 3600,
      audience: 'sts.amazonaws.com',
    });
  });

  test('a rollback is not stopped by inputs that it does not need, and says so', () => {
    const { inputs, notes } = parse({
      ...base,
      mode: 'rollback',
      'rollback-to': '41',
      repository: 'team/app',
      'task-definition': 'td.json',
    });
    expect(inputs).toMatchObject({ mode: 'rollback', target: '41' });
    expect(notes.join()).toContain('`repository`, `task-definition` not used');
  });
});

describe('a mistake names its input and says what is right', () => {
  test.each<[situation: string, given: Given, subject: string, words: RegExp]>([
    ['misspelt input', { clutser: 'prod' }, 'clutser', /Did you mean `cluster`/],
    ['the input of another action', { 'secret-files': 'a=b' }, 'secret-files', /`build-secret-files`/],
    ['misspelt choice', { mode: 'rolback' }, 'mode', /`rollback`/],
    ['yes for true', { 'force-new-deployment': 'yes' }, 'force-new-deployment', /Write `true`/],
    ['underscores in the region', { 'aws-region': 'eu_central_1' }, 'aws-region', /`eu-central-1`/],
    ['an availability zone', { 'aws-region': 'us-east-1a' }, 'aws-region', /availability zone.*`us-east-1`/],
    ['a misspelt direction', { 'aws-region': 'eu-cental-1' }, 'aws-region', /Did you mean `eu-central-1`/],
    [
      'an account id of 11 digits',
      { 'role-to-assume': 'arn:aws:iam::12345678901:role/x' },
      'role-to-assume',
      /account id of 11 digits.*12 digits/,
    ],
    [
      'a session as a role',
      { 'role-to-assume': 'arn:aws:sts::123456789012:assumed-role/x/y' },
      'role-to-assume',
      /a session of a role, not a role.*arn:aws:iam/,
    ],
    [
      'a user as a role',
      { 'role-to-assume': 'arn:aws:iam::123456789012:user/x' },
      'role-to-assume',
      /is a user, not a role/,
    ],
    [
      'a service with its cluster',
      { service: 'prod/web' },
      'service',
      /names the cluster too.*`cluster: prod` and `service: web`/,
    ],
    [
      'the end of an ARN of a service',
      { service: 'service/prod/web' },
      'service',
      /`cluster: prod` and `service: web`/,
    ],
    [
      'an ARN of old times without its beginning',
      { service: 'service/web' },
      'service',
      /is not right.*name of a service/,
    ],
    [
      'platforms with spaces',
      { repository: 'app', platforms: 'linux/amd64 linux/arm64' },
      'platforms',
      /spaces.*`linux\/amd64,linux\/arm64`/,
    ],
    [
      'all platforms of QEMU',
      { repository: 'app', platforms: 'all' },
      'platforms',
      /docker\/setup-qemu-action.*`linux\/amd64`/,
    ],
    [
      'the image of QEMU',
      { image: 'docker.io/tonistiigi/binfmt:latest' },
      'image',
      /emulator image of docker\/setup-qemu-action/,
    ],
    [
      'rules of metadata-action',
      { repository: 'app', tags: 'type=semver,pattern={{version}}\ntype=sha' },
      'tags',
      /`type=semver,pattern=\{\{version\}\}` is a rule of docker\/metadata-action.*steps\.meta\.outputs\.tag-names/,
    ],
    ['a task as mode', { mode: 'migrate' }, 'mode', /Write `mode: task`, with what to run in `command`/],
    ['another word for a mode', { mode: 'Dry-Run' }, 'mode', /Write `mode: plan`\./],
    ['a misspelt mode', { mode: 'rolback' }, 'mode', /Did you mean `rollback`\?/],
    [
      'minutes with a unit',
      { 'hold-minutes': '5m' },
      'hold-minutes',
      /has a unit, but the input counts minutes\. Write `5`/,
    ],
    [
      'a percent sign',
      { 'minimum-healthy-percent': '50%' },
      'minimum-healthy-percent',
      /has `%` behind the number. Write `50`/,
    ],
    ['too long a wait', { 'wait-for-minutes': '400' }, 'wait-for-minutes', /from 1 to 360/],
    [
      'no room to move',
      { 'minimum-healthy-percent': '100', 'maximum-percent': '100' },
      'maximum-percent',
      /never move/,
    ],
    [
      'a threshold without a breaker',
      { 'circuit-breaker-threshold': '3' },
      'circuit-breaker-threshold',
      /circuit-breaker: rollback/,
    ],
    ['image and build', { image: 'nginx:1', context: 'app' }, 'image', /`context`/],
    ['build without a repository', { platforms: 'linux/amd64' }, 'repository', /is missing/],
    ['a repository with a tag', { repository: 'team/app:latest' }, 'repository', /Write `team\/app`/],
    [
      'a reference as a tag',
      { repository: 'app', tags: '1.dkr.ecr.eu-west-1.amazonaws.com/a:v1' },
      'tags',
      /Write `v1`/,
    ],
    ['a tag with a slash', { repository: 'app', tags: 'feature/x' }, 'tags', /cannot be a tag/],
    ['misspelt platform', { repository: 'app', platforms: 'linux/amd46' }, 'platforms', /Did you mean `linux\/amd64`/],
    ['two starting points', { 'task-definition': 'a', 'task-definition-family': 'b' }, 'task-definition', /Keep one/],
    ['an ARN as a path', { 'task-definition': 'arn:aws:ecs:x' }, 'task-definition', /task-definition-arn/],
    [
      'a role of another partition',
      { 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/x' },
      'role-to-assume',
      /partition aws-cn/,
    ],
    [
      'a role of an account that is not allowed',
      { 'role-to-assume': 'arn:aws:iam::123456789012:role/x', 'allowed-account-ids': '210987654321' },
      'role-to-assume',
      /account 123456789012/,
    ],
    ['an external id without a role', { 'role-external-id': 'x' }, 'role-external-id', /role-to-assume/],
    ['a short account id', { 'allowed-account-ids': '12345' }, 'allowed-account-ids', /12 digits/],
    ['a line without =', { 'environment-variables': 'A=1\nB' }, 'environment-variables', /line 2 has no `=`/],
    ['spaces at the =', { 'environment-variables': 'A = 1' }, 'environment-variables', /Write `A=value`/],
    ['a name twice', { 'docker-labels': 'a=1\na=2' }, 'docker-labels', /`a` occurs twice/],
    ['a rollback target in a deploy', { 'rollback-to': '41' }, 'rollback-to', /mode: rollback/],
    [
      'cluster and ARN disagree',
      { cluster: 'a', service: 'arn:aws:ecs:eu-central-1:123456789012:service/b/web' },
      'cluster',
      /`b`/,
    ],
    [
      'cluster and service of different accounts',
      {
        cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/b',
        service: 'arn:aws:ecs:eu-central-1:999999999999:service/b/web',
      },
      'cluster',
      /account 123456789012, but the service's ARN names 999999999999/,
    ],
    [
      'a role of another account than the service',
      {
        service: 'arn:aws:ecs:eu-central-1:999999999999:service/b/web',
        'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
      },
      'service',
      /account 999999999999, but `role-to-assume` is a role of 123456789012/,
    ],
    ['an ARN of another region', { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/a' }, 'cluster', /us-east-1/],
    [
      'a driver',
      { 'log-configuration-log-driver': 'awslog' },
      'log-configuration-log-driver',
      /Did you mean `awslogs`/,
    ],
    [
      'an environment URL without an environment',
      { 'github-environment-url': 'https://a' },
      'github-environment-url',
      /github-environment/,
    ],
  ])('%s', (_, given, subject, words) => {
    const found = mistakes({ ...base, ...given });
    expect(found).toHaveLength(1);
    expect(found[0]?.subject).toBe(subject);
    expect(`${found[0]?.problem} ${found[0]?.remedy}`).toMatch(words);
  });

  test('all at once', () => {
    const subjects = mistakes({ 'aws-region': 'x', 'desired-count': '-1', 'wait-for-minutes': 'ten' }).map(
      ({ subject }) => subject,
    );
    expect(subjects).toEqual(['aws-region', 'desired-count', 'service', 'wait-for-minutes']);
  });

  test('credentials that arrived empty', () => {
    const url = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' };
    expect(parse(base, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ' ' }).warnings).toEqual([
      expect.stringMatching(/`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` in the environment are empty/),
    ]);
    expect(parse({ ...base, 'role-to-assume': '' }, url).notes).toEqual([
      expect.stringMatching(/^role-to-assume is not set or empty.*check the variable or secret/),
    ]);
    expect(parse(base, { ...url, AWS_PROFILE: 'ci' }).notes).toEqual([]);
    expect(parse(base, { AWS_ACCESS_KEY_ID: 'x' }).warnings).toEqual([]);
    expect(parse({ ...base, 'role-to-assume': 'arn:aws:iam::123456789012:role/x' }, url).notes).toEqual([]);
    expect(parse(base).notes).toEqual([]);
  });

  test('values of other actions, all at once', () => {
    const found = mistakes({
      ...base,
      image: 'tonistiigi/binfmt',
      platforms: 'all',
      tags: 'type=semver,pattern={{version}}',
    });
    expect(found.map(({ subject }) => subject)).toEqual(['image', 'tags', 'platforms', 'image']);
  });

  test.each(['ap-southeast-9', 'nz-central-1', 'eu-central-3'])('%s may be new', (region) => {
    const { inputs } = parse({ ...base, 'aws-region': region });
    expect(inputs.aws.region).toBe(region);
  });

  test('an unknown input like none of ours is a warning: it may be a variable of the job', () => {
    expect(parse({ ...base, 'completely-different-thing': 'x' }).warnings.join()).toContain(
      'completely-different-thing',
    );
  });

  test.each(['secrets', 'build-secrets', 'environment-variables', 'variables'])('%s never quotes a value', (name) => {
    const given = { ...base, repository: 'app', [name]: 'PASSWORD=hunter2 with spaces\nhunter2 continued\n=hunter2' };
    expect(JSON.stringify(mistakes(given))).not.toContain('hunter2');
    expect(mistakes(given)).not.toHaveLength(0);
  });
});

describe('whatever is written', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'true',
      'false',
      '',
      '0',
      '50%',
      'deploy',
      'rollback',
      'a=b',
      '"',
      'A<<EOF',
      '{}',
      '{',
      '[',
      '["a"]',
      'none',
    ),
  );
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...INPUT_NAMES) },
    { weight: 1, arbitrary: fc.string() },
  );

  test('it parses, or is one Failure whose mistakes name inputs that were given or are ours', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 20 }), (entries) => {
        const given = { ...base, ...Object.fromEntries(entries) };
        for (const { subject, problem } of mistakes(given)) {
          expect([...INPUT_NAMES, ...Object.keys(given)]).toContain(subject);
          expect(problem).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('an environment of GitHub', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['named production is one', { 'github-environment': 'production' }, true],
    ['of another name is none', { 'github-environment': 'staging' }, false],
    [
      'of another name, which the user calls one',
      { 'github-environment': 'live', 'github-environment-production': 'true' },
      true,
    ],
    [
      'named production, which the user calls none',
      { 'github-environment': 'production', 'github-environment-production': 'false' },
      false,
    ],
  ])('%s', (_, given, production) => {
    const { inputs } = parse({ ...base, 'github-token': 't', ...given });
    expect(inputs).toMatchObject({ github: { deployment: { production } } });
  });
});

describe('an input that is false asks for nothing', () => {
  const only = (value: string) =>
    mistakes({ ...base, 'github-environment-production': value }).map(({ subject }) => subject);
  test.each(['false', 'FALSE', ' false ', ''])('%j', (value) => {
    expect(only(value)).toEqual([]);
  });
  test.each(['true', 'True'])('%j does', (value) => {
    expect(only(value)).toEqual(['github-environment-production']);
  });
  test('of a build, too', () => {
    expect(parse({ ...base, 'no-cache': 'false', pull: 'false' }).inputs).toMatchObject({
      image: { kind: 'template' },
    });
    expect(mistakes({ ...base, 'no-cache': 'true' })).not.toEqual([]);
  });
});

test('what goes for every mode, where nothing is said of it', () => {
  for (const mode of ['deploy', 'plan', 'rollback', 'list']) {
    const { inputs, notes, warnings } = parse({ ...base, mode });
    expect([notes, warnings]).toEqual([[], []]);
    expect(inputs).toMatchObject({
      mode,
      preflight: true,
      watch: { wait: true, timeoutSeconds: 1800, noProgressSeconds: 600, logLines: 30 },
      recovery: {
        rollbackOnFailure: true,
        deregisterFailedRevision: false,
        onCancel: 'leave',
        onActiveDeployment: 'warn',
      },
      github: { comment: false },
    });
    expect(Object.keys(inputs.github)).toEqual(['comment']);
    expect('target' in inputs).toBe(false);
  }
  expect(deploy({})).toMatchObject({ mode: 'deploy', pinImages: true, detailedExitcode: false });
});

test.each<[string, string, object]>([
  ['mode', 'PLAN', { mode: 'plan' }],
  ['preflight', 'false', { preflight: false }],
  ['pin-images', 'false', { pinImages: false }],
  ['detailed-exitcode', 'true', { detailedExitcode: true }],
  ['wait-for-service-stability', 'false', { watch: { wait: false } }],
  ['wait-for-minutes', '1', { watch: { timeoutSeconds: 60 } }],
  ['wait-for-minutes', '360', { watch: { timeoutSeconds: 21_600 } }],
  ['no-progress-minutes', '1', { watch: { noProgressSeconds: 60 } }],
  ['no-progress-minutes', '360', { watch: { noProgressSeconds: 21_600 } }],
  ['log-lines', '0', { watch: { logLines: 0 } }],
  ['log-lines', '500', { watch: { logLines: 500 } }],
  ['rollback-on-failure', 'false', { recovery: { rollbackOnFailure: false } }],
  ['deregister-failed-revision', 'true', { recovery: { deregisterFailedRevision: true } }],
  ['on-cancel', 'rollback', { recovery: { onCancel: 'rollback' } }],
  ['on-cancel', 'leave', { recovery: { onCancel: 'leave' } }],
  ['on-active-deployment', 'wait', { recovery: { onActiveDeployment: 'wait' } }],
  ['on-active-deployment', 'fail', { recovery: { onActiveDeployment: 'fail' } }],
  ['on-active-deployment', 'warn', { recovery: { onActiveDeployment: 'warn' } }],
  ['github-token', ' ghs_x ', { github: { token: 'ghs_x' } }],
  [
    'github-environment',
    'staging',
    { github: { deployment: { environment: 'staging', transient: false, production: false } } },
  ],
  ['comment', 'true', { github: { comment: true } }],
])('%s: %s', (name, text, expected) => {
  const { inputs, notes, warnings } = parse({ ...base, [name]: text });
  expect(inputs).toMatchObject(expected);
  expect([notes, warnings]).toEqual([[], []]);
});

test('an environment of GitHub with all that goes with it', () => {
  const given = {
    'github-environment': 'pr-7',
    'github-environment-url': 'https://pr-7.example/x',
    'github-environment-transient': 'true',
  };
  expect(parse({ ...base, ...given }).inputs.github.deployment).toEqual({
    environment: 'pr-7',
    transient: true,
    production: false,
    url: 'https://pr-7.example/x',
  });
  expect(mistakes({ ...base, ...given, 'github-environment': '' }).map(({ subject }) => subject)).toEqual([
    'github-environment-url',
    'github-environment-transient',
  ]);
  for (const url of ['ftp://x', 'x https://a', 'https://', 'https://a b'])
    expect(mistakes({ ...base, ...given, 'github-environment-url': url }).map(({ subject }) => subject)).toEqual([
      'github-environment-url',
    ]);
  expect(parse({ ...base, ...given, 'github-environment-url': 'http://a' }).inputs.github.deployment?.url).toBe(
    'http://a',
  );
});

test.each([
  ['wait-for-minutes', '0', 'Give minutes, from 1 to 360.'],
  ['no-progress-minutes', '361', 'Give minutes, from 1 to 360.'],
  ['log-lines', '501', 'Give a number of lines, from 0 to 500.'],
  ['github-token', 'a b', 'Give the token alone'],
  ['github-token', 'a\u007f', 'Give the token alone'],
  ['rollback-to', '41', 'Set the mode, or drop it.'],
])('%s: %s is a mistake', (name, text, remedy) => {
  expect(mistakes({ ...base, [name]: text })).toEqual([
    expect.objectContaining({ subject: name, remedy: expect.stringContaining(remedy) }),
  ]);
});

test('a plan takes no rollback target either, a rollback does', () => {
  expect(mistakes({ ...base, mode: 'plan', 'rollback-to': '41' })[0]?.problem).toBe(
    'is for `mode: rollback`, but the mode is `plan`.',
  );
  expect(parse({ ...base, mode: 'rollback', 'rollback-to': ' 41 ' }).inputs).toMatchObject({ target: '41' });
});

test('an image is not where to roll back to', () => {
  expect(mistakes({ ...base, mode: 'rollback', image: 'app:1' })).toEqual([
    expect.objectContaining({ subject: 'image', problem: 'does not say where to roll back to.' }),
  ]);
  const both = {
    ...base,
    mode: 'rollback',
    image: 'app:1',
    'rollback-to': '41',
    'no-cache': 'false',
    'pin-images': 'true',
  };
  expect(parse(both).notes).toEqual(['mode rollback builds and renders nothing: `image` not used.']);
});

test.each(['watch', 'continue'])('mode: %s suspends nothing, and changes no setting', (mode) => {
  expect(mistakes({ ...base, mode, autoscaling: 'suspend' })).toEqual([
    {
      subject: 'autoscaling',
      problem: `suspends scale-in from before a deployment begins, and \`mode: ${mode}\` finds it under way: ECS has scale-in turned off until it ends.`,
      remedy: expect.stringContaining('`autoscaling: keep`'),
    },
  ]);
  expect(parse({ ...base, mode, autoscaling: 'keep', 'desired-count': '4', 'max-capacity': '9' }).notes).toEqual([
    `mode ${mode} changes no setting of the service: \`desired-count\`, \`max-capacity\` not used.`,
  ]);
});

test.each([
  [
    'watch',
    'mode watch changes no setting of the service: `codedeploy-appspec`, `codedeploy-deployment-config` not used.',
  ],
  [
    'continue',
    'mode continue changes no setting of the service: `codedeploy-appspec`, `codedeploy-deployment-config` not used.',
  ],
  [
    'list',
    'mode list changes no setting of the service: `codedeploy-appspec`, `codedeploy-deployment-config`, `codedeploy-wait-for` not used.',
  ],
  ['rollback', 'mode rollback takes the AppSpec of the last deployment that succeeded: `codedeploy-appspec` not used.'],
])(
  'mode: %s finds the deployment group by its inputs, and notes those of CodeDeploy that it does not use',
  (mode, note) => {
    const codeDeploy = {
      'codedeploy-application': 'shop',
      'codedeploy-deployment-group': 'shop-web',
      'codedeploy-appspec': 'spec.yaml',
      'codedeploy-deployment-config': 'CodeDeployDefault.ECSAllAtOnce',
      'codedeploy-wait-for': 'termination',
    };
    expect(parse({ ...base, mode, ...codeDeploy }).notes).toEqual([note]);
  },
);

test('a list uses nothing of image and template', () => {
  expect(parse({ ...base, mode: 'list', image: 'app:1', cpu: '256' }).notes).toEqual([
    'mode list builds and renders nothing: `image`, `cpu` not used.',
  ]);
});

test('the number of mistakes, and where an input comes from that the workflow does not set', () => {
  const failure = (given: Given): Failure => {
    try {
      parse(given);
    } catch (thrown) {
      return thrown as Failure;
    }
    throw new Error('no mistake');
  };
  expect(failure({ ...base, 'log-lines': 'x' })).toMatchObject({
    message: "The step's inputs have one mistake; nothing was changed.",
    remedy: 'Correct the `with:` block of the step.',
  });
  const two = failure({ ...base, 'log-lines': 'x', clutser: 'x' });
  expect(two.message).toBe("The step's inputs have 2 mistakes; nothing was changed.");
  expect(two.remedy).toMatch(
    /^Correct the `with:` block of the step\. An input that the workflow does not set comes from a variable INPUT_/,
  );
});

test('a misspelt name and the input that is missing for it are one mistake, which no variable of the runner makes', () => {
  const { service: _, ...rest } = base;
  expect(mistakesIn({ ...rest, servise: 'web' })).toBe(1);
  function mistakesIn(given: Given): number {
    try {
      parse(given);
    } catch (thrown) {
      const { mistakes = [], remedy } = thrown as Failure;
      expect(remedy).toBe('Correct the `with:` block of the step.');
      expect(mistakes[0]?.problem).toBe('is not an input of this action, and `service` is missing.');
      return mistakes.length;
    }
    return 0;
  }
});

test('where a run is and how it reports is read whatever else is wrong', () => {
  const raw = new Map(Object.entries({ ...base, cluster: 'prod', comment: 'true', 'log-lines': 'x', clutser: 'y' }));
  expect(readPlace(raw, { context, env: {} })).toMatchObject({
    aws: { region: 'eu-central-1' },
    service: { cluster: 'prod', service: 'web' },
    github: { comment: true },
  });
  expect(readPlace(new Map(), { context, env: {} })).toMatchObject({ aws: { region: '' }, service: { service: '' } });
});

describe('white space alone is a block whose expressions arrived empty, and not an input that is left out', () => {
  const NAMES = [
    'image',
    'images',
    'services',
    'repository',
    'platforms',
    'builder-nodes',
    'task-definition',
    'task-definition-family',
    'task-definition-arn',
    'digests',
  ];
  const problems = (given: Given): readonly string[] => {
    try {
      parse({ ...base, ...given });
      return [];
    } catch (thrown) {
      return (thrown as Failure).mistakes.map(({ subject, problem }) => `${subject}: ${problem}`);
    }
  };
  test.each(NAMES)('%s', (name) => {
    const beside = name === 'repository' ? {} : { repository: 'web' };
    for (const text of ['\n\n', ' ', '\r\n'])
      expect(problems({ ...beside, [name]: text })).toContainEqual(expect.stringMatching(`^${name}: .*empty`));
    expect(problems({ [name]: '' })).toEqual([]);
    if (name !== 'services') expect(problems({ mode: 'rollback', [name]: '\n' })).toEqual([]);
  });
});

describe('the mode that is meant', () => {
  const modeOf = (given: Given) => parse({ 'aws-region': 'eu-central-1', ...given }).inputs.mode;
  const TASK = { 'task-definition-family': 'web', 'run-task': 'true' };

  test.each<[Given, string]>([
    [TASK, 'task'],
    [{ ...TASK, mode: 'deploy' }, 'task'],
    [{ 'run-task': 'false', service: 'web' }, 'deploy'],
    [{ service: 'web', mode: 'deploy' }, 'deploy'],
    [{ service: 'web', mode: 'plan' }, 'plan'],
    [{ daemon: 'agent', image: 'app:1' }, 'daemon'],
    [{ daemon: 'agent', image: 'app:1', mode: 'deploy' }, 'daemon'],
  ])('%j', (given, mode) => expect(modeOf(given)).toBe(mode));

  test('a task beside a deployment', () => {
    expect(mistakes({ ...base, ...TASK })).toEqual([
      {
        subject: 'run-task',
        problem: 'would run a task beside the deployment of `service`.',
        remedy:
          'Use `pre-deploy` (or `post-deploy`) for a task around the deployment; for a task alone, set `mode: task`.',
      },
    ]);
  });

  test.each<[Given, string, string]>([
    [{ mode: 'watch', daemon: 'agent' }, 'daemon', 'is for `mode: daemon`, but the mode is `watch`.'],
    [{ 'drain-percent': '20' }, 'drain-percent', 'is for `mode: daemon`, but the mode is `deploy`.'],
    [{ 'service-tags': 'a=b' }, 'service-tags', 'is for `mode: status`, but the mode is `deploy`.'],
    [{ canary: 'web' }, 'canary', 'is for several services, and `services` is not set.'],
    [{ 'max-parallel': '2' }, 'max-parallel', 'is for several services, and `services` is not set.'],
    [{ 'rollback-scope': 'all' }, 'rollback-scope', 'is for several services, and `services` is not set.'],
  ])('%j is of another', (given, subject, problem) => {
    expect(mistakes({ ...base, ...given })).toEqual([expect.objectContaining({ subject, problem })]);
  });

  test('the place of several services is the cluster', () => {
    const place = (given: Given) =>
      readPlace(new Map(Object.entries({ 'aws-region': 'eu-central-1', services: '- service: a', ...given })), {
        context,
        env: {},
        yaml: parseYaml,
      }).service;
    expect(place({})).toEqual({ cluster: 'default', service: SEVERAL });
    expect(place({ cluster: 'blue' })).toEqual({ cluster: 'blue', service: SEVERAL });
  });
});

test('a variable that every object has, such as `toString`, is not set', () => {
  expect(mistakes({ ...base, 'build-secret-envs': 'TOKEN=toString' })).toContainEqual(
    expect.objectContaining({ subject: 'build-secret-envs', problem: expect.stringContaining('is not set') }),
  );
});
