/** The one step that comes next, and how else the cause can be repaired. */
import { lastPart, regionOf } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { logLocation } from '../diagnosis/logs.ts';
import type { Image } from '../image/image.ts';
import {
  type ContainerDefinition,
  defined,
  isObject,
  isSeen,
  type ServiceState,
  type TaskDefinition,
} from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { readReference } from '../secret-references.ts';
import { isFargateProvider } from '../service/compute.ts';
import type { About } from './about.ts';
import { dockerRun, variablesOf } from './docker-run.ts';
import { capitalised, listed, sentencesOf } from './text.ts';
import { word } from './way-back.ts';

/** One thing to do. */
export interface Step {
  readonly text: string;
  /** What to write into a file, as it is. */
  readonly write?: string;
  /** Commands to paste: each does it alone, without what is to be written. */
  readonly commands?: readonly string[];
  /** It deploys as well: nothing comes after it. */
  readonly deploys?: true;
  /** It is to deploy with these: a rollback in its place takes them, too. */
  readonly percents?: { readonly minimumHealthy: number; readonly maximum: number };
}

export interface Repair {
  readonly step: Step;
  /** Other ways, where the step is not the right one. */
  readonly otherwise?: string;
  /** What those are done with: commands to paste. */
  readonly otherwiseCommands?: readonly string[];
}

/** How to repair the cause of a failure. */
export function repairOf(
  outcome: Outcome,
  cause: Diagnosis | undefined,
  about: Pick<About, 'template'> = {},
): Repair | undefined {
  const repair = plainRepairOf(outcome, cause);
  if (!repair) return undefined;
  const owner = ownerText(outcome, cause, about);
  return {
    step: { ...repair.step, text: withOwner(repair.step.text, owner) },
    ...defined({
      otherwise: repair.otherwise && withOwner(repair.otherwise, owner),
      otherwiseCommands: repair.otherwiseCommands,
    }),
  };
}

