import fc from 'fast-check';
import { serviceEvent } from '../../../src/adapters/ecs-shapes.ts';
import { clip } from '../../../src/clip.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { SURFACES } from '../../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../../src/diagnosis/rules.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { describeEvent } from '../../../src/report/ecs-lines.ts';
import { prose } from '../../../src/report/markdown.ts';
import { costOf, costOfAsync } from '../../support/cost.ts';
import { hostileText, hostileTo, patternsIn, type Written } from '../../support/hostile.ts';
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
];
const DIFFERENT = [...new Map(PATTERNS.map((one) => [String(one.pattern), one])).values()];

/** Of this process, so that others on the machine do not count. */
function milliseconds(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
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

/** For each pattern the inputs that cost it most, in ms for 4 KiB. */
const HARD = DIFFERENT.map(({ at, pattern }) => ({
  at,
  pattern,
  inputs: hostileTo(pattern)
    .map((input) => {
      const text = hostileText(input, 4 * KIB);
      const began = performance.now();
      run(pattern, text);
      return { input, cost: performance.now() - began };
    })
    .toSorted((a, b) => b.cost - a.cost),
}));

/** Below this, in ms for 4 KiB, a pattern is fast however it grows: even by the square, 64 KiB take 8 ms. */
const NOTHING = 0.03;

test('every pattern over foreign text takes linear time: 64 KiB take about four times as long as 16 KiB', () => {
  expect(DIFFERENT.length).toBeGreaterThan(500);
  const slow = HARD.flatMap(({ at, pattern, inputs }) => {
    const bad = inputs
      .slice(0, 4)
      .filter(({ cost }) => cost > NOTHING)
      .find(({ input }) => {
        const grown = (times: number): boolean => {
          const [small, large] = [16, 64].map((kib) => {
            const text = hostileText(input, kib * KIB);
            return least(times, () => run(pattern, text));
          }) as [number, number];
          return large > 3 && large > 8 * small;
        };
        return grown(1) && grown(5) && grown(10);
      });
    return bad ? [`${at}: ${pattern} on ${JSON.stringify(bad.input)}`] : [];
  });
  expect(slow).toEqual([]);
}, 300_000);

test('the guard finds what is slow', () => {
  const [input] = hostileTo(/<!--.*-->/)
    .map((one) => ({ one, cost: least(3, () => run(/<!--.*-->/, hostileText(one, 8 * KIB))) }))
    .toSorted((a, b) => b.cost - a.cost);
  expect(input?.cost).toBeGreaterThan(1);
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

  test.each(REASONS)('%s is told as an event, and escaped, at once', (_, piece) => {
    const event = `(service web) was unable to place a task. Reason: ${piece.repeat(MIB / piece.length)}.`;
    const read = () => serviceEvent({ id: '', at: 0, message: clip(event) });
    expect(costOf(() => describeEvent(read(), String))).toBeLessThan(50);
    expect(costOf(() => prose(clip(event)))).toBeLessThan(150);
  });
});
