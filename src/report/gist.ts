import { lastPart } from '../arn.ts';
import { type Diagnosis, isPlacement, isSameFailure } from '../diagnosis/diagnosis.ts';
import { logLocation } from '../diagnosis/logs.ts';
import { withoutPointer } from '../diagnosis/words.ts';
import { defined, type ServiceState } from '../model.ts';
import type { Outcome, OutcomeKind } from '../outcome.ts';
import { servingText } from '../service/serving.ts';
import { type About, entryFile, entryLink, pageLink, whereOf } from './about.ts';
import { deploymentsLink, logLink, taskLink } from './links.ts';
import { containerOf, definitionOf, repairOf, type Step, servingWith } from './next-step.ts';
import { clockTime, oneLine, shortId } from './text.ts';
import {
  answersOf,
  countCommand,
  leftText,
  provenBefore,
  rollbackCommands,
  rollbackWithPercents,
  stayedText,
} from './way-back.ts';

/** What a reader must know of a run in one minute; the same in log, job summary, annotation, comment and the output `summary`. */
export interface Gist {
  /** `web in production/eu-west-1` */
  readonly where?: string;
  /** `web:42 failed and was rolled back` */
  readonly title: string;
  /** What failed: the root cause, or what happened. */
  readonly what: string;
  /** The telling line of the application's log, or the message of AWS; absent where `what` quotes it. */
  readonly words?: { readonly from: 'application' | 'AWS'; readonly text: string };
  /** `web:1 serves: 4 of 4` */
  readonly serving?: string;
  /** The revision before serves with all its tasks, and what failed is gone or was not deployed: nothing is urgent. */
  readonly calm?: true;
  /** What this run or ECS did about it. */
  readonly done?: string;
  /** The one next step. */
  readonly next?: Step & {
    /** The first of the commands. */
    readonly command?: string;
  };
  /** How to repair the cause, where the next step is another one. */
  readonly fix?: string;
  /** What the fix is written or pasted with. */
  readonly fixCode?: readonly string[];
  /** Other ways to repair the cause. */
  readonly otherwise?: string;
  /** What those are done with: commands to paste. */
  readonly otherwiseCommands?: readonly string[];
  /** The entry of the troubleshooting guide. */
  readonly docs?: string;
  /** The page about a rollback by hand; of a failed deployment. */
  readonly onCall?: string;
  /** The task whose log is shown and whose pages are linked: the one that the cause is about, or one that printed the same. */
  readonly taskId?: string;
  /** Pages of the AWS console. */
  readonly links: readonly {
    readonly name: 'log' | 'task' | 'console';
    readonly text: string;
    readonly address: string;
  }[];
}

/** Of `mode: rollback`, whose target has failed where a deploy's new revision would have. */
const ROLLBACK_TITLES: Readonly<Partial<Record<OutcomeKind, (target: string, serves: string) => string>>> = {
  deployed: (target) => `rolled back to ${target}`,
  started: (target) => `the rollback to ${target} is under way, not watched`,
  'rolled-back': (target, serves) => `the rollback to ${target} failed; ${serves} still serves`,
  failed: (target) => `the rollback to ${target} failed`,
  superseded: (target) => `the rollback to ${target} was superseded`,
  cancelled: (target) => `the rollback to ${target} was cancelled`,
  paused: (target) => `the rollback to ${target} is paused`,
};

const TITLES: Readonly<Record<OutcomeKind, string>> = {
  deployed: 'is deployed',
  unchanged: 'runs already, nothing was changed',
  started: 'is being deployed, not watched',
  'rolled-back': 'failed and was rolled back',
  failed: 'failed',
  superseded: 'was superseded',
  cancelled: 'was cancelled',
  paused: 'is paused',
};

/** Whether the run did what it was asked for. */
export const isGood = (kind: OutcomeKind): boolean => kind === 'deployed' || kind === 'unchanged' || kind === 'started';
export const isFailure = (kind: OutcomeKind): boolean => kind === 'failed' || kind === 'rolled-back';

/** Where the tasks of a run are. */
export type TaskPlace = Pick<ServiceState, 'partition' | 'region' | 'account' | 'clusterArn'>;

