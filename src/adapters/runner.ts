// The package's only door also loads its OIDC client and with it a whole HTTP stack, 35 ms of a start-up of 80. These
// are the same library's own files for the runner's commands; OIDC goes through the door, when it is needed.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { issueCommand } from '../../node_modules/@actions/core/lib/command.js';
import { issueFileCommand, prepareKeyValueMessage } from '../../node_modules/@actions/core/lib/file-command.js';
import { summary } from '../../node_modules/@actions/core/lib/summary.js';
import { asFailure } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Console, Runner } from '../world.ts';
import type { GithubIdentity } from './aws.ts';
import { readRegularFile } from './regular-file.ts';

/** GitHub limits the payload of an event to 25 MB. */
const MAX_EVENT_BYTES = 26 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/** What the runner offers, over its files (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY) and commands on stdout. */
export function createRunner(env: Env): Runner {
  const context = readRunContext(env);
  const dockerConfig = env.DOCKER_CONFIG || join(homedir(), '.docker');
  return {
    context,
    dockerConfig,
    buildxConfig: env.BUILDX_CONFIG || join(dockerConfig, 'buildx'),
    mask: (secret) => {
      if (secret !== '') issueCommand('add-mask', {}, secret);
    },
    setOutput: (name, value) => {
      if (env.GITHUB_OUTPUT) issueFileCommand('OUTPUT', prepareKeyValueMessage(name, value));
    },
    saveState: (name, value) => {
      if (env.GITHUB_STATE) issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    },
    async writeSummary(markdown) {
      if (!env.GITHUB_STEP_SUMMARY) return;
      try {
        await summary.addRaw(markdown, true).write();
      } catch (thrown) {
        // A deploy that went well must not fail for want of its report.
        issueCommand('warning', {}, `The job summary could not be written: ${asFailure(thrown).message}`);
      }
    },
  };
}

/** What main saved for post. */
export const readState = (env: Env, name: string): string => env[`STATE_${name}`] ?? '';

/** The log of the step. Colour is on in GitHub's log, which understands it, and off where NO_COLOR asks for that. */
export function createConsole(env: Env): Console {
  const annotate = (kind: string) => (text: string, title?: string) =>
    issueCommand(kind, title === undefined ? {} : { title }, text);
  return {
    line: (text) => void process.stdout.write(`${harmless(text)}\n`),
    startGroup: (title) => issueCommand('group', {}, title),
    endGroup: () => issueCommand('endgroup', {}, ''),
    debug: (text) => issueCommand('debug', {}, text),
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

/** GitHub's OIDC tokens through @actions/core, which retries and masks them. */
export function githubIdentity(env: Env, runner: Pick<Runner, 'mask'>): GithubIdentity {
  return {
    offersTokens: Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL),
    async token(audience) {
      const { getIDToken } = await import('@actions/core');
      return getIDToken(audience);
    },
    mask: runner.mask,
  };
}

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
