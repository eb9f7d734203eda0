/**
 * Every kind of page, from a run on a simulated AWS, as a GFM renderer makes HTML of it. `REPORT_PAGES=FOLDER npm test --
 * __tests__/report/across/pages` keeps the pages and the log of each run, and, where Chrome is installed, a picture of them on a desktop
 * and on a phone.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../../../scripts/try/page.ts';
import { expectAsGithub, withGithub } from '../../support/cmark-gfm.ts';
import { linksOf, render, tagsOf, textOf } from '../../support/gfm.ts';
import { KINDS } from '../../support/page-kinds.ts';
import type { Reported } from '../../support/reported.ts';

const FOLDER = process.env.REPORT_PAGES;
const [DESKTOP, PHONE, HEIGHT] = [1044, 400, 1800];

/** One picture of the pages side by side: the summary on a desktop and on a phone, the comment on a phone. */
function screenshot(path: string, frames: readonly (readonly [page: string, width: number])[]): void {
  const width = frames.reduce((sum, [, one]) => sum + one, 0);
  const shown = frames.map(
    ([page, one]) => `<iframe src="${page}" style="border:0;width:${one}px;height:${HEIGHT}px"></iframe>`,
  );
  const sheet = `${path}.frames.html`;
  writeFileSync(sheet, `<body style="margin:0;white-space:nowrap;font-size:0">${shown.join('')}</body>`);
  const options = ['--headless', '--no-sandbox', '--hide-scrollbars', `--window-size=${width},${HEIGHT}`];
  for (const browser of ['google-chrome', 'chromium', 'chromium-browser']) {
    const made = spawnSync(browser, [...options, `--screenshot=${path}.png`, sheet], { timeout: 60_000 });
    if (made.status === 0) break;
  }
  rmSync(sheet);
}

function keep(folder: string, name: string, { summary, comment, log }: Reported): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(`${path}.log`, `${log.join('\n')}\n`);
  const write = (file: string, markdown: string): string => {
    writeFileSync(file, pageOf(name, { summary: markdown, comments: [], sections: [] }));
    return file;
  };
  const page = write(`${path}.html`, summary);
  screenshot(path, [
    [page, DESKTOP],
    [page, PHONE],
    ...(comment === '' ? [] : [[write(`${path}.comment.html`, comment), PHONE] as const]),
  ]);
}

/** https://docs.github.com/en/actions/reference/workflow-commands#adding-a-job-summary: of a step. */
const MOST_SUMMARY_BYTES = 1024 ** 2;
/** GitHub refuses a longer one. */
const MOST_COMMENT_CHARACTERS = 65_536;
/** Also of 100 tasks, and of 20 services. */
const MOST_LOG_LINES = 200;

const SIGNS = /[✅❌⚠⏸🚀📝⏭✓✗]\u{fe0f}?/gu;
/** What a heading says of the status, beside its sign. */
const STATUS =
  /deployed|registered|ran$|would|failed|rolled back|cancelled|paused|superseded|changed|mistake|may not|Rollback targets|steady|started|to change/i;
