/**
 * The log of the ECS agent of a container instance, which is no application of a task: its own form of lines, and what
 * those mean that the agent prints of its tasks. https://github.com/aws/amazon-ecs-agent (agent/logger)
 */
import type { Launch } from './diagnosis.ts';

export interface HostLog {
  readonly cause: string;
  readonly remedy: string;
}

const LINES = 400;
const LENGTH = 2_000;

/** Each line since version 1.30 names level, time and message in this order, and the agent's source file at its end. */
const LOGFMT = /^level=\w{4,8} time=\d{4}-\S{10,30} msg=.{0,1800} module=\w{1,60}\.go\b/;
/** A program in the agent's form of before and its network plugins: the words behind the level are those of the agent alone. */
const BRACKETS =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[(?:INFO|WARN|ERROR|DEBUG|CRITICAL)\] .{0,400}?(?:\bCredentialsV\dRequest: |\bws backend\b|\bTCS\w{6,60}Handler\b|\b(?:tcs|acs)\b[;:]|\bManaged task \[|\bTask engine \[|\bDockerGoClient: |\bHandling http request method\b|\bRegister(?:ing|ed)? (?:container )?[Ii]nstance\b|\bpause container\b)/;
const NETWORK = /\[ECSCNI\]|^"?Unable to configure pause container namespace\b/;

/** What looks like trouble in a line of the agent. */
const TROUBLE =
  /\[(?:ERROR|CRITICAL)\]|\blevel=(?:error|critical)\b|\b(?:[Ee]rr(?:or)?|[Ff]ail(?:ed|ure)|[Uu]nable to|not found)\b/;

const AGENT = 'The line is of the ECS agent of a container instance, not of an application';
const LOGS = '/var/log/ecs on Linux, C:\\ProgramData\\Amazon\\ECS\\log on Windows';

/** What the agent says of itself or a task, the surest form first. */
const MEANINGS: readonly (readonly [form: RegExp, cause: string, remedy: string])[] = [
  [
    /\[ECSCNI\]|pause container namespace/,
    'the agent could not set up the network of a task (network mode awsvpc) in its pause container',
    `Update the ECS agent and its network plugins together (the newest ECS-optimized AMI), or replace the container instance: tasks on other instances show whether it is this one alone. The logs of the agent and its plugins name the step (${LOGS}).`,
  ],
  [
    /InvalidContainerInstance|Missing container instance arn/,
    'ECS closed the connection of the agent, because this container instance is not registered in the cluster any more',
    'Look for who deregistered it (CloudTrail DeregisterContainerInstance, the activity of the Auto Scaling group). Where it is to stay, replace the instance, or stop the agent, remove its state in /var/lib/ecs/data and start it, so that it registers again.',
  ],
  [
    /CredentialsV\dRequest: (?:Credentials )?ID not found/i,
    'a container asked the credentials endpoint of the agent with an id that the agent does not know; the line does not say whether its task has ended or the agent lost it',
    'Find the container of that IP address and compare its AWS_CONTAINER_CREDENTIALS_RELATIVE_URI with the one that ECS gave its own task: the variable must not be passed on to other containers. Start that task again; if it comes back, update the agent.',
  ],
  [
    /task metadata.{0,200}[Uu]nable to (?:get task arn|associate)|unable to associate '[\d.]{7,15}' with task/,
    'a container asked the task metadata endpoint of version 2, which finds tasks by their IP address and so answers in network mode awsvpc alone; the credentials of the task role do not depend on it',
    'Let the client use ECS_CONTAINER_METADATA_URI_V4, which works in every network mode; where it does, the line can be ignored.',
  ],
];

/**
 * @param text a log, its last lines
 * @returns undefined where no line has the agent's own form
 */
export function explainHostLog(text: string, launch: Launch | undefined): HostLog | undefined {
  const lines = text
    .slice(-LINES * LENGTH)
    .split('\n')
    .slice(-LINES)
    .map((line) => line.slice(0, LENGTH).trim());
  const own = lines.filter((line) => LOGFMT.test(line) || BRACKETS.test(line) || NETWORK.test(line));
  if (own.length === 0) return undefined;
  for (const [form, cause, remedy] of MEANINGS) {
    const line = own.find((one) => form.test(one));
    if (line !== undefined)
      return { cause: `${AGENT}: ${cause}: ${line.slice(0, 400)}`, remedy: onHost(remedy, launch) };
  }
  const line = own.find((one) => TROUBLE.test(one)) ?? own.at(-1) ?? '';
  return {
    cause: `${AGENT}; by itself it does not say that a task failed: ${line.slice(0, 400)}`,
    remedy: onHost(
      `Read the lines around it in the log of the agent (${LOGS}), and look at the state of the container instance (aws ecs describe-container-instances: agentConnected, status). Why a task ended stands in its stopped reason.`,
      launch,
    ),
  };
}

/** The agent of Fargate and of Managed Instances is run by AWS. */
const onHost = (remedy: string, launch: Launch | undefined): string =>
  launch === 'FARGATE' || launch === 'MANAGED_INSTANCES'
    ? 'Look at the stopped reason and exit codes of the task: AWS runs the agent of its host, and its log is not that of the container.'
    : remedy;
