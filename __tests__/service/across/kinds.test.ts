import { SECTIONS } from '../../../src/inputs/known.ts';
import { readService } from '../../../src/inputs/service.ts';
import type { ServiceInputs } from '../../../src/inputs/types.ts';
import type { ServiceState } from '../../../src/model.ts';
import { checkService, planChange } from '../../../src/service/change.ts';
import { AWS, read } from '../../inputs/made.ts';
import { service as made, ours } from '../../report/made.ts';
import { WATCH } from '../../support/watch-inputs.ts';

const REVISION = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1';
const ELB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
const advanced = {
  alternateTargetGroupArn: `${ELB}:targetgroup/old/1`,
  productionListenerRule: `${ELB}:listener-rule/app/w/1/2/old`,
  roleArn: 'arn:aws:iam::123456789012:role/old',
};
const balancer = { targetGroupArn: `${ELB}:targetgroup/a/1`, containerName: 'app', containerPort: 80 };

/** Another value than any service below has. */
const VALUES: Readonly<Record<string, string>> = {
  'minimum-healthy-percent': '75',
  'maximum-percent': '180',
  'circuit-breaker': 'rollback',
  alarms: 'web-5xx',
  'health-check-grace-period-seconds': '77',
  'desired-count': '7',
  'force-new-deployment': 'true',
  'enable-execute-command': 'true',
  'enable-ecs-managed-tags': 'true',
  'propagate-tags': 'SERVICE',
  'platform-version': '1.4.0',
  strategy: 'CANARY',
  'bake-time-minutes': '3',
  'linear-step-percent': '33',
  'linear-step-bake-minutes': '3',
  'canary-percent': '33',
  'canary-bake-minutes': '3',
  'early-success-percent': '99',
  'lifecycle-hooks': '[]',
  'alternate-target-group': `${ELB}:targetgroup/b/1`,
  'production-listener-rule': `${ELB}:listener-rule/app/w/1/2/3`,
  'test-listener-rule': `${ELB}:listener-rule/app/w/1/2/4`,
  'load-balancer-role': 'arn:aws:iam::123456789012:role/new',
  'codedeploy-appspec': 'spec.yaml',
  'codedeploy-application': 'shop',
  'codedeploy-deployment-group': 'shop-web',
  'codedeploy-deployment-config': 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
  'codedeploy-deployment-description': 'x',
  'codedeploy-wait-for': 'termination',
};

/** What other parts judge: names, the definition, the breaker's number that goes with the breaker, and autoscaling. */
const ELSEWHERE: readonly string[] = [
  'cluster',
  'service',
  'service-name',
  'service-definition',
  'on-first-failure',
  'circuit-breaker-threshold',
  'autoscaling',
  'min-capacity',
  'max-capacity',
];

const state = (rest: Partial<ServiceState>): ServiceState => ({
  ...made([ours({ status: 'PRIMARY', taskDefinitionArn: REVISION, rolloutState: 'COMPLETED' })]),
  taskDefinitionArn: REVISION,
  loadBalancers: [{ ...balancer, advanced }],
  platformVersion: 'LATEST',
  propagateTags: 'NONE',
  desiredCount: 2,
  ...rest,
});
const hooks = [{ hookTargetArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f' }];
const KINDS: Readonly<Record<string, ServiceState>> = {
  ROLLING: state({ strategy: 'ROLLING' }),
  BLUE_GREEN: state({ strategy: 'BLUE_GREEN', bakeTimeMinutes: 5 }),
  LINEAR: state({ strategy: 'LINEAR', linear: { stepPercent: 10, stepBakeTimeInMinutes: 1 } }),
  CANARY: state({ strategy: 'CANARY', canary: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 } }),
  CODE_DEPLOY: state({ deploymentController: 'CODE_DEPLOY', strategy: 'BLUE_GREEN' }),
  'ROLLING of a DAEMON': state({
    strategy: 'ROLLING',
    schedulingStrategy: 'DAEMON',
    minimumHealthyPercent: 50,
    maximumPercent: 100,
  }),
};

/** `sent`, `refused` with the input's own name, or `ignored`. */
function effect(name: string, service: ServiceInputs, kind: ServiceState): string {
  try {
    checkService({ service, watch: WATCH }, kind);
  } catch (thrown) {
    const { mistakes = [] } = thrown as { mistakes?: readonly { subject: string; remedy?: string }[] };
    const own = mistakes.find(({ subject }) => subject === name);
    return own?.remedy === undefined ? `refused as ${mistakes.map(({ subject }) => subject).join(', ')}` : 'refused';
  }
  const sent = (inputs: ServiceInputs): string => JSON.stringify(planChange(inputs, REVISION, kind).update);
  if (sent(service) !== sent({ cluster: service.cluster, service: service.service, forceNewDeployment: false }))
    return 'sent';
  return service.codeDeploy && kind.deploymentController === 'CODE_DEPLOY' ? 'sent' : 'ignored';
}

const names = SECTIONS.service.filter((name) => !ELSEWHERE.includes(name));

test('every input of the service is in the table', () => {
  expect(names.filter((name) => VALUES[name] === undefined)).toEqual([]);
});

test.each(Object.entries(KINDS))('%s: each input of the service has an effect or is refused by its name', (_, kind) => {
  const now = { ...kind, lifecycleHooks: hooks };
  const wrong = names.flatMap((name) => {
    const wanted = name === 'strategy' && kind.strategy === VALUES.strategy ? 'LINEAR' : VALUES[name];
    const { value, mistakes } = read({ cluster: 'shop', service: 'web', [name]: wanted ?? '' }, (reader) =>
      readService(reader, AWS),
    );
    expect(mistakes).toEqual([]);
    const found = effect(name, value, now);
    return found === 'sent' || found === 'refused' ? [] : [`${name}: ${found}`];
  });
  expect(wrong).toEqual([]);
});
