import { lastPart } from '../arn.ts';
import { defined, isSeen, nameOf, type ServiceState } from '../model.ts';
import type { ServiceStatus } from '../outcome.ts';
import { servingText } from '../service/serving.ts';
import { placeText } from './about.ts';
import { cut, factRows, newestRef, refOf, revisionCell } from './blocks.ts';
import { serviceLink } from './links.ts';
import type { LogConsole } from './log.ts';
import { code, folded, html, prose, table } from './markdown.ts';
import { isTarget, logTable, minuteOf, targetRow, targetsTable, withoutEmpty } from './targets.ts';
import { counted, oneLine, shortDigests, shortId } from './text.ts';

/** So many events of a service are shown. */
const EVENTS = 8;
/** More services are in the output alone. */
const ROWS = 300;

/** One service in the output `status`: fields are added, never renamed or taken away. Instants are ISO 8601 in UTC. */
export interface StatusRow {
  readonly service: string;
  readonly cluster: string;
  readonly arn: string;
  readonly condition: ServiceStatus['condition'];
  /** `web:42`, and its ARN. */
  readonly revision: string;
  readonly taskDefinition: string;
  readonly commit?: string;
  readonly ref?: string;
  /** Address of the run that deployed it last. */
  readonly run?: string;
  readonly since?: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly images: readonly string[];
  /** By container. */
  readonly digests: Readonly<Record<string, readonly string[]>>;
  readonly url?: string;
  /** The rest where one service is asked for. */
  readonly tasks?: readonly {
    readonly id: string;
    readonly status: string;
    readonly health: string;
    readonly revision: string;
  }[];
  readonly events?: readonly { readonly at: string; readonly message: string }[];
  /** Names that `rollback-to` takes. */
  readonly targets?: readonly string[];
}

export function statusRow(known: ServiceStatus): StatusRow {
  const { service, condition, revision, commits, refs, run, since, digests, details } = known;
  const [commit] = commits;
  return {
    service: service.name,
    cluster: lastPart(service.clusterArn),
    arn: service.arn,
    condition,
    revision: nameOf(revision),
    taskDefinition: revision.arn,
    ...defined({
      commit: commit || undefined,
      ref: newestRef(refs),
      run,
      since: since === undefined ? undefined : isoOf(since),
      url: serviceLink(service) || undefined,
    }),
    desired: service.desiredCount,
    running: service.runningCount,
    pending: service.pendingCount,
    images: isSeen(revision) ? revision.definition.containerDefinitions.map(({ image }) => image) : [],
    digests,
    ...(details
      ? {
          tasks: details.tasks.map(({ id, lastStatus, healthStatus, taskDefinitionArn }) => ({
            id,
            status: lastStatus,
            // UNKNOWN is what ECS says where no health check is configured as well.
            health: healthStatus === undefined || healthStatus === 'UNKNOWN' ? 'no health check' : healthStatus,
            revision: lastPart(taskDefinitionArn),
          })),
          events: eventsOf(service).map(({ at, message }) => ({ at: isoOf(at), message: oneLine(message, 1000) })),
          targets: details.targets
            .map(targetRow)
            .filter(isTarget)
            .map(({ revision: name }) => name),
        }
      : {}),
  };
}

const isoOf = (at: number): string => new Date(at * 1000).toISOString();
const eventsOf = ({ events }: ServiceState) => events.slice(0, EVENTS);
const tasksOf = ({ running, desired, pending }: StatusRow): string =>
  `${running} of ${desired}${pending > 0 ? `, ${pending} pending` : ''}`;
/** Of the first container, as much as a person compares. */
const digestOf = ({ digests }: StatusRow): string =>
  (Object.values(digests)[0] ?? []).map((digest) => digest.replace('sha256:', '').slice(0, 12)).join(', ');

const HEAD = ['service', 'condition', 'tasks', 'revision', 'commit', 'ref', 'image digest', 'since (UTC)'];
const cellsOf = (row: StatusRow, name = row.service): readonly string[] => [
  name,
  row.condition,
  tasksOf(row),
  row.revision,
  row.commit?.slice(0, 12) ?? '',
  refOf(row.ref),
  digestOf(row),
  minuteOf(row.since),
];

/** `production/eu-west-1`, each once. */
const placesOf = (services: readonly ServiceStatus[]): string[] => [
  ...new Set(services.map(({ service }) => placeText(service.clusterArn, service.region))),
];
const clustersOf = (rows: readonly StatusRow[]): string[] => [...new Set(rows.map(({ cluster }) => cluster))];
/** With the cluster where they are in several. */
const namesOf = (rows: readonly StatusRow[]): string[] =>
  rows.map(({ service, cluster }) => (clustersOf(rows).length > 1 ? `${cluster}/${service}` : service));

