/**
 * Jest's order of test files: as Jest has it where it knows how long each took, else those first that are known to take long. By their size
 * alone, which Jest goes by in a fresh clone, some of these would be the last ones, and most workers would wait for them.
 */
import { createRequire } from 'node:module';

interface Test {
  readonly path: string;
  readonly duration?: number;
}
interface Sequencer {
  sort(tests: readonly Test[]): readonly Test[];
}
const jest: { readonly default: new (options: object) => Sequencer } = createRequire(import.meta.url)(
  '@jest/test-sequencer',
);

/** More than ten seconds, the longest first. */
const LONG = [
  'e2e/try',
  'policy/policy',
  'mistakes/mistakes',
  'diagnosis/across/linear',
  'population/population',
  'e2e/build',
  'replay/both-sides',
  'stories/rollback',
  'stories/services',
  'e2e/push-faults',
  'e2e/unusable-caches',
  'e2e/distributed',
  'mutate/mutate',
  'containers/containers',
  'stories/never-green/rollback-truth',
  'stories/across/computes',
  'stories/across/daemon',
  'stories/across/express',
  'diagnosis/across/technologies',
  'policy/workflow',
  'diagnosis/rules',
  'e2e/from-template',
  'e2e/modes',
  'e2e/examples',
  'adapters/runner',
  'clients/code-deploy-cli',
  'e2e/services',
  'e2e/demo',
  'replay/conditions',
  'stories/across/killed',
  'e2e/lifecycle-policy',
  'e2e/cancel',
  'e2e/identity',
  'e2e/ci-workflow',
  'adapters/aws',
  'adapters/registries',
  'e2e/tasks',
];

export const rankOf = (path: string): number => {
  const at = LONG.findIndex((name) => path.endsWith(`__tests__/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
};

export default class LongTestsFirst extends jest.default {
  override sort(tests: readonly Test[]): readonly Test[] {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return [...sorted].sort((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}
