import { absent, between, contains, empty, mismatch, oneOf, type Pattern, present } from '../../conformance/pattern.ts';

/** What AWS documents, what came, and the place that is reported; undefined: as documented. */
const CASES: readonly (readonly [string, Pattern, unknown, string | undefined])[] = [
  ['a member with its value', { a: 1 }, { a: 1, b: 2 }, undefined],
  ['another value', { a: 1 }, { a: 2 }, 'a is 2, documented: 1'],
  ['a member that is not there', { a: { b: 'x' } }, { a: {} }, 'a.b is absent, documented: "x"'],
  ['no object at all', { a: 1 }, null, 'the answer is null, documented: {a: 1}'],
  ['a text by its words', { a: /^x/ }, { a: 'xy' }, undefined],
  ['other words', { a: /^x/ }, { a: 'y' }, 'a is "y", documented: /^x/'],
  ['a list with its items', { a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }, undefined],
  ['an item more', { a: [1] }, { a: [1, 2] }, 'a is [1,2], documented: [1]'],
  ['an item of another value', { a: [1, 2] }, { a: [1, 3] }, 'a[1] is 3, documented: 2'],
  ['present', { a: present }, { a: false }, undefined],
  ['not present', { a: present }, {}, 'a is absent, documented: present'],
  ['absent', { a: absent }, {}, undefined],
  ['not absent', { a: absent }, { a: 1 }, 'a is 1, documented: absent'],
  ['an empty list', { a: empty }, { a: [] }, undefined],
  ['an absent list', { a: empty }, {}, undefined],
  ['a list that is not empty', { a: empty }, { a: [1] }, 'a is [1], documented: an empty list, or absent'],
  ['one of several', { a: oneOf(1, 'x') }, { a: 'x' }, undefined],
  ['none of several', { a: oneOf(1, 'x') }, { a: 2 }, 'a is 2, documented: 1 or "x"'],
  ['an item among others', { a: contains(2) }, { a: [1, 2] }, undefined],
  ['no such item', { a: contains(2) }, { a: [1] }, 'a is [1], documented: a list that contains 2'],
  ['no list', { a: contains(2) }, { a: 2 }, 'a is 2, documented: a list that contains 2'],
  ['a number in its range', { a: between(1, 3) }, { a: 3 }, undefined],
  ['a number out of its range', { a: between(1, 3) }, { a: 4 }, 'a is 4, documented: from 1 to 3'],
];

test.each(CASES)('%s', (_, pattern, value, found) => {
  expect(mismatch(pattern, value)).toBe(found);
});
