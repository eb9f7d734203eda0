import { lastPart, regionOf } from '../arn.ts';
import { makeAppSpec, withRevision } from '../code-deploy/app-spec.ts';
import type { ServiceState } from '../model.ts';
import { type Outcome, STARTS_DEPLOYMENT } from '../outcome.ts';
import { bySchedule, nameOfSchedule } from '../schedules/schedules.ts';
import { carrierOf } from '../service/deployment.ts';
import { TRAFFIC_INPUTS } from '../service/strategy.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { About } from './about.ts';
import { capitalised, counted, listed } from './text.ts';

/** As a word of a POSIX shell. */
export const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** ARN of what ran well before; nothing where a deployment started and no revision is known to have run. */
export const provenBefore = ({ deployment, previous }: Outcome): string | undefined =>
  deployment && deployment.previousTaskDefinitionArn === undefined
    ? undefined
    : (previous?.arn ?? deployment?.previousTaskDefinitionArn);

/**
 * The commands that roll the service back, each to be pasted as it is: the rollback workflow of the repository, which has credentials and
 * leaves a record, and ECS's own call for who has credentials at hand.
 * @param to ARN or name of the revision
 * @returns none where the service is not known
 */
export function rollbackCommands(outcome: Outcome, to: string, about: About): readonly string[] {
  return [workflowCommand(to, about), serviceCommand(outcome, to)].filter((command) => command !== undefined);
}

function workflowCommand(to: string, { rollbackWorkflow: workflow, run }: About): string | undefined {
  if (!workflow || !run || run.repository === '') return undefined;
  const { host } = new URL(run.serverUrl);
  const repository = host === 'github.com' ? run.repository : `${host}/${run.repository}`;
  const fields = Object.entries({ ...workflow.values, [workflow.target]: lastPart(to) });
  const given = fields.map(([name, value]) => ` -f ${word(`${name}=${value}`)}`).join('');
  return `gh workflow run ${word(workflow.file)} --repo ${word(repository)}${given}`;
}

/**
 * ECS's own call that rolls the service back with other percents, which stay as it sets them.
 * @param to ARN or name of the revision
 * @returns undefined where the service is not known
 */
export const rollbackWithPercents = (
  outcome: Outcome,
  to: string,
  { minimumHealthy, maximum }: { readonly minimumHealthy: number; readonly maximum: number },
): string | undefined =>
  updateCommand(
    outcome,
    `--task-definition ${word(lastPart(to))} --deployment-configuration minimumHealthyPercent=${minimumHealthy},maximumPercent=${maximum}`,
  );

/** The call that continues what is paused at a lifecycle hook, and the one that rolls it back, each to be pasted as it is; undefined where it is not paused. */
export function answersOf({
  awaits,
  deployment,
  service,
}: Outcome): { readonly proceed: string; readonly undo: string } | undefined {
  if (!awaits || !deployment) return undefined;
  const region = service?.region || regionOf(deployment.cluster);
  const place = region ? ` --region ${region}` : '';
  const id = word(awaits.serviceDeploymentArn);
  if (carrierOf(deployment) === 'CodeDeploy')
    return {
      proceed: `aws deploy continue-deployment${place} --deployment-id ${id} --deployment-wait-type ${word(awaits.hookId)}`,
      undo: `aws deploy stop-deployment${place} --deployment-id ${id} --auto-rollback-enabled`,
    };
  const answer = `aws ecs continue-service-deployment${place} --service-deployment-arn ${id} --hook-id ${word(awaits.hookId)}`;
  return { proceed: `${answer} --action CONTINUE`, undo: `${answer} --action ROLLBACK` };
}

/** CreateDeployment of the revision; nothing where group, container or port are not known. */
function codeDeployCommand(service: ServiceState, to: string): string | undefined {
  const { codeDeploy, region, arn } = service;
  const balancer = service.loadBalancers.find(({ containerName, containerPort }) => containerName && containerPort);
  if (codeDeploy?.kind !== 'known' || !balancer) return undefined;
  const [prefix] = arn.split(':service/');
  const taskDefinition = to.startsWith('arn:') ? to : `${prefix}:task-definition/${to}`;
  const content = withRevision(makeAppSpec(service).content, taskDefinition);
  const revision = { revisionType: 'AppSpecContent', appSpecContent: { content } };
  return [
    'aws deploy create-deployment',
    ...(region ? [`--region ${region}`] : []),
    `--application-name ${word(codeDeploy.application)}`,
    `--deployment-group-name ${word(codeDeploy.name)}`,
    `--revision ${word(JSON.stringify(revision))}`,
  ].join(' ');
}

