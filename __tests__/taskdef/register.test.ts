import { Failure } from '../../src/failure.ts';
import type { JsonObject, Revision, Tags, TaskDefinition } from '../../src/model.ts';
import { sameDefinition } from '../../src/taskdef/diff.ts';
import { register } from '../../src/taskdef/register.ts';

const DEFINITION: TaskDefinition = {
  family: 'web',
  networkMode: 'awsvpc',
  containerDefinitions: [{ name: 'app', image: 'nginx:1', memory: 64 }],
};
const revision = (number: number, change: Partial<Revision> = {}): Revision => ({
  arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${number}`,
  family: 'web',
  revision: number,
  status: 'ACTIVE',
  definition: DEFINITION,
  tags: [],
  ...change,
});

/**
 * ECS that registers as web:8 and remembers what it was given.
 * @param lost answers that get lost on the way back; `before` says that the call got lost on the way there
 */
function ecs(lost: readonly ('before' | 'after')[] = [], other?: Revision) {
  const given: [TaskDefinition, Tags][] = [];
  let newest: Revision | undefined = other;
  const left = [...lost];
  return {
    given,
    ecs: {
      registerTaskDefinition: async (definition: TaskDefinition, tags: Tags) => {
        const now = left.shift();
        if (now !== 'before') {
          given.push([definition, tags]);
          newest = revision(7 + given.length, { definition, tags });
        }
        if (now) throw new Failure('UNAVAILABLE', 'ecs:RegisterTaskDefinition failed: socket hang up');
        return newest ?? revision(8);
      },
      describeTaskDefinition: async () => newest ?? Promise.reject(new Failure('REFUSED', 'Unable to describe.')),
    },
    clock: { sleep: async () => {} },
  };
}

describe('a new revision is registered only where something is new', () => {
  const stored = revision(7, { tags: [{ key: 'team', value: 'web' }] });
  const same: Tags = [{ key: 'team', value: 'web' }];
  test.each<[string, Revision | undefined, Tags, number]>([
    ['the latest is the same', stored, same, 7],
    [
      'it differs in the tags of a deploy',
      { ...stored, tags: [...same, { key: 'ecs-rollout:commit', value: 'a' }] },
      [...same, { key: 'ecs-rollout:commit', value: 'b' }],
      7,
    ],
    ['it has tags of AWS', { ...stored, tags: [...same, { key: 'aws:cloudformation:stack-id', value: 'x' }] }, same, 7],
    [
      'its tags stand in another order',
      { ...stored, tags: [{ key: 'a', value: '1' }, ...same] },
      [...same, { key: 'a', value: '1' }],
      7,
    ],
    ['another tag', stored, [{ key: 'team', value: 'api' }], 8],
    ['the first of its family', undefined, same, 8],
    ['the latest was deregistered', { ...stored, status: 'INACTIVE' }, same, 8],
    [
      'another image',
      {
        ...stored,
        definition: { ...DEFINITION, containerDefinitions: [{ name: 'app', image: 'nginx:2', memory: 64 }] },
      },
      same,
      8,
    ],
  ])('%s', async (_, latest, tags, expected) => {
    const world = ecs();
    const registered = await register({ definition: DEFINITION, tags, ...(latest ? { latest } : {}) }, world);
    expect([registered.revision.revision, registered.reused]).toEqual([expected, expected === 7]);
    expect(world.given).toEqual(expected === 7 ? [] : [[DEFINITION, tags]]);
  });
});

describe('an answer that got lost', () => {
  const tags: Tags = [{ key: 'ecs-rollout:run', value: '42/1' }];
  test.each<[string, readonly ('before' | 'after')[], number]>([
    ['after ECS had registered: the revision is found, and no second one made', ['after'], 1],
    ['before ECS had it: registered again', ['before'], 1],
    ['both, one after the other', ['before', 'after'], 1],
  ])('%s', async (_, lost, made) => {
    const world = ecs(lost);
    expect(await register({ definition: DEFINITION, tags }, world)).toMatchObject({
      revision: { revision: 8 },
      reused: false,
    });
    expect(world.given).toHaveLength(made);
  });

  test('an equal revision that another run made at that moment is used, and not taken for our own', async () => {
    const other = revision(8, { tags: [{ key: 'ecs-rollout:run', value: '43/1' }] });
    const world = ecs(['before'], other);
    expect(await register({ definition: DEFINITION, tags, latest: revision(7) }, world)).toMatchObject({
      revision: { revision: 7 },
    });
    const changed = { ...revision(7), status: 'INACTIVE' as const };
    expect(await register({ definition: DEFINITION, tags, latest: changed }, world)).toMatchObject({
      revision: other,
      reused: true,
    });
    expect(world.given).toEqual([]);
  });

  test('a refusal is not repeated', async () => {
    const world = ecs();
    const refused = async () => Promise.reject(new Failure('REFUSED', 'Invalid revision.'));
    const asked = { ...world, ecs: { ...world.ecs, registerTaskDefinition: refused } };
    await expect(register({ definition: DEFINITION, tags }, asked)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});

describe('the same to ECS', () => {
  const app = (change: JsonObject, task: JsonObject = {}): JsonObject => ({
    ...DEFINITION,
    ...task,
    containerDefinitions: [{ name: 'app', image: 'nginx:1', ...change }],
  });
  const efs = (configuration: JsonObject): JsonObject => ({
    ...DEFINITION,
    volumes: [{ name: 'a', efsVolumeConfiguration: { fileSystemId: 'fs-1', ...configuration } }],
  });
  test.each<[string, JsonObject, JsonObject, boolean]>([
    ['switches that ECS adds', app({}, { enableFaultInjection: false }), app({ readonlyRootFilesystem: false }), true],
    ['a switch that is on', app({ privileged: true }), app({}), false],
    ['essential by default', app({ essential: true }), app({}), true],
    ['not essential', app({ essential: false }), app({}), false],
    [
      'defaults of a health check',
      app({ healthCheck: { command: ['CMD', 'x'] } }),
      app({ healthCheck: { command: ['CMD', 'x'], interval: 30, timeout: 5, retries: 3 } }),
      true,
    ],
    [
      'another interval',
      app({ healthCheck: { command: ['CMD', 'x'] } }),
      app({ healthCheck: { command: ['CMD', 'x'], interval: 10 } }),
      false,
    ],
    ['the order of a command', app({ command: ['a', 'b'] }), app({ command: ['b', 'a'] }), false],
    [
      'a port by TCP and UDP in another order',
      app({ portMappings: [{ containerPort: 53 }, { containerPort: 53, protocol: 'udp' }] }),
      app({
        portMappings: [
          { containerPort: 53, hostPort: 53, protocol: 'udp' },
          { containerPort: 53, hostPort: 53, protocol: 'tcp' },
        ],
      }),
      true,
    ],
    [
      'a fixed host port in bridge mode',
      app({ portMappings: [{ containerPort: 80, hostPort: 80 }] }, { networkMode: 'bridge' }),
      app({ portMappings: [{ containerPort: 80 }] }, { networkMode: 'bridge' }),
      false,
    ],
    ['sizes in words', app({}, { cpu: '1 vCPU', memory: '2GB' }), app({}, { memory: '2048', cpu: '1024' }), true],
    [
      'a role by its name',
      app({}, { taskRoleArn: 'web' }),
      app({}, { taskRoleArn: 'arn:aws:iam::123456789012:role/web' }),
      true,
    ],
    [
      'another role',
      app({}, { taskRoleArn: 'web' }),
      app({}, { taskRoleArn: 'arn:aws:iam::123456789012:role/api' }),
      false,
    ],
    [
      'defaults of EFS',
      efs({}),
      efs({ rootDirectory: '/', transitEncryption: 'DISABLED', authorizationConfig: { iam: 'DISABLED' } }),
      true,
    ],
    ['another folder of EFS', efs({}), efs({ rootDirectory: '/x' }), false],
    [
      'volumes in another order',
      { ...DEFINITION, volumes: [{ name: 'a' }, { name: 'b', host: {} }] },
      { ...DEFINITION, volumes: [{ name: 'b' }, { name: 'a' }] },
      true,
    ],
    [
      'an empty value and another',
      app({ environment: [{ name: 'A', value: '' }] }),
      app({ environment: [{ name: 'A', value: 'x' }] }),
      false,
    ],
    ['a variable more', app({ environment: [{ name: 'A', value: '' }] }), app({}), false],
  ])('%s', (_, one, other, expected) => {
    expect([sameDefinition(one, other), sameDefinition(other, one)]).toEqual([expected, expected]);
  });
});

describe('where IAM denies tags at creation', () => {
  const denied = (action: string): Failure =>
    new Failure('ACCESS_DENIED', 'ecs:RegisterTaskDefinition failed', {
      api: {
        service: 'ecs',
        operation: 'RegisterTaskDefinition',
        name: 'AccessDeniedException',
        message: `User: x is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
      },
    });
  /** ECS that refuses so, where there are tags or `always`. */
  function refusing(action: string, always = false) {
    const calls: Tags[] = [];
    const world = {
      ecs: {
        registerTaskDefinition: async (definition: TaskDefinition, tags: Tags) => {
          calls.push(tags);
          if (always || tags.length > 0) throw denied(action);
          return revision(8, { definition });
        },
        describeTaskDefinition: async () => revision(7),
      },
      clock: { sleep: async () => {} },
    };
    return { calls, world };
  }
  const team: Tags = [{ key: 'team', value: 'web' }];
  const changed: TaskDefinition = { ...DEFINITION, cpu: '256' };

  test('the revision is registered without', async () => {
    const { calls, world } = refusing('ecs:TagResource');
    const registered = await register({ definition: changed, tags: team, latest: revision(7) }, world);
    expect(registered).toMatchObject({ revision: { revision: 8, tags: [] }, reused: false, untagged: team });
    expect(calls).toEqual([team, []]);
  });

  test('one that an earlier run registered without is reused', async () => {
    const { calls, world } = refusing('ecs:TagResource');
    const registered = await register({ definition: DEFINITION, tags: team, latest: revision(7) }, world);
    expect(registered).toMatchObject({ revision: { revision: 7 }, reused: true, untagged: team });
    expect(calls).toEqual([team]);
  });

  test('one with other tags of the user is not', async () => {
    const { world } = refusing('ecs:TagResource');
    const latest = revision(7, { tags: [{ key: 'team', value: 'other' }] });
    expect(await register({ definition: DEFINITION, tags: team, latest }, world)).toMatchObject({
      revision: { revision: 8 },
      reused: false,
    });
  });

  test.each([
    ['another action', 'iam:PassRole', team, 1],
    ['tags, though there were none', 'ecs:TagResource', [], 1],
  ])('%s is not answered by a second call', async (_, action, tags, count) => {
    const { calls, world } = refusing(action, true);
    await expect(register({ definition: changed, tags }, world)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(calls).toHaveLength(count);
  });
});
