import { familyAndNumber, lastPart, placeOf } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import { checkBuildSources } from '../image/build-checks.ts';
import type { Image } from '../image/image.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver } from '../image/resolve.ts';
import type { DaemonInputs } from '../inputs/types.ts';
import {
  type DaemonDefinition,
  type DaemonDeployment,
  defined,
  type JsonObject,
  type TaskDefinition,
} from '../model.ts';
import type { DaemonRun } from '../outcome.ts';
import type { Daemons } from '../ports.ts';
import { REJECTED_CODES } from '../service/apply.ts';
import { changedConfiguration, judgeDaemon } from '../service/daemon.ts';
import { whatExists } from '../spelling.ts';
import { withOwnTags } from '../tags.ts';
import { daemonMistakes } from '../taskdef/daemon.ts';
import { diffDefinitions, sameDefinition } from '../taskdef/diff.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import { readTemplate } from '../taskdef/load.ts';
import { type Rendered, render, withIdle } from '../taskdef/render.ts';
import { secretValues } from '../taskdef/secret-values.ts';
import type { Template } from '../taskdef/template.ts';
import { begin, beginOrDelete, type CurrentDaemon, type DaemonWorld, endOfOther, settle } from './daemon-rollout.ts';
import { ownVariables, remarkSecrets, standIn } from './draft.ts';
import { type DaemonIntent, saveDaemon } from './handover.ts';
import { obtainChecked } from './image-checks.ts';
import { pinImages, pinLines, staleWarnings } from './images.ts';
import { builtInsOf } from './run.ts';

/**
 * `mode: daemon`: a commit to a managed daemon. The definition is rendered and registered, UpdateDaemon rolls it out instance by instance,
 * and its deployment is followed to a verdict.
 * @throws Failure NOT_FOUND, INVALID_TASK_DEFINITION, CONFLICT, or of a call
 */
export async function daemon(run: Omit<DaemonWorld, 'daemons'>): Promise<DaemonRun> {
  const { inputs, world, progress } = run;
  const { source } = inputs.template;
  const [file, daemons, caller] = await Promise.all([
    source.kind === 'file' ? readTemplate(source.path, world) : undefined,
    world.daemons(),
    world.identity.caller(),
    checkBuildSources(inputs.image, world.files),
  ]);
  const within = { ...run, daemons };
  const current = await afterOther(await currentDaemon(within, caller), caller, within);
  const { name } = current.state;
  progress.step(`${name} runs ${lastPart(current.proven ?? current.brought)}`);
  const from = file ? undefined : await loadDefinition(within, current);
  const template: Template = file ?? templateOf(from);
  const builtIns = builtInsOf(inputs.aws, caller.accountId, world);
  const rendered = (image: Image | undefined): Rendered => {
    const filled = render(template, inputs.template, { builtIns, ...defined({ image }) });
    for (const secret of secretValues(filled.definition)) world.runner.mask(secret);
    return inUnits(refuseWrong(withIdle(filled, template.name), template.name));
  };
  // A mistake ends the run before the build.
  const draft = rendered(standIn(inputs, { partition: caller.partition, account: caller.accountId }));
  remarkSecrets(
    {
      name: template.name,
      definition: draft.definition,
      own: ownVariables(inputs.template),
      replaced: draft.replacedSecrets ?? [],
      of: 'daemon variable',
    },
    world,
  );

  const image = await obtainChecked({ inputs, world, progress }, []);
  const final = rendered(image);
  const written = final.definition as unknown as TaskDefinition;
  const overridden = new Set([
    ...inputs.template.images.map(([container]) => container),
    ...(image && final.container !== undefined ? [final.container] : []),
  ]);
  const resolver = createResolver(askingOnce(world.ecr), world.registries);
  const origin = { inputs, template, overridden, tags: final.tags };
  const images = await pinImages(written, origin, resolver);
  for (const line of pinLines(images)) progress.step(line);
  const definition = images.definition as unknown as JsonObject;
  const tags = withOwnTags(final.tags, world.runner.context, formatImageTags(images.tags));

  const before = await daemons.definition(current.brought);
  const same = sameDefinition(before.definition, definition);
  const differences = same ? [] : diffDefinitions(before.definition, definition);
  progress.diff(differences, lastPart(before.arn));
  if (!same) refuseBusy(current, within);
  // One that the inputs name is taken as it is, where nothing of it changes.
  const named = from?.status === 'ACTIVE' && sameDefinition(from.definition, definition) ? from : undefined;
  const latest = same ? before : (named ?? (await daemons.newest(String(definition.family))));
  const reused = latest?.status === 'ACTIVE' && sameDefinition(latest.definition, definition);
  world.signal.throwIfAborted();
  const intent = {
    daemon: current.state.arn,
    family: String(definition.family),
    ...defined({ newest: latest?.arn }),
  };
  const next = reused && latest ? latest.arn : await register({ definition, tags, intent }, within);
  progress.step(`${reused ? 'reusing' : 'registered'} ${lastPart(next)}`);
  const facts = {
    daemon: current.state.arn,
    revision: next,
    differences,
    warnings: staleWarnings(images),
    timeline: progress.timeline,
    diagnoses: [],
    ...defined({ previous: current.proven, image }),
  };
  const going = current.deployment && judgeDaemon(current.deployment).kind === 'going';
  const settings = changedConfiguration(inputs.deployment, current.deployment);
  if (current.brought === next && !settings && current.deployment?.status === 'SUCCESSFUL')
    return { ...facts, kind: 'unchanged', headline: `${name} runs ${lastPart(next)} already.` };
  const deployment =
    current.brought === next && going && !settings && current.deployment
      ? current.deployment.arn
      : await (reused ? begin : beginOrDelete)({ to: next, current, after: current.deployment?.arn }, within);
  progress.step(`rolling out ${lastPart(next)} (${lastPart(deployment)})`);
  if (!inputs.watch.wait)
    return {
      ...facts,
      kind: 'started',
      headline: `${lastPart(next)} is being rolled out; not waiting (\`wait-for-service-stability: false\`).`,
    };
  return settle({ facts, deployment, current, registered: !reused, definition: written }, within);
}

