/**
 * `npm run -s diagnose -- "message"`: one message explained, for people; where the words do not show where it came from,
 * `--surface NAME` says it, as `--launch-type` and `--operation` say what stood beside it.
 * `npm run -s diagnose -- FILE.json`: an array of {id, surface, text, context}, each explained in one JSON line, in
 * order: {id, rule, severity, transient, cause, remedy}. Other fields are not read.
 */
import { existsSync } from 'node:fs';
import { readApplication, tellingLine } from '../src/diagnosis/application.ts';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { type Diagnosis, type Evidence, SURFACES, type Surface } from '../src/diagnosis/diagnosis.ts';
import { withoutViewers } from '../src/diagnosis/text.ts';
import { JSON_FILE, readNamedFile, readOptions, WrongUsage } from './command-line.ts';

class Unreadable extends Error {}

interface Message extends Evidence {
  readonly id: unknown;
  /** Neither the file nor the words say where it stood. */
  readonly isGuess: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

function read(file: string): unknown {
  const text = readNamedFile(file, JSON_FILE);
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new Unreadable(`${file} is not JSON: ${reasonOf(thrown)}`);
  }
}

/** A surface that the table does not know is read as the nearest that it does: another service's API, another builder. */
function nearest(surface: string): Surface {
  const known = SURFACES.find((name) => name === surface);
  if (known) return known;
  return surface.startsWith('api') ? 'api.ecs' : /build|docker/i.test(surface) ? 'buildx.stderr' : 'task.stoppedReason';
}

/** Where a message stood: as it is given, or by its words where that is no place of the table (`cli`, `terraform`, `registry`). */
function placeOf(surface: string, text: string, context: unknown): Pick<Message, 'surface' | 'isGuess'> {
  if (SURFACES.some((one) => one === surface) || /^api|build|docker|task|container|event/i.test(surface))
    return { surface: nearest(surface), isGuess: false };
  const operation = isRecord(context) && typeof context.operation === 'string' ? context.operation : undefined;
  const { where, isGuess } = guessed(text, operation);
  return { surface: where, isGuess };
}

function messagesOf(parsed: unknown, file: string): Message[] {
  if (!Array.isArray(parsed)) throw new Unreadable(`${file} is not an array of {id, surface, text, context}.`);
  const mistakes: string[] = [];
  const messages = parsed.map((entry: unknown, i): Message => {
    const { id, surface, text, context } = isRecord(entry) ? entry : {};
    const where = `[${i}]${id === undefined ? '' : ` (${String(id)})`}`;
    if (!isRecord(entry)) mistakes.push(`${where} is not an object.`);
    else if (typeof text !== 'string') mistakes.push(`${where}.text is not a string.`);
    else if (typeof surface !== 'string') mistakes.push(`${where}.surface is not a string.`);
    return {
      id: id ?? i,
      ...placeOf(String(surface), typeof text === 'string' ? text : '', context),
      text: typeof text === 'string' ? text : '',
      context: isRecord(context) ? context : {},
    };
  });
  if (mistakes.length > 0) throw new Unreadable([`${file} cannot be used:`, ...mistakes.slice(0, 20)].join('\n  '));
  return messages;
}

/** Neither the user nor the words say where the message stood: no surface is named, and whether another one would mean something else is. */
function unknownPlace(text: string, { rule, context }: { rule: string; context: Evidence['context'] }): string {
  const others = SURFACES.filter((surface) => {
    const other = diagnose({ surface, text, context });
    return other.nature !== 'unknown' && !GENERAL.has(other.rule) && other.rule !== rule;
  });
  const depends = others.length === 0 ? '' : ', and elsewhere it can mean something else (--surface NAME)';
  return `; where it stood is not known${depends}`;
}

