// `promises` of node:fs is loaded when it is first used; node:fs/promises would be loaded at once, with readline and streams.
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  promises,
  readdirSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';
import type { Files } from '../ports.ts';
import { didYouMean } from '../spelling.ts';

/** What docker writes (metadata with provenance, its configuration) stays far below. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The port Files; temporary folders go below RUNNER_TEMP, which the runner empties after the job. */
export function createFiles(env: NodeJS.ProcessEnv): Files {
  return {
    readText: async (path, maxBytes = MAX_BYTES) => readRegularFile(path, maxBytes),
    readBytes: async (path) => readRegularBytes(path, MAX_BYTES),
    writeText: (path, text, mode = 0o600) => promises.writeFile(path, text, { mode }),
    exists,
    list: (path) =>
      promises.readdir(path).then(
        (names) => names.slice(0, 1000),
        () => undefined,
      ),
    async link(target, path) {
      if (await exists(target)) await promises.symlink(target, path);
    },
    makeTemporaryFolder: (prefix) => promises.mkdtemp(join(env.RUNNER_TEMP || tmpdir(), prefix)),
    remove: (path) => promises.rm(path, { recursive: true, force: true }),
  };
}

const exists = (path: string): Promise<boolean> =>
  promises.access(path).then(
    () => true,
    () => false,
  );

/** Without it, opening a pipe without a writer would wait for ever. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const CHECKOUT =
  'Give a path relative to the workspace, and check out the repository (actions/checkout) before this step.';

/**
 * The text of a regular file, in UTF-8. Whatever else stands at the path (a folder, a device such as /dev/zero, a pipe, a
 * socket), more than `maxBytes`, and other encodings are refused at once, before anything is read that does not end.
 * @throws Failure NOT_FOUND when there is no file, INVALID_INPUT for one that cannot be taken, INTERNAL when it cannot be read
 */
export const readRegularFile = (path: string, maxBytes: number): string =>
  decode(path, readRegularBytes(path, maxBytes));

function readRegularBytes(path: string, maxBytes: number): Buffer {
  const file = open(path);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw notAFile(path, stats);
    // One byte more than allowed shows a file that is too long also where the size is not known, as in /proc.
    const bytes = stats.size > maxBytes ? undefined : readUpTo(file, maxBytes + 1);
    if (bytes === undefined || bytes.length > maxBytes) throw tooLarge(path, stats.size || maxBytes + 1, maxBytes);
    return bytes;
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, FLAGS);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const meant = neighbour(path) ?? inAnotherFolder(path);
      const remedy = meant ? `Did you mean \`${meant}\`?` : CHECKOUT;
      throw new Failure('NOT_FOUND', `File ${path} does not exist.`, { remedy, cause });
    }
    if (code === 'EISDIR')
      throw new Failure('NOT_FOUND', `${path} is a folder, not a file.`, { remedy: CHECKOUT, cause });
    // A socket cannot be opened at all (ENXIO), as a pipe without a reader.
    if (code === 'ENXIO' || code === 'EOPNOTSUPP') throw special(path, 'a socket or a device', cause);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Failure('INTERNAL', `${path} cannot be read: the user of the runner lacks the permission.`, { cause });
    }
    throw new Failure('INTERNAL', `${path} cannot be read (${code ?? String(cause)}).`, { cause });
  }
}

/** A file of the same folder with nearly the same name. */
function neighbour(path: string): string | undefined {
  try {
    const folder = dirname(path);
    const name = didYouMean(basename(path), readdirSync(folder).slice(0, 1000));
    if (name === undefined) return undefined;
    if (folder === '.' && !path.startsWith('.')) return name;
    return `${folder}/${name}`;
  } catch {
    return undefined;
  }
}

/** A file of that name in the workspace or in one of its folders. */
function inAnotherFolder(path: string): string | undefined {
  if (isAbsolute(path)) return undefined;
  try {
    const folders = readdirSync('.', { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !['node_modules', '.git'].includes(entry.name),
    );
    const name = basename(path);
    const places = [name, ...folders.slice(0, 200).map((folder) => `${folder.name}/${name}`)];
    return places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true);
  } catch {
    return undefined;
  }
}

