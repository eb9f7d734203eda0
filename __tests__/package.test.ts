import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What package.json says must be what is bundled: `npm ls --omit=dev`, `npm sbom` and audits read nothing else. */
interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly resolved?: string;
}
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest: Package = read('package.json');
const lock: Readonly<Record<string, Package>> = read('package-lock.json').packages;

/** Packages of which src loads values; types alone leave nothing in the bundle. */
function bundled(): string[] {
  const found = new Set<string>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const code = readFileSync(join('src', file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
    const targets = [
      ...code.matchAll(/^(?:import|export)\s+(?!type\b)[^;'"]*?from\s*'([^']+)'/gm),
      ...code.matchAll(/\bimport\(\s*'([^']+)'/g),
    ].map(([, target = '']) => target);
    for (const target of targets) {
      const name = /^(@[^/]+\/)?[^/.:][^/:]*/.exec(target)?.[0];
      if (name !== undefined && !target.startsWith('node:')) found.add(name);
    }
  }
  return [...found].sort();
}

test('dependencies are the packages that are bundled, and no others', () => {
  expect(Object.keys(manifest.dependencies ?? {}).sort()).toEqual(bundled());
});

test('the lock holds the same, names no registry, and marks what is not shipped', () => {
  const root = lock[''];
  expect([root?.version, root?.dependencies, root?.devDependencies]).toEqual([
    manifest.version,
    manifest.dependencies,
    manifest.devDependencies,
  ]);
  expect(Object.values(lock).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  const unmarked = Object.keys(manifest.devDependencies ?? {}).filter((name) => {
    const entry = lock[`node_modules/${name}`];
    return entry?.dev !== true && !isUsedByDependency(name);
  });
  expect(unmarked).toEqual([]);
});

/** @smithy/core and @smithy/types are also part of the SDK. */
const isUsedByDependency = (name: string): boolean =>
  Object.entries(lock).some(
    ([path, { dev, dependencies }]) => path !== '' && dev !== true && dependencies?.[name] !== undefined,
  );

/** The archive of the tag, which every runner downloads; of the commit: a change that is not committed yet counts with the next. */
const archived = (...options: string[]): Buffer =>
  execFileSync('git', ['archive', ...options, 'HEAD'], { maxBuffer: 2 ** 28 });

const inClone = existsSync('.git') ? test : test.skip;

inClone('the archive that every runner downloads stays below 2 MB', () => {
  expect(gzipSync(archived(), { level: 9 }).length).toBeLessThan(2_000_000);
});

inClone('the archive has all that its demo and its tests load', () => {
  const names = execFileSync('tar', ['-t'], { input: archived(), encoding: 'utf8' }).split('\n');
  const held = new Set(names);
  const tests = names.filter((name) => name.endsWith('.test.ts'));
  expect(tests.length).toBeGreaterThan(15);
  const missing: string[] = [];
  const loaded = new Set<string>();
  const load = (file: string, by: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!held.has(file)) missing.push(`${file}, loaded by ${by}`);
    else if (/\.[jt]s$/.test(file)) for (const next of loadedBy(file)) load(next, file);
  };
  for (const file of [
    'scripts/demo.ts',
    'scripts/test.ts',
    'simulator/main.ts',
    'dist/main.js',
    'dist/post.js',
    ...tests,
    ...(JSON.stringify(read('package.json').jest).match(/(?<=<rootDir>\/)[^"]+\.[jt]s/g) ?? []),
  ])
    load(file, 'a command');
  expect(missing).toEqual([]);
});

/** The project's files that a file imports for more than their types. */
const loadedBy = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b(?! type\b)[^;'"]*?["'](\.[^'"]+)["']/gm)].map(
    ([, target = '']) => join(dirname(file), target),
  );

(existsSync('dist') ? test : test.skip)('the bundle leaves undici out, and keeps the licences of what it holds', () => {
  const texts = readdirSync('dist').filter((file) => file.endsWith('.js'));
  const sources = texts.map((file) => readFileSync(join('dist', file), 'utf8')).join('\n');
  expect(sources).not.toMatch(/undici\.error|UND_ERR_/);
  const licences = readFileSync('dist/licenses.txt', 'utf8');
  for (const name of ['@actions/core', '@actions/exec', '@actions/github', '@actions/http-client', '@octokit/core'])
    expect(licences).toMatch(new RegExp(`^${name}$`, 'm'));
  // What several packages of the SDK share has one text, under the names of all.
  for (const name of ['@smithy/core', '@smithy/node-http-handler', '@aws-sdk/core', '@aws-sdk/credential-provider-ini'])
    expect(licences).toMatch(new RegExp(`^(?:.*, )?${name}(?:,.*)?$`, 'm'));
});
