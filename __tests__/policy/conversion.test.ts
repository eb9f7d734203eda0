import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { otherStepsNotes } from '../../scripts/policy/other-steps.ts';
import { conversionLines } from '../../scripts/try/conversion.ts';
import { readInputs } from '../../scripts/workflow/inputs.ts';
import { migratedStepsIn, officialStepsOf, otherStepsIn } from '../../scripts/workflow/steps.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';

/** A conversion that is pasted does what the workflow did before, or names what it does not do. */

type Step = Readonly<Record<string, unknown>>;
const CREDENTIALS: Step = {
  uses: 'aws-actions/configure-aws-credentials@v6',
  with: { 'aws-region': 'eu-west-1', 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' },
};
const LOGIN: Step = { id: 'ecr', uses: 'aws-actions/amazon-ecr-login@v2' };
const REGISTRY = '${{ steps.ecr.outputs.registry }}';
const IMAGE = `${REGISTRY}/web:\${{ github.sha }}`;
const build = (inputs: Step = {}, more: Step = {}): Step => ({
  id: 'image',
  uses: 'docker/build-push-action@v6',
  ...more,
  with: { push: true, tags: IMAGE, ...inputs },
});
const render = (id: string, inputs: Step = {}): Step => ({
  id,
  uses: 'aws-actions/amazon-ecs-render-task-definition@v1',
  with: { 'task-definition': `${id}.json`, 'container-name': 'app', image: IMAGE, ...inputs },
});
const deploy = (id: string, inputs: Step = {}, more: Step = {}): Step => ({
  uses: 'aws-actions/amazon-ecs-deploy-task-definition@v2',
  ...more,
  with: { 'task-definition': `\${{ steps.${id}.outputs.task-definition }}`, service: id, cluster: 'c', ...inputs },
});
const workflow = (steps: readonly Step[], more: Step = {}): string =>
  stringify({ on: 'push', jobs: { ship: { ...more, steps } } }, { lineWidth: 0 });
const stepsOf = (steps: readonly Step[], more: Step = {}) => officialStepsOf('deploy.yml', workflow(steps, more));
/** The steps that deploy. */
const deploys = (steps: readonly Step[]) => stepsOf(steps).filter(({ conversion }) => conversion !== undefined);
/** What is printed. */
function linesOf(steps: readonly Step[], more: Step = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'conversion-'));
  const file = join(folder, 'deploy.yml');
  writeFileSync(file, workflow(steps, more));
  const lines = conversionLines(file, { steps: stepsOf(steps, more), root: '.' });
  rmSync(folder, { recursive: true });
  return lines.join('\n');
}
const lineOf = (steps: readonly Step[], text: string): number =>
  workflow(steps).slice(0, workflow(steps).indexOf(text)).split('\n').length;

