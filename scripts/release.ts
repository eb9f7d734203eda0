/**
 * `node scripts/release.ts check|notes|publish vX.Y.Z`: what the release workflow does, so that it can be tested and run by hand.
 * Only Node's own modules, git and gh: the job that may write to the repository installs nothing.
 *
 *   check    the tag, package.json, package-lock.json and CHANGELOG.md agree, and the tag is on main
 *   notes    prints the changelog's section
 *   publish  checks, makes the release as a draft, publishes it (from then on GitHub keeps it immutable), and moves the major tag
 *
 * Each step of `publish` looks first at what is already there, so a run that failed halfway is run again as it is.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

class Mistake extends Error {}

type Version = readonly [major: number, minor: number, patch: number];

/** `v1.2.3`; undefined for anything else, `v1` and prereleases included. */
export function parseTag(tag: string): Version | undefined {
  const parts = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(tag);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

/** Negative where a is older. */
export const compareVersions = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The text under `## [1.2.3] - 2026-11-26`, up to the next version or the links at the end; undefined where there is none. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const lines = changelog.split(/\r?\n/);
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`);
  const start = lines.findIndex((line) => heading.test(line));
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  return section.join('\n').trim();
}

/** A tag of the remote, and the commit that it leads to. */
export interface RemoteTag {
  readonly name: string;
  /** The tag object of an annotated tag, else the commit. */
  readonly object: string;
  readonly commit: string;
}

export type MajorTag =
  | { readonly kind: 'move'; readonly name: string; readonly expected: string }
  | { readonly kind: 'in-place'; readonly name: string }
  /** A newer version is there: this release is of an older line, or its workflow was run again later. */
  | { readonly kind: 'stays'; readonly name: string; readonly at: string }
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string };

/** What is done with `v1` when `tag` is released: it only ever moves to a newer version. */
export function majorTagOf(tag: string, commit: string, remote: readonly RemoteTag[]): MajorTag {
  const version = parseTag(tag);
  if (!version) throw new Mistake(`${tag} is not a version tag such as v1.2.3.`);
  const name = `v${version[0]}`;
  const current = remote.find((one) => one.name === name);
  if (!current) return { kind: 'move', name, expected: '' };
  if (current.commit === commit) return { kind: 'in-place', name };
  const newest = remote
    .flatMap(({ name, commit }) => {
      const released = parseTag(name);
      return commit === current.commit && released ? [{ name, version: released }] : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version))[0];
  if (!newest) {
    const reason = `${name} leads to ${current.commit}, which no version tag names. Check who moved it, set it to a released commit by hand, and run this again.`;
    return { kind: 'refused', name, reason };
  }
  return compareVersions(newest.version, version) > 0
    ? { kind: 'stays', name, at: newest.name }
    : { kind: 'move', name, expected: current.object };
}

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function attempt(program: string, args: readonly string[], input?: string): Result {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  if (error) throw new Mistake(`${program} cannot be run: ${error.message}`);
  return { status: status ?? 1, stdout, stderr };
}

function run(program: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = attempt(program, args, input);
  if (status !== 0)
    throw new Mistake(`${program} ${args.join(' ')} failed with exit code ${status}:\n${stderr.trim()}`);
  return stdout.trim();
}

const commitOf = (tag: string): string => run('git', ['rev-parse', '--verify', `refs/tags/${tag}^{commit}`]);

/** All that does not fit, at once. */
function check(tag: string): void {
  if (!parseTag(tag)) throw new Mistake(`${tag} is not a version tag such as v1.2.3.`);
  const version = tag.slice(1);
  const mistakes: string[] = [];
  for (const file of ['package.json', 'package-lock.json']) {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8')).version;
    if (found !== version) mistakes.push(`${file} has the version ${String(found)}, not ${version}.`);
  }
  const section = sectionOf(readFileSync('CHANGELOG.md', 'utf8'), version);
  if (section === undefined) mistakes.push(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD".`);
  else if (section === '') mistakes.push(`CHANGELOG.md has no text under ${version}.`);
  const commit = commitOf(tag);
  if (run('git', ['rev-parse', 'HEAD']) !== commit)
    mistakes.push(`The commit that is checked out is not that of ${tag}.`);
  if (attempt('git', ['merge-base', '--is-ancestor', commit, 'refs/remotes/origin/main']).status !== 0)
    mistakes.push(`${tag} is not on main.`);
  if (mistakes.length > 0) throw new Mistake([`${tag} cannot be released:`, ...mistakes].join('\n  - '));
}

