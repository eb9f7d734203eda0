import { faultOf, lastResort } from '../matrix.ts';
import { of } from '../say.ts';
import {
  ANYWHERE,
  actionOf,
  allowed,
  DOCKER,
  deniedBy,
  ECR_GUIDE,
  type Found,
  GUIDE,
  imageOf,
  internetFor,
  isExternal,
  maybe,
  OF_INSTANCES,
  OF_PULLS,
  OF_TASKS,
  principalOf,
  REGISTRIES,
  type Rule,
  reacher,
  refusedRole,
  regionOf,
  roleOf,
  subnetsOf,
  TASK,
  TASK_SIDE,
  targetOf,
  wayOut,
  wayTo,
} from './rule.ts';

const PULL = `${GUIDE}/task_cannot_pull_image.html`;
const EXECUTION_POLICY = `${GUIDE}/task_execution_IAM_role.html`;

/** What a way that does not exist or is shut looks like, in the words of Go's net, HTTP and the SDKs. */
const NO_WAY =
  'i/o time(?:out)?|context deadline exceeded|deadline exceeded|Client\\.Timeout|request canceled|RequestCanceled|RequestError|send request failed|StatusCode: 0\\b|TLS handshake timeout|no such host|no route to host|network is unreachable|connection refused|connection reset|connection issue|server misbehaving|connect: |could not connect|dial tcp|timed out';
const noWay = (before: string): RegExp => new RegExp(`${before}.{0,900}?(?:${NO_WAY})`, 'i');

/** AWS renews its certificates: one of them that has expired means a wrong clock. */
const isClock = (text: string): boolean =>
  /certificate has expired or is not yet valid/i.test(text) &&
  /\.amazonaws\.com|\.api\.aws|public\.ecr\.aws/.test(text);

/** Registries whose images need no login: a refusal is about the login that was sent. */
const OPEN = /^(?:public\.ecr\.aws|mcr\.microsoft\.com|registry\.k8s\.io)$/;
/** The account of an ECR repository and that of the role which was refused, where the message names both and they differ. */
function otherAccount({ text }: Found): { readonly ours: string; readonly theirs: string } | undefined {
  const theirs = /\b(\d{12})\.dkr[.-]ecr|:ecr:[\w-]{4,30}:(\d{12}):repository/.exec(text)?.slice(1).find(Boolean);
  const ours = /User: arn:aws[\w-]{0,20}:\w+::(\d{12}):/.exec(text)?.[1];
  return theirs && ours && theirs !== ours ? { ours, theirs } : undefined;
}
/** Whose registry it is: the image or the host says it, else an IAM action or role, which only ECR has. */
const registryOf = ({ text, reading }: Found) =>
  reading.registry ??
  (/\becr\b|assumed-role|:role\/|execution role|has the permissions/i.test(text) ? 'ecr' : undefined);
const LOGIN = of(
  'secrets-manager',
  'Put username and password (a token that may read packages) as JSON in a Secrets Manager secret, name it in repositoryCredentials.credentialsParameter of the container, and allow the execution role secretsmanager:GetSecretValue',
);

/** Who counts pulls, and how to have more of them. */
function limitOf({ text, reading }: Found): { readonly who: string; readonly remedy: string } {
  // "Rate exceeded" is what AWS says, "pull rate limit" Docker Hub.
  const words = /your pull rate limit|docker hub/i.test(text) ? 'docker-hub' : undefined;
  switch (reading.registry ?? words ?? (/: Rate exceeded/i.test(text) ? 'ecr' : undefined)) {
    case 'docker-hub':
      return of('docker-hub', {
        who: "Docker Hub's pull rate limit is reached (it counts pulls by IP address or account, so all tasks behind one address share it)",
        remedy:
          'Pull it through ECR: a pull through cache rule, or a copy in a repository of yours (public.ecr.aws has the official images). Or authenticate to Docker Hub with repositoryCredentials in the container definition.',
      });
    case 'ecr':
      return {
        who: 'ECR throttled the pull: the rate of requests of the account was exceeded',
        remedy:
          'ECS tries again (a retry with back-off). If it comes back, start fewer tasks at once (input `maximum-percent`), or ask for a higher rate of ECR in Service Quotas.',
      };
    case 'ecr-public':
      return {
        who: 'The pull rate limit of public.ecr.aws is reached (without a login it counts by IP address)',
        remedy:
          'Pull it through a pull through cache rule of your ECR registry, or keep a copy in a repository of yours; ECS tries again by itself.',
      };
    default:
      return {
        who: `The rate limit of the registry${maybe(reading.host)} is reached`,
        remedy: `Pull it through a copy in ECR (or a pull through cache rule, where ECR supports that registry), or give the container repositoryCredentials with a login that has a higher limit.`,
      };
  }
}

