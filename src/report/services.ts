import { lastPart } from '../arn.ts';
import type { Denied } from '../diagnosis/denial.ts';
import { duration } from '../duration.ts';
import type { RunContext } from '../inputs/types.ts';
import { defined } from '../model.ts';
import { GOOD, type Outcome, type OutcomeKind, type ServiceResult } from '../outcome.ts';
import { servingCell } from '../service/serving.ts';
import { type About, commonPlace, type Whereabouts, whereText } from './about.ts';
import { type Annotation, annotationsOf } from './annotations.ts';
import { commitOf, factRows, gistBlock, headingOf, ICONS } from './blocks.ts';
import { annotationOfFailure } from './failed.ts';
import { amongServices, gistOf, hasPage } from './gist.ts';
import { serviceLink } from './links.ts';
import { code, folded, html, prose, table } from './markdown.ts';
import { outputsOf, type Summary } from './outputs.ts';
import { tookOf } from './phases.ts';
import { picturesOf } from './pictures.ts';
import { afterwardsSummaryOf, DETAILS, type Detail, detailsOf, firstScreen, type Page } from './summary.ts';
import { aligned, counted, listed, oneLine } from './text.ts';

/** A service with what its report knows beside its end. */
export type ReportedService = ServiceResult & { readonly about?: About };

/** Of all services, as the output `outcome` has it. */
export interface OverallOutcome {
  readonly kind: OutcomeKind;
  /** One line: how many ended how, and the first that is not as it was wanted. */
  readonly headline: string;
}

/** How the step ended: the worst of what happened to any service. */
export function overallOf(results: readonly ServiceResult[]): OverallOutcome {
  const kinds = results.map(kindOf);
  const worst: readonly OutcomeKind[] = ['failed', 'rolled-back', 'cancelled', 'superseded', 'paused'];
  const best: readonly OutcomeKind[] = ['deployed', 'started', 'unchanged'];
  const skipped = kinds.includes('skipped') ? 'cancelled' : undefined;
  const kind =
    worst.find((one) => kinds.includes(one)) ?? skipped ?? best.find((one) => kinds.includes(one)) ?? 'unchanged';
  const counts = [...Map.groupBy(kinds, (one) => one)].map(([one, some]) => `${some.length} ${one}`);
  const first = culpritsFirst(results).find((result) => kindOf(result) === kind);
  const why = first && !isGood(first) ? ` ${first.name}: ${headlineOf(first)}` : '';
  return { kind, headline: `${counted(results.length, 'service')}: ${listed(counts)}.${why}` };
}

/** Those that failed before those that were rolled back with them; each part in the order of the input. */
function culpritsFirst<Result extends ServiceResult>(results: readonly Result[]): readonly Result[] {
  return [...results.filter((result) => !isDragged(result)), ...results.filter(isDragged)];
}

/** Nothing is wrong with it: it was rolled back because another service failed. */
const isDragged = (result: ServiceResult): boolean => outcomeOf(result)?.rolledBackWith !== undefined;

const kindOf = ({ end }: ServiceResult): OutcomeKind | 'skipped' =>
  end.kind === 'ended' ? end.outcome.kind : end.kind;

function headlineOf({ end }: ServiceResult): string {
  switch (end.kind) {
    case 'ended':
      return end.outcome.headline;
    case 'failed':
      return [end.failure.message, end.failure.state ?? ''].join(' ').trim();
    case 'skipped':
      return `Not deployed: ${end.why}`;
  }
}

const outcomeOf = ({ end }: ServiceResult): Outcome | undefined => (end.kind === 'ended' ? end.outcome : undefined);

/** One object of the output `services`: fields are added, never renamed or taken away; absent means unknown. */
interface ServiceRow {
  readonly name: string;
  readonly service: string;
  readonly cluster: string;
  readonly outcome: OutcomeKind | 'skipped';
  readonly headline: string;
  readonly [output: string]: string;
}

