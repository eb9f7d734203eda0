import { deny } from '../../../simulator/simulator.ts';
import { Failure } from '../../../src/failure.ts';
import { wouldChange } from '../../../src/report/plan.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

/**
 * A tag that moved: the service runs what the tag named when it was deployed, and the tag names another image now. No run may
 * end as `unchanged` then, wherever the tag is written and whoever can be asked about it.
 */
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const R = `${HOST}/team/web`;
const COMMIT = { key: 'ecs-rollout:commit', value: 'a'.repeat(40) };

const containers = (image: string, more: readonly object[] = []) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }, ...more],
});

class Registry extends Stage {
  constructor() {
    super();
    this.simulator.ecr.host = HOST;
  }

  /** An image under that tag, from now on; its digest. */
  push(tag: string, content: string, repository = 'team/web'): string {
    const { registry } = this.simulator;
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', content }));
    registry.blobs.set(registry.digestOf(config), config);
    const body = JSON.stringify({ schemaVersion: 2, config: { digest: registry.digestOf(config) }, layers: [] });
    const home = registry.repositories.get(repository) ?? registry.create(repository, false);
    return registry.put(home, tag, {
      body: Buffer.from(body),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
  }

  /** The service runs the definition, registered by an earlier commit. */
  running(definition: Readonly<Record<string, unknown>>): this {
    this.withService({}, { ...TASK_DEFINITION, tags: [COMMIT], ...definition });
    return this;
  }

  /** Digests that the running tasks pulled, by container, each once. */
  runs(): Record<string, readonly string[]> {
    const { taskArns } = this.simulator.call('ListTasks', { serviceName: 'web' });
    const { tasks } = this.simulator.call('DescribeTasks', { tasks: taskArns }) as unknown as {
      tasks: { containers: { name: string; imageDigest?: string }[] }[];
    };
    const all = tasks.flatMap(({ containers }) => containers);
    return Object.fromEntries(
      [...Map.groupBy(all, ({ name }) => name)].map(([name, same]) => [
        name,
        [...new Set(same.map(({ imageDigest = '' }) => imageDigest))],
      ]),
    );
  }

  tagsOf(revision: string): Record<string, string> {
    const { tags } = this.simulator.call('DescribeTaskDefinition', {
      taskDefinition: revision,
      include: ['TAGS'],
    }) as unknown as { tags: { key: string; value: string }[] };
    return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  }

  updates(): readonly Readonly<Record<string, unknown>>[] {
    return this.simulator.wire.calls.flatMap(({ operation, input }) => (operation === 'UpdateService' ? [input] : []));
  }
}

/** Where the tag is written: what the step is given, and what must be there for it. */
const SOURCES: readonly (readonly [source: string, given: Readonly<Record<string, string>>])[] = [
  ['template file', {}],
  ['family', { 'task-definition': '', 'task-definition-family': 'web' }],
  ['live revision', { 'task-definition': '' }],
  ['ARN', { 'task-definition': '', 'task-definition-arn': 'web:1' }],
  ['image', { 'task-definition': '', image: `${R}:latest` }],
  ['images', { 'task-definition': '', images: `app=${R}:latest` }],
  ['placeholder', { variables: 'TAG=latest' }],
];

describe.each(SOURCES)('an ECR tag in the %s', (source, given) => {
  const world = () => {
    const stage = new Registry();
    stage.push('latest', 'old');
    stage.running(containers(`${R}:latest`));
    stage.template(containers(source === 'placeholder' ? `${R}:\${TAG}` : `${R}:latest`));
    return stage;
  };

  test('moved: its digest is registered, deployed and named by the plan', async () => {
    const stage = world();
    const now = stage.push('latest', 'new');
    const plan = await stage.plan(given);
    expect(wouldChange(plan)).toBe(true);
    expect(plan.differences).toEqual([
      { subject: 'container app: image', kind: 'changed', before: `${R}:latest`, after: `${R}@${now}` },
    ]);
    const outcome = await stage.deploy(given);
    expect([outcome.kind, stage.runs()]).toEqual(['deployed', { app: [now] }]);
    expect(stage.tagsOf('web:2')).toMatchObject({ 'ecs-rollout:commit': 'c0ffee'.padEnd(40, '0') });
    // The commit of the old image keeps its own revision.
    expect(stage.tagsOf('web:1')['ecs-rollout:commit']).toBe(COMMIT.value);
  });

  test('moved again after it was pinned: the new image is deployed, and what did not move is unchanged', async () => {
    const stage = world();
    stage.push('latest', 'new');
    await stage.deploy(given);
    expect((await stage.deploy(given)).kind).toBe('unchanged');
    const third = stage.push('latest', 'third');
    expect(wouldChange(await stage.plan(given))).toBe(true);
    expect((await stage.deploy(given)).kind).toBe('deployed');
    expect(stage.runs()).toEqual({ app: [third] });
  });

  test('pin-images: false keeps the text, and forces a new deployment', async () => {
    const stage = world();
    const kept = { ...given, 'pin-images': 'false' };
    const now = stage.push('latest', 'new');
    // The input `image` has always been deployed by its digest.
    if (source === 'image') return;
    const plan = await stage.plan(kept);
    expect([wouldChange(plan), plan.differences]).toEqual([true, []]);
    expect(plan.reasons).toEqual([
      expect.stringMatching(/`.*team\/web:latest` names sha256:\w{12} now, but .* runs\./),
    ]);
    expect((await stage.deploy(kept)).kind).toBe('deployed');
    expect(stage.updates()).toEqual([expect.objectContaining({ forceNewDeployment: true })]);
    expect([stage.revisions(), stage.runs()]).toEqual([['web:1'], { app: [now] }]);
    expect((await stage.deploy(kept)).kind).toBe('unchanged');
  });
});

test('of one revision by its ARN the digests stay, and its tag is remembered for the next deploy', async () => {
  const stage = new Registry();
  stage.push('latest', 'old');
  stage.running(containers(`${R}:latest`));
  await stage.deploy({ 'task-definition': '' });
  stage.push('latest', 'new');
  const live = { 'task-definition': '' };
  expect((await stage.deploy({ ...live, 'task-definition-arn': 'web:2' })).kind).toBe('unchanged');
  expect(stage.tagsOf('web:2')['ecs-rollout:image-tags']).toBe('app=latest');
  expect((await stage.deploy(live)).kind).toBe('deployed');
});

test('a digest that the user gives wins over a tag that is remembered', async () => {
  const stage = new Registry();
  const old = stage.push('latest', 'old');
  stage.running(containers(`${R}:latest`));
  await stage.deploy({ 'task-definition': '' });
  stage.push('latest', 'new');
  const outcome = await stage.deploy({ 'task-definition': '', image: `${R}@${old}` });
  expect([outcome.kind, stage.runs()]).toEqual(['unchanged', { app: [old] }]);
  expect(stage.tagsOf('web:2')['ecs-rollout:image-tags']).toBe('');
});

test('a remembered tag that is gone keeps the digest of the revision: a warning, and not the tag of this commit', async () => {
  const stage = new Registry();
  const old = stage.push('v1', 'old');
  stage.running({ ...containers(`${R}@${old}`), tags: [COMMIT, { key: 'ecs-rollout:image-tags', value: 'app=v1' }] });
  stage.simulator.registry.repositories.get('team/web')?.tags.delete('v1');
  const warning = expect.stringContaining(`\`${R}:v1\` could not be looked up (ECR has no such image)`);
  expect((await stage.plan({ 'task-definition': '' })).checks).toContainEqual({ status: 'warn', text: warning });
  const outcome = await stage.deploy({ 'task-definition': '' });
  expect([outcome.kind, outcome.warnings]).toEqual(['unchanged', expect.arrayContaining([warning])]);
  expect([stage.runs(), stage.tagsOf('web:1')['ecs-rollout:commit']]).toEqual([{ app: [old] }, COMMIT.value]);
});

test.each(['live revision', 'family'])(
  'a remembered tag in the %s that ECR cannot be asked about is deployed by its name, which ECS resolves',
  async (source) => {
    const stage = new Registry();
    const old = stage.push('latest', 'old');
    stage.running({
      ...containers(`${R}@${old}`),
      tags: [COMMIT, { key: 'ecs-rollout:image-tags', value: 'app=latest' }],
    });
    const now = stage.push('latest', 'new');
    const given = { 'task-definition': '', ...(source === 'family' ? { 'task-definition-family': 'web' } : {}) };
    const denied = deny('ecr:BatchGetImage');
    stage.simulator.wire.faults.push(denied);
    expect(wouldChange(await stage.plan(given))).toBe(true);
    expect((await stage.deploy(given)).kind).toBe('deployed');
    expect(stage.runs()).toEqual({ app: [now] });
    // ECR can be asked again: the digest is registered.
    stage.simulator.wire.faults.splice(0);
    await stage.deploy(given);
    expect(stage.tagsOf('web:3')['ecs-rollout:image-tags']).toBe('app=latest');
    expect((await stage.deploy(given)).kind).toBe('unchanged');
  },
);

test('a revision that cannot remember its tags says what that means', async () => {
  const stage = new Registry();
  stage.push('latest', 'old');
  stage.running(containers(`${R}:latest`));
  const tags = Array.from({ length: 50 }, (_, i) => `k${i}=v`).join('\n');
  // No room for a tag of ours: the image tag stays in the definition, and is compared with what runs.
  const given = { 'task-definition': '', 'task-definition-tags': tags };
  await stage.deploy(given);
  const now = stage.push('latest', 'new');
  expect((await stage.deploy(given)).kind).toBe('deployed');
  expect(stage.runs()).toEqual({ app: [now] });
});

test('a role that may not tag keeps the image tag in the revision, and every move of it is deployed', async () => {
  const stage = new Registry();
  stage.push('latest', 'old');
  stage.running(containers(`${R}:latest`));
  stage.simulator.wire.faults.push(deny('ecs:TagResource'));
  const live = { 'task-definition': '' };
  expect((await stage.deploy(live)).kind).toBe('unchanged');
  const now = stage.push('latest', 'new');
  expect((await stage.deploy(live)).kind).toBe('deployed');
  expect([stage.revisions(), stage.runs()]).toEqual([['web:1'], { app: [now] }]);
  // A file names its tag in each run, so its revision can be pinned.
  stage.template(containers(`${R}:latest`));
  await stage.deploy({});
  expect(stage.revisions()).toEqual(['web:1', 'web:2']);
});

describe('a registry that may not be asked', () => {
  const stage = (image = `${R}:latest`) => {
    const stage = new Registry();
    stage.push('latest', 'old');
    stage.running(containers(image));
    stage.template(containers(image));
    stage.simulator.wire.faults.push(deny('ecr:BatchGetImage'));
    stage.push('latest', 'new');
    return stage;
  };

  test('ECR, denied: a new deployment instead of `unchanged`, without the tag of this commit', async () => {
    const one = stage();
    const plan = await one.plan();
    expect([wouldChange(plan), plan.reasons]).toEqual([
      true,
      [expect.stringMatching(/`.*:latest` may name another image .*A new deployment would be forced\.$/)],
    ]);
    expect((await one.deploy({})).kind).toBe('deployed');
    expect(one.updates()).toEqual([expect.objectContaining({ forceNewDeployment: true })]);
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toBe(COMMIT.value);
    expect(one.tagsOf('web:1')['ecs-rollout:run']).toContain('/runs/42');
  });

  test('force-new-deployment: false: a warning that names the tag, and nothing is changed', async () => {
    const one = stage();
    const given = { 'force-new-deployment': 'false' };
    const plan = await one.plan(given);
    expect(wouldChange(plan)).toBe(false);
    expect(plan.checks).toContainEqual({ status: 'warn', text: expect.stringContaining(`\`${R}:latest\``) });
    const outcome = await one.deploy(given);
    expect([outcome.kind, one.updates()]).toEqual(['unchanged', []]);
    expect(outcome.warnings).toContainEqual(expect.stringContaining(`\`${R}:latest\` may name another image`));
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toBe(COMMIT.value);
  });

  test('an image by digest needs no request', async () => {
    const digest = `sha256:${'d'.repeat(64)}`;
    const one = stage(`${R}@${digest}`);
    expect((await one.deploy({ preflight: 'false' })).kind).toBe('unchanged');
    expect([one.count('BatchGetImage'), one.count('DescribeServiceRevisions')]).toEqual([0, expect.any(Number)]);
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toContain('c0ffee');
  });
});

describe.each([
  ['Docker Hub', 'nginx:1', 'docker.io/nginx:1', 'nginx:1', 'docker.io'],
  ['Docker Hub, no tag', 'nginx', 'docker.io/nginx:latest', 'nginx:latest', 'docker.io'],
  ['GitHub', 'ghcr.io/acme/web:main', 'ghcr.io/acme/web:main', 'ghcr.io/acme/web:main', 'ghcr.io'],
  [
    'public ECR',
    'public.ecr.aws/acme/web:1',
    'public.ecr.aws/acme/web:1',
    'public.ecr.aws/acme/web:1',
    'public.ecr.aws',
  ],
])('a tag of %s', (_, image, asked, key, host) => {
  const stage = () => {
    const stage = new Registry().running(containers(image));
    stage.template(containers(image));
    return stage;
  };
  const moved = `sha256:${'e'.repeat(64)}`;

  test('that did not move is unchanged, keeps its text and is asked once', async () => {
    const one = stage();
    expect((await one.deploy({})).kind).toBe('unchanged');
    expect([one.askedElsewhere, one.revisions()]).toEqual([[asked], ['web:1']]);
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toContain('c0ffee');
  });

  test('that moved is deployed again', async () => {
    const one = stage();
    one.tagsElsewhere.set(key, moved);
    const plan = await one.plan();
    expect([wouldChange(plan), plan.reasons]).toEqual([
      true,
      [expect.stringContaining('names sha256:eeeeeeeeeeee now')],
    ]);
    expect((await one.deploy({})).kind).toBe('deployed');
    expect([one.revisions(), one.runs()]).toEqual([['web:1'], { app: [moved] }]);
    expect((await one.deploy({})).kind).toBe('unchanged');
  });

  test('that moved, with force-new-deployment: false, is a warning', async () => {
    const one = stage();
    one.tagsElsewhere.set(key, moved);
    const outcome = await one.deploy({ 'force-new-deployment': 'false' });
    expect([outcome.kind, one.updates()]).toEqual(['unchanged', []]);
    expect(outcome.warnings.join('\n')).toContain('names sha256:eeeeeeeeeeee now');
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toBe(COMMIT.value);
  });

  test('whose registry does not answer is deployed again', async () => {
    const one = stage();
    one.silentRegistries.add(host);
    const plan = await one.plan();
    expect([wouldChange(plan), plan.reasons]).toEqual([
      true,
      [expect.stringContaining(`${host} did not answer within 5 s`)],
    ]);
    expect((await one.deploy({})).kind).toBe('deployed');
    expect(one.tagsOf('web:1')['ecs-rollout:commit']).toBe(COMMIT.value);
  });

  test('is asked for nothing where a new revision is deployed anyway', async () => {
    const one = stage();
    one.template({ ...containers(image), cpu: '512', memory: '1024' });
    expect((await one.deploy({})).kind).toBe('deployed');
    expect(one.askedElsewhere).toEqual([]);
  });
});

test('every container counts, and one image of several is asked for once', async () => {
  const stage = new Registry();
  stage.push('latest', 'old');
  stage.push('stable', 'old', 'team/sidecar');
  const sidecars = [
    { name: 'init', image: `${R}:latest`, essential: false },
    { name: 'proxy', image: `${HOST}/team/sidecar:stable` },
  ];
  stage.running(containers(`${R}:latest`, sidecars));
  stage.template(containers(`${R}:latest`, sidecars));
  const now = stage.push('stable', 'new', 'team/sidecar');
  stage.simulator.wire.calls.length = 0;
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect(stage.runs().proxy).toEqual([now]);
  const asked = stage.simulator.wire.calls.flatMap(({ operation, input }) =>
    operation === 'BatchGetImage' ? [`${input.repositoryName} ${JSON.stringify(input.imageIds)}`] : [],
  );
  expect(asked.sort()).toEqual(['team/sidecar [{"imageTag":"stable"}]', 'team/web [{"imageTag":"latest"}]']);
  expect(stage.tagsOf('web:2')['ecs-rollout:image-tags']).toBe('app=latest init=latest proxy=stable');
});

test('a pull-through cache keeps its tag, which moves with a pull by tag alone', async () => {
  const stage = new Registry();
  stage.simulator.ecr.pullThroughRules.push({
    ecrRepositoryPrefix: 'mirror',
    upstreamRegistryUrl: 'registry-1.docker.io',
  });
  stage.push('1', 'old', 'mirror/library/nginx');
  const image = `${HOST}/mirror/library/nginx:1`;
  stage.running(containers(image));
  stage.template(containers(image));
  expect((await stage.deploy({})).kind).toBe('unchanged');
  const now = stage.push('1', 'new', 'mirror/library/nginx');
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect([stage.revisions(), stage.runs()]).toEqual([['web:1'], { app: [now] }]);
});

test('settings alone that differ do not hide a tag that moved', async () => {
  const stage = new Registry();
  stage.running(containers('nginx:1'));
  stage.template(containers('nginx:1'));
  stage.tagsElsewhere.set('nginx:1', `sha256:${'e'.repeat(64)}`);
  expect((await stage.deploy({ 'desired-count': '3' })).kind).toBe('deployed');
  expect(stage.updates()).toEqual([expect.objectContaining({ forceNewDeployment: true, desiredCount: 3 })]);
});

test('without DescribeServiceRevisions the digests come from the running tasks; without both, nothing is proven', async () => {
  const stage = new Registry();
  stage.running(containers('nginx:1'));
  stage.template(containers('nginx:1'));
  stage.simulator.wire.faults.push(deny('ecs:DescribeServiceRevisions'));
  expect((await stage.deploy({})).kind).toBe('unchanged');
  stage.simulator.wire.faults.push(deny('ecs:ListTasks'));
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('deployed');
  expect(stage.lines.join('\n')).toContain('ECS does not report which digest runs');
});

test('tasks of one deployment that pulled different digests are brought to one', async () => {
  const stage = new Registry();
  const definition = {
    containerDefinitions: [
      { ...TASK_DEFINITION.containerDefinitions[0], image: 'nginx:1', versionConsistency: 'disabled' },
    ],
  };
  stage.running(definition);
  stage.template(definition);
  const now = `sha256:${'e'.repeat(64)}`;
  stage.tagsElsewhere.set('nginx:1', now);
  // A task that is replaced pulls the tag as it is now.
  stage.simulator.call('UpdateService', { service: 'web', desiredCount: 3 });
  stage.clock.advance(120);
  expect(stage.runs().app).toHaveLength(2);
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect(stage.runs().app).toEqual([now]);
});

test('a run that is run again while its deployment is under way watches it, whoever cannot be asked', async () => {
  const stage = new Registry();
  stage.running(containers('example.com/app:1'));
  stage.template(containers('example.com/app:2'));
  stage.silentRegistries.add('example.com');
  stage.simulator.model.behaviours.set('app:2', { startSeconds: 60 });
  await stage.deploy({ 'wait-for-service-stability': 'false' });
  stage.clock.advance(20);
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect(stage.updates()).toHaveLength(1);
});

test('a service without tasks is not deployed to for what cannot be known', async () => {
  const stage = new Registry();
  stage.withService({ desiredCount: 0 }, { ...TASK_DEFINITION, ...containers('nginx:1') });
  stage.template(containers('nginx:1'));
  expect((await stage.deploy({})).kind).toBe('unchanged');
  expect(stage.updates()).toEqual([]);
});

test('a run that is cancelled during the lookup changes nothing', async () => {
  const stage = new Registry();
  stage.running(containers('nginx:1'));
  stage.template(containers('nginx:1'));
  const cancel = new AbortController();
  stage.simulator.wire.faults.push(({ operation }) => {
    if (operation === 'DescribeServiceRevisions') cancel.abort(new Failure('CANCELLED', 'The run was cancelled.'));
    return undefined;
  });
  await expect(stage.deploy({}, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect([stage.count('TagResource'), stage.updates()]).toEqual([0, []]);
});

describe('no input names an image', () => {
  const stage = () => {
    const stage = new Registry();
    stage.push('1', 'old');
    stage.running(containers(`${R}@${stage.push('1', 'old')}`));
    return stage;
  };

  test.each([
    ['live revision', { 'task-definition': '', image: '' }],
    ['template file', { image: '', repository: '' }],
  ])('%s: a warning says what runs and why nothing new can', async (_, given) => {
    const one = stage();
    one.template(containers(`${R}@${one.push('1', 'old')}`));
    const plan = await one.plan(given);
    expect(plan.checks).toContainEqual({ status: 'warn', text: expect.stringContaining('arrived empty') });
    const outcome = await one.deploy(given);
    expect(outcome.kind).toBe('unchanged');
    expect(outcome.warnings).toEqual([
      expect.stringMatching(/Neither `image` nor `repository` has a value.*app: .*team\/web@sha256:\w{12}\)/),
    ]);
  });

  test.each([
    ['images names it', { images: `app=${R}:1` }],
    ['image names it', { image: `${R}:1` }],
  ])('%s: no warning', async (_, given) => {
    const one = stage();
    const outcome = await one.deploy({ 'task-definition': '', ...given });
    expect([outcome.kind, outcome.warnings]).toEqual(['unchanged', []]);
  });

  test('another image in the file: no word of it', async () => {
    const one = stage();
    one.template(containers(`${R}:2`));
    one.push('2', 'new');
    expect((await one.deploy({})).warnings).toEqual([]);
    expect(one.lines.join('\n')).not.toContain('arrived empty');
  });

  test('another setting alone: a notice, because something is deployed', async () => {
    const one = stage();
    const outcome = await one.deploy({ 'task-definition': '', 'environment-variables': 'A=1' });
    expect([outcome.kind, outcome.warnings]).toEqual(['deployed', []]);
    expect(one.lines.join('\n')).toContain('Neither `image` nor `repository` has a value');
  });
});

describe('an image that is not there', () => {
  test.each([
    [
      'no such repository',
      `${HOST}/gone/web:1`,
      /ECR has no repository gone\/web in account 123456789012, region eu-west-1, which the input `image` names/,
    ],
    ['no such tag', `${R}:none`, /ECR has no image .*team\/web:none\./],
  ])('%s: deploy and plan name the input', async (_, image, says) => {
    const stage = new Registry();
    stage.push('latest', 'old');
    stage.running(containers(`${R}:latest`));
    stage.template(containers(`${R}:latest`));
    await expect(stage.deploy({ image })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(says),
    });
    const { checks } = await stage.plan({ image });
    expect(checks.filter(({ status }) => status === 'bad').map(({ text }) => text)).toEqual([
      expect.stringMatching(says),
    ]);
  });
});

test('${IMAGE} without an image says that the input may have arrived empty', async () => {
  const stage = new Registry();
  stage.running(containers('example.com/app:1'));
  stage.template(containers('${IMAGE}'));
  await expect(stage.deploy({ image: '' })).rejects.toMatchObject({
    mistakes: [expect.objectContaining({ remedy: expect.stringContaining('its value arrived empty') })],
  });
});

test('a container whose image is the placeholder of another tool gets the image of this run', async () => {
  const stage = new Registry();
  const now = stage.push('1', 'new');
  stage.running(containers('example.com/app:1'));
  for (const placeholder of ['<IMAGE>', '{{image}}', 'REPLACED_BY_CI', '#IMAGE#']) {
    stage.template(containers(placeholder, [{ name: 'log', image: 'fluent/fluent-bit:3' }]));
    const plan = await stage.plan({ image: `${R}:1` });
    expect(plan.differences[0]).toMatchObject({ subject: 'container app: image', after: `${R}@${now}` });
  }
});

test('a rollback finds the image that ran by the tag that it had, and gets its digest', async () => {
  const stage = new Registry();
  const old = stage.push('v1', 'old');
  stage.running(containers('example.com/app:1'));
  stage.template(containers(`${R}:v1`));
  await stage.deploy({});
  stage.push('v2', 'new');
  stage.template(containers(`${R}:v2`));
  await stage.deploy({});
  // The tag names something else by now, and ECR no longer tells.
  stage.push('v1', 'moved');
  stage.simulator.wire.faults.push(deny('ecr:BatchGetImage'));
  const outcome = await stage.rollback('v1');
  expect(outcome.headline).toContain('Rolled back to web:2');
  expect(stage.runs()).toEqual({ app: [old] });
});

test('a rollback to a revision that names ECR images by tag says what that means; one that is pinned needs no warning', async () => {
  const stage = new Registry();
  stage.push('latest', 'old');
  stage.running(containers(`${R}:latest`, [{ name: 'log', image: 'fluent/fluent-bit:3' }]));
  stage.template(containers(`${R}:latest`));
  await stage.deploy({});
  const back = await stage.rollback('web:1');
  expect(back.warnings).toEqual([
    expect.stringMatching(/^web:1 names `[^`]*team\/web:latest` by tag, and ECS pulls what/),
  ]);
  expect((await stage.rollback('web:2')).warnings).toEqual([]);
});

test.each([
  ['a cache whose prefix is its own', 'mirror/nginx', 'mirror', []],
  [
    'a repository of the team in a namespace that ECR proposes for caches',
    'github/web',
    'mirror',
    [expect.stringContaining(`names \`${HOST}/github/web:1\` by tag`)],
  ],
])('a rollback to a revision with a tag of %s', async (_, name, ecrRepositoryPrefix, expected) => {
  const stage = new Registry();
  stage.simulator.ecr.pullThroughRules.push({ ecrRepositoryPrefix, upstreamRegistryUrl: 'registry-1.docker.io' });
  stage.push('1', 'old', name);
  stage.running(containers(`${HOST}/${name}:1`));
  stage.push('v2', 'new');
  stage.template(containers(`${R}:v2`));
  await stage.deploy({});
  expect((await stage.rollback('web:1')).warnings).toEqual(expected);
});
