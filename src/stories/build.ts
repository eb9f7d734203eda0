import { checkBuildSources } from '../image/build-checks.ts';
import { withSizes } from '../image/build-report.ts';
import type { Image } from '../image/image.ts';
import { publish } from '../image/publish.ts';
import type { BuildOnlyInputs } from '../inputs/types.ts';
import type { Progress } from '../outcome.ts';
import type { World } from '../ports.ts';
import { checkImage, prepareImageChecks } from './image-checks.ts';

/** Builds and pushes an image, and nothing else: no call to ECS, so no right to it either. */
export async function build(
  { image, imageChecks, aws }: BuildOnlyInputs,
  world: World,
  progress: Pick<Progress, 'scanned'>,
): Promise<Image> {
  await Promise.all([checkBuildSources(image, world.files), prepareImageChecks(imageChecks, image, world)]);
  const built = await publish(image.build, { region: aws.region }, world);
  const measuring = withSizes(built, undefined, world.ecr);
  await checkImage(built, { checks: imageChecks, region: aws.region }, { world, progress });
  return measuring;
}
