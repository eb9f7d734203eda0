import { findingText, judgeScans, scanState } from '../../src/image/scan.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { scanSummaryOf } from '../../src/report/scan.ts';
import { CONTEXT } from '../support/world.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z') / 1000;
const finding = (id: string, severity: string) => ({ id, severity, packageName: 'openssl', packageVersion: '3.0.1' });
const scan = (platform: string, ...findings: ReturnType<typeof finding>[]) => ({
  platform,
  digest: 'sha256:a',
  scan: { status: 'COMPLETE', findings },
});
const allow = (until: string) => [{ id: 'cve-1', until, reason: 'not reachable' }];

test.each<[string, string, readonly { id: string; until: string; reason: string }[], string[]]>([
  ['the gate itself counts', 'high', [], ['CVE-1', 'CVE-2']],
  ['what is milder does not', 'critical', [], ['CVE-1']],
  ['everything', 'informational', [], ['CVE-1', 'CVE-2', 'CVE-3']],
  ['an allowance holds on its last day', 'critical', allow('2026-11-26'), []],
  ['and not on the day after', 'critical', allow('2026-11-25'), ['CVE-1']],
])('%s', (_, severity, allowed, blocking) => {
  const scans = [
    scan('linux/amd64', finding('CVE-3', 'LOW'), finding('CVE-1', 'CRITICAL')),
    scan('linux/arm64', finding('CVE-1', 'CRITICAL'), finding('CVE-2', 'HIGH')),
  ];
  const verdict = judgeScans(scans, { severity, allowed }, NOW);
  expect(verdict.blocking.map(({ id }) => id)).toEqual(blocking);
  expect(verdict.expired).toEqual(allowed.filter(({ until }) => until === '2026-11-25'));
  expect(verdict.allowed).toHaveLength(allowed.length - verdict.expired.length);
  if (blocking[0])
    expect(findingText(verdict.blocking[0] as never)).toBe(
      'CVE-1 in openssl 3.0.1 (CRITICAL, linux/amd64, linux/arm64)',
    );
  const summary = scanSummaryOf(verdict, severity);
  for (const id of blocking) expect(summary).toMatch(new RegExp(`${id}.*<b>stops the image</b>`));
});

test.each([
  [undefined, 'unbegun'],
  ['PENDING', 'wait'],
  ['IN_PROGRESS', 'wait'],
  ['COMPLETE', 'done'],
  ['ACTIVE', 'done'],
  ['FINDINGS_UNAVAILABLE', 'unbegun'],
  ['FAILED', 'failed'],
  ['UNSUPPORTED_IMAGE', 'failed'],
  ['LIMIT_EXCEEDED', 'failed'],
  ['SCAN_ELIGIBILITY_EXPIRED', 'failed'],
  ['IMAGE_ARCHIVED', 'failed'],
  ['NEW', 'failed'],
])('status %s: %s', (status, kind) => {
  expect(scanState(status === undefined ? undefined : { status, findings: [] })).toMatchObject({ kind });
});
test('each status that ends the wait has words of its own', () => {
  const words = [
    'FAILED',
    'UNSUPPORTED_IMAGE',
    'LIMIT_EXCEEDED',
    'FINDINGS_UNAVAILABLE',
    'SCAN_ELIGIBILITY_EXPIRED',
    'IMAGE_ARCHIVED',
  ].map((status) => JSON.stringify(scanState({ status, findings: [] })));
  expect(new Set(words).size).toBe(words.length);
});

test.each<[Record<string, string>, string | RegExp]>([
  [{ scan: 'wait', 'scan-allow': 'CVE-1 until 2027-02-30 x' }, 'names no day'],
  [{ scan: 'wait', 'scan-allow': 'CVE-2026-1 until 2027-01-31' }, 'is not an allowance'],
  [{ scan: 'wait', 'scan-allow': 'CVE-1 until 2027-01-31 a\ncve-1 until 2027-01-31 b' }, 'already'],
  [{ 'scan-severity': 'high' }, 'is for `scan: wait`'],
  [{ scan: 'wait', 'scan-severity': 'hihg' }, '`hihg` is not one of'],
  [{ 'wait-for-replication': 'frankfurt' }, 'is not a region'],
  [{ sign: 'notary' }, '`notary` is not one of'],
])('%j', (given, words) => {
  const raw = { 'aws-region': 'eu-west-1', mode: 'build', repository: 'web', ...given };
  expect(() => parseInputs(new Map(Object.entries(raw)), { context: CONTEXT, env: {} })).toThrow(
    expect.objectContaining({
      mistakes: [expect.objectContaining({ problem: expect.stringContaining(words as string) })],
    }),
  );
});
test('a deploy that names no image has none to check', () => {
  const raw = { 'aws-region': 'eu-west-1', service: 'web', scan: 'wait' };
  expect(() => parseInputs(new Map(Object.entries(raw)), { context: CONTEXT, env: {} })).toThrow(
    expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'scan' })] }),
  );
});
