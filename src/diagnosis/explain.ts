import { defined } from '../model.ts';
import { type ApplicationError, readApplication, tellingLine } from './application.ts';
import { explainApplication } from './application-remedies.ts';
import { plainOutput } from './build-lines.ts';
import {
  buildEnd,
  explainOutput,
  explainStep,
  failedStep,
  type StepError,
  titledStep,
  toolOutput,
  withoutCommands,
  withoutEcho,
} from './build-step.ts';
import type { Diagnosis, Evidence, Nature, Subject, Traits } from './diagnosis.ts';
import { explainHostLog } from './host-log.ts';
import { cellOf, lastResort } from './matrix.ts';
import { explainParameters } from './parameters.ts';
import { type Reading, read } from './read.ts';
import { explainRefusal, explainSentence, wrongType } from './refusal.ts';
import { type Ground, type Refused, statedGround, withoutSentence } from './refusal-grounds.ts';
import { RUNNER_ENDED } from './rules/build-runner.ts';
import type { Found, Rule, Say } from './rules/rule.ts';
import { generalRuleOf, ruleOf, rulesFor } from './rules.ts';
import { beginning, deploysIn, say, type Text } from './say.ts';
import { pageOf, quotasOf, serviceOf } from './services.ts';
import { technologiesIn } from './technologies.ts';
import { type Masked, mask, normalise } from './text.ts';
import { operationIn, quoted, unwrap } from './unwrap.ts';
import { wordOf } from './words.ts';

const SEVERITY: Readonly<Record<Nature, Diagnosis['severity']>> = {
  permanent: 'failure',
  ambiguous: 'failure',
  symptom: 'failure',
  unknown: 'failure',
  unplaceable: 'warning',
  transient: 'warning',
  normal: 'normal',
};

/**
 * One message explained: read, then looked up. The specific rows stand in front; where none answers, or only one that
 * knows no more than the phase, the matrix of phase and fault does; where that has no cell, the phase and the words are
 * shown and no cause is claimed. Where the message is only a symptom, the reasons that stood beside it (`reason`,
 * `stoppedReason`) are explained as well.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const { cause, remedy, ...rest } = withBeside(evidence);
  const atWork = technologiesIn(evidence);
  const deploys = deploysIn(remedy);
  return {
    ...rest,
    cause: say(cause, atWork),
    remedy: say(remedy, atWork),
    ...(deploys.length > 0 ? { deploys } : {}),
  };
}

/** A diagnosis whose parts are not yet chosen by the technologies at work. */
type Draft = Omit<Diagnosis, 'cause' | 'remedy'> & { readonly cause: Text; readonly remedy: Text };

/** The message, or a reason beside it where the message has no cause. */
function withBeside(evidence: Evidence): Draft {
  const first = explain(evidence);
  if (!isWithoutCause(first) && !hasOnlyExitCode(first)) return first;
  for (const field of ['reason', 'containerReason', 'stoppedReason', 'statusReason']) {
    const text = evidence.context[field];
    if (typeof text !== 'string' || text === evidence.text) continue;
    const beside = explain({ ...evidence, text });
    if (!isWithoutCause(beside) && !hasOnlyExitCode(beside)) return { ...beside, evidence };
  }
  return first;
}

const isWithoutCause = ({ nature }: Draft): boolean => nature === 'symptom' || nature === 'unknown';
/** What an exit code alone explains: a reason beside it is more specific (OutOfMemoryError with exit code 137). */
const hasOnlyExitCode = ({ end }: Draft): boolean => end !== undefined && end !== 'out-of-memory' && end !== 'helper';

/** What a row says, and whether it knows more than that something of its kind went wrong. */
interface Explained {
  readonly diagnosis: Draft;
  readonly vague: boolean;
}

function explain(evidence: Evidence): Draft {
  if (evidence.surface === 'container.log') return fromLog(evidence);
  if (evidence.surface === 'buildx.stderr') return fromBuild(evidence);
  const copied =
    evidence.surface === 'task.stoppedReason' ? STOPPED_REASON.exec(evidence.text)?.groups?.reason : undefined;
  if (copied !== undefined) return { ...explain({ ...evidence, text: copied }), evidence };
  const refused = refusedParameter(evidence) ?? fromTaskReason(evidence);
  if (refused) return refused;
  const { diagnosis, vague } = fromTable(evidence);
  if (!vague) return diagnosis;
  const inner = evidence.surface === 'service.event' ? fromQuote(evidence) : undefined;
  if (inner) return inner;
  return isCall(evidence.surface) ? refusedCall(evidence, diagnosis) : diagnosis;
}

