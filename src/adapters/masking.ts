import type { Masker } from '../masker.ts';
import type { Ecs, Github, Logs } from '../ports.ts';
import { secretValues } from '../secrets.ts';

/**
 * ECS that registers secrets in the environment of every task definition it reads, and of one before it is registered: AWS's errors
 * and the containers' own words quote such values.
 */
export function maskingEcs(ecs: Ecs, mask: (secret: string) => void): Ecs {
  const learn = (definition: Parameters<typeof secretValues>[0]): void => {
    for (const secret of secretValues(definition)) mask(secret);
  };
  return {
    ...ecs,
    async describeTaskDefinition(reference) {
      const revision = await ecs.describeTaskDefinition(reference);
      learn(revision.definition);
      return revision;
    },
    registerTaskDefinition(definition, tags) {
      learn(definition);
      return ecs.registerTaskDefinition(definition, tags);
    },
  };
}

/** CloudWatch Logs whose lines are masked before anything cuts them: half a secret is not recognised. */
export const maskedLogs = (logs: Logs, masker: Pick<Masker, 'data'>): Logs => ({
  ...logs,
  tail: async (query) => masker.data(await logs.tail(query)),
});

/** GitHub's API without secrets: the runner masks neither comments nor deployments. */
export const maskedGithub = (github: Github, masker: Pick<Masker, 'data'>): Github => ({
  createDeployment: (deployment) => github.createDeployment(masker.data(deployment)),
  setDeploymentStatus: (status) => github.setDeploymentStatus(masker.data(status)),
  putComment: (comment) => github.putComment(masker.data(comment)),
});