/** @param at where the tasks are, of a run without a service */
export function gistOf(outcome: Outcome, about: About = {}, at?: TaskPlace): Gist {
  const { kind, headline, serving, failedRollback } = outcome;
  // What is rolled back with another does not have its own cause.
  const [cause] = isGood(kind) || outcome.rolledBackWith ? [] : outcome.diagnoses;
  const where = whereOf(outcome, about);
  const taskId = isGood(kind) ? undefined : shownTask(outcome, cause);
  const what = whatOf(outcome, cause);
  return {
    title: titleOf(outcome),
    what,
    ...defined({
      where,
      taskId,
      words: cause && wordsOf(cause, what),
      serving: serving ? `${servingText(serving)}${failingText(serving)}` : nothingText(outcome),
      calm: isCalm(outcome) ? (true as const) : undefined,
      done: isFailure(kind) ? doneOf(outcome) : undefined,
      docs: cause && cause.rule !== 'unknown' ? entryLink(cause, about.run) : checkLink(outcome, about),
      onCall: isFailure(kind) && outcome.deployment ? pageLink('rollback-on-call.md', about.run) : undefined,
      ...nextOf(outcome, cause, about),
    }),
    links: isGood(kind) ? [] : linksOf(outcome, { cause, taskId, at: at ?? outcome.service }),
  };

  /** What a rollback that failed went to is counted at a moment at which its tasks happened to run. */
  function failingText({ revisions, running, desired }: NonNullable<Outcome['serving']>): string {
    const restored = revisions.find(({ taskDefinitionArn }) => taskDefinitionArn === failedRollback?.to);
    if (!restored) return '';
    if (!failedRollback?.unplaced) return ', but its tasks keep failing';
    const missing = desired - running;
    return missing > 0 ? `; the other ${missing === 1 ? 'one' : missing} cannot be placed` : '';
  }

  function doneOf({ rollback, done, deployment }: Outcome): string | undefined {
    if (rollback && kind === 'rolled-back') return `${restored(outcome)} was restored.`;
    const schedules = unmovedText(outcome);
    if (failedRollback && failsAlike(outcome))
      return `The rollback to ${lastPart(failedRollback.to)} failed with the same error, so the change between the two revisions is hardly the cause.${countKept(outcome)}${schedules}`;
    if (done === undefined && !deployment) return leftByTask(outcome);
    return done === undefined
      ? `Nothing was rolled back.${schedules}`
      : `${done}${countKept(outcome)}${stayedText(outcome)}${workKept(outcome)}${schedules}`;
  }

  function titleOf({ deployment, rollback, rolledBackWith }: Outcome): string {
    const ours = revisionName(outcome);
    if (outcome.rolledBackTo) return `rolled back to ${lastPart(outcome.rolledBackTo)}, as requested`;
    const back = failedRollback ? `, and so did the rollback to ${lastPart(failedRollback.to)}` : '';
    if (rolledBackWith && isFailure(kind))
      return `${ours ?? 'the deployment'} ${kind === 'failed' ? 'could not be' : 'was'} rolled back with ${rolledBackWith}`;
    const asRollback = rollback && ours && !failedRollback ? ROLLBACK_TITLES[kind] : undefined;
    if (ours && asRollback) return asRollback(ours, servesStill(outcome));
    const moved = kind === 'unchanged' && (outcome.schedules ?? []).length > 0;
    // A task or a check before the deployment.
    const isUntouched = kind === 'failed' && ours && !deployment;
    if (kind === 'deployed' && outcome.settingsOnly) return settingsText(outcome);
    const isAgain =
      kind === 'deployed' &&
      deployment !== undefined &&
      deployment.previousTaskDefinitionArn === deployment.taskDefinitionArn;
    const successor = successorOf(outcome);
    const by = successor === undefined ? '' : ` by ${successor}`;
    const title = isUntouched ? 'was not deployed' : `${TITLES[kind]}${by}${isAgain ? ' again' : ''}`;
    return `${ours ?? 'the deployment'} ${moved ? 'runs already, its schedules were moved' : title}${back}`;
  }

  function whatOf({ reason, deployment }: Outcome, found: Diagnosis | undefined): string {
    if (failedRollback && deployment && !outcome.rolledBackWith)
      return `${lastPart(deployment.taskDefinitionArn)}: ${reason ?? found?.cause ?? headline}`;
    // What serves has a line of its own.
    const short = serving ? headline.replace(` Now ${servingText(serving)}.`, '') : headline;
    if (isGood(kind)) return headline;
    // Before a deployment has started, a task of the run or a check has failed, and the headline says which.
    if (isFailure(kind)) return `${reason ?? (deployment ? found?.cause : undefined) ?? short}${askedFor(outcome)}`;
    return (kind === 'cancelled' ? reason : undefined) ?? short;
  }
}

