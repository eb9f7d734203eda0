import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readableStack, readRegularFile } from '../../src/adapters/files.ts';
import { asFailure } from '../../src/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const at = (name: string) => join(folder, name);
let server: Server | undefined;
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function refusal(path: string, maxBytes = 1000): { readonly code: string; readonly text: string } {
  try {
    readRegularFile(path, maxBytes);
  } catch (thrown) {
    const failure = asFailure(thrown);
    return { code: failure.code, text: failure.describe() };
  }
  throw new Error(`${path} was read`);
}

test('a text is read as it is, also through a link, up to the limit', () => {
  writeFileSync(at('text'), 'ä\r\n€ \uFFFD 😀');
  symlinkSync(at('text'), at('link'));
  expect(readRegularFile(at('link'), 1000)).toBe('ä\r\n€ \uFFFD 😀');
  writeFileSync(at('full'), 'x'.repeat(1000));
  expect(readRegularFile(at('full'), 1000)).toHaveLength(1000);
  writeFileSync(at('empty'), '');
  expect(readRegularFile(at('empty'), 1000)).toBe('');
});

test('a byte more than allowed, and a large file, are refused by their size', () => {
  writeFileSync(at('more'), 'x'.repeat(1001));
  expect(refusal(at('more'))).toEqual({ code: 'INVALID_INPUT', text: expect.stringMatching(/more has 1 KiB/) });
  writeFileSync(at('large'), Buffer.alloc(20 * 1024 * 1024, 'x'));
  expect(refusal(at('large'), 1024 * 1024).text).toMatch(/large has 20 MiB; at most 1 MiB are read/);
});

test('a pipe, a device, a socket and a folder are refused at once', async () => {
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [at('pipe')]);
  expect(refusal(at('pipe'))).toEqual({
    code: 'INVALID_INPUT',
    text: expect.stringMatching(/is a named pipe, not a file/),
  });
  expect(refusal('/dev/zero').text).toMatch(/\/dev\/zero is a device, not a file/);
  symlinkSync('/dev/zero', at('zero'));
  expect(refusal(at('zero')).text).toMatch(/is a device/);
  server = createServer().listen(at('socket'));
  await new Promise((resolve) => server?.once('listening', resolve));
  expect(refusal(at('socket')).text).toMatch(/is a socket/);
  mkdirSync(at('folder'));
  expect(refusal(at('folder'))).toEqual({ code: 'NOT_FOUND', text: expect.stringMatching(/is a folder, not a file/) });
});

test('a file of /proc has no size, and is read up to the limit all the same', () => {
  if (process.platform !== 'linux') return;
  expect(readRegularFile('/proc/self/status', 100_000)).toMatch(/^Name:/);
  expect(refusal('/proc/self/status', 10).text).toMatch(/at most 1 KiB/);
});

test.each<[string, Buffer, RegExp]>([
  [
    'UTF-16 of PowerShell',
    Buffer.from('\uFEFF{"family": "web"}', 'utf16le'),
    /is in UTF-16LE, not in UTF-8.*Out-File -Encoding utf8/s,
  ],
  ['big-endian', Buffer.from('\uFEFF{"a": 1}', 'utf16le').swap16(), /is in UTF-16BE/],
  ['without a mark', Buffer.from('{"family": "web"}', 'utf16le'), /is in UTF-16LE/],
  ['Latin-1', Buffer.from('{\n"a": "\xe9"}', 'latin1'), /is not in UTF-8: line 2 has bytes/],
  ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe, 0, 0, 1, 2]), /is not a text file/],
])('%s is named', (_, bytes, words) => {
  writeFileSync(at('encoded'), bytes);
  expect(refusal(at('encoded')).text).toMatch(words);
});

test('a misspelt name, and one in another case, are pointed to the file that is there', () => {
  writeFileSync(at('task-definition.json'), '{}');
  expect(refusal(at('Task-Definition.json')).text).toContain(`Did you mean \`${at('task-definition.json')}\`?`);
  expect(refusal(at('taskdefinition.jsn')).text).toContain(`Did you mean \`${at('task-definition.json')}\`?`);
  expect(refusal(at('completely-different.toml')).text).toContain('actions/checkout');
  expect(refusal(join(at('text'), 'below'))).toMatchObject({ code: 'NOT_FOUND' });
});

test('a file that may not be read', () => {
  if (process.getuid?.() === 0) return; // root reads everything
  writeFileSync(at('private'), 'x');
  chmodSync(at('private'), 0);
  expect(refusal(at('private')).text).toMatch(/lacks the permission/);
});

const stackAt = (place: string): string => {
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
        .map((column) => stackAt(`${pathToFileURL(join('dist', file))}:1:${column}`))
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
    const stack = stackAt(`${pathToFileURL(join('dist', file))}:${before.length}:${(before.at(-1) ?? '').length + 1}`);
    const [, source = '', line = ''] = /\((src\/stories\/\w[\w-]*\.ts):(\d+):\d+\)/.exec(stack) ?? [];
    expect(readFileSync(source, 'utf8').split('\n')[Number(line) - 1]).toContain('which is registered already');
    expect(stack).toContain('at node:internal/main:1:1');
    expect(stackAt('file:///nowhere/dist/other.js:1:5')).toContain('file:///nowhere/dist/other.js:1:5');
  });

  test('names of chunks say what is in them', () => {
    const names = readdirSync('dist').filter((name) => name.endsWith('.js'));
    expect(names).toEqual(expect.arrayContaining(['main.js', 'post.js', 'stories-deploy.js']));
    expect(names.filter((name) => /^\d/.test(name))).toEqual([]);
  });
});
