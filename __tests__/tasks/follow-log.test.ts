import { Failure } from '../../src/failure.ts';
import type { TaskDefinition } from '../../src/model.ts';
import { TaskLog } from '../../src/tasks/follow-log.ts';

const awslogs = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' },
};
const definition = (...containers: readonly object[]): TaskDefinition =>
  ({ family: 'web', containerDefinitions: containers }) as never;
const APP = { name: 'app', image: 'x', logConfiguration: awslogs };
const SIDECAR = { name: 'proxy', image: 'y', logConfiguration: awslogs };

type Page = { readonly lines: readonly string[]; readonly next: string } | undefined | Error;

/** A log whose streams answer with these pages in turn, the last one again and again. */
function following(streams: Readonly<Record<string, readonly Page[]>>, of = definition(APP), secrets: string[] = []) {
  const asked: string[] = [];
  const shown: string[] = [];
  const counts = new Map<string, number>();
  const read = async (query: { region: string; group: string; stream: string; from?: string }) => {
    asked.push(`${query.region} ${query.group} ${query.stream} ${query.from ?? 'from the beginning'}`);
    const pages = streams[query.stream] ?? [];
    const count = counts.get(query.stream) ?? 0;
    counts.set(query.stream, count + 1);
    const page = pages[Math.min(count, pages.length - 1)];
    if (page instanceof Error) throw page;
    return page && { next: page.next, lines: page.lines.map((message, at) => ({ at, message })) };
  };
  const log = new TaskLog(of, 'task1', { logs: { read, tail: async () => undefined } as never, secrets });
  const poll = () => log.poll((container, lines) => void shown.push(...lines.map((line) => `${container}: ${line}`)));
  return { log, poll, asked, shown };
}

test('lines of a container are handed over as it prints them, each once', async () => {
  const { poll, shown, asked, log } = following({
    'web/app/task1': [
      { lines: ['one', 'two'], next: 'a' },
      { lines: [], next: 'a' },
      { lines: ['three'], next: 'b' },
      { lines: [], next: 'b' },
    ],
  });
  expect(await poll()).toBe(true);
  expect(shown).toEqual(['app: one', 'app: two']);
  expect(await poll()).toBe(true);
  expect(await poll()).toBe(false);
  expect(shown).toEqual(['app: one', 'app: two', 'app: three']);
  expect(asked).toEqual([
    'eu-west-1 /ecs/web web/app/task1 from the beginning',
    'eu-west-1 /ecs/web web/app/task1 a',
    'eu-west-1 /ecs/web web/app/task1 a',
    'eu-west-1 /ecs/web web/app/task1 b',
    'eu-west-1 /ecs/web web/app/task1 b',
  ]);
  expect(log.last.get('app')).toEqual(['one', 'two', 'three']);
  expect(log.hints.size).toBe(0);
});

test('a stream that is not there yet is asked for again', async () => {
  const { poll, shown } = following({
    'web/app/task1': [undefined, { lines: ['one'], next: 'a' }, { lines: [], next: 'a' }],
  });
  expect(await poll()).toBe(false);
  expect(await poll()).toBe(true);
  expect(shown).toEqual(['app: one']);
});

test('the end of the stream gives the same place again, and is not asked for a second time', async () => {
  const { poll, asked } = following({
    'web/app/task1': [
      { lines: ['one'], next: 'a' },
      { lines: ['two'], next: 'a' },
    ],
  });
  expect(await poll()).toBe(true);
  expect(asked).toHaveLength(2);
});

test('of a container that prints faster than it is read, ten pages a poll', async () => {
  let page = 0;
  const endless = { read: async () => ({ lines: [{ at: 0, message: 'x' }], next: String(page++) }) };
  const log = new TaskLog(definition(APP), 'task1', { logs: endless as never, secrets: [] });
  expect(await log.poll(() => {})).toBe(true);
  expect(page).toBe(10);
});

test('each container has its own stream; one poll reads all', async () => {
  const { poll, shown, log } = following(
    {
      'web/app/task1': [
        { lines: ['of app'], next: 'a' },
        { lines: [], next: 'a' },
      ],
      'web/proxy/task1': [{ lines: [], next: 'p' }],
    },
    definition(APP, SIDECAR),
  );
  expect(await poll()).toBe(true);
  expect(shown).toEqual(['app: of app']);
  expect([...log.last.keys()]).toEqual(['app']);
});