/** Outputs of a single service that an object of `services` has as well. */
const ROW_OUTPUTS = [
  'image',
  'task-definition-arn',
  'previous-task-definition-arn',
  'deployment-id',
  'service-deployment-arn',
  'codedeploy-deployment-id',
  'url',
] as const;
/** Outputs that the step has where they are the same for all services. */
const COMMON_OUTPUTS = ['image', 'image-digest', 'image-tags', 'metadata', 'task-definition-arn'] as const;
/** A later step gets an output through its environment, where a variable holds 128 KiB (MAX_ARG_STRLEN of Linux). */
const LARGE = 100_000;
/** How much each row has: tried in turn until they all fit. */
const ROW_DETAILS = [
  { headline: 400, outputs: ROW_OUTPUTS },
  { headline: 120, outputs: ROW_OUTPUTS.filter((name) => name !== 'url') },
  { headline: 0, outputs: ['task-definition-arn'] },
] as const;

/** The output `services`: an object for each, in the order of the input; of very many, with less in each. */
export function serviceRows(results: readonly ServiceResult[], limit = LARGE): ServiceRow[] {
  for (const detail of ROW_DETAILS) {
    const rows = rowsOf(results, detail);
    if (Buffer.byteLength(JSON.stringify(rows)) <= limit) return rows;
  }
  return rowsOf(results, { headline: 0, outputs: [] });
}

const rowsOf = (
  results: readonly ServiceResult[],
  detail: { readonly headline: number; readonly outputs: readonly (typeof ROW_OUTPUTS)[number][] },
): ServiceRow[] =>
  results.map((result) => {
    const outcome = outcomeOf(result);
    const { kind: _, ...known } = outcome ?? {};
    const outputs = outputsOf(known);
    const own = detail.outputs.flatMap((name) => (outputs[name] === undefined ? [] : [[name, outputs[name]] as const]));
    return {
      name: result.name,
      service: outcome?.service?.name ?? lastPart(result.service),
      cluster: lastPart(outcome?.service?.clusterArn ?? result.cluster),
      outcome: kindOf(result),
      headline: detail.headline === 0 ? '' : oneLine(headlineOf(result), detail.headline),
      ...Object.fromEntries(own),
    };
  });

/** Outputs of the step for several services. */
export function servicesOutputs(results: readonly ServiceResult[], denied: readonly Denied[]): Record<string, string> {
  const { kind, headline } = overallOf(results);
  const rows = serviceRows(results);
  const all = results.map((result) => {
    const { kind: _, ...known } = outcomeOf(result) ?? {};
    return outputsOf(known);
  });
  const common = COMMON_OUTPUTS.flatMap((name) => {
    const values = new Set(all.map((outputs) => outputs[name]).filter((value) => value !== undefined));
    const [only] = values;
    return values.size === 1 && only !== undefined ? [[name, only] as const] : [];
  });
  const causes = culpritsFirst(results).flatMap((result) => (outcomeOf(result)?.diagnoses ?? []).slice(0, 1));
  const summary: Summary & { readonly services: readonly ServiceRow[] } = {
    version: 1,
    outcome: kind,
    headline: oneLine(headline, 2000),
    causes: causes.slice(0, 10).map(({ rule, severity, transient, cause, remedy, evidence }) => ({
      rule,
      severity,
      transient,
      cause: oneLine(cause, 1000),
      remedy: oneLine(remedy, 1000),
      evidence: { surface: evidence.surface, text: oneLine(evidence.text, 1000) },
    })),
    warnings: results
      .flatMap((result) =>
        (outcomeOf(result)?.warnings ?? []).map((warning) => `${result.name}: ${oneLine(warning, 500)}`),
      )
      .slice(0, 20),
    ...(denied.length > 0 ? { denied: denied.map(({ action, resource }) => ({ action, resource })) } : {}),
    differences: [],
    timeline: [],
    // Beside what else it has.
    services: serviceRows(results, LARGE / 2),
  };
  return {
    ...Object.fromEntries(common),
    outcome: kind,
    services: JSON.stringify(rows),
    summary: JSON.stringify(summary),
  };
}

/** Cells of a result as plain text: name, outcome, revision, what serves. */
function cellsOf(result: ServiceResult): string[] {
  const outcome = outcomeOf(result);
  const deployed = outcome?.revision?.arn ?? outcome?.deployment?.taskDefinitionArn;
  return [
    result.name,
    outcomeText(result),
    deployed === undefined ? '' : lastPart(deployed),
    nowOf(result),
    tookCell(outcome),
  ];
}

