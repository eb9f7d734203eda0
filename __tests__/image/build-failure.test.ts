import { diagnoseFailure } from '../../src/diagnosis/failures.ts';
import { Failure } from '../../src/failure.ts';
import { type Asked, buildFailure } from '../../src/image/build-failure.ts';
import { dockerfilePlace, isNotEmulated, quoteLine, retryOf, wordsOfBuildkit } from '../../src/image/build-output.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import { annotationOfFailure, failureSummaryOf } from '../../src/report/failed.ts';

const RULE = '-'.repeat(20);
const quoted = (line: string, error: string, name = 'Dockerfile'): string =>
  `#5 ERROR: x\n------\n > [2/2] x:\n------\n${name}:2\n${RULE}\n   1 |     FROM scratch\n   2 | >>> ${line}\n   3 |     \n${RULE}\nERROR: failed to build: failed to solve: ${error}\n`;
const COPY = 'failed to compute cache key: failed to calculate checksum of ref a::b: ';

const FILES: Readonly<Record<string, string>> = {
  'app/Dockerfile': 'FROM scratch\nFRUM x\nCOPY a /\n',
  'app/package.json': '',
  'app/secret/key.txt': '',
  'app/frontend/source/main.ts': '',
  'app/.dockerignore': '*\n!package.json\n',
};
const disk = {
  exists: async (path: string) => path in FILES,
  readText: async (path: string) => FILES[path] ?? '',
  list: async (path: string) => [
    ...new Set(
      Object.keys(FILES).flatMap((file) =>
        file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0] ?? ''] : [],
      ),
    ),
  ],
};
const explain = (output: string, build: object = {}, ecr?: Asked['ecr']) => {
  const given = {
    context: 'app',
    buildContexts: [],
    secrets: [],
    secretFiles: [['npmrc', 'x']],
    secretEnvs: [],
    ...build,
  };
  return buildFailure(output, given as unknown as BuildInputs, { files: disk, ...(ecr ? { ecr } : {}) });
};

test('the lines that BuildKit quotes, with their file in the workspace', async () => {
  const failure = await explain(quoted('RUN npm ci', 'process "npm ci" did not complete successfully: exit code: 1'));
  const place = {
    file: 'app/Dockerfile',
    line: 2,
    endLine: 2,
    quote: ['   1 |     FROM scratch', '   2 | >>> RUN npm ci'],
  };
  expect(failure).toMatchObject({ code: 'BUILD_FAILED', place });
  const annotation = annotationOfFailure(failure);
  expect(annotation.place).toEqual({ file: 'app/Dockerfile', line: 2, endLine: 2 });
  expect(annotation.text.split('\n').slice(0, 3)).toEqual([failure.message, ...place.quote]);
  expect(failureSummaryOf({ described: 'It failed.\nmore', place: failure.place })).toBe(
    '## ❌ It failed\n\n`app/Dockerfile`\n\n```text\n   1 |     FROM scratch\n   2 | >>> RUN npm ci\n```\n\nmore\n',
  );
  // A Git context has its Dockerfile elsewhere, and another name is another file.
  const remote = await explain(quoted('RUN x', 'y'), { context: 'https://github.com/a/b.git' });
  expect(remote.place).toEqual({ line: 2, endLine: 2, quote: ['   1 |     FROM scratch', '   2 | >>> RUN x'] });
  expect((await explain(quoted('RUN x', 'y', 'Other'))).place).not.toHaveProperty('file');
});

test('several lines of one instruction, and a line that is named alone', async () => {
  const block = `D:3\n${RULE}\n   2 |     A\n   3 | >>> COPY a \\\n   4 | >>>   /b\n${RULE}\n`;
  expect(dockerfilePlace(block)).toMatchObject({ name: 'D', line: 3, endLine: 4 });
  expect(dockerfilePlace('ERROR: Dockerfile:3')).toBeUndefined();
  const failure = await explain(
    'ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: FRUM',
  );
  expect(failure.place).toEqual({
    file: 'app/Dockerfile',
    line: 2,
    endLine: 2,
    quote: ['   1 |     FROM scratch', '   2 | >>> FRUM x', '   3 |     COPY a /'],
  });
  expect(quoteLine('D', 'a', 9)).toBeUndefined();
});

