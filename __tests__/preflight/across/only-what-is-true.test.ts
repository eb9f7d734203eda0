import fc from 'fast-check';
import { ApiException } from '../../../simulator/wire/service.ts';
import type { JsonObject } from '../../../src/model.ts';
import { preflight } from '../../../src/preflight/preflight.ts';
import { judgeTrust, matches } from '../../../src/preflight/roles.ts';
import { isExample } from '../../../src/preflight/subject.ts';
import { costOf } from '../../support/cost.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';
import { ACCOUNT, Account, REGION, role, SECRET, TARGETS } from '../account.ts';
import { type Change, container, found, instance, lines, onInstances, subject, troubles, WHOLE } from '../made.ts';

/** Lines that are not ok, through the real adapters and the wire. */
async function overTheWire(change: Change, prepare: (account: Account) => void = () => {}): Promise<string[]> {
  const account = new Account().withEverything();
  account.withImage('web', '1', ['linux/amd64']);
  prepare(account);
  return troubles(await preflight(subject(change), account.world));
}
const secret = (valueFrom: string): Change => ({
  definition: container({ secrets: [{ name: 'PASSWORD', valueFrom }] }),
});
const NAME = SECRET.slice(SECRET.lastIndexOf(':') + 1);

describe('fields of a secret', () => {
  test.each([
    [`${SECRET}:password`, `${SECRET}:password::`, 2],
    [`${SECRET}:password:AWSCURRENT`, `${SECRET}:password:AWSCURRENT:`, 3],
    [`${SECRET}::AWSCURRENT`, `${SECRET}::AWSCURRENT:`, 3],
    [`${SECRET}:`, SECRET, 2],
    [`${SECRET}::`, SECRET, 3],
    [`${SECRET}:password:::`, `${SECRET}:password::`, 5],
    [`${SECRET}:password:AWSCURRENT:v1:more`, `${SECRET}:json-key:version-stage:version-id`, 5],
  ])('%s is not readable by ECS, and the remedy says what to write', async (from, write, fields) => {
    expect(await overTheWire(secret(from))).toEqual([
      `bad container app, PASSWORD: \`${from}\` has ${fields} fields behind \`secret:\`, and ECS reads 1 (the secret) or 4 (secret, JSON key, version stage, version id): no task could start. Write \`${write}\`.`,
    ]);
  });

  test.each([SECRET, `${SECRET}:::`, `${SECRET}:password::`, `${SECRET}::AWSCURRENT:`, `${SECRET}:user:AWSCURRENT:v1`])(
    '%s is readable',
    async (from) => {
      expect(await overTheWire(secret(from))).toEqual([]);
    },
  );

  test('any number of fields: one or four, or bad with an ARN that is right', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', 'key', 'AWSCURRENT'), { maxLength: 6 }), (fields) => {
        const from = [SECRET, ...fields].join(':');
        const bad = troubles(lines(secret(from))).filter((text) => text.includes('fields behind'));
        expect(bad.length).toBe(fields.length === 0 || fields.length === 3 ? 0 : 1);
        const write = /Write `([^`]+)`/.exec(bad[0] ?? '')?.[1];
        if (write) expect([1, 4]).toContain(write.split(':secret:')[1]?.split(':').length);
      }),
    );
  });

  test('log options, too', () => {
    const logConfiguration = {
      logDriver: 'splunk',
      secretOptions: [{ name: 'splunk-token', valueFrom: `${SECRET}:password` }],
    };
    expect(troubles(lines({ definition: container({ logConfiguration }) }))).toEqual([
      expect.stringMatching(/^bad container app, log option splunk-token: .*Write `.*:password::`/),
    ]);
  });
});

describe('credentials of a registry', () => {
  const registry = (credentialsParameter: string): Change => ({
    definition: container({ repositoryCredentials: { credentialsParameter } }),
  });
  test('are a secret by its name, and no parameter', async () => {
    const there = (account: Account): void =>
      void account.simulator.secretsManager.secrets.set('docker-hub', {
        versions: { v1: { stages: ['AWSCURRENT'], value: '{}' } },
      });
    expect((await overTheWire(registry('docker-hub'), there)).filter((text) => text.startsWith('bad'))).toEqual([]);
    expect(await overTheWire(registry('docker-hub'))).toContainEqual(
      expect.stringMatching(
        /^bad secret docker-hub \(container app, repositoryCredentials\): secret docker-hub does not exist/,
      ),
    );
  });
  test.each([
    [`${SECRET}:password::`, `takes it as a whole. Write \`${SECRET}\``],
    [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/hub`, 'is not a secret. Credentials of a registry are a secret'],
  ])('%s is refused', (from, said) => {
    expect(troubles(lines(registry(from)))).toEqual([expect.stringContaining(said)]);
  });
});

describe('accounts', () => {
  test.each(['111122223333', '444455556666', '000000000000', '012345678901'])(
    '%s is known from examples, and said so of each kind of thing',
    (example) => {
      const change = JSON.parse(
        JSON.stringify({ definition: WHOLE, service: { loadBalancers: [balancer()] } })
          .replaceAll(`:${ACCOUNT}:`, `:${example}:`)
          .replaceAll(`/${ACCOUNT}.dkr`, `/${example}.dkr`)
          .replaceAll(`"${ACCOUNT}.dkr`, `"${example}.dkr`),
      ) as Change;
      const said = troubles(lines(change));
      expect(said.filter((text) => !text.startsWith('bad'))).toEqual([]);
      expect(said.map((text) => text.split(/[ :]/)[1])).toEqual(['task', 'execution', 'image', 'secret', 'target']);
      for (const text of said) expect(text).toContain(example);
    },
  );
  const balancer = () => ({ targetGroupArn: TARGETS, containerName: 'app', containerPort: 8080 });

  test('a parameter of an example', () => {
    const from = `arn:aws:ssm:${REGION}:111122223333:parameter/flag`;
    expect(troubles(lines(secret(from)))).toEqual([
      `bad parameter flag (container app, PASSWORD): belongs to account 111122223333, which appears only in AWS's examples; the service is in ${ACCOUNT}. Write the account of the service, ${ACCOUNT} (in a template \`\${AWS_ACCOUNT_ID}\`), or the one that really owns it.`,
    ]);
  });

  test('an example is no example for who owns it', () => {
    expect(isExample('123456789012', { partition: 'aws', region: REGION, account: '123456789012' })).toBe(false);
    expect(isExample('123456789012', { partition: 'aws', region: REGION, account: '210987654321' })).toBe(true);
    expect(isExample('999999999999', { partition: 'aws', region: REGION, account: '210987654321' })).toBe(false);
  });

  test.each(['ACCOUNT_ID', '<account>', '12345678901', '1234567890123', 'xxxxxxxxxxxx', ''])(
    '`%s` is no account',
    (account) => {
      expect(troubles(lines(secret(`arn:aws:secretsmanager:${REGION}:${account}:secret:${NAME}`)))).toEqual([
        expect.stringMatching(
          /^bad secret db-AbCdEf .*its ARN names (?:no account|`.*` as account, which is not 12 digits)/,
        ),
      ]);
    },
  );

  test('a real one that is another cannot be looked into, which is said with both', () => {
    const text = troubles(lines(secret(`arn:aws:secretsmanager:${REGION}:999999999999:secret:${NAME}`)));
    expect(text).toEqual([
      expect.stringMatching(/^skip .*account 999999999999, and the service to 123456789012.*not checked/),
    ]);
  });

  test('a role of another account is refused by ECS, whosever it is', () => {
    expect(troubles(lines({ definition: { ...WHOLE, taskRoleArn: 'arn:aws:iam::999999999999:role/x' } }))).toEqual([
      expect.stringMatching(/^bad task role x: .*not of the service's account 123456789012/),
    ]);
  });
});

