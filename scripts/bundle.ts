/**
 * `npm run bundle`: dist/ from nothing. The bundle is committed, because the runner takes the action as it is in git.
 * First esbuild reduces the packages to what the adapters use of them: a client of the AWS SDK is 90 % shapes of operations that
 * we never call, GitHub's toolkit brings a second HTTP stack. Then ncc makes one build of both entries (scripts/entries.ts), which
 * * shares what both load; dist/main.js and dist/post.js each hold one entry with what it always needs. Then each chunk gets the name of what is in it
 * instead of a number, and esbuild makes it small, because most of a start-up is spent on reading it. The source maps in
 * dist/maps cover our own sources; nothing reads them before something fails (src/adapters/files.ts).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, normalize } from 'node:path';
import { decode, encode, type SourceMapMappings } from '@jridgewell/sourcemap-codec';
import { build as bundleWithEsbuild, type Plugin, transform } from 'esbuild';

const OUT = 'dist';
const MAPS = join(OUT, 'maps');
/** Below the project, so that its node_modules are found from there. */
const COPY = '.bundle';
const NCC = 'node_modules/@vercel/ncc/dist/ncc/cli.js';
/**
 * What is used of GitHub's toolkit. Each of these packages has one export for all, and through it an HTTP stack: core for OIDC
 * tokens, github for a proxy. Both load @actions/http-client, of which the agents are needed.
 */
const TOOLKIT: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['summary'],
  '@actions/github': ['getOctokit'],
  '@actions/http-client': ['HttpClient'],
  '@octokit/plugin-rest-endpoint-methods': ['restEndpointMethods'],
};
/** What is used of the SDK beside its clients. */
const SDK_PARTS: Readonly<Record<string, readonly string[]>> = { '@smithy/node-http-handler': ['NodeHttpHandler'] };
/** Folder of what the reduced packages share. */
const SHARED = 'shared';
/** ncc's file of the entries, and its function that makes the name of a chunk out of its number. */
const ENTRIES = 'index.js';
const CHUNK_NAME = /return "" \+ chunkId \+ "\.index\.js";/;

interface Chunk {
  readonly code: string;
  readonly map: {
    readonly sources: readonly string[];
    readonly sourcesContent: readonly (string | null)[];
    readonly mappings: string;
    readonly [field: string]: unknown;
  };
}

/** The package that most of a module in SHARED comes from, by the module's file name. */
const originOf = new Map<string, string>();
const build = mkdtempSync(join(tmpdir(), 'bundle-'));
await copyWithReducedClients();
const args = [
  'build',
  join(COPY, 'scripts/entries.ts'),
  '--out',
  build,
  '--source-map',
  '--no-source-map-register',
  '--transpile-only',
];
const { status } = spawnSync(process.execPath, [NCC, ...args, '--license', 'licenses.txt', '--quiet'], {
  stdio: 'inherit',
});
if (status === 0) await write();
for (const folder of [build, COPY]) rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;

/**
 * A copy of our sources in which packages are reduced to what the adapters use of them. The copy has a
 * node_modules of its own with the reduced clients; everything else is found in the project's.
 */
async function copyWithReducedClients(): Promise<void> {
  rmSync(COPY, { recursive: true, force: true });
  cpSync('src', join(COPY, 'src'), { recursive: true });
  for (const file of ['scripts/entries.ts', 'package.json']) cpSync(file, join(COPY, file));
  writeFileSync(
    join(COPY, 'tsconfig.json'),
    JSON.stringify(transpiling(JSON.parse(readFileSync('tsconfig.json', 'utf8')))),
  );
  mkdirSync(join(COPY, 'node_modules'), { recursive: true });
  const adapters = readdirSync('src/adapters').map((file) => readFileSync(join('src/adapters', file), 'utf8'));
  const clients = new Set(adapters.flatMap((text) => text.match(/@aws-sdk\/client-[\w-]+/g) ?? []));
  const used = await Promise.all([...clients].map(async (name) => [name, await usedOfClient(name, adapters)] as const));
  await reduce(new Map([...used, ...Object.entries(SDK_PARTS)]));
  for (const [name, exports] of Object.entries(TOOLKIT)) await reduce(new Map([[name, exports]]), 'alone');
  standInForUndici();
}

