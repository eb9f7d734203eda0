import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readableStack } from '../../src/adapters/stack.ts';

const at = (place: string): string => {
  const error = new TypeError('x is not a function');
  error.stack = `TypeError: x is not a function\n    at a (${place})\n    at node:internal/main:1:1`;
  return readableStack(error);
};

describe('the stack of an error of ours', () => {
  const maps = readdirSync(join('dist', 'maps'));

  test('every chunk with sources of ours has a map that leads to existing lines of src/', () => {
    expect(maps.length).toBeGreaterThan(5);
    for (const map of maps) {
      const file = map.replace(/\.map$/, '');
      const lines = readFileSync(join('dist', file), 'utf8').split('\n');
      expect(lines.at(-2)).toBe(`//# sourceMappingURL=maps/${map}`);
      const code = lines[0] ?? '';
      const found = Array.from({ length: 60 }, (_, i) => Math.floor((code.length * i) / 60) + 1)
        .map((column) => at(`${pathToFileURL(join('dist', file))}:1:${column}`))
        .flatMap((stack) => /\((src\/[\w./-]+\.ts):(\d+):(\d+)\)/.exec(stack) ?? []);
      for (let i = 0; i < found.length; i += 4) {
        const [, source = '', line = ''] = found.slice(i, i + 4);
        expect(readFileSync(source, 'utf8').split('\n').length).toBeGreaterThanOrEqual(Number(line));
      }
    }
  });

  test('a frame of ours names our file and line; frames of Node and of others stay', () => {
    const files = maps.map((map) => map.replace(/\.map$/, ''));
    const [file, code] =
      files
        .map((name) => [name, readFileSync(join('dist', name), 'utf8')] as const)
        .find(([, text]) => text.includes('which is registered already')) ?? (['', ''] as const);
    const before = code.slice(0, code.indexOf('which is registered already')).split('\n');
    const stack = at(`${pathToFileURL(join('dist', file))}:${before.length}:${(before.at(-1) ?? '').length + 1}`);
    const [, source = '', line = ''] = /\((src\/stories\/\w[\w-]*\.ts):(\d+):\d+\)/.exec(stack) ?? [];
    expect(readFileSync(source, 'utf8').split('\n')[Number(line) - 1]).toContain('which is registered already');
    expect(stack).toContain('at node:internal/main:1:1');
    expect(at('file:///nowhere/dist/other.js:1:5')).toContain('file:///nowhere/dist/other.js:1:5');
  });

  test('names of chunks say what is in them', () => {
    const names = readdirSync('dist').filter((name) => name.endsWith('.js'));
    expect(names).toEqual(expect.arrayContaining(['main.js', 'post.js', 'entries.js', 'stories-deploy.js']));
    expect(names.filter((name) => /^\d/.test(name))).toEqual([]);
  });
});
