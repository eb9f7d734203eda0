import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/diagnosis.ts';
import { misfit } from '../../src/diagnosis/refusal-pattern.ts';

const explained = (surface: Evidence['surface'], text: string, context: Evidence['context'] = {}): string => {
  const { rule, cause, remedy } = diagnose({ surface, text, context });
  return `${rule} | ${cause} | ${String(remedy)}`;
};
const APPSPEC =
  'The deployment failed because the AppSpec file that specifies the deployment configuration is missing or';
const PULL =
  'CannotPullContainerError: containerd: pull command failed: level=info msg="apply failure" error="failed to';

describe('what AWS says of a request, a pull or a placement', () => {
  test.each<[Evidence['surface'], string, Evidence['context'], RegExp, RegExp]>([
    [
      'api.ecs',
      'time="x" error="ClientException: host.sourcePath should not be blank.\\n\\tstatus code: 400, request id: 1" family=app',
      { operation: 'RegisterTaskDefinition' },
      /volumes\[\]\.host\.sourcePath.*says: "host\.sourcePath should not be blank\."/,
      /no host\.sourcePath at all/,
    ],
    [
      'api.ecs',
      'An error occurred (RevisionRequiredException) when calling the CreateDeployment operation: RevisionLocation must be specified',
      { operation: 'CreateDeployment' },
      /names no revision/,
      /--revision/,
    ],
    [
      'api.ecs',
      `${APPSPEC} has an invalid configuration. The input AppSpec file is a not well-formed yaml. The template cannot be parsed.`,
      {},
      /not valid YAML or JSON/,
      /as JSON/,
    ],
    [
      'api.ecs',
      'New task definition: web:4\n\nAn error occurred (InvalidParameterException) when calling the DescribeTasks operation: Tasks cannot be empty.',
      { operation: 'DescribeTasks' },
      /list `tasks`.*is empty.*says: "Tasks cannot be empty\."/,
      /Skip the call/,
    ],
    [
      'api.ecs',
      'An error occurred (InvalidParameterException) when calling the CreateService operation: subnets can not be empty.',
      {},
      /list of subnets.*is empty/,
      /subnets/,
    ],
    [
      'api.ecs',
      'An error occurred (InvalidRequestException) when calling the UpdateService operation: The image repository type cannot be changed in UpdateService request',
      {},
      /image repository type".* cannot be changed.*App Runner says/,
      /create that again/,
    ],
    [
      'api.ecs',
      'For Lambda, ECS and Kubernetes deployment, fileExistsBehavior can not be specified (InvalidFileExistsBehaviorException)',
      {},
      /fileExistsBehavior is not supported with these settings/,
      /Remove fileExistsBehavior/,
    ],
    [
      'api.ecs',
      'Either ScalingTargetId or all three of [ResourceId, ScalableDimension, ServiceNamespace] must be specified',
      {},
      /one of several alternatives, is missing/,
      /one of the alternatives is enough/,
    ],
    [
      'api.ecs',
      'operation error Application Auto Scaling: PutScalingPolicy, https response error StatusCode: 400, RequestID: 1, ObjectNotFoundException: No scalable target registered for service namespace: ecs',
      {},
      /scalable target/,
      /register-scalable-target/,
    ],
    [
      'container.reason',
      'CannotPullContainerError: Error response from daemon: Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/web/manifests/1: no basic auth credentials',
      { launchType: 'EC2' },
      /without a login/,
      /ecr:GetAuthorizationToken on \*.*role of the instance/,
    ],
    [
      'container.reason',
      'CannotPullContainerError: Error response from daemon: Get https://registry.example.com/v2/web/manifests/1: no basic auth credentials',
      { launchType: 'EC2' },
      /without a login, and the registry wants one/,
      /repositoryCredentials/,
    ],
    [
      'task.stoppedReason',
      `${PULL} extract layer sha256:e246d4b4: write /var..."`,
      { launchType: 'FARGATE' },
      /could not be written to disk/,
      /ephemeralStorage/,
    ],
    [
      'task.stoppedReason',
      `${PULL} extract layer sha256:e246d4b4: write /var..."`,
      {},
      /could not be written to disk/,
      /ephemeralStorage.*EC2/,
    ],
    [
      'service.event',
      '(service web) was unable to place a task because the resources could not be found.',
      { launchType: 'EC2' },
      /does not say what is lacking/,
      /remainingResources/,
    ],
  ])('%s: %s', (surface, text, context, cause, remedy) => {
    const whole = explained(surface, text, context);
    expect(whole).toMatch(cause);
    expect(whole).toMatch(remedy);
  });

  test.each<[Evidence['surface'], string, Evidence['context'], RegExp]>([
    ['api.ecs', 'It broke somewhere', {}, /was refused: /],
    ['api.ecs', 'MFA is not required, and no changes exist', {}, /there is no|is missing/],
    [
      'task.stoppedReason',
      `${PULL} extract layer sha256:e2: context ca...`,
      { launchType: 'FARGATE' },
      /written to disk/,
    ],
    [
      'service.event',
      '(service web) was unable to place a task because CPU ran out.',
      {},
      /does not say what is lacking/,
    ],
  ])('nothing of that in %s: %s', (surface, text, context, claim) =>
    expect(explained(surface, text, context)).not.toMatch(claim),
  );
});

test.each<[string, RegExp | undefined]>([
  [
    'DNS search domain a.example.com. contains invalid characters, does not match pattern ^[a-zA-Z0-9-.]{0,253}[a-zA-Z0-9]$',
    /may not end with "\."/,
  ],
  ['Name must match ^[a-zA-Z0-9_-]{1,255}$, but was my.app', /character "\."/],
  ['Name must match ^[a-z][a-z0-9]*$, but was 1app', /may not begin with "1"/],
  ['Name must match ^[a-z0-9]+$, but was app', undefined],
  ['Name must match ^(a|b)+$, but was c', undefined],
  ['Name must match ^[\\w]+$, but was a-b', undefined],
  ['Name must match ^[^/]+$, but was a/b', undefined],
  ['Name contains invalid characters', undefined],
])('%s: what does not fit', (message, clause) =>
  clause ? expect(misfit(message)).toMatch(clause) : expect(misfit(message)).toBeUndefined(),
);