async function usedOfClient(name: string, adapters: readonly string[]): Promise<string[]> {
  // Of all adapters: one may get the client from another.
  const words = new Set(adapters.flatMap((text) => text.match(/\w+/g) ?? []));
  return Object.keys(await import(name)).filter((one) => words.has(one) && /(?:Client|Command|Exception)$/.test(one));
}

/**
 * In place of undici, the HTTP client that @actions/http-client brings: 542 kB, for requests that the adapters send themselves
 * (fetchThrough of src/adapters/http.ts). @actions/github makes a ProxyAgent when it is loaded, but never uses it.
 */
function standInForUndici(): void {
  const folder = join(COPY, 'node_modules/undici');
  mkdirSync(folder, { recursive: true });
  const absent = "() => { throw new Error('undici is not in this bundle; requests go through src/adapters/http.ts'); }";
  writeFileSync(join(folder, 'index.mjs'), `export const fetch = ${absent};\nexport class ProxyAgent {}\n`);
  writeFileSync(join(folder, 'package.json'), '{"name":"undici","exports":"./index.mjs","sideEffects":false}');
}

/** Types are checked by `npm run types`; one file at a time, TypeScript cannot know that the package is of ES modules. */
function transpiling({ compilerOptions, ...rest }: { compilerOptions: object }): object {
  return { ...rest, compilerOptions: { ...compilerOptions, module: 'esnext', moduleResolution: 'bundler' } };
}

/**
 * Copies of packages that export only what is used of them. What several share, and what a package loads later (the clients
 * that find credentials), are modules of their own beside them, in SHARED.
 * @param others `alone`: other packages stay outside. It is for packages with CommonJS in them, which ncc knows how to bundle.
 */
async function reduce(
  used: ReadonlyMap<string, readonly string[]>,
  others: 'within' | 'alone' = 'within',
): Promise<void> {
  const folder = join(COPY, 'node_modules');
  const { metafile } = await bundleWithEsbuild({
    entryPoints: [...used.keys()].map((name) => ({ in: `reduced:${name}`, out: `${name}/index` })),
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    plugins: [exporting(used, others)],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: `${SHARED}/[hash]`,
    logLevel: 'error',
  });
  for (const name of used.keys()) writePackage(name, [name]);
  if (others === 'alone') return;
  const held = Object.entries(metafile.outputs).flatMap(([file, { inputs }]) =>
    Object.entries(inputs).flatMap(([input, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [{ by: packageOf(file), name: packageOf(input) }] : [],
    ),
  );
  // A reduced package with all of its code in shared modules is not seen by ncc.
  const own = new Set(held.flatMap(({ by, name }) => (by === name ? [name] : [])));
  const names = new Set(held.map(({ name }) => name));
  writePackage(SHARED, [...names].filter((name) => name !== '' && !own.has(name)).sort());
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    if (readFileSync(file, 'utf8').includes('Dynamic require')) throw new Error(`${file} has CommonJS in it.`);
    const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0];
    if (largest && packageOf(file) === SHARED) originOf.set(basename(file), packageOf(largest[0]));
  }
}

/** The files beside a reduced package by which ncc knows it, with the licences of what is in it, each text once. */
function writePackage(name: string, contents: readonly string[]): void {
  const folder = join(COPY, 'node_modules', name);
  const texts = Map.groupBy(contents, (one) => {
    const file = readdirSync(join('node_modules', one)).find((entry) => /^LICENSE(?:\.md|\.txt)?$/i.test(entry));
    // Some packages of the SDK have no such file; the text is that of the others.
    return file ? readFileSync(join('node_modules', one, file), 'utf8') : `${manifestOf(one).license}\n`;
  });
  const licences = [...texts].map(([text, names]) => (contents.length > 1 ? `${names.join(', ')}\n\n${text}` : text));
  const { version, license } = manifestOf(contents[0] ?? name);
  const about = { name, version, license, exports: './index.mjs', sideEffects: false };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  writeFileSync(join(folder, 'LICENSE'), licences.join('\n'));
}

function manifestOf(name: string): { readonly version: string; readonly license: string } {
  return JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'));
}

