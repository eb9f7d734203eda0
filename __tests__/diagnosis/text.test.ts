import { mask, maskParts, normalise, withoutViewers } from '../../src/diagnosis/text.ts';

describe('a message as rules read it', () => {
  test.each<[string, string]>([
    ['\u001B[1;31mred\u001B[0m text', 'red text'],
    ['\u2018a\u2019 \u201Bb\u2019', "'a' 'b'"],
    ['\u201Ca\u201D', '"a"'],
    ['a\u00A0b', 'a b'],
    ['  a \r\n b\r\tc\n', 'a b c'],
  ])('%j', (text, expected) => {
    expect(normalise(text, 'service.event')).toBe(expected);
  });
  test('of a build keeps its lines, without time stamps and the words of actions', () => {
    const text =
      ' 2026-11-26T05:00:00.123Z #1 a\t b\r\nError: buildx failed with: ERROR: x\r\nbuildx call failed with: y\n';
    expect(normalise(text, 'buildx.stderr')).toBe('2026-11-26T05:00:00.123Z #1 a b\nERROR: x\ny');
    expect(normalise('2026-11-26T05:00:00.123Z a\n2026-11-26T05:00:01Z b', 'buildx.stderr')).toBe('a\nb');
  });
  test('of a build leaves out the misses of a cache where another error follows', () => {
    const miss = '#5 importing cache manifest from a\n#5 ERROR: a: not found\n';
    const block = '#5 ERROR: a: not found\n------\n > importing cache manifest from a:\n';
    expect(normalise(`${miss}ERROR: x`, 'buildx.stderr')).toBe('ERROR: x');
    expect(normalise(`${block}error: x`, 'buildx.stderr')).toBe('error: x');
    expect(normalise('#5 ERROR: a: not found\n > importing cache manifest from a:\nERROR: x', 'buildx.stderr')).toBe(
      'ERROR: x',
    );
    expect(normalise('#5 ERROR: a: not found\n> importing cache manifest from a\nERROR: x', 'buildx.stderr')).toBe(
      'ERROR: x',
    );
    expect(normalise('#12 ERROR: a: denied\n > importing cache manifest from a:\nERROR: x', 'buildx.stderr')).toContain(
      'denied',
    );
    expect(normalise(`${miss}#6 done`, 'buildx.stderr')).toBe(`${miss}#6 done`);
    expect(
      normalise(`#5 importing cache manifest from a\n#6 ERROR: a: not found\nERROR: x`, 'buildx.stderr'),
    ).toContain('#6 ERROR');
  });
  test('is cut at 8,000 characters, three quarters of them from its end', () => {
    const cut = normalise(`${'a'.repeat(8000)}${'b'.repeat(8000)}`, 'service.event');
    expect(cut.length).toBeLessThanOrEqual(8000);
    expect(cut.length).toBeGreaterThan(7900);
    expect((cut.match(/b/g) ?? []).length).toBeGreaterThan(5900);
    expect((cut.match(/a/g) ?? []).length).toBeGreaterThan(1900);
    expect(normalise('c'.repeat(8000), 'service.event')).toHaveLength(8000);
  });
});

