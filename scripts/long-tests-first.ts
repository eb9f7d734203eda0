/**
 * Jest's order of test files: as Jest has it where it knows how long each of them took, else those first that are known to take long. By their size
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
  'e2e/build',
  'diagnosis/across/linear',
  'population/population',
  'e2e/distributed',
  'stories/across/killed',
  'e2e/unusable-caches',
  'diagnosis/across/technologies',
  'replay/both-sides',
  'e2e/push-faults',
  'mistakes/mistakes',
  'diagnosis/rules',
  'report/across/pages',
  'policy/policy',
  'containers/containers',
  'conformance/kit',
  'e2e/demo',
  'preflight/across/independent',
  'e2e/from-template',
  'stories/never-green/rollback-truth',
  'stories/continue',
  'conformance/moto',
  'stories/services',
  'stories/across/daemon',
  'stories/across/express',
  'e2e/build-secrets',
  'e2e/cancel',
  'replay/conditions',
  'e2e/services',
  'e2e/secrets',
  'mutate/mutate',
  'e2e/identity',
  'adapters/runner',
  'simulator/task-life.property',
  'diagnose',
  'aws-words',
  'adapters/aws',
  'diagnosis/across/application-messages',
  'e2e/examples',
  'e2e/tasks',
  'stories/never-green/roles',
  'stories/across/killed-strategies',
  'stories/across/computes',
  'diagnosis/across/properties',
  'taskdef/across/opponent',
  'clients/code-deploy-cli',
  'simulator/aws-cli',
  'replay/heals',
  'simulator/scheduler.property',
  'e2e/ci-workflow',
  'stories/across/infrastructure',
  'stories/rollback',
  'image/dockerignore',
  'e2e/bundle',
  'stories/deploy',
  'e2e/killed-at-once',
  'e2e/modes',
  'adapters/registries',
  'stories/never-green/moved-tags',
  'clients/docker',
  'preflight/across/only-what-is-true',
  'release',
  'e2e/hangs',
  'e2e/lifecycle-policy',
  'freeze',
  'e2e/moved-tags',
  'conformance/main',
  'conformance/infrastructure',
];

export const rankOf = (path: string): number => {
  const at = LONG.findIndex((name) => path.endsWith(`__tests__/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
};

export default class LongTestsFirst extends jest.default {
  override sort(tests: readonly Test[]): readonly Test[] {
    const sorted = super.sort(tests);
    // Where a part of them was run before, Jest would go by their size for all others.
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted;
    return [...sorted].sort((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}
