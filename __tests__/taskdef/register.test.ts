import { sameDefinition } from '../../src/taskdef/normalise.ts';
import { register } from '../../src/taskdef/register.ts';
import type { JsonObject, Revision, Tags, TaskDefinition } from '../../src/world.ts';

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

/** ECS that registers as web:8 and remembers what it was given. */
function ecs() {
  const given: [TaskDefinition, Tags][] = [];
  return {
    given,
    registerTaskDefinition: async (definition: TaskDefinition, tags: Tags) => {
      given.push([definition, tags]);
      return revision(8, { definition, tags });
    },
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
