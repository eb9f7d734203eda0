import { lastPart, regionOf } from '../arn.ts';
import type { Outcome } from '../outcome.ts';
import type { About } from './about.ts';

/** As a word of a POSIX shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** ARN of what ran well before; nothing where a deployment began and no revision is known to have run. */
export const provenBefore = ({ deployment, previous }: Outcome): string | undefined =>
  deployment && deployment.previousTaskDefinitionArn === undefined
    ? undefined
    : (previous?.arn ?? deployment?.previousTaskDefinitionArn);

/**
 * The command that rolls the service back, to be pasted as it is: the rollback workflow of the repository, which has credentials and
 * leaves a record; else ECS's own call.
 * @param to ARN or name of the revision
 * @returns undefined where the service is not known
 */
export function rollbackCommand({ deployment, service }: Outcome, to: string, about: About): string | undefined {
  const { rollbackWorkflow: workflow, run } = about;
  if (workflow && run && run.repository !== '') {
    const { host } = new URL(run.serverUrl);
    const repository = host === 'github.com' ? run.repository : `${host}/${run.repository}`;
    const fields = Object.entries({ ...workflow.values, [workflow.target]: lastPart(to) });
    const given = fields.map(([name, value]) => ` -f ${word(`${name}=${value}`)}`).join('');
    return `gh workflow run ${word(workflow.file)} --repo ${word(repository)}${given}`;
  }
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
