import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { COMPILE_CACHE } from '../../scripts/run-action.ts';
import { createConsole, readRunContext, readState, workflowCommand } from '../../src/adapters/runner.ts';
import { Masker } from '../../src/masker.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script as the runner would: its own process, with the runner's files. What came to stdout, and into the files. */
function onRunner(script: string, env: Readonly<Record<string, string>> = {}) {
  const files = { OUTPUT: '', STATE: '', STEP_SUMMARY: '' };
  const paths = Object.keys(files).map((name) => [`GITHUB_${name}`, join(folder, name)] as const);
  for (const [, path] of paths) writeFileSync(path, '');
  const runner = pathToFileURL('src/adapters/runner.ts').href;
  const masker = pathToFileURL('src/masker.ts').href;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createConsole, createRunner } from '${runner}'; import { Masker } from '${masker}'; const masker = new Masker(); const runner = createRunner(process.env, masker); const console = createConsole(process.env, masker); ${script}`,
    ],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH ?? '',
        ...COMPILE_CACHE,
        GITHUB_ACTIONS: 'true',
        ...Object.fromEntries(paths),
        ...env,
      },
    },
  );
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const written = new Map(
    paths.map(([, path]) => [basename(path), existsSync(path) ? readFileSync(path, 'utf8') : '']),
  );
  return { stdout, read: (name: keyof typeof files) => written.get(name) ?? '' };
}

test("commands and files are the runner's own", () => {
  const { stdout, read } = onRunner(`
    runner.mask('hunter2'); runner.mask(''); runner.mask('x');
    runner.setOutput('image-tags', 'a\\nb');
    runner.saveState('main', 'started');
    console.startGroup('A: group, 100%'); console.line('inside'); console.endGroup();
    console.error('it broke\\nbadly', 'web: 50%');
    console.warning('mind'); console.notice('by the way', 'a'); console.debug('x');
    await runner.writeSummary('# one'); await runner.writeSummary('# two');
  `);
  expect(stdout).toBe(
    '::add-mask::hunter2\n::group::A: group, 100%25\ninside\n::endgroup::\n::error title=web%3A 50%25::it broke%0Abadly\n::warning::mind\n::notice title=a::by the way\n::debug::x\n',
  );
  expect(read('OUTPUT')).toMatch(/^image-tags<<(ghadelimiter_[0-9a-f-]+)\na\nb\n\1\n$/);
  expect(read('STATE')).toMatch(/^main<<(ghadelimiter_[0-9a-f-]+)\nstarted\n\1\n$/);
  expect(read('STEP_SUMMARY')).toBe('# one\n# two\n');
});

/** What a script that uses @actions/core writes to stdout and into the runner's files. */
function byCore(script: string) {
  return onRunner(`const core = await import('@actions/core'); ${script}`);
}

describe('byte for byte what @actions/core writes', () => {
  const odd = [
    '',
    'plain',
    '100%',
    '%0A',
    'a\nb',
    'a\r\nb',
    'a: b, c',
    '::error::x',
    'naïve ☃ 🚀',
    ' spaces ',
    '<<EOF\nx\nEOF',
  ];
  const random = 'ghadelimiter_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  const withoutRandom = (text: string): string => text.replaceAll(new RegExp(random, 'g'), 'DELIMITER');

  test('commands, with and without a title', () => {
    const given = JSON.stringify(odd);
    const ours = onRunner(`for (const text of ${given}) {
      for (const kind of ['notice', 'warning', 'error']) { console[kind](text); console[kind](text, text); console[kind](text, 'a, b: 50%'); }
      console.debug(text); console.startGroup(text); console.endGroup();
    }`);
    const theirs = byCore(`for (const text of ${given}) {
      for (const kind of ['notice', 'warning', 'error']) { core[kind](text); core[kind](text, { title: text }); core[kind](text, { title: 'a, b: 50%' }); }
      core.debug(text); core.startGroup(text); core.endGroup();
    }`);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.stdout.split('\n')).toHaveLength(odd.length * 12 + 1);
  });

  test('secrets', () => {
    expect(onRunner(`runner.mask('100%: a,b')`).stdout).toBe(byCore(`core.setSecret('100%: a,b')`).stdout);
  });

  test('several properties', () => {
    const theirs = byCore(`core.error('x', { title: 'a:b', file: 'c,d', startLine: 7 })`);
    expect(`${workflowCommand('error', { title: 'a:b', file: 'c,d', line: '7' }, 'x')}\n`).toBe(theirs.stdout);
  });

  describe('an output and a state, with a new random delimiter for each', () => {
    const FILES = ['OUTPUT', 'STATE'] as const;
    const fileOf = (side: 'ours' | 'theirs', name: (typeof FILES)[number], i: number): string =>
      join(folder, `${side}-${name}-${i}`);
    /** All values in one process of each side, each with files of its own. */
    beforeAll(() => {
      const casesOf = (side: 'ours' | 'theirs'): string =>
        JSON.stringify(
          odd.map((text, i) => ({
            text,
            files: Object.fromEntries(FILES.map((name) => [`GITHUB_${name}`, fileOf(side, name, i)])),
          })),
        );
      for (const side of ['ours', 'theirs'] as const)
        for (const name of FILES) odd.forEach((_, i) => void writeFileSync(fileOf(side, name, i), ''));
      onRunner(`for (const { text, files } of ${casesOf('ours')}) {
        const one = createRunner({ ...process.env, ...files }, masker);
        one.setOutput('a-b', text); one.setOutput('c', 'd'); one.saveState('main', text);
      }`);
      byCore(`for (const { text, files } of ${casesOf('theirs')}) {
        Object.assign(process.env, files);
        core.setOutput('a-b', text); core.setOutput('c', 'd'); core.saveState('main', text);
      }`);
    });

    test.each(odd.map((text, i) => [text, i] as const))('of %j', (_, i) => {
      for (const name of FILES)
        expect(withoutRandom(readFileSync(fileOf('ours', name, i), 'utf8'))).toBe(
          withoutRandom(readFileSync(fileOf('theirs', name, i), 'utf8')),
        );
      const delimiters = readFileSync(fileOf('ours', 'OUTPUT', i), 'utf8').match(new RegExp(random, 'g')) ?? [];
      expect(new Set(delimiters).size).toBe(2);
      expect(delimiters).toHaveLength(4);
    });
  });

  test('the summary', () => {
    expect(onRunner(`await runner.writeSummary('# a\\nb');`).read('STEP_SUMMARY')).toBe(
      byCore(`await core.summary.addRaw('# a\\nb', true).write();`).read('STEP_SUMMARY'),
    );
  });
});

test('a summary that cannot be written is a warning, not the end of a deploy', () => {
  const { stdout } = onRunner(`await runner.writeSummary('x'); console.line('went on');`, {
    GITHUB_STEP_SUMMARY: join(folder, 'missing', 'summary.md'),
  });
  expect(stdout).toMatch(/^::warning::The job summary could not be written: .*\nwent on\n$/);
});

test('nothing of an HTTP stack is loaded before it is needed', () => {
  const loaded = `process.stdout.write(String(process.moduleLoadList.some((name) => / https?$/.test(name))))`;
  expect(onRunner(loaded).stdout).toBe('false');
  expect(onRunner(`await import('@actions/core'); ${loaded}`).stdout).toBe('true');
});

describe('the log', () => {
  // Node's own stream of the pipe makes it non-blocking, as a tool that shares it may do.
  const onPipe = (script: string) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createConsole } from '${pathToFileURL('src/adapters/runner.ts').href}'; const console = createConsole({}, { text: (text) => text }); process.stdout; ${script}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    );

  test('waits for a reader that is slow, and loses nothing', async () => {
    const child = onPipe(`for (let i = 0; i < 300; i++) console.line(i + ' ' + 'x'.repeat(9000));`);
    let read = '';
    for await (const chunk of child.stdout) read += chunk; // one after the other; the pipe holds 64 KiB
    expect(read.split('\n').map((line) => Number.parseInt(line, 10))).toEqual([
      ...Array.from({ length: 300 }, (_, index) => index),
      Number.NaN,
    ]);
    expect(read).toHaveLength(300 * 9002 + 10 + 180 + 600);
  });

  test('that is not read any more does not end the run', async () => {
    const child = onPipe(`for (let i = 0; i < 50; i++) console.line('x'.repeat(9000)); process.stderr.write('done');`);
    child.stdout.destroy();
    let read = '';
    for await (const chunk of child.stderr) read += chunk;
    expect(read).toBe('done');
  });
});

/** As actions/runner reads a line (src/Runner.Common/ActionCommand.cs), commands it knows or not. */
function isCommand(line: string): boolean {
  const visible = line.replaceAll(/[\p{C}\p{M}]/gu, '').trimStart();
  return /^::[^:]*::/.test(visible) || /##\[[^\]]*\]/.test(visible);
}

describe('a log line from outside is never a command', () => {
  const written = (text: string): string => {
    const lines: string[] = [];
    createConsole({}, new Masker(), (line) => lines.push(line)).line(text);
    return lines.join('');
  };

  test.each([
    ['a plain line', 'Starting web 1.5.0', 'Starting web 1.5.0\n'],
    ['a command', '::error::boom', '|::error::boom\n'],
    ['one after white space, which the runner skips', ' \t::add-mask::a', '| \t::add-mask::a\n'],
    ['one in the second line', 'a\n::group::b', 'a\n|::group::b\n'],
    ['one after a carriage return', 'a\r::group::b', 'a\r|::group::b\n'],
    ['the old form, taken anywhere in a line', 'x ##[group]y', 'x ## [group]y\n'],
    ['colons in the middle stay', 'std::vector and a::b', 'std::vector and a::b\n'],
  ])('%s', (_, text, expected) => {
    expect(written(text)).toBe(expected);
  });

  test('whatever is in it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '::',
        ':',
        '##[',
        '#',
        '[',
        ']',
        'error',
        ' ',
        '\n',
        '\r',
        '\u200b',
        '\u00ad',
        '\u0301',
        '\u0000',
        '\u001b[31m',
        '\u2028',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const line of written(pieces.join('')).split(/[\r\n]/))
          expect([line, isCommand(line)]).toEqual([line, false]);
      }),
    );
  });
});

describe('what GitHub says about the run', () => {
  const event = (value: string): string => {
    const path = join(folder, 'event.json');
    writeFileSync(path, value);
    return path;
  };
  const push = {
    GITHUB_SHA: 'aaaa',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_API_URL: 'https://ghes.example/api/v3',
    GITHUB_SERVER_URL: 'https://ghes.example',
  };

  test('a push: its commit; the addresses are those of the server', () => {
    expect(readRunContext(push)).toMatchObject({
      sha: 'aaaa',
      refType: 'branch',
      runAttempt: '1',
      apiUrl: 'https://ghes.example/api/v3',
    });
    expect(readRunContext(push)).not.toHaveProperty('pullRequest');
  });

  test('a pull request: its head, not the merge commit that GitHub made', () => {
    const path = event(JSON.stringify({ pull_request: { number: 7, head: { sha: 'bbbb' } } }));
    const env = { ...push, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path };
    expect(readRunContext(env)).toMatchObject({ sha: 'bbbb', pullRequest: 7 });
  });

  test.each(['', 'null', '[]', '{"pull_request": null}', '{"pull_request": {}}'])(
    'an event file of %p costs no run',
    (text) => {
      const env = { ...push, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_EVENT_PATH: event(text) };
      expect(readRunContext(env).sha).toBe('aaaa');
    },
  );

  test.each(['/dev/zero', '/', '/nowhere'])('nor does an event at %s', (path) => {
    const env = { ...push, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: path };
    expect(readRunContext(env).sha).toBe('aaaa');
  });

  test("nothing known, as on a developer's machine", () => {
    expect(readRunContext({})).toMatchObject({ sha: '', refType: '', serverUrl: 'https://github.com' });
    expect(readState({ STATE_rollout: 'started' }, 'rollout')).toBe('started');
    expect(readState({}, 'rollout')).toBe('');
  });
});

test.each([
  [{ GITHUB_ACTIONS: 'true' }, true],
  [{ GITHUB_ACTIONS: 'true', NO_COLOR: '1' }, false],
  [{ GITHUB_ACTIONS: 'true', NO_COLOR: '' }, true],
  [{}, false],
])('colour with %j: %s (https://no-color.org)', (env, colour) =>
  expect(createConsole(env, new Masker()).colour).toBe(colour),
);

/** https://no-color.org: "when present and not an empty string (regardless of its value), prevents the addition of ANSI color" */
test.each<[Readonly<Record<string, string>>, boolean]>([
  [{ GITHUB_ACTIONS: 'true' }, true],
  [{ GITHUB_ACTIONS: 'true', NO_COLOR: '' }, true],
  [{ GITHUB_ACTIONS: 'true', NO_COLOR: '1' }, false],
  [{ GITHUB_ACTIONS: 'true', NO_COLOR: 'false' }, false],
  [{}, false],
])('with %j the log is coloured: %s', (env, colour) => expect(createConsole(env, new Masker()).colour).toBe(colour));

test('without a runner its commands are text to read, and no secret is printed to be masked', () => {
  const script = `
    runner.mask('hunter2hunter2');
    console.startGroup('Preflight');
    console.line('cluster: hunter2hunter2');
    console.endGroup();
    console.debug('detail');
    console.error('It failed: 100%.\\nWhat to do: correct it.', 'ECS Rollout', { file: 'a.yml', line: 1, endLine: 1 });
    console.warning('slow');`;
  const url = (path: string) => pathToFileURL(path).href;
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createConsole, createRunner } from '${url('src/adapters/runner.ts')}'; import { Masker } from '${url('src/masker.ts')}'; const masker = new Masker(); const runner = createRunner(process.env, masker); const console = createConsole(process.env, masker); ${script}`,
    ],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  expect(stdout).toBe(
    'Preflight\ncluster: ***\n\nERROR: ECS Rollout\n  It failed: 100%.\n  What to do: correct it.\n\nWARNING: slow\n',
  );
});
