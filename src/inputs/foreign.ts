import { bare, nearest } from '../spelling.ts';
import { INPUT_NAMES, type InputName } from './known.ts';

/** An input of another action or tool: whose it is, and what takes its place here. */
interface ForeignInput {
  readonly owner: string;
  /** Whole sentences, with text that can be pasted. */
  readonly remedy: string;
}

type Remedies = Readonly<Record<string, string>>;

const use = (name: InputName, more = ''): string => `Use \`${name}\` instead${more}.`;
const drop = (why: string): string => `Remove it: ${why}.`;
const KEEP_CREDENTIALS =
  'Keep the step aws-actions/configure-aws-credentials before this one and remove `role-to-assume` here: this action finds its credentials in the environment.';
const KEEP_BUILDX =
  'Keep the step docker/setup-buildx-action (`id: buildx`) before this one, and set `builder: ${{ steps.buildx.outputs.name }}` here.';
export const KEEP_METADATA =
  'Keep the step docker/metadata-action (`id: meta`) before this one, and set `tags: ${{ steps.meta.outputs.tag-names }}` and `labels: ${{ steps.meta.outputs.labels }}` here.';
const KEEP_LOGIN =
  'This step logs in to ECR. For any other registry keep the step docker/login-action before this one.';
const CODEDEPLOY =
  'The inputs for a service that CodeDeploy deploys are `codedeploy-appspec`, `codedeploy-application`, `codedeploy-deployment-group`, `codedeploy-deployment-config`, `codedeploy-deployment-description` and `codedeploy-wait-for`.';
const RUN_TASK =
  'Set `mode: task` to run a task alone, with the inputs `run-task-...` of aws-actions/amazon-ecs-deploy-task-definition; tasks around a deployment are `pre-deploy` and `post-deploy`.';
const KEEP_VOLUME =
  "This action leaves the service's volume configuration as it is. Change it in your infrastructure code or with `aws ecs update-service --volume-configurations`.";
const NETWORKING =
  "This action leaves the service's network configuration as it is. Change it in your infrastructure code.";
const SCALING = 'This action leaves auto scaling as it is. Change it in your infrastructure code.';
const PLAN = 'Set `mode: plan` to see what a deployment would change, without changing anything.';
const NOT_KUBERNETES = 'This action deploys to Amazon ECS, not to Kubernetes.';
const NOT_TERRAFORM =
  'This action deploys an existing ECS service; keep Terraform for the infrastructure, in a step of its own.';

/** aws-actions/configure-aws-credentials v6 */
const CREDENTIALS: Remedies = {
  'aws-access-key-id': `Set it as environment variable of the step instead (\`env: AWS_ACCESS_KEY_ID: ...\`), or better, use \`role-to-assume\` with \`permissions: id-token: write\`.`,
  'aws-secret-access-key': `Set it as environment variable of the step instead (\`env: AWS_SECRET_ACCESS_KEY: ...\`), or better, use \`role-to-assume\` with \`permissions: id-token: write\`.`,
  'aws-session-token': `Set it as environment variable of the step instead (\`env: AWS_SESSION_TOKEN: ...\`).`,
  'aws-profile': 'Set `env: AWS_PROFILE: ...` on the step instead.',
  'overwrite-aws-profile': drop('this action writes no AWS profile'),
  'web-identity-token-file':
    'Set `env: AWS_WEB_IDENTITY_TOKEN_FILE: ...` and `env: AWS_ROLE_ARN: ...` on the step instead, and remove `role-to-assume`.',
  'role-chaining': `${drop('a job without `permissions: id-token: write` assumes `role-to-assume` with the credentials that it has')} ${KEEP_CREDENTIALS}`,
  'http-proxy': 'Set `env: HTTPS_PROXY: ...` on the job instead.',
  'no-proxy': 'Set `env: NO_PROXY: ...` on the job instead.',
  'mask-aws-account-id': drop('this action does not mask the account id, which is part of every ARN and image URI'),
  'role-skip-session-tagging': drop('this action does not tag the session'),
  'transitive-tag-keys': KEEP_CREDENTIALS,
  'custom-tags': KEEP_CREDENTIALS,
  'inline-session-policy': KEEP_CREDENTIALS,
  'managed-session-policies': KEEP_CREDENTIALS,
  'output-credentials': KEEP_CREDENTIALS,
  'output-env-credentials': KEEP_CREDENTIALS,
  'unset-current-credentials': KEEP_CREDENTIALS,
  'use-existing-credentials': drop('without `role-to-assume` this action uses the credentials that are there'),
  'disable-retry': drop('this action retries what AWS throttles'),
  'retry-max-attempts': drop('this action retries what AWS throttles'),
  'special-characters-workaround': drop('this action does not pass credentials to other tools'),
  'force-skip-oidc':
    'Remove `permissions: id-token: write` from the job, or remove `role-to-assume`: the credentials in the environment are used then.',
  'action-timeout-s': use('wait-for-minutes', ' for the deployment, and `timeout-minutes` of the step for everything'),
  'sts-endpoint': 'Set `env: AWS_ENDPOINT_URL_STS: ...` on the step instead.',
};

