import { lastPart, placeOf } from '../arn.ts';
import { asFailure, deniedAction } from '../failure.ts';
import type { CodeDeployInputs } from '../inputs/types.ts';
import { type CodeDeployed, type DeploymentGroup, defined, type ServiceState } from '../model.ts';
import type { CodeDeploy } from '../ports.ts';
import { didYouMean } from '../spelling.ts';

/** So many applications are searched for the group of a service. */
const SEARCHED = 100;

type Found = CodeDeployed;
const unknown = (
  code: Extract<CodeDeployed, { kind: 'unknown' }>['code'],
  problem: string,
  remedy?: string,
): CodeDeployed => ({ kind: 'unknown', code, problem, ...defined({ remedy }) });

interface Asking {
  readonly port: CodeDeploy;
  /** Hears of denials. */
  readonly denied?: ((thrown: unknown) => void) | undefined;
}

/** What the ECS console and the official action call them. */
export function defaultNames({ clusterArn, name }: Pick<ServiceState, 'clusterArn' | 'name'>) {
  const suffix = `${lastPart(clusterArn)}-${name}`;
  return { application: `AppECS-${suffix}`, group: `DgpECS-${suffix}` };
}

/**
 * The deployment group of a service: of the names that the inputs give, else of the usual names; where these do not exist, the only
 * group whose service it is.
 */
export async function findGroup(
  service: Pick<ServiceState, 'clusterArn' | 'name'>,
  inputs: Pick<CodeDeployInputs, 'application' | 'deploymentGroup'>,
  { port, denied }: Asking,
): Promise<Found> {
  const usual = defaultNames(service);
  const application = inputs.application ?? usual.application;
  const name = inputs.deploymentGroup ?? usual.group;
  try {
    const group = await port.group(application, name);
    return matching(group, service);
  } catch (thrown) {
    const { code, message, api } = asFailure(thrown);
    if (code === 'ACCESS_DENIED') {
      denied?.(thrown);
      return unknown(
        code,
        `The deployment group ${name} of ${service.name} cannot be read: ${message}`,
        'Allow codedeploy:GetDeploymentGroup for the role that this job uses.',
      );
    }
    if (code !== 'NOT_FOUND') throw thrown;
    const lacks = api?.name === 'ApplicationDoesNotExistException' ? 'application' : 'deployment group';
    return search(service, { application, name, lacks, inputs }, { port, denied });
  }
}

function matching(group: DeploymentGroup, { clusterArn, name }: Pick<ServiceState, 'clusterArn' | 'name'>): Found {
  if (ofService(group, { clusterArn, name })) return { kind: 'known', ...group };
  const others = group.services.map(({ cluster, service }) => `${service} in the cluster ${cluster}`).join(', ');
  return unknown(
    'INVALID_INPUT',
    `The deployment group ${group.name} deploys ${others || 'no ECS service'}, not ${name}.`,
    'Name the deployment group of this service in `codedeploy-application` and `codedeploy-deployment-group`.',
  );
}

const ofService = (
  { services }: DeploymentGroup,
  { clusterArn, name }: Pick<ServiceState, 'clusterArn' | 'name'>,
): boolean => services.some(({ cluster, service }) => service === name && lastPart(cluster) === lastPart(clusterArn));

async function search(
  service: Pick<ServiceState, 'clusterArn' | 'name'>,
  asked: {
    readonly application: string;
    readonly name: string;
    readonly lacks: 'application' | 'deployment group';
    readonly inputs: Pick<CodeDeployInputs, 'application' | 'deploymentGroup'>;
  },
  { port, denied }: Asking,
): Promise<Found> {
  const { application, name, lacks, inputs } = asked;
  const missing =
    lacks === 'application'
      ? `CodeDeploy, which deploys ${service.name}, has no application ${application}${placeOf(service.clusterArn)}`
      : `CodeDeploy, which deploys ${service.name}, has no deployment group ${name} in the application ${application}${placeOf(service.clusterArn)}`;
  const set = 'Set `codedeploy-application` and `codedeploy-deployment-group`.';
  try {
    const applications =
      inputs.application === undefined || lacks === 'application' ? await port.applications() : [application];
    const groups = (await Promise.all(applications.slice(0, SEARCHED).map((one) => port.groups(one)))).flat();
    const fitting = groups.filter((group) => ofService(group, service));
    const [only, ...others] = fitting;
    const given = inputs.application ?? inputs.deploymentGroup;
    // A name that the user gave is not replaced by another one.
    if (only && others.length === 0 && given === undefined) return { kind: 'known', ...only };
    const listed = fitting.map((group) => `${group.application} / ${group.name}`);
    const near =
      lacks === 'application'
        ? didYouMean(application, applications)
        : didYouMean(
            name,
            groups.map((group) => group.name),
          );
    if (listed.length > 0)
      return unknown('NOT_FOUND', `${missing}.`, `${service.name} is deployed by ${listed.join(', ')}. ${set}`);
    const none = `No deployment group names ${service.name}. Create one, or move the service to the ECS deployment controller (docs/codedeploy.md).`;
    return unknown('NOT_FOUND', `${missing}.`, near ? `Did you mean ${near}? ${set}` : none);
  } catch (thrown) {
    const failure = asFailure(thrown);
    const { code } = failure;
    if (code === 'ACCESS_DENIED') denied?.(thrown);
    if (code !== 'ACCESS_DENIED' && code !== 'NOT_FOUND' && code !== 'REFUSED') throw thrown;
    const action = deniedAction(failure);
    const hidden = action === undefined ? '' : ` What there is could not be listed: ${action} is denied.`;
    return unknown('NOT_FOUND', `${missing}.`, `${set}${hidden}`);
  }
}
