import {
  deploymentsLink,
  logLink,
  repositoryLink,
  revisionLink,
  serviceLink,
  taskLink,
} from '../../src/report/links.ts';

const service = (name: string) => ({
  arn: `arn:aws:ecs:eu-west-1:123456789012:service/shop/${name}`,
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
  name,
});

test('a quote in a name cannot end an attribute', () => {
  expect(serviceLink(service("we'b"))).toContain('/services/we%27b/health');
});

test.each(['web', 'web:', 'web:1a', 'web:1:2'])('%s is not the name of a revision', (name) =>
  expect(revisionLink(`arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}`)).toBeUndefined(),
);

test.each(['ghcr.io/acme/web', '123456789012.dkr.ecr.us-iso-east-1.amazonaws.com/web', 'web'])(
  '%s has no page in a console that is known',
  (repository) => expect(repositoryLink(repository)).toBeUndefined(),
);

const HOME = 'https://eu-west-1.console.aws.amazon.com';
const IN = '?region=eu-west-1';
const ecs = (resource: string, partition = 'aws'): string => `arn:${partition}:ecs:eu-west-1:123456789012:${resource}`;

test('the pages of a service', () => {
  const place = service('web');
  expect(serviceLink(place)).toBe(`${HOME}/ecs/v2/clusters/shop/services/web/health${IN}`);
  expect(deploymentsLink(place)).toBe(`${HOME}/ecs/v2/clusters/shop/services/web/deployments${IN}`);
  expect(serviceLink({ ...place, name: 'a/b c:d' })).toBe(
    `${HOME}/ecs/v2/clusters/shop/services/a%2Fb%20c:d/health${IN}`,
  );
});

test.each([
  ['aws', 'console.aws.amazon.com'],
  ['aws-cn', 'console.amazonaws.cn'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ['aws-eusc', 'console.amazonaws-eusc.eu'],
  ['aws-iso', undefined],
  ['constructor', undefined],
])('the console of the partition %s is %s', (partition, host) => {
  const link = host && `https://eu-west-1.${host}/ecs/v2/task-definitions/web/7/containers${IN}`;
  expect(revisionLink(ecs('task-definition/web:7', partition))).toBe(link);
});

test.each(['web', '', 'arn', `x${ecs('service/web')}`, 'arn:aws:ecs::123456789012:service/web', ecs('')])(
  '%j is no ARN with a page',
  (arn) => {
    const links = [serviceLink({ ...service('web'), arn }), revisionLink(arn), taskLink(arn, 'shop')];
    expect(links).toEqual([undefined, undefined, undefined]);
  },
);

test('the page of a revision with a long number', () =>
  expect(revisionLink(ecs('task-definition/web:1234'))).toBe(
    `${HOME}/ecs/v2/task-definitions/web/1234/containers${IN}`,
  ));

test.each([ecs('xtask-definition/web:1'), ecs('task-definition/web:1/x'), ecs('task/shop/1')])(
  '%s is no revision',
  (arn) => expect(revisionLink(arn)).toBeUndefined(),
);

test.each([
  [ecs('task/shop/abc'), 'shop', `${HOME}/ecs/v2/clusters/shop/tasks/abc/configuration${IN}`],
  [ecs('task/abc'), ecs('cluster/old'), `${HOME}/ecs/v2/clusters/old/tasks/abc/configuration${IN}`],
  [ecs('service/shop/abc'), 'shop', undefined],
])('the page of the task %s in %s', (arn, cluster, link) => expect(taskLink(arn, cluster)).toBe(link));

test('the page of a log stream has group and stream encoded twice', () => {
  expect(logLink({ partition: 'aws', region: 'eu-west-1' }, '/ecs/web', 'app/a b/1')).toBe(
    `${HOME}/cloudwatch/home${IN}#logsV2:log-groups/log-group/$252Fecs$252Fweb/log-events/app$252Fa$2520b$252F1`,
  );
  expect(logLink({ partition: 'aws-iso', region: 'us-iso-east-1' }, 'g', 's')).toBeUndefined();
});

const own = (host: string, region: string, path: string): string =>
  `https://${region}.${host}/ecr/repositories/private/123456789012/${path}?region=${region}`;
test.each<[repository: string, digest: string | undefined, link: string | undefined]>([
  ['public.ecr.aws/acme/web', undefined, 'https://gallery.ecr.aws/acme/web'],
  ['public.ecr.aws/acme/web', 'sha256:1', 'https://gallery.ecr.aws/acme/web'],
  ['xpublic.ecr.aws/acme/web', undefined, undefined],
  ['public.ecr.aws/acme/web"', undefined, undefined],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web',
    undefined,
    own('console.aws.amazon.com', 'eu-west-1', 'team/web'),
  ],
  [
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
    'sha256:1',
    own('console.aws.amazon.com', 'eu-west-1', 'web/_/image/sha256:1/details'),
  ],
  [
    '123456789012.dkr-ecr-fips.us-gov-west-1.on.aws/web',
    undefined,
    own('console.amazonaws-us-gov.com', 'us-gov-west-1', 'web'),
  ],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web', undefined, own('console.amazonaws.cn', 'cn-north-1', 'web')],
  [
    '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/web',
    undefined,
    own('console.amazonaws-eusc.eu', 'eusc-de-east-1', 'web'),
  ],
  ['12345678901.dkr.ecr.eu-west-1.amazonaws.com/web', undefined, undefined],
  ['x123456789012.dkr.ecr.eu-west-1.amazonaws.com/web', undefined, undefined],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', undefined, undefined],
])('the page of %s, digest %s', (repository, digest, link) => expect(repositoryLink(repository, digest)).toBe(link));
