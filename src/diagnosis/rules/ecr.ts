import { of } from '../say.ts';
import { oneOf } from '../statements.ts';
import { wordOf } from '../words.ts';
import {
  ANYWHERE,
  actionOf,
  allowed,
  callerOf,
  ECR_GUIDE,
  type Found,
  first,
  imageOf,
  maybe,
  namedRegion,
  OF_ECR,
  OF_ECR_AND_BUILDS,
  OF_REGISTRIES,
  REGISTRIES,
  type Rule,
  roleOf,
} from './rule.ts';

const ERRORS = `${ECR_GUIDE}/common-errors-docker.html`;
const PUSH_POLICY =
  'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage';
/** The repository in an image reference or ARN. */
const repositoryOf = (text: string): string | undefined => wordOf('repository', repositoryIn(text));
const repositoryIn = (text: string): string | undefined =>
  /:repository\/([\w./-]+)/.exec(text)?.[1] ??
  /\.amazonaws\.com(?:\.cn)?\/v2\/([\w./-]{1,256}?)\/(?:manifests|blobs)\//.exec(text)?.[1] ??
  /amazonaws\.com(?:\.cn)?\/(?:v2\/)?([\w./-]{1,256}?)(?:\/(?:manifests|blobs)|[:@\s"']|$)/.exec(text)?.[1];

/** What a pull through cache lacks, why and what to do. */
const CACHE_RULES: readonly (readonly [RegExp, cause: string, remedy: string])[] = of(
  ['secrets-manager', 'kms', 'docker-hub'],
  [
    [
      /requires authentication/i,
      'The upstream registry of the pull through cache rule wants a login, and the rule names no secret.',
      'Store username and accessToken in a Secrets Manager secret whose name begins with ecr-pullthroughcache/ (same account and Region), and give its ARN as credentialArn (--credential-arn) of the rule.',
    ],
    [
      /UpstreamImage|UpstreamLayer/i,
      'ECR could not fetch the image from the upstream registry of the pull through cache rule: as a rule the credentials in its Secrets Manager secret are wrong, or the image does not exist there.',
      'Run aws ecr validate-pull-through-cache-rule, correct username and accessToken in the secret (ecr-pullthroughcache/...), and check the name and tag in the upstream registry.',
    ],
    [
      /Decrypt/i,
      'ECR reads the Secrets Manager secret of the pull through cache rule, but cannot decrypt it: its KMS key does not let it.',
      'Let the service-linked role AWSServiceRoleForECRPullThroughCache use the key of the secret (kms:Decrypt in its key policy), or encrypt the secret with aws/secretsmanager.',
    ],
    [
      /Secret/i,
      'The Secrets Manager secret of the pull through cache rule does not exist, or ECR cannot read it.',
      'Create it in the account and Region of the rule with a name that begins with ecr-pullthroughcache/ and the keys username and accessToken, and give its ARN as credentialArn of the rule; a key of your own must let ECR decrypt.',
    ],
    [
      /UnsupportedUpstream/i,
      'The upstream registry of the pull through cache rule is not one that ECR supports.',
      'Use an upstream that the documentation lists (Docker Hub, Quay, GitHub, GitLab, Kubernetes, Microsoft, ECR Public), or copy the image to ECR yourself.',
    ],
  ],
);

const cacheRule = (text: string, what = text) =>
  CACHE_RULES.find(([words]) => words.test(/requires authentication/i.test(text) ? text : what));

/** The command of the AWS CLI that sets a policy of each kind. */
const SETTERS: Readonly<Record<string, string>> = {
  lifecycle: 'put-lifecycle-policy',
  registry: 'put-registry-policy',
};

/** A build names its registry: what another one answered is not ECR's. */
const ofEcr = ({ reading }: Found): boolean =>
  reading.surface !== 'buildx.stderr' || reading.registry === undefined || reading.registry === 'ecr';

const isUnnamed = ({ reading }: Found): boolean =>
  reading.surface === 'buildx.stderr' && reading.registry === undefined;

/** The daemon says it so of an image that it pulls; of a push the name of the image stands in front. */
const isPulled = ({ text, reading }: Pick<Found, 'text' | 'reading'>): boolean =>
  reading.direction === 'pull' ||
  (reading.surface === 'buildx.stderr' && /repository \S{1,300} not found: name unknown/.test(text));

/** The registry of the run itself: login, push, repository. */
export const REGISTRY: readonly Rule[] = [
  {
    id: 'quota-reached',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'exhausted',
    match: [
      /maximum (?:allowed )?number of images(?: which is ['"]?(?<limit>\d{1,9}))?|images per repository .{0,40}(?:exceed|reached)/i,
    ],
    cause: ({ words: { limit }, text }) =>
      `The ECR repository${maybe(/repository with name ['"]([\w./-]{1,256})/.exec(text)?.[1] ?? repositoryOf(text))} holds as many images as it may${limit ? ` (${limit})` : ''}: that limit counts for each repository.`,
    remedy:
      'Delete images that nothing uses, and let a lifecycle policy do it from now on (input `lifecycle-policy`). Or ask for a higher quota "Images per repository" in Service Quotas.',
    link: `${ECR_GUIDE}/LifecyclePolicies.html`,
  },
  {
    id: 'ecr-policy-invalid',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'invalid',
    match: [
      /Lifecycle ?Policy(?:Text)?\b.{0,80}(?:failed to satisfy constraint|validation failure):? ?['"]?(?<why>[^'"]{1,300})/i,
    ],
    cause: ({ words: { why } }) =>
      `ECR does not accept the lifecycle policy: ${oneOf(why ?? '') ? 'its rules do not go together' : 'a rule has a field that is missing, not allowed or of a wrong value'}${why ? ` (${why.replace(/^Lifecycle policy validation failure: ?/i, '')})` : ''}.`,
    remedy: ({ words: { why } }) =>
      oneOf(why ?? '')
        ? `Keep one ${oneOf(why ?? '')}, and merge the others into it or remove them (input \`lifecycle-policy\`).`
        : 'Compare each rule with the lifecycle policy template: rulePriority, selection (tagStatus; tagPrefixList or tagPatternList for tagged; countType; countUnit only with sinceImagePushed; countNumber) and action {"type": "expire"}. Remove keys that are null or not in the template.',
    link: `${ECR_GUIDE}/lifecycle_policy_parameters.html`,
  },
  {
    id: 'ecr-policy-invalid',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'missing',
    match: [
      /(?<kind>Lifecycle|Repository|Registry)PolicyNotFoundException|(?<kind>lifecycle|repository|registry) policy does not exist/i,
    ],
    cause: ({ words: { kind }, text }) =>
      `The ${/registry/i.test(kind ?? '') ? 'registry' : 'repository'}${maybe(/name ['"]([^'"]{1,256})/.exec(text)?.[1])} has no ${kind?.toLowerCase() ?? ''} policy: the call asks for one that was never set or was deleted.`,
    remedy: ({ words: { kind } }) =>
      `Set one first (aws ecr ${SETTERS[kind?.toLowerCase() ?? ''] ?? 'set-repository-policy'}), or treat this answer as "none" in the script that asks.`,
    link: `${ECR_GUIDE}/repository-policies.html`,
  },
  {
    id: 'ecr-image-missing',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'missing',
    match: [/ScanNotFoundException|Image scan does not exist/i],
    cause: ({ text }) =>
      `The image in the repository${maybe(/name ['"]([^'"]{1,256})/.exec(text)?.[1])} has not been scanned, so it has no findings.`,
    remedy:
      'Start a scan first and wait for it (aws ecr start-image-scan, aws ecr wait image-scan-complete), or turn on scan on push of the repository (or enhanced scanning of the registry).',
    link: `${ECR_GUIDE}/image-scanning.html`,
  },
  {
    id: 'ecr-kms-denied',
    technology: 'kms',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'missing',
    match: [/KMS key ['"]?(?<key>[^'"\s]{1,300})?['"]? (?:does not exist|(?:was |is )?not found)/i],
    cause: ({ words: { key } }) =>
      `The KMS key${maybe(key)} that the repository is to use does not exist in this account and Region.`,
    remedy:
      'Correct the ARN of the key (encryptionConfiguration.kmsKey; it must be in the Region of the repository), or create the key; without it ECR uses a key of AWS.',
    link: `${ECR_GUIDE}/encryption-at-rest.html`,
  },
  {
    id: 'ecr-image-missing',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'missing',
    match: [
      /(?<what>UnableToGetUpstreamImage|UnableToAccessSecret|UnableToDecryptSecretValue|PullThroughCacheRuleNotFound|SecretNotFound|UnsupportedUpstreamRegistry|UnableToGetUpstreamLayer)/i,
      /(?<what>secret) specified in the pull through cache rule|pull through cache rule (?:was not found|does not exist)/i,
    ],
    cause: ({ words: { what }, text }) =>
      cacheRule(text, what)?.[1] ?? 'There is no pull through cache rule for that prefix in this account and Region.',
    remedy: ({ words: { what }, text }) =>
      cacheRule(text, what)?.[2] ??
      'Look at the prefix in aws ecr describe-pull-through-cache-rules, and create the rule or correct the prefix in the name of the image.',
    link: `${ECR_GUIDE}/pull-through-cache.html`,
  },
  {
    id: 'request-refused',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'conflict',
    match: [/PullThroughCacheRuleAlreadyExists/],
    cause: 'A pull through cache rule for that prefix (or that upstream registry) exists already.',
    remedy: 'Use it (aws ecr describe-pull-through-cache-rules), or choose another ecrRepositoryPrefix.',
    link: `${ECR_GUIDE}/pull-through-cache.html`,
  },
  {
    id: 'ecr-layer-upload-failed',
    nature: 'ambiguous',
    ...OF_ECR,
    subject: 'registry',
    failure: 'conflict',
    match: [/ImageDigestDoesNotMatch/],
    cause:
      'The manifest that was sent to ECR is not the one of the digest that was named: it was changed on its way (white space, order of keys).',
    remedy:
      'Send the manifest byte for byte as the registry gave it (aws ecr batch-get-image --query images[0].imageManifest --output text), or name no digest.',
    link: ERRORS,
  },
  {
    id: 'request-refused',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'invalid',
    match: [/InvalidTagParameter/i],
    unless: /\baws:/,
    cause:
      'A tag of the repository is not valid: its key may have at most 128 characters, its value 256, and both only letters, digits, spaces and _ . : / = + - @.',
    remedy: 'Correct or shorten the tags that the tool sends with the repository (default tags as well).',
    link: `${ECR_GUIDE}/ecr-using-tags.html`,
  },
  {
    id: 'org-policy-denied',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'permission',
    failure: 'denied',
    match: [/BlockedByOrganizationPolicy|managed by an? organi[sz]ation policy/i],
    cause: 'A policy of the organization manages this setting, so the account may not change it.',
    remedy:
      'Leave the call out, or ask who keeps the policies of the organization (management account) to change it there.',
    link: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html',
  },
  {
    id: 'ecr-repo-not-empty',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'conflict',
    match: [/RepositoryNotEmptyException|repository .{0,300}still contains images/i],
    cause: ({ text }) =>
      `The repository${maybe(/name ['"]([^'"]{1,256})/.exec(text)?.[1])} still contains images, and ECR deletes only an empty one.`,
    remedy: [
      'Delete it with its images',
      {
        examples: [
          'aws ecr delete-repository --force',
          { for: 'terraform', words: 'force_delete in Terraform' },
          { for: 'cloudformation', words: 'emptyOnDelete in the CDK' },
        ],
      },
      ', or delete the images first.',
    ],
    link: `${ECR_GUIDE}/repository-delete.html`,
  },
  {
    id: 'ecr-policy-invalid',
    nature: 'permanent',
    ...OF_ECR,
    subject: 'registry',
    failure: 'invalid',
    match: [/['"]?PolicyText['"]? failed to satisfy constraint: ['"](?<why>[^'"]{1,200})/i],
    cause: ({ words: { why } }) =>
      /principal not found/i.test(why ?? '')
        ? 'The repository policy names a principal (role, user or account) that does not exist.'
        : `ECR does not accept the repository policy${why ? ` (${why})` : ''}.`,
    remedy: ({ words: { why } }) =>
      /principal not found/i.test(why ?? '')
        ? 'Correct the ARN in Principal; a role that was made a moment ago is known after some seconds, so let the policy wait for it or try again.'
        : 'Correct the JSON of the policy: each statement needs Effect, Principal and Action, a repository policy takes no Resource, and an account is written as arn:aws:iam::ACCOUNT:root.',
    link: `${ECR_GUIDE}/repository-policies.html`,
  },
  {
    id: 'ecr-repo-missing',
    nature: 'permanent',
    ...OF_ECR_AND_BUILDS,
    subject: 'registry',
    failure: 'invalid',
    // GitHub masks the account: `***.dkr.ecr...`.
    match: [
      /repository with name ['"](?:\*{3}\.[\w.-]{1,200}|(?<host>[\w.-]{1,200}))\.(?:aws|com|cn|io)\/[^'"]{1,300}['"] does not exist/i,
    ],
    cause: ({ text }) =>
      `The name of the repository begins with a registry host (${/name ['"](?<host>[^/'"]{1,210})\//.exec(text)?.groups?.host ?? 'the registry'}): a URI was given where ECR takes only the name.`,
    remedy: ({ words: { host } }) =>
      `Give ECR the name alone, without the registry host and without a tag${host === 'public.ecr.aws' ? '; images of ECR Public (public.ecr.aws) are pushed to public.ecr.aws/ALIAS/NAME after a login there' : ''} (input \`repository\`).`,
    link: `${ECR_GUIDE}/repository-create.html`,
  },
  {
    id: 'ecr-repository-name-invalid',
    nature: 'permanent',
    ...OF_ECR_AND_BUILDS,
    subject: 'registry',
    failure: 'invalid',
    match: [/['"]?repositoryNames?['"]? failed to satisfy constraint|Invalid parameter at 'repositoryName/i],
    cause: ({ words: { host } }) =>
      host
        ? `The name of the repository begins with a registry host (${host}): a URI was given where ECR takes only the name.`
        : 'The name of the ECR repository is not valid: lowercase letters, digits and . _ - / are allowed.',
    remedy: ({ words: { host } }) =>
      `Give ECR the name alone, without the registry host and without a tag${host === 'public.ecr.aws' ? '; images of ECR Public (public.ecr.aws) are pushed to public.ecr.aws/ALIAS/NAME after a login there' : ''} (input \`repository\`).`,
    link: `${ECR_GUIDE}/repository-create.html`,
  },
  {
    id: 'ecr-public-denied',
    nature: 'permanent',
    surfaces: ['api.ecr', 'api.sts', 'buildx.stderr'],
    producers: REGISTRIES,
    launch: ANYWHERE,
    subject: 'registry',
    failure: 'denied',
    match: [
      /ecr-public:GetAuthorizationToken|sts:GetServiceBearerToken/,
      /public\.ecr\.aws[^\n]{0,300}(?:denied|Not Authorized|\b40[13]\b)/i,
    ],
    unless: /source metadata|load metadata|(?:HEAD|GET) request|pull|429|toomanyrequests/i,
    cause: (found) =>
      /not authorized to perform/i.test(found.text)
        ? `${callerOf(found).replace(/^t/, 'T')} may not log in to ECR Public (${actionOf(found) ?? 'ecr-public:GetAuthorizationToken'}).`
        : 'ECR Public (public.ecr.aws) refused: there is no login to it, or its token is not for this registry.',
    remedy:
      'Allow ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken on * for the role (AmazonElasticContainerRegistryPublicPowerUser has them), and log in with `aws ecr-public get-login-password --region us-east-1`: ECR Public has its login in us-east-1 only.',
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html',
  },
  {
    id: 'ecr-tag-immutable',
    nature: 'permanent',
    ...OF_ECR_AND_BUILDS,
    subject: 'registry',
    failure: 'conflict',
    match: [/cannot be overwritten because the (?:repository|tag) is immutable/i],
    cause: ({ text }) =>
      `The image tag${maybe(/image tag ['"]([^'"]+)/i.exec(text)?.[1])} already exists in the ECR repository${maybe(/in the ['"]([^'"]+)/i.exec(text)?.[1])}, whose tags are immutable.`,
    remedy:
      'Push a new tag (input `tags`; the commit is one), or exclude such tags from the immutability of the repository. A cache needs a repository with mutable tags, or ignore-error=true in `cache-to`.',
    link: `${ECR_GUIDE}/image-tag-mutability.html`,
  },
  {
    id: 'ecr-token-expired',
    nature: 'permanent',
    ...OF_ECR_AND_BUILDS,
    subject: 'registry-login',
    failure: 'invalid',
    match: [/authorization token has expired/i],
    when: ({ reading }) => reading.registry === undefined || reading.registry === 'ecr',
    cause: 'The login to ECR has expired: its token lives 12 hours.',
    remedy:
      'Log in again: this action does so before each build; a login stored on a self-hosted runner must be renewed (aws ecr get-login-password | docker login --username AWS --password-stdin).',
    link: `${ECR_GUIDE}/registry_auth.html`,
  },
  {
    id: 'registry-credentials-invalid',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry-login',
    failure: 'missing',
    match: [
      /Must provide --username with --password-stdin|Password required\b.{0,40}$|Error: (?:Username|Password) (?:and password )?required/i,
    ],
    cause: ({ text }) =>
      `The log in to the registry was given ${/--username/.test(text) ? 'no user name' : 'no user name or no password'}: the variable or secret that should hold it is empty in that job.`,
    remedy: ({ text }) =>
      `Set that variable or secret, and check its name and scope: secrets of an environment need \`environment:\` in the job, and runs of forks and of Dependabot get none.${/amazonaws/.test(text) ? ' The user name of ECR is always AWS.' : ''}`,
    link: 'https://docs.docker.com/reference/cli/docker/login/',
  },
  {
    id: 'ecr-login-missing',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry-login',
    failure: 'denied',
    match: [/login attempt to https?:\/\/\S{1,300}\.dkr[.-]ecr\S{0,200} failed with status: 40[01]\b/i],
    cause:
      'docker login asked ECR with a user and password that it does not accept. It takes the user AWS and a token of ecr:GetAuthorizationToken alone: not the key of an IAM user, and no token that has expired (12 hours) or is of another Region.',
    remedy:
      'Log in with aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin HOST, or with amazon-ecr-login, before the step that pulls or pushes; a step that takes user and password gets AWS and that token. This action logs in by itself when it has credentials.',
    link: `${ECR_GUIDE}/registry_auth.html`,
  },
  {
    id: 'ecr-login-missing',
    nature: 'ambiguous',
    ...OF_REGISTRIES,
    subject: 'registry-login',
    failure: 'unreachable',
    // The command in front of the pipe failed, so docker login got nothing to read.
    match: [
      /(?:[Cc]onnect timeout on|[Rr]ead timeout on|[Cc]ould not connect to the|[Cc]onnection was closed before we received a valid response from|[Ff]ailed to connect to)[^\n]{0,40}endpoint URL: ["'](?<url>https:\/\/[^"'\n]{3,200})["'][\s\S]{0,300}interactive login from a non[- ]TTY/,
    ],
    cause: ({ words: { url } }) =>
      `aws ecr get-login-password did not reach the ECR API (${url ?? 'its endpoint'}), so docker login got no password; what it says of a TTY follows from that.`,
    remedy:
      'Let the machine reach that host over HTTPS (TCP 443): its proxy (HTTPS_PROXY), firewall or VPN, in a private subnet a NAT gateway or the VPC endpoint com.amazonaws.REGION.ecr.api. Check the Region in the host as well, then log in again.',
    link: `${ECR_GUIDE}/registry_auth.html`,
  },
  {
    id: 'ecr-login-missing',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry-login',
    failure: 'missing',
    match: [
      /no basic auth credentials|Please login prior to (?:push|pull)/i,
      /interactive login from a non[- ]TTY/i,
      /401 Unauthorized/i,
      /unauthorized: authentication required|authentication required|Not Authorized|login attempt .{0,80}failed|docker login.{0,80}(?:fail|error)/i,
    ],
    when: ofEcr,
    unless:
      /resolve source metadata|load metadata|docker\.io|pull access denied|ghcr\.io|(?<!failed to push [^\n]{0,400})oauth|not authorized to perform|error getting credentials|docker-credential-/i,
    cause: (found) =>
      `Docker is not logged in to ${isUnnamed(found) ? 'the registry (the message does not name it)' : 'the ECR registry'}: no password (token) was given, the log in failed, or it was for another registry (account or Region) than that of the image.`,
    remedy:
      'Check the AWS credentials that make the token (ecr:GetAuthorizationToken) and that the login is for the registry of the image (account and Region): pipe aws ecr get-login-password to docker login --username AWS --password-stdin. This action logs in by itself when it has credentials.',
    link: `${ECR_GUIDE}/registry_auth.html`,
  },
  {
    id: 'ecr-cross-account-denied',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'denied',
    match: [
      /not authorized to perform:? ?['"]?ecr:\w.{0,500}no resource-based policy allows/i,
      /::(?<ours>\d{12}):\S{1,300} is not authorized to perform:? ?['"]?ecr:\w+['"]? on resource:? ?['"]?arn:aws[\w-]{0,20}:ecr:[\w-]{1,30}:(?!\k<ours>)\d{12}:/i,
    ],
    cause: (found) =>
      `The role${maybe(roleOf(found))} may not call ${actionOf(found) ?? 'ECR'} on the repository${maybe(repositoryOf(found.text))}: its repository policy does not allow it (it belongs to another account or asks for one).`,
    remedy: (found) =>
      `Allow ${actionOf(found) ?? 'the action'} (with ${PUSH_POLICY}) for that role in the repository policy of the repository${maybe(repositoryOf(found.text))}, and in the role's own policy.`,
    link: `${ECR_GUIDE}/repository-policies.html`,
  },
  {
    id: 'ecr-push-denied',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'denied',
    match: [/not authorized to perform:? ?['"]?ecr(?:-public)?:(?!GetAuthorizationToken)\w+/i],
    unless: /resolve source metadata/i,
    cause: (found) =>
      `${callerOf(found).replace(/^t/, 'T')} may not call ${actionOf(found) ?? 'ECR'} on the repository${maybe(repositoryOf(found.text))}.`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? 'the action'} on the repository for the role that this job uses; a push needs the permissions ${PUSH_POLICY}, and ecr:GetAuthorizationToken on *.`,
      ),
    link: `${ECR_GUIDE}/image-push-iam.html`,
  },
  {
    id: 'ecr-push-refused-403',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'denied',
    match: [/PUT request to \S+\/manifests\/\S+: 403\b/i],
    when: ofEcr,
    cause: ({ text }) =>
      `ECR refused the manifest of the image (403 Forbidden) in the repository${maybe(repositoryOf(text))}, although the layers were accepted: ecr:PutImage is not allowed, or the quota of images per repository is reached.`,
    remedy:
      'Allow ecr:PutImage for the role that this job uses; then look at the number of images per repository (quota 20,000 by default; 100,000 for newer accounts) and add a lifecycle policy that deletes old ones.',
    link: `${ECR_GUIDE}/service-quotas.html`,
  },
  {
    id: 'ecr-push-refused-400',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'invalid',
    match: [
      /PUT request to \S{1,300}\/manifests\/\S{1,200}: 40[05]\b/i,
      // Before BuildKit 0.11 without the request.
      /failed commit on ref "(?:manifest|index)-sha256:\w{64}": unexpected status: 40[05]\b/i,
    ],
    when: ofEcr,
    unless: /writing manifest blob|exporting cache|cache export/i,
    cause: ({ text }) =>
      `The registry refused the manifest of the image (${/ 405\b/.test(text) ? '405 Method Not Allowed' : '400 Bad Request'})${maybe(repositoryOf(text) ? `in the repository ${repositoryOf(text)}` : undefined)}, although the layers were accepted: the tag is there already and immutable, or it takes no such manifest.`,
    remedy:
      'Where tags are immutable push a new tag (input `tags`), or exclude this one from the immutability; otherwise build without attestations (`provenance: false`, `sbom: false`), push all platforms with one build, and look at the number of images per repository.',
    link: `${ECR_GUIDE}/image-tag-mutability.html`,
  },
  {
    id: 'ecr-repo-missing',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'missing',
    match: [
      /RepositoryNotFoundException|repository with name ['"](?<repository>[^'"]+)['"] does not exist/i,
      /(?:push|unexpected status|blobs\/uploads).{0,400}404 Not Found|repository does not exist/i,
    ],
    when: ofEcr,
    // `push access denied, repository does not exist or may require authorization` is containerd's for any refused login.
    unless:
      /(?:push|pull) access denied|resolve source metadata|manifests\/.{0,80}\b404\b|writing manifest|exporting cache|cache/i,
    cause: ({ words: { repository }, text, reading }) =>
      /RepositoryNotFound|repository with name/i.test(text) || reading.registry === 'ecr'
        ? `The ECR repository${maybe(first(repository, repositoryOf(text)))} does not exist in that account and Region${isPulled({ text, reading }) ? '' : '; ECR does not make it on a push'}.`
        : 'The repository that the image is pushed to does not exist in its registry: ECR, for one, does not make it on a push.',
    remedy: (found) =>
      isPulled(found)
        ? 'Correct the account, Region and name of the image that is pulled. For one that comes through a pull through cache its rule must exist for that prefix (aws ecr describe-pull-through-cache-rules), and whoever pulls it for the first time needs ecr:BatchImportUpstreamImage and ecr:CreateRepository.'
        : `Create the repository first (input \`create-repository\`: true does so, with ecr:CreateRepository), or correct the input \`repository\`, \`aws-region\`${namedRegion(found) === undefined ? '' : ` (the message names ${namedRegion(found)})`} and the account.`,
    link: ERRORS,
  },
  {
    id: 'ecr-image-missing',
    nature: 'permanent',
    surfaces: ['api.ecs', 'api.ecr'],
    producers: REGISTRIES,
    launch: ANYWHERE,
    subject: 'registry',
    failure: 'missing',
    match: [/ImageNotFoundException|image with imageId .{0,200}does not exist|Requested image not found/i],
    cause: ({ text }) =>
      `There is no such image in the ECR repository${maybe(/repository with name ['"]([^'"]+)/.exec(text)?.[1])}${maybe(/imageTag:?['"]?([^'",}]+)/.exec(text)?.[1])}.`,
    remedy:
      'Build and push it first, or correct the tag or digest (inputs `image`, `rollback-to`); a lifecycle policy may have deleted it.',
    link: `${ECR_GUIDE}/LifecyclePolicies.html`,
  },
  {
    id: 'ecr-throttled',
    nature: 'transient',
    ...OF_ECR,
    subject: 'registry',
    failure: 'throttled',
    match: [/toomanyrequests|Too Many Requests|\b429\b|Rate exceeded|Throttl|RequestLimitExceeded/i],
    cause: 'ECR throttled the call: the rate of the account was exceeded.',
    remedy:
      'Retry with back-off (this action does). Let fewer jobs pull or push at once, or ask for a higher rate in Service Quotas.',
    link: `${ECR_GUIDE}/service-quotas.html`,
  },
  {
    id: 'ecr-throttled',
    nature: 'ambiguous',
    surfaces: ['buildx.stderr'],
    producers: REGISTRIES,
    launch: ANYWHERE,
    subject: 'registry',
    failure: 'throttled',
    transient: true,
    match: [/toomanyrequests:? ?Rate exceeded/i],
    unless: /docker\.io|docker hub|pull rate limit|resolve source metadata|public\.ecr\.aws|httpRead/i,
    cause: 'ECR throttled the push: the rate of the account was exceeded.',
    remedy:
      'Push again (retry) with back-off (this action does so three times); let fewer jobs push at once, or ask for a higher rate in Service Quotas.',
    link: `${ECR_GUIDE}/service-quotas.html`,
  },
  {
    id: 'ecr-push-denied',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'denied',
    match: [
      /(?:push|blobs|HEAD request|POST request|PUT request|uploads)[^\n]{0,600}403 Forbidden/i,
      /error parsing HTTP 403 response/i,
    ],
    when: ofEcr,
    unless:
      /resolve source metadata|load metadata|pull access denied|failed to solve: (?!failed to push)[^\n]{1,300}?: unexpected status from \w+ request to \S+\/manifests\//i,
    cause: (found) =>
      `${isUnnamed(found) ? 'The registry (the message does not name it)' : 'ECR'} refused the push${maybe(imageOf(found) ? `of ${imageOf(found)}` : undefined)} (403 Forbidden): the ${isUnnamed(found) ? 'login may not write there' : 'role lacks permissions on the repository'}, or Docker is logged in to another registry.`,
    remedy: (found) =>
      isUnnamed(found)
        ? `Look at the name of the image. For ECR the role of the job needs ${PUSH_POLICY} on that repository, in the account and Region of the login; for GitHub's registry the job needs \`permissions: packages: write\`, for others a token that may write.`
        : `Check the permissions ${PUSH_POLICY} on that repository, its repository policy, and that account and Region of the login are those of the image.`,
    link: ERRORS,
  },
  {
    id: 'ecr-kms-denied',
    technology: 'kms',
    nature: 'permanent',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'denied',
    match: [/KmsException|KMS .{0,120}(?:denied|disabled|not (?:found|authorized))|kms:\w+/i],
    cause: 'The KMS key of the ECR repository cannot be used.',
    remedy:
      'Check that the key is enabled and that its key policy allows the role kms:Decrypt, kms:GenerateDataKey, kms:DescribeKey and kms:CreateGrant.',
    link: `${ECR_GUIDE}/encryption-at-rest.html`,
  },
  {
    id: 'ecr-layer-upload-failed',
    nature: 'ambiguous',
    ...OF_REGISTRIES,
    subject: 'registry',
    failure: 'failed',
    match: [
      /LayerInaccessible|LayerPartTooSmall|InvalidLayerPart|UploadNotFound|EmptyUpload|LayersNotFound|InvalidLayerException|ReferencedImagesNotFound|BLOB_UPLOAD_INVALID|BLOB_UPLOAD_UNKNOWN|DIGEST_INVALID|blob upload (?:invalid|unknown)|(?:manifest )?blob unknown|MANIFEST_(?:BLOB_UNKNOWN|INVALID)|manifest invalid/i,
    ],
    when: ofEcr,
    cause: ({ text }) => `ECR did not accept a layer of the image: ${text.slice(0, 300)}`,
    remedy:
      'Push again; if it stays, push all platforms with one build and make sure that every image an index names is pushed before it.',
    link: ERRORS,
  },
];
