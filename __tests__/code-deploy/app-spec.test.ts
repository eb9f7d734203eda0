import {
  appSpecMistakes,
  describeDeployment,
  makeAppSpec,
  readAppSpec,
  revisionIn,
  withRevision,
} from '../../src/code-deploy/app-spec.ts';
import type { Failure } from '../../src/failure.ts';
import type { Json, JsonObject, ServiceState, TaskDefinition } from '../../src/model.ts';
import { service } from '../report/made.ts';

const BALANCER = { ContainerName: 'app', ContainerPort: 80 };
const spec = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  version: 0.0,
  Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties: properties } }],
  ...rest,
});
const NETWORK = { AwsvpcConfiguration: { Subnets: ['s'], SecurityGroups: ['g'], AssignPublicIp: 'DISABLED' } };
const mistakes = (given: Json): string[] => {
  try {
    readAppSpec(given, 'appspec.yml');
  } catch (thrown) {
    const failure = thrown as Failure;
    expect(failure.message).toBe('The AppSpec appspec.yml has mistakes; nothing was changed.');
    return failure.mistakes.map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`);
  }
  return [];
};

describe('an AppSpec of a file', () => {
  test('is sent with the names that CodeDeploy documents, in whatever case they are written', () => {
    const given = {
      resources: [
        {
          Any: {
            type: 'AWS::ECS::Service',
            properties: {
              taskDefinition: '<TASK_DEFINITION>',
              loadBalancerInfo: { containerName: 'app', containerPort: '80' },
              platformversion: '1.4.0',
              networkConfiguration: {
                awsvpcConfiguration: { subnets: ['s'], securityGroups: ['g'], assignPublicIp: 'DISABLED' },
              },
              capacityProviderStrategy: [{ Base: 1 }],
            },
          },
        },
      ],
      hooks: [{ afterallowtraffic: 'check' }, { BeforeInstall: 'prepare' }],
    };
    const hooks = [
      ['AfterAllowTraffic', 'check'],
      ['BeforeInstall', 'prepare'],
    ];
    expect(readAppSpec(given, 'appspec.yml')).toEqual({
      container: 'app',
      port: 80,
      hooks,
      content: spec(
        {
          LoadBalancerInfo: BALANCER,
          PlatformVersion: '1.4.0',
          NetworkConfiguration: NETWORK,
          CapacityProviderStrategy: [{ Base: 1 }],
        },
        { Hooks: hooks.map(([event = '', lambda = '']) => ({ [event]: lambda })) },
      ),
    });
  });

  test.each<[string, JsonObject]>([
    ['no hooks', {}],
    ['empty ones', { Hooks: [] }],
    ['null', { Hooks: null }],
  ])('%s: none is sent', (_, hooks) => {
    const { content } = readAppSpec(spec({ LoadBalancerInfo: BALANCER }, hooks), 'a');
    expect(content).toEqual(spec({ LoadBalancerInfo: BALANCER }));
  });

  test('hooks as one map', () => {
    const { hooks } = readAppSpec(spec({ LoadBalancerInfo: BALANCER }, { Hooks: { AfterInstall: 'a' } }), 'a');
    expect(hooks).toEqual([['AfterInstall', 'a']]);
  });

  const NO_BALANCER =
    /^Properties\.LoadBalancerInfo: needs ContainerName and ContainerPort \(a number\)\. Resources > /;
  test.each<[string, Json, readonly RegExp[]]>([
    [
      'a text',
      'x',
      [/^Resources: has no resource of the type AWS::ECS::Service with Properties\. Resources > TargetService/],
    ],
    ['no resource', { Resources: [] }, [/^Resources: has no resource/]],
    [
      'another type',
      { Resources: [{ A: { Type: 'X', Properties: { LoadBalancerInfo: BALANCER } } }] },
      [/^Resources: has no/],
    ],
    [
      'two resources',
      {
        ...spec({ LoadBalancerInfo: BALANCER }),
        Resources: [...(spec({ LoadBalancerInfo: BALANCER }).Resources as Json[]), {}],
      },
      [/^Resources: has 2 resources; a deployment of ECS takes one\. Keep one\.$/],
    ],
    ['no load balancer', spec({}), [NO_BALANCER]],
    ['no container', spec({ LoadBalancerInfo: { ContainerPort: 80 } }), [NO_BALANCER]],
    ['an empty container', spec({ LoadBalancerInfo: { ContainerName: '', ContainerPort: 80 } }), [NO_BALANCER]],
    ['a port in words', spec({ LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 'http' } }), [NO_BALANCER]],
    [
      'a port of six digits',
      spec({ LoadBalancerInfo: { ContainerName: 'app', ContainerPort: '123456' } }),
      [NO_BALANCER],
    ],
    [
      'misspelt and unknown properties',
      spec({ LoadBalancerInfo: BALANCER, PlatformVersoin: 'x', Colour: 'x' }),
      [
        /^Properties\.PlatformVersoin: is not a property that CodeDeploy knows\. Did you mean PlatformVersion\?$/,
        /^Properties\.Colour: .* It knows TaskDefinition, LoadBalancerInfo, PlatformVersion, NetworkConfiguration, CapacityProviderStrategy\.$/,
      ],
    ],
    [
      'a part of the network',
      spec({ LoadBalancerInfo: BALANCER, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['s'] } } }),
      [/AwsvpcConfiguration: has no SecurityGroups, AssignPublicIp: CodeDeploy takes all three or none\. Give Subnets/],
    ],
    [
      'hooks that are none',
      spec(
        { LoadBalancerInfo: BALANCER },
        { Hooks: [{ AfterInstal: 'a' }, { AfterInstall: '' }, { AfterInstall: 1 }] },
      ),
      [
        /^Hooks\.AfterInstal: is not a lifecycle event with a hook\. Did you mean AfterInstall\?$/,
        /^Hooks\.AfterInstall: names no Lambda function\. Give its name or ARN, or remove the hook\.$/,
        /^Hooks\.AfterInstall: names no Lambda/,
      ],
    ],
  ])('%s: every mistake at once', (_, given, found) =>
    expect(mistakes(given)).toEqual(found.map((words) => expect.stringMatching(words))),
  );
});

describe('an AppSpec made of the service', () => {
  const BEHIND = { targetGroupArn: 'arn', containerName: 'app', containerPort: 80 };
  const of = (rest: Partial<ServiceState>): ServiceState =>
    service([], { loadBalancers: [BEHIND], subnets: [], securityGroups: [], ...rest });

  test.each<[string, Partial<ServiceState>, JsonObject]>([
    ['nothing else', {}, {}],
    ['its platform version', { platformVersion: '1.4.0' }, { PlatformVersion: '1.4.0' }],
    [
      'its network',
      { subnets: ['s'], securityGroups: ['g'], assignPublicIp: false },
      { NetworkConfiguration: NETWORK },
    ],
    [
      'a public address',
      { subnets: ['s'], securityGroups: ['g'], assignPublicIp: true },
      { NetworkConfiguration: { AwsvpcConfiguration: { ...NETWORK.AwsvpcConfiguration, AssignPublicIp: 'ENABLED' } } },
    ],
    ['a network without groups, which CodeDeploy does not take', { subnets: ['s'], assignPublicIp: true }, {}],
    ['a network without subnets', { securityGroups: ['g'], assignPublicIp: true }, {}],
    ['a network whose address is not known', { subnets: ['s'], securityGroups: ['g'] }, {}],
    [
      'its capacity providers',
      { placement: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] } } as never,
      { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }] },
    ],
  ])('has %s', (_, rest, properties) => {
    expect(makeAppSpec(of(rest))).toEqual({
      container: 'app',
      port: 80,
      hooks: [],
      content: spec({ LoadBalancerInfo: BALANCER, ...properties }),
    });
  });

  test('keeps the hooks, and the load balancer of the task set that serves', () => {
    const taskSets = [
      { status: 'ACTIVE', loadBalancers: [{ ...BEHIND, containerName: 'old' }] },
      { status: 'PRIMARY', loadBalancers: [{ targetGroupArn: 'arn' }, { ...BEHIND, containerPort: 81 }] },
    ] as never;
    const made = makeAppSpec(of({ taskSets }), [['AfterInstall', 'check']]);
    expect([made.port, made.hooks, made.content.Hooks]).toEqual([
      81,
      [['AfterInstall', 'check']],
      [{ AfterInstall: 'check' }],
    ]);
  });

  test.each<[string, ServiceState['loadBalancers']]>([
    ['no load balancer', []],
    ['one without a container', [{ targetGroupArn: 'arn', containerPort: 80 }] as never],
    ['one without a port', [{ targetGroupArn: 'arn', containerName: 'app' }] as never],
  ])('cannot be made of a service with %s', (_, loadBalancers) => {
    expect(() => makeAppSpec(of({ loadBalancers }))).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: 'The service web has no load balancer that an AppSpec could be made from.',
        remedy: 'Give the AppSpec in `codedeploy-appspec`.',
      }),
    );
  });
});

test.each<[string, JsonObject, string | undefined, JsonObject]>([
  ['as it is', { LoadBalancerInfo: BALANCER }, undefined, { LoadBalancerInfo: BALANCER }],
  ['with the platform version that it has', { PlatformVersion: '1.3.0' }, undefined, { PlatformVersion: '1.3.0' }],
  ['with the platform version of the inputs', { PlatformVersion: '1.3.0' }, 'LATEST', { PlatformVersion: 'LATEST' }],
])('the AppSpec of a revision: %s', (_, properties, version, expected) => {
  expect(JSON.parse(withRevision(spec(properties, { Hooks: [] }), 'arn:web:7', version))).toEqual(
    spec({ TaskDefinition: 'arn:web:7', ...expected }, { Hooks: [] }),
  );
});

test.each<[string | undefined, string | undefined]>([
  [
    '{"Properties":{"TaskDefinition":"arn:aws:ecs:eu-west-1:1:task-definition/web:7","X":1}}',
    'arn:aws:ecs:eu-west-1:1:task-definition/web:7',
  ],
  ['Properties:\n  taskDefinition: "web:7"\n  X: 1', 'web:7'],
  ["TaskDefinition : 'web:7'", 'web:7'],
  ['Properties: {}', undefined],
  ['TaskDefinition: ""', undefined],
  [undefined, undefined],
])('the revision in %j: %s', (text, revision) => expect(revisionIn(text)).toBe(revision));

test.each<[string, object, readonly string[]]>([
  ['fits', { name: 'app', portMappings: [{ containerPort: 79 }, { containerPort: 80 }] }, []],
  [
    'another container',
    { name: 'apps', portMappings: [{ containerPort: 80 }] },
    ['LoadBalancerInfo.ContainerName: `app` is not a container of web. Did you mean apps?'],
  ],
  [
    'other ports',
    { name: 'app', portMappings: [{ containerPort: 8080 }, { containerPort: 'x' }, 'y', { containerPort: 81 }] },
    ['LoadBalancerInfo.ContainerPort: 80 is not a containerPort of app in web. It has 8080, 81.'],
  ],
  [
    'no ports',
    { name: 'app' },
    ['LoadBalancerInfo.ContainerPort: 80 is not a containerPort of app in web. Add it to its portMappings.'],
  ],
])('a task definition for the AppSpec: %s', (_, container, expected) => {
  const definition = { family: 'web', containerDefinitions: [container] } as unknown as TaskDefinition;
  const appSpec = { container: 'app', port: 80, hooks: [], content: {} };
  expect(
    appSpecMistakes(appSpec, definition).map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`),
  ).toEqual(expected);
});

test('a deployment is described by its revision, commit and run', () => {
  expect(
    describeDeployment({ repository: 'acme/web', sha: 'c0ffee0000000000', runId: '42' }, 'arn:x:task-definition/web:7'),
  ).toBe('web:7 of acme/web@c0ffee000000, run 42');
});