/** Every input of the seven actions (v6, v2, v4, v4, v7, v1, v2). */
const INPUTS: Readonly<Record<string, string>> = {
  'aws-actions/configure-aws-credentials': `aws-region aws-profile overwrite-aws-profile role-to-assume aws-access-key-id aws-secret-access-key
    aws-session-token web-identity-token-file role-chaining audience http-proxy no-proxy mask-aws-account-id role-duration-seconds
    role-external-id role-session-name role-skip-session-tagging transitive-tag-keys inline-session-policy managed-session-policies
    output-credentials output-env-credentials unset-current-credentials disable-retry retry-max-attempts special-characters-workaround
    use-existing-credentials allowed-account-ids force-skip-oidc action-timeout-s custom-tags sts-endpoint`,
  'aws-actions/amazon-ecr-login': 'http-proxy mask-password registries registry-type skip-logout',
  'docker/setup-qemu-action': 'image platforms reset cache-image',
  'docker/setup-buildx-action': `version driver driver-opts buildkitd-flags buildkitd-config buildkitd-config-inline use name endpoint platforms
    append keep-state cache-binary cleanup`,
  'docker/build-push-action': `add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent
    context file labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secrets secret-envs secret-files
    shm-size ssh tags target ulimit github-token`,
  'aws-actions/amazon-ecs-render-task-definition': `task-definition task-definition-arn task-definition-family task-definition-revision
    container-name image environment-variables log-configuration-log-driver log-configuration-options docker-labels command task-role-arn
    execution-role-arn env-files secrets`,
  'aws-actions/amazon-ecs-deploy-task-definition': `task-definition desired-count service cluster wait-for-service-stability wait-for-minutes
    wait-max-delay-seconds codedeploy-appspec codedeploy-application codedeploy-deployment-group codedeploy-deployment-description
    codedeploy-deployment-config force-new-deployment service-managed-ebs-volume-name service-managed-ebs-volume run-task
    run-task-container-overrides run-task-security-groups run-task-subnets run-task-assign-public-IP run-task-capacity-provider-strategy
    run-task-launch-type run-task-started-by run-task-tags run-task-managed-ebs-volume-name run-task-managed-ebs-volume wait-for-task-stopped
    enable-ecs-managed-tags propagate-tags keep-null-value-keys max-retries`,
};
const CHAIN: readonly Step[] = [
  CREDENTIALS,
  LOGIN,
  { uses: 'docker/setup-qemu-action@v4' },
  { uses: 'docker/setup-buildx-action@v4' },
  build(),
  render('web'),
  deploy('web'),
];

test.each(Object.entries(INPUTS).flatMap(([action, names]) => names.split(/\s+/).map((name) => [action, name])))(
  '%s: `%s` is converted, or named as lost, or its step stays',
  (action, name) => {
    const at = CHAIN.findIndex(({ uses }) => String(uses).startsWith(`${action}@`));
    const old = CHAIN[at]?.with as Readonly<Record<string, string>> | undefined;
    const value = ['push', 'tags', 'task-definition', 'image'].includes(name) ? old?.[name] : undefined;
    const changed = { ...CHAIN[at], with: { ...old, [name]: value ?? 'peculiar' } };
    const steps = CHAIN.with(at, changed);
    const found = stepsOf(steps);
    const converted = JSON.stringify(found.map((step) => step.with));
    const line = lineOf(steps, String(CHAIN[at]?.uses));
    const isKept = found.some(({ keeps = [] }) => keeps.some((one) => Math.abs(one.line - line) <= 1));
    const isLost = found.some(({ conversion }) => conversion?.losses.some(({ input }) => input === name.toLowerCase()));
    const isSame =
      value !== undefined ||
      converted.includes('peculiar') ||
      name === 'registry-type' ||
      (name === 'run-task' && converted.includes('"mode":"task"'));
    expect({ isSame, isKept, isLost }).not.toEqual({ isSame: false, isKept: false, isLost: false });
    // What is printed has inputs of this action alone.
    for (const step of found)
      expect(Object.keys(step.with).filter((one) => !INPUT_NAMES.some((own) => own === one))).toEqual([]);
    if (isLost)
      expect(linesOf(steps)).toMatch(new RegExp(`does not have \`${name}\` of the step in line \\d+\\. [A-Z]`, 'i'));
  },
);

