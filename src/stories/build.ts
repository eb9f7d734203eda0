import { checkBuildSources } from '../image/checks.ts';
import type { Image } from '../image/image.ts';
import { publish } from '../image/publish.ts';
import type { BuildOnlyInputs } from '../inputs/types.ts';
import type { World } from '../ports.ts';

/** Builds and pushes an image, and nothing else: no call to ECS, so no right to it either. */
export async function build({ image, aws }: BuildOnlyInputs, world: World): Promise<Image> {
  await checkBuildSources(image, world.files);
  return publish(image.build, aws.region, world);
}
