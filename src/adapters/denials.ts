import { asFailure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { JsonObject, TaskDefinition } from '../model.ts';
import type { Ecs, World } from '../ports.ts';
import { type Denial, denialOf, FOLLOWING, isRequired } from '../rights.ts';

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
  readonly proven = (action: string): void => {
    this.#proven.add(action);
  };

  /** ARN of the service, as ECS gives it. */
  found(service: string): void {
    this.#service = service;
  }

  /** What is about to be registered: its roles have to be passed. */
  registering(definition: TaskDefinition): void {
    this.#definition = definition;
  }

  /**
   * All that is missing, and what was not asked for because of it, so that one change of the policy is enough: the actions that
   * follow a denied one, and, where a right that a deploy needs is denied, those that it would have needed next.
   */
  list(): readonly Denial[] {
    const denied = [...this.#denials.values()];
    const known = new Set([...this.#proven, ...denied.map(({ action }) => action)]);
    const unasked = denied.flatMap(({ action }) =>
      (FOLLOWING[action] ?? [])
        .filter(([next]) => !known.has(next))
        .map(([next, kind]): Denial => ({ action: next, resource: this.#resource(kind), unasked: { after: action } })),
    );
    const needed = denied.find(({ action }) => isRequired(action));
    const rest = needed && this.#mode === 'deploy' ? this.#needed(denied, needed.action) : [];
    return [...denied, ...rest, ...new Map(unasked.map((one) => [one.action, one])).values()];
  }

  #needed(denied: readonly Denial[], after: string): Denial[] {
    const service = this.#service ?? '*';
    const { family, executionRoleArn, taskRoleArn }: JsonObject = this.#definition ?? {};
    const [prefix] = service.split(':service/');
    const definitions = service === '*' || typeof family !== 'string' ? '*' : `${prefix}:task-definition/${family}:*`;
    const roles = [executionRoleArn, taskRoleArn].flatMap((role) =>
      typeof role === 'string' && role.startsWith('arn:') ? [role] : [],
    );
    const all = [
      { action: 'ecs:RegisterTaskDefinition', resource: definitions },
      // Once a revision is registered, its roles have been passed.
      ...(this.#proven.has('ecs:RegisterTaskDefinition')
        ? []
        : roles.map((resource) => ({ action: 'iam:PassRole', resource }))),
      { action: 'ecs:UpdateService', resource: service },
    ];
    return all
      .filter(
        ({ action, resource }) =>
          !this.#proven.has(action) &&
          !denied.some((one) => one.action === action && (action !== 'iam:PassRole' || one.resource === resource)),
      )
      .map((one) => ({ ...one, unasked: { after } }));
  }

  /** `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*`; those of a service deployment have the service's name as well. */
  #resource(kind: string): string {
    const [prefix, path] = (this.#service ?? '').split(':service/');
    if (kind === '*' || path === undefined) return '*';
    const [cluster] = path.split('/');
    return `${prefix}:${kind}/${kind === 'task' ? cluster : path}/*`;
  }
}

/** The world, with every call that IAM denies noted: those that the run goes on without as well. */
export function collectDenials(
  world: World,
  mode: Inputs['mode'],
): { readonly world: World; readonly denials: DenialLog } {
  const denials = new DenialLog(mode);
  const observed = <T extends object>(port: T): T => observing(port, denials);
  const { targets } = world;
  return {
    denials,
    world: {
      ...world,
      ecs: seeing(observed(world.ecs), denials),
      ecr: observed(world.ecr),
      logs: observed(world.logs),
      ...(targets ? { targets: observed(targets) } : {}),
      resources: () => world.resources().then(observed),
    },
  };
}

/** The same port; what a call of it is refused with, or that it was answered, is noted on the way. */
function observing<T extends object>(port: T, denials: DenialLog): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const answer: unknown = member.apply(target, given);
        // Beside the caller's own handling of it, which stays as it is.
        if (answer instanceof Promise) answer.then(() => denials.proven(actionOf(String(name))), denials.note);
        return answer;
      };
    },
  });
}

/** The methods of the port Ecs are named like the actions; those of other ports are in no list that asks for them. */
const actionOf = (method: string): string => `ecs:${method[0]?.toUpperCase() ?? ''}${method.slice(1)}`;

/** What the answers of ECS show of the resources that a policy has to name. */
function seeing(ecs: Ecs, denials: DenialLog): Ecs {
  const seen: Pick<Ecs, 'describeServices' | 'registerTaskDefinition'> = {
    async describeServices(cluster, services) {
      const found = await ecs.describeServices(cluster, services);
      const [service] = found;
      if (service) denials.found(service.arn);
      return found;
    },
    registerTaskDefinition(definition, tags) {
      denials.registering(definition);
      return ecs.registerTaskDefinition(definition, tags);
    },
  };
  return Object.assign(Object.create(ecs) as Ecs, seen);
}
