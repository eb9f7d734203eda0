/** `node scripts/cdk-fixture.ts FILE`: keeps the template that `cdk synth` made of examples/infrastructure/cdk/stack.ts for the tests. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/cdk-fixture.ts cdk.out/web.template.json');
const { Resources, Parameters } = JSON.parse(readFileSync(file, 'utf8'));
const stack = createHash('sha256').update(readFileSync('examples/infrastructure/cdk/stack.ts')).digest('hex');
// Paths and hashes of the CDK's own.
for (const resource of Object.values<{ Metadata?: unknown }>(Resources)) delete resource.Metadata;
const kept = { Metadata: { 'ecs-rollout:stack': stack }, Parameters, Resources };
writeFileSync('__tests__/fixtures/cdk-web.template.json', `${JSON.stringify(kept, undefined, 2)}\n`);
