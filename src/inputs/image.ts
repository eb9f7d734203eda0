import { defined } from '../model.ts';
import { readBuild } from './build.ts';
import { readAnnotations } from './build-outputs.ts';
import { defaultTags, eventLabels, readReference, readRepository, readTags } from './image-names.ts';
import { type InputName, SECTIONS } from './known.ts';
import { quoteAll, type Reader, shorten } from './reader.ts';
import { readLifecyclePolicy } from './repository-settings.ts';
import type { ImageCheckInputs, ImageInputs, ScanAllowance, StepFacts } from './types.ts';

/** Build, merge, take or leave: exactly one of them, and a mistake for every input that belongs to another. */
export function readImage(
  reader: Reader,
  facts: StepFacts,
  mode: 'build' | 'register' | 'deploy' = 'deploy',
): ImageInputs {
  const asked = SECTIONS.build.filter((name) => reader.isSet(name));
  const others = (...own: readonly InputName[]): readonly InputName[] => asked.filter((name) => !own.includes(name));
  if (mode !== 'build' && reader.boolean('push-by-digest')) {
    reader.mistake(
      'push-by-digest',
      'pushes one platform without a tag, which is for `mode: build`.',
      'Set `mode: build` in the job of each platform, and give their digests to the deploy as `digests`.',
    );
  }
  if (mode !== 'deploy' && reader.isSet('lifecycle-policy')) {
    reader.mistake(
      'lifecycle-policy',
      `is checked against what a service runs, and \`mode: ${mode}\` knows no service.`,
      'Give it to the deploy, or `repository-settings` the policy of a new repository.',
    );
  }
  if (reader.isSet('digests') || reader.isBlank('digests') || isDigests(reader))
    return readDigests(reader, facts, others('repository', 'tags', 'annotations', 'lifecycle-policy'));
  const commit = reader.text('image')?.toLowerCase() === 'commit';
  const reference = commit ? undefined : readReference(reader);
  const build = readBuild(reader, facts);
  if (reader.raw('image')) {
    const further = commit ? others('repository', 'lifecycle-policy') : others('lifecycle-policy');
    if (further.length > 0) {
      reader.mistake(
        'image',
        `is ${commit ? 'an image of an earlier job' : 'a ready-made image'} and skips the build, but the build is described too (${quoteAll(further)}).`,
        'Keep `image`, or the inputs of the build.',
      );
    }
    const { lifecyclePolicy } = build;
    const policy = defined({ lifecyclePolicy });
    if (!commit) return { kind: 'given', reference: reference ?? '', ...policy };
    if (!reader.raw('repository')) {
      reader.mistake(
        'repository',
        'is missing, and `image: commit` looks for the image of this commit in it.',
        NAME_ONE,
      );
    }
    return { kind: 'commit', repository: build.repository, tag: facts.context.sha, ...policy };
  }
  if (asked.length === 0) return { kind: 'template' };
  if (!reader.raw('repository')) {
    reader.mistake('repository', `is missing, but the build is described (${quoteAll(asked)}).`, NAME_ONE);
  }
  return { kind: 'build', build };
}

const NAME_ONE = 'Name the ECR repository to push to, such as `repository: team/app`.';

/** Digests of earlier jobs, one per line, or as they stand in JSON (`toJSON(needs)`): whatever else is in there does not count. */
function readDigests(reader: Reader, { context }: StepFacts, others: readonly InputName[]): ImageInputs {
  const words = digestsIn(reader);
  if (reader.raw('image') && !isDigests(reader))
    reader.mistake('digests', 'and `image` both name what to deploy.', 'Keep one of the two.');
  if (others.length > 0) {
    reader.mistake(
      'digests',
      `are images that are built, but the build is described too (${quoteAll(others)}).`,
      'Keep `digests` with `repository`, `tags` and `annotations`, or the inputs of the build.',
    );
  }
  if (!reader.raw('repository')) {
    reader.mistake(
      'repository',
      'is missing, and the `digests` are in it.',
      'Name the repository that the jobs pushed to.',
    );
  }
  const tags = readTags(reader);
  return {
    kind: 'digests',
    repository: readRepository(reader),
    digests: [...new Set(words)],
    tags: tags.length > 0 ? [...new Set(tags)] : defaultTags(context),
    origin: eventLabels(context),
    annotations: readAnnotations(reader),
    ...defined({ lifecyclePolicy: readLifecyclePolicy(reader) }),
  };
}

/** `image: digests`: what is deployed is merged of `digests`, which then must not arrive empty. */
const isDigests = (reader: Reader): boolean => reader.text('image')?.toLowerCase() === 'digests';

const GIVE_DIGESTS =
  'Give the outputs `image-digest-amd64` and `image-digest-arm64` of the jobs that built, one per line: `sha256:` and 64 hexadecimal digits.';

const EMPTY_OUTPUT =
  'The output of the job that built it arrived empty: check its name in `${{ needs.JOB.outputs.NAME }}`, the `outputs` of that job, and that the job ran.';

