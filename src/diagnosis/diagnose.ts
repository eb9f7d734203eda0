import type { Diagnosis, Nature } from './diagnosis.ts';

export { diagnose, readLog } from './explain.ts';
export { diagnoseFailure } from './failures.ts';
export { dependenciesOf, diagnoseTask } from './task.ts';

const RANK: readonly Nature[] = ['hopeless', 'ambiguous', 'blocked', 'unknown', 'symptom', 'self-heals', 'normal'];

/** Root causes before symptoms, each cause once. */
export function rank(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  const first = new Map<string, Diagnosis>();
  for (const diagnosis of diagnoses) {
    // An application may word one and the same end differently each time (ids, times).
    const key = `${diagnosis.rule} ${diagnosis.subject === 'application' ? diagnosis.container : diagnosis.cause}`;
    if (!first.has(key)) first.set(key, diagnosis);
  }
  return [...first.values()].sort((a, b) => RANK.indexOf(a.nature) - RANK.indexOf(b.nature));
}
