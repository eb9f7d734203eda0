import { Failure } from '../../src/failure.ts';
import type { VerifyInputs } from '../../src/inputs/types.ts';
import { type Answer, isProven, nameOfCheck, problemOf, verify } from '../../src/watch/verify.ts';

const common = { successes: 1, everySeconds: 5, timeoutSeconds: 300 };
const url = (more: object = {}): VerifyInputs => ({
  kind: 'url',
  url: 'https://app.example.com/health',
  statuses: ['2xx'],
  ...common,
  ...more,
});
const command: VerifyInputs = { kind: 'command', words: ['./smoke.sh', '--fast'], ...common };
const page = (more: Partial<Extract<Answer, { kind: 'page' }>> = {}): Answer => ({
  kind: 'page',
  status: 200,
  body: 'version 2 is up',
  seconds: 0.25,
  ...more,
});

test.each<[string, VerifyInputs, Answer, string | undefined]>([
  ['a page of the class', url(), page({ status: 204 }), undefined],
  ['a page of another class', url(), page({ status: 503 }), 'status 503, expected 2xx'],
  ['the first class below', url(), page({ status: 199 }), 'status 199, expected 2xx'],
  ['no status of HTTP', url({ statuses: ['6xx'] }), page({ status: 600 }), 'status 600, expected 6xx'],
  ['an exact status', url({ statuses: ['200'] }), page({ status: 201 }), 'status 201, expected 200'],
  ['one of several', url({ statuses: ['200', '3xx'] }), page({ status: 302 }), undefined],
  ['none of several', url({ statuses: ['200', '3xx'] }), page({ status: 404 }), 'status 404, expected 200 or 3xx'],
  ['the body', url({ body: 'version 2' }), page(), undefined],
  ['another body', url({ body: 'version 3' }), page(), 'the body does not contain `version 3`'],
  ['fast enough, to the millisecond', url({ latencyMs: 250 }), page(), undefined],
  ['too slow', url({ latencyMs: 249 }), page(), 'it took 250 ms, at most 249 ms are allowed'],
  ['the status counts before the body', url({ body: 'x' }), page({ status: 500 }), 'status 500, expected 2xx'],
  ['no answer', url(), { kind: 'none', why: 'connection refused' }, 'connection refused'],
  ['exit code 0', command, { kind: 'exit', exitCode: 0, lastLine: 'bye' }, undefined],
  ['another exit code', command, { kind: 'exit', exitCode: 2, lastLine: 'no route' }, 'exit code 2: no route'],
  ['another exit code without a line', command, { kind: 'exit', exitCode: 1, lastLine: '' }, 'exit code 1'],
  ['a command that did not start', command, { kind: 'none', why: 'not found' }, 'not found'],
  ['never a page of a command', command, page(), 'a page in place of an exit code'],
])('%s', (_, check, answer, problem) => {
  expect(problemOf(check, answer)).toBe(problem);
});

test.each([
  [{ successes: 3 }, { count: 2, since: 0 }, 1000, false],
  [{ successes: 3 }, { count: 3, since: 1000 }, 1000, true],
  [{ successes: 1, forSeconds: 60 }, { count: 9, since: 1000 }, 1059, false],
  [{ successes: 1, forSeconds: 60 }, { count: 9, since: 1000 }, 1060, true],
  [{ successes: 10, forSeconds: 60 }, { count: 9, since: 1000 }, 2000, false],
])('%j after %j', (wanted, streak, now, proven) => {
  expect(isProven(wanted, streak, now)).toBe(proven);
});

test.each([
  ['https://app.example.com/health?token=abc', 'https://app.example.com/health'],
  ['https://app.example.com/#top', 'https://app.example.com/'],
  ['https://user:password@app.example.com/a@b', 'https://app.example.com/a@b'],
])('a check is named without what may be secret: %s', (address, name) => {
  expect(nameOfCheck(url({ url: address }))).toBe(name);
});
test('a command is named by its words', () => expect(nameOfCheck(command)).toBe('./smoke.sh --fast'));

