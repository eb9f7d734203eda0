import { setTimeout } from 'node:timers/promises';
import { asFailure, Failure, sentence } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Masker } from '../masker.ts';
import { defined } from '../model.ts';
import type { ActionsCache, Github, Runner } from '../ports.ts';
import type { GithubIdentity } from './credentials.ts';
import { fetchThrough, proxyAgents, sendRequest } from './http.ts';
import { forkOf } from './runner.ts';
import { TimeLimits } from './time.ts';

/** GitHub is beside the deploy, so it may not hold it up. */
const CALL_SECONDS = 15;
const PAGE = 100;
/** Comments looked through for our own: 1000 on one pull request. */
const PAGES = 10;
/** GitHub's limit for the description of a status. */
const DESCRIPTION = 140;

type Env = Readonly<Record<string, string | undefined>>;

interface Comment {
  readonly id: number;
  readonly body?: string | null | undefined;
}

/**
 * GitHub's API through @actions/github, which is loaded with the first call, over requests of ours: its own bring undici,
 * 542 kB that Node has once already. The address is the runner's own (GITHUB_API_URL), so it works on GitHub Enterprise Server.
 * All that is sent is masked: the runner masks neither comments nor deployments.
 */
export function createGithub(
  token: string,
  { apiUrl, repository, sha, pullRequest }: RunContext,
  job: { readonly env: Env; readonly masker: Pick<Masker, 'data'>; readonly limits?: TimeLimits },
): Github {
  const { env, masker, limits = new TimeLimits() } = job;
  const [owner = '', repo = ''] = repository.split('/');
  const client = remembered(async () => {
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token, { baseUrl: apiUrl, request: { fetch: fetchThrough(proxyAgents(env)) } }).rest;
  });
  const place = { owner, repo };
  /** One request. The signal ends the answer's body too, and octokit's own waiting. */
  const limited = <T>(send: (request: { readonly signal: AbortSignal }) => Promise<T>): Promise<T> =>
    limits.run(CALL_SECONDS, (signal) => send({ signal }));
  return {
    async createDeployment(deployment) {
      const { ref = sha, environment, transient, production, description } = masker.data(deployment);
      const { repos } = await client();
      const { data } = await asked('create a deployment', 'deployments: write', () =>
        limited((request) =>
          repos.createDeployment({
            ...place,
            request,
            ref,
            environment,
            description: cut(description),
            transient_environment: transient,
            production_environment: production,
            auto_merge: false,
            // The job that deploys is itself a check that has not ended.
            required_contexts: [],
          }),
        ),
      );
      if (!('id' in data))
        throw new Failure('REFUSED', `GitHub made no deployment: ${data.message ?? 'no reason given'}`);
      return data.id;
    },

    async setDeploymentStatus(status) {
      const { deployment, state, description, environment, environmentUrl, logUrl } = masker.data(status);
      const { repos } = await client();
      await asked('set the status of a deployment', 'deployments: write', () =>
        limited((request) =>
          repos.createDeploymentStatus({
            ...place,
            request,
            deployment_id: deployment,
            state,
            description: cut(description),
            environment,
            log_url: logUrl,
            auto_inactive: true,
            ...defined({ environment_url: environmentUrl || undefined }),
          }),
        ),
      );
    },

    async putComment({ marker, write, holds }) {
      const { issues, repos } = await client();
      const api = place;
      const comments: Comments =
        pullRequest === undefined
          ? {
              list: (page) =>
                limited((request) =>
                  repos.listCommentsForCommit({ ...api, request, commit_sha: sha, per_page: PAGE, page }),
                ),
              create: (body) =>
                limited((request) => repos.createCommitComment({ ...api, request, commit_sha: sha, body })),
              update: (id, body) =>
                limited((request) => repos.updateCommitComment({ ...api, request, comment_id: id, body })),
              remove: (id) => limited((request) => repos.deleteCommitComment({ ...api, request, comment_id: id })),
            }
          : {
              list: (page) =>
                limited((request) =>
                  issues.listComments({ ...api, request, issue_number: pullRequest, per_page: PAGE, page }),
                ),
              create: (body) =>
                limited((request) => issues.createComment({ ...api, request, issue_number: pullRequest, body })),
              update: (id, body) =>
                limited((request) => issues.updateComment({ ...api, request, comment_id: id, body })),
              remove: (id) => limited((request) => issues.deleteComment({ ...api, request, comment_id: id })),
            };
      const masked = {
        marker,
        holds,
        write: (before: string | undefined): string => {
          const body = masker.data(write(before));
          return body;
        },
      };
      await (pullRequest === undefined
        ? asked('comment on a commit', 'contents: write', () => rewrite(masked, comments))
        : asked('comment on a pull request', 'pull-requests: write', () => rewrite(masked, comments)));
    },
  };
}

