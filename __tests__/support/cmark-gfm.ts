/** cmark-gfm, GitHub's own library for Markdown, where it is installed (`apt-get install cmark-gfm`). It needs neither network nor token. */
import { spawnSync } from 'node:child_process';
import { linksOf, render, tagsOf, textOf } from './gfm.ts';

const EXTENSIONS = ['table', 'strikethrough', 'autolink', 'tagfilter', 'tasklist'].flatMap((name) => ['-e', name]);
const isRequired = process.env.GFM_RENDERER === 'required';
const isInstalled = isRequired || spawnSync('cmark-gfm', ['--version']).status === 0;

/** A test that is skipped without the library, unless GFM_RENDERER=required. */
export const withGithub = isInstalled ? test : test.skip;

function github(markdown: string): string {
  const { status, stdout, error } = spawnSync('cmark-gfm', ['--unsafe', ...EXTENSIONS], {
    input: markdown,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (error) throw new Error(`cmark-gfm cannot be started (${error.message}): apt-get install cmark-gfm`);
  if (status !== 0) throw new Error(`cmark-gfm ended with exit code ${status}`);
  return stdout;
}
const textIn = (page: string): string => textOf(page).replaceAll(/\s/g, '');

/** What micromark shows, which the other tests read, is what GitHub shows. */
export function expectAsGithub(markdown: string): void {
  const [theirs, ours] = [github(markdown), render(markdown)];
  expect(tagsOf(theirs)).toEqual(tagsOf(ours));
  expect(textIn(theirs)).toBe(textIn(ours));
  expect(linksOf(theirs)).toEqual(linksOf(ours));
}
