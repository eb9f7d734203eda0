import { rank } from '../../src/diagnosis/diagnose.ts';
import type { Nature } from '../../src/diagnosis/diagnosis.ts';
import { diagnosis } from '../report/made.ts';

test('root causes come before symptoms, in the order in which they were found', () => {
  const natures: readonly Nature[] = [
    'normal',
    'transient',
    'symptom',
    'unknown',
    'unplaceable',
    'ambiguous',
    'permanent',
  ];
  expect(rank(natures.map((nature) => diagnosis({ nature, rule: nature }))).map(({ nature }) => nature)).toEqual(
    natures.toReversed(),
  );
  const two = ['b', 'a'].map((rule) => diagnosis({ rule }));
  expect(rank(two)).toEqual(two);
});

test('each cause is there once: by its words, and those of an application by its container', () => {
  const [one, worded, ruled] = [diagnosis(), diagnosis({ cause: 'Else.' }), diagnosis({ rule: 'else' })];
  expect(rank([one, diagnosis({ remedy: 'Else.' }), worded, ruled])).toEqual([one, worded, ruled]);
  const app = (container: string, cause: string) => diagnosis({ subject: 'application', container, cause });
  expect(rank([app('a', '1'), app('a', '2'), app('b', '1')])).toEqual([app('a', '1'), app('b', '1')]);
});