/** aws-actions/amazon-ecr-login v2 */
const ECR_LOGIN: Remedies = {
  registries: drop('this step logs in to the registry of `repository`, and out again at the end'),
  'registry-type': 'Remove it; for a public repository set `repository: public.ecr.aws/ALIAS/NAME`.',
  'mask-password': drop('this step always masks the password of the registry'),
  'skip-logout': drop('the login of this step ends with it, and no other step can use it'),
};

/** docker/login-action v4 */
const DOCKER_LOGIN: Remedies = {
  registry: `Put the host into \`repository\` (\`repository: HOST/NAME\`). ${KEEP_LOGIN}`,
  username: KEEP_LOGIN,
  password: KEEP_LOGIN,
  ecr: KEEP_LOGIN,
  scope: KEEP_LOGIN,
  logout: KEEP_LOGIN,
  'registry-auth': KEEP_LOGIN,
};

/** docker/setup-qemu-action v4; its `image` and `platforms` are inputs of ours as well: image.ts recognises their values. */
const QEMU: Remedies = {
  reset: 'Remove it, or keep the step docker/setup-qemu-action before this one.',
  'cache-image': 'Remove it, or keep the step docker/setup-qemu-action before this one.',
};

/** docker/setup-buildx-action v4 */
const BUILDX: Remedies = {
  version: KEEP_BUILDX,
  driver: KEEP_BUILDX,
  'driver-opts': KEEP_BUILDX,
  'buildkitd-flags': KEEP_BUILDX,
  'buildkitd-config': KEEP_BUILDX,
  'buildkitd-config-inline': KEEP_BUILDX,
  config: KEEP_BUILDX,
  'config-inline': KEEP_BUILDX,
  install: KEEP_BUILDX,
  use: KEEP_BUILDX,
  name: use('builder', ' for a buildx builder, `container-name` for a container or `service` for a service'),
  endpoint: KEEP_BUILDX,
  append: KEEP_BUILDX,
  'keep-state': KEEP_BUILDX,
  'cache-binary': KEEP_BUILDX,
  cleanup: KEEP_BUILDX,
};

