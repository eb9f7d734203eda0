import { reportRights, rightsSummaryOf } from '../../src/report/rights.ts';
import { type Denial, linesOf, policyOf } from '../../src/rights/consequences.ts';
import { paper } from './made.ts';

const denial = (action: string, rest: Partial<Denial> = {}): Denial => ({ action, resource: '*', ...rest });
const written = (denials: readonly Denial[]): string[] => {
  const console = paper();
  reportRights(console, denials);
  return console.lines;
};
const POLICY = 'Policy that allows all of them, for the role of this job';

test('what reads values is neither counted nor in the policy to paste, unless the run ended for it', () => {
  const reads = ['secretsmanager:GetSecretValue', 's3:GetObject'].map((action) => denial(action));
  expect(written(reads)).toEqual([]);
  expect(rightsSummaryOf(reads)).toBe('');
  const one = denial('iam:GetRole');
  expect(written([one, ...reads])).toEqual(written([one]));
  expect(rightsSummaryOf([one, ...reads])).toBe(rightsSummaryOf([one]));
  expect(written([denial('s3:GetObject', { neededBy: 'deploy' })]).join('\n')).toContain('s3:GetObject');
});

test('nothing where nothing was denied', () => {
  expect(written([])).toEqual([]);
  expect(rightsSummaryOf([])).toBe('');
});

test.each<[string, readonly Denial[], string]>([
  ['one', [denial('ecs:ListTasks')], '1 missing permission: the run continued without it.'],
  [
    'an action once, on how many resources whatsoever',
    [denial('ecs:ListTasks', { resource: 'a' }), denial('ecs:ListTasks')],
    '1 missing permission: the run continued without it.',
  ],
  [
    'not what was not asked for, though a deploy needs it',
    [denial('ecs:ListTasks'), denial('logs:GetLogEvents'), denial('ecs:UpdateService', { unasked: { after: 'x' } })],
    '2 missing permissions: the run continued without them.',
  ],
  [
    'one of several that a deploy needs',
    [denial('ecs:ListTasks'), denial('ecs:UpdateService', { neededBy: 'deploy' })],
    '2 missing permissions: this run needs some of them and ended.',
  ],
])('counts %s', (_, denials, title) => {
  const policy = JSON.stringify(policyOf(denials), undefined, 2);
  expect(written(denials)).toEqual([
    '',
    `! ${title}`,
    ...linesOf(denials).map((line) => `  ${line}`),
    `::group::${POLICY}`,
    ...policy.split('\n'),
    '::endgroup::',
  ]);
  const [head, lines, ...folded] = rightsSummaryOf(denials).split('\n\n');
  expect(head).toBe(`### ${title}`);
  expect(lines?.split('\n')).toHaveLength(linesOf(denials).length);
  expect(lines).toMatch(/^- `ecs:/);
  expect(folded.join('\n\n')).toBe(
    `<details><summary>${POLICY}</summary>\n\n\`\`\`text\n${policy}\n\`\`\`\n\n</details>\n`,
  );
});