describe('parameters', () => {
  test.each([
    ['/web/flag:3', 'version 3', '/web/flag'],
    ['/web/flag:prod', 'label prod', '/web/flag'],
    [
      `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/web/flag:3`,
      'version 3',
      `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/web/flag`,
    ],
  ])('%s: the %s is not what ECS documents', async (from, what, write) => {
    expect(await overTheWire(secret(from))).toEqual([
      `warn parameter /web/flag (container app, PASSWORD): exists, but \`${from}\` asks for its ${what}: ECS documents names without that, and the variable may be empty without an error. Not checked. Write \`${write}\`, and keep a fixed value in a separate parameter.`,
    ]);
  });
  test('without one all is well, and one that lacks is bad with or without', async () => {
    expect(await overTheWire(secret('/web/flag'))).toEqual([]);
    expect(await overTheWire(secret('/nope:3'))).toEqual([
      expect.stringMatching(/^bad .*: parameter \/nope does not exist/),
    ]);
  });
});

/** A service as ECS would have to take it, deployed to with and without the preflight: both must say the same. */
async function deployed(
  settings: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, string>> = {},
): Promise<{ readonly preflight: string; readonly aws: string }> {
  const run = async (inputs: Readonly<Record<string, string>>): Promise<string> => {
    const { definition = {}, ...rest } = settings as { readonly definition?: object };
    const stage = new Stage().withService(rest, { ...TASK_DEFINITION, ...definition });
    stage.template({ ...definition, ...change });
    try {
      return (await stage.deploy({ ...given, ...inputs })).kind;
    } catch (thrown) {
      const {
        code,
        message,
        mistakes = [],
      } = thrown as { code: string; message: string; mistakes?: { subject: string }[] };
      return code === 'PREFLIGHT_FAILED' ? `bad ${mistakes.map(({ subject: about }) => about).join(', ')}` : message;
    }
  };
  return { preflight: await run({}), aws: await run({ preflight: 'false' }) };
}
const taskRoleArn = 'arn:aws:iam::123456789012:role/execution';
const EC2 = {
  definition: {
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [{ name: 'app', image: 'example.com/app:1', memory: 64 }],
  },
  launchType: undefined,
};

