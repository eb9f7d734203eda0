/** ECS daemons: their task definitions, and what is refused. No daemon is created: it needs Managed Instances. */
import type { Scope } from '../account.ts';
import { absent, empty, present } from '../pattern.ts';
import { api, call, type Row } from '../row.ts';
import { IMAGES } from '../world.ts';

/** The pages do not say which of them it is. */
const REFUSED = { refused: ['InvalidParameterException', 'ClientException'] } as const;
const UNKNOWN = { refused: ['DaemonNotFoundException', 'InvalidParameterException', 'ClientException'] } as const;

const homeOf = async (scope: Scope): Promise<string> => {
  const { Account } = await scope.need('sts:GetCallerIdentity', {});
  return `arn:aws:ecs:${scope.endpoint.region}:${Account}`;
};
const definition = ({ name }: Scope) => ({
  family: name,
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'agent', image: IMAGES.good.image, essential: true }],
});

export const DAEMON_ROWS: readonly Row[] = [
  call({
    id: 'ecs/daemons/register',
    rule: 'A daemon task definition has an ARN of its own kind, and starts at revision 1.',
    page: api('RegisterDaemonTaskDefinition'),
    operation: 'ecs:RegisterDaemonTaskDefinition',
    request: (scope) => definition(scope),
    documented: { ok: { daemonTaskDefinitionArn: /:daemon-task-definition\/.+:1$/ } },
  }),
  call({
    id: 'ecs/daemons/describe',
    rule: 'A family names its newest ACTIVE revision; a daemon task definition has no network mode and no ports.',
    page: api('DescribeDaemonTaskDefinition'),
    operation: 'ecs:DescribeDaemonTaskDefinition',
    before: (scope) => scope.need('ecs:RegisterDaemonTaskDefinition', definition(scope)),
    request: ({ name }) => ({ daemonTaskDefinition: name }),
    documented: {
      ok: {
        daemonTaskDefinition: {
          daemonTaskDefinitionArn: /:1$/,
          status: 'ACTIVE',
          registeredAt: present,
          networkMode: absent,
          containerDefinitions: [{ name: 'agent', image: present, portMappings: absent }],
        },
      },
    },
  }),
  call({
    id: 'ecs/daemons/describe-unknown',
    rule: 'A daemon task definition that does not exist is an error.',
    page: api('DescribeDaemonTaskDefinition'),
    operation: 'ecs:DescribeDaemonTaskDefinition',
    request: ({ name }) => ({ daemonTaskDefinition: `${name}:1` }),
    documented: REFUSED,
  }),
  call({
    id: 'ecs/daemons/delete-definition',
    rule: 'DeleteDaemonTaskDefinition answers with the ARN of what it deletes.',
    page: api('DeleteDaemonTaskDefinition'),
    operation: 'ecs:DeleteDaemonTaskDefinition',
    before: (scope) => scope.need('ecs:RegisterDaemonTaskDefinition', definition(scope)),
    request: ({ name }) => ({ daemonTaskDefinition: `${name}:1` }),
    documented: { ok: { daemonTaskDefinitionArn: /:daemon-task-definition\/.+:1$/ } },
  }),
  call({
    id: 'ecs/daemons/describe-daemon-unknown',
    rule: 'A daemon that does not exist is an error, not a failure in the answer.',
    page: api('DescribeDaemon'),
    operation: 'ecs:DescribeDaemon',
    before: homeOf,
    request: ({ name }, home) => ({ daemonArn: `${home}:daemon/default/${name}` }),
    documented: UNKNOWN,
  }),
  call({
    id: 'ecs/daemons/update-unknown',
    rule: 'Only a daemon that exists is updated.',
    page: api('UpdateDaemon'),
    operation: 'ecs:UpdateDaemon',
    before: async (scope) => {
      await scope.need('ecs:RegisterDaemonTaskDefinition', definition(scope));
      return homeOf(scope);
    },
    request: ({ name }, home) => ({
      daemonArn: `${home}:daemon/default/${name}`,
      daemonTaskDefinitionArn: `${home}:daemon-task-definition/${name}:1`,
      capacityProviderArns: [`${home}:capacity-provider/${name}`],
    }),
    documented: UNKNOWN,
  }),
  call({
    id: 'ecs/daemons/deployments-unknown',
    rule: 'A daemon deployment that does not exist is a failure in the answer, not an error.',
    page: api('DescribeDaemonDeployments'),
    operation: 'ecs:DescribeDaemonDeployments',
    before: homeOf,
    request: ({ name }, home) => ({ daemonDeploymentArns: [`${home}:daemon-deployment/default/${name}/none`] }),
    documented: { ok: { daemonDeployments: empty, failures: [{ arn: present, reason: 'MISSING' }] } },
  }),
];
