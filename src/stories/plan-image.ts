import { asFailure } from '../failure.ts';
import { scannedImages } from '../image/await-image.ts';
import { lifecyclePolicyIn } from '../image/build-checks.ts';
import type { Image } from '../image/image.ts';
import { parseRepository } from '../image/reference.ts';
import { findingText, judgeScans, type PlatformScan, scanState } from '../image/scan.ts';
import type { DeployInputs, ImageCheckInputs } from '../inputs/types.ts';
import {
  defined,
  type EcrRepository,
  isObject,
  type JsonObject,
  type RepositorySettings,
  type ServiceState,
} from '../model.ts';
import type { World } from '../ports.ts';
import type { CheckLine } from '../preflight/check.ts';
import { prepareImageChecks } from './image-checks.ts';

/** What a plan knows of the image. */
interface ForeseenImage {
  /** Undefined: it is yet to be built, merged or found. */
  readonly image: Image | undefined;
  /** Its name where it is not there yet. */
  readonly standIn: Pick<Image, 'repository' | 'ecr'> | undefined;
  readonly service: ServiceState;
}

/**
 * What a deploy would do about its image beside building it: create the repository, apply a lifecycle policy, wait for scan,
 * replication and signature. Asked side by side; nothing is changed (ECR's preview of a policy changes nothing either).
 */
export async function foreseeImageWork(
  inputs: DeployInputs,
  foreseen: ForeseenImage,
  world: World,
): Promise<readonly CheckLine[]> {
  const lines = await Promise.all([
    repositoryLines(inputs, world),
    lifecycleLines(inputs, foreseen, world),
    checkLines(inputs, foreseen, world),
  ]);
  return lines.flat();
}

const NO_SETTINGS: RepositorySettings = {};
const ok = (text: string): CheckLine => ({ status: 'ok', text });
const bad = (text: string): CheckLine => ({ status: 'bad', text });

/** A line for whatever fails; a cancelled run and bad credentials end it. */
async function lineFor(
  subject: string,
  read: () => Promise<readonly CheckLine[]>,
  denied: CheckLine['status'] = 'skip',
): Promise<readonly CheckLine[]> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message, remedy } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    const status = code === 'ACCESS_DENIED' ? denied : 'bad';
    return [{ status, text: `${subject}: ${[message, remedy].filter(Boolean).join(' ')}` }];
  }
}

async function repositoryLines({ image, aws }: DeployInputs, { ecr }: World): Promise<readonly CheckLine[]> {
  if (image.kind !== 'build' || !image.build.createRepository) return [];
  const { build } = image;
  const repository = parseRepository(build.repository, aws.region);
  if (repository.kind !== 'own' && repository.kind !== 'ecr') return [];
  const { name, region } = repository;
  const id = { name, region, registryId: repository.kind === 'ecr' ? repository.registryId : '' };
  return lineFor('repository', async () => {
    const found = await ecr.describeRepository(id);
    const { repositorySettings: settings = NO_SETTINGS } = build;
    if (found) {
      return build.repositorySettings === undefined
        ? []
        : [ok(`repository: ${name} exists, so \`repository-settings\` would change nothing`)];
    }
    const described = [
      ...settingsOf(settings.creation ?? {}),
      ...(settings.repositoryPolicy === undefined ? [] : ['a repository policy']),
      ...(settings.lifecyclePolicy === undefined ? [] : ['a lifecycle policy']),
    ];
    return [
      ok(
        `repository: ${name} would be created in ${region}${described.length > 0 ? ` with ${described.join(', ')}` : ''}`,
      ),
    ];
  });
}

/** `imageTagMutability IMMUTABLE`, `scanOnPush true`; of nested settings the values inside. */
function settingsOf(settings: JsonObject): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (Array.isArray(value)) {
      const words = value.map((one) => (isObject(one) ? String(one.filter ?? one.Key) : String(one)));
      return [`${name} ${words.join(' ')}`];
    }
    return isObject(value) ? settingsOf(value) : [`${name} ${String(value)}`];
  });
}

async function lifecycleLines(
  { image: input }: DeployInputs,
  { image, standIn, service }: ForeseenImage,
  world: World,
): Promise<readonly CheckLine[]> {
  const policy = lifecyclePolicyIn(input);
  const place = image ?? standIn;
  if (policy === undefined || !place) return [];
  const { describeRemoval, ecrOf, judgePolicy, notInEcr, unknownOthers } = await import(
    '../service/lifecycle-policy.ts'
  );
  const repository = ecrOf(place);
  if (!repository) return [{ status: 'warn', text: notInEcr(place) }];
  const subject = 'lifecycle-policy';
  return lineFor(
    subject,
    async () => {
      const at = { repository: place.repository, ...defined({ digest: image?.digest }) };
      const verdict = await judgePolicy({ policy, image: at, service }, repository, world).catch((thrown: unknown) => {
        if (asFailure(thrown).code === 'NOT_FOUND') return undefined;
        throw thrown;
      });
      if (!verdict) return [ok(`${subject}: would be applied to the new repository ${repository.name}`)];
      switch (verdict.kind) {
        case 'present':
          return [ok(`${subject}: ${repository.name} has it already`)];
        case 'refused':
          return [bad(`${subject}: ${verdict.failure.message} ${verdict.failure.remedy ?? ''}`.trim())];
        case 'applicable': {
          const unknown = verdict.unknown === undefined ? [] : [unknownOthers(repository, verdict.unknown)];
          return [
            ok(`${subject}: would be applied to ${repository.name}. ${describeRemoval(verdict, service)}`),
            ...unknown.map((text) => ({ status: 'warn', text: `${subject}: ${text}` }) as const),
          ];
        }
      }
    },
    'warn',
  );
}

