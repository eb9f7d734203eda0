import type { ScanAllowance } from '../inputs/types.ts';
import type { ImageScan, Instant, ScanFinding } from '../model.ts';

/** Worst first. Inspector's UNTRIAGED is ECR's UNDEFINED: it is not rated yet. */
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED'] as const;
const rank = (severity: string): number => {
  const at = (SEVERITIES as readonly string[]).indexOf(severity.toUpperCase());
  return at < 0 ? SEVERITIES.length - 1 : at;
};

/** The scan of one platform of an image. */
export interface PlatformScan {
  readonly platform: string;
  readonly digest: string;
  readonly scan: ImageScan;
}

interface PlatformFinding extends ScanFinding {
  readonly platforms: readonly string[];
}

export interface ScanVerdict {
  /** As severe as the gate, or more, and not allowed; the worst first. */
  readonly blocking: readonly PlatformFinding[];
  /** Would block, and are allowed for now. */
  readonly allowed: readonly (PlatformFinding & { readonly until: string; readonly reason: string })[];
  /** Allowances whose last day is over, as far as they are about a finding. */
  readonly expired: readonly ScanAllowance[];
  /** By platform: how many findings of each severity. */
  readonly counts: readonly { readonly platform: string; readonly bySeverity: Readonly<Record<string, number>> }[];
}

/**
 * Which findings stop the image.
 * @param gate the mildest severity that does, in any case of letters
 * @param now seconds; an allowance counts to the end of its day in UTC
 */
export function judgeScans(
  scans: readonly PlatformScan[],
  { severity: gate, allowed }: { readonly severity: string; readonly allowed: readonly ScanAllowance[] },
  now: Instant,
): ScanVerdict {
  const byKey = new Map<string, PlatformFinding>();
  for (const { platform, scan } of scans) {
    for (const finding of scan.findings) {
      const key = `${finding.id} ${finding.packageName ?? ''} ${finding.packageVersion ?? ''} ${finding.severity}`;
      const platforms = [...(byKey.get(key)?.platforms ?? []), platform];
      byKey.set(key, { ...finding, platforms: [...new Set(platforms)] });
    }
  }
  const severe = [...byKey.values()]
    .filter(({ severity }) => rank(severity) <= rank(gate))
    .sort((a, b) => rank(a.severity) - rank(b.severity) || (a.id < b.id ? -1 : 1));
  const allowanceOf = ({ id }: ScanFinding): ScanAllowance | undefined =>
    allowed.find((one) => one.id.toUpperCase() === id.toUpperCase());
  const isOver = ({ until }: ScanAllowance): boolean => now >= Date.parse(`${until}T00:00:00Z`) / 1000 + 86_400;
  const holds = (finding: ScanFinding): ScanAllowance | undefined => {
    const allowance = allowanceOf(finding);
    return allowance && !isOver(allowance) ? allowance : undefined;
  };
  return {
    blocking: severe.filter((finding) => !holds(finding)),
    allowed: severe.flatMap((finding) => {
      const allowance = holds(finding);
      return allowance ? [{ ...finding, until: allowance.until, reason: allowance.reason }] : [];
    }),
    expired: allowed.filter((one) => isOver(one) && severe.some((finding) => allowanceOf(finding) === one)),
    counts: scans.map(({ platform, scan }) => ({ platform, bySeverity: countsOf(scan.findings) })),
  };
}

function countsOf(findings: readonly ScanFinding[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return Object.fromEntries(SEVERITIES.flatMap((name) => (counts[name] ? [[name, counts[name]]] : [])));
}

/** What the state of a scan means for who waits for it. */
export type ScanState =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait' }
  /** It may not have started: waited for, but not for long. */
  | { readonly kind: 'unbegun'; readonly problem: string; readonly remedy: string }
  | { readonly kind: 'failed'; readonly problem: string; readonly remedy: string };

const SCANNING = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html';

/**
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
 * @param scan undefined: ECR has none of this image
 */
export function scanState(scan: ImageScan | undefined): ScanState {
  if (scan === undefined) {
    return {
      kind: 'unbegun',
      problem: 'ECR has not begun to scan it',
      remedy:
        'Turn on scanning for the repository: scan on push (`imageScanningConfiguration.scanOnPush`), or enhanced scanning in the settings of the registry.',
    };
  }
  const why = scan.description ? ` (${scan.description})` : '';
  const failed = (problem: string, remedy: string): ScanState => ({ kind: 'failed', problem: problem + why, remedy });
  switch (scan.status) {
    // ACTIVE: Amazon Inspector has scanned it and watches for new findings.
    case 'COMPLETE':
    case 'ACTIVE':
      return { kind: 'done' };
    case 'PENDING':
    case 'IN_PROGRESS':
      return { kind: 'wait' };
    case 'FINDINGS_UNAVAILABLE':
      return {
        kind: 'unbegun',
        problem: `ECR has no findings of it yet${why}`,
        remedy:
          'Amazon Inspector has not scanned it: check that enhanced scanning covers the repository and is active.',
      };
    case 'FAILED':
      return failed('its scan failed', 'Start it again (aws ecr start-image-scan), and run again.');
    case 'UNSUPPORTED_IMAGE':
      return failed(
        'ECR cannot scan it',
        `Its base is none that ECR knows, such as \`scratch\`: ${SCANNING}. Scan it with a tool of your own between \`mode: build\` and \`mode: deploy\`, without \`scan: wait\`.`,
      );
    case 'LIMIT_EXCEEDED':
      return failed(
        'the scans of this account have reached a limit',
        'Basic scanning takes an image once in 24 hours. Run again later, or ask for a higher quota of Amazon ECR.',
      );
    case 'SCAN_ELIGIBILITY_EXPIRED':
      return failed(
        'Amazon Inspector does not watch it any more',
        'Its scan duration is over: push it again, or make the duration longer in the settings of Amazon Inspector.',
      );
    case 'IMAGE_ARCHIVED':
      return failed('it is archived', 'Restore it (aws ecr update-image-storage-class), and run again.');
    default:
      return failed(`its scan has the status ${scan.status}`, `See ${SCANNING}.`);
  }
}

/** `CVE-2026-1 in openssl 3.0.1 (CRITICAL, linux/amd64), fixed in 3.0.2` */
export function findingText({
  id,
  packageName,
  packageVersion,
  severity,
  fixedIn,
  platforms,
}: PlatformFinding): string {
  const what = packageName ? ` in ${[packageName, packageVersion].filter(Boolean).join(' ')}` : '';
  const where = platforms.filter((one) => one !== '');
  return `${id}${what} (${[severity, ...where].join(', ')})${fixedIn ? `, fixed in ${fixedIn}` : ''}`;
}
