import type { Mistake } from '../failure.ts';
import type { ServiceInputs, StrategyInputs, WatchInputs } from '../inputs/types.ts';
import {
  defined,
  isObject,
  type JsonObject,
  type LoadBalancer,
  type ServiceDeployment,
  type ServiceState,
} from '../model.ts';

/** How a service is deployed, from its own configuration and the inputs. */
export interface Strategy {
  readonly kind: string;
  readonly bakeMinutes: number;
  /** Of the production traffic, what the new revision has after each shift, and the minutes until the next one. */
  readonly shifts: readonly { readonly percent: number; readonly minutes: number }[];
}

/** What ECS does where a setting is absent: the SDK's LinearConfiguration and CanaryConfiguration. */
const DEFAULTS = { stepPercent: 10, stepMinutes: 6, canaryPercent: 5, canaryMinutes: 10 };

type Configured = Pick<ServiceState, 'strategy' | 'bakeTimeMinutes' | 'linear' | 'canary'>;

/** The strategy as it is; with inputs, as it will be. */
export function strategyOf(state: Configured, inputs: StrategyInputs = {}): Strategy {
  const kind = inputs.kind ?? state.strategy;
  const bakeMinutes = inputs.bakeTimeInMinutes ?? state.bakeTimeMinutes ?? 0;
  return { kind, bakeMinutes, shifts: shiftsOf(kind, state, inputs) };
}

function shiftsOf(kind: string, state: Configured, inputs: StrategyInputs): Strategy['shifts'] {
  if (kind === 'LINEAR') {
    const { stepPercent = DEFAULTS.stepPercent, stepBakeTimeInMinutes: minutes = DEFAULTS.stepMinutes } = {
      ...state.linear,
      ...inputs.linear,
    };
    const count = Math.ceil(100 / Math.max(stepPercent, 0.1));
    return Array.from({ length: count }, (_, i) => {
      const percent = Math.min(100, Math.round((i + 1) * stepPercent * 10) / 10);
      // After the last step there is the bake time of the whole instead.
      return { percent, minutes: i + 1 < count ? minutes : 0 };
    });
  }
  if (kind === 'CANARY') {
    const {
      canaryPercent: percent = DEFAULTS.canaryPercent,
      canaryBakeTimeInMinutes: minutes = DEFAULTS.canaryMinutes,
    } = { ...state.canary, ...inputs.canary };
    return [
      { percent, minutes },
      { percent: 100, minutes: 0 },
    ];
  }
  return kind === 'BLUE_GREEN' ? [{ percent: 100, minutes: 0 }] : [];
}

/** How long the strategy takes, however fast the tasks are, in minutes. */
export const plannedMinutes = ({ bakeMinutes, shifts }: Strategy): number =>
  shifts.reduce((sum, { minutes }) => sum + minutes, bakeMinutes);

/** How long ECS stays at this stage and share of the traffic, in minutes; 0 where that depends on the tasks. */
export function stageMinutes(
  { bakeMinutes, shifts }: Strategy,
  { lifecycleStage, target }: Pick<ServiceDeployment, 'lifecycleStage' | 'target'>,
): number {
  if (lifecycleStage === 'BAKE_TIME' || lifecycleStage === 'TERMINATION_WAIT') return bakeMinutes;
  return lifecycleStage === 'PRODUCTION_TRAFFIC_SHIFT' || lifecycleStage === 'AllowTraffic'
    ? (shiftAt(shifts, target?.trafficPercent)?.minutes ?? 0)
    : 0;
}

const shiftAt = (shifts: Strategy['shifts'], percent: number | undefined): Strategy['shifts'][number] | undefined =>
  shifts.find((shift) => shift.percent === percent);

/** `step 3 of 10, the next in 6 min`; empty where the traffic does not move in steps. */
export function describeStep({ shifts }: Strategy, percent: number): string {
  const at = shiftAt(shifts, percent);
  if (!at || shifts.length < 2) return '';
  const next = at.minutes > 0 ? `, the next in ${at.minutes} min` : '';
  return `step ${shifts.indexOf(at) + 1} of ${shifts.length}${next}`;
}