function serviceCommand(outcome: Outcome, to: string): string | undefined {
  const { deployment, service } = outcome;
  if (deployment && carrierOf(deployment) === 'CodeDeploy') return service && codeDeployCommand(service, to);
  return updateCommand(outcome, `--task-definition ${word(lastPart(to))}`);
}

/** UpdateService of the desired count alone, to be pasted as it is; undefined where the service is not known. */
export const countCommand = (outcome: Outcome, count: number): string | undefined =>
  updateCommand(outcome, `--desired-count ${count}`);

function updateCommand({ deployment, service }: Outcome, change: string): string | undefined {
  if (!deployment) return undefined;
  const region = service?.region || regionOf(deployment.cluster);
  return [
    'aws ecs update-service',
    ...(region ? [`--region ${region}`] : []),
    `--cluster ${word(lastPart(deployment.cluster))}`,
    `--service ${word(lastPart(deployment.service))}`,
    change,
  ].join(' ');
}

/** Settings of inputs that are part of a deployment, as those of a service definition say themselves. */
const OF_THE_DEPLOYMENT: ReadonlySet<string> = new Set([
  'platform-version',
  ...TRAFFIC_INPUTS.map(([, input]) => input),
]);

/**
 * What a rollback of the deployment makes of a setting that the run changed: ECS rolls back to the service revision before, of which the
 * network, the platform version, load balancers and the like are parts; counts, percents, the circuit breaker and tags are not.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html
 */
export const isOfTheDeployment = ({ subject, effect }: Difference): boolean =>
  OF_THE_DEPLOYMENT.has(subject) || effect === STARTS_DEPLOYMENT;

/** So many names; of more, how many there are. */
const NAMES = 4;
const namesOf = (settings: readonly Difference[]): string => {
  const names = settings.map(({ subject }) => `\`${subject}\``);
  const more = names.length - NAMES;
  return listed(more > 1 ? [...names.slice(0, NAMES), `${more} more`] : names);
};

/** What a rollback made of the settings that the run had changed: those that went back with the revision, and those that stay. Empty where there are none. */
export function stayedText({ kind, settings = [] }: Outcome): string {
  const stay =
    kind === 'rolled-back' ? settings.filter((one) => !isOfTheDeployment(one) && one.subject !== 'desired-count') : [];
  const undone = kind === 'rolled-back' ? settings.filter(isOfTheDeployment) : [];
  if (undone.length > 0) {
    const back = `${undone.length === 1 ? 'the setting' : 'the settings'} ${namesOf(undone)} went back with the revision`;
    return stay.length === 0
      ? ` ${capitalised(back)}.`
      : ` Of ${counted(undone.length + stay.length, 'setting')} that this run changed, ${back}; ${namesOf(stay)} ${stay.length === 1 ? 'stays' : 'stay'} as this run set ${stay.length === 1 ? 'it' : 'them'}.`;
  }
  if (stay.length === 0) return '';
  return stay.length === 1
    ? ` The setting ${namesOf(stay)} stays as this run set it.`
    : ` ${counted(stay.length, 'setting')} stay as this run set them: ${namesOf(stay)}.`;
}

/** What the way back by revision alone leaves as it is. Empty where this run changed nothing but the revision. */
export function leftText({ settings = [], schedules = [], deployment }: Outcome, { rollbackWorkflow }: About): string {
  const parts = [
    ...(settings.length > 0
      ? [
          `${settings.length === 1 ? 'the setting' : 'the settings'} ${namesOf(settings)} as this run set ${settings.length === 1 ? 'it' : 'them'}`,
        ]
      : []),
    ...(schedules.length > 0
      ? [
          `${listed(bySchedule(schedules).flatMap(([first]) => (first ? [nameOfSchedule(first.id)] : [])))} on ${lastPart(deployment?.taskDefinitionArn ?? schedules[0]?.to)}${rollbackWorkflow ? ', unless the workflow moves it with `schedules`' : ''}`,
        ]
      : []),
  ];
  return parts.length === 0 ? '' : `The command leaves ${parts.join(', and ')}`;
}
