import { asFailure, Failure } from '../failure.ts';
import type { EcrRepository, Instant } from '../model.ts';
import type { Clock, Console, Ecr } from '../ports.ts';
import { imagesOfIndex } from './fingerprint.ts';
import { indexPlatforms } from './image.ts';
import { type PlatformScan, type ScanState, scanState } from './scan.ts';

/** An image in ECR. */
export interface StoredAt {
  readonly repository: EcrRepository;
  readonly digest: string;
  /** Where it is a single manifest. */
  readonly platform?: string;
}

/** What waiting needs. */
export interface Waiting {
  readonly ecr: Ecr;
  readonly clock: Clock;
  readonly console: Pick<Console, 'line' | 'warning'>;
  readonly signal: AbortSignal;
  /** Seconds since the epoch. */
  readonly deadline: Instant;
}

const PAUSE_SECONDS = 5;
/** For so long after the push there may be nothing to see yet: no scan, no replication, no signature. */
const BEGINS_WITHIN_SECONDS = 60;

/**
 * The scan of every platform, finished. ECR scans images, not the index that names them.
 * @throws Failure IMAGE_REJECTED with the platform and its status
 */
export async function awaitScans(image: StoredAt, waiting: Waiting): Promise<readonly PlatformScan[]> {
  const members = await scannedImages(image, waiting.ecr);
  return Promise.all(
    members.map(async ({ platform, digest }) => {
      const where = `${platform || image.repository.name} (${digest.slice(0, 19)})`;
      let last = '';
      const scan = await until(waiting, `The scan of ${where}`, async (early) => {
        const found = await waiting.ecr.scanOf(image.repository, digest);
        const state: ScanState = scanState(found);
        const now = found?.status ?? 'not begun';
        if (now !== last && state.kind !== 'done') waiting.console.line(`Scan of ${where}: ${now}.`);
        last = now;
        if (state.kind === 'done') return found;
        if (state.kind === 'wait' || (state.kind === 'unbegun' && early)) return undefined;
        throw rejected(`${where}: ${state.problem}.`, state.remedy);
      });
      return { platform, digest, scan };
    }),
  );
}

/** What ECR scans: the images of an index by platform, or the image itself. */
export async function scannedImages(
  { repository, digest, platform = '' }: StoredAt,
  ecr: Ecr,
): Promise<readonly { readonly platform: string; readonly digest: string }[]> {
  const manifest = (await ecr.getImages(repository, [digest])).get(digest)?.manifest;
  const members = manifest && imagesOfIndex(manifest);
  const names = (manifest && indexPlatforms(manifest)) ?? [];
  if (!members || members.length === 0) return [{ platform, digest }];
  return members.map((member, i) => ({ platform: names[i] ?? '', digest: member }));
}

/**
 * Until ECR has the image in these regions, too. A denied right is a warning: the copy is made without us.
 * @throws Failure IMAGE_REJECTED with the region and ECR's failure code
 */
export async function awaitReplication(
  { repository, digest }: StoredAt,
  regions: readonly string[],
  waiting: Waiting,
): Promise<void> {
  let last = '';
  try {
    await until(waiting, `The replication to ${regions.join(', ')}`, async (early) => {
      const statuses = await waiting.ecr.replicationOf(repository, digest);
      const of = (region: string) => statuses.filter((one) => one.region === region);
      const failed = statuses.find(({ region, status }) => status === 'FAILED' && regions.includes(region));
      if (failed)
        throw rejected(
          `ECR could not replicate the image to ${failed.region} (account ${failed.registryId}): ${failed.failureCode ?? 'no failure code'}.`,
          'Check the registry policy of the destination (ecr:ReplicateImage, ecr:CreateRepository) and its KMS key, and push the image again.',
        );
      const missing = regions.filter((region) => of(region).length === 0);
      if (missing.length > 0 && !early)
        throw rejected(
          `ECR does not replicate ${repository.name} to ${missing.join(', ')}.`,
          'Add a rule for the repository to the replication settings of the registry (aws ecr put-replication-configuration), or correct `wait-for-replication`. An image that was pushed before the rule is not replicated.',
        );
      const open = regions.filter(
        (region) => missing.includes(region) || of(region).some((one) => one.status !== 'COMPLETE'),
      );
      if (open.length === 0) return true;
      const now = open.join(', ');
      if (now !== last) waiting.console.line(`Waiting for the image in ${now}.`);
      last = now;
      return undefined;
    });
    waiting.console.line(`The image is in ${regions.join(', ')}.`);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    waiting.console.warning('The replication is not waited for: ecr:DescribeImageReplicationStatus is denied.');
  }
}

/**
 * Until ECR has signed the image by the rules of its managed signing. A denied right is a warning.
 * @throws Failure IMAGE_REJECTED with AWS Signer's reason
 */
export async function awaitSigning({ repository, digest }: StoredAt, waiting: Waiting): Promise<void> {
  try {
    const signed = await until(waiting, 'The signature of ECR', async (early) => {
      const statuses = await waiting.ecr.signingOf(repository, digest);
      const failed = statuses.find(({ status }) => status === 'FAILED');
      if (failed)
        throw rejected(
          `ECR could not sign the image with ${failed.profile}: ${failed.failureCode ?? 'no failure code'}${failed.failureReason ? `, ${failed.failureReason}` : ''}.`,
          'Who pushes needs signer:SignPayload on the signing profile, and the profile must be active.',
        );
      if (statuses.length === 0 && !early)
        throw rejected(
          `No signing rule of the registry covers ${repository.name}.`,
          'Add one (aws ecr put-signing-configuration), or remove `sign: ecr`. An image that was pushed before the rule is not signed.',
        );
      return statuses.length > 0 && statuses.every(({ status }) => status === 'COMPLETE') ? statuses : undefined;
    });
    waiting.console.line(`Signed by ECR: ${signed.map(({ profile }) => profile).join(', ')}.`);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    waiting.console.warning('The signature is not waited for: ecr:DescribeImageSigningStatus is denied.');
  }
}

const rejected = (message: string, remedy: string): Failure => new Failure('IMAGE_REJECTED', message, { remedy });

/** Asks every few seconds until there is an answer. `early`: what is not there may yet begin. */
async function until<T>(
  { clock, signal, deadline }: Waiting,
  what: string,
  ask: (early: boolean) => Promise<T | undefined>,
): Promise<T> {
  const begun = clock.now();
  for (;;) {
    const now = clock.now();
    const early = now - begun < BEGINS_WITHIN_SECONDS && now + PAUSE_SECONDS < deadline;
    const answer = await ask(early);
    if (answer !== undefined) return answer;
    if (clock.now() + PAUSE_SECONDS > deadline)
      throw rejected(
        `${what} was not finished after ${Math.round((clock.now() - begun) / 60)} min.`,
        'Give it more time with `image-checks-minutes`, or run again: the image is not built again.',
      );
    await clock.sleep(PAUSE_SECONDS, signal);
  }
}
