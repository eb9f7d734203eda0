import { Stage } from './world.ts';

const ELB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
const targetGroup = (name: string): string => `${ELB}:targetgroup/${name}/0123456789abcdef`;
export const BLUE = targetGroup('blue');
export const GREEN = targetGroup('green');
/** Inputs of a strategy that moves traffic. */
export const TRAFFIC = {
  'alternate-target-group': GREEN,
  'production-listener-rule': `${ELB}:listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef`,
  'load-balancer-role': 'arn:aws:iam::123456789012:role/ecs-infrastructure',
};

/** A service behind a load balancer that has what TRAFFIC names. */
export function balanced(): Stage {
  const stage = new Stage().withService({
    loadBalancers: [{ targetGroupArn: BLUE, containerName: 'app', containerPort: 8080 }],
  });
  stage.simulator.loadBalancing.targetGroups.set(GREEN, { targetType: 'ip' });
  stage.simulator.iam.roles.set('ecs-infrastructure', {
    path: '/',
    trust: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs.amazonaws.com' } }] },
    allows: [['*', '']],
  });
  return stage;
}
