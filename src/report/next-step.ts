/** The one step that comes next, and how else the cause can be repaired. */
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { logLocation } from '../diagnosis/logs.ts';
import { isObject } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { capitalised, sentencesOf } from './text.ts';
import { word } from './way-back.ts';

/** One thing to do. */
export interface Step {
  readonly text: string;
  /** What to write into a file, as it is. */
  readonly write?: string;
  /** Commands to paste: each does it alone, without what is to be written. */
  readonly commands?: readonly string[];
}

export interface Repair {
  readonly step: Step;
  /** Other ways, where the step is not the right one. */
  readonly otherwise?: string;
}

/** How to repair the cause of a failure. */
export function repairOf(outcome: Outcome, cause: Diagnosis | undefined): Repair | undefined {
  if (!cause?.remedy) return withoutCause(outcome);
  if (isInLog(cause)) {
    const step = logStep(outcome, cause);
    if (step) return { step };
  }
  const made = cause.subject === 'logs' && cause.failure === 'missing' ? missingGroup(outcome) : undefined;
  const found = divided(cause.remedy);
  return made ? { ...found, step: made } : found;
}

/** The log group that the task definition names, where it names but one. */
function missingGroup({ deployment, service }: Outcome): Step | undefined {
  const logs = (deployment?.definition?.containerDefinitions ?? []).flatMap(({ logConfiguration: log }) =>
    isObject(log) && log.logDriver === 'awslogs' && isObject(log.options) ? [log.options] : [],
  );
  const [group, ...others] = new Set(logs.map((options) => String(options['awslogs-group'] ?? '')));
  if (!group || others.length > 0) return undefined;
  const region = String(logs[0]?.['awslogs-region'] ?? service?.region ?? '');
  return { text: `Create the log group \`${group}\`.`, commands: [createGroup(group, region)] };
}

const createGroup = (group: string, region: string): string =>
  `aws logs create-log-group${region === '' ? '' : ` --region ${word(region)}`} --log-group-name ${word(group)}`;

/** ECS reports nothing that is wrong. */
function withoutCause({ verdict, deployment, service, timeline }: Outcome): Repair | undefined {
  const isLate = verdict?.kind === 'timed-out' || verdict?.kind === 'stuck';
  const provider = service?.capacityProviders.find((name) => !/^FARGATE(_SPOT)?$/.test(name));
  const states = new Set(timeline.flatMap(({ state }) => state ?? []));
  if (
    isLate &&
    provider !== undefined &&
    states.has('PROVISIONING') &&
    !states.has('PENDING') &&
    !states.has('RUNNING')
  ) {
    const text = `See in the Auto Scaling group of the capacity provider ${provider} why no instance was added: the tasks waited for one in PROVISIONING.`;
    return { step: { text } };
  }
  if (verdict?.kind === 'timed-out' && deployment) {
    const now = Math.round(deployment.timeoutSeconds / 60);
    return { step: { text: `Raise \`wait-for-minutes\` (${now} min now): ECS reports nothing that is wrong.` } };
  }
  if (verdict?.kind === 'stuck')
    return { step: { text: 'Open the tasks of the service: none became healthy, and ECS reports no reason.' } };
  return undefined;
}

/** What the container printed is not known, and says more than the cause: a crash, or a server error that a health check got. */
const isInLog = ({ inLog, healthCheck, status = 0, evidence }: Diagnosis): boolean =>
  evidence.surface !== 'container.log' && (inLog === true || (healthCheck === 'load-balancer' && status >= 500));

/** Waiting is no step once the deployment has failed. */
const NOT_A_STEP = /^(?:ECS|Nothing|Once|It often|Wait)\b/;

/** A remedy names the likeliest step first; other ways follow in sentences of their own, after a semicolon, or after `, or`. */
export function divided(remedy: string): Repair {
  const sentences = sentencesOf(remedy);
  const skipped = sentences.length > 1 && NOT_A_STEP.test(sentences[0] ?? '') ? 1 : 0;
  const [first = '', ...rest] = sentences.slice(skipped);
  const at = endOfStep(first);
  const step = first.slice(0, at).replace(/(?<![.!?])$/, '.');
  const more = first.slice(at).replace(/^[;,\s]+/, '');
  const otherwise = [...(more === '' ? [] : [capitalised(more)]), ...rest].join(' ');
  return { step: { text: step }, ...(otherwise === '' ? {} : { otherwise }) };
}

/** The first `;` or `, or ` outside of brackets and code. */
function endOfStep(sentence: string): number {
  const plain = sentence
    .replaceAll(/`[^`]*`|"[^"]*"/g, (code) => 'x'.repeat(code.length))
    .replaceAll(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]/g, (inner) => 'x'.repeat(inner.length));
  const found = /;\s|, or /.exec(plain);
  return found ? found.index : sentence.length;
}

/** Where the words of the container are, or what makes them readable the next time. */
function logStep({ deployment, service, timeline, denied = [] }: Outcome, cause: Diagnosis): Step | undefined {
  if (timeline.some(({ kind }) => kind === 'log')) return { text: 'Repair what the last log lines report.' };
  const definition = deployment?.definition;
  const container = cause.container || service?.loadBalancers[0]?.containerName;
  const found = definition?.containerDefinitions.find(({ name }) => name === container);
  if (!definition || !found) return undefined;
  const { name } = found;
  const place = logLocation(definition, name, cause.taskId ?? '');
  switch (place.driver) {
    case 'awslogs': {
      const isDenied = denied.some(({ action }) => action === 'logs:GetLogEvents');
      const why = isDenied ? 'which this run may not read (logs:GetLogEvents)' : 'which was empty when this run ended';
      return { text: `Read the log stream \`${place.stream}\` of the log group \`${place.group}\`, ${why}.` };
    }
    case 'other':
      return { text: `Read what the container ${name} printed where its log driver ${place.name} sends it.` };
    case 'none': {
      const group = `/ecs/${definition.family}`;
      const region = service?.region ?? '';
      const neighbour = definition.containerDefinitions
        .map(({ logConfiguration }) => logConfiguration)
        .find((log) => isObject(log) && log.logDriver === 'awslogs' && isObject(log.options));
      const options = isObject(neighbour) && isObject(neighbour.options) ? neighbour.options : undefined;
      const log = {
        logDriver: 'awslogs',
        options: options ?? { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
      };
      return {
        text: `Add a log configuration to the container ${name} of the task definition, so that what it prints can be read${options ? '' : `, and create its log group \`${group}\` once`}.`,
        write: `"logConfiguration": ${JSON.stringify(log)}`,
        ...(options ? {} : { commands: [createGroup(group, region)] }),
      };
    }
  }
}
