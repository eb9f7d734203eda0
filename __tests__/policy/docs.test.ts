import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { fill } from '../../scripts/workflow/fill.ts';
import { readAllInputs } from '../../scripts/workflow/inputs.ts';
import { permissionOf } from '../../scripts/workflow/permissions.ts';
import { type ActionStep, stepsOf } from '../../scripts/workflow/steps.ts';
import { variantsOf } from '../../scripts/workflow/variants.ts';
import { INPUT_NAMES } from '../../src/inputs/known.ts';
import { docsLink, PAGES as FAILURE_PAGES } from '../../src/report/about.ts';
import { ENTRIES } from '../../src/report/troubleshooting.generated.ts';
import { run as RUN } from '../report/made.ts';

/** Every YAML block of the documentation: a workflow, its steps, or the `with:` block of a step, read as the action reads it. */
const PAGES = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

const blocks = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(
    ([, text = ''], i) => [page, i + 1, text] as const,
  ),
);

/** Keys of a job, which a page may show beside its steps. */
const OF_A_JOB = ['if', 'on', 'permissions', 'concurrency', 'environment', 'env', 'needs'];

function mistakesIn(step: ActionStep): string[] {
  const facts = { sha: 'c0ffee', ref_name: 'main', repository: 'acme/web' };
  return variantsOf(step).flatMap((given) => {
    try {
      readAllInputs(fill(step, { github: facts, given }).inputs);
      return [];
    } catch (thrown) {
      const { mistakes = [] } = thrown as { mistakes?: readonly { subject: string; problem: string }[] };
      if (mistakes.length === 0) throw thrown;
      // A part of a `with:` block may leave out what it needs beside it.
      return mistakes.flatMap(({ subject, problem }) =>
        /^is set, but|is missing|no input names one/.test(problem) ? [] : [`${subject} ${problem}`],
      );
    }
  });
}
const read = (step: ActionStep): void => expect(mistakesIn(step)).toEqual([]);

const stepOf = (given: Readonly<Record<string, string>>): ActionStep => ({
  job: 'deploy',
  title: 'step',
  line: 1,
  uses: 'OWNER/ecs-rollout@v1',
  with: given,
  env: {},
  environment: undefined,
  // Other steps and jobs are not shown.
  replaces: [],
  site: {
    conditions: [],
    needs: new Map([['build', undefined]]),
    ids: [],
    mayBeSkipped: new Map(),
    hasNoCredentials: false,
    timeouts: [],
    concurrency: [],
  },
  workflow: { name: 'w', file: 'w.yml', events: ['push'], triggers: { push: null }, refs: [], inputs: {}, matrix: [] },
});

/** Actions of others in documentation, examples and CI: one version of each; by commit where a user copies the step as it is. */
const ACTIONS: Readonly<Record<string, string>> = {
  'actions/checkout': '08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0',
  'actions/setup-node': 'a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0',
  'actions/upload-artifact': 'ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2',
  'actions/download-artifact': '634f93cb2916e3fdff6788551b99b062d0335ce0 # v5.0.0',
  'actions/attest-build-provenance': 'a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32 # v4.1.0',
  'github/codeql-action/init': 'cdf488f595d80d6e07e03d4674febd5ab45fa938 # v4.37.9',
  'github/codeql-action/analyze': 'cdf488f595d80d6e07e03d4674febd5ab45fa938 # v4.37.9',
  // The chain before a migration.
  'aws-actions/configure-aws-credentials': 'v6',
  'aws-actions/amazon-ecr-login': 'v2',
  'aws-actions/amazon-ecs-render-task-definition': 'v1',
  'aws-actions/amazon-ecs-deploy-task-definition': 'v2',
  'docker/setup-qemu-action': 'v3',
  'docker/setup-buildx-action': 'v4',
  'docker/build-push-action': 'v7',
};

