import type { VerifyInputs } from '../../src/inputs/types.ts';
import { type Answer, isProven, nameOfCheck, problemOf } from '../../src/verify/judge.ts';

const common = { successes: 1, everySeconds: 5, timeoutSeconds: 300 };
const url = (more: object = {}): VerifyInputs => ({
  kind: 'url',
  url: 'https://app.example.com/health',
  statuses: ['2xx'],
  ...common,
  ...more,
});
const command: VerifyInputs = { kind: 'command', words: ['./smoke.sh', '--fast'], ...common };
const page = (more: Partial<Extract<Answer, { kind: 'page' }>> = {}): Answer => ({
  kind: 'page',
  status: 200,
  body: 'version 2 is up',
  seconds: 0.25,
  ...more,
});

test.each<[string, VerifyInputs, Answer, string | undefined]>([
  ['a page of the class', url(), page({ status: 204 }), undefined],
  ['a page of another class', url(), page({ status: 503 }), 'status 503, expected 2xx'],
  ['the first class below', url(), page({ status: 199 }), 'status 199, expected 2xx'],
  ['no status of HTTP', url({ statuses: ['6xx'] }), page({ status: 600 }), 'status 600, expected 6xx'],
  ['an exact status', url({ statuses: ['200'] }), page({ status: 201 }), 'status 201, expected 200'],
  ['one of several', url({ statuses: ['200', '3xx'] }), page({ status: 302 }), undefined],
  ['none of several', url({ statuses: ['200', '3xx'] }), page({ status: 404 }), 'status 404, expected 200 or 3xx'],
  ['the body', url({ body: 'version 2' }), page(), undefined],
  ['another body', url({ body: 'version 3' }), page(), 'the body does not contain `version 3`'],
  ['fast enough, to the millisecond', url({ latencyMs: 250 }), page(), undefined],
  ['too slow', url({ latencyMs: 249 }), page(), 'it took 250 ms, at most 249 ms are allowed'],
  ['the status counts before the body', url({ body: 'x' }), page({ status: 500 }), 'status 500, expected 2xx'],
  ['no answer', url(), { kind: 'none', why: 'connection refused' }, 'connection refused'],
  ['exit code 0', command, { kind: 'exit', exitCode: 0, lastLine: 'bye' }, undefined],
  ['another exit code', command, { kind: 'exit', exitCode: 2, lastLine: 'no route' }, 'exit code 2: no route'],
  ['another exit code without a line', command, { kind: 'exit', exitCode: 1, lastLine: '' }, 'exit code 1'],
  ['a command that did not start', command, { kind: 'none', why: 'not found' }, 'not found'],
  ['never a page of a command', command, page(), 'a page in place of an exit code'],
])('%s', (_, check, answer, problem) => {
  expect(problemOf(check, answer)).toBe(problem);
});

test.each([
  [{ successes: 3 }, { count: 2, since: 0 }, 1000, false],
  [{ successes: 3 }, { count: 3, since: 1000 }, 1000, true],
  [{ successes: 1, forSeconds: 60 }, { count: 9, since: 1000 }, 1059, false],
  [{ successes: 1, forSeconds: 60 }, { count: 9, since: 1000 }, 1060, true],
  [{ successes: 10, forSeconds: 60 }, { count: 9, since: 1000 }, 2000, false],
])('%j after %j', (wanted, streak, now, proven) => {
  expect(isProven(wanted, streak, now)).toBe(proven);
});

test.each([
  ['https://app.example.com/health?token=abc', 'https://app.example.com/health'],
  ['https://app.example.com/#top', 'https://app.example.com/'],
  ['https://user:password@app.example.com/a@b', 'https://app.example.com/a@b'],
])('a check is named without what may be secret: %s', (address, name) => {
  expect(nameOfCheck(url({ url: address }))).toBe(name);
});
test('a command is named by its words', () => expect(nameOfCheck(command)).toBe('./smoke.sh --fast'));
