import type { Mistake } from '../failure.ts';
import { asObjects, asStrings, isObject, type JsonObject, objectOf } from '../model.ts';
import { textOf } from '../taskdef/template.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const SUBNETS_AT_MOST = 16;
const GROUPS_AT_MOST = 5;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions */
const TAGS_AT_MOST = 50;
const KEY_AT_MOST = 128;
const VALUE_AT_MOST = 256;

/**
 * What CreateService would refuse in members that have the right types: combinations and shapes, each with what to write instead.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export function definitionRules(definition: JsonObject): Mistake[] {
  return [
    ...launchRules(definition),
    ...(definition.schedulingStrategy === 'DAEMON' ? daemonRules(definition) : []),
    ...networkRules(definition),
    ...balancerRules(definition),
    ...deploymentRules(definition),
    ...tagRules(definition),
  ];
}

function launchRules({
  launchType,
  capacityProviderStrategy,
  deploymentController,
  desiredCount,
}: JsonObject): Mistake[] {
  const mistakes: Mistake[] = [];
  if (launchType !== undefined && asObjects(capacityProviderStrategy).length > 0)
    mistakes.push({
      subject: 'launchType',
      problem: 'and `capacityProviderStrategy` both say where tasks run.',
      remedy: 'Keep one of the two; a capacity provider strategy can be changed later.',
    });
  const controller = objectOf(deploymentController).type;
  if (controller !== undefined && controller !== 'ECS')
    mistakes.push({
      subject: 'deploymentController.type',
      problem: `is ${textOf(controller)}, but this step deploys by ECS itself.`,
      remedy: 'Remove it, or write `ECS`. For blue/green deployments set `deploymentConfiguration.strategy`.',
    });
  if (typeof desiredCount === 'number' && desiredCount < 0)
    mistakes.push({ subject: 'desiredCount', problem: `is ${desiredCount}.`, remedy: 'Write 0 or more.' });
  return mistakes;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon */
function daemonRules(definition: JsonObject): Mistake[] {
  const { maximumPercent } = objectOf(definition.deploymentConfiguration);
  const rows: readonly (readonly [boolean, string, string])[] = [
    [
      definition.desiredCount !== undefined,
      'desiredCount',
      'is not for a DAEMON service, which runs one task per instance.',
    ],
    [
      asObjects(definition.placementStrategy).length > 0,
      'placementStrategy',
      'is not for a DAEMON service, which runs one task per instance.',
    ],
    [definition.launchType === 'FARGATE', 'launchType', 'FARGATE has no DAEMON services: there are no instances.'],
    [
      definition.availabilityZoneRebalancing === 'ENABLED',
      'availabilityZoneRebalancing',
      'is not for a DAEMON service, whose tasks are where its instances are.',
    ],
    [
      asObjects(definition.volumeConfigurations).length > 0,
      'volumeConfigurations',
      'is not for a DAEMON service: ECS attaches EBS volumes to REPLICA services alone.',
    ],
    [
      typeof maximumPercent === 'number' && maximumPercent > 100,
      'deploymentConfiguration.maximumPercent',
      'must be 100 for a DAEMON service.',
    ],
  ];
  return rows.flatMap(([breaks, subject, problem]) =>
    breaks ? [{ subject, problem, remedy: 'Remove it, or write `"schedulingStrategy": "REPLICA"`.' }] : [],
  );
}

