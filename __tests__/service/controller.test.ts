import type { Failure } from '../../src/failure.ts';
import type { JsonObject, ServiceState } from '../../src/model.ts';
import { refuseController } from '../../src/service/controller.ts';
import { service } from '../report/made.ts';

const of = (deploymentController: string, rest: Partial<ServiceState> = {}): ServiceState =>
  service([], { deploymentController, ...rest });
function refusal(state: ServiceState): Failure {
  try {
    refuseController(state);
  } catch (thrown) {
    return thrown as Failure;
  }
  throw new Error('Not refused.');
}

test.each(['ECS', 'CODE_DEPLOY'])('a service that %s deploys is not refused', (controller) => {
  expect(() => refuseController(of(controller))).not.toThrow();
});

test.each([
  [
    'EXTERNAL',
    'The service web has the deployment controller EXTERNAL: a tool of yours deploys it by task sets, and this action does not; nothing was changed.',
  ],
  [
    'OTHER',
    'The service web has the deployment controller OTHER, which this action does not know; nothing was changed.',
  ],
])('%s is refused before anything is changed, by its name', (controller, message) => {
  expect(refusal(of(controller))).toMatchObject({ code: 'INVALID_INPUT', message });
});

const UPDATE =
  'aws ecs update-service --region eu-central-1 --cluster shop --service web --deployment-controller type=ECS';
const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const BALANCERS = [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 80 }];
test.each<[string, JsonObject | undefined, string, string]>([
  ['with nothing else', undefined, 'a/web:42', `${UPDATE} --task-definition web:42`],
  ['of a service whose revision only its task sets have', {}, '', `${UPDATE} --task-definition FAMILY:REVISION`],
  [
    'with the network and the load balancers that it keeps',
    { networkConfiguration: NETWORK, loadBalancers: BALANCERS },
    'a/web:42',
    `${UPDATE} --task-definition web:42 --network-configuration '${JSON.stringify(NETWORK)}' --load-balancers '${JSON.stringify(BALANCERS)}'`,
  ],
  ['without load balancers', { loadBalancers: [] }, 'a/web:42', `${UPDATE} --task-definition web:42`],
])('the remedy is a command that can be pasted: %s', (_, settings, taskDefinitionArn, command) => {
  const { remedy } = refusal(of('EXTERNAL', { taskDefinitionArn, ...(settings ? { settings } : {}) }));
  expect(remedy).toContain(`${command} (its strategies`);
  expect(remedy).toMatch(/^Deploy it with that tool, or let ECS deploy it, once no deployment is under way/);
});
