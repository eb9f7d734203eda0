import { parseInputs } from '../../src/inputs/parse.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import type { Outcome, Plan } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { plan } from '../../src/stories/plan.ts';
import { fetchService } from '../../src/stories/run.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT, runOf, Stage } from './world.ts';

export const ROLES = {
  'execution-role-arn': 'arn:aws:iam::123456789012:role/exec',
  'infrastructure-role-arn': 'arn:aws:iam::123456789012:role/infra',
};
/** The `with:` of aws-actions/amazon-ecs-deploy-express-service. */
export const OFFICIAL = { 'service-name': 'web', image: 'example.com/app:1', ...ROLES };

/** Without the inputs that other stories have: this service is named and made by its own. */
function inputsOf(given: Readonly<Record<string, string>>): DeployInputs {
  const raw = new Map(Object.entries({ 'aws-region': 'eu-west-1', preflight: 'false', ...given }));
  return parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as DeployInputs;
}
export const express = (
  stage: Stage,
  given: Readonly<Record<string, string>>,
  world: World = stage.world,
): Promise<Outcome> => {
  const inputs = inputsOf(given);
  return deploy(runOf(inputs, world), fetchService(inputs, world));
};
export const planned = (stage: Stage, given: Readonly<Record<string, string>>): Promise<Plan> => {
  const inputs = inputsOf({ mode: 'plan', ...given });
  return plan(runOf(inputs, stage.world), fetchService(inputs, stage.world));
};
export const requests = (stage: Stage, operation: string): unknown[] =>
  stage.simulator.wire.calls.filter((call) => call.operation === operation).map(({ input }) => input);
export const described = (stage: Stage): Record<string, unknown> =>
  (
    stage.simulator.call('DescribeExpressGatewayService', {
      serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
      include: ['TAGS'],
    }) as unknown as { service: Record<string, unknown> }
  ).service;
export const configuration = (stage: Stage): Record<string, unknown> =>
  (described(stage).activeConfigurations as Record<string, unknown>[])[0] ?? {};

/** An Express Mode service that runs example.com/app:1. */
export async function existing(given: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const stage = new Stage();
  stage.simulator.call('CreateExpressGatewayService', {
    serviceName: 'web',
    executionRoleArn: ROLES['execution-role-arn'],
    infrastructureRoleArn: ROLES['infrastructure-role-arn'],
    primaryContainer: {
      image: 'example.com/app:1',
      containerPort: 8080,
      environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    },
    ...given,
  });
  stage.clock.advance(900);
  stage.simulator.wire.calls.length = 0;
  return stage;
}
