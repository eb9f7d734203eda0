/** What IAM denied a run, and what the run would have asked for next. */
import { fitsPattern } from '../arn.ts';
import { type Denied, denialOf } from '../diagnosis/denial.ts';
import { asFailure } from '../failure.ts';
import type { AnyInputs } from '../inputs/types.ts';
import type { Denial } from './consequences.ts';
import type { KnownOfRun, Right } from './needed.ts';

/**
 * What is asked for only once the first action was answered, with the kind of resource that it takes: a policy with the first
 * alone would be denied again in the next run.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const FOLLOWING: Readonly<Record<string, readonly (readonly [action: string, resource: string])[]>> = {
  'ecs:ListTasks': [['ecs:DescribeTasks', 'task']],
  'ecs:ListServiceDeployments': [
    ['ecs:DescribeServiceDeployments', 'service-deployment'],
    ['ecs:DescribeServiceRevisions', 'service-revision'],
    ['ecs:StopServiceDeployment', 'service-deployment'],
  ],
  'ecs:DescribeServiceDeployments': [
    ['ecs:DescribeServiceRevisions', 'service-revision'],
    ['ecs:StopServiceDeployment', 'service-deployment'],
  ],
  'ecs:DescribeTaskDefinition': [['ecs:ListTaskDefinitions', '*']],
  'ecs:RunTask': [
    ['ecs:DescribeTasks', 'task'],
    ['ecs:StopTask', 'task'],
  ],
};

/** What AWS has checked as well once it has answered a call, and the service that gets a role with it. */
const PROVES: Readonly<Record<string, readonly string[]>> = {
  'ecs:RegisterTaskDefinition': ['iam:PassRole ecs-tasks.amazonaws.com', 'ecs:TagResource'],
  'ecs:RegisterDaemonTaskDefinition': ['iam:PassRole ecs-tasks.amazonaws.com', 'ecs:TagResource'],
  'ecs:CreateService': ['iam:PassRole ecs.amazonaws.com'],
  // ECS registers the revision itself.
  'ecs:CreateExpressGatewayService': ['ecs:RegisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:TagResource'],
  'codedeploy:CreateDeployment': ['codedeploy:RegisterApplicationRevision', 'codedeploy:GetDeploymentConfig'],
  'scheduler:UpdateSchedule': ['iam:PassRole scheduler.amazonaws.com'],
  'events:PutTargets': ['iam:PassRole events.amazonaws.com'],
};

/** The image is published and its digests are known before these are asked for. */
const BEHIND_THE_IMAGE = ['ecs:RegisterTaskDefinition', 'ecs:RegisterDaemonTaskDefinition', 'ecs:RunTask'];
const OF_THE_IMAGE = /^(?:ecr(?:-public)?:(?!\w*Lifecycle)|sts:GetServiceBearerToken)/;

/** What docker asks for itself. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSH = [
  'BatchCheckLayerAvailability',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
  'PutImage',
];

export type RightsOf = (known: KnownOfRun) => Promise<readonly Right[]>;

/** Every denial that AWS gave this run, whether the run continued without the right or ended there. */
export class DenialLog {
  readonly #denials = new Map<string, Denied>();
  readonly #answered = new Set<string>();
  readonly #mode: AnyInputs['mode'];
  readonly #rightsOf: RightsOf;
  #service: KnownOfRun['service'];
  #definition: KnownOfRun['definition'];

  /**
   * @param mode of the step
   * @param rightsOf asked once something was denied
   */
  constructor(mode: AnyInputs['mode'], rightsOf: RightsOf) {
    this.#mode = mode;
    this.#rightsOf = rightsOf;
  }

  /** Whatever a call threw; what is not a denial is left out. */
  readonly note = (thrown: unknown): void => {
    const denial = denialOf(asFailure(thrown));
    // The trust policy of the role gives it, and no policy of a caller: a token has none.
    if (denial?.action === 'sts:AssumeRoleWithWebIdentity') return;
    // S3 does not say which of two it was: "s3:GetObject and s3:ListBucket".
    for (const action of denial?.action.split(' and ') ?? [])
      this.#denials.set(`${action} ${denial?.resource}`, { ...denial, action, resource: denial?.resource ?? '*' });
  };

