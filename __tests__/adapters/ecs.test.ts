import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { createEcs } from '../../src/adapters/ecs.ts';
import { Failure } from '../../src/failure.ts';
import type { TemplateInputs } from '../../src/inputs/types.ts';
import type { TaskDefinition } from '../../src/model.ts';
import { checked } from '../../src/taskdef/check.ts';
import { sameDefinition } from '../../src/taskdef/diff.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';

/** AWS's own samples over the wire: what is registered is what is described, field for field. */
const FOLDER = '__tests__/fixtures/task-definitions';
const NO_INPUTS: TemplateInputs = {
  source: { kind: 'service' },
  images: [],
  variables: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
  tags: [],
};
const simulator = new Simulator();
const ecs = createEcs({
  region: REGION,
  credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
  requestHandler: simulator.wire.requestHandler(),
  maxAttempts: 1,
  customUserAgent: 'test',
});

/** Those that the checks let through; the others, and why, are in __tests__/taskdef/across/corpus.test.ts. */
const accepted = readdirSync(FOLDER).flatMap(
  (name): [string, TaskDefinition, readonly { key: string; value: string }[]][] => {
    try {
      // Roles of other accounts cannot be passed.
      const text = readFileSync(join(FOLDER, name), 'utf8').replace(/(:iam::)\d{12}:/g, '$1123456789012:');
      const template = toTemplate(parseJson(text, name), name);
      const rendered = render(template, NO_INPUTS, { builtIns: [] });
      return [[name, checked(rendered, name, false), rendered.tags]];
    } catch (thrown) {
      if (thrown instanceof Failure) return [];
      throw thrown;
    }
  },
);

test('most of them are accepted', () => expect(accepted.length).toBeGreaterThanOrEqual(20));

/** Paths of what was given and is not described, or is described otherwise. */
function lost(given: unknown, described: unknown, path = ''): string[] {
  if (Array.isArray(given)) {
    if (!Array.isArray(described)) return [path];
    const missing = given.flatMap((item, i) => lost(item, described[i], `${path}[${i}]`));
    return described.length === given.length
      ? missing
      : [`${path}: ${described.length} of ${given.length}`, ...missing];
  }
  if (typeof given === 'object' && given !== null) {
    if (typeof described !== 'object' || described === null) return [path];
    return Object.entries(given).flatMap(([key, value]) =>
      lost(value, (described as Record<string, unknown>)[key], path ? `${path}.${key}` : key),
    );
  }
  return given === described ? [] : [`${path}: ${String(given)} is ${String(described)}`];
}

test.each(accepted)('%s', async (_, definition, tags) => {
  const registered = await ecs.registerTaskDefinition(definition, tags);
  const described = await ecs.describeTaskDefinition(registered.arn);
  expect(lost(definition, described.definition)).toEqual([]);
  // And what ECS adds is its defaults, nothing else.
  expect(sameDefinition(definition, described.definition)).toBe(true);
  expect(described.tags).toEqual(tags);
  expect(described).toEqual(registered);
});

test('all families, repositories and clusters are listed, whatever fits on a page', async () => {
  const full = new Simulator();
  const config = {
    region: REGION,
    credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
    requestHandler: full.wire.requestHandler(),
    maxAttempts: 1,
    customUserAgent: 'test',
  };
  const containerDefinitions = [{ name: 'a', image: 'a', memory: 64 }];
  for (let i = 0; i < 130; i += 1) {
    full.call('RegisterTaskDefinition', { family: `family-${i}`, containerDefinitions });
    full.call('CreateCluster', { clusterName: `cluster-${i}` });
  }
  expect(new Set(await createEcs(config).listFamilies()).size).toBeGreaterThanOrEqual(130);
  expect(new Set(await createEcs(config).listClusters()).size).toBeGreaterThanOrEqual(130);
  for (let i = 0; i < 1010; i += 1) full.registry.create(`repository-${i}`, false);
  const names = await createEcr(config, () => undefined).repositoryNames({ registryId: '', region: REGION });
  expect(new Set(names).size).toBe(1010);
});
