import { readApplication } from './application.ts';
import { explainApplication } from './application-remedies.ts';
import { explainStep, failedStep } from './build-step.ts';
import type { Diagnosis, Evidence, Nature } from './diagnosis.ts';
import { explainRefusal } from './refusal.ts';
import type { Found, Rule, Say } from './rules/rule.ts';
import { rulesFor } from './rules.ts';
import { type Masked, mask, normalise } from './text.ts';

const SEVERITY: Readonly<Record<Nature, Diagnosis['severity']>> = {
  hopeless: 'failure',
  ambiguous: 'failure',
  symptom: 'failure',
  unknown: 'failure',
  blocked: 'warning',
  'self-heals': 'warning',
  normal: 'normal',
};

/**
 * One message explained; a text that no rule knows is shown as it is and called unknown. Where the message is only a
 * symptom, the reasons that stood beside it (`reason`, `stoppedReason`) are asked as well.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const said = explain(evidence);
  if (!tellsNoCause(said) && !EXIT_CODE_ONLY.has(said.rule)) return said;
  for (const field of ['reason', 'containerReason', 'stoppedReason', 'statusReason']) {
    const text = evidence.context[field];
    if (typeof text !== 'string' || text === evidence.text) continue;
    const beside = explain({ ...evidence, text });
    if (!tellsNoCause(beside) && !EXIT_CODE_ONLY.has(beside.rule)) return { ...beside, evidence };
  }
  return said;
}

const tellsNoCause = ({ nature }: Diagnosis): boolean => nature === 'symptom' || nature === 'unknown';
/** What is told from an exit code alone: a reason beside it knows better (OutOfMemoryError with exit code 137). */
const EXIT_CODE_ONLY = new Set([
  'app-crash',
  'sigkill-stop-timeout',
  'sigterm-exit',
  'segfault',
  'essential-container-exited-zero',
]);
/** Rows that repeat what was said. */
const SAYS_LITTLE = new Set(['unknown', 'build-failed', 'access-denied']);

/** What the table knows of a container's log; the application's own words are for their reader. */
const ABOUT_THE_CONTAINER = new Set(['image-platform-mismatch', 'oom', 'entrypoint-not-found', 'exit-code-unknown']);
/** Rows that know no more than that something was refused. */
const REFUSED = new Set(['unknown', 'request-refused', 'taskdef-malformed', 'taskdef-missing-field', 'quota-reached']);
/** Rows that know no more than that a step of the build failed. */
const STEP_FAILED = new Set(['unknown', 'build-failed', 'build-command-failed']);

function explain(evidence: Evidence): Diagnosis {
  const said = fromTable(evidence);
  switch (evidence.surface) {
    case 'container.log':
      return ABOUT_THE_CONTAINER.has(said.rule) ? said : fromApplication(evidence);
    case 'buildx.stderr': {
      const step = STEP_FAILED.has(said.rule) ? failedStep(evidence.text) : undefined;
      const better = step && explainStep(step);
      return better ? { ...said, rule: 'build-command-failed', nature: 'hopeless', ...better } : said;
    }
    case 'api.ecs': {
      const operation = evidence.context.operation;
      const better = REFUSED.has(said.rule)
        ? explainRefusal(evidence.text, typeof operation === 'string' ? operation : undefined)
        : undefined;
      return better ? { ...said, ...better } : said;
    }
    default:
      return said;
  }
}

function fromApplication(evidence: Evidence): Diagnosis {
  const error = readApplication(evidence.text);
  const { container } = evidence.context;
  const told = error && explainApplication(error, typeof container === 'string' ? ` ${container}` : '');
  return {
    rule: 'app-crash',
    nature: 'ambiguous',
    severity: 'failure',
    transient: false,
    cause: told?.cause ?? 'The log of the container has no line that looks like an error.',
    remedy:
      told?.remedy ??
      'Read the whole log of the container, and run the image locally with the same command and environment.',
    evidence,
  };
}

/** Build output is read line by line first; what was wrapped into short lines is read as one. */
function fromTable(evidence: Evidence): Diagnosis {
  const text = spelled(normalise(evidence.text, evidence.surface), evidence);
  const said = lookUp(text, evidence);
  if (!SAYS_LITTLE.has(said.rule) || !text.includes('\n')) return said;
  const whole = lookUp(text.replace(/\s+/g, ' '), evidence);
  return SAYS_LITTLE.has(whole.rule) ? said : whole;
}

/** An exit code that stands alone, or only beside the text, in words. */
function spelled(text: string, { surface, context }: Evidence): string {
  if (surface !== 'container.exitCode' || !/^-?\d{0,10}$/.test(text)) return text;
  const code = text || context.exitCode;
  return code === undefined || code === null ? text : `exit code ${String(code)}`;
}

function lookUp(text: string, evidence: Evidence): Diagnosis {
  const masked = mask(text);
  const said = { text, words: {}, context: evidence.context, surface: evidence.surface };
  for (const rule of rulesFor(evidence.surface)) {
    const found = find(rule, said, masked);
    if (found) return told(rule, found, evidence);
  }
  return {
    rule: 'unknown',
    nature: 'unknown',
    severity: 'failure',
    transient: false,
    cause: evidence.text.trim() === '' ? 'No reason was given.' : evidence.text,
    remedy:
      'This message is not known here: look it up in the troubleshooting pages of Amazon ECS, with what happened just before it.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html',
    evidence,
  };
}

/** Whether a row matches is asked without the names of users; what is told has them. */
function find(rule: Rule, said: Found, { text, restore }: Masked): Found | undefined {
  if (rule.surfaces && !rule.surfaces.includes(said.surface)) return undefined;
  for (const pattern of rule.match) {
    const match = pattern.exec(text);
    if (!match) continue;
    const found = { ...said, text, words: match.groups ?? {} };
    if (rule.unless?.test(text) || rule.when?.(found) === false) return undefined;
    const words = Object.entries(found.words).map(([name, word]) => [name, word && restore(word)]);
    return { ...said, words: Object.fromEntries(words) };
  }
  return undefined;
}

const say = (words: Say, found: Found): string => (typeof words === 'string' ? words : words(found)).trim();

const told = (rule: Rule, found: Found, evidence: Evidence): Diagnosis => ({
  rule: rule.id,
  nature: rule.nature,
  severity: rule.severity ?? SEVERITY[rule.nature],
  transient: rule.transient ?? rule.nature === 'self-heals',
  cause: say(rule.cause, found),
  remedy: say(rule.remedy, found),
  link: rule.link,
  evidence,
});
