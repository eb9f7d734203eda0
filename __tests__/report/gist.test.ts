import { execFileSync } from 'node:child_process';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { RunContext } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import { docsLink, whereText } from '../../src/report/about.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import { gistBlock, headingOf, restBlock } from '../../src/report/blocks.ts';
import { gistOf, nowText } from '../../src/report/gist.ts';
import type { RollbackWorkflow } from '../../src/report/rollback-workflow.ts';
import { rollbackCommands } from '../../src/report/way-back.ts';
import { render, textOf } from '../support/gfm.ts';
import { deployment, diagnosis, outcome, revisionArn, run, service, TASK_A } from './made.ts';

const bare: Outcome = { kind: 'failed', headline: 'No.', differences: [], diagnoses: [], warnings: [], timeline: [] };
const { previousTaskDefinitionArn: _, ...first } = deployment;
const AWS = 'aws ecs update-service --region eu-central-1 --cluster shop --service web --task-definition';
const workflow: RollbackWorkflow = {
  file: 'rollback.yml',
  target: 'to',
  values: { environment: 'production', what: 'rollback' },
};
const action: RunContext = { ...run, action: { repository: 'acme/ecs-rollout', ref: 'v1' } };

test.each([
  [{ service: 'web' }, 'web'],
  [{ service: 'web', cluster: 'production', region: 'eu-west-1' }, 'web in production/eu-west-1'],
  [
    {
      service: 'web',
      cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production',
      region: 'eu-west-1',
      environment: 'production',
    },
    'web in production/eu-west-1',
  ],
  [
    { service: 'web', cluster: 'blue', region: 'eu-west-1', environment: 'production' },
    'web in blue/eu-west-1 (environment production)',
  ],
])('%j is %s', (place, text) => expect(whereText(place)).toBe(text));

describe('nothing is urgent', () => {
  const before = revisionArn(41);
  const serving = { running: 2, desired: 2, revisions: [{ taskDefinitionArn: before, running: 2 }] };
  const now = (rest: Partial<Outcome>): string =>
    nowText(gistOf(outcome({ kind: 'rolled-back', deployment, serving, settings: [], tasks: [], ...rest }))) ?? '';
  const migrate = {
    name: 'migrate',
    phase: 'pre-deploy',
    label: 'the migration',
    succeeded: true,
    exitCodes: { app: 0 },
    seconds: 3,
  };
  test('the revision before serves with all its tasks', () =>
    expect(now({})).toBe('web:41 serves: 2 of 2; nothing is urgent'));
  test('nothing was deployed', () => expect(gistOf({ ...bare, serving }).calm).toBe(true));
  test.each<[string, Partial<Outcome>]>([
    ['fewer tasks than the service wants', { serving: { ...serving, running: 1 } }],
    ['no tasks are wanted', { serving: { running: 0, desired: 0, revisions: [] } }],
    [
      'the failed revision still has tasks',
      {
        serving: {
          ...serving,
          revisions: [...serving.revisions, { taskDefinitionArn: revisionArn(42), running: 1 }],
        },
      },
    ],
    [
      'the failed revision serves alone',
      { serving: { ...serving, revisions: [{ taskDefinitionArn: revisionArn(42), running: 2 }] } },
    ],
    ['the failed deployment is still there', { kind: 'failed' }],
    ['the revision that serves was to be left', { rollback: { leaves: 'web:41', targets: [] } }],
    ['a migration ran', { tasks: [migrate] as unknown as NonNullable<Outcome['tasks']> }],
    [
      'the desired count is another one',
      { settings: [{ subject: 'desired-count', kind: 'changed', before: '4', after: '2' }] },
    ],
    ['a success', { kind: 'deployed' }],
  ])('not where %s', (_, rest) => expect(now(rest)).not.toContain('urgent'));
});

describe('pages of a failed deployment', () => {
  const pages = (rest: Partial<Outcome>): string => {
    const failed = outcome({ deployment, ...rest });
    return gistBlock(failed, gistOf(failed, { run: action })).join('\n');
  };
  test('how to roll back by hand', () => {
    const address = 'https://github.com/acme/ecs-rollout/blob/v1/docs/rollback-on-call.md';
    expect(pages({ kind: 'rolled-back' })).toContain(`<a href="${address}">rolling back, on call</a>`);
    expect(pages({ kind: 'superseded' })).not.toContain('rollback-on-call');
  });
  test('a failed check of `verify` has its page', () => {
    const verdict = { kind: 'failed', reason: 'The check failed.', check: 'https://x/health' } as NonNullable<
      Outcome['verdict']
    >;
    expect(pages({ kind: 'rolled-back', diagnoses: [], verdict })).toContain(
      'docs/tasks.md#verifying-a-deployment-verify',
    );
  });
});

