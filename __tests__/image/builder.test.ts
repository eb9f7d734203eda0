import {
  completeBuilder,
  createFromNodes,
  inspectBuilder,
  needsOf,
  nodeDown,
  ownPlatformOf,
  parseBuilder,
  startBuilder,
} from '../../src/image/builder.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { Shell } from '../../src/ports.ts';
import { BUILD } from './made.ts';

type Answer = { readonly exitCode?: number; readonly stdout?: string; readonly stderr?: string };

/** A docker that knows one builder; answers by the words of a command, and notes them. A list is answered in turn. */
function dockerWith(
  builder: string | readonly string[],
  answers: Readonly<Record<string, Answer | readonly Answer[]>> = {},
): { shell: Shell; asked: string[] } {
  const asked: string[] = [];
  const inspected = typeof builder === 'string' ? [builder] : [...builder];
  const queues = Object.entries(answers).map(([words, given]) => [words, [given].flat()] as const);
  const shell: Shell = {
    async run(_, args) {
      const command = args.join(' ');
      asked.push(command);
      const queue = queues.find(([words]) => command.includes(words))?.[1];
      const answer = (queue && queue.length > 1 ? queue.shift() : queue?.[0]) ?? {};
      const told = inspected.length > 1 && command.startsWith('buildx inspect') ? inspected.shift() : inspected[0];
      const stdout = command.startsWith('buildx inspect') ? (told ?? '') : 'eager_turing\n';
      return { exitCode: 0, stdout, stderr: '', ...answer };
    },
  };
  return { shell, asked };
}

/** As buildx 0.29 prints them. */
const builderText = (driver: string, ...nodes: readonly string[]): string =>
  `Name:          mine\nDriver:        ${driver}\nLast Activity: 2026-11-01 10:00:00 +0000 UTC\n\nNodes:\n${nodes
    .map((node, i) => `Name:             mine${i}\nEndpoint:         unix:///var/run/docker.sock\n${node}`)
    .join('\n\n')}\n`;
const node = (platforms: string): string =>
  `Status:           running\nBuildKit version: v0.32.2\nPlatforms:        ${platforms}\nLabels:\n org.mobyproject.buildkit.worker.executor: oci\nGC Policy rule#0:\n All:            false\n\nGC Policy rule#1:\n Keep Duration:  1h`;
const CLASSIC = builderText('docker', node('linux/amd64, linux/arm64, linux/386'));
const CONTAINERD = builderText(
  'docker',
  `${node('linux/amd64*, linux/arm64')}\nLabels:\n org.mobyproject.buildkit.worker.containerd.uuid: x`,
);
const OWN = builderText('docker-container', node('linux/amd64, linux/arm64'));
const AMD_ONLY = builderText('docker-container', node('linux/amd64, linux/386'));
const NATIVE = builderText('remote', node('linux/amd64, linux/386'), node('linux/arm64, linux/arm/v7'));
const STOPPED = builderText('docker-container', 'Status:           inactive');
const inWorld = (shell: Shell, variables: Readonly<Record<string, string>> = {}) => ({
  shell,
  sources: { variable: (name: string) => variables[name] },
});
const BOTH = ['linux/amd64', 'linux/arm64/v8'];
const BINFMT =
  'run --rm --privileged tonistiigi/binfmt:qemu-v10.2.3@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0 --install arm64';
const BUILDKIT =
  'buildx create --driver=docker-container --driver-opt=image=moby/buildkit:v0.32.2@sha256:28a898719c18a33f4e8000685287fa36fd0dd9560c6440227d3a732d79bb41d8';
const CREATE = `${BUILDKIT} --driver-opt=provenance-add-gha=false --bootstrap`;