describe('the image of a deployment', () => {
  const names: Step = {
    id: 'names',
    run: `echo "image=${REGISTRY}/web:\${{ github.sha }}" >> "$GITHUB_OUTPUT"\necho "latest=${REGISTRY}/web:latest" >> "$GITHUB_OUTPUT"`,
  };
  const BOTH = '${{ steps.names.outputs.image }}\n${{ steps.names.outputs.latest }}';
  const NAMED = { image: '${{ steps.names.outputs.image }}' };

  test('that has a name of its own keeps it where the build may be skipped', () => {
    const steps = [
      CREDENTIALS,
      LOGIN,
      names,
      build({ tags: BOTH }, { if: "inputs.exists != 'true'" }),
      render('web', NAMED),
      deploy('web'),
    ];
    const [one] = deploys(steps);
    expect(one?.conversion?.build).toMatchObject({
      condition: "inputs.exists != 'true'",
      with: { repository: 'web', tags: '${{ github.sha }}\nlatest' },
    });
    expect(one?.with.image).toBe('${{ steps.names.outputs.image }}');
    expect(linesOf(steps)).not.toContain('steps.image.outputs.image');
  });

  test.each(['imageid', 'image', 'metadata'])(
    'that is the output %s of a build that may be skipped: what happens then is named',
    (output) => {
      const image = `\${{ steps.image.outputs.${output} }}`;
      const steps = [CREDENTIALS, LOGIN, build({}, { if: 'inputs.build' }), render('web', { image }), deploy('web')];
      expect(deploys(steps)[0]?.with.image).toBe('${{ steps.image.outputs.image }}');
      expect(linesOf(steps)).toMatch(
        /Where `inputs\.build` is false, nothing is built and steps\.image\.outputs\.image is empty.* same `if`.*`image: commit`/,
      );
      const same = steps.with(-1, deploy('web', {}, { if: 'inputs.build' }));
      expect(deploys(same)[0]?.conversion?.build).toBeUndefined();
      expect(linesOf(same)).not.toMatch(/is empty/);
    },
  );

  test.each<[string, Step, RegExp]>([
    ['another tag of the repository', { image: `${REGISTRY}/web:stable` }, /^$/],
    ['a variable', { image: '${{ env.IMAGE }}' }, /^$/],
    ['an input', { image: '${{ inputs.image }}' }, /^$/],
  ])('that is not what the job builds is given, and the build stays: %s', (_, inputs) => {
    const steps = [CREDENTIALS, LOGIN, build(), render('web', inputs), deploy('web')];
    const [one] = deploys(steps);
    expect([one?.with.image, one?.with.repository, one?.conversion?.build]).toEqual([
      inputs.image,
      undefined,
      undefined,
    ]);
    expect(one?.replaces).not.toContain(lineOf(steps, '- id: image'));
  });

  test('of one of several builds of scripts, which no script names, is none', () => {
    const run = (name: string) => ({
      run: `docker build -t ${REGISTRY}/${name}:latest ${name}\ndocker push ${REGISTRY}/${name}:latest`,
    });
    const update = (name: string) => ({
      run: `aws ecs update-service --cluster c --service ${name} --force-new-deployment`,
    });
    const found = deploys([CREDENTIALS, LOGIN, run('web'), run('api'), update('web'), update('api')]);
    expect(found.map((step) => [step.with.image, step.with.repository, step.replaces?.length])).toEqual([
      [undefined, undefined, 1],
      [undefined, undefined, 1],
    ]);
  });

  test('of two containers that get the built image is that of a step of its own, for both', () => {
    const first = render('one');
    for (const second of [
      render('two', { 'task-definition': '${{ steps.one.outputs.task-definition }}', 'container-name': 'jobs' }),
      undefined,
    ]) {
      const steps = second
        ? [build(), first, second, deploy('two')]
        : [build(), render('two', { 'container-name': 'app, jobs' }), deploy('two')];
      const [one] = deploys([CREDENTIALS, LOGIN, ...steps]);
      expect(one?.conversion?.build?.id).toBe('image');
      expect(one?.with.images).toBe('app=${{ steps.image.outputs.image }}\njobs=${{ steps.image.outputs.image }}');
    }
  });
});