const unfolded = (page: string): string => page.replaceAll(/<details>(?:(?!<details>)[\s\S])*?<\/details>/g, '');
/** The page before anything is unfolded. */
function openPart(page: string): string {
  for (let [before, after] = ['', page]; ; [before, after] = [after, unfolded(after)])
    if (before === after) return after;
}
const cellsIn = (page: string): string[] => [...page.matchAll(/<t[dh]>(.*?)<\/t[dh]>/g)].map(([, cell = '']) => cell);
/** Lines as a reader counts them. */
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
const plain = (text: string): string => text.replaceAll(/[`\u2060]/g, '').replaceAll(/\s+/g, ' ');

/** The order in which ECS answers does not change a page, so one run of each is enough for all tests. */
const runs = new Map<string, Promise<Reported>>();
const runOf = ({ name, run }: (typeof KINDS)[number]): Promise<Reported> => {
  const known = runs.get(name) ?? run();
  runs.set(name, known);
  return known;
};

test('every kind has a name of its own', () => expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length));

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  test('the run ends as its page says', async () => {
    const reported = await runOf(kind);
    if (FOLDER) keep(FOLDER, name, reported);
    expect(reported.exitCode).toBe(kind.failed ? 1 : 0);
  });

  test('summary and comment are whole pages', async () => {
    const { summary, comment } = await runOf(kind);
    for (const [markdown, heading] of [
      [summary, 'h2'],
      ...(comment === '' ? [] : [[comment, 'h3'] as const]),
    ] as const) {
      const page = render(markdown);
      const [title = '', ...more] = [...page.matchAll(new RegExp(`<${heading}>(.*)</${heading}>`, 'g'))].map(
        ([, inner = '']) => textOf(inner),
      );
      expect(tagsOf(page)).toContain(heading);
      if (heading === 'h2') expect(more).toEqual([]);
      expect(title).toMatch(STATUS);
      expect(title).not.toMatch(/\.$/);
      // What a row is named does not stand in its cell again.
      expect(markdown).not.toMatch(/<b>Serv(?:es|ing)<\/b>|<b>Took<\/b><\/td><td>0 s/);
      expect(markdown).not.toContain('>Troubleshooting</a>');
      expect(markdown).not.toContain('mermaid');
      for (const address of linksOf(page)) expect(() => new URL(address)).not.toThrow();
    }
  });

  test('every count of running tasks is the one at the end', async () => {
    const { summary, outputs } = await runOf(kind);
    const { revisions = [] } = JSON.parse(outputs.summary ?? '{}') as {
      readonly revisions?: readonly { readonly taskDefinition: string; readonly running: number }[];
    };
    const page = textOf(render(summary));
    for (const { taskDefinition, running } of revisions) {
      const revision = taskDefinition.split('/').at(-1);
      const drawn = [...page.matchAll(new RegExp(`^ *${revision} +(\\d+) running`, 'gm'))].map(([, count]) =>
        Number(count),
      );
      expect({ revision, drawn }).toEqual({ revision, drawn: drawn.map(() => running) });
    }
  });

  withGithub('GitHub shows what the other tests read', async () => {
    const { summary, comment } = await runOf(kind);
    expectAsGithub(summary);
    expectAsGithub(comment);
  });

  test('is not too long for GitHub, nor its log for a reader', async () => {
    const { summary, comment, log } = await runOf(kind);
    expect(Buffer.byteLength(summary)).toBeLessThan(MOST_SUMMARY_BYTES);
    expect(comment.length).toBeLessThan(MOST_COMMENT_CHARACTERS);
    expect(log.length).toBeLessThanOrEqual(MOST_LOG_LINES);
  });

  test('no status is a sign alone', async () => {
    const { summary, comment, log } = await runOf(kind);
    for (const text of [...[summary, comment].map((markdown) => textOf(render(markdown))), ...log]) {
      for (const line of text.split('\n'))
        for (const { 0: sign, index } of line.matchAll(SIGNS))
          expect(line.slice(index + sign.length)).toMatch(/^ [("`]*[\p{L}\d.]/u);
    }
  });

  test('fits on a phone: the telling column of a table is one of the first two, and nothing long stands in a cell', async () => {
    const { summary, comment } = await runOf(kind);
    for (const markdown of [summary, comment]) {
      const open = openPart(render(markdown));
      const longest = cellsIn(open).flatMap((cell) => textOf(cell).split(/[\s-]/));
      for (const word of longest) expect(word.length).toBeLessThanOrEqual(48);
      for (const [, inner = ''] of open.matchAll(/<pre>((?:(?!<pre>)[\s\S])*?; bars to scale)\s*<\/code>/g))
        for (const line of textOf(inner).split('\n')) expect([...line].length).toBeLessThanOrEqual(58);
      expect(open.replaceAll(/<pre>[\s\S]*?<\/pre>/g, '')).not.toMatch(/[0-9a-f]{64}/);
      for (const [, head = ''] of open.matchAll(/<tr>((?:<th>.*?<\/th>)+)<\/tr>/g)) {
        const names = cellsIn(head);
        const telling = names.findIndex((one) => /^(?:State|Outcome|Plan|Condition)$/.test(one));
        if (telling >= 0)
          expect(telling).toBeLessThanOrEqual(names[0] === 'Service' && names[1] === 'Revision' ? 2 : 1);
      }
    }
  });
});

const FAILED = KINDS.filter(({ failed }) => failed);

