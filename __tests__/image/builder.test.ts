import { prepareBuilder } from '../../src/image/builder.ts';
import type { Shell } from '../../src/ports.ts';

/** A docker that knows one builder; answers by the words of a command, and notes them. */
function dockerWith(
  builder: string,
  answers: Readonly<Record<string, number>> = {},
): { shell: Shell; asked: string[] } {
  const asked: string[] = [];
  const shell: Shell = {
    async run(_, args) {
      const command = args.join(' ');
      asked.push(command);
      const exitCode = Object.entries(answers).find(([words]) => command.includes(words))?.[1] ?? 0;
      if (exitCode !== 0) return { exitCode, stdout: '', stderr: 'ERROR: no' };
      const stdout = command.startsWith('buildx inspect') ? builder : 'eager_turing\n';
      return { exitCode, stdout, stderr: '' };
    },
  };
  return { shell, asked };
}
const CONTAINERD =
  'Name: default\nDriver: docker\nPlatforms: linux/amd64*, linux/arm64\nLabels:\n org.mobyproject.buildkit.worker.containerd.uuid: x';
const PLAIN_DOCKER = 'Name: default\nDriver: docker\nPlatforms: linux/amd64, linux/arm64';
const OWN = 'Name: mine\nDriver: docker-container\nPlatforms: linux/amd64, linux/arm64';
const AMD_ONLY = 'Name: mine\nDriver: docker-container\nPlatforms: linux/amd64';
const BOTH = ['linux/amd64', 'linux/arm64/v8'];
const BINFMT =
  'run --rm --privileged tonistiigi/binfmt:qemu-v10.2.3@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0 --install arm64';
const CREATE =
  'buildx create --driver=docker-container --driver-opt=image=moby/buildkit:v0.32.2@sha256:28a898719c18a33f4e8000685287fa36fd0dd9560c6440227d3a732d79bb41d8 --bootstrap';

test.each<[string, string, string | undefined, string[], object, string[]]>([
  [
    'an engine with the containerd store pushes several platforms',
    CONTAINERD,
    undefined,
    BOTH,
    { created: false, unemulated: [] },
    [],
  ],
  [
    'an engine without it pushes one platform',
    PLAIN_DOCKER,
    undefined,
    ['linux/arm64'],
    { created: false, unemulated: [] },
    [],
  ],
  [
    'an engine without it needs a builder of our own for several',
    PLAIN_DOCKER,
    undefined,
    BOTH,
    { created: true, builder: 'eager_turing', unemulated: [] },
    [CREATE],
  ],
  ["the user's builder is used as it is", OWN, 'mine', BOTH, { builder: 'mine', created: false, unemulated: [] }, []],
  [
    'emulation for a platform that the builder lacks',
    AMD_ONLY,
    'mine',
    BOTH,
    { builder: 'mine', created: false, unemulated: [] },
    [BINFMT],
  ],
  [
    'no platform named: the own one of the builder',
    PLAIN_DOCKER,
    undefined,
    [],
    { created: false, unemulated: [], ownPlatform: 'linux/amd64' },
    [],
  ],
  [
    'a build that names no platform is for the builder of that machine',
    'Name: default\nDriver: docker\nPlatforms: linux/arm64, linux/amd64, linux/386',
    undefined,
    [],
    { created: false, unemulated: [], ownPlatform: 'linux/arm64' },
    [],
  ],
])('%s', async (_, builder, wanted, platforms, expected, further) => {
  const { shell, asked } = dockerWith(builder);
  expect(await prepareBuilder(wanted, platforms, shell)).toEqual(expected);
  expect(asked).toEqual([`buildx inspect --bootstrap${wanted ? ` ${wanted}` : ''}`, ...further]);
});

test('emulation that cannot be had is no failure yet: a Dockerfile that only copies builds without', async () => {
  const { shell } = dockerWith(AMD_ONLY, { binfmt: 125 });
  expect(await prepareBuilder('mine', BOTH, shell)).toMatchObject({ unemulated: ['linux/arm64/v8'] });
});

test('a builder of our own that cannot be made says what else helps', async () => {
  const { shell } = dockerWith(PLAIN_DOCKER, { 'buildx create': 1 });
  await expect(prepareBuilder(undefined, BOTH, shell)).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    remedy: expect.stringContaining('containerd image store'),
  });
});