describe('verify', () => {
  const minute = { timeoutSeconds: 60 };
  const ofUrl = (more: object = {}): VerifyInputs => url({ ...minute, ...more });
  const ofCommand = (more: object = {}): VerifyInputs => ({ ...command, ...minute, ...more });
  /** A status, an exit code with what was printed, or what is thrown; each with the seconds that it takes. */
  type Reply = number | { readonly stdout?: string; readonly stderr?: string; readonly exitCode: number } | Error;

  /** The answers in turn, the last one again and again; time passes only while something is asked or waited for. */
  async function verified(
    checks: readonly VerifyInputs[],
    replies: readonly Reply[],
    { takes = 0, signal = new AbortController().signal } = {},
  ) {
    let now = 1000;
    let asked = 0;
    const requests: unknown[] = [];
    const notes: string[] = [];
    const heartbeats: string[] = [];
    const next = async (...request: unknown[]): Promise<Exclude<Reply, Error>> => {
      requests.push(request);
      now += takes;
      const reply = replies[Math.min(asked++, replies.length - 1)] ?? 200;
      if (reply instanceof Error) throw reply;
      return reply;
    };
    const world = {
      clock: {
        now: () => now,
        sleep: async (seconds: number) => {
          now += seconds;
        },
        random: () => 0.5,
      },
      web: { get: async (...request: unknown[]) => ({ status: (await next(...request)) as number, body: 'up' }) },
      shell: {
        run: async (...request: unknown[]) => {
          const reply = await next(...request);
          return { stdout: '', stderr: '', ...(typeof reply === 'number' ? { exitCode: reply } : reply) };
        },
      },
      signal,
    };
    const failed = await verify(
      checks,
      world as never,
      (text, kind) => void (kind === 'heartbeat' ? heartbeats : notes).push(text),
    );
    return { problem: failed?.why, check: failed?.check, notes, heartbeats, requests, seconds: now - 1000 };
  }

  test('a page that is there at once passes, and is asked for within 30 s', async () => {
    const { problem, notes, requests, seconds } = await verified([ofUrl()], [200]);
    expect([problem, seconds]).toEqual([undefined, 0]);
    expect(notes).toEqual([
      'verify https://app.example.com/health: within 1 min',
      'verify https://app.example.com/health: passed (1 success)',
    ]);
    expect(requests).toEqual([['https://app.example.com/health', expect.objectContaining({ limitSeconds: 30 })]]);
  });

  test('a command passes with exit code 0, and has 300 s', async () => {
    const { problem, notes, requests } = await verified([ofCommand()], [0]);
    expect(problem).toBeUndefined();
    expect(notes).toEqual(['verify ./smoke.sh --fast: within 1 min', 'verify ./smoke.sh --fast: passed (1 success)']);
    expect(requests).toEqual([['./smoke.sh', ['--fast'], expect.objectContaining({ limitSeconds: 300 })]]);
  });

  test('successes count in a row, every so many seconds; a failure starts the count again', async () => {
    const { notes, requests, seconds } = await verified([ofUrl({ successes: 3 })], [200, 503, 200, 200, 200]);
    expect(notes).toEqual([
      'verify https://app.example.com/health: 3 in a row, within 1 min',
      'verify https://app.example.com/health: status 503, expected 2xx',
      'verify https://app.example.com/health: passed (3 successes in a row)',
    ]);
    expect([requests.length, seconds]).toEqual([5, 20]);
  });

  test('a time without a failure counts from the first success after it', async () => {
    const { problem, seconds } = await verified([ofUrl({ forSeconds: 30, timeoutSeconds: 300 })], [200, 500, 200]);
    // The failure at 5 s, the first success at 10 s.
    expect([problem, seconds]).toEqual([undefined, 40]);
  });

  test('the same problem is logged once, another one again', async () => {
    const { notes } = await verified([ofUrl()], [503, 503, 500, 503, 200]);
    expect(notes.map((note) => note.replace('verify https://app.example.com/health: ', ''))).toEqual([
      'within 1 min',
      'status 503, expected 2xx',
      'status 500, expected 2xx',
      'status 503, expected 2xx',
      'passed (1 success)',
    ]);
  });

  test.each<[string, VerifyInputs, readonly Reply[], string]>([
    [
      'successes in a row',
      ofUrl({ successes: 3 }),
      [503],
      'verify https://app.example.com/health did not succeed (3 in a row) within 1 min; last: status 503, expected 2xx.',
    ],
    [
      'a time without a failure',
      ofUrl({ forSeconds: 90, timeoutSeconds: 120 }),
      [503],
      'verify https://app.example.com/health did not succeed (for 90 s) within 2 min; last: status 503, expected 2xx.',
    ],
    [
      'a time that is too short for what is asked',
      ofUrl({ forSeconds: 90, timeoutSeconds: 60 }),
      [200],
      'verify https://app.example.com/health did not succeed (for 90 s) within 1 min.',
    ],
    [
      'a command',
      ofCommand(),
      [{ exitCode: 2, stdout: 'first\nlast of stdout\n', stderr: 'warned\n  no route  \n\n' }],
      'verify ./smoke.sh --fast did not succeed within 1 min; last: exit code 2: no route.',
    ],
    [
      'a command that prints nothing',
      ofCommand(),
      [1],
      'verify ./smoke.sh --fast did not succeed within 1 min; last: exit code 1.',
    ],
    [
      'an address that does not answer',
      ofUrl(),
      [new Failure('UNAVAILABLE', 'no answer (ECONNREFUSED)')],
      'verify https://app.example.com/health did not succeed within 1 min; last: no answer (ECONNREFUSED).',
    ],
  ])(
    'what did not succeed is named with what was wanted and the last problem: %s',
    async (_, check, replies, problem) => {
      expect((await verified([check], replies)).problem).toBe(problem);
    },
  );

  test('how far it is shows after 30 s, 60 s and ever longer, unless another problem has just been shown', async () => {
    const { heartbeats } = await verified([ofUrl({ everySeconds: 10, timeoutSeconds: 120, successes: 99 })], [200]);
    expect(heartbeats).toEqual([
      'still verifying https://app.example.com/health, 99 in a row: 4 so far; gives up in 90 s',
      'still verifying https://app.example.com/health, 99 in a row: 7 so far; gives up in 60 s',
    ]);
    const failing = await verified([ofUrl({ everySeconds: 10, timeoutSeconds: 60 })], [503]);
    expect(failing.heartbeats).toEqual([
      'still verifying https://app.example.com/health: status 503, expected 2xx; gives up in 30 s',
    ]);
    const changing = await verified([ofUrl({ everySeconds: 20, timeoutSeconds: 60 })], [500, 501, 502, 503]);
    expect(changing.heartbeats).toEqual([]);
    expect(changing.check).toBe('https://app.example.com/health');
  });

  test('the last question is one that can still end in time', async () => {
    const { requests, seconds } = await verified([ofUrl({ everySeconds: 25 })], [503]);
    expect([requests.length, seconds]).toEqual([3, 50]);
    // One that falls on the end itself is asked.
    expect((await verified([ofUrl({ everySeconds: 30 })], [503])).requests).toHaveLength(3);
  });

  test('a slow answer counts as time, and as latency', async () => {
    const { problem, requests } = await verified([ofUrl({ latencyMs: 1500, timeoutSeconds: 10 })], [200], { takes: 2 });
    expect(problem).toMatch(/last: it took 2000 ms, at most 1500 ms are allowed\.$/);
    expect(requests).toHaveLength(2);
    expect((await verified([ofUrl({ latencyMs: 2000 })], [200], { takes: 2 })).problem).toBeUndefined();
  });

  test('a long line of a command is cut', async () => {
    const { problem } = await verified([ofCommand()], [{ exitCode: 1, stdout: 'x'.repeat(1000) }]);
    expect(problem).toMatch(/exit code 1: x{240}\.$/);
  });

  test('of several checks one that fails is the problem, in the order of the input', async () => {
    const checks = [ofUrl(), ofCommand(), ofUrl({ url: 'https://other.example.com/' })];
    expect((await verified(checks, [0])).problem).toMatch(
      /^verify https:\/\/app\.example\.com\/health did not succeed/,
    );
    expect((await verified([ofCommand(), ofUrl()], [0, 503])).problem).toMatch(/^verify https/);
    expect((await verified([], [])).problem).toBeUndefined();
  });

  test.each<'CANCELLED' | 'TOOL_MISSING'>(['CANCELLED', 'TOOL_MISSING'])('%s ends the run at once', async (code) => {
    await expect(verified([ofCommand()], [new Failure(code, 'x')])).rejects.toMatchObject({ code });
  });

  test('a run that is cancelled asks no more, and what it asked is no problem of the service', async () => {
    const controller = new AbortController();
    controller.abort(new Failure('CANCELLED', 'The run was cancelled.'));
    await expect(verified([ofUrl()], [200], { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const late = new AbortController();
    const asked: string[] = [];
    const world = {
      clock: { now: () => 0, sleep: async () => undefined, random: () => 0 },
      web: {
        get: async (address: string) => {
          asked.push(address);
          late.abort(new Failure('CANCELLED', 'The run was cancelled.'));
          throw new Error('socket hang up');
        },
      },
      signal: late.signal,
    };
    await expect(verify([ofUrl()], world as never, () => {})).rejects.toThrow('socket hang up');
    expect(asked).toHaveLength(1);
  });
});
