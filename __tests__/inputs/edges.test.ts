import { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { CONTEXT } from '../support/world.ts';

const parse = (given: Readonly<Record<string, string>>) =>
  parseInputs(new Map(Object.entries({ 'aws-region': 'eu-west-1', service: 'web', ...given })), {
    context: CONTEXT,
    env: {},
  });
function mistakes(given: Readonly<Record<string, string>>): string[] {
  try {
    parse(given);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return thrown.mistakes.map(({ subject }) => subject);
  }
}

describe('an environment of GitHub', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['named production is one', { 'github-environment': 'production' }, true],
    ['of another name is none', { 'github-environment': 'staging' }, false],
    [
      'of another name, which the user calls one',
      { 'github-environment': 'live', 'github-environment-production': 'true' },
      true,
    ],
    [
      'named production, which the user calls none',
      { 'github-environment': 'production', 'github-environment-production': 'false' },
      false,
    ],
  ])('%s', (_, given, production) => {
    const { inputs } = parse({ 'github-token': 't', ...given });
    expect(inputs).toMatchObject({ github: { deployment: { production } } });
  });
});

describe('an input that is false asks for nothing', () => {
  const only = (value: string) => mistakes({ 'github-environment-production': value });
  test.each(['false', 'FALSE', ' false ', ''])('%j', (value) => {
    expect(only(value)).toEqual([]);
  });
  test.each(['true', 'True'])('%j does', (value) => {
    expect(only(value)).toEqual(['github-environment-production']);
  });
  test('of a build, too', () => {
    expect(parse({ 'no-cache': 'false', pull: 'false' }).inputs).toMatchObject({ image: { kind: 'template' } });
    expect(mistakes({ 'no-cache': 'true' })).not.toEqual([]);
  });
});