/** `web:42`, of what the run deploys. */
const revisionName = ({ revision, deployment }: Outcome): string | undefined =>
  revision ? `${revision.family}:${revision.revision}` : deployment && lastPart(deployment.taskDefinitionArn);

/** The gist behind the name of a service: `revision web:42 failed`, as `worker: web:42` could be two services. */
export function amongServices(gist: Gist, outcome: Outcome): Gist {
  const { title, serving } = gist;
  const name = revisionName(outcome);
  return {
    ...gist,
    title: name !== undefined && title.startsWith(`${name} `) ? `revision ${title}` : title,
    ...defined({ serving: serving?.replace(/^(?=\S+:\d+ serves)/, 'revision ') }),
  };
}

/**
 * Nothing is urgent: one revision serves with as many tasks as the service wants, it is not the one that failed, and neither a rollback
 * that was to leave it nor a task that may have changed a database stands against it.
 */
function isCalm({
  kind,
  serving,
  deployment,
  revision,
  rollback,
  failedRollback,
  tasks = [],
  settings = [],
}: Outcome): boolean {
  const [only, ...others] = serving?.revisions ?? [];
  if (!isFailure(kind) || !serving || !only || others.length > 0 || rollback || failedRollback) return false;
  const isGone = kind === 'rolled-back' || !deployment;
  const failed = deployment?.taskDefinitionArn ?? revision?.arn;
  const worked = tasks.some(
    ({ phase, seconds, exitCodes }) =>
      phase === 'pre-deploy' && (seconds !== undefined || Object.keys(exitCodes).length > 0),
  );
  return (
    isGone &&
    !worked &&
    only.taskDefinitionArn !== failed &&
    serving.desired > 0 &&
    serving.running >= serving.desired &&
    settings.every(({ subject }) => subject !== 'desired-count')
  );
}

/** What serves, and whether that can wait: `web:1 serves: 4 of 4; nothing is urgent`. */
export const nowText = ({ serving, calm }: Gist): string | undefined =>
  serving === undefined ? undefined : `${serving}${calm ? '; nothing is urgent' : ''}`;

/** A check of `verify` that failed has no row of the diagnosis. */
const checkLink = ({ kind, verdict }: Outcome, { run }: About): string | undefined =>
  isFailure(kind) && verdict?.kind === 'failed' && verdict.check !== undefined
    ? pageLink('tasks.md#verifying-a-deployment-verify', run)
    : undefined;

/** Both revisions failed with the same words. */
const failsAlike = ({ failedRollback, diagnoses: [cause] }: Outcome): boolean =>
  cause !== undefined && failedRollback?.diagnosis !== undefined && isSameFailure(cause, failedRollback.diagnosis);

/**
 * What this run raised the desired count from, where so many tasks cannot be placed: of the revision that it rolled back to, or of the one
 * that ran before and still does.
 */
function countBefore({
  settings = [],
  service,
  deployment,
  failedRollback,
  diagnoses: [cause],
}: Outcome): number | undefined {
  const isUnplaced = deployment?.endedBefore ? cause !== undefined && isPlacement(cause) : failedRollback?.unplaced;
  const count = settings.find(({ subject }) => subject === 'desired-count');
  const [before, after] = [Number(count?.before ?? Number.NaN), Number(count?.after ?? Number.NaN)];
  return before < after && service?.desiredCount === after && isUnplaced ? before : undefined;
}

