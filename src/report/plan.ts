import { lastPart } from '../arn.ts';
import type { RunContext } from '../inputs/types.ts';
import type { Plan, PlannedImage } from '../outcome.ts';
import type { CheckLine } from '../preflight/check.ts';
import type { Difference } from '../taskdef/diff.ts';
import { type About, whereOf } from './about.ts';
import {
  commitOf,
  cut,
  differenceLines,
  differenceMarkdown,
  differenceTitle,
  factRows,
  revisionCell,
} from './blocks.ts';
import { serviceLink } from './links.ts';
import { type LogConsole, logChecks, logDifferences } from './log.ts';
import { folded, html, prose } from './markdown.ts';
import { capitalised, counted, oneLine } from './text.ts';

/** Whether a deploy would change anything; the output `changed`. */
export const wouldChange = ({ updates }: Plan): boolean => updates;

/** Whether something would stop a deploy before it changed anything. */
export const isBlocked = ({ checks }: Plan): boolean => checks.some(({ status }) => status === 'bad');

/** The sign alone is no status for who does not see it. */
const WORDS: Readonly<Record<CheckLine['status'], string>> = {
  ok: 'passed',
  warn: 'warning',
  skip: 'not checked',
  bad: 'failed',
};
const ICONS: Readonly<Record<CheckLine['status'], string>> = { ok: '✅', warn: '⚠️', skip: '⏭️', bad: '❌' };
/** GitHub drops a job summary above 1 MiB whole. */
const LIMIT_BYTES = 1_000_000;

/** How much of the long parts is shown: at most so many differences, and so many checks of a kind. */
interface PlanDetail {
  readonly differences: number;
  readonly checks: number;
}
const WHOLE: PlanDetail = { differences: 300, checks: 100 };
const SHORT: PlanDetail = { differences: 50, checks: 20 };

/** The plan as a job summary: what stands in its way first, then what would change, then the other checks. Below 1 MiB. */
export function planSummaryOf(plan: Plan, about: About = {}): string {
  const text = (detail: PlanDetail): string =>
    `${[`## ${planTitle(plan, about)}`, ...planParts(plan, about.run, detail)].join('\n\n')}\n`;
  const whole = text(WHOLE);
  return Buffer.byteLength(whole) <= LIMIT_BYTES ? whole : text(SHORT);
}

/** `2 to change, 1 to add, 0 to remove`, of the task definition and the settings of the service. */
export function countsText({ differences, settings }: Pick<Plan, 'differences' | 'settings'>): string {
  const count = (kind: Difference['kind']): number =>
    [...differences, ...settings].filter((difference) => difference.kind === kind).length;
  return `${count('changed')} to change, ${count('added')} to add, ${count('removed')} to remove`;
}

export function planTitle(plan: Plan, about: About = {}): string {
  const where = prose(oneLine(whereOf(plan, about) ?? plan.service.name, 300));
  const counts = countsText(plan);
  if (isBlocked(plan)) {
    const failed = plan.checks.filter(({ status }) => status === 'bad').length;
    return `❌ ${where}: could not be deployed, ${counted(failed, 'check')} failed (${counts})`;
  }
  if (!wouldChange(plan)) return `✅ ${where}: would not change`;
  const none = plan.differences.length + plan.settings.length === 0;
  return `📝 ${where}: ${none ? 'would change without a difference' : counts}`;
}

/** What a deploy would do to the running tasks, in a sentence; with a failed check it ends before it changes anything. */
export function effectOf(plan: Plan): string {
  const effect = plainEffectOf(plan);
  return isBlocked(plan) ? `Nothing is deployed until the checks pass. Then ${effect.replace(/^A/, 'a')}` : effect;
}

function plainEffectOf({ creates, starts, service }: Plan): string {
  if (creates) return `A deploy would create the service ${service.name} and wait for its first deployment.`;
  return starts === false
    ? `A deploy would change settings of ${service.name} and start no deployment: the tasks stay.`
    : 'A deploy would start a deployment: every task is replaced.';
}

