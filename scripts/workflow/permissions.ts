/** What the job of a step may do on GitHub and on AWS: the permissions of its token, and credentials before it. */
import { type ActionStep, type Caller, object, type Site } from './steps.ts';

/**
 * What a job may do with a permission of its token; undefined where no `permissions` say it.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
function declared({ permissions }: Site, name: string): 'none' | 'read' | 'write' | undefined {
  if (permissions === undefined || permissions === null) return undefined;
  if (permissions === 'write-all') return 'write';
  if (permissions === 'read-all') return name === 'id-token' ? 'none' : 'read';
  const value = object(permissions)[name];
  return value === 'write' || value === 'read' ? value : 'none';
}

const RANKS = ['none', 'read', 'write'] as const;

/**
 * The same of the token that the step gets: a called workflow has at most what its caller has. Undefined where the settings of the repository, or
 * a caller that is not known, decide.
 */
export function permissionOf(
  { site, caller }: ActionStep | Caller,
  name: string,
): 'none' | 'read' | 'write' | undefined {
  const own = declared(site, name);
  const most = caller && permissionOf(caller, name);
  if (own === undefined || most === undefined) return own ?? most;
  return RANKS[Math.min(RANKS.indexOf(own), RANKS.indexOf(most))];
}

/** With which the action assumes the role where it has no token. */
const findsCredentials = (step: ActionStep | Caller): boolean =>
  step.site.credentials !== undefined ||
  ['AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'].some((name) => step.env[name]) ||
  (step.workflow.isAction === true && step.caller !== undefined && findsCredentials(step.caller));

/** Whether the step can assume a role neither by a token of GitHub nor with credentials that the workflow gives it. */
export const mayNotAssume = (step: ActionStep): boolean => !mayGetIdToken(step) && !findsCredentials(step);

/**
 * Whether GitHub gives the job an OpenID Connect token: no default of a repository has that permission. True where a caller that is not known
 * decides.
 */
export function mayGetIdToken(step: ActionStep | Caller): boolean {
  const own = declared(step.site, 'id-token');
  if (own !== undefined && own !== 'write') return false;
  if (step.caller) return mayGetIdToken(step.caller);
  const { workflow } = step;
  const isCalled = workflow.isAction === true || workflow.events.every((event) => event === 'workflow_call');
  return own === 'write' || isCalled;
}

/** Whether nothing before the step, nor in its environment, has credentials of AWS. */
export function hasNoCredentials(step: ActionStep | Caller): boolean {
  const { workflow, caller, site } = step;
  if (findsCredentials(step) || !site.hasNoCredentials) return false;
  if (workflow.isAction) return caller !== undefined && hasNoCredentials(caller);
  return true;
}