/** "It can be expressed as an integer using CPU units", and MiB: RegisterDaemonTaskDefinition takes no `0.5 vCPU`. */
function inUnits(rendered: Rendered): Rendered {
  const { cpu, memory } = rendered.definition;
  const sizes = defined({
    cpu: typeof cpu === 'string' ? (cpuUnits(cpu)?.toString() ?? cpu) : cpu,
    memory: typeof memory === 'string' ? (memoryMib(memory)?.toString() ?? memory) : memory,
  });
  return { ...rendered, definition: { ...rendered.definition, ...sizes } };
}

function refuseWrong(rendered: Rendered, name: string): Rendered {
  const mistakes = [...rendered.mistakes, ...daemonMistakes(rendered.definition)];
  if (mistakes.length === 0) return rendered;
  throw new Failure(
    'INVALID_TASK_DEFINITION',
    `The daemon task definition ${name} is not right; nothing was changed.`,
    {
      mistakes,
    },
  );
}

async function currentDaemon(
  { inputs, daemons }: DaemonWorld,
  { partition, accountId }: { readonly partition: string; readonly accountId: string },
): Promise<CurrentDaemon> {
  const { cluster, daemon: named, aws } = inputs;
  const clusterArn = cluster.startsWith('arn:')
    ? cluster
    : `arn:${partition}:ecs:${aws.region}:${accountId}:cluster/${cluster}`;
  const arn = named.startsWith('arn:') ? named : await findDaemon(named, clusterArn, daemons);
  const state = await daemons.describe(arn);
  if (state.status !== 'ACTIVE')
    throw new Failure('CONFLICT', `The daemon ${state.name} is ${state.status}, so nothing can be deployed to it.`);
  const deployment = state.deploymentArn === undefined ? undefined : await daemons.deployment(state.deploymentArn);
  const [running] = state.revisions.toSorted((a, b) => b.running - a.running);
  const brings = deployment && ['going', 'succeeded'].includes(judgeDaemon(deployment).kind);
  const target = (brings ? deployment.target?.arn : undefined) ?? running?.arn;
  if (target === undefined) throw new Failure('CONFLICT', `The daemon ${state.name} has no revision.`);
  const source = deployment?.status === 'SUCCESSFUL' ? target : (deployment?.sources[0]?.arn ?? running?.arn);
  const [brought, proven] = await Promise.all([
    daemons.revision(target),
    source === undefined || source === target ? undefined : daemons.revision(source),
  ]);
  const providers = state.revisions.find(({ arn }) => arn === target)?.capacityProviders ?? [];
  const others = state.revisions.flatMap(({ capacityProviders }) => capacityProviders);
  const provenArn = source === target ? brought.taskDefinitionArn : proven?.taskDefinitionArn;
  return {
    state,
    brought: brought.taskDefinitionArn,
    settings: { ...brought.settings, ...configurationOf(deployment) },
    // Those of the revision that it is brought to; one that is only being left may have others.
    capacityProviders: [...new Set(providers.length > 0 ? providers : others)],
    ...defined({ deployment, proven: provenArn }),
  };
}

const isUnderWay = ({ deployment }: CurrentDaemon): boolean =>
  deployment !== undefined && ['going', 'rolling-back'].includes(judgeDaemon(deployment).kind);
