import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkActionsCache, createGithub } from '../../src/adapters/github.ts';
import { Failure } from '../../src/failure.ts';
import { readPlace } from '../../src/inputs/parse.ts';
import type { RunContext } from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import type { ServiceState } from '../../src/model.ts';
import type { Github } from '../../src/ports.ts';
import { commentFailure } from '../../src/report/comment.ts';
import { beginDeployment, comment, endDeployment, recordOf } from '../../src/report/github.ts';
import { listening, outcome, run } from '../report/made.ts';

/** As much of GitHub's API as we use, over HTTP. */
class FakeGithub {
  readonly requests: { method: string; path: string; body: Record<string, unknown>; authorization: string }[] = [];
  readonly comments = new Map<number, string>();
  readonly #server: Server;
  /** Commits that the repository does not have. */
  readonly unknown = new Set<unknown>();
  refuse: { status: number; message: string } | undefined;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const body = text === '' ? {} : JSON.parse(text);
      const method = request.method ?? '';
      this.requests.push({ method, path, body, authorization: request.headers.authorization ?? '' });
      const { status, value } = this.refuse
        ? { status: this.refuse.status, value: { message: this.refuse.message } }
        : this.#answer(method, path, new URLSearchParams(query), body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v3`;
  }

  stop = (): Promise<unknown> => new Promise((resolve) => this.#server.close(resolve).closeAllConnections());

  #answer(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>) {
    const id = Number(/\/comments\/(\d+)$/.exec(path)?.[1]);
    if (method === 'GET') {
      const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
      const all = [...this.comments].map(([key, text]) => ({ id: key, body: text }));
      return { status: 200, value: all.slice((page - 1) * size, page * size) };
    }
    if (this.unknown.has(body.ref)) return { status: 422, value: { message: `No ref found for: ${body.ref}` } };
    if (method === 'DELETE') this.comments.delete(id);
    else if (method === 'PATCH') this.comments.set(id, String(body.body));
    else if (path.endsWith('/comments')) this.comments.set(this.comments.size + 1, String(body.body));
    return { status: method === 'POST' ? 201 : 200, value: { id: path.endsWith('/deployments') ? 77 : 1 } };
  }
}

let fake: FakeGithub;
let context: RunContext;
let github: Github;
beforeEach(async () => {
  fake = new FakeGithub();
  context = { ...run, apiUrl: await fake.start(), pullRequest: 7 };
  github = createGithub('ghs_secret', context, { env: {}, masker: new Masker() });
});
afterEach(() => fake.stop());

const asked = {
  deployment: { environment: 'production', url: 'https://shop.example', transient: false, production: true },
  comment: true,
};
const facts = { context: run, env: { AWS_REGION: 'eu-central-1' } };
/** As the step's inputs would be read, the wrong ones among them. */
const placeOf = (given: Readonly<Record<string, string>> = {}) =>
  readPlace(new Map(Object.entries({ service: 'web', cluster: 'shop', comment: 'true', ...given })), facts);
const states = new Map<string, string>();
const runner = { saveState: (name: string, value: string) => void states.set(name, value) };
/** A console, and what it was told. */
function heard() {
  const console = listening();
  return { said: console.lines, console };
}

