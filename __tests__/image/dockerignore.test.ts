import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { buildSources } from '../../src/adapters/build-sources.ts';
import { type IgnoreTrail, ignoreRules } from '../../src/image/dockerignore.ts';
import { costOfAsync } from '../support/cost.ts';

/** What is sent of these paths (folders end with `/`), as the walk over a folder asks the rules. */
function sent(ignore: string, paths: readonly string[]): string[] {
  const rules = ignoreRules(ignore);
  const enter = (folder: string, trail?: IgnoreTrail): string[] =>
    paths
      .filter((path) => path !== folder && dirname(path) === (folder === '' ? '.' : folder.slice(0, -1)))
      .flatMap((path) => {
        const plain = path.replace(/\/$/, '');
        const { ignored, trail: own } = rules.check(plain, trail);
        if (!path.endsWith('/')) return ignored ? [] : [path];
        if (ignored && rules.isClosed(plain)) return [];
        const below = enter(path, own);
        return ignored && below.length === 0 ? [] : [path, ...below];
      });
  return enter('').sort();
}

const PATHS = ['a', 'a.go', 'lib/', 'lib/a', 'lib/a.go', 'lib/deep/', 'lib/deep/a', 'lib/deep/b.md', 'empty/', 'b.md'];
const without = (...gone: string[]): string[] => PATHS.filter((path) => !gone.includes(path)).sort();

test.each<[string, string, string[]]>([
  ['nothing', '', without()],
  ['a path', 'a', without('a')],
  ['a folder with all below', 'lib', without('lib/', 'lib/a', 'lib/a.go', 'lib/deep/', 'lib/deep/a', 'lib/deep/b.md')],
  ['a slash in front and at the end', '/lib/deep/', without('lib/deep/', 'lib/deep/a', 'lib/deep/b.md')],
  ['one star stays in its folder', '*.go', without('a.go')],
  ['two stars go through all', '**/*.go', without('a.go', 'lib/a.go')],
  ['two stars in front of a name', '**/a', without('a', 'lib/a', 'lib/deep/a')],
  [
    'what is below a folder, but not itself',
    'lib/**',
    without('lib/a', 'lib/a.go', 'lib/deep/', 'lib/deep/a', 'lib/deep/b.md'),
  ],
  ['a question mark', '?', without('a')],
  ['a class', '[ab].md', without('b.md')],
  ['a comment, an empty line, spaces around, CRLF', '# a\r\n\r\n  b.md  \r\n', without('b.md')],
  ['a comment that is none', ' # a', without()],
  ['all but one', '*\n!lib/deep/a', ['lib/', 'lib/deep/', 'lib/deep/a']],
  ['the last that matches decides', '!a\na', without('a')],
  ['an exception with a star', 'lib\n!lib/*.go', without('lib/a', 'lib/deep/', 'lib/deep/a', 'lib/deep/b.md')],
  ['an escaped star', '\\*', without()],
  ['dots in a path', './lib/../b.md', without('b.md')],
  ['a mark of the byte order', '\uFEFFa', without('a')],
])('.dockerignore: %s', (_, ignore, expected) => {
  expect(sent(ignore, PATHS)).toEqual(expected);
});

