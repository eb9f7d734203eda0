import { asFailure, Failure } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Github } from '../world.ts';

/** GitHub is beside the deploy, so it may not hold it up. */
const TIMEOUT_MS = 15_000;
const PAGE = 100;
/** Comments looked through for our own: 1000 on one pull request. */
const PAGES = 10;
/** GitHub's limit for the description of a status. */
const DESCRIPTION = 140;

interface Comment {
  readonly id: number;
  readonly body?: string | null | undefined;
}

/**
 * GitHub's API through @actions/github, which is loaded with the first call and honours the proxy variables. The
 * address is the runner's own (GITHUB_API_URL), so it works on GitHub Enterprise Server.
 */
export function createGithub(token: string, { apiUrl, repository, sha, pullRequest }: RunContext): Github {
  const [owner = '', repo = ''] = repository.split('/');
  const client = remembered(async () => {
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token, { baseUrl: apiUrl }).rest;
  });
  const place = () => ({ owner, repo, request: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
  return {
    async createDeployment({ ref = sha, environment, transient, production, description }) {
      const { repos } = await client();
      const { data } = await asked('create a deployment', 'deployments: write', () =>
        repos.createDeployment({
          ...place(),
          ref,
          environment,
          description: cut(description),
          transient_environment: transient,
          production_environment: production,
          auto_merge: false,
          // The job that deploys is itself a check that has not ended.
          required_contexts: [],
        }),
      );
      if (!('id' in data))
        throw new Failure('REFUSED', `GitHub made no deployment: ${data.message ?? 'no reason given'}`);
      return data.id;
    },

    async setDeploymentStatus({ deployment, state, description, environment, environmentUrl, logUrl }) {
      const { repos } = await client();
      await asked('set the status of a deployment', 'deployments: write', () =>
        repos.createDeploymentStatus({
          ...place(),
          deployment_id: deployment,
          state,
          description: cut(description),
          environment,
          log_url: logUrl,
          auto_inactive: true,
          ...(environmentUrl ? { environment_url: environmentUrl } : {}),
        }),
      );
    },

    async putComment({ marker, body }) {
      const { issues, repos } = await client();
      if (pullRequest === undefined) {
        await asked('comment on a commit', 'contents: write', async () => {
          const mine = await find(marker, (page) =>
            repos.listCommentsForCommit({ ...place(), commit_sha: sha, per_page: PAGE, page }),
          );
          if (mine) await repos.updateCommitComment({ ...place(), comment_id: mine.id, body });
          else await repos.createCommitComment({ ...place(), commit_sha: sha, body });
        });
        return;
      }
      await asked('comment on a pull request', 'pull-requests: write', async () => {
        const mine = await find(marker, (page) =>
          issues.listComments({ ...place(), issue_number: pullRequest, per_page: PAGE, page }),
        );
        if (mine) await issues.updateComment({ ...place(), comment_id: mine.id, body });
        else await issues.createComment({ ...place(), issue_number: pullRequest, body });
      });
    },
  };
}

async function find(
  marker: string,
  list: (page: number) => Promise<{ readonly data: readonly Comment[] }>,
): Promise<Comment | undefined> {
  for (let page = 1; page <= PAGES; page += 1) {
    const { data } = await list(page);
    const mine = data.find(({ body }) => body?.startsWith(marker));
    if (mine || data.length < PAGE) return mine;
  }
  return undefined;
}

/** Asks, and tells a refusal with the permission that would allow it. */
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
  const message = `GitHub did not let this run ${what}: ${failure.message}`;
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