/** What serves when the run ends. */
function nowOf({ end }: ServiceResult): string {
  switch (end.kind) {
    case 'ended':
      return end.outcome.serving ? servingCell(end.outcome.serving) : '';
    case 'skipped':
      return end.serving ? `${servingCell(end.serving)}, not changed` : 'not changed';
    case 'failed':
      return 'not known';
  }
}

function tookCell(outcome: Outcome | undefined): string {
  const took = outcome && tookOf(outcome);
  return took ? duration(took.seconds) : '';
}

/** The end of the log: the table, then what went wrong with each service, and the pages to open. */
export function servicesLines(results: readonly ReportedService[]): string[] {
  const { kind, headline } = overallOf(results);
  const bad = culpritsFirst(results).filter((result) => !isGood(result));
  return [
    '',
    ...aligned([['service', 'outcome', 'deployed revision', 'serving revision', 'took'], ...results.map(cellsOf)]),
    // What went wrong with it, and what to do, is in its own error below.
    ...bad.flatMap((result) => {
      const gist = pageOf(result)?.gist;
      const text = gist?.title ?? headlineOf(result);
      const links = gist && !isDragged(result) ? gist.links : [];
      return [
        `${isSkipped(result) ? '-' : '✗'} ${result.name}: ${oneLine(text, 700)}`,
        ...links.map(({ name, address }) => `    ${name.padEnd(8)} ${oneLine(address, 1000)}`),
      ];
    }),
    ...results.flatMap((result) =>
      (outcomeOf(result)?.warnings ?? []).map((warning) => `! ${result.name}: ${oneLine(warning, 700)}`),
    ),
    areGood(results) ? `✓ ${kind}: ${oneLine(headline, 700)}` : `✗ ${badText(results)}.`,
  ];
}

const isSkipped = ({ end }: ServiceResult): boolean => end.kind === 'skipped';
const isGood = ({ end }: ServiceResult): boolean =>
  end.kind === 'ended' && (GOOD.includes(end.outcome.kind) || end.outcome.pausedOnRequest === true);

/** Whether the step passes. */
export const areGood = (results: readonly ServiceResult[]): boolean => results.every(isGood);

const rowOf = (result: ServiceResult): readonly string[] => {
  const outcome = outcomeOf(result);
  const [, , revision = '', now = '', took = ''] = cellsOf(result);
  const kind = kindOf(result);
  // Where what serves is what was deployed, it is not shown twice.
  const isRepeated = revision === '' || (now.startsWith(`${revision}:`) && isGood(result));
  return [
    html.linked(result.name, outcome?.service && hasPage(outcome) ? serviceLink(outcome.service) : undefined),
    `${kind === 'skipped' ? '⏭️' : ICONS[kind]} ${isRepeated ? '' : `${html.code(revision)} `}${html.prose(outcomeText(result))}`,
    html.prose(oneLine(now, 300)),
    took,
  ];
};

/** How it ended, in words; the outputs have the kind. */
const ENDS: Readonly<Record<OutcomeKind | 'skipped', string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged',
  started: 'started',
  'rolled-back': 'failed, rolled back',
  failed: 'failed',
  superseded: 'superseded',
  cancelled: 'cancelled',
  paused: 'paused',
  skipped: 'not started',
};

/** `rolled back with worker`: which of them has failed is seen in the table. */
function outcomeText(result: ServiceResult): string {
  const culprit = outcomeOf(result)?.rolledBackWith;
  const kind = kindOf(result);
  if (culprit === undefined) return ENDS[kind];
  return kind === 'rolled-back' ? `rolled back with ${culprit}` : `${ENDS[kind]} with ${culprit}`;
}

/** Four columns fit on a phone, so the revision that was deployed stands with its outcome. */
const tableOf = (results: readonly ServiceResult[]): string =>
  table(
    ['Service', 'Outcome', 'Serving revision', 'Took'],
    // Twenty services, one of which failed: it is not looked for.
    [...culpritsFirst(results).filter((result) => !isGood(result)), ...results.filter(isGood)].map(rowOf),
  );

const whereaboutsOf = (result: ReportedService): Whereabouts => {
  const service = outcomeOf(result)?.service;
  return {
    service: service?.name ?? lastPart(result.service),
    cluster: service?.clusterArn ?? result.cluster,
    ...defined({ region: service?.region, environment: result.about?.environment }),
  };
};