const busyText = ({ deployment, state, brought }: CurrentDaemon): string =>
  `A deployment of ${state.name} is under way: ${lastPart(deployment?.arn)} with ${lastPart(brought)}.`;

/**
 * `on-active-deployment: wait`, before anything is made of what the daemon runs.
 * @throws Failure CONFLICT where the other deployment does not end in time
 */
async function afterOther(
  current: CurrentDaemon,
  caller: Parameters<typeof currentDaemon>[1],
  within: DaemonWorld,
): Promise<CurrentDaemon> {
  const { inputs, world } = within;
  if (!current.deployment || !isUnderWay(current)) return current;
  if (inputs.onActiveDeployment !== 'wait') {
    world.console.line(busyText(current));
    return current;
  }
  world.console.line(`${busyText(current)} Waiting for its end.`);
  await endOfOther(current.deployment.arn, `${busyText(current)} It did not end in time.`, within);
  return currentDaemon(within, caller);
}

/**
 * Whether a deployment of another definition is in the way; one of the same (a run that was killed) is followed.
 * @throws Failure CONFLICT with `on-active-deployment: fail`
 */
function refuseBusy(current: CurrentDaemon, { inputs, world }: DaemonWorld): void {
  if (!isUnderWay(current)) return;
  if (inputs.onActiveDeployment === 'fail')
    throw new Failure('CONFLICT', busyText(current), {
      remedy: 'Wait for it, or set `on-active-deployment: warn` to take its place.',
    });
  world.console.warning(`${busyText(current)} Ours takes its place.`);
}

const configurationOf = (deployment: DaemonDeployment | undefined): JsonObject =>
  deployment && Object.keys(deployment.configuration).length > 0
    ? { deploymentConfiguration: deployment.configuration }
    : {};

async function findDaemon(name: string, cluster: string, daemons: Daemons): Promise<string> {
  const all = await daemons.list(cluster);
  const found = all.find((arn) => lastPart(arn) === name);
  if (found !== undefined) return found;
  const near = whatExists(name, all.map(lastPart), { owner: 'The cluster', plural: 'daemons' });
  throw new Failure(
    'NOT_FOUND',
    `The daemon ${name} does not exist in the cluster ${lastPart(cluster)}${placeOf(cluster)}.`,
    {
      remedy: `${near} Check the inputs \`daemon\`, \`cluster\` and \`aws-region\`; a daemon is created in your infrastructure code or with \`aws ecs create-daemon\`.`,
    },
  );
}

async function loadDefinition({ inputs, daemons }: DaemonWorld, current: CurrentDaemon): Promise<DaemonDefinition> {
  const reference = referenceOf(inputs.template.source, current);
  return daemons.definition(reference).catch((thrown: unknown) => {
    const failure = asFailure(thrown);
    // ECS says "Unable to describe", and not what is wrong.
    if (failure.code !== 'REFUSED' && failure.code !== 'NOT_FOUND') throw failure;
    // What the daemon runs is of the family that is most often meant.
    const { family } = familyAndNumber(current.brought);
    const { family: wanted } = familyAndNumber(reference);
    const near =
      family === wanted
        ? `The daemon runs \`${lastPart(current.brought)}\`.`
        : whatExists(wanted, [family], { owner: 'The daemon', plural: 'families' });
    const place = placeOf(reference) || placeOf(current.state.arn);
    throw new Failure(
      'NOT_FOUND',
      `The daemon task definition ${lastPart(reference)} does not exist${place}, or is deleted.`,
      {
        cause: failure,
        remedy: `${near} Check \`task-definition-family\` or \`task-definition-arn\`; without both, the step starts from what the daemon runs.`,
      },
    );
  });
}

const templateOf = (from: DaemonDefinition | undefined): Template => ({
  name: lastPart(from?.arn),
  definition: from?.definition ?? {},
  tags: [],
  dropped: [],
});

function referenceOf(source: DaemonInputs['template']['source'], { proven, brought }: CurrentDaemon): string {
  if (source.kind === 'family') return source.family;
  if (source.kind === 'arn') return source.arn;
  return proven ?? brought;
}

/** Announced before: whatever happens to main, post deletes what it registered and did not deploy. @returns ARN */
async function register(
  {
    definition,
    tags,
    intent,
  }: {
    readonly definition: JsonObject;
    readonly tags: Parameters<Daemons['register']>[1];
    readonly intent: DaemonIntent;
  },
  { world, daemons }: DaemonWorld,
): Promise<string> {
  saveDaemon(intent, world);
  try {
    const registered = await daemons.register(definition, tags);
    saveDaemon({ ...intent, definition: registered }, world);
    return registered;
  } catch (thrown) {
    // After any other failure the definition may exist.
    if (REJECTED_CODES.includes(asFailure(thrown).code)) saveDaemon(undefined, world);
    throw thrown;
  }
}
