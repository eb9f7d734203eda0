/**
 * What others put around a message before it reaches us: an action's or tool's prefix, an SDK's request data, a box of
 * Terraform, CloudFormation's handler, the HTTP error of an old Docker. They say who passed it on, not what is wrong.
 */
import type { Surface } from './diagnosis.ts';

/** What infrastructure code was doing with a resource when it was refused. */
const DOING =
  'creating|updating|reading|retrieving|deleting|modifying|putting|registering|deregistering|setting|attaching|detaching|adding|removing|enabling|disabling|tagging|listing|describing|requesting|importing|associating|authorizing|starting|stopping|waiting for';

/** What stands before the message, outermost first; taken off again and again until none is left. */
const BEFORE: readonly RegExp[] = [
  /^(?:##\[error\]|::error(?: [^:]{0,200})?::|Error: (?=\S)|\u2502 ?|\u2577 ?|[\u274C\u2717\u2716] {0,3}|(?:fatal|ERROR):? (?=\S))\s*/,
  // CloudFormation, the CDK and SAM: the stack, its state, the resource.
  /^(?:\S{1,255} )?failed: (?:Error: |_?\w{1,40}Error: )?(?=The stack named )/,
  /^The stack named \S{1,255} failed (?:to deploy|creation(?:, it may need to be manually deleted from the AWS console)?): (?:[A-Z_]{6,60}(?: \([^)]{0,255}\))?: ?)?(?=\S)/,
  /^[^"']{0,255}?(?:CREATE|UPDATE|DELETE)_FAILED[^"']{0,300}?(?=Resource handler returned message)/,
  /^(?:botocore\.(?:errorfactory|exceptions)\.|services\.\w{2,20}\.model\.)(?=\w{1,80}: )/,
  /^(?:Could not|Unable to|Failed to) assume (?:the )?role with (?:OIDC|user|web identity(?: token)?(?: file)?)[:,] (?=\S)/i,
  /^Failed to register task definition in ECS: (?=\S)/,
  /^(?:error )?(?:creating|updating|reading|deleting|putting|registering|waiting for|setting) (?:ECS|ECR|STS|CodeDeploy|Application Auto ?Scaling|EventBridge|Scheduler)\b[^:]{0,120}?(?:\([^)]{0,255}\)[^:]{0,40})?: (?=\S)/i,
  // Terraform, Pulumi and OpenTofu in front of any service's code.
  new RegExp(
    `^(?:[Ee]rror )?(?:${DOING})(?: (?:[\\w.'/-]{1,80}|\\([^)]{0,255}\\)|"[^"]{0,255}")){1,12}: (?=(?:[A-Z]\\w{2,80}\\.)?[A-Z]\\w{2,80}: |operation error |api error )`,
  ),
  /^(?:error: )?\d{1,3} errors? occurred: \* (?=\S)/,
  /^(?:\* )?(?:module\.[\w.[\]"-]{1,200}\.)?aws_\w{2,60}\.[\w[\]"-]{1,120}: (?=\S)/,
  /^(?:\+ {0,3})?aws:[\w/:]{2,80} (?:\([^)]{0,255}\)|\S{1,255}) (?:\w{2,10}ing failed )?(?:\d{1,3} errors? )?(?:error: )?(?=error: |sdk-v2|\d{1,3} errors? occurred)/,
  /^(?:error: )?sdk-v2\/\S{1,80} sdk\.helper_schema: (?=\S)/,
  /^operation error [\w.-][\w .-]{0,40}: \w{1,60}, (?:exceeded maximum number of attempts, \d{1,3}, )?(?:https? response error StatusCode: \d{1,3}, (?:RequestID: [\w-]{0,64}, )?(?:HostID: [^,\s]{0,160}, )?)?(?:api error )?(?=\S)/,
  /^api error (?=[A-Z]\w{2,80}(?:\.\w{2,60})?: )/,
  /^Exception calling "\w{1,80}"(?: with "\d{1,3}" argument\(s\))?: "(?=\S)/,
  /^(?:com|software)\.amazon(?:aws|\.awssdk)\.[\w.]{1,120}?\.(?=\w{1,80}(?:Exception|Error)\b)/,
  /^Resource handler returned message: ['"]/,
  /^(?:Invalid request provided|\w{1,40}Service error): (?=\w+ error: |\w)/,
  // CloudFormation's handlers write the call in front of ECS's answer: `CreateService error: `, `Create TaskDefinition: `.
  /^(?!\w*(?:Exception|Error)\b)(?:Create|Update|Delete|Register|Deregister|Put) ?[A-Z]\w{2,40}(?: error)?: (?=\S)/,
];
/** What stands behind it. */
const BEHIND: readonly RegExp[] = [
  / \(RequestToken: [^)]{0,200}\)['"]?$/,
  / \((?:AWS )?Service: [^()]{1,200}; Status Code: \d{1,3}; Error Code: \w{1,80}(?:; Request ID: [^)]{0,200})?\)?['"]?$/,
  / \(Service: \w{1,40}, Status Code: \d{1,3}, Request ID: [^)]{0,200}\)(?: \(SDK Attempt Count: \d{1,3}\))?['"]?$/,
  /[\s\u2502]{1,20}(?:with (?:module\.)?[\w.[\]"-]{1,255},[\s\u2502]{1,20})?on [\w./-]{1,255}\.tf line \d{1,6},? in resource .{0,300}$/,
  / status code: \d{3}, request id: [\w-]{0,64}(?: "[^"]{0,255}")?$/,
  /: provider=aws@[\w.-]{1,20}(?: .{0,400})?$/,
];

/** The stack and the answer's data, as Node.js prints them behind an SDK's error: how they begin, and how many characters follow at most. */
const NODE_TAILS: readonly (readonly [mark: RegExp, most: number])[] = [
  [/ at (?:\w{3,5} )?[\w.$<>]{1,80} \((?:file:|node:|\/|[A-Z]:\\)/g, 7_000],
  [/ \{ ['"]?\$(?:fault|metadata)['"]?: /g, 4_000],
];

/** No mark is longer. */
const MARK = 120;

/**
 * The first mark that at most so many characters follow. Only the end of the text is read: a pattern with the bound in it would count that
 * far from each mark.
 * @param mark a global pattern
 * @returns where it begins and ends; undefined where there is none
 */
function markNearEnd(
  text: string,
  mark: RegExp,
  most: number,
): { readonly from: number; readonly to: number } | undefined {
  const start = Math.max(0, text.length - most - MARK);
  for (const { 0: found, index } of text.slice(start).matchAll(mark)) {
    const to = start + index + found.length;
    if (text.length - to <= most) return { from: start + index, to };
  }
  return undefined;
}

/** The exception, where a client writes it behind the sentence: it goes in front, as others write it. */
const CODE = /; Status Code: \d{1,3}; Error Code: (\w{3,76}Exception)\b/;

/** An old Docker could not send what runc printed in an HTTP header, and so answered with the words of that refusal. */
const HEADER = /(?:API error \(\d{3}\): )?invalid header field value "(?=oci runtime error)/i;

/** A daemon's answer that a client quotes: `API error (500): {"message":"..."}`. */
const DAEMON = /API error \(\d{3}\): \{\s?"message":\s?"(?<inner>(?:[^"\\]|\\.){1,4000})"\s?\}?/;

/** The body of an error as the API sends it: query APIs (STS, IAM) in XML, the others in JSON. */
const BODIES: readonly RegExp[] = [
  /<Code>(?<code>\w{2,80})<\/Code>\s{0,20}<Message>(?<message>[^<]{1,4000})<\/Message>/,
  /"__type":\s?"(?:[\w.]{1,120}#)?(?<code>\w{2,80})",\s?"[mM]essage":\s?"(?<message>(?:[^"\\]|\\.){1,4000})"/,
];
function bodyIn(text: string): string | undefined {
  for (const body of BODIES) {
    const { code, message } = body.exec(text)?.groups ?? {};
    if (code !== undefined && message !== undefined) return `${code}: ${message.trim()}`;
  }
  return undefined;
}

/** Where a client's sentence begins: what a script, a logger or a tool printed before it is not the service's word. */
const CLIENT =
  /An error occurred \(\w{1,80}\) when calling the \w{1,80} operation|\boperation error [A-Z][\w .-]{0,40}: [A-Z]\w{2,60}, /g;
/** From the last one on: of calls inside of each other the innermost was refused. */
function fromClient(text: string): string {
  const last = [...text.matchAll(CLIENT)].at(-1);
  return last === undefined ? text : text.slice(last.index);
}
/** An entry in logfmt: `msg="..." error="ClientException: ...\n\tstatus code: 400"`. */
const LOGFMT = /\b(?:error|err)="(?<inner>\w{1,80}(?:Exception|Error): (?:[^"\\]|\\.){1,2000})"/;
const fromLogfmt = (text: string): string =>
  LOGFMT.exec(text)
    ?.groups?.inner?.replace(/\\[nt]/g, ' ')
    .replace(/\s{1,20}status code: \d{3}.{0,200}$/, '')
    .replaceAll('\\"', '"') ?? text;