/** docker/build-push-action v7 */
const BUILD: Remedies = {
  push: 'Remove it: this step always pushes, because ECS pulls the image. To build only, use docker/build-push-action with `push: false`; to see what would change, `mode: plan`.',
  load: 'Remove it: the image is pushed and not loaded into the Docker engine. To test it first, build it in a step of docker/build-push-action with `load: true`.',
  call: 'Remove it: this step builds and pushes. Check the Dockerfile in a step of its own (`docker buildx build --check .`).',
  'secret-files': use('build-secret-files'),
  'secret-envs': use('build-secret-envs'),
  dockerfile: use('file'),
  'docker-file': use('file'),
  'dockerfile-path': use('file'),
  path: use('context', ' for the build context, `file` for the Dockerfile'),
  'build-context': use('context', ' (`build-contexts` for additional ones)'),
  'build-arg': use('build-args'),
  buildargs: use('build-args'),
  platform: use('platforms'),
  arch: use('platforms', ', such as `platforms: linux/arm64`'),
  architecture: use('platforms', ', such as `platforms: linux/arm64`'),
  squash: drop('BuildKit does not squash'),
  'buildx-fallback': drop('this action needs buildx'),
  'extra-args': 'Use the input that belongs to each flag, such as `build-args`, `target` or `network`.',
  'build-options': 'Use the input that belongs to each flag, such as `build-args`, `target` or `network`.',
  'scan-on-push': 'Turn it on in the registry or repository settings of ECR.',
};

/** docker/metadata-action v6 */
const METADATA: Remedies = {
  flavor: KEEP_METADATA,
  'sep-tags': KEEP_METADATA,
  'sep-labels': KEEP_METADATA,
  'sep-annotations': KEEP_METADATA,
  'bake-target': KEEP_METADATA,
  'tag-sha': drop('the commit is the tag unless `tags` names others'),
  'tag-edge': KEEP_METADATA,
};

/** aws-actions/amazon-ecs-render-task-definition v1 */
const RENDER: Remedies = {
  'task-definition-revision':
    'Use `task-definition-arn: FAMILY:REVISION` instead, such as `task-definition-arn: web:42`. To go back to a revision, `mode: rollback` with `rollback-to: 42`.',
};

/** aws-actions/amazon-ecs-deploy-task-definition v2 */
const DEPLOY: Remedies = {
  'service-managed-ebs-volume-name': KEEP_VOLUME,
  'service-managed-ebs-volume': KEEP_VOLUME,
  'keep-null-value-keys': drop('this action removes null values only; empty strings, lists and objects stay'),
  'max-retries': drop('this action retries what AWS throttles'),
  'wait-max-delay-seconds': drop('this action polls the deployment every few seconds'),
};

/** aws-actions/amazon-ecs-deploy-express-service v1 */
const EXPRESS: Remedies = {
  'assign-public-ip': NETWORKING,
  'wait-for-deployment': use('wait-for-service-stability'),
};

