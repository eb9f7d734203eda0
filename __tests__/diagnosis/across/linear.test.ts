import fc from 'fast-check';
import { serviceEvent } from '../../../src/adapters/ecs-shapes.ts';
import { clip } from '../../../src/clip.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { SURFACES } from '../../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../../src/diagnosis/rules.ts';
import { FORMS } from '../../../src/diagnosis/technologies.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { describeEvent } from '../../../src/report/ecs-lines.ts';
import { prose } from '../../../src/report/markdown.ts';
import { costOf, costOfAsync } from '../../support/cost.ts';
import { type Costed, costliest, hostileText, hostileTo, patternsIn, type Written } from '../../support/hostile.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const KIB = 1024;
/** Layers that read text of AWS, Docker or a container. */
const READERS = ['diagnosis', 'watch', 'report', 'service', 'image', 'preflight', 'adapters'];
const PATTERNS: readonly Written[] = [
  ...READERS.flatMap((layer) => patternsIn(`src/${layer}`)),
  // Those that are put together from parts, too.
  ...RULES.flatMap(({ id, match, unless }) =>
    [...match, ...(unless ? [unless] : [])].map((pattern) => ({ at: `rule ${id}`, pattern })),
  ),
  ...Object.entries(FORMS).map(([name, pattern]) => ({ at: `technology ${name}`, pattern })),
];
const DIFFERENT = [...new Map(PATTERNS.map((one) => [String(one.pattern), one])).values()];

/** Of this process, so that others on the machine do not count. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
/** The least of several: what else happens (garbage collection, full caches) only ever adds to it. */
const least = (times: number, work: () => void): number =>
  Math.min(...Array.from({ length: times }, () => milliseconds(work)));

function run(pattern: RegExp, text: string): void {
  pattern.lastIndex = 0;
  if (pattern.global) text.replaceAll(pattern, '');
  else pattern.exec(text);
}

/** Below this, in ms for 1 KiB, a pattern is fast however it grows: even by the square, 64 KiB take 30 ms. */
const NOTHING = 0.0075;

/** So many inputs of a pattern are tried with longer texts. */
const TRIED = 4;

/**
 * For each pattern the inputs that cost it most, in ms for 1 KiB: enough to rank them. Most of a pattern's inputs are rejected at the first
 * character, so nearly all of the work of larger texts would be for nothing.
 */
function rankedFor({ at, pattern }: Written) {
  const texts = hostileTo(pattern).map((input) => ({ input, text: hostileText(input, KIB) }));
  // Compiled before it is measured: to bytecode at the first run, to machine code at the second.
  for (let i = 0; i < 2; i++) run(pattern, texts[0]?.text ?? '');
  const onTheWall = (text: string): number => {
    const start = performance.now();
    run(pattern, text);
    return performance.now() - start;
  };
  const once = texts.map(({ input, text }) => ({ input, cost: onTheWall(text) }));
  // What another process or the garbage collector has taken is not tried with longer texts.
  const again = ({ input, cost }: Costed): number =>
    cost > NOTHING ? Math.min(cost, onTheWall(hostileText(input, KIB))) : cost;
  return { at, pattern, inputs: costliest(once, { count: TRIED, again }) };
}
const HARD = DIFFERENT.map(rankedFor);

/** So many ms are no chance. */
const SURE = 100;

/** A pattern that takes so long for 4 KiB, in ms of the reference machine, slows a run however it grows. */
const TOO_LONG = 150;

interface Attempt {
  readonly pattern: RegExp;
  readonly input: Parameters<typeof hostileText>[0];
}
function costAt(kib: number, times: number, { pattern, input }: Attempt): number {
  const text = hostileText(input, kib * KIB);
  return least(times, () => run(pattern, text));
}

/**
 * Four times the text takes clearly more than four times as long. 8 KiB tell whether 32 KiB need to be tried: what grows more than
 * eightfold from 8 to 32 KiB, by a square beside a linear part, grows more than fivefold from 2 to 8 KiB.
 * @param of8 what 8 KiB cost
 */
function growsFaster(one: Attempt, of8 = costAt(8, 1, one)): boolean {
  // By the square, eight times the text take 64 times as long.
  if (of8 <= 64 * NOTHING || of8 <= 5 * costAt(2, 2, one)) return false;
  // What is clearly by the square takes four times as long for twice the text, and needs no longer one.
  if (of8 > SURE / 4) {
    const of16 = costAt(16, 1, one);
    if (of16 > SURE && of16 > 3.5 * of8) return true;
  }
  const grown = (times: number): boolean | 'much' => {
    const large = costAt(32, times, one);
    if (large <= 1 || large <= 8 * costAt(8, times, one)) return false;
    return large > SURE ? 'much' : true;
  };
  const first = grown(1);
  // Nothing else takes a process so long.
  return first === 'much' || (first && grown(5) && grown(10)) !== false;
}

/** Those of a pattern's inputs that are tried with longer texts. */
const attemptsOf = ({ at, pattern, inputs }: (typeof HARD)[number]) =>
  inputs
    .filter(({ cost }) => cost > NOTHING)
    .map(({ input }) => ({ at, pattern, input, of8: costAt(8, 1, { pattern, input }) }));
const hardest = HARD.flatMap(attemptsOf);
const named = ({ at, pattern, input }: (typeof hardest)[number]): string =>
  `${at}: ${pattern} on ${JSON.stringify(input)}`;

