import { createHash, hash, scrypt } from 'node:crypto';
import {
  closeSync,
  type Dirent,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure } from '../failure.ts';
import { type IgnoreRules, type IgnoreTrail, ignoreRules } from '../image/dockerignore.ts';
import type { BuildSources } from '../ports.ts';

/**
 * Files are read synchronously, in turns of this length: for 10,000 files that takes a third of the processor time of
 * the asynchronous calls, and the requests that run beside it are answered between two turns.
 */
const TURN_MILLISECONDS = 10;
const PIECE_BYTES = 4 * 1024 * 1024;
/** About 0.1 s and 32 MiB for each guess (RFC 7914). */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const WINDOWS = process.platform === 'win32';

/** What of the port BuildSources needs the disk or the processor. */
export const buildSources: Pick<BuildSources, 'folder' | 'secrets'> = {
  folder: async (path, ignore, signal) =>
    new FolderHash(path, ignoreRules(WINDOWS ? ignore.replaceAll('\\', '/') : ignore), new Turns(signal)).value(),
  async secrets(values, salt) {
    const derive = promisify<string, string, number, typeof SCRYPT, Buffer>(scrypt);
    return (await derive(values, salt, 32, SCRYPT)).toString('hex');
  },
};

/** Lets the rest of the run have its turn, and ends the work when the run is cancelled. */
class Turns {
  readonly #signal: AbortSignal;
  #start = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get over(): boolean {
    return performance.now() - this.#start > TURN_MILLISECONDS;
  }

  async next(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#start = performance.now();
  }
}

/**
 * SHA-256 over the sorted entries of a folder. Times, owners and extended attributes do not count: BuildKit drops the
 * owners, and the others change with each checkout.
 */
class FolderHash {
  readonly #lines: string[] = [];
  readonly #root: string;
  readonly #rules: IgnoreRules;
  readonly #turns: Turns;

  constructor(root: string, rules: IgnoreRules, turns: Turns) {
    this.#root = root;
    this.#rules = rules;
    this.#turns = turns;
  }

  async value(): Promise<string> {
    await readable(this.#root, () => this.#enter('', undefined));
    const all = createHash('sha256');
    for (const line of this.#lines.sort()) all.update(line).update('\n');
    return all.digest('hex');
  }

  /** Whether anything below was sent; an ignored folder is sent only with something in it that is not ignored. */
  async #enter(folder: string, trail: IgnoreTrail | undefined): Promise<boolean> {
    let sent = false;
    for (const dirent of readdirSync(join(this.#root, folder), { withFileTypes: true })) {
      if (this.#turns.over) await this.#turns.next();
      const path = folder === '' ? dirent.name : `${folder}/${dirent.name}`;
      const { ignored, trail: own } = this.#rules.check(path, trail);
      if (dirent.isDirectory()) {
        if (ignored && this.#rules.isClosed(path)) continue;
        const git = ignored || dirent.name !== '.git' ? undefined : gitState(join(this.#root, path));
        const below = git === undefined && (await this.#enter(path, own));
        if (ignored && !below) continue;
        this.#add(path, 'folder', git ?? '');
      } else {
        if (ignored) continue;
        await this.#addFile(path, dirent);
      }
      sent = true;
    }
    return sent;
  }

  async #addFile(path: string, dirent: Dirent): Promise<void> {
    const full = join(this.#root, path);
    if (dirent.isFile()) this.#add(path, 'file', await hashFile(full, this.#turns));
    else if (dirent.isSymbolicLink()) this.#add(path, 'link', readlinkSync(full));
    // A pipe, socket or device is never opened: reading one may wait for ever.
    else this.#add(path, 'other', '');
  }

  #add(path: string, kind: 'file' | 'folder' | 'link' | 'other', content: string): void {
    this.#lines.push(JSON.stringify([path, kind, kind === 'link' ? 0 : modeOf(join(this.#root, path)), content]));
  }
}

/** Permissions as BuildKit sends them: all bits on Linux and macOS, 755 on Windows. */
const modeOf = (path: string): number => (WINDOWS ? 0o755 : lstatSync(path).mode & 0o7777);

/** One piece for all files: a turn ends between two pieces, and its bytes are hashed by then. */
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);

async function hashFile(path: string, turns: Turns): Promise<string> {
  const file = openSync(path, 'r');
  try {
    const first = readSync(file, piece, 0, PIECE_BYTES, null);
    if (first < PIECE_BYTES) return hash('sha256', piece.subarray(0, first), 'hex');
    const whole = createHash('sha256').update(piece);
    for (let bytes = 1; bytes > 0; ) {
      if (turns.over) await turns.next();
      bytes = readSync(file, piece, 0, PIECE_BYTES, null);
      whole.update(piece.subarray(0, bytes));
    }
    return whole.digest('hex');
  } finally {
    closeSync(file);
  }
}

/**
 * What of a `.git` folder counts: the commit and branch, the tags, and how deep the history goes. The rest (index, logs,
 * the token of actions/checkout, other branches) differs after each checkout of one commit and would make every re-run
 * a change. Undefined for a folder that is not a repository.
 */
function gitState(git: string): string | undefined {
  const head = readText(join(git, 'HEAD'));
  if (head === '') return undefined;
  const refs = new Map(
    [...readText(join(git, 'packed-refs')).matchAll(/^([0-9a-f]{40,64}) (\S+)$/gm)].map(
      ([, commit = '', name = '']) => [name, commit] as const,
    ),
  );
  for (const name of tagFiles(git)) refs.set(name, readText(join(git, name)).trim());
  const branch = /^ref: (\S+)/.exec(head)?.[1] ?? '';
  const commit = branch === '' ? head : readText(join(git, branch)) || (refs.get(branch) ?? '');
  const tags = [...refs].filter(([name]) => name.startsWith('refs/tags/')).sort();
  return hash('sha256', JSON.stringify([branch, commit.trim(), tags, readText(join(git, 'shallow'))]), 'hex');
}

function tagFiles(git: string): string[] {
  try {
    const files = readdirSync(join(git, 'refs', 'tags'), { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile())
      .map((file) =>
        join(file.parentPath, file.name)
          .slice(git.length + 1)
          .replaceAll('\\', '/'),
      );
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Names what cannot be read instead of the system's call. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { code = '', path: which = path, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw new Failure('NOT_FOUND', `${which} cannot be read (${code})`, { cause });
  }
}
