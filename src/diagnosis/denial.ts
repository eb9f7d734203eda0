import { parseArn } from '../arn.ts';
import { deniedAction, type Failure } from '../failure.ts';

/** An action that IAM denied, and on what. */
export interface Denied {
  /** As IAM writes it: ecs:DescribeTaskDefinition. */
  readonly action: string;
  /** ARN, with a wildcard where the last part names one of many; `*` where AWS names none. */
  readonly resource: string;
  /** For iam:PassRole: the service that gets the role, where it is not the tasks of ECS. */
  readonly passedTo?: string;
  /** No policy of the caller helps: that of the resource, which is of another account, does not allow it. */
  readonly byResource?: true;
}

/** Services that start tasks with a role of the user, by the prefix of their actions. */
const PASSED_TO: Readonly<Record<string, string>> = {
  scheduler: 'scheduler.amazonaws.com',
  events: 'events.amazonaws.com',
};

/**
 * What was denied, in AWS's own words: "User: ARN is not authorized to perform: ecs:TagResource on resource: ARN because no
 * identity-based policy allows the ecs:TagResource action". The action may be another than the one that was called
 * (iam:PassRole, or ecs:TagResource of RegisterTaskDefinition); where AWS names none, it is the one that was called.
 * @returns undefined for a failure that is not a denial
 */
export function denialOf(failure: Failure): Denied | undefined {
  const { api, message, cause } = failure;
  const output = typeof cause === 'string' ? cause : '';
  const words = `${api?.message ?? message}\n${output}`;
  const named = /not authorized to perform:? ([a-z][\w-]*:\w+)(?: on resource:? ([^\s"',]+))?/.exec(words);
  const [, action, resource] = named ?? [];
  if (action !== undefined) {
    const passedTo = action === 'iam:PassRole' ? PASSED_TO[api?.service ?? ''] : undefined;
    return {
      action,
      resource: resource === undefined ? '*' : generalised(resource),
      ...(passedTo === undefined ? {} : { passedTo }),
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
      ...(/because no resource-based policy allows/.test(words) ? { byResource: true } : {}),
    };
  }
  const called = deniedAction(failure);
  return called === undefined ? undefined : { action: called, resource: '*' };
}

/**
 * A policy that names one task, revision, deployment or log stream helps one run: the next has others.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
function generalised(resource: string): string {
  const arn = parseArn(resource);
  if (!arn) return '*';
  const { partition, service, region, account } = arn;
  const wide = arn.resource
    .replace(/^(task-definition\/[^:]+):.*/, '$1:*')
    .replace(/^((?:task|container-instance)\/[^/]+)\/.*/, '$1/*')
    .replace(/^((?:service-deployment|service-revision)\/[^/]+\/[^/]+)\/.*/, '$1/*')
    .replace(/^(log-group:[^:]+):.*/, '$1:*');
  return `arn:${partition}:${service}:${region}:${account}:${wide}`;
}