/** Where words of that kind are found. */
const PLACES: readonly (readonly [Surface, RegExp, 'certain'?])[] = [
  // What GitHub says of a workflow stands in the log of the job, as what its steps print of their calls does.
  [
    'api.ecs',
    /Artifact not found|environment protection rules|Resource not accessible by (?:integration|personal)|GH_TOKEN|gh auth login|api\.github\.com|(?:workflow (?:file )?|The template )is not valid|denied to github-actions|GitHub Actions is not permitted|file command '\w{2,20}' successfully/,
  ],
  // What the runner keeps of actions, what it says of their inputs, and scripts that deploy: no container has them.
  [
    'api.ecs',
    /[/\\]_actions[/\\][\w.-]+[/\\]|Unexpected input\(s\) '|^(?:\S{0,120}\/)?(?:ecs-deploy|deploy[\w.-]{0,40}|[\w.-]{1,40}[-_]deploy(?:\.\w{1,5})?): (?:line )?\d{1,6}: /m,
    'certain',
  ],
  // Infrastructure code around the answer of any service.
  [
    'api.ecs',
    /\boperation error [A-Z][\w .-]{0,40}: [A-Z]\w{2,60}, |Resource handler returned message|HandlerErrorCode/,
  ],
  [
    'buildx.stderr',
    /^Error response from daemon|failed to (?:solve|build|push)|buildx|^#\d+ |did not complete successfully|dockerfile|docker push/im,
  ],
  // What compilers, bundlers and package managers print, though no builder stands around it.
  [
    'buildx.stderr',
    /^\[ERROR\] (?:COMPILATION ERROR|Failed to execute goal)|^\* What went wrong:|\.java:\d{1,6}: error: |^(?!.*TSError)(?:.{0,200}\berror|[X\u2718] \[ERROR\]) TS\d{4}|^[X\u2718] \[ERROR\] |^error during build:|error: could not compile|^npm (?:ERR!|error) code (?:E(?:RESOLVE|404|TARGET|INTEGRITY|USAGE|LIFECYCLE)|137)\b|^E: Unable to locate package|^make(?:\[\d{1,2}\])?: \*\*\* |^error: externally-managed-environment|^Step \d{1,3}\/\d{1,3} : /m,
  ],
  // What Terraform prints on the machine that runs it.
  [
    'api.ecs',
    /with provider\["registry\.(?:terraform\.io|opentofu\.org)|^[\s\u2502]{0,6}on \S{1,120}\.tf line \d/m,
    'certain',
  ],
  // The CDK and the clients of other clouds, on the machine that runs them.
  ['api.ecs', /^This CDK deployment requires|\bcdk bootstrap\b|^(?:ERROR: )?\(gcloud\.|^az(?:ure)?: ERROR/m, 'certain'],
  ['buildx.stderr', /^Error saving credentials: /m],
  ['buildx.stderr', /permission denied while trying to connect to the [Dd]ocker/],
  // What the Session Manager plugin prints on the machine of who runs execute-command.
  [
    'api.ecs',
    /couldn't start the session because|^SessionId: ecs-execute-command-|SessionManagerPlugin is not found|Setting up data channel with id|Cannot perform start session: /m,
  ],
  ['service.event', /^\(?service |was unable to place|is unhealthy in|has (?:started|stopped|reached)/i],
  // Before the APIs: ECS wraps their answers in these words (`...Error: ... AccessDeniedException: User: arn:aws:sts::...`).
  [
    'task.stoppedReason',
    /Cannot\w{3,40}Error|httpReadSeeker|ResourceInitializationError|Essential container|Task failed|OutOfMemoryError: Cont/i,
  ],
  // A task's role has the id of the task as the name of its session: the application has printed that.
  ['container.log', /assumed-role\/[\w+=,.@-]+\/[\da-f]{32}\b/],
  ['api.sts', /AssumeRole|\bsts:(?!:)|OIDC|id-token|Credentials could not|session token|action inputs/i],
  ['api.ecr', /Repository(?:NotFound|Already|Policy)|ImageNotFound|ecr:(?!\w+ .{0,40}task)|LayerUpload/i],
  [
    'api.ecs',
    /\boperation error ECS: |when calling the \w+ operation|^(?!Mongo|Kafka|Sql|Redis|Sequelize|Prisma)\w{3,60}(?:Exception|Error): (?!.*\n)|is not authorized to perform/i,
  ],
  // What clients of AWS print before they send anything, and what the official action prints around it.
  [
    'api.ecs',
    /Failed to register task definition in ECS|Unexpected key ['"`][\w-]+['"`] found in params|^Parameter validation failed:|^Unknown parameter in \w/m,
  ],
  ['deployment.rolloutStateReason', /circuit breaker|deployment ecs-svc|rolled back|rolling back/i],
  ['container.exitCode', /^exit(?:ed)?\b|^exit code/i],
];
/** What stands for itself, without a word of where it was found: `RESOURCE:MEMORY`. */
const SHORT: readonly Surface[] = ['service.event', 'task.stoppedReason', 'deployment.rolloutStateReason'];

function guessed(text: string, operation: string | undefined): { readonly where: Surface; readonly isGuess: boolean } {
  if (operation !== undefined)
    return { where: OPERATIONS.find(([, names]) => names.test(operation))?.[0] ?? 'api.ecs', isGuess: false };
  const plain = withoutViewers(text);
  const [place, , isCertain] = PLACES.find(([, words]) => words.test(plain)) ?? [];
  if (place !== undefined && isCertain) return { where: place, isGuess: false };
  const knows = (surface: Surface): boolean => diagnose({ surface, text, context: {} }).nature !== 'unknown';
  const isExact = (surface: Surface): boolean =>
    surface === 'container.log'
      ? !['error', undefined].includes(readApplication(text)?.kind)
      : knows(surface) && !GENERAL.has(diagnose({ surface, text, context: {} }).rule);
  // What only an application prints, ECS has no row for; what only a registry or a build prints, an application has none for.
  const others: readonly Surface[] = text.trim().includes('\n')
    ? ['container.log']
    : [...SHORT, 'container.log', 'buildx.stderr', 'api.ecr', 'api.ecs', 'api.sts'];
  const placed = place !== undefined && knows(place) ? place : undefined;
  const where =
    placed ?? others.find(isExact) ?? [...SHORT, 'container.log' as const].find(knows) ?? place ?? 'container.log';
  return { where, isGuess: where !== place };
}
/** Rows that only say that something of their kind went wrong: a row of another place that names the cause goes before them. */
const GENERAL: ReadonlySet<string> = new Set([
  'access-denied',
  'app-crash',
  'build-command-failed',
  'build-failed',
  'registry-push-refused',
  'unknown',
]);
/** Whose API an operation is of. */
const OPERATIONS: readonly (readonly [Surface, RegExp])[] = [
  ['api.sts', /^(?:AssumeRole|GetCallerIdentity|GetSessionToken)/],
  ['api.ecr', /Repositor|Image|Layer|AuthorizationToken|LifecyclePolicy|PullThroughCache|^PutReplication/],
];

const NO_ROW = {
  cause: 'No row of the table has these words, and they do not look like an error of an application.',
  remedy: 'Give the whole message with the lines around it, and where it was (`--surface`).',
};

/** Classes that words of any program reach: without a row of a producer they do not show that an application wrote them. */
const OF_ANYONE: ReadonlySet<string | undefined> = new Set([
  'configuration-invalid',
  'error',
  'file-missing',
  'option-unknown',
  'request-denied',
  'setting-missing',
]);
/** That an application wrote it was assumed, and nothing in the words shows it. */
const isOnlyShown = ({ rule, errorClass, evidence }: Diagnosis): boolean =>
  rule === 'app-crash' &&
  OF_ANYONE.has(errorClass) &&
  (errorClass === 'error' || readApplication(evidence.text)?.row === undefined);

/** What is known of words whose place and producer are not: the line that says most of them. */
function withoutPlace(found: Diagnosis, text: string): Partial<Diagnosis> {
  const line = isOnlyShown(found) ? tellingLine(text) : undefined;
  return line === undefined
    ? NO_ROW
    : {
        rule: 'unknown',
        cause: `Who wrote it is not known, and no row of the table has these words. The line that says most: ${line.slice(0, 300)}`,
        remedy: `Look up what wrote that line, with the lines around it. Where it stood says more (\`--surface\`): the log of a container, of a build, or the answer of an API.`,
      };
}

/** One message, as people read it. */
function explainedText(text: string, beside: { surface?: string; 'launch-type'?: string; operation?: string }): string {
  const { surface, 'launch-type': launchType, operation } = beside;
  if (surface !== undefined && !SURFACES.some((one) => one === surface))
    throw new Unreadable(`--surface ${surface} is none of ${SURFACES.join(', ')}.`);
  const { where, isGuess } =
    surface === undefined ? guessed(text, operation) : { where: nearest(surface), isGuess: false };
  const context = {
    ...(launchType === undefined ? {} : { launchType }),
    ...(operation === undefined ? {} : { operation }),
  };
  const found = diagnose({ surface: where, text, context });
  // Lines of a log that are not known are not an answer, and words of an unknown producer are not those of an application.
  const { rule, cause, remedy, link, severity } =
    isGuess && (found.nature === 'unknown' || isOnlyShown(found)) ? { ...found, ...withoutPlace(found, text) } : found;
  return [
    `${rule} (${severity}${isGuess ? unknownPlace(text, { rule, context }) : `, read as ${where}`})`,
    `Cause:      ${cause}`,
    `What to do: ${remedy}`,
    ...(link === undefined ? [] : [`See:        ${link}`]),
    '',
  ].join('\n');
}

const OPTIONS = {
  surface: { type: 'string' },
  'launch-type': { type: 'string' },
  operation: { type: 'string' },
  help: { type: 'boolean' },
} as const;
const USAGE = `Usage: npm run -s diagnose -- "message" [--surface NAME] [--launch-type TYPE] [--operation NAME], or FILE.json

  --surface NAME      where the message stood, if its words do not show it: ${SURFACES.join(', ')}
  --launch-type TYPE  FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES
  --operation NAME    the API operation that answered with it, such as RegisterTaskDefinition
  --help              this text`;

/**
 * A message may begin with dashes (BuildKit's rules, a list of options): a word that holds a space or line break, or
 * nothing but dashes, is one. It is put behind `--`, where no word is an option.
 */
function messageFirst(args: readonly string[]): string[] {
  if (args.includes('--')) return [...args];
  const takesValue = new Set(
    Object.entries(OPTIONS).flatMap(([name, { type }]) => (type === 'string' ? [`--${name}`] : [])),
  );
  const isMessage = (word: string, i: number): boolean =>
    /^-/.test(word) &&
    !takesValue.has(args[i - 1] ?? '') &&
    (/^-{3,}/.test(word) || (/\s/.test(word) && !/^--[a-z-]+=/.test(word)));
  const messages = args.filter(isMessage);
  return messages.length === 0 ? [...args] : [...args.filter((word, i) => !isMessage(word, i)), '--', ...messages];
}

/** A file stays a file: what ends in .json or exists. */
function explained(words: readonly string[], beside: Parameters<typeof explainedText>[1]): string {
  const [first, ...others] = words;
  if (first === undefined || first.trim() === '') throw new Unreadable(USAGE);
  if (others.length > 0 || !(first.endsWith('.json') || existsSync(first)))
    return explainedText(words.join(' '), beside);
  const lines = messagesOf(read(first), first).map(({ id, isGuess, ...evidence }) => {
    const found = diagnose(evidence);
    const { rule, severity, transient, cause, remedy } =
      isGuess && isOnlyShown(found) ? { ...found, ...withoutPlace(found, evidence.text) } : found;
    return `${JSON.stringify({ id, rule, severity, transient, cause, remedy })}\n`;
  });
  return lines.join('');
}

/** The command with its arguments. @returns the exit code, and what goes to standard output and standard error */
export function diagnoseCommand(args: readonly string[]): {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
} {
  try {
    const { positionals, values } = readOptions('diagnose', {
      args: messageFirst(args),
      allowPositionals: true,
      options: OPTIONS,
    });
    return { status: 0, stdout: values.help ? `${USAGE}\n` : explained(positionals, values), stderr: '' };
  } catch (thrown) {
    const known = thrown instanceof Unreadable || thrown instanceof WrongUsage;
    if (!known) throw thrown;
    return { status: 2, stdout: '', stderr: `${reasonOf(thrown)}\n` };
  }
}

if (import.meta.main) {
  const { status, stdout, stderr } = diagnoseCommand(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
