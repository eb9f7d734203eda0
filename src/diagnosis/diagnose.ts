import type { TaskState } from '../world.ts';
import type { Diagnosis, Evidence, Nature } from './diagnosis.ts';
import { RULES } from './rules.ts';

const SEVERITY: Readonly<Record<Nature, Diagnosis['severity']>> = {
  hopeless: 'failure',
  ambiguous: 'failure',
  symptom: 'failure',
  unknown: 'failure',
  blocked: 'warning',
  'self-heals': 'warning',
  normal: 'normal',
};

/** One message explained; a text that no rule knows is shown as it is and called unknown. */
export function diagnose(evidence: Evidence): Diagnosis {
  for (const rule of RULES) {
    if (rule.surfaces && !rule.surfaces.includes(evidence.surface)) continue;
    const found = rule.match.exec(evidence.text);
    if (!found) continue;
    const words = found.groups ?? {};
    return {
      rule: rule.id,
      nature: rule.nature,
      severity: SEVERITY[rule.nature],
      transient: rule.nature === 'self-heals',
      cause: rule.cause(words),
      remedy: rule.remedy(words),
      evidence,
      ...(rule.link ? { link: rule.link } : {}),
    };
  }
  return {
    rule: 'unknown',
    nature: 'unknown',
    severity: 'failure',
    transient: false,
    cause: evidence.text,
    remedy: 'This message is not known here; look it up in the ECS troubleshooting guide.',
    evidence,
  };
}

/** What ended each container tells more than what ended the task, and both more than an exit code. */
export function diagnoseTask(task: TaskState, essential: ReadonlySet<string> | undefined): Diagnosis | undefined {
  if (task.lastStatus !== 'STOPPED' && task.stoppedReason === undefined) return undefined;
  const context = { stopCode: task.stopCode, launchType: task.launchType };
  const reasons = task.containers.flatMap(({ name, reason, exitCode }): Diagnosis[] =>
    reason
      ? [
          {
            ...diagnose({ surface: 'container.reason', text: reason, context: { ...context, exitCode } }),
            container: name,
          },
        ]
      : [],
  );
  const stopped = task.stoppedReason
    ? diagnose({ surface: 'task.stoppedReason', text: task.stoppedReason, context })
    : undefined;
  const known = [...reasons, ...(stopped ? [stopped] : [])].find(
    ({ nature }) => nature !== 'unknown' && nature !== 'symptom',
  );
  const found = known ?? exited(task, essential) ?? reasons[0] ?? stopped;
  return found && { ...found, taskId: task.id };
}

/** The essential container that ended by itself; 143 and 137 are what a sidecar gets when the task is being stopped. */
function exited(task: TaskState, essential: ReadonlySet<string> | undefined): Diagnosis | undefined {
  const ended = task.containers.filter(
    ({ name, exitCode }) => exitCode !== undefined && (essential?.has(name) ?? true),
  );
  const culprit =
    ended.find(({ exitCode }) => exitCode !== 143 && exitCode !== 137 && exitCode !== 0) ??
    ended.find(({ exitCode }) => exitCode === 137) ??
    ended.find(({ exitCode }) => exitCode === 0);
  if (!culprit || task.stopCode === 'ServiceSchedulerInitiated' || task.stopCode === 'UserInitiated') return undefined;
  const { name, exitCode = 0 } = culprit;
  return {
    rule: exitCode === 0 ? 'essential-container-exited-zero' : 'app-crash',
    nature: 'ambiguous',
    severity: 'failure',
    transient: false,
    cause:
      exitCode === 0
        ? `The essential container ${name} ended by itself (exit code 0), which ends its task.`
        : `The container ${name} ended with exit code ${exitCode}.`,
    remedy: exitCode === 0 ? 'Keep its main process running, or set essential to false.' : 'Read its last log lines.',
    evidence: { surface: 'container.exitCode', text: `exit code ${exitCode}`, context: { exitCode } },
    container: name,
  };
}

const RANK: readonly Nature[] = ['hopeless', 'ambiguous', 'blocked', 'unknown', 'symptom', 'self-heals', 'normal'];

/** Root causes before symptoms, each cause once. */
export function rank(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  const first = new Map<string, Diagnosis>();
  for (const diagnosis of diagnoses) {
    const key = `${diagnosis.rule} ${diagnosis.cause}`;
    if (!first.has(key)) first.set(key, diagnosis);
  }
  return [...first.values()].sort((a, b) => RANK.indexOf(a.nature) - RANK.indexOf(b.nature));
}
