import { asFailure, Failure } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Github } from '../ports.ts';
import { TimeLimits } from './time-limits.ts';

/** GitHub is beside the deploy, so it may not hold it up. */
const CALL_SECONDS = 15;
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
export function createGithub(
  token: string,
  { apiUrl, repository, sha, pullRequest }: RunContext,
  limits = new TimeLimits(),
): Github {
  const [owner = '', repo = ''] = repository.split('/');
  const client = remembered(async () => {
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token, { baseUrl: apiUrl }).rest;
  });
  const place = { owner, repo };
  /** One request. The signal ends the answer's body too, and octokit's own waiting. */
  const limited = <T>(send: (request: { readonly signal: AbortSignal }) => Promise<T>): Promise<T> =>
    limits.run(CALL_SECONDS, (signal) => send({ signal }));
  return {
    async createDeployment({ ref = sha, environment, transient, production, description }) {
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

    async setDeploymentStatus({ deployment, state, description, environment, environmentUrl, logUrl }) {
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
            ...(environmentUrl ? { environment_url: environmentUrl } : {}),
          }),
        ),
      );
    },

    async putComment({ marker, body }) {
      const { issues, repos } = await client();
      if (pullRequest === undefined) {
        await asked('comment on a commit', 'contents: write', async () => {
          const mine = await find(marker, (page) =>
            limited((request) =>
              repos.listCommentsForCommit({ ...place, request, commit_sha: sha, per_page: PAGE, page }),
            ),
          );
          if (mine)
            await limited((request) => repos.updateCommitComment({ ...place, request, comment_id: mine.id, body }));
          else await limited((request) => repos.createCommitComment({ ...place, request, commit_sha: sha, body }));
        });
        return;
      }
      await asked('comment on a pull request', 'pull-requests: write', async () => {
        const mine = await find(marker, (page) =>
          limited((request) =>
            issues.listComments({ ...place, request, issue_number: pullRequest, per_page: PAGE, page }),
          ),
        );
        if (mine) await limited((request) => issues.updateComment({ ...place, request, comment_id: mine.id, body }));
        else await limited((request) => issues.createComment({ ...place, request, issue_number: pullRequest, body }));
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