function digestsIn(reader: Reader): readonly string[] {
  const text = reader.raw('digests');
  if (text === undefined) {
    reader.mistake('digests', 'is empty, so there is nothing to deploy.', EMPTY_OUTPUT);
    return [];
  }
  if (/^\s*[[{]/.test(text)) {
    const words = text.match(/sha256:[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
    if (words.length === 0) reader.mistake('digests', 'has no digest in it.', GIVE_DIGESTS);
    for (const name of emptyBesideDigest(text))
      reader.warnings.push(
        `digests: \`${shorten(name)}\` is empty in the same object as a digest, so that its platform is not in the image. ${EMPTY_OUTPUT}`,
      );
    return words;
  }
  // A block ends with one line end of its own; another empty line or item was an expression: a job of a matrix that gave none.
  const entries = text.replace(/\r?\n$/, '').split(/\r?\n|,/);
  const empty = entries.findIndex((entry) => entry.trim() === '');
  if (empty >= 0)
    reader.warnings.push(
      `digests: item ${empty + 1} of ${entries.length} is empty, so that its platform is not in the image. ${EMPTY_OUTPUT}`,
    );
  const words = entries.flatMap((entry) => entry.split(/\s+/)).filter(Boolean);
  const wrong = words.find((word) => !/^sha256:[0-9a-f]{64}$/.test(word));
  if (wrong !== undefined) reader.mistake('digests', `\`${shorten(wrong)}\` is not a digest.`, GIVE_DIGESTS);
  return words;
}

/** Members of JSON without a value, in an object that has a digest: the outputs of a matrix of which one job gave none. */
function emptyBesideDigest(text: string): readonly string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const members = Object.entries(value);
      if (members.some(([, member]) => typeof member === 'string' && /^sha256:[0-9a-f]{64}$/.test(member)))
        found.push(...members.flatMap(([name, member]) => (member === '' ? [name] : [])));
      return value;
    });
  } catch {
    return []; // its digests count all the same
  }
  return found;
}

const REGION = /^[a-z]{2,3}(?:-[a-z]+)+-\d$/;

/**
 * What must be true of the image in ECR before it is registered: findings, copies in other regions, signatures.
 * @returns undefined where nothing is asked for
 */
export function readImageChecks(reader: Reader, image: ImageInputs): ImageCheckInputs | undefined {
  const asked = SECTIONS.registry.filter((name) => reader.isSet(name));
  const scan = reader.choice('scan', ['none', 'wait']) ?? 'none';
  const severity = reader.choice('scan-severity', ['critical', 'high', 'medium', 'low', 'informational']) ?? 'critical';
  const allowed = readAllowances(reader);
  const sign = reader.choice('sign', ['none', 'cosign', 'ecr']) ?? 'none';
  const minutes = reader.integer('image-checks-minutes', { min: 1, max: 120, unit: 'minutes' }) ?? 10;
  const regions = reader.list('wait-for-replication').filter((region) => {
    if (REGION.test(region)) return true;
    reader.mistake(
      'wait-for-replication',
      `\`${shorten(region)}\` is not a region.`,
      'List the Regions that ECR replicates to, such as `eu-central-1,us-east-1`.',
    );
    return false;
  });
  const unused = (['scan-severity', 'scan-allow'] as const).filter((name) => scan === 'none' && reader.isSet(name));
  if (unused.length > 0)
    reader.mistake(
      unused[0] ?? 'scan',
      'is for `scan: wait`, and `scan` is not set.',
      'Set `scan: wait`, or remove it.',
    );
  if (scan === 'none' && sign === 'none' && regions.length === 0) return undefined;
  if (image.kind === 'template') {
    reader.mistake(
      asked[0] ?? 'scan',
      `is about the image of this run, and no input names one (${quoteAll(asked)}).`,
      'Name it with `repository`, `image` or `digests`.',
    );
  }
  return {
    timeoutSeconds: minutes * 60,
    regions: [...new Set(regions)],
    sign,
    ...(scan === 'wait' ? { scan: { severity, allowed } } : {}),
  };
}

/** `CVE-2026-1234 until 2027-01-31 reason`, one per line. */
function readAllowances(reader: Reader): readonly ScanAllowance[] {
  const seen = new Set<string>();
  return reader.lines('scan-allow').flatMap((line) => {
    const [, id = '', until = '', reason = ''] = /^([A-Za-z][\w.:-]{2,127})\s+until\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
    const problem = problemOf({ id, until, reason }, seen);
    if (problem === undefined) {
      seen.add(id.toUpperCase());
      return [{ id, until, reason }];
    }
    reader.mistake(
      'scan-allow',
      `\`${shorten(line)}\` ${problem}`,
      'Write the finding, the last day that it is allowed on, and why: `CVE-2026-1234 until 2027-01-31 not reachable`.',
    );
    return [];
  });
}

function problemOf({ id, until }: ScanAllowance, seen: ReadonlySet<string>): string | undefined {
  if (id === '') return 'is not an allowance.';
  if (seen.has(id.toUpperCase())) return 'allows a finding that a line above allows already.';
  const at = Date.parse(`${until}T00:00:00Z`);
  // 2027-02-30 is the second of March for Date.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== until ? 'names no day.' : undefined;
}