const notesOf = (tag: string): string => sectionOf(readFileSync('CHANGELOG.md', 'utf8'), tag.slice(1)) ?? '';

function remoteTags(): RemoteTag[] {
  const objects = new Map<string, string>();
  for (const line of run('git', ['ls-remote', '--tags', 'origin']).split('\n')) {
    const [object = '', ref = ''] = line.split('\t');
    if (ref.startsWith('refs/tags/')) objects.set(ref.slice('refs/tags/'.length), object);
  }
  return [...objects]
    .filter(([name]) => !name.endsWith('^{}'))
    .map(([name, object]) => ({ name, object, commit: objects.get(`${name}^{}`) ?? object }));
}

function releaseState(tag: string): 'none' | 'draft' | 'published' {
  const { status, stdout, stderr } = attempt('gh', ['release', 'view', tag, '--json', 'isDraft']);
  if (status === 0) return JSON.parse(stdout).isDraft === true ? 'draft' : 'published';
  if (/release not found/i.test(stderr)) return 'none';
  throw new Mistake(`gh release view ${tag} failed with exit code ${status}:\n${stderr.trim()}`);
}

function publish(tag: string): void {
  check(tag);
  const commit = commitOf(tag);
  const remote = remoteTags();
  const major = majorTagOf(tag, commit, remote);
  // Before anything is published: what must not happen to the major tag needs a person first.
  if (major.kind === 'refused') throw new Mistake(major.reason);

  const version = parseTag(tag);
  const isLatest = remote.every(({ name }) => {
    const other = parseTag(name);
    return !other || !version || compareVersions(other, version) <= 0;
  });
  const state = releaseState(tag);
  const notes = notesOf(tag);
  if (state === 'none')
    run('gh', ['release', 'create', tag, '--draft', '--verify-tag', '--title', tag, '--notes-file', '-'], notes);
  if (state === 'draft') run('gh', ['release', 'edit', tag, '--notes-file', '-'], notes);
  if (state === 'published') console.log(`${tag} is released already.`);
  else {
    run('gh', ['release', 'edit', tag, '--draft=false', `--latest=${isLatest}`]);
    console.log(`${tag} is released.`);
  }

  switch (major.kind) {
    case 'in-place':
      console.log(`${major.name} is at ${tag} already.`);
      break;
    case 'stays':
      console.log(`${major.name} stays at ${major.at}, which is newer than ${tag}.`);
      break;
    case 'move':
      // Refused by the remote if it was moved since it was read.
      run('git', [
        'push',
        `--force-with-lease=refs/tags/${major.name}:${major.expected}`,
        'origin',
        `${commit}:refs/tags/${major.name}`,
      ]);
      console.log(`${major.name} is at ${tag} now.`);
  }
}

if (import.meta.main) {
  const [command, tag] = process.argv.slice(2);
  try {
    if (tag === undefined) throw new Mistake('Usage: node scripts/release.ts check|notes|publish vX.Y.Z');
    if (command === 'check') {
      check(tag);
      console.log(`${tag} can be released.`);
    } else if (command === 'notes') console.log(notesOf(tag));
    else if (command === 'publish') publish(tag);
    else throw new Mistake(`There is no command ${command}; there are check, notes and publish.`);
  } catch (thrown) {
    if (!(thrown instanceof Mistake)) throw thrown;
    console.error(thrown.message);
    process.exitCode = 1;
  }
}
