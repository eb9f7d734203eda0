import type { Outcome, Plan } from '../../src/outcome.ts';
import { annotationsOf, annotationsOfPlan, unannotated } from '../../src/report/annotations.ts';
import { diagnosis, outcome, revisionArn, service } from './made.ts';

const HEADLINE = 'The headline';
const of = (rest: Partial<Outcome>) => annotationsOf(outcome({ headline: HEADLINE, ...rest }));
const evidence = { surface: 'container.exitCode', text: 'exit code 1', context: {} } as const;
const cause = diagnosis({ cause: 'No image', remedy: 'Push it!', evidence });
const WHERE = 'web in shop/eu-central-1';
const COMMAND = 'aws ecs update-service --region eu-central-1 --cluster shop --service web --task-definition web:41';
const BACK = `Next: Roll back to web:41:\n${COMMAND}`;
const PAGE = `docs/troubleshooting/containers.md#image-not-found in the repository of the action, ${cause.link}`;
const serving = { running: 2, desired: 2, revisions: [{ taskDefinitionArn: revisionArn(41), running: 2 }] };

describe('of an outcome', () => {
  test.each<[Outcome['kind'], string | undefined, string?]>([
    ['deployed', undefined],
    ['unchanged', undefined],
    ['started', undefined],
    ['failed', `${WHERE}: web:42 failed`, `No image.\nNothing was rolled back.\nFix: Push it!\n${BACK}\n${PAGE}`],
    [
      'rolled-back',
      `${WHERE}: web:42 failed and was rolled back`,
      `No image.\nNothing was rolled back.\nNext: Push it! Then deploy again.\n${PAGE}`,
    ],
    [
      'superseded',
      `${WHERE}: web:42 was superseded`,
      `The headline.\nNext: See the run that started the newer deployment.\n${PAGE}`,
    ],
    [
      'cancelled',
      `${WHERE}: web:42 was cancelled`,
      `The headline.\nFix: Push it!\nNext: To undo the deployment, roll back to web:41:\n${COMMAND}\n${PAGE}`,
    ],
    [
      'paused',
      `${WHERE}: web:42 is paused`,
      `The headline.\nNext: Continue it with \`mode: continue\`, or roll it back with \`mode: continue\` and \`continue-action: rollback\`; its page in the ECS console has both, too.\n${PAGE}`,
    ],
  ])('%s: %s', (kind, title, text = '') =>
    expect(of({ kind, diagnoses: [cause] })).toEqual(title ? [{ kind: 'error', title, text }] : []),
  );

  test.each<[string, Partial<Outcome>, string]>([
    ['the headline where no cause is known', {}, `The headline.\nNothing was rolled back.\n${BACK}`],
    [
      'what serves',
      { diagnoses: [cause], serving },
      `No image.\nNow web:41 serves: 2 of 2. Nothing was rolled back.\nFix: Push it!\n${BACK}\n${PAGE}`,
    ],
    ['a sentence ends once', { headline: 'Why?' }, `Why?\nNothing was rolled back.\n${BACK}`],
    [
      'and nothing for nothing',
      { diagnoses: [diagnosis({ cause: 'See:', remedy: '', evidence })] },
      `See:\nNothing was rolled back.\n${BACK}\n${PAGE}`,
    ],
  ])('%s', (_, rest, text) => expect(of({ kind: 'failed', ...rest })).toEqual([expect.objectContaining({ text })]));

  test('both causes of a failed rollback', () =>
    expect(
      of({
        kind: 'failed',
        reason: 'It crashed.',
        done: 'The rollback to web:41 failed as well: x.',
        diagnoses: [cause],
        failedRollback: { to: revisionArn(41), cause: 'x', targets: [] },
      }),
    ).toEqual([
      {
        kind: 'error',
        title: `${WHERE}: web:42 failed, and so did the rollback to web:41`,
        text: `web:42: It crashed.\nThe rollback to web:41 failed as well: x.\nNext: Push it!\n${PAGE}`,
      },
    ]));

  test('without a service', () => {
    const { service: _, ...rest } = outcome({ kind: 'failed' });
    expect(annotationsOf(rest)[0]?.title).toBe('web:42 failed');
  });

  test('each warning once, and of more than five the rest counted', () => {
    const texts = (count: number, twice = 'w0.') =>
      of({ warnings: [...Array.from({ length: count }, (_, n) => `w${n}`), twice] }).map(({ kind, title, text }) => {
        expect([kind, title]).toEqual(['warning', `${WHERE}: warning`]);
        return text;
      });
    expect(texts(5)).toEqual(['w0.', 'w1.', 'w2.', 'w3.', 'w4.']);
    expect(unannotated(['a', 'b', 'c', 'd', 'e', 'e'])).toEqual([]);
    expect(unannotated(['a', 'b', 'c', 'd', 'e', 'e', 'f'])).toEqual(['e.', 'f.']);
    expect(texts(6)).toEqual(['w0.', 'w1.', 'w2.', 'w3.', '2 more warnings: see the job summary.']);
  });
});

test.each([
  ['a {"message":"b"} c', 'a b c.'],
  ['{"x":{"y":1,"errorMessage":"b"}}', 'b.'],
  ['{"x":[null,{"Error_Message":"b"}]}', 'b.'],
  ['{"message":7,"x":{"message":"b"}}', 'b.'],
  ['{"xmessage":"b"}', '(details in the log).'],
  ['{"messages":"b"}', '(details in the log).'],
  ['{}', '(details in the log).'],
  ['a {b} c', 'a {b} c.'],
  ['} a {', '} a {.'],
  ['a }', 'a }.'],
  ['{ a', '{ a.'],
])('of JSON its message: %s', (headline, text) =>
  expect(of({ kind: 'superseded', headline })[0]?.text).toBe(
    `${text}\nNext: See the run that started the newer deployment.`,
  ),
);

test('of a plan only what is wrong', () => {
  const plan = (checks: Plan['checks']): Plan => ({
    service: service([]),
    image: { kind: 'template' },
    differences: [],
    reasons: [],
    settings: [],
    updates: true,
    checks,
  });
  const bad = { status: 'bad', text: 'role: no' } as const;
  const warn = { status: 'warn', text: 'x' } as const;
  expect(annotationsOfPlan(plan([warn]))).toEqual([]);
  expect(annotationsOfPlan(plan([bad, warn, bad]))).toEqual([
    {
      kind: 'error',
      title: `${WHERE}: could not be deployed`,
      text: '2 checks failed:\n  - role: no\n  - role: no',
    },
  ]);
  const many = annotationsOfPlan(plan(Array.from({ length: 500 }, () => bad)));
  expect(many[0]?.text).toHaveLength(4000);
});
