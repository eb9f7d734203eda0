import { Failure } from '../failure.ts';
import { withSizes } from '../image/build-report.ts';
import { checkBuildSources } from '../image/checks.ts';
import { formatImageTags } from '../image/pin.ts';
import { askingOnce, createResolver } from '../image/resolve.ts';
import type { RegisterInputs } from '../inputs/types.ts';
import { defined, nameOf } from '../model.ts';
import type { Registration } from '../outcome.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { loadTemplate } from '../taskdef/load.ts';
import { ownKeys, register } from '../taskdef/register.ts';
import { draftAlone, originOf, propose, refuseArchitecture } from './draft.ts';
import { prepareImageChecks } from './image-checks.ts';
import { askAhead, pinLines, staleWarnings } from './images.ts';
import { imageDeployed, obtainChecked, tagReused, templateFile, untaggedWarnings } from './registration.ts';
import { allOrAbort, type Run } from './run.ts';

/**
 * `mode: register`: a revision as a deploy makes it, and nothing that runs it: for pipelines whose Terraform, CodePipeline or
 * approval deploys it.
 * @throws Failure of an input, the build, the task definition or RegisterTaskDefinition
 */
export async function registerOnly(run: Run<RegisterInputs>): Promise<Registration> {
  const { inputs, world, progress } = run;
  const { source } = inputs.template;
  const [file] = await Promise.all([
    templateFile(inputs, world),
    checkBuildSources(inputs.image, world.files),
    prepareImageChecks(inputs.imageChecks, inputs.image, world),
  ]);
  const ecr = askingOnce(world.ecr);
  const resolver = createResolver(ecr, world.registries);
  const [basis, image] = await allOrAbort(run, (inner) => {
    const drafting = (async () => {
      const [caller, template] = await Promise.all([
        inner.world.identity.caller(),
        file ?? loadTemplate(source, unnamedService, inner.world),
      ]);
      return draftAlone(inner, template, { account: caller.accountId, partition: caller.partition });
    })();
    const checking = drafting.then(async (draft) => {
      refuseArchitecture(inputs, draft);
      await askAhead(draft.draft, originOf(inputs, draft, undefined), resolver);
      return draft;
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
    const checked = images.stale.length === 0 && images.tags.size === 0;
    await tagReused(revision, { checked, imageTags: formatImageTags(images.tags) }, world);
  }
  const differences = latest && !reused ? diffDefinitions(latest.definition, revision.definition) : [];
  if (latest && !reused) progress.diff(differences, nameOf(latest));
  const build = deployed?.build && (await measuring)?.build;
  return {
    revision,
    reused,
    differences,
    warnings: [...untaggedWarnings(ownKeys(untagged), revision), ...staleWarnings(images)],
    ...defined({ previous: latest, image: deployed && build ? { ...deployed, build } : deployed }),
  };
}

/** The inputs name a file, a family or a revision: this mode knows no service. */
const unnamedService = (): never => {
  throw new Failure('INTERNAL', '`mode: register` has no service whose revision it could start from.');
};