/** fabfuel/ecs-deploy, silinternational/ecs-deploy, kayac/ecspresso and actions around them. */
const TOOLS: Remedies = {
  'dry-run': PLAN,
  'dry-run-only': PLAN,
  'no-op': PLAN,
  noop: PLAN,
  simulate: PLAN,
  'what-if': PLAN,
  preview: PLAN,
  diff: PLAN,
  check: PLAN,
  'plan-only': PLAN,
  deploy: 'Use `mode: deploy` (the default), or `mode: plan` to change nothing.',
  'skip-deploy': PLAN,
  'no-deploy': PLAN,
  'skip-build': 'Use `image` to deploy an image that exists, or remove the inputs of the build.',
  build: 'Use `repository` to build and push, or `image` to deploy an image that exists.',
  'register-only':
    'This action always deploys what it registers. Register with `aws ecs register-task-definition` instead.',
  'skip-task-definition':
    'Remove `task-definition`: without it the revision that the service runs is deployed again (`force-new-deployment: true`).',
  'update-service': drop('`mode: plan` changes nothing, every other mode updates the service'),
  rollback:
    'Use `rollback-on-failure: true` (the default) for a failed deployment, or `mode: rollback` to go back now.',
  'auto-rollback': use('rollback-on-failure'),
  'enable-rollback': use('rollback-on-failure'),
  'rollback-on-error': use('rollback-on-failure'),
  'rollback-events': use('rollback-on-failure'),
  'no-rollback': 'Use `rollback-on-failure: false` instead.',
  'deployment-circuit-breaker': use('circuit-breaker'),
  'circuit-breaker-rollback': 'Use `circuit-breaker: rollback` instead.',
  'cluster-name': use('cluster'),
  'cluster-arn': use('cluster', ', which takes a name or an ARN'),
  'ecs-cluster': use('cluster'),
  'ecs-cluster-name': use('cluster'),
  'service-arn': use('service', ', which takes a name or an ARN'),
  'ecs-service': use('service'),
  'ecs-service-name': use('service'),
  'service-names': 'List the services with `services`, one `- name` per line.',
  region: use('aws-region'),
  'aws-default-region': use('aws-region'),
  'cluster-region': use('aws-region'),
  role: use('role-to-assume'),
  'role-arn': use('role-to-assume', ' for the role of this job, `task-role-arn` for the role of the containers'),
  'aws-role': use('role-to-assume'),
  'aws-role-arn': use('role-to-assume'),
  'aws-role-to-assume': use('role-to-assume'),
  'assume-role': use('role-to-assume'),
  'iam-role': use('role-to-assume'),
  profile: 'Set `env: AWS_PROFILE: ...` on the step instead.',
  'session-name': use('role-session-name'),
  'account-id': use('allowed-account-ids'),
  'aws-account-id': use('allowed-account-ids'),
  'access-key-id': 'Set `env: AWS_ACCESS_KEY_ID: ...` on the step instead, or better, use `role-to-assume`.',
  'secret-access-key': 'Set `env: AWS_SECRET_ACCESS_KEY: ...` on the step instead, or better, use `role-to-assume`.',
  'access-key': 'Set `env: AWS_ACCESS_KEY_ID: ...` on the step instead, or better, use `role-to-assume`.',
  'secret-key': 'Set `env: AWS_SECRET_ACCESS_KEY: ...` on the step instead, or better, use `role-to-assume`.',
  task: use('task-definition', ' for a file, or `task-definition-family` for a family'),
  'task-def': use('task-definition'),
  'task-definition-file': use('task-definition'),
  'task-definition-path': use('task-definition'),
  'task-definition-file-name': use('task-definition'),
  'task-definition-json': use('task-definition', ', which takes the path of a file'),
  'task-definition-template': use('task-definition'),
  'task-definition-name': use('task-definition-family'),
  'task-definition-family-name': use('task-definition-family'),
  family: use('task-definition-family'),
  'latest-task-definition': use('task-definition-family'),
  revision:
    'Use `task-definition-arn: FAMILY:REVISION` to start from a revision, or `mode: rollback` with `rollback-to: REVISION` to go back to it.',
  container: use('container-name'),
  'container-image': use('image'),
  'container-names': use('images', ', one `container=image` per line'),
  'image-name': use('image', ' for an image that exists, `repository` for one that this step builds'),
  'image-uri': use('image'),
  'image-url': use('image'),
  'docker-image': use('image'),
  'new-image': use('image'),
  'image-tag': use('tags', ' for the image that this step builds; an image that exists is `image: HOST/NAME:TAG`'),
  'image-version': use('tags', ' for the image that this step builds; an image that exists is `image: HOST/NAME:TAG`'),
  'image-overrides': use('images', ', one `container=image` per line'),
  'image-repository': use('repository'),
  tag: use('tags', ' for the image that this step builds; an image that exists is `image: HOST/NAME:TAG`'),
  'repo-name': use('repository'),
  repo: use('repository'),
  'ecr-repository': use('repository'),
  'ecr-repo': use('repository'),
  'repository-name': use('repository'),
  'create-repo': use('create-repository'),
  'ecr-registry': 'Use `repository: HOST/NAME` instead; a name alone is looked up in the registry of the account.',
  env: use('environment-variables', ' for the container, or `github-environment` for a GitHub deployment'),
  environment: use('environment-variables', ' for the container, or `github-environment` for a GitHub deployment'),
  'environment-name': use('github-environment'),
  'environment-url': use('github-environment-url'),
  'env-vars': use('environment-variables'),
  'environment-vars': use('environment-variables'),
  'env-variables': use('environment-variables'),
  'container-env': use('environment-variables'),
  'env-file': use('env-files', ', which takes ARNs of files in S3; values themselves go into `environment-variables`'),
  envfile: use('env-files', ', which takes ARNs of files in S3; values themselves go into `environment-variables`'),
  'secret-arns': use('secrets', ', one `NAME=arn` per line'),
  secret: use('secrets'),
  'ssm-parameters': use('secrets', ', one `NAME=arn` per line'),
  'container-command': use('command'),
  entrypoint: 'Set `entryPoint` in the task definition.',
  args: use('command'),
  cmd: use('command'),
  'log-driver': use('log-configuration-log-driver'),
  'log-options': use('log-configuration-options'),
  'execution-role': use('execution-role-arn'),
  'task-execution-role-arn': use('execution-role-arn'),
  'task-execution-role': use('execution-role-arn'),
  'task-role': use('task-role-arn'),
  'task-cpu': use('cpu'),
  'task-memory': use('memory'),
  port: 'Set `portMappings` in the task definition.',
  'volume-mounts': 'Set `volumes` and `mountPoints` in the task definition.',
  'health-check': 'Set `healthCheck` in the task definition.',
  tasks: use('desired-count'),
  count: use('desired-count'),
  'task-count': use('desired-count'),
  scale: use('desired-count'),
  'min-healthy-percent': use('minimum-healthy-percent'),
  'min-healthy': use('minimum-healthy-percent'),
  'deployment-min-healthy-percent': use('minimum-healthy-percent'),
  'minimum-healthy-percentage': use('minimum-healthy-percent'),
  'max-percent': use('maximum-percent'),
  'max-healthy-percent': use('maximum-percent'),
  'deployment-max-percent': use('maximum-percent'),
  'maximum-percentage': use('maximum-percent'),
  'maximum-healthy-percent': use('maximum-percent'),
  'grace-period': use('health-check-grace-period-seconds'),
  'health-check-grace-period': use('health-check-grace-period-seconds'),
  force: use('force-new-deployment'),
  'force-deploy': use('force-new-deployment'),
  'force-deployment': use('force-new-deployment'),
  'force-update': use('force-new-deployment'),
  restart: use('force-new-deployment'),
  'enable-exec': use('enable-execute-command'),
  'exec-enabled': use('enable-execute-command'),
  'launch-type':
    'This action leaves the launch type of the service as it is. Set `requiresCompatibilities` in the task definition.',
  'capacity-provider-strategy':
    'This action leaves the capacity providers of the service as they are. Change them in your infrastructure code.',
  'capacity-provider':
    'This action leaves the capacity providers of the service as they are. Change them in your infrastructure code.',
  'placement-strategy':
    'This action leaves the placement of the service as it is. Change it in your infrastructure code.',
  'placement-constraints':
    'This action leaves the placement of the service as it is; `placementConstraints` of the task definition are deployed.',
  'load-balancer':
    "This action leaves the service's load balancers as they are. Change them in your infrastructure code.",
  'target-group-arn':
    "This action leaves the service's load balancers as they are. Change them in your infrastructure code.",
  'deployment-configuration':
    'Use `minimum-healthy-percent`, `maximum-percent`, `circuit-breaker`, `alarms`, `strategy` and `bake-time-minutes` instead.',
  'deployment-strategy': use('strategy'),
  'bake-time': use('bake-time-minutes'),
  'bake-time-in-minutes': use('bake-time-minutes'),
  'linear-configuration': 'Use `linear-step-percent` and `linear-step-bake-minutes` instead.',
  'canary-configuration': 'Use `canary-percent` and `canary-bake-minutes` instead.',
  'deployment-controller':
    "This action leaves the service's deployment controller as it is. Change it in your infrastructure code.",
  'create-service':
    'The service must exist. Create it in your infrastructure code, or once with `aws ecs create-service`.',
  'suspend-auto-scaling': SCALING,
  'resume-auto-scaling': SCALING,
  'run-task-before': use('pre-deploy'),
  'pre-deploy-task': use('pre-deploy'),
  'post-deploy-task': use('post-deploy'),
  migrate: use('pre-deploy', ', such as `pre-deploy: npm run migrate`'),
  'migration-command': use('pre-deploy', ', such as `pre-deploy: npm run migrate`'),
  overrides: use('run-task-container-overrides', ' with `mode: task`'),
  'wait-for-stopped': use('wait-for-task-stopped', ' with `mode: task`'),
  wait: use('wait-for-service-stability'),
  'wait-for-stability': use('wait-for-service-stability'),
  'wait-for-stable': use('wait-for-service-stability'),
  'wait-until-stable': use('wait-for-service-stability'),
  'wait-until': use('wait-for-service-stability'),
  'no-wait': 'Use `wait-for-service-stability: false` instead.',
  detached: 'Use `wait-for-service-stability: false` instead.',
  'skip-deployments-check': 'Use `wait-for-service-stability: false` instead.',
  timeout: use('wait-for-minutes', ', in minutes'),
  'timeout-minutes': use('wait-for-minutes', '; `timeout-minutes` itself is a key of the step, beside `with`'),
  'timeout-seconds': use('wait-for-minutes', ', in minutes'),
  'wait-timeout': use('wait-for-minutes', ', in minutes'),
  'deployment-timeout': use('wait-for-minutes', ', in minutes'),
  'max-wait-minutes': use('wait-for-minutes', ', in minutes'),
  'max-definitions':
    'This action keeps old revisions, which rollbacks need. `deregister-failed-revision: true` removes one whose deployment failed.',
  deregister: use('deregister-failed-revision'),
  'deregister-task-definition': use('deregister-failed-revision'),
  'slack-url': 'Send the message in a later step with `if: always()`, from the outputs of this one.',
  'slack-webhook': 'Send the message in a later step with `if: always()`, from the outputs of this one.',
  'sns-topic': 'Send the message in a later step with `if: always()`, from the outputs of this one.',
  token: use('github-token'),
  'repo-token': use('github-token'),
  'skip-preflight': 'Use `preflight: false` instead.',
  'ext-str': use('variables', ', one `NAME=value` per line'),
  'ext-code': use('variables', ', one `NAME=value` per line'),
  tfstate: use('variables', ', one `NAME=value` per line, from a step with `terraform output`'),
};

