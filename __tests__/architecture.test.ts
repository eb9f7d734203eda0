import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** The rules of the house, checked on the text of the sources. */
const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file));

interface Import {
  readonly target: string;
  readonly dynamic: boolean;
}
const text = new Map(SOURCES.map((file) => [file, readFileSync(file, 'utf8')]));
const code = (file: string): string => (text.get(file) ?? '').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** Imports of values; `import type` and lists of types alone are free. */
function importsOf(file: string): Import[] {
  const found: Import[] = [];
  for (const [, clause = '', target = ''] of code(file).matchAll(
    /^(?:import|export)\s+([^;'"]*?)\s*from\s*['"]([^'"]+)['"]/gm,
  )) {
    const names = /^\{([\s\S]*)\}$/
      .exec(clause)?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const typesOnly = clause.startsWith('type ') || names?.every((name) => name.trim().startsWith('type '));
    if (!typesOnly) found.push({ target: resolve(file, target), dynamic: false });
  }
  for (const [, target = ''] of code(file).matchAll(/^import\s*['"]([^'"]+)['"]/gm))
    found.push({ target: resolve(file, target), dynamic: false });
  for (const [, target = ''] of code(file).matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g))
    found.push({ target: resolve(file, target), dynamic: true });
  return found;
}
const resolve = (file: string, target: string): string =>
  target.startsWith('.') ? normalize(join(dirname(file), target)) : target;

/** What the runner starts: they alone make the World. */
const ENTRIES = ['src/main.ts', 'src/post.ts'];

/** What reaches the outside does so through the World that it is given, and so awaits. */
const ACTS = /\b(async|await)\b/;
/** Adapters, the entry and what acts through the World; all other files are pure. */
const isPure = (file: string): boolean =>
  !file.startsWith('src/adapters/') && !ENTRIES.includes(file) && !ACTS.test(code(file));
/** Rooms in which everything decides and nothing acts. */
const PURE_ROOMS = [
  'src/inputs/',
  'src/diagnosis/',
  'src/watch/judge.ts',
  'src/watch/fold.ts',
  'src/watch/failures.ts',
  'src/watch/settled.ts',
];
/** Pure by themselves, and the only libraries that pure files may load. */
const PURE_LIBRARIES = ['jsonc-parser', 'yaml', 'node:path', 'node:url', 'node:util', 'node:crypto'];

const offenders = (broken: (file: string) => string[]): string[] =>
  SOURCES.flatMap((file) => broken(file).map((what) => `${file}: ${what}`));

test('only adapters load @actions/* and @aws-sdk/*', () => {
  expect(
    offenders((file) =>
      file.startsWith('src/adapters/')
        ? []
        : importsOf(file).flatMap(({ target }) =>
            /^@(actions|aws-sdk|smithy|octokit)\//.test(target) ? [target] : [],
          ),
    ),
  ).toEqual([]);
});

test('only the entries load adapters', () => {
  expect(
    offenders((file) =>
      ENTRIES.includes(file) || file.startsWith('src/adapters/')
        ? []
        : importsOf(file).flatMap(({ target }) => (target.startsWith('src/adapters/') ? [target] : [])),
    ),
  ).toEqual([]);
});

test('modules do not know the stories, and nothing in src knows the simulator', () => {
  expect(
    offenders((file) =>
      importsOf(file).flatMap(({ target }) =>
        /^(simulator|scripts|bench|__tests__)\//.test(target) ||
        (target.startsWith('src/stories') && !ENTRIES.includes(file) && !file.startsWith('src/stories'))
          ? [target]
          : [],
      ),
    ),
  ).toEqual([]);
});

test('pure files load pure files alone, and see no clock, chance, process or network', () => {
  const impure =
    /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bfetch\(|\bset(?:Timeout|Interval)\(|\bperformance\./;
  expect(
    offenders((file) => {
      if (!isPure(file)) return [];
      const loads = importsOf(file).flatMap(({ target }) => {
        const allowed = target.startsWith('src/') ? isPure(target) : PURE_LIBRARIES.includes(target);
        return allowed ? [] : [`loads ${target}`];
      });
      const uses = impure.exec(code(file))?.[0];
      return uses ? [...loads, `uses ${uses}`] : loads;
    }),
  ).toEqual([]);
});

test('rooms that only decide never await', () => {
  expect(
    offenders((file) => (PURE_ROOMS.some((room) => file.startsWith(room)) && !isPure(file) ? ['awaits'] : [])),
  ).toEqual([]);
});

test('what acts outside the adapters has time and chance from the World', () => {
  const own = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval)\(|\bprocess\.env\b/;
  expect(
    offenders((file) => {
      if (file.startsWith('src/adapters/') || ENTRIES.includes(file)) return [];
      const uses = own.exec(code(file))?.[0];
      return uses ? [`uses ${uses}`] : [];
    }),
  ).toEqual([]);
});

/** What follows from constants or from the same input, made when it is first asked for; ids of events, which nothing compares. */
const FILLED_LATER = [
  'src/diagnosis/requests.ts: KNOWN',
  'src/inputs/foreign.ts: table',
  'src/watch/troubles.ts: explainers',
  'simulator/ecs/events.ts: sequence',
];

test('no module has a state: tests of a worker share the modules, and none sees what another one did', () => {
  const files = ['src', 'simulator'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'main.ts' && file !== 'post.ts')
      .map((file) => join(folder, file)),
  );
  const states = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) =>
        /^(?:export )?(?:let (\w+)|const (\w+)(?:: (?!Readonly)[^=]+)? = new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\))/.exec(
          line,
        ),
      )
      .flatMap((found) => (found ? [`${file}: ${found[1] ?? found[2]}`] : [])),
  );
  expect(states.filter((state) => !/: NO(?:NE|_[A-Z_]+)$/.test(state))).toEqual(FILLED_LATER);
});

