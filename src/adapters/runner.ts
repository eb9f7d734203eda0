// The package's only door also loads its OIDC client and with it a whole HTTP stack, 35 ms of a start-up of 80. These
// are the same library's own files for the runner's commands.

import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { issueCommand } from '../../node_modules/@actions/core/lib/command.js';
import { issueFileCommand, prepareKeyValueMessage } from '../../node_modules/@actions/core/lib/file-command.js';
import { summary } from '../../node_modules/@actions/core/lib/summary.js';
import { asFailure, Failure } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Masker } from '../masker.ts';
import type { Console, Runner } from '../ports.ts';
import type { GithubIdentity } from './aws.ts';
import { readRegularFile } from './regular-file.ts';
import type { TimeLimits } from './time-limits.ts';

/** GitHub limits the payload of an event to 25 MB. */
const MAX_EVENT_BYTES = 26 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What the runner offers, over its files (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY) and commands on stdout. All that is
 * written passes the masker; only ::add-mask:: itself does not, by which the runner learns the same secrets.
 */
export function createRunner(env: Env, masker: Masker): Runner {
  const context = readRunContext(env);
  const dockerConfig = env.DOCKER_CONFIG || join(homedir(), '.docker');
  return {
    context,
    dockerConfig,
    buildxConfig: env.BUILDX_CONFIG || join(dockerConfig, 'buildx'),
    mask: (secret) => {
      for (const part of masker.add(secret)) issueCommand('add-mask', {}, part);
    },
    setOutput: (name, value) => {
      const masked = masker.text(value);
      if (masked !== value && !FREE_TEXT_OUTPUTS.includes(name)) {
        issueCommand('warning', {}, `The output ${name} holds a value that is registered as a secret; it was masked.`);
      }
      if (env.GITHUB_OUTPUT) append('OUTPUT', env.GITHUB_OUTPUT, prepareKeyValueMessage(name, masked));
    },
    saveState: (name, value) => {
      // State is saved before anything is changed: what could not be reported afterwards ends the run here.
      if (env.GITHUB_OUTPUT) checkWritable('OUTPUT', env.GITHUB_OUTPUT);
      if (env.GITHUB_STATE) append('STATE', env.GITHUB_STATE, prepareKeyValueMessage(name, masker.text(value)));
    },
    async writeSummary(markdown) {
      if (!env.GITHUB_STEP_SUMMARY) return;
      try {
        await summary.addRaw(masker.text(markdown), true).write();
      } catch (thrown) {
        // A deploy that went well must not fail for want of its report.
        const why = masker.text(asFailure(thrown).message);
        issueCommand('warning', {}, `The job summary could not be written: ${why}`);
      }
    },
  };
}

/** Outputs that quote what AWS, Docker or a container said. */
const FREE_TEXT_OUTPUTS = ['summary', 'metadata', 'targets'];

type CommandFile = 'OUTPUT' | 'STATE';

/** @param masked `name` and value, which the masker has seen */
function append(file: CommandFile, path: string, masked: string): void {
  checkWritable(file, path);
  try {
    issueFileCommand(file, masked);
  } catch (thrown) {
    throw unwritable(file, path, thrown);
  }
}

function checkWritable(file: CommandFile, path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (thrown) {
    throw unwritable(file, path, thrown);
  }
}

/** Without its cause: a stack of this action would not help anybody to mend a runner. */
function unwritable(file: CommandFile, path: string, thrown: unknown): Failure {
  const code = (thrown as NodeJS.ErrnoException).code ?? asFailure(thrown).message;
  const why = { ENOENT: 'does not exist', EACCES: 'permission denied', ENOSPC: 'the disk is full', EROFS: 'read-only' }[
    code
  ];
  return new Failure('UNAVAILABLE', `GITHUB_${file} of the runner (${path}) cannot be written: ${why ?? code}.`, {
    remedy:
      'Check the disk and the permissions of the work folder (`_temp`) of the runner, and that no earlier step changes GITHUB_* variables.',
  });
}

/** What main saved for post. */
export const readState = (env: Env, name: string): string => env[`STATE_${name}`] ?? '';

