import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createDependencies } from '../../../simulator/world/dependencies.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { Stage } from '../../support/world.ts';

/** `examples/multi-region.yml`: one digest for all Regions, one Region after the other, and the first that fails stops the rest. */
interface Job {
  readonly needs?: string;
  readonly strategy?: {
    readonly 'max-parallel': number;
    readonly 'fail-fast': boolean;
    readonly matrix: { readonly region: readonly string[] };
  };
  readonly concurrency?: string;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }[];
}
const { jobs } = parse(readFileSync('examples/multi-region.yml', 'utf8')) as {
  readonly jobs: { readonly build: Job; readonly deploy: Job };
};
const given = ({ steps }: Job): Readonly<Record<string, string>> =>
  steps.find(({ uses }) => uses?.includes('/ecs-rollout@'))?.with ?? {};
const REGIONS = jobs.deploy.strategy?.matrix.region ?? [];
const ACCOUNT = '123456789012';
const DEFINITION = readFileSync('examples/task-definition.json', 'utf8');
const IMAGE = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });

/** A Region with its service, and the image where ECR has replicated it. */
class Region extends Stage {
  readonly name: string;
  digest = '';

  constructor(name: string, has: 'image' | 'no image' = 'image') {
    super(name);
    this.name = name;
    const { simulator, files } = this;
    const filled = (image: string): Readonly<Record<string, unknown>> =>
      JSON.parse(
        DEFINITION.replace('${IMAGE}', image).replace('${AWS_ACCOUNT_ID}', ACCOUNT).replace('${AWS_REGION}', name),
      );
    const repository = simulator.registry.create('team/web', false);
    if (has === 'image')
      this.digest = simulator.registry.put(repository, 'built', {
        body: Buffer.from(IMAGE),
        mediaType: 'application/vnd.oci.image.index.v1+json',
      });
    simulator.call('CreateCluster', { clusterName: 'production' });
    this.withService({ cluster: 'production' }, filled('example.com/web:before'));
    createDependencies(simulator, filled('example.com/web:before'), { cluster: 'production' });
    files.set('task-definition.json', DEFINITION);
  }

  /** The step of the matrix job in this Region. */
  step(digest: string, signal = this.cancel.signal): Promise<Outcome> {
    const inputs = Object.entries(given(jobs.deploy)).map(([input, value]) => [
      input,
      value.replaceAll('${{ matrix.region }}', this.name).replaceAll('${{ needs.build.outputs.digest }}', digest),
    ]);
    return this.deploy(Object.fromEntries(inputs), signal);
  }

  get runs(): string {
    const { services } = this.simulator.call('DescribeServices', {
      cluster: 'production',
      services: ['web'],
    }) as unknown as {
      services: { taskDefinition: string }[];
    };
    const { taskDefinition } = this.simulator.call('DescribeTaskDefinition', {
      taskDefinition: services[0]?.taskDefinition,
    }) as unknown as { taskDefinition: { containerDefinitions: { image: string }[] } };
    return taskDefinition.containerDefinitions[0]?.image ?? '';
  }
}

/** The jobs of the matrix, as GitHub runs them with `max-parallel: 1` and `fail-fast: true`. */
async function matrix(regions: readonly Region[], digest: string): Promise<string[]> {
  const ends: string[] = [];
  for (const region of regions) {
    const end = await region.step(digest).then(
      ({ kind }) => kind,
      ({ code }: { code: string }) => code,
    );
    ends.push(`${region.name} ${end}`);
    if (!['deployed', 'unchanged'].includes(end)) break;
  }
  return ends;
}
const both = (): Region[] => REGIONS.map((name) => new Region(name));
const of = (regions: readonly Region[]): readonly [Region, Region, string] => {
  const [first, second] = regions;
  if (!first || !second) throw new Error('two Regions');
  return [first, second, first.digest];
};

test('the example builds once, waits for each other Region, and deploys them one after the other', () => {
  const { strategy, needs, concurrency } = jobs.deploy;
  expect([needs, strategy?.['max-parallel'], strategy?.['fail-fast']]).toEqual(['build', 1, true]);
  expect(concurrency).toContain('${{ matrix.region }}');
  const build = given(jobs.build);
  const waited = build['wait-for-replication']?.split(',').map((one) => one.trim());
  expect(waited).toEqual(REGIONS.filter((region) => region !== build['aws-region']));
  expect(build.mode).toBe('build');
});

test('each Region runs the one digest, from its own registry', async () => {
  const [first, second, digest] = of(both());
  expect(await matrix([first, second], digest)).toEqual(['eu-west-1 deployed', 'us-east-1 deployed']);
  for (const region of [first, second])
    expect(region.runs).toBe(`${ACCOUNT}.dkr.ecr.${region.name}.amazonaws.com/team/web@${digest}`);
});

test('the first that fails is rolled back, and the other one is not touched', async () => {
  const [first, second, digest] = of(both());
  first.simulator.script.image(digest, { exit: { afterSeconds: 2, code: 1 } });
  expect(await matrix([first, second], digest)).toEqual(['eu-west-1 rolled-back']);
  expect(second.simulator.wire.calls).toEqual([]);
  expect([first.runs, second.runs]).toEqual(['example.com/web:before', 'example.com/web:before']);
});

test('a Region to which ECR has not replicated the image is found before anything is changed there', async () => {
  const [first] = both();
  const second = new Region('us-east-1', 'no image');
  const digest = first?.digest ?? '';
  expect(await matrix(first ? [first, second] : [], digest)).toEqual([
    'eu-west-1 deployed',
    expect.stringMatching(/^us-east-1 (?:NOT_FOUND|PREFLIGHT_FAILED|INVALID_INPUT)$/),
  ]);
  expect(second.count('UpdateService') + second.count('RegisterTaskDefinition')).toBe(0);
});

test('run again after the second Region failed: the first is unchanged, the second is deployed', async () => {
  const [first, second, digest] = of(both());
  second.simulator.script.image(digest, { failToStart: 'CannotPullContainerError: not found' });
  expect(await matrix([first, second], digest)).toEqual(['eu-west-1 deployed', 'us-east-1 rolled-back']);
  second.simulator.script.image(digest, {});
  expect(await matrix([first, second], digest)).toEqual(['eu-west-1 unchanged', 'us-east-1 deployed']);
});

test('killed in the second Region: the next run brings it to the digest', async () => {
  const [first, second, digest] = of(both());
  await first.step(digest);
  const kill = new AbortController();
  second.clock.after(15, () => kill.abort());
  await second.step(digest, kill.signal).catch(() => undefined);
  await second.post();
  second.clock.advance(600);
  expect(await matrix([first, second], digest)).toEqual([
    'eu-west-1 unchanged',
    expect.stringMatching(/^us-east-1 (?:deployed|unchanged)$/),
  ]);
  expect(second.runs).toContain(digest);
});