/** What was done where no deployment was started: `desired count changed from 2 to 4`. */
function settingsText({ settings = [] }: Outcome): string {
  const [only, ...others] = settings;
  if (!only || others.length > 0)
    return `${settings.length} settings of the service changed (${settings.map(({ subject }) => subject).join(', ')})`;
  const { subject, before, after } = only;
  const name = subject === 'desired-count' ? 'desired count' : subject;
  return `${name} ${before === undefined || after === undefined ? 'changed' : `changed from ${before} to ${after}`}`;
}

/** A rollback restores the revision: the desired count is none of its parts, and stays as the inputs want it. */
function countKept({ kind, settings = [], service, failedRollback }: Outcome): string {
  const count = settings.find(({ subject }) => subject === 'desired-count');
  return (kind === 'rolled-back' || failedRollback) &&
    count?.before !== undefined &&
    count.after === String(service?.desiredCount)
    ? ` The desired count stays ${count.after}, as set by \`desired-count\` (${count.before} before).`
    : '';
}

/** A migration is no part of the revision: what it changed is there for the revision that serves now. */
function workKept({ kind, tasks = [] }: Outcome): string {
  const [ran, ...others] = tasks.filter(({ phase, succeeded }) => phase === 'pre-deploy' && succeeded);
  if (kind !== 'rolled-back' || !ran) return '';
  return ` What ${others.length === 0 ? `the ${ran.label}` : 'the pre-deploy tasks'} changed, such as a database, stays.`;
}

/** A migration that failed may be half done, and a new run starts all tasks before the deployment again. */
function leftByTask({ tasks = [] }: Outcome): string | undefined {
  const before = tasks.filter(({ phase }) => phase === 'pre-deploy');
  const failed = before.find(({ succeeded }) => !succeeded);
  if (!failed) return undefined;
  const again =
    before.length === 1
      ? 'A new run starts its command from the beginning.'
      : 'A new run starts all pre-deploy tasks from the beginning.';
  if (failed.seconds !== undefined || Object.keys(failed.exitCodes).length > 0)
    return `Nothing was deployed. What the ${failed.label} changed before it failed stays, such as a part of a migration. ${again}`;
  const others = before.length === 1 ? '' : ' What the tasks before it changed stays.';
  return `Nothing was deployed: the command of the ${failed.label} did not start.${others} ${again}`;
}

/** A service that had never run a task well, and was scaled to 0 or deleted: that is what serves, too. */
const nothingText = ({ firstFailure }: Outcome): string | undefined =>
  firstFailure && `nothing serves: ${firstFailure === 'deleted' ? 'the service was deleted' : '0 of 0'}`;

const unmovedText = ({ unmoved = [] }: Outcome): string =>
  unmoved.length === 0
    ? ''
    : ` The schedules were not moved: ${unmoved.slice(0, 5).join(', ')}${unmoved.length > 5 ? ` and ${unmoved.length - 5} more` : ''}.`;

/** What the health check asks for, which neither ECS nor the load balancer reports. */
function askedFor({ healthCheck }: Outcome): string {
  if (!healthCheck) return '';
  const { path, wanted, port } = healthCheck;
  const where = port === undefined ? '' : ` on port ${port}`;
  return ` It requests \`${path}\`${where}${wanted === undefined ? '' : ` and wants status ${wanted}`}.`;
}

/** `web:43`, of the deployment that took over; undefined where it has the same revision, or is not known. */
function successorOf({ verdict, deployment }: Outcome): string | undefined {
  if (verdict?.kind !== 'superseded' || !verdict.byTaskDefinition.includes(':')) return undefined;
  return verdict.byTaskDefinition === deployment?.taskDefinitionArn ? undefined : lastPart(verdict.byTaskDefinition);
}

/** What runs again after a rollback that failed: mostly what the user wanted to leave. */
function servesStill(outcome: Outcome): string {
  const name = restored(outcome);
  return name === outcome.rollback?.leaves ? `${name}, the revision this run rolled back from,` : name;
}

function restored({ verdict, deployment }: Outcome): string {
  const to = verdict?.kind === 'rolled-back' ? verdict.to : undefined;
  return lastPart(to ?? deployment?.previousTaskDefinitionArn) || 'the revision before';
}