test('every pattern over foreign text takes linear time: 32 KiB take about four times as long as 8 KiB', () => {
  expect(DIFFERENT.length).toBeGreaterThan(500);
  expect(hardest.filter((one) => growsFaster(one, one.of8)).map(named)).toEqual([]);
}, 300_000);

test('no pattern over foreign text takes long for 4 KiB', () => {
  const isSlow = (one: (typeof hardest)[number]): boolean =>
    one.of8 > TOO_LONG && costOf(() => costAt(4, 1, one)) > TOO_LONG;
  expect(hardest.filter(isSlow).map(named)).toEqual([]);
});

test('the guard finds what is slow', () => {
  const pattern = /<!--.*-->/;
  expect(hostileTo(pattern).some((input) => growsFaster({ pattern, input }))).toBe(true);
});
test.each([/[.;]+$/, /\s+$/, /\S+$/, /^(.*?)(["']*)$/s, /@.*$/])(
  'the guard finds a run that wants the end: %s',
  (pattern) => {
    expect(hostileTo(pattern).some((input) => growsFaster({ pattern, input }))).toBe(true);
  },
);
/** Among inputs that differ in their last characters, too. */
test.each([
  /(?:RollupError|SyntaxError).{0,80}?\.(?:jsx|mjs|cjs|css|mdx)|\s+$/,
  /no such file: \S{1,60}\.(?:jsx|mjs|css)|[\w.]+\/ not found/,
])('the guard finds it by the inputs that it tries: %s', (pattern) => {
  const tried = attemptsOf(rankedFor({ at: 'here', pattern }));
  expect(tried.length).toBeLessThanOrEqual(4);
  expect(tried.some((one) => growsFaster(one, one.of8))).toBe(true);
});
test('the guard accepts a pattern of bounded repeats', () => {
  const pattern = /\S{1,60}: .{0,200}not found/;
  expect(hostileTo(pattern).some((input) => growsFaster({ pattern, input }))).toBe(false);
});

const worst = HARD.flatMap(({ at, inputs: [first] }) => (first ? [{ at, ...first }] : [])).toSorted(
  (a, b) => b.cost - a.cost,
);

/** 50 ms is the promise; a busy machine gets three times as much. */
const SLOWEST = 150;

test('no message of 64 KiB takes long to be explained, on whatever surface it stands', () => {
  for (const { at, input } of worst.slice(0, 60)) {
    const text = hostileText(input, 64 * KIB);
    for (const surface of ['task.stoppedReason', 'buildx.stderr', 'api.ecs'] as const) {
      const first = milliseconds(() => diagnose({ surface, text, context: {} }));
      const taken = first < SLOWEST ? first : costOf(() => void diagnose({ surface, text, context: {} }));
      expect({ at, input, surface, slow: taken > SLOWEST }).toEqual({ at, input, surface, slow: false });
    }
  }
}, 300_000);

test('nor does one that is made of the worst of several patterns', () => {
  const piece = fc.constantFrom(...worst.slice(0, 150).map(({ input: { head, body } }) => head + body));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.constantFrom(...SURFACES), (pieces, surface) => {
      const text = hostileText({ head: '', body: pieces.join(' ') }, 64 * KIB);
      const explain = () => void diagnose({ surface, text, context: {} });
      expect(milliseconds(explain) < SLOWEST || costOf(explain) < SLOWEST).toBe(true);
    }),
    { numRuns: 60, seed: 8 },
  );
}, 300_000);

describe('a reason of 1 MiB', () => {
  const MIB = 1024 * KIB;
  const REASONS: readonly [string, string][] = [
    ['of one word', 'a'],
    ['of spaces', ' '],
    ['of line ends', '\n'],
    ['of names that a pull could not find', 'CannotPullContainerError: a/b:c '],
    ['of what nearly ends', 'unable to scale in due to (reason '],
    ['of dependencies', 'dependency graph: dependency ['],
    ['of secrets', 'password=hunter2 '],
  ];

  test.each(REASONS)('%s does not slow the watch, the diagnosis and the report', async (_, piece) => {
    const stage = new Stage().withService({
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    const reason = piece.repeat(MIB / piece.length);
    stage.simulator.model.behaviours.set('app:2', (start) => ({
      exit: { afterSeconds: 2, code: 1, ...(start < 4 ? { stoppedReason: reason, reason } : {}) },
    }));
    stage.template({
      containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }],
    });
    let outcome: Outcome | undefined;
    const cost = await costOfAsync(async () => {
      outcome = await stage.deploy({});
    }, 1);
    expect(outcome?.kind).toBe('rolled-back');
    // The simulator, which writes the megabytes of each look, is in it.
    expect(cost).toBeLessThan(1000);
    expect(stage.lines.join('\n').length).toBeLessThan(200_000);
  });

  test.each(REASONS)('%s is explained as an event, and escaped, at once', (_, piece) => {
    const event = `(service web) was unable to place a task. Reason: ${piece.repeat(MIB / piece.length)}.`;
    const read = () => serviceEvent({ id: '', at: 0, message: clip(event) });
    expect(costOf(() => describeEvent(read(), String))).toBeLessThan(50);
    expect(costOf(() => prose(clip(event)))).toBeLessThan(150);
  });
});