/** azure/k8s-deploy, helm and kubectl actions. */
const KUBERNETES: Remedies = {
  namespace: `${NOT_KUBERNETES} Name the cluster with \`cluster\`.`,
  manifest: `${NOT_KUBERNETES} ${use('task-definition')}`,
  manifests: `${NOT_KUBERNETES} ${use('task-definition')}`,
  kubeconfig: NOT_KUBERNETES,
  'kube-config': NOT_KUBERNETES,
  'kubectl-version': NOT_KUBERNETES,
  replicas: use('desired-count'),
  'image-pull-secrets': 'Set `repositoryCredentials` in the task definition.',
  imagepullsecrets: 'Set `repositoryCredentials` in the task definition.',
  chart: NOT_KUBERNETES,
  'helm-chart': NOT_KUBERNETES,
  'value-files': `${NOT_KUBERNETES} ${use('variables')}`,
  values: `${NOT_KUBERNETES} ${use('variables')}`,
  release: NOT_KUBERNETES,
  'traffic-split-method': NOT_KUBERNETES,
  percentage: use('canary-percent'),
  action: 'Use `mode` instead: `deploy`, `plan`, `rollback` or `list`.',
};

/** Terraform, OpenTofu, CDK, SAM and CloudFormation actions. */
const INFRASTRUCTURE: Remedies = {
  'working-directory':
    'Paths of this action start at the workspace: write them out, such as `task-definition: deploy/task-definition.json`.',
  'working-dir':
    'Paths of this action start at the workspace: write them out, such as `task-definition: deploy/task-definition.json`.',
  directory: 'Paths of this action start at the workspace: write them out, such as `context: app`.',
  'terraform-version': NOT_TERRAFORM,
  'backend-config': NOT_TERRAFORM,
  workspace: NOT_TERRAFORM,
  'var-file': use('variables', ', one `NAME=value` per line'),
  'var-files': use('variables', ', one `NAME=value` per line'),
  vars: use('variables'),
  parameters: use('variables'),
  'parameter-overrides': use('variables', ', one `NAME=value` per line'),
  plan: PLAN,
  apply: 'Use `mode: deploy` (the default) instead.',
  'auto-approve':
    'Use `mode: deploy` (the default) instead; for an approval give the job an `environment:` with reviewers.',
  destroy: 'This action deletes nothing.',
  'stack-name': 'This action does not use CloudFormation. Name the service with `cluster` and `service`.',
  stack: 'This action does not use CloudFormation. Name the service with `cluster` and `service`.',
  template: use('task-definition'),
  'no-execute-changeset': PLAN,
  capabilities: 'This action does not use CloudFormation.',
};

