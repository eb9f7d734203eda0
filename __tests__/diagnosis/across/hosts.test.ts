import { readFileSync } from 'node:fs';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Evidence, Launch, Surface } from '../../../src/diagnosis/diagnosis.ts';

/**
 * A task on ECS Anywhere is in no VPC, Managed Instances and Fargate have no host that a user could change, and an EC2 instance
 * has none of their settings: a cause and a remedy never speak of another kind of host than that of the task. Every known message
 * of tasks and services is asked of every launch type under which it can appear.
 */
const FILES = ['examples', 'failures', 'strict-messages', 'unseen-messages', 'wordings'];
const OF_TASKS: readonly Surface[] = [
  'task.stoppedReason',
  'container.reason',
  'container.exitCode',
  'service.event',
  'deployment.rolloutStateReason',
];

const OTHERS: Readonly<Record<Launch, RegExp>> = {
  FARGATE:
    /container instances?\b|external instance|Auto Scaling group|\bASG\b|user data|systemctl|ECS_CLUSTER|\bAMI\b|instance role|managed scaling/i,
  EC2: /assignPublicIp|external instance|Fargate Spot|ephemeral storage on Fargate|instanceRequirements/i,
  EXTERNAL:
    /subnets?\b|NAT gateway|security group|\bVPC\b|Auto Scaling group|\bASG\b|assignPublicIp|capacity provider|user data|\bAMI\b|instance role|on Fargate|instance type|managed scaling/i,
  MANAGED_INSTANCES:
    /Auto Scaling group|\bASG\b|external instance|systemctl|\bAMI\b|ECS_CLUSTER|user data|managed scaling|Docker daemon|docker system prune|ecs\.config/i,
};
/** What a kind of host does not have at all: there its messages never appear. */
const NEVER: Readonly<Record<Launch, RegExp>> = {
  FARGATE: /^target-registration-failed$/,
  EC2: /^ephemeral-storage-timeout$|^target-type-mismatch$/,
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html
  EXTERNAL:
    /^(?:elb-|efs-|ebs-|eni-|fsx-|service-connect-|target-registration|spot-|capacity-provider)|^container-start-failed$|^volume-failed$/,
  MANAGED_INSTANCES: /^$/,
};

function messages(): readonly Evidence[] {
  const found: Evidence[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'object' && value !== null) {
      const { text, surface, context = {} } = value as Partial<Evidence>;
      if (typeof text === 'string' && surface && OF_TASKS.includes(surface)) found.push({ text, surface, context });
      else for (const one of Object.values(value)) visit(one);
    }
  };
  for (const file of FILES) visit(JSON.parse(readFileSync(`__tests__/fixtures/${file}.json`, 'utf8')));
  return found;
}
const MESSAGES = messages();

test.each(Object.keys(OTHERS) as Launch[])('%s: no cause and no remedy of another kind of host', (launch) => {
  const wrong = MESSAGES.flatMap(({ context, ...evidence }) => {
    if (context.launchType !== undefined && context.launchType !== launch) return [];
    const { rule, cause, remedy } = diagnose({ ...evidence, context: { ...context, launchType: launch } });
    const [word] = OTHERS[launch].exec(`${cause} ${remedy}`) ?? [];
    const isQuoted = word !== undefined && evidence.text.toLowerCase().includes(word.toLowerCase());
    return word === undefined || isQuoted || NEVER[launch].test(rule)
      ? []
      : [`${rule}: "${word}" in: ${cause} ${remedy}`];
  });
  expect([...new Set(wrong)]).toEqual([]);
  expect(MESSAGES.length).toBeGreaterThan(800);
});

/** Neither stops an old task before the new ones have taken over: percents of a rolling update help nothing. */
test.each(['BLUE_GREEN', 'LINEAR', 'CANARY', 'CODE_DEPLOY'])(
  '%s: no remedy lets an old task stop first',
  (strategy) => {
    const answers = MESSAGES.map(({ context, ...evidence }) => {
      const { rule, remedy } = diagnose({ ...evidence, context: { ...context, strategy } });
      return { rule, remedy };
    });
    const wrong = answers.filter(({ rule, remedy }) => {
      if (rule === 'deployment-config-deadlock') return false;
      return /minimumHealthyPercent|stops? first/.test(remedy) && !/`strategy: ROLLING`/.test(remedy);
    });
    expect(wrong).toEqual([]);
    const named = strategy === 'CODE_DEPLOY' ? 'CodeDeploy keeps every old task' : `a ${strategy} deployment keeps`;
    const rules = answers.flatMap(({ rule, remedy }) => (remedy.includes(named) ? [rule] : []));
    expect([...new Set(rules)].sort()).toEqual(
      [
        'eni-limit',
        'fargate-quota',
        'host-port-conflict',
        'insufficient-cpu',
        'insufficient-gpu',
        'insufficient-memory',
        'placement-constraint',
      ].sort(),
    );
  },
);
