import type { ImageAnswer } from '../ecr/statuses.ts';
import type { Behaviour } from '../runtime/model.ts';
import type { Simulator } from '../simulator.ts';
import { ApiException, type CallContext } from '../wire/service.ts';
import { createDependencies } from './dependencies.ts';

type Input = Readonly<Record<string, unknown>>;

/** What an account holds from the start: requests by the operation that makes them true, and how tasks behave. */
export interface Seed {
  readonly oidcProviders?: readonly Input[];
  readonly roles?: readonly Input[];
  readonly clusters?: readonly Input[];
  readonly repositories?: readonly Input[];
  /** What ECR answers about images after their push, in order: `{repositoryName, platform?, answer}`. */
  readonly scans?: readonly ImageAnswer[];
  readonly replications?: readonly ImageAnswer[];
  readonly signings?: readonly ImageAnswer[];
  readonly logGroups?: readonly Input[];
  readonly taskDefinitions?: readonly Input[];
  readonly services?: readonly Input[];
  /** Of CodeDeploy, once their services are there. */
  readonly codeDeployApplications?: readonly Input[];
  readonly codeDeployGroups?: readonly Input[];
  /** By a part of the image reference. */
  readonly behaviours?: Readonly<Record<string, Behaviour>>;
}

const MEMBERS = [
  'oidcProviders',
  'roles',
  'clusters',
  'repositories',
  'scans',
  'replications',
  'signings',
  'logGroups',
  'taskDefinitions',
  'services',
  'codeDeployApplications',
  'codeDeployGroups',
  'behaviours',
];

/** Fills the account. @throws an error that names the member and the request that AWS would refuse */
export async function applySeed(
  simulator: Simulator,
  seed: Seed,
  context: CallContext = simulator.context,
): Promise<void> {
  const unknown = Object.keys(seed).filter((member) => !MEMBERS.includes(member));
  if (unknown.length > 0) throw new Error(`A seed has no ${unknown.join(', ')}; it has ${MEMBERS.join(', ')}.`);
  const { ecs, ecr, logs, iam, codeDeploy } = simulator;
  for (const member of ['scans', 'replications', 'signings'] as const)
    ecr.statuses[member].push(...(seed[member] ?? []));
  for (const [image, behaviour] of Object.entries(seed.behaviours ?? {})) simulator.script.image(image, behaviour);
  for (const [member, service, operation] of [
    ['oidcProviders', iam, 'CreateOpenIDConnectProvider'],
    ['roles', iam, 'CreateRole'],
    ['clusters', ecs, 'CreateCluster'],
    ['repositories', ecr, 'CreateRepository'],
    ['logGroups', logs, 'CreateLogGroup'],
    ['taskDefinitions', ecs, 'RegisterTaskDefinition'],
    ['services', ecs, 'CreateService'],
    ['codeDeployApplications', codeDeploy, 'CreateApplication'],
    ['codeDeployGroups', codeDeploy, 'CreateDeploymentGroup'],
  ] as const) {
    for (const [i, input] of (seed[member] ?? []).entries()) {
      try {
        if (member === 'services') neighboursOf(simulator, input);
        await service.handle(operation, asSent(operation, input), context);
        // What it refers to is in good order, so that preflight finds it.
        if (member === 'taskDefinitions') createDependencies(simulator, input);
      } catch (thrown) {
        if (!(thrown instanceof ApiException)) throw thrown;
        throw new Error(`${member}[${i}] of the seed: ${operation} answers ${thrown.name}: ${thrown.message}`);
      }
    }
  }
}

/** As clients of IAM send it: a policy is a text, a list has numbered members. */
function asSent(operation: string, input: Input): Input {
  const { AssumeRolePolicyDocument: policy, ClientIDList: audiences, ...rest } = input;
  if (operation === 'CreateRole' && typeof policy === 'object')
    return { ...rest, AssumeRolePolicyDocument: JSON.stringify(policy) };
  if (operation === 'CreateOpenIDConnectProvider' && Array.isArray(audiences)) {
    const numbered = audiences.map((audience, i) => [`ClientIDList.member.${i + 1}`, audience]);
    return { ...rest, ...Object.fromEntries(numbered) };
  }
  return input;
}

/** Load balancers and services of AWS Cloud Map: there from the start, of the type that the service's tasks need. */
function neighboursOf(simulator: Simulator, service: Input): void {
  const { ecs, loadBalancing } = simulator;
  const { loadBalancers, taskDefinition, serviceRegistries } = service;
  createDependencies(simulator, {}, { serviceRegistries });
  const revision = ecs.taskDefinitions.find(String(taskDefinition));
  const targetType = revision.definition.networkMode === 'awsvpc' ? 'ip' : 'instance';
  for (const { targetGroupArn } of (loadBalancers ?? []) as readonly Input[]) {
    if (targetGroupArn !== undefined && !loadBalancing.targetGroups.has(String(targetGroupArn)))
      loadBalancing.targetGroups.set(String(targetGroupArn), { targetType });
  }
}