const all = (names: string, remedy: string): Remedies =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, remedy]));

/** Fields of RegisterTaskDefinition and UpdateService that have no input of their own here (a test compares them with the SDK). */
const ECS_FIELDS: Remedies = {
  ...all(
    `network-mode requires-compatibilities volumes pid-mode ipc-mode proxy-configuration inference-accelerators ephemeral-storage
    runtime-platform enable-fault-injection  memory-reservation links port-mappings essential restart-policy
    entry-point environment-files mount-points volumes-from linux-parameters depends-on start-timeout stop-timeout version-consistency
    hostname user disable-networking privileged readonly-root-filesystem dns-servers dns-search-domains extra-hosts docker-security-options
    interactive pseudo-terminal ulimits log-configuration health-check system-controls resource-requirements firelens-configuration
    credential-specs container-definitions`,
    'Write it in the task definition (`task-definition`): it is not an input.',
  ),
  ...all(
    `availability-zone-rebalancing network-configuration service-registries service-connect-configuration volume-configurations
    vpc-lattice-configurations deployment-configuration placement-constraints placement-strategy`,
    'This action leaves it as the service has it. Change it in your infrastructure code or with `aws ecs update-service`.',
  ),
};

const CHECKOUT = 'The workspace is deployed as it is: give `ref` to actions/checkout, in a step before this one.';
const OF_THE_STEP = 'It is a key of the step: write it beside `with:`, not in it.';
/** What would decide whether, or what, a run deploys. */
const DECISIONS: Remedies = {
  ...all('ref git-ref branch sha commit-sha github-sha', CHECKOUT),
  ...all('if continue-on-error', OF_THE_STEP),
  ...all('enabled disabled skip-if run-if only-if-changed', 'Use the key `if:` of the step, beside `with:`.'),
  ...all(
    'approve approved approval confirm require-approval',
    'Give the job an `environment:` with required reviewers: GitHub then asks before the job runs.',
  ),
  'image-digest': use('image', ', as `HOST/NAME@sha256:...`'),
  'task-family': use('task-definition-family'),
  'on-failure': use('rollback-on-failure'),
  stage: use('target', ' for a stage of the Dockerfile, `github-environment` for a GitHub deployment'),
  cwd: 'Paths of this action start at the workspace: write them out, such as `context: app`.',
};

