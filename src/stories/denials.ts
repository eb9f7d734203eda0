import { asFailure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import { type Denial, denialOf, isRequired } from '../rights.ts';
import type { Ecs, JsonObject, TaskDefinition, World } from '../world.ts';

/** Every denial that AWS gave this run, whether the run went on without the right or ended there. */
export class DenialLog {
  readonly #denials = new Map<string, Denial>();
  readonly #proven = new Set<string>();
  readonly #mode: Inputs['mode'];
  #service: string | undefined;
  #definition: TaskDefinition | undefined;

  constructor(mode: Inputs['mode']) {
    this.#mode = mode;
  }

  /** Whatever a call threw; what is not a denial is left out. */
  readonly note = (thrown: unknown): void => {
    const denial = denialOf(asFailure(thrown));
    if (denial) this.#denials.set(`${denial.action} ${denial.resource}`, denial);
  };

  /** A call that AWS answered needs no right any more; what it shows names the resources of those that do. */
  proven(action: string, seen: { readonly service?: string } = {}): void {
    this.#proven.add(action);
    this.#service = seen.service ?? this.#service;
  }

  /** What is about to be registered: its roles have to be passed. */
  registering(definition: TaskDefinition): void {
    this.#definition = definition;
  }

  /**
   * All that is missing. Where a right that a deploy needs is among it, the run ended there: the rights that it would have needed
   * next come with it, so that one change of the policy is enough.
   */
  list(): readonly Denial[] {
    const denied = [...this.#denials.values()];
    if (!denied.some(({ action }) => isRequired(action)) || this.#mode !== 'deploy') return denied;
    const unproven = this.#needed().filter(
      ({ action, resource }) =>
        !this.#proven.has(action) &&
        !denied.some((one) => one.action === action && (action !== 'iam:PassRole' || one.resource === resource)),
    );
    return [...denied, ...unproven];
  }

  #needed(): Denial[] {
    const service = this.#service ?? '*';
    const { family, executionRoleArn, taskRoleArn }: JsonObject = this.#definition ?? {};
    const [prefix] = service.split(':service/');
    const definitions = service === '*' || typeof family !== 'string' ? '*' : `${prefix}:task-definition/${family}:*`;
    const roles = [executionRoleArn, taskRoleArn].flatMap((role) =>
      typeof role === 'string' && role.startsWith('arn:') ? [role] : [],
    );
    return [
      { action: 'ecs:RegisterTaskDefinition', resource: definitions },
      // Once a revision is registered, its roles have been passed.
      ...(this.#proven.has('ecs:RegisterTaskDefinition')
        ? []
        : roles.map((resource) => ({ action: 'iam:PassRole', resource }))),
      { action: 'ecs:UpdateService', resource: service },
    ];
  }
}

/** The world, with every call that IAM denies noted: those that the run goes on without as well. */
export function collectDenials(
  world: World,
  mode: Inputs['mode'],
): { readonly world: World; readonly denials: DenialLog } {
  const denials = new DenialLog(mode);
  const observed = <T extends object>(port: T): T => observing(port, denials.note);
  const { targets } = world;
  return {
    denials,
    world: {
      ...world,
      ecs: provingEcs(observed(world.ecs), denials),
      ecr: observed(world.ecr),
      logs: observed(world.logs),
      ...(targets ? { targets: observed(targets) } : {}),
      resources: () => world.resources().then(observed),
    },
  };
}

/** The same port; what a call of it is refused with is noted on the way. */
function observing<T extends object>(port: T, note: (thrown: unknown) => void): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const answer: unknown = member.apply(target, given);
        // Beside the caller's own handling of it, which stays as it is.
        if (answer instanceof Promise) answer.catch(note);
        return answer;
      };
    },
  });
}

function provingEcs(ecs: Ecs, denials: DenialLog): Ecs {
  const proving: Pick<Ecs, 'describeServices' | 'registerTaskDefinition' | 'updateService'> = {
    async describeServices(cluster, services) {
      const found = await ecs.describeServices(cluster, services);
      const [service] = found;
      denials.proven('ecs:DescribeServices', service ? { service: service.arn } : {});
      return found;
    },
    async registerTaskDefinition(definition, tags) {
      denials.registering(definition);
      const revision = await ecs.registerTaskDefinition(definition, tags);
      denials.proven('ecs:RegisterTaskDefinition');
      return revision;
    },
    async updateService(update) {
      const service = await ecs.updateService(update);
      denials.proven('ecs:UpdateService');
      return service;
    },
  };
  return Object.assign(Object.create(ecs) as Ecs, proving);
}
