/** ECR, CloudWatch Logs and STS, as far as a deploy and its tasks use them. */
import { createHash } from 'node:crypto';
import type { Input, Operation, Scope } from '../account.ts';
import { PreparationFailed } from '../account.ts';
import { empty, oneOf, type Pattern, present } from '../pattern.ts';
import { call, type Documented, type Row } from '../row.ts';
import type { Need } from '../stack.ts';

const ecrApi = (operation: string): string =>
  `https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_${operation}.html`;
const logsApi = (operation: string): string =>
  `https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_${operation}.html`;

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (data: string): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
/** An image without a layer: AWS wants what a manifest names, not that it runs. */
const config = (variant: string): string =>
  JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    author: variant,
    rootfs: { type: 'layers', diff_ids: [] },
    config: {},
  });
const LAYER = 'conformance';
function manifest(variant: string): string {
  const its = config(variant);
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(its), size: its.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(LAYER), size: LAYER.length }],
  });
}

const repository = (scope: Scope, more: Input = {}): Promise<unknown> =>
  scope.need('ecr:CreateRepository', { repositoryName: scope.name, ...more });

/** Puts the parts of an image into the repository, as docker does: https://github.com/opencontainers/distribution-spec */
async function pushParts(scope: Scope, variant: string): Promise<void> {
  const { authorizationData } = await scope.need('ecr:GetAuthorizationToken', {});
  const [{ authorizationToken, proxyEndpoint }] = authorizationData;
  // An endpoint on this machine whose registry is said to be at AWS (moto) has none: nothing of ours goes there, and PutImage decides.
  const { url } = scope.endpoint;
  if (url !== undefined && new URL(url).host !== new URL(proxyEndpoint).host) return;
  const send = async (method: string, url: string | URL, body?: string): Promise<Response> => {
    try {
      const answer = await fetch(url, {
        method,
        headers: {
          authorization: `Basic ${authorizationToken}`,
          ...(body ? { 'content-type': 'application/octet-stream' } : {}),
        },
        ...(body ? { body } : {}),
        signal: AbortSignal.any([scope.signal, AbortSignal.timeout(30_000)]),
      });
      if (answer.ok) return answer;
      throw new Error(`HTTP ${answer.status}`);
    } catch (thrown) {
      scope.signal.throwIfAborted();
      throw new PreparationFailed(`${method} at the registry: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
  };
  for (const blob of [LAYER, config(variant)]) {
    const begun = await send('POST', `${proxyEndpoint}/v2/${scope.name}/blobs/uploads/`);
    const place = new URL(begun.headers.get('location') ?? '', proxyEndpoint);
    place.searchParams.set('digest', digestOf(blob));
    await send('PUT', place, blob);
  }
}
const image = (scope: Scope, variant: string, imageTag = 'v1'): Input => ({
  repositoryName: scope.name,
  imageManifest: manifest(variant),
  imageManifestMediaType: MANIFEST,
  imageTag,
});
async function pushed(scope: Scope, variant = 'one', more: Input = {}): Promise<void> {
  await repository(scope, more);
  await pushParts(scope, variant);
  await scope.need('ecr:PutImage', image(scope, variant));
}

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly operation: Operation;
  readonly page?: string;
  readonly before?: (scope: Scope) => Promise<unknown>;
  readonly request: (scope: Scope) => Input;
  readonly documented: Documented;
  readonly leftOut?: readonly string[];
  readonly needs?: readonly Need[];
}
const operationOf = (operation: Operation): string => operation.slice(operation.indexOf(':') + 1);
const ecr = (row: Case): Row => call({ page: ecrApi(operationOf(row.operation)), ...row, id: `ecr/${row.id}` });
const logs = (row: Case): Row => call({ page: logsApi(operationOf(row.operation)), ...row, id: `logs/${row.id}` });
const ok = (pattern: Pattern): Documented => ({ ok: pattern });
const named = ({ name }: Scope): Input => ({ repositoryName: name });
const NO_REPOSITORY = { refused: 'RepositoryNotFoundException' } as const;

const ECR: readonly Row[] = [
  ecr({
    id: 'login',
    rule: 'A login has a token for the registry, which is valid for 12 hours.',
    operation: 'ecr:GetAuthorizationToken',
    request: () => ({}),
    documented: ok({
      authorizationData: [{ authorizationToken: present, expiresAt: '<time>', proxyEndpoint: '<registry>' }],
    }),
  }),
  ecr({
    id: 'repository/create',
    rule: 'A repository is mutable and encrypted with AES256 unless it sets another.',
    operation: 'ecr:CreateRepository',
    request: named,
    documented: ok({
      repository: {
        imageTagMutability: 'MUTABLE',
        encryptionConfiguration: { encryptionType: 'AES256' },
        imageScanningConfiguration: { scanOnPush: false },
        repositoryUri: /^<registry>\//,
        createdAt: '<time>',
      },
    }),
  }),
  ecr({
    id: 'repository/describe',
    rule: 'DescribeRepositories shows a repository as it was created.',
    needs: ['Repository'],
    operation: 'ecr:DescribeRepositories',
    request: (scope) => ({ repositoryNames: [scope.output('Repository')] }),
    documented: ok({
      repositories: [
        { repositoryName: '<Repository>', imageTagMutability: 'MUTABLE', repositoryArn: /:repository\/<Repository>$/ },
      ],
    }),
  }),
  ecr({
    id: 'repository/twice',
    rule: 'A name is given once in a registry.',
    operation: 'ecr:CreateRepository',
    before: (scope) => repository(scope),
    request: named,
    documented: { refused: 'RepositoryAlreadyExistsException' },
  }),
  ecr({
    id: 'repository/capital-letters',
    rule: 'A repository name has no capital letters.',
    operation: 'ecr:CreateRepository',
    request: ({ name }) => ({ repositoryName: `${name}-Web` }),
    documented: { refused: 'InvalidParameterException' },
  }),
  ecr({
    id: 'repository/unknown',
    rule: 'An unknown repository is a RepositoryNotFoundException.',
    operation: 'ecr:DescribeRepositories',
    request: ({ name }) => ({ repositoryNames: [name] }),
    documented: NO_REPOSITORY,
  }),
  ecr({
    id: 'repository/delete-with-images',
    rule: 'A repository with images is deleted only with force.',
    operation: 'ecr:DeleteRepository',
    before: (scope) => pushed(scope),
    request: named,
    documented: { refused: 'RepositoryNotEmptyException' },
  }),
  ecr({
    id: 'image/put',
    rule: 'PutImage stores a manifest under its digest and tag.',
    operation: 'ecr:PutImage',
    before: async (scope) => {
      await repository(scope);
      await pushParts(scope, 'one');
    },
    request: (scope) => image(scope, 'one'),
    documented: ok({ image: { imageId: { imageTag: 'v1', imageDigest: present }, imageManifest: present } }),
  }),
  ecr({
    id: 'image/put-missing-layers',
    rule: 'The layers of an image are uploaded before its manifest.',
    operation: 'ecr:PutImage',
    before: (scope) => repository(scope),
    request: (scope) => image(scope, 'one'),
    documented: { refused: 'LayersNotFoundException' },
  }),
  ecr({
    id: 'image/put-again',
    rule: 'The same image with the same tag already exists.',
    operation: 'ecr:PutImage',
    before: (scope) => pushed(scope),
    request: (scope) => image(scope, 'one'),
    documented: { refused: 'ImageAlreadyExistsException' },
  }),
  ecr({
    id: 'image/put-moves-tag',
    rule: 'In a mutable repository a tag moves to the newer image.',
    operation: 'ecr:PutImage',
    before: async (scope) => {
      await pushed(scope);
      await pushParts(scope, 'two');
    },
    request: (scope) => image(scope, 'two'),
    documented: ok({ image: { imageId: { imageTag: 'v1' } } }),
  }),
  ecr({
    id: 'image/put-immutable',
    rule: 'In an immutable repository a tag cannot be overwritten.',
    operation: 'ecr:PutImage',
    before: async (scope) => {
      await pushed(scope, 'one', { imageTagMutability: 'IMMUTABLE' });
      await pushParts(scope, 'two');
    },
    request: (scope) => image(scope, 'two'),
    documented: { refused: 'ImageTagAlreadyExistsException' },
  }),
  ecr({
    id: 'image/put-unknown-repository',
    rule: 'An unknown repository is a RepositoryNotFoundException.',
    operation: 'ecr:PutImage',
    request: (scope) => image(scope, 'one'),
    documented: NO_REPOSITORY,
  }),
  ecr({
    id: 'image/describe',
    rule: 'DescribeImages shows digest, tags and when the image was pushed.',
    operation: 'ecr:DescribeImages',
    before: (scope) => pushed(scope),
    request: (scope) => ({ ...named(scope), imageIds: [{ imageTag: 'v1' }] }),
    documented: ok({
      imageDetails: [
        { imageDigest: present, imageTags: ['v1'], imagePushedAt: '<time>', imageManifestMediaType: MANIFEST },
      ],
    }),
  }),
  ecr({
    id: 'image/describe-unknown',
    rule: 'An unknown tag is an ImageNotFoundException.',
    operation: 'ecr:DescribeImages',
    before: (scope) => repository(scope),
    request: (scope) => ({ ...named(scope), imageIds: [{ imageTag: 'v1' }] }),
    documented: { refused: 'ImageNotFoundException' },
  }),
  ecr({
    id: 'image/get-unknown',
    rule: 'BatchGetImage reports an unknown tag as a failure ImageNotFound.',
    operation: 'ecr:BatchGetImage',
    before: (scope) => repository(scope),
    request: (scope) => ({ ...named(scope), imageIds: [{ imageTag: 'v1' }] }),
    documented: ok({ images: empty, failures: [{ failureCode: 'ImageNotFound', imageId: { imageTag: 'v1' } }] }),
  }),
  ecr({
    id: 'image/list',
    rule: 'ListImages pairs tags and digests.',
    operation: 'ecr:ListImages',
    before: (scope) => pushed(scope),
    request: named,
    documented: ok({ imageIds: [{ imageTag: 'v1', imageDigest: present }] }),
  }),
  ecr({
    id: 'image/layer-availability',
    rule: 'A layer that is not there is UNAVAILABLE or a failure MissingLayerDigest, which is not an error.',
    operation: 'ecr:BatchCheckLayerAvailability',
    before: (scope) => repository(scope),
    request: (scope) => ({ ...named(scope), layerDigests: [digestOf('nothing')] }),
    documented: ok(
      oneOf(
        { layers: [{ layerAvailability: 'UNAVAILABLE' }], failures: empty },
        { failures: [{ failureCode: 'MissingLayerDigest' }] },
      ),
    ),
  }),
  ecr({
    id: 'mutability',
    rule: 'The mutability of tags can be changed.',
    operation: 'ecr:PutImageTagMutability',
    before: (scope) => repository(scope),
    request: (scope) => ({ ...named(scope), imageTagMutability: 'IMMUTABLE' }),
    documented: ok({ imageTagMutability: 'IMMUTABLE' }),
  }),
  ecr({
    id: 'mutability/exclusion-without-filter',
    rule: 'IMMUTABLE_WITH_EXCLUSION needs filters.',
    page: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
    operation: 'ecr:CreateRepository',
    request: (scope) => ({ ...named(scope), imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }),
    documented: { refused: 'InvalidParameterException' },
  }),
];

const group = ({ name }: Scope): Input => ({ logGroupName: name });
const stream = (scope: Scope): Input => ({ ...group(scope), logStreamName: 'ecs/app/1' });
const newGroup = (scope: Scope): Promise<unknown> => scope.need('logs:CreateLogGroup', group(scope));
const newStream = async (scope: Scope): Promise<void> => {
  await newGroup(scope);
  await scope.need('logs:CreateLogStream', stream(scope));
};

const LOGS: readonly Row[] = [
  logs({
    id: 'group/twice',
    rule: 'A name is given once.',
    operation: 'logs:CreateLogGroup',
    before: newGroup,
    request: group,
    documented: { refused: 'ResourceAlreadyExistsException', words: /^The specified log group already exists/ },
  }),
  logs({
    id: 'group/describe',
    rule: 'DescribeLogGroups finds groups by the beginning of their names.',
    operation: 'logs:DescribeLogGroups',
    before: newGroup,
    request: ({ name }) => ({ logGroupNamePrefix: name }),
    documented: ok({ logGroups: [{ arn: /:log-group:.*:\*$/, creationTime: '<time>', storedBytes: 0 }] }),
  }),
  logs({
    id: 'stream/none',
    rule: 'A group without streams has an empty list of them.',
    needs: ['LogGroup'],
    operation: 'logs:DescribeLogStreams',
    request: (scope) => ({ logGroupName: scope.output('LogGroup') }),
    documented: ok({ logStreams: [] }),
  }),
  logs({
    id: 'group/delete-unknown',
    rule: 'An unknown group is a ResourceNotFoundException.',
    operation: 'logs:DeleteLogGroup',
    request: group,
    documented: { refused: 'ResourceNotFoundException', words: /^The specified log group does not exist/ },
  }),
  logs({
    id: 'stream/unknown',
    rule: 'An unknown stream is a ResourceNotFoundException.',
    operation: 'logs:GetLogEvents',
    before: newGroup,
    request: stream,
    documented: { refused: 'ResourceNotFoundException', words: /^The specified log stream does not exist/ },
  }),
  logs({
    id: 'stream/empty',
    rule: 'A stream without events has tokens all the same.',
    operation: 'logs:GetLogEvents',
    before: newStream,
    request: stream,
    documented: ok({ events: empty, nextForwardToken: present, nextBackwardToken: present }),
  }),
  logs({
    id: 'stream/bad-token',
    rule: 'A token that the service did not give is an InvalidParameterException.',
    operation: 'logs:GetLogEvents',
    before: newStream,
    request: (scope) => ({ ...stream(scope), nextToken: 'not-a-token' }),
    documented: { refused: 'InvalidParameterException' },
  }),
  logs({
    id: 'stream/of-unknown-group',
    rule: 'An unknown group is a ResourceNotFoundException.',
    operation: 'logs:DescribeLogStreams',
    request: group,
    documented: { refused: 'ResourceNotFoundException', words: /^The specified log group does not exist/ },
  }),
];

const STS: readonly Row[] = [
  call({
    id: 'sts/caller',
    rule: 'GetCallerIdentity names account, ARN and id of the caller.',
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
    operation: 'sts:GetCallerIdentity',
    request: () => ({}),
    documented: ok({ Account: '<account>', Arn: present, UserId: present }),
  }),
  call({
    id: 'sts/web-identity/malformed-token',
    rule: 'A token that is not a JSON Web Token is an InvalidIdentityToken.',
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html',
    needs: ['TaskRole'],
    operation: 'sts:AssumeRoleWithWebIdentity',
    request: (scope) => ({
      RoleArn: scope.output('TaskRole'),
      RoleSessionName: 'conformance',
      WebIdentityToken: 'not-a-token',
    }),
    documented: { refused: ['InvalidIdentityTokenException', 'InvalidIdentityToken'] },
  }),
  call({
    id: 'sts/assume-role/malformed-arn',
    rule: 'A role is named by its ARN.',
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
    operation: 'sts:AssumeRole',
    request: () => ({ RoleArn: 'conformance-role-without-arn', RoleSessionName: 'conformance' }),
    documented: { refused: 'ValidationError' },
  }),
  call({
    id: 'sts/assume-role/unknown',
    rule: 'A role that does not exist, or does not trust the caller, is AccessDenied.',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
    needs: ['TaskRole'],
    operation: 'sts:AssumeRole',
    request: (scope) => ({ RoleArn: `${scope.output('TaskRole')}-unknown`, RoleSessionName: 'conformance' }),
    documented: { refused: ['AccessDenied', 'AccessDeniedException'] },
  }),
];

export const OTHER_ROWS: readonly Row[] = [...ECR, ...LOGS, ...STS];