/** `1 of 3 services failed, 2 not started`: what is not as it was wanted, the failed first. */
function badText(results: readonly ServiceResult[]): string {
  const words = culpritsFirst(results).flatMap((result) => (isGood(result) ? [] : [wordOf(result)]));
  const counts = [...Map.groupBy(words, (word) => word)]
    .map(([word, some]) => ({ word, count: some.length }))
    .sort((a, b) => WORDS.indexOf(a.word) - WORDS.indexOf(b.word));
  const all = counted(results.length, 'service');
  const named = (word: string): string => (word === 'failed' ? failedNames(results) : '');
  return counts
    .map(({ word, count }, index) => `${count}${index === 0 ? ` of ${all}` : ''} ${word}${named(word)}`)
    .join(', ');
}

/** So many are named in a title. */
const NAMED = 3;

/** ` (worker)`: a title is all that a notification shows. Empty where they are many. */
function failedNames(results: readonly ServiceResult[]): string {
  const names = results.filter((result) => !isGood(result) && wordOf(result) === 'failed').map(({ name }) => name);
  return names.length > NAMED ? '' : ` (${names.map((name) => oneLine(name, 60)).join(', ')})`;
}

const WORDS = ['failed', 'cancelled', 'superseded', 'paused', 'rolled back with it', 'not started'] as const;

function wordOf(result: ServiceResult): (typeof WORDS)[number] {
  const kind = kindOf(result);
  switch (kind) {
    case 'skipped':
      return 'not started';
    case 'cancelled':
    case 'superseded':
    case 'paused':
      return kind;
    case 'rolled-back':
      return isDragged(result) ? 'rolled back with it' : 'failed';
    default:
      return 'failed';
  }
}

function titleOf(results: readonly ReportedService[]): string {
  const { kind } = overallOf(results);
  const where = prose(oneLine(commonPlace(results.map(whereaboutsOf)), 300));
  const subject = where === '' ? ICONS[kind] : `${ICONS[kind]} ${where}:`;
  const all = counted(results.length, 'service');
  if (!areGood(results)) return `${subject} ${prose(badText(results))}`;
  return kind === 'started' ? `${subject} ${all} being deployed, not watched` : `${subject} ${all} deployed`;
}

/**
 * The job summary of several services: one table, then of each that failed the same first screen as a page of one service has, then the
 * pictures of all. What was rolled back with another, and what is as it was wanted, is folded.
 */
export function servicesSummaryOf(results: readonly ReportedService[]): string {
  const pages = DETAILS.map((detail) => partsOfSummary(results, detail));
  const whole = pages.find((parts) => sizeOf(parts) <= SUMMARY_BYTES);
  return `${whole?.join('\n\n') ?? within(pages.at(-1) ?? [], SUMMARY_BYTES)}\n`;
}

function partsOfSummary(results: readonly ReportedService[], detail: Detail): string[] {
  const bad = culpritsFirst(results).filter((result) => !isGood(result) && !isSkipped(result));
  const culprits = bad.filter((result) => !isDragged(result));
  const skipped = results.filter(isSkipped);
  const pages = results.flatMap((result) => {
    const page = pageOf(result);
    return page ? [{ ...page, name: result.name }] : [];
  });
  const isFolded = (result: ReportedService): boolean => isGood(result) || isDragged(result);
  const groups = bySameCause(culprits);
  const shown = new Set(groups.map(([first]) => first));
  const causes = groups.map((same) => `### ${titleOfSame(same)}\n\n${namesOfSame(same)}${screenOf(same[0], detail)}`);
  // A long table would push the cause off the first screen, many causes the table.
  const isCauseFirst = results.length > SHORT_TABLE && groups.length <= FEW_CAUSES;
  return [
    `## ${titleOf(results)}`,
    // All alike is what the heading says already.
    ...(bad.length > 0 || new Set(results.map(kindOf)).size === 1
      ? []
      : [prose(oneLine(overallOf(results).headline, LINE))]),
    ...(isCauseFirst ? [...causes, tableOf(results)] : [tableOf(results), ...causes]),
    ...(skipped.length > 0
      ? [skipped.map((result) => `- ${code(result.name)}: ${prose(oneLine(headlineOf(result), 500))}`).join('\n')]
      : []),
    ...picturesOf(pages),
    ...culprits.flatMap((result) => {
      const page = pageOf(result);
      const screen = shown.has(result) ? [] : [screenOf(result, detail)];
      const more = page ? [...screen, ...detailsOf(page, detail)].filter((part) => part !== '') : [];
      return more.length > 0 ? [folded(`\`${result.name}\`: details and timeline`, more.join('\n\n'))] : [];
    }),
    ...culpritsFirst(results)
      .filter(isFolded)
      .map((result) => {
        const page = pageOf(result);
        const name = `\`${result.name}\``;
        const title = page && isDragged(result) ? `${name}: ${shortTitleOf(result)}` : name;
        return folded(title, [screenOf(result, detail), ...(page ? detailsOf(page, detail) : [])].join('\n\n'));
      }),
  ];
}

