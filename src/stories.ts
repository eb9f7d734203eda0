import { asFailure, Failure } from './failure.ts';
import type { Image } from './image/image.ts';
import { inspectImage } from './image/inspect.ts';
import { publish } from './image/publish.ts';
import type { DeployInputs, Pairs, RunContext } from './inputs/types.ts';
import type { Outcome } from './outcome.ts';
import { Account } from './report/account.ts';
import { serviceLink } from './report/links.ts';
import { tellDifferences, tellHeader } from './report/live.ts';
import { outputsOf } from './report/outputs.ts';
import { apply, pinned } from './service/apply.ts';
import { checkService, planChange } from './service/change.ts';
import { restore } from './service/restore.ts';
import type { Deployment } from './service/snapshot.ts';
import { type Watched, watch } from './service/watch.ts';
import { checkArchitecture } from './taskdef/architecture.ts';
import { checked } from './taskdef/check.ts';
import { diffDefinitions } from './taskdef/diff.ts';
import { loadTemplate } from './taskdef/load.ts';
import { register } from './taskdef/register.ts';
import { type Rendered, render } from './taskdef/render.ts';
import type { Template } from './taskdef/template.ts';
import type { Revision, ServiceState, World } from './world.ts';

/** What is there before anything is changed. */
interface Survey {
  readonly service: ServiceState;
  readonly live: Revision;
  readonly template: Template;
  readonly fargate: boolean;
}

/** A commit, taken to a healthy service. */
export async function deploy(inputs: DeployInputs, world: World): Promise<Outcome> {
  const account = new Account(world);
  const [survey, image] = await together(world, (inner) => [
    surveyService(inputs, inner, account),
    obtainImage(inputs, inner, account),
  ]);
  const known = { ...(image ? { image } : {}), service: survey.service, previous: survey.live };
  publishOutputs(known, world);

  const rendered = renderFor(inputs, survey, world.runner.context, image);
  const definition = checked(rendered, survey.template.name, survey.fargate);
  refuseWrongArchitecture(rendered, survey, image);
  const latest = await latestRevision(definition.family, survey.live, world);
  const tags = [...rendered.tags, ...ownTags(world.runner.context)];
  const { revision, reused } = await register(definition, tags, latest, world.ecs);
  account.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  publishOutputs({ revision }, world);

  const differences = diffDefinitions(survey.live.definition, revision.definition);
  tellDifferences(world.console, differences, nameOf(survey.live));
  const facts = { ...known, revision, differences, warnings: [], diagnoses: [], timeline: account.moments };

  const change = planChange(inputs.service, revision.arn, survey.service);
  const deployment = await begin(
    inputs,
    change.update,
    { survey, revision, reused, waves: change.waves.sentence },
    world,
    account,
  );
  publishOutputs({ deployment }, world);
  if (!inputs.watch.wait)
    return { ...facts, deployment, kind: 'started', headline: `${deployment.id} began; nobody watches it.` };
  const watched = await watch(deployment, world, account.listener(deployment));
  return settle({ ...facts, deployment }, watched, change.update === undefined, inputs, world, account);
}

