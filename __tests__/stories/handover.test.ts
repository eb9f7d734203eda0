import { Failure } from '../../src/failure.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { Runner } from '../../src/ports.ts';
import {
  handoverOf,
  type Intent,
  intentOf,
  type LeftMember,
  markSettled,
  membersOf,
  provenIn,
  runnerOf,
  saveEnd,
  saveHandover,
  saveIntent,
  undoOf,
} from '../../src/stories/handover.ts';
import { endedBefore } from '../../src/stories/post.ts';
import { old, ours, revisionArn, service } from '../report/made.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const saved = new Map<string, string>();
const runner = { saveState: (name: string, value: string) => void saved.set(name, value) };
const state = (name: string): string => saved.get(name) ?? '';
const NONE = { token: undefined, externalId: undefined };
beforeEach(() => saved.clear());

const inputs = new Stage().inputs({
  cluster: 'shop',
  'on-cancel': 'rollback',
  'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
  'role-external-id': 'canary-id',
  'github-token': 'canary-token',
  'github-environment': 'production',
  comment: 'true',
});

test('post gets what main used, without the secrets', () => {
  saveHandover(inputs, runner);
  expect([...saved.keys()]).toEqual(['handover']);
  expect(state('handover')).not.toContain('canary');
  const { place, onCancel } = handoverOf(state, NONE) ?? {};
  expect(onCancel).toBe('rollback');
  expect(place).toMatchObject({
    aws: { region: inputs.aws.region, role: { arn: 'arn:aws:iam::123456789012:role/deploy' } },
    service: { cluster: 'shop', service: 'web' },
    github: { comment: true, deployment: { environment: 'production' } },
  });
  expect(place?.github.token).toBeUndefined();
});

test('its secrets are the inputs of the post step', () => {
  saveHandover(inputs, runner);
  const { place } = handoverOf(state, { token: 'now', externalId: 'id' }) ?? {};
  expect(place?.github.token).toBe('now');
  expect(place?.aws.role?.externalId).toBe('id');
  expect(handoverOf(state, { token: '', externalId: '' })?.place.github).not.toHaveProperty('token');
});

test('a role is not invented for its external id', () => {
  saveHandover(new Stage().inputs({}), runner);
  expect(handoverOf(state, { token: undefined, externalId: 'id' })?.place.aws).not.toHaveProperty('role');
});

test('nothing where main ended before it had read its inputs', () =>
  expect(handoverOf(() => '', NONE)).toBeUndefined());

const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
const INTENT = { cluster: CLUSTER, service: 'web', previous: arn(1), proven: arn(1), next: arn(2), registered: true };

describe('what main leaves for post', () => {
  test('nothing where nothing was announced', () => expect(intentOf(state)).toBeUndefined());

  test('what was announced, with the time', () => {
    saveIntent(INTENT, { runner, clock: { now: () => 17 } });
    expect(intentOf(state)).toEqual({ ...INTENT, at: 17 });
    expect([...saved.keys()]).toEqual(['rollout']);
  });

  test('nothing once it has come to its end', () => {
    saveIntent(INTENT, { runner, clock: { now: () => 17 } });
    markSettled({ runner });
    expect(saved.has('settled')).toBe(true);
    expect(intentOf(state)).toBeUndefined();
  });
});

test.each<[string, Pick<Intent, 'cluster' | 'service' | 'proven'>, string]>([
  [
    'a revision that ran before',
    INTENT,
    ' To undo it: `aws ecs update-service --region eu-west-1 --cluster shop --service web --task-definition web:1`.',
  ],
  [
    'a cluster by its name',
    { ...INTENT, cluster: 'shop' },
    ' To undo it: `aws ecs update-service --cluster shop --service web --task-definition web:1`.',
  ],
  ['nothing that ran before', { cluster: CLUSTER, service: 'web' }, ''],
])('how to undo it by hand: %s', (_, intent, words) => expect(undoOf(intent)).toBe(words));

