import { readImage } from '../../src/inputs/image.ts';
import { readInputs } from '../../src/inputs/parse.ts';
import { CONTEXT } from '../support/world.ts';
import { FACTS, type Given, read as readFrom } from './made.ts';

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
  ['the token in the only line of a label', { labels: `\n  \nkey=${TOKEN}\n`, 'github-token': TOKEN }, 'labels: '],
  [
    'an indented line of a secret',
    { labels: 'a=second-line-2', 'build-secrets': 'k<<E\nfirst-line-1\n  second-line-2  \nE' },
    'labels: ',
  ],
  [
    'a setting with spaces, secret by its name',
    {
      labels: 'a=correct-horse-9',
      'build-secrets': 'env<<E\nNODE_ENV=production\nSTORE_PASSPHRASE = correct-horse-9\nE',
    },
    'labels: ',
  ],
  [
    'a line of a secret in which a setting stands',
    { labels: 'a=@home KIND=production', 'build-secrets': 'k<<E\nfirst-line-1\n@home KIND=production\nE' },
    'labels: ',
  ],
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
  ...['"correct-horse-9"', "'correct-horse-9'"].map((value): [string, Readonly<Record<string, string>>, string] => [
    `the quoted setting ${value}`,
    { labels: 'a=correct-horse-9', 'build-secrets': `env<<E\nNODE_ENV=production\nDB_PASSWORD=${value}\nE` },
    'labels: ',
  ]),
  // They end like an address, or begin like one, and are none.
  ...['open sesame 4 /etc/app', 'admin:correct.horse', 'correct.horse:battery'].map(
    (text): [string, Readonly<Record<string, string>>, string] => [
      `a text with the form of an address in it: ${text}`,
      { labels: `a=${text}`, 'build-secrets': `k=${text}` },
      'labels: ',
    ],
  ),
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
  ...[
    'export  NODE_ENV=production',
    'export\tNODE_ENV=production',
    'NODE_ENV = production',
    '"NODE_ENV": production',
  ].map((line): [string, Readonly<Record<string, string>>] => [
    `the public setting ${line}`,
    { labels: `run=${line}`, 'build-secrets': `env<<E\n${line}\nDB_PASSWORD=correct-horse-9\nE` },
  ]),
  ['an address of several schemes', { labels: 'a=git+ssh://github.com', 'build-secrets': 'k=git+ssh://github.com' }],
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
    'http://registry',
    'http://localhost:8080',
    'github.com',
    'artifactory.example.com',
    'host.example.com:5432',
    'us-east-1',
    '123456789012',
    '10.0.0.123',
    '1.2.30-rc.1',
    '1.2.30-rc1',
    '10.20.30-beta',
    '1.20.30+build.7',
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
  ['a line of punctuation', { labels: 'a=~~~~~~~~~~', 'build-secrets': 'k=~~~~~~~~~~' }],
  ...['GITHUB_SHA', 'GITHUB_SERVER_URL', 'GITHUB_ACTOR', 'GITHUB_RUN_ID', 'GITHUB_WORKSPACE', 'HOME'].map(
    (name): [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>] => [
      `what ${name} of the run has`,
      { labels: 'a=open-sesame-4', 'build-secrets': 'k=open-sesame-4' },
      { [name]: 'x/open-sesame-4' },
    ],
  ),
  [
    'the name of a variable',
    { 'build-secret-envs': 'k=OPEN_SESAME_44', 'build-secrets': 't=OPEN_SESAME_44' },
    { OPEN_SESAME_44: 'correct-horse-9' },
  ],
  ['a name of a label that reads like a setting', { labels: 'org.acme.access-token=shared-pool' }],
  ['another text', { labels: 'store=open', 'build-secrets': 'k=open sesame 4' }],
  [
    'what docker gets in another way',
    {
      'build-args': 'KEY=open sesame 4',
      'cache-from': 'type=s3,bucket=b,region=eu-west-1,session_token=open-sesame-4',
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

describe('a secret in an address, which the arguments of docker would show', () => {
  const PERSONAL = `ghp_${'a1B2'.repeat(9)}`;
  const build = (given: Given) => readFrom({ repository: 'team/app', ...given }, (reader) => readImage(reader, FACTS));
  const AT = {
    context: '',
    'build-contexts': 's=',
    file: '',
    'cache-from': 'type=registry,ref=',
    'cache-to': 'type=registry,ref=',
    outputs: 'type=local,dest=',
    attests: 'type=sbom,generator=',
    provenance: 'builder-id=',
    sbom: 'generator=',
  };
  const SECRETS: readonly [address: string, kind: string][] = [
    [`https://x:${PERSONAL}@github.com/o/r.git`, 'login'],
    [`https://${PERSONAL}@github.com/o/r.git#main`, 'login'],
    ['https://x:p@ss@github.com/o/r.git', 'login'],
    [`http://${PERSONAL}@github.com/o/r.git`, 'login'],
    [`git+https://${PERSONAL}@github.com/o/r.git`, 'login'],
    ['docker-images://x:hunter2@host/r', 'login'],
    ['my-oci-layout://x:hunter2@host/r', 'login'],
    ['https://host/r.tar?k=aB3dE5fG7hIj9Kl1Mn3oP5', 'token'],
    ['ssh://git:hunter2@host/r.git', 'login'],
    ['https://github.com/o/r.git?access_token=hunter22', 'token'],
    ['github.com/o/r.git?ref=main&private_token=hunter22', 'token'],
    [`https://host/${PERSONAL}/r.tar.gz`, 'token'],
    ['https://bucket.s3.amazonaws.com/a.tar?X-Amz-Signature=0123456789abcdef', 'token'],
  ];
  const CASES = Object.entries(AT).flatMap(([name, before]) =>
    SECRETS.map(([address, kind]) => [name, `${before}${address}`, kind] as const),
  );
  test.each(CASES)('%s: %s', (name, text, kind) => {
    const { mistakes } = build({ [name]: text });
    expect(mistakes).toContainEqual(expect.stringContaining(`${name}: has a ${kind} in its address`));
    expect(mistakes.join()).not.toMatch(/ghp_|hunter2|p@ss/);
  });
  test.each([
    ['context', 'https://github.com/o/r.git#main:docs'],
    ['context', 'https://github.com/o/r.git?ref=main&subdir=a&checksum=0123456789012345678901234567890123456789'],
    ['context', 'git@github.com:o/r.git'],
    ['context', 'https://github.com/o/r.git?compat=legacy&author=me'],
    ['build-contexts', 'a=httpx://git@host/r'],
    [
      'build-contexts',
      'a=docker-image://alpine:3.20@sha256:0123\nb=oci-layout://dir:tag@sha256:0123\nc=ssh://git@host/r.git',
    ],
    ['cache-from', 'type=registry,ref=host:5000/app:cache@sha256:0123'],
    ['cache-to', 'type=s3,bucket=b,region=r,endpoint_url=https://s3.example.com/a@b'],
  ])('%s: %s has none', (name, text) => {
    expect(build({ [name]: text }).mistakes).toEqual([]);
  });
  test.each([`b=https://x:${PERSONAL}@h/r.git`, `  \nb=https://x:${PERSONAL}@h/r.git\r\n`])(
    'that of one line is not: %j',
    (text) => {
      const [mistake] = build({ 'build-contexts': text }).mistakes;
      expect(mistake).toMatch(
        /^build-contexts: has a login in its address, .* Leave it out of the address, and give the token as/,
      );
    },
  );
  test('of a context from Git the remedy is a token as a build secret', () => {
    const [mistake] = build({ context: `https://x:${PERSONAL}@h/r.git` }).mistakes;
    expect(mistake).toContain('give the token as a build secret: `GIT_AUTH_TOKEN.HOST=${{ secrets.NAME }}`');
  });
  test('of a registry the remedy is a login', () => {
    const [mistake] = build({ 'cache-from': `type=registry,ref=https://x:${PERSONAL}@h/r` }).mistakes;
    expect(mistake).toMatch(/log in with docker\/login-action in a step before\.$/);
  });
  test.each([
    ['one', 'type=s3,bucket=b,"secret_access_key=a"', /^cache-to: has `secret_access_key=?/],
    ['Azure', 'type=azblob,secret_access_key=a', /Leave it out, and give the credentials to BuildKit itself: AZURE_/],
    ['Azure, named last', 'type=x\nsecret_access_key=a,type=azblob', /BuildKit itself: AZURE_/],
    ['several', 'type=inline\ntype=azblob,secret_access_key=a', /^cache-to: line 2 has `secret_access_key/],
  ])('credentials of a cache that docker takes in its arguments alone, of %s', (_, text, expected) => {
    expect(build({ 'cache-to': text }).mistakes).toEqual([expect.stringMatching(expected)]);
  });
  test('its line is named', () => {
    const { mistakes } = build({ 'build-contexts': `a=.\n\nb=https://x:${PERSONAL}@h/r.git` });
    expect(mistakes).toEqual([expect.stringContaining('build-contexts: line 3 has a login in its address')]);
  });
});
