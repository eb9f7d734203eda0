import { readInputs } from '../../src/inputs/parse.ts';
import { CONTEXT } from '../support/world.ts';

const TOKEN = 'ghs_0123456789abcdefABCDEF0123456789abcd';
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
