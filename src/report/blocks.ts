import { lastPart } from '../arn.ts';
import { type Diagnosis, isSameFailure } from '../diagnosis/diagnosis.ts';
import { duration } from '../duration.ts';
import type { RunContext } from '../inputs/types.ts';
import { escapeXml } from '../masker.ts';
import { isSeen, type ScheduleMove } from '../model.ts';
import type { Outcome, OutcomeKind } from '../outcome.ts';
import { bySchedule, nameOfSchedule } from '../schedules/schedules.ts';
import { servingText } from '../service/serving.ts';
import { commitsOf, refsOf } from '../tags.ts';
import type { Difference } from '../taskdef/diff.ts';
import { entryFileOf, type Gist, hasPage, isFailure, isGood, isJson, nowText } from './gist.ts';
import { deploymentsLink, repositoryLink, revisionLink, serviceLink } from './links.ts';
import { code, fenced, folded, html, isAddress, linked, prose, table } from './markdown.ts';
import { phasesOf, tookOf, tookText } from './phases.ts';
import { counted, oneLine, shortDigests } from './text.ts';

export const ICONS: Readonly<Record<OutcomeKind, string>> = {
  deployed: '✅',
  unchanged: '✅',
  started: '🚀',
  'rolled-back': '❌',
  failed: '❌',
  superseded: '⚠️',
  cancelled: '⚠️',
  paused: '⏸️',
};

/** Cells and paragraphs are cut at this; whoever writes longer names does not want to read them here. */
const TEXT = 1500;

/** The heading of a page: a word beside the sign says the same, for who does not see it. */
export const headingOf = ({ kind }: Pick<Outcome, 'kind'>, { where, title }: Gist): string =>
  `${ICONS[kind]} ${prose(oneLine(where === undefined ? title.replace(/^the /, 'The ') : `${where}: ${title}`, 400))}`;

/** The first screen of a page: what happened and why, what serves, what was done, and the one next step. */
export function gistBlock(outcome: Outcome, gist: Gist): string[] {
  const { kind, warnings, diagnoses } = outcome;
  const { what, words, done, next, fix, docs, links } = gist;
  if (isGood(kind)) {
    const lists = diagnoses.length > 0 ? [listOf(diagnoses)] : [];
    return [prose(oneLine(outcome.headline, TEXT)), ...lists, ...warningBlock(warnings)];
  }
  const file = docs === undefined ? entryFileOf(outcome) : undefined;
  const alert = isFailure(kind) ? 'CAUTION' : 'WARNING';
  const points = [
    ['Now', nowText(gist)],
    ['Done', done],
    ['Fix', fix],
    ['Next', next?.text],
  ].flatMap(([name, text]) => (text ? [`> - **${name}:** ${prose(oneLine(text, TEXT))}`] : []));
  const quoted = words
    ? [
        `> ${words.from === 'application' ? 'The application' : 'AWS'}: ${code(oneLine(shortDigests(words.text), TEXT))}`,
        '>',
      ]
    : [];
  const pages = [
    ...(docs ? [`<a href="${docs}">troubleshooting: ${docs.split('#')[1] ?? ''}</a>`] : []),
    ...(file === undefined ? [] : [`troubleshooting: ${code(file)} in the repository of the action`]),
    ...links.map(({ text, address }) => `<a href="${escapeXml(address)}">${html.prose(text)}</a>`),
    ...(gist.onCall ? [`<a href="${gist.onCall}">rolling back, on call</a>`] : []),
    ...(docs === undefined && diagnoses[0]?.link ? [anchor("AWS's page on this", diagnoses[0].link)] : []),
  ];
  return [
    [
      `> [!${alert}]`,
      `> ${prose(oneLine(shortDigests(what), TEXT))}`,
      '>',
      ...quoted,
      ...points,
      ...(next === undefined ? [] : stepFences(next)).flatMap(inQuote),
    ].join('\n'),
    // The next step names a link: it stands on the first screen, above what is folded.
    ...(pages.length > 0 ? [pages.join(' · ')] : []),
    ...moreOnTheFix(gist),
  ];
}

/** What the next step runs or writes belongs to it, so it stands in the same box. */
const stepFences = (next: NonNullable<Gist['next']>): string[] => [
  ...(next.write === undefined ? [] : [fenced('json', next.write.split('\n'))]),
  ...commandFences(next),
];

const inQuote = (block: string): string[] => ['>', ...block.split('\n').map((line) => `> ${line}`.trimEnd())];

/** What the fix consists of where the next step is another one, and other ways. */
function moreOnTheFix({ fixCode = [], otherwise, otherwiseCommands = [] }: Gist): string[] {
  const parts = [
    ...fixCode.map((one) => fenced(isJson(one) ? 'json' : 'sh', one.split('\n'))),
    ...(otherwise === undefined ? [] : [prose(oneLine(otherwise, TEXT))]),
    ...otherwiseCommands.map((one) => fenced('sh', one.split('\n'))),
  ];
  return parts.length === 0 ? [] : [folded('More on the fix', parts.join('\n\n'))];
}