test('every action has one version in all pages, examples and workflows', () => {
  const folder = (path: string): string[] => readdirSync(path).map((file) => join(path, file));
  const files = [...PAGES, ...folder('examples'), ...folder('.github/workflows')].filter((file) =>
    /\.(?:md|ya?ml)$/.test(file),
  );
  const used = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ *(?:- )?uses: ([\w.-]+\/[\w./-]+)@(.+)$/gm)].map(
      ([, action = '', version = '']) => ({ file, action, version: version.trim() }),
    ),
  );
  const others = used.filter(({ action }) => !/\/ecs-rollout$|^acme\//.test(action));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(({ action, version }) => ACTIONS[action] !== version)).toEqual([]);
});

/** Inputs whose value is a file or a folder of the repository; `repository` without an image is a build. */
const OF_THE_REPOSITORY = ['task-definition', 'service-definition', 'context', 'file'] as const;

test('every job whose step reads the repository checks it out before', () => {
  const texts = [
    ...blocks.map(([page, , text]) => [page, text] as const),
    ...readdirSync('examples')
      .filter((file) => file.endsWith('.yml'))
      .map((file) => [file, readFileSync(join('examples', file), 'utf8')] as const),
  ];
  const jobs = texts.flatMap(([file, text]) =>
    Object.entries<Job>(parse(text)?.jobs ?? {}).map(([name, { steps = [] }]) => ({ where: `${file} ${name}`, steps })),
  );
  const readers = jobs.flatMap(({ where, steps }) => {
    const at = steps.findIndex(
      ({ uses = '', with: given = {} }) =>
        /\/ecs-rollout@/.test(uses) &&
        (OF_THE_REPOSITORY.some((input) => given[input] !== undefined) ||
          (given.repository !== undefined && given.image === undefined)),
    );
    return at < 0 ? [] : [{ where, before: steps.slice(0, at) }];
  });
  expect(readers.length).toBeGreaterThan(20);
  const without = readers.filter(({ before }) => !before.some(({ uses = '' }) => uses.startsWith('actions/checkout@')));
  expect(without.map(({ where }) => where)).toEqual([]);
});

/** Permission of the job's token that an input needs, by event: action.yml names it. */
const PERMISSIONS: readonly (readonly [
  input: string,
  isSet: (value: string) => boolean,
  permission: (event: string) => string,
])[] = [
  ['comment', (value) => value === 'true', (event) => (/^pull_request/.test(event) ? 'pull-requests' : 'contents')],
  ['github-environment', (value) => value !== '', () => 'deployments'],
  ['role-to-assume', (value) => value !== '', () => 'id-token'],
  ['sign', (value) => value === 'cosign', () => 'id-token'],
];

test('every whole workflow gives its job the permissions that the inputs of its steps need, for each of its events', () => {
  const texts = [
    ...blocks.map(([page, i, text]) => [`${page} ${i}`, text] as const),
    ...readdirSync('examples')
      .filter((file) => file.endsWith('.yml'))
      .map((file) => [file, readFileSync(join('examples', file), 'utf8')] as const),
  ].filter(([, text]) => /^on:/m.test(text) && /^jobs:/m.test(text));
  const needed = texts.flatMap(([where, text]) =>
    stepsOf(where, text).flatMap((step) =>
      step.workflow.events.flatMap((event) =>
        PERMISSIONS.flatMap(([input, isSet, permissionFor]) => {
          const { [input]: value = '' } = step.with;
          if (!isSet(value)) return [];
          // A called workflow that writes comments is called for pull requests: its head says so.
          const permission = permissionFor(event === 'workflow_call' ? 'pull_request' : event);
          return [{ where, line: step.line, input, permission, given: permissionOf(step, permission) }];
        }),
      ),
    ),
  );
  expect(needed.length).toBeGreaterThan(30);
  expect(new Set(needed.map(({ input }) => input))).toEqual(new Set(['comment', 'role-to-assume']));
  // Of a part of a workflow without `permissions` the settings of the repository decide, but never about a token of OpenID Connect.
  const isMissing = ({ permission, given }: (typeof needed)[number]): boolean =>
    given === undefined ? permission === 'id-token' : given !== 'write';
  expect(needed.filter(isMissing)).toEqual([]);
});