const OWNERS: readonly (readonly [owner: string, remedies: Remedies])[] = [
  ['aws-actions/configure-aws-credentials', CREDENTIALS],
  ['aws-actions/amazon-ecr-login', ECR_LOGIN],
  ['docker/setup-qemu-action', QEMU],
  ['docker/build-push-action', BUILD],
  ['docker/setup-buildx-action', BUILDX],
  ['docker/login-action', DOCKER_LOGIN],
  ['docker/metadata-action', METADATA],
  ['aws-actions/amazon-ecs-render-task-definition', RENDER],
  ['aws-actions/amazon-ecs-deploy-task-definition', DEPLOY],
  ['aws-actions/amazon-ecs-deploy-express-service', EXPRESS],
  ['other ECS deploy tools', TOOLS],
  ['the ECS API', ECS_FIELDS],
  ['other actions', DECISIONS],
  ['Kubernetes tools', KUBERNETES],
  ['infrastructure tools', INFRASTRUCTURE],
];

let table: ReadonlyMap<string, ForeignInput> | undefined;
/** By bare name. Made when an unknown input is first looked up, which most runs do not have. */
function byName(): ReadonlyMap<string, ForeignInput> {
  table ??= new Map(
    OWNERS.flatMap(([owner, remedies]) =>
      Object.entries(remedies).map(([name, remedy]) => [bare(name), { owner, remedy }] as const),
    ).reverse(), // the first owner of a name wins
  );
  return table;
}

