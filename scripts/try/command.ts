/** A step of a workflow, run as it stands against a simulated AWS account: what `npm run try` does and prints. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyInputs, BuildOnlyInputs } from '../../src/inputs/types.ts';
import { readNamedFile, readOptions, WORKFLOW_FILE } from '../command-line.ts';
import type { WarmAction } from '../run-action.ts';
import { COLOUR, RunnerLog } from '../runner-log.ts';
import { eventsOf, type RunEvent, refFacts } from '../workflow/events.ts';
import {
  type Assumption,
  environmentOf,
  fill,
  givenOf,
  type RunFacts,
  UNKNOWN_REPOSITORY,
  unusedGiven,
} from '../workflow/fill.ts';
import { withHome } from '../workflow/home.ts';
import { defaultInputs, readStep } from '../workflow/inputs.ts';
import { eventFor, missingPermissions, type Problem, problemsOf } from '../workflow/problems.ts';
import { gitFacts, rootOf } from '../workflow/repository.ts';
import { type ActionStep, migratedStepsIn, outermost, stepsIn, whyNoStep } from '../workflow/steps.ts';
import { variantsOf } from '../workflow/variants.ts';
import { runTrial, type TimedCall } from './account.ts';
import { conversionLines } from './conversion.ts';
import { pageOf } from './page.ts';
import { missingSources } from './stand-ins.ts';
import { BREAKS, type Break, CONTROLLERS } from './trial.ts';

const HELP = `Usage: npm run -s try -- WORKFLOW.yml [options]

Runs the step of the workflow that uses this action: the same bundle as on GitHub, with the step's inputs, against a
simulated AWS account that has what the task definition refers to. Nothing is built, and nothing leaves this machine.
It prints the log and writes a page with the summary, the log and every AWS call. Time is simulated.
A workflow with the official actions or \`aws ecs update-service\` is run as the step that takes their place.
Reusable workflows (\`uses: ./.github/workflows/...\`) and composite actions of the same repository are followed.

  --break KIND            what fails:
${Object.entries(BREAKS)
  .map(([kind, what]) => `                            ${kind.padEnd(9)} ${what}`)
  .join('\n')}
  --service NAME          the service that fails, where the step deploys several (default: the last one; of tasks and checks, all)
  --controller NAME       what deploys the services, CODE_DEPLOY or ECS (default: CODE_DEPLOY with inputs \`codedeploy-...\`)
  --new                   the services of a step with \`service-definition\` or \`express\` do not exist yet: it creates them
  --step N                the Nth step that uses this action, where the workflow has several
  --set PATH=VALUE        value of an expression, such as --set inputs.environment=production; may be given more than once
  --task-definition FILE  for steps that name no file, or one that is not there
  --html FILE             where to write the page (default: a temporary file)
  --no-open               do not open the page in a browser
  --help                  this text`;

/** Where it prints. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
  /** Takes colours. */
  readonly colours: boolean;
  /** The process in which the bundle runs, where several commands share one. */
  readonly warm?: WarmAction;
}

/**
 * @param args the words behind `npm run try --`
 * @returns the exit code: of the step, or 2 where it cannot be run
 */
export async function tryCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await tryStep(args, terminal);
  } catch (thrown) {
    terminal.error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  }
}

