import { appendFileSync, closeSync, constants, openSync, writeSync } from 'node:fs';
import { EOL, homedir } from 'node:os';
import { join } from 'node:path';
import { asFailure, Failure } from '../failure.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Masker } from '../masker.ts';
import { defined } from '../model.ts';
import type { AnnotationPlace, Console, Runner, StateName } from '../ports.ts';
import { readRegularFile } from './files.ts';

/** GitHub limits the payload of an event to 25 MB. */
const MAX_EVENT_BYTES = 26 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

// @actions/core's only export also loads its OIDC client and with it a whole HTTP stack, 35 ms of a start-up of 80. The few
// commands of a start-up are therefore ours; __tests__/adapters/runner.test.ts compares them with that package byte for byte.

/**
 * A workflow command, `::name key=value,key=value::message`, with the escapes by which a value stays one line and one value.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const workflowCommand = (
  name: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string => {
  const listed = Object.entries(properties).flatMap(([key, value]) =>
    value === '' ? [] : [`${key}=${escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`],
  );
  const space = Object.keys(properties).length > 0 ? ' ' : '';
  return `::${name}${space}${listed.join(',')}::${escapeData(message)}`;
};

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/**
 * An entry of one of the runner's files (GITHUB_OUTPUT, GITHUB_STATE): `name<<DELIMITER`, the value as it is, `DELIMITER`. The
 * delimiter is drawn until it is not in the value, so no value can end its own entry and add another one. It need not be
 * unpredictable for that, because the value is complete before it is drawn; node:crypto takes 7 ms to load.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
function fileCommand(name: string, value: string): string {
  let delimiter: string;
  do delimiter = `ghadelimiter_${drawUuid()}`;
  while (value.includes(delimiter));
  return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
}

/** The form of a UUID of version 4, as @actions/core has it. For delimiters only: it is not from a secure source. */
const drawUuid = (): string =>
  'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replaceAll(/[xy]/g, (sign) =>
    Math.floor(sign === 'x' ? Math.random() * 16 : 8 + Math.random() * 4).toString(16),
  );

const STDOUT = 1;
const FULL_MILLISECONDS = 1;

/**
 * To the log of the step. Written to the descriptor itself: the stream that node has for it loads node's network code, 3 ms of a
 * start-up of 40. As there, a pipe that is full is waited for; a log whose reader is gone does not end a deployment.
 */
function writeLog(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_MILLISECONDS);
    }
  }
}

type Issue = (name: string, properties: Readonly<Record<string, string>>, masked: string) => void;

const issueCommand: Issue = (name, properties, masked) =>
  writeLog(`${workflowCommand(name, properties, masked)}${EOL}`);

/**
 * In a shell, without a runner that reads commands: their text. A secret is not printed there to be masked.
 * @param write takes whole lines
 */
const printTo =
  (write: (text: string) => void): Issue =>
  (name, { title = '' }, masked) => {
    if (name === 'group') write(`${masked}${EOL}`);
    if (!['error', 'warning', 'notice'].includes(name)) return;
    const maskedLines = [title, ...masked.split('\n')].filter((line) => line !== '');
    write(`${EOL}${name.toUpperCase()}: ${maskedLines.join(`${EOL}  `)}${EOL}`);
  };

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables: "Always set to `true`" on a runner. */
const isOnRunner = (env: Env): boolean => env.GITHUB_ACTIONS === 'true';

/**
 * What the runner offers, over its files (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY) and commands on stdout. All that is
 * written passes the masker; only ::add-mask:: itself does not, by which the runner learns the same secrets.
 */
export function createRunner(env: Env, masker: Masker): Runner {
  const context = readRunContext(env);
  const issue = isOnRunner(env) ? issueCommand : printTo(writeLog);
  const dockerConfig = env.DOCKER_CONFIG || join(homedir(), '.docker');
  return {
    context,
    dockerConfig,
    ...defined({ dockerAuthConfig: env.DOCKER_AUTH_CONFIG || undefined }),
    buildxConfig: env.BUILDX_CONFIG || join(dockerConfig, 'buildx'),
    mask: (secret) => {
      for (const part of masker.add(secret)) issue('add-mask', {}, part);
    },
    setOutput: (name, value) => {
      const masked = masker.text(value);
      if (masked !== value && !FREE_TEXT_OUTPUTS.includes(name)) {
        issue('warning', {}, `The output ${name} holds a value that is registered as a secret; it was masked.`);
      }
      if (env.GITHUB_OUTPUT) append('OUTPUT', env.GITHUB_OUTPUT, fileCommand(name, masked));
    },
    saveState: (name, value) => {
      // State is saved before anything is changed: what could not be reported later ends the run here.
      if (env.GITHUB_OUTPUT) append('OUTPUT', env.GITHUB_OUTPUT, '');
      if (env.GITHUB_STATE) append('STATE', env.GITHUB_STATE, fileCommand(name, masker.text(value)));
    },
    async writeSummary(markdown) {
      if (!env.GITHUB_STEP_SUMMARY) return;
      try {
        const { summary } = await import('@actions/core');
        await summary.addRaw(masker.text(markdown), true).write();
      } catch (thrown) {
        // A deploy that went well must not fail for want of its report.
        const why = masker.text(asFailure(thrown).message);
        issue('warning', {}, `The job summary could not be written: ${why}`);
      }
    },
  };
}

