/** What a deploy and `mode: register` do alike, before and after a revision is registered: its template, its image, its tags. */
import { asFailure } from '../failure.ts';
import type { Image } from '../image/image.ts';
import { keptImage } from '../image/resolve.ts';
import type { DeployInputs } from '../inputs/types.ts';
import { nameOf, type Revision } from '../model.ts';
import type { World } from '../ports.ts';
import { tagsOfReuse } from '../tags.ts';
import { readTemplate } from '../taskdef/load.ts';
import type { Template } from '../taskdef/template.ts';
import type { Proposal } from './draft.ts';
import { checkImage } from './image-checks.ts';
import { obtainImage, type PlatformSources } from './images.ts';
import type { Run } from './run.ts';

/** The template where it is a file: read before any login. */
export function templateFile(
  { template: { source } }: Pick<DeployInputs, 'template'>,
  world: World,
): Promise<Template> | undefined {
  return source.kind === 'file' ? readTemplate(source.path, world) : undefined;
}

/** The image of this run, with what has to be true of it. */
export async function obtainChecked(
  run: Run<Pick<DeployInputs, 'image' | 'imageChecks' | 'aws'>>,
  sources: readonly PlatformSources[],
): Promise<Image | undefined> {
  const { imageChecks: checks, aws } = run.inputs;
  const image = await obtainImage(run, sources);
  if (image) await checkImage(image, { checks, region: aws.region }, run);
  return image;
}

/**
 * The image that is deployed: of this run, or an equal one that a revision names already. That one gets this run's tags,
 * as far as they may be moved: without any tag a lifecycle policy could remove what runs.
 */
export async function imageDeployed(
  image: Image,
  { images, definition, latest }: Proposal,
  { ecr, console }: World,
): Promise<Image> {
  const kept = keptImage(image, images.definition, definition);
  if (!kept?.digest || !latest) return image;
  const { digest } = kept;
  console.line(
    `       ${image.digest} differs from the image of ${nameOf(latest)} in attestations alone; ${digest} stays.`,
  );
  const { ecr: repository } = image;
  if (repository) {
    const tagging = image.tags.map((tag) => ecr.tagImage(repository, { digest, tag }));
    for (const result of await Promise.allSettled(tagging)) {
      if (result.status === 'rejected' && asFailure(result.reason).code !== 'CONFLICT')
        console.line(`       It could not be tagged: ${asFailure(result.reason).message}`);
    }
  }
  return kept;
}

/** A revision that an earlier run made is this one's as well; without that a rollback to this commit or ref finds nothing. */
export async function tagReused(
  revision: Revision,
  images: Parameters<typeof tagsOfReuse>[2],
  { ecs, runner, console }: World,
): Promise<void> {
  const tags = tagsOfReuse(revision, runner.context, images);
  if (!tags) return;
  await ecs.tagResource(revision.arn, tags).catch((thrown: unknown) => {
    // A denial is reported with all others, at the end.
    if (asFailure(thrown).code === 'ACCESS_DENIED') return;
    console.line(
      `       ${nameOf(revision)} could not be tagged with this run (ecs:TagResource); a rollback will know it by its first commit and ref alone.`,
    );
  });
}

/** The user asked for these tags, and the revision does not have them; that ours are missing is reported with the right. */
export const untaggedWarnings = (keys: readonly string[], revision: Revision): string[] =>
  keys.length === 0
    ? []
    : [
        `${nameOf(revision)} was registered without the tags ${keys.join(', ')} of \`task-definition-tags\` or the template: ecs:TagResource is denied.`,
      ];
