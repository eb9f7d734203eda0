import { wouldChange } from '../../src/report/plan.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const app = (image: string, more: Readonly<Record<string, unknown>> = {}) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image, ...more }],
});
const CHANGING = ['RegisterTaskDefinition', 'UpdateService', 'TagResource', 'DeregisterTaskDefinition'];

test('shows what would change, and changes nothing', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2', { environment: [{ name: 'TOKEN', value: 'hidden' }] }));
  const plan = await stage.plan({ 'desired-count': '3' });
  expect(wouldChange(plan)).toBe(true);
  expect(plan.differences.map(({ subject }) => subject)).toEqual([
    'container app: image',
    'container app: environment TOKEN',
  ]);
  expect(plan.settings).toEqual([{ subject: 'desired-count', kind: 'changed', before: '2', after: '3' }]);
  expect(plan.rollout).toContain('at most 6 running');
  expect(JSON.stringify(plan)).not.toContain('hidden');
  expect(stage.simulator.wire.calls.filter(({ operation }) => CHANGING.includes(operation))).toEqual([]);
});

test('what runs already would not change', async () => {
  const stage = new Stage().withService();
  stage.template();
  const plan = await stage.plan();
  expect(wouldChange(plan)).toBe(false);
});

/** What a plan says, and whether the deploy after it called UpdateService. */
async function planned(stage: Stage, given: Readonly<Record<string, string>> = {}) {
  const plan = await stage.plan(given);
  const said = [...stage.lines];
  await stage.deploy(given);
  return { changed: wouldChange(plan), updated: stage.count('UpdateService') > 0, reasons: plan.reasons, plan, said };
}
const changes = { changed: true, updated: true };

describe('a plan says what a deploy then does', () => {
  test('forced, with the same definition', async () => {
    const stage = new Stage().withService();
    stage.template();
    expect(await planned(stage, { 'force-new-deployment': 'true' })).toMatchObject({
      ...changes,
      reasons: ['Every task would be replaced: `force-new-deployment`.'],
    });
  });

  test('other tags alone', async () => {
    const stage = new Stage().withService();
    stage.template();
    expect(await planned(stage, { 'task-definition-tags': 'team=a' })).toMatchObject({
      ...changes,
      reasons: ['A new revision with the same definition would be registered: other tags (team).'],
    });
  });

  test('what runs is INACTIVE', async () => {
    const stage = new Stage().withService();
    stage.template();
    stage.simulator.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' });
    expect(await planned(stage)).toMatchObject({
      ...changes,
      reasons: ['A new revision with the same definition would be registered: web:1 is INACTIVE.'],
    });
  });

  test('what is wanted is registered already, and does not run', async () => {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:2') });
    expect(await planned(stage)).toMatchObject({
      ...changes,
      reasons: ['web:2 would be deployed, which is registered already.'],
    });
    expect(stage.revisions()).toEqual(['web:1', 'web:2']);
  });

  test('another client registered another one, and the wanted one runs', async () => {
    const stage = new Stage().withService();
    stage.template();
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:2') });
    expect(await planned(stage)).toMatchObject({ changed: false, updated: false, reasons: [] });
  });

  test('an earlier attempt of this run is rolling it out', async () => {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 600 });
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.clock.advance(20);
    const plan = await stage.plan();
    expect([wouldChange(plan), plan.reasons]).toEqual([false, ['web:2 is being rolled out already.']]);
  });
});

test('an image that is missing is reported beside all else that is wrong, once', async () => {
  const stage = new Stage().withService();
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:none';
  stage.template({ ...app('x'), taskRoleArn: 'arn:aws:iam::123456789012:role/gone' });
  const { checks, image: planned } = await stage.plan({ image });
  const bad = checks.flatMap(({ status, text }) => (status === 'bad' ? [text] : []));
  expect(bad).toEqual([expect.stringContaining(image), expect.stringContaining('role gone')]);
  expect(planned).toEqual({ kind: 'given', reference: image });
});

test('checks are shown by the report alone', async () => {
  const stage = new Stage().withService();
  stage.template();
  const { checks } = await stage.plan();
  const said = stage.lines.join('\n');
  expect(checks.length).toBeGreaterThan(0);
  expect(said).toMatch(/preflight: \d+ passed/);
  for (const { text } of checks) expect(said).not.toContain(text);
});

test('an image that would be built is named by its tag; without docker the build is not checked, and the plan says so', async () => {
  const stage = new Stage().withService();
  stage.template(app('x'));
  stage.files.set('Dockerfile', 'FROM scratch');
  const plan = await stage.plan({ repository: 'team/web', tags: 'v7' });
  expect(plan.differences[0]).toMatchObject({
    subject: 'container app: image',
    after: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v7',
  });
  expect(plan.checks[0]).toMatchObject({
    status: 'warn',
    text: expect.stringMatching(/docker.*A deploy on this runner could not build the image\./),
  });
});

test('a mistake is reported as by a deploy', async () => {
  const stage = new Stage().withService();
  const build = { repository: 'team/web', file: 'Dockerfil', 'build-secret-files': 'npm=.npmrc' };
  const expected = { code: 'INVALID_INPUT', mistakes: [{ subject: 'file' }, { subject: 'build-secret-files' }] };
  stage.template();
  await expect(stage.plan(build)).rejects.toMatchObject(expected);
  stage.template({ memory: '513' });
  await expect(stage.plan()).rejects.toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
});

test('a plan names the checks that follow the deployment, where there would be one', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const given = { verify: 'https://web.example.com/health', 'hold-minutes': '2' };
  const { reasons } = await stage.plan(given);
  expect(reasons).toEqual([
    'The deployment would be verified by https://web.example.com/health; if that fails, it fails.',
    'It would be watched for 2 min more (`hold-minutes`).',
  ]);
  stage.template();
  expect((await stage.plan(given)).reasons).toEqual([]);
});