describe.each(FAILED.map((kind) => [kind.name, kind] as const))('the first screen of %s', (_, kind) => {
  const screenOf = (markdown: string): string[] =>
    linesOf(textOf(openPart(render(markdown)).replaceAll(/<pre>[\s\S]*?<\/pre>/g, 'COMMAND')));

  test('within 12 lines: what failed and where, what serves, what was done, and one next step', async () => {
    const { summary } = await runOf(kind);
    const screen = screenOf(summary).slice(0, 12);
    const text = screen.join('\n');
    expect(screen[0]).toMatch(/default\/eu-west-1/);
    expect(text).toMatch(
      /^Now: |nothing was changed|was not (?:created|changed|deployed)|runs .* as before|No service was changed|could not be deployed|was (?:deleted|scaled to 0)|of \d+ services failed/m,
    );
    if (kind.steps !== 'list')
      expect(text.match(/^(?:Next|What to do): |^❌ failed: /gm)?.length ?? 0).toBeGreaterThanOrEqual(1);
    expect(text.match(/^Next: /gm)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('the application speaks where its log was read', async () => {
    const { summary, log } = await runOf(kind);
    const telling = log.map((line) => /\| (E(?:rror|RROR): .*)$/.exec(line)?.[1]).find((line) => line !== undefined);
    const screen = plain(textOf(openPart(render(summary)).split('<pre>')[0] ?? ''));
    if (telling !== undefined) expect(screen).toContain(plain(telling));
  });

  test('headline, annotation, comment and JSON have the same gist', async () => {
    const { summary, comment, annotations, outputs } = await runOf(kind);
    const title = plain(/^## \S+ (.*)$/m.exec(summary)?.[1] ?? '');
    if (comment !== '') expect(plain(/^### \S+ (.*)$/m.exec(comment)?.[1] ?? '')).toBe(title);
    const main = annotations.find((one) => one.kind === 'error') ?? annotations.find((one) => one.kind === 'notice');
    if (kind.annotated !== 'by post') expect(main).toBeDefined();
    const { gist } = JSON.parse(outputs.summary ?? '{}') as { gist?: Readonly<Record<string, unknown>> };
    if (!gist || !main) return;
    expect(plain(main.title)).toBe(title);
    expect(title).toContain(plain(String(gist.title)).replace(/^the /, ''));
    const texts = [textOf(render(summary)), main.text, ...(comment === '' ? [] : [textOf(render(comment))])].map(plain);
    const next = gist.next as { readonly text?: string; readonly command?: string } | undefined;
    const facts = [gist.serving, gist.done, next?.text, next?.command].filter((fact) => fact !== undefined);
    expect(facts.length).toBeGreaterThan(0);
    for (const fact of facts)
      for (const text of texts) expect(text).toContain(plain(String(fact)).replace(/[.:]$/, ''));
  });
});

/** Words of a sentence that are not names. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/`[^`]*`|"[^"]*"|\S*\d\S*|\\/g, ' ')
    .match(/[a-z][a-z'-]{3,}/g) ?? [];

test.each(FAILED.map((kind) => [kind.name, kind] as const))(
  'the entry that %s links says what the run says: cause and remedy',
  async (_, kind) => {
    const { outputs } = await runOf(kind);
    const { gist, causes = [] } = JSON.parse(outputs.summary ?? '{}') as {
      readonly gist?: { readonly docs?: string };
      readonly causes?: readonly {
        readonly cause: string;
        readonly remedy: string;
        readonly evidence: { text: string };
      }[];
    };
    const [, page, id] = /\/docs\/(.*)#(.*)$/.exec(gist?.docs ?? '') ?? [];
    const [first] = causes;
    if (!first || page === undefined) return;
    const entries = readFileSync(`docs/${page}`, 'utf8').split(/^## /m);
    const entry = new Set(wordsOf(entries.find((text) => text.startsWith(`${id}\n`)) ?? ''));
    const own = new Set(wordsOf(first.evidence.text));
    for (const sentence of [first.cause, first.remedy].flatMap((text) => text.split(/(?<=[.;]) /))) {
      const words = wordsOf(sentence).filter((word) => !own.has(word));
      const missing = words.filter((word) => !entry.has(word));
      expect({ sentence, missing: missing.length * 5 <= words.length ? [] : missing }).toEqual({
        sentence,
        missing: [],
      });
    }
  },
);

test.each(['crash', 'crash-kept', 'failed-rollback', 'first-deployment-failed', 'rollback-failed'])(
  '%s: the words of the application are read, also where the run is over before ECS has stopped its task',
  async (name) => {
    const kind = KINDS.find((one) => one.name === name);
    const { summary } = (kind && (await runOf(kind))) ?? { summary: '' };
    expect(plain(textOf(openPart(render(summary)).split('<pre>')[0] ?? ''))).toContain(
      'Error: connect ECONNREFUSED 10.0.12.7:5432',
    );
  },
);

test('colour adds nothing that the words do not say, and NO_COLOR leaves no trace of it', async () => {
  const crash = KINDS.find(({ name }) => name === 'crash');
  const [plainly, coloured] = [(await crash?.run())?.log ?? [], (await crash?.run({ colour: true }))?.log ?? []];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  const COLOUR = /\u001b\[[\d;]*m/g;
  expect(coloured.join('')).toMatch(COLOUR);
  expect(plainly.length).toBeGreaterThan(20);
  expect(plainly.join('')).not.toContain('\u001b');
  expect(coloured.map((line) => line.replaceAll(COLOUR, ''))).toEqual(plainly);
});
