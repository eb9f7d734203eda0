import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { OfficialStep } from '../../scripts/workflow/chain.ts';
import { replacementsIn } from '../../scripts/workflow/official.ts';
import { commandsIn, everyCommand } from '../../scripts/workflow/shell.ts';
import { commandsThatStay, officialStepsOf } from '../../scripts/workflow/steps.ts';

/** Steps of a workflow's job that deploy with the official actions or the AWS CLI, as one step of this action. */
const stepOf = (given: Partial<OfficialStep>): OfficialStep => ({
  id: undefined,
  uses: '',
  run: '',
  with: {},
  env: {},
  workingDirectory: '',
  ...given,
});
const inYaml = (text: string): OfficialStep[] =>
  (parse(text) as (Partial<OfficialStep> & { readonly 'working-directory'?: string })[]).map((step) =>
    stepOf({ ...step, workingDirectory: step['working-directory'] ?? '' }),
  );
/** The inputs of each replacement. */
const inputsOf = (steps: readonly OfficialStep[], names?: readonly string[]) =>
  replacementsIn(steps, names).map((one) => one.with);

const LOGIN = `
- uses: aws-actions/configure-aws-credentials@v6
  with: { aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::123456789012:role/deploy' }
- uses: aws-actions/amazon-ecr-login@v2
  id: login-ecr
`;
const ACCESS = { 'aws-region': 'eu-west-1', 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' };

test('docs/migrating.md: what is written after the migration is what the chain before it is read as', () => {
  const [before, after] = [...readFileSync('docs/migrating.md', 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, text = '']) => parse(text).steps,
  );
  const steps = before.map(stepOf).map((one: OfficialStep) => ({
    ...one,
    with: Object.fromEntries(Object.entries(one.with).map(([name, value]) => [name, String(value)])),
  }));
  const why = 'The cache of GitHub is its default (`cache: auto`).';
  const losses = ['cache-from', 'cache-to'].map((input) => ({ index: 5, input, why }));
  expect(replacementsIn(steps)).toEqual([
    { index: 7, replaces: [1, 2, 3, 4, 5, 6, 7], keeps: [], with: after[1].with, losses },
  ]);
});

test('a build in a script, with the variables of its step, the runner and the workflow, in a folder', () => {
  const steps = inYaml(`${LOGIN}
- id: build
  working-directory: apps
  env:
    ECR_REGISTRY: \${{ steps.login-ecr.outputs.registry }}
    IMAGE_TAG: \${{ github.sha }}
  run: |
    # docker build -t nothing .
    cd web && docker build --platform linux/arm64 \\
      --build-arg "VERSION=$GITHUB_REF_NAME" --build-arg MODE='a b' \\
      -f docker/Dockerfile -t $ECR_REGISTRY/\${ECR_REPOSITORY}:$IMAGE_TAG .
    docker push $ECR_REGISTRY/$ECR_REPOSITORY:$IMAGE_TAG
    echo "image=$ECR_REGISTRY/$ECR_REPOSITORY:$IMAGE_TAG" >> $GITHUB_OUTPUT
- id: task-def
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: { task-definition: '\${{ env.FILE }}', container-name: app, image: '\${{ steps.build.outputs.image }}' }
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.task-def.outputs.task-definition }}', service: '\${{ env.SERVICE }}', cluster: production }
`);
  expect(inputsOf(steps)).toEqual([
    {
      ...ACCESS,
      repository: '${{ env.ECR_REPOSITORY }}',
      platforms: 'linux/arm64',
      'build-args': 'VERSION=${{ github.ref_name }}\nMODE=a b',
      context: 'apps/web',
      file: 'apps/web/docker/Dockerfile',
      'task-definition': '${{ env.FILE }}',
      'container-name': 'app',
      service: '${{ env.SERVICE }}',
      cluster: 'production',
    },
  ]);
});

test('two renders are two images, of which the job builds one', () => {
  const render = (id: string, file: string, name: string, image: string): OfficialStep =>
    stepOf({
      id,
      uses: 'aws-actions/amazon-ecs-render-task-definition@v1',
      with: { 'task-definition': file, 'container-name': name, image },
    });
  const tags = '${{ steps.login-ecr.outputs.registry }}/web:${{ inputs.version }}';
  const [inputs] = inputsOf([
    stepOf({ id: 'build', uses: 'docker/build-push-action@v7', with: { push: 'true', tags } }),
    render('one', 'task.json', 'web', tags),
    render('two', '${{ steps.one.outputs.task-definition }}', 'proxy', '${{ needs.proxy.outputs.image }}'),
    stepOf({
      uses: 'aws-actions/amazon-ecs-deploy-task-definition@v2',
      with: { 'task-definition': '${{ steps.two.outputs.task-definition }}', service: 'web' },
    }),
  ]);
  expect(inputs).toEqual({
    repository: 'web',
    tags: '${{ inputs.version }}',
    'task-definition': 'task.json',
    service: 'web',
    'container-name': 'web',
    images: 'proxy=${{ needs.proxy.outputs.image }}',
  });
});

