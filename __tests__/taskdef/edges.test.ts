import type { JsonObject } from '../../src/model.ts';
import { diffDefinitions } from '../../src/taskdef/diff.ts';
import { checkFargate } from '../../src/taskdef/fargate.ts';

/** Both sides of each limit, in the module that knows it. */
const TASK: JsonObject = { family: 'web', networkMode: 'awsvpc', cpu: '1024', memory: '2048' };
const said = (task: JsonObject, container: JsonObject = {}): string[] =>
  checkFargate({ ...TASK, ...task, containerDefinitions: [{ name: 'app', image: 'nginx', ...container }] }).map(
    ({ subject }) => subject,
  );

describe('Fargate', () => {
  test.each(['startTimeout', 'stopTimeout'])('%s is 2 to 120 seconds', (field) => {
    const at = `containerDefinitions[0].${field}`;
    for (const seconds of [0, 1, 121, 300]) expect(said({}, { [field]: seconds })).toEqual([at]);
    for (const seconds of [2, 3, 60, 119, 120]) expect(said({}, { [field]: seconds })).toEqual([]);
  });

  test('Windows tasks start at 1024 CPU units, Linux ones at 256', () => {
    const on = (operatingSystemFamily: string, cpu: string, memory: string) =>
      said({ cpu, memory, runtimePlatform: { operatingSystemFamily } });
    for (const family of ['WINDOWS_SERVER_2019_CORE', 'WINDOWS_SERVER_2022_FULL']) {
      expect(on(family, '256', '512')).toEqual(['cpu']);
      expect(on(family, '512', '1024')).toEqual(['cpu']);
      expect(on(family, '1024', '2048')).toEqual([]);
      expect(on(family, '2048', '4096')).toEqual([]);
    }
    expect(on('LINUX', '256', '512')).toEqual([]);
    expect(on('LINUX', '512', '1024')).toEqual([]);
  });
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
  ])('%s changed, added and removed is told without a value', (_, before, after) => {
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
