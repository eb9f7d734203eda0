/** A simulated account in which a step of a workflow can run as it stands, under virtual time, and what its run shows. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Call, Fault } from '../../simulator/wire/wire.ts';
import { homeOf } from '../../simulator/world/from-template.ts';
import { lastPart, parseArn } from '../../src/arn.ts';
import { regionOf } from '../../src/inputs/aws.ts';
import type { TaskInputs } from '../../src/inputs/types.ts';
import { defined } from '../../src/model.ts';
import { type ActionRun, runAction } from '../run-action.ts';
import { readStep } from '../workflow/inputs.ts';
import { Behaviours, cannotBreak } from './breaks.ts';
import { breakDaemon, daemonOf, seedDaemon } from './daemon.ts';
import { GithubStandIn, serve, tokenAt } from './github.ts';
import { accountLines, deployNext, foreignLogs, type Seeded, seed, settle, trust } from './seed.ts';
import { Checks, imageOf, ownNextStep, standIn } from './stand-ins.ts';
import { containerInFile, isFileMadeUp, smallDefinition, templateOf } from './templates.ts';
import type { Target, Trial } from './trial.ts';

export interface TrialRun extends ActionRun {
  readonly calls: readonly TimedCall[];
  /** Of the simulated run. */
  readonly seconds: number;
  /** What was made for the run, because the step or its task definition names it: `cluster production`. */
  readonly made: readonly string[];
  /** What the run would have written on the pull request or the commit. */
  readonly comments: readonly string[];
}

export interface TimedCall extends Call {
  readonly seconds: number;
}

const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '..', 'virtual-time.ts')).href;

