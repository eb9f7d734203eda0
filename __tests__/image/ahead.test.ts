import { commandsAhead } from '../../src/image/ahead.ts';
import type { BuildInputs, ImageInputs } from '../../src/inputs/types.ts';

const VERSION = ['docker', 'buildx', 'version'];
const building = (build: Partial<BuildInputs>): ImageInputs => ({
  kind: 'build',
  build: { repository: 'team/web', ...build } as BuildInputs,
});

test.each<[string, ImageInputs, readonly (readonly string[])[]]>([
  ['the current builder, and a login to ECR', building({}), [['docker', 'buildx', 'inspect'], VERSION]],
  ['a builder by name', building({ builder: 'mine' }), [['docker', 'buildx', 'inspect', 'mine'], VERSION]],
  ['nodes of its own, which are not there yet', building({ builderNodes: [] }), [VERSION]],
  [
    'ECR by its host',
    building({ repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web' }),
    [['docker', 'buildx', 'inspect'], VERSION],
  ],
  ['public ECR', building({ repository: 'public.ecr.aws/a/web' }), [['docker', 'buildx', 'inspect'], VERSION]],
  ['a registry of another login', building({ repository: 'ghcr.io/octo/web' }), [['docker', 'buildx', 'inspect']]],
  [
    'digests to merge',
    { kind: 'digests', repository: 'web', digests: [], tags: [], origin: [], annotations: [] },
    [VERSION],
  ],
  [
    'digests in a registry of another login',
    { kind: 'digests', repository: 'ghcr.io/octo/web', digests: [], tags: [], origin: [], annotations: [] },
    [],
  ],
  ['an image that is there', { kind: 'given', reference: 'web:1' }, []],
])('%s', (_, image, commands) => {
  expect(commandsAhead(image)).toEqual(commands);
});