describe('ECS Exec', () => {
  test('turned on without a task role', async () => {
    const { preflight: said, aws } = await deployed({}, {}, { 'enable-execute-command': 'true' });
    expect(said).toBe('bad ECS Exec');
    expect(aws).toMatch(/valid taskRoleArn is not being used/);
  });
  test('on already, and the new revision has none', async () => {
    const { preflight: said, aws } = await deployed(
      { enableExecuteCommand: true, definition: { taskRoleArn } },
      { taskRoleArn: undefined, cpu: '512', memory: '1024' },
    );
    expect(said).toBe('bad ECS Exec');
    expect(aws).toMatch(/valid taskRoleArn is not being used/);
  });
  test('with a task role, or turned off', async () => {
    expect(await deployed({}, { taskRoleArn }, { 'enable-execute-command': 'true' })).toEqual({
      preflight: 'deployed',
      aws: 'deployed',
    });
    const off = await deployed(
      { enableExecuteCommand: true, definition: { taskRoleArn } },
      { taskRoleArn: undefined },
      { 'enable-execute-command': 'false' },
    );
    expect(off).toEqual({ preflight: 'deployed', aws: 'deployed' });
  });
  test('says who turned it on', () => {
    const without = { ...WHOLE, taskRoleArn: undefined };
    expect(troubles(lines({ definition: without, inputs: { enableExecuteCommand: true } }))[0]).toMatch(
      /the input `enable-execute-command` turns it on/,
    );
    expect(troubles(lines({ definition: without, service: { enableExecuteCommand: true } }))[0]).toMatch(
      /is on for the service/,
    );
    expect(
      troubles(
        lines({
          definition: without,
          service: { enableExecuteCommand: true },
          inputs: { enableExecuteCommand: false },
        }),
      ),
    ).toEqual([]);
  });
});

describe('volumes that are configured at launch', () => {
  /** Volumes that the container mounts, as ECS asks of them. */
  const launched = (...names: string[]) => ({
    volumes: names.map((name) => ({ name, configuredAtLaunch: true })),
    containerDefinitions: TASK_DEFINITION.containerDefinitions.map((one) => ({
      ...one,
      mountPoints: names.map((sourceVolume) => ({ sourceVolume, containerPath: `/${sourceVolume}` })),
    })),
  });
  const volumeConfigurations = [
    { name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 10 } },
  ];
  test('the service has none of that name', async () => {
    const { preflight: said, aws } = await deployed({}, launched('data'));
    expect(said).toBe('bad volume data');
    expect(aws).toMatch(/volume 'data' of your Task Definition is configured at launch/);
  });
  test('the task definition has none of that name', async () => {
    const { preflight: said, aws } = await deployed(
      { volumeConfigurations, definition: launched('data') },
      { ...launched(), cpu: '512', memory: '1024' },
    );
    expect(said).toBe('bad volume data');
    expect(aws).toMatch(/volume name 'data' in your request does not have a matching volume in your Task Definition/);
  });
  test('each has one, by another name', async () => {
    const { preflight: said, aws } = await deployed(
      { volumeConfigurations, definition: launched('data') },
      launched('date'),
    );
    expect(said).toBe('bad volume date, volume data');
    expect(aws).toMatch(/volume name 'data' in your request does not have a matching volume/);
  });
  test('both have it; other volumes do not count', async () => {
    const given = launched('data');
    const more = { ...given, volumes: [...given.volumes, { name: 'scratch' }] };
    expect(await deployed({ volumeConfigurations, definition: given }, more)).toEqual({
      preflight: 'deployed',
      aws: 'deployed',
    });
  });
});