/** One fence for each, so that each is copied alone. */
export const commandFences = ({ commands = [] }: NonNullable<Gist['next']>): string[] =>
  commands.flatMap((command, index) => [
    ...(index === 0 ? [] : ['or, with credentials of the account:']),
    fenced('sh', command.split('\n')),
  ]);

/** What else was seen, below the first screen. */
export const restBlock = (outcome: Outcome): string[] =>
  isGood(outcome.kind) ? [] : [...alsoSeen(outcome), ...warningBlock(outcome.warnings)];

/**
 * Causes beside the first. A symptom follows from it, and says no more. What a rollback failed with stands on the first screen: the list
 * says what to do about it.
 */
function alsoSeen({ diagnoses: [first, ...others], failedRollback }: Outcome): string[] {
  const items = others
    .filter((one) => one.nature !== 'symptom' || first?.nature === 'symptom')
    .flatMap((one) => {
      if (one.cause !== failedRollback?.diagnosis?.cause) return [itemOf(one)];
      if (first && isSameFailure(first, one)) return [];
      return [`- ${prose(oneLine(`${lastPart(failedRollback.to)}: ${one.remedy}`, TEXT))}`];
    });
  return items.length === 0 ? [] : [`Also seen:\n\n${cut(items, 5).join('\n')}`];
}

const warningBlock = (warnings: readonly string[]): string[] =>
  warnings.length === 0
    ? []
    : [['> [!WARNING]', ...cut(warnings, 10).map((warning) => `> - ${prose(oneLine(warning, TEXT))}`)].join('\n')];

const listOf = (diagnoses: readonly Diagnosis[]): string => cut(diagnoses, 5).map(itemOf).join('\n');

const itemOf = ({ cause, remedy }: Diagnosis): string =>
  `- ${prose(oneLine(cause, TEXT))} ${prose(oneLine(remedy, TEXT))}`;

const anchor = (text: string, address: string): string =>
  isAddress(address) ? `<a href="${escapeXml(address)}">${html.prose(text)}</a>` : code(address);

/** What was deployed, where and from which commit, each name with its page in the console. */
export function factsTable(outcome: Outcome, run: RunContext | undefined): string {
  const { service, image, deployment, serving } = outcome;
  const took = tookOf(outcome);
  const rows: (readonly [string, string | undefined])[] = [
    [
      'Service',
      service &&
        `${html.linked(service.name, hasPage(outcome) ? serviceLink(service) : undefined)} in cluster ${html.code(lastPart(service.clusterArn))}`,
    ],
    ['URL', outcome.endpoint && urlCell(outcome.endpoint)],
    ['Revision', revisionsOf(outcome)],
    [
      'Image',
      image &&
        `${html.linked(shortDigests(oneLine(image.reference, TEXT)), repositoryLink(image.repository, image.digest))}${image.reused ? '<br>reused: it has the fingerprint of this build, so nothing was built' : ''}`,
    ],
    ['Platforms', image?.platforms && codes(image.platforms)],
    ['Tags', image && image.tags.length > 0 ? codes(image.tags) : undefined],
    ['Running', runningOf(outcome)],
    // The headline of a success ends with it.
    ['Now', serving && !isGood(outcome.kind) ? html.prose(servingText(serving)) : undefined],
    ['Tasks', outcome.tasks && tasksCell(outcome.tasks)],
    ['Schedules', scheduledCell(outcome)],
    [
      'Deployment',
      deployment && html.linked(deployment.id, service && hasPage(outcome) ? deploymentsLink(service) : undefined),
    ],
    // Of a run that did not wait nothing took a second.
    ['Took', took && took.seconds > 0 && !isDrawn(outcome) ? tookText(took) : undefined],
    ['Commit', commitCell(outcome, run)],
  ];
  return factRows(rows);
}

/** None of a deployment that was rolled back as requested: what runs is of another commit, which is not known. */
function commitCell(outcome: Outcome, run: RunContext | undefined): string | undefined {
  if (outcome.rolledBackTo) return undefined;
  return outcome.rollback ? commitOfRevision(outcome, run) : run && commitOf(run);
}

/** The bar of a page that shows it above has each phase with its seconds, and the whole. */
const isDrawn = ({ kind, deployment, ...rollout }: Outcome): boolean =>
  isGood(kind) &&
  deployment !== undefined &&
  phasesOf({ ...rollout, kind }, deployment.startedAt).some(({ from, to }) => to > from);

const scheduledCell = ({ schedules, unmoved = [] }: Outcome): string | undefined =>
  unmoved.length > 0 ? `not moved: ${codes(unmoved)}` : schedules && schedulesCell(schedules);

