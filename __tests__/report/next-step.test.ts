import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ROWS } from '../../src/diagnosis/application/rows.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Diagnosis, Evidence } from '../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../src/diagnosis/rules.ts';
import { deploysIn, say, type Text } from '../../src/diagnosis/say.ts';
import type { Outcome } from '../../src/outcome.ts';
import { gistOf } from '../../src/report/gist.ts';
import { divided, repairOf } from '../../src/report/next-step.ts';
import { deployment, diagnosis, outcome, service, TASK_A, TASK_B } from './made.ts';

test.each([
  ['Push it.', 'Push it.', undefined],
  [
    'Push it, or correct the tag; a policy may have deleted it.',
    'Push it.',
    'Or correct the tag; a policy may have deleted it.',
  ],
  ['Push it. Otherwise correct the tag.', 'Push it.', 'Otherwise correct the tag.'],
  ['Use it (this; that, or the other), then run. Or not.', 'Use it (this; that, or the other), then run.', 'Or not.'],
  ['Set `a; b, or c`; then go.', 'Set `a; b, or c`.', 'Then go.'],
  ['Wait: ECS tries again (retry). Add subnets in another zone.', 'Add subnets in another zone.', undefined],
  [
    'Nothing at first: ECS starts another. If it comes again, look at AWS Health; open a case.',
    'If it comes again, look at AWS Health.',
    'Open a case.',
  ],
  ['ECS tries again.', 'ECS tries again.', undefined],
])('of "%s" the one step is "%s"', (remedy, text, otherwise) =>
  expect(divided(remedy)).toEqual({ step: { text }, ...(otherwise === undefined ? {} : { otherwise }) }),
);