async function checkLines(
  { image: input, imageChecks: checks }: DeployInputs,
  { image }: ForeseenImage,
  world: World,
): Promise<readonly CheckLine[]> {
  if (!checks) return [];
  // Without cosign, or with a registry that ECR does not know, a deploy would end before its build.
  const refused = await lineFor('image checks', async () => {
    await prepareImageChecks(checks, input, world);
    return [];
  });
  if (refused.length > 0) return refused;
  const { ecr: repository, digest } = image ?? {};
  const stored =
    repository && digest !== undefined ? { repository, digest, platform: image?.platforms?.[0] } : undefined;
  const lines = await Promise.all([
    checks.scan && lineFor('scan', async () => [await scanLine(stored, checks.scan, world)], 'bad'),
    checks.regions.length > 0 &&
      lineFor('wait-for-replication', async () => [await replicationLine(stored, checks.regions, world)]),
    checks.sign !== 'none' && lineFor('sign', async () => [await signatureLine(stored, checks.sign, world)]),
  ]);
  return lines.flatMap((some) => some || []);
}

/** An image that ECR has. */
interface Stored {
  readonly repository: EcrRepository;
  readonly digest: string;
  readonly platform?: string | undefined;
}

async function scanLine(
  stored: Stored | undefined,
  gate: ImageCheckInputs['scan'],
  { ecr, clock }: World,
): Promise<CheckLine> {
  const severity = (gate?.severity ?? '').toUpperCase();
  if (!stored || !gate)
    return ok(`scan: the scan would be waited for after the push; a finding of ${severity} or above fails the step`);
  const { repository, digest, platform } = stored;
  const members = await scannedImages({ repository, digest, ...defined({ platform }) }, ecr);
  const scans = await Promise.all(
    members.map(async (member) => ({ ...member, scan: await ecr.scanOf(repository, member.digest) })),
  );
  const done: PlatformScan[] = [];
  for (const { scan, ...member } of scans) {
    const state = scanState(scan);
    const where = member.platform || repository.name;
    if (state.kind === 'failed') return bad(`scan: ${where}: ${state.problem}. ${state.remedy}`);
    if (state.kind === 'unbegun') return { status: 'warn', text: `scan: ${where}: ${state.problem}. ${state.remedy}` };
    if (state.kind === 'wait') return ok(`scan: ${where}: ${scan?.status ?? 'not begun'}; a deploy would wait for it`);
    if (scan) done.push({ ...member, scan });
  }
  const { blocking } = judgeScans(done, gate, clock.now());
  if (blocking.length === 0) return ok(`scan: no finding of ${severity} or above`);
  const shown = blocking.slice(0, 5).map(findingText).join('; ');
  const more = blocking.length > 5 ? `; and ${blocking.length - 5} more` : '';
  return bad(`scan: ${blocking.length} of severity ${severity} or above: ${shown}${more}. A deploy would fail.`);
}

async function replicationLine(
  stored: Stored | undefined,
  regions: readonly string[],
  { ecr }: World,
): Promise<CheckLine> {
  const later = ok(`wait-for-replication: the image would be waited for in ${regions.join(', ')}`);
  if (!stored) return later;
  const statuses = await ecr.replicationOf(stored.repository, stored.digest);
  const failed = statuses.find(({ region, status }) => status === 'FAILED' && regions.includes(region));
  if (failed) return bad(`wait-for-replication: ${failed.region} failed (${failed.failureCode ?? 'no failure code'})`);
  const there = regions.every((region) => statuses.some((one) => one.region === region && one.status === 'COMPLETE'));
  return there ? ok(`wait-for-replication: the image is in ${regions.join(', ')}`) : later;
}

async function signatureLine(
  stored: Stored | undefined,
  sign: ImageCheckInputs['sign'],
  { ecr }: World,
): Promise<CheckLine> {
  if (sign === 'cosign') return ok('sign: cosign would sign the image before it is registered');
  const statuses = stored ? await ecr.signingOf(stored.repository, stored.digest) : [];
  const failed = statuses.find(({ status }) => status === 'FAILED');
  if (failed)
    return bad(
      `sign: ECR could not sign the image with ${failed.profile} (${failed.failureCode ?? 'no failure code'})`,
    );
  return statuses.length > 0 && statuses.every(({ status }) => status === 'COMPLETE')
    ? ok(`sign: ECR has signed the image (${statuses.map(({ profile }) => profile).join(', ')})`)
    : ok("sign: ECR's signature would be waited for");
}