/** Outputs that quote what AWS, Docker or a container printed. */
const FREE_TEXT_OUTPUTS = ['summary', 'metadata', 'targets'];

type CommandFile = 'OUTPUT' | 'STATE';

/**
 * Adds to a file of the runner's that exists; a file that the runner did not create is not read.
 * @param masked a whole entry, or nothing to see whether one can be written
 */
function append(file: CommandFile, path: string, masked: string): void {
  try {
    const open = openSync(path, constants.O_WRONLY | constants.O_APPEND);
    try {
      appendFileSync(open, masked);
    } finally {
      closeSync(open);
    }
  } catch (thrown) {
    throw unwritable(file, path, thrown);
  }
}

/** Without its cause: a stack of this action does not help to fix a runner. */
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
export const readState = (env: Env, name: StateName): string => env[`STATE_${name}`] ?? '';

/** The log of the step. Colour is on in GitHub's log, which understands it, and off where NO_COLOR asks for that. */
export function createConsole(env: Env, masker: Pick<Masker, 'text'>, write = writeLog): Console {
  const issue = isOnRunner(env) ? issueCommand : printTo(write);
  const annotate = (kind: string) => (text: string, title?: string, place?: AnnotationPlace) => {
    const at = place && { file: masker.text(place.file), line: `${place.line}`, endLine: `${place.endLine}` };
    issue(kind, { ...at, ...(title === undefined ? {} : { title: masker.text(title) }) }, masker.text(text));
  };
  let open = false;
  // Groups do not nest, and an error that ends the run must not be folded away.
  const endGroup = (): void => {
    if (open) issue('endgroup', {}, '');
    open = false;
  };
  return {
    line: (text) => write(`${harmless(masker.text(text))}\n`),
    startGroup: (title) => {
      endGroup();
      issue('group', {}, masker.text(title));
      open = true;
    },
    endGroup,
    debug: (text) => issue('debug', {}, masker.text(text)),
    notice: annotate('notice'),
    warning: annotate('warning'),
    error: (...annotation) => {
      endGroup();
      annotate('error')(...annotation);
    },
    colour: !env.NO_COLOR && isOnRunner(env),
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

/**
 * What GitHub says about this run. For a pull request GITHUB_SHA is a merge commit that GitHub created; the commit is
 * then the pull request's head, which is the commit that users search for in ECR.
 */
export function readRunContext(env: Env): RunContext {
  const read = (name: string): string => env[`GITHUB_${name}`] ?? '';
  const refType = read('REF_TYPE');
  const pullRequest = pullRequestEvent(env);
  return {
    sha: pullRequest?.head?.sha ?? read('SHA'),
    ...defined({ pullRequest: pullRequest?.number }),
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
    ...defined({ step: read('ACTION') || undefined, action: actionOf(read('ACTION_REPOSITORY'), read('ACTION_REF')) }),
  };
}

const actionOf = (repository: string, ref: string): RunContext['action'] =>
  /^[\w.-]+\/[\w.-]+/.test(repository) && ref !== '' ? { repository, ref } : undefined;

interface Event {
  readonly pull_request?: {
    readonly number?: number;
    readonly head?: { readonly sha?: string; readonly repo?: { readonly full_name?: string } | null };
  };
}

/** `owner/name` of the fork that the pull request of this run comes from. A fork that was deleted has no repository. */
export function forkOf(env: Env): string | undefined {
  const { head } = pullRequestEvent(env) ?? {};
  const name = head?.repo === null ? 'deleted' : head?.repo?.full_name;
  return typeof name !== 'string' || name === env.GITHUB_REPOSITORY ? undefined : name;
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
