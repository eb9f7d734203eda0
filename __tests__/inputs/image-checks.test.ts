import { readImageChecks } from '../../src/inputs/image-checks.ts';
import type { ImageInputs } from '../../src/inputs/types.ts';
import { type Given, read } from './made.ts';

const IMAGE = { kind: 'given', reference: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1' } as const;
const checks = (given: Given, image: ImageInputs = IMAGE) => read(given, (reader) => readImageChecks(reader, image));

test.each<[string, Given, object | undefined]>([
  ['nothing', {}, undefined],
  ['nothing, in words', { scan: 'none', sign: 'none' }, undefined],
  [
    'a scan',
    { scan: 'wait' },
    { timeoutSeconds: 600, regions: [], sign: 'none', scan: { severity: 'critical', allowed: [] } },
  ],
  [
    'a scan with its limits',
    {
      scan: 'wait',
      'scan-severity': 'MEDIUM',
      'scan-allow': 'CVE-2026-1234 until 2027-01-31 not reachable\n\nGHSA-aaaa-bbbb until 2028-02-29 no fix  yet',
      'image-checks-minutes': '120',
    },
    {
      timeoutSeconds: 7200,
      regions: [],
      sign: 'none',
      scan: {
        severity: 'medium',
        allowed: [
          { id: 'CVE-2026-1234', until: '2027-01-31', reason: 'not reachable' },
          { id: 'GHSA-aaaa-bbbb', until: '2028-02-29', reason: 'no fix  yet' },
        ],
      },
    },
  ],
  ['a signature', { sign: 'cosign' }, { timeoutSeconds: 600, regions: [], sign: 'cosign' }],
  [
    'copies in other Regions, each once',
    { 'wait-for-replication': 'eu-central-1, us-gov-west-1,eu-central-1', 'image-checks-minutes': '1' },
    { timeoutSeconds: 60, regions: ['eu-central-1', 'us-gov-west-1'], sign: 'none' },
  ],
])('%s', (_, given, value) => {
  expect(checks(given)).toEqual({ value, mistakes: [], notes: [], warnings: [] });
});

const ALLOWANCE =
  'Write the finding, the last day that it is allowed on, and why: `CVE-2026-1234 until 2027-01-31 not reachable`.';
test.each<[string, Given, string]>([
  ['a scan', { scan: 'yes' }, 'scan: `yes` is not one of `none`, `wait`. Write one of them.'],
  [
    'a severity',
    { scan: 'wait', 'scan-severity': 'worst' },
    'scan-severity: `worst` is not one of `critical`, `high`,',
  ],
  [
    'a severity without a scan',
    { 'scan-severity': 'high' },
    'scan-severity: is for `scan: wait`, and `scan` is not set. Set `scan: wait`, or remove it.',
  ],
  [
    'allowed findings without a scan',
    { sign: 'ecr', 'scan-allow': 'CVE-1 until 2027-01-31 x' },
    'scan-allow: is for `scan: wait`',
  ],
  [
    'minutes',
    { 'image-checks-minutes': '121' },
    'image-checks-minutes: `121` is out of range. Give minutes, from 1 to 120.',
  ],
  ['no minutes', { 'image-checks-minutes': '0' }, 'image-checks-minutes: `0` is out of range.'],
  [
    'a Region',
    { 'wait-for-replication': 'europe' },
    'wait-for-replication: `europe` is not a region. List the Regions that ECR replicates to, such as `eu-central-1,us-east-1`.',
  ],
  [
    'a Region with a zone',
    { 'wait-for-replication': 'eu-west-1a' },
    'wait-for-replication: `eu-west-1a` is not a region.',
  ],
  [
    'a zone of a Region',
    { 'wait-for-replication': 'x eu-west-1' },
    'wait-for-replication: `x eu-west-1` is not a region.',
  ],
  [
    'no day',
    { scan: 'wait', 'scan-allow': 'CVE-1 until soon x' },
    `scan-allow: \`CVE-1 until soon x\` names no day. ${ALLOWANCE}`,
  ],
  ['a day that does not exist', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-02-30 x' }, 'names no day.'],
  ['a day with a time', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-02-20T00:00 x' }, 'names no day.'],
  ['a day without zeros', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-1-31 x' }, 'names no day.'],
  ['a day with a sign', { scan: 'wait', 'scan-allow': 'CVE-1 until +002027-01-31 x' }, 'names no day.'],
  ['no reason', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-01-31' }, 'is not an allowance.'],
  ['no finding', { scan: 'wait', 'scan-allow': 'until 2027-01-31 x' }, 'is not an allowance.'],
  [
    'a finding twice, whatever its case',
    { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-01-31 x\ncve-1 until 2027-01-31 y' },
    'allows a finding that a line above allows already.',
  ],
])('refused: %s', (_, given, mistake) => {
  const { mistakes } = checks(given);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(mistake);
});

test('a Region that is wrong is left out, the others are kept', () => {
  expect(checks({ 'wait-for-replication': 'europe,eu-west-1' }).value?.regions).toEqual(['eu-west-1']);
});

test('they are about an image of this run, and an input has to name one', () => {
  expect(checks({ scan: 'wait', sign: 'ecr' }, { kind: 'template' }).mistakes).toEqual([
    'scan: is about the image of this run, and no input names one (`scan`, `sign`). Name it with `repository`, `image` or `digests`.',
  ]);
  expect(checks({}, { kind: 'template' }).mistakes).toEqual([]);
});