test.each(['[a', 'a\\d', '[[:alpha:]]', '!', '[z-a]', '[]a]'])(
  'a pattern without a clear meaning is refused: %s',
  (pattern) => {
    expect(() => ignoreRules(pattern)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  },
);

const folder = mkdtempSync(join(tmpdir(), 'ignore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the hash of a folder', () => {
  const hash = (ignore = ''): Promise<string> => buildSources.folder(tree, ignore, new AbortController().signal);
  let tree = '';
  beforeEach(() => {
    tree = mkdtempSync(join(folder, 'tree-'));
    mkdirSync(join(tree, 'src/empty'), { recursive: true });
    writeFileSync(join(tree, 'src/a.txt'), 'a');
    writeFileSync(join(tree, 'run.sh'), '#!/bin/sh', { mode: 0o644 });
    symlinkSync('src/a.txt', join(tree, 'link'));
  });

  test('the same files at other times are the same', async () => {
    const before = await hash();
    utimesSync(join(tree, 'run.sh'), 1, 1);
    expect(await hash()).toBe(before);
  });

  test.each<[string, () => void]>([
    ['a content', () => writeFileSync(join(tree, 'src/a.txt'), 'b')],
    ['a file more', () => writeFileSync(join(tree, 'src/b.txt'), '')],
    ['an empty folder more', () => mkdirSync(join(tree, 'other'))],
    ['an empty folder less', () => rmSync(join(tree, 'src/empty'), { recursive: true })],
    ['an executable', () => chmodSync(join(tree, 'run.sh'), 0o755)],
    [
      'another target of a link',
      () => {
        rmSync(join(tree, 'link'));
        symlinkSync('run.sh', join(tree, 'link'));
      },
    ],
    [
      'a link in place of its file',
      () => {
        rmSync(join(tree, 'link'));
        writeFileSync(join(tree, 'link'), 'a');
      },
    ],
    ['a large file, at its end', () => writeFileSync(join(tree, 'src/a.txt'), Buffer.alloc(9_000_001, 1))],
  ])('another: %s', async (_, change) => {
    const before = await hash();
    change();
    expect(await hash()).not.toBe(before);
  });

  test('the end of a large file counts', async () => {
    const bytes = Buffer.alloc(9_000_000, 1);
    writeFileSync(join(tree, 'large'), bytes);
    const before = await hash();
    bytes[8_999_999] = 2;
    writeFileSync(join(tree, 'large'), bytes);
    expect(await hash()).not.toBe(before);
  });

  test('what is ignored does not count', async () => {
    const before = await hash('*.log\nnode_modules');
    writeFileSync(join(tree, 'x.log'), 'x');
    mkdirSync(join(tree, 'node_modules/a'), { recursive: true });
    writeFileSync(join(tree, 'node_modules/a/index.js'), 'x');
    expect(await hash('*.log\nnode_modules')).toBe(before);
  });

  test('a pipe is not read', async () => {
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    expect(await hash()).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of .git the commit, the branch and the tags count, and not what each checkout writes again', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: tree,
        encoding: 'utf8',
      });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message=one');
    const before = await hash();
    writeFileSync(join(tree, '.git/config'), '[http]\n\textraheader = AUTHORIZATION: basic other\n');
    writeFileSync(join(tree, '.git/FETCH_HEAD'), 'another run');
    git('update-index', '--force-write-index');
    git('gc', '--quiet');
    expect(await hash()).toBe(before);
    git('tag', 'v1');
    const tagged = await hash();
    expect(tagged).not.toBe(before);
    git('commit', '--quiet', '--allow-empty', '--message=two');
    expect(await hash()).not.toBe(tagged);
  });

  test('a folder that is not there is reported', async () => {
    await expect(buildSources.folder(join(folder, 'nothing'), '', new AbortController().signal)).rejects.toMatchObject({
      message: expect.stringMatching(/nothing cannot be read \(ENOENT\)/),
    });
  });

  test('a run that is cancelled ends the work', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    for (let i = 0; i < 10; i++) writeFileSync(join(tree, `large-${i}`), Buffer.alloc(8_000_000));
    await expect(buildSources.folder(tree, '', signal)).rejects.toThrow('cancelled');
  });
});

/** 10,000 files of 500 MB take 2 s at most: `npm run bench` measures that. Here a tenth of it, in CPU time of any machine. */
test('1,000 files of 50 MB cost little', async () => {
  const tree = mkdtempSync(join(folder, 'big-'));
  for (let i = 0; i < 1_000; i++) {
    const at = join(tree, `d${i % 100}`, `e${i % 7}`);
    if (i < 700) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `f${i}`), Buffer.alloc(i % 100 === 0 ? 2_500_000 : 25_000, i % 251));
  }
  const { signal } = new AbortController();
  const hash = () => buildSources.folder(tree, '**/*.log\n!important.log\n**/node_modules', signal);
  expect(await costOfAsync(hash)).toBeLessThan(500);
});

const engine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined;
(engine ? test : test.skip)(
  'what BuildKit sends is what the rules say, for patterns of all kinds',
  () => {
    const tree = join(folder, 'real');
    const files = [
      'a',
      'b.md',
      'x.go',
      'lib/a',
      'lib/x.go',
      'lib/deep/a',
      'lib/deep/b.md',
      'lib/deep/er/x.go',
      'a.d/b',
      'é/ü',
      'c|d',
      '{e}',
      'f^',
      'g h',
    ];
    const paths = [...files, 'lib/', 'lib/deep/', 'lib/deep/er/', 'a.d/', 'é/', 'empty/', 'lib/none/', '.dockerignore'];
    for (const path of paths) mkdirSync(join(tree, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    for (const path of files) writeFileSync(join(tree, path), path);
    const dockerfile = join(folder, 'All.Dockerfile');
    writeFileSync(dockerfile, 'FROM scratch\nCOPY . /\n');
    const segment = fc.constantFrom(
      'a',
      'b.md',
      'lib',
      'deep',
      '*',
      '**',
      '?',
      '*.go',
      '[a-b]*',
      '[^a]',
      'x.?o',
      'e*',
      '*é*',
      'l?b',
      'a.d',
      '.',
      '..',
      '*|d',
      '{e}',
      'f^',
      '*^',
      '\\a',
      '\\*',
      'g h',
      'none',
      'er',
      '**.go',
      'lib**',
    );
    const pattern = fc
      .tuple(
        fc.constantFrom('', '', '!', '! ', ' ', '/', '#'),
        fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
        fc.constantFrom('', '', '/', ' ', '\r'),
      )
      .map((parts) => parts.join(''));
    let compared = 0;
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 5 }), (lines) => {
        const ignore = `${lines.join('\n')}\n`;
        let expected: string[];
        try {
          expected = sent(ignore, paths);
        } catch {
          return; // refused: then nothing is reused
        }
        writeFileSync(join(tree, '.dockerignore'), ignore);
        const out = mkdtempSync(join(folder, 'out-'));
        try {
          execFileSync(
            'docker',
            ['buildx', 'build', '--quiet', `--file=${dockerfile}`, `--output=type=local,dest=${out}`, tree],
            {
              stdio: 'pipe',
            },
          );
        } catch (thrown) {
          // Where nothing is left BuildKit has nothing to copy; a pattern that it refuses builds nothing.
          expect(String((thrown as { stderr: Buffer }).stderr)).toMatch(
            /syntax error in pattern|failed to (?:solve|build)/,
          );
          return;
        }
        compared++;
        const found = readdirSync(out, { recursive: true, withFileTypes: true }).map((entry) => {
          const path = join(entry.parentPath, entry.name).slice(out.length + 1);
          return entry.isDirectory() ? `${path}/` : path;
        });
        expect({ ignore, sent: found.sort() }).toEqual({ ignore, sent: expected });
      }),
      { numRuns: Number(process.env.RUNS ?? 20) },
    );
    expect(compared).toBeGreaterThan(8);
  },
  600_000,
);