/** Comments of one pull request or commit. */
interface Comments {
  readonly list: (page: number) => Promise<{ readonly data: readonly Comment[] }>;
  readonly create: (body: string) => Promise<unknown>;
  readonly update: (id: number, body: string) => Promise<unknown>;
  readonly remove: (id: number) => Promise<unknown>;
}

/** More jobs than these at the same moment are rare, and each attempt lets one of them through. */
const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 250;

/**
 * Writes, reads again, and writes again where another job wrote in between. Of several comments, which jobs made at the same moment, the
 * oldest stays; the others are removed once their text is in it.
 */
async function rewrite(
  { marker, write, holds }: Parameters<Github['putComment']>[0],
  { list, create, update, remove }: Comments,
): Promise<void> {
  let made = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [oldest, ...others] = await find(marker, list);
    if (attempt > 1 && oldest && holds(oldest.body ?? '')) {
      // Ours alone: another job removes its own.
      const mine = made ? others.filter(({ body }) => holds(body ?? '')) : [];
      for (const { id } of mine) await remove(id).catch(() => undefined);
      return;
    }
    const body = write(oldest?.body ?? undefined);
    if (oldest) await update(oldest.id, body);
    else {
      await create(body);
      made = true;
    }
    // Longer than another job takes from its reading to its writing; by chance, so that two do not stay in step.
    await setTimeout(PAUSE_MILLISECONDS * (1 + Math.random()) * attempt);
  }
}

/** The comments with the marker, oldest first. */
async function find(
  marker: string,
  list: (page: number) => Promise<{ readonly data: readonly Comment[] }>,
): Promise<readonly Comment[]> {
  const found: Comment[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const { data } = await list(page);
    found.push(...data.filter(({ body }) => body?.startsWith(marker)));
    if (data.length < PAGE) break;
  }
  return found.sort((one, other) => one.id - other.id);
}

/** One call; a refusal becomes a Failure that names the permission that would allow it. */
async function asked<T>(what: string, permission: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw toFailure(thrown, what, permission);
  }
}

function toFailure(thrown: unknown, what: string, permission: string): Failure {
  const failure = asFailure(thrown);
  const status = thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 0;
  const message = sentence(`GitHub did not let this run ${what}: ${failure.message}`);
  const remedy = `Give the job \`permissions: ${permission}\`, or a \`github-token\` that may. Runs for pull requests from forks never may.`;
  switch (status) {
    case 401:
      return new Failure('CREDENTIALS', message, {
        remedy: 'The `github-token` is wrong or has expired.',
        cause: thrown,
      });
    case 403:
    case 404:
      return /rate limit/i.test(failure.message)
        ? new Failure('THROTTLED', message, { cause: thrown })
        : new Failure('ACCESS_DENIED', message, { remedy, cause: thrown });
    case 429:
      return new Failure('THROTTLED', message, { cause: thrown });
    default:
      return new Failure(status >= 400 && status < 500 ? 'REFUSED' : 'UNAVAILABLE', message, { cause: thrown });
  }
}

function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const cut = (text: string): string => (text.length > DESCRIPTION ? `${text.slice(0, DESCRIPTION - 3)}...` : text);

/** GitHub's token service answers within a second; its own client would wait without end. */
const TOKEN_SECONDS = 10;

/**
 * The job's OIDC tokens, masked before their first use. Requested as @actions/core does, which has no time limit and cannot
 * be cancelled: GET of ACTIONS_ID_TOKEN_REQUEST_URL with the audience.
 * @throws Failure UNAVAILABLE when asking again may help, CREDENTIALS when GitHub refuses
 */