describe('the heading', () => {
  const heading = (of: Outcome): string => headingOf(of, gistOf(of));
  test.each<[Outcome['kind'], string]>([
    ['deployed', '✅ web in shop/eu-central-1: `web:42` is deployed'],
    ['unchanged', '✅ web in shop/eu-central-1: `web:42` runs already, nothing was changed'],
    ['started', '🚀 web in shop/eu-central-1: `web:42` is being deployed, not watched'],
    ['rolled-back', '❌ web in shop/eu-central-1: `web:42` failed and was rolled back'],
    ['failed', '❌ web in shop/eu-central-1: `web:42` failed'],
    ['superseded', '⚠️ web in shop/eu-central-1: `web:42` was superseded'],
    ['cancelled', '⚠️ web in shop/eu-central-1: `web:42` was cancelled'],
    ['paused', '⏸️ web in shop/eu-central-1: `web:42` is paused'],
  ])('%s', (kind, title) => expect(heading(outcome({ kind }))).toBe(title));
  test.each<[Outcome['kind'], string]>([
    ['deployed', '✅ web in shop/eu-central-1: rolled back to `web:42`'],
    ['started', '🚀 web in shop/eu-central-1: the rollback to `web:42` is under way, not watched'],
    [
      'rolled-back',
      '❌ web in shop/eu-central-1: the rollback to `web:42` failed; `web:41`, the revision this run rolled back from, still serves',
    ],
    ['failed', '❌ web in shop/eu-central-1: the rollback to `web:42` failed'],
    ['cancelled', '⚠️ web in shop/eu-central-1: the rollback to `web:42` was cancelled'],
  ])('of mode: rollback, %s', (kind, title) =>
    expect(heading(outcome({ kind, deployment, rollback: { leaves: 'web:41', targets: [] } }))).toBe(title),
  );
  test('of a rollback whose service is back on a third revision', () => {
    const verdict = { kind: 'rolled-back', to: revisionArn(40), reason: 'No.', causes: [] } as const;
    expect(
      heading(outcome({ kind: 'rolled-back', deployment, verdict, rollback: { leaves: 'web:41', targets: [] } })),
    ).toBe('❌ web in shop/eu-central-1: the rollback to `web:42` failed; `web:40` still serves');
  });
  test('names the revision that is known: registered, deployed, or none; and both where a rollback failed, too', () => {
    expect(heading({ ...bare, deployment })).toBe('❌ `web:42` failed');
    expect(heading({ ...bare, service: service([]) })).toBe('❌ web in shop/eu-central-1: the deployment failed');
    expect(heading(bare)).toBe('❌ The deployment failed');
    const failedRollback = { to: revisionArn(41), cause: 'It crashed.', targets: [] };
    expect(heading({ ...bare, deployment, failedRollback })).toBe(
      '❌ `web:42` failed, and so did the rollback to `web:41`',
    );
  });
});

