import type { BuildInputs } from '../../src/inputs/types.ts';

/** A build of which nothing but the repository and a tag is set. */
export const BUILD: BuildInputs = {
  repository: 'app',
  context: '.',
  platforms: [],
  tags: ['1'],
  buildArgs: [],
  buildContexts: [],
  secrets: [],
  uncertainSecrets: [],
  secretFiles: [],
  secretEnvs: [],
  ssh: [],
  cacheFrom: [],
  cacheTo: [],
  cache: 'none',
  labels: [],
  annotations: [],
  pull: false,
  noCache: false,
  createRepository: false,
  byDigest: false,
  reuse: { kind: 'reuse', byContent: false },
  tuning: { addHosts: [], allow: [], attests: [], noCacheFilters: [], outputs: [], ulimits: [] },
};
