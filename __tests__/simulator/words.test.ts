import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-ecs';
import { ApiException } from '../../simulator/wire/service.ts';
import { type Loose, Play } from './world.ts';

/** Exceptions and their words, at the wire and in ECR. */

const play = new Play();
const { wire, ecr, registry } = play.simulator;
const SIGNED = `AWS4-HMAC-SHA256 Credential=SIMULATED/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
const post = async (body: string, operation = 'DescribeServices') => {
  const headers = {
    'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
    authorization: SIGNED,
    'content-type': 'application/x-amz-json-1.1',
  };
  const { status, headers: answered, body: text } = await wire.answer({ headers, body });
  return { status, type: answered['x-amzn-errortype'], text };
};

test.each(['<html></html>', '{"services": [', '[]', 'null', '"web"', '1', 'services=web'])(
  'the body %s is answered with 400',
  async (body) => {
    const { status, type, text } = await post(body);
    expect({ status, type }).toEqual({ status: 400, type: 'SerializationException' });
    expect(JSON.parse(text)).toMatchObject({ __type: 'SerializationException' });
  },
);

test('no body is an empty request, and an operation that is none is said so before the body is looked at', async () => {
  expect(await post('', 'ListClusters')).toMatchObject({ status: 200 });
  expect(await post('{"a": 1}', 'DescribeServicez')).toMatchObject({ status: 400, type: 'UnknownOperationException' });
});

/** What the SDK documents for an operation, and what every operation may answer. */
function documented(operation: string): string[] {
  const text = readFileSync(`node_modules/@aws-sdk/client-ecs/dist-types/commands/${operation}Command.d.ts`, 'utf8');
  const own = [...text.matchAll(/@throws \{@link (\w+)/g)].map(([, name = '']) => name);
  return [...own, 'SerializationException'];
}

/** Requests that each operation refuses, in several ways. */
const BAD: readonly Loose[] = [
  {},
  {
    cluster: 'none',
    service: 'web',
    services: ['web'],
    tasks: ['t'],
    task: 't',
    taskDefinition: 'none',
    desiredCount: 1,
  },
  {
    service: 'none',
    serviceName: 'none',
    taskDefinition: 'none',
    desiredCount: 1,
    services: ['none'],
    tasks: ['none'],
    task: 'none',
  },
  {
    cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/default',
    service: 'web',
    taskDefinition: 'web',
    services: ['web'],
  },
  { resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/none', tags: [], tagKeys: [] },
  { serviceDeploymentArn: 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/default/web/none', hookId: 'h' },
  { cluster: 1, service: 1, services: 1, tasks: 1, resourceArn: 1 },
];

const refused = new Set<string>();
afterAll(() => expect(refused.size).toBeGreaterThan(20));

test.each(play.simulator.ecs.operations.map((operation) => [operation]))(
  '%s answers with exceptions that are documented for it',
  (operation) => {
    const members = (sdkMembers(operation) ?? []) as string[];
    for (const request of BAD) {
      const input = Object.fromEntries(Object.entries(request).filter(([member]) => members.includes(member)));
      try {
        play.call(operation, input);
      } catch (thrown) {
        if (!(thrown instanceof ApiException)) throw thrown;
        refused.add(operation);
        expect({ operation, input, documented: documented(operation) }).toMatchObject({
          documented: expect.arrayContaining([thrown.name]),
        });
      }
    }
  },
);

/** Names of the members of a request, by the schemas of the SDK. */
function sdkMembers(operation: string): unknown {
  const schemas = sdk as Readonly<Record<string, unknown>>;
  return (schemas[`${operation}Request$`] as readonly unknown[])[4];
}

describe('PutImage', () => {
  const context = { region: 'eu-west-1', accountId: '123456789012', partition: 'aws', accessKeyId: 'X' };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const put = async (input: Loose): Promise<string> => {
    try {
      await ecr.handle('PutImage', input, context);
      return 'put';
    } catch (thrown) {
      if (thrown instanceof ApiException) return `${thrown.name}: ${thrown.message}`;
      throw thrown;
    }
  };
  const manifest = (note: string, more: object = {}): string =>
    JSON.stringify({ schemaVersion: 2, mediaType, layers: [], annotations: { note }, ...more });
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${'0'.repeat(64)}`, size: 1 };
  registry.create('open', false);
  registry.create('closed', true);

  test('takes an image, again under another tag, and not again under the same', async () => {
    const imageManifest = manifest('one');
    expect(await put({ repositoryName: 'open', imageManifest, imageTag: '1' })).toBe('put');
    expect(await put({ repositoryName: 'open', imageManifest, imageTag: '2' })).toBe('put');
    expect(await put({ repositoryName: 'open', imageManifest, imageTag: '1' })).toMatch(
      /^ImageAlreadyExistsException: Image with digest 'sha256:[0-9a-f]{64}' and tag '1' already exists in the repository with name 'open' in registry with id '123456789012'$/,
    );
    expect(await put({ repositoryName: 'open', imageManifest: manifest('two'), imageTag: '1' })).toBe('put');
  });

  test.each<[what: string, input: Loose, words: RegExp]>([
    [
      'a repository that is not there',
      { repositoryName: 'none', imageManifest: manifest('a') },
      /^RepositoryNotFoundException: The repository with name 'none' does not exist/,
    ],
    [
      'no repository',
      { imageManifest: manifest('a') },
      /^InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must not be null'/,
    ],
    [
      'no JSON',
      { repositoryName: 'open', imageManifest: '<html>' },
      /^InvalidParameterException: Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'/,
    ],
    [
      'no media type',
      { repositoryName: 'open', imageManifest: '{"schemaVersion":2}' },
      /^InvalidParameterException: Invalid parameter at 'imageManifestMediaType'/,
    ],
    [
      'a tag with a slash',
      { repositoryName: 'open', imageManifest: manifest('a'), imageTag: 'a/b' },
      /^InvalidParameterException: Invalid parameter at 'imageTag'/,
    ],
    [
      'another digest',
      { repositoryName: 'open', imageManifest: manifest('a'), imageDigest: `sha256:${'0'.repeat(64)}` },
      /^ImageDigestDoesNotMatchException: /,
    ],
    [
      'a layer that is not there',
      { repositoryName: 'open', imageManifest: manifest('a', { layers: [layer] }) },
      /^LayersNotFoundException: /,
    ],
    [
      'a child that is not there',
      {
        repositoryName: 'open',
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.index.v1+json',
          manifests: [layer],
        }),
      },
      /^ReferencedImagesNotFoundException: /,
    ],
  ])('%s is refused', async (_, input, words) => expect(await put(input)).toMatch(words));

  test('a tag of an immutable repository stays where it is', async () => {
    expect(await put({ repositoryName: 'closed', imageManifest: manifest('one'), imageTag: '1' })).toBe('put');
    expect(await put({ repositoryName: 'closed', imageManifest: manifest('one'), imageTag: '1' })).toMatch(
      /^ImageAlreadyExistsException/,
    );
    expect(await put({ repositoryName: 'closed', imageManifest: manifest('two'), imageTag: '1' })).toMatch(
      /^ImageTagAlreadyExistsException: The image tag '1' already exists in the 'closed' repository and cannot be overwritten/,
    );
  });
});