/** ` Traffic moves in 10 steps of 10 %, 6 min apart; bake time 5 min.`; empty where traffic follows the tasks at once. */
export function describeTraffic({ kind, bakeMinutes, shifts }: Strategy): string {
  const [first] = shifts;
  const bake = bakeMinutes > 0 ? `bake time ${bakeMinutes} min` : undefined;
  const move = (): string | undefined => {
    if (!first) return undefined;
    if (kind === 'CANARY') return `${first.percent} % of the traffic moves first, the rest ${first.minutes} min later`;
    if (kind === 'LINEAR')
      return `traffic moves in ${shifts.length} steps of ${first.percent} %, ${first.minutes} min apart`;
    return 'traffic moves at once';
  };
  const text = [move(), bake].filter((part) => part !== undefined).join('; ');
  return text === '' ? '' : ` ${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** The inputs that were given. */
export function namesOf({
  kind,
  bakeTimeInMinutes,
  linear,
  canary,
  earlySuccessPercent,
  hooks,
  traffic,
}: StrategyInputs) {
  const given: readonly (readonly [name: string, value: unknown])[] = [
    ['strategy', kind],
    ['bake-time-minutes', bakeTimeInMinutes],
    ['linear-step-percent', linear?.stepPercent],
    ['linear-step-bake-minutes', linear?.stepBakeTimeInMinutes],
    ['canary-percent', canary?.canaryPercent],
    ['canary-bake-minutes', canary?.canaryBakeTimeInMinutes],
    ['early-success-percent', earlySuccessPercent],
    ['lifecycle-hooks', hooks],
    ...TRAFFIC_INPUTS.map(([member, name]) => [name, traffic?.[member]] as const),
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/**
 * How long to wait: `wait-for-minutes`, which without the input has the time that the strategy takes on top.
 */
export function limitsFor(watch: WatchInputs, strategy: Strategy): WatchInputs {
  if (watch.timeoutGiven) return watch;
  return { ...watch, timeoutSeconds: watch.timeoutSeconds + plannedMinutes(strategy) * 60 };
}

/**
 * What of the inputs does not fit the service, its strategy or the time that the run waits.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function strategyMistakes(
  { service: inputs, watch }: { readonly service: ServiceInputs; readonly watch: WatchInputs },
  state: ServiceState,
): Mistake[] {
  const wanted = inputs.strategy ?? {};
  const strategy = strategyOf(state, wanted);
  const { kind } = strategy;
  const mistakes: Mistake[] = [];
  const refuse = (subject: string, problem: string, remedy: string): void =>
    void mistakes.push({ subject, problem, remedy });
  const of = wanted.kind === undefined ? `the strategy of ${state.name} is ${kind}` : `\`strategy\` is ${kind}`;
  const foreign: readonly (readonly [subject: string, given: unknown, kind: string])[] = [
    ['linear-step-percent', wanted.linear?.stepPercent, 'LINEAR'],
    ['linear-step-bake-minutes', wanted.linear?.stepBakeTimeInMinutes, 'LINEAR'],
    ['canary-percent', wanted.canary?.canaryPercent, 'CANARY'],
    ['canary-bake-minutes', wanted.canary?.canaryBakeTimeInMinutes, 'CANARY'],
    ['early-success-percent', wanted.earlySuccessPercent === 'off' ? undefined : wanted.earlySuccessPercent, 'ROLLING'],
  ];
  for (const [subject, given, needs] of foreign)
    if (given !== undefined && kind !== needs)
      refuse(subject, `is a setting of ${needs}, but ${of}.`, `Set \`strategy: ${needs}\`, or drop it.`);
  if (state.schedulingStrategy === 'DAEMON' && kind !== 'ROLLING')
    refuse('strategy', `${kind} is not for a DAEMON service.`, 'Drop `strategy`.');
  const { earlySuccessPercent: early } = wanted;
  const healthy = inputs.minimumHealthyPercent ?? state.minimumHealthyPercent;
  if (typeof early === 'number' && early < healthy)
    refuse(
      'early-success-percent',
      `${early} is less than the minimum healthy percent, ${healthy}.`,
      `Give ${healthy} or more.`,
    );
  if (kind === 'BLUE_GREEN' && wanted.kind && strategy.bakeMinutes === 0 && wanted.bakeTimeInMinutes === undefined)
    refuse(
      'bake-time-minutes',
      'is missing: ECS needs it for BLUE_GREEN.',
      'Say for how many minutes both revisions run after the traffic has moved, such as `5`.',
    );
  mistakes.push(...trafficMistakes(wanted, kind, state), ...hookMistakes(wanted, kind, state));
  const planned = plannedMinutes(strategy);
  if (watch.wait && watch.timeoutGiven && planned * 60 >= watch.timeoutSeconds)
    refuse(
      'wait-for-minutes',
      `${watch.timeoutSeconds / 60} is not enough: ${kind === 'ROLLING' ? 'the bake time' : kind} of ${state.name} takes ${planned} min alone, so the run would end before it.`,
      `Give ${planned + 15} or more, or drop it: the time of the strategy is then added automatically.`,
    );
  return mistakes;
}