describe('a failed health check of a container: running the check shows which of its causes it is', () => {
  const failed = diagnosis({
    rule: 'container-health-check',
    subject: 'container',
    healthCheck: 'container',
    cause: 'The check fails.',
    remedy: 'Install the tool, or correct the URL.',
    evidence: { surface: 'task.stoppedReason', text: 'Task failed container health checks', context: {} },
    taskId: TASK_A,
    container: 'app',
  });
  const repair = (healthCheck: object | undefined, rest: Partial<Outcome> = {}, log?: object, image = 'shop/web:2') => {
    const app = { name: 'app', image, ...(healthCheck ? { healthCheck } : {}) };
    const containerDefinitions = [{ ...app, ...(log ? { logConfiguration: log } : {}) }];
    const definition = { family: 'web', containerDefinitions };
    return repairOf(
      outcome({ kind: 'failed', deployment: { ...deployment, definition }, ...rest } as Partial<Outcome>),
      failed,
    );
  };
  const curl = { command: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'], startPeriod: 20 };

  test('a command of the shell, after the start period, and what is known of its log', () => {
    const found = repair(curl);
    expect(found?.step.commands).toEqual([
      '{ docker run -d --name checked --platform linux/amd64 shop/web:2 && sleep 20 && { docker exec checked sh -c \'curl -f http://localhost/ || exit 1\'; echo "exit code of the check: $?"; };\n  docker logs --tail 50 checked;\n  docker rm -f checked; }',
    ]);
    expect(found?.step.text).toMatch(
      /^Run the check of the container `app` .* has no log configuration, .*cannot be read\.$/,
    );
    expect(found?.otherwise).toBe('Install the tool, or correct the URL.');
    const options = { 'awslogs-group': '/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' };
    const logged = repair(curl, {}, { logDriver: 'awslogs', options });
    expect(logged?.step.text).toMatch(
      new RegExp(`The log stream of the task, \`ecs/app/${TASK_A}\`, was empty when this run ended\\.$`),
    );
    const timeline = [{ at: 0, kind: 'log', severity: 'normal', text: 'last\nline', taskId: TASK_A }] as const;
    expect(repair(curl, { timeline })?.step.text).toMatch(/Its last log lines are below\.$/);
  });
  test.each([
    [
      'a container that ended',
      'docker() { echo "docker $1"; [ "$1" != exec ] || return 7; }',
      ['docker run', 'docker exec', 'exit code of the check: 7', 'docker logs', 'docker rm'],
    ],
    [
      'an image that is not there',
      'docker() { echo "docker $1"; [ "$1" != run ]; }',
      ['docker run', 'docker logs', 'docker rm'],
    ],
  ])('%s: the command as pasted shows the exit code of the check and the log, and removes it', (_, stub, calls) => {
    const command = repair(curl)?.step.commands?.[0] ?? '';
    const { stdout } = spawnSync('sh', ['-c', `${stub}\nsleep() { :; }\n${command}`], { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(calls);
  });
  test('after a login that fails nothing runs', () => {
    const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1';
    const command = repair(curl, {}, undefined, image)?.step.commands?.[0] ?? '';
    const stubs = 'aws() { :; }\nsleep() { :; }\ndocker() { echo "docker $1" >&2; [ "$1" != login ]; }';
    const { stderr } = spawnSync('sh', ['-c', `${stubs}\n${command}`], { encoding: 'utf8' });
    expect(stderr).toBe('docker login\n');
  });
  test.each([
    [['CMD', '/check', '--all'], 'docker exec checked /check --all;'],
    [['/check'], 'docker exec checked /check;'],
  ])('%j', (command, asked) => expect(repair({ command })?.step.commands?.[0]).toContain(asked));
  test('a check that is not known: what its kind needs', () =>
    expect(repair(undefined)?.step).toEqual({ text: 'Install the tool.' }));
});

test('the values of a command are where the task definition has them, named without a value', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/web/database-AbCdEf:url::';
  const container = {
    name: 'app',
    image: 'shop/web:2',
    healthCheck: { command: ['/check'] },
    environment: [{ name: 'STAGE', value: 'not-shown' }],
    secrets: [
      { name: 'DATABASE_URL', valueFrom: arn },
      { name: 'API_KEY', valueFrom: '/prod/web/api_key' },
    ],
  };
  const definition = { family: 'web', containerDefinitions: [container] };
  const cause = diagnosis({ cause: 'unhealthy', remedy: 'Install it.', healthCheck: 'container', container: 'app' });
  const failed = outcome({ kind: 'failed', deployment: { ...deployment, definition } } as Partial<Outcome>);
  const text = repairOf(failed, cause)?.step.text;
  expect(text).toContain(
    'Its `-e` options pass 3 variables of your shell: set them first. The values are of `DATABASE_URL` in the secret `prod/web/database`, of `API_KEY` in the parameter `/prod/web/api_key` and of the others in the task definition.',
  );
  expect(text).not.toContain('not-shown');
});

test('a Fargate quota: what helps at once, and the command that asks for more', () => {
  const cause = diagnosis({
    rule: 'fargate-quota',
    subject: 'capacity',
    cause: 'The quota is reached.',
    remedy: 'Request more.',
    evidence: { surface: 'service.event', text: 'vCPU quota', context: {} },
  });
  const repair = repairOf(outcome({ kind: 'failed' } as Partial<Outcome>), cause);
  expect(repair?.step.text).toMatch(
    /^Deploy again with `minimum-healthy-percent.* so that old tasks stop first\. Both stay set on the service: set \d+ and \d+ again with a later deploy\.$/,
  );
  expect(repair?.step.commands).toBeUndefined();
  const aws = 'aws() { case "$2" in get*) echo 6.0;; *) echo "$@" >&2;; esac; }';
  const { stderr } = spawnSync('sh', ['-c', `${aws}\n${repair?.otherwiseCommands?.[0]}`], { encoding: 'utf8' });
  expect(stderr).toMatch(
    /^service-quotas request-service-quota-increase .*--quota-code L-3032A538 --desired-value \d+\n$/,
  );
});

describe('what the container printed is the next thing to read', () => {
  const crash = diagnosis({
    rule: 'app-crash',
    subject: 'container',
    end: 'crashed',
    inLog: true,
    cause: 'It crashed.',
    remedy: 'Read its log.',
    evidence: { surface: 'container.exitCode', text: 'exit code 1', context: {} },
    taskId: TASK_A,
    container: 'app',
  });
  const repair = (logConfiguration: object | undefined, rest: Partial<Outcome> = {}, cause: Diagnosis = crash) => {
    const app = { name: 'app', image: 'a', ...(logConfiguration ? { logConfiguration } : {}) };
    const containerDefinitions = [app, ...(rest.tally ? [neighbour] : [])];
    return repairOf(
      outcome({
        kind: 'failed',
        deployment: { ...deployment, definition: { family: 'web', containerDefinitions } },
        ...rest,
      } as Partial<Outcome>),
      cause,
    );
  };
  const step = (...given: Parameters<typeof repair>) => repair(...given)?.step;
  const options = { 'awslogs-group': '/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' };
  const awslogs = { logDriver: 'awslogs', options };
  const neighbour = { name: 'proxy', image: 'b', logConfiguration: awslogs };

  test('without logConfiguration: what to write, with the log group to create', () => {
    const found = step(undefined);
    expect(found?.text).toBe(
      'Add a log configuration to the container `app` of the task definition, so that what it prints can be read, and create its log group `/ecs/web` once.',
    );
    expect(found?.commands).toEqual(['aws logs create-log-group --region eu-central-1 --log-group-name /ecs/web']);
    expect(JSON.parse(`{${found?.write}}`)).toEqual({
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' },
      },
    });
  });
  test('as its neighbour has it', () => {
    const found = step(undefined, { tally: [] });
    expect(JSON.parse(`{${found?.write}}`)).toEqual({ logConfiguration: awslogs });
    expect(found?.text).not.toContain('create');
  });
  test.each<[string, object | undefined, Partial<Outcome>, string]>([
    [
      'another driver',
      { logDriver: 'splunk' },
      {},
      'Read what the container `app` printed where its log driver `splunk` sends it.',
    ],
    [
      'a stream that was empty',
      awslogs,
      {},
      `Open the log stream \`ecs/app/${TASK_A}\` of the log group \`/web\` (link: log stream): it was empty when this run ended.`,
    ],
    [
      'a stream that IAM denies',
      awslogs,
      { denied: [{ action: 'logs:GetLogEvents', resource: '*' }] as never },
      `Read the log stream \`ecs/app/${TASK_A}\` of the log group \`/web\` (link: log stream), which this run may not read (logs:GetLogEvents).`,
    ],
    [
      'lines that are shown',
      awslogs,
      { timeline: [{ at: 1, kind: 'log', severity: 'normal', text: 'a\nb' }] },
      'Repair what the last log lines report.',
    ],
  ])('%s', (_, logConfiguration, rest, text) => {
    expect(step(logConfiguration, rest)).toEqual({ text });
  });
  test('what runs is the command of the task that failed; what is asked is what the load balancer asks', () => {
    const one = { label: 'x', phase: 'pre-deploy', name: 'x', exitCodes: {} } as const;
    const tasks = [
      { ...one, succeeded: true, command: ['first'] },
      { ...one, succeeded: false, command: ['node', 'a b.js'] },
    ];
    const failed = repair(awslogs, { tasks });
    expect(failed?.otherwise).toBe(
      'If the log stream stays empty, run the image to see how it ends. It does the work of the task again: give it test data.',
    );
    expect(failed?.otherwiseCommands).toEqual(["docker run --rm --platform linux/amd64 a node 'a b.js'"]);
    const asked = repair(awslogs, { healthCheck: { path: '/up', port: 8080, wanted: '200' } });
    expect(asked?.otherwise).toContain('(`curl -i http://localhost:8080/up`)');
    expect(asked?.otherwiseCommands).toEqual(['docker run --rm -p 8080:8080 --platform linux/amd64 a']);
  });
  test('lines of another task do not report what this one did', () => {
    const timeline = [{ at: 1, kind: 'log', severity: 'normal', text: 'a\nb', taskId: TASK_B }] as const;
    expect(step(awslogs, { timeline })?.text).toMatch(/^Open the log stream/);
  });
  test('before there is a deployment, the task definition is that of the revision', () => {
    const revision = {
      definition: { family: 'web', containerDefinitions: [{ name: 'app', image: 'a', logConfiguration: awslogs }] },
    };
    const before = outcome({ kind: 'failed', revision: revision as never });
    const { deployment: _, ...undeployed } = before;
    expect(repairOf(undeployed, crash)?.step.text).toMatch(/^Open the log stream/);
  });
  test('a check of verify: where the tasks printed what they did', () => {
    const verdict = { kind: 'failed', reason: 'x', causes: [], check: 'https://a.example.com/up' } as const;
    const definition = {
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'a', logConfiguration: awslogs }],
    };
    const failed = outcome({ kind: 'rolled-back', verdict, deployment: { ...deployment, definition } as never });
    expect(repairOf(failed, undefined)?.step.text).toBe(
      'Read what the tasks of web:42 printed while `https://a.example.com/up` was requested, in the log group `/web` (link: log group).',
    );
    expect(gistOf(failed).links[0]).toMatchObject({ name: 'log', text: 'log group' });
  });
  test('a server error that a health check got, of the container behind the load balancer', () => {
    const { container: _, inLog: __, ...rest } = crash;
    const behind = { service: service([], { loadBalancers: [{ containerName: 'app', containerPort: 80 }] as never }) };
    const answered = (status: number) =>
      step(undefined, behind, {
        ...rest,
        healthCheck: 'load-balancer',
        status,
        evidence: { surface: 'service.event', text: '', context: {} },
      });
    expect(answered(502)?.text).toContain('Add a log configuration to the container `app`');
    expect(answered(404)?.text).toBe('Read its log.');
  });
  test('a log group that is missing is created by a command that works as it is', () => {
    const missing = diagnosis({
      subject: 'logs',
      failure: 'missing',
      remedy: 'Create it (NAME). Otherwise correct it.',
    });
    const found = (logConfiguration: object | undefined) => step(logConfiguration, {}, missing);
    expect(found(awslogs)).toEqual({
      text: 'Create the log group `/web`.',
      commands: ['aws logs create-log-group --region eu-central-1 --log-group-name /web'],
    });
    expect(found(undefined)).toEqual({ text: 'Create it (NAME).' });
  });
  test('what the log said already needs no log', () => {
    const said = { ...crash, evidence: { surface: 'container.log', text: 'x', context: {} } as const };
    expect(step(undefined, {}, said)?.text).toBe('Read its log.');
  });
});

