import { lastPart } from '../arn.ts';
import { asFailure, Failure, type FailureCode } from '../failure.ts';
import { checkBuildSources } from '../image/checks.ts';
import type { Image } from '../image/image.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver } from '../image/resolve.ts';
import type { DaemonInputs } from '../inputs/types.ts';
import { type DaemonDeployment, type DaemonState, defined, type JsonObject, type TaskDefinition } from '../model.ts';
import type { DaemonRun, Progress } from '../outcome.ts';
import type { Daemons, World } from '../ports.ts';
import { daemonLine, judgeDaemon, removeUnused } from '../service/daemon.ts';
import { didYouMean } from '../spelling.ts';
import { withOwnTags } from '../tags.ts';
import { daemonMistakes } from '../taskdef/daemon.ts';
import { diffDefinitions, sameDefinition } from '../taskdef/diff.ts';
import { readTemplate } from '../taskdef/load.ts';
import { type Rendered, render } from '../taskdef/render.ts';
import type { Template } from '../taskdef/template.ts';
import { type DaemonIntent, saveDaemon } from './handover.ts';
import { pinImages, pinLines, staleWarnings } from './images.ts';
import { obtainChecked } from './registration.ts';
import { builtInsOf } from './run.ts';

const POLL_SECONDS = 10;
/** After a lost answer of UpdateDaemon, until the daemon shows the result. */
const LOOK_AFTER_SECONDS = [3, 6, 12];

interface DaemonWorld {
  readonly inputs: DaemonInputs;
  readonly world: World;
  readonly progress: Progress;
  readonly daemons: Daemons;
}

/** What the daemon runs before anything is changed. */
interface Current {
  readonly state: DaemonState;
  /** The newest deployment; absent where ECS shows none. */
  readonly deployment?: DaemonDeployment;
  /** ARN of the definition that the newest deployment brings, or brought. */
  readonly brought: string;
  /** ARN of the definition that is known to run; absent where none is. */
  readonly proven?: string;
  readonly settings: JsonObject;
  readonly capacityProviders: readonly string[];
}

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
  const current = await currentDaemon(within, caller);
  const { name } = current.state;
  progress.step(`${name} runs ${lastPart(current.proven ?? current.brought)}`);
  const template = file ?? (await loadDefinition(within, current));
  const builtIns = builtInsOf(inputs.aws, caller.accountId, world);
  const rendered = (image: Image | undefined): Rendered =>
    refuseWrong(render(template, inputs.template, { builtIns, ...defined({ image }) }), template.name);
  // A mistake ends the run before the build.
  rendered(inputs.image.kind === 'template' ? undefined : STAND_IN);

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
  const latest = same ? before : await daemons.newest(String(definition.family));
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
    ...defined({ previous: current.proven, image }),
  };
  const going = current.deployment && judgeDaemon(current.deployment).kind === 'going';
  const settings = changedConfiguration(inputs, current);
  if (current.brought === next && !settings && current.deployment?.status === 'SUCCESSFUL')
    return { ...facts, kind: 'unchanged', headline: `${name} runs ${lastPart(next)} already.` };
  const deployment =
    current.brought === next && going && current.deployment
      ? current.deployment.arn
      : await (reused ? begin : beginOrDelete)({ to: next, current }, within);
  progress.step(`rolling out ${lastPart(next)} (${lastPart(deployment)})`);
  if (!inputs.watch.wait)
    return {
      ...facts,
      kind: 'started',
      headline: `${lastPart(next)} is being rolled out; not waiting (\`wait-for-service-stability: false\`).`,
    };
  return settle({ facts, deployment, current, registered: !reused }, within);
}

/** So that an image that is still to be built is no mistake. */
const STAND_IN: Image = {
  reference: 'example.com/stand-in:latest',
  repository: 'example.com/stand-in',
  digest: `sha256:${'0'.repeat(64)}`,
  tags: ['latest'],
};

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
): Promise<Current> {
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
  const provenArn = source === target ? brought.taskDefinitionArn : proven?.taskDefinitionArn;
  return {
    state,
    brought: brought.taskDefinitionArn,
    settings: { ...brought.settings, ...configurationOf(deployment) },
    capacityProviders: [...new Set(state.revisions.flatMap(({ capacityProviders }) => capacityProviders))],
    ...defined({ deployment, proven: provenArn }),
  };
}

const configurationOf = (deployment: DaemonDeployment | undefined): JsonObject =>
  deployment && Object.keys(deployment.configuration).length > 0
    ? { deploymentConfiguration: deployment.configuration }
    : {};

