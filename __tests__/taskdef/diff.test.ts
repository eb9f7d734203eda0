import type { JsonObject } from '../../src/model.ts';
import { diffDefinitions } from '../../src/taskdef/diff.ts';

/** Values that can carry a password: of each a difference names that it changed, and shows neither what it was nor what it is. */
const SECRET = 'canary';
const container = (change: object) => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'app:1', ...change }],
});

test.each<[string, (value: string) => object, string]>([
  [
    'a health check',
    (value) => container({ healthCheck: { command: ['CMD-SHELL', value] } }),
    'container app: healthCheck',
  ],
  ['a command', (value) => container({ command: ['run', value] }), 'container app: command'],
  ['an entry point', (value) => container({ entryPoint: [value] }), 'container app: entryPoint'],
  [
    'repository credentials',
    (value) => container({ repositoryCredentials: { credentialsParameter: value } }),
    'container app: repositoryCredentials',
  ],
  ['a variable', (value) => container({ environment: [{ name: 'A', value }] }), 'container app: environment A'],
  ['a secret', (value) => container({ secrets: [{ name: 'A', valueFrom: value }] }), 'container app: secrets A'],
  ['a label', (value) => container({ dockerLabels: { A: value } }), 'container app: dockerLabels A'],
  [
    'a log option',
    (value) => container({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': value } } }),
    'container app: log option splunk-token',
  ],
  [
    'a secret log option',
    (value) =>
      container({ logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'A', valueFrom: value }] } }),
    'container app: secret log option A',
  ],
])('%s', (_, definition, subject) => {
  const before = definition(`${SECRET}-1`) as never;
  const after = definition(`${SECRET}-2`) as never;
  const none = container({ logConfiguration: { logDriver: 'splunk' } }) as never;
  expect(diffDefinitions(before, after)).toEqual([{ subject, kind: 'changed' }]);
  for (const differences of [diffDefinitions(before, none), diffDefinitions(none, after)]) {
    expect(differences.map((one) => one.subject)).toContain(subject);
    expect(JSON.stringify(differences)).not.toContain(SECRET);
  }
});

test.each([
  [
    'options of a driver',
    (value: string) => ({
      ...container({}),
      volumes: [{ name: 'v', dockerVolumeConfiguration: { driverOpts: { o: value } } }],
    }),
  ],
  [
    'options of FireLens',
    (value: string) => container({ firelensConfiguration: { type: 'fluentbit', options: { x: value } } }),
  ],
])('%s within a field that is shown', (_, definition) => {
  const without = container({}) as never;
  expect(JSON.stringify(diffDefinitions(without, definition(SECRET) as never))).not.toContain(SECRET);
  expect(diffDefinitions(without, definition(SECRET) as never)).toHaveLength(1);
});

describe('the difference', () => {
  const differences = (before: JsonObject, after: JsonObject) =>
    diffDefinitions(
      { family: 'web', containerDefinitions: [{ name: 'app', image: 'a', ...before }] },
      { family: 'web', containerDefinitions: [{ name: 'app', image: 'a', ...after }] },
    );
  test.each<[string, JsonObject, JsonObject]>([
    ['command', { command: ['run', 'hunter2'] }, { command: ['run', 'hunter3'] }],
    ['entryPoint', { entryPoint: ['hunter2'] }, { entryPoint: ['hunter3'] }],
    [
      'healthCheck',
      { healthCheck: { command: ['CMD-SHELL', 'curl -u a:hunter2 localhost'] } },
      { healthCheck: { command: ['CMD-SHELL', 'curl -u a:hunter3 localhost'] } },
    ],
    [
      'repositoryCredentials',
      { repositoryCredentials: { credentialsParameter: 'hunter2' } },
      { repositoryCredentials: { credentialsParameter: 'hunter3' } },
    ],
  ])('%s changed, added and removed is reported without a value', (_, before, after) => {
    for (const found of [differences(before, after), differences({}, after), differences(before, {})]) {
      expect(found).toHaveLength(1);
      expect(Object.keys(found[0] ?? {}).sort()).toEqual(['kind', 'subject']);
      expect(JSON.stringify(found)).not.toMatch(/hunter/);
    }
  });
  test('what cannot hide a secret is shown', () => {
    expect(differences({ cpu: 1 }, { cpu: 2 })).toEqual([expect.objectContaining({ before: '1', after: '2' })]);
  });
});
