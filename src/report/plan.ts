import type { RunContext } from '../inputs/types.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { ServiceState } from '../world.ts';
import { commitOf, cut, revisionCell, table } from './blocks.ts';
import { differenceMarkdown, differenceTitle } from './difference.ts';
import { code, folded, linked, prose } from './escape.ts';
import { serviceLink } from './links.ts';
import { oneLine, revisionName } from './words.ts';

/** One line of the preflight. */
export interface CheckLine {
  readonly status: 'ok' | 'warn' | 'skip' | 'bad';
  readonly text: string;
}

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