/** A link where the address is one and nothing else. */
const urlCell = (address: string): string =>
  /^https?:\/\/[\w.:/-]+$/.test(address)
    ? html.linked(oneLine(address, TEXT), address)
    : html.code(oneLine(address, TEXT));

/** Schedules that run the revision now, one per line of the cell; undefined where none was moved. */
export function schedulesCell(moves: readonly ScheduleMove[]): string | undefined {
  const lines = bySchedule(moves).flatMap(([first]) =>
    first ? [`${html.code(nameOfSchedule(first.id))} (${html.code(lastPart(first.from))} before)`] : [],
  );
  return lines.length === 0 ? undefined : cut(lines, 20).join('<br>');
}

/** One-off tasks, one per line of the cell. */
export const tasksCell = (tasks: NonNullable<Outcome['tasks']>): string =>
  cut(tasks, 20)
    .map(({ label, succeeded, exitCodes, seconds }) => {
      const end = succeeded ? 'succeeded' : 'failed';
      const codes = Object.entries(exitCodes).map(([container, exitCode]) => `${container}: ${exitCode}`);
      const ran = seconds === undefined ? [] : [`ran ${duration(seconds)}`];
      const exits = codes.length > 0 ? [`exit code of ${codes.join(', ')}`] : [];
      const facts = [...exits, ...ran];
      return html.prose(
        oneLine(`${succeeded ? '✓' : '✗'} ${label} ${end}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`, TEXT),
      );
    })
    .join('<br>');

/** Rows of a name and a finished HTML cell; what is not known is left out, and the table where nothing is. */
export function factRows(rows: readonly (readonly [string, string | undefined])[]): string {
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  if (known.length === 0) return '';
  return table(
    [],
    known.map(([name, value]) => [`<b>${name}</b>`, value]),
  );
}

function revisionsOf({ revision, previous, deployment, deregistered, rolledBackTo }: Outcome): string | undefined {
  const deployed = revision?.arn ?? deployment?.taskDefinitionArn;
  const now = rolledBackTo ?? deployed;
  const before = rolledBackTo === undefined ? (previous?.arn ?? deployment?.previousTaskDefinitionArn) : deployed;
  if (!now) return undefined;
  // A revision that is deregistered has no page in the lists of the console.
  const cell = deregistered ? `${html.code(lastPart(now))} (deregistered)` : revisionCell(now);
  return before && before !== now ? `${revisionCell(before)} → ${cell}` : cell;
}

/** A revision within a table. */
export const revisionCell = (arn: string): string => html.linked(lastPart(arn), revisionLink(arn));

function runningOf({ verdict, image }: Outcome): string | undefined {
  if (verdict?.kind !== 'succeeded') return undefined;
  const digests = Object.entries(verdict.digests).map(([container, digest]) => {
    const same =
      digest === image?.digest
        ? `the digest ${isPushed(image) ? 'pushed' : 'of that image'}`
        : html.code(shortDigests(digest));
    return `${html.code(container)}: ${same}`;
  });
  // How many tasks is above.
  return digests.length > 0 ? cut(digests, 10).join(', ') : undefined;
}

/** By this run; what is given, or exists already, was pushed before. */
const isPushed = (image: Outcome['image']): boolean =>
  !image?.reused && (image?.build ?? image?.metadata) !== undefined;

export function commitOf(run: RunContext): string | undefined {
  const { sha, refName, actor } = run;
  if (sha === '') return undefined;
  return `${commitLink(sha, run)}${refName === '' ? '' : ` of ${html.code(refName)}`}${actor === '' ? '' : ` by ${html.code(actor)}`}`;
}

/** What was rolled back to is not of the run's own commit: the commit that the revision was made of, and its release or branch. */
export function commitOfRevision({ revision }: Outcome, run: RunContext | undefined): string | undefined {
  const tags = revision && isSeen(revision) ? revision.tags : [];
  const [sha] = commitsOf(tags);
  const ref = refOf(newestRef(refsOf(tags)));
  if (!sha) return ref === '' ? undefined : html.code(ref);
  return `${commitLink(sha, run)}${ref === '' ? '' : ` of ${html.code(ref)}`}`;
}

const commitLink = (sha: string, run: Pick<RunContext, 'serverUrl' | 'repository'> | undefined): string =>
  html.linked(
    sha.slice(0, 12),
    run === undefined || run.repository === '' ? undefined : `${run.serverUrl}/${run.repository}/commit/${sha}`,
  );

/** The newest release tag, else the newest branch. @param refs newest first */
export const newestRef = (refs: readonly string[]): string | undefined =>
  refs.find((one) => one.startsWith('refs/tags/')) ?? refs[0];

