import fc from 'fast-check';
import { Masker } from '../../src/masker.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { code, fenced, folded, html, oneLine, prose } from '../../src/report/text.ts';
import { diagnosis, outcome, run, START } from './made.ts';

/** What the runner looks for in each line of a summary, for a secret that only it knows (ValueEncoders of actions/runner). */
function maskedByRunner(source: string, secret: string): boolean {
  const xml = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
  return source.split('\n').some((line) => line.includes(secret) || line.includes(xml));
}

/** One word, as tokens and generated passwords are. */
const secret = fc.stringMatching(/^[!-~]{6,40}$/);

describe('a secret that only the runner knows stays as the runner finds it', () => {
  test.each<[string, (text: string) => string]>([
    ['a code span', code],
    ['a cell with a name', html.code],
    ['a fence', (text) => fenced('text', [text])],
    ['a folded title', (text) => folded(text, 'x')],
    ['prose', prose],
    ['prose in a cell', html.prose],
  ])('in %s', (_, shown) => {
    fc.assert(
      fc.property(secret, (value) => {
        // Prose takes `name` for a name in a sentence of ours; where there is none, it is code or a fence.
        fc.pre(!value.includes('`') || shown === code || shown === html.code);
        const source = shown(`login with ${value} failed`);
        // Punctuation at the ends of a word stands outside of its code span; the runner masks what is between.
        const core = value.replaceAll(/^["'(]+|["').,;:]+$/g, '');
        expect(maskedByRunner(source, value) || (core.length < value.length && maskedByRunner(source, core))).toBe(
          true,
        );
      }),
    );
  });

  test.each(['pass_word*1', 'a_b!c#d$e', 'x<y>&z"\'q', 'p|pe|d', '[a](b)', 'b\\s~t', '{"k":"v"}', 'a`b``c'])(
    'through the whole summary: %s',
    (value) => {
      const text = summaryOf(
        outcome({
          kind: 'failed',
          headline: `It failed: ${value} is wrong.`,
          diagnoses: [
            diagnosis({
              cause: `refused ${value} for it`,
              evidence: { surface: 'container.log', text: `said ${value}`, context: {} },
            }),
          ],
          warnings: [`careful with ${value} here`],
          timeline: [
            { at: START, kind: 'event', severity: 'failure', text: `event ${value} here` },
            { at: START + 9, kind: 'log', severity: 'normal', text: `last log lines\n  connect ${value} refused` },
          ],
        }),
        run,
      );
      const shown = text.split('\n').filter((line) => /wrong|refused|said|careful|event/.test(line));
      expect(shown.length).toBeGreaterThan(5);
      for (const line of shown) expect([line, maskedByRunner(line, value)]).toEqual([line, true]);
    },
  );

  test('a cut is before a word, not in it', () => {
    expect(oneLine(`${'word '.repeat(20)}secretsecretsecret`, 110)).toBe(`${'word '.repeat(20).trim()}...`);
  });
});

describe('the masker', () => {
  const masked = (given: string, text: string): string => {
    const masker = new Masker();
    masker.add(given);
    return masker.text(text);
  };

  test('a secret never comes through, in no encoding that the runner knows, whatever stands around it', () => {
    const value = fc
      .string({ minLength: 12, maxLength: 40 })
      .filter((text) => text.trim() === text && !/[\r\n*]/.test(text));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (text, before, after) => {
        fc.pre(text.length >= 12);
        const encodings: ((whole: string) => string)[] = [
          (whole) => whole,
          (whole) => JSON.stringify(whole),
          (whole) => encodeURIComponent(whole.toWellFormed()),
          (whole) => whole.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
        ];
        for (const encode of encodings) {
          expect(masked(text, `${before}${encode(text)}${after}`)).not.toContain(text);
        }
        // Inside other bytes in base64: what is left of it decodes to less than half of the secret.
        const inner = Buffer.from(`${before}${text}${after}`).toString('base64');
        expect(Buffer.from(masked(text, inner).replaceAll('*', ''), 'base64').toString()).not.toContain(text);
      }),
    );
  });

  test('overlapping secrets leave nothing between them', () => {
    const masker = new Masker();
    masker.add('abcdefgh');
    masker.add('fghijklm');
    masker.add('cdefg-long');
    expect(masker.text('x abcdefghijklm y cdefg-long')).toBe('x *** y ***');
  });

  test.each<[string, string, string, string]>([
    ['each line', 'first line\nsecond line\n}', 'a second line b }', 'a *** b }'],
    ['a value in JSON', '{"user":"admin","password":"pa55","n":{"k":"k-123-456"}}', 'pa55 k-123-456', '*** ***'],
    ['a value of .npmrc', '//registry.npmjs.org/:_authToken=tok-123-456', 'is tok-123-456', 'is ***'],
    ['a value of .env', 'DB_PASSWORD="pa55 word"\nA=b', 'is pa55 word', 'is ***'],
    ['a password of .netrc', 'machine x login y password zzz-999', 'is zzz-999', 'is ***'],
    ['the password of a URL', 'postgres://app:s3cr%2Fet@db/x', 's3cr/et and s3cr%2Fet', '*** and ***'],
    ['a line of a private key', '-----BEGIN KEY-----\nMIIabcdef\n-----END KEY-----', 'MIIabcdef', '***'],
  ])('%s of a secret is one', (_, given, text, expected) => {
    expect(masked(given, text)).toBe(expected);
  });

  test.each<[string, string, string]>([
    ['a short secret', 'abc', 'abc is in every abcde'],
    ['blank', '   ', 'a   b'],
    ['plain words in JSON', '{"engine":"postgres","port":5432,"user":"admin"}', 'postgres 5432 admin'],
    ['brackets of pretty JSON', '{\n  "password": "pa55word"\n}', '{ }'],
  ])('%s does not blank the log', (_, given, text) => {
    expect(masked(given, text)).toBe(text);
  });

  test('a name of the service is no secret, though a variable with it is called one', () => {
    const masker = new Masker();
    masker.allow(['web-production', 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web-production', '']);
    expect(masker.add('web-production')).toEqual([]);
    expect(masker.add('production')).toEqual([]);
    expect(masker.add('web-production-2')).toEqual(['web-production-2']);
    masker.allow(['ghp_0123456789abcdefghij0123456789abcd']);
    expect(masker.add('ghp_0123456789abcdefghij0123456789abcd')).toHaveLength(1);
  });

  test('the runner is told each line alone, as it registers every line of what it gets', () => {
    const masker = new Masker();
    const told = masker.add('{\n  "password": "pa55word"\n}');
    expect(told).toContain('pa55word');
    expect(told.every((part) => !part.includes('\n') && part.length > 3)).toBe(true);
    expect(masker.add('pa55word')).toEqual([]);
  });

  test('data is masked in depth', () => {
    const masker = new Masker();
    masker.add('hunter2');
    const given = {
      a: ['x hunter2'],
      m: new Map([['k', 'hunter2']]),
      s: new Set(['hunter2']),
      n: 1,
      u: undefined,
      d: null,
    };
    expect(masker.data(given)).toEqual({
      a: ['x ***'],
      m: new Map([['k', '***']]),
      s: new Set(['***']),
      n: 1,
      u: undefined,
      d: null,
    });
  });
});