interface Job {
  readonly steps?: readonly Pick<Job, 'uses' | 'with'>[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
}
const CALLED = /\/(reusable(?:-plan)?\.yml)@/;
function callMistakes({ uses = '', with: given = {}, permissions = {} }: Job, text: string): string[] {
  const { on, permissions: wanted } = parse(readFileSync(`examples/${CALLED.exec(uses)?.[1]}`, 'utf8'));
  const { inputs, outputs } = on.workflow_call;
  const names = Object.keys(inputs);
  return [
    ...Object.keys(given).filter((name) => !names.includes(name)),
    ...names.filter((name) => inputs[name].required && given[name] === undefined),
    ...Object.keys(wanted).filter((name) => permissions[name] !== wanted[name]),
    ...[...text.matchAll(/needs\.\w+\.outputs\.([\w-]+)/g)].flatMap(([, name = '']) => (outputs[name] ? [] : [name])),
  ];
}

test.each([
  [{}, 'build'],
  [{ 'inputs.build': 'false' }, 'commit'],
  [{ 'inputs.build': 'false', 'inputs.image': '' }, 'commit'],
  [{ 'inputs.image': 'example.com/team/web:1' }, 'given'],
])('the reusable workflow with %j: %s', (values, kind) => {
  const [step] = stepsOf('reusable.yml', readFileSync('examples/reusable.yml', 'utf8'));
  if (!step) throw new Error('no step');
  const given = new Map(Object.entries({ 'inputs.environment': 'production', 'inputs.service': 'web', ...values }));
  const facts = { sha: 'c0ffee', ref_name: 'main', repository: 'acme/web' };
  const { inputs } = fill(step, { github: facts, given });
  expect(readAllInputs(inputs)).toMatchObject([{ image: { kind } }]);
});

/** https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference */
const DEPENDABOT = ['package-ecosystem', 'directory', 'directories', 'schedule', 'cooldown', 'groups', 'ignore'];

test.each(blocks)('%s, YAML block %i', (_, __, text) => {
  const document = parse(text);
  if (document.updates !== undefined) {
    expect(document.version).toBe(2);
    for (const update of document.updates) {
      expect(Object.keys(update).filter((key) => !DEPENDABOT.includes(key))).toEqual([]);
      expect([update['package-ecosystem'], typeof update.schedule.interval]).toEqual(['github-actions', 'string']);
    }
    return;
  }
  if (Array.isArray(document) || document.jobs !== undefined || document.steps !== undefined) {
    const job = Array.isArray(document) ? `steps:\n${text.replaceAll(/^/gm, '  ')}` : text;
    // A call of a reusable workflow: its inputs, the required ones among them, and what it gives.
    for (const [name, job] of Object.entries<Job>(document.jobs ?? {}))
      if (CALLED.test(job.uses ?? '')) expect([name, callMistakes(job, text)]).toEqual([name, []]);
    const workflow = document.jobs === undefined ? `jobs:\n  deploy:\n${job.replaceAll(/^/gm, '    ')}` : text;
    const steps = stepsOf('block.yml', workflow);
    // The chain before a migration has none of ours.
    if (!/ecs-rollout@/.test(text)) return;
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) read(step);
    return;
  }
  const names = Object.keys(document).filter((name) => !OF_A_JOB.includes(name));
  expect(names.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name))).toEqual([]);
  const written = Object.entries(document)
    .filter(([name]) => names.includes(name))
    .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  const given = { 'aws-region': 'eu-west-1', service: 'web', ...Object.fromEntries(written) };
  expect(mistakesIn(stepOf(given)).filter((mistake) => names.some((name) => mistake.startsWith(`${name} `)))).toEqual(
    [],
  );
});

/** What a user pastes into a shell, indented in a list as well. */
const scripts = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^( *)```(?:sh|bash)\n([\s\S]*?)^ *```$/gm)].map(([, , text = '']) => ({
    page,
    text,
  })),
);

