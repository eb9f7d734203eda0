export { rank } from './diagnosis.ts';
export { diagnose, readLog } from './explain.ts';
export { diagnoseFailure } from './failures.ts';
export { dependenciesOf, diagnoseTask } from './task.ts';
export { alarmsIn } from './words.ts';
