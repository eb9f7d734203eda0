import { HANDOVER_STATE } from '../../src/states.ts';
import { handoverOf, saveHandover } from '../../src/stories/handover.ts';
import { Stage } from '../support/world.ts';

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
  expect([...saved.keys()]).toEqual([HANDOVER_STATE]);
  expect(state(HANDOVER_STATE)).not.toContain('canary');
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