test('every shell block is one that bash can read, and every JSON block is JSON', () => {
  expect(scripts.length).toBeGreaterThan(15);
  const broken = scripts.flatMap(({ page, text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    return status === 0 ? [] : [{ page, text, stderr }];
  });
  expect(broken).toEqual([]);
  for (const page of PAGES)
    for (const [, text = ''] of readFileSync(page, 'utf8').matchAll(/^```json\n([\s\S]*?)^```$/gm))
      expect(() => JSON.parse(text)).not.toThrow();
});

test('there are blocks to read', () => {
  expect(blocks.length).toBeGreaterThan(12);
});

/** https://github.com/gjtorikian/html-pipeline: letters, digits, `-` and `_` of a heading, spaces as `-`, the second of a kind with `-1`; and the ids of `<a>`. */
function anchorsIn(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const plain = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const titles = [...plain.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const numbered = titles.map((title, at) => {
    const before = titles.slice(0, at).filter((one) => one === title).length;
    return before === 0 ? title : `${title}-${before}`;
  });
  return [...numbered, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

const leads = (file: string, anchor: string | undefined): boolean =>
  existsSync(file) && (anchor === undefined || (file.endsWith('.md') && anchorsIn(file).includes(anchor)));

/** What is in the repository beside what is made or installed. */
const FILES = [
  ...readdirSync('.').filter((file) => /\.(?:md|ya?ml)$/.test(file)),
  ...['.github', 'bench', 'conformance', 'docs', 'examples', 'scripts', 'simulator', 'src'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:md|ya?ml|ts|json)$/.test(file))
      .map((file) => join(folder, file)),
  ),
];
const MARKDOWN = FILES.filter((file) => file.endsWith('.md'));

test.each(MARKDOWN)('%s: every link to a file and a heading leads somewhere', (page) => {
  const text = readFileSync(page, 'utf8').replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:href|src)="([^"]+)"/g)];
  const broken = links.flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    return leads(path === '' ? page : join(dirname(page), path), anchor) ? [] : [target];
  });
  expect(broken).toEqual([]);
});

/** A file of the repository in a message, a description or a comment: `docs/tasks.md`, `examples/rollback.yml`, `docs/ecr.md#scan`. */
const NAMED = /(?<![\w./-])((?:docs|examples|scripts|simulator|conformance)\/[\w/-]+\.\w+|[A-Z]+\.md)(#[\w-]+)?/g;
/** Names in the changelog and in examples of a user's repository. */
const ELSEWHERE: readonly string[] = ['docs/first-deploy.md', 'docs/first-deployment.md'];

test('every file and heading that a message, a description or a comment names is there', () => {
  const named = FILES.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(NAMED)].map(([, path = '', anchor]) => ({
      file,
      path,
      anchor: anchor?.slice(1),
    })),
  );
  expect(named.length).toBeGreaterThan(150);
  const isTest = (path: string): boolean => existsSync(join('__tests__', `${path}.test.ts`));
  const broken = named.filter(({ path, anchor }) => !ELSEWHERE.includes(path) && !leads(path, anchor) && !isTest(path));
  expect(broken).toEqual([]);
});

test('every page of a failure and every entry of a cause is there', () => {
  const run = {
    ...RUN,
    serverUrl: 'https://github.com',
    action: { repository: 'acme/ecs-rollout', ref: 'v1' },
  };
  const topics = [...Object.keys(FAILURE_PAGES), ...Object.values(ENTRIES).flatMap((ids) => ids.split(' '))];
  expect(topics.length).toBeGreaterThan(200);
  const broken = topics.filter((topic) => {
    const [, path = '', anchor] =
      /^https:\/\/github\.com\/acme\/ecs-rollout\/blob\/v1\/([^#]+)(?:#(.+))?$/.exec(docsLink(topic, run) ?? '') ?? [];
    return !leads(path, anchor);
  });
  expect(broken).toEqual([]);
});

test('the index has every page', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const pages = readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.filter((page) => !index.includes(`(${page})`))).toEqual([]);
});
