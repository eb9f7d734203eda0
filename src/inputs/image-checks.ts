import { SECTIONS } from './known.ts';
import { quoteAll, type Reader, shorten } from './reader.ts';
import type { ImageCheckInputs, ImageInputs, ScanAllowance } from './types.ts';

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
