import { beginning, deploysIn, mapWords, say, type Text, together } from '../../src/diagnosis/say.ts';
import type { Technology } from '../../src/diagnosis/technologies.ts';

const atWork = (...names: readonly Technology[]): ReadonlySet<Technology> => new Set(names);
const INSTALL: Text = [
  'Install the packages',
  {
    examples: [
      { for: 'node', words: 'npm ci' },
      { for: ['python', 'uwsgi'], words: 'pip install' },
    ],
  },
  { for: 'efs', words: '; on EFS use an access point' },
  '.',
];

test.each<[string, ReadonlySet<Technology>, string]>([
  ['nothing', atWork(), 'Install the packages.'],
  ['one', atWork('node'), 'Install the packages (npm ci).'],
  ['one of several', atWork('uwsgi'), 'Install the packages (pip install).'],
  [
    'several',
    atWork('efs', 'node', 'python'),
    'Install the packages (npm ci, pip install); on EFS use an access point.',
  ],
])('parts are shown where their technology is at work: %s', (_, technologies, words) =>
  expect(say(INSTALL, technologies)).toBe(words),
);

test('a part may have other words for everyone else', () => {
  const text: Text = ['Install it', { examples: [{ for: 'alpine', words: 'apk add git', else: 'git' }] }, '.'];
  expect(say(text, atWork())).toBe('Install it (git).');
  expect(say(text, atWork('alpine'))).toBe('Install it (apk add git).');
});

test('plain words stay as they are', () => {
  expect(say('Look at EFS.', atWork())).toBe('Look at EFS.');
  expect(beginning('a')).toBe('a');
  expect(beginning(INSTALL)).toBe('Install the packages');
  expect(together('a', 'b', 'c')).toBe('abc');
});

test('texts are put together and changed part by part', () => {
  const text = together(
    'First: ',
    mapWords(INSTALL, (words) => words.toUpperCase()),
    ' Then run it.',
  );
  expect(say(text, atWork('efs'))).toBe('First: INSTALL THE PACKAGES; ON EFS USE AN ACCESS POINT. Then run it.');
  expect(say(together(INSTALL, ' Run it.'), atWork())).toBe('Install the packages. Run it.');
  expect(mapWords('a', (words) => `${words}!`)).toBe('a!');
  const other: Text = ['x', { for: 'go', words: 'y', else: 'z' }];
  expect(
    say(
      mapWords(other, (words) => words.toUpperCase()),
      atWork(),
    ),
  ).toBe('XZ');
});

test('a text without words for everyone is no text', () => {
  // @ts-expect-error the first part is for all
  const without: Text = [{ for: 'node', words: 'npm ci' }];
  expect(without).toHaveLength(1);
});

test('words by which a deployment starts are read apart from what is shown', () => {
  const text: Text = ['Set it, and ', { deploys: 'deploy again' }, '.'];
  expect(say(text, atWork())).toBe('Set it, and deploy again.');
  expect(deploysIn(mapWords(text, (words) => words.toUpperCase()))).toEqual(['DEPLOY AGAIN']);
  expect(deploysIn(together('First. ', text))).toEqual(['deploy again']);
  expect(deploysIn('deploy again')).toEqual([]);
});
