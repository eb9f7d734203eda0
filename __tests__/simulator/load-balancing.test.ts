import { VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { type Answer, fargate, type Loose } from './world.ts';

/** Target groups that a user makes over the wire, up to a service behind them. */
const simulator = new Simulator(new VirtualClock());
const elb = (operation: string, input: Loose): Answer =>
  simulator.loadBalancing.handle(operation, input, simulator.context);
const GROUP: Loose = { Name: 'web', Protocol: 'HTTP', Port: '8080', VpcId: 'vpc-1', TargetType: 'ip' };

test.each<[string, Loose, RegExp]>([
  ['without a name', { Name: undefined }, /A target group name must be specified/],
  ['with a long name', { Name: 'x'.repeat(33) }, /cannot be longer than '32' characters/],
  ['with a name of a hyphen', { Name: '-web' }, /cannot begin or end with a hyphen/],
  ['without a port', { Port: undefined }, /A port must be specified/],
  ['with port 0', { Port: '0' }, /between 1 and 65535/],
  ['without a protocol', { Protocol: undefined }, /A protocol must be specified/],
  ['with a protocol that is none', { Protocol: 'SCTP' }, /Value 'SCTP' at 'protocol'/],
  ['without a VPC', { VpcId: undefined }, /A VPC ID must be specified/],
  ['of tasks', { TargetType: 'task' }, /Value 'task' at 'targetType'/],
])('a group %s is refused', (_, more, words) => {
  const input = Object.fromEntries(Object.entries({ ...GROUP, ...more }).filter(([, value]) => value !== undefined));
  expect(() => elb('CreateTargetGroup', input)).toThrow(words);
});

test('a service needs a group that a load balancer forwards to', () => {
  const [{ TargetGroupArn: targetGroupArn }] = elb('CreateTargetGroup', GROUP).TargetGroups;
  expect(elb('CreateTargetGroup', GROUP).TargetGroups[0].TargetGroupArn).toBe(targetGroupArn);
  expect(() => elb('CreateTargetGroup', { ...GROUP, Port: '81' })).toThrow(/with different settings/);
  simulator.call('RegisterTaskDefinition', fargate('example.com/app:1'));
  const create = (): Answer =>
    simulator.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
    });
  expect(create).toThrow(/does not have an associated load balancer/);
  const listener = { 'DefaultActions.member.1.TargetGroupArn': targetGroupArn, Port: '80', Protocol: 'HTTP' };
  expect(() => elb('CreateListener', { ...listener, LoadBalancerArn: 'none' })).toThrow(/load balancers not found/);
  const [{ LoadBalancerArn }] = elb('CreateLoadBalancer', {
    Name: 'web',
    'Subnets.member.1': 'subnet-1',
  }).LoadBalancers;
  elb('CreateListener', { ...listener, LoadBalancerArn });
  expect(elb('DescribeTargetGroups', {}).TargetGroups).toMatchObject([{ LoadBalancerArns: [LoadBalancerArn] }]);
  create();
  (simulator.clock as VirtualClock).advance(60);
  expect(elb('DescribeTargetHealth', { TargetGroupArn: targetGroupArn }).TargetHealthDescriptions).toMatchObject([
    { TargetHealth: { State: 'healthy' } },
  ]);
});