function networkRules({ networkConfiguration }: JsonObject): Mistake[] {
  const path = 'networkConfiguration.awsvpcConfiguration';
  const vpc = objectOf(networkConfiguration).awsvpcConfiguration;
  if (!isObject(vpc)) return [];
  const shaped = (member: 'subnets' | 'securityGroups', prefix: string): Mistake[] =>
    asStrings(vpc[member]).flatMap((id, i) =>
      new RegExp(`^${prefix}-[\\w-]+$`).test(id)
        ? []
        : [
            {
              subject: `${path}.${member}[${i}]`,
              problem: `\`${id}\` is not an id.`,
              remedy: `Write ids, which begin with \`${prefix}-\`; names and ARNs are not taken.`,
            },
          ],
    );
  const many = (member: 'subnets' | 'securityGroups', most: number): Mistake[] => {
    const { length } = asStrings(vpc[member]);
    return length > most
      ? [{ subject: `${path}.${member}`, problem: `lists ${length}.`, remedy: `ECS takes at most ${most}.` }]
      : [];
  };
  const none: Mistake[] =
    asStrings(vpc.subnets).length === 0
      ? [{ subject: `${path}.subnets`, problem: 'is empty.', remedy: 'Name at least one subnet.' }]
      : [];
  return [
    ...none,
    ...shaped('subnets', 'subnet'),
    ...shaped('securityGroups', 'sg'),
    ...many('subnets', SUBNETS_AT_MOST),
    ...many('securityGroups', GROUPS_AT_MOST),
  ];
}

function balancerRules({ loadBalancers, serviceRegistries }: JsonObject): Mistake[] {
  const mistakes = asObjects(loadBalancers).flatMap((balancer, i): Mistake[] => {
    const path = `loadBalancers[${i}]`;
    const { targetGroupArn, loadBalancerName } = balancer;
    if ((targetGroupArn === undefined) === (loadBalancerName === undefined))
      return [
        {
          subject: path,
          problem:
            targetGroupArn === undefined
              ? 'names neither a target group nor a Classic Load Balancer.'
              : 'names a target group and a Classic Load Balancer.',
          remedy: 'Write `targetGroupArn`, or `loadBalancerName` for a Classic Load Balancer.',
        },
      ];
    return ['containerName', 'containerPort'].flatMap((member) =>
      balancer[member] === undefined
        ? [
            {
              subject: `${path}.${member}`,
              problem: 'is missing.',
              remedy: 'ECS registers this port of this container.',
            },
          ]
        : [],
    );
  });
  if (asObjects(serviceRegistries).length > 1)
    mistakes.push({ subject: 'serviceRegistries', problem: 'lists several.', remedy: 'ECS takes one registry.' });
  return mistakes;
}

function deploymentRules({ deploymentConfiguration, schedulingStrategy }: JsonObject): Mistake[] {
  const { minimumHealthyPercent: min, maximumPercent: max } = objectOf(deploymentConfiguration);
  if (schedulingStrategy === 'DAEMON' || min !== 100 || max !== 100) return [];
  return [
    {
      subject: 'deploymentConfiguration.maximumPercent',
      problem:
        'with `minimumHealthyPercent` 100 no task may stop and none may start in its place: no rollout could move.',
      remedy: 'Raise it (200 is usual), or lower `minimumHealthyPercent`.',
    },
  ];
}

function tagRules({ tags }: JsonObject): Mistake[] {
  const all = asObjects(tags);
  const mistakes = all.flatMap(({ key, value }, i): Mistake[] => {
    const text = textOf(key);
    const subject = `tags[${i}]`;
    if (text === '') return [{ subject, problem: 'has no key.', remedy: 'Write `{"key": "team", "value": "web"}`.' }];
    if (/^aws:/i.test(text))
      return [
        {
          subject,
          problem: `\`${text}\` begins with \`aws:\`, which AWS keeps for itself.`,
          remedy: 'Choose another key.',
        },
      ];
    return text.length > KEY_AT_MOST || textOf(value).length > VALUE_AT_MOST
      ? [
          {
            subject,
            problem: 'is too long.',
            remedy: `A key has at most ${KEY_AT_MOST} characters, a value ${VALUE_AT_MOST}.`,
          },
        ]
      : [];
  });
  return all.length > TAGS_AT_MOST
    ? [
        ...mistakes,
        { subject: 'tags', problem: `lists ${all.length}.`, remedy: `A service takes at most ${TAGS_AT_MOST}.` },
      ]
    : mistakes;
}
