import { createHash } from 'node:crypto';
import { deny, REGION, Simulator } from '../../simulator/simulator.ts';
import { createEcr } from '../../src/adapters/ecr.ts';

/** The port Ecr on the wire of the simulator. */
function ecrOf(simulator: Simulator) {
  const masked: string[] = [];
  const config = {
    region: REGION,
    credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
    requestHandler: simulator.wire.requestHandler(),
    maxAttempts: 1,
    customUserAgent: 'test',
  };
  return { ecr: createEcr(config, (secret) => masked.push(secret)), masked };
}
const WEB = { registryId: '', name: 'web', region: REGION };

test('a login is masked, decoded and as it came, before it is returned', async () => {
  const simulator = new Simulator();
  const { ecr, masked } = ecrOf(simulator);
  const login = await ecr.login({ region: REGION, public: false });
  const { password } = simulator.registry;
  expect(login).toMatchObject({ username: 'AWS', password });
  expect(masked).toEqual([Buffer.from(`AWS:${password}`).toString('base64'), password]);
});

test('a repository that is not there is undefined, until it is made', async () => {
  const { ecr } = ecrOf(new Simulator());
  expect(await ecr.describeRepository(WEB)).toBeUndefined();
  const made = await ecr.createRepository(WEB);
  expect(made).toMatchObject({ uri: expect.stringMatching(/\/web$/), tags: { immutable: false, exclusions: [] } });
  expect(await ecr.describeRepository(WEB)).toEqual(made);
});

test('immutable tags are seen', async () => {
  const simulator = new Simulator();
  simulator.registry.create('web', true);
  expect(await ecrOf(simulator).ecr.describeRepository(WEB)).toMatchObject({ tags: { immutable: true } });
});

test('an image by tag and by digest, its config, and one that is not there', async () => {
  const simulator = new Simulator();
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'arm64' }));
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  simulator.registry.blobs.set(digest, config);
  const manifest = { schemaVersion: 2, mediaType, config: { digest }, layers: [] };
  const put = simulator.registry.put(simulator.registry.create('web', false), 'v1', {
    body: Buffer.from(JSON.stringify(manifest)),
    mediaType,
  });
  const { ecr } = ecrOf(simulator);
  expect(await ecr.getImage(WEB, { tag: 'v1' })).toEqual({ digest: put, mediaType, manifest });
  expect(await ecr.getImage(WEB, { digest: put })).toEqual({ digest: put, mediaType, manifest });
  expect(await ecr.getBlob(WEB, digest)).toEqual({ os: 'linux', architecture: 'arm64' });
  expect(await ecr.getImage(WEB, { tag: 'v2' })).toBeUndefined();
});

test('a denial names the action and what to allow', async () => {
  const simulator = new Simulator();
  simulator.wire.faults.push(deny('ecr:GetAuthorizationToken'));
  await expect(ecrOf(simulator).ecr.login({ region: REGION, public: false })).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    remedy: expect.stringContaining('ecr:GetAuthorizationToken'),
  });
});
