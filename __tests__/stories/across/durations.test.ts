import { duration } from '../../../src/duration.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { gistOf } from '../../../src/report/gist.ts';
import { outcomeComment } from '../../../src/report/github.ts';
import { logOutcome } from '../../../src/report/log.ts';
import { outputsOf, type Summary } from '../../../src/report/outputs.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { render, textOf } from '../../support/gfm.ts';
import { CONTEXT, Stage, TASK_DEFINITION } from '../../support/world.ts';

/**
 * One thing that took time has one duration: in the log, the summary with its bar and timeline, the comment and the output `summary`. Whole
 * runs, of which every duration is collected by what it is of.
 */
const UNIT = String.raw`\d+ (?:s|min(?: \d+ s)?|h(?: \d+ min)?)`;
const NEXT = { containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }] };
const crash = (afterSeconds: number) => ({ startSeconds: 7.3, exit: { afterSeconds, code: 1 } });
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

type Inputs = Readonly<Record<string, string>>;
const STORIES: readonly [string, (stage: Stage) => unknown, Inputs][] = [
  ['goes well', () => {}, {}],
  ['crashes', ({ simulator }) => simulator.script.image('app:2', crash(2.4)), {}],
  ['crashes after a while', ({ simulator }) => simulator.script.image('app:2', crash(14.7)), {}],
  ['crashes between two polls', ({ simulator }) => simulator.script.image('app:2', crash(0.6)), {}],
  [
    'is not rolled back',
    ({ simulator }) => simulator.script.image('app:2', crash(4.5)),
    { 'rollback-on-failure': 'false' },
  ],
  ['is rolled back by ECS', ({ simulator }) => simulator.script.image('app:2', crash(3.5)), {}],
  ['heals', ({ simulator }) => simulator.script.image('app:2', (start) => (start === 0 ? crash(2.5) : {})), {}],
  ['drains slowly', ({ simulator }) => simulator.script.image('app:1', { stopSeconds: 95.5 }), {}],
  [
    'has tasks around it',
    ({ simulator }) => simulator.script.command('fine', { startSeconds: 8.7, exit: { afterSeconds: 5.6, code: 0 } }),
    { 'pre-deploy': 'fine one', 'post-deploy': 'fine two', 'hold-minutes': '1' },
  ],
  [
    'fails before it',
    ({ simulator }) => simulator.script.command('bad', { startSeconds: 8.7, exit: { afterSeconds: 5.6, code: 3 } }),
    { 'pre-deploy': 'bad' },
  ],
  [
    'fails after it',
    ({ simulator }) => simulator.script.command('bad', { startSeconds: 8.7, exit: { afterSeconds: 5.6, code: 3 } }),
    { 'post-deploy': 'bad' },
  ],
];

/** Every text of one run. */
function textsOf(stage: Stage, outcome: Outcome) {
  const about = { run: CONTEXT };
  logOutcome({ ...stage.world.console, colour: false }, outcome, gistOf(outcome, about));
  return {
    log: stage.lines.join('\n'),
    summary: textOf(render(summaryOf(outcome, about)).replaceAll(/<\/t[dhr]>|<br>/g, '\n')),
    comment: textOf(render(outcomeComment(outcome, { ...stage.inputs({}), github: {} } as never, about))),
    json: JSON.parse(outputsOf(outcome, gistOf(outcome, about)).summary ?? '') as Summary,
  };
}

const clock = (text: string): number => text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
const found = (text: string, pattern: RegExp): string[][] => [...text.matchAll(pattern)].map((match) => [...match]);
const unitSeconds: Readonly<Record<string, number>> = { h: 3600, min: 60, s: 1 };
const seconds = (text: string): number =>
  found(text, /(\d+) (h|min|s)/g).reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (unitSeconds[unit] ?? 0),
    0,
  );