test('without a cause: more time where it only ran out of it', () => {
  const ended = (verdict: Outcome['verdict']) =>
    repairOf(outcome({ kind: 'failed', ...(verdict ? { verdict } : {}) }), undefined)?.step.text;
  expect(ended({ kind: 'timed-out', reason: '', causes: [] })).toBe(
    'Raise `wait-for-minutes` (30 min now): ECS reports nothing that is wrong.',
  );
  expect(ended({ kind: 'stuck', reason: '', causes: [] })).toContain('Open the tasks of the service');
  expect(ended(undefined)).toBeUndefined();
  const waits = { at: 1, kind: 'task', severity: 'normal', text: 'PROVISIONING', state: 'PROVISIONING' } as const;
  const onProvider = (states: readonly string[], capacityProviders = ['asg']) =>
    repairOf(
      outcome({
        kind: 'failed',
        verdict: { kind: 'stuck', reason: '', causes: [] },
        service: service([], { capacityProviders }),
        timeline: states.map((state) => ({ ...waits, state })),
      }),
      undefined,
    )?.step.text;
  expect(onProvider(['PROVISIONING'])).toContain('capacity provider `asg` added no instance');
  expect(onProvider(['PROVISIONING', 'PENDING'])).toContain('Open the tasks');
  expect(onProvider(['PROVISIONING'], ['FARGATE'])).toContain('Open the tasks');
});