/** What happened quotes the words already, or they are no more than an exit code, which it names, too. */
function wordsOf({ cause, evidence }: Diagnosis, what: string): Gist['words'] {
  const text = oneLine(withoutPointer(evidence.text), 600);
  const isQuoted = cause.includes(text) || what.includes(text);
  if (text === '' || isQuoted || evidence.surface === 'container.exitCode') return undefined;
  return { from: evidence.surface === 'container.log' ? 'application' : 'AWS', text };
}

type Next = Partial<Pick<Gist, 'next' | 'fix' | 'fixCode' | 'otherwise' | 'otherwiseCommands'>>;

function nextOf(outcome: Outcome, cause: Diagnosis | undefined, about: About): Next {
  const { kind, deployment, failedRollback, rollback } = outcome;
  const repair = isGood(kind) ? undefined : repairOf(outcome, cause, about);
  // What is to be written into a task definition changes no revision that exists.
  const repairable = rollback && repair?.step.write !== undefined ? undefined : repair;
  const otherwise = defined({ otherwise: repair?.otherwise, otherwiseCommands: repair?.otherwiseCommands });
  /** @param others names of more revisions that can run, which are other ways */
  const back = (text: string, to: string, others: readonly string[] = []): Next => {
    const commands = rollbackCommands(outcome, to, about);
    const [command] = commands;
    return {
      next: {
        text: command
          ? withLeft(text, leftText(outcome, about))
          : text.replace(/:$/, `, with \`mode: rollback\` and \`rollback-to: ${lastPart(to)}\`.`),
        ...(command ? { command, commands } : {}),
      },
      ...fixOf(repairable?.step),
      ...withOthers(repairable ? otherwise : {}, others),
    };
  };
  const repaired = (instead: string, then = ''): Next => {
    if (!repair) return { next: { text: instead } };
    const { deploys = false, ...step } = repair.step;
    return {
      next: {
        ...step,
        text: `${step.text}${deploys ? then.replace(' Then deploy again.', '') : then}`,
        ...defined({ command: step.commands?.[0] }),
      },
      ...otherwise,
    };
  };
  /** After a rollback that failed: what runs was to be left, so that neither it nor a new deploy is the next step. */
  const elsewhere = ({ targets }: NonNullable<Outcome['rollback']>): Next => {
    // Any other revision needs the same room.
    if (deployment && cause && isPlacement(cause) && repair) {
      const to = lastPart(deployment.taskDefinitionArn);
      const { percents } = repair.step;
      const slower = percents && rollbackWithPercents(outcome, to, percents);
      if (percents && slower !== undefined) {
        return {
          next: {
            text: `Roll back to ${to} again so that old tasks stop first (${servingWith(percents)} meanwhile); the percents stay so until a deploy sets them:`,
            command: slower,
            commands: [slower],
          },
          ...otherwise,
        };
      }
      const commands = rollbackCommands(outcome, deployment.taskDefinitionArn, about);
      const [command] = commands;
      return {
        next: {
          text: `${repair.step.text} Then roll back to ${to} again${command ? ':' : '.'}`,
          ...(command ? { command, commands } : {}),
        },
        ...otherwise,
      };
    }
    const [target, ...others] = targets;
    if (target !== undefined)
      return back(`Roll back to ${target}, the newest other revision that can run:`, target, others);
    // One order: how the target of the rollback is repaired is only another way.
    const { write, commands = [] } = repairable?.step ?? {};
    const codes = [...(write === undefined ? [] : [write]), ...commands, ...(otherwise.otherwiseCommands ?? [])];
    const aim = revisionName(outcome) ?? 'that revision';
    return {
      next: {
        text: `Deploy a new revision that repairs what is wrong with ${rollback?.leaves ?? 'the revision that serves'}: no other revision is known that can run.`,
      },
      ...(repairable
        ? defined({
            otherwise: `To roll back to ${aim} all the same: ${[repairable.step.text, otherwise.otherwise].filter(Boolean).join(' ')}`,
            otherwiseCommands: codes.length > 0 ? codes : undefined,
          })
        : {}),
    };
  };
  // A restart and a change of settings leave the revision that there was.
  const proven = provenBefore(outcome);
  const before = proven === deployment?.taskDefinitionArn ? undefined : proven;
  const successor = successorOf(outcome);
  const undoes = rollback?.leaves !== undefined && before !== undefined && lastPart(before) === rollback.leaves;
  switch (kind) {
    case 'deployed':
    case 'started':
      return before && !outcome.rolledBackTo
        ? back(undoes ? 'To undo this rollback:' : `To roll back to ${lastPart(before)}:`, before)
        : {};
    case 'unchanged':
      return {};
    case 'rolled-back':
      if (rollback) return elsewhere(rollback);
      if (outcome.rolledBackWith) return { next: { text: `Repair ${outcome.rolledBackWith}, then deploy again.` } };
      return repaired('Fix the cause and deploy again.', ' Then deploy again.');
    case 'failed':
    case 'cancelled': {
      if (!deployment)
        return kind === 'cancelled'
          ? { next: { text: 'Run the job again to deploy.' } }
          : repaired(
              'Nothing was changed on the service: fix the cause and run again.',
              outcome.tasks?.some(({ phase, succeeded }) => phase === 'pre-deploy' && !succeeded)
                ? ' Then deploy again.'
                : '',
            );
      const count = countBefore(outcome);
      const command = count === undefined ? undefined : countCommand(outcome, count);
      // Any other revision needs the same capacity.
      if (command !== undefined)
        return {
          next: {
            text: `Set the desired count back to ${count}, and change \`desired-count\` before you deploy again:`,
            command,
            commands: [command],
          },
          ...fixOf(repairable?.step),
          ...(repairable ? otherwise : {}),
        };
      const { next: paused } = continued(outcome, 'rollback') ?? {};
      if (paused) return { next: paused, ...fixOf(repairable?.step), ...(repairable ? otherwise : {}) };
      if (failedRollback && !outcome.rolledBackWith) {
        const [target, ...others] = failedRollback.targets;
        // A revision that is older still needs the same.
        if (failsAlike(outcome)) {
          const { otherwise: way, ...step } = repaired('Fix the cause and deploy again.', ' Then deploy again.');
          return { ...step, ...withOthers(defined({ otherwise: way }), failedRollback.targets) };
        }
        return target === undefined
          ? repaired('Neither revision came up: fix the cause and deploy again.')
          : back(`Roll back further, to ${lastPart(target)}, the newest other revision that can run:`, target, others);
      }
      if (rollback && kind === 'failed') return elsewhere(rollback);
      if (before && undoes) return back('To undo this rollback:', before);
      if (before)
        return back(
          `${kind === 'cancelled' ? 'To undo the deployment, roll' : 'Roll'} back to ${lastPart(before)}:`,
          before,
        );
      if (kind === 'cancelled')
        return { next: { text: 'See the deployments of the service (link): ECS continues this one.' } };
      // What was done about it says that there is nothing to roll back to.
      return repaired(
        `Fix the cause and deploy again.${nothingBefore(outcome)}`,
        ` Then deploy again.${nothingBefore(outcome)}`,
      );
    }
    case 'superseded':
      return { next: { text: `See the run that started the newer deployment${successor ? ` of ${successor}` : ''}.` } };
    case 'paused':
      return (
        continued(outcome, 'deployment') ?? {
          next: {
            text: 'Continue it with `mode: continue`, or roll it back with `mode: continue` and `continue-action: rollback`; its page in the ECS console has both, too.',
          },
        }
      );
  }
}

