import { Failure } from '../../src/failure.ts';
import type { Outcome, OutcomeKind, ServiceResult } from '../../src/outcome.ts';
import {
  annotationsOfServices,
  areGood,
  overallOf,
  servicesCommentParts,
  servicesLines,
  servicesOutputs,
  servicesSummaryOf,
} from '../../src/report/services.ts';
import { liveTable } from '../../src/report/services-table.ts';
import { CONTEXT } from '../support/world.ts';

const outcome = (name: string, kind: OutcomeKind, headline = `${name} ${kind}.`): Outcome =>
  ({
    kind,
    headline,
    differences: [],
    diagnoses: [],
    warnings: [],
    timeline: [],
    revision: {
      arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}:2`,
      family: name,
      revision: 2,
      status: 'ACTIVE',
      definition: { family: name, containerDefinitions: [] },
      tags: [],
    },
  }) as Outcome;
const ended = (name: string, kind: OutcomeKind, headline?: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'ended', outcome: outcome(name, kind, headline) },
});
const skipped = (name: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'skipped', why: 'api was not deployed, which has to come first.' },
});
const broken = (name: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'failed', failure: new Failure('ACCESS_DENIED', `${name} is denied.`, { remedy: 'Allow it.' }) },
});

test.each<[readonly ServiceResult[], OutcomeKind, boolean]>([
  [[ended('a', 'deployed'), ended('b', 'unchanged')], 'deployed', true],
  [[ended('a', 'unchanged'), ended('b', 'unchanged')], 'unchanged', true],
  [[ended('a', 'started'), ended('b', 'unchanged')], 'started', true],
  [[ended('a', 'deployed'), ended('b', 'rolled-back'), skipped('c')], 'rolled-back', false],
  [[ended('a', 'rolled-back'), broken('b')], 'failed', false],
  [[ended('a', 'superseded'), skipped('b')], 'superseded', false],
  [[ended('a', 'cancelled'), ended('b', 'deployed')], 'cancelled', false],
])('the worst of all is the outcome (%#)', (results, kind, good) => {
  expect([overallOf(results).kind, areGood(results)]).toEqual([kind, good]);
});

test('outputs: one object for each, and what is the same for all', () => {
  const outputs = servicesOutputs([ended('api', 'deployed'), skipped('worker')], []);
  expect(JSON.parse(outputs.services ?? '')).toEqual([
    {
      name: 'api',
      service: 'api',
      cluster: 'main',
      outcome: 'deployed',
      headline: 'api deployed.',
      'task-definition-arn': 'arn:aws:ecs:eu-west-1:123456789012:task-definition/api:2',
    },
    {
      name: 'worker',
      service: 'worker',
      cluster: 'main',
      outcome: 'skipped',
      headline: 'Not deployed: api was not deployed, which has to come first.',
    },
  ]);
  expect(outputs['task-definition-arn']).toBe('arn:aws:ecs:eu-west-1:123456789012:task-definition/api:2');
  expect(servicesOutputs([ended('a', 'deployed'), ended('b', 'deployed')], [])['task-definition-arn']).toBeUndefined();
});

test('200 failed services with long words stay below what GitHub and an environment variable take', () => {
  const words = 'CannotPullContainerError: not found '.repeat(300);
  const results = Array.from({ length: 200 }, (_, index) => ended(`service-${index}`, 'failed', words));
  expect(Buffer.byteLength(servicesSummaryOf(results, CONTEXT))).toBeLessThan(1_000_000);
  expect(servicesCommentParts(results, CONTEXT).length).toBeLessThan(65_000);
  const { services = '', summary = '' } = servicesOutputs(results, []);
  for (const text of [services, summary]) expect(Buffer.byteLength(text)).toBeLessThan(128 * 1024);
  expect(JSON.parse(services)).toHaveLength(200);
  const annotations = annotationsOfServices(results).filter(({ kind }) => kind === 'error');
  expect(annotations).toHaveLength(10);
  expect(annotations.at(-1)?.text).toBe('191 more errors: see the job summary.');
});

test('the log ends with a table, what went wrong with whom, and the outcome', () => {
  const lines = servicesLines([ended('api', 'deployed'), broken('worker'), skipped('cron')]);
  expect(lines.at(-1)).toMatch(
    /^✗ failed: 3 services: 1 deployed, 1 failed and 1 skipped\. worker: worker is denied\.$/,
  );
  expect(lines).toEqual(
    expect.arrayContaining([
      '✗ worker: worker is denied.',
      '  fix      Allow it.',
      '- cron: Not deployed: api was not deployed, which has to come first.',
    ]),
  );
});

test('the live table counts the phases and shows first what moves', () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({
    name: `s${index}`,
    phase: index === 39 ? ('deploying' as const) : ('deployed' as const),
    revision: `s${index}:2`,
    tasks: '1 of 2',
    since: 100,
  }));
  const lines = liveTable(rows, { now: 160, startedAt: 40 });
  expect(lines[0]).toBe('   2:00 40 services: 39 deployed, 1 deploying');
  expect(lines[1]).toMatch(/^ {8}s39 +deploying +s39:2 +1 of 2 +1:00$/);
  expect(lines.at(-1)).toBe('        and 10 more');
});
