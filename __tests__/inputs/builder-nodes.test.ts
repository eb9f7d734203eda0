import { readBuilderNodes } from '../../src/inputs/builder-nodes.ts';
import { type Given, read } from './made.ts';

const nodes = (text: string, more: Given = {}) => read({ 'builder-nodes': text, ...more }, readBuilderNodes);

test('nodes with their drivers, platforms and options', () => {
  const { value, mistakes } = nodes(
    'linux/arm64,linux/arm/v7 tcp://10.0.0.5:1 cacert=/a,cert=/b,key=/c,servername=x\nlinux/amd64 unix:///run/b.sock',
  );
  expect(mistakes).toEqual([]);
  expect(value).toEqual([
    {
      platforms: ['linux/arm64', 'linux/arm/v7'],
      driver: 'remote',
      endpoint: 'tcp://10.0.0.5:1',
      options: ['cacert=/a,cert=/b,key=/c,servername=x'],
      files: ['/a', '/b', '/c'],
    },
    { platforms: ['linux/amd64'], driver: 'remote', endpoint: 'unix:///run/b.sock', options: [], files: [] },
  ]);
  expect(nodes('linux/amd64 local\nlinux/arm64 ssh://u@h').value).toEqual([
    { platforms: ['linux/amd64'], driver: 'docker-container', options: [], files: [] },
    { platforms: ['linux/arm64'], driver: 'docker-container', endpoint: 'ssh://u@h', options: [], files: [] },
  ]);
  expect(nodes('linux/arm64 kubernetes:// namespace=b replicas=2').value).toEqual([
    { platforms: ['linux/arm64'], driver: 'kubernetes', options: ['namespace=b', 'replicas=2'], files: [] },
  ]);
});

test.each<[string, string, Given?]>([
  ['arm64 tcp://h:1', '`arm64` is not a platform'],
  ['linux/arm64', '`linux/arm64` is not the address of a builder'],
  ['linux/arm64 http://h', '`http://h` is not the address'],
  ['linux/arm64 ssh://u:hunter2@h', 'an address has a password'],
  ['linux/arm64 ssh://u@h env.AZURE_CLIENT_SECRET=hunter2', '`env.AZURE_CLIENT_SECRET` has a secret'],
  ['linux/arm64 kubernetes:// namespace=b,env.X=ghp_hunter2hunter2hunter2hunter2hunter2hunt', '`env.X` has a secret'],
  ['linux/arm64 ssh://u@h cacert=/a', '`cacert` are for `tcp://` addresses'],
  ['linux/arm64 tcp://h:1 cacert=a', '`cacert` is not an absolute path'],
  ['linux/arm64 tcp://h:1 cert=/a,key=/b', 'without `cacert`'],
  ['linux/arm64 tcp://h:1 cacert=/a,cert=/b', '`cert` and `key` belong together'],
  ['linux/arm64 tcp://h:1\nlinux/amd64 local', 'mixes nodes of the drivers `remote` and `docker-container`'],
  ['linux/arm64 tcp://h:1', 'and `builder` both say where to build', { builder: 'b' }],
])('refused: %s', (text, problem, more = {}) => {
  const { mistakes } = nodes(text, more);
  expect(mistakes).toEqual([expect.stringContaining(problem)]);
  expect(mistakes.join()).not.toContain('hunter2');
});
