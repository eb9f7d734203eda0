import { missedStage, stagesOf } from '../../src/image/dockerfile.ts';

test.each<[string, string, readonly (readonly [string, number])[]]>([
  ['a name', 'FROM node:24 AS build', [['build', 1]]],
  ['a name in small letters', 'from node:24 as build', [['build', 1]]],
  ['no name', 'FROM node:24\nFROM node:24\n', []],
  [
    'several',
    'FROM a AS one\nRUN x\n\nFROM b AS two',
    [
      ['one', 1],
      ['two', 4],
    ],
  ],
  ['a platform before the image', 'FROM --platform=$BUILDPLATFORM a AS one', [['one', 1]]],
  ['tabs and spaces', '  FROM\ta   AS\t one ', [['one', 1]]],
  ['dots, dashes and digits in the name', 'FROM a AS one-2.b_c', [['one-2.b_c', 1]]],
  ['a comment', '# FROM a AS one\n  # FROM b AS two\nFROM c AS three', [['three', 3]]],
  [
    'Windows line ends',
    'FROM a AS one\r\nFROM b AS two\r\n',
    [
      ['one', 1],
      ['two', 2],
    ],
  ],
  [
    'an instruction on two lines',
    'FROM a \\\n  AS one\nFROM b AS two',
    [
      ['one', 1],
      ['two', 3],
    ],
  ],
  ['a comment and an empty line within it', 'FROM a \\\n# why\n\n  AS one', [['one', 1]]],
  ['spaces after the backslash', 'FROM a \\ \t\n AS one', [['one', 1]]],
  ['a backslash that continues nothing', 'RUN a\\b\nFROM b AS two', [['two', 2]]],
  ['a line that continues at the end of the file', 'FROM a AS one \\', [['one', 1]]],
  ['a backslash before other words', 'RUN a \\ b\nFROM b AS two', [['two', 2]]],
  ['a name that ends nowhere', 'FROM a AS', []],
  ['another instruction with the words', 'RUN echo FROM a AS one\nXFROM a AS one\nFROMa AS one', []],
])('the stages of a Dockerfile: %s', (_, text, stages) => {
  expect(stagesOf(text).map(({ name, line }) => [name, line])).toEqual(stages);
});

describe('a stage that is not there, which BuildKit takes for an image', () => {
  const missed = (text: string, image: string, contexts: readonly string[] = []) => missedStage(text, image, contexts);
  const WANTED = { name: 'bulid', meant: 'build', text: '--from=bulid' };
  const belowBuild = (use: string): string => `FROM a AS build\n${use}`;

  test.each<[string, string]>([
    ['COPY', 'COPY --from=bulid /a /b'],
    ['COPY in small letters', 'copy --from=bulid /a /b'],
    ['COPY with other flags', 'COPY --chown=1:1 --from=bulid --link /a /b'],
    ['ADD', 'ADD --from=bulid /a /b'],
    ['a mount', 'RUN --mount=type=bind,from=bulid,target=/x make'],
    ['a mount whose first word it is', 'RUN --mount=from=bulid,target=/x make'],
    ['the second of two mounts', 'RUN --mount=type=cache,target=/c --mount=target=/x,from=bulid make'],
  ])('%s: the stage that is meant, and the line', (_, use) => {
    expect(missed(belowBuild(use), 'docker.io/library/bulid:latest')).toEqual({ ...WANTED, line: 2 });
  });

  test.each<[string, string]>([
    ['FROM', 'FROM bulid AS final'],
    ['FROM without a name', 'FROM bulid'],
    ['FROM with a platform', 'FROM --platform=linux/arm64 bulid'],
    ['FROM with a tab', 'from\tbulid'],
  ])('%s: the same', (_, use) => {
    expect(missed(belowBuild(use), 'bulid')).toEqual({ ...WANTED, text: 'FROM bulid', line: 2 });
  });

  test.each<[string]>([
    ['docker.io/library/bulid:latest'],
    ['docker.io/library/bulid'],
    ['bulid:latest'],
    ['bulid'],
    ['BULID'],
  ])('BuildKit asks for %s', (image) => {
    expect(missed(belowBuild('COPY --from=bulid a b'), image)?.meant).toBe('build');
  });

  test('letters of the other case are the same name', () => {
    expect(missed(belowBuild('COPY --from=Bulid a b'), 'bulid')).toMatchObject({ name: 'Bulid', meant: 'build' });
  });

  test('a stage of this name that begins below is named with its line', () => {
    const text = 'FROM a AS one\nCOPY --from=Build a b\nFROM b AS build';
    expect(missed(text, 'build')).toEqual({ name: 'Build', text: '--from=Build', line: 2, meant: 'build', below: 3 });
  });

  test('a build context may be meant', () => {
    expect(missed('FROM scratch\nCOPY --from=asets a b', 'asets', ['assets'])).toEqual({
      ...{ name: 'asets', text: '--from=asets', line: 2, meant: 'assets' },
    });
  });

  test.each<[string, string, string]>([
    ['the image is of another registry', belowBuild('COPY --from=bulid a b'), 'ghcr.io/acme/bulid:latest'],
    ['the image has another tag', belowBuild('COPY --from=bulid a b'), 'docker.io/library/bulid:24'],
    ['the name has a digest', belowBuild('COPY --from=bulid a b'), 'bulid@sha256:0'],
    ['nothing takes files from it', belowBuild('RUN bulid'), 'bulid'],
    ['no stage has a name like it', 'FROM a AS frontend\nCOPY --from=bulid a b', 'bulid'],
    ['the flag is of a program', belowBuild('RUN make\nENTRYPOINT --from=bulid'), 'bulid'],
    ['the word is a path', belowBuild('COPY --from=bulid/x a b'), 'bulid'],
    ['the option of a mount is another', belowBuild('RUN --mount=type=bind,xfrom=bulid make'), 'bulid'],
    ['the words are those of a program', belowBuild('RUN make x--from=bulid'), 'bulid'],
    ['FROM is a word of another instruction', belowBuild('RUN echo FROM bulid'), 'bulid'],
    ['COPY is a word of another instruction', belowBuild('ENTRYPOINT COPY --from=bulid a b'), 'bulid'],
    ['a flag only ends like it', belowBuild('COPY x--from=bulid a b'), 'bulid'],
    ['FROM has an image with a tag', belowBuild('FROM bulid:24'), 'bulid'],
  ])('nothing is claimed where %s', (_, text, image) => {
    expect(missed(text, image)).toBeUndefined();
  });
});