describe('the GitHub deployment', () => {
  test('is made of the commit, with a status at the beginning and at the end', async () => {
    const world = { github, runner: { ...runner, context }, console: heard().console };
    const recorded = await beginDeployment(asked, world);
    // What post ends, should main be killed.
    expect(recordOf(states.get('github-deployment') ?? '')).toEqual(recorded);
    await endDeployment(recorded, outcome({ headline: 'x'.repeat(300) }), world);
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v3/repos/acme/shop/deployments',
      'POST /api/v3/repos/acme/shop/deployments/77/statuses',
      'POST /api/v3/repos/acme/shop/deployments/77/statuses',
    ]);
    const [made, begun, ended] = fake.requests;
    expect(made).toMatchObject({
      authorization: 'token ghs_secret',
      body: {
        ref: run.sha,
        environment: 'production',
        transient_environment: false,
        production_environment: true,
        auto_merge: false,
        required_contexts: [],
      },
    });
    expect(begun?.body).toMatchObject({
      state: 'in_progress',
      environment_url: 'https://shop.example',
      log_url: 'https://github.com/acme/shop/actions/runs/42/attempts/1',
      auto_inactive: true,
    });
    expect(ended?.body).toMatchObject({ state: 'success' });
    expect(String(ended?.body.description)).toHaveLength(140);
  });

  test.each([
    ['rolled-back', 'failure'],
    ['failed', 'failure'],
    ['superseded', 'inactive'],
    ['cancelled', 'error'],
    ['paused', 'pending'],
    ['started', 'in_progress'],
    ['unchanged', 'success'],
  ] as const)('of a run that ended %s is %s', async (kind, state) => {
    await endDeployment({ deployment: 77, environment: 'x' }, outcome({ kind }), {
      runner: { context },
      github,
      console: heard().console,
    });
    expect(fake.requests[0]?.body.state).toBe(state);
  });

  describe('of a rollback', () => {
    const commit = 'badc0de000000000000000000000000000000000';
    const begun = async (back: { revision: string; commit?: string }) => {
      const { said, console } = heard();
      const recorded = await beginDeployment(asked, { github, runner: { ...runner, context }, console }, back);
      return { recorded, said, bodies: fake.requests.map(({ body }) => body) };
    };

    test('is of the commit that the revision was made of', async () => {
      const { bodies } = await begun({ revision: 'web:3', commit });
      expect(bodies).toMatchObject([
        { ref: commit, description: 'Rollback to web:3' },
        { state: 'in_progress', description: 'Rollback to web:3' },
      ]);
    });

    test.each([
      ['is not known', {}],
      ['is no commit', { commit: 'main' }],
    ])('whose commit %s is of this run’s', async (_, known) => {
      const { bodies } = await begun({ revision: 'web:3', ...known });
      expect(bodies[0]).toMatchObject({ ref: run.sha, description: 'Rollback to web:3' });
    });

    test('whose commit is gone from the repository is of this run’s', async () => {
      fake.unknown.add(commit);
      const { bodies, recorded, said } = await begun({ revision: 'web:3', commit });
      expect(bodies.map(({ ref }) => ref)).toEqual([commit, run.sha, undefined]);
      expect(recorded).toMatchObject({ deployment: 77 });
      expect(said).toEqual([]);
    });
  });

  test('not asked for: no request', async () => {
    const world = { github, runner: { ...runner, context }, console: heard().console };
    await endDeployment(await beginDeployment({ comment: false }, world), outcome(), world);
    await comment(placeOf({ comment: 'false' }), { outcome: outcome() }, world);
    expect(fake.requests).toEqual([]);
  });

  test('without a token both are skipped, and the log says so', async () => {
    const { said, console } = heard();
    expect(await beginDeployment(asked, { runner: { ...runner, context }, console })).toBeUndefined();
    await comment(placeOf(), { outcome: outcome() }, { runner: { context }, console });
    expect(said).toEqual([
      expect.stringMatching(
        /^The GitHub deployment is skipped: `github-token` is not set\. Set .*`permissions: deployments: write`\.$/,
      ),
      expect.stringMatching(
        /^The comment is skipped: `github-token` is not set\. Set .*`permissions: (?:pull-requests|contents): write`\.$/,
      ),
    ]);
  });

  test('a token that may not is a warning with the permission, and the deploy continues', async () => {
    fake.refuse = { status: 403, message: 'Resource not accessible by integration' };
    const { said, console } = heard();
    expect(await beginDeployment(asked, { runner: { ...runner, context }, github, console })).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/Resource not accessible by integration.*`permissions: deployments: write`/);
    expect(said[0]).not.toContain('ghs_secret');
  });
});