/** Runs the step. @throws an error where AWS would refuse the task definition, or the step cannot be made to fail that way */
export async function runTrial(given: Trial): Promise<TrialRun> {
  const trial = withFile(given);
  const targets = targetsOf(trial);
  const mode = targets[0]?.inputs?.mode ?? (trial.inputs.mode || 'deploy').trim().toLowerCase();
  const named = targets.filter(({ service }) => service === trial.breakService);
  const [who, concerned] = named.length > 0 ? [trial.breakService, named] : [undefined, targets];
  const impossible = trial.break && cannotBreak(trial.break, mode, { targets: concerned, who });
  if (impossible) throw new Error(`--break ${trial.break}: ${impossible}`);
  const clock = new VirtualClock();
  const simulator = new Simulator(clock, { home: homeFor(trial, targets) });
  const { accountId, region, partition } = simulator.context;
  simulator.ecr.host = `${accountId}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;

  const seeded = await seedAll(simulator, targets, trial);
  const chosen = chosenOf(trial, seeded);
  const broken = brokenOf(trial, mode, chosen ?? seeded.slice(-1));
  const behaviours = new Behaviours(simulator, trial.break, {
    seeded,
    broken,
    tasks: chosen && tasksOf(chosen, targets),
  });
  settle(simulator);
  if (trial.isNew) for (const change of deleteDefined(simulator, { targets, seeded })) trial.onChange?.(change);
  for (const change of behaviours.beforeNext(mode)) trial.onChange?.(change);
  for (const one of seeded)
    await deployNext(simulator, one, { mode, registered: (revision) => behaviours.ofNext(one, revision, mode) });
  behaviours.begin();
  trust(simulator, { role: trial.inputs['role-to-assume'], audience: trial.inputs.audience });

  const start = clock.now();
  const calls: TimedCall[] = [];
  const record: Fault = (call) => {
    calls.push({ ...call, seconds: clock.now() - start });
    behaviours.onCall(call);
    breakDaemon(simulator, trial.break, call);
    return undefined;
  };
  simulator.wire.faults.push(record);
  // Not simulator.listen(): images keep the names that they have in ECR.
  const aws = await simulator.wire.listen(0);
  const time = await serve((url) => {
    const until = Number(url.searchParams.get('until')) / 1000;
    if (until > clock.now()) clock.advance(until - clock.now());
    return { now: Math.round(clock.now() * 1000) };
  });
  const fails = (target: Target | undefined): boolean =>
    trial.break === 'verify' && (chosen === undefined || chosen.some(({ name }) => name === target?.service));
  const checks = new Checks(fails);
  const stand = new GithubStandIn(trial.missingPermissions);
  const web = await serve((url, method, body) => {
    if (url.pathname === '/token') return { value: tokenAt(clock.now(), trial) };
    return url.pathname.startsWith('/check/') ? checks.answer(url) : stand.answer(url, method, body);
  });
  checks.address = web.address;
  const [first] = targets;
  const image = imageOf(simulator, first?.inputs, first ?? NOTHING);
  try {
    const { inputs, changes } = standIn(simulator, { trial, targets, seeded, image, checks });
    for (const change of changes) trial.onChange?.(change);
    for (const warning of new Set(seeded.flatMap((one) => foreignLogs(simulator, one)))) trial.onChange?.(warning);
    const made = accountLines(simulator, seeded);
    const shown = (text: string): string => ownNextStep(checks.shown(text), simulator, { trial, targets, image });
    const run = await runAction({
      inputs,
      cwd: trial.root,
      env: {
        ...trial.env,
        ...stand.environment(trial, web.address),
        NODE_OPTIONS: `--import ${VIRTUAL_TIME}`,
        NODE_NO_WARNINGS: '1',
        VIRTUAL_TIME: time.address,
        AWS_ENDPOINT_URL: aws.endpoint,
        // For a step without a role; configure-aws-credentials would set them.
        AWS_ACCESS_KEY_ID: 'SIMULATED',
        AWS_SECRET_ACCESS_KEY: 'simulated',
      },
      ...defined({ warm: trial.warm }),
      timeoutSeconds: 300,
      onText: (text) => trial.onText?.(shown(text)),
    });
    return {
      ...run,
      log: shown(run.log),
      summary: shown(run.summary),
      calls,
      made,
      seconds: clock.now() - start,
      comments: stand.comments.map(shown),
    };
  } finally {
    stand.close();
    await Promise.all([aws.close(), time.close(), web.close()]);
  }
}

/** With a small task definition in the place of a file whose name only a run on GitHub knows, and a container that the file has. */
function withFile(trial: Trial): Trial {
  const container = containerInFile(trial);
  if (container !== undefined) {
    const { 'container-name': name } = trial.inputs;
    trial.onChange?.(
      `container-name: ${container}, the first one of the file, in place of ${name}, which only a run on GitHub knows`,
    );
    return { ...trial, inputs: { ...trial.inputs, 'container-name': container } };
  }
  if (!isFileMadeUp(trial)) return trial;
  const inputs = readStep(trial.inputs, trial.env, trial.github)?.[0];
  const file = join(mkdtempSync(join(tmpdir(), 'ecs-rollout-try-')), 'task-definition.json');
  writeFileSync(file, smallDefinition(inputs, inputs && 'template' in inputs ? inputs.template : undefined));
  trial.onChange?.(
    `task-definition: a small one on Fargate in place of ${trial.inputs['task-definition']}, which only a run on GitHub knows; --task-definition FILE gives yours`,
  );
  return { ...trial, taskDefinition: file };
}

/** The services that the step would create: their roles, target groups and the like are there, and they are not. */
function deleteDefined(
  simulator: Simulator,
  { targets, seeded }: { readonly targets: readonly Target[]; readonly seeded: readonly Seeded[] },
): string[] {
  const creates = ({ inputs }: Target): boolean =>
    inputs !== undefined &&
    (('serviceDefinition' in inputs && inputs.serviceDefinition !== undefined) ||
      ('service' in inputs && inputs.service.express?.create === true));
  const created = seeded.filter(({ name }) => targets.some((one) => one.service === name && creates(one)));
  if (created.length === 0)
    throw new Error('--new: the step has no `service-definition` or `express`, without which it creates no service.');
  for (const { cluster, name } of created) simulator.call('DeleteService', { cluster, service: name, force: true });
  settle(simulator);
  return created.map(({ name }) => `${name}: does not exist yet`);
}

const NOTHING: Target = { cluster: '', service: '', inputs: undefined, template: { file: '', text: '' } };

/** One for each service of the step. */
function targetsOf(trial: Trial): Target[] {
  const { inputs: given } = trial;
  const step = readStep(given, trial.env, trial.github);
  if (step === undefined)
    return [
      {
        cluster: lastPart(given.cluster) || 'default',
        service: lastPart(given.service) || '',
        inputs: undefined,
        template: templateOf(undefined, trial),
      },
    ];
  return step.map((inputs): Target => {
    const place = 'service' in inputs ? inputs.service : inputs.mode === 'daemon' ? { cluster: inputs.cluster } : {};
    const { cluster = given.cluster, service = '' }: { cluster?: string; service?: string } = place;
    return {
      // `mode: register` has no service, and its schedules run in a cluster.
      cluster: lastPart(cluster) || 'default',
      service: lastPart(service) || '',
      inputs,
      template: templateOf(inputs, trial),
    };
  });
}

/** The account and Region of the step, else those that its task definitions name. */
function homeFor({ inputs, env }: Trial, targets: readonly Target[]): ReturnType<typeof homeOf> {
  const account = parseArn(inputs['role-to-assume'] ?? '')?.account ?? parseArn(inputs.service ?? '')?.account;
  const region = regionOf(inputs['aws-region'], env);
  return {
    ...homeOf(targets.map(({ template }) => template.text).join('\n')),
    ...(account ? { accountId: account } : {}),
    ...(region ? { region, partition: partitionOf(region) } : {}),
  };
}
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** An image is named by the step, and each service begins with the one before it. */
async function seedAll(
  simulator: Simulator,
  targets: readonly Target[],
  { root, github, controller, onChange }: Trial,
): Promise<Seeded[]> {
  const seeded: Seeded[] = [];
  for (const target of targets) {
    const image = imageOf(simulator, target.inputs, target).before;
    const daemon = daemonOf(target);
    if (daemon) {
      seedDaemon(simulator, daemon, image);
      continue;
    }
    seeded.push(await seed(simulator, target, { image, root, github, controller, onChange }));
  }
  return seeded;
}

/** The service that the user names; undefined where it is none. */
function chosenOf({ breakService: name, inputs }: Trial, seeded: readonly Seeded[]): readonly Seeded[] | undefined {
  if (name === undefined) return undefined;
  const found = seeded.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new Error(
    `--service ${name}: the step deploys ${inputs.services ? seeded.map((one) => one.name).join(', ') : (seeded[0]?.name ?? 'no service')}.`,
  );
}

/** Those whose tasks are to fail; none where a one-off task or a check fails. */
const brokenOf = ({ break: kind }: Trial, mode: string, services: readonly Seeded[]): readonly Seeded[] =>
  kind === undefined || kind === 'task' || kind === 'verify' || mode === 'task' ? [] : services;

/** One-off tasks around the deployment of these services. */
const tasksOf = (chosen: readonly Seeded[], targets: readonly Target[]): readonly TaskInputs[] =>
  targets.flatMap(({ service, inputs }) =>
    inputs && 'tasks' in inputs && chosen.some(({ name }) => name === service)
      ? [...inputs.tasks.before, ...inputs.tasks.after]
      : [],
  );
