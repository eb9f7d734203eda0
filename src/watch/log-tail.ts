import { logLocation } from '../diagnosis/logs.ts';
import type { TaskState } from '../model.ts';
import type { Logs } from '../ports.ts';
import { maskSecrets } from '../secrets.ts';
import type { Deployment } from '../service/deployment.ts';
import { secretValues } from '../taskdef/secret-values.ts';
import { POLICY } from './policy.ts';
import { type Observed, type Telling, telling } from './snapshot.ts';

/** Asks AWS for what helps but is not needed; undefined when no answer can be had. */
type Ask = <T>(action: string, question: () => Promise<T>) => Promise<T | undefined>;

/** The last words of containers that exited or are unhealthy, with secrets masked. */
export function logReader(
  { definition, logLines = POLICY.logLinesShown }: Pick<Deployment, 'definition' | 'logLines'>,
  { logs }: { readonly logs: Logs },
  ask: Ask,
) {
  const reads = new Map<string, number>();
  const alike = new Map<string, Set<string>>();
  const secrets = definition ? secretValues(definition) : [];

  /** Whether this log is to be read now: a few of a kind, each until it has something to say. */
  const due = ({ task, name, phase, exitCode }: Telling): boolean => {
    const kind = `${name} ${phase} ${exitCode}`;
    const known = alike.get(kind) ?? new Set<string>();
    alike.set(kind, known);
    if (!known.has(task.id) && known.size >= POLICY.logsAlike) return false;
    known.add(task.id);
    return (reads.get(`${task.id}/${name} ${phase}`) ?? 0) < POLICY.logReads;
  };

  return async (tasks: readonly TaskState[]): Promise<Pick<Observed, 'logs' | 'logsRead' | 'logHints'>> => {
    if (!definition || logLines === 0) return {};
    const found = new Map<string, readonly string[]>();
    const logsRead = new Map<string, readonly string[]>();
    const hints = new Map<string, string>();
    const read = async ({ task, name, phase }: Telling): Promise<void> => {
      const key = `${task.id}/${name}`;
      const place = logLocation(definition, name, task.id);
      if (place.driver !== 'awslogs') {
        hints.set(name, place.hint);
        return;
      }
      reads.set(`${key} ${phase}`, (reads.get(`${key} ${phase}`) ?? 0) + 1);
      const { region, group, stream } = place;
      const limit = Math.max(POLICY.logLinesRead, logLines);
      const lines = await ask('logs:GetLogEvents', () => logs.tail({ region, group, stream, limit }));
      if (!lines || lines.length === 0) return;
      reads.set(`${key} ${phase}`, POLICY.logReads);
      const text = maskSecrets(lines.map(({ message }) => message).join('\n'), secrets);
      const all = text.split('\n');
      logsRead.set(key, all.slice(-limit));
      found.set(key, all.slice(-logLines));
    };
    await Promise.all(tasks.flatMap(telling).filter(due).map(read));
    return { ...(found.size > 0 ? { logs: found, logsRead } : {}), ...(hints.size > 0 ? { logHints: hints } : {}) };
  };
}
