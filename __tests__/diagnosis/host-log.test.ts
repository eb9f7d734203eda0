import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { explainHostLog } from '../../src/diagnosis/host-log.ts';

const TAKEN =
  'Unable to configure pause container namespace, err: bridge create veth pair: container veth name provided (ecs-eth0) already exists, task: arn:aws:ecs:us-west-2:123456789012:task/0d2a3c';
const METADATA =
  'level=error time=2021-09-22T16:33:35Z msg="HTTP response status code is \'400\', request type is: task metadata, and response in JSON is \\"Unable to get task arn from request: unable to associate \'172.17.0.151\' with task\\"" module=helpers.go';
const CREDENTIALS =
  '2019-02-05T23:37:54Z [INFO] CredentialsV2Request: ID not found. Request IP Address: 10.0.100.189:33724';
const CLOSED =
  '2017-07-11T15:46:56Z [ERROR] Error getting message from ws backend: error: [websocket: close 1008 (policy violation): InvalidContainerInstance: Missing container instance arn], message: [], messageType: [-1]';

test.each([
  [TAKEN, 'network of a task', 'replace the container instance'],
  [
    '[ECSCNI] Namespace setup failed due to error: add network failed: invalid MAC address. Retry count is 4." module=plugin_windows.go',
    'network of a task',
    'ECS agent and its network plugins',
  ],
  [METADATA, 'metadata endpoint of version 2', 'ECS_CONTAINER_METADATA_URI_V4'],
  [
    `2019-02-05T23:37:54Z [INFO] Handling http request method GET from 10.0.100.189:33724\n${CREDENTIALS}`,
    'does not know',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  ],
  [CLOSED, 'not registered in the cluster', 'DeregisterContainerInstance'],
  [
    'level=info time=2021-09-22T16:33:35Z msg="Sending state change to ECS" eventType="TaskChange" module=handler.go\nlevel=error time=2021-09-22T16:33:36Z msg="Error stopping the odd thing" module=handler.go',
    'does not say that a task failed: level=error time=2021-09-22T16:33:36Z',
    'agentConnected',
  ],
])('the log of the agent is not that of an application: %s', (text, cause, remedy) => {
  const found = explainHostLog(text, 'EC2');
  expect(found?.cause).toContain('of the ECS agent');
  expect(found?.cause).toContain(cause);
  expect(found?.remedy).toContain(remedy);
  const { rule, cause: said, ...rest } = diagnose({ surface: 'container.log', text, context: { launchType: 'EC2' } });
  expect([rule, said]).toEqual(['unknown', found?.cause]);
  expect(`${said} ${rest.remedy}`).not.toMatch(/ended with an error|`secrets`|locally/);
});

test.each(['FARGATE', 'MANAGED_INSTANCES'] as const)('%s: the host is not where to look', (launch) =>
  expect(explainHostLog(TAKEN, launch)?.remedy).not.toMatch(/container instance|AMI/),
);

test.each([
  // Other programs write in these forms.
  'time="2021-09-22T16:33:35Z" level=error msg="cannot open module=api.go"',
  'level=error time=2021-09-22T16:33:35Z msg="listen tcp :80: bind: permission denied" component=api',
  '2017-07-11T15:46:56Z [ERROR] Error connecting to the backend: connection refused',
  // What the agent answers to a program that prints it.
  'Error: CredentialsV2Request: ID not found',
  'Unable to configure the namespace of the app',
  '',
])('the log of an application stays one: %s', (text) => expect(explainHostLog(text, undefined)).toBeUndefined());