/** Rows that leave room for a cause on the first screen; and causes that leave room for the table. */
const SHORT_TABLE = 8;
const FEW_CAUSES = 2;

/** One or several services that failed in the same way. */
type SameCause = readonly [ReportedService, ...ReportedService[]];

/** Services that failed with the same cause and the same next step, but for their own names and tasks: they are read once. */
function bySameCause(results: readonly ReportedService[]): readonly SameCause[] {
  const groups = Map.groupBy(results, (result) => causeKey(result) ?? result);
  return [...groups.values()].flatMap(([first, ...others]): SameCause[] => (first ? [[first, ...others]] : []));
}

/** What a reader would read again; undefined where the end of the service is not known. */
function causeKey(result: ReportedService): string | undefined {
  const page = pageOf(result);
  if (!page) return undefined;
  const { outcome, gist } = page;
  const { service, revision, kind } = outcome;
  const own = [result.name, service?.name, revision?.family].flatMap((name) => name || []);
  const TASK_IDS = /\b[0-9a-f]{8}(?:[0-9a-f]{24})?\b/g;
  const general = (text = ''): string =>
    own.reduce<string>((changed, name) => changed.replaceAll(name, '\0'), text.replaceAll(TASK_IDS, '\0'));
  return JSON.stringify([kind, ...[gist.what, gist.words?.text, gist.done, gist.fix, gist.next?.text].map(general)]);
}

const titleOfSame = (same: SameCause): string => {
  const [first, ...others] = same;
  const title = shortTitleOf(first);
  if (others.length === 0) return `${code(first.name)}${title && `: ${prose(title)}`}`;
  return same.length > NAMED
    ? `${same.length} services: the same cause`
    : `${listed(same.map(({ name }) => code(name)))}: the same cause`;
};

/** All names, as one of the services is shown for all; empty of a service alone. */
const namesOfSame = (same: SameCause): string =>
  same.length === 1
    ? ''
    : `Failed in the same way: ${listed(same.map(({ name }) => code(name)))}. Shown is ${code(same[0].name)}.\n\n`;

/** Of a service whose deployment main has reported already: its end, as one more line. */
export const afterwardsOfService = (result: ServiceResult): string =>
  afterwardsSummaryOf(`${result.name}: ${headlineOf(result)}`);

const pageOf = (result: ReportedService): Page | undefined => {
  const outcome = outcomeOf(result);
  const about = result.about ?? {};
  return outcome && { outcome, about, gist: amongServices(gistOf(outcome, about), outcome) };
};

/** Its result in a line; empty where that is not known. */
function shortTitleOf(result: ReportedService): string {
  const page = pageOf(result);
  return page ? oneLine(page.gist.title, 400) : '';
}

/** The first screen of one service; of one that could not be followed to its end, what is known. */
function screenOf(result: ReportedService, detail: Detail): string {
  const page = pageOf(result);
  return page ? firstScreen(page, detail).join('\n\n') : prose(oneLine(headlineOf(result), LINE));
}

/** GitHub drops a job summary above 1 MiB whole, and refuses a longer comment. */
const SUMMARY_BYTES = 1_000_000;
const COMMENT_CHARACTERS = 60_000;
const LINE = 1500;

const sizeOf = (parts: readonly string[]): number =>
  parts.reduce((size, part) => size + Buffer.byteLength(part) + 2, 0);