describe('the comment', () => {
  const put = () =>
    comment(placeOf(), { outcome: outcome() }, { runner: { context }, github, console: heard().console });
  const fail = (failure: Failure, given: Readonly<Record<string, string>> = {}) =>
    commentFailure(placeOf(given), failure, { runner: { context }, github, console: heard().console });

  test('is added once to the pull request, and replaced by every later run', async () => {
    fake.comments.set(1, 'nice work!');
    await put();
    await put();
    expect([...fake.comments.values()]).toEqual(['nice work!', expect.stringContaining('web:42')]);
    expect(fake.requests.map(({ method }) => method)).toEqual([...['GET', 'POST', 'GET'], ...['GET', 'PATCH', 'GET']]);
    expect(fake.requests[1]?.path).toBe('/api/v3/repos/acme/shop/issues/7/comments');
  });

  test.each([
    ['a check', new Failure('PREFLIGHT_FAILED', 'One check failed.'), {}, ': One check failed\n'],
    ['an input', new Failure('INVALID_INPUT', 'Bad.'), { cpu: 'x', 'desired-count': 'many' }, ': Bad\n'],
  ])('is replaced by a run that fails for %s, and that by the next', async (_, failure, given, said) => {
    await put();
    await fail(failure, given);
    expect([...fake.comments.values()]).toEqual([expect.stringContaining(said)]);
    await put();
    expect([...fake.comments.values()]).toEqual([expect.stringContaining('is deployed')]);
  });

  test.each<[string, Failure['code'], Readonly<Record<string, string>>]>([
    ['that was cancelled', 'CANCELLED', {}],
    ['of which no comment was wanted', 'REFUSED', { comment: 'false' }],
    ['that names no service', 'INVALID_INPUT', { service: '' }],
  ])('is left alone by a run %s', async (_, code, given) => {
    await fail(new Failure(code, 'x'), given);
    expect(fake.requests).toEqual([]);
  });

  test('is one for jobs that write at the same moment, with what each of them wrote', async () => {
    const jobs = ['api', 'web', 'worker', 'cron'].map((service) =>
      comment(
        placeOf({ service }),
        { outcome: outcome({ service: { ...outcome().service, name: service } as ServiceState }) },
        { runner: { context: { ...context, job: service } }, github, console: heard().console },
      ),
    );
    await Promise.all(jobs);
    expect(fake.comments.size).toBe(1);
    const [text = ''] = fake.comments.values();
    for (const service of ['api', 'web', 'worker', 'cron'])
      expect(text).toContain(`| ✅ ${service} in shop/eu-central-1 | \`web:42\` is deployed |`);
  });

  test('is found behind a hundred others', async () => {
    for (let id = 1; id <= 100; id += 1) fake.comments.set(id, `talk ${id}`);
    await put();
    await put();
    expect(fake.comments.size).toBe(101);
  });

  test('stands on the commit where there is no pull request', async () => {
    const { pullRequest: _, ...pushed } = context;
    await comment(
      placeOf(),
      { outcome: outcome() },
      {
        runner: { context: pushed },
        github: createGithub('t', pushed, { env: {}, masker: new Masker() }),
        console: heard().console,
      },
    );
    expect(fake.requests.map(({ path }) => path)).toEqual(
      Array(3).fill(`/api/v3/repos/acme/shop/commits/${run.sha}/comments`),
    );
  });
});

test.each([
  [401, 'Bad credentials', 'CREDENTIALS'],
  [403, 'API rate limit exceeded', 'THROTTLED'],
  [404, 'Not Found', 'ACCESS_DENIED'],
  [422, 'Validation Failed', 'REFUSED'],
  [502, 'Bad Gateway', 'UNAVAILABLE'],
])('GitHub says %p %s: %s', async (status, message, code) => {
  fake.refuse = { status, message };
  const thrown = await github
    .putComment({ marker: 'm', write: () => 'm', holds: () => true })
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
  expect((thrown as Failure).code).toBe(code);
});

test('nothing listens: UNAVAILABLE, not a crash', async () => {
  await fake.stop();
  await expect(github.putComment({ marker: 'm', write: () => 'm', holds: () => true })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
});

/** GitHub's cache service, asked before it is used. */
const signal = new AbortController().signal;
const requests: string[] = [];
async function served<T>(answer: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  requests.length = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const status =
  (code: number): RequestListener =>
  (_, response) =>
    void response.writeHead(code).end('{"ok":false}');

test.each([[{}], [{ ACTIONS_RUNTIME_TOKEN: 't' }], [{ ACTIONS_CACHE_URL: 'http://127.0.0.1:1' }]])(
  'outside a job of GitHub there is none: %j',
  async (env) => expect(await checkActionsCache(env, signal)).toEqual({ kind: 'absent' }),
);

test('the second version of the service is requests for a key that does not exist', async () => {
  const found = await served(status(200), (url) =>
    checkActionsCache(
      { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_SERVICE_V2: 'True', ACTIONS_RESULTS_URL: url },
      signal,
    ),
  );
  expect(found).toEqual({ kind: 'ready' });
  expect(requests).toEqual([
    'POST /twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL Bearer t',
  ]);
});

test('the first one as well', async () => {
  const found = await served(status(204), (url) =>
    checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: `${url}/` }, signal),
  );
  expect(found).toEqual({ kind: 'ready' });
  expect(requests).toEqual([expect.stringMatching(/^GET \/_apis\/artifactcache\/cache\?keys=.+ Bearer t$/)]);
});

test.each([401, 403, 500])('HTTP %i: BuildKit would fail the build, so it is not used', async (code) => {
  const found = await served(status(code), (url) =>
    checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: url }, signal),
  );
  expect(found).toEqual({ kind: 'refused', why: expect.stringContaining(`HTTP ${code}`) });
});

test('a service that cannot be reached', async () => {
  const env = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'http://127.0.0.1:1' };
  expect(await checkActionsCache(env, signal)).toEqual({
    kind: 'refused',
    why: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a cancelled run does not wait for it', async () => {
  const cancel = new AbortController();
  const checked = served(
    () => setTimeout(() => cancel.abort(new Error('cancelled')), 10),
    (url) => checkActionsCache({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: url }, cancel.signal),
  );
  await expect(checked).rejects.toThrow('cancelled');
});
