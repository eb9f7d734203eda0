import { lastResort } from '../matrix.ts';
import { of } from '../say.ts';
import { wordOf } from '../words.ts';
import { AWS_MANAGES, byHost, onHosts } from './hosts.ts';
import {
  ANYWHERE,
  actionOf,
  allowed,
  deniedBy,
  type Found,
  GUIDE,
  LOGGERS,
  maybe,
  OF_LOG_DRIVERS,
  ON_INSTANCES,
  principalOf,
  type Rule,
  reacher,
  refusedRole,
  regionOf,
  resourceOf,
  roleOf,
  TASK,
  targetOf,
  wayTo,
} from './rule.ts';

const AWSLOGS = `${GUIDE}/using_awslogs.html`;
const INIT = `${GUIDE}/resource-initialization-error.html`;
/** What listens there, by the driver that the message names, else by the port of the address. */
const LOG_SERVERS: readonly (readonly [driver: RegExp, port: RegExp, words: string])[] = [
  [/\bfluentd?\b/i, /:2422[45]$/, of('firelens', 'the FireLens or Fluentd container before the container (dependsOn)')],
  [
    /\bsyslog\b/i,
    /:(?:514|6514|601)$/,
    'the syslog server (rsyslog, syslog-ng) on that host and port, with the protocol (TCP, UDP or TLS) that syslog-address names',
  ],
  [/\bgelf\b/i, /:12201$/, 'the GELF input of the log server (Graylog, Logstash) on that host and port'],
  [/\bsplunk\b/i, /:8088$/, of('splunk', 'the HTTP Event Collector of Splunk, or open the way to it')],
];

function logServer({ text, words: { server = '' } }: Found): string {
  const [, , words] =
    LOG_SERVERS.find(([driver]) => driver.test(text)) ?? LOG_SERVERS.find(([, port]) => port.test(server)) ?? [];
  return words ?? 'the log server on that host and port before the container';
}
/** The agent's own address: no subnet, security group or endpoint has to do with it. */
const ofAgent = (found: Found): string =>
  found.reading.launch === 'FARGATE'
    ? 'ECS starts another task on another host; if it comes back, open a support case with the ARN of the task.'
    : byHost(found, {
        ec2: 'Restart the ECS agent on that container instance (systemctl restart ecs) and see that its iptables rules for 169.254.170.2 are there (ecs-init sets them; a firewall or iptables -F removes them). Otherwise replace the instance with one of the current ECS-optimized AMI.',
        external:
          'Restart the ECS agent on the external instance (systemctl restart ecs) and see that its iptables rules for 169.254.170.2 are there (ecs-init sets them; a firewall of the machine or iptables -F removes them).',
        managed: AWS_MANAGES,
      });
