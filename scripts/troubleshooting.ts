/**
 * Writes docs/troubleshooting.md from the table of the diagnosis, which also speaks in the log: every cause under its id, with
 * the messages it is known by. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import type { Diagnosis, Surface } from '../src/diagnosis/diagnosis.ts';
import type { Rule } from '../src/diagnosis/rules/rule.ts';
import { RULES } from '../src/diagnosis/rules.ts';

const FILE = 'docs/troubleshooting.md';
const EVERYWHERE: Surface = 'task.stoppedReason';
const CHAPTERS: readonly (readonly [title: string, belongs: (surface: Surface) => boolean])[] = [
  ['Tasks, services and deployments', (surface) => !surface.startsWith('api.') && surface !== 'buildx.stderr'],
  ['Answers of AWS to the calls of this step', (surface) => surface.startsWith('api.')],
  ['Build and push', (surface) => surface === 'buildx.stderr'],
];
/** What it means for a deployment. */
const MEANS: Readonly<Record<Diagnosis['nature'], string>> = {
  hopeless: 'fails the deployment at the first task, unless a sibling runs',
  ambiguous: 'fails the deployment when it happens to a second task',
  'self-heals': 'is told; it most often heals by itself',
  blocked: 'waits; fails when nothing can heal it',
  symptom: 'follows from another cause',
  normal: 'is ordinary progress',
  unknown: 'is shown as it is',
};

function explained(rule: Rule): { readonly message: string; readonly diagnosis: Diagnosis } {
  const [example] = rule.examples;
  const { text, context } = typeof example === 'string' ? { text: example, context: {} } : example;
  const diagnosis = diagnose({ surface: rule.surfaces?.[0] ?? EVERYWHERE, text, context });
  if (diagnosis.rule !== rule.id) throw new Error(`The example of ${rule.id} is explained as ${diagnosis.rule}.`);
  const beside = Object.entries(context).map(([name, value]) => `${name}: ${String(value)}`);
  return { message: beside.length > 0 ? `${text}   (${beside.join(', ')})` : text, diagnosis };
}

/** As prose: nothing in a message may be markup. */
const prose = (text: string): string => text.replaceAll(/([<>*_|[\]])/g, '\\$1').replaceAll(/\s+/g, ' ');

function cause(id: string, rules: readonly Rule[]): string {
  const rows = rules.map(explained);
  const told = [...Map.groupBy(rows, ({ diagnosis }) => `${diagnosis.cause}\n${diagnosis.remedy}`).values()];
  const parts = told.flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { nature, cause: why, remedy, link } = first.diagnosis;
    const messages = same.map(({ message }) => message.slice(0, 600)).join('\n');
    return [
      `\`\`\`text\n${messages}\n\`\`\``,
      `**Cause:** ${prose(why)}${rules[0] && chapterOf(rules[0]) === 0 ? ` _It ${MEANS[nature]}._` : ''}`,
      `**What to do:** ${prose(remedy)}${link ? ` ([AWS's or Docker's page](${link}))` : ''}`,
    ];
  });
  return [`### ${id}`, ...parts].join('\n\n');
}

const chapterOf = ({ surfaces }: Rule): number =>
  CHAPTERS.findIndex(([, belongs]) => belongs(surfaces?.[0] ?? EVERYWHERE));

function page(): string {
  const telling = RULES.filter(({ nature }) => nature !== 'normal');
  const chapters = CHAPTERS.map(([title], chapter) => {
    const byId = Map.groupBy(
      telling.filter((rule) => chapterOf(rule) === chapter),
      ({ id }) => id,
    );
    const causes = [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, rules]) => cause(id, rules));
    const contents = [...byId.keys()].sort().map((id) => `[${id}](#${id})`);
    return [`## ${title}`, contents.join(' · '), ...causes].join('\n\n');
  });
  const intro = [
    '# Troubleshooting, by message',
    '<!-- generated from src/diagnosis by scripts/troubleshooting.ts -->',
    "Begin with the step's error: it is the root cause in one line; the job summary has the evidence and the remedy. The output `summary` names the cause by the ids below. " +
      'Search this page for a stable part of a message; names, accounts and digests in the examples are examples.',
  ];
  return `${[...intro, ...chapters].join('\n\n')}\n`;
}

const fresh = page();
if (process.argv.includes('--check')) {
  const stale = fresh !== readFileSync(FILE, 'utf8');
  console.log(stale ? `${FILE} is stale: run node scripts/troubleshooting.ts` : `${FILE} is fresh`);
  process.exitCode = stale ? 1 : 0;
} else {
  writeFileSync(FILE, fresh);
  console.log(`${FILE} written`);
}
