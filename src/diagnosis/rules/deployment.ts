import { alarmsIn } from '../words.ts';
import { allowed, first, GUIDE, maybe, OF_TASKS, OF_TASKS_AND_ECS, type Rule } from './rule.ts';

const BLUE_GREEN = `${GUIDE}/troubleshooting-blue-green.html`;
const EVENTS = `${GUIDE}/service-event-messages-list.html`;
/** A hook that waits for ContinueServiceDeployment; it has no Lambda function. */
const PAUSE_HOOK = /pause hook/i;
const ALL_OR_NONE = /all or none of the .{0,40}load ?balancers? /i;
const listenerRule = (text: string): string | undefined =>
  /arn:aws[\w-]*:elasticloadbalancing:[^\s'",)]+/.exec(text)?.[0]?.replace(/(?<![.;])[.;]+$/, '');

/** What ends a deployment from above: alarms, hooks, traffic, the breaker. */
export const DEPLOYMENT: readonly Rule[] = [
  {
    id: 'lifecycle-hook-invalid',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'invalid',
    match: [
      /Invalid targetType|Invalid lifecycle stage|Invalid hookId|Provided hookId|hookId (?:is|must)|Continuing a service deployment is not allowed/i,
    ],
    cause: ({ text }) => `The lifecycle hook is not one that ECS takes, or its time is over: ${text}`,
    remedy:
      'Use the targetType AWS_LAMBDA or PAUSE and a stage that it may have (no pause in the traffic-shift stages), and take the hookId of the present deployment from DescribeServiceDeployments (lifecycleHookDetails).',
    link: BLUE_GREEN,
  },
  {
    id: 'lifecycle-hook-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'failed',
    match: [
      /(?:because )?(?<stage>[A-Z][A-Z_]{5,60}) lifecycle hook\(?s?\)? (?:failed|timed out)/,
      /(?:lifecycle|pause) hook/i,
      /hook execution failure|failed hook|hook .{0,40}(?:failed|timed out)/i,
    ],
    cause: ({ words: { stage }, text }) => {
      if (PAUSE_HOOK.test(text))
        return `The pause hook${maybe(/\b([A-Z][A-Z_]{5,60}) pause hook/.exec(text)?.[1])} ended the deployment: ${/timed? ?out/i.test(text) ? 'it was not continued before its time-out' : hookFailure(text)}.`;
      const hook = /arn:aws[\w-]*:lambda:[^\s'",)]+/.exec(text)?.[0];
      const why = hookFailure(text);
      return `${hook || stage ? `The lifecycle hook${maybe(stage)}${hook ? ` (Lambda function ${hook})` : ''}` : 'A lifecycle hook'} ended the deployment: ${why}.`;
    },
    remedy: (found) => {
      if (PAUSE_HOOK.test(found.text))
        return 'Continue the deployment in time: a job with `mode: continue`, behind an approval (ContinueServiceDeployment). Or give the hook a longer time-out, or one that continues (timeoutConfiguration of the lifecycle hook: timeoutInMinutes, action CONTINUE).';
      return /invoke|not authorized|AccessDenied|unable to assume/i.test(found.text)
        ? allowed(
            found,
            'Allow lambda:InvokeFunction on that Lambda function for the role of the lifecycle hook (roleArn), and let it trust ecs.amazonaws.com.',
          )
        : 'See lifecycleHookDetails of the deployment (aws ecs describe-service-deployments) for the hook and its state, then the logs of its Lambda function: it must exist, be one that ECS may invoke, and return {"hookStatus": "SUCCEEDED" | "FAILED" | "IN_PROGRESS"} in time.';
    },
    link: BLUE_GREEN,
  },
  {
    id: 'bluegreen-networking-invalid',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'invalid',
    match: [
      /advancedConfiguration|ELBv1|ELBv2|loadBalancers must/,
      /invalid networking configuration/i,
      /(?:production|test)ListenerRule/,
      /unable to find the listener(?: rule)?\b/i,
      /cannot be used as both production and test listener rules?/i,
      /Duplicate targetGroupArn/i,
    ],
    unless: /lifecycle hook|missing permissions/i,
    cause: ({ text }) => {
      if (/Duplicate/i.test(text))
        return `The same target group${maybe(listenerRule(text))} is named twice: blue/green needs a second, alternate target group.`;
      if (ALL_OR_NONE.test(text))
        return 'Some of the loadBalancers of the service have advancedConfiguration, and others have none.';
      if (/(?:requires?|must have|needs?|without) .{0,60}(?:load ?balancers?|advancedConfiguration)/i.test(text))
        return `The deployment strategy needs a load balancer entry with advancedConfiguration, or Service Connect, and the service has none: ${text.replace(/^\w+: /, '').slice(0, 300)}`;
      if (/weight|serving traffic/i.test(text))
        return `A listener rule${maybe(listenerRule(text))} has weights that ECS did not set: exactly one target group may serve traffic.`;
      if (/advancedConfiguration|ELBv/.test(text))
        return `The load balancers of the service do not fit together: ${text.slice(0, 400)}`;
      if (/invalid ARN format/i.test(text))
        return `The listener rule${maybe(listenerRule(text))} is given as another kind of ARN.`;
      if (/target ?group/i.test(text))
        return `The target group${maybe(listenerRule(text))} does not fit the listener rules of the blue/green deployment.`;
      return `A listener rule${maybe(listenerRule(text))} of the blue/green deployment was not found or does not fit.`;
    },
    remedy: ({ text }) => {
      if (ALL_OR_NONE.test(text))
        return 'Give each entry of loadBalancers an advancedConfiguration (alternateTargetGroupArn, productionListenerRule, roleArn), or none of them.';
      return /weight|serving traffic/i.test(text)
        ? 'Let only ECS change the weights of the rule: set 100 to the target group in use and 0 to the other, then deploy again.'
        : "Update the service's loadBalancers: productionListenerRule (and testListenerRule) must be existing rule ARNs of an Application Load Balancer, or listener ARNs of a Network Load Balancer; both target groups (targetGroupArn and alternateTargetGroupArn), which must differ, have to be in such a rule. advancedConfiguration belongs to all of the loadBalancers or to none; a Classic Load Balancer (loadBalancerName) has none.";
    },
    link: BLUE_GREEN,
  },
  {
    id: 'deployment-alarm',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'alarm',
    failure: 'stopped',
    match: [
      /alarms? detected/i,
      /CloudWatch alarms?\(?s?\)?.{0,120}(?:trigger|ALARM|breach)/i,
      /(?:because|due to) .{0,60}alarms?\b/i,
    ],
    unless: /policy .{0,80}(?:triggered)|Successfully set/i,
    cause: ({ text }) => {
      const names = alarmsIn(text);
      const which = names === undefined ? '' : ` (${names})`;
      return `A CloudWatch alarm${which} went to ALARM during the deployment, which ended it.`;
    },
    remedy:
      'See which CloudWatch alarm of deploymentConfiguration.alarms (input `alarms`) is in ALARM and why (5xx errors, latency, CPU; also in the bake time), and the logs of the new tasks at that time.',
    link: `${GUIDE}/deployment-alarm-failure.html`,
  },
  {
    id: 'deployment-config-deadlock',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'failed',
    match: [
      /unable to stop or start tasks during a deployment because of the service deployment configuration/i,
      /(?:maximumPercent|minimumHealthyPercent) .{0,120}(?:must be|cannot be|should be|invalid|less than|greater than)/i,
    ],
    unless: /must be present|at least one of/i,
    cause:
      'With these minimumHealthyPercent and maximumPercent ECS may neither stop an old task nor start a new one, so the rollout cannot move.',
    remedy:
      'Lower minimumHealthyPercent (input `minimum-healthy-percent`) or raise maximumPercent (`maximum-percent`; the default is 100 and 200), so that at least one task may stop or start at the desired count.',
    link: EVENTS,
  },
  {
    id: 'task-protection',
    nature: 'transient',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'stopped',
    severity: 'failure',
    match: [
      /tasks? under protection|task protection|protected tasks?|protection(?:Enabled)? .{0,60}scale[- ]in|unable to scale in/i,
    ],
    cause: 'Old tasks are under scale-in protection, so ECS cannot stop them until the protection ends.',
    remedy:
      'Wait until the application ends the protection (or it expires), or end it with UpdateTaskProtection. Long jobs may hold a rollout back for hours: raise the input `wait-for-minutes`.',
    link: `${GUIDE}/task-scale-in-protection.html`,
  },
  {
    id: 'circuit-breaker',
    nature: 'symptom',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'stopped',
    match: [
      /circuit[ -]?breaker(?! threshold value)/i,
      /deployment (?:ecs-svc\/\d{1,20} )?failed: tasks? failed to (?:start|reach)/i,
      /^tasks failed to (?:start|reach)/i,
    ],
    unless:
      /rolling back to|circuit[ -]?breaker (?:can only|is only|is not|cannot|can ?not|must|requires?)|(?:not supported|only (?:valid|supported)).{0,80}circuit[ -]?breaker/i,
    cause: ({ text }) =>
      `The deployment circuit breaker ended the rollout because too many of its tasks failed to start or to stay healthy${maybe(/\((\d+ of \d+|\d+\/\d+)[^)]{0,60}\)/.exec(text)?.[1])}.`,
    remedy:
      'Look at the stopped tasks of the deployment (of the target service revision), the first before all: its stoppedReason, the reason and exit code of its containers, their log and the events of the service before are the cause.',
    link: `${GUIDE}/deployment-circuit-breaker.html`,
  },
  {
    id: 'rollback-in-progress',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'conflict',
    match: [
      /rolling back (?:to|the)|rollback (?:is |was )?(?:in progress|started|initiated|requested)|ROLLBACK_(?:IN_PROGRESS|REQUESTED)/i,
      /(?:rolled back|rollback) (?:to|completed|successful)|(?:was|deployment) rolled back|ROLLBACK_(?:SUCCESSFUL|FAILED)|rollback failed/i,
    ],
    cause: ({ text }) => {
      const before = `to the deployment before${maybe(/ecs-svc\/\d+/.exec(text)?.[0])}`;
      if (/ROLLBACK_FAILED|rollback failed/i.test(text)) return `ECS could not roll the service back ${before}.`;
      return /rolled back|ROLLBACK_SUCCESSFUL|rollback (?:to .{0,80})?(?:completed|successful)/i.test(text)
        ? `ECS rolled the service back ${before}.`
        : `ECS rolls the service back ${before}.`;
    },
    remedy:
      'The cause is in what came before: the stopped tasks of the new revision (the first before all), an alarm or a lifecycle hook; the events of the service say which.',
    link: `${GUIDE}/deployment-circuit-breaker.html`,
  },
  {
    id: 'waiter-timeout',
    technology: 'codedeploy',
    nature: 'symptom',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'failed',
    match: [/(?:in the state |Waiter )deployment_?Successful|\bcodedeploy\b.{0,200}(?:max attempts|terminal failure)/i],
    cause: ({ text }) =>
      /terminal failure|encountered a terminal/i.test(text)
        ? 'The deployment in CodeDeploy failed or was stopped; the client only reports that it waited for it.'
        : 'The deployment in CodeDeploy did not succeed while the client waited: it failed, was stopped, or still shifts traffic or waits.',
    remedy:
      "Open that deployment in CodeDeploy (aws deploy get-deployment: errorInformation, and the lifecycle events of its target): it names the hook, alarm or task that failed. The events of the ECS task set show its tasks' health checks.",
    link: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-view-details.html',
  },
  {
    id: 'waiter-timeout',
    nature: 'symptom',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [/(?:in the state |Waiter )tasks_?(?<state>Running|Stopped)/i],
    cause: ({ words: { state } }) =>
      /stopped/i.test(state ?? '')
        ? 'The client gave up waiting for a task to end: as a rule it still runs, or the client could not read its state.'
        : 'The client waited for a task to run, and the task stopped or did not start in time.',
    remedy: ({ words: { state } }) =>
      /stopped/i.test(state ?? '')
        ? 'See first whether the task still runs (describe-tasks, with the right `cluster`): its log then shows whether it works or hangs, and the client may have to wait longer. If it has ended or is not found, the client could not read it: look at the error that it wraps (originalError) and at the right ecs:DescribeTasks.'
        : 'Look at the task in describe-tasks: stoppedReason and the reason and exit code of its containers say why.',
    link: `${GUIDE}/stopped-task-errors.html`,
  },
  {
    id: 'waiter-timeout',
    nature: 'symptom',
    ...OF_TASKS_AND_ECS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [
      /Resource is not in the state \w+/i,
      /exceeded (?:max )?wait attempts|ResourceNotReady|WaiterTimeout|waiter has timed out|exceeded max wait time|Waiter has timed out/i,
      /Waiter \w{1,60} failed|Waiter encountered a terminal failure/i,
      /while waiting for state to become ['"]tfSTABLE|waiting for ECS Service .{0,300}(?:to reach (?:a )?steady state|timeout)/i,
      /(?:did not|failed to|not able to) stabili[sz]e|did not reach a steady state|Exceeded attempts to wait/i,
    ],
    unless: /unable to place|network interface|EBS|Ephemeral/i,
    cause: 'The client gave up waiting: the service was not stable in time. That is a symptom, not the cause.',
    remedy:
      'Look at the events of the service and at the stopped tasks of the deployment: they say why it does not get stable. Only if all goes well but slowly raise the input `wait-for-minutes`.',
    link: `${GUIDE}/service-event-messages.html`,
  },
];

/** The service does not get stable for a reason that is not in the message. */
export const NOT_STEADY: Rule = {
  id: 'not-steady',
  nature: 'symptom',
  ...OF_TASKS,
  subject: 'deployment',
  failure: 'timed-out',
  match: [
    /unable to reach (?:a )?steady state(?:.{0,300}Reason: (?<why>.{1,400}))?/i,
    /deployment failed(?:: (?<because>.{1,400}))?/i,
  ],
  cause: ({ words: { why, because }, text }) => `The deployment did not get stable: ${first(why, because) ?? text}`,
  remedy: ({ text }) =>
    /\bSTOPPED\b/.test(text)
      ? 'See first whether a newer deployment has replaced it (aws ecs list-service-deployments): then that one counts, and a tool that followed the older one took it for a failure. Otherwise the statusReason of the deployment, its stopped tasks and the events before it say why.'
      : 'Look at the stopped tasks of the deployment and at the events of the service before: they say why.',
  link: EVENTS,
};

/** How a lifecycle hook failed, from the text of ECS. */
function hookFailure(text: string): string {
  if (/HookStatus|parse the response/i.test(text)) return 'its answer cannot be read (hookStatus is missing or wrong)';
  if (/unable to assume/i.test(text))
    return `ECS could not assume its role${maybe(/arn:aws[\w-]*:iam::\S+/.exec(text)?.[0])}`;
  if (/invoke|not authorized|AccessDenied/i.test(text)) return 'ECS could not invoke it';
  if (/timed? ?out/i.test(text)) return 'it did not finish in time';
  return /returned FAILED|status FAILED|hookStatus.{0,20}FAILED/i.test(text) ? 'it returned FAILED' : 'it failed';
}
