import { lastPart, regionOf } from '../arn.ts';
import type { Outcome } from '../outcome.ts';
import type { About } from './about.ts';

/** As a word of a POSIX shell. */
export const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** ARN of what ran well before; nothing where a deployment began and no revision is known to have run. */
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

function serviceCommand({ deployment, service }: Outcome, to: string): string | undefined {
  if (!deployment) return undefined;
  const region = service?.region || regionOf(deployment.cluster);
  return [
    'aws ecs update-service',
    ...(region ? [`--region ${region}`] : []),
    `--cluster ${word(lastPart(deployment.cluster))}`,
    `--service ${word(lastPart(deployment.service))}`,
    `--task-definition ${word(lastPart(to))}`,
  ].join(' ');
}