test('a line that holds several is several lines, and secrets are masked across them', async () => {
  const { poll, shown } = following(
    {
      'web/app/task1': [
        { lines: ['a\r\nb hunter2-long c', 'd other-secret e'], next: 'a' },
        { lines: [], next: 'a' },
      ],
    },
    definition({ ...APP, environment: [{ name: 'PASSWORD', value: 'hunter2-long' }] }),
    ['other-secret'],
  );
  await poll();
  expect(shown).toEqual(['app: a', 'app: b *** c', 'app: d *** e']);
});

test('the last 500 lines are kept, and 10,000 are shown', async () => {
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => `line ${from + n}`);
  const { poll, shown, log } = following({
    'web/app/task1': [
      { lines: lines(0, 9_999), next: 'a' },
      { lines: [], next: 'a' },
      { lines: lines(9_999, 3), next: 'b' },
      { lines: lines(10_002, 5), next: 'c' },
      { lines: [], next: 'c' },
    ],
  });
  await poll();
  expect(shown.at(-1)).toBe('app: line 9998');
  await poll();
  expect(shown.slice(-2)).toEqual(['app: line 9999', 'app: (more than 10000 lines: the rest is in CloudWatch Logs)']);
  expect(shown).toHaveLength(10_001);
  expect([log.last.get('app')?.length, log.last.get('app')?.at(0), log.last.get('app')?.at(-1)]).toEqual([
    500,
    'line 9507',
    'line 10006',
  ]);
});

test('exactly 10,000 lines are shown with the remark, which comes once', async () => {
  const { poll, shown } = following({
    'web/app/task1': [
      { lines: Array.from({ length: 10_000 }, (_, n) => `line ${n}`), next: 'a' },
      { lines: ['more'], next: 'b' },
      { lines: [], next: 'b' },
    ],
  });
  await poll();
  expect(shown).toHaveLength(10_001);
  expect(shown.at(-1)).toContain('the rest is in CloudWatch Logs');
});

describe('what cannot be read costs the lines and not the task', () => {
  test('a container that logs elsewhere, and one without a log', async () => {
    const { poll, log, asked } = following(
      {},
      definition(
        { name: 'app', image: 'x', logConfiguration: { logDriver: 'splunk', options: {} } },
        { name: 'init', image: 'x' },
      ),
    );
    expect(await poll()).toBe(false);
    expect([...log.hints]).toEqual([
      ['app', 'The container app logs through splunk: look there for task task1.'],
      ['init', 'The container init has no logConfiguration, so its output cannot be read.'],
    ]);
    expect(asked).toEqual([]);
  });

  test('a denial is remembered with the place, and nothing more is asked', async () => {
    const { poll, log, asked } = following({ 'web/app/task1': [new Failure('ACCESS_DENIED', 'no')] });
    expect(await poll()).toBe(false);
    expect(log.hints.get('app')).toBe(
      'The log of container app is in CloudWatch Logs, group /ecs/web, stream web/app/task1; logs:GetLogEvents is denied.',
    );
    expect(await poll()).toBe(false);
    expect(asked).toHaveLength(1);
  });

  test.each(['THROTTLED', 'UNAVAILABLE', 'NOT_FOUND'] as const)(
    '%s is tried again with the next poll',
    async (code) => {
      const { poll, shown, log } = following({
        'web/app/task1': [new Failure(code, 'x'), { lines: ['one'], next: 'a' }, { lines: [], next: 'a' }],
      });
      expect(await poll()).toBe(false);
      expect(log.hints.size).toBe(0);
      expect(await poll()).toBe(true);
      expect(shown).toEqual(['app: one']);
    },
  );

  test('what was read before a page failed counts', async () => {
    const { poll, shown } = following({
      'web/app/task1': [{ lines: ['one'], next: 'a' }, new Failure('THROTTLED', 'x')],
    });
    expect(await poll()).toBe(true);
    expect(shown).toEqual(['app: one']);
  });

  test.each(['CANCELLED', 'CREDENTIALS'] as const)('%s ends the run', async (code) => {
    const { poll } = following({ 'web/app/task1': [new Failure(code, 'x')] });
    await expect(poll()).rejects.toMatchObject({ code });
  });
});
