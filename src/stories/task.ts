import { lastPart, parseArn } from '../arn.ts';
import type { Image } from '../image/image.ts';
import { findCommitImage } from '../image/merge.ts';
import { createResolver, inspectImage } from '../image/resolve.ts';
import type { TaskOnlyInputs } from '../inputs/types.ts';
import { describeNamed } from '../missing.ts';
import { defined, nameOf, type Revision } from '../model.ts';
import type { Progress, TaskRun } from '../outcome.ts';
import type { World } from '../ports.ts';
import { loadTemplate } from '../taskdef/load.ts';
import { register } from '../taskdef/register.ts';
import type { TaskHome } from '../tasks/request.ts';
import { refuseTask, runTasks, withOwnContainer } from './deploy-tasks.ts';
import { draftAlone, propose } from './draft.ts';
import { fetchService } from './run.ts';

/**
 * `mode: task`: runs one task of a revision that exists, or of one that is rendered and registered as a deploy does it.
 * @throws Failure of an input, the task definition or RunTask
 */
export async function task(run: {
  readonly inputs: TaskOnlyInputs;
  readonly world: World;
  readonly progress: Progress;
}): Promise<TaskRun> {
  const { inputs, world, progress } = run;
  const home = await homeOf(inputs, world);
  const { revision, container } = await revisionOf(inputs, home, { world, progress });
  world.signal.throwIfAborted();
  const placed = withOwnContainer(inputs, { draft: revision.definition, ...defined({ container }) });
  const { results, failed } = await runTasks(
    [inputs.task],
    { phase: 'task', home, revision, wait: inputs.wait },
    { inputs: placed, world, progress },
  );
  const [result] = results;
  const name = nameOf(revision);
  const headline = failed
    ? `The ${failed.label} of ${name} failed: ${failed.end.reason}`
    : `The task ${lastPart(result?.task)} of ${name} ${inputs.wait ? 'succeeded: exit code 0.' : 'was started; not waiting for its end (`wait-for-task-stopped: false`).'}`;
  return {
    kind: failed ? 'failed' : 'ran',
    headline,
    cluster: home.clusterArn,
    revision,
    results,
    timeline: progress.timeline,
    ...defined({ reason: failed?.end.reason, diagnosis: failed?.end.diagnosis }),
  };
}

/** Where it runs: as the tasks of the service do, else by the inputs alone. */
async function homeOf(
  inputs: TaskOnlyInputs,
  world: World,
): Promise<TaskHome & { readonly taskDefinitionArn?: string }> {
  if (inputs.service.service !== '') return fetchService(inputs, world);
  return { clusterArn: inputs.service.cluster, subnets: [], securityGroups: [], capacityProviders: [] };
}

/** The revision that is named, or one with this run's image and edits. */
async function revisionOf(
  inputs: TaskOnlyInputs,
  home: TaskHome & { readonly taskDefinitionArn?: string },
  { world, progress }: { readonly world: World; readonly progress: Progress },
): Promise<{ readonly revision: Revision; readonly container?: string | undefined }> {
  const { template: wanted } = inputs;
  const existing = existingOf(inputs, home);
  if (existing !== undefined) {
    const revision = await describeNamed(existing, world, inputs.aws.region);
    progress.step(`running ${nameOf(revision)}, which is registered already`);
    return { revision };
  }
  const live = (): Promise<Revision> => world.ecs.describeTaskDefinition(home.taskDefinitionArn ?? '');
  const [template, image] = await Promise.all([
    loadTemplate(wanted.source, live, { ...world, region: inputs.aws.region }),
    imageOf(inputs, world),
  ]);
  const own = await ownerOf(home, world);
  const making = { inputs: { ...inputs, pinImages: false }, world };
  const draft = await draftAlone(making, template, { ...own, fargate: inputs.task.launchType === 'FARGATE' });
  refuseTask(inputs, { ...draft, home });
  const resolver = createResolver(world.ecr, world.registries);
  const { revision, reused } = await register(await propose(making, { draft, image, resolver }), world);
  progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  return { revision, container: draft.container };
}

/** A revision to run as it is; undefined where the inputs change something, or give a file. */
function existingOf(
  { template, image }: TaskOnlyInputs,
  { taskDefinitionArn }: { readonly taskDefinitionArn?: string },
): string | undefined {
  const { source, edits, images, variables, tags, cpu, memory, taskRoleArn, executionRoleArn } = template;
  const isEdited =
    image.kind !== 'template' ||
    [images, variables, tags, edits.secrets, edits.envFiles, edits.dockerLabels, edits.logOptions].some(
      ({ length }) => length > 0,
    ) ||
    [cpu, memory, taskRoleArn, executionRoleArn, edits.logDriver].some((edit) => edit !== undefined);
  if (isEdited) return undefined;
  switch (source.kind) {
    case 'file':
      return undefined;
    case 'family':
      return source.family;
    case 'arn':
      return source.arn;
    case 'service':
      return taskDefinitionArn;
  }
}

/** Whose account it runs in. */
async function ownerOf(
  { clusterArn }: TaskHome,
  { identity }: World,
): Promise<{ readonly account: string; readonly partition: string | undefined }> {
  const arn = parseArn(clusterArn);
  if (arn) return arn;
  const { accountId: account, partition } = await identity.caller();
  return { account, partition };
}

async function imageOf({ image, aws }: TaskOnlyInputs, world: World): Promise<Image | undefined> {
  switch (image.kind) {
    case 'template':
      return undefined;
    case 'given':
      return inspectImage(image.reference, world.ecr);
    case 'commit':
      return findCommitImage(image, aws.region, world);
  }
}