describe('platform version', () => {
  test('of a service on EC2', async () => {
    const said = troubles(lines(onInstances({ inputs: { platformVersion: '1.4.0' } })));
    expect(said).toContainEqual(
      'bad platform version 1.4.0: only Fargate has platform versions, and the service runs on EC2: ECS refuses the update. Leave out the input `platform-version`.',
    );
    const stage = new Stage().withService(
      { launchType: 'EC2', networkConfiguration: undefined },
      { ...TASK_DEFINITION, ...EC2.definition },
    );
    const update = () => stage.simulator.call('UpdateService', { service: 'web', platformVersion: '1.4.0' });
    expect(update).toThrow(/must be null when specifying an EC2 launch type/);
  });
  test('that does not exist', async () => {
    const { preflight: said, aws } = await deployed({}, {}, { 'platform-version': '1.9.0' });
    expect(said).toBe('bad platform version 1.9.0');
    expect(aws).toMatch(/platform version does not exist/);
  });
  test.each(['LATEST', '1.4.0', '1.3.0'])('%s exists', async (version) => {
    const { preflight: said } = await deployed({}, {}, { 'platform-version': version });
    expect(said).toBe(version === 'LATEST' ? 'unchanged' : 'deployed');
  });
  test.each([
    ['1.2.0', 'LINUX', 'warn'],
    ['1.0.0', 'LINUX', 'warn'],
    ['1.0.0', 'WINDOWS_SERVER_2022_CORE', 'ok'],
    ['1.4.0', 'WINDOWS_SERVER_2022_CORE', 'bad'],
    ['1.4.1', 'LINUX', 'bad'],
    ['LATEST', 'WINDOWS_SERVER_2022_CORE', 'ok'],
  ])('%s of %s: %s', (platformVersion, operatingSystemFamily, status) => {
    const checks = lines({
      definition: { ...WHOLE, runtimePlatform: { operatingSystemFamily } },
      inputs: { platformVersion },
    });
    expect(checks.find(({ subject: about }) => about.startsWith('platform version'))?.status).toBe(status);
  });
  test('not asked for, nothing is said', () => {
    expect(lines().some(({ subject: about }) => about.startsWith('platform version'))).toBe(false);
  });
});