/** `v1.2.3` of `refs/tags/v1.2.3`. */
export const refOf = (ref: string | undefined): string => ref?.replace(/^refs\/(?:tags|heads)\//, '') ?? '';

/** The page of this run. */
export const runUrl = ({ serverUrl, repository, runId, runAttempt }: RunContext): string =>
  `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;

/** A revision within Markdown. */
export const revisionName = (arn: string): string => linked(lastPart(arn), revisionLink(arn));

const codes = (names: readonly string[]): string =>
  cut(names, 20)
    .map((name) => html.code(oneLine(name, 200)))
    .join(' ');

/** The first of them; that there are more is seen from the log. */
export const cut = <T>(items: readonly T[], limit: number): readonly T[] => items.slice(0, limit);

/** Values longer than this are cut: a definition is read elsewhere. */
const VALUE = 160;
/** A command line or the value of a variable can be a secret. */
const NOT_SHOWN = '(value not shown)';
const SIGNS: Readonly<Record<Difference['kind'], string>> = { added: '+', removed: '-', changed: '~' };

/** One line a difference, aligned, for the log: `~ container app: image  1.4.1 -> 1.5.0`. */
export function differenceLines(differences: readonly Difference[]): string[] {
  const shown = differences.map(({ subject }) => oneLine(subject, VALUE));
  const width = Math.min(48, Math.max(0, ...shown.map((subject) => subject.length)));
  return differences.map((difference, index) => {
    const value = valueText(difference);
    const subject = shown[index] ?? '';
    const effect = difference.effect === undefined ? '' : ` (${difference.effect})`;
    return `${SIGNS[difference.kind]} ${value === '' ? subject : `${subject.padEnd(width)}  ${value}`}${effect}`;
  });
}

/** Shorter ones are read at a glance. */
const LONG_PATH = 20;

/** What both begin with up to a slash, where that is long, such as registry and repository of an image; else empty. */
function commonPath(before: string, after: string): string {
  let end = 0;
  for (let at = 0; at < before.length && before[at] === after[at]; at++) if (before[at] === '/') end = at + 1;
  return end < LONG_PATH ? '' : before.slice(0, end);
}

/** As a coloured diff for Markdown; of more than `limit` differences the rest is only counted. */
export function differenceMarkdown(differences: readonly Difference[], limit: number): string {
  const shown = differences.slice(0, limit);
  const lines = shown.flatMap((difference): string[] => {
    const { kind, before, after } = difference;
    const subject = oneLine(difference.subject, VALUE);
    const effect = difference.effect === undefined ? '' : ` (${difference.effect})`;
    const withValue = (value: string | undefined): string =>
      value === undefined
        ? `${subject}${kind === 'changed' ? '' : ` ${NOT_SHOWN}`}`
        : `${subject}: ${oneLine(value, VALUE)}`;
    const [was, is] = [withValue(before), `${withValue(after)}${effect}`];
    /** What both have in common is said once, so that a phone shows what changed. */
    const changedLines = (): string[] => {
      const [one, other] = [before, after].map((value = '') => oneLine(value, VALUE));
      const path = commonPath(one ?? '', other ?? '');
      if (path === '' || before === undefined || after === undefined) return [`- ${was}`, `+ ${is}`];
      return [`  ${subject}: ${path}`, `- ${one?.slice(path.length)}`, `+ ${other?.slice(path.length)}${effect}`];
    };
    switch (kind) {
      case 'added':
        return [`+ ${is}`];
      case 'removed':
        return [`- ${was}${effect}`];
      case 'changed':
        return before === undefined && after === undefined ? [`! ${subject} ${NOT_SHOWN}`] : changedLines();
      default:
        return kind satisfies never;
    }
  });
  const rest = differences.length - shown.length;
  return fenced('diff', rest > 0 ? [...lines, `# and ${counted(rest, 'difference')} more`] : lines);
}

/** A log line is as wide as a screen: the path that both have is not repeated. */
function shortened(before: string, after: string): string {
  const path = commonPath(before, after);
  return path === '' ? after : `.../${after.slice(path.length)}`;
}

function valueText({ kind, before, after }: Difference): string {
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : oneLine(value, VALUE)));
  switch (kind) {
    case 'added':
      return is ?? NOT_SHOWN;
    case 'removed':
      return was === undefined ? NOT_SHOWN : `was ${was}`;
    case 'changed':
      return was === undefined && is === undefined
        ? `changed ${NOT_SHOWN}`
        : `${was ?? '(unset)'} -> ${is === undefined ? '(unset)' : shortened(was ?? '', is)}`;
  }
}

/** `3 differences`, or that there are none. */
export const differenceTitle = (differences: readonly Difference[], from: string | undefined): string => {
  const to = from === undefined ? '' : ` to ${from}`;
  return differences.length === 0 ? `No difference${to}` : `${counted(differences.length, 'difference')}${to}`;
};