/** The entries: one per package, with what is used of it. Nothing is loaded for its side effects alone. */
function exporting(used: ReadonlyMap<string, readonly string[]>, others: 'within' | 'alone'): Plugin {
  return {
    name: 'exporting',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^reduced:/ }, ({ path }) => ({ path: path.slice('reduced:'.length), namespace: 'reduced' }));
      onLoad({ filter: /.*/, namespace: 'reduced' }, ({ path }) => ({
        contents: `export { ${(used.get(path) ?? []).join(', ')} } from '${path}';`,
        resolveDir: '.',
      }));
      onLoad({ filter: /\/(?:client-[\w-]+|nested-clients)\/dist-es\/.*schemas_\d+\.js$/ }, ({ path }) => ({
        contents: droppable(readFileSync(path, 'utf8')),
      }));
      onLoad({ filter: /plugin-rest-endpoint-methods\/dist-src\/generated\/endpoints\.js$/ }, async ({ path }) => ({
        contents: `export default ${JSON.stringify(usedEndpoints((await import(path)).default))};`,
      }));
      onResolve({ filter: /^[^.]/ }, ({ path, namespace }) =>
        others === 'within' || namespace === 'reduced' ? undefined : { path, external: true, sideEffects: false },
      );
      onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path),
        sideEffects: false,
      }));
    },
  };
}

/**
 * The shapes of a client's API, so that esbuild drops those that nothing uses: it keeps an array with computed keys in it, unless a
 * function without effects makes it. And without the classes of the service's errors: an error then arrives as the client's base
 * class, with the same name, message and members, and the adapters go by the name.
 */
function droppable(schemas: string): string {
  return schemas
    .replace(/^n\d+_registry\.registerError\(.*\);$/gm, '')
    .replace(/^((?:export )?(?:var|const) [\w$]+ = )(\[[\s\S]*?\]);$/gm, '$1/* @__PURE__ */ (() => $2)();');
}

/** GitHub's REST API by scope and method, of which the adapter calls a handful. */
function usedEndpoints(all: Readonly<Record<string, Readonly<Record<string, unknown>>>>): object {
  const words = new Set(readFileSync('src/adapters/github.ts', 'utf8').match(/\w+/g));
  return Object.fromEntries(
    Object.entries(all).flatMap(([scope, methods]) => {
      const used = Object.entries(methods).filter(([method]) => words.has(scope) && words.has(method));
      return used.length > 0 ? [[scope, Object.fromEntries(used)]] : [];
    }),
  );
}

async function write(): Promise<void> {
  const chunks = new Map(
    readdirSync(build)
      .filter((file) => file.endsWith('.js'))
      .map((file): [string, Chunk] => [file, read(file)]),
  );
  const runtime = chunks.get(ENTRIES);
  if (!runtime) throw new Error('ncc wrote no entries.');
  const entries = ['main', 'post'].map((entry) => ({ entry, chunk: entryOf(entry, runtime, chunks) }));
  for (const file of [ENTRIES, ...['main', 'post'].flatMap((entry) => alwaysLoaded(entry, runtime))])
    chunks.delete(file);
  const names = namesOf(chunks);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(MAPS, { recursive: true });
  for (const file of ['licenses.txt', 'package.json']) writeFileSync(join(OUT, file), readFileSync(join(build, file)));
  const ids = Object.fromEntries([...names].map(([file, to]) => [Number.parseInt(file, 10), to]));
  const named = (code: string): string => code.replace(CHUNK_NAME, () => `return (${JSON.stringify(ids)})[chunkId];`);
  await Promise.all([
    ...[...chunks].map(([file, chunk]) => writeChunk(chunk, names.get(file) ?? file)),
    ...entries.map(({ entry, chunk: { code, map } }) => writeChunk({ code: named(code), map }, `${entry}.js`)),
  ]);
}

/**
 * dist/main.js or dist/post.js: what loads the chunks, the chunks that the entry needs in any case, and its call. They are in the
 * file itself, and node's modules are taken from the process, because a start-up of 40 ms counts each file that it opens, and
 * `createRequire` would make a `require` for each module.
 */
