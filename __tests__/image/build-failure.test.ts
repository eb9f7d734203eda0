import { buildFailure } from '../../src/image/build-failure.ts';
import { dockerfilePlace, quoteLine } from '../../src/image/build-output.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import { annotationOfFailure } from '../../src/report/annotations.ts';
import { failureSummaryOf } from '../../src/report/summary.ts';

const RULE = '-'.repeat(20);
const quoted = (line: string, error: string, name = 'Dockerfile'): string =>
  `#5 ERROR: x\n------\n > [2/2] x:\n------\n${name}:2\n${RULE}\n   1 |     FROM scratch\n   2 | >>> ${line}\n   3 |     \n${RULE}\nERROR: failed to build: failed to solve: ${error}\n`;
const COPY = 'failed to compute cache key: failed to calculate checksum of ref a::b: ';

const FILES: Readonly<Record<string, string>> = {
  'app/Dockerfile': 'FROM scratch\nFRUM x\nCOPY a /\n',
  'app/package.json': '',
  'app/secret/key.txt': '',
  'app/.dockerignore': '*\n!package.json\n',
};
const disk = {
  exists: async (path: string) => path in FILES,
  readText: async (path: string) => FILES[path] ?? '',
  list: async (path: string) =>
    Object.keys(FILES).flatMap((file) => (file.startsWith(`${path}/`) ? [file.slice(path.length + 1)] : [])),
};
const explain = (output: string, build: object = {}) => {
  const given = { context: 'app', secrets: [], secretFiles: [['npmrc', 'x']], secretEnvs: [], ...build };
  return buildFailure(output, given as unknown as BuildInputs, disk);
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
    '## ❌ It failed.\n\n`app/Dockerfile`\n\n```text\n   1 |     FROM scratch\n   2 | >>> RUN npm ci\n```\n\nmore\n',
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
