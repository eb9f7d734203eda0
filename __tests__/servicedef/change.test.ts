import type { ExpressInputs, ServiceInputs } from '../../src/inputs/types.ts';
import type { JsonObject, ServiceState, Tags } from '../../src/model.ts';
import { changeFor, type DefinedService, planExpress } from '../../src/servicedef/change.ts';
import { plannedService, withSettings } from '../../src/servicedef/planned.ts';
import { revisionArn, service } from '../report/made.ts';

const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
const HOME = { partition: 'aws', region: 'eu-west-1', account: '123456789012', cluster: CLUSTER, service: 'web' };
const REVISION = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2';
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const DEFAULTS = { cluster: 'shop', service: 'web' } as ServiceInputs;

const wantedOf = (settings: JsonObject, more: Partial<DefinedService> = {}, tags: Tags = []): DefinedService => ({
  definition: { name: 'service.json', settings, tags, placeholders: [], suspects: [] },
  state: 'exists',
  tags: [],
  refused: [],
  ...more,
});

function created(settings: JsonObject, inputs: Partial<ServiceInputs> = {}, tags: Tags = []) {
  const wanted = wantedOf(settings, { state: 'missing' }, tags);
  return changeFor({ ...DEFAULTS, ...inputs }, REVISION, { service: plannedService(HOME, settings, 2), wanted });
}
function changed(
  settings: JsonObject,
  now: JsonObject,
  {
    inputs = {},
    more = {},
    tags = [],
    state = {},
  }: {
    readonly inputs?: Partial<ServiceInputs>;
    readonly more?: Partial<DefinedService>;
    readonly tags?: Tags;
    readonly state?: Partial<ServiceState>;
  } = {},
) {
  const there = { ...plannedService(HOME, now, 2), taskDefinitionArn: REVISION, ...state };
  const service = { ...withSettings(there, settings), settings: now };
  return changeFor({ ...DEFAULTS, ...inputs }, REVISION, { service, wanted: wantedOf(settings, more, tags) });
}

describe('a service that is missing', () => {
  test('is created with all of the definition, its tags and its count', () => {
    const settings = { launchType: 'FARGATE', platformVersion: '1.4.0' };
    const change = created(settings, {}, [{ key: 'team', value: 'web' }]);
    expect(change.create).toEqual({
      settings: { ...settings, desiredCount: 2 },
      tags: [{ key: 'team', value: 'web' }],
    });
    expect(change.update).toBeUndefined();
    expect(change.settings).toEqual([
      { subject: 'launchType', kind: 'added', after: 'FARGATE' },
      { subject: 'desiredCount', kind: 'added', after: '2' },
      { subject: 'platformVersion', kind: 'added', after: '1.4.0' },
      expect.objectContaining({ kind: 'added', after: expect.stringContaining('web') }),
    ]);
  });
  test('a daemon has no count', () => {
    const change = created({ schedulingStrategy: 'DAEMON', role: 'ecs' });
    expect(change.create?.settings).toEqual({ schedulingStrategy: 'DAEMON', role: 'ecs' });
    expect(change.settings).toEqual([
      { subject: 'schedulingStrategy', kind: 'added', after: 'DAEMON' },
      { subject: 'role', kind: 'added', after: 'ecs' },
    ]);
  });
  test('inputs have precedence, member by member; what they do not name stays', () => {
    const deploymentConfiguration = { maximumPercent: 150, minimumHealthyPercent: 50 };
    const change = created(
      { deploymentConfiguration, enableExecuteCommand: false },
      { maximumPercent: 125, enableExecuteCommand: true, desiredCount: 4 },
    );
    expect(change.create?.settings).toMatchObject({
      deploymentConfiguration: { maximumPercent: 125, minimumHealthyPercent: 50 },
      enableExecuteCommand: true,
      desiredCount: 4,
    });
  });
});

