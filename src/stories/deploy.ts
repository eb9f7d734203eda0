import { asFailure, Failure } from './failure.ts';
import type { Image } from './image/image.ts';
import { inspectImage } from './image/inspect.ts';
import { publish } from './image/publish.ts';
import type { DeployInputs, RunContext } from './inputs/types.ts';
import type { Outcome } from './outcome.ts';
import { Account } from './report/account.ts';
import { serviceLink } from './report/links.ts';
import { tellDifferences, tellHeader } from './report/live.ts';
import { outputsOf } from './report/outputs.ts';
import { apply, pinned } from './service/apply.ts';
import { planChange } from './service/change.ts';
import type { Deployment } from './service/snapshot.ts';
import { watch } from './service/watch.ts';
import { cancelled, settle } from './settle.ts';
import { latestRevision, renderFor, type Survey, surveyService } from './survey.ts';
import { checkArchitecture } from './taskdef/architecture.ts';
import { checked } from './taskdef/check.ts';
import { diffDefinitions } from './taskdef/diff.ts';
import { register } from './taskdef/register.ts';
import type { Rendered } from './taskdef/render.ts';
import { nameOf, type Revision, type World } from './world.ts';

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
  try {
    const watched = await watch(deployment, world, account.listener(deployment));
    return await settle({ ...facts, deployment }, watched, change.update === undefined, inputs, world, account);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'CANCELLED') throw thrown;
    return cancelled({ ...facts, deployment }, inputs, world);
  }
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

function refuseWrongArchitecture(rendered: Rendered, survey: Survey, image: Image | undefined): void {
  const container = rendered.container ?? '';
  const mistakes = checkArchitecture(rendered.definition, { container, platforms: image?.platforms }, survey.fargate);
  if (mistakes.length === 0) return;
  throw new Failure('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
    mistakes,
  });
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

function publishOutputs(known: Partial<Outcome>, { runner }: World): void {
  for (const [name, value] of Object.entries(outputsOf(known))) runner.setOutput(name, value);
}
