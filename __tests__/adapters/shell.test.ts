import { shell } from '../../src/adapters/shell.ts';

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

  test('each line is told as it comes', async () => {
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

describe('stopped', () => {
  const REASON = new Error('the sibling failed');
  /** Aborts as soon as the program has said that it is ready. */
  const stopped = async (script: string): Promise<{ readonly seconds: number; readonly said: string[] }> => {
    const stop = new AbortController();
    const said: string[] = [];
    const began = performance.now();
    const onLine = (line: string): void => {
      said.push(line);
      if (line === 'ready') stop.abort(REASON);
    };
    await expect(node(script, { signal: stop.signal, onLine })).rejects.toBe(REASON);
    return { seconds: (performance.now() - began) / 1000, said };
  };

  test('it gets SIGINT first, and time to tidy up', async () => {
    const script = `process.on('SIGINT', () => { console.log('tidied'); process.exit(0); }); setInterval(() => {}, 1000); console.log('ready')`;
    expect((await stopped(script)).said).toEqual(['ready', 'tidied']);
  });

  test('one that does not listen is killed two seconds later', async () => {
    const script = `process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('ready')`;
    const { seconds } = await stopped(script);
    expect(seconds).toBeGreaterThan(1.9);
    expect(seconds).toBeLessThan(6);
  }, 15_000);

  /** Ends at once on SIGINT; its child holds the pipes, and listens to no SIGINT. */
  const withChild = (options: string): string => `
    const { spawn } = require('node:child_process');
    const script = "process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('child ' + process.pid); console.log('ready')";
    spawn(process.execPath, ['-e', script], { stdio: 'inherit', ${options} });
    process.on('SIGINT', () => process.exit(130));
    setInterval(() => {}, 1000);`;
  const childOf = (said: readonly string[]): number => Number(/\d+/.exec(said[0] ?? '')?.[0]);

  test('a child that holds the pipes goes with it', async () => {
    const { seconds } = await stopped(withChild(''));
    expect(seconds).toBeGreaterThan(1.9);
    expect(seconds).toBeLessThan(2.9); // its pipes closed by themselves, so it is gone
  }, 15_000);

  test('a child that left for a group of its own is not waited for', async () => {
    const { seconds, said } = await stopped(withChild('detached: true'));
    process.kill(childOf(said), 'SIGKILL'); // it is there still
    expect(seconds).toBeGreaterThan(2.9);
    expect(seconds).toBeLessThan(7);
  }, 15_000);

  test('before it began, nothing is run', async () => {
    const lines: string[] = [];
    const options = { signal: AbortSignal.abort(REASON), onLine: (line: string) => void lines.push(line) };
    await expect(node('console.log("ran")', options)).rejects.toBe(REASON);
    expect(lines).toEqual([]);
  });
});
