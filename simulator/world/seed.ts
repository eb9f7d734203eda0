import type { Behaviour } from '../runtime/model.ts';
import type { Simulator } from '../simulator.ts';
import { ApiException, type CallContext } from '../wire/service.ts';
import { createDependencies } from './dependencies.ts';

type Input = Readonly<Record<string, unknown>>;

/** What an account holds from the start: requests by the operation that makes them true, and how tasks behave. */
export interface Seed {
  readonly clusters?: readonly Input[];
  readonly repositories?: readonly Input[];
  readonly logGroups?: readonly Input[];
  readonly taskDefinitions?: readonly Input[];
  readonly services?: readonly Input[];
  /** By a part of the image reference. */
  readonly behaviours?: Readonly<Record<string, Behaviour>>;
}

const MEMBERS = ['clusters', 'repositories', 'logGroups', 'taskDefinitions', 'services', 'behaviours'];

/** Fills the account. @throws an error that names the member and the request that AWS would refuse */
export async function applySeed(
  simulator: Simulator,
  seed: Seed,
  context: CallContext = simulator.context,
): Promise<void> {
  const unknown = Object.keys(seed).filter((member) => !MEMBERS.includes(member));
  if (unknown.length > 0) throw new Error(`A seed has no ${unknown.join(', ')}; it has ${MEMBERS.join(', ')}.`);
  const { ecs, ecr, logs } = simulator;
  for (const [image, behaviour] of Object.entries(seed.behaviours ?? {})) simulator.script.image(image, behaviour);
  for (const [member, service, operation] of [
    ['clusters', ecs, 'CreateCluster'],
    ['repositories', ecr, 'CreateRepository'],
    ['logGroups', logs, 'CreateLogGroup'],
    ['taskDefinitions', ecs, 'RegisterTaskDefinition'],
    ['services', ecs, 'CreateService'],
  ] as const) {
    for (const [i, input] of (seed[member] ?? []).entries()) {
      try {
        await service.handle(operation, input, context);
        // What it refers to is in good order, so that preflight finds it.
        if (member === 'taskDefinitions') createDependencies(simulator, input);
      } catch (thrown) {
        if (!(thrown instanceof ApiException)) throw thrown;
        throw new Error(`${member}[${i}] of the seed: ${operation} answers ${thrown.name}: ${thrown.message}`);
      }
    }
  }
}