test.each(['simulator', 'scripts'])('%s has no import cycles, imports of types included', (root) => {
  const files = new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, file))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );
  const targets = (file: string): string[] =>
    [...(files.get(file) ?? '').matchAll(/\bfrom '(\.[^']+)'/g)].map(([, target = '']) => resolve(file, target));
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      for (const target of targets(file)) if (files.has(target)) visit(target, [...path, file]);
      done.add(file);
    }
  };
  for (const file of files.keys()) visit(file, []);
  expect(files.size).toBeGreaterThan(40);
  expect(cycles).toEqual([]);
});

test('folders of the simulator import only those below them', () => {
  const order = ['wire', 'services', 'runtime', 'ecr', 'ecs', 'ecs/api', 'code-deploy', 'world', 'replay'];
  const level = (folder: string): number => order.indexOf(folder);
  const folderOf = (file: string): string => dirname(file).replace(/^simulator\/?/, '');
  const wrong = readdirSync('simulator', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('simulator', file))
    .filter((file) => folderOf(file) !== '')
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)]
        .map(([, target = '']) => resolve(file, target))
        .filter((target) => folderOf(target) !== '' && level(folderOf(target)) > level(folderOf(file)))
        .map((target) => `${file} -> ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('only the entries know the report: stories and modules speak to the port Progress', () => {
  // Types as well: what a story hands over is in the model.
  expect(
    offenders((file) =>
      ENTRIES.includes(file) || file.startsWith('src/report/')
        ? []
        : [...code(file).matchAll(/(?:from|import\()\s*'([^']*\/report\/[^']*)'/g)].map(([, target = '']) => target),
    ),
  ).toEqual([]);
});

test('model and ports stand on the ground: they know no stories, modules or report, not even by type', () => {
  const knows = (file: string): string[] =>
    [...code(file).matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => resolve(file, target));
  expect(knows('src/model.ts')).toEqual([]);
  expect(knows('src/ports.ts').sort()).toEqual(['src/inputs/types.ts', 'src/model.ts']);
});

test('no import cycles, imports of types included', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const targetsOf = (file: string): string[] =>
    [...code(file).matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) => resolve(file, target));
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      for (const target of targetsOf(file)) if (target.startsWith('src/')) visit(target, [...path, file]);
      done.add(file);
    }
  };
  for (const file of SOURCES) visit(file, []);
  expect(targetsOf('src/image/build-report.ts')).toContain('src/image/image.ts');
  expect(cycles).toEqual([]);
});

test('post can never deploy: nothing that deploys, rolls back or publishes is reachable from it', () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { target } of importsOf(file)) if (target.startsWith('src/')) visit(target);
  };
  visit('src/post.ts');
  const never =
    /^src\/(main|stories\/(deploy|plan|rollback|list|rollout|current|draft|images|settle)|image\/(publish|repository|tools|arguments)|taskdef\/(register|render|load|template)|preflight\/.*|inputs\/(parse|modes))\.ts$/;
  expect([...reached].filter((file) => never.test(file))).toEqual([]);
  expect([...reached].filter((file) => file.startsWith('src/stories/')).sort()).toEqual([
    'src/stories/handover.ts',
    'src/stories/post.ts',
  ]);
});

test('what a deployment that goes well loads does not explain failures', () => {
  // The table of the diagnosis is half of the bundle; until there is a message to explain, nothing needs it.
  const explains = (entry: string): string[] => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { target, dynamic } of importsOf(file)) if (target.startsWith('src/') && !dynamic) visit(target);
    };
    visit(entry);
    return reached.has('src/diagnosis/explain.ts') ? [entry] : [];
  };
  expect(explains('src/watch/troubles.ts')).toHaveLength(1);
  const well = [
    'stories/deploy',
    'preflight/preflight',
    'adapters/world',
    'report/run-log',
    'report/report',
    'report/github',
    'watch/watch',
    'stories/rollout',
    'stories/settle',
    'stories/verify',
    'stories/deploy-tasks',
    'stories/daemon',
  ];
  expect(well.flatMap((name) => explains(`src/${name}.ts`))).toEqual([]);
});

test('nothing leaves the run but through the masker', () => {
  // Only the runner's adapter writes to the runner, and it cannot be made without the masker.
  const writes =
    /\bprocess\.std(?:out|err)\b|\bwriteSync\(|\bglobalThis\.console\b|\bissue(?:File)?Command\(|\bGITHUB_(?:OUTPUT|STATE|STEP_SUMMARY|ENV)\b/;
  expect(SOURCES.filter((file) => writes.test(code(file)))).toEqual(['src/adapters/runner.ts']);
  const raw = [
    ...code('src/adapters/runner.ts').matchAll(/(?<!function )\b(?:issue(?:File)?Command|writeLog|write)\((.+)\)/g),
  ]
    .map(([call]) => call)
    .filter((call) => !/masker\.text|masked|'endgroup'|'add-mask'|registered as a secret|\$\{why\}/.test(call));
  expect(raw).toEqual([]);
  // GitHub's API and the logs of containers are not made without the masker (a type of each holds that), and pass all through it.
  for (const [file, passes] of [
    ['src/adapters/github.ts', 3],
    ['src/adapters/logs-and-targets.ts', 1],
  ] as const)
    expect([file, code(file).match(/= masker\.data\(|return masker\.data\(/g)?.length]).toEqual([file, passes]);
});

test('tests mirror src: a test beside those of a folder is of the module of its name', () => {
  // What concerns several modules of a folder is below it, in `across/`; other folders are no modules (e2e, population, ...).
  const misplaced = (tests: readonly string[]): string[] =>
    tests.flatMap((test) => {
      const [, folder = '', name = ''] = /^([\w-]+)\/([\w.-]+)\.test\.ts$/.exec(test) ?? [];
      const isModule = folder === '' || !FOLDERS.has(folder) || SOURCES.includes(join('src', folder, `${name}.ts`));
      return isModule
        ? []
        : [`__tests__/${test}: no src/${folder}/${name}.ts; its place is __tests__/${folder}/across/`];
    });
  const FOLDERS = new Set(SOURCES.map((file) => file.split('/')[1]));
  expect(misplaced(['watch/judge.test.ts', 'watch/across/x.test.ts', 'e2e/x.test.ts', 'release.test.ts'])).toEqual([]);
  expect(misplaced(['watch/judging.test.ts'])).toHaveLength(1);
  expect(misplaced(readdirSync('__tests__', { recursive: true, encoding: 'utf8' }))).toEqual([]);
});

test('an ARN is taken apart in src/arn.ts alone', () => {
  const apart = /\b(?:\w*[aA]rn|cluster|live)\b\)?\??\.split\(['"]:['"]\)/g;
  expect(offenders((file) => (file === 'src/arn.ts' ? [] : (code(file).match(apart) ?? [])))).toEqual([]);
});

test('only Failure is thrown', () => {
  expect(
    offenders((file) =>
      [...code(file).matchAll(/\bthrow new (\w+)/g)].flatMap(([, name]) =>
        name === 'Failure' ? [] : [`throws ${name}`],
      ),
    ),
  ).toEqual([]);
});

// The bundle script refuses a module of it by its path, which is gone once the bundle is made small; its words are not.
(existsSync('dist') ? test : test.skip)('the bundle has nothing of the simulator', () => {
  const files = readdirSync('dist').filter((file) => /\.[cm]?js$/.test(file));
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => /SIMULATED|simulated-/.test(readFileSync(join('dist', file), 'utf8')))).toEqual([]);
});

test('no type collapses to string: open sets of values are Open<...> of the model', () => {
  expect(offenders((file) => [...code(file).matchAll(/'[\w-]+' \| string\b/g)].map(([found]) => `${found}`))).toEqual(
    [],
  );
});

test('a function has at most three parameters, in the simulator as well', () => {
  const tooMany = (file: string, source: string): string[] => {
    const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && node.parameters.length > 3) {
        const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push(`${file}:${line}: ${node.parameters.length} parameters`);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  };
  expect(tooMany('a.ts', 'const f = (a: A, b: B, { c }: C, d?: D) => a;')).toEqual(['a.ts:1: 4 parameters']);
  expect(tooMany('a.ts', 'class A { constructor(a: A, b: B, c: C, d = 1) {} }')).toHaveLength(1);
  expect(tooMany('a.ts', 'function f(a: A, b: B, c: C): void {}')).toEqual([]);
  const simulator = readdirSync('simulator', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('simulator', file));
  expect(simulator.length).toBeGreaterThan(40);
  expect([...SOURCES, ...simulator].flatMap((file) => tooMany(file, readFileSync(file, 'utf8')))).toEqual([]);
});
