import { searchesOfAwsWords } from './support/aws-words.ts';

/** What somebody could write who needs a fact and has only the words; each line is one search. */
const SNEAKED = new Map([
  [
    'src/tasks/sneaked.ts',
    `import type { ServiceEvent, TaskState } from '../model.ts';
const STARTED = /has started (\\d+) tasks/;
export function started(events: readonly ServiceEvent[]): boolean {
  return events.some(({ message }) => message.includes('has started'));
}
export const count = (event: ServiceEvent): string | undefined => STARTED.exec(event.message)?.[1];
export const pulled = ({ stoppedReason: words = '' }: TaskState): boolean => words.toLowerCase().startsWith('cannotpull');
const lastWords = (task: TaskState) => task.stoppedReason ?? '';
export const isSpot = (task: TaskState): boolean => lastWords(task).match(/Spot/) !== null;
export const words = (task: TaskState): string[] => (task['stoppedReason'] ?? '').split(' ');
`,
  ],
  [
    'src/watch/sneaked.ts',
    `import type { DeploymentState } from '../model.ts';
const isRollback = (text: string): boolean => /rolling back/.test(text);
export const goesBack = ({ rolloutStateReason }: DeploymentState): boolean => isRollback(rolloutStateReason ?? '');
`,
  ],
  [
    'src/service/sneaked.ts',
    `import type { ScalingActivity, ServiceDeployment } from '../model.ts';
import { asFailure } from '../failure.ts';
export function alarm(found: ServiceDeployment): number {
  const { statusReason } = found;
  const text = \`reason: \${statusReason}\`;
  return text.search(/alarm/);
}
export const denied = (thrown: unknown): boolean => asFailure(thrown).api?.message.endsWith(\`denied\`) ?? false;
export const isAlarm = ({ cause }: ScalingActivity): boolean => cause.includes('state ALARM');
`,
  ],
  [
    'src/stories/sneaked.ts',
    `import { asFailure } from '../failure.ts';
import { clip } from '../clip.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
export const quotes = ({ evidence }: Diagnosis): boolean => evidence.text.indexOf('exit code') >= 0;
export function reasons(found: readonly { readonly api?: { readonly message: string } }[], thrown: unknown): boolean {
  const all = [asFailure(thrown).message, ...found.map(() => '')];
  return all.filter(Boolean).some((one) => new RegExp('throttl', 'i').test(clip(one)));
}
`,
  ],
]);
const NOT_SEARCHES = new Map([
  [
    'src/watch/honest.ts',
    `import type { ServiceEvent, TaskState } from '../model.ts';
export const shown = ({ stoppedReason = '' }: TaskState): string => stoppedReason.trim().replace(/\\.$/, '');
export const same = (a: ServiceEvent, b: ServiceEvent): boolean => a.message === b.message;
export const quoted = (task: TaskState, cause: string): boolean => cause.includes(task.stoppedReason ?? '');
export const lines = (event: ServiceEvent): readonly string[] => event.message.split('\\n');
export const isSteady = (event: ServiceEvent): boolean => event.kind === 'steady';
`,
  ],
]);

test("AWS's words are read in adapters and diagnosis alone: no other part searches an event, a reason or an error", () => {
  const found = searchesOfAwsWords(new Map([...SNEAKED, ...NOT_SEARCHES]));
  // The search sees what it has to see, ...
  expect(found.filter((one) => /sneaked|honest/.test(one)).sort()).toEqual([
    'src/service/sneaked.ts: asFailure(thrown).api?.message.endsWith(`denied`)',
    "src/service/sneaked.ts: cause.includes('state ALARM')",
    'src/service/sneaked.ts: text.search(/alarm/)',
    "src/stories/sneaked.ts: evidence.text.indexOf('exit code')",
    "src/stories/sneaked.ts: new RegExp('throttl', 'i').test(clip(one))",
    "src/tasks/sneaked.ts: (task['stoppedReason'] ?? '').split(' ')",
    'src/tasks/sneaked.ts: STARTED.exec(event.message)',
    'src/tasks/sneaked.ts: lastWords(task).match(/Spot/)',
    "src/tasks/sneaked.ts: message.includes('has started')",
    "src/tasks/sneaked.ts: words.toLowerCase().startsWith('cannotpull')",
    'src/watch/sneaked.ts: /rolling back/.test(text)',
  ]);
  // ... and there is nothing of the kind.
  expect(found.filter((one) => !/sneaked|honest/.test(one))).toEqual([]);
}, 120_000);
