import { bad, mergeDenied, notChecked, ok, skip, warn } from '../../src/preflight/check.ts';

test('a line is subject, problem and remedy', () => {
  expect(bad('a', 'is not there.', 'Create it.')).toEqual({
    status: 'bad',
    subject: 'a',
    problem: 'is not there.',
    remedy: 'Create it.',
    text: 'a: is not there. Create it.',
  });
  expect(ok('a', 'is there.')).toEqual({ status: 'ok', subject: 'a', problem: 'is there.', text: 'a: is there.' });
  expect(warn('a', 'b.').text).toBe('a: b.');
  expect([warn('a', 'b.', 'c.').status, skip('a', 'b.', 'c.').text]).toEqual(['warn', 'a: b. c.']);
});

test.each([
  [undefined, 'a: was not checked.'],
  [{ kind: 'unknown', reason: 'no answer' } as const, 'a: not checked (no answer).'],
  [
    { kind: 'denied', permission: 'iam:GetRole' } as const,
    'a: not checked: IAM denies it to this job. Allow iam:GetRole to enable this check.',
  ],
])('what was not checked, and why: %j', (answer, text) => {
  expect(notChecked('a', answer)).toMatchObject({
    status: 'skip',
    text,
    ...(answer?.kind === 'denied' ? { permission: 'iam:GetRole' } : {}),
  });
});

test('what the same missing right hides is one line, the rest stays in its order', () => {
  const hidden = (subject: string) => notChecked(subject, { kind: 'denied', permission: 'iam:GetRole' });
  const checks = mergeDenied([ok('a', 'is.'), hidden('b'), ok('c', 'is.'), hidden('d'), hidden('b')]);
  expect(checks.map(({ subject }) => subject)).toEqual(['a', 'b, d', 'c']);
});