  /** A call that AWS answered needs no right any more. */
  readonly answered = (action: string): void => {
    for (const one of [action, ...(PROVES[action] ?? [])]) this.#answered.add(one);
  };

  /** Docker pushed an image. */
  pushed(): void {
    for (const operation of [...PUSH, 'BatchGetImage']) {
      this.#answered.add(`ecr:${operation}`);
      this.#answered.add(`ecr-public:${operation}`);
    }
  }

  /** The service, as ECS describes it. */
  found(service: NonNullable<KnownOfRun['service']>): void {
    this.#service = service;
  }

  /** What is about to be registered, or was read: its roles have to be passed. */
  registering(definition: NonNullable<KnownOfRun['definition']>): void {
    this.#definition = definition;
  }

  /** What AWS denied, each action on a resource once. */
  get denied(): readonly Denied[] {
    return [...this.#denials.values()];
  }

  /**
   * All that is missing, and what was not asked for because of it, so that one change of the policy is enough: the actions that
   * follow a denied one, and, where a right is denied without which the mode ends, all that the mode asks for besides (`rightsOf`).
   */
  async list(): Promise<readonly Denial[]> {
    if (this.#denials.size === 0) return [];
    const rights = await this.#rightsOf({ service: this.#service, definition: this.#definition });
    const denied = this.denied.map((denial): Denial => ({ ...denial, ...this.#need(denial, rights) }));
    const used = new Set(rights.map(({ action }) => action));
    const following = denied.flatMap(({ action: after }) =>
      (FOLLOWING[after] ?? []).flatMap(([action, kind]): Denial | [] =>
        used.has(action) ? { action, resource: this.#resource(kind), unasked: { after } } : [],
      ),
    );
    const [blocking] = denied.filter(({ neededBy }) => neededBy !== undefined);
    const rest = blocking ? this.#unasked(rights, blocking.action) : [];
    const named = new Set(rest.map(({ action }) => action));
    const others = following.filter((one) => !named.has(one.action) && this.#isOpen(one));
    return [...denied, ...rest, ...new Map(others.map((one) => [one.action, one])).values()];
  }

  /** Whether the run ends without it: by the rights on its resource, where one has it. */
  #need({ action, resource }: Denied, rights: readonly Right[]): Pick<Denial, 'neededBy'> {
    const same = rights.filter((right) => right.action === action);
    const exact = same.filter(({ resources }) => resources.some((one) => fitsPattern(one, resource)));
    const isNeeded = (exact.length > 0 ? exact : same).some(({ needed }) => needed);
    return isNeeded ? { neededBy: this.#mode } : {};
  }

  #unasked(rights: readonly Right[], after: string): Denial[] {
    const denied = this.denied.map(({ action }) => action);
    const isPublished = BEHIND_THE_IMAGE.some((one) => this.#answered.has(one) || denied.includes(one));
    const open = rights.flatMap(({ action, resources, condition, needed }) =>
      resources.map((resource): Denial => {
        const passedTo = condition?.StringEquals?.['iam:PassedToService'];
        return {
          action,
          resource,
          ...(typeof passedTo === 'string' ? { passedTo } : {}),
          ...(needed ? { neededBy: this.#mode } : {}),
          unasked: { after },
        };
      }),
    );
    const found = open.filter((one) => this.#isOpen(one) && !(isPublished && OF_THE_IMAGE.test(one.action)));
    const once = new Map(found.map((one) => [`${one.action} ${one.resource} ${one.passedTo}`, one]));
    for (const one of found) if (one.neededBy) once.set(`${one.action} ${one.resource} ${one.passedTo}`, one);
    return [...once.values()];
  }

  /** Neither answered nor denied. */
  #isOpen({ action, resource, passedTo }: Denial): boolean {
    const denied = this.denied.filter((one) => one.action === action);
    if (action !== 'iam:PassRole') return denied.length === 0 && !this.#answered.has(action);
    return !this.#answered.has(`${action} ${passedTo}`) && !denied.some((one) => one.resource === resource);
  }

  /** `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*`; those of a service deployment have the service's name as well. */
  #resource(kind: string): string {
    const [prefix, path] = (this.#service?.arn ?? '').split(':service/');
    if (kind === '*' || path === undefined) return '*';
    const [cluster] = path.split('/');
    return `${prefix}:${kind}/${kind === 'task' ? cluster : path}/*`;
  }
}