test.each<[string, string, Partial<BuildInputs>, object, string[]]>([
  [
    'an engine with the containerd store pushes several platforms',
    CONTAINERD,
    { platforms: BOTH },
    {
      created: false,
      exportsCache: true,
      unemulated: [],
      notes: [expect.stringContaining('linux/arm64/v8 is emulated on this builder')],
    },
    [],
  ],
  [
    'an engine without it pushes one platform',
    CLASSIC,
    { platforms: ['linux/amd64'] },
    { created: false, exportsCache: false, unemulated: [], notes: [] },
    [],
  ],
  [
    'an engine without it cannot push several, and the log says what takes its place and how to keep it',
    CLASSIC,
    { platforms: BOTH },
    {
      created: true,
      exportsCache: true,
      builder: 'eager_turing',
      unemulated: [],
      notes: [
        'The builder mine (driver docker, without the containerd image store) cannot push several platforms as one image; this run makes one of its own in a container. To keep yours, turn on the containerd image store of the Docker engine; to use another one, name it in the input `builder`.',
        expect.stringContaining('emulated'),
      ],
    },
    [CREATE],
  ],
  [
    'nor export a cache or attach provenance',
    CLASSIC,
    { platforms: ['linux/amd64'], cacheTo: ['type=gha,mode=max'], provenance: 'mode=max' },
    {
      created: true,
      exportsCache: true,
      builder: 'eager_turing',
      unemulated: [],
      notes: [expect.stringContaining('cannot attach provenance or an SBOM or export a cache;')],
    },
    [CREATE],
  ],
  [
    'which the user names nevertheless',
    CLASSIC,
    { builder: 'mine', platforms: BOTH },
    {
      created: false,
      exportsCache: false,
      builder: 'mine',
      unemulated: [],
      notes: [expect.stringContaining('emulated')],
    },
    [],
  ],
  [
    'nodes of both architectures are used as they are, without emulation',
    NATIVE,
    { platforms: BOTH },
    { created: false, exportsCache: true, unemulated: [], notes: [] },
    [],
  ],
  [
    'amd64 runs 386',
    NATIVE,
    { platforms: ['linux/386'] },
    { created: false, exportsCache: true, unemulated: [], notes: [] },
    [],
  ],
  [
    'a remote builder without a node for it gets no emulators of this machine',
    builderText('remote', node('linux/amd64')),
    { platforms: BOTH },
    { created: false, exportsCache: true, unemulated: ['linux/arm64/v8'], notes: [] },
    [],
  ],
  [
    'no platform named: the own one of the builder',
    CLASSIC,
    {},
    { created: false, exportsCache: false, unemulated: [], ownPlatform: 'linux/amd64', notes: [] },
    [],
  ],
])('%s', async (_, builder, build, expected, further) => {
  const { shell, asked } = dockerWith(builder);
  expect(await completeBuilder(parseBuilder(builder), needsOf({ ...BUILD, ...build }), inWorld(shell))).toEqual(
    expected,
  );
  expect(asked).toEqual(further);
});

describe('emulation', () => {
  const needs = needsOf({ ...BUILD, platforms: BOTH, builder: 'mine' });
  test('is set up for a platform that the builder lacks, which then knows it', async () => {
    const { shell, asked } = dockerWith(OWN);
    expect(await completeBuilder(parseBuilder(AMD_ONLY), needs, inWorld(shell))).toMatchObject({
      builder: 'mine',
      unemulated: [],
    });
    expect(asked).toEqual([BINFMT, 'buildx inspect mine']);
  });
  test('that cannot be had is no failure yet: a Dockerfile that only copies builds without', async () => {
    const { shell } = dockerWith(AMD_ONLY, { binfmt: { exitCode: 125 } });
    expect(await completeBuilder(parseBuilder(AMD_ONLY), needs, inWorld(shell))).toMatchObject({
      unemulated: ['linux/arm64/v8'],
    });
  });
  test('that the builder does not take over is none', async () => {
    const { shell } = dockerWith(AMD_ONLY);
    expect(await completeBuilder(parseBuilder(AMD_ONLY), needs, inWorld(shell))).toMatchObject({
      unemulated: ['linux/arm64/v8'],
    });
  });
});

describe('a builder of our own', () => {
  const make = (answers: Readonly<Record<string, Answer | readonly Answer[]>>) => {
    const docker = dockerWith(CLASSIC, answers);
    return {
      ...docker,
      made: completeBuilder(parseBuilder(CLASSIC), needsOf({ ...BUILD, platforms: BOTH }), inWorld(docker.shell)),
    };
  };
  test('that cannot be made says what else helps', async () => {
    await expect(make({ 'buildx create': { exitCode: 1, stderr: 'ERROR: no' } }).made).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      remedy: expect.stringContaining('containerd image store'),
    });
  });
  test('is made by a buildx that cannot leave out the event of the workflow, too', async () => {
    const { made, asked } = make({
      'buildx create': [
        { exitCode: 1, stderr: 'ERROR: invalid driver option provenance-add-gha for docker-container driver' },
        { exitCode: 0, stdout: 'eager_turing\n' },
      ],
    });
    expect(await made).toMatchObject({ builder: 'eager_turing' });
    expect(asked).toEqual([CREATE, `${BUILDKIT} --bootstrap`]);
  });
});

describe('starting', () => {
  test('is for a builder that does not run', async () => {
    const { shell, asked } = dockerWith(OWN);
    expect(ownPlatformOf(await startBuilder(parseBuilder(STOPPED), 'mine', inWorld(shell)))).toBe('linux/amd64');
    expect(asked).toEqual(['buildx inspect --bootstrap mine']);
  });
  test.each([
    ['one that runs', OWN],
    ['the docker driver', builderText('docker', 'Status: running')],
    ['one whose node is broken', builderText('remote', 'Error: no route', node('linux/arm64'))],
  ])('is not for %s', async (_, text) => {
    const { shell, asked } = dockerWith(OWN);
    await startBuilder(parseBuilder(text), undefined, inWorld(shell));
    expect(asked).toEqual([]);
  });
});