describe.each(STORIES)('a deployment that %s', (name, prepare, inputs) => {
  let stage: Stage;
  let texts: ReturnType<typeof textsOf>;
  let outcome: Outcome;
  beforeAll(async () => {
    stage = new Stage();
    prepare(stage);
    stage.withService(name.endsWith('by ECS') ? BREAKER : {});
    stage.template(NEXT);
    outcome = await stage.deploy(inputs);
    texts = textsOf(stage, outcome);
  });

  test('a task ran as long as the times between its start and its end say, wherever it is shown', () => {
    const { log, summary, json } = texts;
    const started = new Map<string, number>();
    for (const [, at = '', ids = ''] of found(
      log,
      /^ *(\d[\d:]*) . (?:task|\d+ tasks) \(?([\w, .]+?)\)? web:\d+ RUNNING/gm,
    ))
      for (const id of ids.split(', ')) started.set(id, clock(at));
    const ended = found(log, /^ *(\d[\d:]*) . (?:task|\d+ tasks) \(?([\w, .]+?)\)? web:\d+ STOPPED(.*)$/gm);
    for (const [, at = '', ids = '', text = ''] of ended) {
      const [, took] = new RegExp(String.raw`\(ran (${UNIT})\)$`).exec(text) ?? [];
      // Two that ran for a different time stand on one line without it.
      if (took === undefined) continue;
      const from = started.get(ids.split(', ')[0] ?? '');
      if (from !== undefined) expect([ids, took]).toEqual([ids, duration(clock(at) - from)]);
      expect(summary).toContain(`(ran ${took})`);
      for (const id of ids.split(', '))
        expect(
          json.timeline.find((moment) => moment.task?.startsWith(id) && moment.state === 'STOPPED')?.text,
        ).toContain(`(ran ${took})`);
    }
    if (/crashes|ECS|heals/.test(name)) expect(log).toMatch(/STOPPED.*\(ran \d+ s\)$/m);
  });

  test('a one-off task: log, summary and JSON have the time between its RUNNING and its STOPPED', () => {
    const { log, summary, json } = texts;
    for (const task of json.tasks ?? []) {
      const took = duration(task.seconds ?? Number.NaN);
      expect(log).toMatch(new RegExp(String.raw`${task.label} (?:succeeded|failed).*\bran ${took}\b`));
      expect(summary).toMatch(new RegExp(String.raw`${task.label}.*\bran ${took}\b`));
      const at = (state: string): number =>
        clock(found(log, new RegExp(String.raw`^ *(\d[\d:]*)   ${task.label}: ${state}$`, 'gm'))[0]?.[1] ?? 'NaN');
      expect(at('STOPPED') - at('RUNNING')).toBe(task.seconds);
    }
    expect(json.tasks ?? []).toHaveLength(Object.keys(inputs).filter((input) => /-deploy$/.test(input)).length);
  });

  test('the bar, its parts, what the run took, and JSON are one sum', () => {
    const { summary, json } = texts;
    const [whole = ''] = /^.*; bars to scale$/m.exec(summary) ?? [];
    const bars = found(summary, /^.* (?:h|min|s) +█+$/gm).map(([line]) => line);
    const total = json.took?.seconds ?? Number.NaN;
    expect(json.took?.parts.reduce((sum, part) => sum + part.seconds, 0)).toBe(total);
    expect(summary).toMatch(new RegExp(String.raw`(?:Took\s+${duration(total)}|^${duration(total)} in all)`, 'm'));
    // The bar has the phases of a rollout.
    for (const part of json.took?.parts ?? [])
      if (part.seconds > 0 && (json.took?.parts.length ?? 0) > 1 && part.name !== 'rollout')
        expect(summary).toMatch(new RegExp(`${part.name} +${duration(part.seconds)}`));
    if (outcome.deployment === undefined) return expect([whole, ...bars]).toEqual(['']);
    expect(seconds(bars.join('\n'))).toBe(total);
    expect(seconds(whole)).toBe(total);
  });
});

test('the phase in which the tasks of a deployment run is as long as they ran', async () => {
  const stage = new Stage();
  stage.simulator.script.image('app:2', crash(4.5));
  stage.withService();
  stage.template(NEXT);
  const { log, summary } = textsOf(stage, await stage.deploy({}));
  const ran = new Set(found(log, new RegExp(`STOPPED.*\\(ran (${UNIT})\\)`, 'g')).map(([, took]) => took));
  expect([...ran]).toHaveLength(1);
  expect(summary).toMatch(new RegExp(`tasks run +${[...ran][0]} `));
});

test('the health of targets is as new as the counts and the stage that it stands beside', async () => {
  const stage = new Stage();
  const group = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
  stage.withService({ loadBalancers: [{ targetGroupArn: group, containerName: 'app', containerPort: 8080 }] });
  stage.template(NEXT);
  await stage.deploy({});
  const log = stage.lines.join('\n');
  // ECS stops an old task only once a new one is healthy.
  expect(log).toMatch(/web:1: 2 left, draining/);
  expect(log).not.toMatch(/ 0 healthy.* draining/);
  expect(log.slice(log.indexOf('CLEAN_UP'))).not.toContain('healthy,');
  expect(stage.simulator.wire.count('DescribeTargetHealth')).toBeLessThan(8);
});
