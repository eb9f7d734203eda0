import { lastResort } from '../matrix.ts';
import { of } from '../say.ts';
import {
  actionOf,
  allowed,
  deniedBy,
  type Found,
  first,
  GUIDE,
  isExternal,
  maybe,
  namedRegion,
  OF_TASKS,
  principalOf,
  type Rule,
  reacher,
  refusedRole,
  regionOf,
  resourceOf,
  roleOf,
  targetOf,
  wayTo,
} from './rule.ts';

const INIT = `${GUIDE}/resource-initialization-error.html`;
const SECRETS = `${GUIDE}/specifying-sensitive-data.html`;
const ENV_FILES = `${GUIDE}/use-environment-file.html`;
/** Names the place by its wording: Parameter Store or Secrets Manager. */
/** Also in the words that KMS passes on through SSM: they name the key and not the service. */
const OF_KMS = /kms|customer master key|the ciphertext refers to/i;
const isSsm = (text: string): boolean => /\bssm\b|Systems Manager|Parameter Store|ParameterNotFound/i.test(text);
const store = (text: string): string =>
  isSsm(text) ? 'SSM Parameter Store' : of('secrets-manager', 'Secrets Manager');
/** The ARN or name of the secret, where the message has it whole. */
const secretOf = (text: string): string | undefined =>
  /(arn:aws[\w-]*:(?:secretsmanager|ssm):[\w-]*:\d*:(?:secret:|parameter\/?)[^\s'",;)\]]{1,512})/
    .exec(text)?.[1]
    ?.replace(/(?<![.:])[.:]+$/, '');

const NO_WAY =
  /i\/o timeout|deadline exceeded|context d(?:eadline)?\b|connection issue|dial tcp|no such host|request ?cancel+ed|connection (?:refused|reset)|send request failed|RequestError|StatusCode: 0\b|canceled|network (?:configuration|connection)|signal: killed|timed out|no route to host/i;

/**
 * Secrets Manager ends the ARN of each secret with a hyphen and six random characters; policies that were written for the
 * complete ARN, or for NAME-??????, do not fit what is asked for without them.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 * @returns what is wrong with the ARN of the secret; undefined where it is complete, or there is none
 */
function partialArn(found: Found): string | undefined {
  const name = /:secretsmanager:[^:\s]{1,40}:[^:\s]{1,40}:secret:(?<name>[\w/+=.@-]{1,512})/
    .exec(resourceOf(found) ?? '')
    ?.groups?.name?.replace(/[.,;]$/, '');
  if (name === undefined || !/GetSecretValue/.test(actionOf(found) ?? '')) return undefined;
  const end = /-(?<end>[A-Za-z0-9]{6})$/.exec(name)?.groups?.end;
  if (end === undefined) return 'That ARN lacks the six random characters that end the ARN of a secret.';
  // Six random characters of 62 are small letters alone once in 180 times.
  return /^[a-z]{6}$/.test(end)
    ? `"-${end}" looks like the end of the secret's name: of the length of the random characters behind a name, it makes a partial ARN pass for a complete one.`
    : undefined;
}

/** Secrets, parameters and environment files that ECS reads for the task before it starts. */
export const SECRETS_AND_FILES: readonly Rule[] = [
  {
    id: 'secret-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'invalid',
    match: [
      /GetSecretValueInput\.(?<part>\w{1,40})|(?:secrets? ?manager|asm|secret)[\s\S]{0,600}?(?:invalid ARN format|InvalidParameter\b.{0,60}validation error|an invalid (?:arn|ARN))|invalid ARN format for the AWS Secrets Manager secret|SSM parameter:?.{0,300}invalid format/i,
    ],
    unless: /GetSecretValueInput\.SecretId/,
    cause: ({ text }) => `The valueFrom of the secret${maybe(secretOf(text))} is malformed${wrongVersion(text)}.`,
    remedy: ({ text }) =>
      isSsm(text)
        ? 'Write the ARN (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME) or the name with its leading slash in `secrets` (valueFrom, input `secrets`).'
        : 'Write it in `secrets` as the whole ARN, then nothing or all three fields: ARN:JSON-KEY:VERSION-STAGE:VERSION-ID, empty fields keep their colons (a key alone is ARN:KEY::).',
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
  },
  {
    id: 'secret-not-found',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'invalid',
    match: [/(?:from (?:asm|ssm)|secret|parameter).{0,300}ValidationException:? ?(?<why>.{0,200})/i],
    unless: /logger args|log (?:group|stream)/i,
    cause: ({ words: { why }, text }) =>
      `${isSsm(text) ? 'SSM Parameter Store' : 'Secrets Manager'} does not accept a name or ARN that \`secrets\` of the task definition gives it${why?.trim() ? `: ${why.trim().slice(0, 200)}` : '.'}`,
    remedy:
      "Correct valueFrom in `secrets`: the whole ARN of a secret, or a parameter's ARN or its name with the leading slash (a name needs the Region of the task). A variable in it that was not filled reads so, too.",
    link: SECRETS,
  },
  {
    id: 'secret-access-denied',
    technology: 'kms',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'failed',
    match: [
      /(?:from (?:asm|ssm)|secret|parameter).{0,600}?(?:DecryptionFailure|KMSInvalidState|InvalidKeyId|KMS ?key.{0,60}(?:disabled|pending deletion|not found|does not exist)|key .{0,80}is (?:disabled|pending deletion))/i,
    ],
    cause: ({ text }) =>
      `The KMS key${maybe(/arn:aws[\w-]*:kms:[\w:/-]{10,120}/.exec(text)?.[0])} of the ${isSsm(text) ? 'parameter' : 'secret'}${maybe(secretOf(text))} cannot be used: it is disabled, waits for its deletion, or is gone.`,
    remedy:
      'Enable the key (aws kms enable-key) or cancel its deletion; where it is gone, store the value again under another key. The execution role needs kms:Decrypt on it.',
    link: SECRETS,
  },
  {
    id: 'secret-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'missing',
    match: [
      /can(?:'t|not) find the specified secret value for (?:staging label|VersionId)|(?:version|staging label).{0,80}(?:not found|does not exist|can(?:'t|not) be found)/i,
    ],
    cause: ({ text }) =>
      `The secret${maybe(secretOf(text))} exists, but has no value for that version${maybe(/staging label:? ?(\w{1,64})/i.exec(text)?.[1])}.`,
    remedy:
      'Put a value into the secret (a new one has none: AWSCURRENT), or correct version stage and version id in its ARN in `secrets`.',
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
  },
  {
    id: 'env-file-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'conflict',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:StatusCode: 301|MovedPermanently|PermanentRedirect|BucketRegionError|AuthorizationHeaderMalformed|incorrect region)/i,
    ],
    cause:
      'The bucket of the environment file is in another Region than the task, and ECS reads such files in its own Region alone.',
    remedy:
      'Keep the file in a bucket of the Region of the task, and name that one in environmentFiles (input `env-files`): arn:aws:s3:::BUCKET/PATH/NAME.env.',
    link: ENV_FILES,
  },
  {
    id: 'env-file-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'denied',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b403\b|AccessDenied|Access Denied|Forbidden|not authorized)/i,
    ],
    unless: /firelens/i,
    cause: (found) =>
      `The task's execution role${maybe(roleOf(found))} may not read the environment file in S3 (403; S3 says so of a missing file as well).`,
    remedy: (found) =>
      allowed(
        found,
        `Allow s3:GetObject on the file and s3:GetBucketLocation on its bucket for the execution role (executionRoleArn), kms:Decrypt for an own key, and check that the object named in environmentFiles (input \`env-files\`) exists.`,
      ),
    link: ENV_FILES,
  },
  {
    id: 'env-file-missing',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'missing',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b404\b|NoSuchKey|NoSuchBucket|NotFound|Not Found|does not exist)/i,
    ],
    cause: 'The environment file of the task definition does not exist in S3.',
    remedy: 'Upload it, or correct the S3 ARN in environmentFiles (input `env-files`): bucket, key and Region.',
    link: ENV_FILES,
  },
  {
    id: 'env-file-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'unreachable',
    match: [new RegExp(`(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:${NO_WAY.source})`, 'i')],
    cause: (found) => `${reacher(found)} cannot reach Amazon S3 over its network to download the environment files.`,
    remedy: (found) => wayTo(found, ['s3']),
    link: INIT,
  },
  {
    id: 'env-file-invalid',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'invalid',
    match: [
      /(?:unable to (?:open|read|parse)|cannot|invalid|trying to read|reading) .{0,200}(?:environmentFile|environment file|env file)/i,
    ],
    cause: ({ text }) =>
      /\barn\b|bucket and key/i.test(text)
        ? 'The ARN of an environment file is not one of an object in S3.'
        : 'An environment file cannot be read: one NAME=value a line, UTF-8, a name that ends in .env.',
    remedy: ({ text }) =>
      /\barn\b|bucket and key/i.test(text)
        ? 'Write it in environmentFiles (input `env-files`) as arn:aws:s3:::BUCKET/PATH/NAME.env.'
        : 'Correct the file in S3, or its ARN in environmentFiles (input `env-files`).',
    link: ENV_FILES,
  },
  {
    id: 'env-file-unreadable',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'environment-file',
    failure: 'failed',
    match: [/failed to download env(?:ironment)? ?files?/i],
    cause: 'The task could not download its environment files from S3; the message ends without a reason.',
    remedy: (found) =>
      `Check s3:GetObject and s3:GetBucketLocation of the execution role (executionRoleArn), and that the object of environmentFiles (input \`env-files\`) exists. ${isExternal(found) ? wayTo(found, ['s3']) : `Then check that the subnets have a route to S3 (a NAT gateway, or the S3 gateway endpoint com.amazonaws.${regionOf(found)}.s3).`}`,
    link: ENV_FILES,
  },
  {
    id: 'secret-access-denied',
    technology: 'kms',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'denied',
    general: true,
    match: [
      /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters?|fetch secret|secret data).{0,900}?(?:AccessDenied|Access to KMS is not allowed|not authorized|KMS.{0,40}denied|explicit deny)/i,
    ],
    cause: (found) => {
      const kms = OF_KMS.test(found.text);
      const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
      const partial = partialArn(found);
      return `The ${found.text.includes('/i-') ? principalOf(found) : `task's execution role${maybe(roleOf(found))}`} may not read ${maybe(resourceOf(found) ?? secretOf(found.text)).trim() || `a secret of ${store(found.text)}`} (${kms && !actionOf(found) ? 'kms:Decrypt' : action})${deniedBy(found)}.${partial === undefined ? '' : ` ${partial}`}`;
    },
    remedy: (found) => {
      const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
      if (!actionOf(found) && OF_KMS.test(found.text))
        return `Allow kms:Decrypt on the customer managed KMS key of that ${isSsm(found.text) ? 'parameter' : 'secret'} for ${found.text.includes('/i-') ? refusedRole(found) : 'the execution role (executionRoleArn of the task definition, not the task role)'}, in its policy and in the key policy.`;
      if (partialArn(found) !== undefined && deniedBy(found) === '')
        return `Name the secret by its complete ARN, with the six characters at its end, in \`secrets\` (valueFrom, input \`secrets\`; aws secretsmanager describe-secret --secret-id NAME prints it). Allow ${action} on that ARN for ${found.text.includes('/i-') ? refusedRole(found) : 'the execution role (executionRoleArn, not the task role)'}, and kms:Decrypt for a customer managed key.`;
      return allowed(
        found,
        `Allow ${action} on exactly that ARN for ${found.text.includes('/i-') ? refusedRole(found) : 'the execution role (executionRoleArn of the task definition, not the task role)'}${/kms/i.test(action) ? '' : ', and kms:Decrypt where the secret has a customer managed KMS key'}.`,
      );
    },
    link: SECRETS,
  },
  {
    id: 'secret-json-key-missing',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'missing',
    match: [/(?:did not|does not|doesn't) contain (?:the )?json key:? ?["']?(?<key>[^\s"':,]+)/i],
    cause: ({ words: { key }, text }) => `The secret${maybe(secretOf(text))} has no JSON key ${key ?? ''}.`,
    remedy: ({ words: { key } }) =>
      `Add the JSON key ${key ?? ''} to the secret in Secrets Manager, or write a key that it has in valueFrom (input \`secrets\`): ARN:JSON-KEY:VERSION-STAGE:VERSION-ID.`,
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
  },
  {
    id: 'secret-json-key-missing',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'missing',
    match: [
      /(?:from asm|secret).{0,600}?(?:invalid character .{1,12} (?:looking for|in literal|in string|in numeric|in exponent|after)|cannot unmarshal|unable to unmarshal|unexpected end of JSON input)/i,
    ],
    unless: /authorization data|AuthorizationData/i,
    cause: ({ text }) =>
      `The valueFrom asks for a JSON key of the secret${maybe(secretOf(text))}, but what the secret holds is not JSON.`,
    remedy:
      'Store a JSON object in the secret, or leave the JSON key out of valueFrom (input `secrets`) to get the whole value.',
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
  },
  {
    id: 'secret-not-found',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'missing',
    general: true,
    match: [
      /invalid (?:ssm )?parameters?: ?\[?(?<parameter>[^\]\s]+)/i,
      /can(?:'t|not) retrieve the (?:secret|parameter)s? with (?:ARN|name) ['"]?(?<arn>[^'"\s]+)/i,
      /(?:\bsecrets?\b|\basm\b|\bssm\b|\bparameters?\b|SecretString).{0,900}?(?:ResourceNotFoundException|ParameterNotFound|does not exist|was marked for deletion|scheduled for deletion|InvalidParameters|version .{0,60}not found|staging label)/i,
    ],
    unless: /log stream|log group|logger args/i,
    cause: ({ words: { parameter, arn }, text }) => {
      const name = first(parameter?.replace(/(?<![.,;])[.,;]+$/, ''), arn, secretOf(text));
      return /deletion/i.test(text)
        ? `The secret${maybe(name)} was deleted (marked for deletion), so it cannot be read.`
        : `The ${isSsm(text) || parameter ? 'parameter (secret in SSM Parameter Store)' : 'secret in Secrets Manager'}${maybe(name)} that the task definition names does not exist in that Region.`;
    },
    remedy: (found) =>
      /deletion/i.test(found.text)
        ? `Restore it (aws secretsmanager restore-secret --secret-id ${secretOf(found.text) ?? 'NAME'}), or name another secret in \`secrets\` of the task definition (valueFrom).`
        : `Create it in the task's Region and account, or correct valueFrom in \`secrets\`: a parameter's name or ARN with its leading slash, a secret's whole ARN${namedRegion(found) === undefined ? '' : ` in Region ${namedRegion(found)}`} with its six-character suffix. A new secret needs a value (a version with the stage AWSCURRENT).`,
    link: SECRETS,
  },
  {
    id: 'secrets-throttled',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'throttled',
    transient: true,
    match: [
      /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters?).{0,600}?(?:Throttl|Rate exceeded|TooManyRequests)/i,
    ],
    cause: ({ text }) =>
      `${store(text)} throttles the account's calls, so the secrets of the task were not read in time.`,
    remedy: 'ECS tries again. Start fewer tasks at once, or turn on higher throughput of Parameter Store.',
    link: SECRETS,
  },
  {
    id: 'secret-network',
    technology: 'secrets-manager',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'secret',
    failure: 'unreachable',
    match: [
      new RegExp(
        `(?:from (?:asm|ssm)|AWS Secrets Manager|secretsmanager|Systems Manager|Parameter Store|GetSecretValue|GetParameters?|pull secrets from).{0,900}?(?:${NO_WAY.source})`,
        'i',
      ),
    ],
    unless: /env files/i,
    cause: (found) =>
      `${reacher(found)} cannot reach ${isSsm(found.text) ? 'AWS Systems Manager (SSM Parameter Store)' : 'AWS Secrets Manager'} over its network to read its secrets${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
    remedy: (found) => wayTo(found, isSsm(found.text) ? ['ssm', 'ssmmessages', 'kms'] : ['secretsmanager', 'kms']),
    link: INIT,
  },
];

/** Nothing stands behind the words that ECS puts in front of either. */
const EITHER =
  /unable to pull secrets or registry auth\W{0,4}(?:execution resource retrieval failed\W{0,4})?(?:The task cannot pull[^\n]{0,40})?$/i;

/** More tries than a refusal gets, and the message ends before the reason. */
const RETRIED = /\bretried (?:[3-9]|\d\d) time/i;

/** A secret was not read, and the message ends before it says why: neither IAM nor the network may be blamed. */
export const SECRET_UNKNOWN: Rule = {
  technology: 'secrets-manager',
  id: 'secret-unreadable-truncated',
  vague: true,
  nature: 'ambiguous',
  ...OF_TASKS,
  subject: 'secret',
  failure: 'failed',
  match: [
    /unable to (?:retrieve|pull) secrets?\b|failed to fetch secret|Fetching secret data|trying to retrieve secret|asm fetching|ssm secret resource|asm secret resource|from (?:asm|ssm)\b/i,
  ],
  cause: (found) => {
    if (EITHER.test(found.text))
      return 'ECS could not get what the task needs before it starts, and the message does not say which: the secrets of a container or the login for its registry (ECR). Either the task has no network path to them, or the execution role may not get them.';
    const isLogin = /registry auth from asm/i.test(found.text);
    const what = isLogin
      ? 'the login of the private registry (repositoryCredentials of a container)'
      : 'a secret of the task';
    if (RETRIED.test(found.text))
      return `ECS could not read ${what} from ${store(found.text)}, and used up its tries: as a rule no network path leads there. ECS says: ${found.text}`;
    return isLogin ? `ECS could not read ${what} from Secrets Manager: ${found.text}` : lastResort(found).cause;
  },
  remedy: (found) => {
    if (EITHER.test(found.text))
      return 'Read the whole reason first (aws ecs describe-tasks: stoppedReason): with AccessDenied mend the execution role. Otherwise give the task a way out over TCP 443: a NAT gateway or VPC endpoints (ecr.api, ecr.dkr, s3, secretsmanager or ssm, logs) in a private subnet, a public IP (assignPublicIp: ENABLED) and an internet gateway in a public one.';
    // ECS tries again only what may pass: a refusal is not asked five times.
    if (RETRIED.test(found.text))
      return `${wayTo(found, [isSsm(found.text) ? 'ssm' : 'secretsmanager'])} Where the way is there, check the ARN and the right of the execution role to read it.`;
    return /registry auth from asm/i.test(found.text)
      ? 'See repositoryCredentials.credentialsParameter of the container and the secret that it names, then the whole reason in describe-tasks.'
      : lastResort(found).remedy;
  },
  link: INIT,
};

/** Which field of the version is wrong, where the text says so. */
function wrongVersion(text: string): string {
  if (/VersionId/.test(text)) return ': what stands in the place of the version id is none';
  if (/VersionStage/.test(text)) return ': what stands in the place of the version stage is none';
  return '';
}
