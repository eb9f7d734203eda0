import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';

/** Real buildx and BuildKit with caches that cannot be set up, read or written, of every type: none of them fails a build. */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 === undefined ? describe.skip : describe;
const simulator = new Simulator(new RealClock(20));
const folder = mkdtempSync(join(tmpdir(), 'caches-'));
const aside = mkdtempSync(join(tmpdir(), 'caches-aside-'));
let server: { endpoint: string; close(): Promise<void> };

beforeAll(async () => {
  server = await simulator.listen();
  simulator.registry.create('web', false);
  if (process.env.ENGINE_BUSYBOX_AMD64 === undefined) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  writeFileSync(join(aside, 'file'), 'not a folder');
  for (const path of ['good', 'broken']) mkdirSync(join(aside, path));
  writeFileSync(join(aside, 'broken', 'index.json'), 'not JSON');
}, 60_000);
afterAll(async () => {
  await server.close();
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

/**
 * Each build has a tag of its own: where a tag is replaced, the engine may collect a layer of the image before it while it
 * unpacks the same layer for the new one ("parent snapshot does not exist"), and the build is rightly tried once more.
 */
let number = 0;
const tagOfLast = () => `cached-${number}`;
async function build(inputs: Readonly<Record<string, string>>, program = 'true') {
  number += 1;
  writeFileSync(
    join(folder, 'Cache.Dockerfile'),
    `FROM scratch\nCOPY amd64/ /\nENV PATH=/bin\nRUN ${program}; echo "${number} ${Date.now()}" > /file\n`,
  );
  return runAction({
    inputs: {
      mode: 'build',
      repository: 'web',
      file: 'Cache.Dockerfile',
      platforms: 'linux/amd64',
      tags: tagOfLast(),
      ...inputs,
    },
    env: {
      PATH: process.env.PATH ?? '',
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      GITHUB_SHA: 'c0ffee',
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
  });
}

const S3 = 'region=eu-west-1,bucket=b,endpoint_url=http://127.0.0.1:9,access_key_id=a,secret_access_key=canary-of-s3';
const AZURE = 'account_url=http://127.0.0.1:9/x';
const GITHUB = 'url=http://127.0.0.1:9/,url_v2=http://127.0.0.1:9/,token=canary-of-gha';

whenEngine('a cache that cannot be used', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      'local: no folder can be made',
      { 'cache-to': 'type=local,dest=/proc/nope/cache' },
      /cannot be used \(mkdir \/proc/,
    ],
    ['local: a file in its place', { 'cache-to': `type=local,dest=${join(aside, 'file')}` }, /not a directory/],
    ['local: another index there', { 'cache-to': `type=local,dest=${join(aside, 'broken')}` }, /could not unmarshal/],
    ['local: without dest', { 'cache-to': 'type=local' }, /requires dest/],
    ['local: read without src', { 'cache-from': 'type=local' }, /requires src/],
    [
      'local: read from a file',
      { 'cache-from': `type=local,src=${join(aside, 'file')}` },
      /could not be read.*not a directory/,
    ],
    [
      'local: what can be read is read all the same',
      { 'cache-from': `type=local,src=${join(aside, 'good')}`, 'cache-to': 'type=local,dest=/proc/nope/cache' },
      /cannot be written \(mkdir \/proc\/nope.*built without writing it/,
    ],
    ['registry: no answer', { 'cache-to': 'type=registry,ref=127.0.0.1:9/x:y' }, /was not written.*connection refused/],
    ['registry: the shorthand', { 'cache-to': '127.0.0.1:9/x:y' }, /was not written.*connection refused/],
    ['registry: no reference', { 'cache-to': 'type=registry,ref=UPPER/::' }, /invalid reference format/],
    ['registry: without ref', { 'cache-to': 'type=registry' }, /requires ref/],
    ['registry: read without ref', { 'cache-from': 'type=registry' }, /requires ref/],
    ['gha: a token that is none', { 'cache-to': `type=gha,${GITHUB}` }, /cannot be used \(failed to configure gha/],
    ['s3', { 'cache-to': `type=s3,${S3}` }, /cannot be used|was not written/],
    ['s3: read', { 'cache-from': `type=s3,${S3}` }, /could not be read/],
    ['azblob', { 'cache-to': `type=azblob,${AZURE}` }, /cannot be used|was not written/],
    ['azblob: read', { 'cache-from': `type=azblob,${AZURE}` }, /could not be read/],
    ['a type that does not exist', { 'cache-to': 'type=inlin' }, /unknown cache exporter/],
    ['no type', { 'cache-to': 'mode=max' }, /type required/],
    ['an attribute without a value', { 'cache-to': 'type=registry,ref=127.0.0.1:9/x:y,mode' }, /invalid value/],
  ])(
    '%s',
    async (_, inputs, warning) => {
      const run = await build(inputs);
      expect(run.log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([]);
      expect(run.exitCode).toBe(0);
      expect(simulator.registry.find('web', tagOfLast())?.digest).toBe(run.outputs['image-digest']);
      const warnings = run.log.split('\n').filter((line) => line.startsWith('::warning'));
      expect(warnings).toEqual([expect.stringMatching(warning)]);
      expect(run.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('canary');
    },
    60_000,
  );

  test('a build that fails for another reason is not blamed on its cache', async () => {
    const run = await build({ 'cache-to': `type=local,dest=${join(aside, 'good')}` }, 'exit 3');
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/::error.*exit code 3/);
    expect(run.log).not.toMatch(/::warning.*cache/);
  }, 60_000);

  test.each(['inline', 'type=inline'])(
    '%s works',
    async (cache) => {
      const run = await build({ 'cache-to': cache });
      expect(run.exitCode).toBe(0);
      expect(run.log.split('\n').filter((line) => /^::(?:warning|error)/.test(line))).toEqual([]);
    },
    60_000,
  );
});