describe('an image that is gone', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const gone = diagnosis({
    rule: 'image-not-found',
    subject: 'image',
    failure: 'missing',
    cause: 'The image does not exist.',
    remedy: 'Run the job that builds and pushes this image again. Or deploy one that the repository has.',
    evidence: {
      surface: 'task.stoppedReason',
      text: `failed to resolve ref shop/web@${digest}: not found`,
      context: {},
    },
    taskId: TASK_A,
  });
  const image = { reference: `shop/web@${digest}`, repository: 'shop/web', digest, tags: [] };
  const next = (rest: object) => {
    const made = outcome({ kind: 'rolled-back', diagnoses: [gone], ...rest } as Partial<Outcome>);
    return gistOf(made).next?.text;
  };
  test('and was built by this run, or found built: the same job builds it again', () => {
    const again = 'Run this job again: it builds the image, pushes it and deploys it.';
    expect(next({ image: { ...image, reused: true } })).toBe(again);
  });
  test('and was pushed by this run: not what it has just done, but what deleted it', () => {
    const step = (more: object) => {
      const made = outcome({ kind: 'rolled-back', diagnoses: [gone], image: { ...image, ...more } });
      return repairOf(made, gone)?.step;
    };
    const ecr = { name: 'shop/web', region: 'eu-west-1', registryId: '123456789012' };
    for (const more of [{ metadata: {} }, { build: { seconds: 1, platforms: [] } }]) {
      expect(step(more)?.text).toMatch(
        /^This run pushed the image to shop\/web, so something deleted it since: .*policy/,
      );
      expect(step(more)?.text).not.toMatch(/\bpush\b|build/i);
      expect(step(more)?.commands).toBeUndefined();
      expect(step({ ...more, ecr })?.commands).toEqual([
        `aws ecr describe-images --region eu-west-1 --repository-name shop/web --image-ids imageDigest=${digest};\n  aws ecr get-lifecycle-policy --region eu-west-1 --repository-name shop/web`,
      ]);
    }
    expect(step({ metadata: {}, reused: true })?.text).toMatch(/^Run this job again/);
  });
  test('and was given, or is that of another container: whoever builds it', () => {
    const push = 'Run the job that builds and pushes this image again. Then deploy again.';
    expect(next({ image })).toBe(push);
    const other = `sha256:${'b'.repeat(64)}`;
    expect(next({ image: { ...image, digest: other, reused: true } })).toBe(push);
  });
});