/** Runs side by side what can be; when one fails, the others are stopped and the first failure is what counts. */
async function together<A, B>(
  world: World,
  start: (world: World) => readonly [Promise<A>, Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController();
  const both = start({ ...world, signal: AbortSignal.any([world.signal, stop.signal]) });
  try {
    return await Promise.all(both);
  } catch (first) {
    stop.abort(new Failure('CANCELLED', 'Stopped, because another part of the run failed.'));
    await Promise.allSettled(both);
    throw first;
  }
}

async function surveyService(inputs: DeployInputs, world: World, account: Account): Promise<Survey> {
  const described = world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
  const present = described.then(async ([service]) => {
    if (!service) throw new Failure('NOT_FOUND', `There is no service ${inputs.service.service}.`);
    const waves = checkService(inputs.service, service);
    return { service, waves, revision: await world.ecs.describeTaskDefinition(service.taskDefinitionArn) };
  });
  const [{ service, waves, revision }, template] = await Promise.all([
    present,
    loadTemplate(inputs.template.source, async () => (await present).revision, world),
  ]);
  const fargate =
    service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
  const survey = { service, live: revision, template, fargate };
  // With a stand-in for the image that is still being built, so that a mistake ends the run now and not after it.
  checked(renderFor(inputs, survey, world.runner.context, standIn(inputs)), template.name, fargate);
  account.step(`${service.name} runs ${nameOf(revision)}. ${waves.sentence}`);
  const busy = service.deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  if (busy)
    world.console.warning(
      `A deployment of ${service.name} is under way (${busy.id}, ${busy.taskDefinitionArn.split('/').at(-1)}).`,
    );
  if (template.dropped.length > 0) {
    world.console.line(`       read-only fields of ${template.name} left out: ${template.dropped.join(', ')}`);
  }
  return survey;
}

function standIn({ image }: DeployInputs): Image | undefined {
  const digest = `sha256:${'0'.repeat(64)}`;
  const reference = `stand-in.local/image@${digest}`;
  return image.kind === 'template'
    ? undefined
    : { reference, repository: 'stand-in.local/image', digest, tags: ['stand-in'] };
}

async function obtainImage(inputs: DeployInputs, world: World, account: Account): Promise<Image | undefined> {
  const { image } = inputs;
  switch (image.kind) {
    case 'build': {
      const built = await publish(image.build, inputs.aws.region, world);
      account.step(`pushed ${built.reference}`);
      return built;
    }
    case 'given':
      return inspectImage(image.reference, world.ecr);
    case 'template':
      return undefined;
  }
}

function renderFor(inputs: DeployInputs, survey: Survey, context: RunContext, image: Image | undefined): Rendered {
  const builtIns: Pairs = [
    ['GITHUB_SHA', context.sha],
    ['GITHUB_REF_NAME', context.refName],
    ['GITHUB_RUN_ID', context.runId],
    ['AWS_REGION', inputs.aws.region],
    ['AWS_ACCOUNT_ID', survey.service.arn.split(':')[4] ?? ''],
  ];
  return render(survey.template, inputs.template, { builtIns, ...(image ? { image } : {}) });
}

function refuseWrongArchitecture(rendered: Rendered, survey: Survey, image: Image | undefined): void {
  const container = rendered.container ?? '';
  const mistakes = checkArchitecture(rendered.definition, { container, platforms: image?.platforms }, survey.fargate);
  if (mistakes.length === 0) return;
  throw new Failure('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
    mistakes,
  });
}

/** The family's newest revision: often the live one, which is described already. */
async function latestRevision(family: string, live: Revision, { ecs }: World): Promise<Revision | undefined> {
  try {
    const latest = await ecs.describeTaskDefinition(family);
    return latest.arn === live.arn ? live : latest;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined; // a new family
    throw thrown;
  }
}

/** Written on each revision, so that a later rollback finds it by commit, ref or run. */
function ownTags({ sha, ref, serverUrl, repository, runId }: RunContext): { key: string; value: string }[] {
  const run = repository && runId ? `${serverUrl}/${repository}/actions/runs/${runId}` : '';
  const tags: [string, string][] = [
    ['ecs-rollout:commit', sha],
    ['ecs-rollout:ref', ref],
    ['ecs-rollout:run', run],
  ];
  // Characters that an AWS tag takes; a branch name may hold others.
  return tags
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value: value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256) }));
}

/**
 * Begins the deployment, or finds the one to judge: an equal revision that already runs or is being rolled out (a
 * re-run after a cancel) is watched, not deployed again.
 */