test.each<[string, string, object, RegExp]>([
  [
    'a misspelt source',
    quoted('COPY packge.json /', `${COPY}"/packge.json": not found`),
    {},
    /not in the context `app`.*Did you mean `package.json`\?/,
  ],
  ...['fronted/source/main.ts', 'frontend/sorce/main.ts', 'Frontend/sorce/mian.ts', './frontend//source/main.tss'].map(
    (source): [string, string, object, RegExp] => [
      `a source below a misspelt folder, ${source}`,
      quoted(`COPY ${source} /`, `${COPY}"/${source}": not found`),
      {},
      /Did you mean `frontend\/source\/main\.ts`\?/,
    ],
  ),
  [
    'a folder that is right, of which only the file is nowhere',
    quoted('COPY frontend/zzz.css /', `${COPY}"/frontend/zzz.css": not found`),
    {},
    /`frontend\/zzz\.css` is not in the context `app`.*not beside the Dockerfile/,
  ],
  [
    'a source nowhere',
    quoted('COPY zzz /', `${COPY}"/zzz": not found`),
    {},
    /`zzz` is not in the context `app`.*not beside the Dockerfile/,
  ],
  [
    'an ignored source',
    quoted('COPY secret/key.txt /', `${COPY}"/secret/key.txt": not found`),
    {},
    /app\/\.dockerignore leaves it out.*`!secret\/key.txt`/,
  ],
  [
    'a source of a stage',
    quoted('COPY --from=b zzz /', `${COPY}"/zzz": not found`),
    {},
    /^failed to compute cache key.*undefined$/,
  ],
  [
    'a secret under another name',
    quoted('RUN x', 'secret npmr: not found'),
    {},
    /needs the secret `npmr`.*The inputs give `npmrc`/,
  ],
  [
    'a secret',
    quoted('RUN x', 'secret tok: not found'),
    {},
    /needs the secret `tok`.*`tok=\$\{\{ secrets\.NAME \}\}` to `build-secrets`/,
  ],
  [
    'a ref',
    "#1 fatal: couldn't find remote ref nope\nERROR: x",
    { context: 'https://github.com/a/b.git#nope' },
    /github\.com\/a\/b\.git has no branch, tag or commit `nope`/,
  ],
  [
    'a ref, in the words of a newer BuildKit',
    'ERROR: failed to solve: failed to read dockerfile: failed to load cache key: repository does not contain ref nope, output: ""',
    { context: 'https://github.com/a/b.git#nope' },
    /github\.com\/a\/b\.git has no branch, tag or commit `nope`/,
  ],
  [
    'a folder of a Git context',
    'ERROR: failed to solve: failed to read dockerfile: invalid subdir /nope: failed to lstat "nope": statat nope: no such file or directory',
    { context: 'https://github.com/a/b.git#main:nope' },
    /github\.com\/a\/b\.git has no folder `nope` at `main`\..*second colon of `context`/,
  ],
  [
    'an index that is not made',
    'ERROR: failed to build: index annotations not supported for single platform export',
    { context: 'https://github.com/a/b.git' },
    /one platform without attestations has none\..*Leave out `index:`/,
  ],
  [
    'a private repository',
    '#1 fatal: could not read Username\nERROR: x',
    { context: 'https://git.example/a/b.git' },
    /without a login.*GIT_AUTH_TOKEN\.git\.example=/,
  ],
  [
    'a server',
    '#1 fatal: unable to access\nERROR: x',
    { context: 'https://git.example/a/b.git' },
    /cannot reach https:\/\/git\.example/,
  ],
])('what was meant: %s', async (_, output, build, expected) => {
  const { message, remedy } = await explain(output, build);
  expect(`${message} ${remedy}`).toMatch(expected);
});

