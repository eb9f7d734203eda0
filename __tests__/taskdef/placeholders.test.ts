import fc from 'fast-check';
import type { Json } from '../../src/model.ts';
import { hasPlaceholder, substitute } from '../../src/taskdef/placeholders.ts';

const VALUES = new Map([
  ['NAME', 'web'],
  ['EMPTY', ''],
  ['CPU', '256'],
  ['FLAG', ' True '],
]);
const filled = (tree: Json) => {
  const { value, mistakes } = substitute(tree, VALUES);
  return { value, mistakes: mistakes.map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`) };
};

test.each<[string, string]>([
  ['${NAME}', 'web'],
  ['a-${NAME}-${CPU}', 'a-web-256'],
  ['${EMPTY}', ''],
  ['${EMPTY:-x}', 'x'],
  ['${NAME:-x}', 'web'],
  ['${NONE:-x}', 'x'],
  ['${NONE:-}', ''],
  ['${NONE:-${NAME}-${EMPTY:-y}}', 'web-y'],
  ['${NONE:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
  ['${NONE:-{x} z', '{x z'],
  ['${NAME:?set it}', 'web'],
  ['$${NAME}', '${NAME}'],
  ['$${NONE:-${NAME}}', '${NONE:-${NAME}}'],
  ['$NAME ${NAME%x} ${1} $(x) ${} {NAME}', '$NAME ${NAME%x} ${1} $(x) ${} {NAME}'],
  ['${NONE:-never closed', '${NONE:-never closed'],
  ['${_A:-_}', '_'],
])('%s becomes %s', (text, expected) => {
  expect(filled({ family: text })).toEqual({ value: { family: expected }, mistakes: [] });
});

test.each<[string, string, string]>([
  [
    '${NONE}',
    '${NONE} has no value.',
    "Add NONE=... to the input `variables`, or write $${NONE} to leave it to the container's shell.",
  ],
  ['${NAEM}', '${NAEM} has no value.', "Did you mean ${NAME}? For the container's shell write $${NAEM}."],
  ['${CP}', '${CP} has no value.', 'Add CP=... to the input `variables`'],
  ['${CPX}', '${CPX} has no value.', 'Did you mean ${CPU}?'],
  ['${NONE:?set it.}', '${NONE} has no value: set it.', 'Add NONE=...'],
  ['${NONE:?}', '${NONE} has no value.', 'Add NONE=...'],
  ['${EMPTY:?no}', '${EMPTY} is empty: no.', 'Give EMPTY a value, or write ${EMPTY:-...} for a default.'],
  ['${IMAGE}', '${IMAGE} has no value.', 'Build an image (input `repository`), give one (`image`), or name it'],
  ['${IMAGE_TAG}', '${IMAGE_TAG} has no value.', "This run's image has none; write ${IMAGE_TAG:-...} for a default."],
  ['${IMAGE_DIGEST}', '${IMAGE_DIGEST} has no value.', "This run's image has none;"],
  ['${NONE:-${OTHER}}', '${OTHER} has no value.', 'Add OTHER=...'],
])('%s is reported, and stays as it is', (text, problem, remedy) => {
  const { mistakes } = filled({ containerDefinitions: [{ image: text }] });
  expect(mistakes).toEqual([expect.stringContaining(`containerDefinitions[0].image: ${problem} ${remedy}`)]);
  if (!text.includes(':-')) expect(filled({ family: text }).value).toEqual({ family: text });
});

test.each<[Json, Json]>([
  [{ containerDefinitions: [{ cpu: '${CPU}' }] }, { containerDefinitions: [{ cpu: 256 }] }],
  [{ containerDefinitions: [{ cpu: '${NONE:- -7 }' }] }, { containerDefinitions: [{ cpu: -7 }] }],
  [{ containerDefinitions: [{ cpu: '${CPU}0' }] }, { containerDefinitions: [{ cpu: '2560' }] }],
  [{ containerDefinitions: [{ cpu: '${NAME}' }] }, { containerDefinitions: [{ cpu: 'web' }] }],
  [{ containerDefinitions: [{ cpu: '${NONE:-1.5}' }] }, { containerDefinitions: [{ cpu: '1.5' }] }],
  [
    { containerDefinitions: [{ cpu: '${NONE:-1234567890123456}' }] },
    { containerDefinitions: [{ cpu: '1234567890123456' }] },
  ],
  [{ containerDefinitions: [{ cpu: '$${CPU}' }] }, { containerDefinitions: [{ cpu: '${CPU}' }] }],
  [{ containerDefinitions: [{ essential: '${FLAG}' }] }, { containerDefinitions: [{ essential: true }] }],
  [{ containerDefinitions: [{ essential: '${NONE:-FALSE}' }] }, { containerDefinitions: [{ essential: false }] }],
  [{ containerDefinitions: [{ essential: '${NONE:-truex}' }] }, { containerDefinitions: [{ essential: 'truex' }] }],
  [{ cpu: '${CPU}' }, { cpu: '256' }],
  [{ containerDefinitions: [{ hostname: '${CPU}' }] }, { containerDefinitions: [{ hostname: '256' }] }],
  [{ containerDefinitions: [{ command: ['${CPU}'] }] }, { containerDefinitions: [{ command: ['256'] }] }],
  [{ unknown: ['${CPU}', 1, null, true] }, { unknown: ['256', 1, null, true] }],
])('a string that is one placeholder takes the type of its field: %j', (tree, expected) => {
  expect(filled(tree)).toEqual({ value: expected, mistakes: [] });
});

test('placeholders in keys are a mistake, but for the text itself', () => {
  expect(filled({ dockerLabels: { 'a${NAME}': '${NAME}', '$${NAME}': 'x' } })).toEqual({
    value: { dockerLabels: { 'a${NAME}': 'web', '${NAME}': 'x' } },
    mistakes: [
      'dockerLabels.a${NAME}: placeholders are not replaced in names, and ECS would get this one unchanged. Write the name out; a second `$`, as in `$${NAME}`, keeps the text.',
    ],
  });
});

test.each([
  ['${NAME}', true],
  ['x${NAME:-y}', true],
  ['$${NAME}', false],
  ['$NAME ${1}', false],
  ['', false],
])('%s has a placeholder: %s', (text, expected) => expect(hasPlaceholder(text)).toBe(expected));

test('text without a dollar sign is never changed, and no value breaks out of its string', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes('$'));
      expect(substitute({ a: { [text]: [text] } }, VALUES)).toMatchObject({
        value: { a: { [text]: [text] } },
        mistakes: [],
      });
      expect(substitute({ a: 'x${V}y' }, new Map([['V', text]])).value).toEqual({ a: `x${text}y` });
    }),
  );
});

describe('in the style of envsubst', () => {
  const envsubst = (text: string) => {
    const { value, mistakes } = substitute({ family: text }, VALUES, 'envsubst');
    return [(value as { family: Json }).family, mistakes.map(({ problem }) => problem)];
  };

  test.each<[string, string]>([
    ['$NAME', 'web'],
    ['a-$NAME-${CPU}/$EMPTY.', 'a-web-256/.'],
    ['$$NAME $${NAME}', '$NAME ${NAME}'],
    ['${NONE:-$NAME}', 'web'],
    ['$1 $(x) $', '$1 $(x) $'],
  ])('%s becomes %s', (text, expected) => expect(envsubst(text)).toEqual([expected, []]));

  test('a name without a value is a mistake, as it was written', () => {
    expect(envsubst('$NONE and ${NONE}')).toEqual([
      '$NONE and ${NONE}',
      ['$NONE has no value.', '${NONE} has no value.'],
    ]);
  });

  test('a placeholder that is all of it takes the type of its field', () => {
    expect(substitute({ containerDefinitions: [{ cpu: '$CPU' }] }, VALUES, 'envsubst').value).toEqual({
      containerDefinitions: [{ cpu: 256 }],
    });
  });
});
