import type { VirtualClock } from '../../simulator/clock.ts';
import { allowOnly } from '../../simulator/services/identity-policy.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { definition, HOST, IMAGE, type Mistake } from './made.ts';

const json = (container: object, rest: object = {}): string => JSON.stringify(definition(container, rest), null, 2);
/** The role may do all but these. */
const denied =
  (...actions: readonly string[]) =>
  (simulator: Simulator): void =>
    void allowOnly(simulator, {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: actions, Resource: '*' },
      ],
    });
const NO_OIDC = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
const BUILD = { image: '-', repository: 'team/web', 'container-name': 'web' };

/** Those that were once rated below 3 of 3, by the name that they had then. */
export const RATED: Readonly<Record<string, Mistake>> = {
  'codedeploy-appspec': {
    inputs: { 'codedeploy-appspec': 'version: 0.0\nResources: []\n' },
    shows: [/codedeploy-appspec/, /is an AppSpec itself/, /takes the path of a file/],
  },
  'run-task': { inputs: { 'run-task': 'true' }, shows: [/run-task/, /pre-deploy/, /mode: task/] },
  'push:false': { inputs: { ...BUILD, push: 'false' }, shows: [/push/, /mode: plan|always pushed/] },
  'dry-run:true': { inputs: { 'dry-run': 'true' }, shows: [/dry-run/, /mode: plan/] },
  'min-healthy-percent': {
    inputs: { 'min-healthy-percent': '50' },
    shows: [/min-healthy-percent/, /minimum-healthy-percent/],
  },
  'region-typo': { inputs: { 'aws-region': 'eu-wets-1' }, shows: [/eu-wets-1/, /eu-west-1/] },
  'region-wrong': {
    inputs: { 'aws-region': 'us-east-1' },
    shows: [/production/, /us-east-1/, /123456789012/, /aws-region/],
  },
  'creds-none': { inputs: { 'role-to-assume': '' }, shows: [/role-to-assume/, /empty/] },
  'creds-empty': {
    inputs: { 'role-to-assume': '' },
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    shows: [/role-to-assume/, /empty/],
  },
  'role-11-digits': {
    inputs: { 'role-to-assume': 'arn:aws:iam::12345678901:role/deploy-web' },
    shows: [/11 digits/, /12/],
  },
  trust: {
    claims: { sub: 'repo:acme@7/web@42:environment:production' },
    shows: [
      /sub.*repo:acme@7\/web@42:environment:production/,
      /aud.*sts\.amazonaws\.com/,
      /token\.actions\.githubusercontent\.com:sub/,
    ],
  },
  'cluster-forgotten': { inputs: { cluster: '-' }, shows: [/default/, /`cluster`/, /web/] },
  'service-wrong': { inputs: { service: 'wbe' }, shows: [/wbe/, /production/, /eu-west-1/, /123456789012/, /`web`/] },
  'service-cluster/name': {
    inputs: { service: 'production/web', cluster: '-' },
    shows: [/cluster: production/, /service: web/],
  },
  'td-yaml-indent': {
    inputs: { 'task-definition': 'td.yml' },
    files: {
      'td.yml': 'family: web\ncpu: 256\ncontainerDefinitions:\n - name: web\n   image: ${IMAGE}\n    essential: true\n',
    },
    shows: [/td\.yml/, /line 6/, /indent/],
  },
  'td-json-single-quotes': {
    template: "{ 'family': 'web' }",
    shows: [/task-definition\.json/, /line 1/, /double quotes/],
  },
  'td-revision-as-file': { inputs: { 'task-definition': 'web:42' }, shows: [/web:42/, /task-definition-arn/] },
  'td-case': {
    inputs: { 'task-definition': 'Task-Definition.json' },
    shows: [/Task-Definition\.json/, /`task-definition\.json`/],
  },
  'td-gh-expression-in-file': {
    template: json({ environment: [{ name: 'DB', value: '${{ vars.DB }}' }] }),
    shows: [/environment\[0\]/, /GitHub evaluates in workflow files only/, /variables/],
  },
  'image-no-tag': { inputs: { image: 'example.com/team/web' }, shows: [/latest/, /tag/], exitCode: 0 },
  'image-ecr-repo-missing': {
    inputs: { image: `${HOST}/team/wbe:1` },
    shows: [
      /no repository team\/wbe in account 123456789012, region eu-west-1/,
      /Did you mean `team\/web`\?/,
      /push the image first/,
      /`image`/,
    ],
  },
  'image-empty+${IMAGE}': { inputs: { image: '' }, shows: [/`image`|image:/, /empty/] },
  'image-empty+literal': {
    inputs: { image: '', 'pin-images': 'false' },
    template: json({ image: IMAGE }),
    shows: [/image/, /empty/, /nothing new was deployed|mask|output/],
    exitCode: 0,
  },
  // The file names an older image than the one that runs, as the file of a chain does.
  'image-empty+container-name': {
    inputs: { image: '', 'container-name': 'web' },
    template: json({ image: `${HOST}/team/web:0` }),
    arrange: ({ registry }) => {
      const { tags } = registry.repositories.get('team/web') ?? {};
      tags?.set('0', tags.get('1') ?? '');
    },
    shows: [
      /image: is empty, and `container-name: web` names the container that it is for/,
      /needs\.JOB\.outputs\.NAME.*its job ran.*masked value/,
      /remove `container-name`.*`force-new-deployment: true`/,
    ],
    registers: 'nothing',
  },
  'image-empty+container-name, in a plan': {
    inputs: { mode: 'plan', image: '', 'container-name': 'web' },
    template: json({ image: IMAGE }),
    shows: [/image: is empty, and `container-name: web` names the container that it is for/],
    registers: 'nothing',
  },
  'image-empty+container-name of a restart': {
    inputs: { image: '', 'container-name': 'web', 'force-new-deployment': 'true' },
    template: json({ image: IMAGE }),
    shows: [/deployed/],
    hides: /image: is empty/,
    exitCode: 0,
  },
  'image-capitals': { inputs: { image: `${HOST}/team/Web:1` }, shows: [/Web/, /capital|upper|lower/] },
  'image-$IMAGE': { inputs: { image: '$IMAGE' }, shows: [/\$IMAGE/, /expand|shell|\$\{\{/] },
  'image-{{}}': { inputs: { image: '{{ steps.build.outputs.image }}' }, shows: [/\$\{\{/] },
  'platforms-space': { inputs: { ...BUILD, platforms: 'linux/amd64 linux/arm64' }, shows: [/platforms/, /comma/] },
  'context-missing': {
    inputs: { ...BUILD, context: 'aap' },
    files: { 'app/Dockerfile': 'FROM scratch' },
    shows: [/aap/, /does not exist/, /checkout|app/],
  },
  'dockerfile-typo': {
    inputs: { ...BUILD, file: 'Dockerfil' },
    files: { Dockerfile: 'FROM scratch' },
    shows: [/Dockerfil\b/, /does not exist/, /`Dockerfile`/],
  },
  'circuit-breaker-true': { inputs: { 'circuit-breaker': 'maybe' }, shows: [/circuit-breaker/, /rollback/] },
  'env-colon': {
    inputs: { 'environment-variables': 'LOG_LEVEL: debug' },
    // A YAML map is one way to write it.
    shows: [/LOG_LEVEL/],
    exitCode: 0,
  },
  'env-export': { inputs: { 'environment-variables': 'export LOG_LEVEL=debug' }, shows: [/export/, /LOG_LEVEL/] },
  'env-quotes': {
    inputs: { 'environment-variables': 'LOG_LEVEL="debug"' },
    shows: [/LOG_LEVEL/, /quotes/],
    exitCode: 0,
  },
  'env-empty': { inputs: { 'environment-variables': 'LOG_LEVEL=' }, shows: [/LOG_LEVEL/, /empty/], exitCode: 0 },
  'secrets-colon': {
    inputs: { secrets: 'DB: arn:aws:ssm:eu-west-1:123456789012:parameter/db' },
    // A YAML map is one way to write it: what is wrong is that the account does not have the parameter.
    shows: [/DB/, /parameter db does not exist/],
  },
  'secrets-empty': { inputs: { secrets: 'DB=' }, shows: [/secrets/, /DB/, /empty/] },
  'rollback-first': {
    inputs: { mode: 'rollback', image: '-', 'task-definition': '-' },
    shows: [/web/, /no other revision of it is a rollback target/, /deploy/],
  },
  'family-missing': {
    template: JSON.stringify({ containerDefinitions: [{ name: 'web', image: '${IMAGE}' }] }),
    shows: [/family/, /"family"|`family`/],
  },
  passrole: {
    arrange: denied('iam:PassRole'),
    shows: [/iam:PassRole/, /web-execution/, /iam:PassedToService|ecs-tasks/],
  },
  'deny-describe': {
    arrange: denied('ecs:DescribeServices'),
    shows: [/ecs:DescribeServices on \S+service\/production\/web/, /The job's role/, /Allow ecs:DescribeServices/],
  },
  'deny-register': {
    arrange: denied('ecs:RegisterTaskDefinition'),
    shows: [/ecs:RegisterTaskDefinition/, /The job's role deploy may not call/],
  },
  'deny-update': {
    arrange: denied('ecs:UpdateService'),
    shows: [/ecs:UpdateService/, /The job's role deploy may not call/, /service\/production\/web/],
  },
  'deny-tag': { arrange: denied('ecs:TagResource'), shows: [/ecs:TagResource/], exitCode: 0 },
  'repository-typo': {
    inputs: { ...BUILD, repository: 'team/wbe' },
    files: { Dockerfile: 'FROM scratch' },
    shows: [
      /`team\/wbe` does not exist in eu-west-1, account 123456789012/,
      /Did you mean `team\/web`\?/,
      /create-repository: true/,
    ],
  },
  'deny-ecr': {
    inputs: BUILD,
    files: { Dockerfile: 'FROM scratch' },
    arrange: denied('ecr:GetAuthorizationToken'),
    shows: [
      /ecr:GetAuthorizationToken/,
      /ecr:InitiateLayerUpload: not asked for, as ecr:GetAuthorizationToken is denied/,
      /"ecr:PutImage"/,
      /arn:aws:ecr:eu-west-1:123456789012:repository\/team\/web"/,
    ],
  },
  'comment-permission': {
    inputs: { comment: 'true' },
    shows: [/comment is skipped/, /github-token: \$\{\{ github\.token \}\}/, /contents: write|pull-requests: write/],
    exitCode: 0,
  },
};

/** Twenty more, written down before they were made for the first time. */
export const MORE: Readonly<Record<string, Mistake>> = {
  'role-name-only': {
    inputs: { 'role-to-assume': 'deploy-web' },
    shows: [/role-to-assume/, /deploy-web/, /arn:aws:iam::/],
  },
  'id-token-missing': { env: NO_OIDC, shows: [/deploy-web/, /id-token: write/] },
  'role-missing': {
    inputs: { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy-wbe' },
    shows: [/deploy-wbe/, /sub/, /repo:acme\/web:environment:production/],
  },
  'wrong-account': {
    inputs: { 'allowed-account-ids': '111122223333' },
    shows: [/123456789012/, /111122223333/, /allowed-account-ids/],
  },
  'cluster-typo': {
    inputs: { cluster: 'prodution' },
    shows: [/prodution/, /eu-west-1/, /123456789012/, /`production`/],
  },
  'cluster-arn-other-region': {
    inputs: { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/production' },
    shows: [/us-east-1/, /eu-west-1/, /aws-region/],
  },
  'container-typo': { inputs: { 'container-name': 'wbe' }, shows: [/wbe/, /`web`/] },
  'secret-key-without-colons': {
    inputs: { secrets: 'DB=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password' },
    arrange: ({ secretsManager }) =>
      void secretsManager.secrets.set('arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf', {
        versions: { v1: { stages: ['AWSCURRENT'], value: '{"password":"x"}' } },
      }),
    shows: [/db-AbCdEf/, /password::/],
  },
  'secret-not-there': {
    inputs: { secrets: 'DB=arn:aws:secretsmanager:eu-west-1:123456789012:secret:bd-AbCdEf' },
    shows: [/bd-AbCdEf/, /DB|secret/, /does not exist|not there|no such/],
  },
  'env-file-path': { inputs: { 'env-files': '.env' }, shows: [/env-files/, /S3|s3/, /arn:aws:s3/] },
  'fargate-size': { template: json({}, { memory: '4096' }), shows: [/256/, /4096/, /512.*1024.*2048|cpu/] },
  'port-of-load-balancer': {
    template: json({ portMappings: [{ containerPort: 3000 }] }),
    shows: [/8080/, /web/, /portMappings|container port|containerPort/],
  },
  'image-not-pushed': {
    arrange: ({ registry }) => void registry.repositories.get('team/web')?.tags.delete('1'),
    inputs: { image: `${HOST}/team/web:1` },
    shows: [/ECR has no image \S+team\/web:1/, /tag or digest in the input `image`/, /build/],
  },
  'rollback-unknown': {
    inputs: { mode: 'rollback', 'rollback-to': 'web:99', image: '-', 'task-definition': '-' },
    shows: [/web:99/, /web:1|no other|list/],
  },
  'mode-typo': { inputs: { mode: 'depoly' }, shows: [/depoly/, /`deploy`/] },
  'input-underscore': {
    inputs: { task_definition: 'task-definition.json', 'task-definition': '-' },
    shows: [/task_definition/, /task-definition/],
  },
  'json-missing-comma': {
    template: json({}).replace('"family": "web",', '"family": "web"'),
    shows: [/task-definition\.json/, /line [23]/, /comma/],
  },
  'placeholder-typo': { template: json({ image: '${IMGAE}' }), shows: [/IMGAE/, /IMAGE/] },
  'log-group-missing': {
    template: json({
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/wbe', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' },
      },
    }),
    shows: [/\/ecs\/wbe/, /awslogs-create-group|create/],
  },
  'two-permissions': {
    arrange: denied('ecs:RegisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:DescribeClusters'),
    shows: [/ecs:RegisterTaskDefinition/, /ecs:DescribeTaskDefinition/, /ecs:DescribeClusters/],
  },
  'wait-with-unit': { inputs: { 'wait-for-minutes': '30m' }, shows: [/wait-for-minutes/, /30m/, /`30`|minutes/] },
  'cluster-of-the-console': {
    inputs: {
      cluster: 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services?region=eu-west-1',
    },
    shows: [/cluster: .* is an address of the console/, /Write the name: `production`/],
  },
  'service-with-revision': {
    inputs: { service: 'web:3' },
    shows: [/is a revision of a task definition/, /service: web/, /task-definition-arn: web:3/],
  },
  'image-with-scheme': { inputs: { image: `https://${IMAGE}` }, shows: [/begins with `https:\/\/`/, /Write `1234/] },
  'image-two-tags': { inputs: { image: `${IMAGE}:latest` }, shows: [/two tags, `1` and `latest`/, /web:1` or/] },
  'command-single-quotes': {
    inputs: { command: "['npm', 'start']" },
    shows: [/command: .*single quotes/, /Write double quotes/],
  },
  'memory-with-unit': { template: json({}, { memory: '512MB' }), shows: [/`512MB`/, /without a unit: "512"/] },
  'secret-as-value': {
    inputs: { secrets: 'DB=hunter2-correct-horse' },
    shows: [/takes the name or ARN of a parameter or secret, never its value/],
  },
};

/** Of forty that were written down from public questions before they were made (first score 2.30 of 3): those below 3, with their siblings. */
export const FROM_QUESTIONS: Readonly<Record<string, Mistake>> = {
  'arn-of-a-policy': {
    inputs: { 'task-role-arn': 'arn:aws:iam::123456789012:policy/web-task' },
    shows: [/task-role-arn: .*is the ARN of a policy/, /arn:aws:iam::123456789012:role\/name/],
  },
  'arn-of-a-revision-as-service': {
    inputs: { service: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1' },
    shows: [/service: .*is the ARN of a task definition/, /`task-definition-arn`/],
  },
  'arn-of-a-service-as-cluster': {
    inputs: { cluster: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web' },
    shows: [/cluster: .*is the ARN of a service/, /Write `production`/],
  },
  'arn-with-an-empty-account': {
    inputs: { 'role-to-assume': 'arn:aws:iam:::role/deploy-web' },
    shows: [/role-to-assume: .*has no account id/, /expression .*empty/],
  },
  'alarm-by-arn': {
    inputs: { alarms: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx' },
    shows: [/alarms: .*is an ARN/, /Write the name: `web-5xx`/],
  },
  'role-of-a-session': {
    inputs: { 'role-to-assume': 'arn:aws:sts::123456789012:assumed-role/deploy-web/me' },
    shows: [/is a session of a role/, /`arn:aws:iam::123456789012:role\/deploy-web`/],
  },
  'image-without-its-host': {
    inputs: { image: '/team/web:1' },
    shows: [/image: .*begins with `\/`/, /expression before it is empty/],
  },
  'image-without-its-name': {
    inputs: { image: `${HOST}/:1` },
    shows: [/image: .*has nothing between `\/` and `:`/, /expression .*is empty/],
  },
  'image-with-an-empty-tag': {
    inputs: { image: `${HOST}/team/web:` },
    shows: [/image: .*ends with `:`/, /expression behind it is empty/],
  },
  'variables-object': {
    inputs: { variables: 'Object' },
    shows: [/variables: .*`Object`/, /GitHub writes .* for a map/, /toJSON\(/],
  },
  'services-array': {
    inputs: { services: 'Array', service: '-' },
    shows: [/services: .*`Array`/, /GitHub writes .* for a list/, /toJSON\(/],
  },
  'image-object': {
    inputs: { image: 'Object' },
    shows: [/image: .*`Object`/, /GitHub writes .* for a map/, /steps\.ID\.outputs\.NAME/],
  },
  'schedule-expression': {
    inputs: { schedules: 'cron(0 3 * * ? *)' },
    shows: [/schedules: .*is when a schedule runs/, /name of a schedule that exists/],
  },
  'mode-verify': {
    inputs: { mode: 'verify' },
    shows: [/mode: `verify`/, /input `verify` of the step that deploys/, /mode: watch/],
  },
  'mode-of-a-strategy': { inputs: { mode: 'blue-green' }, shows: [/mode: `blue-green`/, /`strategy`/] },
  'daemon-by-service': {
    inputs: { mode: 'daemon' },
    shows: [/service: names a service, and `mode: daemon` deploys to an ECS daemon/, /daemon: is missing/],
  },
  'cache-by-its-type': {
    inputs: { ...BUILD, 'cache-from': 'gha', 'cache-to': 'gha' },
    files: { Dockerfile: 'FROM scratch' },
    shows: [/cache-to: `gha` is read as the name of an image/, /Write `type=gha`/, /cache-from: `gha`/],
  },
  'codedeploy-of-ecs': {
    inputs: {
      'codedeploy-application': 'AppECS-production-web',
      'codedeploy-deployment-group': 'DgpECS-production-web',
    },
    shows: [
      /codedeploy-application: is for a service that CodeDeploy deploys, and web has the deployment controller ECS/,
      /codedeploy-deployment-group: /,
    ],
  },
  'rollback-to-previous': {
    inputs: { mode: 'rollback', 'rollback-to': 'previous', image: '-', 'task-definition': '-' },
    shows: [/`rollback-to: previous`/, /Without `rollback-to`/],
  },
  'rollback-to-unknown-commit': {
    inputs: { mode: 'rollback', 'rollback-to': 'HEAD~1', image: '-', 'task-definition': '-' },
    shows: [/`rollback-to: HEAD~1`/, /is a name of git's/, /Without `rollback-to`/],
  },
  'task-without-subnets': {
    inputs: { mode: 'task', service: '-', command: 'npm run migrate' },
    shows: [/run-task-subnets: is missing/, /awsvpc/, /`service`/],
    registers: 'nothing',
  },
  'override-of-no-container': {
    inputs: { mode: 'task', 'run-task-container-overrides': '[{"name":"app","command":["x"]}]' },
    shows: [/run-task-container-overrides: .*no container `app`/, /Name one of `web`/],
    registers: 'nothing',
  },
  'duration-above-the-role': {
    inputs: { 'role-duration-seconds': '43200' },
    shows: [/asks? for 43200 seconds/, /deploy-web/, /role-duration-seconds/],
    hides: /trust policy/,
  },
  'audience-of-another': {
    inputs: { audience: 'https://github.com/acme' },
    claims: { aud: 'https://github.com/acme' },
    shows: [/aud `https:\/\/github\.com\/acme`/, /Set the input `audience`/],
    hides: /trust policy matches it/,
  },
  'pull-request-of-a-fork': {
    inputs: { mode: 'plan' },
    env: { ...NO_OIDC, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: 'event.json' },
    files: {
      'event.json': JSON.stringify({
        number: 7,
        pull_request: { number: 7, head: { ref: 'patch-1', repo: { full_name: 'stranger/web', fork: true } } },
        repository: { full_name: 'acme/web' },
      }),
    },
    shows: [/GitHub gives no OIDC token to a pull request from a fork \(stranger\/web\)/, /Skip this step/],
    hides: /Give the job `permissions/,
  },
  'td-of-compose': {
    inputs: { 'task-definition': 'docker-compose.yml' },
    files: { 'docker-compose.yml': 'services:\n  web:\n    image: nginx\n' },
    shows: [/docker-compose\.yml is a Compose file, not a task definition/, /describe-task-definition/],
  },
  'td-of-kubernetes': {
    inputs: { 'task-definition': 'deploy.yml' },
    files: { 'deploy.yml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n' },
    shows: [/deploy\.yml is a manifest of Kubernetes, not a task definition/],
  },
  'td-of-copilot': {
    inputs: { 'task-definition': 'manifest.yml' },
    files: { 'manifest.yml': 'name: web\ntype: Load Balanced Web Service\nimage: {build: Dockerfile, port: 80}\n' },
    shows: [/manifest\.yml is a manifest of AWS Copilot, not a task definition/, /migrating-from-other-tools/],
  },
  'td-of-ecspresso': {
    inputs: { 'task-definition': 'ecspresso.yml' },
    files: { 'ecspresso.yml': 'region: eu-west-1\ncluster: production\ntask_definition: td.json\n' },
    shows: [/ecspresso\.yml is a configuration of ecspresso/, /`td\.json`/],
  },
  'td-of-appspec': {
    inputs: { 'task-definition': 'appspec.yml' },
    files: { 'appspec.yml': 'version: 0.0\nResources:\n  - TargetService: {Type: AWS::ECS::Service}\n' },
    shows: [/appspec\.yml is an AppSpec/, /codedeploy-appspec/],
  },
  'variable-and-secret': {
    inputs: { 'environment-variables': 'DB_PASSWORD=x' },
    template: json({
      secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/db' }],
    }),
    shows: [/environment-variables: `DB_PASSWORD` replaces the secret of that name/, /Remove it/],
    exitCode: 0,
  },
  'secret-by-the-name-of-secrets-manager': {
    inputs: { secrets: 'DB=prod-db' },
    shows: [/DB\)/, /A name without `arn:` is that of a parameter/, /secret of Secrets Manager .* by its ARN/],
  },
  'build-secret-by-its-name': {
    inputs: { ...BUILD, 'build-secrets': 'NPM_TOKEN' },
    shows: [/build-secrets: line 1 has no `=`/, /`id=value`/, /`build-secret-envs`/],
  },
  'build-arg-with-its-option': {
    inputs: { ...BUILD, 'build-args': '--build-arg VERSION=1.2' },
    shows: [/build-args: line 1 begins with `--build-arg `/, /Write `VERSION=value`/],
  },
  'environment-as-a-map': {
    template: json({ environment: { NODE_ENV: 'production' } }),
    shows: [/environment`: is an object, but ECS takes a list here/, /`\[\{"name": \.\.\., "value": \.\.\.\}\]`/],
  },
  'tags-propagated-by-a-boolean': {
    inputs: { 'propagate-tags': 'true' },
    shows: [/propagate-tags: `true`/, /Write `SERVICE` for the tags of the service/],
  },
  'rollback-to-another-family': {
    inputs: { mode: 'rollback', 'rollback-to': 'api:3', image: '-', 'task-definition': '-' },
    shows: [/api:3 does not exist/, /Revisions of web are of the family web/],
  },
  'trust-of-a-branch': {
    claims: { sub: 'repo:acme/web:ref:refs/tags/v1.2.3' },
    shows: [/sub `repo:acme\/web:ref:refs\/tags\/v1\.2\.3`/, /trust policy/],
    hides: /missing permission/,
  },
};

const ONLY_BUILD = {
  mode: 'build',
  image: '-',
  repository: 'team/web',
  service: '-',
  cluster: '-',
  'task-definition': '-',
};
const STAGES = { Dockerfile: 'FROM scratch AS base\nFROM base AS production\n' };
const ONLY_SERVICE = { image: '-', 'task-definition': '-' };

/** Of forty of the other modes (build, register, watch, status, list), matrices and called workflows, written down before they were made (first score 2.40 of 3): those below 3. */
export const OF_MODES: Readonly<Record<string, Mistake>> = {
  'build-arg-with-a-space': {
    inputs: { ...ONLY_BUILD, 'build-args': 'NODE_VERSION 20' },
    files: STAGES,
    shows: [/build-args: line 1 has a space after `NODE_VERSION`/, /Write `NODE_VERSION=value`/],
  },
  'build-args-as-a-list': {
    inputs: { ...ONLY_BUILD, 'build-args': '["A=1", "B=2"]' },
    shows: [/build-args: is a JSON list/, /one `NAME=value` per line/],
  },
  'target-in-short': {
    inputs: { ...ONLY_BUILD, target: 'prod' },
    files: STAGES,
    shows: [/Dockerfile has no build stage `prod`/, /Did you mean `production`\?/],
    hides: /`on-cancel` not used/,
  },
  'tags-with-spaces': {
    inputs: { ...ONLY_BUILD, tags: 'latest 1.2.3' },
    shows: [/`latest 1\.2\.3` has spaces/, /one tag per line, or commas between them: `latest,1\.2\.3`/],
  },
  'tag-of-a-ref': {
    inputs: { ...ONLY_BUILD, tags: 'refs/heads/feature/login' },
    shows: [/cannot be a tag/, /Write `feature-login`/],
  },
  'dockerfile-beside-the-context': {
    inputs: { ...ONLY_BUILD, context: 'app' },
    files: { 'app/main.js': '', ...STAGES },
    shows: [/File app\/Dockerfile does not exist/, /path from the workspace.*write `file: Dockerfile`/],
  },
  'watch-without-service': {
    inputs: { mode: 'watch', ...ONLY_SERVICE, service: '-' },
    shows: [/service: is missing\. Name the ECS service\./, /expression is empty counts as missing .* matrix/],
    hides: /service-definition/,
  },
  'a-mistake-once': {
    inputs: { mode: 'watch', ...ONLY_SERVICE, 'rollback-on-failure': 'yes' },
    shows: [/have one mistake/, /`yes` is not a boolean\. Write `true`/],
  },
  'cluster-in-short': {
    inputs: { mode: 'status', ...ONLY_SERVICE, service: '-', cluster: 'prod' },
    shows: [/cluster prod of region eu-west-1, account 123456789012/, /Did you mean `production`\?/],
  },
  'service-tags-in-another-case': {
    inputs: { mode: 'status', ...ONLY_SERVICE, service: '-', 'service-tags': 'Team=payments' },
    arrange: (simulator) =>
      void simulator.call('TagResource', {
        resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
        tags: [{ key: 'team', value: 'payments' }],
      }),
    shows: [
      /No service of the cluster production in eu-west-1, account 123456789012, has the tag Team=payments/,
      /Tags are case-sensitive: there is `team=payments`/,
    ],
  },
  'service-of-another-cluster': {
    inputs: { mode: 'status', ...ONLY_SERVICE, cluster: 'staging' },
    shows: [
      /service web in the cluster staging/,
      /The cluster `production` has a service of that name: correct the input `cluster`/,
    ],
  },
  'list-with-a-target': {
    inputs: { mode: 'list', ...ONLY_SERVICE, 'rollback-to': 'web:1' },
    shows: [/`rollback-to` is for `mode: rollback`: not used in mode list/],
    exitCode: 0,
  },
  'push-by-digest-with-two-platforms': {
    inputs: { ...ONLY_BUILD, 'push-by-digest': 'true', platforms: 'linux/amd64,linux/arm64', file: 'missing' },
    shows: [/push-by-digest: is for one platform in each job, and `platforms` has 2/, /remove `push-by-digest`/],
  },
  'rollback-to-with-a-dash': {
    inputs: { mode: 'rollback', ...ONLY_SERVICE, 'rollback-to': 'web-1' },
    shows: [/web-1/, /Did you mean `web:1` \(a revision has a colon\)\?/],
  },
  'service-of-a-whole-map': {
    inputs: { service: 'Object' },
    shows: [/service: is `Object`, which GitHub writes .* for a map/, /matrix\.service\.name/],
  },
  'count-that-a-caller-left-out': {
    inputs: { mode: 'plan', 'desired-count': '0' },
    shows: [/desired-count: 0 stops all tasks/, /`number` input of a called workflow/],
    exitCode: 0,
  },
  'minutes-that-a-caller-left-out': {
    inputs: { 'wait-for-minutes': '0' },
    shows: [/wait-for-minutes: `0` is out of range/, /`number` input of a called workflow/, /inputs\.NAME \|\| ''/],
  },
  'minutes-in-seconds': {
    inputs: { 'wait-for-minutes': '1800' },
    shows: [/`1800` is out of range/, /1800 seconds are `30` minutes/],
  },
  'another-deployment-under-way': {
    arrange: (simulator) =>
      void simulator.call('UpdateService', { cluster: 'production', service: 'web', forceNewDeployment: true }),
    shows: [/A deployment of web is under way/, /`on-active-deployment: wait`/, /`concurrency`/],
    exitCode: 0,
  },
  'platform-with-swapped-letters': {
    inputs: { ...ONLY_BUILD, platforms: 'linux/amr64' },
    shows: [/`linux\/amr64` is not a platform/, /Did you mean `linux\/arm64`\?/],
  },
  cmd: { inputs: { cmd: 'npm run migrate' }, shows: [/cmd: is not an input/, /Use `command`/] },
};

const EC2_BRIDGE = { requiresCompatibilities: ['EC2'], networkMode: 'bridge' };
const pass = ({ clock }: Simulator, seconds: number): void => (clock as VirtualClock).advance(seconds);
/** The role may call what a deploy calls, as far as these statements of `iam:PassRole` and `ecs:UpdateService` go. */
const allowed =
  (...statements: readonly object[]) =>
  (simulator: Simulator): void =>
    void allowOnly(simulator, {
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            ...['Describe*', 'List*', 'RegisterTaskDefinition', 'DeregisterTaskDefinition', 'TagResource'].map(
              (operation) => `ecs:${operation}`,
            ),
            ...['ecr', 'elasticloadbalancing', 'logs', 'cloudwatch'].map((service) => `${service}:*`),
            'iam:GetRole',
            'iam:SimulatePrincipalPolicy',
          ],
          Resource: '*',
        },
        ...statements.map((statement) => ({ Effect: 'Allow', ...statement })),
      ],
    });
const PASS_EXECUTION = { Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/web-execution' };

/** Twenty-five of step, template, role, repository and service, written down before they were made (first score 2.16 of 3). */
export const OF_A_DAY: Readonly<Record<string, Mistake>> = {
  'image-of-metadata-tags': {
    inputs: { image: `${IMAGE}\n${HOST}/team/web:latest` },
    shows: [
      /image: .* are 2 images, and a container has one/,
      /docker\/metadata-action/,
      /Write one of them, such as `\S+team\/web:1`/,
    ],
  },
  'image-digest-only': {
    inputs: { image: `sha256:${'5f70bf18a0860070'.repeat(4)}` },
    shows: [/image: `sha256:.*is a digest alone/, /Write `host\/name@sha256:/],
  },
  'image-without-registry': {
    inputs: { image: 'team/web:1' },
    shows: [
      /::warning.*image team\/web:1: names no registry, so ECS pulls it from Docker Hub/,
      /the revision that runs has 123456789012\.dkr\.ecr/,
      /Write `123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/team\/web:1`/,
    ],
    exitCode: 0,
  },
  'region-zone': {
    inputs: { 'aws-region': 'eu-west-1a' },
    shows: [/aws-region: `eu-west-1a` is an availability zone/, /`eu-west-1`\?/],
  },
  'account-without-its-zero': {
    inputs: { 'allowed-account-ids': '12345678901' },
    shows: [/allowed-account-ids: `12345678901`/, /12 digits/, /quotes, or YAML drops leading zeros/],
  },
  'no-room': {
    inputs: { 'minimum-healthy-percent': '100', 'maximum-percent': '100' },
    shows: [/`minimum-healthy-percent: 100` no task may stop and none may start/, /Raise `maximum-percent` \(200/],
  },
  'cluster-$CLUSTER': {
    inputs: { cluster: '$CLUSTER' },
    shows: [/cluster: `\$CLUSTER` was not expanded: no shell/, /Write `\$\{\{ env\.CLUSTER \}\}`/],
    hides: /web in default/,
  },
  'region-empty': {
    inputs: { 'aws-region': '' },
    shows: [
      /aws-region: is missing/,
      /`aws-region: eu-central-1`/,
      /expression is empty counts as missing/,
      /vars\.NAME/,
    ],
  },
  'number-of-minutes-unexpanded': {
    inputs: { 'wait-for-minutes': '${WAIT}' },
    shows: [/wait-for-minutes: `\$\{WAIT\}` was not expanded/, /\$\{\{ env\.WAIT \}\}/],
  },
  'environment-with-a-number': {
    template: json({ environment: [{ name: 'PORT', value: 8080 }] }),
    shows: [/environment PORT/, /deployed/],
    exitCode: 0,
  },
  'cloudformation-keys': {
    template: JSON.stringify({ Family: 'web', Cpu: '256', ContainerDefinitions: [{ Name: 'web', Image: '${IMAGE}' }] }),
    shows: [/spelling of CloudFormation/, /lower-case first letter/, /task-definition\.json/],
  },
  'list-of-containers': {
    template: JSON.stringify([{ name: 'web', image: '${IMAGE}' }]),
    shows: [/task-definition\.json .*it is a list/, /"containerDefinitions": \[/],
  },
  'secret-with-value': {
    template: json({ secrets: [{ name: 'DB', value: 'arn:aws:ssm:eu-west-1:123456789012:parameter/db' }] }),
    shows: [/has one mistake/, /secrets\[0\]\.value: `secrets` takes the ARN of a secret as `valueFrom`/],
    hides: /valueFrom: is missing/,
  },
  'health-check-without-cmd': {
    template: json({ healthCheck: { command: ['curl -f http://localhost:8080/ || exit 1'] } }),
    shows: [/::warning.*health check of web: .*neither `CMD` nor `CMD-SHELL`/, /\["CMD-SHELL"/],
    exitCode: 0,
  },
  'merge-conflict': {
    template: json({})
      .replace('"cpu"', '\n<<<<<<< HEAD\n"cpu"')
      .replace('"memory"', '\n=======\n>>>>>>> main\n"memory"'),
    shows: [
      /task-definition\.json has an unresolved merge conflict of git at line \d+/,
      /remove the lines with `<<<<<<<`/,
    ],
    hides: /\*\*\*\*/,
  },
  'two-containers': {
    template: JSON.stringify({
      ...definition(),
      containerDefinitions: [
        { name: 'web', image: IMAGE, portMappings: [{ containerPort: 8080 }] },
        { name: 'proxy', image: IMAGE },
      ],
    }),
    shows: [/container-name: is needed/, /`web`, `proxy`/, /"image": "\$\{IMAGE\}"/],
  },
  'no-execution-role': {
    template: JSON.stringify({ ...definition(), executionRoleArn: undefined }),
    shows: [
      /executionRoleArn: is missing: Fargate needs it to pull/,
      /`execution-role-arn`/,
      /AmazonECSTaskExecutionRolePolicy/,
    ],
  },
  'role-trusts-ec2': {
    arrange: ({ iam }) =>
      void iam.roles.set('web-execution', {
        allows: [['*', '']],
        trust: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      }),
    shows: [
      /execution role web-execution: no task can assume it: it trusts ec2/,
      /sts:AssumeRole to the service ecs-tasks/,
    ],
  },
  'passrole-of-one': {
    template: json({}, { taskRoleArn: 'arn:aws:iam::123456789012:role/web-task' }),
    arrange: (simulator) => {
      const { roles } = simulator.iam;
      const execution = roles.get('web-execution');
      if (execution) roles.set('web-task', execution);
      allowed(PASS_EXECUTION, { Action: 'ecs:UpdateService', Resource: '*' })(simulator);
    },
    shows: [/may not pass the role \S+role\/web-task to ECS/, /1 missing permission/, /iam:PassedToService/],
    hides: /iam:PassRole: not asked for|^\(`iam:PassRole`\)/m,
  },
  'job-without-environment': {
    claims: { sub: 'repo:acme/web:ref:refs/heads/main' },
    shows: [
      /sub `repo:acme\/web:ref:refs\/heads\/main`/,
      /The job has no `environment`: with `environment: NAME` in the job, `sub` is `repo:acme\/web:environment:NAME`/,
    ],
  },
  'job-of-another-environment': {
    claims: { sub: 'repo:acme/web:environment:prod' },
    shows: [/The job has `environment: prod`, which replaces the branch in `sub`/],
    hides: /has no `environment`/,
  },
  'policy-of-another-service': {
    arrange: allowed(PASS_EXECUTION, {
      Action: 'ecs:UpdateService',
      Resource: 'arn:aws:ecs:eu-west-1:123456789012:service/staging/*',
    }),
    shows: [
      /may not call ecs:UpdateService on \S+service\/production\/web/,
      /No deployment was started: web runs web:1 as before/,
      /"ecs:UpdateService"\s*\],\s*"Resource": \[\s*"arn:aws:ecs:eu-west-1:123456789012:service\/production\/web"/,
    ],
  },
  'image-of-another-account': {
    inputs: { image: '998877665544.dkr.ecr.eu-west-1.amazonaws.com/team/web:1' },
    arrange: ({ ecr, registry }) => {
      const repository = registry.repositories.get('team/web');
      if (repository) ecr.registryOf('998877665544', 'eu-west-1').repositories.set('team/web', repository);
    },
    shows: [
      /repository\/team\/web is of account 998877665544: its own policy there must allow ecr:BatchGetImage/,
      /and the pull to the execution role of the task/,
      /"Principal":\{"AWS":"arn:aws:iam::ACCOUNT_OF_THE_SERVICE:root"\},"Action":\["ecr:BatchGetImage"/,
    ],
    hides: /repository\/\* is of account/,
    exitCode: 0,
  },
  'service-deleted': {
    arrange: (simulator) => {
      simulator.call('DeleteService', { cluster: 'production', service: 'web', force: true });
      pass(simulator, 120);
    },
    shows: [/service web was deleted \(it is INACTIVE\)/, /`service-definition`/],
  },
  'codedeploy-service': {
    inputs: { service: 'blue' },
    arrange: (simulator) => {
      simulator.call('CreateService', {
        cluster: 'production',
        serviceName: 'blue',
        taskDefinition: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
        deploymentController: { type: 'CODE_DEPLOY' },
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] } },
        loadBalancers: [
          {
            targetGroupArn: [...simulator.loadBalancing.targetGroups.keys()][0],
            containerName: 'web',
            containerPort: 8080,
          },
        ],
      });
      pass(simulator, 100);
    },
    shows: [
      /CodeDeploy, which deploys blue, has no application AppECS-production-blue/,
      /No deployment group names blue\. Create one, or move the service/,
    ],
  },
  'count-of-zero': {
    arrange: (simulator) => {
      simulator.call('UpdateService', { cluster: 'production', service: 'web', desiredCount: 0 });
      pass(simulator, 200);
    },
    shows: [
      /::warning.*desired count of web is 0, so no task runs: nothing was verified\. `desired-count: 1` starts one/,
    ],
    exitCode: 0,
  },
  'ec2-without-instances': {
    inputs: { service: 'worker' },
    template: json({}, EC2_BRIDGE),
    arrange: (simulator) => {
      simulator.ecs.fleet.instances.length = 0;
      const instance = simulator.script.instance({}, { cluster: 'production' });
      const first = JSON.parse(json({ image: IMAGE }, { ...EC2_BRIDGE, family: 'worker' })) as Record<string, unknown>;
      simulator.call('RegisterTaskDefinition', first);
      simulator.call('CreateService', {
        cluster: 'production',
        serviceName: 'worker',
        taskDefinition: 'worker',
        desiredCount: 1,
        launchType: 'EC2',
      });
      pass(simulator, 200);
      simulator.script.loseInstance(instance, 'production');
      pass(simulator, 60);
    },
    shows: [
      /capacity: worker runs on instances, and the cluster production has no instance, so no task could start/,
      /desired capacity of its Auto Scaling group.*`ECS_CLUSTER`.*launchType/,
    ],
  },
};

const tagged =
  (tag: string) =>
  ({ registry }: Simulator): void => {
    const { tags } = registry.repositories.get('team/web') ?? {};
    tags?.set(tag, tags.get('1') ?? '');
  };

/** Twenty-five of tags, variables, files and resources, written down before they were made (first score 2.40 of 3): those below 3. */
export const OF_TAGS: Readonly<Record<string, Mistake>> = {
  'tag-that-is-a-number': {
    inputs: { image: `${HOST}/team/web:1.1` },
    arrange: tagged('1.10'),
    shows: [/ECR has no image \S+web:1\.1\b/, /has the tag `1\.10`/, /number without quotes/],
  },
  'tag-of-a-whole-number': {
    inputs: { image: `${HOST}/team/web:2` },
    arrange: tagged('2.0'),
    shows: [/has the tag `2\.0`/, /`2\.0` becomes `2`/],
  },
  'tag-with-a-v': {
    inputs: { image: `${HOST}/team/web:v1.2.3` },
    arrange: tagged('1.2.3'),
    shows: [/ECR has no image \S+web:v1\.2\.3/, /has the tag `1\.2\.3`/],
  },
  'tag-without-its-v': {
    inputs: { image: `${HOST}/team/web:1.2.3` },
    arrange: tagged('v1.2.3'),
    shows: [/has the tag `v1\.2\.3`/],
  },
  'tag-of-a-short-commit': {
    inputs: { image: `${HOST}/team/web:c0ffee0` },
    shows: [/ECR has no image \S+web:c0ffee0/, /short commit.*`\$\{\{ github\.sha \}\}` has 40 characters/],
  },
  'secret-by-its-arn-as-text': {
    inputs: { 'environment-variables': 'DB=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
    shows: [/::warning.*the ARN as the text of `DB`/, /Give it in `secrets`/],
    exitCode: 0,
  },
  'secret-by-its-arn-for-the-program': {
    inputs: { 'environment-variables': 'DB_SECRET=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
    shows: [/deployed/],
    hides: /the ARN as the text/,
    exitCode: 0,
  },
  'variables-with-commas': {
    inputs: { 'environment-variables': 'LEVEL=info,PORT=8080' },
    shows: [/::warning.*`PORT=\.\.\.` is a part of the value of `LEVEL`/, /one `NAME=value` per line/],
    exitCode: 0,
  },
  'attributes-with-commas': {
    inputs: { 'environment-variables': 'OTEL_RESOURCE_ATTRIBUTES=service.name=web,ENV=prod' },
    shows: [/deployed/],
    hides: /is a part of the value of/,
    exitCode: 0,
  },
  'log-group-of-another-region': {
    template: json({
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'ecs' },
      },
    }),
    shows: [
      /log group \/ecs\/web: does not exist in us-east-1/,
      /awslogs-region is us-east-1, and the task runs in eu-west-1/,
    ],
  },
  'file-of-another-environment': {
    template: json({}, { family: 'web-staging' }),
    shows: [/::warning.*runs web:1, and task-definition\.json is of the family `web-staging`/, /correct the input/],
    exitCode: 0,
  },
  'file-of-another-environment, in a plan': {
    inputs: { mode: 'plan' },
    template: json({}, { family: 'web-staging' }),
    shows: [/runs web:1, and task-definition\.json is of the family `web-staging`/],
    exitCode: 0,
  },
  'file-in-another-folder': {
    inputs: { 'task-definition': '.aws/task-definition.json' },
    shows: [/File \.aws\/task-definition\.json does not exist/, /Did you mean `task-definition\.json`\?/],
  },
  'file-in-a-folder': {
    inputs: { 'task-definition': 'td.json' },
    files: { 'deploy/td.json': '{}' },
    shows: [/File td\.json does not exist/, /Did you mean `deploy\/td\.json`\?/],
  },
  'image-in-quotes': {
    inputs: { image: `'${IMAGE}'` },
    shows: [/image: .*has quotes that are a part of the value/, /Write `123456789012\.dkr/],
    hides: /is a placeholder/,
  },
  'cluster-in-quotes': {
    inputs: { cluster: '"production"' },
    shows: [/cluster: .*has quotes that are a part of the value/, /Write `production`/],
  },
  'secret-by-its-name': {
    template: json({ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'shop/db' }] }),
    shows: [
      /container web, DB_PASSWORD: `shop\/db` is neither an ARN nor the name of a parameter/,
      /describe-secret --secret-id shop\/db/,
      /write `\/shop\/db`/,
    ],
  },
  'secret-by-its-name, which may be the secret itself': {
    template: json({ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'kX7/q1Zr-9w' }] }),
    shows: [/container web, DB_PASSWORD: `\(a text of 11 characters/, /Give the ARN of the secret/],
    // The runner takes what is masked out of the log.
    hides: /(?<!::add-mask::)kX7/,
  },
  'output-of-a-misspelt-step': {
    inputs: { image: '-', 'container-name': '-' },
    template: json({ image: '<IMAGE_URI>' }),
    shows: [/<IMAGE_URI>/, /If the step has `image`, .* it arrived empty/, /steps\.ID\.outputs\.NAME/],
  },
  'awslogs-without-a-region': {
    template: json({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } } }),
    shows: [/options\.awslogs-region/, /Write `"awslogs-region": "\$\{AWS_REGION\}"`/],
  },
  'depends-on-a-misspelt-container': {
    template: JSON.stringify({
      ...definition({ dependsOn: [{ containerName: 'proxi', condition: 'START' }] }),
      containerDefinitions: [
        ...(
          definition({ dependsOn: [{ containerName: 'proxi', condition: 'START' }] }) as {
            containerDefinitions: object[];
          }
        ).containerDefinitions,
        { name: 'proxy', image: IMAGE, essential: false },
      ],
    }),
    inputs: { 'container-name': 'web' },
    shows: [/container `proxi` does not exist\. Did you mean `proxy`\?/],
  },
  'depends-on-no-container': {
    template: json({ dependsOn: [{ containerName: 'migrations', condition: 'START' }] }),
    shows: [/container `migrations` does not exist\. The task has no other container/],
  },
  'comma-missing': {
    template: '{\n  "family": "web"\n  "networkMode": "awsvpc",\n  "containerDefinitions": []\n}\n',
    shows: [/comma expected \(probably at the end of line 2\) at line 3/],
  },
};