describe('a base image behind a pull-through cache of ECR', () => {
  const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  const failing = (reference: string, why: string): string =>
    quoted('FROM x', `${reference}: failed to resolve source metadata for ${reference}: ${why}`);
  const status = (path: string, text: string) =>
    `unexpected status from HEAD request to https://${HOST}/v2/${path}: ${text}`;

  test.each<[string, string, string, RegExp, RegExp]>([
    [
      'that refuses the role',
      'docker-hub/library/node:24',
      status('docker-hub/library/node/manifests/24', '403 Forbidden'),
      /the pull-through cache `docker-hub` of account 123456789012 in eu-west-1 refuses this role/,
      /ecr:BatchImportUpstreamImage and ecr:CreateRepository on arn:aws:ecr:eu-west-1:123456789012:repository\/docker-hub\/\*/,
    ],
    [
      'without a login',
      'quay/org/app:1',
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
      /not logged in to 123456789012\.dkr/,
      /in a step before this one/,
    ],
    [
      'without the image',
      'github/org/app:1',
      `${HOST}/github/org/app:1: not found`,
      /has no such image/,
      /describe-pull-through-cache-rules --region eu-west-1/,
    ],
    [
      'that may have a prefix of its own',
      'mirror/org/app:1',
      'name unknown: The repository with name mirror/org/app does not exist in the registry with id 123456789012',
      /mirror\/org\/app:1: ECR has no such image in account 123456789012, region eu-west-1/,
      /If `mirror` is the prefix of a pull-through cache.*ecr:CreateRepository on arn:aws:ecr:eu-west-1:123456789012:repository\/mirror\/\*/,
    ],
    [
      'for an official image of Docker Hub without `library`',
      'docker-hub/node:24',
      `${HOST}/docker-hub/node:24: not found`,
      /has no such image/,
      /write `123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/docker-hub\/library\/node:24`/,
    ],
  ])('%s', async (_, path, why, message, remedy) => {
    expect(await explain(failing(`${HOST}/${path}`, why))).toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
      place: { line: 2 },
    });
  });

  describe('by its rules', () => {
    const rules = [
      { prefix: 'mirror', upstream: 'registry-1.docker.io' },
      { prefix: 'hub/quay', upstream: 'quay.io' },
    ];
    const explainWith = (path: string, why: string) =>
      explain(failing(`${HOST}/${path}`, why), {}, { pullThroughRules: async () => rules });
    test.each([
      [
        'mirror/node:24',
        'not found',
        /`mirror` \(registry-1\.docker\.io\).* has no such image/,
        /write `[^`]*\/mirror\/library\/node:24`/,
      ],
      [
        'hub/quay/org/app:1',
        'HEAD: 403 Forbidden',
        /`hub\/quay` \(quay\.io\).* refuses this role/,
        /repository\/hub\/quay\/\*/,
      ],
      ['docker-hub/library/node:24', 'not found', /and no pull-through cache for it/, /create-pull-through-cache-rule/],
      ['team/base:1', 'not found', /and no pull-through cache for it/, /push the image first/],
    ])('%s: %s', async (path, why, message, remedy) => {
      expect(await explainWith(path, why)).toMatchObject({
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      });
    });
    test('which do not explain every refusal', async () => {
      expect((await explainWith('team/base:1', '403 Forbidden')).remedy).toBeUndefined();
    });
    test('where they cannot be read, a prefix of ECR is one', async () => {
      const denied = { pullThroughRules: () => Promise.reject(new Failure('ACCESS_DENIED', 'no')) };
      const failure = await explain(failing(`${HOST}/quay/a:1`, 'not found'), {}, denied);
      expect(failure.message).toMatch(/the pull-through cache `quay` of account 123456789012 .* has no such image/);
    });
  });

  test.each([
    [`${HOST}/team/base:1`, '403 Forbidden'],
    ['docker.io/library/node:24', 'not found'],
    ['public.ecr.aws/docker/library/node:24', '403 denied'],
    [`${HOST}/docker-hub/library/node:24`, 'connection reset by peer'],
  ])('nothing is claimed of %s: %s', async (reference, why) => {
    const failure = await explain(failing(reference, why));
    expect(failure.code).toBe('BUILD_FAILED');
    expect(failure.message).toContain(why);
    expect(failure.remedy).toBeUndefined();
  });
});

test.each<[string, string, string | undefined]>([
  [
    'ghcr.io/octo/app',
    'unexpected status from HEAD request to https://ghcr.io/v2/octo/app/blobs/sha256:a: 401 Unauthorized',
    'packages: write',
  ],
  [
    'registry.example:5000/app',
    'push access denied: no basic auth credentials',
    'docker/login-action with `registry: registry.example:5000`',
  ],
  ['registry.example:5000/app', 'denied: quota exceeded', undefined],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/app', 'no basic auth credentials', undefined],
  ['app', 'no basic auth credentials', undefined],
  ['public.ecr.aws/a/app', 'no basic auth credentials', undefined],
])('a push to %s that ends with %s', async (repository, why, remedy) => {
  const failure = await explain(`ERROR: failed to build: failed to solve: failed to push ${repository}:1: ${why}`, {
    repository,
  });
  expect(failure.code).toBe('PUSH_FAILED');
  if (remedy === undefined) expect(failure.remedy).toBeUndefined();
  else expect(failure.remedy).toContain(remedy);
});

describe('a command of the Dockerfile failed: its words are about itself', () => {
  /** What programs print, or commands have in their own text, that are words of a registry, of BuildKit or of the runner as well. */
  const WORDS = [
    'failed to push: 503',
    'failed to push web:1: unexpected status 503 Service Unavailable',
    'unauthorized: authentication required',
    'denied: requested access to the resource is denied',
    'no basic auth credentials',
    'tar: write error: No space left on device',
    'npm error code E429',
    '429 Too Many Requests',
    'toomanyrequests: You have reached your pull rate limit',
    'name unknown: The repository does not exist',
    'exec /usr/bin/tool: exec format error',
    'The image tag cannot be overwritten because the tag is immutable.',
    'failed to configure gha cache exporter: token is malformed',
    'ERROR: failed to solve: node:99: not found',
    'failed to resolve source metadata for docker.io/library/node:99: not found',
    'dockerfile parse error on line 1: unknown instruction: FRUM',
    'The runner has received a shutdown signal',
    'secret token: not found',
    '"/package.json": not found',
    'fatal: could not read Username',
    'process "/bin/sh -c x" did not complete successfully: exit code: 137',
    'HEAD request to https://h.example/v2/app/blobs/sha256:aa 401',
  ];
  const outputOf = (command: string, printed: string) =>
    [
      '#1 [internal] load build definition from Dockerfile',
      '#1 DONE 0.0s',
      `#5 [2/2] RUN ${command}`,
      `#5 0.101 ${printed}`,
      `#5 ERROR: process "/bin/sh -c ${command}" did not complete successfully: exit code: 1`,
      '------',
      ` > [2/2] RUN ${command}:`,
      `0.101 ${printed}`,
      '------',
      'Dockerfile:2',
      RULE,
      '   1 |     FROM scratch',
      `   2 | >>> RUN ${command}`,
      '   3 |     ',
      RULE,
      `ERROR: failed to build: failed to solve: process "/bin/sh -c ${command}" did not complete successfully: exit code: 1`,
      '',
    ].join('\n');

  test.each(WORDS)('%s', async (words) => {
    for (const output of [outputOf('./ci.sh', words), outputOf(`echo '${words}'; exit 1`, words)]) {
      for (const context of ['app', 'https://git.example/a/b.git']) {
        const failure = await explain(output, { context });
        expect(failure.code).toBe('BUILD_FAILED');
        expect(diagnoseFailure(failure).message).toMatch(/^The build step `/);
      }
      expect(retryOf(output)).toBe('never');
      expect(wordsOfBuildkit(output)).toBe('');
    }
  });

  test('words of an earlier step say nothing about the one that failed', async () => {
    const output = `#5 [2/3] RUN ./ci.sh\n#5 0.1 no space left on device, 503, unauthorized\n#5 DONE 1.0s\n#6 [3/3] COPY a /\n#6 ERROR: failed to calculate checksum of ref a::b: "/a": not found\n------\n > [3/3] COPY a /:\n------\nERROR: failed to build: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: "/a": not found\n`;
    const failure = await explain(output, { context: 'https://git.example/a/b.git' });
    expect(failure.code).toBe('BUILD_FAILED');
    expect(diagnoseFailure(failure).message).not.toMatch(/space|503|network|authori/i);
  });

  test.each([
    ['of the platform', '[linux/arm64 2/2]', true],
    ['of another platform', '[linux/amd64 2/2]', false],
    ['of the only platform', '[2/2]', true],
  ])('a program that nothing here can run: a step %s', (_, title, expected) => {
    const output = `#5 ${title} RUN x\n#5 0.1 exec /bin/sh: exec format error\n#5 ERROR: process "x" did not complete successfully: exit code: 255\n`;
    expect(isNotEmulated(output, ['linux/arm64'])).toBe(expected);
    expect(isNotEmulated(output, [])).toBe(false);
    expect(isNotEmulated(output.replace('exec format error', 'x'), ['linux/arm64'])).toBe(false);
  });
});

describe('a stage that is misspelt', () => {
  const DOCKERFILE = [
    'FROM scratch AS build',
    '# COPY --from=biuld /x',
    'COPY --from=biuld \\',
    '  /x /',
    'FROM --platform=linux/amd64 bulid AS last',
    'RUN --mount=type=bind,from=bild,target=/b x',
    'COPY --from=tail /x /',
    'COPY --from=asset /x /',
    'FROM scratch AS tail',
  ].join('\n');
  const asked = (name: string, error = 'pull access denied, repository does not exist or may require authorization') =>
    `#2 [internal] load metadata for docker.io/library/${name}:latest\n#2 ERROR: ${error}\nERROR: failed to build: failed to solve: ${name}: failed to resolve source metadata for docker.io/library/${name}:latest: ${error}\n`;
  const at = { ...disk, readText: async () => DOCKERFILE, exists: async () => true };
  const given = {
    context: 'app',
    secrets: [],
    secretFiles: [],
    secretEnvs: [],
    buildContexts: ['assets=../assets'],
  };
  const of = async (name: string, more: object = {}, error?: string) => {
    const { code, message, remedy } = await buildFailure(asked(name, error), { ...given, ...more } as never, {
      files: at,
    });
    return `${code} ${message} ${remedy}`;
  };

  test.each([
    ['bulid', /`FROM bulid` \(app\/Dockerfile:5\) is not a stage of the Dockerfile.*Did you mean the stage `build`\?/],
    ['biuld', /`--from=biuld` \(app\/Dockerfile:3\) is not a stage.*`build`/],
    ['bild', /`--from=bild` \(app\/Dockerfile:6\) is not a stage.*`build`/],
    ['tail', /`--from=tail` \(app\/Dockerfile:7\) names a stage that begins below it, in line 9/],
    ['asset', /`--from=asset` \(app\/Dockerfile:8\).*`assets`/],
  ])('%s', async (name, expected) => {
    expect(await of(name)).toMatch(expected);
    expect(await of(name)).toMatch(/^BUILD_FAILED/);
    expect(await of(name, {}, 'dial tcp: lookup registry-1.docker.io: no such host')).toMatch(expected);
  });

  test('an image that the Dockerfile does not name so is the registry, and of a Git context BuildKit guesses', async () => {
    expect(await of('node')).not.toMatch(/stage/);
    const git = { context: 'https://github.com/a/b.git' };
    expect(await of('bulid', git)).not.toMatch(/stage/);
    expect(await of('bulid', git, 'no such host (did you mean build?)')).toMatch(/Did you mean the stage `build`/);
  });
});
