import { shell, startAhead } from '../../src/adapters/shell.ts';
import type { Shell } from '../../src/ports.ts';
import { eventually, hasEnded } from '../support/patience.ts';

/** Programs of this machine, run as a build is: node is there wherever the tests are. */
const node = (script: string, options: Parameters<typeof shell.run>[2] = {}) =>
  shell.run(process.execPath, ['-e', script], options);
const waiting = (): AbortSignal => new AbortController().signal;

describe.each([
  ['waited out', () => ({})],
  ['stoppable', () => ({ signal: waiting() })],
])('%s', (_, extra) => {
  test('any exit code is a result, with both streams', async () => {
    expect(await node('console.log("out"); console.error("err"); process.exit(3)', extra())).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('what goes in by stdin stands in no argument', async () => {
    const { stdout } = await node('process.stdin.pipe(process.stdout)', { ...extra(), stdin: 'password' });
    expect(stdout.trim()).toBe('password');
  });

  test('the environment is added to, not replaced', async () => {
    const { stdout } = await node('console.log(process.env.ADDED, Boolean(process.env.PATH))', {
      ...extra(),
      env: { ADDED: 'yes' },
    });
    expect(stdout.trim()).toBe('yes true');
  });

  test('each line is passed on as it comes', async () => {
    const lines: string[] = [];
    await node('console.log("a\\nb"); console.error("c")', { ...extra(), onLine: (line) => lines.push(line) });
    expect(lines.sort()).toEqual(['a', 'b', 'c']);
  });

  test('a program that is not there is named, with what to install', async () => {
    await expect(shell.run('docker-that-is-not-there', [], extra())).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining('docker-that-is-not-there'),
      remedy: expect.stringMatching(/Install/),
    });
  });

  test('a program that never reads its stdin is no failure', async () => {
    expect(await node('process.exit(0)', { ...extra(), stdin: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
  });
});

const REASON = new Error('the sibling failed');
describe('stopped', () => {
  /** Aborts as soon as the program has said that it is ready. */
  const stopped = async (script: string): Promise<{ readonly seconds: number; readonly said: string[] }> => {
    const stop = new AbortController();
    const said: string[] = [];
    const start = performance.now();
    const onLine = (line: string): void => {
      said.push(line);
      if (line === 'ready') stop.abort(REASON);
    };
    await expect(node(script, { signal: stop.signal, onLine })).rejects.toBe(REASON);
    return { seconds: (performance.now() - start) / 1000, said };
  };

  test('it gets SIGINT first, and time to tidy up', async () => {
    const script = `process.on('SIGINT', () => { console.log('tidied'); process.exit(0); }); setInterval(() => {}, 1000); console.log('ready')`;
    expect((await stopped(script)).said).toEqual(['ready', 'tidied']);
  });

  test('one that does not listen is killed two seconds later', async () => {
    const script = `process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('ready')`;
    const { seconds } = await stopped(script);
    expect(seconds).toBeGreaterThan(1.9);
  });

  /** Ends at once on SIGINT; its child holds the pipes, and listens to no SIGINT. */
  const withChild = (options: string): string => `
    const { spawn } = require('node:child_process');
    const script = "process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('child ' + process.pid); console.log('ready')";
    spawn(process.execPath, ['-e', script], { stdio: 'inherit', ${options} });
    process.on('SIGINT', () => process.exit(130));
    setInterval(() => {}, 1000);`;
  const childOf = (said: readonly string[]): number => Number(/\d+/.exec(said[0] ?? '')?.[0]);

  test('a child that holds the pipes goes with it', async () => {
    const { seconds, said } = await stopped(withChild(''));
    expect(seconds).toBeGreaterThan(1.9);
    await eventually(() => hasEnded(childOf(said)));
  });

  test('a child that left for a group of its own is not waited for', async () => {
    const { seconds, said } = await stopped(withChild('detached: true'));
    expect(hasEnded(childOf(said))).toBe(false);
    process.kill(childOf(said), 'SIGKILL');
    expect(seconds).toBeGreaterThan(2.9);
  });

  test('before it started, nothing is run', async () => {
    const lines: string[] = [];
    const options = { signal: AbortSignal.abort(REASON), onLine: (line: string) => void lines.push(line) };
    await expect(node('console.log("ran")', options)).rejects.toBe(REASON);
    expect(lines).toEqual([]);
  });
});

describe('commands that run ahead', () => {
  /** A shell that answers when it is told to, and notes what it was asked. */
  function manual() {
    const asked: { readonly words: string; readonly signal: AbortSignal | undefined; answer(text: string): void }[] =
      [];
    const given: Shell = {
      run: (program, args, { signal } = {}) =>
        new Promise((resolve, reject) => {
          asked.push({
            words: [program, ...args].join(' '),
            signal,
            answer: (stdout) => resolve({ exitCode: 0, stdout, stderr: '' }),
          });
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    return { asked, given };
  }

  test('begin at once, and answer who runs them, once', async () => {
    const { asked, given } = manual();
    const started = startAhead(given, [['docker', 'buildx', 'version']]);
    expect(asked.map(({ words }) => words)).toEqual(['docker buildx version']);
    const first = started.run('docker', ['buildx', 'version'], { signal: waiting() });
    asked[0]?.answer('one');
    expect(await first).toMatchObject({ stdout: 'one' });
    const second = started.run('docker', ['buildx', 'version']);
    asked[1]?.answer('two');
    expect(await second).toMatchObject({ stdout: 'two' });
  });

  test('do not stand in for other words, an environment or an input', async () => {
    const { asked, given } = manual();
    const started = startAhead(given, [['docker', 'buildx', 'inspect']]);
    void started.run('docker', ['buildx', 'inspect', 'mine']);
    void started.run('docker', ['buildx', 'inspect'], { env: { DOCKER_CONFIG: '/x' } });
    void started.run('docker', ['buildx', 'inspect'], { stdin: '' });
    expect(asked).toHaveLength(4);
    void started.run('docker', ['buildx', 'inspect']);
    expect(asked).toHaveLength(4);
  });

  test('end with the signal of who runs them', async () => {
    const { asked, given } = manual();
    const started = startAhead(given, [
      ['docker', 'a'],
      ['docker', 'b'],
    ]);
    const stop = new AbortController();
    const running = started.run('docker', ['a'], { signal: stop.signal });
    stop.abort(REASON);
    await expect(running).rejects.toBe(REASON);
    // Aborted before it asks.
    await expect(started.run('docker', ['b'], { signal: stop.signal })).rejects.toBe(REASON);
    expect(asked.every(({ signal }) => signal?.aborted)).toBe(true);
  });

  test('are stopped when nothing asks for them; those in use are not', async () => {
    const { asked, given } = manual();
    const started = startAhead(given, [
      ['docker', 'a'],
      ['docker', 'b'],
    ]);
    void started.run('docker', ['a']);
    started.stop();
    expect(asked.map(({ signal }) => signal?.aborted)).toEqual([false, true]);
  });

  test('one that fails is reported to who runs it', async () => {
    const started = startAhead({ run: () => Promise.reject(REASON) }, [['docker', 'a']]);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(started.run('docker', ['a'])).rejects.toBe(REASON);
  });
});