describe('no builder', () => {
  test.each<[string, Answer, string, RegExp, RegExp]>([
    [
      'a daemon that is down',
      {
        stdout:
          'Name:          default\nDriver:        \nLast Activity: 2026-11-26 05:22:18 +0000 UTC\nError:         Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      },
      '',
      /^The Docker daemon of this runner is down: Cannot connect to the Docker daemon at unix/,
      /Start Docker on the runner.*ubuntu-slim/,
    ],
    [
      'a remote one that does not answer',
      { stdout: builderText('remote', 'Error:            dial tcp 10.0.0.1:1234: connect: connection refused') },
      'mine',
      /^The builder mine \(driver remote\) does not answer: dial tcp/,
      /endpoint/,
    ],
    [
      'none of that name',
      { exitCode: 1, stderr: 'ERROR: no builder "mine" found' },
      'mine',
      /^The builder `mine`, which the input `builder` names, does not exist on this runner/,
      /step before/,
    ],
    [
      'no buildx',
      { exitCode: 1, stderr: "docker: 'buildx' is not a docker command." },
      '',
      /no buildx/,
      /docker-buildx-plugin/,
    ],
    [
      'no answer at all',
      { exitCode: 1, stderr: 'permission denied while trying to connect' },
      '',
      /permission denied/,
      /socket/,
    ],
  ])('%s', async (_, answer, wanted, message, remedy) => {
    const { shell } = dockerWith('', { 'buildx inspect': answer });
    await expect(inspectBuilder(wanted || undefined, inWorld(shell))).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });
  test('is not what a builder with one broken node of two is', async () => {
    const { shell } = dockerWith(builderText('remote', 'Error: no route', node('linux/arm64')));
    expect((await inspectBuilder('mine', inWorld(shell))).nodes).toEqual([
      { platforms: [], error: 'no route' },
      { platforms: ['linux/arm64'] },
    ]);
  });
});

describe('a node that does not answer is named', () => {
  const TWO =
    'Name: mine\nDriver: remote\n\nNodes:\nName: a\nEndpoint: tcp://10.0.0.1:1\nStatus: inactive\n\nName: b\nEndpoint: tcp://10.0.0.2:1\nStatus: inactive\n';
  const ONE = 'Name: mine\nDriver: remote\n\nNodes:\nName: a\nEndpoint: tcp://10.0.0.1:1\nStatus: inactive\n';
  const waited = (node: string): string =>
    `#1 [${node}internal] waiting for connection\n#1 ERROR: context deadline exceeded\nERROR: context deadline exceeded`;

  test.each([
    ['one of two', TWO, waited('b '), 'The node b (tcp://10.0.0.2:1) of the builder mine does not answer: context'],
    ['the only one', ONE, waited(''), 'The node a (tcp://10.0.0.1:1) of the builder mine does not answer: context'],
    ['one that is gone', '', waited('b '), 'The node b of the builder does not answer: context deadline exceeded.'],
  ])('%s, in a build', async (_, text, output, message) => {
    const { shell } = dockerWith(text);
    expect(await nodeDown(output, undefined, shell)).toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining('Start BuildKit there'),
    });
  });

  test('and in the start of the builder', async () => {
    const { shell } = dockerWith(ONE, { 'buildx inspect --bootstrap': { exitCode: 1, stderr: waited('') } });
    await expect(startBuilder(parseBuilder(ONE), 'mine', inWorld(shell))).rejects.toMatchObject({
      message: 'The node a (tcp://10.0.0.1:1) of the builder mine does not answer: context deadline exceeded.',
    });
  });

  test.each([
    'ERROR: context deadline exceeded',
    '#1 [internal] waiting for connection\n#1 DONE 0.1s\nERROR: x',
    '#1 [1/1] RUN x\n#1 0.1 [internal] waiting for connection\n#1 ERROR: context deadline exceeded',
  ])('and nothing else: %#', async (output) =>
    expect(await nodeDown(output, undefined, dockerWith(ONE).shell)).toBeUndefined(),
  );
});

