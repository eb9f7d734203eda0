import type { RunContext } from '../inputs/types.ts';
import type { CheckLine } from '../preflight/check.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { ServiceState } from '../world.ts';
import { commitOf, cut, revisionCell, table } from './blocks.ts';
import { differenceMarkdown, differenceTitle } from './difference.ts';
import { code, folded, linked, prose } from './escape.ts';
import { serviceLink } from './links.ts';
import { type LogConsole, tellDifferences } from './live.ts';
import { oneLine, revisionName } from './words.ts';

/** What a deploy would do; made by `mode: plan`, which changes nothing. */
export interface Plan {
  readonly service: ServiceState;
  /** The image that would run, by digest where it is known; undefined when it would be built. */
  readonly image?: string;
  /** ARN of the revision that runs now. */
  readonly running?: string;
  /** To the revision that runs now. */
  readonly differences: readonly Difference[];
  /** To the service's settings. */
  readonly settings: readonly Difference[];
  readonly waves?: string;
  readonly checks: readonly CheckLine[];
  readonly warnings: readonly string[];
}

export const wouldChange = ({ differences, settings }: Plan): boolean => differences.length + settings.length > 0;

const ICONS: Readonly<Record<CheckLine['status'], string>> = { ok: '✅', warn: '⚠️', skip: '⏭️', bad: '❌' };
const LINES = 300;

/** The plan as a job summary: what would change first, then the checks. Far below 1 MiB. */
export function planSummaryOf(plan: Plan, run?: RunContext): string {
  return `${[planTitle(plan), ...planParts(plan, run, LINES)].join('\n\n')}\n`;
}

export function planTitle(plan: Plan): string {
  const name = code(oneLine(plan.service.name, 200));
  if (plan.checks.some(({ status }) => status === 'bad')) return `## ❌ ${name} could not be deployed`;
  return wouldChange(plan) ? `## 📝 ${name} would change` : `## ✅ ${name} would not change`;
}

export function planParts(plan: Plan, run: RunContext | undefined, lines: number): string[] {
  const { service, running, image, differences, settings, waves, checks, warnings } = plan;
  const bad = checks.filter(({ status }) => status === 'bad' || status === 'warn');
  const facts = table([
    ['Service', `${linked(service.name, serviceLink(service))} in cluster ${code(revisionName(service.clusterArn))}`],
    ['Runs now', running && revisionCell(running)],
    ['Image', image === undefined ? 'is built by the deploy' : code(oneLine(image, 500))],
    ['Waves', waves && prose(oneLine(waves, 500))],
    ['Commit', run && commitOf(run)],
  ]);
  return [
    ...(bad.length > 0 ? [checkList(cut(bad, 50))] : []),
    ...(warnings.length > 0
      ? [
          cut(warnings, 20)
            .map((text) => `- ⚠️ ${prose(oneLine(text, 1000))}`)
            .join('\n'),
        ]
      : []),
    facts,
    ...(differences.length > 0
      ? [
          `**${differenceTitle(differences, running && revisionName(running))}**`,
          differenceMarkdown(differences, lines),
        ]
      : ['The task definition is what runs now.']),
    ...(settings.length > 0 ? ['**Settings of the service**', differenceMarkdown(settings, lines)] : []),
    ...(checks.length > 0 ? [folded(`Preflight: ${checks.length} checks`, checkList(cut(checks, 200)))] : []),
  ];
}

const checkList = (checks: readonly CheckLine[]): string =>
  checks.map(({ status, text }) => `- ${ICONS[status]} ${prose(oneLine(text, 1000))}`).join('\n');

const MARKS: Readonly<Record<CheckLine['status'], string>> = { ok: '✓', warn: '!', skip: '-', bad: '✗' };

/** One line a check, the bad ones last, where the eye is. */
export function tellChecks(console: Pick<LogConsole, 'line'>, checks: readonly CheckLine[]): void {
  const order: readonly CheckLine['status'][] = ['ok', 'skip', 'warn', 'bad'];
  for (const status of order)
    for (const check of checks)
      if (check.status === status) console.line(`  ${MARKS[status]} ${oneLine(check.text, 1000)}`);
}

/** The plan in the log: what would change, and whether anything stands in its way. */
export function tellPlan(console: LogConsole, plan: Plan): void {
  const { differences, settings, running, image, waves, checks, warnings, service } = plan;
  tellDifferences(console, differences, running && revisionName(running));
  if (settings.length > 0) {
    console.line('settings of the service');
    for (const { subject, before, after } of settings)
      console.line(
        `  ~ ${subject}  ${before === undefined ? '' : `${oneLine(before, 200)} -> `}${oneLine(after ?? '', 200)}`,
      );
  }
  tellChecks(console, checks);
  for (const warning of warnings) console.line(`! ${oneLine(warning, 700)}`);
  const how = image === undefined ? 'The image is built by the deploy.' : `Image ${image}.`;
  console.line('');
  console.line(
    checks.some(({ status }) => status === 'bad')
      ? `✗ ${service.name} could not be deployed.`
      : wouldChange(plan)
        ? `${service.name} would change. ${how} ${waves ?? ''}`.trimEnd()
        : `${service.name} would not change.`,
  );
}
