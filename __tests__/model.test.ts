import { defined, isObject, isSeen, type LiveRevision, nameOf } from '../src/model.ts';

test('an object is no list, and not null', () =>
  expect([{}, { a: 1 }, [], null, 'a', 1, true, undefined].map((value) => isObject(value))).toEqual([
    true,
    true,
    ...[false, false, false, false, false, false],
  ]));

test('members that are undefined are left out, and no other', () => {
  expect(defined({ a: undefined, b: null, c: 0, d: '', e: false })).toStrictEqual({ b: null, c: 0, d: '', e: false });
  expect(defined({})).toStrictEqual({});
});

test('the name of a revision, and whether it could be read', () => {
  expect(nameOf({ family: 'web', revision: 7 })).toBe('web:7');
  expect([{ unseen: 'denied' }, { tags: [] }].map((one) => isSeen(one as unknown as LiveRevision))).toEqual([
    false,
    true,
  ]);
});
