import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { REGION } from '../../simulator/simulator.ts';

/** For a test by the AWS CLI, a client that we did not write; where it is missing, nothing is lost but that proof. */
const VERSION = spawnSync('aws', ['--version'], { encoding: 'utf8' });
export const whenCli = VERSION.status === 0 ? test : test.skip;

/**
 * Of a start of the CLI nearly all CPU time (0.8 s) is spent on its imports. A process that has them forks for each command, which then is a
 * process of its own as ever, with its own environment and exit code. Its version is told first: the `python3` here may be another one than
 * that of `aws`, or `aws` none of Python's.
 */
const FORKS = `
import json, os, signal, sys
import awscli.clidriver, botocore.session
told = os.dup(1)
def tell(what): os.write(told, (json.dumps(what) + '\\n').encode())
tell({'version': awscli.__version__})
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while line := sys.stdin.readline():
    asked = json.loads(line)
    if os.fork(): continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(asked['env'])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for fd in (1, 2): os.dup2(os.open(asked['files'][fd - 1], os.O_WRONLY | os.O_CREAT), fd)
    code = 255
    try: code = awscli.clidriver.create_clidriver().main(asked['args'])
    except SystemExit as end: code = end.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        tell({'id': asked['id'], 'code': code})
        os._exit(0)
`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Forks {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
  readonly #waiting = new Map<number, (code: number) => void>();
  /** Whether it is the same CLI as `aws`. */
  readonly isSame: Promise<boolean>;
  #ids = 0;

  constructor() {
    this.#child = spawn('python3', ['-c', FORKS], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = createInterface(this.#child.stdout);
    this.isSame = new Promise((resolve) => {
      this.#child.on('error', () => resolve(false)).on('close', () => resolve(false));
      this.#lines.on('line', (line) => {
        const { version, id, code } = JSON.parse(line);
        if (version) resolve(VERSION.stdout.startsWith(`aws-cli/${version} `));
        this.#waiting.get(id)?.(code);
      });
    });
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    const id = this.#ids++;
    const files = [join(this.#folder, `${id}.out`), join(this.#folder, `${id}.err`)] as const;
    const code = await new Promise<number>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.stdin.write(`${JSON.stringify({ id, args, env, files })}\n`);
    });
    const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8'));
    return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }

  close(): void {
    this.#child.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
let forks: Forks | undefined;
afterAll(() => forks?.close());

function own(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('aws', args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 255, ...texts }));
  });
}

/** The AWS CLI against a simulator: what it prints. */
export function awsCli(endpoint: string, output: 'json' | 'text' = 'json'): (...args: string[]) => Promise<string> {
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'CLI',
    AWS_SECRET_ACCESS_KEY: 'cli',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
  };
  return async (...given) => {
    const args = [...given, '--output', output];
    forks ??= new Forks();
    const { code, stdout, stderr } = (await forks.isSame) ? await forks.run(args, env) : await own(args, env);
    if (code !== 0) throw new Error(`Command failed: aws ${args.join(' ')}\n${stderr}`);
    return stdout;
  };
}
