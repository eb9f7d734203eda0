import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type ActionOptions, type ActionRun, runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { unpacked } from '../../simulator/ecr/registry.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { serveBuildkit } from '../support/buildkit.ts';

/**
 * Secrets of a build by real buildx, searched for in everything that a run leaves: every blob and manifest of the registry (image,
 * attestations, cache), the local cache, buildx's and docker's folders, BuildKit's record of the build, the arguments of docker,
 * log, summary, outputs, saved state, the runner's temporary folder, the context.
 */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 === undefined ? describe.skip : describe;
const SECRETS = {
  one: 'canary-build-secret "quoted" $HOME %41',
  /** As a key that was made on Windows: CRLF, and a line end at its end. */
  several: '-----BEGIN KEY-----\r\ncanaryLineOne0123456789\r\ncanary line two =&?\r\n-----END KEY-----\r\n',
  ofFile: 'canary-of-a-secret-file',
  ofVariable: 'canary-of-a-variable-of-the-job',
  ofHub: 'canary-token-of-github_0123456789',
  gitToken: 'canary-token-of-another-git-server',
  s3: 'canary/of+the/cache/in/s3',
  gha: 'canary-token-of-another-cache-service',
  argument: 'ghp_canaryArgument0123456789abcdefABCDEF',
} as const;
/** Must be found where the build leaves it: a search that finds nothing proves nothing. */
const PUBLIC = 'public-marker-of-this-build';

const simulator = new Simulator(new RealClock(20));
const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
const aside = mkdtempSync(join(tmpdir(), 'canaries-aside-'));
const [config, cache, temporary, spied] = ['config', 'cache', 'temporary', 'docker.log'].map((name) =>
  join(aside, name),
) as [string, string, string, string];
let server: { endpoint: string; close(): Promise<void> };
let host = '';

/** The value whole, its lines, and the encodings of both that tools write. */
const formsOf = (secret: string): string[] =>
  [secret, ...secret.split(/\r?\n/).filter((line) => line.includes('canary'))].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('hex'),
    ...['', 'x', 'xx'].map((before) =>
      Buffer.from(`${before}${text}`)
        .toString('base64')
        .slice(before === '' ? 0 : 4, -4),
    ),
  ]);
const kinds = Object.entries(SECRETS).map(([name, secret]) => [name, formsOf(secret)] as const);
const found = (text: string): string[] =>
  kinds.filter(([, forms]) => forms.some((form) => text.includes(form))).map(([name]) => name);

/** All files below a folder as one text. */
function textBelow(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const at = join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return `${at} ${readlinkSync(at)}`;
      return entry.isFile() ? `${at}\n${textOf(readFileSync(at))}` : at;
    })
    .join('\n');
}

/** Layers and caches are packed. */
function textOf(bytes: Buffer): string {
  try {
    return `${bytes.toString('latin1')}\n${unpacked(bytes).toString('latin1')}`;
  } catch {
    return bytes.toString('latin1');
  }
}

/** What the registry has in all repositories. */
const registryText = (): string =>
  [
    ...[...simulator.registry.blobs.values()].map(textOf),
    ...[...simulator.registry.repositories.values()].flatMap(({ manifests, tags }) => [
      [...tags.keys()].join('\n'),
      ...[...manifests.values()].map(({ body }) => body.toString('latin1')),
    ]),
  ].join('\n');

const docker = (...args: string[]): string =>
  execFileSync('docker', args, {
    env: { ...process.env, DOCKER_CONFIG: config },
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 1e9,
  });

/** BuildKit's records of these builds: what `docker buildx history` and Docker Desktop show. */
function historyText(): string {
  const records = docker('buildx', 'history', 'ls', '--format', '{{json .}}')
    .split('\n')
    .filter((line) => line.includes(basename(folder)))
    .map((line) => String(JSON.parse(line).ref).split('/').at(-1) ?? '');
  expect(records.length).toBeGreaterThan(0);
  return records
    .flatMap((id) => [
      docker('buildx', 'history', 'inspect', id, '--format', 'json'),
      docker('buildx', 'history', 'logs', id),
    ])
    .join('\n');
}

const DOCKERFILE = (program: string) => `FROM scratch
ARG TARGETARCH
ARG API_TOKEN
COPY \${TARGETARCH}/ /
ENV PATH=/bin
RUN --mount=type=secret,id=one --mount=type=secret,id=several --mount=type=secret,id=file --mount=type=secret,id=variable \\
  ${program}
`;
/** Shows that each value came whole, and nothing of it. */
/** Of its own in each run: values of secrets are not part of BuildKit's cache key, and an engine may know this step with others. */
const MEASURES = `: ${Date.now()}; cat /run/secrets/one /run/secrets/several /run/secrets/file /run/secrets/variable | sha256sum > /sum`;

