import {
  actionOf,
  dnsHint,
  first,
  GUIDE,
  maybe,
  type Rule,
  refusalOf,
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
const isSsm = (text: string): boolean => /\bssm\b|Systems Manager|Parameter Store|ParameterNotFound/i.test(text);
const store = (text: string): string => (isSsm(text) ? 'SSM Parameter Store' : 'Secrets Manager');
/** The ARN or name of the secret, where the message has it whole. */
const secretOf = (text: string): string | undefined =>
  /(arn:aws[\w-]*:(?:secretsmanager|ssm):[\w-]*:\d*:(?:secret:|parameter\/?)[^\s'",;)\]]{1,512})/
    .exec(text)?.[1]
    ?.replace(/[.:]+$/, '');

const NO_WAY =
  /i\/o timeout|deadline exceeded|context d(?:eadline)?\b|connection issue|dial tcp|no such host|request ?cancel+ed|connection (?:refused|reset)|send request failed|RequestError|StatusCode: 0\b|canceled|network (?:configuration|connection)|signal: killed|timed out|no route to host/i;

/** Secrets, parameters and environment files that ECS reads for the task before it starts. */
export const SECRETS_AND_FILES: readonly Rule[] = [
  {
    id: 'env-file-denied',
    nature: 'hopeless',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b403\b|AccessDenied|Access Denied|Forbidden|not authorized)/i,
      /not authorized to perform:? ?['"]?s3:(?:GetObject|GetBucketLocation|ListBucket)/i,
    ],
    unless: /firelens/i,
    cause: (found) =>
      `The task's execution role${maybe(roleOf(found))} may not read the environment file in S3 (403; S3 says so of a missing file as well).`,
    remedy: (found) =>
      `Allow s3:GetObject on the file and s3:GetBucketLocation on its bucket for the execution role (executionRoleArn), kms:Decrypt for an own key, and check that the object named in environmentFiles (input \`env-files\`) exists.${refusalOf(found)}`,
    link: ENV_FILES,
    examples: [
      'ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden.',
    ],
  },
  {
    id: 'env-file-missing',
    nature: 'hopeless',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b404\b|NoSuchKey|NoSuchBucket|NotFound|Not Found|does not exist)/i,
    ],
    cause: 'The environment file of the task definition does not exist in S3.',
    remedy: 'Upload it, or correct the S3 ARN in environmentFiles (input `env-files`): bucket, key and Region.',
    link: ENV_FILES,
    examples: [
      'ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 404, NotFound: Not Found',
    ],
  },
  {
    id: 'env-file-network',
    nature: 'ambiguous',
    match: [
      new RegExp(`(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:${NO_WAY.source})`, 'i'),
      /file download command/i,
    ],
    cause: 'The task cannot reach Amazon S3 over its network to download the environment files.',
    remedy: (found) => wayTo(found, ['s3']) + dnsHint(found),
    link: INIT,
    examples: [
      "ResourceInitializationError: failed to download env files: The task can't download the environment variable files from Amazon S3. There is a connection issue between the task and Amazon S3. Check your task network configuration.",
    ],
  },
  {
    id: 'env-file-invalid',
    nature: 'hopeless',
    match: [
      /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,400}?(?:parse|invalid|malformed|unable to (?:open|read))/i,
      /(?:unable to (?:open|read|parse)|cannot|invalid|trying to read|reading) .{0,200}(?:environmentFile|environment file|env file)/i,
    ],
    cause: 'An environment file cannot be read: one NAME=value a line, UTF-8, a name that ends in .env.',
    remedy: 'Correct the file in S3, or its ARN in environmentFiles (input `env-files`).',
    link: ENV_FILES,
    examples: ['unable to parse bucket and key from s3 ARN specified in environmentFile arn:aws:s3:::b'],
  },
  {
    id: 'env-file-unreadable',
    nature: 'ambiguous',
    match: [/failed to download env(?:ironment)? ?files?/i],
    cause: 'The task could not download its environment files from S3; ECS does not say why.',
    remedy: (found) =>
      `Check s3:GetObject and s3:GetBucketLocation of the execution role (executionRoleArn), and that the object of environmentFiles (input \`env-files\`) exists. ${wayTo(found, ['s3'])}`,
    link: ENV_FILES,
    examples: ['ResourceInitializationError: failed to download env files'],
  },
  {
    id: 'secret-access-denied',
    nature: 'hopeless',
    match: [
      /not authorized to perform:? ?['"]?(?:secretsmanager|ssm|kms):\w+/i,
      /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters?|fetch secret|secret data).{0,900}?(?:AccessDenied|Access to KMS is not allowed|not authorized|KMS.{0,40}denied|explicit deny)/i,
      /Access to KMS is not allowed/i,
      /asm fetching secret.{0,600}AccessDenied/i,
    ],
    cause: (found) => {
      const kms = /kms/i.test(found.text);
      const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
      return `The task's execution role${maybe(roleOf(found))} may not read ${maybe(resourceOf(found) ?? secretOf(found.text)).trim() || `a secret of ${store(found.text)}`} (${kms && !actionOf(found) ? 'kms:Decrypt' : action}).`;
    },
    remedy: (found) => {
      const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
      return `Allow ${action} on exactly that ARN for the execution role (executionRoleArn of the task definition, not the task role)${/kms/i.test(action) ? '' : ', and kms:Decrypt where the secret has a customer managed KMS key'}.${refusalOf(found)}`;
    },
    link: SECRETS,
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/t is not authorized to perform: secretsmanager:GetSecretValue',
      'Fetching secret data from SSM Parameter Store in us-west-2: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/1 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-west-2:123456789012:parameter/x because no identity-based policy allows the ssm:GetParameters action',
    ],
  },
  {
    id: 'secret-json-key-missing',
    nature: 'hopeless',
    match: [
      /(?:did not|does not|doesn't) contain (?:the )?json key:? ?["']?(?<key>[^\s"':,]+)/i,
      /json key ["']?(?<key>[^\s"':,]{1,256})["']? (?:not found|does not exist|missing)/i,
    ],
    cause: ({ words: { key }, text }) => `The secret${maybe(secretOf(text))} has no JSON key ${key ?? ''}.`,
    remedy: ({ words: { key } }) =>
      `Add the JSON key ${key ?? ''} to the secret in Secrets Manager, or write a key that it has in valueFrom (input \`secrets\`): ARN:JSON-KEY:VERSION-STAGE:VERSION-ID.`,
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
    examples: [
      'ResourceInitializationError: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key connectionString',
    ],
  },
  {
    id: 'secret-json-key-missing',
    nature: 'hopeless',
    match: [
      /(?:from asm|secret).{0,600}?(?:invalid character .{1,12} looking for beginning of value|cannot unmarshal|unable to unmarshal|unexpected end of JSON input)/i,
    ],
    unless: /authorization data|AuthorizationData/i,
    cause: ({ text }) =>
      `The valueFrom asks for a JSON key of the secret${maybe(secretOf(text))}, but what the secret holds is not JSON.`,
    remedy:
      'Store a JSON object in the secret, or leave the JSON key out of valueFrom (input `secrets`) to get the whole value.',
    link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
    examples: [
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: invalid character 'p' looking for beginning of value",
    ],
  },
  {
    id: 'secret-not-found',
    nature: 'hopeless',
    match: [
      /invalid (?:ssm )?parameters?: ?\[?(?<parameter>[^\]\s]+)/i,
      /can(?:'t|not) find the specified secret/i,
      /can(?:'t|not) retrieve the (?:secret|parameter)s? with (?:ARN|name) ['"]?(?<arn>[^'"\s]+)/i,
      /(?:\bsecrets?\b|\basm\b|\bssm\b|\bparameters?\b|SecretString).{0,900}?(?:ResourceNotFoundException|ParameterNotFound|does not exist|was marked for deletion|scheduled for deletion|InvalidParameters|version .{0,60}not found|staging label)/i,
      /SSM parameter:? ?['"]?(?<parameter>\S{1,1011}) is in an invalid format/i,
      /(?:from (?:asm|ssm)|secret).{0,300}ValidationException/i,
      /could not find a secretsmanager secretID|invalid ARN format for the AWS Secrets Manager/i,
    ],
    unless: /log stream|log group|logger args/i,
    cause: ({ words: { parameter, arn }, text }) => {
      const name = first(parameter?.replace(/[.,;]+$/, ''), arn, secretOf(text));
      return /deletion/i.test(text)
        ? `The secret${maybe(name)} was deleted (marked for deletion), so it cannot be read.`
        : `The ${isSsm(text) || parameter ? 'parameter (secret in SSM Parameter Store)' : 'secret in Secrets Manager'}${maybe(name)} that the task definition names does not exist in that Region.`;
    },
    remedy: (found) =>
      `Create it in the task's Region and account (restore it if it is marked for deletion), or correct valueFrom in \`secrets\`: a parameter's name or ARN with its leading slash, a secret's whole ARN in Region ${regionOf(found)} with its six-character suffix. A new secret needs a value (a version with the stage AWSCURRENT).`,
    link: SECRETS,
    examples: [
      "ResourceNotFoundException: The task can't retrieve the secret with ARN 'arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf' from AWS Secrets Manager. Check whether the secret exists in the specified Region",
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /wishkit/key',
    ],
  },
  {
    id: 'secrets-throttled',
    nature: 'ambiguous',
    transient: true,
    match: [
      /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters).{0,900}?(?:ThrottlingException|Rate exceeded|TooManyUpdates)/i,
    ],
    cause: ({ text }) =>
      `${store(text)} throttles the account's calls, so the secrets of the task were not read in time.`,
    remedy: 'ECS tries again. Start fewer tasks at once, or turn on higher throughput of Parameter Store.',
    link: SECRETS,
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: ThrottlingException: Rate exceeded',
    ],
  },
  {
    id: 'secret-network',
    nature: 'ambiguous',
    match: [
      new RegExp(
        `(?:from (?:asm|ssm)|AWS Secrets Manager|secretsmanager|Systems Manager|Parameter Store|GetSecretValue|GetParameters?|pull secrets from).{0,900}?(?:${NO_WAY.source})`,
        'i',
      ),
      new RegExp(`https?://(?:secretsmanager|ssm|kms)\\..{0,300}?(?:${NO_WAY.source})`, 'i'),
      new RegExp(`asm fetching.{0,600}?(?:${NO_WAY.source})`, 'i'),
    ],
    unless: /env files/i,
    cause: (found) =>
      `The task cannot reach ${isSsm(found.text) ? 'AWS Systems Manager (SSM Parameter Store)' : 'AWS Secrets Manager'} over its network to read its secrets${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
    remedy: (found) =>
      wayTo(found, isSsm(found.text) ? ['ssm', 'ssmmessages', 'kms'] : ['secretsmanager', 'kms']) + dnsHint(found),
    link: INIT,
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.',
    ],
  },
];

/** A secret was not read, and the message ends before it says why: neither IAM nor the network may be blamed. */
export const SECRET_UNKNOWN: Rule = {
  id: 'secret-unreadable-truncated',
  nature: 'ambiguous',
  match: [
    /unable to (?:retrieve|pull) secrets?\b|failed to fetch secret|Fetching secret data|trying to retrieve secret|asm fetching|ssm secret resource|asm secret resource|from (?:asm|ssm)\b/i,
  ],
  cause: ({ text }) =>
    `The secret${maybe(secretOf(text))} could not be read, and the message is cut off before it says why: ${text}`,
  remedy: (found) =>
    `Check both: the execution role's permissions (secretsmanager:GetSecretValue or ssm:GetParameters, kms:Decrypt) and the way there. ${wayTo(found, ['secretsmanager', 'ssm'])}`,
  link: INIT,
  examples: [
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:ap-northeast-1:5394593...',
  ],
};