/** The call that continues what waits at a hook, and the other answer; undefined where no hook is known to wait. */
function continued(outcome: Outcome, what: 'deployment' | 'rollback'): Next | undefined {
  const answers = answersOf(outcome);
  if (!answers) return undefined;
  const until = outcome.awaits?.until;
  const inTime = until === undefined ? '' : ` before ${clockTime(until)} UTC, when the time-out of its hook decides`;
  return {
    next: { text: `Continue the ${what}${inTime}:`, command: answers.proceed, commands: [answers.proceed] },
    otherwise: 'To roll it back in place of that (`mode: continue` and the ECS console have both, too):',
    otherwiseCommands: [answers.undo],
  };
}

/** @param text a sentence that ends with the colon before a command */
const withLeft = (text: string, left: string): string => (left === '' ? text : `${text.replace(/:$/, '.')} ${left}:`);

/** A restart and a change of settings leave the revision that there was: to roll back to it would start the same tasks. */
function nothingBefore(outcome: Outcome): string {
  if (outcome.done !== undefined) return '';
  return provenBefore(outcome) === undefined
    ? ' No revision is known to have run before this one, so there is nothing to roll back to.'
    : ' The same revision ran before, so there is none to roll back to.';
}

/** Other ways, and other revisions that can run. */
const withOthers = (ways: Pick<Next, 'otherwise' | 'otherwiseCommands'>, others: readonly string[]): Next =>
  others.length === 0
    ? ways
    : {
        ...ways,
        otherwise: `Other revisions that can run: ${others.map(lastPart).join(', ')}. ${ways.otherwise ?? ''}`.trim(),
      };

