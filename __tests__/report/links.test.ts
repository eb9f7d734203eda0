import { repositoryLink, revisionLink, serviceLink } from '../../src/report/links.ts';

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