/** The parts that fit, each whole. */
function within(parts: readonly string[], limit: number): string {
  let size = 0;
  const fitting = parts.filter((part) => {
    size += Buffer.byteLength(part) + 2;
    return size <= limit;
  });
  const left = parts.length - fitting.length;
  return [...fitting, ...(left > 0 ? [`${counted(left, 'part')} more: see the log of the step.`] : [])].join('\n\n');
}

/** The same for the one comment of the run, without its marker. */
export function servicesCommentParts(results: readonly ReportedService[], run: RunContext): string {
  const commit = factRows([['Commit', commitOf(run)]]);
  const bad = culpritsFirst(results).filter((result) => !isGood(result) && !isSkipped(result));
  const shortOf = (result: ReportedService): string => {
    const page = pageOf(result);
    if (!page) return prose(oneLine(headlineOf(result), LINE));
    return gistBlock({ ...page.outcome, warnings: [] }, page.gist).join('\n\n');
  };
  // What was rolled back with another is in the table, and nothing is to be done about it.
  const shown = bad.filter((result) => !isDragged(result) || kindOf(result) !== 'rolled-back');
  const parts = [
    `### ${titleOf(results)}`,
    tableOf(results),
    ...bySameCause(shown).map((same) => `#### ${titleOfSame(same)}\n\n${namesOfSame(same)}${shortOf(same[0])}`),
    commit,
  ];
  return within(
    parts.filter((part) => part !== ''),
    COMMENT_CHARACTERS,
  );
}

/** The title of each, for the rows of the comment that all jobs share. */
export const servicesTitles = (results: readonly ReportedService[]): readonly string[] =>
  results.map((result) => {
    const page = pageOf(result);
    if (page) return headingOf(page.outcome, page.gist);
    const [icon, words] = isSkipped(result) ? ['⏭️', 'skipped'] : [ICONS.failed, oneLine(headlineOf(result), 200)];
    return `${icon} ${prose(`${oneLine(whereText(whereaboutsOf(result)), 300)}: ${words}`)}`;
  });

/** GitHub shows 10 annotations of a kind for a step. */
const ANNOTATIONS = 9;

/** So many names stand in an error, which is cut where it is long. */
const NAMED_IN_ERROR = 20;

/** The error of the first, which says that it is that of all. */
const forAll =
  (same: SameCause) =>
  (annotation: Annotation): Annotation => {
    if (same.length === 1 || annotation.kind === 'warning') return annotation;
    const all = same.map(({ name }) => oneLine(name, 100));
    const left = all.length - NAMED_IN_ERROR;
    const names = left > 1 ? [...all.slice(0, NAMED_IN_ERROR), `${left} more`] : all;
    const title = `${annotation.title}; ${counted(same.length - 1, 'more service')} in the same way`;
    return {
      ...annotation,
      title,
      text: `Failed in the same way: ${listed(names)}. Of ${names[0]}:\n${annotation.text}`,
    };
  };

/** One error for services that went wrong in the same way, and the warnings. */
export function annotationsOfServices(results: readonly ReportedService[]): Annotation[] {
  const groups = bySameCause(culpritsFirst(results).filter((result) => !isGood(result) && !isSkipped(result)));
  const groupOf = new Map(groups.map((same) => [same[0], same]));
  const grouped = new Set(groups.flatMap(([, ...others]) => others));
  const all = culpritsFirst(results).flatMap((result): Annotation[] => {
    const { name, end } = result;
    const page = pageOf(result);
    if (page) {
      const own = annotationsOf(page.outcome, page.gist);
      if (grouped.has(result)) return own.filter(({ kind }) => kind === 'warning');
      return own.map(forAll(groupOf.get(result) ?? [result]));
    }
    if (end.kind !== 'failed') return [];
    const { place: _, ...annotation } = annotationOfFailure(end.failure);
    return [{ ...annotation, title: `${oneLine(name, 100)}: the deployment failed` }];
  });
  return (['error', 'warning', 'notice'] as const).flatMap((kind) => {
    const some = all.filter((one) => one.kind === kind);
    const left = some.length - ANNOTATIONS;
    const more = { kind, title: 'More', text: `${counted(left, `more ${kind}`)}: see the job summary.` };
    return left > 0 ? [...some.slice(0, ANNOTATIONS), more] : some;
  });
}
