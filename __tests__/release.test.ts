import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { majorTagOf, parseTag, sectionOf } from '../scripts/release.ts';
import { COMPILE_CACHE } from '../scripts/run-action.ts';

/** A remote, a clone of it in which the release runs, and a gh that keeps its releases in a file. */
class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), 'release-'));
  readonly remote = join(this.folder, 'remote.git');
  readonly clone = join(this.folder, 'clone');
  readonly #env = {
    PATH: `${join(this.folder, 'bin')}${delimiter}${process.env.PATH}`,
    HOME: this.folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    RELEASES: join(this.folder, 'releases.json'),
    NODE_NO_WARNINGS: '1',
    ...COMPILE_CACHE,
  };

  constructor() {
    mkdirSync(join(this.folder, 'bin'));
    writeFileSync(join(this.folder, 'bin', 'gh'), `#!${process.execPath}\n${GH}`);
    chmodSync(join(this.folder, 'bin', 'gh'), 0o755);
    writeFileSync(this.#env.RELEASES, '{}');
    this.git('init', '--quiet', '--bare', '--initial-branch=main', this.remote);
    this.git('clone', '--quiet', this.remote, this.clone);
    this.git('-C', this.clone, 'checkout', '--quiet', '-B', 'main');
  }

  git(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: this.folder,
      env: this.#env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  /** A commit on main with that version, tagged and pushed, as a maintainer does. */
  version(version: string, changelog = `## [${version}] - 2026-11-26\n- What ${version} brings.\n`): void {
    for (const file of ['package.json', 'package-lock.json'])
      writeFileSync(join(this.clone, file), JSON.stringify({ version }));
    writeFileSync(join(this.clone, 'CHANGELOG.md'), `# Changelog\n\n## [Unreleased]\n\n${changelog}`);
    this.git('-C', this.clone, 'add', '.');
    this.git('-C', this.clone, 'commit', '--quiet', '-m', version);
    this.git('-C', this.clone, 'tag', '-a', `v${version}`, '-m', version);
    this.git('-C', this.clone, 'push', '--quiet', 'origin', 'main', `v${version}`);
  }

  /** As the workflow runs it: with the tag checked out. */
  run(command: string, tag: string) {
    this.git('-C', this.clone, 'checkout', '--quiet', tag);
    const done = spawnSync(process.execPath, [resolve('scripts/release.ts'), command, tag], {
      cwd: this.clone,
      env: this.#env,
      encoding: 'utf8',
    });
    this.git('-C', this.clone, 'checkout', '--quiet', 'main');
    return { status: done.status, said: `${done.stdout}${done.stderr}` };
  }

  /** The tag of the remote that stands where `name` does. */
  at(name: string): string | undefined {
    const tags = this.git('-C', this.remote, 'tag', '--points-at', `${name}^{commit}`).split('\n');
    return tags.find((tag) => tag !== name);
  }

  get releases(): Record<string, { draft: boolean; notes: string; latest?: boolean; edits: number }> {
    return JSON.parse(readFileSync(this.#env.RELEASES, 'utf8'));
  }
  set releases(releases: object) {
    writeFileSync(this.#env.RELEASES, JSON.stringify(releases));
  }
}

/** What of gh the script uses; a published release is immutable. */
const GH = `
const { readFileSync, writeFileSync } = require('node:fs');
const [, , noun, verb, tag, ...flags] = process.argv;
const releases = JSON.parse(readFileSync(process.env.RELEASES, 'utf8'));
const fail = (text) => { console.error(text); process.exit(1); };
if (noun !== 'release') fail('unknown command');
const notes = flags.includes('--notes-file') ? readFileSync(0, 'utf8') : undefined;
const release = releases[tag];
if (verb === 'view') {
  if (!release) fail('release not found');
  console.log(JSON.stringify({ isDraft: release.draft }));
} else if (verb === 'create') {
  if (release) fail('a release with the same tag name already exists: ' + tag);
  if (!flags.includes('--verify-tag') || !flags.includes('--draft')) fail('neither draft nor verified');
  releases[tag] = { draft: true, notes, edits: 0 };
} else if (verb === 'edit') {
  if (!release) fail('release not found');
  if (!release.draft) fail('HTTP 422: release is immutable');
  release.edits += 1;
  if (notes !== undefined) release.notes = notes;
  if (flags.includes('--draft=false')) release.draft = false;
  const latest = flags.find((flag) => flag.startsWith('--latest='));
  if (latest) release.latest = latest === '--latest=true';
} else fail('unknown verb ' + verb);
writeFileSync(process.env.RELEASES, JSON.stringify(releases));
`;

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => rmSync(repository.folder, { recursive: true, force: true }));

test('a release: the notes of the changelog, published after a draft, and the major tag on it', () => {
  repository.version('1.0.0');
  expect(repository.run('check', 'v1.0.0')).toEqual({ status: 0, said: 'v1.0.0 can be released.\n' });
  expect(repository.run('publish', 'v1.0.0')).toEqual({
    status: 0,
    said: 'v1.0.0 is released.\nv1 is at v1.0.0 now.\n',
  });
  expect(repository.releases['v1.0.0']).toEqual({
    draft: false,
    notes: '- What 1.0.0 brings.',
    latest: true,
    edits: 1,
  });
  expect(repository.at('v1')).toBe('v1.0.0');

  repository.version('1.1.0');
  expect(repository.run('publish', 'v1.1.0').status).toBe(0);
  expect(repository.at('v1')).toBe('v1.1.0');
  repository.version('2.0.0');
  expect(repository.run('publish', 'v2.0.0').status).toBe(0);
  expect([repository.at('v1'), repository.at('v2')]).toEqual(['v1.1.0', 'v2.0.0']);
});

test('the major tag never moves backwards, whether an older line is released or an old workflow run again', () => {
  repository.version('1.2.0');
  repository.run('publish', 'v1.2.0');
  repository.version('1.1.5');
  const older = repository.run('publish', 'v1.1.5');
  expect(older).toEqual({ status: 0, said: 'v1.1.5 is released.\nv1 stays at v1.2.0, which is newer than v1.1.5.\n' });
  expect(repository.releases['v1.1.5']?.latest).toBe(false);
  repository.version('1.10.0');
  repository.run('publish', 'v1.10.0');
  expect(repository.run('publish', 'v1.2.0').said).toContain('v1 stays at v1.10.0');
  expect(repository.at('v1')).toBe('v1.10.0');
});

test('a run that failed at the push is run again as it is', () => {
  repository.version('1.0.0');
  const hook = join(repository.remote, 'hooks', 'pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho "no pushes now" >&2\nexit 1\n');
  chmodSync(hook, 0o755);
  const failed = repository.run('publish', 'v1.0.0');
  expect(failed.status).toBe(1);
  expect(failed.said).toContain('no pushes now');
  expect(repository.releases['v1.0.0']?.draft).toBe(false);
  rmSync(hook);
  expect(repository.run('publish', 'v1.0.0')).toEqual({
    status: 0,
    said: 'v1.0.0 is released already.\nv1 is at v1.0.0 now.\n',
  });
  expect(repository.run('publish', 'v1.0.0').said).toContain('v1 is at v1.0.0 already.');
});

test('a draft that an earlier run left is finished with the notes of now', () => {
  repository.version('1.0.0');
  repository.releases = { 'v1.0.0': { draft: true, notes: 'half', edits: 0 } };
  expect(repository.run('publish', 'v1.0.0').status).toBe(0);
  expect(repository.releases['v1.0.0']).toMatchObject({ draft: false, notes: '- What 1.0.0 brings.' });
});

test('a major tag that was moved by hand stops the release before it is published', () => {
  repository.version('1.0.0');
  repository.run('publish', 'v1.0.0');
  repository.git('-C', repository.clone, 'commit', '--quiet', '--allow-empty', '-m', 'between');
  repository.git('-C', repository.clone, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/tags/v1');
  repository.version('1.1.0');
  const refused = repository.run('publish', 'v1.1.0');
  expect(refused.status).toBe(1);
  expect(refused.said).toContain('which no version tag names');
  expect(Object.keys(repository.releases)).toEqual(['v1.0.0']);
});

test('what does not fit is said at once, and nothing is published', () => {
  repository.version('1.0.0', '## [0.9.0] - 2026-01-01\n- Old.\n');
  repository.git('-C', repository.clone, 'checkout', '--quiet', '--orphan', 'side');
  repository.git('-C', repository.clone, 'commit', '--quiet', '-m', 'side');
  repository.git('-C', repository.clone, 'tag', 'v1.0.1');
  const refused = repository.run('publish', 'v1.0.1');
  expect(refused).toEqual({
    status: 1,
    said: `v1.0.1 cannot be released:
  - package.json has the version 1.0.0, not 1.0.1.
  - package-lock.json has the version 1.0.0, not 1.0.1.
  - CHANGELOG.md has no section "## [1.0.1] - YYYY-MM-DD".
  - v1.0.1 is not on main.
`,
  });
  expect(repository.releases).toEqual({});
});

test.each([
  ['v1.2.3', [1, 2, 3]],
  ['v10.0.0', [10, 0, 0]],
  ['v1', undefined],
  ['v1.2', undefined],
  ['1.2.3', undefined],
  ['v01.2.3', undefined],
  ['v1.2.3-rc.1', undefined],
])('%s is the version %j', (tag, version) => expect(parseTag(tag)).toEqual(version));

test.each([
  ['1.2.0', '- b\n\n### Fixed\n- c'],
  ['1.1.0', '- a'],
  ['1.0.0', ''],
  ['1.2', undefined],
  ['1x2.0', undefined],
])('the section of %s', (version, section) => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n- z\n\n## [1.2.0] - 2026-03-01\n- b\n\n### Fixed\n- c\n\n## [1.1.0] - 2026-02-01\n- a\n\n## [1.0.0] - 2026-01-01\n\n[1.2.0]: https://example.com\n';
  expect(sectionOf(changelog, version)).toBe(section);
});

test('versions are compared as numbers', () => {
  const tag = (name: string, commit: string) => ({ name, object: commit, commit });
  const remote = [tag('v1', 'a'), tag('v1.9.0', 'a'), tag('v1.10.0', 'b')];
  expect(majorTagOf('v1.10.0', 'b', remote)).toEqual({ kind: 'move', name: 'v1', expected: 'a' });
});

test('in the workflow no job both installs packages and may write, and all actions are pinned', () => {
  interface Job {
    readonly permissions?: Readonly<Record<string, string>>;
    readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
  }
  for (const file of ['release', 'ci', 'codeql']) {
    const workflow = parse(readFileSync(`.github/workflows/${file}.yml`, 'utf8')) as {
      readonly permissions: object;
      readonly jobs: Readonly<Record<string, Job>>;
    };
    expect(workflow.permissions).toEqual({});
    for (const [name, { permissions = {}, steps }] of Object.entries(workflow.jobs)) {
      const installs = steps.some(({ run }) => /\bnpm (ci|i|install)\b|\.ci\/run/.test(run ?? ''));
      const writes = Object.entries(permissions).filter(([, right]) => right === 'write');
      if (installs) expect([file, name, writes]).toEqual([file, name, []]);
      for (const { uses = './' } of steps) expect(uses).toMatch(/^\.\/$|@[\da-f]{40}$/);
    }
  }
});
