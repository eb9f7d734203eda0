import { createHash } from 'node:crypto';
import { VirtualClock } from '../../simulator/clock.ts';
import { TRUSTS_TASKS } from '../../simulator/services/iam.ts';
import { ACCOUNT, REGION, Simulator } from '../../simulator/simulator.ts';
import type { AwsConfig } from '../../src/adapters/aws.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { createResources } from '../../src/adapters/resources.ts';
import type { Resources, World } from '../../src/ports.ts';

export { ACCOUNT, REGION };

/** ARNs of this account, for short. */
export const TARGETS = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/1111`;
export const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-AbCdEf`;
export const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** A simulated account, seen through the real adapters. Masked texts are kept. */
export class Account {
  readonly simulator = new Simulator(new VirtualClock());
  readonly masked: string[] = [];
  readonly config: AwsConfig;
  readonly resources: Resources;
  readonly world: Pick<World, 'resources' | 'ecr'>;

  /** @param requestHandler answers in place of the simulator */
  constructor(requestHandler?: AwsConfig['requestHandler']) {
    this.config = {
      region: REGION,
      requestHandler: requestHandler ?? this.simulator.wire.requestHandler(),
      credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
      maxAttempts: 1,
      customUserAgent: 'test',
    };
    this.resources = createResources(this.config, (text) => void this.masked.push(text));
    this.world = { resources: async () => this.resources, ecr: createEcr(this.config, () => {}) };
  }

  /** Everything that the task definition `WHOLE` and the service `service()` refer to. */
  withEverything(): this {
    const { simulator } = this;
    simulator.iam.roles.set('task', { trust: TRUSTS_TASKS });
    simulator.iam.roles.set('execution', { trust: TRUSTS_TASKS, allows: [['*', '']] });
    simulator.secretsManager.secrets.set(SECRET, {
      versions: { v1: { stages: ['AWSCURRENT'], value: '{"password":"correct horse","user":"web"}' } },
    });
    simulator.ssm.parameters.add('/web/flag');
    simulator.logs.groups.set('/ecs/web', new Map());
    simulator.s3.buckets.set('settings', { region: REGION, keys: ['web.env'] });
    simulator.loadBalancing.targetGroups.set(TARGETS, { targetType: 'ip' });
    simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
    return this;
  }

  /** An index with these platforms in the ECR repository `name`; answers with its digest. */
  withImage(name: string, tag: string, platforms: readonly string[]): string {
    const manifests = platforms.map((platform, i) => {
      const [os, architecture] = platform.split('/');
      return { mediaType: MANIFEST, digest: `sha256:${`${i}`.repeat(64)}`, size: 1, platform: { os, architecture } };
    });
    return this.#put(name, tag, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
  }

  /** A single manifest, whose config blob alone knows the platform. */
  withSingleImage(name: string, tag: string, architecture: string): string {
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture }));
    const digest = digestOf(config);
    this.simulator.registry.blobs.set(digest, config);
    return this.#put(name, tag, MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config: { digest }, layers: [] });
  }

  #put(name: string, tag: string, mediaType: string, manifest: object): string {
    const { registry } = this.simulator;
    const repository = registry.repositories.get(name) ?? registry.create(name, false);
    const body = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(body);
    repository.manifests.set(digest, { digest, mediaType, body });
    repository.tags.set(tag, digest);
    return digest;
  }
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
