import { Failure } from '../failure.ts';
import { checkBuildSources } from '../image/build-checks.ts';
import { withSizes } from '../image/build-report.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver } from '../image/resolve.ts';
import type { RegisterInputs } from '../inputs/types.ts';
import { defined, nameOf, type Revision } from '../model.ts';
import type { Registration } from '../outcome.ts';
import type { Chosen } from '../schedules/choose.ts';
import type { Moved } from '../schedules/move.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { loadTemplate, templateFile } from '../taskdef/load.ts';
import { ownKeys, register, tagReused, untaggedWarnings } from '../taskdef/register.ts';
import { draftAlone, imageDeployed, originOf, propose, refuseArchitecture } from './draft.ts';
import { obtainChecked, prepareImageChecks } from './image-checks.ts';
import { askAhead, lookUpTags, pinLines, staleWarnings } from './images.ts';
import { allOrAbort, type Run, schedulesOf } from './run.ts';

/**
 * `mode: register`: a revision as a deploy makes it, and nothing that runs it: for pipelines whose Terraform, CodePipeline or
 * approval deploys it.
 * @throws Failure of an input, the build, the task definition or RegisterTaskDefinition
 */
export async function registerOnly(run: Run<RegisterInputs>): Promise<Registration> {
  const { inputs, world, progress } = run;
  const { source } = inputs.template;
  const [file] = await Promise.all([
    templateFile(inputs.template.source, world),
    checkBuildSources(inputs.image, world.files),
    prepareImageChecks(inputs.imageChecks, inputs.image, world),
  ]);
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const [{ draft: basis, schedules }, image] = await allOrAbort(run, (inner) => {
    const drafting = (async () => {
      const [caller, template] = await Promise.all([
        inner.world.identity.caller(),
        file ?? loadTemplate(source, unnamedService, { ...inner.world, region: inputs.aws.region }),
      ]);
      return draftAlone(inner, template, { account: caller.accountId, partition: caller.partition });
    })();
    const checking = drafting.then(async (draft) => {
      refuseArchitecture(inputs, draft);
      const { family } = draft.draft;
      const [schedules] = await Promise.all([
        schedulesOf({ family, cluster: await clusterArn(inner) }, inner),
        askAhead(draft.draft, originOf(inputs, draft, undefined), resolver),
      ]);
      return { draft, schedules };
    });
    return [checking, obtainChecked(inner, [{ file, drafting }])];
  });
  const measuring = image && withSizes(image, undefined, world.ecr);
  const proposal = await propose(run, { draft: basis, image, resolver });
  for (const line of pinLines(proposal.images)) progress.step(line);
  world.signal.throwIfAborted();
  const deployed = image && (await imageDeployed(image, proposal, world));
  const { revision, reused, untagged = [] } = await register(proposal, world);
  progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  const { latest, images } = proposal;
  if (reused) {
    const { checked } = await lookUpTags(revision.definition, resolver);
    const isOfCommit = checked && images.stale.length === 0;
    await tagReused(revision, { checked: isOfCommit, imageTags: formatImageTags(images.tags) }, world);
  }
  const differences = latest && !reused ? diffDefinitions(latest.definition, revision.definition) : [];
  if (latest && !reused) progress.diff(differences, nameOf(latest));
  const moved = schedules && (await moveTo(revision, schedules, run));
  const build = deployed?.build && (await measuring)?.build;
  return {
    revision,
    reused,
    differences,
    warnings: [
      ...untaggedWarnings(ownKeys(untagged), revision),
      ...staleWarnings(images),
      ...(schedules?.warnings ?? []),
      ...(moved?.left ?? []),
    ],
    ...defined({
      previous: latest,
      image: deployed && build ? { ...deployed, build } : deployed,
      schedules: moved?.moves,
    }),
  };
}

/**
 * Without a service there is no deployment to wait for: what runs on a schedule alone is moved at once.
 * @throws Failure that says what is registered, and that no schedule runs it
 */
async function moveTo(
  revision: Revision,
  chosen: Chosen,
  run: Run<RegisterInputs>,
): Promise<Extract<Moved, { kind: 'moved' }>> {
  const { move } = await import('./schedules.ts');
  const moved = await move({ chosen, to: revision.arn }, run);
  if (moved.kind === 'moved') return moved;
  const { code, api, cause, remedy } = moved.failure;
  throw new Failure(code, `${nameOf(revision)} is registered, but ${moved.reason}`, {
    cause: cause ?? moved.failure,
    ...defined({ api, remedy }),
  });
}

/** Its ARN, whether the input has it or its name. */
async function clusterArn({ inputs, world }: Run<RegisterInputs>): Promise<string> {
  if (inputs.cluster.startsWith('arn:')) return inputs.cluster;
  const { partition, accountId } = await world.identity.caller();
  return `arn:${partition}:ecs:${inputs.aws.region}:${accountId}:cluster/${inputs.cluster}`;
}

/** The inputs name a file, a family or a revision: this mode knows no service. */
const unnamedService = (): never => {
  throw new Failure('INTERNAL', '`mode: register` has no service whose revision it could start from.');
};
