import { accountOf, lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { Image } from '../image/image.ts';
import { findCommitImage } from '../image/merge.ts';
import { inspectImage } from '../image/resolve.ts';
import type { TaskOnlyInputs } from '../inputs/types.ts';
import { defined, nameOf, type Revision } from '../model.ts';
import type { Progress, TaskRun } from '../outcome.ts';
import type { World } from '../ports.ts';
import { withOwnTags } from '../tags.ts';
import { checked } from '../taskdef/check.ts';
import { loadTemplate } from '../taskdef/load.ts';
import { register } from '../taskdef/register.ts';
import { render } from '../taskdef/render.ts';
import type { TaskHome } from '../tasks/request.ts';
import { fetchService } from './run.ts';
import { runTasks } from './tasks.ts';

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
  const revision = await revisionOf(inputs, home, { world, progress });
  world.signal.throwIfAborted();
  const { results, failed } = await runTasks(
    [inputs.task],
    { phase: 'task', home, revision, wait: inputs.wait },
    { inputs, world, progress },
  );
  const [result] = results;
  const name = nameOf(revision);
  const headline = failed
    ? `The ${failed.label} of ${name} failed: ${failed.end.reason}`
    : `The task ${lastPart(result?.task)} of ${name} ${inputs.wait ? 'succeeded: exit code 0.' : 'was started; not waiting for its end (`wait-for-task-stopped: false`).'}`;
  return {
    kind: failed ? 'failed' : 'ran',
    headline,
    revision,
    results,
    timeline: progress.timeline,
    ...defined({ diagnosis: failed?.end.diagnosis }),
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
): Promise<Revision> {
  const { template: wanted } = inputs;
  const existing = existingOf(inputs, home);
  if (existing !== undefined) {
    const revision = await world.ecs.describeTaskDefinition(existing);
    progress.step(`running ${nameOf(revision)}, which is registered already`);
    return revision;
  }
  const live = (): Promise<Revision> => world.ecs.describeTaskDefinition(home.taskDefinitionArn ?? '');
  const [template, image] = await Promise.all([loadTemplate(wanted.source, live, world), imageOf(inputs, world)]);
  const { context } = world.runner;
  const account = accountOf(home.clusterArn) ?? (await world.identity.caller()).accountId;
  const rendered = render(template, wanted, {
    builtIns: [
      ['GITHUB_SHA', context.sha],
      ['GITHUB_REF_NAME', context.refName],
      ['GITHUB_RUN_ID', context.runId],
      ['AWS_REGION', inputs.aws.region],
      ['AWS_ACCOUNT_ID', account],
    ],
    ...defined({ image }),
  });
  const definition = checked(rendered, template.name, inputs.task.launchType === 'FARGATE');
  const latest = await world.ecs.describeTaskDefinition(definition.family).catch((thrown: unknown) => {
    const { code } = asFailure(thrown);
    // A new family; or one that cannot be read, of which a new revision is registered.
    if (code === 'NOT_FOUND' || code === 'REFUSED' || code === 'ACCESS_DENIED') return undefined;
    throw thrown;
  });
  const tags = withOwnTags(rendered.tags, context);
  const { revision, reused } = await register({ definition, tags, ...defined({ latest }) }, world);
  progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  return revision;
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