describe('names that users gave', () => {
  test.each([
    ['(service firelens) has failed', '(service zqa) has failed'],
    ['1.dkr.ecr.eu-west-1.amazonaws.com/team/web:1', '1.dkr.ecr.eu-west-1.amazonaws.com/zqa:1'],
    ['1.dkr-ecr.eu-west-1.on.aws/v2/web/manifests/1', '1.dkr-ecr.eu-west-1.on.aws/v2/zqa/manifests/1'],
    ['arn:aws:iam::1:role/secret-reader', 'arn:aws:iam::1:role/zqa'],
    ['arn:aws:iam::1:role/aws-service-role/x', 'arn:aws:iam::1:role/aws-service-role/x'],
    [
      'arn:aws:ecs:eu:1:cluster/a and arn:aws:ecs:eu:1:service/a/b',
      'arn:aws:ecs:eu:1:cluster/zqa and arn:aws:ecs:eu:1:service/zqb',
    ],
    ['(service a) (service b) (service a)', '(service zqa) (service zqb) (service zqa)'],
    ['the web service', 'the web service'],
  ])('%s', (text, masked) => {
    expect(mask(text).text).toBe(masked);
    expect(mask(text).restore(masked)).toBe(text);
  });
  test('the same name has the same token, and a name that follows is found', () => {
    const text = '(service a) (service a) (service b) (service a)';
    expect(mask(text).text).toBe('(service zqa) (service zqa) (service zqb) (service zqa)');
  });
  test.each([
    ['cannot reach timeout.prod.internal', 'cannot reach zqa.prod.internal'],
    ['open /app/access-denied/x', 'open /app/zqa-zqb/x'],
    ['open /a/denied: access denied', 'open /a/zqa: access denied'],
    ['my-timeout.x.y my-timeout.x.y', 'my-zqa.x.y my-zqa.x.y'],
    ['my-timeout.x.y my-timeout.x.y my-denied.x.y', 'my-zqa.x.y my-zqa.x.y my-zqb.x.y'],
    ['a word before a file: my-timeout.x', 'a word before a file: my-timeout.x'],
    ['dial timeout-db:5432', 'dial zqa-db:5432'],
    ['a timeout of the request', 'a timeout of the request'],
  ])('words of failures are no more than parts of a host or path: %s', (text, masked) => {
    expect(maskParts(text).text).toBe(masked);
    expect(maskParts(text).restore(masked)).toBe(text);
    expect(maskParts(text).restore('zqz zqab')).toBe('zqz zqab');
  });
  test('more than 26 words of failures stay', () => {
    const words =
      'access denied deny timeout found refused space cert certs missing migration migrate password invalid url urls uri memory pem gpu pool pools topic topics region regions error errors';
    const text = words
      .split(' ')
      .map((word) => `/${word}/`)
      .join(' ');
    expect(maskParts(text).text).toMatch(/\/zqz\/ \/error\/ \/errors\/$/);
    expect(maskParts(text).restore(maskParts(text).text)).toBe(text);
  });
  test('more than 26 of them stay, and an unknown token too', () => {
    const text = Array.from({ length: 28 }, (_, index) => `(service n${index})`).join(' ');
    const { text: masked, restore } = mask(text);
    expect(masked).toContain('(service zqz) (service n26) (service n27)');
    expect(restore(masked)).toBe(text);
    expect(mask('(service a)').restore('zqa zqb')).toBe('a zqb');
  });
});

describe('what log viewers write before each line', () => {
  const task = '0123456789abcdef0123456789abcdef';
  test.each([
    ['line numbers', '240 | > vite build\n241 | \n242 | error during build:', '> vite build\n\nerror during build:'],
    ['grep -n', '118-Building\n119:error: gcc failed\n--\n130-done', 'Building\nerror: gcc failed\n\ndone'],
    ['Docker Compose', 'web-1  | Error: no\nweb-1  |     at x.js:1', 'Error: no\n    at x.js:1'],
    ['the stream of awslogs', `ecs/web/${task} Error: no\necs/web/${task}   at x`, 'Error: no\n  at x'],
    ['its time as well', `2024-05-01T10:00:00.1+00:00 ecs/web/${task} Error: no`, 'Error: no'],
    ['kubectl', '[pod/web-1/web] Error: no\n[pod/web-1/web]   at x', 'Error: no\n  at x'],
    ['stern', 'web-6f7 web Error: no\nweb-6f7 web   at x', 'Error: no\n  at x'],
    ['the runner', '##[error]Process completed with exit code 1.', 'Process completed with exit code 1.'],
    [
      'a time on lines of a stack',
      '2024-05-01T10:00:00Z Error: no\n2024-05-01T10:00:00Z     at x',
      'Error: no\n    at x',
    ],
  ])('%s', (_, text, plain) => expect(withoutViewers(text)).toBe(plain));
  test.each([
    ['BuildKit quotes the Dockerfile', 'Dockerfile:12\n  11 | FROM a\n  12 | >>> RUN b\nERROR: failed'],
    ['a compiler quotes the code', 'error[E0433]: no\n3 | use a;\n  | ^'],
    ['the program writes the time', '2024-05-01T10:00:00Z INFO a\n2024-05-01T10:00:01Z ERROR b'],
    ['one line begins with a number', '404: not found\nbye'],
    ['the name of a tool', 'npm error code E404\nnpm error 404 Not Found'],
    ['dates', '2024-05-01 a\n2024-05-02 b'],
  ])('stays: %s', (_, text) => expect(withoutViewers(text)).toBe(text));
});