async function tryStep(args: readonly string[], { write, colours, warm }: Terminal): Promise<number> {
  const print = (line: string): void => write(`${line}\n`);
  const bold = (text: string): string => (colours ? `\u001b[1m${text}\u001b[0m` : text);
  const { values, positionals } = readOptions('try', {
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      break: { type: 'string' },
      service: { type: 'string' },
      controller: { type: 'string' },
      new: { type: 'boolean', default: false },
      step: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      'task-definition': { type: 'string' },
      html: { type: 'string' },
      open: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new Error(
      'Give one workflow file: npm run -s try -- .github/workflows/deploy.yml. All options: npm run -s try -- --help',
    );
  const kind = (Object.keys(BREAKS) as Break[]).find((one) => one === values.break);
  if (values.break !== undefined && kind === undefined)
    throw new Error(`--break takes one of ${Object.keys(BREAKS).join(', ')}, not "${values.break}".`);
  const controller = CONTROLLERS.find((one) => one === values.controller);
  if (values.controller !== undefined && controller === undefined)
    throw new Error(`--controller takes one of ${CONTROLLERS.join(', ')}, not "${values.controller}".`);
  readNamedFile(file, WORKFLOW_FILE);
  const root = rootOf(file);
  const used = stepsIn(file, root);
  const steps = used.length > 0 ? used : migratedStepsIn(file, root);
  const step = chosen(steps, { number: values.step, file, root, print });
  // Before what may stop this run: a value that is not known.
  const isCalled = step.workflow.file !== file;
  print(bold(`${file}${isCalled ? `: ${relative(root, step.workflow.file)}` : ''}, line ${step.line}: ${step.title}`));
  for (const line of conversionLines(file, { steps, root })) print(line);
  const git = gitFacts(root);
  const own = new Map(values.set.map(givenOf));
  const unused = unusedGiven(own, { steps: [step], text: readFileSync(file, 'utf8') });
  const { triggers } = outermost(step).workflow;
  const asksForInputs = [...own.keys()].some((path) => path.startsWith('inputs.')) && 'workflow_dispatch' in triggers;
  const wanted = new Map([...(asksForInputs ? [['github.event_name', 'workflow_dispatch'] as const] : []), ...own]);
  const events = eventsOf(triggers, git, wanted);
  const factsOf = (event: RunEvent | undefined): RunFacts => ({
    github: git,
    asOnGithub: true,
    given: new Map([...choicesFor(event, step), ...(event?.facts ?? []), ...own]),
  });
  const event = eventFor(step, events, factsOf);
  const known = factsOf(event);
  const { given } = known;
  const facts = withHome(step, known, { root, taskDefinition: values['task-definition'] });
  const { inputs, assumptions } = fill(step, facts);
  const { env, madeUpRegion } = environmentOf(step, facts, inputs);
  const set = [...given].flatMap(([path, value]) => (path.startsWith('github.') ? [[path.slice(7), value]] : []));
  const github = {
    ...git,
    workflow: step.workflow.name,
    job: step.job,
    ...actionOf(step.uses),
    ...Object.fromEntries(set),
  };
  if (event) print(eventLine(event, events, given));
  for (const line of assumptionLines(assumptions, own)) print(line);
  for (const line of otherVariants(step, given, assumptions)) print(line);
  const parsed = readStep(inputs, env, github);
  for (const line of unused) print(`  Warning: ${line}`);
  const problems = [
    ...(event ? problemsOf(step, { facts, event, inputs, readsFiles: readsFiles(inputs, parsed) }) : []),
    ...(await missingFiles(step, { file, root, inputs: parsed ?? [], madeUp: assumptions.filter(isMadeUp) })),
  ];
  for (const { kind, text } of problems)
    print(kind === 'fails' ? `  On GitHub this fails: ${text}` : `  Warning: ${text}`);
  const failing = problems.filter(({ kind }) => kind === 'fails');
  const builds = onlyBuilds(parsed);
  if (builds) {
    for (const line of buildLines(builds)) print(line);
    if (failing[0]) print(bold(`\nFails on GitHub: ${failing[0].text}`));
    return failing.length > 0 ? 1 : 0;
  }
  if (madeUpRegion !== undefined)
    print(
      `  AWS_REGION = ${madeUpRegion} (assumed: a step before this one sets it, to a value that only a run knows; --set env.AWS_REGION=... gives another)`,
    );
  if (!values['task-definition'] && !needsNoFile(inputs, parsed))
    print('  The step names no task definition file: a small one on Fargate; --task-definition FILE gives yours.');
  const run = await runTrial({
    // The default of `github-token` is an expression, which the runner fills.
    inputs: { ...defaultInputs(), ...(git.token ? { 'github-token': git.token } : {}), ...inputs },
    madeUp: new Set(assumptions.filter(isMadeUp).map(({ input }) => input)),
    env,
    github,
    root,
    workflow: file,
    missingPermissions: missingPermissions(step),
    taskDefinition: values['task-definition'] && resolve(values['task-definition']),
    break: kind,
    breakService: values.service,
    controller,
    isNew: values.new,
    warm,
    onChange: (change) => print(`  ${change}`),
    onText: new RunnerLog((text) => write(colours ? localLinks(text) : localLinks(text).replaceAll(COLOUR, ''))).add,
  });
  const calls = callLines(run.calls);
  // Behind an error they would hide it: the page has them.
  if (!/^::error/m.test(run.log)) {
    print(bold(`\n${calls.length} different AWS calls`));
    for (const line of calls) print(line);
    print(bold('\nMade for this run, because your files name it; that it exists in your account is not checked'));
    for (const line of run.made) print(`  ${line}`);
  }
  const page = resolve(values.html ?? join(mkdtempSync(join(tmpdir(), 'ecs-rollout-try-')), 'summary.html'));
  mkdirSync(dirname(page), { recursive: true });
  const summary =
    run.summary === '' ? `The run wrote no summary; it ended with exit code ${run.exitCode}.` : run.summary;
  const plain = localLinks(run.log)
    .replaceAll(COLOUR, '')
    .replaceAll(/^::add-mask::.*\n/gm, '');
  writeFileSync(
    page,
    pageOf(`${step.workflow.name}: ${step.title}`, {
      summary: localLinks(summary),
      comments: run.comments.map(localLinks),
      sections: [
        ['Log', plain],
        ['AWS calls', calls.join('\n')],
        ['Made for this run', run.made.join('\n')],
      ],
    }),
  );
  const outcome = `${run.outputs.outcome ?? 'none'}, exit code ${run.exitCode}, after ${Math.round(run.seconds)} simulated seconds`;
  print(bold(failing.length === 0 ? `\nOutcome: ${outcome}` : `\n${failureLine(failing)} ${outcome}`));
  print(`Summary: ${page}`);
  if (run.comments.length > 0)
    print('Comment that the run writes on the pull request or the commit: on the same page, folded.');
  if (values.open) openInBrowser(page);
  return failing.length > 0 && run.exitCode === 0 ? 1 : run.exitCode;
}

const isMadeUp = ({ source }: Assumption): boolean => source === 'made up';

/** Of a step that builds and does nothing else; undefined where another mode, or a mistake, is in it. */
function onlyBuilds(parsed: readonly AnyInputs[] | undefined): BuildOnlyInputs | undefined {
  const [first] = parsed ?? [];
  return first?.mode === 'build' ? first : undefined;
}

/** What the step would do, which needs a builder and a registry. */
function buildLines({ image: { build } }: BuildOnlyInputs): string[] {
  const { repository, context, file, platforms, tags, byDigest } = build;
  const of = platforms.length > 0 ? ` for ${platforms.join(', ')}` : '';
  const as = byDigest ? 'without a tag' : `as ${tags.join(', ')}`;
  return [
    `  Not run: \`mode: build\` needs a builder and a registry, and this command builds nothing. It has checked the inputs and the files that they name.`,
    `  On GitHub the step builds the context ${context}${file === undefined ? '' : ` with ${file}`}${of} and pushes it to ${repository} ${as}.`,
    '  A step that deploys runs here with an empty image in the place of this one; `npm run demo` shows a build.',
  ];
}

/** Files of the build that are not there. A step before this one may make them, and a workflow outside of .github may begin its paths elsewhere. */
async function missingFiles(
  { site, caller, workflow }: ActionStep,
  {
    file,
    root,
    inputs,
    madeUp,
  }: {
    readonly file: string;
    readonly root: string;
    readonly inputs: readonly AnyInputs[];
    readonly madeUp: readonly Assumption[];
  },
): Promise<Problem[]> {
  const images = inputs.flatMap((one) => ('image' in one && one.image.kind === 'build' ? [one.image] : []));
  const [image] = images;
  const unknown = new Set(madeUp.map(({ input }) => input));
  if (!image || unknown.has('context')) return [];
  const found = await missingSources(image, root);
  // One that is only called, also from other repositories, has the files of its caller.
  const isOnlyCalled = caller === undefined && workflow.events.every((event) => event === 'workflow_call');
  const isCertain =
    /[\\/]\.github[\\/]/.test(resolve(file)) &&
    site.makesFiles === false &&
    caller?.site.makesFiles !== true &&
    !isOnlyCalled;
  return found.flatMap(({ subject, text }) =>
    unknown.has(subject)
      ? []
      : [
          isCertain
            ? { kind: 'fails', text }
            : {
                kind: 'warning',
                text: `${text} (Unless a step of the job makes it, or ${isOnlyCalled ? 'the repository that calls this workflow has it' : `paths begin elsewhere than in ${root}`}.)`,
              },
        ],
  );
}

/** The first of what the workflow offers; a push and other events have no inputs, nor their defaults. */
function choicesFor(event: RunEvent | undefined, step: ActionStep): (readonly [string, string])[] {
  const [first = []] = variantsOf(step);
  const { triggers, isAction } = outermost(step).workflow;
  const hasInputs = event === undefined || event.name === 'workflow_dispatch' || isAction || !(event.name in triggers);
  return [...first].filter(([path]) => hasInputs || step.caller !== undefined || !path.startsWith('inputs.'));
}

const failureLine = ([first, ...more]: readonly Problem[]): string =>
  `Outcome: fails on GitHub, exit code 1: ${first?.text ?? ''}${more.length > 0 ? ` (and ${more.length} more, above the log)` : ''}\nWith that fixed:`;

/** As what the step runs, and how another run is chosen. */
function eventLine(event: RunEvent, events: readonly RunEvent[], given: ReadonlyMap<string, string>): string {
  const [[, ref = ''] = []] = refFacts(given.get('github.ref') ?? '');
  const others = events.flatMap(({ name }) => (name === event.name ? [] : [name]));
  const another = ref.startsWith('refs/tags/') ? 'refs/tags/v2.0.0' : 'refs/heads/BRANCH';
  const ways = [
    ...(event.name.startsWith('pull_request') ? [] : [`--set github.ref=${another}`]),
    ...others.map((name) => `--set github.event_name=${name}`),
  ];
  return `  Runs as ${event.title}${ways.length > 0 ? `. Another run: ${ways.join(', ')}` : '.'}`;
}

/** Whether it needs the repository: a file that an input names, or the context of a build. */
const readsFiles = (inputs: Readonly<Record<string, string>>, parsed: readonly AnyInputs[] | undefined): boolean =>
  ['task-definition', 'service-definition', 'codedeploy-appspec'].some((name) => inputs[name]?.trim()) ||
  (parsed ?? []).some(
    (one) =>
      ('template' in one && one.template.source.kind === 'file') ||
      ('image' in one && one.image.kind === 'build' && !/^(?:https?|git|ssh):|^git@/.test(one.image.build.context)),
  );

/** Whether the step has a file, or none because ECS makes the task definition of an Express Mode service, and a daemon starts from its own. */
const needsNoFile = (inputs: Readonly<Record<string, string>>, parsed: readonly AnyInputs[] | undefined): boolean =>
  ['task-definition', 'services'].some((name) => inputs[name]?.trim()) ||
  (parsed ?? []).some((one) => one.mode === 'daemon' || ('service' in one && one.service.express !== undefined));

/** The repository and the ref that the runner passes on; a step that uses a placeholder or a path shows this clone's pages. */
function actionOf(uses: string): { readonly action_repository: string; readonly action_ref: string } {
  const [, repository = '', ref = ''] = /^([\w.-]+\/[\w.-]+)[^@]*@(.+)$/.exec(uses) ?? [];
  return repository === '' || repository.startsWith('OWNER/')
    ? { action_repository: CLONE, action_ref: 'clone' }
    : { action_repository: repository, action_ref: ref };
}
const CLONE = 'OWNER/ecs-rollout';

/** Pages of a copy whose owner is not known are those of this clone. */
const localLinks = (text: string): string =>
  text
    .replaceAll(`https://github.com/${CLONE}/blob/clone/`, `${pathToFileURL(join(import.meta.dirname, '../..')).href}/`)
    .replaceAll(OF_NOWHERE, (_, name: string) => name);

/** Commits and runs of a repository that no remote names have no page. */
const OF_NOWHERE = new RegExp(`<a href="https://github\\.com/${UNKNOWN_REPOSITORY}/[^"]*">(.*?)</a>`, 'g');

/** The other combinations of the matrix and choices of the workflow. */
function otherVariants(
  step: ActionStep,
  given: ReadonlyMap<string, string>,
  assumptions: readonly Assumption[],
): string[] {
  const names = new Map<string, Set<string>>();
  for (const variant of variantsOf(step))
    for (const [path, value] of variant) names.set(path, (names.get(path) ?? new Set()).add(value));
  const used = [...names].filter(
    ([path]) =>
      !/^github\.(?:ref|event_name)/.test(path) &&
      (assumptions.some((one) => one.path === path) || /^(?:matrix|inputs)\./.test(path)),
  );
  return used.flatMap(([path, values]) => {
    const others = [...values].filter((value) => value !== given.get(path));
    return others.length === 0
      ? []
      : [
          `  ${path} can also be ${others.join(', ')}: --set ${/[\s$]/.test(others[0] ?? '') ? `'${path}=${others[0]}'` : `${path}=${others[0]}`}`,
        ];
  });
}

/** A step that only builds shows nothing without Docker, so one that deploys goes first. */
function chosen(
  steps: readonly ActionStep[],
  {
    number,
    file,
    root,
    print,
  }: {
    readonly number: string | undefined;
    readonly file: string;
    readonly root: string;
    readonly print: (line: string) => void;
  },
): ActionStep {
  const list = steps.map(
    (step, i) =>
      `  ${i + 1}  line ${step.line}${step.workflow.file === file ? '' : ` of ${relative(root, step.workflow.file)}`}, job ${step.job}: ${step.title}${step.with.mode ? ` (mode ${step.with.mode})` : ''}`,
  );
  if (number !== undefined) {
    const found = steps[Number(number) - 1];
    if (found) return found;
    throw new Error(
      `--step ${number}: ${file} has ${steps.length === 1 ? '1 step that uses' : `${steps.length} steps that use`} this action:\n${list.join('\n')}`,
    );
  }
  const [first] = steps.filter((step) => step.with.mode !== 'build');
  const step = first ?? steps[0];
  if (!step) throw new Error(whyNoStep(file, { root, command: 'try' }));
  if (steps.length > 1) {
    const are =
      step.replaces === undefined ? 'steps use this action' : 'steps would use this action, all printed below';
    print(`${steps.length} ${are}; --step chooses the one to run:\n${list.join('\n')}`);
  }
  return step;
}

const SOURCES = {
  given: '--set',
  git: 'git',
  workflow: 'the workflow',
  'left out': 'optional, without a default; --set gives it a value',
  'made up': 'made up: only GitHub knows it; --set gives it a value',
  missing: 'nothing gives it a value',
  'of another event': 'the expression has another value for it',
};

/** @param own paths that the user gave; other given ones are a choice that the workflow offers */
function assumptionLines(assumptions: readonly Assumption[], own: ReadonlyMap<string, string>): string[] {
  const different = new Map(assumptions.map((one) => [`${one.path} ${one.value}`, one]));
  return [...different.values()].map(({ path, value, source, why, hasOther }) => {
    if (why !== undefined && !hasOther) return `  Warning: ${path} is empty on GitHub: ${why}.`;
    const from = source === 'given' && !own.has(path) ? 'workflow' : source;
    const [shown = ''] = value.split('\n');
    return `  ${path} ${shown === '' ? 'is empty' : `= ${shown}`} (${SOURCES[from]})`;
  });
}

/** One line for each operation and input of a change, and one for the reads of a kind. */
function callLines(calls: readonly TimedCall[]): string[] {
  const groups = Map.groupBy(calls, ({ service, operation }) => `${service}:${operation}`);
  return [...groups].map(([name, same]) => {
    const [first] = same;
    const times = same.length === 1 ? 'once' : `${same.length} times`;
    return `${String(Math.round(first?.seconds ?? 0)).padStart(5)} s  ${name}, ${times}`;
  });
}

/** Only where there is a desktop. */
function openInBrowser(page: string): void {
  const { platform, env } = process;
  if (env.CI || (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)) return;
  const [command, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  spawn(command ?? '', [...args, page], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