test('an image of another job is given, and without a service the revision is only registered', () => {
  const image = '${{ secrets.REPOSITORY_URL }}@${{ inputs.digest }}';
  const [inputs] = inputsOf([
    stepOf({
      id: 'render',
      uses: 'aws-actions/amazon-ecs-render-task-definition@v1',
      with: { 'task-definition-family': 'web', 'container-name': 'web', image },
    }),
    stepOf({
      uses: 'aws-actions/amazon-ecs-deploy-task-definition@v2',
      with: { 'task-definition': '${{ steps.render.outputs.task-definition }}' },
    }),
  ]);
  expect(inputs).toEqual({ mode: 'register', 'task-definition-family': 'web', 'container-name': 'web', image });
});

test('a task runs an image that exists: its build is a step of its own before it, with its id', () => {
  const chain = (id: string) => `${LOGIN}
- uses: docker/build-push-action@v7
  ${id}
  with: { push: 'true', tags: '\${{ steps.login-ecr.outputs.registry }}/web:\${{ github.sha }}', target: release }
- id: render
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: { task-definition: task.json, container-name: web, image: '\${{ steps.login-ecr.outputs.registry }}/web:\${{ github.sha }}' }
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.render.outputs.task-definition }}', run-task: 'true', cluster: jobs }
`;
  for (const [given, id] of [
    ['id: image', 'image'],
    ['name: Build', 'build'],
  ] as const)
    expect(replacementsIn(inYaml(chain(given)))).toEqual([
      {
        index: 4,
        replaces: [0, 1, 2, 3, 4],
        keeps: [],
        build: { index: 2, id, with: { mode: 'build', ...ACCESS, repository: 'web', target: 'release' } },
        with: {
          ...ACCESS,
          image: `\${{ steps.${id}.outputs.image }}`,
          'task-definition': 'task.json',
          'run-task': 'true',
          cluster: 'jobs',
          'container-name': 'web',
        },
      },
    ]);
});