test.each<[Partial<BuildInputs>, string[]]>([
  [{ platforms: ['linux/amd64'], cacheTo: ['type=inline'], provenance: 'false', sbom: 'false' }, []],
  [{ cacheTo: ['inline'] }, []],
  [{ cacheTo: ['h/app:cache'] }, []],
  [{ sbom: 'true' }, ['attach provenance or an SBOM']],
  [{ annotations: ['a=b', 'manifest:a=b'] }, []],
  [{ annotations: ['index:a=b'] }, ['annotate an index']],
  [{ tuning: { ...BUILD.tuning, attests: ['type=sbom,disabled=true'] } }, []],
  [{ tuning: { ...BUILD.tuning, attests: ['type=sbom'] } }, ['attach provenance or an SBOM']],
  [{ tuning: { ...BUILD.tuning, outputs: ['type=local,dest=out'] } }, []],
  [{ tuning: { ...BUILD.tuning, outputs: ['type=oci,dest=out.tar'] } }, ['export an image as a file']],
])('what the classic docker driver cannot do: %#', (build, beyondClassic) =>
  expect(needsOf({ ...BUILD, ...build }).beyondClassic).toEqual(beyondClassic),
);

test.each<[Partial<BuildInputs>, 'kept' | 'thrown-away', boolean]>([
  [{ cacheTo: ['h/app:cache'] }, 'kept', true],
  [{ cacheTo: ['inline'] }, 'thrown-away', false],
  [{ cache: 'gha' }, 'kept', true],
  [{ cache: 'auto' }, 'kept', false],
  // What its engine has cached goes with the machine.
  [{ cache: 'auto' }, 'thrown-away', true],
  [{ cache: 'auto', noCache: true }, 'thrown-away', false],
  [{ cache: 'none' }, 'thrown-away', false],
  [{ cache: 'auto', cacheFrom: ['h/app:cache'] }, 'thrown-away', false],
])('a cache is worth a builder of our own: %j on a machine that is %s', (build, machine, worth) => {
  const { beyondClassic, wishes } = needsOf({ ...BUILD, ...build }, machine);
  expect({ beyondClassic, wishes }).toEqual({ beyondClassic: [], wishes: worth ? ['export a cache'] : [] });
});

test.each<[Partial<BuildInputs>, boolean]>([
  [{ cache: 'gha', platforms: ['linux/amd64'] }, true],
  [{ cache: 'gha', platforms: BOTH }, false],
])('a builder that cannot be made fails no build that needs it for its cache alone: %j', async (build, builds) => {
  const { shell } = dockerWith(CLASSIC, { 'buildx create': { exitCode: 1, stderr: 'ERROR: toomanyrequests' } });
  const made = completeBuilder(parseBuilder(CLASSIC), needsOf({ ...BUILD, ...build }), inWorld(shell));
  if (!builds) return expect(made).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  return expect(made).resolves.toMatchObject({
    created: false,
    exportsCache: 'refused',
    notes: [
      'A builder could not be made: ERROR: toomanyrequests. The builder mine cannot export a cache, and builds without.',
    ],
  });
});

describe('the nodes of `builder-nodes`', () => {
  const node = {
    platforms: ['linux/arm64'],
    driver: 'docker-container',
    options: ['network=host'],
    files: [],
  } as const;
  async function made(nodes: Parameters<typeof createFromNodes>[1], answers: Readonly<Record<string, string>> = {}) {
    const asked: string[] = [];
    await createFromNodes('mine', nodes, {
      run: async (_, args) => {
        const command = args.join(' ');
        asked.push(command);
        const stderr = Object.entries(answers).find(([word]) => command.includes(word))?.[1] ?? '';
        return { exitCode: stderr === '' ? 0 : 1, stdout: CONTAINERD, stderr };
      },
    });
    return asked.filter((command) => command.includes('create'));
  }
  const OPTION = '--driver-opt=provenance-add-gha=false';

  test('a container that this run makes does not write the event of the workflow into attestations', async () => {
    const [first = '', second = ''] = await made([
      { ...node, endpoint: 'ssh://a@b' },
      { ...node, endpoint: 'ssh://a@c' },
    ]);
    expect(first).toMatch(
      /^buildx create --name=mine --node=mine-0 --driver=docker-container --platform=linux\/arm64 /,
    );
    expect(first).toMatch(new RegExp(` ${OPTION} --driver-opt=network=host ssh://a@b$`));
    expect(second).toMatch(new RegExp(`--node=mine-1 .*--append .* ${OPTION} --driver-opt=network=host ssh://a@c$`));
  });

  test('a buildx that does not know the option, and drivers without it', async () => {
    const unknown = {
      'provenance-add-gha': 'ERROR: invalid driver option provenance-add-gha for docker-container driver',
    };
    const [first = '', second = '', ...more] = await made([node], unknown);
    expect(more).toEqual([]);
    expect(second).toBe(first.replace(` ${OPTION}`, ''));
    for (const driver of ['remote', 'kubernetes'] as const)
      expect((await made([{ ...node, driver }])).join()).not.toContain('provenance');
    await expect(
      made([node], { create: 'ERROR: invalid driver option x for docker-container driver' }),
    ).rejects.toThrow('invalid driver option x');
  });
});