/** Stages that a deployment has only where its strategy moves traffic; RECONCILE_SERVICE, PRE_SCALE_UP and POST_SCALE_UP are in each. */
const MOVES_TRAFFIC = /TRAFFIC_SHIFT$/;

/** The stages of a hook that a rolling deployment never reaches; empty where it reaches one of them. */
function unreachedStages({ lifecycleStages }: JsonObject): readonly string[] {
  const stages = Array.isArray(lifecycleStages) ? lifecycleStages.map(String) : [];
  return stages.every((stage) => MOVES_TRAFFIC.test(stage)) ? stages : [];
}

/**
 * The same of the hooks of a service definition, which have no input.
 * @param service as the definition makes it
 */
export function definedHookMistakes(
  definition: JsonObject,
  { strategy: inputs = {} }: ServiceInputs,
  service: ServiceState,
): Mistake[] {
  const { deploymentConfiguration: configuration } = definition;
  const hooks = configuration !== undefined && isObject(configuration) ? configuration.lifecycleHooks : undefined;
  if (strategyOf(service, inputs).kind !== 'ROLLING' || inputs.hooks !== undefined || !Array.isArray(hooks)) return [];
  return hooks.flatMap((hook, i) => {
    const stages = isObject(hook) ? unreachedStages(hook) : [];
    if (stages.length === 0) return [];
    const of = inputs.kind === undefined ? `the strategy of ${service.name}` : '`strategy`';
    return {
      subject: `deploymentConfiguration.lifecycleHooks[${i}]`,
      problem: `would never run: ${of} is ROLLING, whose deployments have no ${stages.join(', ')}.`,
      remedy:
        'Give it `POST_SCALE_UP` or `PRE_SCALE_UP`, or set `deploymentConfiguration.strategy` to `BLUE_GREEN`, `LINEAR` or `CANARY`.',
    };
  });
}

/** A hook at stages that a rolling update does not have never runs: what was to be approved or tested would go out without it. */
function hookMistakes({ kind: given, hooks }: StrategyInputs, kind: string, state: ServiceState): Mistake[] {
  const ofService = hooks === undefined;
  if (kind !== 'ROLLING' || (ofService && given === undefined)) return [];
  const all = hooks ?? state.lifecycleHooks ?? [];
  return all.flatMap((hook, i) => {
    const stages = unreachedStages(hook);
    if (stages.length === 0) return [];
    const of = given === undefined ? `the strategy of ${state.name}` : '`strategy`';
    return {
      subject: ofService ? 'strategy' : 'lifecycle-hooks',
      problem: `hook ${i + 1}${ofService ? ` of ${state.name}` : ''} would never run: ${of} is ROLLING, whose deployments have no ${stages.join(', ')}.`,
      remedy: `Give it \`POST_SCALE_UP\` or \`PRE_SCALE_UP\`, or set \`strategy: BLUE_GREEN\`, \`LINEAR\` or \`CANARY\`${ofService ? '; `lifecycle-hooks: []` removes it' : ''}.`,
    };
  });
}

