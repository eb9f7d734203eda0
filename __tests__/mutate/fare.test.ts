import { fareOf } from './fare.ts';

// Whether 65 is old is not asked here; mutate.test.ts expects that this shows.
test.each([
  [0, false, 0],
  [5, true, 0],
  [6, true, 4],
  [30, true, 4],
  [70, true, 2],
  [70, false, 4],
])('%d, member: %s', (age, isMember, fare) => expect(fareOf(age, isMember)).toBe(fare));

test('no negative age', () => expect(() => fareOf(-1, true)).toThrow('An age is not negative.'));