/** The log of the step. Colour is on in GitHub's log, which understands it, and off where NO_COLOR asks for that. */
export function createConsole(env: Env, masker: Pick<Masker, 'text'>): Console {
  const annotate = (kind: string) => (text: string, title?: string) =>
    issueCommand(kind, title === undefined ? {} : { title: masker.text(title) }, masker.text(text));
  return {
    line: (text) => void process.stdout.write(`${harmless(masker.text(text))}\n`),
    startGroup: (title) => issueCommand('group', {}, masker.text(title)),
    endGroup: () => issueCommand('endgroup', {}, ''),
    debug: (text) => issueCommand('debug', {}, masker.text(text)),
    notice: annotate('notice'),
    warning: annotate('warning'),
    error: annotate('error'),
    colour: !env.NO_COLOR && env.GITHUB_ACTIONS === 'true',
  };
}

/**
 * A line from outside must never be a command of the runner's. It takes `::` for one after any white space, and `##[`
 * anywhere in a line; its comparisons also pass over characters without a width, so a visible sign has to stand between.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
const harmless = (text: string): string =>
  text
    .replaceAll(/(?<=^|[\r\n\u0085\u2028\u2029])(?=(?:(?![\r\n])[\s\p{C}\p{M}])*:[\p{C}\p{M}]*:)/gu, '|')
    .replaceAll(/#[\p{C}\p{M}]*#[\p{C}\p{M}]*(?=\[)/gu, '## ');

/** GitHub's token service answers within a second; its own client would wait without end. */
const TOKEN_SECONDS = 10;

/**
 * The job's OIDC tokens, masked before anybody gets them. Asked as @actions/core does, which has no time limit and cannot
 * be cancelled: GET of ACTIONS_ID_TOKEN_REQUEST_URL with the audience.
 * @throws Failure UNAVAILABLE when asking again may help, CREDENTIALS when GitHub refuses
 */
export function githubIdentity(env: Env, runner: Pick<Runner, 'mask'>, limits: TimeLimits): GithubIdentity {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return {
    offersTokens: Boolean(address),
    async token(audience) {
      if (!address || !bearer) throw new Failure('CREDENTIALS', 'This job has no OIDC token endpoint.');
      const [{ getText }, { proxyAgents }] = await Promise.all([import('./requests.ts'), import('./aws.ts')]);
      const url = new URL(address);
      url.searchParams.set('audience', audience);
      const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json', 'user-agent': 'ecs-rollout' };
      const answer = await getText(String(url), {
        headers,
        agents: proxyAgents(env),
        limits,
        seconds: TOKEN_SECONDS,
      }).catch((thrown: unknown) => {
        throw thrown instanceof Failure ? thrown : tokenUnavailable(asFailure(thrown).message, thrown);
      });
      const token = answer.status === 200 ? tokenIn(answer.body) : undefined;
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

/**
 * What GitHub says about this run. For a pull request GITHUB_SHA is a merge commit that nobody wrote; the commit is
 * then the pull request's head, which is what people look for in ECR.
 */
export function readRunContext(env: Env): RunContext {
  const read = (name: string): string => env[`GITHUB_${name}`] ?? '';
  const refType = read('REF_TYPE');
  const pullRequest = pullRequestEvent(env);
  return {
    sha: pullRequest?.head?.sha ?? read('SHA'),
    ...(pullRequest?.number === undefined ? {} : { pullRequest: pullRequest.number }),
    ref: read('REF'),
    refName: read('REF_NAME'),
    refType: refType === 'tag' || refType === 'branch' ? refType : '',
    repository: read('REPOSITORY'),
    runId: read('RUN_ID'),
    runAttempt: read('RUN_ATTEMPT') || '1',
    serverUrl: read('SERVER_URL') || 'https://github.com',
    apiUrl: read('API_URL') || 'https://api.github.com',
    eventName: read('EVENT_NAME'),
    actor: read('ACTOR'),
    workflow: read('WORKFLOW'),
    job: read('JOB'),
  };
}

interface Event {
  readonly pull_request?: { readonly number?: number; readonly head?: { readonly sha?: string } };
}

/** The event of a pull request; what cannot be read costs the nicer tag and the comment, nothing else. */
function pullRequestEvent(env: Env): Event['pull_request'] {
  if (!env.GITHUB_EVENT_NAME?.startsWith('pull_request') || !env.GITHUB_EVENT_PATH) return undefined;
  try {
    const event: Event | null = JSON.parse(readRegularFile(env.GITHUB_EVENT_PATH, MAX_EVENT_BYTES));
    return event?.pull_request;
  } catch {
    return undefined;
  }
}