test('what may be rolled back to is what has run', () => {
  expect(provenIn(service([old(2, { status: 'PRIMARY' })]))).toEqual({ proven: revisionArn(41) });
  expect(provenIn(service([ours()]))).toStrictEqual({});
});

describe('post finds the deployment whose answer main never got, by its revision and its time', () => {
  /** web:2 started and web:3 took its place; main announced web:2 this many seconds after (or before) ECS's clock says. */
  async function lost(secondsAfter: number): Promise<string> {
    const stage = new Stage().withService();
    stage.simulator.model.behaviours.set('app:3', { startSeconds: 600 });
    const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
    for (const n of [2, 3]) {
      const image = `example.com/app:${n}`;
      const { taskDefinition } = stage.simulator.call('RegisterTaskDefinition', {
        ...TASK_DEFINITION,
        ...app(image),
      }) as unknown as { taskDefinition: { taskDefinitionArn: string } };
      if (n === 2) {
        const { services } = stage.simulator.call('DescribeServices', { services: ['web'] }) as unknown as {
          services: { clusterArn: string; taskDefinition: string }[];
        };
        const [service] = services;
        const at = stage.clock.now() + secondsAfter;
        saveIntent(
          {
            cluster: service?.clusterArn ?? '',
            service: 'web',
            previous: service?.taskDefinition ?? '',
            next: taskDefinition.taskDefinitionArn,
            registered: true,
          },
          { runner: stage.world.runner, clock: { now: () => at } },
        );
      }
      stage.simulator.call('UpdateService', { service: 'web', taskDefinition: `web:${n}` });
      stage.clock.advance(n === 2 ? 15 : 5);
    }
    return (await stage.post())?.headline ?? '';
  }

  test.each([
    ['at the same time', 0, true],
    ['by a clock that is 30 s ahead', 30, true],
    ['but not one that started long before', 31, false],
  ])('%s', async (_, seconds, ours) => {
    expect(await lost(seconds)).toContain(ours ? 'web:2 was replaced by' : 'web:2 was not deployed');
  });
});

test('of several services post knows how each ended, which is left, and which had not begun', () => {
  saved.clear();
  saveHandover(inputs, runner, ['api', 'worker', 'cron', 'mail']);
  const one = { runner: runnerOf(runner as Runner, 0) };
  saveIntent({ ...INTENT, service: 'api' }, { ...one, clock: { now: () => 17 } });
  saveEnd({ end: { kind: 'ended', outcome: { kind: 'deployed', headline: 'api:2 runs.' } as Outcome } }, one);
  markSettled(one);
  const two = { runner: runnerOf(runner as Runner, 1) };
  saveIntent({ ...INTENT, service: 'worker' }, { ...two, clock: { now: () => 17 } });
  saveEnd({ end: { kind: 'skipped', why: 'api failed.' } }, { runner: runnerOf(runner as Runner, 2) });
  const members = membersOf(state);
  expect(members.map(({ name, left }) => [name, left])).toEqual([
    ['api', false],
    ['worker', true],
    ['cron', false],
    ['mail', false],
  ]);
  expect(members.filter(({ left }) => !left).map((member) => endedBefore(member))).toMatchObject([
    {
      name: 'api',
      cluster: CLUSTER,
      end: { kind: 'ended', outcome: { kind: 'deployed', headline: 'api:2 runs.', revision: { arn: arn(2) } } },
    },
    { name: 'cron', end: { kind: 'skipped', why: 'api failed.' } },
    { name: 'mail', end: { kind: 'skipped', why: 'The run ended before its deployment started.' } },
  ]);
  saveEnd(
    { end: { kind: 'failed', failure: new Failure('CONFLICT', 'It broke.') } },
    { runner: runnerOf(runner as Runner, 3) },
  );
  expect(endedBefore(membersOf(state)[3] as LeftMember)).toMatchObject({
    end: { kind: 'ended', outcome: { kind: 'failed', headline: 'It broke.' } },
  });
  saved.clear();
  saveHandover(inputs, runner);
  expect(membersOf(state)).toEqual([]);
});
