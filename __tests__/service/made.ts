import { Failure } from '../../src/failure.ts';
import type { Ecs } from '../../src/ports.ts';

export const arn = (name: number | string): string =>
  `arn:aws:ecs:eu-west-1:1:task-definition/${typeof name === 'number' ? `web:${name}` : name}`;

export type Calls = Pick<Ecs, 'listServiceDeployments' | 'describeServiceRevisions' | 'listTaskDefinitions'>;
const serviceRevision = (n: number): string => `arn:aws:ecs:eu-west-1:1:service-revision/shop/web/${n}`;

/** ECS that remembers deployments of revisions, oldest first, each a second after the one before; all its family is ACTIVE. */
export function remembering(past: {
  readonly succeeded?: readonly number[];
  readonly rolledBack?: readonly (readonly [n: number, at: number])[];
  readonly family?: readonly number[];
}): Calls & { readonly queries: unknown[] } {
  const queries: unknown[] = [];
  const brief = (n: number, createdAt: number) => ({
    arn: `sd/${n}`,
    targetServiceRevisionArn: serviceRevision(n),
    createdAt,
  });
  return {
    queries,
    async listServiceDeployments(query) {
      queries.push(query);
      const succeeded = query.statuses?.includes('SUCCESSFUL') ?? false;
      const some = succeeded
        ? (past.succeeded ?? []).map((n, i) => ({ ...brief(n, i + 1), status: 'SUCCESSFUL' }))
        : (past.rolledBack ?? []).map(([n, at]) => ({ ...brief(n, at), status: 'ROLLBACK_SUCCESSFUL' }));
      return some.reverse();
    },
    describeServiceRevisions: async (revisions) =>
      revisions.flatMap((one) => {
        const n = Number(one.split('/').at(-1));
        // What was deleted since is not described.
        return n === 666 ? [] : [{ arn: one, taskDefinitionArn: arn(n), images: [] }];
      }),
    listTaskDefinitions: async () => (past.family ?? []).toReversed().map(arn),
  };
}
export const denied = (operation: string) => async (): Promise<never> => {
  const api = { service: 'ecs', operation, name: 'AccessDeniedException', message: 'no' };
  throw new Failure('ACCESS_DENIED', 'no', { api });
};
