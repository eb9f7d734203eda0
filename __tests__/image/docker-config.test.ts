import { parseDockerConfig } from '../../src/image/docker-config.ts';

test('logins, helpers, the store, and whatever else there is', () => {
  const text =
    '{"auths":{"a":{"auth":"eA=="}},"credHelpers":{"b":"ecr-login"},"credsStore":"pass","currentContext":"x"}';
  expect(parseDockerConfig(text)).toEqual({
    auths: { a: { auth: 'eA==' } },
    credHelpers: { b: 'ecr-login' },
    credsStore: 'pass',
    all: JSON.parse(text),
  });
});

test.each([[undefined], [''], ['{'], ['null'], ['[]'], ['"text"'], ['1']])('%s is an empty one', (text) => {
  expect(parseDockerConfig(text)).toEqual({ auths: {}, credHelpers: {}, all: {} });
});

test.each([['null'], ['"text"'], ['[{"a":1}]'], ['1']])('members that are %s count as nothing', (value) => {
  const text = `{"auths":${value},"credHelpers":${value}}`;
  expect(parseDockerConfig(text)).toEqual({ auths: {}, credHelpers: {}, all: JSON.parse(text) });
});