/** A strategy that divides traffic needs the second target group, the rule that divides it and the role that ECS changes it with. */
function trafficMistakes({ kind: given, traffic }: StrategyInputs, kind: string, state: ServiceState): Mistake[] {
  const subject = given === undefined ? 'alternate-target-group' : 'strategy';
  if (traffic && state.loadBalancers.length !== 1) {
    const count =
      state.loadBalancers.length === 0 ? 'no load balancer' : `${state.loadBalancers.length} load balancers`;
    return [
      {
        subject: 'alternate-target-group',
        problem: `${state.name} has ${count}; the inputs for its traffic are for one.`,
        remedy: 'Set the load balancers in your infrastructure code.',
      },
    ];
  }
  if (kind === 'ROLLING' || (given === undefined && traffic === undefined)) return [];
  const [balancer] = state.loadBalancers;
  if (!balancer) {
    // Without a load balancer the new tasks take over as they are; Service Connect moves its traffic automatically.
    return kind === 'BLUE_GREEN' || state.serviceConnectPorts !== undefined
      ? []
      : [
          {
            subject,
            problem: `${kind} divides traffic, but ${state.name} has no load balancer.`,
            remedy: 'Use `strategy: BLUE_GREEN` or `ROLLING`.',
          },
        ];
  }
  const merged = { ...balancer.advanced, ...traffic };
  const missing = NEEDED.filter(([member]) => merged[member] === undefined).map(([, name]) => `\`${name}\``);
  return missing.length === 0
    ? []
    : [
        {
          subject,
          problem: `${kind} moves traffic between two target groups, and the load balancer of ${state.name} has no ${missing.join(', ')}.`,
          remedy:
            'Give these inputs once: the second target group, the listener rule that takes the production traffic, and the role with which ECS changes it (AmazonECSInfrastructureRolePolicyForLoadBalancers).',
        },
      ];
}

const NEEDED = [
  ['alternateTargetGroupArn', 'alternate-target-group'],
  ['productionListenerRule', 'production-listener-rule'],
  ['roleArn', 'load-balancer-role'],
] as const;

/** Members of a load balancer, and their inputs. */
export const TRAFFIC_INPUTS = [...NEEDED, ['testListenerRule', 'test-listener-rule']] as const;

/** The load balancers with the inputs for their traffic; undefined where nothing of them is given. */
export const withTraffic = (
  { traffic }: StrategyInputs,
  { loadBalancers }: ServiceState,
): readonly LoadBalancer[] | undefined =>
  traffic && loadBalancers.map((one) => ({ ...one, advanced: { ...one.advanced, ...traffic } }));

/** The members of the deployment configuration that the inputs set; those of one object with what the service has for the rest. */
export const strategyConfiguration = (inputs: StrategyInputs, state: ServiceState): JsonObject =>
  defined({
    strategy: inputs.kind,
    bakeTimeInMinutes: inputs.bakeTimeInMinutes,
    linearConfiguration: inputs.linear && { ...state.linear, ...inputs.linear },
    canaryConfiguration: inputs.canary && { ...state.canary, ...inputs.canary },
    earlySuccessCriteria: earlySuccess(inputs.earlySuccessPercent),
    lifecycleHooks: inputs.hooks,
  }) as JsonObject;

/** Inputs of each of these members, as a user writes them, with the part of the member that each sets. */
export const STRATEGY_INPUTS: Readonly<Record<string, readonly (readonly [input: string, part?: string])[]>> = {
  strategy: [['strategy']],
  bakeTimeInMinutes: [['bake-time-minutes']],
  linearConfiguration: [
    ['linear-step-percent', 'stepPercent'],
    ['linear-step-bake-minutes', 'stepBakeTimeInMinutes'],
  ],
  canaryConfiguration: [
    ['canary-percent', 'canaryPercent'],
    ['canary-bake-minutes', 'canaryBakeTimeInMinutes'],
  ],
  earlySuccessCriteria: [['early-success-percent']],
  lifecycleHooks: [['lifecycle-hooks']],
};

function earlySuccess(percent: StrategyInputs['earlySuccessPercent']): JsonObject | undefined {
  if (percent === undefined) return undefined;
  // ECS ends the deployment once so many are healthy, and removes the old tasks after it.
  return percent === 'off'
    ? { enable: false }
    : { enable: true, healthyPercent: percent, sourceServiceRevisionCleanup: 'DEFERRED' };
}

/** The same members as the service has them. */
export const presentConfiguration = (state: ServiceState): Readonly<Record<string, unknown>> => ({
  strategy: state.strategy,
  ...defined({
    bakeTimeInMinutes: state.bakeTimeMinutes,
    linearConfiguration: state.linear,
    canaryConfiguration: state.canary,
    earlySuccessCriteria: earlySuccess(state.earlySuccessPercent ?? 'off'),
    lifecycleHooks: state.lifecycleHooks ?? [],
  }),
});
