import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { type HostileServer, startHostile } from '../support/misbehaving.ts';
import { eventually, hasEnded, startWatch } from '../support/patience.ts';
import { steady } from '../support/steady.ts';

/** The bundle as the runner cancels it: SIGINT to its process alone, while something hangs. */
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'hangs-'));
/** SIGTERM follows 7.5 s after SIGINT, and the time limits of the calls that hang are longer than that. */
const ANSWERED_WITHIN_SECONDS = 7.5;
let aws: { endpoint: string; close(): Promise<void> };
let front: HostileServer;
/** Whether this request hangs. */
let hangs: (target: string, url: string) => boolean = () => false;
let onHang: () => void = () => {};

beforeAll(async () => {
  aws = await simulator.listen();
  front = await startHostile((req, res, body) => {
    const target = String(req.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    if (hangs(target, req.url ?? '')) return onHang();
    if (target === 'GetDownloadUrlForLayer') {
      const { layerDigest } = JSON.parse(body) as { layerDigest: string };
      return void res.writeHead(200).end(JSON.stringify({ downloadUrl: `${front.url}/blob`, layerDigest }));
    }
    const { method = 'GET', headers, url = '/' } = req;
    const out = request(aws.endpoint + url, { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    });
    out.on('error', () => res.destroy());
    out.end(body);
  });
  simulator.call('RegisterTaskDefinition', definition('app:1'));
  simulator.script.instance({});
  simulator.call('CreateService', { serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 });
  await steady(simulator, 'web');
});
afterAll(async () => {
  clock.close();
  front.close();
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

const definition = (image: string) => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image, memory: 64 }],
});

interface Cancelled {
  readonly exitCode: number | null;
  readonly log: string;
  readonly seconds: number;
  readonly outputs: string;
}

/** Runs main, sends SIGINT once `hung` was called, and waits for its end. */
function cancelled(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  start: (hung: () => void) => void,
): Promise<Cancelled> {
  const output = join(folder, 'output');
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition('app:2')));
  const all = { service: 'web', 'task-definition': 'task-definition.json', preflight: 'false', ...inputs };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'dist', 'main.js')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        AWS_ENDPOINT_URL: front.url,
        AWS_ACCESS_KEY_ID: 'TEST',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: REGION,
        AWS_EC2_METADATA_DISABLED: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_SHA: 'c0ffee',
        GITHUB_REPOSITORY: 'acme/web',
        GITHUB_OUTPUT: output,
        GITHUB_STATE: join(folder, 'state'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        RUNNER_TEMP: folder,
        ...env,
        ...Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      },
    });
    let log = '';
    let sinceSignal: (() => number) | undefined;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    start(() => {
      if (sinceSignal) return;
      sinceSignal = startWatch();
      child.kill('SIGINT');
    });
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The action did not end. Its log:\n${log}`));
    }, 100_000);
    let seconds = Number.NaN;
    child.on('exit', () => {
      seconds = sinceSignal?.() ?? Number.NaN;
    });
    child.on('close', (exitCode) => {
      clearTimeout(late);
      resolve({ exitCode, log, seconds, outputs: readFileSync(output, 'utf8') });
    });
  });
}

function expectAnswered({ exitCode, log, seconds, outputs }: Cancelled): void {
  expect({ exitCode, log, answered: seconds < ANSWERED_WITHIN_SECONDS }).toEqual({ exitCode: 1, log, answered: true });
  expect(log).toMatch(/::error[^\n]*ancelled/);
  expect(outputs).toMatch(/cancelled/);
}

test('the first DescribeServices', async () => {
  hangs = (target) => target === 'DescribeServices';
  expectAnswered(
    await cancelled({}, {}, (hung) => {
      onHang = hung;
    }),
  );
});

test('DescribeServices in the wait: the deployment is named', async () => {
  let updated = false;
  hangs = (target) => {
    updated ||= target === 'UpdateService';
    return updated && target === 'DescribeServices';
  };
  const run = await cancelled({}, {}, (hung) => {
    onHang = hung;
  });
  expectAnswered(run);
  expect(run.log).toMatch(/web:\d+/);
});

test('RegisterTaskDefinition: the run was cancelled, and ECS has refused nothing', async () => {
  const { exitCode, seconds, log, outputs } = await cancelled({ 'environment-variables': 'NEW=1' }, {}, (hung) => {
    hangs = (target) => target === 'RegisterTaskDefinition';
    onHang = hung;
  });
  expect([exitCode, seconds < ANSWERED_WITHIN_SECONDS]).toEqual([1, true]);
  expect(log).toContain('The run was cancelled while ECS was asked to register a revision of web.');
  expect(log).not.toMatch(/refuses|Correct what/);
  expect(outputs).toMatch(/outcome<<.*\ncancelled\n/);
});

test('the OIDC token endpoint', async () => {
  hangs = (_, url) => url.startsWith('/token');
  const inputs = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' };
  const env = { ACTIONS_ID_TOKEN_REQUEST_URL: `${front.url}/token?v=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
  expectAnswered(
    await cancelled(inputs, env, (hung) => {
      onHang = hung;
    }),
  );
});

test('the download of an image config', async () => {
  hangs = (_, url) => url === '/blob';
  const config = { digest: `sha256:${'c'.repeat(64)}` };
  simulator.registry.blobs.set(config.digest, Buffer.from('{}'));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] }));
  simulator.registry.put(simulator.registry.create('downloaded', false), 'v1', { body: manifest, mediaType });
  const image = `123456789012.dkr.ecr.${REGION}.amazonaws.com/downloaded:v1`;
  expectAnswered(
    await cancelled({ image }, {}, (hung) => {
      onHang = hung;
    }),
  );
});

test("GitHub's API", async () => {
  hangs = (target, url) => url.startsWith('/github/') || target === 'DescribeTasks';
  const inputs = { 'github-token': 'ghs_1', 'github-environment': 'production', comment: 'true' };
  expectAnswered(
    await cancelled(inputs, { GITHUB_API_URL: `${front.url}/github` }, (hung) => {
      onHang = hung;
    }),
  );
});

test('docker that ignores SIGINT, with children of its own', async () => {
  hangs = () => false;
  const bin = join(folder, 'bin');
  rmSync(bin, { recursive: true, force: true });
  const docker = join(mkdtempSync(join(folder, 'bin-')), 'docker');
  const mark = join(folder, 'docker-runs');
  writeFileSync(
    docker,
    `#!/bin/sh\ntrap '' INT TERM\n(trap '' INT TERM; echo $$ > ${mark}; sleep 300) &\nwait\nsleep 300\n`,
  );
  chmodSync(docker, 0o755);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  simulator.registry.create('web', false);
  const run = await cancelled(
    { repository: 'web', context: folder },
    { PATH: `${join(docker, '..')}${delimiter}${process.env.PATH ?? ''}` },
    (hung) => {
      const look = setInterval(() => {
        try {
          if (readFileSync(mark, 'utf8') === '') return;
        } catch {
          return;
        }
        clearInterval(look);
        hung();
      }, 100).unref();
    },
  );
  expectAnswered(run);
  const pid = Number(readFileSync(mark, 'utf8'));
  await eventually(() => hasEnded(pid));
});
