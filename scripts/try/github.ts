/** GitHub beside a run: the token of the job, and the comments and deployments that the run writes, kept in memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Trial } from './trial.ts';

type Texts = Readonly<Record<string, string>>;

/** Of the pull request, where the workflow runs for one. */
const PULL_REQUEST = 1;

/** The values of a run that placeholders of a template may name. */
export const runValues = ({ sha, ref_name }: Texts): readonly (readonly [string, string])[] => [
  ['GITHUB_SHA', sha ?? '0'.repeat(40)],
  ['GITHUB_REF_NAME', ref_name ?? 'main'],
  ['GITHUB_RUN_ID', '1'],
];

export class GithubStandIn {
  readonly #comments = new Map<number, string>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'ecs-rollout-event-'));

  readonly #denied: readonly string[];

  /** @param denied permissions that the job's token does not have */
  constructor(denied: readonly string[] = []) {
    this.#denied = denied;
  }

  /** What the run commented, newest state. */
  get comments(): readonly string[] {
    return [...this.#comments.values()];
  }

  /** @param body of the request, as text */
  answer(url: URL, method: string, body: string): unknown {
    const [, kind = ''] = /\/(issues|deployments|commits|comments)(?:\/|$)/.exec(url.pathname) ?? [];
    // https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
    const permission = { issues: 'pull-requests', deployments: 'deployments' }[kind] ?? 'contents';
    if (this.#denied.includes(permission) && method !== 'GET')
      return new Page(403, JSON.stringify({ message: 'Resource not accessible by integration' }));
    if (!/\/comments(?:\/\d+)?$/.test(url.pathname)) return method === 'GET' ? [] : { id: 1 };
    if (method === 'GET') return [...this.#comments].map(([id, text]) => ({ id, body: text, user: { type: 'Bot' } }));
    const id = Number(/(\d+)$/.exec(url.pathname)?.[1] ?? this.#comments.size + 1);
    if (method === 'DELETE') this.#comments.delete(id);
    else this.#comments.set(id, String((JSON.parse(body) as { body?: unknown }).body ?? ''));
    return { id, body: this.#comments.get(id) };
  }

  /** GITHUB_* as the runner sets them. https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
  environment({ github, root }: Trial, address: string): Texts {
    const forPullRequest = github.event_name === 'pull_request';
    const event = join(this.#folder, 'event.json');
    writeFileSync(
      event,
      JSON.stringify(forPullRequest ? { pull_request: { number: PULL_REQUEST, head: { sha: github.sha } } } : {}),
    );
    return {
      GITHUB_API_URL: address,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: github.repository ?? 'owner/name',
      GITHUB_REF: github.ref ?? 'refs/heads/main',
      GITHUB_REF_TYPE: github.ref_type ?? 'branch',
      GITHUB_EVENT_NAME: github.event_name ?? 'push',
      GITHUB_WORKFLOW: github.workflow ?? basename(root),
      GITHUB_JOB: github.job ?? 'deploy',
      GITHUB_ACTOR: github.actor ?? 'actor',
      GITHUB_ACTION_REPOSITORY: github.action_repository ?? '',
      GITHUB_ACTION_REF: github.action_ref ?? '',
      ...Object.fromEntries(runValues(github)),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKSPACE: root,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** An OpenID Connect token of the job, without a signature that anything checks. */
export function tokenAt(now: number, { github, inputs }: Trial): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: inputs.audience ?? 'sts.amazonaws.com',
    sub: `repo:${github.repository ?? 'owner/name'}:ref:${github.ref ?? 'refs/heads/main'}`,
    iat: Math.floor(now),
    exp: Math.floor(now) + 300,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2ltdWxhdGVk`;
}

/** JSON on a loopback address. */
export async function serve(
  answer: (url: URL, method: string, body: string) => unknown,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += String(part);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const value = await answer(url, request.method ?? 'GET', body);
    if (value instanceof Page) response.writeHead(value.status, value.headers).end(value.text);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An answer that is not JSON. */
export class Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Texts;

  constructor(status: number, text: string) {
    this.status = status;
    this.text = text;
    this.headers = text.startsWith('{') ? { 'content-type': 'application/json' } : {};
  }
}