function notAFile(path: string, stats: Stats): Failure {
  if (stats.isDirectory()) {
    return new Failure('NOT_FOUND', `${path} is a folder, not a file.`, { remedy: CHECKOUT });
  }
  if (stats.isFIFO()) return special(path, 'a named pipe');
  return special(path, stats.isSocket() ? 'a socket' : 'a device');
}

const special = (path: string, what: string, cause?: unknown): Failure =>
  new Failure('INVALID_INPUT', `${path} is ${what}, not a file.`, {
    remedy: 'Write its content to a regular file, and give the path of that.',
    cause,
  });

const tooLarge = (path: string, bytes: number, maxBytes: number): Failure =>
  new Failure('INVALID_INPUT', `${path} has ${sizeOf(bytes)}; at most ${sizeOf(maxBytes)} are read.`, {
    remedy: 'Check that the path names the right file.',
  });

const sizeOf = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB` : `${Math.ceil(bytes / 1024)} KiB`;

function readUpTo(file: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < limit) {
    const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, limit - length));
    const read = readSync(file, chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return Buffer.concat(chunks, length);
}

const SAVE_AS_UTF8 =
  'Save it as UTF-8. (PowerShell: `Out-File -Encoding utf8`; its `>` writes UTF-16 in version 5. Shell: `iconv -f utf-16 -t utf-8`.)';

function decode(path: string, bytes: Buffer): string {
  const utf16 = utf16Of(bytes);
  if (utf16) throw new Failure('INVALID_INPUT', `${path} is in ${utf16}, not in UTF-8.`, { remedy: SAVE_AS_UTF8 });
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') || bytes.includes('\uFFFD')) return text;
  if (bytes.includes(0)) {
    throw new Failure('INVALID_INPUT', `${path} is not a text file.`, {
      remedy: 'Check that the path names the right file.',
    });
  }
  const line = text.slice(0, text.indexOf('\uFFFD')).split('\n').length;
  throw new Failure('INVALID_INPUT', `${path} is not in UTF-8: line ${line} has bytes of another encoding.`, {
    remedy: SAVE_AS_UTF8,
  });
}

/** By its byte order mark, or by the zero bytes that every ASCII character has in it. */
function utf16Of(bytes: Buffer): 'UTF-16LE' | 'UTF-16BE' | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  if (bytes.length < 2 || bytes.length % 2 === 1) return undefined;
  const start = bytes.subarray(0, 64);
  const zeros = (offset: number) => start.every((byte, i) => i % 2 !== offset || byte === 0);
  if (zeros(1) && first !== 0) return 'UTF-16LE';
  if (zeros(0) && second !== 0) return 'UTF-16BE';
  return undefined;
}

const FRAME = /(file:\/\/\/[^\s():]+\.js):(\d{1,7}):(\d{1,7})/g;

/**
 * The stack of an error of ours with the names and lines of our sources in place of the bundle's, for a bug report. The
 * source maps (dist/maps) are read only here: an error of ours is rare, and reading them at every start would slow it.
 * @returns the stack as it is where there is no map
 */
export function readableStack(error: Error): string {
  const { SourceMap } = process.getBuiltinModule('node:module');
  return (error.stack ?? String(error)).replaceAll(FRAME, (whole, ...[url = '', line, column]: string[]) => {
    try {
      const file = fileURLToPath(url);
      const path = join(dirname(file), 'maps', `${basename(file)}.map`);
      const found = new SourceMap(JSON.parse(readFileSync(path, 'utf8'))).findOrigin(Number(line), Number(column));
      if (!('fileName' in found) || found.fileName === undefined) return whole;
      const source = relative(join(dirname(file), '..'), join(dirname(path), found.fileName));
      return `${source}:${found.lineNumber}:${found.columnNumber}`;
    } catch {
      return whole;
    }
  });
}
