import { Failure } from '../../src/failure.ts';
import { annotationOfFailure, failureSummaryOf } from '../../src/report/failed.ts';

test('the annotation has every mistake, as it is written', () => {
  const json = '{"message":"b"}';
  const failure = new Failure('REFUSED', `No ${json}`, {
    mistakes: [{ subject: 'a', problem: `write ${json}` }],
    state: `Now ${json}`,
    remedy: `write ${json}`,
  });
  expect(annotationOfFailure(failure)).toEqual({
    kind: 'error',
    title: 'ECS Rollout',
    text: `No b\n  - a: write ${json}\nNow b\nWhat to do: write ${json}`,
  });
  expect(annotationOfFailure(new Failure('REFUSED', `x-y - ${json}`)).text).toBe('x-y - b');
  const long = annotationOfFailure(
    new Failure('REFUSED', Array.from({ length: 9 }, () => 'x '.repeat(400)).join('\n')),
  );
  expect(long.text).toHaveLength(4000);
});

test('a failure lists its mistakes, up to 100, and counts the others', () => {
  const page = (described: string, where?: string) => failureSummaryOf({ described, where });
  const lines = (count: number) =>
    ['It failed.', ...Array.from({ length: count }, (_, index) => `  - m${index}`)].join('\n');
  expect(page('It failed.')).toBe('## ❌ It failed\n');
  expect(page(lines(1))).toBe('## ❌ It failed\n\n- m0\n');
  expect(page('It failed.\nfirst - of all')).toBe('## ❌ It failed\n\nfirst - of all\n');
  expect(page('ECS refused it. It said so.\nWhat to do: Wait.', 'web in shop/eu-west-1')).toBe(
    '## ❌ web in shop/eu-west-1: ECS refused it\n\nIt said so.\n\n**What to do:** Wait.\n',
  );
  expect(page('It may not call it. (ecs:UpdateService: No (policy) allows `a`)')).toBe(
    '## ❌ It may not call it\n\nAWS: `` ecs:UpdateService: No (policy) allows `a` ``\n',
  );
  expect(page('It failed. (As before)')).toBe('## ❌ It failed\n\nAs before\n');
  expect(page('It failed. (As) and (b)')).toBe('## ❌ It failed\n\n(As) and (b)\n');
  const linked = (docs: string) => failureSummaryOf({ described: 'It failed...', docs });
  expect(linked('https://h.io/docs/preflight.md')).toBe(
    '## ❌ It failed...\n\n<a href="https://h.io/docs/preflight.md">troubleshooting: preflight</a>\n',
  );
  expect(linked('https://h.io/docs/troubleshooting/calls.md#denied')).toContain('>troubleshooting: denied</a>');
  expect(page(lines(100)).split('\n')).toHaveLength(103);
  expect(page(lines(102))).toContain('- m99\n- and 2 more lines in the log of the step\n');
});