export function githubIdentity(env: Env, runner: Pick<Runner, 'mask'>, limits: TimeLimits): GithubIdentity {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return {
    offersTokens: Boolean(address),
    ...defined({ fork: forkOf(env) }),
    async token(audience) {
      if (!address || !bearer) throw new Failure('CREDENTIALS', 'This job has no OIDC token endpoint.');
      const url = new URL(address);
      url.searchParams.set('audience', audience);
      const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json', 'user-agent': 'ecs-rollout' };
      const answer = await limits
        .run(TOKEN_SECONDS, (signal) =>
          sendRequest({ method: 'GET', url, headers }, { agents: proxyAgents(env), signal }),
        )
        .catch((thrown: unknown) => {
          throw thrown instanceof Failure ? thrown : tokenUnavailable(asFailure(thrown).message, thrown);
        });
      const token = answer.status === 200 ? tokenIn(answer.body.toString()) : undefined;
      if (token === undefined) throw noTokenIn(answer.status);
      runner.mask(token);
      return token;
    },
    mask: runner.mask,
  };
}

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const value = typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

function noTokenIn(status: number): Failure {
  // 400, 401, 403, 404: GitHub's word. All else is a fault on the way, or of a moment.
  const refused = status >= 400 && status < 500 && status !== 407 && status !== 408 && status !== 429;
  if (refused) return new Failure('CREDENTIALS', `GitHub's OIDC token endpoint answered HTTP ${status}.`);
  return tokenUnavailable(status === 200 ? 'HTTP 200 without a token' : `HTTP ${status}`);
}

const tokenUnavailable = (what: string, cause?: unknown): Failure =>
  new Failure('UNAVAILABLE', `GitHub's OIDC token endpoint gave no token (${what}).`, {
    remedy: 'Run the job again; https://www.githubstatus.com reports outages of Actions.',
    cause,
  });

/** The cache is a help: a service that is slow to answer is not waited for. */
const CACHE_CHECK_SECONDS = 5;
const CACHE_SERVICE = 'twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL';

/**
 * Whether GitHub's cache takes this job's token: one look-up of a key that does not exist. BuildKit fails the whole build where it
 * does not, whatever `ignore-error` says, and leaves the cache out without a word where there is no token.
 * https://github.com/moby/buildkit/blob/master/cache/remotecache/gha/gha.go
 */
export async function checkActionsCache(env: Env, signal: AbortSignal): Promise<ActionsCache> {
  const token = env.ACTIONS_RUNTIME_TOKEN;
  const second = /^true$/i.test(env.ACTIONS_CACHE_SERVICE_V2 ?? '');
  const base = second ? env.ACTIONS_RESULTS_URL : env.ACTIONS_CACHE_URL;
  if (!token || !base) return { kind: 'absent' };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  const key = { key: 'ecs-rollout-check', version: '0'.repeat(64) };
  const root = base.endsWith('/') ? base : `${base}/`;
  const late = AbortSignal.timeout(CACHE_CHECK_SECONDS * 1000);
  try {
    const { status } = await sendRequest(
      second
        ? { method: 'POST', url: new URL(CACHE_SERVICE, root), headers, body: JSON.stringify(key) }
        : {
            method: 'GET',
            url: new URL(`_apis/artifactcache/cache?keys=${key.key}&version=${key.version}`, root),
            headers: { ...headers, accept: 'application/json;api-version=6.0-preview.1' },
          },
      { agents: proxyAgents(env), signal: AbortSignal.any([signal, late]) },
    );
    if (status >= 200 && status < 300) return { kind: 'ready' };
    return { kind: 'refused', why: `GitHub's cache service answers HTTP ${status} to this job's token` };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const why = late.aborted
      ? `GitHub's cache service did not answer within ${CACHE_CHECK_SECONDS} s`
      : `GitHub's cache service cannot be reached (${thrown instanceof Error ? thrown.message : String(thrown)})`;
    return { kind: 'refused', why };
  }
}