describe('the one next step', () => {
  const next = (rest: Partial<Outcome>, more = {}) => gistOf(outcome(rest), { run, ...more }).next;
  test('a failed deployment is rolled back by a command that works as it is', () => {
    const command = `${AWS} web:41`;
    expect(next({ kind: 'failed' })).toEqual({ text: 'Roll back to web:41:', command, commands: [command] });
    expect(next({ kind: 'cancelled' }, { rollbackWorkflow: workflow })).toEqual({
      text: 'To undo the deployment, roll back to web:41:',
      commands: [expect.stringMatching(/^gh workflow run /), command],
      command: 'gh workflow run rollback.yml --repo acme/shop -f environment=production -f what=rollback -f to=web:41',
    });
  });
  test.each([
    ['Deploy again with `maximum-percent: 100`.', ['Deploy again'], ''],
    ['Set it, and start a new deployment. Else deploy again.', ['start a new deployment'], ''],
    ['Set it. Else deploy again.', ['deploy again'], ' Then deploy again.'],
    ['Run the job that pushes this image again.', [], ' Then deploy again.'],
  ])('a step that deploys is not followed by another deployment: %s', (remedy, deploys, then) => {
    expect(next({ kind: 'rolled-back', diagnoses: [diagnosis({ remedy, deploys })] })).toMatchObject({
      text: `${remedy.split(' Else')[0]}${then}`,
    });
  });

  test('what is rolled back is repaired', () => {
    expect(next({ kind: 'rolled-back' })?.text).toBe('Fix the cause and deploy again.');
    expect(next({ kind: 'rolled-back', diagnoses: [diagnosis({ remedy: 'Push it.' })] })).toEqual({
      text: 'Push it. Then deploy again.',
    });
  });
  test('a restart or a change of settings that failed offers no rollback to the revision that it restarted', () => {
    const same = { ...deployment, previousTaskDefinitionArn: deployment.taskDefinitionArn };
    const restarted = (kind: 'failed' | 'cancelled' | 'deployed') =>
      next({ kind, deployment: same, previous: { arn: same.taskDefinitionArn } as never });
    expect(restarted('failed')).toEqual({
      text: 'Fix the cause and deploy again. The same revision ran before, so there is none to roll back to.',
    });
    expect(restarted('cancelled')).toEqual({
      text: 'See the deployments of the service (link): ECS continues this one.',
    });
    expect(restarted('deployed')).toBeUndefined();
  });
  test('a service that never ran and was scaled to 0 or deleted: nothing serves', () => {
    const of = (firstFailure: 'scaled-to-zero' | 'deleted') =>
      gistOf(outcome({ kind: 'failed', firstFailure })).serving;
    expect([of('scaled-to-zero'), of('deleted')]).toEqual([
      'nothing serves: 0 of 0',
      'nothing serves: the service was deleted',
    ]);
  });
  test('a rollback that failed as well goes further back, where there is a target', () => {
    const failed = (targets: readonly string[]) =>
      next({ kind: 'failed', failedRollback: { to: revisionArn(41), cause: 'It crashed.', targets } });
    expect(failed([])?.text).toBe('Neither revision came up: fix the cause and deploy again.');
    expect(failed(['web:40', 'web:39'])).toEqual({
      text: 'Roll back further, to web:40, the newest other revision that can run:',
      command: `${AWS} web:40`,
      commands: [`${AWS} web:40`],
    });
    const failedRollback = { to: revisionArn(41), cause: 'It crashed.', targets: ['web:40', 'web:39'] };
    expect(gistOf(outcome({ kind: 'failed', failedRollback })).otherwise).toBe('Other revisions that can run: web:39.');
  });
  test('a rollback that failed with the same words: neither revision is the cause, so that an older one is no way out', () => {
    const crash = (id: string, text: string) =>
      diagnosis({
        cause: `No database (${id}).`,
        remedy: 'Start it.',
        evidence: { surface: 'container.log', text, context: {} },
      });
    const of = (words: string) => {
      const [first, second] = [crash('a', 'no db'), crash('b', words)];
      const failedRollback = { to: revisionArn(41), cause: second.cause, targets: ['web:40'], diagnosis: second };
      const failed = outcome({ kind: 'failed', done: 'It failed.', diagnoses: [first, second], failedRollback });
      return { gist: gistOf(failed), rest: restBlock(failed) };
    };
    expect(of('no db').gist).toMatchObject({
      done: 'The rollback to web:41 failed with the same error, so the change between the two revisions is hardly the cause.',
      next: { text: 'Start it. Then deploy again.' },
      otherwise: 'Other revisions that can run: web:40.',
    });
    expect(of('no db').rest).toEqual([]);
    const other = of('no file');
    expect(other.gist).toMatchObject({ done: 'It failed.', fix: 'Start it.', next: { command: `${AWS} web:40` } });
    expect(other.rest).toEqual(['Also seen:\n\n- `web:41`: Start it.']);
  });
  test('without a command the way back names the mode', () => {
    const { deployment: _, ...unknown } = outcome({ kind: 'failed', rollback: { targets: ['web:40'] } });
    expect(gistOf({ ...unknown, deployment: { ...deployment, id: 'd-1' } }).next?.text).toBe(
      'Roll back to web:40, the newest other revision that can run, with `mode: rollback` and `rollback-to: web:40`.',
    );
  });
  test('a rollback that cannot be placed sets the desired count back that this run raised; no task is called failing', () => {
    const room = diagnosis({ nature: 'unplaceable', cause: 'No room.', remedy: 'Add room.' });
    const at = (unplaced: boolean, count = '2') =>
      gistOf(
        outcome({
          kind: 'failed',
          done: 'It failed as well.',
          service: { ...service([]), desiredCount: 4 },
          settings: [{ sign: '~', subject: 'desired-count', before: count, after: '4' } as never],
          diagnoses: [room],
          failedRollback: { to: revisionArn(41), cause: 'No room.', targets: ['web:40'], unplaced },
          serving: { running: 2, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 2 }] },
        }),
        { run },
      );
    expect(at(true)).toMatchObject({
      serving: 'web:41 serves: 2 of 4; the other 2 cannot be placed',
      done: 'It failed as well. The desired count stays 4, as set by `desired-count` (2 before).',
      next: { command: 'aws ecs update-service --region eu-central-1 --cluster shop --service web --desired-count 2' },
      fix: 'Add room.',
    });
    expect(at(false).serving).toBe('web:41 serves: 2 of 4, but its tasks keep failing');
    expect(at(false).next?.command).toBe(`${AWS} web:40`);
    expect(at(true, '6').next?.command).toBe(`${AWS} web:40`);
  });
  test('a desired count that cannot be placed beside what runs already is set back', () => {
    const room = diagnosis({ nature: 'unplaceable', cause: 'No room.', remedy: 'Add room.' });
    const raised = (more: Partial<Outcome>) =>
      gistOf(
        outcome({
          kind: 'failed',
          deployment: { ...deployment, endedBefore: true },
          service: { ...service([]), desiredCount: 4 },
          settings: [{ sign: '~', subject: 'desired-count', before: '2', after: '4' } as never],
          diagnoses: [room],
          ...more,
        }),
        { run },
      );
    expect(raised({})).toMatchObject({
      next: { command: 'aws ecs update-service --region eu-central-1 --cluster shop --service web --desired-count 2' },
      fix: 'Add room.',
    });
    expect(raised({ diagnoses: [diagnosis({ remedy: 'Mend it.' })] }).next?.text).not.toContain('desired count');
  });
  test('nothing to roll back to, nothing changed, nothing to do', () => {
    expect(next({ kind: 'failed', deployment: first })?.text).toContain('there is nothing to roll back to');
    expect(gistOf({ ...bare, diagnoses: [diagnosis({ remedy: 'Set it.' })] }).next).toEqual({ text: 'Set it.' });
    expect(gistOf(bare).next?.text).toContain('Nothing was changed on the service');
    expect(next({ kind: 'unchanged' })).toBeUndefined();
    expect(next({ kind: 'deployed', deployment: first })).toBeUndefined();
    expect(next({ kind: 'superseded' })?.text).toBe('See the run that started the newer deployment.');
    const taken = (arn: string) => {
      const verdict = { kind: 'superseded', byDeployment: 'ecs-svc/9', byTaskDefinition: arn } as const;
      const { title, next } = gistOf(outcome({ kind: 'superseded', verdict, deployment }));
      return [title, next?.text];
    };
    expect(taken(revisionArn(43))).toEqual([
      'web:42 was superseded by web:43',
      'See the run that started the newer deployment of web:43.',
    ]);
    expect(taken('another revision')).toEqual([
      'web:42 was superseded',
      'See the run that started the newer deployment.',
    ]);
    expect(taken(deployment.taskDefinitionArn)).toEqual(taken('another revision'));
    expect(next({ kind: 'paused' })?.text).toContain('ECS console');
  });
  test.each([
    [
      'ECS',
      {},
      'aws ecs continue-service-deployment --region eu-central-1 --service-deployment-arn d-1 --hook-id h-1 --action CONTINUE',
      'aws ecs continue-service-deployment --region eu-central-1 --service-deployment-arn d-1 --hook-id h-1 --action ROLLBACK',
    ],
    [
      'CodeDeploy',
      { id: 'd-1' },
      'aws deploy continue-deployment --region eu-central-1 --deployment-id d-1 --deployment-wait-type h-1',
      'aws deploy stop-deployment --region eu-central-1 --deployment-id d-1 --auto-rollback-enabled',
    ],
  ] as const)('a pause is continued by a command that works as it is: %s', (_, carried, proceed, undo) => {
    const awaits = { serviceDeploymentArn: 'd-1', hookId: 'h-1', until: 1_700_000_000 };
    const paused = gistOf(outcome({ kind: 'paused', deployment: { ...deployment, ...carried }, awaits }));
    expect(paused.next).toEqual({
      text: 'Continue the deployment before 2023-11-14 22:13 UTC, when the time-out of its hook decides:',
      command: proceed,
      commands: [proceed],
    });
    expect(paused.otherwiseCommands).toEqual([undo]);
    const rollback = gistOf(
      outcome({
        kind: 'failed',
        deployment: { ...deployment, ...carried },
        awaits: { serviceDeploymentArn: 'd-1', hookId: 'h-1' },
      }),
    );
    expect(rollback.next).toEqual({ text: 'Continue the rollback:', command: proceed, commands: [proceed] });
  });
  test('names are words of a shell; GitHub Enterprise Server is named; without a deployment there is no command', () => {
    const odd = { ...deployment, cluster: 'arn:aws:ecs:eu-central-1:123456789012:cluster/a b', service: "it's" };
    expect(rollbackCommands({ ...bare, deployment: odd }, 'web:41', {})).toEqual([
      `aws ecs update-service --region eu-central-1 --cluster 'a b' --service 'it'\\''s' --task-definition web:41`,
    ]);
    const odder = { ...workflow, values: { environment: 'a b' } };
    const enterprise = { ...run, serverUrl: 'https://git.acme.example' };
    expect(rollbackCommands(bare, revisionArn(41), { run: enterprise, rollbackWorkflow: odder })).toEqual([
      `gh workflow run rollback.yml --repo git.acme.example/acme/shop -f 'environment=a b' -f to=web:41`,
    ]);
    expect(rollbackCommands(bare, 'web:41', {})).toEqual([]);
  });
});

