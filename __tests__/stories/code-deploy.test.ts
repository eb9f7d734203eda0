import { withCodeDeploy } from '../support/code-deploy.ts';
import { TASK_DEFINITION } from '../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});

test('a service of CodeDeploy is deployed with the same step', async () => {
  const stage = await withCodeDeploy();
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({}).catch((e) => { console.log(e.describe(), e.stack); throw e; });
  console.log(stage.lines.join('\n'));
  console.log(stage.simulator.wire.calls.map((c) => c.operation).join(' '));
  expect(outcome.kind).toBe('deployed');
});