describe('a service that exists', () => {
  test('that is as defined is not updated', () => {
    const change = changed({ platformVersion: '1.4.0' }, { platformVersion: '1.4.0' });
    expect(change.settings).toEqual([]);
    for (const member of ['update', 'create', 'tags', 'before'] as const) expect(change).not.toHaveProperty(member);
  });
  test('gets what differs, in one call that names it, with what it had', () => {
    const change = changed(
      { platformVersion: '1.4.0', propagateTags: 'SERVICE' },
      { platformVersion: '1.3.0', propagateTags: 'SERVICE' },
    );
    expect(change.update).toEqual({ cluster: CLUSTER, service: 'web', settings: { platformVersion: '1.4.0' } });
    expect(change.before).toEqual({ platformVersion: '1.3.0' });
    expect(change.settings).toEqual([
      expect.objectContaining({ subject: 'platformVersion', before: '1.3.0', after: '1.4.0' }),
    ]);
  });
  test('another revision and a forced deployment need no settings', () => {
    const older = { taskDefinitionArn: REVISION.replace(':2', ':1') };
    expect(changed({}, {}, { state: older }).update).toEqual({
      cluster: CLUSTER,
      service: 'web',
      taskDefinition: REVISION,
    });
    expect(changed({}, {}, { inputs: { forceNewDeployment: true } }).update).toMatchObject({
      forceNewDeployment: true,
    });
  });
  test('its count is not of the definition, but of the input, or of the definition where a first deployment failed', () => {
    const more = {
      definition: { name: 'service.json', settings: {}, tags: [], placeholders: [], suspects: [], desiredCount: 5 },
    };
    expect(changed({}, {}, { more })).not.toHaveProperty('update');
    expect(changed({}, {}, { more, inputs: { desiredCount: 3 } })).toMatchObject({
      update: { desiredCount: 3 },
      settings: [expect.objectContaining({ subject: 'desired-count' })],
    });
    expect(changed({}, {}, { more: { ...more, again: true } }).update).toMatchObject({ desiredCount: 5 });
    expect(changed({}, {}, { more: { ...more, again: true }, inputs: { desiredCount: 3 } }).update).toMatchObject({
      desiredCount: 3,
    });
  });
  test('an object takes the place of anything else, and other differences of the inputs are not listed twice', () => {
    const change = changed(
      { deploymentConfiguration: { maximumPercent: 150 } },
      { deploymentConfiguration: { maximumPercent: 200 } },
      { inputs: { maximumPercent: 125 } },
    );
    expect(change.settings).toEqual([
      expect.objectContaining({ subject: 'deploymentConfiguration.maximumPercent', before: '200', after: '125' }),
    ]);
    expect(
      changed({}, { enableExecuteCommand: false }, { inputs: { enableExecuteCommand: true } }).update,
    ).toMatchObject({
      settings: { enableExecuteCommand: true },
    });
  });
  test('tags that it lacks', () => {
    const tags = [{ key: 'team', value: 'web' }];
    expect(changed({}, {}, { tags }).tags).toEqual(tags);
    expect(changed({}, {}, { tags, more: { tags } })).not.toHaveProperty('tags');
  });
  test('load balancers with what an input adds to them', () => {
    const one = { targetGroupArn: GROUP, containerName: 'app', containerPort: 80 };
    const green = GROUP.replace('/web/', '/green/');
    const change = changed(
      { loadBalancers: [one] },
      { loadBalancers: [one], deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
      { inputs: { strategy: { traffic: { alternateTargetGroupArn: green } } }, state: { strategy: 'BLUE_GREEN' } },
    );
    expect(change.update?.settings).toMatchObject({
      loadBalancers: [{ ...one, advancedConfiguration: { alternateTargetGroupArn: green } }],
    });
  });
});

test('without a definition only the inputs count', () => {
  const service = { ...plannedService(HOME, { platformVersion: '1.3.0' }, 2), taskDefinitionArn: REVISION };
  const change = changeFor({ ...DEFAULTS, desiredCount: 3 }, REVISION, { service });
  expect(change.update).toMatchObject({ desiredCount: 3 });
  expect(change.update).not.toHaveProperty('settings');
});

describe('express-change', () => {
  const INPUTS: ServiceInputs = { cluster: 'shop', service: 'web', forceNewDeployment: false };
  const EXPRESS: ExpressInputs = { create: false, tags: [], onlyTheseTags: false, names: [] };
  const SERVICE = service([]);
  const CALL = { cluster: SERVICE.clusterArn, service: 'web' };

  /** The change of `web:42` with these inputs, without what every change has. */
  function planned(
    {
      express,
      revision = 42,
      ...inputs
    }: Omit<Partial<ServiceInputs>, 'express'> & { express?: Partial<ExpressInputs>; revision?: number },
    now: { state?: 'missing' | 'exists'; settings?: JsonObject; tags?: Tags } = {},
  ) {
    const given = { ...INPUTS, ...inputs, ...(express ? { express: { ...EXPRESS, ...express } } : {}) };
    const { desiredCount, rolling, ...change } = planExpress(given, revisionArn(revision), {
      service: SERVICE,
      express: { state: 'exists', settings: {}, tags: [], ...now },
    });
    expect({ desiredCount, kind: typeof rolling }).toEqual({ desiredCount: 2, kind: 'object' });
    return change;
  }

  test.each<[string, Parameters<typeof planned>, object]>([
    ['nothing where the service is as asked', [{}], { settings: [] }],
    ['the revision', [{ revision: 43 }], { settings: [], update: { ...CALL, taskDefinition: revisionArn(43) } }],
    [
      'new tasks of the same revision',
      [{ forceNewDeployment: true }],
      { settings: [], update: { ...CALL, taskDefinition: revisionArn(42), forceNewDeployment: true } },
    ],
    [
      'a setting that differs, and keeps what it was for a rollback',
      [{ express: { healthCheckPath: '/up' } }, { settings: { healthCheckPath: '/ping' } }],
      {
        settings: [{ subject: 'healthCheckPath', kind: 'changed', before: '/ping', after: '/up' }],
        before: { healthCheckPath: '/ping' },
        update: { ...CALL, settings: { healthCheckPath: '/up' } },
      },
    ],
    [
      'a setting that was not there, which leaves nothing to go back to',
      [{ express: { healthCheckPath: '/up' } }],
      {
        settings: [{ subject: 'healthCheckPath', kind: 'added', after: '/up' }],
        update: { ...CALL, settings: { healthCheckPath: '/up' } },
      },
    ],
    [
      'nothing of a setting that is the same',
      [{ express: { healthCheckPath: '/up' } }, { settings: { healthCheckPath: '/up' } }],
      { settings: [] },
    ],
    [
      'tags without an update',
      [{ express: { tags: [['team', 'web']], onlyTheseTags: true } }, { tags: [{ key: 'old', value: '1' }] }],
      { settings: [], tags: [{ key: 'team', value: 'web' }], untag: ['old'] },
    ],
    [
      'creation with all that is set',
      [{ express: { create: true, healthCheckPath: '/up', tags: [['team', 'web']] } }, { state: 'missing' }],
      {
        settings: [{ subject: 'healthCheckPath', kind: 'added', after: '/up' }],
        create: { settings: { healthCheckPath: '/up' }, tags: [{ key: 'team', value: 'web' }] },
      },
    ],
    ['creation without any setting', [{}, { state: 'missing' }], { settings: [], create: { settings: {}, tags: [] } }],
  ])('%s', (_, given, change) => expect(planned(...given)).toEqual(change));

  test('an update holds only what changes', () => {
    expect(Object.keys(planned({ revision: 43 }).update ?? {})).toEqual(['cluster', 'service', 'taskDefinition']);
    expect(Object.keys(planned({ forceNewDeployment: true }).update ?? {})).toEqual([
      'cluster',
      'service',
      'taskDefinition',
      'forceNewDeployment',
    ]);
    expect(Object.keys(planned({}))).toEqual(['settings']);
  });
});