/** Families of inputs that may grow: whatever begins so changes what a run does. */
const FAMILIES: readonly (readonly [start: RegExp, input: ForeignInput])[] = [
  [/^runtask/, { owner: 'aws-actions/amazon-ecs-deploy-task-definition', remedy: RUN_TASK }],
  [/^codedeploy/, { owner: 'aws-actions/amazon-ecs-deploy-task-definition', remedy: CODEDEPLOY }],
  [/^dryrun/, { owner: 'other ECS deploy tools', remedy: PLAN }],
];

/** `no-push`, `skip-wait`, `disable-rollback`, `enable-circuit-breaker`: what follows says what is meant. */
const SWITCHED = /^(?:no|skip|disable|enable|without)(?=.{4})/;

function switched(word: string): ForeignInput | undefined {
  const rest = word.replace(SWITCHED, '');
  if (rest === word) return undefined;
  const own = INPUT_NAMES.find((name) => bare(name) === rest);
  return own ? { owner: 'other ECS deploy tools', remedy: use(own) } : byName().get(rest);
}

/** Names of this table as their owners write them, for tests. */
export const FOREIGN_INPUTS: readonly string[] = OWNERS.flatMap(([, remedies]) => Object.keys(remedies));

/**
 * What an input is called by others: the name itself in any spelling (`dry_run`, `dryRun`), a name of a family
 * (`run-task-...`), or one that switches a known one on or off (`no-push`).
 */
export function foreignInput(name: string): ForeignInput | undefined {
  const word = bare(name);
  return byName().get(word) ?? FAMILIES.find(([start]) => start.test(word))?.[1] ?? switched(word);
}

/** The same for a name of five or more letters that is one letter beside one of the table. */
export function nearForeign(name: string): ForeignInput | undefined {
  const isLong = (one: string): boolean => one.length >= 5;
  if (!isLong(bare(name))) return undefined;
  const near = nearest(name, [...byName().keys()].filter(isLong));
  return near?.distance === 1 ? byName().get(near.candidate) : undefined;
}

/** `[{"key": "team", "value": "web"}]` or `team=web` per line: no tag of an image has a `=` or a `{`. */
const RESOURCE_TAGS = /^\s*\[\s*\{|^[^\n]*=/;

/**
 * Names that mean the same as others here: those of the step aws-actions/amazon-ecs-deploy-express-service, so that its `with:` works
 * as it is. Its `tags` are tags of the service; where they look like those of an image, they are.
 */
export function withAliases(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const has = (name: InputName): boolean => (raw.get(name) ?? '').trim() !== '';
  const named = new Map(raw);
  const serviceName = raw.get('service-name');
  if (serviceName !== undefined && !has('service')) named.set('service', serviceName);
  const tags = raw.get('tags');
  const express = has('infrastructure-role-arn') || /^true$/i.test((raw.get('express') ?? '').trim());
  if (tags !== undefined && express && !has('express-tags') && RESOURCE_TAGS.test(tags)) {
    named.delete('tags');
    named.set('express-tags', tags);
  }
  return named;
}
