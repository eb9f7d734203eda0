import { Failure } from '../../src/failure.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { JsonObject, TaskDefinition } from '../../src/model.ts';
import { withPlatforms } from '../../src/stories/images.ts';
import type { Template } from '../../src/taskdef/template.ts';

const BUILD = { repository: 'app', platforms: [] as readonly string[] } as BuildInputs;
const file = (definition: JsonObject): Template => ({ name: 'task.json', definition, tags: [], dropped: [] });
const survey = (definition: JsonObject, fargate: boolean) => ({
  draft: definition as unknown as TaskDefinition,
  fargate,
});
const NEVER = new Promise<never>(() => {});
const ARM = { runtimePlatform: { cpuArchitecture: 'ARM64' } };
const FARGATE = { requiresCompatibilities: ['FARGATE'] };

async function platformsOf(build: BuildInputs, ...sources: Parameters<typeof withPlatforms>[1]) {
  const log: string[] = [];
  const { platforms } = await withPlatforms(build, sources, {
    console: { line: (text: string) => void log.push(text) } as never,
  });
  return { platforms, log };
}

describe('the platform of a build whose input `platforms` is not set', () => {
  test.each<[string, JsonObject, string]>([
    ['an architecture', ARM, 'linux/arm64'],
    ['an architecture, for EC2', { ...ARM, requiresCompatibilities: ['EC2'] }, 'linux/arm64'],
    ['Fargate alone, whose default is X86_64', FARGATE, 'linux/amd64'],
    ['Fargate and an architecture', { ...ARM, ...FARGATE }, 'linux/arm64'],
  ])('%s in the file decides at once, before the service is known', async (_, definition, platform) => {
    const { platforms, log } = await platformsOf(BUILD, { file: file(definition), drafting: NEVER });
    expect(platforms).toEqual([platform]);
    expect(log).toEqual([
      `The image is for ${platform}, the platform of the task; the input \`platforms\` names others.`,
    ]);
  });

  test.each<[string, JsonObject | undefined, JsonObject, boolean, readonly string[]]>([
    [
      'a file with a placeholder',
      { runtimePlatform: { cpuArchitecture: '${ARCH}' }, ...FARGATE },
      ARM,
      true,
      ['linux/arm64'],
    ],
    ['a file that says nothing, on Fargate', {}, {}, true, ['linux/amd64']],
    ['a file that says nothing, on EC2', {}, {}, false, []],
    ['a file for both, on EC2', { requiresCompatibilities: ['EC2', 'FARGATE'] }, {}, false, []],
    ['a revision that runs', undefined, ARM, true, ['linux/arm64']],
    ['Windows', undefined, { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }, true, []],
  ])('%s: the service and the rendered definition decide', async (_, given, rendered, fargate, expected) => {
    const drafting = Promise.resolve(survey(rendered, fargate));
    const { platforms, log } = await platformsOf(BUILD, { file: given && file(given), drafting });
    expect(platforms).toEqual(expected);
    expect(log.length).toBe(expected.length);
  });

  test('one image for several services has the platforms of all of them', async () => {
    const open = { file: undefined, drafting: Promise.resolve(survey({}, false)) };
    const { platforms, log } = await platformsOf(
      BUILD,
      { file: file(ARM), drafting: NEVER },
      { file: file(FARGATE), drafting: NEVER },
      { file: file(ARM), drafting: NEVER },
      open,
    );
    expect(platforms).toEqual(['linux/arm64', 'linux/amd64']);
    expect(log).toEqual([
      'The image is for linux/arm64, linux/amd64, the platforms of the tasks; the input `platforms` names others.',
    ]);
    expect(await platformsOf(BUILD, open, open)).toEqual({ platforms: [], log: [] });
  });

  test('platforms of the user stand, and nothing is waited for', async () => {
    const build = { ...BUILD, platforms: ['linux/amd64'] };
    expect(await platformsOf(build, { file: file(ARM), drafting: NEVER })).toEqual({
      platforms: ['linux/amd64'],
      log: [],
    });
  });

  test('a service that cannot be looked at ends the build before it begins', async () => {
    const drafting = Promise.reject(new Failure('NOT_FOUND', 'no service'));
    await expect(platformsOf(BUILD, { file: undefined, drafting })).rejects.toThrow('no service');
  });
});