function entryOf(entry: string, { code }: Chunk, chunks: ReadonlyMap<string, Chunk>): Chunk {
  const bodies = alwaysLoaded(entry, { code }).map((file) => bodyOf(chunks.get(file)));
  const [importRequire = '', makeRequire = ''] = /import \{ createRequire as (\w+) \} from "module";/.exec(code) ?? [];
  const exported = /export \{ .* \};/.exec(code)?.[0] ?? '';
  const [before = '', after = '', ...more] = code.split('var __webpack_modules__ = ({\n');
  const installed = bodies.flatMap(({ ids }) => ids).map((id) => `${id}: 0, `);
  const rest = after
    .replace('var installedChunks = {', (start) => `${start} ${installed.join('')}`)
    .replace(exported, () => `await ${entry}();`);
  if (
    !CHUNK_NAME.test(code) ||
    importRequire === '' ||
    exported === '' ||
    after === '' ||
    more.length > 0 ||
    rest.includes('export {')
  )
    throw new Error('ncc writes its entries in a new way.');
  const head = `${before}var __webpack_modules__ = ({\n`;
  const inner = bodies.flatMap(({ lines }) => lines).join('\n');
  const whole = [head, inner, '\n', rest]
    .join('')
    .replace(importRequire, '')
    .replaceAll(`${makeRequire}(import.meta.url)(`, 'process.getBuiltinModule(');
  if (whole.includes(makeRequire)) throw new Error('ncc requires a module in a new way.');
  const offsets = bodies.map((_, index) =>
    bodies.slice(0, index).reduce((sum, { map }) => sum + map.sources.length, 0),
  );
  const mappings = [
    ...head
      .split('\n')
      .slice(1)
      .map(() => []),
    ...bodies.flatMap(({ mappings: lines }, index) => lines.map((line) => moved(line, offsets[index] ?? 0))),
  ];
  return {
    code: whole,
    map: {
      version: 3,
      sources: bodies.flatMap(({ map }) => map.sources),
      sourcesContent: bodies.flatMap(({ map }) => map.sourcesContent),
      names: [],
      mappings: encode(mappings),
    },
  };
}

/** The files of the chunks that an entry loads before anything else. */
function alwaysLoaded(entry: string, { code }: Pick<Chunk, 'code'>): string[] {
  const line = code.split('\n').find((one) => one.startsWith(`const ${entry} = `)) ?? '';
  const files = [...line.matchAll(/\.e\((\d+)\)/g)].map(([, id]) => `${id}.index.js`);
  if (files.length === 0) throw new Error(`ncc loads ${entry} in a new way.`);
  return files;
}

/** The modules of a chunk as lines of an object literal, with their part of the map. */
function bodyOf(chunk: Chunk | undefined) {
  const lines = chunk?.code.split('\n') ?? [];
  const start = lines.indexOf('export const modules = {') + 1;
  const end = lines.lastIndexOf('};');
  const ids = /^export const ids = \[([\d,]+)\];$/m.exec(chunk?.code ?? '')?.[1]?.split(',');
  if (!chunk || !ids || start === 0 || end < start) throw new Error('ncc writes its chunks in a new way.');
  const mappings = decode(chunk.map.mappings).slice(start, end);
  return {
    ids,
    map: chunk.map,
    lines: [...lines.slice(start, end), ','],
    mappings: Array.from({ length: end - start + 1 }, (_, index) => mappings[index] ?? []),
  };
}

function moved(line: SourceMapMappings[number], sources: number): SourceMapMappings[number] {
  return line.map((segment) => {
    const [column, source, sourceLine, sourceColumn] = segment;
    return source === undefined || sourceLine === undefined || sourceColumn === undefined
      ? [column]
      : [column, source + sources, sourceLine, sourceColumn];
  });
}