export function planParts(plan: Plan, run: RunContext | undefined, detail: PlanDetail): string[] {
  const { service, running, image, differences, reasons, settings, rollout, checks, starts } = plan;
  const [alarming, others] = [
    // What refuses the deployment comes first.
    (['bad', 'warn'] as const).flatMap((wanted) => checks.filter(({ status }) => status === wanted)),
    checks.filter(({ status }) => status === 'ok' || status === 'skip'),
  ];
  const facts = factRows([
    [
      'Service',
      `${html.linked(service.name, serviceLink(service))} in cluster ${html.code(lastPart(service.clusterArn))}`,
    ],
    ['Runs now', running && revisionCell(running)],
    ['Image', imageCell(image)],
    ['Effect', plan.updates ? html.prose(effectOf(plan)) : undefined],
    ['Rollout', rollout && html.prose(oneLine(rollout, 500))],
    ['Commit', run && commitOf(run)],
  ]);
  return [
    ...(alarming.length > 0 ? [checkList(cut(alarming, detail.checks))] : []),
    facts,
    ...(differences.length > 0
      ? [
          `**${prose(differenceTitle(differences, running && lastPart(running)))}**`,
          differenceMarkdown(differences, detail.differences),
        ]
      : []),
    ...(reasons.length > 0 ? [reasons.map((reason) => `- ${prose(oneLine(reason, 1000))}`).join('\n')] : []),
    ...(differences.length + reasons.length === 0 ? ['The task definition is what runs now.'] : []),
    ...(settings.length > 0
      ? [
          `**Settings of the ${plan.creates ? 'new ' : ''}service**${starts === false || plan.creates ? '' : ': ECS takes them over with the same call'}`,
          differenceMarkdown(settings, detail.differences),
        ]
      : []),
    ...(others.length > 0
      ? [
          folded(
            alarming.length > 0 ? `The other checks: ${others.length}` : `Checks: ${others.length}`,
            checkList(cut(others, detail.checks)),
          ),
        ]
      : []),
  ];
}

function imageCell(image: PlannedImage): string {
  switch (image.kind) {
    case 'built':
      return `is built by the deploy${image.why ? `: ${html.prose(oneLine(image.why, 500))}` : ''}`;
    case 'reused':
      return `${html.code(oneLine(image.reference, 500))} exists with the same fingerprint and is used again`;
    case 'given':
      return html.code(oneLine(image.reference, 500));
    case 'template':
      return 'as the task definition names it';
  }
}

const checkList = (checks: readonly CheckLine[]): string =>
  checks.map(({ status, text }) => `- ${ICONS[status]} ${WORDS[status]}: ${prose(oneLine(text, 1000))}`).join('\n');

/** The plan in the log: what would change, and whether anything stands in its way. */
export function logPlan(console: LogConsole, plan: Plan): void {
  const { differences, reasons, settings, running, checks, service } = plan;
  logDifferences(console, differences, running && lastPart(running));
  for (const reason of reasons) console.line(`  ${oneLine(reason, 700)}`);
  if (settings.length > 0) {
    console.line('Settings of the service');
    for (const line of differenceLines(settings)) console.line(`  ${line}`);
  }
  logChecks(console, checks, 'Checks that passed');
  console.line('');
  if (wouldChange(plan)) console.line(`${capitalised(countsText(plan))}. ${effectOf(plan)}`);
  if (isBlocked(plan)) console.line(`✗ ${service.name} could not be deployed.`);
  else if (wouldChange(plan))
    console.line(`${service.name} would ${plan.creates ? 'be created' : 'change'}.${imageSentence(plan.image)}`);
  else console.line(`${service.name} would not change.`);
}

function imageSentence(image: PlannedImage): string {
  switch (image.kind) {
    case 'built':
      return ` The deploy builds the image${image.why ? `: ${oneLine(image.why, 500)}` : ''}.`;
    case 'reused':
      return ` The deploy uses an image that exists, without a build: ${oneLine(image.reference, 500)}`;
    case 'given':
      return ` Its image: ${oneLine(image.reference, 500)}`;
    case 'template':
      return '';
  }
}