/** Fields of a container, as remedies name them; not where the sentence says whose they are. */
const FIELDS =
  /`(?:environment|secrets)`(?:(?:, | or | and )`(?:environment|secrets|command)`)*(?! of (?!the container(?! [`\w])))(?: of the container)?/;

/** A step names whose field it is: the container, and the file or the inputs that it is written in. */
const withOwner = (text: string, owner: string | undefined): string =>
  owner === undefined
    ? text
    : text
        .replace(FIELDS, (fields) => `${fields.replace(/ of the container$/, '')} ${owner}`)
        .replace(/ \(input `environment-variables`\)(?= \(input `environment-variables`\))/, '');

/** Whose fields: `of the container app in task-definition.json`; undefined where the container is not known. */
function ownerText(
  outcome: Outcome,
  cause: Diagnosis | undefined,
  { template }: Pick<About, 'template'>,
): string | undefined {
  const container = containerOf(outcome, cause);
  if (container === undefined) return undefined;
  const of = `of the container \`${container}\``;
  if (outcome.service?.express || template?.kind === 'inputs')
    return `${of} (inputs \`environment-variables\` and \`secrets\`)`;
  return template?.kind === 'file' ? `${of} in \`${template.path}\`` : `${of} in the task definition`;
}

function plainRepairOf(outcome: Outcome, cause: Diagnosis | undefined): Repair | undefined {
  if (!cause?.remedy) return withoutCause(outcome);
  if (cause.rule === 'fargate-quota') return quotaRepair(outcome);
  const check = cause.healthCheck === 'container' ? containerCheck(outcome, cause) : undefined;
  if (check) return { step: check, otherwise: cause.remedy };
  if (isInLog(cause)) {
    const repair = logRepair(outcome, cause);
    if (repair) return repair;
  }
  const made = cause.subject === 'logs' && cause.failure === 'missing' ? missingGroup(outcome) : undefined;
  const found = withDeploys(divided(cause.remedy), cause);
  if (isOwnImage(outcome, cause)) return { ...found, step: pushedHere(outcome) ?? BUILD_AGAIN };
  return made ? { ...found, step: made } : found;
}

/** The step starts a deployment where words of the remedy that do so are among its own. */
const withDeploys = (repair: Repair, { deploys = [] }: Diagnosis): Repair =>
  deploys.some((words) => repair.step.text.includes(words))
    ? { ...repair, step: { ...repair.step, deploys: true } }
    : repair;

/** Quota codes of Service Quotas: https://docs.aws.amazon.com/general/latest/gr/ecs-service.html#limits_ecs */
const FARGATE_QUOTAS = { onDemand: 'L-3032A538', spot: 'L-36FBB829' } as const;

/** What serves during a rollout with such percents. */
export const servingWith = ({ minimumHealthy }: NonNullable<Step['percents']>): string =>
  minimumHealthy === 0 ? 'the service is down' : 'as few as half of the tasks serve';

/** What helps at once stands first: a higher quota takes hours or days. The command asks for what the rollout takes beside what there is. */
function quotaRepair(outcome: Outcome): Repair {
  const { service } = outcome;
  const region = regionIn(outcome);
  const place = region === '' ? '' : ` --region ${word(region)}`;
  const providers = service?.capacityProviders ?? [];
  const isSpot = providers.includes('FARGATE_SPOT') && !providers.includes('FARGATE');
  const code = isSpot ? FARGATE_QUOTAS.spot : FARGATE_QUOTAS.onDemand;
  const quota = `${place} --service-code fargate --quota-code ${code}`;
  const count = service?.desiredCount ?? 1;
  const vcpus = Math.max(1, Math.ceil((count * (Number(definitionOf(outcome)?.cpu) || 1024)) / 1024));
  const isRolling = service?.strategy === 'ROLLING' && service.minimumHealthyPercent > 50 && !service.express;
  const percents = { minimumHealthy: count > 1 ? 50 : 0, maximum: 100 };
  const fewer = `\`minimum-healthy-percent: ${percents.minimumHealthy}\` (${servingWith(percents)} meanwhile)`;
  const others = 'stop other Fargate tasks of the account in this Region';
  const before = service
    ? `: set ${service.minimumHealthyPercent} and ${service.maximumPercent} again with a later deploy`
    : '';
  const smaller = 'Give the task a smaller size (inputs `cpu`, `memory`)';
  return {
    step: isRolling
      ? {
          text: `Deploy again with ${fewer} and \`maximum-percent: ${percents.maximum}\`, so that old tasks stop first. Both stay set on the service${before}.`,
          deploys: true,
          percents,
        }
      : { text: `${capitalised(others)}.` },
    otherwise: `${smaller}${isRolling ? `, or ${others}` : ''}. The command asks for a higher quota (Service Quotas):`,
    otherwiseCommands: [
      `quota=$(aws service-quotas get-service-quota${quota} --query Quota.Value --output text) &&\n  aws service-quotas request-service-quota-increase${quota} --desired-value $((\${quota%.*} + ${vcpus}))`,
    ],
  };
}

const BUILD_AGAIN: Step = {
  text: 'Run this job again: it builds the image, pushes it and deploys it.',
  deploys: true,
};

/** Pushing again is no step for the run that has just pushed it: what deletes it would do so again. */
function pushedHere({ image }: Outcome): Step | undefined {
  if (image?.digest === undefined || image.reused || (image.build ?? image.metadata) === undefined) return undefined;
  return deletedStep({ ...image, digest: image.digest });
}

/** @param image that this run has pushed, and that something deleted */
export function deletedStep({
  repository,
  digest,
  ecr,
}: Pick<Image, 'repository' | 'ecr'> & { readonly digest: string }): Step {
  const text = `This run pushed the image to ${repository}, so something deleted it since: look for it, at the lifecycle policy of the repository and at jobs that delete images`;
  if (!ecr) return { text: `${text}; then run this job again.`, deploys: true };
  const place = `${ecr.region === '' ? '' : ` --region ${word(ecr.region)}`} --repository-name ${word(ecr.name)}`;
  return {
    text: `${text} (the second command shows the policy). Then run this job again.`,
    deploys: true,
    commands: [
      `aws ecr describe-images${place} --image-ids imageDigest=${digest};\n  aws ecr get-lifecycle-policy${place}`,
    ],
  };
}

/** The image that is gone is the one that this run built, or found built: a run again builds what is not there. */
const isOwnImage = ({ image }: Outcome, { subject, failure, evidence }: Diagnosis): boolean =>
  subject === 'image' &&
  failure === 'missing' &&
  image?.digest !== undefined &&
  (image.build ?? image.metadata ?? image.reused) !== undefined &&
  [image.digest, ...image.tags.map((tag) => `${image.repository}:${tag}`)].some((name) => evidence.text.includes(name));

/** The log group that the task definition names, where it names but one. */
function missingGroup(outcome: Outcome): Step | undefined {
  const logs = (definitionOf(outcome)?.containerDefinitions ?? []).flatMap(({ logConfiguration: log }) =>
    isObject(log) && log.logDriver === 'awslogs' && isObject(log.options) ? [log.options] : [],
  );
  const [group, ...others] = new Set(logs.map((options) => String(options['awslogs-group'] ?? '')));
  if (!group || others.length > 0) return undefined;
  const region = String(logs[0]?.['awslogs-region'] ?? regionIn(outcome));
  return { text: `Create the log group \`${group}\`.`, commands: [createGroup(group, region)] };
}

/** Of the service; of a task or a daemon that of its revision. */
const regionIn = ({ service, revision }: Outcome): string => service?.region ?? regionOf(revision?.arn) ?? '';

const createGroup = (group: string, region: string): string =>
  `aws logs create-log-group${region === '' ? '' : ` --region ${word(region)}`} --log-group-name ${word(group)}`;

/** ECS reports nothing that is wrong. */
function withoutCause(outcome: Outcome): Repair | undefined {
  const { verdict, deployment, service, timeline } = outcome;
  const remedy = outcome.tasks?.findLast(({ succeeded }) => !succeeded)?.remedy;
  if (remedy !== undefined) return divided(remedy);
  const check = verdict?.kind === 'failed' ? verdict.check : undefined;
  if (check !== undefined) return { step: afterCheck(check, outcome) };
  const isLate = verdict?.kind === 'timed-out' || verdict?.kind === 'stuck';
  const provider = service?.capacityProviders.find((name) => !isFargateProvider(name));
  const states = new Set(timeline.flatMap(({ state }) => state ?? []));
  if (
    isLate &&
    provider !== undefined &&
    states.has('PROVISIONING') &&
    !states.has('PENDING') &&
    !states.has('RUNNING')
  ) {
    const text = `See why the capacity provider \`${provider}\` added no instance (the activity of its Auto Scaling group; of Managed Instances the events of the service): the tasks waited for one in PROVISIONING.`;
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

/** A container of the task definition, as the reader's machine can run it. */
function runCommand(outcome: Outcome, container: ContainerDefinition, definition: TaskDefinition): string {
  const failed = outcome.tasks?.findLast(({ succeeded }) => !succeeded);
  const port = outcome.healthCheck?.port;
  const open = port === undefined ? [] : ['-p', `${port}:${port}`];
  return dockerRun(container, definition, { options: ['--rm', ...open], ...defined({ command: failed?.command }) });
}

/** The command of a one-off task, such as a migration, changes what it reaches. */
const repeatsWork = ({ tasks = [] }: Outcome): string =>
  tasks.some(({ succeeded }) => !succeeded) ? ' It does the work of the task again: give it test data.' : '';

/** What has to be done before the command is pasted, where the task gives the container variables, and where their values are. */
function withVariables(container: ContainerDefinition): string {
  const names = variablesOf(container);
  if (names.length === 0) return '';
  const sources = secretSources(container).filter(({ name }) => names.includes(name));
  const plain = names.length - sources.length;
  const values = [
    ...(plain > 0 ? [`${plain === names.length ? '' : 'of the others '}in the task definition`] : []),
    ...sources.slice(0, MOST_SECRETS).map(({ name, source }) => `of \`${name}\` in ${source}`),
    ...(sources.length > MOST_SECRETS
      ? [`of ${sources.length - MOST_SECRETS} more in \`secrets\` of the task definition`]
      : []),
  ];
  const [them, are] = names.length === 1 ? ['it', 'Its value is'] : ['them', 'The values are'];
  const last = plain > 0 && sources.length > 0 ? [...values.slice(1), values[0] ?? ''] : values;
  return ` Its \`-e\` options pass ${names.length === 1 ? 'a variable' : `${names.length} variables`} of your shell: set ${them} first. ${are} ${listed(last)}.`;
}

/** More would hide the step. */
const MOST_SECRETS = 3;

/** Where ECS takes the values of `secrets` from, by the names of what holds them, never a value. */
function secretSources({ secrets }: ContainerDefinition): { readonly name: string; readonly source: string }[] {
  return (Array.isArray(secrets) ? secrets : []).flatMap((one) => {
    if (!isObject(one) || typeof one.name !== 'string' || typeof one.valueFrom !== 'string') return [];
    const { shown } = readReference(one.valueFrom, one.name);
    const [, secret] = /:secretsmanager:[^:]*:[^:]*:secret:([^:]+)/.exec(shown) ?? [];
    // Secrets Manager adds a hyphen and six characters to the name.
    const held =
      secret === undefined
        ? `the parameter \`${shown.replace(/^arn:.*:parameter/, '')}\``
        : `the secret \`${secret.replace(/-\w{6}$/, '')}\``;
    return [{ name: one.name, source: held }];
  });
}

/**
 * A health check of a container shows only that it fails: the check itself, run inside the image, shows a missing tool, a wrong
 * address and a slow start apart.
 * @returns undefined where it is not known which check it was
 */
function containerCheck(outcome: Outcome, cause: Diagnosis): Step | undefined {
  const definition = definitionOf(outcome);
  const name = containerOf(outcome, cause);
  const container = definition?.containerDefinitions.find((one) => one.name === name);
  const check = container && isObject(container.healthCheck) ? container.healthCheck : undefined;
  const [kind, ...words] = Array.isArray(check?.command) ? check.command.map(String) : [];
  if (!definition || !container || !check || kind === undefined) return undefined;
  const shell = kind === 'CMD-SHELL' ? words.join(' ') : undefined;
  const plain = kind === 'CMD' ? words : [kind, ...words];
  const asked = shell === undefined ? plain : ['sh', '-c', shell];
  const seconds = Math.max(10, typeof check.startPeriod === 'number' ? check.startPeriod : 0);
  // A login that fails ends it; of a container that ended early its log is what counts, so it is removed last.
  const checks = `{ docker exec checked ${asked.map(word).join(' ')}; echo "exit code of the check: $?"; }`;
  const around = (run: string): string =>
    `{ ${[`${run} && sleep ${seconds} && ${checks};`, 'docker logs --tail 50 checked;', 'docker rm -f checked;'].join('\n  ')} }`;
  return {
    text: `Run the check of the container \`${container.name}\` inside its image, as below: it shows the exit code of the check (0 is healthy), what the application answers and what it printed.${withVariables(container)} ${logOfCheck(outcome, cause, definition)}`.trim(),
    commands: [dockerRun(container, definition, { options: ['-d', '--name checked'], around })],
  };
}

/** What the run knows of the container's log. */
function logOfCheck(
  { timeline, denied = [] }: Outcome,
  { taskId, container = '' }: Diagnosis,
  definition: TaskDefinition,
): string {
  if (timeline.some((moment) => moment.kind === 'log' && (!taskId || !moment.taskId || moment.taskId === taskId)))
    return 'Its last log lines are below.';
  const place = logLocation(definition, container || (definition.containerDefinitions[0]?.name ?? ''), taskId ?? '');
  if (place.driver === 'none') return 'The container has no log configuration, so what it prints cannot be read.';
  if (place.driver !== 'awslogs' || denied.some(({ action }) => action === 'logs:GetLogEvents')) return '';
  return `The log stream of the task, \`${place.stream}\`, was empty when this run ended.`;
}

/** What to look at once it runs. */
const how = ({ healthCheck }: Outcome): string =>
  healthCheck
    ? `and ask it as the load balancer does (\`curl -i http://localhost:${healthCheck.port ?? 80}${healthCheck.path}\`)`
    : 'to see how it ends';

/** What the container printed is not known, and says more than the cause: a crash, or a server error that a health check got. */
const isInLog = ({ inLog, healthCheck, status = 0, evidence, neverStarted }: Diagnosis): boolean =>
  !neverStarted &&
  evidence.surface !== 'container.log' &&
  (inLog === true || (healthCheck === 'load-balancer' && status >= 500));

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

/** What this run deployed, or was about to. */
export const definitionOf = ({ deployment, revision }: Outcome): TaskDefinition | undefined =>
  deployment?.definition ?? (revision && isSeen(revision) ? revision.definition : undefined);

/** The container that a cause is about: of a health check the one behind the load balancer, and the only one where there is one. */
export function containerOf(outcome: Outcome, cause: Pick<Diagnosis, 'container'> | undefined): string | undefined {
  const containers = definitionOf(outcome)?.containerDefinitions ?? [];
  const only = containers.length === 1 ? containers[0]?.name : undefined;
  return cause?.container || outcome.service?.loadBalancers[0]?.containerName || only;
}

/** A check of `verify` that failed: what the tasks printed while they were asked. */
function afterCheck(check: string, outcome: Outcome): Step {
  const definition = definitionOf(outcome);
  const container = containerOf(outcome, undefined);
  const place = definition && container ? logLocation(definition, container, '') : undefined;
  const family = lastPart(outcome.deployment?.taskDefinitionArn);
  return {
    text:
      place?.driver === 'awslogs'
        ? `Read what the tasks of ${family} printed while \`${check}\` was requested, in the log group \`${place.group}\` (link: log group).`
        : `Run the image of ${family} and ask it as \`${check}\` does.`,
  };
}

/** In Express Mode the log configuration is two inputs. */
function expressLog({ name: service, region }: Pick<ServiceState, 'name' | 'region'>, container: string): Step {
  const group = `/ecs/${service}`;
  return {
    text: `Set the input \`log-group: ${group}\` and create that log group once: the container \`${container}\` has no log configuration, so what it prints cannot be read.`,
    commands: [createGroup(group, region)],
  };
}

/** Where the words of the container are, or what makes them readable the next time. */
function logRepair(outcome: Outcome, cause: Diagnosis): Repair | undefined {
  const { service, timeline, denied = [] } = outcome;
  if (timeline.some(({ kind, taskId }) => kind === 'log' && (!cause.taskId || !taskId || taskId === cause.taskId)))
    return { step: { text: 'Repair what the last log lines report.' } };
  const definition = definitionOf(outcome);
  const container = containerOf(outcome, cause);
  const found = definition?.containerDefinitions.find(({ name }) => name === container);
  if (!definition || !found) return undefined;
  const { name } = found;
  const place = logLocation(definition, name, cause.taskId ?? '');
  switch (place.driver) {
    case 'awslogs': {
      const stream = `the log stream \`${place.stream}\` of the log group \`${place.group}\` (link: log stream)`;
      if (denied.some(({ action }) => action === 'logs:GetLogEvents'))
        return { step: { text: `Read ${stream}, which this run may not read (logs:GetLogEvents).` } };
      return {
        step: { text: `Open ${stream}: it was empty when this run ended.` },
        otherwise: `If the log stream stays empty, run the image ${how(outcome)}.${withVariables(found)}${repeatsWork(outcome)}`,
        otherwiseCommands: [runCommand(outcome, found, definition)],
      };
    }
    case 'other':
      return {
        step: { text: `Read what the container \`${name}\` printed where its log driver \`${place.name}\` sends it.` },
      };
    case 'none': {
      if (service?.express) return { step: expressLog(service, name) };
      const group = `/ecs/${definition.family}`;
      const region = regionIn(outcome);
      const neighbour = definition.containerDefinitions
        .map(({ logConfiguration }) => logConfiguration)
        .find((log) => isObject(log) && log.logDriver === 'awslogs' && isObject(log.options));
      const options = isObject(neighbour) && isObject(neighbour.options) ? neighbour.options : undefined;
      const log = {
        logDriver: 'awslogs',
        options: options ?? { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
      };
      return {
        step: {
          text: `Add a log configuration to the container \`${name}\` of the task definition, so that what it prints can be read${options ? '' : `, and create its log group \`${group}\` once`}.`,
          write: `"logConfiguration": ${JSON.stringify(log, undefined, 2)}`,
          ...(options ? {} : { commands: [createGroup(group, region)] }),
        },
      };
    }
  }
}
