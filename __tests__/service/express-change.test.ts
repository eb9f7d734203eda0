import type { ExpressInputs, ServiceInputs } from '../../src/inputs/types.ts';
import type { JsonObject, Tags } from '../../src/model.ts';
import { planExpress } from '../../src/service/express-change.ts';
import { revisionArn, service } from '../report/made.ts';

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