/** A table in the log; for one service its tasks, events and rollback targets too. */
export function logStatus(console: LogConsole, services: readonly ServiceStatus[]): void {
  const rows = services.map(statusRow);
  const named = namesOf(rows);
  logTable(console, [HEAD, ...cut(rows, ROWS).map((row, index) => cellsOf(row, named[index]))]);
  if (rows.length > ROWS) console.line(`and ${rows.length - ROWS} more, in the output \`status\``);
  const [one] = services;
  const [row] = rows;
  if (!one?.details || !row) return;
  console.line('');
  console.line(`Now ${servingText(one.serving)}.${row.run ? ` Deployed by ${row.run}` : ''}`);
  for (const { id, status, health, revision } of row.tasks ?? [])
    console.line(`  task ${shortId(id)}  ${status}  ${health}  ${revision}`);
  for (const { at, message } of row.events ?? []) console.line(`  ${minuteOf(at)}  ${message}`);
  console.line(`Rollback targets: ${(row.targets ?? []).join(', ') || 'none'}`);
}

/** The same as a job summary. */
export function statusSummaryOf(services: readonly ServiceStatus[]): string {
  const rows = services.map(statusRow);
  const [one] = services;
  const [row] = rows;
  const parts = one?.details && row ? wholeOf(one, row) : tableOf(rows, placesOf(services));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function tableOf(rows: readonly StatusRow[], places: readonly string[]): string[] {
  const unsteady = rows.filter(({ condition }) => condition !== 'steady' && condition !== 'stopped');
  const named = namesOf(rows);
  const [head = [], ...below] = withoutEmpty([
    HEAD,
    ...cut(rows, ROWS).map((row, index) => cellsOf(row, named[index])),
  ]);
  const cells = below.map(([service = '', ...rest], index) => {
    const url = rows[index]?.url;
    const link = url === undefined ? html.code(service) : html.linked(service, url);
    return [link, ...rest.map((cell) => html.prose(oneLine(cell, 200)))];
  });
  const count = unsteady.length === 0 ? 'all steady' : `${unsteady.length} not steady`;
  return [
    `## ${counted(rows.length, 'service')} of ${places.map(prose).join(', ')}: ${count}`,
    table(
      head.map((name) => name.replace(/^./, (letter) => letter.toUpperCase())),
      cells,
    ),
    rows.length > ROWS ? `and ${rows.length - ROWS} more, in the output \`status\`` : '',
  ];
}

/** `run 42` of the address of a run at GitHub. */
const runName = (address: string): string => {
  const id = /\/actions\/runs\/(\d+)/.exec(address)?.[1];
  return id === undefined ? address : `run ${id}`;
};

function wholeOf({ service, serving, details }: ServiceStatus, row: StatusRow): string[] {
  const run = row.run?.startsWith('http') ? html.linked(runName(row.run), row.run) : row.run && html.code(row.run);
  // An image by digest has it in its reference.
  const digests = Object.entries(row.digests).flatMap(([name, all]) => {
    const unseen = all.filter((digest) => !row.images.some((image) => image.endsWith(digest)));
    return unseen.length === 0 ? [] : [html.code(shortDigests(`${name} ${unseen.join(' ')}`))];
  });
  const events = (row.events ?? []).map(({ at, message }) => [minuteOf(at), html.prose(message)]);
  const tasks = (row.tasks ?? []).map(({ id, status, health, revision }) => [
    html.code(shortId(id)),
    html.prose(status),
    html.prose(health),
    html.code(revision),
  ]);
  return [
    `## ${code(row.service)} in ${prose(placeText(service.clusterArn, service.region))} is ${row.condition}`,
    factRows([
      ['Now', html.prose(servingText(serving))],
      ['Revision', revisionCell(row.taskDefinition)],
      ['Commit', row.commit && html.code(row.commit.slice(0, 12))],
      ['Ref', row.ref && html.code(refOf(row.ref))],
      ['Run', run],
      ['Since (UTC)', minuteOf(row.since) || undefined],
      ['Images', row.images.map((image) => html.code(shortDigests(oneLine(image, 300)))).join('<br>') || undefined],
      ['Digests', digests.join('<br>') || undefined],
    ]),
    tasks.length > 0
      ? folded(counted(tasks.length, 'task'), table(['Task', 'Status', 'Health', 'Revision'], cut(tasks, 100)))
      : '',
    events.length > 0 ? folded('Last events', table(['At (UTC)', 'Event'], events)) : '',
    details ? folded('Rollback targets', targetsTable(details.targets.map(targetRow), details.guessed)) : '',
  ];
}