test('a shell reads the commands as they are meant, whatever the names', () => {
  const words = (command: string): string[] =>
    execFileSync('sh', ['-c', `set -- ${command}; printf '%s\\n' "$@"`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
  for (const name of ['web', "it's", 'a b', '$HOME', '`id`', '"; exit 1; "', 'a*', '#x', '~']) {
    const odd = { ...deployment, cluster: `arn:aws:ecs:eu-central-1:123456789012:cluster/${name}`, service: name };
    const about = { run, rollbackWorkflow: { ...workflow, values: { environment: name } } };
    const [byWorkflow = '', byService = ''] = rollbackCommands({ ...bare, deployment: odd }, revisionArn(41), about);
    expect(words(byWorkflow)).toEqual([
      'gh',
      'workflow',
      'run',
      'rollback.yml',
      '--repo',
      'acme/shop',
      '-f',
      `environment=${name}`,
      '-f',
      'to=web:41',
    ]);
    expect(words(byService)).toEqual([
      'aws',
      'ecs',
      'update-service',
      '--region',
      'eu-central-1',
      '--cluster',
      name,
      '--service',
      name,
      '--task-definition',
      'web:41',
    ]);
  }
});

test('both ways back stand in a fence of their own, so that each is copied alone', () => {
  const gist = gistOf(outcome({ kind: 'failed' }), { run, rollbackWorkflow: workflow });
  const [box = ''] = gistBlock(outcome({ kind: 'failed' }), gist);
  const fences = [...render(box).matchAll(/<pre[^>]*>([\s\S]*?)<\/pre>/g)].map(([, inner = '']) =>
    textOf(inner).trim(),
  );
  expect(fences).toEqual([
    expect.stringMatching(/^gh workflow run .*$/),
    expect.stringMatching(/^aws ecs update-service .*$/),
  ]);
  // The box is one quotation: what is to be run is in it.
  for (const line of box.split('\n')) expect(line).toMatch(/^>/);
});

describe('what a failed run says', () => {
  const crash = diagnosis({
    rule: 'app-crash',
    cause: 'The application app could not connect to its database.',
    remedy: 'Allow port 5432.',
    evidence: { surface: 'container.log', text: 'Error: connect ETIMEDOUT 10.0.0.7:5432', context: {} },
    taskId: TASK_A,
    container: 'app',
  });
  const definition = {
    family: 'web',
    containerDefinitions: [
      {
        name: 'app',
        image: 'a',
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' },
        },
      },
    ],
  };
  const failed = outcome({
    kind: 'failed',
    reason: 'The application app could not connect to its database.',
    done: undefined as never,
    diagnoses: [crash],
    deployment: { ...deployment, definition },
    serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
  });
  const { done: __, ...left } = failed;
  const gist = gistOf(left, { run: action });

  test('the words of the application, what serves, what was done, the fix and the next step', () => {
    expect(gist).toMatchObject({
      where: 'web in shop/eu-central-1',
      title: 'web:42 failed',
      what: 'The application app could not connect to its database.',
      words: { from: 'application', text: 'Error: connect ETIMEDOUT 10.0.0.7:5432' },
      serving: 'web:41 serves: 4 of 4',
      done: 'Nothing was rolled back.',
      fix: 'Allow port 5432.',
      next: { text: 'Roll back to web:41:', command: `${AWS} web:41` },
      docs: 'https://github.com/acme/ecs-rollout/blob/v1/docs/troubleshooting/containers.md#app-crash',
    });
    expect(gist.links.map(({ name }) => name)).toEqual(['log', 'task', 'console']);
    expect(gist.links[0]?.address).toContain('#logsV2:log-groups/log-group/$252Fweb/log-events/ecs$252Fapp$252F');
    expect(gist.links[1]?.address).toContain(`/ecs/v2/clusters/shop/tasks/${TASK_A}/`);
  });
  test('of an action at a local path, whose entries have no address: page and error name the file, before the page of AWS', () => {
    const linked = { ...left, diagnoses: [{ ...crash, link: 'https://docs.aws.amazon.com/x' }] };
    const local = gistOf(linked, { run });
    const [, links = ''] = gistBlock(linked, local);
    expect(links).toMatch(
      /^troubleshooting: `docs\/troubleshooting\/containers\.md#app-crash` in the repository of the action · /,
    );
    expect(links).toMatch(/AWS.{1,6}s page on this<\/a>$/);
    expect(annotationsOf(linked, local)[0]?.text.split('\n').at(-1)).toBe(
      'docs/troubleshooting/containers.md#app-crash in the repository of the action, https://docs.aws.amazon.com/x',
    );
    expect(gistBlock(linked, gist)[1]).not.toContain('in the repository of the action');
    const unknown = { ...linked, diagnoses: [{ ...crash, rule: 'unknown', link: 'https://docs.aws.amazon.com/x' }] };
    expect(gistBlock(unknown, gistOf(unknown, { run })).join('')).not.toContain('docs/troubleshooting');
  });
  test('in that order on the page', () => {
    expect(gistBlock(left, gist)[0]).toBe(
      [
        '> [!CAUTION]',
        '> The application app could not connect to its database.',
        '>',
        '> The application: `Error: connect ETIMEDOUT 10.0.0.7:5432`',
        '>',
        '> - **Now:** `web:41` serves: 4 of 4',
        '> - **Done:** Nothing was rolled back.',
        '> - **Fix:** Allow port 5432.',
        '> - **Next:** Roll back to `web:41`:',
        '>',
        '> ```sh',
        `> ${AWS} web:41`,
        '> ```',
      ].join('\n'),
    );
  });
  test('words that the cause quotes, or that are an exit code, are not said twice', () => {
    const quoted = { ...crash, cause: 'It failed: Error: connect ETIMEDOUT 10.0.0.7:5432.' };
    expect(gistOf({ ...left, diagnoses: [quoted] }).words).toBeUndefined();
    const code = { ...crash, evidence: { surface: 'container.exitCode', text: 'exit code 1', context: {} } as const };
    expect(gistOf({ ...left, diagnoses: [code] }).words).toBeUndefined();
    const aws = { ...crash, evidence: { surface: 'service.event', text: 'No.', context: {} } as const };
    expect(gistOf({ ...left, diagnoses: [aws] }).words).toEqual({ from: 'AWS', text: 'No.' });
  });
  test('a cause without words shows none', () => {
    const silent = { ...crash, evidence: { surface: 'service.event', text: '', context: {} } as const };
    expect(gistOf({ ...left, diagnoses: [silent] }).words).toBeUndefined();
  });
  test('a link only to what is known: no log without its place, no task without the service', () => {
    const names = (of: Outcome) => gistOf(of).links.map(({ name }) => name);
    expect(names({ ...left, deployment })).toEqual(['task', 'console']);
    expect(names({ ...left, diagnoses: [diagnosis()] })).toEqual(['console']);
    // The only container there is.
    expect(names({ ...left, diagnoses: [{ ...crash, container: undefined as never }] })).toEqual([
      'log',
      'task',
      'console',
    ]);
    const { service: ___, ...homeless } = left;
    expect(names(homeless)).toEqual([]);
    expect(names({ ...bare, diagnoses: [crash] })).toEqual([]);
  });
  test.each(['deployed', 'unchanged', 'started'] as const)(
    'a run that ended as %s has no cause and no links',
    (kind) => {
      const { title: ____, next: _____, ...good } = gistOf({ ...left, kind });
      expect(good).toMatchObject({ what: left.headline, links: [] });
      expect(Object.keys(good)).not.toEqual(expect.arrayContaining(['words']));
      expect(Object.keys(good)).not.toEqual(expect.arrayContaining(['docs']));
    },
  );
  test.each<[Outcome['kind'], string | undefined, string]>([
    ['failed', 'Nothing was rolled back.', 'reason'],
    ['rolled-back', 'Nothing was rolled back.', 'reason'],
    ['superseded', undefined, 'headline'],
    ['cancelled', undefined, 'reason'],
    ['paused', undefined, 'headline'],
  ])('%s: what was done is said of a failure alone', (kind, done, what) => {
    const known = { ...left, kind, headline: 'The headline.' };
    expect([gistOf(known).done, gistOf(known).what]).toEqual([
      done,
      what === 'reason' ? 'The application app could not connect to its database.' : 'The headline.',
    ]);
  });

  test('other causes and the warnings stand below; those of a good run beside its headline', () => {
    const other = diagnosis({ cause: 'Two.', remedy: 'Do it.' });
    expect(restBlock({ ...left, diagnoses: [crash, other], warnings: ['a'] })).toEqual([
      'Also seen:\n\n- Two. Do it.',
      '> [!WARNING]\n> - a',
    ]);
    const symptom = diagnosis({ nature: 'symptom', cause: 'ECS rolls back.' });
    expect(restBlock({ ...left, diagnoses: [crash, symptom], warnings: [] })).toEqual([]);
    expect(restBlock({ ...left, diagnoses: [symptom, symptom], warnings: [] })).toHaveLength(1);
    const good = outcome({
      diagnoses: Array.from({ length: 7 }, () => other),
      warnings: Array.from({ length: 12 }, () => 'w'),
    });
    const [headline, list, warnings] = gistBlock(good, gistOf(good));
    expect(headline).toBe('`web:42` runs: 2 tasks, healthy.');
    expect(list?.split('\n')).toHaveLength(5);
    expect(warnings?.split('\n> - ')).toHaveLength(11);
    expect(restBlock(good)).toEqual([]);
  });
});

test('the troubleshooting guide is the one of the action that runs', () => {
  expect(docsLink('oom', undefined)).toBeUndefined();
  expect(docsLink('oom', run)).toBeUndefined();
  expect(docsLink('PREFLIGHT_FAILED', action)).toBe('https://github.com/acme/ecs-rollout/blob/v1/docs/preflight.md');
  expect(docsLink('INTERNAL', action)).toBeUndefined();
  const branch = { ...run, action: { repository: 'acme/tools/ecs-rollout', ref: 'feature/a b' } };
  expect(docsLink('oom', branch)).toBe(
    'https://github.com/acme/tools/blob/feature/a%20b/docs/troubleshooting/containers.md#oom',
  );
});

test('a task before the deployment that failed: what it may have changed, and what a new run does', () => {
  const task = (name: string, succeeded: boolean, ran: object) => ({
    label: `pre-deploy task ${name}`,
    phase: 'pre-deploy' as const,
    name,
    succeeded,
    exitCodes: {},
    ...ran,
  });
  const done = (...tasks: NonNullable<Outcome['tasks']>) => {
    const { deployment: _, ...rest } = outcome({ kind: 'failed', tasks });
    return gistOf(rest).done;
  };
  const ran = task('migrate', false, { seconds: 5 });
  expect(done(ran)).toBe(
    'Nothing was deployed. What the pre-deploy task migrate changed before it failed stays, such as a part of a migration. A new run starts its command from the beginning.',
  );
  expect(done(task('migrate', false, { exitCodes: { app: 1 } }))).toBe(done(ran));
  expect(done(task('check', true, { seconds: 1 }), ran)).toMatch(/A new run starts all pre-deploy tasks/);
  expect(done(task('migrate', false, {}))).toBe(
    'Nothing was deployed: the command of the pre-deploy task migrate did not start. A new run starts its command from the beginning.',
  );
  expect(done(task('check', true, { seconds: 1 }), task('migrate', false, {}))).toContain(
    'What the tasks before it changed stays.',
  );
  expect(done()).toBeUndefined();
});

test('a rollback does not undo the work of tasks that ran before the deployment', () => {
  const task = (name: string, phase: 'pre-deploy' | 'post-deploy', succeeded = true) => ({
    label: `${phase} task ${name}`,
    phase,
    name,
    succeeded,
    exitCodes: {},
  });
  const done = (kind: Outcome['kind'], tasks: NonNullable<Outcome['tasks']>) =>
    gistOf(outcome({ kind, deployment, done: 'Rolled back to web:41.', tasks })).done;
  const migrate = task('migrate', 'pre-deploy');
  expect(done('rolled-back', [migrate, task('smoke', 'post-deploy', false)])).toBe(
    'Rolled back to web:41. What the pre-deploy task migrate changed, such as a database, stays.',
  );
  expect(done('rolled-back', [migrate, task('seed', 'pre-deploy')])).toContain('What the pre-deploy tasks changed');
  expect(done('rolled-back', [task('smoke', 'post-deploy')])).toBe('Rolled back to web:41.');
  expect(done('failed', [migrate])).toBe('Rolled back to web:41.');
});

describe('the next step of mode: rollback', () => {
  const rolledBack = (kind: Outcome['kind'], targets: readonly string[] = [], rest: Partial<Outcome> = {}) =>
    gistOf(outcome({ kind, deployment, rollback: { leaves: 'web:41', targets }, ...rest }));
  const cause = diagnosis({ cause: 'It crashed.', remedy: 'Repair it.' });

  test.each(['rolled-back', 'failed'] as const)('%s: another target, and the cause beside it', (kind) => {
    const { next, fix } = rolledBack(kind, ['web:40', 'web:39'], { diagnoses: [cause] });
    expect(next?.text).toBe('Roll back to web:40, the newest other revision that can run:');
    expect(next?.command).toBe(`${AWS} web:40`);
    expect(fix).toBe('Repair it.');
  });
  test.each(['rolled-back', 'failed'] as const)(
    '%s, and no other target is known: a new revision, never the same again',
    (kind) => {
      const { next, fix, otherwise } = rolledBack(kind, [], { diagnoses: [cause] });
      expect(next?.text).toBe(
        'Deploy a new revision that repairs what is wrong with web:41: no other revision is known that can run.',
      );
      expect(next?.text).not.toMatch(/deploy again|mode: list/i);
      expect(next?.command).toBeUndefined();
      // One order on the first screen: the other one is folded.
      expect(fix).toBeUndefined();
      expect(otherwise).toBe('To roll back to web:42 all the same: Repair it.');
    },
  );
  test.each([
    ['quota', { needs: 'quota' }],
    ['room', { nature: 'unplaceable' }],
  ] as const)('no %s for its tasks: room first, then the same again, whatever other target there is', (_, trait) => {
    const full = diagnosis({ cause: 'The quota is reached.', remedy: 'Request more.', ...trait });
    for (const targets of [[], ['web:40']]) {
      const { next, fix } = rolledBack('rolled-back', targets, { diagnoses: [full] });
      expect(next?.text).toBe('Request more. Then roll back to web:42 again:');
      expect(next?.command).toBe(`${AWS} web:42`);
      expect(fix).toBeUndefined();
    }
  });
  test.each([
    [4, 50, 'as few as half of the tasks serve'],
    [1, 0, 'the service is down'],
  ])(
    'the Fargate quota, %i tasks: the command has the percents that make room, the quota is the other way',
    (desiredCount, percent, meanwhile) => {
      const full = diagnosis({
        rule: 'fargate-quota',
        cause: 'The quota is reached.',
        remedy: 'Request more.',
        needs: 'quota',
      });
      const { service } = outcome({ deployment });
      if (!service) throw new Error('a service');
      const { next, otherwise, otherwiseCommands } = rolledBack('rolled-back', ['web:40'], {
        diagnoses: [full],
        service: { ...service, desiredCount, minimumHealthyPercent: 100, strategy: 'ROLLING' },
      });
      expect(next?.text).toBe(
        `Roll back to web:42 again so that old tasks stop first (${meanwhile} meanwhile); the percents stay so until a deploy sets them:`,
      );
      expect(next?.commands).toEqual([
        `${AWS} web:42 --deployment-configuration minimumHealthyPercent=${percent},maximumPercent=100`,
      ]);
      expect(otherwise).toMatch(/Service Quotas/);
      expect(otherwiseCommands?.[0]).toMatch(/request-service-quota-increase/);
    },
  );
  test.each(['deployed', 'started', 'cancelled'] as const)(
    '%s: what was left is offered as the way to undo it',
    (kind) => expect(rolledBack(kind).next).toMatchObject({ text: 'To undo this rollback:', command: `${AWS} web:41` }),
  );
  test('a revision that was not left is a rollback target like any other', () =>
    expect(gistOf(outcome({ kind: 'deployed', deployment, rollback: { targets: [] } })).next?.text).toBe(
      'To roll back to web:41:',
    ));
  test('what was done is no rollback of the rollback', () =>
    expect(rolledBack('rolled-back', [], { done: 'Rolled back to web:41.' }).done).toBe('web:41 was restored.'));
});

describe('what was done where the revision stays', () => {
  const title = (rest: Partial<Outcome>) => gistOf(outcome({ kind: 'deployed', ...rest })).title;
  const count = { subject: 'desired-count', kind: 'changed', before: '2', after: '4' } as const;
  const grace = { subject: 'health-check-grace-period-seconds', kind: 'added', after: '90' } as const;
  test.each<[string, Partial<Outcome>, string]>([
    ['the desired count', { settings: [count] }, 'desired count changed from 2 to 4'],
    ['a setting without a value before', { settings: [grace] }, 'health-check-grace-period-seconds changed'],
    [
      'several',
      { settings: [count, grace] },
      '2 settings of the service changed (desired-count, health-check-grace-period-seconds)',
    ],
  ])('%s', (_, rest, text) => expect(title({ ...rest, settingsOnly: true })).toBe(text));
  test('a restart deploys the revision again; with another revision the settings are no title', () => {
    expect(title({ deployment: { ...deployment, previousTaskDefinitionArn: revisionArn(42) } })).toBe(
      'web:42 is deployed again',
    );
    expect(title({ settings: [count] })).toBe('web:42 is deployed');
  });
  test('neither is rolled back to itself', () => {
    const { previous: _, ...rest } = outcome({ kind: 'deployed' });
    const again = { ...rest, deployment: { ...deployment, previousTaskDefinitionArn: revisionArn(42) } };
    expect(gistOf(again).next).toBeUndefined();
    expect(gistOf(outcome({ kind: 'deployed' })).next?.text).toBe('To roll back to web:41:');
  });
});

test('what an application printed has the entry of its class', () => {
  const run = { serverUrl: 'https://github.com', action: { repository: 'acme/ecs-rollout', ref: 'v1' } } as RunContext;
  const docs = (found: Partial<Diagnosis>) =>
    gistOf(outcome({ kind: 'failed', diagnoses: [diagnosis({ rule: 'app-crash', ...found })] }), { run }).docs;
  const folder = 'https://github.com/acme/ecs-rollout/blob/v1/docs/troubleshooting';
  expect(docs({ errorClass: 'connection-refused' })).toBe(`${folder}/applications.md#connection-refused`);
  expect(docs({ errorClass: 'stated' })).toBe(`${folder}/containers.md#app-crash`);
  expect(docs({})).toBe(`${folder}/containers.md#app-crash`);
});