const ignores = (pattern: string, path: string): boolean => ignoreRules(pattern).check(path).ignored;
test.each<[string, string[], string[]]>([
  ['a**', ['a', 'abc', 'a/b'], ['ba']],
  ['**a', ['a', 'ba', 'x/a'], ['ab']],
  ['**/a', ['a', 'x/a', 'x/y/a'], ['xa', 'ab']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/bx']],
  ['a**b', ['ab', 'ax/b'], ['axb']],
  ['**a**', ['a', 'ab', 'x/a/b'], ['xab', 'b']],
  ['a/*', ['a/b'], ['a', 'a/b/c', 'xa/b']],
  ['a.b', ['a.b'], ['axb']],
  ['a.*', ['a.x', 'a.'], ['axx']],
  ['a+*', ['a+', 'a+x'], ['aax', 'aa']],
  ['(a)*$', ['(a)x$'], ['a', 'ax']],
  ['a{2}*', ['aa', 'aax'], ['a{2}', 'ax']],
  ['a|b*', ['a', 'b', 'xb'], ['x']],
  ['?x', ['ax', '😀x', '.x'], ['/x', 'abx', 'x']],
  ['[a-c]x', ['ax', 'bx'], ['dx', 'x', '[a-c]x']],
  ['[^a]x', ['bx'], ['ax']],
  ['[.+]x', ['.x', '+x'], ['ax']],
  ['[a]]', ['a]'], ['a']],
  [']*', [']', ']x'], ['x']],
  ['\\*', ['*'], ['a', '']],
  ['\\[a\\]', ['[a]'], ['a']],
  ['\\.x*', ['.x', '.xy'], ['axy']],
  ['./a//b/../c/', ['a/c'], ['a/b', 'c']],
  ['/a', ['a'], ['/a']],
  ['  a b  ', ['a b'], ['a']],
])('the pattern %j', (pattern, ignored, kept) => {
  expect(ignored.filter((path) => !ignores(pattern, path))).toEqual([]);
  expect(kept.filter((path) => ignores(pattern, path))).toEqual([]);
});

test.each([
  '[',
  '[a',
  '[]a]',
  '[^]a]',
  '[*]',
  '[?]',
  '[[]',
  '[\\a]',
  '[😀]',
  'a\\',
  '\\d',
  '\\A',
  '\\1',
  '!',
  'a{2,1}*',
])('a pattern that Go and JavaScript read in different ways is refused: %s', (pattern) => {
  expect(() => ignoreRules(`ok\n${pattern}`)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(pattern) }),
  );
});

test.each<[string, string[], string[]]>([
  ['a', ['a', 'b'], []],
  ['*\n!a/b', ['c', 'a/c', 'ab'], ['a', 'a/b']],
  ['*\n!a/b/*', ['c', 'a/c'], ['a', 'a/b']],
  ['*\n!a/b/**', ['c', 'a/c'], ['a', 'a/b']],
  ['*\n!a\n!b', ['c'], ['a', 'b']],
  ...['*', '[a]', '?', '\\*', 'a^b'].map((wild): [string, string[], string[]] => [`*\n!x/${wild}/y`, [], ['a', 'x']]),
])('folders that need not be entered under %j', (text, closed, open) => {
  const rules = ignoreRules(text);
  expect([closed.filter((folder) => !rules.isClosed(folder)), open.filter((folder) => rules.isClosed(folder))]).toEqual(
    [[], []],
  );
});
