import fc from 'fast-check';
import { accountOf, familyAndNumber, fitsPattern, lastPart, parseArn, regionOf } from '../src/arn.ts';

test.each([
  ['arn:aws:ecs:eu-west-1:123456789012:cluster/shop', 'aws', 'ecs', 'eu-west-1', '123456789012', 'cluster/shop'],
  ['arn:aws-cn:iam::123456789012:role/a/b', 'aws-cn', 'iam', '', '123456789012', 'role/a/b'],
  ['arn:aws:s3:::bucket/key', 'aws', 's3', '', '', 'bucket/key'],
  ['arn:aws:logs:eu-west-1:1:log-group:/ecs/web:*', 'aws', 'logs', 'eu-west-1', '1', 'log-group:/ecs/web:*'],
])('the parts of %s', (arn, partition, service, region, account, resource) => {
  expect(parseArn(arn)).toEqual({ partition, service, region, account, resource });
  expect(regionOf(arn)).toBe(region || undefined);
  expect(accountOf(arn)).toBe(account || undefined);
});

test.each([
  '',
  'web',
  'role/app',
  'arn:aws:iam',
  'arn:aws:iam::1',
  'urn:aws:ecs:eu-west-1:1:cluster/shop',
  ':aws:ecs:eu-west-1:1:cluster/shop',
  'arn::ecs:eu-west-1:1:cluster/shop',
  'arn:aws::eu-west-1:1:cluster/shop',
  'ECR says arn:aws:ecs:eu-west-1:1:cluster/shop',
])('`%s` is not an ARN', (text) => {
  expect([parseArn(text), regionOf(text), accountOf(text)]).toEqual([undefined, undefined, undefined]);
});

test('an ARN that is put together again is the same, however many colons its resource has', () => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const parts = fc.tuple(word, word, fc.option(word, { nil: '' }), fc.option(word, { nil: '' }), fc.array(word));
  fc.assert(
    fc.property(parts, ([partition, service, region, account, resource]) => {
      const arn = ['arn', partition, service, region, account, ...(resource.length > 0 ? resource : [''])].join(':');
      const parsed = parseArn(arn);
      expect(['arn', ...Object.values(parsed ?? {})].join(':')).toBe(arn);
    }),
  );
});

test.each([
  ['arn:aws:ecs:eu-west-1:1:cluster/shop', 'shop'],
  ['arn:aws:ecs:eu-west-1:1:service/shop/web', 'web'],
  ['arn:aws:ecs:eu-west-1:1:task-definition/web:42', 'web:42'],
  ['web:42', 'web:42'],
  ['', ''],
  [undefined, ''],
])('the short name of %s', (arn, name) => expect(lastPart(arn)).toBe(name));

test('what is not given has neither region nor account', () => {
  expect([regionOf(), accountOf()]).toEqual([undefined, undefined]);
});

test.each([
  ['arn:aws:ecs:eu-west-1:1:task-definition/web:42', 'web', 42],
  ['web-api_2:7', 'web-api_2', 7],
  ['web', 'web', Number.NaN],
])('family and number of %s', (arn, family, revision) => {
  expect(familyAndNumber(arn)).toEqual({ family, revision });
});

test.each([
  ['*', '', true],
  ['*', 'web', true],
  ['web', 'web', true],
  ['web', 'web-1', false],
  ['web', 'a-web', false],
  ['web*', 'web', true],
  ['web*', 'a-web', false],
  ['*web', 'a-web', true],
  ['*web', 'web-1', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*a', 'aba', true],
  ['a*b*a', 'aab', false],
  ['a*bc*c', 'abc', false],
  ['a*bc*c', 'abcc', true],
  ['1.2', '1x2', false],
  ['[a-z]+*', 'web', false],
  ['arn:aws:ecs:*:*:task/shop/*', 'arn:aws:ecs:eu-west-1:123456789012:task/shop/*', true],
])('the pattern %s fits %s: %s', (pattern, text, fits) => expect(fitsPattern(pattern, text)).toBe(fits));

test('a pattern fits what a regular expression with .* in the place of each * fits', () => {
  const word = fc.stringMatching(/^[ab*]{0,8}$/);
  fc.assert(
    fc.property(word, fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
      expect(fitsPattern(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
    }),
    { numRuns: 1000 },
  );
});