test.each<[why: string, Step, says: RegExp]>([
  ['one expression for the whole name', { tags: '${{ inputs.image }}' }, /`\$\{\{ inputs\.image }}` is the whole name/],
  ['a tag in another repository', { tags: `${IMAGE}\n${REGISTRY}/mirror:1` }, /several repositories/],
  ['nothing is pushed', { push: false }, /does not push/],
  ['pushed in some runs', { push: "${{ github.event_name == 'push' }}" }, /in some runs alone/],
  ['loaded', { load: true }, /loads the image/],
  ['pushed by digest', { outputs: 'type=image,push-by-digest=true,push=true' }, /by digest alone/],
  ['no name', { tags: '' }, /no name/],
])(
  'a build that this action cannot do stays, with what it needs, and the image keeps its name: %s',
  (_, inputs, says) => {
    const image = inputs.tags ? String(inputs.tags).split('\n')[0] : IMAGE;
    const buildx = { uses: 'docker/setup-buildx-action@v4' };
    const steps = [CREDENTIALS, LOGIN, buildx, build(inputs), render('web', { image }), deploy('web')];
    const [one, ...others] = stepsOf(steps);
    expect(others).toEqual([]);
    expect([one?.with.image, one?.with.repository]).toEqual([image, undefined]);
    expect(one?.replaces).not.toContain(lineOf(steps, '- id: image'));
    if (inputs.tags !== '') expect(linesOf(steps)).toMatch(says);
    expect(linesOf(steps)).toMatch(/setup-buildx|other steps of the job build with it/);
  },
);