describe('a task before the update of a service, in one step', () => {
  const steps = (runTask: string, condition = ''): OfficialStep[] =>
    inYaml(`
- id: ecs
  ${condition}
  uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: task.json, cluster: jobs, service: web, desired-count: '2', run-task: '${runTask}', run-task-subnets: subnet-1, wait-for-task-stopped: 'true', codedeploy-application: shop }
`);
  const TASK = {
    'task-definition': 'task.json',
    cluster: 'jobs',
    'run-task-subnets': 'subnet-1',
    'wait-for-task-stopped': 'true',
    mode: 'task',
  };
  const SERVICE = {
    'task-definition': 'task.json',
    cluster: 'jobs',
    service: 'web',
    'desired-count': '2',
    'codedeploy-application': 'shop',
  };

  test('is two steps, each with its inputs', () => {
    const found = replacementsIn(steps('true'));
    expect(found.map((one) => one.with)).toEqual([TASK, SERVICE]);
    expect(found.map(({ index, condition }) => [index, condition])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
    expect(inputsOf(steps('false'))).toHaveLength(1);
  });

  test.each([
    ['', "format('{0}', inputs.migrate) == 'true'", undefined],
    ['if: success()', "(success()) && format('{0}', inputs.migrate) == 'true'", 'success()'],
    [
      "if: ${{ github.ref == 'x' }}",
      "(github.ref == 'x') && format('{0}', inputs.migrate) == 'true'",
      "${{ github.ref == 'x' }}",
    ],
  ])('an expression is the condition of the task alone: %s', (given, task, deploy) => {
    const condition = given === '' ? undefined : given.replace('if: ', '');
    const asked = steps('${{ inputs.migrate }}').map((step) => ({ ...step, condition }));
    expect(replacementsIn(asked).map((one) => one.condition)).toEqual([task, deploy]);
  });

  test('each output is that of its step', () => {
    const references = ['run-task-arn', 'task-definition-arn'].map((name, i) => ({
      line: i + 1,
      index: undefined,
      id: 'ecs',
      member: `outputs.${name}`,
    }));
    const found = replacementsIn(steps('true'), [], references);
    expect(found.map(({ id }) => id)).toEqual(['task', 'ecs']);
    for (const { uses } of found)
      expect(uses).toEqual([
        { line: 1, written: 'steps.ecs.outputs.run-task-arn', instead: 'steps.task.outputs.task-arn' },
      ]);
  });

  test('an image that the job builds is built once, before both', () => {
    const build = stepOf({ uses: 'docker/build-push-action@v6', with: { push: 'true', tags: 'web:1' } });
    const found = replacementsIn([build, ...steps('true')]);
    expect(found.map((one) => one.build?.id)).toEqual(['build', 'build']);
  });
});

test.each([
  ['docker build -t r/web:1 .\ndocker tag r/web:1 r/web:latest\ndocker push r/web:latest', 'r/web', '1\nlatest'],
  ['docker buildx build -t r/web:1 --push .\ndocker buildx build -t r/web:latest --push .', 'r/web', '1\nlatest'],
  ['docker build -t web .\ndocker tag web r/web:1\ndocker push r/web:1', 'r/web', '1'],
  ['docker build -t r/web:1 .\ndocker tag other r/web:latest', 'r/web', '1'],
])('each tag that a script gives its image: %s', (run, repository, tags) => {
  expect(inputsOf([stepOf({ run: `${run}\naws ecs update-service --service web` })])).toEqual([
    { service: 'web', repository, tags },
  ]);
});

describe('scripts with the AWS CLI', () => {
  const script = (run: string, names: readonly string[] = []) => inputsOf([stepOf({ run })], names);
  test('a new deployment of what runs', () => {
    expect(
      script('aws ecs update-service --cluster production --service=web --force-new-deployment > /dev/null'),
    ).toEqual([{ cluster: 'production', service: 'web', 'force-new-deployment': 'true' }]);
  });
  test('a registered file; a family of the workflow; a variable of the script, which only it knows', () => {
    expect(
      script(
        'aws ecs register-task-definition --cli-input-json file://./task.json\naws ecs update-service --service web',
      ),
    ).toEqual([{ 'task-definition': 'task.json', service: 'web' }]);
    const update = 'aws ecs update-service --service web --task-definition "$FAMILY"';
    expect(script(update, ['FAMILY'])).toEqual([{ 'task-definition-family': '${{ env.FAMILY }}', service: 'web' }]);
    expect(script(update)).toEqual([{ service: 'web' }]);
  });
  test.each([
    'REV=$(aws ecs register-task-definition --cli-input-json file://task.json --query x --output text)',
    'export REV="$(aws ecs register-task-definition --cli-input-json file://./task.json | jq -r .x)"',
    'REV=$(aws ecs register-task-definition \\\n  --cli-input-json "$(cat task.json)" \\\n  --query x)',
  ])('the answer of a registration that a variable keeps: %s', (register) => {
    expect(script(`${register}\naws ecs update-service --service web --task-definition $REV`)).toEqual([
      { 'task-definition': 'task.json', service: 'web' },
    ]);
  });
  test('the number of tasks alone is no deployment, and neither is a task: both are named', () => {
    const scale = 'aws ecs update-service --service web --desired-count 4';
    const run = 'TASK=$(aws ecs run-task --cluster c --task-definition web)';
    expect([script(scale), script(run)]).toEqual([[], []]);
    expect(script('AWS_REGION=eu-west-1 A=b /usr/local/bin/aws ecs update-service --service web')).toHaveLength(1);
    expect(script(`${scale} --force-new-deployment`)).toHaveLength(1);
    const workflow = (text: string) => JSON.stringify({ on: 'push', jobs: { a: { steps: [{ run: text }] } } });
    expect(commandsThatStay(workflow(scale))).toEqual([expect.stringMatching(/has no mode for it. Keep the command/)]);
    expect(commandsThatStay(workflow(run))).toEqual([expect.stringMatching(/`mode: task`.*docs\/tasks\.md/)]);
    const blue =
      'ID=$(aws deploy create-deployment \\\n  --application-name ${{ matrix.app }} --deployment-group-name g --revision "$R" --output text)';
    expect(script(blue)).toEqual([]);
    for (const text of [workflow(blue), JSON.stringify({ runs: { using: 'composite', steps: [{ run: blue }] } })])
      expect(commandsThatStay(text)).toEqual([
        expect.stringMatching(
          /`codedeploy-application: \$\{\{ matrix\.app \}\}`, `codedeploy-deployment-group: g`.*docs\/codedeploy\.md/,
        ),
      ]);
  });
  test('a file that the script exported is the family that it is of', () => {
    const [inputs] = inputsOf([
      stepOf({ run: 'aws ecs describe-task-definition --task-definition web --query taskDefinition > task.json' }),
      stepOf({
        uses: 'aws-actions/amazon-ecs-deploy-task-definition@v2',
        with: { 'task-definition': './task.json', service: 'web', 'wait-for-service-stability': 'false' },
      }),
    ]);
    expect(inputs).toEqual({ 'task-definition-family': 'web', service: 'web', 'wait-for-service-stability': 'false' });
  });
  test('docs/migrating-from-other-tools.md: describe, jq, register, also with a file between them', () => {
    const [, run = ''] =
      /^```sh\n([\s\S]*?)^```$/m.exec(readFileSync('docs/migrating-from-other-tools.md', 'utf8')) ?? [];
    expect(run).toContain('| del(');
    const expected = [{ 'task-definition-family': 'web', cluster: 'production', service: 'web' }];
    expect(script(run)).toEqual(expected);
    const [update = ''] = /^aws ecs update-service .*$/m.exec(run) ?? [];
    const inSteps = `aws ecs describe-task-definition --task-definition web --query taskDefinition > ./old.json
jq 'del(.revision)' old.json > new.json # |
aws ecs register-task-definition --cli-input-json file://new.json`;
    expect(script(`${inSteps}\n${update}`)).toEqual(expected);
  });
  test('what is in quotes or only printed deploys nothing', () => {
    expect(script('CMD="aws ecs update-service --service web"\necho aws ecs update-service')).toEqual([]);
  });
});

test.each<[script: string, words: string[][]]>([
  [`a "b $X" 'c $X' d\\ e`, [['a', 'b 1', 'c $X', 'd e']]],
  ['a && b; c | d || e', [['a'], ['b'], ['c'], ['d'], ['e']]],
  ["a ${{ format('{0}|{1}', a, b) }}/$Y", [['a', "${{ format('{0}|{1}', a, b) }}/${{ env.Y }}"]]],
  ['X=2\na $X ${Z:-9}', [['X=2'], ['a', '2', '9']]],
  ['a \\\n  b', [['a', 'b']]],
  ['a |\n  b &&\nc\n# d |\ne', [['a'], ['b'], ['c'], ['e']]],
])('%j', (script, words) => {
  expect(commandsIn(script, { env: { X: '1' }, workingDirectory: '' }).map((one) => one.words)).toEqual(words);
});

test.each([
  [
    'a condition and a loop',
    'if ! aws ecs a; then\n  aws ecs b\nfi\nuntil aws ecs c; do sleep 1; done',
    ['a', 'b', 'c'],
  ],
  [
    'an answer that a variable keeps',
    'X=$(aws ecs a --q x)\nexport Y="$(aws ecs b | jq -r .z)"\nZ=`aws ecs c`',
    ['a', 'b', 'c'],
  ],
  ['an answer in an answer', 'aws ecs a --tasks "$(aws ecs b --x "$(aws ecs c)")"', ['c', 'b', 'a']],
  ['a condition on an answer', 'if [ "$(aws ecs a)" = 1 ]; then (aws ecs b); fi', ['a', 'b']],
  [
    'behind another tool',
    'sudo -E true && time aws ecs a\nAWS_REGION=x npx aws ecs b\n{ aws ecs c; }',
    ['a', 'b', 'c'],
  ],
  ['over several lines', 'aws ecs a \\\n  --x y |\n  jq . && \\\n  aws ecs b', ['a', 'b']],
  ['a text that is printed, and a comment', 'echo "run aws ecs a"\n# aws ecs b\ntrue # aws ecs c', []],
])('every command of a script: %s', (_, script, operations) => {
  const found = everyCommand(script).filter(([name]) => name === 'aws');
  expect(found.map(([, , operation]) => operation)).toEqual(operations);
});

describe('steps that stay before the new one', () => {
  const KEYS = `
- uses: aws-actions/configure-aws-credentials@v6
  with: { aws-region: eu-west-1, aws-access-key-id: '\${{ secrets.ID }}', aws-secret-access-key: '\${{ secrets.KEY }}' }
`;
  const UPDATE = `
- run: aws ecs update-service --cluster production --service web --force-new-deployment
`;
  const kept = (text: string) => replacementsIn(inYaml(text)).map(({ replaces, keeps }) => ({ replaces, keeps }));

  test('credentials from keys, from a token file and of a chain of roles', () => {
    const why = 'this action finds its credentials in the environment';
    expect(kept(KEYS + UPDATE)).toEqual([{ replaces: [1], keeps: [{ index: 0, why }] }]);
    for (const own of ['role-chaining: true', 'web-identity-token-file: token']) {
      const steps = inYaml(`
- uses: aws-actions/configure-aws-credentials@v6
  with: { aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::123456789012:role/deploy', ${own} }
${UPDATE}`);
      expect(replacementsIn(steps)[0]).toMatchObject({ replaces: [1], keeps: [{ index: 0, why }] });
      // The role is assumed there: docs/migrating.md
      expect(inputsOf(steps)[0]).not.toHaveProperty('role-to-assume');
      expect(inputsOf(steps)[0]).toHaveProperty('aws-region', 'eu-west-1');
    }
  });

  test.each([
    "aws cloudfront create-invalidation --distribution-id E1 --paths '/*'",
    'id=$(aws sts get-caller-identity --query Account)',
    'npx cdk deploy',
    'cd infra && terraform apply -auto-approve',
  ])('credentials that another step of the job uses: %s', (run) =>
    expect(kept(`${LOGIN}${UPDATE}- run: ${JSON.stringify(run)}\n`)).toEqual([
      { replaces: [1, 2], keeps: [{ index: 0, why: 'other steps of the job use its credentials' }] },
    ]),
  );

  test('a step that only waits for the service is replaced, and one that uses nothing of AWS keeps nothing', () => {
    const rest =
      '- run: aws ecs wait services-stable --cluster production --services web\n- run: echo awsome laws done\n';
    expect(kept(LOGIN + UPDATE + rest)).toEqual([{ replaces: [0, 1, 2, 3], keeps: [] }]);
  });

  test('docker/metadata-action: its names are the repository, its tags and labels stay', () => {
    const steps = inYaml(`${LOGIN}
- uses: docker/metadata-action@v6
  id: meta
  with:
    images: \${{ steps.login-ecr.outputs.registry }}/team/web
    tags: type=sha
- uses: docker/build-push-action@v7
  with: { push: 'true', tags: '\${{ steps.meta.outputs.tags }}', labels: '\${{ steps.meta.outputs.labels }}' }
- id: render
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with:
    task-definition: task-definition.json
    container-name: web
    image: \${{ steps.login-ecr.outputs.registry }}/team/web:\${{ steps.meta.outputs.version }}
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.render.outputs.task-definition }}', service: web, cluster: production }
`);
    expect(replacementsIn(steps)[0]).toMatchObject({
      replaces: [0, 1, 3, 4, 5],
      keeps: [
        {
          index: 2,
          why: 'the new step uses its outputs. Write `images: team/web` there, without the registry of the login',
        },
      ],
    });
    expect(inputsOf(steps)).toEqual([
      {
        ...ACCESS,
        repository: 'team/web',
        tags: '${{ steps.meta.outputs.tag-names }}',
        labels: '${{ steps.meta.outputs.labels }}',
        'task-definition': 'task-definition.json',
        'container-name': 'web',
        service: 'web',
        cluster: 'production',
      },
    ]);
  });
});

describe('what the chain has around its build and its deployment', () => {
  const BUILD = `- uses: docker/build-push-action@v7
  id: build
  with: { push: 'true', tags: '\${{ steps.login-ecr.outputs.registry }}/web:\${{ github.sha }}' }
`;
  const SHIP = `- uses: aws-actions/amazon-ecs-render-task-definition@v1
  id: render
  with: { task-definition: task.json, container-name: web, image: '\${{ steps.login-ecr.outputs.registry }}/web:\${{ github.sha }}' }
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  id: ecs
  with: { task-definition: '\${{ steps.render.outputs.task-definition }}', service: web, cluster: production }
`;
  /** Line 1 of the steps is line 5 of the file; `outputs` of the job stand behind them. */
  const converted = (steps: string, outputs = '{}') => {
    const list = steps.trim().replaceAll(/^/gm, '      ');
    const found = officialStepsOf(
      'deploy.yml',
      `on: push\njobs:\n  deploy:\n    steps:\n${list}\n    outputs: ${outputs}\n`,
    );
    return found.flatMap(({ conversion, ...step }) => (conversion ? [{ ...step, ...conversion }] : []));
  };
  const keptIn = (steps: string): string[] =>
    converted(steps).flatMap(({ keeps = [] }) => keeps.map(({ line, why }) => `${line}: ${why}`));

  test.each<[string, string]>([
    ['an action', '- { name: Gate, uses: aquasecurity/trivy-action@0.30.0 }'],
    ['a script', '- { name: Gate, run: docker run --rm web npm test }'],
    ['what only waits', '- { name: Gate, uses: trstringer/manual-approval@v1 }'],
  ])('%s between the build and the deployment stays there: the image is built by a step of its own', (_, gate) => {
    const [one, ...others] = converted(`${LOGIN}${BUILD}${gate}\n${SHIP}`);
    expect(others).toEqual([]);
    expect(one?.build).toMatchObject({ id: 'build', with: { mode: 'build', repository: 'web' } });
    expect(one?.with).toMatchObject({ image: '${{ steps.build.outputs.image }}', 'container-name': 'web' });
    expect(one?.with).not.toHaveProperty('repository');
    expect(one?.between).toEqual([{ line: 12, title: 'Gate', commands: undefined }]);
    expect(keptIn(`${LOGIN}${BUILD}${gate}\n${SHIP}`)).toEqual([
      '5: the login to the registry uses its credentials',
      '7: the steps between the build and the deployment may pull the image',
    ]);
  });

  test('between the render and the deployment as well; before the build and behind the deployment it is one step', () => {
    const gate = '- { name: Gate, run: ./gate.sh }\n';
    const [build, ...ship] = [BUILD, ...SHIP.split(/(?=^- )/m)];
    expect(converted(`${LOGIN}${build}${ship[0]}${gate}${ship[1]}`)[0]?.between).toHaveLength(1);
    for (const around of [`${gate}${BUILD}${SHIP}`, `${BUILD}${SHIP}${gate}`]) {
      const [one] = converted(LOGIN + around);
      expect([one?.build, one?.between, one?.with.repository]).toEqual([undefined, [], 'web']);
    }
  });

  test.each<[string, between: string[], rest: string[]]>([
    ['docker build -t web .\ndocker run --rm web npm test\ndocker push web', ['docker run --rm web npm test'], []],
    ['npm ci\ndocker build -t web . && trivy image web', ['trivy image web'], ['npm ci']],
    ['docker build -t web .\nif [ -n "$X" ]; then\n  echo "a\n  npm test"\nfi', [], []],
    ['docker build -t web .\necho "STAGE=blue" >> "$GITHUB_ENV"', ['echo STAGE=blue >> $GITHUB_ENV'], []],
    ['PASSWORD=$(aws ecr get-login-password | tr -d x)\ndocker build -t web .', [], []],
    ["docker build -t web .\njq '\n.a = 1 |\n.b' task.json > new.json", [], []],
  ])('a script that goes: %j', (run, between, rest) => {
    const [one] = replacementsIn(
      inYaml(`- run: ${JSON.stringify(run)}\n- run: aws ecs update-service --service web\n`),
    );
    expect((one?.between ?? []).flatMap(({ commands = [] }) => commands)).toEqual(between);
    expect((one?.rest ?? []).flatMap(({ commands = [] }) => commands)).toEqual(rest);
    expect(one?.build !== undefined).toBe(between.length > 0);
  });

  test('a script that does all of it', () => {
    const run = 'docker build -t web .\nnpm test\naws ecs update-service --service web\ncurl https://shop.example.com';
    expect(replacementsIn([stepOf({ run })])).toEqual([
      {
        index: 0,
        replaces: [0],
        keeps: [],
        build: { index: 0, id: 'build', with: { mode: 'build', repository: 'web' } },
        with: { image: '${{ steps.build.outputs.image }}', service: 'web' },
        between: [{ index: 0, commands: ['npm test'] }],
        rest: [{ index: 0, commands: ['curl https://shop.example.com'] }],
      },
    ]);
  });

  test('conditions stay with what they are on; where they differ, the build is a step of its own', () => {
    const main = BUILD.replace('  id', "  if: github.ref == 'refs/heads/main'\n  id");
    const ship = SHIP.replace('  id: ecs', "  if: github.ref == 'refs/heads/main'\n  id: ecs");
    const conditions = (steps: string) =>
      converted(LOGIN + steps).map(({ condition, build }) => [build && [build.condition], condition]);
    const only = "github.ref == 'refs/heads/main'";
    expect(conditions(BUILD + SHIP)).toEqual([[undefined, undefined]]);
    expect(conditions(BUILD + ship)).toEqual([[[undefined], only]]);
    expect(conditions(main + ship)).toEqual([[undefined, only]]);
    expect(conditions(main + SHIP)).toEqual([[[only], undefined]]);
  });

  test('two services of one image: it is built once', () => {
    const both = `${LOGIN}${BUILD}${SHIP}${SHIP.replace('id: ecs', 'id: second').replace('service: web', 'service: worker')}`;
    const found = converted(both);
    expect(found.map((one) => [one.with.service, one.with.image, one.build?.id])).toEqual([
      ['web', '${{ steps.build.outputs.image }}', 'build'],
      ['worker', '${{ steps.build.outputs.image }}', 'build'],
    ]);
  });

  test.each<[written: string, instead: string | undefined]>([
    ['steps.build.outputs.digest', 'steps.ecs.outputs.image-digest'],
    ['steps.build.outputs.metadata', undefined],
    ['steps.build.outcome', 'steps.ecs.outcome'],
    ['steps.ecs.outputs.run-task-arn', 'steps.ecs.outputs.task-arn'],
  ])('%s of a step that goes, used by a later step, its condition and the outputs of the job', (written, instead) => {
    const later = `- run: echo \${{ ${written} }}\n- if: ${written} != ''\n  run: true\n`;
    const [one] = converted(LOGIN + BUILD + SHIP + later, `{ x: '\${{ ${written} }}' }`);
    expect(one?.uses).toEqual([18, 19, 21].map((line) => ({ line, written, instead })));
    expect(one?.id).toBe(instead === undefined ? undefined : 'ecs');
  });

  test('what keeps its name has the id, and nothing to change; nothing used: no id', () => {
    const [one] = converted(`${LOGIN}${BUILD}${SHIP}- run: echo \${{ steps.ecs.outputs.task-definition-arn }}\n`);
    expect([one?.id, one?.uses]).toEqual(['ecs', []]);
    expect(converted(LOGIN + BUILD + SHIP)[0]?.id).toBeUndefined();
  });

  test('a script that sets an output: by its name', () => {
    const run = 'run: docker build -t ${{ steps.login-ecr.outputs.registry }}/web:${{ github.sha }} .';
    const script = BUILD.replace(/uses:.*/, () => run).replace(/ {2}with:.*\n/, '');
    for (const [name, instead] of [
      ['image', 'image'],
      ['digest', 'image-digest'],
      ['elapsed', undefined],
    ] as const) {
      const [one] = converted(`${script}${SHIP}`, `{ x: '\${{ steps.build.outputs.${name} }}' }`);
      expect(one?.uses.map((use) => use.instead)).toEqual([instead && `steps.ecs.outputs.${instead}`]);
    }
  });

  test('the login stays where its outputs or the login itself are used by others', () => {
    const use = '- run: echo ${{ steps.login-ecr.outputs.registry }}\n';
    expect(keptIn(LOGIN + BUILD + SHIP + use)).toEqual([
      '5: the login to the registry uses its credentials',
      '7: line 18 uses its outputs',
    ]);
    expect(keptIn(`${LOGIN}${BUILD}${SHIP}- run: docker pull other\n`)[1]).toBe(
      '7: other steps of the job use its login',
    );
  });

  test.each<[version: string, says: RegExp]>([
    [
      'v4',
      /outputs\. Update it: docker\/metadata-action has the output `tag-names` since v5\.9\.0, and v4 leaves `tags` empty/,
    ],
    ['v5.8.0', /v5\.8\.0 leaves/],
    ['0123456789012345678901234567890123456789', /outputs\. Check its version: .* since v5\.9\.0$/],
    ['v5', /outputs$/],
    ['v6', /outputs$/],
  ])('docker/metadata-action@%s', (version, says) => {
    const meta = `- uses: docker/metadata-action@${version}\n  id: meta\n  with: { images: web }\n`;
    const tags = BUILD.replace(/tags: '.*'/, "tags: '${{ steps.meta.outputs.tags }}'");
    expect(keptIn(meta + tags + SHIP)[0]).toMatch(says);
  });
});

describe('scripts that deploy several services', () => {
  const registers = (name: string): string => `
    aws ecs describe-task-definition --task-definition ${name}-family --query taskDefinition > ${name}.json
    jq --arg IMG "$REGISTRY/${name}:$TAG" '.containerDefinitions[0].image = $IMG | .containerDefinitions[0].environment = $ENV[0]' ${name}.json > new-${name}.json
    ${name.toUpperCase()}_ARN=$(aws ecs register-task-definition --cli-input-json file://new-${name}.json --query taskDefinition.taskDefinitionArn --output text)`;
  const updates = (name: string): string => `
    aws ecs update-service --cluster c --service ${name} --task-definition "$${name.toUpperCase()}_ARN" &`;
  const both = (end = ''): OfficialStep[] => [
    stepOf({
      env: { REGISTRY: 'registry.example', TAG: '1' },
      run: `${registers('web')}${registers('api')}${updates('web')}${updates('api')}\n    wait\n${end}`,
    }),
  ];

  test('each gets the revision whose variable it names, with its image', () => {
    expect(inputsOf(both())).toEqual([
      { image: 'registry.example/web:1', 'task-definition-family': 'web-family', cluster: 'c', service: 'web' },
      { image: 'registry.example/api:1', 'task-definition-family': 'api-family', cluster: 'c', service: 'api' },
    ]);
  });

  test('one whose variable names neither starts from what it runs', () => {
    const [, , last] = inputsOf(
      both('    aws ecs update-service --cluster c --service job --task-definition "$OTHER"'),
    );
    expect(last).toEqual({ cluster: 'c', service: 'job' });
  });

  test('what jq changes besides the image is named; waiting is no command to keep', () => {
    const [first] = replacementsIn(both());
    expect(first?.edits).toEqual([{ index: 0, fields: ['environment'] }]);
    expect(first?.rest).toBeUndefined();
  });

  test('variables of a loop and of an answer are named, with what the loop goes through', () => {
    const run = `
    for SERVICE in web api worker; do
      REVISION=$(aws ecs describe-task-definition --task-definition "$SERVICE" --query taskDefinition.revision --output text)
      if [ "$REVISION" -le 1 ]; then continue; fi
      aws ecs update-service --cluster c --service "$SERVICE" --task-definition "$SERVICE:$REVISION"
    done`;
    const [only] = replacementsIn([stepOf({ run })]);
    expect(only?.with).toEqual({
      'task-definition-arn': '${{ env.SERVICE }}:${{ env.REVISION }}',
      cluster: 'c',
      service: '${{ env.SERVICE }}',
    });
    expect(only?.variables).toEqual([
      { index: 0, name: 'SERVICE', words: 'web api worker' },
      { index: 0, name: 'REVISION', words: undefined },
    ]);
    expect(only?.rest).toBeUndefined();
    expect(replacementsIn([stepOf({ run })], ['SERVICE', 'REVISION'])[0]?.variables).toBeUndefined();
  });

  test('a definition that is piped from AWS into the registration is a family, never a path', () => {
    const run = `
    IMAGE="registry.example/web:1"
    aws ecs register-task-definition --cli-input-json "$(aws ecs describe-task-definition --task-definition web-family | jq --arg image "$IMAGE" '.taskDefinition | .containerDefinitions |= map(.image = $image)')"
    aws ecs update-service --cluster c --service web --task-definition web-family`;
    expect(inputsOf([stepOf({ run })])).toEqual([
      { image: 'registry.example/web:1', 'task-definition-family': 'web-family', cluster: 'c', service: 'web' },
    ]);
  });

  test('a definition in a variable is no path', () => {
    const run = `
    NEW=$(aws ecs describe-task-definition --task-definition web | jq .taskDefinition)
    aws ecs register-task-definition --cli-input-json "$NEW"
    aws ecs update-service --cluster c --service web --task-definition "$ARN"`;
    expect(inputsOf([stepOf({ run })])).toEqual([{ cluster: 'c', service: 'web' }]);
  });
});

describe('a definition that is rendered and not deployed', () => {
  const deploys = (id: string, name: string): string => `
- id: ${id}
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: { task-definition-family: ${name}, container-name: app, image: '\${{ steps.names.outputs.image }}' }`;
  const steps = (condition: string): OfficialStep[] =>
    inYaml(`${LOGIN}
- id: names
  env: { REGISTRY: '\${{ steps.login-ecr.outputs.registry }}' }
  run: |
    echo "image=$REGISTRY/team/app:\${{ github.sha }}" >> "$GITHUB_OUTPUT"
    echo "latest=$REGISTRY/team/app:latest" >> "$GITHUB_OUTPUT"
- uses: docker/build-push-action@v6
  ${condition}
  with:
    push: 'true'
    tags: |
      \${{ steps.names.outputs.image }}
      \${{ steps.names.outputs.latest }}
${deploys('migration', 'migrate')}
${deploys('web', 'web')}
${deploys('api', 'api')}
- run: aws ecs run-task --cluster c --task-definition "$(register \${{ steps.migration.outputs.task-definition }})"
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.web.outputs.task-definition }}', service: web, cluster: c }
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.api.outputs.task-definition }}', service: api, cluster: c }
`).map((step) => ({ ...step, condition: (step as { readonly if?: string }).if }));

  test('stays, and what uses it with it', () => {
    const reference = { line: 30, index: 7, id: 'migration', member: 'outputs.task-definition' };
    const found = replacementsIn(steps(''), [], [reference]);
    expect(found.flatMap(({ replaces }) => replaces)).not.toContain(4);
    expect(found.map(({ id, uses }) => ({ id, uses }))).toEqual([{}, {}]);
    expect(found[0]?.build?.with).toMatchObject({ repository: 'team/app', tags: '${{ github.sha }}\nlatest' });
    expect(found.map((one) => one.with.image)).toEqual(Array(2).fill('${{ steps.build.outputs.image }}'));
  });

  test('with a build that may be skipped, the image keeps its name', () => {
    const found = replacementsIn(steps("if: steps.check.outputs.exists != 'true'"));
    expect(found[0]?.build?.condition).toBe("steps.check.outputs.exists != 'true'");
    expect(found.map((one) => one.with.image)).toEqual(Array(2).fill('${{ steps.names.outputs.image }}'));
  });

  test('ids of several deployments are different', () => {
    const both = ['web', 'api'].map(
      (name) => `
- id: build-${name}
  uses: docker/build-push-action@v6
  with: { push: 'true', tags: '${name}:1' }
- id: ${name}
  uses: aws-actions/amazon-ecs-render-task-definition@v1
  with: { task-definition: ${name}.json, container-name: app, image: '${name}:1' }
- uses: aws-actions/amazon-ecs-deploy-task-definition@v2
  with: { task-definition: '\${{ steps.${name}.outputs.task-definition }}', service: ${name}, cluster: c }`,
    );
    const references = ['web', 'api'].map((name, i) => ({
      line: i + 1,
      index: undefined,
      id: `build-${name}`,
      member: 'outputs.digest',
    }));
    const found = replacementsIn(inYaml(`${both.join('')}\n- { id: deploy, run: 'true' }\n`), [], references);
    expect(found.map(({ id, uses }) => [id, uses?.map(({ instead }) => instead)])).toEqual([
      ['deploy-2', ['steps.deploy-2.outputs.image-digest']],
      ['deploy-3', ['steps.deploy-3.outputs.image-digest']],
    ]);
  });
});
