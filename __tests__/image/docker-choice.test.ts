import { chosenBy, isWrongChoice, wrongChoice } from '../../src/image/docker-choice.ts';
import type { Shell } from '../../src/ports.ts';

const LS = `{"Current":true,"Driver":"docker","LastActivity":"0001-01-01T00:00:00Z","Name":"default","Nodes":[{"Name":"default"}]}
{"Current":false,"Driver":"remote","Err":"x","LastActivity":"0001-01-01T00:00:00Z","Name":"native","Nodes":[{"Name":"native0"}]}
`;

/** A docker with the builders default and native, and the contexts default and prod; it lists a context that a variable names, too. */
function dockerIn(variables: Readonly<Record<string, string>>, exitCode = 0) {
  const asked: string[] = [];
  const shell: Shell = {
    run: async (program, args, options) => {
      asked.push([program, ...args].join(' '));
      expect(options?.env).toEqual({ BUILDX_BUILDER: '', DOCKER_CONTEXT: 'default' });
      expect(options?.limitSeconds).toBeGreaterThan(0);
      const stdout = args[0] === 'context' ? 'default\nghost\nprod\nWarning: DOCKER_HOST overrides\n' : LS;
      return { exitCode, stdout, stderr: '' };
    },
  };
  const files = { exists: async (path: string) => path.startsWith('/whole/') || path === '/part/ca.pem' };
  return { world: { shell, files, sources: { variable: (name: string) => variables[name] } }, asked };
}
const ghost = (name: string) => `ERROR: no builder "${name}" found`;
const DOWN = 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?';
const ENDPOINT = 'ERROR: docker endpoint for "default" not found';