/** What Terraform and OpenTofu print while they work, and are done with, on other resources. */
const PROGRESS =
  /(?:module\.[\w.[\]"-]{1,120}\.)?(?:data\.)?aws_\w{2,60}\.[\w[\]"-]{1,80}: (?:Refreshing state\.\.\.|Reading\.\.\.|Read complete|Creating\.\.\.|Modifying\.\.\.|Destroying\.\.\.|Still \w{4,12}\.\.\.|(?:Creation|Modifications|Destruction) complete)(?: after \w{1,10})?(?: \[[^\]]{0,300}\])?\s{0,4}/g;

/** @param text one message on one line; build output and logs are read elsewhere */
export function unwrap(text: string, surface: Surface): string {
  if (surface === 'buildx.stderr' || surface === 'container.log') return text;
  let inner = text;
  if (surface.startsWith('api.')) {
    inner =
      fromClient(fromLogfmt(bodyIn(text) ?? text))
        .replace(PROGRESS, '')
        .trim() || text;
    const code = CODE.exec(inner.slice(-2_000))?.[1];
    for (let i = 0; i < 12; i += 1) {
      const bare = [...BEFORE, ...BEHIND].reduce((words, pattern) => words.replace(pattern, '').trim(), inner);
      const stripped = NODE_TAILS.reduce(
        (words, [mark, most]) => words.slice(0, markNearEnd(words, mark, most)?.from).trim(),
        bare,
      );
      if (stripped === inner || stripped === '') break;
      inner = stripped;
    }
    // Its opening quotation mark went with the wrapper.
    const sentence = inner.indexOf('"') === inner.length - 1 ? inner.replace(/"$/, '') : inner;
    return code === undefined || /^\w{3,80}(?:Exception|Error): |^An error occurred/.test(sentence)
      ? sentence
      : `${code}: ${sentence}`;
  }
  inner = inner.replace(DAEMON, (...found) => {
    const { inner = '' } = found.at(-1) as Record<string, string>;
    return inner.replace(/\\n/g, ' ').replace(/\\(?=["\\])/g, '');
  });
  if (!HEADER.test(inner)) return inner;
  // Each run of backslashes is read once, whatever follows it.
  return inner
    .replace(HEADER, '')
    .replace(/\\+(["n]?)/g, (run: string, next: string) => (next === 'n' ? ' ' : next || run));
}

/**
 * The operation that a client names in its own words: `when calling the X operation`, `operation error ECS: X,`, the
 * resource that CloudFormation or Terraform was making. Undefined where it names none.
 */
export function operationIn(text: string): string | undefined {
  const named = [...text.matchAll(CALLED)].at(-1)?.groups;
  const name = named?.name ?? named?.sdk ?? named?.own ?? named?.handler;
  if (name !== undefined) return name;
  return /register(?:ing)? (?:the )?task definition|creating ECS Task Definition|Create TaskDefinition: |AWS::ECS::TaskDefinition/i.test(
    text,
  )
    ? 'RegisterTaskDefinition'
    : undefined;
}
const CALLED =
  /when calling the (?<name>\w{3,60}) operation|\boperation error [A-Z][\w .-]{0,40}: (?<sdk>[A-Z]\w{2,60})\b|\b(?:ecs|ecr|sts|codedeploy|scheduler|events|application-autoscaling):(?<own>[A-Z]\w{3,60}) failed: |\b(?<handler>(?:Create|Update|Delete|Put)[A-Z]\w{2,40}) error: /g;

/** What an event of a service quotes: `... with (error TEXT).`, of 8 to 4,000 characters. */
export function quoted(text: string): string | undefined {
  const mark = markNearEnd(text, /\(error:? |\bReason: /gi, 4_000);
  const inner = mark === undefined ? '' : text.slice(mark.to).replace(/\)?\.?$/, '');
  return inner.length < 8 ? undefined : inner.trim();
}