/** A service that was deleted has no page. */
export const hasPage = ({ firstFailure }: Pick<Outcome, 'firstFailure'>): boolean => firstFailure !== 'deleted';

/** What is to be written is JSON, all else a command. */
export const isJson = (fixCode: string): boolean => fixCode.startsWith('"');

/** A step that is not the next one. */
function fixOf(step: Step | undefined): Pick<Gist, 'fix' | 'fixCode'> {
  if (!step) return {};
  const { text, write, commands = [] } = step;
  const fixCode = [write, ...commands].flatMap((one) => one ?? []);
  return { fix: text, ...(fixCode.length > 0 ? { fixCode } : {}) };
}

/** The file of our entry about the cause, for a page on which it has no address: it has the fix, which the pages of AWS seldom have. */
export function entryFileOf({ diagnoses: [cause], kind, rolledBackWith }: Outcome): string | undefined {
  if (!cause || isGood(kind) || rolledBackWith !== undefined || cause.rule === 'unknown') return undefined;
  return entryFile(cause);
}

/** Of the logs that were read, that of the task of the cause; else one that has its telling line, else the first. */
function shownTask({ timeline }: Outcome, cause: Diagnosis | undefined): string | undefined {
  const logs = timeline.filter(({ kind, taskId }) => kind === 'log' && taskId !== undefined);
  const telling =
    logs.find(({ taskId }) => taskId === cause?.taskId) ??
    logs.find(({ text }) => cause && text.includes(cause.evidence.text)) ??
    (cause?.taskId === undefined ? logs[0] : undefined);
  return telling?.taskId ?? cause?.taskId;
}

function linksOf(
  outcome: Outcome,
  {
    cause,
    taskId,
    at,
  }: {
    readonly cause: Diagnosis | undefined;
    readonly taskId: string | undefined;
    readonly at: TaskPlace | undefined;
  },
): Gist['links'] {
  const { service, deployment } = outcome;
  const definition = definitionOf(outcome);
  const container = containerOf(outcome, cause);
  const place = definition && container ? logLocation(definition, container, taskId ?? '') : undefined;
  const isStream = taskId !== undefined && taskId !== '';
  const log =
    at &&
    place?.driver === 'awslogs' &&
    cause?.neverStarted !== true &&
    (isStream || outcome.verdict?.kind === 'failed')
      ? logLink(
          { partition: at.partition, region: place.region || at.region },
          place.group,
          isStream ? place.stream : undefined,
        )
      : undefined;
  const task =
    at && taskId
      ? taskLink(
          `arn:${at.partition}:ecs:${at.region}:${at.account}:task/${lastPart(at.clusterArn)}/${taskId}`,
          at.clusterArn,
        )
      : undefined;
  return [
    { name: 'log', text: isStream ? 'log stream' : 'log group', address: log } as const,
    { name: 'task', text: `stopped task ${shortId(taskId ?? '')}`, address: task } as const,
    {
      name: 'console',
      text: 'deployments of the service',
      address: service && deployment && hasPage(outcome) ? deploymentsLink(service) : undefined,
    } as const,
  ].flatMap(({ address, ...link }) => (address === undefined ? [] : [{ ...link, address }]));
}
