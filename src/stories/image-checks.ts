import { Failure } from '../failure.ts';
import { awaitReplication, awaitScans, awaitSigning, type StoredAt, type Waiting } from '../image/await-image.ts';
import type { Image } from '../image/image.ts';
import { parseRepository } from '../image/reference.ts';
import { findingText, judgeScans } from '../image/scan.ts';
import { requireCosign, signWithCosign } from '../image/sign.ts';
import type { DeployInputs, ImageCheckInputs, ImageInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Progress } from '../outcome.ts';
import type { World } from '../ports.ts';
import { obtainImage, type PlatformSources } from './images.ts';
import type { Run } from './run.ts';

/**
 * What the checks of the image need, before anything is built.
 * @throws Failure INVALID_INPUT for a registry of which ECR's API knows nothing, TOOL_MISSING without cosign
 */
export async function prepareImageChecks(
  checks: ImageCheckInputs | undefined,
  image: ImageInputs,
  { shell }: Pick<World, 'shell'>,
): Promise<void> {
  if (!checks) return;
  const asking = askingEcr(checks);
  const repository = repositoryIn(image);
  if (asking && repository !== undefined) {
    const { kind } = parseRepository(repository, '');
    if (kind === 'public' || kind === 'other') throw notInEcr(asking, repository);
  }
  if (checks.sign === 'cosign') await requireCosign(shell);
}

function repositoryIn(image: ImageInputs): string | undefined {
  if (image.kind === 'build') return image.build.repository;
  return 'repository' in image ? image.repository : undefined;
}

const askingEcr = ({ scan, regions, sign }: ImageCheckInputs): string | undefined => {
  if (scan) return 'scan: wait';
  if (regions.length > 0) return 'wait-for-replication';
  return sign === 'ecr' ? 'sign: ecr' : undefined;
};

const notInEcr = (input: string, repository: string): Failure =>
  new Failure('INVALID_INPUT', `\`${input}\` asks Amazon ECR, and ${repository} is not a private ECR repository.`, {
    remedy: 'Remove it, or push to a private ECR repository.',
  });

interface Reporting {
  readonly world: World;
  readonly progress: Pick<Progress, 'scanned'>;
}

/**
 * Waits for what must be true of the image before it is registered: no finding of the scan that counts, copies in other
 * regions, signatures. A signature of cosign comes last: what is not to be deployed is not signed.
 * @throws Failure IMAGE_REJECTED; the signal's reason when the run is cancelled
 */
export async function checkImage(
  image: Image,
  { checks, region }: { readonly checks: ImageCheckInputs | undefined; readonly region: string },
  { world, progress }: Reporting,
): Promise<void> {
  if (!checks) return;
  const { clock, console, ecr } = world;
  const { digest, ecr: repository } = image;
  const asking = askingEcr(checks);
  if (asking) {
    if (!repository || digest === undefined) throw notInEcr(asking, image.repository);
    const stop = new AbortController();
    const signal = AbortSignal.any([world.signal, stop.signal]);
    const [platform] = image.platforms ?? [];
    const stored: StoredAt = { repository, digest, ...defined({ platform }) };
    const waiting = { ecr, clock, console, signal, deadline: clock.now() + checks.timeoutSeconds };
    try {
      await Promise.all([
        checks.scan && scanned(stored, checks.scan, { world, progress, waiting }),
        checks.regions.length > 0 && awaitReplication(stored, checks.regions, waiting),
        checks.sign === 'ecr' && awaitSigning(stored, waiting),
      ]);
    } finally {
      stop.abort(new Failure('CANCELLED', 'Not needed any more.'));
    }
  }
  if (checks.sign !== 'cosign') return;
  if (digest === undefined)
    throw new Failure('IMAGE_REJECTED', `${image.reference} has no digest that cosign could sign.`, {
      remedy: 'Name the image by its digest.',
    });
  await signWithCosign({ reference: `${image.repository}@${digest}`, repository: image.repository }, region, world);
}

async function scanned(
  image: StoredAt,
  gate: NonNullable<ImageCheckInputs['scan']>,
  { world, progress, waiting }: Reporting & { readonly waiting: Waiting },
): Promise<void> {
  const { console, clock } = world;
  const verdict = judgeScans(await awaitScans(image, waiting), gate, clock.now());
  await progress.scanned(verdict, gate.severity);
  for (const { id, until, reason } of verdict.expired)
    console.warning(`scan-allow: ${id} was allowed until ${until} (${reason}) and counts again.`);
  for (const finding of verdict.allowed) console.line(`${findingText(finding)}: allowed until ${finding.until}.`);
  const { blocking } = verdict;
  if (blocking.length === 0) return;
  const shown = blocking.slice(0, FINDINGS).map(findingText);
  const more = blocking.length > FINDINGS ? `; and ${blocking.length - FINDINGS} more` : '';
  throw new Failure(
    'IMAGE_REJECTED',
    `The scan of the image has ${blocking.length} finding${blocking.length === 1 ? '' : 's'} of severity ${gate.severity} or above: ${shown.join('; ')}${more}.`,
    {
      remedy:
        'Update what is fixed. What does not concern this image is allowed with `scan-allow: ID until YYYY-MM-DD reason`; `scan-severity` moves the gate. The image is pushed, and not deployed.',
    },
  );
}

/** In the message; the job summary has a table of more. */
const FINDINGS = 10;

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