describe('images on instances', () => {
  const on = (architectures: readonly string[], platforms: readonly string[], runtimePlatform?: object): string[] => {
    const given = onInstances(runtimePlatform ? { definition: { runtimePlatform } } : {});
    const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`;
    return lines(given, {
      images: new Map([[image, found({ platforms })]]),
      instances: found(architectures.map((architecture) => instance({ architecture }))),
    })
      .filter(({ subject: about }) => about.startsWith('image'))
      .map(({ status, problem }) => `${status} ${problem}`);
  };
  test.each<[readonly string[], readonly string[], object | undefined, RegExp]>([
    [['x86_64'], ['linux/amd64'], undefined, /^ok exists for linux\/amd64; the instances are linux\/amd64/],
    [['arm64'], ['linux/arm64'], undefined, /^ok exists for linux\/arm64; the instances are linux\/arm64/],
    [['arm64'], ['linux/amd64'], undefined, /^bad .*but the instances are linux\/arm64/],
    [['x86_64', 'arm64'], ['linux/amd64'], undefined, /^warn .*some instances are linux\/arm64/],
    [['x86_64', 'arm64'], ['linux/amd64', 'linux/arm64'], undefined, /^ok/],
    [[], ['linux/amd64'], undefined, /^skip .*the instances decide on what the task runs: not checked/],
    [['x86_64', 'arm64'], ['linux/amd64'], { cpuArchitecture: 'X86_64' }, /^ok .*the task runs on linux\/amd64/],
  ])('%j with an image for %j: what is certain', (architectures, platforms, runtime, expected) => {
    expect(on(architectures, platforms, runtime)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('what was not verified is not ok', () => {
  const status = (
    checks: readonly { readonly subject: string; readonly status: string; readonly problem: string }[],
    about: RegExp,
  ) => checks.filter(({ subject: one }) => about.test(one)).map((one) => `${one.status} ${one.problem}`);

  test('a Classic Load Balancer', () => {
    const change = { service: { loadBalancers: [{ containerName: 'app', containerPort: 8080 }] } };
    expect(status(lines(change), /^load balancer/)).toEqual([
      expect.stringMatching(/^skip .*Classic Load Balancer itself is not checked/),
    ]);
  });

  test('the right to read a secret whose ARN lacks its ending', async () => {
    const short = SECRET.replace(/-AbCdEf$/, '');
    const there = (account: Account): void =>
      void account.simulator.secretsManager.secrets.set(short, {
        versions: { v1: { stages: ['AWSCURRENT'], value: '{}' } },
      });
    expect(await overTheWire(secret(short), there)).toEqual([
      `skip execution role execution: whether it may read ${short} is not checked: the name lacks its random ending (-AbCdEf).`,
    ]);
  });

  test('a right that hangs on a value of the call', async () => {
    const said = await overTheWire({}, ({ simulator }) => {
      const execution = simulator.iam.roles.get('execution');
      simulator.iam.roles.set('execution', {
        ...execution,
        trust: execution?.trust ?? {},
        allows: [],
        denies: [['*', '']],
        conditions: ['aws:SourceVpce'],
      });
    });
    expect(said.length).toBeGreaterThan(0);
    for (const text of said)
      expect(text).toMatch(
        /^skip execution role execution: whether it may \S+ on \S+ depends on values that only a real call has; not checked/,
      );
  });

  test('an API that fails, or is denied, never gives an ok', async () => {
    const refusals = [
      new ApiException('ValidationException', 'no'),
      new ApiException('InternalFailure', 'down', 500),
      new ApiException('AccessDeniedException', 'is not authorized to perform: x'),
    ];
    for (const refusal of refusals) {
      const account = new Account().withEverything();
      account.withImage('web', '1', ['linux/amd64']);
      account.simulator.wire.faults.push(() => refusal);
      const checks = await preflight(subject(), account.world);
      const claimed = checks.filter(({ status: one }) => one === 'ok').map(({ subject: one }) => one);
      // What the service, the inputs and the definition say needs no answer.
      expect(claimed).toEqual(['service web', 'rolling update', 'Fargate size', 'network']);
      expect(checks.filter(({ status: one }) => one === 'bad')).toEqual([]);
    }
  });

  test('an ok speaks of nothing that was not checked, and a skip says what was not', async () => {
    const account = new Account().withEverything();
    account.withImage('web', '1', ['linux/amd64']);
    const checks = [
      ...(await preflight(subject(), account.world)),
      ...(await preflight(subject(onInstances()), account.world)),
      ...(await preflight(subject({ service: { subnets: [], express: true } }), account.world)),
    ];
    for (const { status: one, text } of checks) {
      if (one === 'ok') expect(text).not.toMatch(/\bnot (?:checked|counted|asked|looked)|unknown|quota/);
      if (one === 'skip') expect(text).toMatch(/not checked/);
    }
    expect(new Set(checks.map(({ status: one }) => one))).toContain('skip');
  });
});

describe('trust policies', () => {
  const HOME = { partition: 'aws', region: REGION, account: ACCOUNT };
  const TASKS = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } };
  const judge = (...statements: object[]) => judgeTrust({ Statement: statements } as unknown as JsonObject, HOME);
  const when = (Condition: object) => ({ ...TASKS, Condition });
  test.each<[string, object[], object]>([
    ['no condition', [TASKS], { kind: 'trusted', unchecked: [] }],
    [
      'one that only the task shows',
      [when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })],
      { kind: 'trusted', unchecked: ['aws:PrincipalOrgID'] },
    ],
    [
      'the same, beside a statement without',
      [when({ Bool: { 'aws:SecureTransport': 'true' } }), TASKS],
      { kind: 'trusted', unchecked: [] },
    ],
    [
      'not this account, by an operator that is not judged',
      [when({ StringNotEquals: { 'aws:SourceAccount': ACCOUNT } })],
      { kind: 'trusted', unchecked: ['aws:SourceAccount'] },
    ],
    [
      'this account, if there is one',
      [when({ StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } })],
      { kind: 'trusted', unchecked: [] },
    ],
    [
      'a Deny on a condition of this account',
      [TASKS, { ...when({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }), Effect: 'Deny' }],
      { kind: 'refused' },
    ],
    [
      'a Deny on a condition of another account',
      [TASKS, { ...when({ StringEquals: { 'aws:SourceAccount': '1' } }), Effect: 'Deny' }],
      { kind: 'trusted', unchecked: [] },
    ],
    [
      'a Deny that hangs on more',
      [TASKS, { ...when({ StringEquals: { 'aws:PrincipalTag/x': '1' } }), Effect: 'Deny' }],
      { kind: 'trusted', unchecked: ['aws:PrincipalTag/x'] },
    ],
    [
      'every action but another',
      [{ ...TASKS, Action: undefined, NotAction: 'sts:TagSession' }],
      { kind: 'trusted', unchecked: [] },
    ],
    ['every action but this', [{ ...TASKS, Action: undefined, NotAction: 'sts:Assume*' }], { kind: 'untrusted' }],
    ['an action by wildcards', [{ ...TASKS, Action: 'sts:Assume?ole' }], { kind: 'trusted', unchecked: [] }],
    [
      'everybody but another',
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }],
      { kind: 'unclear', why: 'NotPrincipal' },
    ],
  ])('%s', (_, statements, expected) => {
    expect(judge(...statements)).toMatchObject(expected);
  });

  test('are reported as not checked', async () => {
    const said = await overTheWire({}, ({ simulator }) => {
      simulator.iam.roles.set('task', {
        trust: { Statement: [when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })] },
      });
    });
    expect(said).toEqual([
      expect.stringMatching(/^skip task role task: exists and trusts .* not checked: aws:PrincipalOrgID/),
    ]);
    const unclear = await overTheWire({}, ({ simulator }) => {
      simulator.iam.roles.set('task', {
        trust: { Statement: [{ Effect: 'Allow', Action: '*', NotPrincipal: { AWS: 'x' } }] },
      });
    });
    expect(unclear).toEqual([
      expect.stringMatching(
        /^skip task role task: exists; whether it trusts .* cannot be determined from NotPrincipal; not checked/,
      ),
    ]);
    expect(role('task')).toContain(ACCOUNT);
  });

  test('wildcards match as a regular expression would, and never slowly', () => {
    const few = fc.array(fc.constantFrom('a', 'b', '*', '?', '.'), { maxLength: 8 }).map((list) => list.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 10 }).map((list) => list.join(''));
    fc.assert(
      fc.property(few, text, (pattern, given) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matches(pattern, given)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 2000 },
    );
    expect(costOf(() => matches(`${'*a'.repeat(40)}b`, 'a'.repeat(4000)))).toBeLessThan(50);
  });
});

describe('an image that ECR does not have', () => {
  const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['docker-hub/library/nginx:1', 'warn'],
    ['mirror/coreos/etcd', 'warn'],
    // A prefix that ECR proposes, and no rule for it.
    ['quay/coreos/etcd', 'bad'],
    // A cache is asked by tag; what is pinned by digest was there once, and is gone.
    [`docker-hub/library/nginx@${digest}`, 'bad'],
    [`docker-hub/library/nginx:1@${digest}`, 'bad'],
    ['library/nginx:1', 'bad'],
    ['my-docker-hub/nginx:1', 'bad'],
  ])('%s: %s', async (name, status) => {
    const said = await overTheWire({ definition: container({ image: `${HOST}/${name}` }) }, ({ simulator }) => {
      for (const ecrRepositoryPrefix of ['docker-hub', 'mirror'])
        simulator.ecr.pullThroughRules.push({ ecrRepositoryPrefix, upstreamRegistryUrl: 'registry-1.docker.io' });
    });
    expect(said).toEqual([expect.stringMatching(new RegExp(`^${status} image `))]);
    if (status === 'warn') expect(said[0]).toContain('gets it from registry-1.docker.io at the first pull');
  });
});
