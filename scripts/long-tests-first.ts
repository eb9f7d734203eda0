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

/** More than ten seconds on two cores, the longest first. */
const LONG = [
  'e2e/build',
  'e2e/distributed',
  'e2e/try',
  'e2e/unusable-caches',
  'e2e/push-faults',
  'containers/containers',
  'e2e/cancel',
  'policy/policy',
  'population/population',
  'e2e/demo',
  'diagnosis/across/linear',
  'e2e/examples',
  'e2e/identity',
  'clients/code-deploy-cli',
  'adapters/aws',
  'e2e/services',
  'replay/both-sides',
  'replay/conditions',
  'stories/rollback',
  'stories/never-green/rollback-truth',
  'mistakes/mistakes',
  'e2e/ci-workflow',
  'mutate/mutate',
  'adapters/registries',
  'stories/across/killed',
  'e2e/from-template',
  'e2e/lifecycle-policy',
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