async function findDaemon(name: string, cluster: string, daemons: Daemons): Promise<string> {
  const all = await daemons.list(cluster);
  const found = all.find((arn) => lastPart(arn) === name);
  if (found !== undefined) return found;
  const meant = didYouMean(name, all.map(lastPart));
  throw new Failure('NOT_FOUND', `The daemon ${name} does not exist in the cluster ${lastPart(cluster)}.`, {
    remedy: `${meant ? `Did you mean \`${meant}\`? ` : ''}Check the inputs \`daemon\`, \`cluster\` and \`aws-region\`; a daemon is created in your infrastructure code or with \`aws ecs create-daemon\`.`,
  });
}

async function loadDefinition({ inputs, daemons }: DaemonWorld, current: Current): Promise<Template> {
  const { arn, definition } = await daemons.definition(referenceOf(inputs.template.source, current));
  return { name: lastPart(arn), definition, tags: [], dropped: [] };
}

function referenceOf(source: DaemonInputs['template']['source'], { proven, brought }: Current): string {
  if (source.kind === 'family') return source.family;
  if (source.kind === 'arn') return source.arn;
  return proven ?? brought;
}

/** What the inputs set of the deployment and what the last one did not have. */
function changedConfiguration({ deployment }: DaemonInputs, { deployment: last }: Current): JsonObject | undefined {
  const now = last?.configuration ?? {};
  const changed = Object.entries(deployment).filter(
    ([member, value]) => JSON.stringify(value) !== JSON.stringify(now[member]),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
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
    if (REFUSED_CODES.includes(asFailure(thrown).code)) saveDaemon(undefined, world);
    throw thrown;
  }
}

const REFUSED_CODES: readonly FailureCode[] = ['ACCESS_DENIED', 'CREDENTIALS', 'NOT_FOUND', 'REFUSED', 'THROTTLED'];

interface Beginning {
  /** ARN of the definition. */
  readonly to: string;
  readonly current: Current;
}

/** The same with a definition of this run: it is deleted where the deployment does not begin. A cancelled run leaves that to post. */
async function beginOrDelete(beginning: Beginning, within: DaemonWorld): Promise<string> {
  const { world, daemons } = within;
  try {
    const deployment = await begin(beginning, within);
    saveDaemon(undefined, world);
    return deployment;
  } catch (thrown) {
    if (!world.signal.aborted) {
      const { to, current } = beginning;
      const deleted = await discard(to, world, () => removeUnused(to, current.state.arn, daemons));
      if (deleted) saveDaemon(undefined, world);
    }
    throw thrown;
  }
}

/**
 * UpdateDaemon, so that it happens once. It takes members that are not sent for their defaults ("If you don't specify a value, the tags
 * aren't propagated"), so what the daemon has is sent again.
 * @returns ARN of the deployment
 */
async function begin({ to, current }: Beginning, { inputs, world, daemons }: DaemonWorld): Promise<string> {
  const { state, settings, capacityProviders, deployment } = current;
  const configuration = { ...deployment?.configuration, ...inputs.deployment };
  const update = {
    daemonArn: state.arn,
    daemonTaskDefinitionArn: to,
    capacityProviderArns: capacityProviders,
    settings: {
      ...settings,
      ...(Object.keys(configuration).length > 0 ? { deploymentConfiguration: configuration } : {}),
    },
  };
  for (const pause of [...LOOK_AFTER_SECONDS, 0]) {
    try {
      return await daemons.update(update);
    } catch (thrown) {
      const { code } = asFailure(thrown);
      if (code === 'UNAVAILABLE' && pause > 0 && !world.signal.aborted) {
        await world.clock.sleep(pause, world.signal);
        const begun = await begunMeanwhile(to, current, daemons);
        if (begun !== undefined) return begun;
        continue;
      }
      throw thrown;
    }
  }
  throw new Failure('INTERNAL', 'UpdateDaemon was not sent.');
}

async function begunMeanwhile(
  to: string,
  { state, deployment }: Current,
  daemons: Daemons,
): Promise<string | undefined> {
  const { deploymentArn } = await daemons.describe(state.arn);
  if (deploymentArn === undefined || deploymentArn === deployment?.arn) return undefined;
  const { target } = await daemons.deployment(deploymentArn);
  const brings = target && (await daemons.revision(target.arn)).taskDefinitionArn;
  if (brings === to) return deploymentArn;
  throw new Failure(
    'CONFLICT',
    `Another deployment of ${state.name} began while UpdateDaemon was under way: ${lastPart(deploymentArn)}.`,
    { remedy: 'Let one deploy of a daemon run at a time (`concurrency`), and deploy again.' },
  );
}

/** @returns whether it is gone; that it stays is a warning */
async function discard(
  definition: string,
  { console }: Pick<World, 'console'>,
  remove: () => Promise<'deleted' | 'in-use'>,
): Promise<boolean> {
  try {
    if ((await remove()) === 'in-use') return false;
    console.line(`       ${lastPart(definition)} was deleted: it was made for this deployment and is not used`);
    return true;
  } catch (thrown) {
    console.warning(
      `${lastPart(definition)} was registered and is not used; it could not be deleted: ${asFailure(thrown).message}`,
    );
    return false;
  }
}

