import { readInputs } from '../../src/inputs/parse.ts';
import { CONTEXT } from '../support/world.ts';

const TOKEN = 'ghs_0123456789abcdefABCDEF0123456789abcd';
const SHA = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'npm_0123456789abcdefABCDEF0123456789abcd';

function read(given: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const step = { mode: 'build', repository: 'team/web', 'aws-region': 'eu-west-1', ...given };
  const { mistakes, warnings } = readInputs(new Map(Object.entries(step)), { context: CONTEXT, env });
  return [
    mistakes.map(({ subject, problem }) => `${subject}: ${problem}`),
    warnings.filter((warning) => warning.includes('secret')),
  ];
}

test.each<[string, Readonly<Record<string, string>>, string, Readonly<Record<string, string>>?]>([
  [
    'a build secret in a label',
    { labels: 'a=b\nkey=x-open sesame 4-y', 'build-secrets': 'k=open sesame 4' },
    'labels: line 2 ',
  ],
  ['the token in a label', { labels: `key=${TOKEN}`, 'github-token': TOKEN }, 'labels: '],
  [
    'a line of a secret in an annotation',
    { annotations: 'index:key=second-line-2', 'build-secrets': 'k<<E\nfirst-line-1\nsecond-line-2\nE' },
    'annotations: ',
  ],
  [
    'a password of a file that is a secret',
    {
      labels: 'url=correct-horse-9',
      'build-secrets': 'env<<E\nURL=https://shop.example.com\nDB_PASSWORD=correct-horse-9\nE',
    },
    'labels: ',
  ],
  ...[
    'correct-horse-9',
    'https://hooks.slack.com/services/T0A1B2C3D/B0A1B2C3D/abcdEFGH1234abcdEFGH1234',
    'https://hooks.example.com/a1b2c3d4e5f6',
    'https://shop.example.com/?code=open',
    '6b1f1a4e-8b1c-4b1a-9b1c-0a1b2c3d4e5f',
    '1234-5678-9012',
    '1234567890123',
    'aB3/dE5fG7h/Ij9Kl1Mn3',
    'Xk9=pQ2wwww',
  ].map((text): [string, Readonly<Record<string, string>>, string] => [
    `a secret of the shape ${text.slice(0, 26)}`,
    { labels: `a=${text}`, 'build-secrets': `"k=${text}"` },
    'labels: ',
  ]),
  [
    'a line of a file of logins',
    { labels: 'a=admin:correct-horse', 'build-secrets': 'k<<E\nweb:x\nadmin:correct-horse\nE' },
    'labels: ',
  ],
  [
    'a line of a key',
    { labels: 'a=MIIEvQIBADANBgkqhkiG9w==', 'build-secrets': 'k<<E\nMIIEvQIBADANBgkqhkiG9w==\nx\nE' },
    'labels: ',
  ],
  ...[
    'machine github.com\nlogin x\npassword correct-horse-9',
    'machine github.com login x password correct-horse-9\nmachine h',
    '<server>\n<username>x</username><password>correct-horse-9</password>\n</server>',
  ].map((file): [string, Readonly<Record<string, string>>, string] => [
    `the password of ${file.slice(0, 20)}`,
    { labels: 'a=correct-horse-9', 'build-secrets': `k<<E\n${file}\nE` },
    'labels: ',
  ]),
  [
    'its encoding',
    { labels: `key=${Buffer.from('open sesame 4').toString('base64')}`, 'build-secrets': 'k=open sesame 4' },
    'labels: ',
  ],
  [
    'a variable of a build secret in a tag',
    { tags: 'open-sesame-4', 'build-secret-envs': 'k=NPM' },
    'tags: ',
    { NPM: 'open-sesame-4' },
  ],
  [
    'credentials of the step in an option of a node',
    { 'builder-nodes': 'linux/arm64 kubernetes:// env.X=abcdefgh12345678' },
    'builder-nodes: ',
    { AWS_SECRET_ACCESS_KEY: 'abcdefgh12345678' },
  ],
  ...[
    'target',
    'build-contexts',
    'attests',
    'sbom',
    'ssh',
    'outputs',
    'add-hosts',
    'network',
    'no-cache-filters',
    'builder',
    'build-secret-files',
  ].map((name): [string, Readonly<Record<string, string>>, string] => [
    `a build secret in ${name}`,
    { [name]: 'a=open-sesame-4', 'build-secrets': 'k=open-sesame-4' },
    `${name}: `,
  ]),
])('%s is refused without being quoted', (_, given, where, env = {}) => {
  const [mistakes = []] = read(given, env);
  expect(mistakes).toContainEqual(
    expect.stringMatching(new RegExp(`^${where}holds a secret of this step, which the arguments of docker `)),
  );
  expect(JSON.stringify(mistakes.filter((mistake) => mistake.includes('of this step')))).not.toMatch(/sesame|abcdef/);
});

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>?]>([
  ['a plain word', { labels: 'env=production', 'build-secrets': 'env=production' }],
  ['a short one', { labels: 'size=1234567', 'build-secrets': 'k=1234567' }],
  ['a public name', { labels: 'store=team/web', 'build-secrets': 'k=team/web' }],
  [
    'a public value of a file that is a secret',
    { labels: 'url=https://shop.example.com', 'build-secrets': 'env<<E\nURL=https://shop.example.com\nKEY=k\nE' },
  ],
  [
    'a public line of a file that is a secret',
    { labels: 'NODE_ENV=production', 'build-secrets': 'env<<E\nNODE_ENV=production\nDB_PASSWORD=correct-horse-9\nE' },
  ],
  [
    'an external id',
    {
      labels: 'project=acme-prod-2024',
      'role-external-id': 'acme-prod-2024',
      'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
    },
  ],
  [
    'the commit',
    { tags: SHA, labels: `org.opencontainers.image.revision=${SHA}`, 'build-secrets': `sha=${SHA}` },
    { GITHUB_SHA: SHA },
  ],
  ...[
    'https://github.com',
    'https://shop.example.com:8443/web',
    'github.com',
    'artifactory.example.com',
    'us-east-1',
    '123456789012',
    '10.0.0.123',
    '1.2.30-rc.1',
    'v10.20.30',
    '2026-11-26',
    'linux/arm64',
    'services/web',
    '/home/runner/.ssh/id_ed25519',
    '/home/runner/.npmrc',
  ].map((text): [string, Readonly<Record<string, string>>] => [
    text,
    {
      labels: `a=${text}/b`,
      target: text,
      'build-contexts': `x=docker-image://${text}/b`,
      'build-secrets': `k=${text}`,
    },
  ]),
  ['another text', { labels: 'store=open', 'build-secrets': 'k=open sesame 4' }],
  [
    'what docker gets in another way',
    {
      'build-args': 'KEY=open sesame 4',
      'cache-to': 'type=gha,token=open-sesame-4',
      'build-secrets': 'k=open sesame 4\nt=open-sesame-4',
    },
  ],
  ['a label whose name is that of a secret', { labels: 'token-bucket=open sesame 4' }],
])('%s is no secret in an argument', (_, given, env = {}) => expect(read(given, env)).toEqual([[], []]));

test('what only looks like a secret is a warning', () => {
  expect(read({ labels: `a=b\nkey=${OTHER}`, annotations: `key=${OTHER}` })).toEqual([
    [],
    [
      'labels: line 2 looks like a secret, and the arguments of docker and the image show it. Secrets belong into `build-secrets`.',
      'annotations: looks like a secret, and the arguments of docker and the image show it. Secrets belong into `build-secrets`.',
    ],
  ]);
});