function read(file: string): Chunk {
  const code = readFileSync(join(build, file), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
  // What esbuild leaves of a package of CommonJS that it cannot bundle into a module.
  if (/Dynamic require of/.test(code)) throw new Error(`${file} requires a module while it runs.`);
  if (/\bsimulator\//.test(code)) throw new Error(`${file} has something of the simulator.`);
  const { sources, ...map } = JSON.parse(readFileSync(join(build, `${file}.map`), 'utf8'));
  return {
    code,
    map: {
      ...map,
      sources: sources.map((source: string) => normalize(source.replace(/^(?:\.\.\/|\.\/)+(?:\.bundle\/)?/, ''))),
    },
  };
}

/**
 * The file of a chunk is named after what it is loaded for: the module of ours that an `import()` names, of several the one
 * that the fewest chunks have; else the largest one in it; where none of ours is in it, the package that most of its text
 * comes from.
 */
function namesOf(chunks: ReadonlyMap<string, Chunk>): Map<string, string> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('src', file));
  const loaded = new Set(files.flatMap((file) => importsOf(file)));
  const chunksWith = (module: string): number =>
    [...chunks.values()].filter(({ map }) => map.sources.includes(module)).length;
  const names = new Map<string, string>();
  const reserved = ['main.js', 'post.js'];
  for (const [file, { map }] of chunks) {
    const taken = new Set([...names.values(), ...reserved]);
    const sizes = Map.groupBy(map.sources.keys(), (index) => packageOf(map.sources[index] ?? ''));
    const size = (indexes: readonly number[]): number =>
      indexes.reduce((sum, index) => sum + (map.sourcesContent[index]?.length ?? 0), 0);
    const bySize = [...sizes].sort(([, a], [, b]) => size(b) - size(a)).map(([name]) => name);
    const own = bySize.filter((name) => name.startsWith('src/'));
    const asked = own.filter((name) => loaded.has(name)).sort((a, b) => chunksWith(a) - chunksWith(b));
    const best = [...asked, ...own, ...bySize].map(fileNameOf);
    const free = best.find((one) => one !== '' && !taken.has(`${one}.js`));
    // Everything in it is in other chunks, too.
    const name = free ?? `${best[0] ?? 'chunk'}-${taken.size}`;
    names.set(file, `${name}.js`);
  }
  return names;
}

/** A source of ours by itself; others by their package. */
function packageOf(source: string): string {
  if (source.startsWith('src/')) return source;
  return originOf.get(basename(source)) ?? /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? '';
}

/** `src/stories/deploy.ts` -> `stories-deploy`, `@aws-sdk/client-ecs` -> `aws-sdk-client-ecs` */
function fileNameOf(name: string): string {
  return name.replace(/^src\/|^@|\.ts$/g, '').replaceAll('/', '-');
}

/** The modules of ours that a file loads with `import()`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/\bimport\(\s*'(\.[^']+\.ts)'/g)].map(([, target = '']) => join(dirname(file), target));
}

async function writeChunk({ code, map }: Chunk, name: string): Promise<void> {
  const input = Buffer.from(JSON.stringify(map)).toString('base64');
  const small = await minified(`${code}\n//# sourceMappingURL=data:application/json;base64,${input}`, name);
  const own = ownOf(JSON.parse(small.map), name);
  writeFileSync(join(OUT, name), own ? `${small.code}//# sourceMappingURL=maps/${name}.map\n` : small.code);
  if (own) writeFileSync(join(MAPS, `${name}.map`), `${JSON.stringify(own)}\n`);
}

/** It keeps the parentheses by which V8 knows what to compile at once; without them a smaller bundle starts more slowly. */
function minified(code: string, sourcefile: string) {
  return transform(code, {
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'external',
    sourcefile,
    sourcesContent: false,
  });
}

/** The part of a map that leads to our own sources; undefined where nothing does. */
function ownOf(map: { sources: string[]; mappings: string }, file: string) {
  const own = new Map<number, number>();
  for (const [index, source] of map.sources.entries())
    if (normalize(source).startsWith('src/')) own.set(index, own.size);
  if (own.size === 0) return undefined;
  const lines: SourceMapMappings = decode(map.mappings).map((line) => {
    let last = '';
    return line.flatMap((segment): SourceMapMappings[number] => {
      const [column, source, sourceLine, sourceColumn] = segment;
      const index = source === undefined ? undefined : own.get(source);
      const at = index === undefined ? '' : `${index}:${sourceLine}`;
      if (at === last) return []; // one place for each line of ours: a stack names no more
      last = at;
      if (index === undefined || sourceLine === undefined || sourceColumn === undefined) return [[column]];
      return [[column, index, sourceLine, sourceColumn]];
    });
  });
  const sources = map.sources.filter((_, index) => own.has(index)).map((source) => `../../${normalize(source)}`);
  return { version: 3, file: `../${file}`, names: [], sources, mappings: encode(lines) };
}