test.each<[string, Record<string, string>, string | undefined, string, RegExp]>([
  [
    'the input',
    { BUILDX_BUILDER: 'default', DOCKER_HOST: 'tcp://h:1', DOCKER_CONTEXT: 'prod' },
    'natve',
    ghost('natve'),
    /The builder `natve`, which the input `builder` names, does not exist on this runner\. Did you mean `native`\? There are `default`, `native`\. Correct the input/,
  ],
  [
    'BUILDX_BUILDER',
    { BUILDX_BUILDER: 'ghost', DOCKER_CONTEXT: 'prod' },
    undefined,
    ghost('ghost'),
    /The builder `ghost`, which the variable BUILDX_BUILDER names, .* There are `default`, `native`\. Correct the variable/,
  ],
  [
    'DOCKER_CONTEXT',
    { DOCKER_CONTEXT: 'ghost' },
    undefined,
    ghost('ghost'),
    /The context `ghost`, which the variable DOCKER_CONTEXT names, .* There are `default`, `prod`\. .*docker context create/,
  ],
  [
    'a misspelt context',
    { DOCKER_CONTEXT: 'prd' },
    undefined,
    ghost('prd'),
    /The context `prd`, which the variable DOCKER_CONTEXT names, .* Did you mean `prod`\?/,
  ],
  [
    "docker's configuration",
    {},
    undefined,
    ghost('ghost'),
    /The context `ghost`, which docker's own configuration \(`docker context use`\) names, .*docker context use default/,
  ],
  [
    'DOCKER_HOST that is no address',
    { DOCKER_HOST: 'foo://' },
    undefined,
    ENDPOINT,
    /^`foo:\/\/` \(the variable DOCKER_HOST\) is not an address of a Docker daemon\. Write `unix/,
  ],
  [
    'TLS files that are not there',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nope' },
    undefined,
    ENDPOINT,
    /TLS files of its daemon: DOCKER_TLS_VERIFY is set, and \/nope \(DOCKER_CERT_PATH\) does not have ca\.pem, cert\.pem and key\.pem\. Write them in/,
  ],
  [
    'TLS files of which two are there',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/part' },
    undefined,
    ENDPOINT,
    /\/part \(DOCKER_CERT_PATH\) does not have cert\.pem and key\.pem\./,
  ],
  [
    'TLS files that are there',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/whole' },
    undefined,
    ENDPOINT,
    /\/whole \(DOCKER_CERT_PATH\) has ca\.pem, cert\.pem and key\.pem, of which one cannot be read as a certificate/,
  ],
  [
    'TLS files in the folder of docker',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CONFIG: '/config' },
    undefined,
    ENDPOINT,
    /\/config \(DOCKER_CERT_PATH is not set\) does not have ca\.pem/,
  ],
  [
    'a certificate of another authority',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1' },
    undefined,
    'error during connect: Get "https://h:2376/_ping": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /^The Docker daemon at `tcp:\/\/h:2376` \(DOCKER_HOST\) answers, but TLS with it fails: .*unknown authority .*ca\.pem/,
  ],
  [
    'a daemon without TLS',
    { DOCKER_HOST: 'tcp://h:2375', DOCKER_TLS_VERIFY: '1' },
    undefined,
    'error during connect: Get "https://h:2375/_ping": http: server gave HTTP response to HTTPS client',
    /TLS with it fails.*remove DOCKER_TLS_VERIFY/,
  ],
  [
    'the default folder of TLS files',
    { DOCKER_HOST: 'tcp://h:2376', DOCKER_TLS_VERIFY: '1' },
    undefined,
    ENDPOINT,
    /~\/\.docker \(DOCKER_CERT_PATH is not set\)/,
  ],
  ['no daemon', {}, undefined, DOWN, /^The Docker daemon of this runner is down: Cannot connect.*Start Docker/],
  [
    'no daemon at DOCKER_HOST',
    { DOCKER_HOST: 'unix:///x' },
    undefined,
    DOWN,
    /^The Docker daemon at `unix:\/\/\/x` \(DOCKER_HOST\) does not answer: Cannot connect.*without DOCKER_HOST/,
  ],
  [
    'no host at DOCKER_HOST',
    { DOCKER_HOST: 'foo' },
    undefined,
    'error during connect: Head "http://foo:2375/_ping": dial tcp: lookup foo: no such host',
    /^The Docker daemon at `foo` \(DOCKER_HOST\) does not answer: error during connect/,
  ],
  [
    'no daemon at DOCKER_CONTEXT',
    { DOCKER_CONTEXT: 'prod' },
    undefined,
    DOWN,
    /^The Docker daemon of the context `prod`, which the variable DOCKER_CONTEXT names, does not answer.*Start it and let this runner reach it\. Correct the variable/,
  ],
  [
    'no daemon of the input',
    { DOCKER_HOST: 'tcp://h:1' },
    'prod',
    DOWN,
    /^The Docker daemon of the builder `prod`, which the input `builder` names, does not answer.*docker buildx inspect prod/,
  ],
])('%s', async (_, variables, wanted, output, expected) => {
  const failure = await wrongChoice(output, { name: 'default', wanted }, dockerIn(variables).world);
  expect(failure?.code).toBe('TOOL_MISSING');
  expect(`${failure?.message} ${failure?.remedy}`).toMatch(expected);
});

test('what exists is left out where it cannot be listed, and nothing is claimed of other words', async () => {
  const { world, asked } = dockerIn({}, 1);
  const failure = await wrongChoice(ghost('ghost'), { name: '', wanted: 'ghost' }, world);
  expect(failure?.remedy).toMatch(/^Correct the input/);
  expect(asked).toEqual(['docker buildx ls --format json']);
  expect(await wrongChoice('permission denied', { name: '', wanted: undefined }, world)).toBeUndefined();
  expect([ghost('x'), ENDPOINT, DOWN, 'x'].map(isWrongChoice)).toEqual([true, true, false, false]);
});

test('the current context is the one that buildx reports', () => {
  expect(chosenBy('prod', undefined, () => undefined)).toEqual({ by: 'context', name: 'prod' });
  expect(chosenBy('default', undefined, () => undefined)).toEqual({ by: 'default' });
});

test.each([
  ['without quotes', 'ERROR: no builder ghost found', /^The context `ghost`, which/],
  [
    'the default context',
    ghost('default'),
    /^The context `default`, which docker's own configuration names, does not exist.*context use default/,
  ],
  ['an error of a command', `ERROR: ${DOWN}`, /is down: Cannot connect to the Docker daemon at/],
  ['an error of a build', `#1 x\nERROR: failed to build: ${DOWN}\n`, /is down: Cannot connect to the Docker daemon at/],
  [
    'an error of a build, in one word',
    `ERROR:failed to build:${DOWN}`,
    /is down: Cannot connect to the Docker daemon at/,
  ],
  ['another word before it', `error during connect: ERROR: x`, /is down: error during connect: ERROR: x/],
])('%s', async (_, output, expected) => {
  const failure = await wrongChoice(output, { name: '', wanted: undefined }, dockerIn({}).world);
  expect(`${failure?.message} ${failure?.remedy}`).toMatch(expected);
});

test('contexts are listed by docker, and those of a run that is cancelled are not waited for', async () => {
  const { world, asked } = dockerIn({ DOCKER_CONTEXT: 'ghost' });
  await wrongChoice(ghost('ghost'), { name: '', wanted: undefined }, world);
  expect(asked).toEqual(['docker context ls --format {{.Name}}']);
  const signal = AbortSignal.abort();
  const shell: Shell = {
    run: async (_, __, options) => Promise.reject(options?.signal === signal ? 'stopped' : 'not told'),
  };
  await expect(wrongChoice(ghost('x'), { name: '', wanted: 'x' }, { ...world, shell, signal })).rejects.toBe('stopped');
});