async function begin(
  inputs: DeployInputs,
  update: Parameters<typeof apply>[0] | undefined,
  found: { readonly survey: Survey; readonly revision: Revision; readonly reused: boolean; readonly waves: string },
  world: World,
  account: Account,
): Promise<Deployment> {
  const { survey, revision, reused } = found;
  const now = world.clock.now();
  const definition = revision.definition;
  if (!update) {
    account.step(`${survey.service.name} already is what was asked for; looking whether it is healthy`);
    return { ...pinned(survey.service, inputs.watch, now), definition };
  }
  world.runner.saveState(
    'deployment',
    JSON.stringify({ service: survey.service.name, previous: survey.live.arn, next: revision.arn }),
  );
  try {
    const deployment = await apply(update, survey.service, inputs.watch, world);
    if (!deployment) {
      account.step('settings changed; ECS needs no new deployment for them');
      return { ...pinned(survey.service, inputs.watch, now), definition };
    }
    const url = serviceLink(survey.service);
    tellHeader(world.console, {
      service: survey.service.name,
      cluster: survey.service.clusterArn.split('/').at(-1) ?? '',
      from: nameOf(survey.live),
      to: nameOf(revision),
      waves: found.waves,
      ...(url ? { url } : {}),
    });
    return { ...deployment, definition };
  } catch (thrown) {
    // The revision was made for this deployment alone; nobody else can want it.
    if (!reused) await world.ecs.deregisterTaskDefinition(revision.arn).catch(() => {});
    throw thrown;
  }
}

/** The outcome of what was watched, with the old revision back in place where that was asked for. */
async function settle(
  facts: Omit<Outcome, 'kind' | 'headline'> & { readonly deployment: Deployment },
  { verdict, snapshot }: Watched,
  untouched: boolean,
  inputs: DeployInputs,
  world: World,
  account: Account,
): Promise<Outcome> {
  const name = facts.revision ? nameOf(facts.revision) : '';
  const known: Omit<Outcome, 'kind' | 'headline'> = {
    ...facts,
    verdict,
    service: snapshot.service,
    diagnoses: snapshot.diagnoses,
    ...(snapshot.serviceDeployment ? { serviceDeploymentArn: snapshot.serviceDeployment.arn } : {}),
  };
  switch (verdict.kind) {
    case 'succeeded': {
      const many = verdict.runningCount === 1 ? '1 task' : `${verdict.runningCount} tasks`;
      const headline = untouched
        ? `${name} already runs, healthy: ${many}. Nothing was changed.`
        : `${name} runs: ${many}, healthy.`;
      return {
        ...known,
        kind: untouched ? 'unchanged' : 'deployed',
        headline,
        diagnoses: [],
        warnings: verdict.warnings,
      };
    }
    case 'superseded': {
      const by = verdict.byTaskDefinition.split('/').at(-1);
      return {
        ...known,
        kind: 'superseded',
        headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
      };
    }
    case 'rolled-back':
      return {
        ...known,
        kind: 'rolled-back',
        headline: `${verdict.reason} ECS rolled back to ${verdict.to?.split('/').at(-1) ?? 'the revision before'}.`,
      };
    case 'stopped':
      return { ...known, kind: 'failed', headline: verdict.reason };
    case 'failed':
    case 'stuck':
    case 'timed-out': {
      if (!inputs.recovery.rollbackOnFailure || untouched)
        return { ...known, kind: 'failed', headline: verdict.reason };
      return bringBack(known, facts.deployment, { verdict, snapshot }, world, account);
    }
  }
}

async function bringBack(
  known: Omit<Outcome, 'kind' | 'headline'>,
  failed: Deployment,
  { verdict, snapshot }: Watched & { readonly verdict: { readonly reason: string } },
  world: World,
  account: Account,
): Promise<Outcome> {
  const restoring = await restore(failed, snapshot, world);
  if (restoring.kind === 'nothing-before') {
    return { ...known, kind: 'failed', headline: `${verdict.reason} There is no revision before it to go back to.` };
  }
  account.step(`putting ${failed.previousTaskDefinitionArn?.split('/').at(-1)} back (${restoring.by})`);
  const back = await watch(restoring.deployment, world, account.listener(restoring.deployment));
  const done = back.verdict.kind === 'rolled-back' || back.verdict.kind === 'succeeded';
  const service = back.snapshot.service;
  if (!done)
    return {
      ...known,
      service,
      kind: 'failed',
      headline: `${verdict.reason} Rolling back ended as ${back.verdict.kind}.`,
    };
  const to = failed.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
  return { ...known, service, kind: 'rolled-back', headline: `${verdict.reason} Rolled back to ${to}.` };
}

function publishOutputs(known: Partial<Outcome>, { runner }: World): void {
  for (const [name, value] of Object.entries(outputsOf(known))) runner.setOutput(name, value);
}

const nameOf = ({ family, revision }: Revision): string => `${family}:${revision}`;