beforeAll(async () => {
  server = await simulator.listen();
  host = server.endpoint.replace('http://', '');
  simulator.registry.create('web', false);
  if (process.env.ENGINE_BUSYBOX_AMD64 === undefined) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  for (const architecture of ['amd64', 'arm64'])
    execFileSync('ln', ['-sf', 'busybox', join(folder, architecture, 'bin', 'sha256sum')]);
  for (const path of [config, temporary, join(aside, 'bin'), join(aside, 'files')]) mkdirSync(path);
  writeFileSync(join(aside, 'files', 'secret.txt'), SECRETS.ofFile);
  const real = execFileSync('which', ['docker'], { encoding: 'utf8' }).trim();
  writeFileSync(join(aside, 'bin', 'docker'), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${spied}"\nexec "${real}" "$@"\n`);
  chmodSync(join(aside, 'bin', 'docker'), 0o755);
});
afterAll(async () => {
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

interface Left extends ActionRun {
  /** Of the runner: outputs, state, summary and what lies in RUNNER_TEMP when main has ended. */
  readonly runner: string;
  /** The same when post has ended. */
  readonly afterPost: string;
}

async function run(
  program: string,
  inputs: Readonly<Record<string, string>> = {},
  options: Pick<ActionOptions, 'interrupt'> = {},
): Promise<Left> {
  writeFileSync(spied, '');
  writeFileSync(join(folder, 'Secrets.Dockerfile'), DOCKERFILE(program));
  let runner = '';
  let afterPost = '';
  const ended = await runAction({
    inputs: {
      mode: 'build',
      repository: 'web',
      file: 'Secrets.Dockerfile',
      platforms: 'linux/amd64,linux/arm64',
      tags: 'secrets',
      labels: `marker=${PUBLIC}`,
      annotations: `marker=${PUBLIC}`,
      'build-args': `API_TOKEN=${SECRETS.argument}\nMARKER=${PUBLIC}`,
      'build-secrets': `"one=${SECRETS.one.replaceAll('"', '""')}"\nseveral<<END\n${SECRETS.several}\nEND\nGIT_AUTH_TOKEN.git.example.com=${SECRETS.gitToken}`,
      'build-secret-files': `file=${join(aside, 'files', 'secret.txt')}`,
      'build-secret-envs': 'variable=VARIABLE_OF_THE_JOB',
      'github-token': SECRETS.ofHub,
      provenance: 'mode=max',
      'cache-to': `type=registry,ref=${host}/web:cache,mode=max\ntype=local,dest=${cache},mode=max`,
      ...inputs,
    },
    env: {
      PATH: `${join(aside, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SERVER_URL: 'https://github.com',
      VARIABLE_OF_THE_JOB: SECRETS.ofVariable,
      DOCKER_CONFIG: config,
      TMPDIR: temporary,
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
    onMainEnd: (path) => {
      runner = textBelow(path);
    },
    onPostEnd: (path) => {
      afterPost = textBelow(path);
    },
    ...options,
  });
  return { ...ended, runner, afterPost };
}

/** Without the lines by which the runner learns what to mask, and does not show. */
const shown = (log: string): string =>
  log
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');

/** Everything, by place. An argument of the build is in the layers' history, and in BuildKit's record of the build. */
const surfaces = ({ log, summary, outputs, runner, post }: Left): Record<string, string> => ({
  log: shown(log),
  summary,
  outputs: JSON.stringify(outputs),
  'the files of the runner': runner,
  post: post.log,
  'arguments of docker': readFileSync(spied, 'utf8'),
  registry: registryText(),
  'local cache': textBelow(cache),
  'configuration of docker and buildx': textBelow(config),
  'temporary folder': textBelow(temporary),
  context: textBelow(folder),
  'records of BuildKit': historyText(),
});
const NOT_A_BUILD_ARGUMENT = (name: string): boolean => name !== 'argument';

whenEngine('secrets of a build', () => {
  test('reach its commands whole, and nothing that the run leaves', async () => {
    const left = await run(MEASURES);
    expect(left.log).not.toContain('::error');
    expect(left.exitCode).toBe(0);
    const { one, several, ofFile, ofVariable } = SECRETS;
    const whole = execFileSync('sha256sum', { input: [one, several, ofFile, ofVariable].join(''), encoding: 'utf8' });
    const { registry = '', ...others } = surfaces(left);
    expect(registry).toContain(whole.split(' ')[0]);
    // The search finds what is there.
    for (const place of ['arguments of docker', 'records of BuildKit'])
      expect([place, others[place]?.includes(PUBLIC)]).toEqual([place, true]);
    expect(others['local cache']).toContain(whole.split(' ')[0]);
    expect(registry).toContain(PUBLIC);
    expect(registry).toContain('https://slsa.dev/provenance/');
    for (const [place, text] of Object.entries({ registry, ...others }))
      expect([place, found(text).filter(NOT_A_BUILD_ARGUMENT)]).toEqual([place, []]);
    // An argument of the build that is a secret is in the environment of docker, by its name.
    expect(others['arguments of docker']).toContain('--build-arg API_TOKEN --build-arg MARKER=');
    expect(found(others['arguments of docker'] ?? '')).toEqual([]);
    // An argument that looks like a secret is in no attestation, although `mode=max` was asked for, and is masked in the log.
    const attestations = [...simulator.registry.blobs.values()].map(textOf).filter((text) => text.includes('slsa.dev'));
    expect(attestations.length).toBeGreaterThan(0);
    for (const text of [...attestations, others.log ?? '', others.summary ?? '']) expect(found(text)).toEqual([]);
    expect(left.log).toContain('API_TOKEN');
    // The password of the registry, in any form.
    const { password } = simulator.registry;
    for (const [place, text] of Object.entries(others))
      for (const form of [password, Buffer.from(`AWS:${password}`).toString('base64')])
        expect([place, text.includes(form)]).toEqual([place, false]);
  });

  test('as credentials of a cache reach BuildKit, and not the arguments of docker', async () => {
    const sent: Buffer[] = [];
    const socket = join(aside, 'buildkit.sock');
    const builder = await serveBuildkit(process.env.DOCKER_HOST ?? '', socket, (bytes) => void sent.push(bytes));
    try {
      // Not blocking: buildx asks the builder, which is reached through this process.
      await promisify(execFile)('docker', ['buildx', 'create', '--name=spied', '--driver=remote', `unix://${socket}`], {
        env: { ...process.env, DOCKER_CONFIG: config },
      });
      const left = await run(': cached', {
        builder: 'spied',
        tags: 'cached',
        'cache-to': `type=s3,region=eu-west-1,bucket=b,endpoint_url=http://127.0.0.1:9,access_key_id=AKIDOFCACHE,secret_access_key=${SECRETS.s3}\ntype=gha,url=http://127.0.0.1:9/,url_v2=http://127.0.0.1:9/,token=${SECRETS.gha}`,
      });
      expect(shown(left.log)).not.toContain('::error');
      const request = Buffer.concat(sent).toString('latin1');
      for (const secret of [SECRETS.s3, SECRETS.gha, 'AKIDOFCACHE']) expect(request).toContain(secret);
      const args = readFileSync(spied, 'utf8');
      expect(args).toContain(
        '--cache-to type=s3,region=eu-west-1,bucket=b,endpoint_url=http://127.0.0.1:9,ignore-error=true',
      );
      for (const text of [args, shown(left.log), left.summary, JSON.stringify(left.outputs), left.post.log])
        expect(found(text)).toEqual([]);
    } finally {
      builder.close();
    }
  });

  test('are removed by post where main is killed', async () => {
    const left = await run(': killed', {}, { interrupt: { when: /::group::Build and push/, signal: 'SIGKILL' } });
    expect(found(left.runner)).toEqual(['one', 'several', 'gitToken']);
    expect(found(left.afterPost)).toEqual([]);
  });

  test('are masked where a command prints them and fails', async () => {
    const left = await run(
      'cat /run/secrets/one /run/secrets/several; echo; cat /run/secrets/file; echo; cat /run/secrets/variable; exit 1',
    );
    expect(left.exitCode).toBe(1);
    expect(shown(left.log)).toContain('***');
    const { log, summary, outputs, post, 'the files of the runner': runner, ...rest } = surfaces(left);
    for (const [place, text] of Object.entries({ log, summary, outputs, post, runner }))
      expect([place, found(text ?? '')]).toEqual([place, []]);
    for (const place of ['arguments of docker', 'registry', 'local cache', 'configuration of docker and buildx'])
      expect([place, found(rest[place] ?? '').filter(NOT_A_BUILD_ARGUMENT)]).toEqual([place, []]);
  });
});
