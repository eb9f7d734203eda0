import { readSchedules } from '../../src/inputs/schedules.ts';
import { read } from './made.ts';

const REGION = 'eu-west-1';
const schedules = (text: string) => read({ schedules: text }, (reader) => readSchedules(reader, { region: REGION }));
const id = (kind: 'schedule' | 'rule', container: string, name: string) => ({ kind, container, name });

test.each<[string, string, object[]]>([
  ['nothing', ' ', []],
  ['names', 'nightly, a.b_c-d\nX', ['nightly', 'a.b_c-d', 'X'].map((name) => ({ kind: 'name', name }))],
  ['a schedule in its group', 'schedule/reports/nightly', [{ kind: 'id', id: id('schedule', 'reports', 'nightly') }]],
  ['a rule', 'rule/nightly', [{ kind: 'id', id: id('rule', 'default', 'nightly') }]],
  ['a rule of a bus', 'rule/orders/nightly', [{ kind: 'id', id: id('rule', 'orders', 'nightly') }]],
  [
    'a rule of a partner bus',
    'rule/aws.partner/x.com/1/nightly',
    [{ kind: 'id', id: id('rule', 'aws.partner/x.com/1', 'nightly') }],
  ],
  [
    'ARNs',
    `arn:aws:scheduler:${REGION}:123456789012:schedule/default/nightly\narn:aws:events:${REGION}:123456789012:rule/hourly`,
    [
      { kind: 'id', id: id('schedule', 'default', 'nightly'), account: '123456789012' },
      { kind: 'id', id: id('rule', 'default', 'hourly'), account: '123456789012' },
    ],
  ],
  [
    'tags',
    'tag:team=web, tag:team, "tag:a b=c, d"',
    [
      { kind: 'tag', key: 'team', value: 'web' },
      { kind: 'tag', key: 'team' },
      { kind: 'tag', key: 'a b', value: 'c, d' },
    ],
  ],
  ['all', 'all', [{ kind: 'all' }]],
])('%s', (_, text, expected) => {
  const { value, mistakes } = schedules(text);
  expect(value).toEqual(expected);
  expect(mistakes).toEqual([]);
});

test.each<[string, RegExp]>([
  [
    'reports/nightly',
    /`reports\/nightly` is not a schedule or rule\. .*For a schedule of the group reports: `schedule\/reports\/nightly`\./,
  ],
  ['schedule/nightly', /`schedule\/nightly` is not a schedule or rule\. Write a name/],
  ['rule/', /`rule\/` is not a schedule or rule/],
  ['a b', /`a b` is not a schedule or rule/],
  ['tag:', /`tag:` is not a schedule or rule/],
  ['x'.repeat(65), /is not a schedule or rule/],
  ['arn:aws:lambda:eu-west-1:123456789012:function:x', /is not a schedule or rule/],
  ['arn:aws:events:eu-west-1:123456789012:schedule/default/x', /is not a schedule or rule/],
  ['arn:aws:events:us-east-1:123456789012:rule/x', /is in region us-east-1, but the step works in eu-west-1\./],
  [Array.from({ length: 101 }, (_, i) => `s${i}`).join(), /has 101 entries; at most 100\. Choose them by a tag\./],
])('refused: %.60s', (text, expected) => {
  const { value, mistakes } = schedules(text);
  expect(value).toEqual([]);
  expect(mistakes).toEqual([expect.stringMatching(expected)]);
});