describe('a step names whose field is to be changed', () => {
  const of = (remedy: string, about: Parameters<typeof repairOf>[2], more: object = {}) =>
    repairOf(
      { ...outcome({ kind: 'failed' }), ...more },
      diagnosis({
        rule: 'app-crash',
        remedy,
        container: 'app',
        evidence: { surface: 'container.log', text: 'x', context: {} },
      }),
      about,
    )?.step.text;
  const file = { template: { kind: 'file', path: 'ecs/web.json' } } as const;
  const inputs = { template: { kind: 'inputs' } } as const;
  test.each<[string, string, Parameters<typeof repairOf>[2], string]>([
    [
      'a file',
      'Set DB_HOST in `environment` or `secrets`.',
      file,
      'Set DB_HOST in `environment` or `secrets` of the container `app` in `ecs/web.json`.',
    ],
    [
      'the inputs',
      'Set DB_HOST in `environment`.',
      inputs,
      'Set DB_HOST in `environment` of the container `app` (inputs `environment-variables` and `secrets`).',
    ],
    [
      'a revision alone',
      'Correct it in `environment`: x://y.',
      {},
      'Correct it in `environment` of the container `app` in the task definition: x://y.',
    ],
    [
      'whose they are already',
      'Set it in `environment` of the container.',
      file,
      'Set it in `environment` of the container `app` in `ecs/web.json`.',
    ],
    ['no field', 'Repair the code.', file, 'Repair the code.'],
  ])('%s', (_, remedy, about, step) => {
    expect(of(remedy, about)).toBe(step);
  });
});

test('a container of Express Mode without a log gets the input for it', () => {
  const express = { ...outcome({}).service, express: true, name: 'shop', region: 'eu-west-1' };
  const definition = { family: 'web', containerDefinitions: [{ name: 'Main', image: 'x' }] };
  const { step } =
    repairOf(
      {
        ...outcome({ kind: 'failed' }),
        service: express,
        deployment: { ...outcome({}).deployment, definition },
      } as unknown as Parameters<typeof repairOf>[0],
      diagnosis({
        rule: 'app-crash',
        inLog: true,
        container: 'Main',
        evidence: { surface: 'container.exitCode', text: '1', context: {} },
      }),
    ) ?? {};
  expect(step?.text).toContain('Set the input `log-group: /ecs/shop`');
  expect(step?.commands).toEqual(['aws logs create-log-group --region eu-west-1 --log-group-name /ecs/shop']);
});

describe('a remedy that starts a deployment marks the words that do', () => {
  const read = <One>(name: string): readonly One[] =>
    JSON.parse(readFileSync(`__tests__/fixtures/${name}.json`, 'utf8'));
  const messages: readonly Evidence[] = [
    ...read<Evidence>('examples').map(({ surface, text, context }) => ({ surface, text, context: context ?? {} })),
    ...read<{ readonly text: string }>('application-messages').map(
      ({ text }): Evidence => ({ surface: 'container.log', text, context: { container: 'app' } }),
    ),
  ];
  /** A deployment by this or another run; not the arguments of a command, and not what another job or a task does. */
  const STARTS =
    /\b(?:deploy (?:it |that one )?again|start a new deployment|(?:run|start) (?:this|the) job again)\b|\bdeploy (?:a|the|web|that) \w/i;
  const isOfRollout = (surface: string): boolean => !surface.startsWith('api.') && surface !== 'buildx.stderr';
  const ofRollouts = messages.filter(({ surface }) => isOfRollout(surface));
  const steps = new Map(
    ofRollouts.map((message) => {
      const found = diagnose(message);
      const step = divided(found.remedy).step.text;
      return [step, (found.deploys ?? []).some((words) => step.includes(words))] as const;
    }),
  );
  // What no message of the fixtures shows: rows whose words are the same every time.
  const texts: readonly unknown[] = [
    ...RULES.filter(({ surfaces }) => surfaces.some(isOfRollout)).map(({ remedy }) => remedy),
    ...ROWS.map(({ remedy }) => remedy),
  ];
  for (const text of texts) {
    if (text === undefined || typeof text === 'function') continue;
    const step = divided(say(text as Text, new Set())).step.text;
    steps.set(
      step,
      deploysIn(text as Text).some((words) => step.includes(words)),
    );
  }
  test('there are many', () => expect(steps.size).toBeGreaterThan(500));
  test('each step is marked where it says so, and only there', () => {
    const wrong = [...steps].filter(([step, marked]) => STARTS.test(step) !== marked);
    expect(wrong).toEqual([]);
    expect([...steps.values()].filter(Boolean).length).toBeGreaterThan(3);
  });
});