/** Of a deployment that failed: the newest deployment of the daemon still names it. */
const discardFailed = (definition: string, { world, daemons }: DaemonWorld): Promise<boolean> =>
  discard(definition, world, () => daemons.remove(definition).then(() => 'deleted'));

type Facts = Omit<DaemonRun, 'kind' | 'headline'>;

/** Follows the deployment to its end, and rolls back where ECS does not. */
async function settle(
  {
    facts,
    deployment,
    current,
    registered,
  }: {
    readonly facts: Facts;
    readonly deployment: string;
    readonly current: Current;
    readonly registered: boolean;
  },
  within: DaemonWorld,
): Promise<DaemonRun> {
  const { inputs, progress, daemons } = within;
  const name = lastPart(facts.revision);
  const end = await follow({ deployment, name }, within);
  switch (end.kind) {
    case 'succeeded': {
      const { deploymentArn } = await daemons.describe(facts.daemon);
      if (deploymentArn !== deployment)
        return { ...facts, kind: 'failed', headline: `A newer deployment took over: ${lastPart(deploymentArn)}.` };
      const without = end.without > 0 ? ` ${end.without} of the instances run without it, as it is not critical.` : '';
      const headline = `${name} runs on ${end.running} instance${end.running === 1 ? '' : 's'}.${without}`;
      return { ...facts, kind: 'deployed', headline };
    }
    case 'rolled-back': {
      if (registered && inputs.deregisterFailed) await discardFailed(facts.revision, within);
      const back = current.proven === undefined ? 'the revision before' : lastPart(current.proven);
      return { ...facts, kind: 'rolled-back', headline: `${name} failed: ${end.reason} ECS rolled back to ${back}.` };
    }
    case 'failed': {
      const { deploymentArn } = await daemons.describe(facts.daemon);
      const failed = `${name} failed: ${end.reason}`;
      if (deploymentArn !== deployment)
        return {
          ...facts,
          kind: 'failed',
          headline: `${failed} A newer deployment took over: ${lastPart(deploymentArn)}.`,
        };
      const { proven } = current;
      if (!inputs.rollbackOnFailure || proven === undefined || proven === facts.revision)
        return { ...facts, kind: 'failed', headline: `${failed} Nothing was rolled back.` };
      progress.step(`rolling back to ${lastPart(proven)} (UpdateDaemon)`);
      const again = await begin({ to: proven, current }, within);
      const restored = await follow({ deployment: again, name: lastPart(proven) }, within);
      if (restored.kind !== 'succeeded')
        return {
          ...facts,
          kind: 'failed',
          headline: `${failed} The rollback to ${lastPart(proven)} failed as well: ${restored.reason}`,
        };
      if (registered && inputs.deregisterFailed) await discardFailed(facts.revision, within);
      return { ...facts, kind: 'rolled-back', headline: `${failed} Rolled back to ${lastPart(proven)}.` };
    }
  }
}

type End =
  | { readonly kind: 'succeeded'; readonly running: number; readonly without: number }
  | { readonly kind: 'rolled-back' | 'failed'; readonly reason: string };

/** Polls the deployment: a line whenever something has changed. @throws Failure CANCELLED, or of a call */
async function follow(
  { deployment, name }: { readonly deployment: string; readonly name: string },
  { inputs, world, progress, daemons }: DaemonWorld,
): Promise<End> {
  const until = world.clock.now() + inputs.watch.timeoutSeconds;
  let shown = '';
  for (;;) {
    const now = await daemons.deployment(deployment).catch((thrown: unknown) => {
      throw unwatched(thrown, name);
    });
    const line = daemonLine(name, now);
    if (line === shown) progress.heartbeat(`${line}; gives up in ${Math.ceil((until - world.clock.now()) / 60)} min`);
    else progress.step(line);
    shown = line;
    const verdict = judgeDaemon(now);
    switch (verdict.kind) {
      case 'succeeded':
      case 'rolled-back':
      case 'failed':
        return verdict;
    }
    if (world.clock.now() >= until)
      return {
        kind: 'failed',
        reason: `It was not complete after ${Math.round(inputs.watch.timeoutSeconds / 60)} min (\`wait-for-minutes\`).`,
      };
    await world.clock.sleep(POLL_SECONDS, world.signal).catch((thrown: unknown) => {
      throw unwatched(thrown, name);
    });
  }
}

/** ECS continues: the error must not read as the end of the deployment. */
function unwatched(thrown: unknown, name: string): Failure {
  const failure = asFailure(thrown);
  return new Failure(failure.code, failure.message, {
    state: `ECS continues to roll out ${name}; the result is not watched.`,
    cause: failure.cause ?? failure,
    ...defined({ remedy: failure.remedy, api: failure.api }),
  });
}
