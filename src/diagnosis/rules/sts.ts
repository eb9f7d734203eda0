import {
  ANYWHERE,
  actionOf,
  allowed,
  IAM_GUIDE,
  LOGINS,
  maybe,
  OF_CALLS_TO_LOGINS,
  OF_LOGINS,
  type Rule,
  resourceOf,
  roleOf,
} from './rule.ts';

const OIDC = 'https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws';
const PERMISSIONS = '`permissions: id-token: write` (and contents: read) in the job or workflow';

const hostOf = (text: string): string | undefined =>
  /(?:https?:\/\/|\b)((?:[a-z0-9-]{1,63}\.){1,6}(?:amazonaws\.com(?:\.cn)?|api\.aws))\b/i.exec(text)?.[1];
/** `eu-west-1a` in a host name stands where a Region should. */
const zoneOf = (text: string): string | undefined => /\.([a-z]{2}-[a-z]{4,12}-\d[a-z])\.amazonaws/.exec(text)?.[1];
/** https://docs.aws.amazon.com/general/latest/gr/ecr-public.html lists us-east-1 (and us-west-2 for repositories). */
const PUBLIC_ENDPOINT =
  /\bapi\.ecr-public\.(?!us-(?:east-1|west-2)\b)(?<region>[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d)\.amazonaws/i;
const lookedUp = (text: string): boolean =>
  /getaddrinfo|\b(?:ENOTFOUND|EAI_AGAIN)\b|Could not resolve|Name or service/i.test(text);
const isGitHub = (text: string): boolean => /githubusercontent|github/i.test(issuerOf(text) ?? 'github');
const issuerOf = (text: string): string | undefined =>
  /(?:provider found in your account for|issuer:?) (?:https?:\/\/)?([\w.-]{3,253}(?:\/[\w./-]{1,200})?)/i.exec(
    text,
  )?.[1];

const TOO_SHORT = /greater than or equal to 900|at least 900/;

/** The credentials of the run: GitHub's OIDC token, the role, keys. */
export const CREDENTIALS: readonly Rule[] = [
  {
    id: 'session-tags-too-large',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /Unable to validate tags|session tags? .{0,80}(?:invalid|not valid|validat)|at ['"]tags\.\d{1,3}\.member\.(?:key|value)/i,
    ],
    cause:
      'STS does not accept a session tag: aws-actions/configure-aws-credentials makes them of the workflow (actor, branch, repository), and one has a character that tags may not have, such as the brackets of a bot (name[bot]).',
    remedy:
      'Set `role-skip-session-tagging: true` of aws-actions/configure-aws-credentials, or let this action take the role on itself (input `role-to-assume`): it sends no tags.',
    link: `${IAM_GUIDE}/id_session-tags.html`,
  },
  {
    id: 'role-arn-invalid',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [/MalformedPolicyDocument|policy is not in the valid JSON format/i],
    cause:
      'The session policy that was sent with the role (inline-session-policy, --policy) is not valid JSON for a policy.',
    remedy:
      'Correct the JSON: Version "2012-10-17" and Statement with Effect, Action and Resource, at most 2,048 characters; or leave the session policy out.',
    link: `${IAM_GUIDE}/access_policies.html`,
  },
  {
    id: 'region-missing',
    nature: 'permanent',
    surfaces: ['api.sts', 'api.ecr', 'api.ecs'],
    producers: LOGINS,
    launch: ANYWHERE,
    subject: 'credentials',
    failure: 'missing',
    match: [/Input required and not supplied: aws-region/i],
    cause:
      'The input `aws-region` is empty: it is not given, or the variable or secret behind it is not set for this run.',
    remedy:
      'Set `aws-region` (such as eu-west-1) in the step, or the variable behind it for this repository or environment.',
    link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
  },
  {
    id: 'credentials-expired',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [/Token too old/i],
    cause:
      'STS does not take the web identity token (OIDC token): it was made too long ago, whatever time of expiry it carries.',
    remedy:
      'Get a new token from the issuer right before the call, and do not keep one from an earlier login; check the clock of the machine that makes it (NTP).',
    link: `${IAM_GUIDE}/id_credentials_temp.html`,
  },
  {
    id: 'oidc-provider-missing',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [/Issuer must be a valid URL/i],
    cause:
      'The token that was sent is not one of an OIDC provider: its issuer (claim `iss`) is no https URL, as in old service account tokens of Kubernetes.',
    remedy:
      'Send a token whose `iss` is the https URL of the identity provider in IAM: in GitHub the one of `id-token: write`, in Kubernetes a projected service account token of a cluster with an OIDC issuer.',
    link: `${IAM_GUIDE}/id_roles_providers_create_oidc.html`,
  },
  {
    id: 'credentials-expired',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /Token expired: current date\/time|^Request has expired|token (?:is |has )?expired(?: and refresh failed)?$|ExpiredTokenException.{0,200}WebIdentity|(?:WebIdentity|OIDC|id) ?token.{0,60}expired/i,
    ],
    unless: /security token|included in the request/i,
    cause: ({ text }) =>
      `The OIDC token had expired when STS read it${/expiration date\/time:? ?(\d{9,11})/.exec(text) ? ` (${new Date(Number(/expiration date\/time:? ?(\d{9,11})/.exec(text)?.[1]) * 1000).toISOString()})` : ''}: a token of GitHub lives about five minutes.`,
    remedy:
      'Run the job again: it gets a new token. Take the role on in the step that needs it instead of storing the token, and on a self-hosted runner check the clock (NTP).',
    link: `${IAM_GUIDE}/id_credentials_temp.html`,
  },
  {
    id: 'aws-tls-untrusted',
    technology: 'node',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'request',
    failure: 'invalid',
    match: [
      /self[- ]signed certificate|unable to (?:get local issuer|verify the first) certificate|CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|x509: /i,
    ],
    cause:
      'The TLS certificate that the endpoint of AWS showed is not trusted by this runner: a proxy in between signs with its own certificate authority.',
    remedy:
      'Give the runner the certificate of that authority: NODE_EXTRA_CA_CERTS for actions, AWS_CA_BUNDLE for the AWS CLI, and the trust store of the system for Docker; or let the proxy pass *.amazonaws.com through.',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html',
  },
  {
    id: 'network-unreachable',
    nature: 'permanent',
    surfaces: ['api.sts', 'api.ecr'],
    producers: LOGINS,
    launch: ANYWHERE,
    subject: 'request',
    failure: 'missing',
    match: [PUBLIC_ENDPOINT],
    cause: ({ words: { region }, text }) =>
      `ECR Public has no endpoint in ${region}: its API exists only in us-east-1, so there is no host ${hostOf(text) ?? 'of that name'}.`,
    remedy:
      'Use the Region us-east-1 for the login to ECR Public (`AWS_REGION: us-east-1` in `env` of that step); the images are the same everywhere.',
    link: 'https://docs.aws.amazon.com/general/latest/gr/ecr-public.html',
  },
  {
    id: 'network-unreachable',
    nature: 'permanent',
    surfaces: ['api.sts', 'api.ecr'],
    producers: LOGINS,
    launch: ANYWHERE,
    subject: 'request',
    failure: 'denied',
    match: [/\b407\b.{0,20}Proxy Authentication Required|Proxy Authentication Required|statusCode=407/i],
    cause: 'The proxy of the runner wants a login (HTTP status 407), so the call did not reach AWS.',
    remedy:
      'Give the proxy with its user and password (HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, @ in them as %40; input http-proxy of aws-actions/configure-aws-credentials) from a secret. Or let the proxy pass *.amazonaws.com, or name it in NO_PROXY.',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html',
  },
  {
    id: 'network-unreachable',
    nature: 'ambiguous',
    surfaces: ['api.sts', 'api.ecr'],
    producers: LOGINS,
    launch: ANYWHERE,
    subject: 'request',
    failure: 'unreachable',
    match: [
      /Inaccessible host|getaddrinfo|\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|socket hang up|Could not connect to the endpoint|connect ?timeout|Connect timeout on endpoint|Read timeout on endpoint|Failed to establish a new connection|Could not resolve host/i,
    ],
    unless: /169\.254\.|ACTIONS_ID_TOKEN|id[- ]?token/i,
    cause: (found) =>
      zoneOf(found.text)
        ? `There is no host ${hostOf(found.text) ?? 'of that name'}: ${zoneOf(found.text)} is an Availability Zone, not a Region.`
        : `The endpoint of AWS${maybe(hostOf(found.text))} cannot be reached from this runner: ${lookedUp(found.text) ? 'its name does not resolve' : 'the connection failed'}.`,
    remedy: (found) =>
      zoneOf(found.text)
        ? `Set the input \`aws-region\` to ${zoneOf(found.text)?.slice(0, -1)}.`
        : `${lookedUp(found.text) ? 'Check `aws-region` (a Region that does not exist has no host), then the DNS of the runner.' : 'Check the way of the runner to that host: firewall, proxy (HTTPS_PROXY, NO_PROXY), VPC endpoint and its security group.'} Then run again.`,
    link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
  },
  {
    id: 'role-chain-denied',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'denied',
    match: [/MultiFactorAuth|\bMFA\b/],
    cause: 'The role (or a policy) asks for multi-factor authentication (MFA), which a workflow cannot give.',
    remedy:
      'Take the role on by OIDC (input `role-to-assume` with `permissions: id-token: write`), or remove the condition aws:MultiFactorAuthPresent for the role that workflows use.',
    link: `${IAM_GUIDE}/id_credentials_mfa_configure-api-require.html`,
  },
  {
    id: 'credentials-invalid',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'conflict',
    match: [/Credentials loaded by the SDK do not match (?:the )?(?:expected )?access key/i],
    cause:
      'Other credentials of the runner (its environment, ~/.aws, an instance role) came before those that the step was given.',
    remedy:
      'Remove AWS_ACCESS_KEY_ID and its like from the environment of the job and the runner (`unset-current-credentials: true` of aws-actions/configure-aws-credentials), and stored profiles of a self-hosted runner.',
    link: OIDC,
  },
  {
    id: 'role-chain-denied',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'denied',
    match: [
      /may not be assumed by root/i,
      /User: arn:aws[\w-]{0,20}:iam::\d{1,12}:root is not authorized to perform:? ?['"]?sts:AssumeRole/i,
    ],
    cause: 'The access key is one of the root user of the account, and the root user cannot assume a role.',
    remedy:
      'Use OIDC (input `role-to-assume` with `permissions: id-token: write`), or the access key of an IAM user, not the root user; then delete the access key of the root user.',
    link: `${IAM_GUIDE}/troubleshoot_roles.html`,
  },
  {
    id: 'session-tags-too-large',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'exhausted',
    match: [
      /PackedPolicy|packed size|session (?:tags?|polic(?:y|ies)) .{0,80}(?:exceed|too (?:large|long|big)|allotted|limit)/i,
    ],
    cause: ({ text }) =>
      `The session tags and session policies of the role are too large together${/(\d{1,5}) ?%/.exec(text) ? ` (${/(\d{1,5}) ?%/.exec(text)?.[1]} % of the space)` : ''}.`,
    remedy:
      'Send fewer or shorter session tags or policies: `role-skip-session-tagging: true` of aws-actions/configure-aws-credentials leaves the tags out. This action sends none by itself.',
    link: `${IAM_GUIDE}/reference_iam-quotas.html`,
  },
  {
    id: 'role-chain-denied',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'denied',
    match: [/not authorized to perform:? ?['"]?sts:TagSession\b/i],
    cause: (found) =>
      `${roleOf(found) ?? 'The caller'} may not send session tags with the role${maybe(resourceOf(found))} (sts:TagSession).`,
    remedy:
      'Allow sts:TagSession beside sts:AssumeRole in the trust policy of the role, or send no tags (`role-skip-session-tagging: true` of aws-actions/configure-aws-credentials).',
    link: `${IAM_GUIDE}/id_session-tags.html`,
  },
  {
    id: 'role-chain-denied',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'denied',
    match: [/external ?id\b.{0,60}(?:mismatch|does not match|invalid|required|missing)|sts:ExternalId/i],
    cause: 'The trust policy of the role asks for an external id (sts:ExternalId), and the call sends none or another.',
    remedy:
      'Send the external id that the trust policy of the role names (`role-external-id` of aws-actions/configure-aws-credentials), or remove that condition.',
    link: `${IAM_GUIDE}/id_roles_common-scenarios_third-party.html`,
  },
  {
    id: 'role-arn-invalid',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /(?:roleSessionName|role-session-name|session name)\b.{0,120}(?:invalid|satisfy|must|not valid|too long|length|characters)|(?:invalid|not valid).{0,60}(?:roleSessionName|session name)/i,
    ],
    cause: 'The session name of the role is not valid: 2 to 64 letters, digits and +=,.@-_ are allowed.',
    remedy:
      'Write the input `role-session-name` with those characters only: no spaces, slashes or brackets (a branch or actor name may hold them).',
    link: OIDC,
  },
  {
    id: 'account-mismatch',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'conflict',
    match: [
      /account ID .{0,80}(?:does not match|not in|mismatch|is not allowed)|(?:unexpected|wrong) account|allowed-account-ids/i,
    ],
    cause: 'The credentials belong to another AWS account than the workflow allows.',
    remedy:
      'Compare the account in `role-to-assume` (or of the access key) with the account that the workflow expects, and correct the one that is wrong; each GitHub environment may have its own secret or variable.',
    link: OIDC,
  },
  {
    id: 'credentials-input-empty',
    nature: 'permanent',
    surfaces: ['api.sts'],
    producers: ['github'],
    launch: ANYWHERE,
    subject: 'credentials',
    failure: 'missing',
    match: [
      /must be provided if|Input required and not supplied: (?!aws-region)|(?:role-to-assume|access[-_]key|secret[-_]access[-_]key|session[-_]token).{0,60}(?:empty|blank|not (?:set|supplied|provided)|is required|must be (?:set|provided))/i,
    ],
    cause: ({ text }) =>
      `An input of the credentials${maybe(/['"`]?((?:aws|role)-[a-z-]{4,40})['"`]?/.exec(text)?.[1])} is empty: the secret or variable behind it is not set for this run.`,
    remedy:
      'Set the secret or variable for this repository, organization or environment (name the `environment` in the job). Pull requests from forks and Dependabot runs get no Actions secrets: use OIDC with `role-to-assume`, or skip the job for them.',
    link: OIDC,
  },
  {
    id: 'oidc-permission-missing',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'missing',
    match: [
      /`?id-token`? permission|missing id-token: ?write|id-token: ?write permission/i,
      /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)/,
      /ID ?Token.{0,200}Resource not accessible by integration/i,
    ],
    cause: 'GitHub gave the job no OIDC token: the permission id-token: write is missing.',
    remedy: `Set ${PERMISSIONS}; in a reusable workflow the caller must grant it too, and pull requests from forks never get it.`,
    link: OIDC,
  },
  {
    id: 'oidc-provider-missing',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'missing',
    match: [
      /No OpenID ?Connect provider found/i,
      /(?:thumbprint|HTTPS certificate).{0,80}(?:match|invalid)|retrieve verification key/i,
    ],
    cause: ({ text }) => {
      if (/verification key/i.test(text))
        return 'STS could not fetch the keys of the issuer of the token (its JWKS), so it could not check the token.';
      if (/thumbprint|certificate/i.test(text))
        return "The identity provider in IAM does not trust the issuer's certificate: its thumbprint is another.";
      return `The AWS account has no identity provider for ${isGitHub(text) ? 'GitHub (token.actions.githubusercontent.com)' : `the issuer ${issuerOf(text)}`}.`;
    },
    remedy: ({ text }) => {
      if (/retrieve verification key/i.test(text))
        return 'Run the job again: as a rule the issuer did not answer STS for a moment. If it stays, the URL of the identity provider in IAM must be that of the issuer, and its /.well-known/openid-configuration and keys must be reachable from the internet.';
      if (/thumbprint/i.test(text))
        return `Put the thumbprint of the certificate chain that the issuer has now into the identity provider in IAM (aws iam update-open-id-connect-provider-thumbprint)${isGitHub(text) ? '; for GitHub 6938fd4d98bab03faadb97b34396831e3780aea1 and 1c58a3a8518e8759bf075b76b750d4f2df264fcd. Since July 2023 AWS does not use it for token.actions.githubusercontent.com: if it still says so, the provider has another URL' : ''}.`;
      if (!isGitHub(text))
        return `Create an IAM OIDC identity provider with the URL https://${issuerOf(text)} and the audience of its tokens in the account of the role, and check the account id in \`role-to-assume\`.`;
      return 'Create an IAM OIDC identity provider with the URL https://token.actions.githubusercontent.com and the audience sts.amazonaws.com in the account of the role, and check the account id in `role-to-assume`.';
    },
    link: OIDC,
  },
  {
    id: 'oidc-audience-mismatch',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'conflict',
    match: [
      /Incorrect token audience|(?:invalid|wrong|incorrect|not (?:a )?valid) .{0,30}audience|audience .{0,80}(?:not (?:match|allowed)|invalid|mismatch)/i,
    ],
    cause: 'The audience of the OIDC token is not one that the identity provider in AWS knows.',
    remedy:
      'Set the input `audience` to a client id of the provider: sts.amazonaws.com as a rule (China: sts.amazonaws.com.cn), and the same in the aud condition of the trust policy.',
    link: OIDC,
  },
  {
    id: 'oidc-trust-mismatch',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'conflict',
    match: [
      /(?<!is )Not authorized to perform:? ?sts:(?:AssumeRoleWithWebIdentity|TagSession)/i,
      /AssumeRoleWithWebIdentity.{0,200}(?:AccessDenied|not authorized|denied)|AccessDenied.{0,80}AssumeRoleWithWebIdentity/i,
      /(?:Could not|unable to|failed to) assume (?:the )?role with OIDC[.:]?$/i,
      /IDPRejectedClaim/i,
    ],
    unless: /ID token|expired|Request Token|DurationSeconds|ARN is invalid|failed to satisfy/i,
    cause: (found) =>
      `The role${maybe(roleOf(found))} does not exist, or its trust policy does not accept the OIDC token of this job.`,
    remedy:
      "Compare the trust policy's conditions with the token (repository, branch, environment and audience): token.actions.githubusercontent.com:sub (repo:OWNER/NAME:ref:refs/heads/BRANCH, repo:OWNER/NAME:environment:NAME for jobs with an environment, new repositories with ids) and :aud (sts.amazonaws.com); check the ARN in `role-to-assume`.",
    link: OIDC,
  },
  {
    id: 'credentials-duration',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /DurationSeconds (?:exceeds|.{0,60}(?:MaxSessionDuration|limit|less than|greater than|Member must))/i,
      /durationSeconds.{0,120}(?:failed to satisfy|must)/i,
    ],
    cause: ({ text }) => {
      if (TOO_SHORT.test(text))
        return 'The session is asked for a shorter time than STS gives: a session lasts at least 900 seconds.';
      return /chaining/i.test(text)
        ? 'The session is asked for longer than one hour, and a role taken on with the credentials of another role (role chaining) lives at most one hour.'
        : 'The session is asked for longer than the role allows: DurationSeconds is above its MaxSessionDuration.';
    },
    remedy: ({ text }) => {
      if (TOO_SHORT.test(text)) return 'Set the input `role-duration-seconds` to 900 or more (3600 is usual).';
      return /chaining/i.test(text)
        ? 'Set the input `role-duration-seconds` to 3600 or less, or take the role on directly with OIDC instead of through another role.'
        : 'Lower the input `role-duration-seconds`, or raise the maximum session duration (MaxSessionDuration) of the role in IAM.';
    },
    link: `${IAM_GUIDE}/id_roles_update-role-settings.html`,
  },
  {
    id: 'credentials-expired',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [/(?:security )?token (?:included in the request |provided )?(?:is|has) expired/i],
    unless: /authorization token has expired|get-login/i,
    cause: ({ text }) =>
      /InvalidIdentityToken|WebIdentity|OIDC/i.test(text)
        ? 'The OIDC token of GitHub had expired when STS read it: it lives about five minutes, or a clock is wrong.'
        : 'The AWS credentials of the step have expired during the run.',
    remedy: ({ text }) =>
      /InvalidIdentityToken|WebIdentity|OIDC/i.test(text)
        ? 'Run the job again: it gets a new token. On a self-hosted runner check the clock (NTP), and do not store the token for a later step.'
        : 'Let this action take them on itself (input `role-to-assume` refreshes them in a long wait), or raise `role-duration-seconds`; a clock that is wrong does the same.',
    link: `${IAM_GUIDE}/id_credentials_temp.html`,
  },
  {
    id: 'role-chain-denied',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'denied',
    match: [/not authorized to perform:? ?['"]?sts:(?:AssumeRole|TagSession|SetSourceIdentity)\b/i],
    cause: (found) =>
      `${roleOf(found) ?? 'The user or role of this job'} may not assume the role${maybe(resourceOf(found))} (${actionOf(found) ?? 'sts:AssumeRole'}).`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? 'sts:AssumeRole'} on that role in the policy of the caller, and name the caller in the trust policy of the role (sts:TagSession too where session tags are sent).`,
      ),
    link: `${IAM_GUIDE}/troubleshoot_roles.html`,
  },
  {
    id: 'credentials-expired',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /token is not yet valid|token used before issued|Signature (?:expired|not yet current): \S{8,20} is (?:now |still )?(?:earlier|later) than|RequestTimeTooSkewed|difference between the request time and the/i,
    ],
    cause: 'The clock of the runner is wrong: AWS refuses a request whose time is more than some minutes off.',
    remedy: 'Set the clock of the runner (NTP, chrony); in a virtual machine or container set that of its host.',
    link: `${IAM_GUIDE}/troubleshoot_general.html`,
  },
  {
    id: 'oidc-trust-mismatch',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [/not a valid JWT|not a valid (?:ID|identity|OIDC) token|Provided Token is not a/i],
    cause: 'What was sent to STS as the web identity token is no OIDC ID token that it can read.',
    remedy:
      'Send the ID token of the OIDC issuer (in GitHub the one of `permissions: id-token: write`), not an access token, a personal token or an empty file (AWS_WEB_IDENTITY_TOKEN_FILE).',
    link: OIDC,
  },
  {
    id: 'credentials-missing',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'missing',
    match: [
      /(?:could not|unable to|cannot) (?:load|locate|find|be loaded).{0,40}credentials|credentials could not be loaded|no (?:valid )?(?:AWS )?credential/i,
      /169\.254\.169\.254/,
    ],
    // Credentials of another cloud or tool.
    unless:
      /\bgoogle\b|\bgcloud\b|GOOGLE_|azure|\bvault\b|kubeconfig|snowflake|databricks|cloudflare|digitalocean|\bhcloud\b|\bheroku\b/i,
    cause: ({ text }) =>
      /169\.254\.169\.254/.test(text)
        ? 'The step has no AWS credentials: it found none in its inputs and environment, and asked the metadata service of an EC2 instance (169.254.169.254), which this runner does not have.'
        : 'The step has no AWS credentials: none could be loaded from any provider.',
    remedy: `Give it the input \`role-to-assume\` with ${PERMISSIONS}, or run aws-actions/configure-aws-credentials before it. If the workflow sets \`role-to-assume\` or access keys, they arrived empty: check the name of the variable or secret, and whether it belongs to an environment that the job does not name (forks get none).`,
    link: OIDC,
  },
  {
    id: 'region-missing',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'missing',
    match: [
      /(?:missing|no|invalid|specify an?|provide an?|unknown) (?:AWS )?region|region (?:is|was) (?:missing|required|not (?:set|specified|valid))|Region not accepted|not a valid region|(?:must|need to) specify a region/i,
    ],
    cause: 'No AWS Region is set, or it is not one that exists.',
    remedy: 'Set the input `aws-region` (or AWS_REGION in the environment), such as eu-west-1.',
    link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
  },
  {
    id: 'credentials-invalid',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|InvalidToken|AuthFailure|InvalidClientToken/i,
      /security token included in the request is invalid|request signature we calculated does not match|Credential .{0,60}(?:not valid|malformed)|The AWS Access Key Id .{0,60}(?:does not exist|needs)/i,
    ],
    cause:
      'The AWS credentials are invalid: AWS does not know the access key or token, or the signature does not match.',
    remedy:
      'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (all three of temporary credentials, without spaces, of the right partition and an enabled Region), or use `role-to-assume` instead of keys.',
    link: `${IAM_GUIDE}/troubleshoot_general.html`,
  },
  {
    id: 'role-arn-invalid',
    nature: 'permanent',
    ...OF_LOGINS,
    subject: 'credentials',
    failure: 'invalid',
    match: [
      /(?:roleArn|role arn|Request ARN|ARN)['"]? .{0,80}(?:is invalid|invalid|failed to satisfy|not valid|malformed)|invalid (?:role )?ARN|Source Account ID is needed/i,
    ],
    unless: /secret|target|listener|Rule|task definition|cluster/i,
    cause: 'The ARN of the role is not valid.',
    remedy: 'Write `role-to-assume` as arn:aws:iam::ACCOUNT:role/NAME (aws-cn, aws-us-gov in those partitions).',
    link: `${IAM_GUIDE}/reference_identifiers.html`,
  },
  {
    id: 'sts-region-disabled',
    nature: 'permanent',
    ...OF_CALLS_TO_LOGINS,
    subject: 'credentials',
    failure: 'failed',
    match: [/RegionDisabled|STS is not activated in this region/i],
    cause: 'STS is not activated for the account in that Region.',
    remedy: 'Activate STS for the Region in the account settings of IAM, or use another `aws-region`.',
    link: `${IAM_GUIDE}/id_credentials_temp_enable-regions.html`,
  },
];
