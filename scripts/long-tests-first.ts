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

/** More than twelve seconds in a whole run, the longest first. */
const LONG = [
  'e2e/try',
  'policy/policy',
  'e2e/build',
  'population/population',
  'diagnosis/across/linear',
  'e2e/distributed',
  'e2e/unusable-caches',
  'replay/conditions',
  'e2e/push-faults',
  'diagnosis/across/technologies',
  'stories/across/killed',
  'replay/both-sides',
  'containers/containers',
  'aws-words',
  'conformance/moto',
  'simulator/aws-cli',
  'report/across/pages',
  'diagnosis/across/properties',
  'clients/code-deploy-cli',
  'e2e/demo',
  'e2e/cancel',
  'stories/services',
  'e2e/examples',
  'stories/across/killed-strategies',
  'mistakes/mistakes',
  'diagnosis/rules',
  'stories/rollback',
  'mutate/mutate',
  'simulator/scheduler.property',
  'image/dockerignore',
  'stories/across/daemon',
  'e2e/from-template',
  'e2e/modes',
  'replay/heals',
  'diagnose',
  'adapters/aws',
  'e2e/identity',
  'stories/never-green/rollback-truth',
  'simulator/task-life.property',
  'e2e/services',
  'e2e/moved-tags',
  'e2e/ci-workflow',
  'preflight/across/independent',
  'conformance/kit',
  'e2e/tasks',
  'stories/across/express',
  'e2e/build-secrets',
  'e2e/killed-at-once',
  'stories/across/computes',
  'stories/schedules',
  'stories/across/infrastructure',
  'adapters/runner',
  'conformance/infrastructure',
  'e2e/warm-action',
  'e2e/bundle',
  'release',
  'adapters/registries',
  'policy/workflow',
  'stories/never-green/moved-tags',
  'stories/across/application',
  'e2e/secrets',
  'e2e/hangs',
  'conformance/main',
  'e2e/lifecycle-policy',
  'stories/verify',
  'freeze',
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
