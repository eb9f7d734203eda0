import { wouldChange } from '../../src/report/plan.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const app = (image: string, more: Readonly<Record<string, unknown>> = {}) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image, ...more }],
});
const CHANGING = ['RegisterTaskDefinition', 'UpdateService', 'TagResource', 'DeregisterTaskDefinition'];

test('tells what would change, and changes nothing', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2', { environment: [{ name: 'TOKEN', value: 'hidden' }] }));
  const plan = await stage.plan({ 'desired-count': '3' });
  expect(wouldChange(plan)).toBe(true);
  expect(plan.differences.map(({ subject }) => subject)).toEqual([
    'container app: image',
    'container app: environment TOKEN',
  ]);
  expect(plan.settings).toEqual([{ subject: 'desired-count', kind: 'changed', before: '2', after: '3' }]);
  expect(plan.waves).toContain('6 tasks at most');
  expect(JSON.stringify(plan)).not.toContain('hidden');
  expect(stage.simulator.wire.calls.filter(({ operation }) => CHANGING.includes(operation))).toEqual([]);
});

test('what runs already would not change', async () => {
  const stage = new Stage().withService();
  stage.template();
  const plan = await stage.plan();
  expect(wouldChange(plan)).toBe(false);
});

test('an image that would be built is named by its tag; without docker the build is not checked, and the plan says so', async () => {
  const stage = new Stage().withService();
  stage.template(app('x'));
  const plan = await stage.plan({ repository: 'team/web', tags: 'v7' });
  expect(plan.differences[0]).toMatchObject({
    subject: 'container app: image',
    after: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:v7',
  });
  expect(plan.checks[0]).toMatchObject({ status: 'skip', text: expect.stringContaining('docker') });
});

test('a mistake is told as a deploy would tell it', async () => {
  const stage = new Stage().withService();
  stage.template({ memory: '513' });
  await expect(stage.plan()).rejects.toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
});
