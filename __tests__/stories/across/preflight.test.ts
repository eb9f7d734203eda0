import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const CHANGING = /^(Register|Update|Tag|Deregister|Stop)/;
const app = (more: Readonly<Record<string, unknown>>) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2', ...more }],
});
/** A task that needs what the account does not have. */
const NEEDY = app({
  secrets: [
    { name: 'PASSWORD', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::' },
  ],
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
  },
});

const changes = (stage: Stage): string[] =>
  stage.simulator.wire.calls.map(({ operation }) => operation).filter((operation) => CHANGING.test(operation));

test('all that is missing is reported at once, and nothing is changed', async () => {
  const stage = new Stage().withService();
  stage.template({ ...NEEDY, taskRoleArn: 'arn:aws:iam::123456789012:role/gone' });
  await expect(stage.deploy({})).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    mistakes: expect.arrayContaining([
      expect.objectContaining({ subject: 'task role gone' }),
      expect.objectContaining({ subject: expect.stringContaining('secret db') }),
    ]),
  });
  expect(changes(stage)).toEqual([]);
  expect(stage.lines.join('\n')).toMatch(/preflight: \d+ passed.*\d failed/);
});

test('preflight: false deploys without looking', async () => {
  const stage = new Stage().withService();
  stage.template(NEEDY);
  expect((await stage.deploy({ preflight: 'false' })).kind).toBe('deployed');
  expect(stage.count('GetRole')).toBe(0);
});

test('a plan has the same checks, and ends with all of them', async () => {
  const stage = new Stage().withService();
  stage.template(NEEDY);
  const { checks, differences } = await stage.plan();
  expect(checks.filter(({ status }) => status === 'bad').length).toBeGreaterThan(0);
  expect(differences.length).toBeGreaterThan(0);
  expect(changes(stage)).toEqual([]);
});

test('a rollback reports what is bad and continues', async () => {
  const stage = new Stage().withService();
  stage.template(app({}));
  await stage.deploy({});
  stage.clock.advance(3600);
  stage.simulator.iam.roles.clear();
  const outcome = await stage.rollback();
  expect(outcome.kind).toBe('deployed');
  expect(stage.lines.join('\n')).toContain('execution role execution');
});