/** What the values of log options must look like. */
const FORMS: readonly (readonly [option: string, form: string])[] = [
  ['mode', ': blocking or non-blocking'],
  ['size', ': a number with its unit and no space, such as 4m'],
];
/** What the address of a log server looks like, by driver. https://docs.docker.com/engine/logging/configure/ */
const ADDRESSES: readonly (readonly [driver: string, form: string])[] = of(
  ['firelens', 'splunk'],
  [
    ['gelf', 'udp://HOST:PORT or tcp://HOST:PORT'],
    ['syslog', 'udp://, tcp:// or tcp+tls:// with HOST:PORT, or unix:///dev/log'],
    ['fluentd', 'HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT or unix:///PATH, without a path behind the port'],
    ['splunk', 'https://HOST:PORT of the HTTP Event Collector, without a path'],
  ],
);
/** The endpoint answered, so that the host is not what is wrong. */
const ANSWERED = /ID not found|CredentialsV\d?Request|no task role|\b40[04]\b/i;
const groupOf = (text: string): string | undefined => /log-group:([^\s:*'",]+)/.exec(text)?.[1];

/** The log router's own configuration, which the agent reads before the container starts. */
const ROUTER_FILE = '(?:firelens|s3 config)\\b[\\s\\S]{0,600}?';
const bucketOf = (text: string): string | undefined => {
  const bucket = /from bucket ([\w.-]{3,63})/i.exec(text)?.[1];
  return bucket && `(bucket ${bucket})`;
};

/** Where a container's output goes, prepared before the container starts. */
export const LOGGING: readonly Rule[] = [
  {
    id: 'log-setup-failed',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'host',
    failure: 'unreachable',
    transient: true,
    match: [/169\.254\.170\.2\b/],
    unless: /from (?:asm|ssm)\b|CannotPull|registry auth/i,
    cause: ({ text }) =>
      ANSWERED.test(text)
        ? 'The log driver got no credentials: the credentials endpoint of the ECS agent (169.254.170.2) answered that it knows no such id, as the task has no role for it.'
        : 'The log driver got no credentials: the endpoint of the ECS agent on the host (169.254.170.2) did not answer it. That address never leaves the host.',
    remedy: (found) =>
      ANSWERED.test(found.text)
        ? 'Give the task definition an executionRoleArn (input `execution-role-arn`) with AmazonECSTaskExecutionRolePolicy, and deploy again.'
        : ofAgent(found),
    link: AWSLOGS,
  },
  {
    id: 'firelens-options-missing',
    technology: 'firelens',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'missing',
    match: [
      /fluentd log ?driver arguments|logging driver specified of container|missing output key Name|awsfirelens.{0,120}(?:options?|configuration).{0,40}(?:missing|required|not specified|empty)/i,
    ],
    cause: ({ text }) =>
      /output key Name/i.test(text)
        ? `The log driver awsfirelens of the container${maybe(wordOf('container', /container ([\w-]{1,255})/.exec(text)?.[1]))} has options without Name, which says where FireLens sends the log.`
        : `The log driver awsfirelens of the container${maybe(wordOf('container', /container ([\w-]{1,255})/.exec(text)?.[1]))} has no options, and FireLens needs at least one.`,
    remedy:
      'Give its logConfiguration an option, such as Name: cloudwatch_logs with its settings, or Name: null when a configuration file of FireLens does the routing (input `log-configuration-options`).',
    link: `${GUIDE}/firelens-taskdef.html`,
  },
  {
    id: 'firelens-failed',
    technology: 'firelens',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'denied',
    match: [new RegExp(`${ROUTER_FILE}(?:AccessDenied|Access Denied|Forbidden|\\b403\\b|not authorized)`, 'i')],
    cause: (found) =>
      `The ${principalOf(found)} may not read the configuration file of the FireLens log router in S3${maybe(bucketOf(found.text))} (S3 says so of a missing file as well).`,
    remedy: (found) =>
      allowed(
        found,
        'Allow s3:GetObject on the file and s3:GetBucketLocation on its bucket for the execution role (executionRoleArn), and check that the object of config-file-value in firelensConfiguration.options exists.',
      ),
    link: `${GUIDE}/firelens-taskdef.html`,
  },
  {
    id: 'firelens-failed',
    technology: 'firelens',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'missing',
    match: [new RegExp(`${ROUTER_FILE}(?:NoSuchKey|NoSuchBucket|Not ?Found|\\b404\\b|does not exist)`, 'i')],
    cause: ({ text }) =>
      `The configuration file of the FireLens log router does not exist in S3${maybe(bucketOf(text))}.`,
    remedy:
      'Upload it, or correct config-file-value in firelensConfiguration.options of the log router (the ARN of the object).',
    link: `${GUIDE}/firelens-taskdef.html`,
  },
  {
    id: 'firelens-failed',
    technology: 'firelens',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'unreachable',
    match: [
      new RegExp(
        `${ROUTER_FILE}(?:i/o time|dial tcp|deadline exceeded|no such host|RequestError|send request failed|StatusCode: 0\\b|timed? ?out)`,
        'i',
      ),
    ],
    cause: (found) =>
      `${reacher(found)} cannot reach Amazon S3 over its network to read the configuration file of the FireLens log router.`,
    remedy: (found) => wayTo(found, ['s3']),
    link: INIT,
  },
  {
    id: 'log-permission-denied',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'denied',
    match: [
      /not authorized to perform:? ?['"]?logs:\w+/i,
      /(?:log group|log stream|logger args|logging driver|CloudWatch Logs).{0,900}?(?:AccessDenied|not authorized|explicit deny)/i,
    ],
    cause: (found) => {
      const action =
        actionOf(found) ??
        (/Create\w{0,10}log ?group|log group:/i.test(found.text) ? 'logs:CreateLogGroup' : 'logs:CreateLogStream');
      return `The ${principalOf(found)} may not write the logs of the task (${action})${maybe(groupOf(found.text) ? `in the log group ${groupOf(found.text)}` : undefined)}${deniedBy(found)}.`;
    },
    remedy: (found) => {
      const action =
        actionOf(found) ??
        (/Create\w{0,10}log ?group|log group:/i.test(found.text) ? 'logs:CreateLogGroup' : 'logs:CreateLogStream');
      return allowed(
        found,
        `Allow ${action} on ${resourceOf(found) ?? 'the log group'} for ${refusedRole(found)}${roleOf(found) || found.reading.launch === 'FARGATE' || found.reading.launch === 'EXTERNAL' ? '' : ' (on EC2 without one: the instance role)'}, beside logs:CreateLogStream and logs:PutLogEvents. AmazonECSTaskExecutionRolePolicy does not include logs:CreateLogGroup, which awslogs-create-group needs: allow it, or create the log group beforehand.`,
      );
    },
    link: AWSLOGS,
  },
  {
    id: 'log-group-missing',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'missing',
    match: [/specified log group does not exist/i],
    unless: /connection issue|signal: killed/i,
    cause: (found) =>
      `The log group${maybe(found.words.group ?? groupOf(found.text))} in awslogs-group of the task definition does not exist in ${/\bREGION\b/.test(regionOf(found)) ? 'its Region' : `Region ${regionOf(found)}`}.`,
    remedy: (found) =>
      `Create the log group (aws logs create-log-group --log-group-name ${found.words.group ?? groupOf(found.text) ?? 'NAME'}). Otherwise correct awslogs-group or awslogs-region (input \`log-configuration-options\`), or set awslogs-create-group to true and allow logs:CreateLogGroup for the execution role.`,
    link: AWSLOGS,
  },
  {
    id: 'log-setup-failed',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'denied',
    match: [
      /(?:logging driver|log (?:stream|group)|awslogs|CloudWatch).{0,900}?(?:NoCredentialProviders|no valid providers in chain|failed to refresh cached credentials|EC2RoleRequestError|no EC2 (?:IMDS|instance) role)/i,
    ],
    unless: /169\.254\.170\.2/,
    cause:
      'Docker on the container instance has no AWS credentials with which the log driver awslogs could write: the task has no execution role, and the instance has no role that Docker can read.',
    remedy:
      'Give the task definition an executionRoleArn (input `execution-role-arn`) with AmazonECSTaskExecutionRolePolicy. Or give the container instance an instance profile whose role may write logs, and let its metadata service (IMDS) answer.',
    link: AWSLOGS,
  },
  {
    id: 'log-setup-failed',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'throttled',
    transient: true,
    match: [
      /(?:logging driver|awslogs|log (?:stream|group)|logger args|CloudWatch Logs?).{0,600}?(?:ThrottlingException|Rate exceeded|throttl)/i,
    ],
    cause:
      'CloudWatch Logs throttled the calls that make the log stream of the container: too many tasks start at once.',
    remedy:
      'ECS tries again. If it comes back, start fewer tasks at once (input `maximum-percent`), or ask for a higher rate of CreateLogStream in Service Quotas.',
    link: AWSLOGS,
  },
  {
    id: 'log-driver-missing',
    nature: 'permanent',
    surfaces: TASK,
    producers: LOGGERS,
    launch: ON_INSTANCES,
    subject: 'logs',
    failure: 'missing',
    match: [/(?<driver>journald) is not enabled on this host|(?<socket>\/dev\/log|unix syslog delivery)/i],
    cause: ({ words: { driver, socket } }) =>
      socket
        ? 'The container instance has no local syslog socket (/dev/log), which the log driver syslog uses without an address.'
        : `The container instance does not run ${driver ?? 'the log service'}, which the log driver needs.`,
    remedy: (found) =>
      `${byHost(found, {
        ec2: 'Install and start that service on the container instances (user data; rsyslog for /dev/log), give',
        external: 'Install and start that service on the external instances (rsyslog for /dev/log), give',
        managed: 'Managed Instances cannot be changed for it: give',
      })} the log driver the address of a server (syslog-address in logConfiguration.options, input \`log-configuration-options\`), or use awslogs.`,
    link: AWSLOGS,
  },
  {
    id: 'log-options-invalid',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /cannot determine region for awslogs|failed to resolve service endpoint|endpoint rule error|Missing ?Region|MissingEndpoint|'Endpoint' configuration is required|could not find region configuration/i,
      /lookup logs\.(?!(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-|iso[a-z]?-)?(?:north|south|east|west|central)(?:east|west)?-\d\.)(?<region>[\w-]{1,40})\.amazonaws\S{0,12} ?(?:on \S{1,50} )?:? ?no such host/i,
    ],
    unless: /secretsmanager|from (?:asm|ssm)\b|registry auth/i,
    cause: ({ words: { region } }) =>
      `The log option awslogs-region of the container${region ? ` (${region}) names no Region that has an endpoint of CloudWatch Logs` : ' is missing or names no Region, so the log driver finds no endpoint of CloudWatch Logs'}.`,
    remedy:
      'Set awslogs-region in logConfiguration.options to the Region of the log group, such as eu-west-1 (input `log-configuration-options`).',
    link: AWSLOGS,
  },
  {
    id: 'log-options-invalid',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /cannot (?:use|configure|specify)[^.]{0,60}?(?<option>(?:awslogs-)?(?:multiline-pattern|datetime-format))|both .{0,60}(?<option2>awslogs-(?:multiline-pattern|datetime-format))/i,
      /logging (?<option>mode) not supported:? ['"]?(?<value>[\w.-]{1,60})|['"]?(?<option2>mode)['"]? must be .{0,60}?(?:got ['"]?(?<value2>[\w.-]{1,60}))?/i,
      /(?:parsing|parse|invalid|value for)[^.:]{0,40}?(?<option>max-buffer-size|max-size|max-file|awslogs-[a-z-]{3,40}|(?:splunk|gelf|fluentd|syslog)-[a-z-]{2,40})[^\n]{0,20}/i,
      /(?<option>max-buffer-size|max-size|max-file)\b.{0,40}(?:invalid|only supported|must be)/i,
    ],
    when: ({ text }) => /logger args|logging driver|logger:|log opt|log driver/i.test(text),
    unless: /must specify a value|unknown log opt|(?:is|are) (?:expected|required)/i,
    cause: ({ words, text }) => {
      const option = words.option ?? words.option2;
      if (/multiline|datetime/.test(option ?? ''))
        return 'The log options awslogs-multiline-pattern and awslogs-datetime-format of the container exclude each other.';
      return `The log driver does not accept the value of the log option${maybe(option)}${maybe((words.value ?? words.value2) && `(${words.value ?? words.value2})`)} of the container. It says: ${text.slice(0, 300)}`;
    },
    remedy: ({ words }) => {
      const option = words.option ?? words.option2 ?? 'the option';
      if (/multiline|datetime/.test(option))
        return 'Keep one of the two in logConfiguration.options (input `log-configuration-options`).';
      return `Correct ${option} in logConfiguration.options (input \`log-configuration-options\`)${FORMS.find(([name]) => option.includes(name))?.[1] ?? ''}.`;
    },
    link: `${GUIDE}/specify-log-config.html`,
  },
  {
    id: 'log-options-invalid',
    technology: 'firelens',
    nature: 'permanent',
    surfaces: TASK,
    producers: [...LOGGERS, 'runtime'],
    launch: ANYWHERE,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /(?<driver>gelf|syslog|fluentd|splunk|logentries)\b.{0,120}?(?:unsupported scheme|endpoint needs to be|unable to parse address|invalid (?:\w{2,10}-)?address|invalid port|missing (?:port|scheme)|(?:address|url) should be in (?:the )?form|please provide \S{3,20}-address|path (?:is )?not supported)/i,
      /(?<driver>gelf|syslog|fluentd|splunk)-(?:address|url)\b.{0,60}?(?:should be|must be|invalid|expected format|in the form)/i,
    ],
    cause: ({ words: { driver = 'the log driver' }, text }) =>
      `The address of the log server in logConfiguration of the container is not of the form that the log driver ${driver} takes: ${/(?:unsupported scheme|endpoint needs|unable to parse|invalid|missing|should be|please provide|must be|expected|path)[^\n]{0,160}/i.exec(text)?.[0] ?? 'it cannot be read'}.`,
    remedy: ({ words: { driver = '' } }) =>
      `Correct ${/splunk/i.test(driver) ? 'splunk-url' : `${driver.toLowerCase()}-address`} in logConfiguration.options (input \`log-configuration-options\`): ${ADDRESSES.find(([one]) => one === driver.toLowerCase())?.[1] ?? 'scheme, host and port'}.`,
    link: `${GUIDE}/specify-log-config.html`,
  },
  {
    id: 'log-options-invalid',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /'(?<field>logStreamName|logGroupName)' failed to satisfy constraint/i,
      /(?<field>log ?(?:stream|group) ?name)\b.{0,120}(?:invalid|not valid|pattern|must (?:match|not))/i,
    ],
    cause: ({ words: { field = '' }, text }) =>
      `The name of the log ${/stream/i.test(field) ? 'stream' : 'group'} of the container${maybe(/Value '([^']{1,300})'/.exec(text)?.[1])} has characters that CloudWatch Logs does not take, or is too long.`,
    remedy: ({ words: { field = '' } }) =>
      /stream/i.test(field)
        ? 'Correct awslogs-stream-prefix (or awslogs-stream) in logConfiguration.options (input `log-configuration-options`): no colon and no asterisk, so no tag or ARN of an image; ECS appends the container and the id of the task.'
        : 'Correct awslogs-group in logConfiguration.options (input `log-configuration-options`): letters, digits and . - _ / # only, no colon (so no ARN), at most 512 characters.',
    link: AWSLOGS,
  },
  {
    id: 'log-setup-failed',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'exhausted',
    match: [/(?:log ?group|CreateLogGroup).{0,400}?(?:LimitExceeded|Resource limit exceeded)/i],
    cause:
      'The quota of log groups of the account in that Region is reached, so the log driver could not make the log group of the container.',
    remedy:
      'Delete log groups that nothing writes to, or ask for a higher quota (Service Quotas, CloudWatch Logs). Or name one that exists in awslogs-group (input `log-configuration-options`).',
    link: AWSLOGS,
  },
  {
    id: 'log-setup-failed',
    technology: 'splunk',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /(?:logging driver|log driver|logger args|splunk|syslog|fluentd?|gelf)\b.{0,400}?(?:x509: (?<why>[^"]{3,200}))/i,
    ],
    unless: /firelens|s3 config|amazonaws\./i,
    cause: ({ words: { why } }) =>
      `The log driver of the container does not trust the TLS certificate of its log server${why ? `: ${why.trim().replace(/[.:]$/, '')}` : ''}.`,
    remedy: [
      'Give the log server a certificate of a public authority for the name in its address. Or give the driver its CA in logConfiguration.options (input `log-configuration-options`), a file that is on every instance (syslog-tls-ca-cert',
      { for: 'splunk', words: ', splunk-capath; splunk-insecureskipverify only for a trial' },
      ').',
    ],
    link: `${GUIDE}/specify-log-config.html`,
  },
  {
    id: 'log-network',
    technology: 'firelens',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'unreachable',
    match: [
      /logging driver: (?:tls: )?dial (?:tcp|udp)\d?:? (?:lookup )?(?<server>(?![\w.-]{1,253}\.(?:amazonaws|api\.aws)\b)[\w.-]{3,253}(?::\d{1,5})?)(?= on |: )/i,
      /logging driver: (?:gelf|fluentd?|syslog|splunk|logentries|gcplogs)\b.{0,200}(?:lookup (?<server>[\w.-]{3,253})|dial (?:tcp|udp)\d?:? (?<server>[\w.:[\]-]{3,260}?)(?:->\S{3,260})?: )/i,
      /(?:logging driver|fluentd?|syslog|gelf)\b.{0,200}?dial unix (?<server>\/[\w./-]{3,200}):/i,
      /logging driver: .{0,200}dial (?:tcp|udp)\d?:? (?<server>(?:127\.0\.0\.1|localhost|\[::1\]|[\w.-]{1,253}):(?:24224|24225|12201|514|6514|8088|5170)\b)|(?:fluentd?|gelf|syslog|splunk)\b.{0,200}dial (?:tcp|udp)\d?:? (?<server>[\w.:[\]-]{3,260}?): /i,
    ],
    cause: ({ words: { server } }) =>
      `The log driver of the container cannot connect to its log server${maybe(server)}.`,
    remedy: (found) => {
      if (/lookup|no such host/i.test(found.text))
        return 'Give the address of the log server in logConfiguration.options a name or IP that the host of the task itself resolves (input `log-configuration-options`): Docker connects from there, where names of containers, links and Service Connect mean nothing.';
      return found.words.server?.startsWith('/')
        ? `Let what opens ${found.words.server} run on every container instance before the tasks (${byHost(found, { ec2: 'a daemon service, user data', external: 'a daemon service, or a service of the machine', managed: 'a daemon' })}), and see that its folder is mounted from the host into it. ECS tries again where it only started later.`
        : `Start ${logServer(found)}, or correct the address in logConfiguration.options (input \`log-configuration-options\`).`;
    },
    link: AWSLOGS,
  },
  {
    id: 'log-network',
    nature: 'ambiguous',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'unreachable',
    general: true,
    match: [
      /(?:logger args|log stream|log group|logging driver(?!: (?:gelf|fluentd?|syslog|splunk|logentries|gcplogs|journald|options)\b)|CloudWatch Logs|logs\.[\w-]{1,30}\.amazonaws).{0,900}?(?:signal: killed|i\/o time|dial tcp|deadline exceeded|no such host|request canceled|RequestCanceled|RequestError|connection (?:refused|reset)|StatusCode: 0\b|send request failed|timed? ?out|connection issue)/i,
      /task cannot find the Amazon CloudWatch log group/i,
    ],
    cause: (found) =>
      `${reacher(found)} cannot reach Amazon CloudWatch Logs over its network${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
    remedy: (found) => wayTo(found, ['logs']),
    link: INIT,
  },
  {
    id: 'log-driver-missing',
    nature: 'permanent',
    surfaces: TASK,
    producers: LOGGERS,
    launch: ON_INSTANCES,
    subject: 'logs',
    failure: 'missing',
    match: [/no log driver named ["']?(?<driver>[\w-]+)/i],
    cause: ({ words: { driver } }) => `The container instance has no log driver${maybe(driver)}.`,
    remedy: onHosts({
      ec2: 'Choose a log driver that it has (input `log-configuration-log-driver`), or add it to ECS_AVAILABLE_LOGGING_DRIVERS in /etc/ecs/ecs.config of the container instance.',
      external:
        'Choose a log driver that it has (input `log-configuration-log-driver`), or add it to ECS_AVAILABLE_LOGGING_DRIVERS in /etc/ecs/ecs.config of the external instance (awslogs is off there by default).',
      managed: of(
        'splunk',
        'Choose a log driver that Managed Instances have (input `log-configuration-log-driver`): awslogs, splunk or awsfirelens.',
      ),
    }),
    link: AWSLOGS,
  },
  {
    id: 'log-options-invalid',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'invalid',
    match: [
      /unknown log opt ["']?(?<option>[\w-]+)["']?(?: for (?<driver>[\w-]+) log driver)?/i,
      /must specify a value for log opt ["']?(?<option>[\w-]+)/i,
      /(?<option>(?:splunk|gelf|fluentd|syslog|awslogs)-[\w-]{1,40}) (?:is|are) (?:expected|required)/i,
    ],
    cause: ({ words: { option, driver }, text }) => {
      if (/unknown log opt/i.test(text))
        return `The log driver${maybe(driver)} of logConfiguration does not know the log option${maybe(option)}.`;
      return option
        ? `The log option ${option}, which the log driver needs, is missing in logConfiguration of the container.`
        : "A log option of the task definition's logConfiguration is wrong or missing.";
    },
    remedy: ({ words: { option, driver }, text }) => {
      if (/unknown log opt/i.test(text))
        return `Remove ${option ?? 'it'} from logConfiguration.options (input \`log-configuration-options\`), or correct its spelling${option && driver && !option.startsWith(driver) ? `; it is an option of another log driver, so logDriver may be what is wrong (input \`log-configuration-log-driver\`)` : ''}.`;
      return option
        ? `Add ${option} to logConfiguration.options of the container (input \`log-configuration-options\`); what is secret in it belongs in secretOptions.`
        : 'Correct logConfiguration.options (input `log-configuration-options`), as the log driver documents them: awslogs needs awslogs-group and awslogs-region, on Fargate awslogs-stream-prefix as well.';
    },
    link: `${GUIDE}/specify-log-config.html`,
  },
  {
    id: 'log-options-invalid',
    technology: 'splunk',
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'denied',
    match: [
      /splunk\b.{0,300}?(?:\b40[0-4]\b|invalid token|token is (?:required|disabled)|authenticate)(?<why>.{0,120})/i,
    ],
    cause: ({ text }) =>
      `Splunk did not accept the connection of the log driver: ${/(?:splunk: |splunk,? )(.{5,200})$/i.exec(text)?.[1] ?? text.slice(-200)}`,
    remedy:
      'Check splunk-url (host and port of the HTTP Event Collector, as a rule 8088) and splunk-token in logConfiguration of the container (inputs `log-configuration-options`; the token in secretOptions), and that the collector has that token enabled.',
    link: `${GUIDE}/specify-log-config.html`,
  },
  {
    id: 'firelens-failed',
    technology: 'firelens',
    vague: true,
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'failed',
    match: [/firelens|unable to download s3 config \S{1,255} from bucket/i],
    cause: ({ text }) => `The FireLens log router could not be prepared or ended: ${text}`,
    remedy:
      'See the last part of the message, then firelensConfiguration of the log router (type, config file) and the log of that container: it says what it refuses.',
    link: `${GUIDE}/using_firelens.html`,
  },
  {
    id: 'log-setup-failed',
    vague: true,
    nature: 'permanent',
    ...OF_LOG_DRIVERS,
    subject: 'logs',
    failure: 'failed',
    match: [/failed to validate logger args/i, /failed to (?:initialize|create) (?:the )?logging driver/i],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: AWSLOGS,
  },
];
