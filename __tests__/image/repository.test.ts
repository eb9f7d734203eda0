import { Failure } from '../../src/failure.ts';
import { FINGERPRINT_KEY } from '../../src/image/fingerprint.ts';
import { parseRepository } from '../../src/image/reference.ts';
import {
  credentialsFor,
  findDestination,
  isImmutableRefusal,
  openRepository,
  pushRefused,
  storeOf,
} from '../../src/image/repository.ts';
import type { JsonObject } from '../../src/model.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const OTHER_HOST = '210987654321.dkr.ecr.us-east-1.amazonaws.com';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const [A, B, C] = [digest('a'), digest('b'), digest('c')];
const TAGS = { immutable: true, exclusions: ['latest'] };
const repository = (text: string) => parseRepository(text, 'eu-west-1');
const failing = (failure: Error) => async () => Promise.reject(failure);
const LOGIN = { registry: HOST, username: 'AWS', password: 'token' };

describe('where an image goes', () => {
  const ecr = (more: object = {}) =>
    ({
      describeRepository: async () => ({ uri: `${HOST}/app`, tags: TAGS }),
      login: async () => LOGIN,
      repositoryNames: async () => ['team/web', 'app-api'],
      ...more,
    }) as never;
  const denied = ecr({ describeRepository: failing(new Failure('ACCESS_DENIED', 'x')) });
  const missing = ecr({ describeRepository: async () => undefined });

  test.each<[string, string, boolean, ReturnType<typeof ecr>, object]>([
    [
      'a name of the own registry',
      'app',
      false,
      ecr(),
      { uri: `${HOST}/app`, ecr: { registryId: '', name: 'app', region: 'eu-west-1' }, mutability: TAGS },
    ],
    [
      'the registry of another account',
      `${OTHER_HOST}/team/app`,
      false,
      ecr(),
      {
        uri: `${OTHER_HOST}/team/app`,
        ecr: { registryId: '210987654321', name: 'team/app', region: 'us-east-1' },
        mutability: TAGS,
      },
    ],
    [
      'one that IAM does not show',
      'app',
      false,
      denied,
      { uri: `${HOST}/app`, ecr: { registryId: '', name: 'app', region: 'eu-west-1' } },
    ],
    [
      'one that is to be made, which IAM does not show',
      'app',
      true,
      ecr({
        describeRepository: failing(new Failure('ACCESS_DENIED', 'x')),
        createRepository: failing(new Error('never called')),
      }),
      { message: expect.stringMatching(/does not exist/) },
    ],
    ['another registry', 'ghcr.io/acme/app', false, missing, { uri: 'ghcr.io/acme/app' }],
    ['the public registry', 'public.ecr.aws/acme/app', true, missing, { uri: 'public.ecr.aws/acme/app' }],
  ])('%s', async (_, text, create, port, expected) => {
    expect(await findDestination(repository(text), create, port).catch((thrown: unknown) => thrown)).toMatchObject(
      expected,
    );
  });

  test.each<[string, string, object]>([
    [
      'of the own registry',
      'app',
      {
        code: 'NOT_FOUND',
        message: 'The ECR repository `app` does not exist in eu-west-1, account 123456789012.',
        remedy:
          'Did you mean `app-api`? Create it (aws ecr create-repository --repository-name app --region eu-west-1), set `create-repository: true`, or correct the input `repository`.',
      },
    ],
    [
      'of another account',
      `${OTHER_HOST}/app`,
      { code: 'NOT_FOUND', remedy: expect.stringContaining('credentials of account 210987654321') },
    ],
  ])('a repository that is not there, %s, is named with what makes it', async (_, text, failure) => {
    await expect(findDestination(repository(text), false, missing)).rejects.toMatchObject(failure);
    // A plan makes nothing.
    await expect(findDestination(repository(text), true, missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('one of a similar name is named first', async () => {
    const near = ecr({ describeRepository: async () => undefined, repositoryNames: async () => ['team/web', 'other'] });
    await expect(findDestination(repository('team/wbe'), false, near)).rejects.toMatchObject({
      remedy: expect.stringMatching(/^Did you mean `team\/web`\? Create it/),
    });
  });

  test('an ECR that is down ends the run', async () => {
    const down = ecr({ describeRepository: failing(new Failure('UNAVAILABLE', 'It is down.')) });
    await expect(findDestination(repository('app'), false, down)).rejects.toThrow('It is down.');
  });
});

test.each<[string, object | undefined]>([
  ['app', { host: HOST, region: 'eu-west-1', public: false }],
  [`${OTHER_HOST}/app`, { host: OTHER_HOST, region: 'us-east-1', public: false }],
  ['public.ecr.aws/acme/app', { host: 'public.ecr.aws', region: '', public: true }],
  ['ghcr.io/acme/app', undefined],
])('the login of %s is for its own host', async (text, expected) => {
  const asked: object[] = [];
  const ecr = {
    login: async (scope: object) => {
      asked.push(scope);
      return LOGIN;
    },
  };
  const credentials = await credentialsFor(repository(text), ecr as never);
  if (expected === undefined) expect([credentials, asked]).toEqual([undefined, []]);
  else {
    const { host, ...scope } = expected as { host: string };
    expect(credentials).toEqual({ host, username: 'AWS', password: 'token' });
    expect(asked).toEqual([scope]);
  }
});

describe('a repository that is opened for a push', () => {
  const opened = (text: string, creation?: Parameters<typeof openRepository>[1], more: object = {}) => {
    const calls: string[] = [];
    const masked: string[] = [];
    const ecr = {
      login: async (scope: { region: string }) => {
        calls.push(`login ${scope.region}`);
        return LOGIN;
      },
      describeRepository: async () => undefined,
      repositoryNames: async () => [],
      createRepository: async () => {
        calls.push('create');
        return { uri: `${HOST}/app`, tags: TAGS };
      },
      setRepositoryPolicy: async (_: object, policy: string) => void calls.push(`policy ${policy}`),
      putLifecyclePolicy: async (_: object, policy: string) => void calls.push(`lifecycle ${policy}`),
      ...more,
    };
    const lines: string[] = [];
    const world = {
      ecr,
      shell: { run: async () => ({ exitCode: 0, stdout: 'github.com/docker/buildx v0.36.1 1a2b3c', stderr: '' }) },
      runner: { mask: (text: string) => void masked.push(text), dockerAuthConfig: undefined },
      files: {},
      console: { line: (text: string) => void lines.push(text.trim()) },
    };
    return { ...openRepository(repository(text), creation, world as never), calls, masked, lines };
  };
  const authOf = async (login: Promise<{ env: Readonly<Record<string, string>> }>) =>
    JSON.parse((await login).env.DOCKER_AUTH_CONFIG ?? '{}').auths;
  const AUTH = Buffer.from('AWS:token').toString('base64');

  test('another registry needs no login of this run, and is not described', async () => {
    const { destination, login, calls } = opened('ghcr.io/acme/app');
    expect(await destination).toEqual({ uri: 'ghcr.io/acme/app' });
    expect([await login, calls]).toEqual([{ env: {} }, []]);
  });

  test('the public registry has a login of its own, and is not described', async () => {
    const { destination, login, calls, masked } = opened('public.ecr.aws/acme/app');
    expect(await destination).toEqual({ uri: 'public.ecr.aws/acme/app' });
    expect(await authOf(login)).toEqual({ 'public.ecr.aws': { auth: AUTH } });
    expect([calls, masked]).toEqual([['login '], [AUTH]]);
  });

  test('the own registry: the login is for the registry of the credentials, and can be renewed', async () => {
    const { destination, login, calls } = opened('app', undefined, {
      describeRepository: async () => ({ uri: `${HOST}/app`, tags: TAGS }),
    });
    expect(await destination).toMatchObject({ uri: `${HOST}/app`, mutability: TAGS });
    expect(await authOf(login)).toEqual({ [HOST]: { auth: AUTH } });
    await (await login).renew?.();
    expect(calls).toEqual(['login eu-west-1', 'login eu-west-1']);
  });

  test('one that is not there is made after the login, with its policies', async () => {
    const settings = { repositoryPolicy: '{"a":1}', lifecyclePolicy: '{"b":2}' };
    const { destination, calls, lines } = opened('app', { settings } as never);
    expect(await destination).toMatchObject({ uri: `${HOST}/app` });
    expect(calls).toEqual(['login eu-west-1', 'create', 'policy {"a":1}', 'lifecycle {"b":2}']);
    expect(lines).toEqual(['Created the ECR repository app in eu-west-1.']);
    const bare = opened('app', {});
    await bare.destination;
    expect(bare.calls).toEqual(['login eu-west-1', 'create']);
  });

  test('it is not made where nothing could be pushed to it', async () => {
    const wrong = new Failure('INVALID_INPUT', 'The Dockerfile is missing.');
    const early = opened('app', { before: Promise.reject(wrong) });
    await expect(early.destination).rejects.toBe(wrong);
    const refused = opened('app', {}, { login: async () => Promise.reject(new Failure('ACCESS_DENIED', 'No token.')) });
    await expect(refused.destination).rejects.toThrow('No token.');
    expect([early.calls, refused.calls]).toEqual([['login eu-west-1'], []]);
  });
});

const labels = { [FINGERPRINT_KEY]: 'sha256:f', 'org.opencontainers.image.revision': 'c0ffee' };
const ORIGIN = { fingerprint: 'sha256:f', revision: 'c0ffee' };
const AMD64 = { os: 'linux', architecture: 'amd64' };
const member = (of: string, platform: JsonObject = AMD64) => ({ digest: of, platform });

describe('what a repository of ECR holds', () => {
  /** Manifests by tag and digest, and configs by digest. */
  const stored = (
    manifests: Readonly<Record<string, JsonObject>> | Error,
    configs: Readonly<Record<string, JsonObject | Error>> = {},
  ) => {
    const asked: string[] = [];
    const tagged: unknown[] = [];
    const ecr = {
      getImages: async (_: object, references: readonly string[]) => {
        asked.push(references.join(' '));
        if (manifests instanceof Error) throw manifests;
        return new Map(
          references.flatMap((one) =>
            manifests[one] ? [[one, { digest: A, mediaType: '', manifest: manifests[one] }] as const] : [],
          ),
        );
      },
      getBlob: async (_: object, of: string) => {
        asked.push(`blob ${of}`);
        const config = configs[of];
        if (config instanceof Error) throw config;
        return config ?? {};
      },
      tagImage: async (...given: unknown[]) => void tagged.push(given),
    };
    const store = storeOf(repository('app'), Promise.resolve({ env: {} }), { ecr } as never);
    return { store, asked, tagged };
  };

  const INDEX: JsonObject = { manifests: [member(B), member(C, { os: 'linux', architecture: 'arm64' })] };
  test.each<[string, JsonObject, Parameters<typeof stored>[1] & object, object, readonly string[]]>([
    [
      'an index that names its build',
      { ...INDEX, annotations: labels },
      {},
      { ...ORIGIN, platforms: ['linux/amd64', 'linux/arm64'] },
      ['v1'],
    ],
    ['a manifest that names its build', { config: { digest: C }, annotations: labels }, {}, ORIGIN, ['v1']],
    [
      'a manifest, by the labels of its config',
      { config: { digest: C } },
      { [C]: { config: { Labels: labels } } },
      ORIGIN,
      ['v1', `blob ${C}`],
    ],
    ['an index, by its first image', INDEX, { [C]: { config: { Labels: labels } } }, ORIGIN, ['v1', B, `blob ${C}`]],
    ['a manifest without a config', {}, {}, {}, ['v1']],
    ['a config without labels', { config: { digest: C } }, { [C]: {} }, {}, ['v1', `blob ${C}`]],
    [
      'a config that cannot be read',
      { config: { digest: C } },
      { [C]: new Failure('ACCESS_DENIED', 'x') },
      {},
      ['v1', `blob ${C}`],
    ],
  ])('%s', async (_, manifest, configs, known, calls) => {
    const { store, asked } = stored({ v1: manifest, [B]: { config: { digest: C } } }, configs);
    const image = (await store.find(['v1'])).get('v1');
    expect(image).toMatchObject({ digest: A, manifest, ...known });
    expect([image?.fingerprint, image?.revision]).toEqual([
      'fingerprint' in known ? 'sha256:f' : undefined,
      'fingerprint' in known ? 'c0ffee' : undefined,
    ]);
    expect(asked).toEqual(calls);
  });

  test('the first image of an index may name the build by its annotations; one that is gone names nothing', async () => {
    const own = stored({ v1: INDEX, [B]: { config: { digest: C }, annotations: labels } });
    expect((await own.store.find(['v1'])).get('v1')).toMatchObject(ORIGIN);
    expect(own.asked).toEqual(['v1', B]);
    expect((await stored({ v1: INDEX }).store.find(['v1'])).get('v1')).not.toHaveProperty('fingerprint');
  });

  test('only tags with an image are there', async () => {
    expect([...(await stored({ v1: {} }).store.find(['v1', 'v2'])).keys()]).toEqual(['v1']);
  });

  test('a repository that is not there has no image; any other error ends the lookup', async () => {
    expect(await stored(new Failure('NOT_FOUND', 'x')).store.find(['v1'])).toEqual(new Map());
    await expect(stored(new Failure('ACCESS_DENIED', 'x')).store.find(['v1'])).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });

  test.each(['CANCELLED', 'CREDENTIALS'] as const)('%s ends the run', async (code) => {
    const { store } = stored({ v1: { config: { digest: C } } }, { [C]: new Failure(code, 'x') });
    await expect(store.find(['v1'])).rejects.toMatchObject({ code });
  });

  test('a tag is put on a digest by the API', async () => {
    const { store, tagged } = stored({});
    await store.addTag(A, 'v2');
    expect(tagged).toEqual([
      [
        { registryId: '', name: 'app', region: 'eu-west-1' },
        { digest: A, tag: 'v2' },
      ],
    ]);
  });
});

describe('what another registry holds, by docker', () => {
  const read = (
    answers: readonly { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string }[],
  ) => {
    const commands: string[] = [];
    let count = 0;
    const shell = {
      run: async (_: string, args: readonly string[], { env }: { env?: object }) => {
        commands.push([...args, JSON.stringify(env)].join(' '));
        return { stdout: '', stderr: '', ...answers[Math.min(count++, answers.length - 1)] };
      },
    };
    const clock = { random: () => 0.5, sleep: async () => {} };
    const world = { clock, shell, sources: {}, signal: new AbortController().signal };
    return {
      store: storeOf(repository('ghcr.io/acme/app'), Promise.resolve({ env: { X: '1' } }), world as never),
      commands,
    };
  };
  const described = (value: object) => [{ exitCode: 0, stdout: JSON.stringify(value) }];

  test('a tag and a digest are asked for with the login', async () => {
    const { store, commands } = read(described({ manifest: { digest: A } }));
    expect([...(await store.find(['v1', B])).keys()]).toEqual(['v1', B]);
    expect(commands).toEqual([
      'buildx imagetools inspect --format {{json .}} ghcr.io/acme/app:v1 {"X":"1"}',
      `buildx imagetools inspect --format {{json .}} ghcr.io/acme/app@${B} {"X":"1"}`,
    ]);
  });

  test.each<[string, object, object | undefined]>([
    [
      'a single image',
      { manifest: { digest: A }, image: { ...AMD64, config: { Labels: labels } } },
      { digest: A, platforms: ['linux/amd64'], ...ORIGIN },
    ],
    [
      'an index with the config of each platform',
      {
        manifest: { digest: A, manifests: [member(B)] },
        image: { 'linux/amd64': { ...AMD64, config: { Labels: labels } } },
      },
      { digest: A, manifest: { digest: A, manifests: [member(B)] }, platforms: ['linux/amd64'], ...ORIGIN },
    ],
    [
      'annotations before labels',
      {
        manifest: { digest: A, manifests: [member(B)], annotations: { [FINGERPRINT_KEY]: 'sha256:own' } },
        image: { 'linux/amd64': { config: { Labels: labels } } },
      },
      expect.objectContaining({ fingerprint: 'sha256:own', revision: 'c0ffee' }),
    ],
    ['no config', { manifest: { digest: A } }, { digest: A }],
    ['no digest', { manifest: {} }, undefined],
    ['nothing', {}, undefined],
  ])('%s', async (_, value, expected) => {
    expect((await read(described(value)).store.find(['v1'])).get('v1')).toEqual(expected);
  });

  test.each([
    'ERROR: ghcr.io/acme/app:v1: not found',
    'ERROR: manifest unknown: manifest unknown',
    'ERROR: name unknown: repository name not known to registry',
    'ERROR: repository does not exist',
  ])('%s is no image', async (stderr) => {
    expect(await read([{ exitCode: 1, stderr }]).store.find(['v1'])).toEqual(new Map());
  });

  test.each<[string, string, object]>([
    [
      'a missing login',
      'ERROR: failed to authorize: 401 Unauthorized',
      {
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('not logged in to ghcr.io'),
        remedy: expect.stringContaining('packages: read'),
      },
    ],
    [
      'a missing login, in the words of ghcr.io',
      'ERROR: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 403 Forbidden',
      { code: 'ACCESS_DENIED', message: expect.stringContaining('not logged in to ghcr.io') },
    ],
    [
      'a token service that is down',
      'ERROR: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fv403%3Apull&service=ghcr.io: 503 Service Unavailable',
      { code: 'UNAVAILABLE' },
    ],
    [
      'a credential helper that is not there',
      'ERROR: error getting credentials - err: exec: "docker-credential-nosuch": executable file not found in $PATH, out: ``',
      {
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('the credential helper docker-credential-nosuch is not on the PATH'),
        remedy: expect.stringContaining('install the helper'),
      },
    ],
    [
      'a credential helper that fails, with what it printed',
      'error: keyring item not found: no D-Bus\nERROR: error getting credentials - err: exit status 1, out: ``',
      {
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('failed (error: keyring item not found: no D-Bus)'),
        remedy: expect.stringContaining('DOCKER_AUTH_CONFIG'),
      },
    ],
    [
      'a credential helper that fails and prints nothing',
      'ERROR: error getting credentials - err: exit status 1, out: ``',
      {
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('failed (error getting credentials - err: exit status 1'),
      },
    ],
    ['a registry that is down', 'ERROR: connection refused', { code: 'UNAVAILABLE', message: 'connection refused' }],
  ])('%s ends the lookup', async (_, stderr, failure) => {
    await expect(read([{ exitCode: 1, stderr }]).store.find(['v1'])).rejects.toMatchObject(failure);
  });

  test('no answer, of the registry or of a credential helper, ends the lookup', async () => {
    const late = new Failure('UNAVAILABLE', '`docker buildx imagetools` did not end within 120 s and was stopped.');
    const shell = { run: async () => Promise.reject(late) };
    const world = { shell, sources: {}, signal: new AbortController().signal };
    const store = storeOf(repository('ghcr.io/acme/app'), Promise.resolve({ env: {} }), world as never);
    await expect(store.find(['v1'])).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('no answer about ghcr.io'),
      remedy: expect.stringContaining('credential helper'),
    });
  });

  test('what is no description ends the lookup', async () => {
    await expect(read([{ exitCode: 0, stdout: 'x' }]).store.find(['v1'])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'buildx printed no description of the image',
    });
  });

  test('a tag is made beside a digest', async () => {
    const { store, commands } = read([{ exitCode: 0 }]);
    await store.addTag(A, 'v2');
    expect(commands).toEqual([`buildx imagetools create --tag ghcr.io/acme/app:v2 ghcr.io/acme/app@${A} {"X":"1"}`]);
  });

  test('a tag that is immutable is a conflict, anything else a refused push', async () => {
    const immutable =
      "ERROR: The image tag 'v2' already exists and cannot be overwritten because the tag is immutable.";
    await expect(read([{ exitCode: 1, stderr: immutable }]).store.addTag(A, 'v2')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(read([{ exitCode: 1, stderr: 'ERROR: 500' }]).store.addTag(A, 'v2')).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      message: '500',
    });
  });
});

test('a push that is refused for want of a login names the host and the right', () => {
  expect(pushRefused('ghcr.io/acme/app', 'ERROR: 401 Unauthorized')).toMatchObject({
    code: 'PUSH_FAILED',
    message: expect.stringContaining('ghcr.io'),
    remedy: expect.stringContaining('packages: write'),
  });
  expect(
    pushRefused('ghcr.io/acme/app', 'ERROR: error getting credentials - err: exit status 1, out: ``').message,
  ).toContain('credential helper failed');
  expect(pushRefused('ghcr.io/acme/app', 'ERROR: no space left').remedy).toBeUndefined();
});

test.each([
  [
    "tag invalid: The image tag 'a' already exists in the 'b' repository and cannot be overwritten because the repository is immutable.",
    true,
  ],
  ["The image tag 'a' already exists and cannot be overwritten because the tag is immutable.", true],
  ['cannot be overwritten', false],
])('%s', (output, expected) => expect(isImmutableRefusal(output)).toBe(expected));