/** The field in what describe-tasks prints, whose other fields say nothing of the reason. */
const STOPPED_REASON = /\bstoppedReason"?: {0,4}"(?<reason>[^"\\\n]{1,1000})"/i;

const isCall = (surface: Evidence['surface']): boolean => surface.startsWith('api.');

/** What a task says of itself when it stops. */
const TASK_REASON =
  /\bTask stopped: (?<reason>(?:Cannot(?:Pull|Start|Create|Inspect)Container\w{0,12}Error|ResourceInitializationError|OutOfMemoryError: Container)\b[^\n]{0,2000})/;
const WAITED = /Resource handler returned message|HandlerErrorCode|DeploymentError|Resource updates failed/;

/** A tool that waits for its deployment (the CDK, for one) prints the reason of a stopped task behind the answer of its own call. */
function fromTaskReason(evidence: Evidence): Draft | undefined {
  const text = evidence.text.slice(0, 8_000);
  const reason = evidence.surface === 'api.ecs' ? TASK_REASON.exec(text)?.groups?.reason : undefined;
  if (reason === undefined || !WAITED.test(text)) return undefined;
  const { diagnosis, vague } = fromTable({ ...evidence, surface: 'task.stoppedReason', text: reason });
  return vague ? undefined : { ...diagnosis, evidence };
}

/** A refusal that no row knows: what the sentence states, then the field of ECS's request that it names. */
function refusedCall(evidence: Evidence, vague: Draft): Draft {
  const { surface, context } = evidence;
  const { operation, service } = context;
  const message = unwrap(normalise(evidence.text, surface), surface);
  const named =
    typeof operation === 'string' && operation !== '' ? operation : operationIn(evidence.text.slice(0, 2_000));
  // Terraform wraps its lines, in the middle of a sentence too.
  const text = evidence.text.replace(/[\s\u2502]+/g, ' ');
  const refused: Refused = { text, message, operation: named, service };
  const better: Partial<Ground> | undefined =
    withoutSentence(refused) ??
    statedGround(refused) ??
    (surface === 'api.ecs' && isFromEcs(evidence.text, context) ? explainRefusal(message, named) : undefined) ??
    explainSentence(refused);
  if (!better) return vague;
  // It names the field or the ground: no longer only the service's message.
  const { vague: _, repeats: __, ...rest } = vague.nature === 'unknown' ? ofRefusal(evidence, vague) : vague;
  const row = better.rule === undefined ? undefined : ruleOf(better.rule);
  const { nature, subject, failure } = row ?? {};
  const link = pageFor(better.rule ?? rest.rule, { evidence, operation: named }) ?? row?.link;
  return {
    ...rest,
    ...defined({ nature, subject, failure, link }),
    ...(better.transient === true && rest.nature === 'permanent' ? { nature: 'ambiguous' } : {}),
    ...better,
  };
}

/**
 * Rows of these ids are about any request and any service: the page is that of the service and call, not of one of the rows.
 * @returns undefined where the row's own page is the one
 */
function pageFor(
  rule: string,
  { evidence, operation }: { readonly evidence: Evidence; readonly operation: string | undefined },
): string | undefined {
  if (rule !== 'request-refused' && rule !== 'quota-reached') return undefined;
  const text = evidence.text.slice(0, 2_000);
  const own = evidence.surface === 'api.ecr' ? 'ECR' : 'ECS';
  const service =
    serviceOf(text, operation, evidence.context.service) ??
    (evidence.surface === 'api.ecr' || isFromEcs(text, evidence.context) ? own : undefined);
  return rule === 'quota-reached' ? quotasOf(service) : pageOf(service, operation);
}

/** A sentence of a form that no exception gives away: refused it is all the same. */
function ofRefusal(evidence: Evidence, unknown: Draft): Draft {
  const row = ruleOf('request-refused');
  if (!row || evidence.surface === 'api.sts') return unknown;
  const { id: rule, nature, subject, failure } = row;
  return { ...unknown, rule, nature, subject, failure };
}

/** Whether ECS itself refused: its exception or one of its operations is named. What tools say of themselves is not its words. */
const isFromEcs = (text: string, { operation, service }: Evidence['context']): boolean => {
  const named = typeof operation === 'string' && operation !== '' ? operation : operationIn(text.slice(0, 2_000));
  const by = serviceOf(text.slice(0, 2_000), named, service);
  if (by !== undefined) return by === 'ECS';
  // An operation that no service here has is none of ECS, whose fields would explain another request.
  if (named !== undefined) return false;
  return /\b(?:Client|InvalidParameter|ServerE|Access|ServiceNot|Cluster|Unsupported|Platform|Update|LimitE|Conflict|Namespace|Blocked|Target|Resource|Validation|TaskSet)\w*Exception\b|^An error occurred|HandlerErrorCode/.test(
    text,
  );
};

/**
 * The output of a build: what ended it from outside first, then the tool that a RUN step called, by its own codes; the table
 * reads what BuildKit, Docker and registries say.
 */
function fromBuild(evidence: Evidence): Draft {
  const text = plainOutput(evidence.text);
  const end = buildEnd(text);
  if (end) return fromBuildEnd(end, evidence);
  const own = { ...evidence, text: withoutEcho(text) };
  const ended = lookUp(normalise(own.text, 'buildx.stderr'), own, RUNNER_ENDED);
  if (!ended.vague) return { ...ended.diagnosis, evidence };
  const step = failedStep(text) ?? titledStep(text);
  const output = step ? undefined : toolOutput(text);
  const fromStep = step ? explainStep(step) : output && explainOutput(output);
  if (fromStep && !fromStep.vague) return ofStep(fromStep, evidence);
  const { diagnosis, vague } = fromTable(own);
  return vague && fromStep ? ofStep(fromStep, evidence) : { ...diagnosis, evidence };
}

/** A whole output: words that a program printed explain its own command and nothing else. */
function fromBuildEnd({ step, frame }: NonNullable<ReturnType<typeof buildEnd>>, evidence: Evidence): Draft {
  const own = { ...evidence, text: frame };
  const ended = lookUp(normalise(frame, 'buildx.stderr'), own, RUNNER_ENDED);
  if (!ended.vague) return { ...ended.diagnosis, evidence };
  const fromStep = step && explainStep(step);
  if (fromStep && !fromStep.vague) return ofStep(fromStep, evidence);
  const { diagnosis, vague } = fromTable(own);
  return vague && fromStep ? ofStep(fromStep, evidence) : { ...diagnosis, evidence };
}

function ofStep({ rule, cause, remedy }: StepError, evidence: Evidence): Draft {
  const id = rule ?? 'build-command-failed';
  const row = ruleOf(id);
  const { nature = 'permanent', subject = 'build-step', failure = 'failed', transient = false, link } = row ?? {};
  return {
    rule: id,
    nature,
    subject,
    failure,
    transient: transient || AGAIN.test(beginning(remedy)),
    ...defined({ link }),
    severity: 'failure',
    cause,
    remedy,
    evidence,
  };
}

/** A client's or API's refusal of one field names it: surer than any row, whose words may stand in its list of fields. */
function refusedParameter(evidence: Evidence): Draft | undefined {
  const { surface, context } = evidence;
  if (surface !== 'api.ecs' && surface !== 'api.ecr') return undefined;
  const text = unwrap(normalise(evidence.text, surface), surface);
  const named =
    typeof context.operation === 'string' && context.operation !== ''
      ? context.operation
      : operationIn(evidence.text.slice(0, 2_000));
  const type = wrongType(text, named);
  const said = type ? ({ rule: 'taskdef-malformed', ...type } as const) : explainParameters(text, named);
  const row = said && ruleOf(said.rule);
  if (!said || !row) return undefined;
  const { id: rule, nature, subject, failure, transient = false } = row;
  const { cause, remedy } = said;
  const link = pageFor(rule, { evidence, operation: named }) ?? row.link;
  return { rule, nature, subject, failure, transient, link, severity: 'failure', cause, remedy, evidence };
}

/** An event quotes what another call was answered: read as the reason of a task, then as an API's answer. */
function fromQuote(evidence: Evidence): Draft | undefined {
  const text = quoted(evidence.text);
  if (text === undefined) return undefined;
  for (const surface of ['task.stoppedReason', 'api.ecs'] as const) {
    const { diagnosis, vague } = fromTable({ ...evidence, surface, text });
    // Whose credentials they are the quote does not say: those of the job they are not.
    if (!vague && diagnosis.subject !== 'credentials') return { ...diagnosis, evidence };
  }
  return undefined;
}

/**
 * Why a container ended, by what it printed.
 * @param text its last lines, oldest first
 * @returns undefined where no line looks like an error; the evidence is the telling line
 */
export function readLog(text: string, container: string): Diagnosis | undefined {
  const explained = diagnose({ surface: 'container.log', text, context: { container } });
  const error = readApplication(text);
  const line = error?.printed ?? error?.line ?? tellingLine(text);
  return line === undefined ? undefined : { ...explained, evidence: { ...explained.evidence, text: line } };
}

/** Kinds of an application's error whose cause has an id of its own, on other surfaces too. */
const ROWS: Readonly<Partial<Record<ApplicationError['kind'], string>>> = {
  'out-of-heap': 'oom',
  'heap-too-large': 'oom',
  'wrong-architecture': 'image-platform-mismatch',
  'script-header': 'image-platform-mismatch',
  'start-missing': 'entrypoint-not-found',
};

/** What is known where nothing looks like an error: the last line, without a claim. */
function nothingIn(evidence: Evidence): Draft {
  const lines = evidence.text.split('\n').filter((line) => line.trim() !== '');
  const last = lines.at(-1)?.trim().slice(0, 300);
  const nothing = 'The log of the container has no line that looks like an error';
  return {
    rule: 'unknown',
    nature: 'unknown',
    subject: 'application',
    failure: 'failed',
    severity: 'failure',
    transient: false,
    cause:
      last === undefined
        ? `${nothing}: it is empty.`
        : `${nothing}${lines.length > 1 ? '; its last line is' : ''}: ${last}`,
    remedy:
      'Two places say more: the exit code and reason of the container (describe-tasks), and the whole log from its start. If both are silent, run the image locally with the same command and environment.',
    evidence,
  };
}

/** The application's own words: no row of the table reads a log, whose other lines may say anything. */
function fromLog(evidence: Evidence): Draft {
  const { launch } = read(evidence, '');
  const ofHost = explainHostLog(evidence.text, launch);
  if (ofHost)
    return {
      rule: 'unknown',
      nature: 'unknown',
      subject: 'host',
      failure: 'failed',
      severity: 'failure',
      transient: false,
      ...ofHost,
      evidence,
    };
  const error = readApplication(evidence.text);
  if (!error) return nothingIn(evidence);
  const { container } = evidence.context;
  const { cause, remedy } = explainApplication(error, typeof container === 'string' ? ` \`${container}\`` : '', launch);
  const row = ruleOf(ROWS[error.kind] ?? '');
  return {
    rule: row?.id ?? 'app-crash',
    nature: row?.nature ?? 'ambiguous',
    subject: row?.subject ?? 'application',
    failure: row?.failure ?? 'crashed',
    ...(row ? traitsOf(row) : { end: 'crashed' }),
    errorClass: error.kind,
    severity: 'failure',
    transient: false,
    cause,
    remedy,
    ...defined({ link: row?.link }),
    evidence,
  };
}

/** Build output is read line by line first; what was wrapped into short lines is read as one. */
function fromTable(evidence: Evidence): Explained {
  const text = spelled(unwrap(normalise(evidence.text, evidence.surface), evidence.surface), evidence);
  const found = lookUp(text, evidence);
  if (!found.vague || !text.includes('\n')) return found;
  const whole = lookUp(text.replace(/\s+/g, ' '), evidence);
  // Joined lines say no more about which of them are ordinary.
  return whole.vague || whole.diagnosis.nature === 'normal' ? found : whole;
}

/** An exit code that stands alone, or only beside the text, in words. */
function spelled(text: string, { surface, context }: Evidence): string {
  if (surface !== 'container.exitCode' || !/^-?\d{0,10}$/.test(text)) return text;
  const code = text || context.exitCode;
  return code === undefined || code === null ? text : `exit code ${String(code)}`;
}

function lookUp(text: string, evidence: Evidence, rules: readonly Rule[] = rulesFor(evidence.surface)): Explained {
  const masked = mask(evidence.surface === 'buildx.stderr' ? withoutCommands(text) : text);
  // Read without the names of users: a service called firelens-app is not a log router.
  const reading = read(evidence, masked.text);
  const message: Found = { text, words: {}, context: evidence.context, surface: evidence.surface, reading };
  for (const rule of rules) {
    const found = find(rule, message, masked);
    if (!found) continue;
    const cell = rule.vague ? cellOf(reading.phase, masked.text) : undefined;
    const better = cell === undefined ? undefined : generalRuleOf(cell);
    if (better && fits(better, reading, masked.text))
      return { diagnosis: diagnosisOf(better, message, evidence), vague: false };
    return { diagnosis: diagnosisOf(rule, found, evidence), vague: rule.vague === true };
  }
  const cell = cellOf(reading.phase, masked.text);
  const better = cell === undefined ? undefined : generalRuleOf(cell);
  if (better && fits(better, reading, masked.text))
    return { diagnosis: diagnosisOf(better, message, evidence), vague: false };
  const diagnosis: Draft = {
    rule: 'unknown',
    nature: 'unknown',
    subject: 'none',
    failure: 'failed',
    severity: 'failure',
    ...defined(lastResort(message)),
    transient: AGAIN.test(beginning(lastResort(message).remedy)),
    evidence,
  };
  return { diagnosis, vague: true };
}

/** No row answers for another's surface, producer or launch type. */
const mayAnswer = ({ surfaces, producers, launch, nature, failure, subject }: Rule, reading: Reading): boolean =>
  surfaces.includes(reading.surface) &&
  producers.includes(reading.producer) &&
  (reading.launch === undefined || launch.includes(reading.launch)) &&
  !(nature === 'symptom' && failure !== 'timed-out' && isRefused(reading)) &&
  !(surfaces.includes('task.stoppedReason') && subject !== 'load-balancer' && isOfAnother(reading)) &&
  !(OF_ECS_ALONE.has(subject) && isOfAnother(reading, ['CodeDeploy', 'Application Auto Scaling']));

/** What only ECS has: another service's words for a thing of its own look alike. */
const OF_ECS_ALONE: ReadonlySet<Subject> = new Set([
  'service',
  'deployment',
  'task-definition',
  'container',
  'placement',
]);

/** A call to another service than ECS: what ECS says of its tasks is not what EventBridge or CodeDeploy refused. */
const isOfAnother = ({ surface, operation, service, resource }: Reading, except: readonly string[] = []): boolean => {
  const by = surface === 'api.ecs' ? (serviceOf('', operation, service) ?? resource) : undefined;
  return by !== undefined && by !== 'ECS' && !except.includes(by);
};

/** A call that changes something was answered: what it says of rollouts and health checks is about its settings, not an event. */
const isRefused = ({ surface, operation }: Reading): boolean =>
  isCall(surface) && operation !== undefined && !/^(?:Describe|Get|List|Wait)/.test(operation);

/** The matrix gives a row without its patterns; what the row is not about it is not about here either. */
const fits = (rule: Rule, reading: Reading, text: string): boolean =>
  mayAnswer(rule, reading) && rule.unless?.test(text) !== true;

/** Rows are matched without the names of users; the explanation has them. */
function find(rule: Rule, message: Found, { text, restore }: Masked): Found | undefined {
  if (!mayAnswer(rule, message.reading)) return undefined;
  for (const pattern of rule.match) {
    const match = pattern.exec(text);
    if (!match) continue;
    const found = { ...message, text, words: match.groups ?? {} };
    if (rule.unless?.test(text) || rule.when?.(found) === false) return undefined;
    const words = Object.entries(found.words).map(([name, word]) => [name, wordOf(name, word && restore(word))]);
    return { ...message, words: Object.fromEntries(words) };
  }
  return undefined;
}

/** Where the first thing to do is to run it again, the fault is one that passes. */
const AGAIN =
  /^(?:Run (?:the job|the build|it) again|Try again|Wait and try again|It is temporary as a rule|Once is harmless)/;

const wordsOf = (words: Say, found: Found): Text => (typeof words === 'function' ? words(found) : words);

const traitsOf = ({ end, healthCheck, needs, afterStart, propagates, inLog, vague, repeats }: Rule): Traits =>
  defined({ end, healthCheck, needs, afterStart, propagates, inLog, vague, repeats });

const diagnosisOf = (rule: Rule, found: Found, evidence: Evidence): Draft => ({
  rule: rule.id,
  nature: rule.nature,
  subject: rule.subject,
  failure: rule.failure,
  ...traitsOf(rule),
  ...defined({ status: found.reading.status }),
  severity: rule.severity ?? SEVERITY[rule.nature],
  transient: rule.transient ?? (rule.nature === 'transient' || AGAIN.test(beginning(wordsOf(rule.remedy, found)))),
  cause: wordsOf(rule.cause, found),
  remedy: wordsOf(rule.remedy, found),
  link: rule.link,
  evidence,
});