describe('a rendered file that something else uses', () => {
  const migrate: Step = {
    run: 'aws ecs register-task-definition --cli-input-json file://${{ steps.web.outputs.task-definition }}',
  };

  test('before the deployment: the render stays, with the login whose output it has', () => {
    const steps = [CREDENTIALS, LOGIN, build(), render('web'), render('job'), migrate, deploy('web'), deploy('job')];
    const [web, job] = deploys(steps);
    expect(web?.replaces).not.toContain(lineOf(steps, '- id: web'));
    expect(job?.replaces).toContain(lineOf(steps, '- id: job'));
    expect(web?.with).toMatchObject({ 'task-definition': 'web.json', image: '${{ steps.image.outputs.image }}' });
    const text = linesOf(steps);
    expect(text).not.toMatch(/task-definition-arn/);
    expect(text).toMatch(/# The step in line \d+ stays here: .*\(line \d+ uses its file\)\n.*stays here: run/);
    expect(text).toMatch(/Keep the step in line \d+ before them: line \d+ uses its outputs/);
  });

  test('after the deployment, and in outputs of the job', () => {
    const after = [CREDENTIALS, LOGIN, render('web'), deploy('web'), migrate];
    expect(deploys(after)[0]?.replaces).not.toContain(lineOf(after, '- id: web'));
    const [one] = stepsOf([CREDENTIALS, LOGIN, render('web'), deploy('web')], {
      outputs: { x: '${{ steps.web.outputs.task-definition }}' },
    });
    expect(one?.conversion?.uses).toEqual([]);
    expect(one?.replaces).toHaveLength(1);
  });

  test('a file that a script wrote stays as well', () => {
    const describeTask: Step = {
      run: 'aws ecs describe-task-definition --task-definition web --query taskDefinition > web.json',
    };
    const use: Step = { run: 'jq .family ./web.json' };
    const steps = [CREDENTIALS, LOGIN, describeTask, render('web'), deploy('web')];
    expect(deploys(steps)[0]?.replaces).toContain(lineOf(steps, '- run: aws'));
    expect(deploys([...steps, use])[0]?.replaces).not.toContain(lineOf(steps, '- run: aws'));
    expect(deploys(steps)[0]?.with['task-definition-family']).toBe('web');
  });
});

test('outputs that later steps use are written once, of the step that has them, and ids are those of one step each', () => {
  const use: Step = { run: 'echo ${{ steps.one.outputs.task-definition-arn }} ${{ steps.image.outputs.digest }}' };
  const other: Step = { id: 'deploy', run: 'true' };
  const steps = [
    CREDENTIALS,
    LOGIN,
    other,
    build(),
    render('web'),
    render('api'),
    deploy('web', {}, { id: 'one' }),
    deploy('api'),
    use,
  ];
  expect(
    deploys(steps).map(({ conversion }) => [conversion?.id, conversion?.uses.map(({ instead }) => instead)]),
  ).toEqual([
    ['one', ['steps.image.outputs.image-digest']],
    [undefined, []],
  ]);
  const text = linesOf(steps);
  const ids = [...text.matchAll(/- id: (.*)/g)].map(([, id]) => id);
  expect(ids).toEqual(['image', 'one']);
});

test('a script that deploys twice has its id once', () => {
  const run =
    'aws ecs update-service --service web --cluster c --task-definition web\naws ecs update-service --service api --cluster c --task-definition api';
  const use: Step = { run: 'echo ${{ steps.both.outputs.image }}' };
  const text = linesOf([CREDENTIALS, { id: 'both', run }, use]);
  expect([...text.matchAll(/id: both/g)]).toHaveLength(1);
});

test('`env` of a step is part of what it gives', () => {
  const steps = [
    CREDENTIALS,
    {
      ...render('web', { image: '${{ env.NAME }}:1', 'environment-variables': 'A=${{ env.A }}' }),
      env: { NAME: 'r/web', A: '1' },
    },
    { ...deploy('web', { service: '${{ env.SERVICE }}' }), env: { SERVICE: 'shop' } },
  ];
  expect(deploys(steps)[0]?.with).toMatchObject({ image: 'r/web:1', 'environment-variables': 'A=1', service: 'shop' });
});

test('edits of a second container are named as lost; those of the same one are added', () => {
  const from = (id: string) => `\${{ steps.${id}.outputs.task-definition }}`;
  const edit = (name: string) => ({ 'environment-variables': `${name}=1` });
  const steps = (container: string) => [
    CREDENTIALS,
    render('one', { ...edit('A'), image: 'r/a:1' }),
    render('two', { 'task-definition': from('one'), 'container-name': container, image: 'r/b:1', ...edit('B') }),
    deploy('two'),
  ];
  expect(deploys(steps('proxy'))[0]?.with).toMatchObject({ 'environment-variables': 'A=1', 'container-name': 'app' });
  expect(linesOf(steps('proxy'))).toMatch(
    /does not have `environment-variables` .* for the container proxy, and in the new step for app alone/,
  );
  expect(deploys(steps('app'))[0]?.with['environment-variables']).toBe('A=1\nB=1');
});

test('a revision of a family, a context of the commit, and the cache of GitHub', () => {
  const render1 = {
    ...render('web'),
    with: { 'task-definition-family': 'web', 'task-definition-revision': 7, 'container-name': 'app', image: IMAGE },
  };
  const one = (inputs: Step) => deploys([CREDENTIALS, LOGIN, build(inputs), render1, deploy('web')])[0]?.with;
  expect(one({ context: '{{defaultContext}}:apps/web' })).toMatchObject({
    context: 'apps/web',
    'task-definition-arn': 'web:7',
  });
  expect(one({ context: '{{defaultContext}}' })).not.toHaveProperty('context');
  expect(one({ 'cache-from': 'type=gha', 'cache-to': 'type=gha,mode=max' })).not.toHaveProperty('cache-from');
  expect(one({ 'cache-from': 'type=gha,scope=web' })).toHaveProperty('cache-from', 'type=gha,scope=web');
});

test('options of `docker build` in a script are inputs, or named as lost', () => {
  const run = `docker build --no-cache --cache-from r/web:cache --label a=b --label=c=d --secret id=x,src=y -t ${IMAGE} . && docker push ${IMAGE}`;
  const steps = [CREDENTIALS, LOGIN, { id: 'image', run }, render('web'), deploy('web')];
  expect(deploys(steps)[0]?.with).toMatchObject({
    'no-cache': 'true',
    'cache-from': 'r/web:cache',
    labels: 'a=b\nc=d',
  });
  expect(linesOf(steps)).toMatch(/does not have `--secret` of the step/);
});

test('a step that waits stays where the deployment does not', () => {
  const wait: Step = { run: 'aws ecs wait services-stable --cluster c --services web' };
  const steps = (inputs: Step) => [CREDENTIALS, render('web'), deploy('web', inputs), wait];
  expect(deploys(steps({}))[0]?.replaces).toContain(lineOf(steps({}), '- run: aws ecs wait'));
  const not = steps({ 'wait-for-service-stability': false });
  expect(deploys(not)[0]?.replaces).not.toContain(lineOf(not, '- run: aws ecs wait'));
});

test('what stands between two deployments stays there', () => {
  const gate: Step = { name: 'Smoke test', run: './smoke.sh' };
  const text = linesOf([CREDENTIALS, render('web'), render('api'), deploy('web'), gate, deploy('api')]);
  expect(text).toMatch(/service: web[\s\S]*# The step in line \d+ stays here: Smoke test[\s\S]*service: api/);
  expect(text).not.toMatch(/The image is built by a step of its own/);
});

test('a builder, emulators and a login with settings of their own stay', () => {
  const steps = CHAIN.with(1, { ...LOGIN, with: { registries: '210987654321' } })
    .with(2, { uses: 'docker/setup-qemu-action@v4', with: { image: 'mirror/binfmt@sha256:1' } })
    .with(3, { uses: 'docker/setup-buildx-action@v4', with: { 'driver-opts': 'network=host' } });
  expect(deploys(steps)[0]?.keeps?.map(({ why }) => why)).toEqual([
    'the login to the registry uses its credentials',
    expect.stringMatching(/`registries`/),
    expect.stringMatching(/emulators/),
    expect.stringMatching(/builder/),
  ]);
});

test('every conversion of this file that has no expression is one that the action takes', () => {
  const plain = (step: Step): Step =>
    JSON.parse(
      JSON.stringify(step)
        .replaceAll(/\$\{\{ github\.sha \}\}/g, 'abc')
        .replaceAll(`${REGISTRY}/`, ''),
    );
  const [one] = deploys(CHAIN.map(plain));
  expect(() => readInputs(one?.with ?? {}, { ACTIONS_ID_TOKEN_REQUEST_URL: 'x' })).not.toThrow();
});

describe('other steps of the workflow', () => {
  const inFolder = <T>(files: Readonly<Record<string, string>>, use: (root: string) => T): T => {
    const root = mkdtempSync(join(tmpdir(), 'others-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const result = use(root);
    rmSync(root, { recursive: true });
    return result;
  };
  const ROLE = 'arn:aws:iam::123456789012:role/deploy';

  test('under the role are named by policy, with the actions that are plain; its other roles are not', () => {
    const text = stringify(
      {
        on: 'push',
        jobs: {
          ship: {
            steps: [
              { run: 'aws s3 ls' },
              CREDENTIALS,
              {
                run: 'ARN=$(aws --region eu-west-1 ecs run-task \\\n  --cluster c)\naws ecs wait tasks-stopped --cluster c',
              },
              { run: '# aws rds x\necho "aws needs jq"\nbash ./bin/check.sh && aws s3 cp a s3://b' },
              render('web'),
              deploy('web'),
            ],
          },
          other: { steps: [{ ...CREDENTIALS, with: { 'role-to-assume': 'another' } }, { run: 'aws logs tail x' }] },
          same: { steps: [CREDENTIALS, { run: 'npx cdk deploy' }, { uses: 'aws-actions/amazon-ecr-login@v2' }] },
        },
      },
      { lineWidth: 0 },
    );
    const files = { 'deploy.yml': text, 'bin/check.sh': 'aws ssm get-parameter --name x\n' };
    const notes = inFolder(files, (root) => otherStepsNotes(otherStepsIn(join(root, 'deploy.yml'), root), ROLE, root));
    expect(notes.join('\n').replaceAll(/line \d+/g, 'line N')).toBe(
      [
        'Other steps use the same credentials, and what they need is not in this policy; keep their rights in the role:',
        '  line N of the job ship: `aws ecs run-task` (ecs:RunTask, iam:PassRole), `aws ecs wait tasks-stopped` (ecs:DescribeTasks)',
        '  line N of the job ship: `aws s3 cp`, `aws ssm get-parameter` (ssm:GetParameter)',
        '  line N of the job same: `cdk`',
        '  line N of the job same: `aws-actions/amazon-ecr-login` (ecr:GetAuthorizationToken)',
      ].join('\n'),
    );
  });

  test('none: no note', () => {
    const files = { 'deploy.yml': workflow([CREDENTIALS, { run: 'echo aws' }, render('web'), deploy('web')]) };
    expect(
      inFolder(files, (root) => otherStepsNotes(otherStepsIn(join(root, 'deploy.yml'), root), ROLE, root)),
    ).toEqual([]);
  });

  test.each([
    ['a literal', 'us-east-1'],
    ['an input of the action', '${{ inputs.region }}'],
  ])('an action of the repository that sets the credentials gives the Region, and stays: %s', (_, region) => {
    const action = stringify({
      inputs: { region: { default: 'us-east-1' } },
      runs: {
        using: 'composite',
        steps: [
          {
            uses: 'aws-actions/configure-aws-credentials@v6',
            with: { 'aws-region': region, 'role-to-assume': '${{ steps.x.outputs.role }}' },
          },
        ],
      },
    });
    const steps: Step[] = [{ uses: './.github/actions/login' }, render('web', { image: 'r/web:1' }), deploy('web')];
    const files = { '.github/actions/login/action.yml': action, 'deploy.yml': workflow(steps) };
    const [one] = inFolder(files, (root) => migratedStepsIn(join(root, 'deploy.yml'), root));
    expect(one?.env.AWS_REGION).toBe('us-east-1');
    expect(one?.with).not.toHaveProperty('role-to-assume');
    expect(one?.keeps).toEqual([{ line: 5, why: 'it sets the credentials and the Region' }]);
  });
});

test('a task definition that another step writes is the file that its output names', () => {
  const file = '${{ steps.fetch.outputs.file }}';
  const fetch: Step = { id: 'fetch', run: './fetch.sh >> "$GITHUB_OUTPUT"' };
  const rendered = [CREDENTIALS, fetch, render('web', { 'task-definition': file, image: 'r/web:1' }), deploy('web')];
  const direct = [CREDENTIALS, fetch, deploy('web', { 'task-definition': file })];
  for (const steps of [rendered, direct]) {
    const [one] = deploys(steps);
    expect(one?.with['task-definition']).toBe(file);
    expect(one?.replaces).not.toContain(lineOf(steps, '- id: fetch'));
  }
  const twice = [
    ...rendered.slice(0, 3),
    render('two', { 'task-definition': '${{ steps.web.outputs.task-definition }}' }),
    deploy('two'),
  ];
  expect(deploys(twice)[0]?.with['task-definition']).toBe(file);
});

test('what the new step does and the old ones did not is written below it', () => {
  const UPDATE = { run: 'aws ecs update-service --cluster production --service web --force-new-deployment' };
  const BUILT = { run: 'docker build -t $REPO:latest . && docker push $REPO:latest', env: { REPO: 'team/web' } };
  const deploy = (more: Step): Step => ({
    uses: 'aws-actions/amazon-ecs-deploy-task-definition@v2',
    with: { 'task-definition': 'td.json', service: 'web', ...more },
  });
  const lines = (...steps: readonly Step[]): string => linesOf([CREDENTIALS, ...steps]);
  expect(lines(deploy({}))).toMatch(
    /OWNER is the account that has your copy[\s\S]*It waits until[^\n]*`rollback-on-failure: false`/,
  );
  expect(lines(deploy({ 'wait-for-service-stability': 'false' }))).not.toMatch(/It waits|It registers/);
  expect(lines(BUILT, UPDATE)).toMatch(
    /It waits[\s\S]*It registers a revision [^\n]* ecs:RegisterTaskDefinition and iam:PassRole/,
  );
  // Nothing is built, so that the same revision starts again.
  expect(lines(UPDATE)).not.toMatch(/It registers/);
});