/** Who may pull, and whether the registry can be reached. */
const isProxyLogin = (text: string): boolean => /407|Proxy Authentication/i.test(text);

export const PULLING: readonly Rule[] = [
  {
    id: 'image-pull-denied',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [/(?:CannotPull|resolve ref|\bpull)[^\n]{0,600}\baws-guardduty-agent[\w-]{0,30}/i],
    cause: ({ text }) =>
      `ECS could not pull the image of the GuardDuty agent, which GuardDuty Runtime Monitoring adds to the tasks of the cluster (aws-gd-agent); it is none of your task definition: ${text.slice(0, 200)}`,
    remedy:
      'Give the task an execution role with AmazonECSTaskExecutionRolePolicy, and a way to that ECR repository: endpoint policies of ecr.api, ecr.dkr and S3 that name only your account shut it out. Or leave the cluster out of Runtime Monitoring with the tag GuardDutyManaged=false.',
    link: 'https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html',
  },
  {
    id: 'image-pull-network',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'image',
    failure: 'unreachable',
    match: [/proxyconnect tcp: .{0,20}(?:lookup |dial tcp:? )(?:lookup )?(?<host>[\w.-]{1,253}(?::\d{2,5})?)/i],
    cause: ({ words: { host } }) =>
      `Docker on the container instance goes through a proxy${maybe(host)} that it does not reach; the registry was not asked.`,
    remedy:
      'Correct HTTP_PROXY and HTTPS_PROXY of Docker and the ECS agent on the container instances (systemd drop-ins of docker.service, /etc/ecs/ecs.config), and the DNS and security group on the way to the proxy; list ECR and 169.254.169.254,169.254.170.2 in NO_PROXY where VPC endpoints lead there.',
    link: `${GUIDE}/http_proxy_config.html`,
  },
  {
    // Of a digest the resolver asks for the manifest, then for a blob. ECR answers so to a role that may not read the repository, and for a digest that is gone.
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [
      /resolve ref \S{0,300}@(?<digest>sha256:\w{1,64})\S{0,8} .{0,40}?HEAD request to \S{1,300}\/blobs\/sha256:\w{1,64}\S{0,3} 403\b/,
    ],
    cause: (found) =>
      `The registry${maybe(found.reading.host)} refused the image${maybe(imageOf(found) ?? found.words.digest)} (403): the role that pulls may not read that repository, or the digest is no longer in it. Both are answered alike.`,
    remedy: ({ words: { digest = 'DIGEST' } }) => [
      `Ask the account of the registry: aws ecr describe-images --registry-id ACCOUNT --repository-name NAME --image-ids imageDigest=${digest}. If it is there, allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in the execution role and, for another account, in its repository policy. If not, push the image and `,
      { deploys: 'deploy again' },
      ' (input `force-new-deployment`), so that ECS resolves the tag again.',
    ],
    link: PULL,
  },
  {
    // Go's client has only the words of a status where a proxy refused the tunnel; a registry's own answer has its number.
    id: 'image-pull-network',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [
      /(?:Get|Head|Post|Put) "?https:\/\/[^\s"]{3,500}"?: (?<answer>Proxy Authentication Required|Forbidden|Bad Request|Method Not Allowed|Bad Gateway|Service Unavailable|Gateway Time-?out)\b/i,
      /(?<answer>\b407\b|Proxy Authentication Required|CONNECT (?:tunnel failed,? (?:response )?)?40[37]\b)/i,
    ],
    unless: /unexpected status/i,
    cause: (found) =>
      `The proxy between ${reacher(found).toLowerCase()} and the registry${maybe(found.reading.host)} ${isProxyLogin(found.text) ? 'wants a login (407)' : `refuses the connection to it (${found.words.answer ?? ''})`}; the registry itself was not reached.`,
    remedy: (found) =>
      `${isProxyLogin(found.text) ? 'Give the proxy with user and password (http://USER:PASSWORD@HOST:PORT)' : `Let the proxy pass ${found.reading.host ?? 'the registry'} on port 443 with the hosts of its tokens and layers, or list it in NO_PROXY where there is another way`}: HTTPS_PROXY and NO_PROXY of Docker or containerd on the host and of the ECS agent (/etc/ecs/ecs.config). With a network firewall correct its rule for that host.`,
    link: `${GUIDE}/http_proxy_config.html`,
  },
  {
    id: 'image-pull-rate-limit',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'throttled',
    transient: true,
    match: [/pull rate limit/i, /429 Too Many Requests/i],
    unless: /GetAuthorizationToken|secretsmanager|ssm/i,
    cause: (found) => `${limitOf(found).who}; the image${maybe(imageOf(found))} was not pulled.`,
    remedy: (found) => limitOf(found).remedy,
    link: `${ECR_GUIDE}/pull-through-cache.html`,
  },
  {
    id: 'registry-tls-untrusted',
    nature: 'permanent',
    ...OF_PULLS,
    subject: 'registry-login',
    failure: 'invalid',
    match: [/x509: /i, /server gave HTTP response to HTTPS client/i],
    unless: /efs|secretsmanager|ssm/i,
    cause: ({ text }) => {
      if (/HTTP response to HTTPS/i.test(text))
        return 'The registry answers plain HTTP where HTTPS with a certificate is expected.';
      return isClock(text)
        ? 'The clock of the machine that pulls is wrong: to it the certificate of ECR, which AWS renews, has expired or is not valid yet.'
        : "The registry's TLS certificate is not trusted (unknown authority, expired, or for another name).";
    },
    remedy: ({ surface, reading, text }) => {
      if (isClock(text))
        return 'Set the clock of that machine (chronyd with the Amazon Time Sync Service 169.254.169.123; NTP on other hosts), then try again. Where the clock is right, a proxy shows a certificate of its own.';
      if (/HTTP response to HTTPS/i.test(text))
        return reading.launch === 'FARGATE' || reading.launch === 'MANAGED_INSTANCES'
          ? `Serve the registry over HTTPS with a certificate of a public authority (${reading.launch === 'FARGATE' ? 'Fargate takes' : 'Managed Instances take'} nothing else), or copy the image to ECR.`
          : 'Serve the registry over HTTPS. Where it stays on plain HTTP in a network of your own, list HOST:PORT in insecure-registries of the Docker daemon that pulls (/etc/docker/daemon.json; `http = true` in the buildkitd configuration) and restart it.';
      if (surface === 'buildx.stderr')
        return 'Give the registry a publicly trusted certificate, or give the builder its CA (/etc/docker/certs.d/HOST/ca.crt on the runner, `ca` in the buildkitd configuration).';
      switch (reading.launch) {
        case 'FARGATE':
        case 'MANAGED_INSTANCES':
          return `Give the registry a certificate of a public authority: ${reading.launch === 'FARGATE' ? 'Fargate trusts' : 'Managed Instances trust'} no other. Or copy the image to ECR.`;
        default:
          return `Give the registry a publicly trusted certificate, or install its CA on the container instance (/etc/docker/certs.d/HOST/ca.crt).${reading.launch === undefined ? ' Fargate trusts public authorities alone.' : ''}`;
      }
    },
    link: `${DOCKER}/engine/security/certificates/`,
  },
  {
    id: 'registry-credentials-invalid',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'registry-login',
    failure: 'invalid',
    match: [
      /asm fetching (?<field>username|password)/i,
      /unsupported credentialsParameter/i,
      /asm fetching authorization data: .{0,200}(?:unmarshal|invalid schema)/i,
      /incorrect username or password|unauthorized: (?:bad|invalid) (?:credentials|username)/i,
      /fail(?:ed)? to (?:authorize|fetch oauth token).{0,400}[?&]account=.{0,200}\b40[13]\b/i,
    ],
    unless: /not authorized to perform|can't find|ResourceNotFound|deadline exceeded|i\/o timeout/i,
    cause: ({ words, text }) => {
      if (words.field) return `The secret of repositoryCredentials has no ${words.field}.`;
      if (/unsupported credentialsParameter/i.test(text))
        return 'credentialsParameter in repositoryCredentials of a container is not the ARN of a secret.';
      if (/unmarshal|schema/i.test(text))
        return 'The secret of repositoryCredentials is not the JSON that ECS expects.';
      return 'The registry refused the username or password of repositoryCredentials.';
    },
    remedy:
      'Store {"username": "...", "password": "..."} as JSON in the Secrets Manager secret that the container\'s repositoryCredentials.credentialsParameter names, with credentials that the registry accepts.',
    link: `${GUIDE}/private-auth.html`,
  },
  {
    id: 'ecr-auth-denied',
    nature: 'permanent',
    surfaces: [...TASK, 'api.ecr', 'buildx.stderr'],
    producers: [...TASK_SIDE, ...REGISTRIES],
    launch: ANYWHERE,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /not authorized to perform:? ?['"]?ecr:GetAuthorizationToken/i,
      /(?:registry auth|GetAuthorizationToken|ecr auth).{0,900}?(?:AccessDenied|not authorized|explicit deny)/i,
    ],
    unless: /secretsmanager:|ssm:|kms:|from asm|from ssm/i,
    cause: (found) =>
      found.surface.startsWith('api') || found.surface === 'buildx.stderr'
        ? `The job's role${maybe(roleOf(found))} may not get a token for ECR (ecr:GetAuthorizationToken).`
        : `The ${found.text.includes('/i-') ? principalOf(found) : `task's execution role${maybe(roleOf(found))}`} may not get a token for ECR (ecr:GetAuthorizationToken).`,
    remedy: (found) =>
      allowed(
        found,
        found.surface.startsWith('api') || found.surface === 'buildx.stderr'
          ? 'Allow ecr:GetAuthorizationToken on * for the role that this job uses (role-to-assume).'
          : `Attach AmazonECSTaskExecutionRolePolicy to the execution role (executionRoleArn of the task definition), or allow it ecr:GetAuthorizationToken on *.${['FARGATE', 'EXTERNAL'].includes(found.reading.launch ?? '') ? '' : ' On EC2 without an execution role it is the instance role.'}${found.text.includes('/i-') ? ` Refused was ${refusedRole(found)}.` : ''}`,
      ),
    link: EXECUTION_POLICY,
  },
  {
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [/starport-layer-bucket\S{0,400} ?\b403\b|starport-layer-bucket\b.{0,400}403 Forbidden/i],
    cause:
      'ECR allowed the pull, and S3, from which the layers come, answered 403 Forbidden: as a rule the policy of the S3 gateway endpoint of the VPC does not allow the bucket of ECR.',
    remedy: (found) =>
      `Allow s3:GetObject on arn:aws:s3:::prod-${regionOf(found)}-starport-layer-bucket/* in the policy of the S3 gateway endpoint (and in service control policies, where they restrict S3).`,
    link: `${ECR_GUIDE}/vpc-endpoints.html`,
  },
  {
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [
      /https?:\/\/(?<server>production\.cloud(?:front|flare)\.docker\.com|[\w.-]{1,120}\.r2\.cloudflarestorage\.com|pkg-containers\.githubusercontent\.com|cdn\d{0,3}\.quay\.io|[\w.-]{1,120}\.blob\.core\.windows\.net)\S{0,600}?:? .{0,80}?\b403\b/i,
    ],
    cause: ({ words: { server } }) =>
      `The registry allowed the pull, and ${server ?? 'its content server'}, from which the layers come, answered 403 Forbidden: as a rule a proxy or firewall on the way lets the registry through and not this host.`,
    remedy: ({ words: { server } }) =>
      `Allow ${server ?? 'that host'} over HTTPS in the proxy or firewall (Network Firewall, egress policy) beside the registry itself, or pull a copy in ECR (a pull through cache rule).`,
    link: PULL,
  },
  {
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [/pull .{0,400}due to (?:the|its) repository policy/i],
    cause: (found) =>
      `The policy of the ECR repository does not let the task's execution role pull the image${maybe(imageOf(found))}.`,
    remedy:
      'Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability in the repository policy for the account or the execution role of the task; remove a Deny there that fits it.',
    link: `${ECR_GUIDE}/repository-policies.html`,
  },
  {
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'registry-login',
    failure: 'denied',
    match: [/no basic auth credentials/i],
    unless: /registry auth/i,
    cause: (found) =>
      `The pull of the image${maybe(imageOf(found))} was sent without a login${registryOf(found) === 'ecr' ? ': no token of ECR was fetched for it (ecr:GetAuthorizationToken)' : ', and the registry wants one'}.`,
    remedy: (found) => {
      if (registryOf(found) !== 'ecr') return `${LOGIN}; or make the image public, or copy it to ECR.`;
      const whose =
        found.reading.launch === 'EC2' || found.reading.launch === 'EXTERNAL'
          ? 'the execution role or, where the task definition names none, for the role of the instance'
          : 'the execution role of the task (executionRoleArn, input `execution-role-arn`)';
      return `Allow ecr:GetAuthorizationToken on * beside the actions of the pull (AmazonECSTaskExecutionRolePolicy has them all) for ${whose}. ${found.reading.launch === 'EC2' || found.reading.launch === 'EXTERNAL' ? 'Then update the ECS agent, which fetches the token, and compare' : 'Then compare'} the account id and Region in the name of the image.`;
    },
    link: PULL,
  },
  {
    // Registries give one answer for both, which hides what names exist.
    id: 'image-pull-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    match: [
      /repository does not exist or may require|does not exist or no (?:pull|read) access|(?:repository|image) does not exist or (?:is private|you (?:do not|don't) have)/i,
    ],
    unless: /not authorized to perform|explicit deny|AccessDenied|authorization token|no basic auth|registry auth/i,
    cause: (found) =>
      `The registry${maybe(found.reading.host)} did not give out the image${maybe(imageOf(found))}: it has no repository of that name, or the task may not pull from it. The answer is the same for both.`,
    remedy: (found) =>
      registryOf(found) === 'ecr'
        ? `Look first whether that registry has the repository under its whole name, path included (aws ecr describe-repositories in the account and Region of the image), and correct the container's image. Where it is there, allow ${found.reading.launch === 'EC2' ? 'the execution role (or, without one, the instance role)' : 'the execution role'} to pull (AmazonECSTaskExecutionRolePolicy; of another account its repository policy, too).`
        : "Look first whether the registry has the repository under its whole name, and correct the container's image. Where it is there and private, give the container repositoryCredentials with a login that may read it.",
    link: PULL,
  },
  {
    id: 'image-pull-denied',
    technology: 'docker-hub',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'denied',
    general: true,
    match: [
      /(?:CannotPull|pull|resolve ref|repository|manifest).{0,900}?(?:403 Forbidden|401 Unauthorized|\b40[13]\b|AccessDenied|access denied|not authorized|unauthorized|denied)/i,
      /has the permissions to pull images/i,
      /failed to fetch anonymous token(?:: unexpected status.{0,300}\b40[13]\b.{0,200})?[."]?$/i,
    ],
    unless: /secretsmanager:|ssm:|kms:Decrypt|registry auth|log stream|log group/i,
    cause: (found) => {
      const image = maybe(imageOf(found));
      const { host = '', status } = found.reading;
      const accounts = otherAccount(found);
      if (OPEN.test(host))
        return `The registry ${host}, whose images anyone may pull, answered the pull of the image${image} with ${status ?? 'a refusal'}: a login that it does not accept (expired, or of another account) was sent with it, or the image is not there under that name.`;
      switch (registryOf(found)) {
        case 'ecr':
          return accounts
            ? `The image${image} is in the ECR registry of account ${accounts.theirs}, and the ${principalOf(found)} of account ${accounts.ours} may not pull it (${actionOf(found) ?? 'access denied'}).`
            : `The ${principalOf(found)}${deniedBy(found) ? ' may not pull' : " (or the repository's policy) does not allow pulling"} the image${image}${found.text.includes('ecr:') ? ` (${actionOf(found) ?? 'access denied'})` : ''}${deniedBy(found)}.`;
        case undefined:
          return `The registry (the message does not name it) refused, as unauthorized or denied, to let the task pull the image${image}.${own(found)}`;
        default:
          return `The registry ${host === 'docker.io' ? 'Docker Hub (docker.io)' : host} does not let the task pull the image${image}: it is private (or misspelt), and the task sends no credentials that it accepts; an IAM role does not count there.`;
      }
    },
    remedy: (found) => {
      const { host = '' } = found.reading;
      if (OPEN.test(host))
        return `Remove the stale login first: repositoryCredentials of the container, or on EC2 the entry of ${host} in the Docker configuration of the instance (docker logout ${host}, ECS_ENGINE_AUTH_DATA). Then compare the name and tag of the image; no IAM permission is needed for it.`;
      switch (registryOf(found)) {
        case 'ecr':
          return otherAccount(found)
            ? `Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability for that role in the repository policy in account ${otherAccount(found)?.theirs} (aws ecr set-repository-policy), and in the policy of the role itself.`
            : allowed(
                found,
                `Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability for ${found.text.includes('/i-') ? refusedRole(found) : "the task's execution role"}, as AmazonECSTaskExecutionRolePolicy does. For an image of another account the repository policy there must allow it, too${isExternal(found) ? '.' : '; a VPC endpoint policy (ecr.dkr, S3) may also deny it.'}`,
              );
        case undefined:
          return own(found)
            ? 'Settle with that registry what its words name (licence, quota, account, token); then see that the repositoryCredentials of the container hold a login that it accepts.'
            : "Look at the registry in the container's image: for ECR allow the execution role to pull (AmazonECSTaskExecutionRolePolicy), for another private registry give the container repositoryCredentials with a login that it accepts.";
        default:
          return `${LOGIN}; or make the image public, or copy it to ECR.`;
      }
    },
    link: PULL,
  },
  {
    id: 'image-pull-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'timed-out',
    match: [/inactivity time exceeded timeout while pulling image|CannotPull.{0,900}?(?:unexpected EOF|: EOF\.?$)/i],
    unless: /no space left/i,
    cause: (found) =>
      `The pull of the image${maybe(imageOf(found))}${found.reading.host === undefined ? '' : ` from ${found.reading.host}`} ${/inactivity/i.test(found.text) ? 'stalled: no data came for longer than the agent waits (ECS_IMAGE_PULL_INACTIVITY_TIMEOUT)' : 'broke off: the connection was closed before all of it had come (EOF)'}.`,
    remedy: (found) =>
      `ECS tries again. If it comes back, look at what the network of ${found.reading.launch === undefined || found.reading.launch === 'FARGATE' ? 'the task' : 'the container instance'} goes through (${isExternal(found) ? '' : 'NAT gateway, '}proxy, firewall) and at the disk, and make the image smaller; a copy in ECR is nearer.`,
    link: PULL,
  },
  {
    id: 'ecr-auth-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'registry-login',
    failure: 'unreachable',
    match: [noWay('(?:registry auth|GetAuthorizationToken|ecr auth)')],
    unless:
      /from (?:asm|ssm)|secretsmanager|AWS Secrets Manager|Systems Manager|ssm:|netlink|not authorized|env files/i,
    cause: (found) =>
      `${reacher(found)} cannot reach Amazon ECR over its network to get the registry token${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
    remedy: (found) => wayTo(found, ['ecr.api', 'ecr.dkr', 's3']),
    link: `${GUIDE}/resource-initialization-error.html`,
  },
  {
    id: 'ecr-auth-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'registry-login',
    failure: 'unreachable',
    match: [
      /unable to retrieve ecr registry auth(?:: service call has been retried \d{1,3} time\(s\))?[.:]?$/i,
      /unable to pull secrets or registry auth: pull command failed: ?:? signal: killed/i,
    ],
    cause: ({ text }) =>
      /killed/.test(text)
        ? 'ECS waited too long for the secrets of the task or its token for ECR, and gave up; as a rule the task cannot reach the one or the other over its network.'
        : 'ECS got no token of Amazon ECR for the task, and the message ends before it says why: as a rule the task cannot reach ECR over its network.',
    remedy: (found) =>
      `${wayTo(found, ['ecr.api', 'ecr.dkr', 's3']).replace(/\. Allow TCP 443 out of [\s\S]*$/, '.')} Then check that the execution role has AmazonECSTaskExecutionRolePolicy.`,
    link: `${GUIDE}/resource-initialization-error.html`,
  },
  {
    id: 'image-pull-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'failed',
    match: [
      /(?:CannotPull|\bpull\b|http[Rr]ead(?:er)?[Ss]eeker).{0,900}?unexpected status(?: code)?(?: from \w{3,6} request to \S{1,500}?)?(?: \[[^\]]{0,200}\]| https?:\/\/[^\s]{1,600})?:? ?(?<status>(?<= )[1-5]\d\d\b|$)/,
    ],
    when: ({ words: { status = '' } }) => !/^(?:40[134]|429|5\d\d)$/.test(status),
    cause: (found) => {
      const { words } = found;
      const { host } = found.reading;
      return `The registry${maybe(host)} answered the pull of the image${maybe(imageOf(found))} with an HTTP status${words.status ? ` (${words.status})` : ', whose number the message cuts off'}: the task reaches it, and what it asks for is refused or not there.`;
    },
    remedy: (found) => {
      const { status } = found.words;
      if (status === '400')
        return 'Check the name, tag and digest in the image of the container. In ECR see whether the key that encrypts the repository is enabled, and push the image again where its manifest is of an old kind; the event history of CloudTrail has the answer of ECR (BatchGetImage).';
      return status
        ? `Look up in the registry whether it has that image, tag and digest, and what the log of the registry says of the request that it answered with ${status}.`
        : `Read the whole reason in describe-tasks for the status. 403 for a layer: the policy of the S3 gateway endpoint must allow s3:GetObject on arn:aws:s3:::prod-${regionOf(found)}-starport-layer-bucket/*. 401 or 403 for a manifest: the login or the rights of the role that pulls. 404: the tag, or a layer that was deleted: push the image again. 429 and 5xx pass: ECS tries again.`;
    },
    link: PULL,
  },
  {
    id: 'image-pull-network',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'image',
    failure: 'unreachable',
    general: true,
    match: [
      noWay(
        '(?:CannotPull|resolve ref|pull and unpack|inspect image|ref pull|\\bpull(?:ing)?\\b|/v2/|api\\.ecr|dkr\\.ecr|registry|failed to copy)',
      ),
      /failed to copy: http[Rr]ead(?:er)?[Ss]eeker: failed open: (?:failed to do request|content at|server)/,
      /could not reach any registry endpoint/i,
      /(?:unexpected|short read|failed to copy).{0,60}\bEOF\b|unexpected EOF|CannotPull.{0,900}: EOF\.?$/i,
      /connection issue between the task and the registry/i,
    ],
    unless:
      /from (?:asm|ssm)|secretsmanager|log stream|log group|logging driver|env files|no space left|efs|\b50[0234] |nfs|error during connect|docker_engine|docker\.sock|docker daemon|failed to extract/i,
    cause: (found) =>
      `${reacher(found)} cannot reach the image registry over its network${targetOf(found) ? ` (${targetOf(found)})` : ''}; the image${maybe(imageOf(found))} was not pulled.`,
    remedy: (found) => {
      const { text, reading } = found;
      if (reading.registry !== undefined && reading.registry !== 'ecr') return wayOut(found);
      if (reading.registry === undefined)
        return isExternal(found)
          ? 'Look at the registry in the image of the container, and let the external instance resolve and reach it over HTTPS (TCP 443): its DNS, its firewall, and the proxy of Docker (HTTPS_PROXY).'
          : 'Look at the registry in the image of the container. ECR is reached over a NAT gateway, a public IP or VPC endpoints (ecr.api, ecr.dkr, the S3 gateway endpoint), any other registry over a NAT gateway or public IP; allow TCP 443 out.';
      if (!isExternal(found) && /starport|s3[.-]|failed to copy|httpRead/i.test(text))
        return `The layers of an ECR image come from S3: check the S3 gateway endpoint (VPC endpoint) in the route table of ${subnetsOf(found)} and its policy (s3:GetObject on prod-${regionOf(found)}-starport-layer-bucket). Without it they need ${internetFor(found)}. Allow TCP 443 out of the security group.`;
      return wayTo(found, ['ecr.api', 'ecr.dkr', 's3']);
    },
    link: PULL,
  },
];

/** What a registry that is not known adds in words of its own. */
const own = ({ text }: Found): string => {
  const said =
    /(?:unauthorized|denied): (?!authentication required|access to|requested access|denied)([^"]{8,200})$/i.exec(
      text,
    )?.[1];
  return said ? ` It says: "${said.trim()}"` : '';
};

const CUT_SHORT =
  /context (?:ca|deadline)|signal: killed|interrupted|unexpected EOF|failed to extract(?: layer)?(?: sha256:\w{1,64})?:?\.{0,3}$/i;

/** A layer could not be written while it was unpacked, and the reason is cut off: on the disk of the task or instance. */
const WRITE_CUT =
  /failed to extract(?: layer)?(?: sha256:\w{1,64})?: .{0,80}?\bwrite \/[\w./-]{0,300}?(?:\.{3}|\u2026)"?$/i;
const whereRoom = ({ reading }: Found): string => {
  switch (reading.launch) {
    case 'FARGATE':
      return 'Raise ephemeralStorage.sizeInGiB of the task definition (21 to 200; without it the task has 20 GiB, for the image as well), or make the image smaller.';
    case undefined:
      return 'Give it more room: ephemeralStorage.sizeInGiB of the task definition on Fargate, the volume of the container instance on EC2; or make the image smaller.';
    default:
      return 'Free or enlarge the volume of the container instance that holds the images (docker system df; a shorter image cleanup of the ECS agent), or make the image smaller.';
  }
};

/** A pull failed and the message ends before it says why. */
export const PULL_UNKNOWN: Rule = {
  id: 'image-pull-unknown',
  vague: true,
  nature: 'ambiguous',
  ...OF_TASKS,
  subject: 'image',
  failure: 'failed',
  match: [
    /CannotPull|inspect image has been retried|ref pull has been retried|image manifest has been retried|failed to pull|(?:can't|cannot|unable to|could not) pull/i,
  ],
  cause: (found) => {
    const image = maybe(imageOf(found));
    if (WRITE_CUT.test(found.text))
      return `A layer of the image${image} could not be written to disk while it was unpacked. ECS cuts off the reason; as a rule no space is left.`;
    if (faultOf(found.text) === 'internal')
      return `The registry answered the pull of the image${image} with an error of its own (${found.reading.status ?? '5xx'}).`;
    return CUT_SHORT.test(found.text)
      ? `The pull of the image${image} was cut short. ECS says: ${found.text}`
      : lastResort(found).cause;
  },
  remedy: (found) => {
    if (WRITE_CUT.test(found.text)) return whereRoom(found);
    if (faultOf(found.text) === 'internal')
      return 'ECS tries again. If it stays, look at the status page of the registry (AWS Health for ECR).';
    return CUT_SHORT.test(found.text)
      ? 'See the stoppedReason of the task (it may have been stopped meanwhile), then the size of the image, the disk (`ephemeralStorage`, the volume of the instance) and the network to the registry: a smaller image pulls faster.'
      : lastResort(found).remedy;
  },
  link: PULL,
};
