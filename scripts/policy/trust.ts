/** The trust policy of a role: which jobs of which repository may assume it. */
import { interpolate } from '../workflow/expressions.ts';
import { UNKNOWN_REPOSITORY } from '../workflow/repository.ts';
import type { ActionStep, Caller, RunFacts } from '../workflow/steps.ts';

const PROVIDER = 'token.actions.githubusercontent.com';

/** What has to be put in where the facts do not have it. */
export const PLACEHOLDERS = { owner: 'OWNER_ID', repository: 'REPOSITORY_ID' };

/**
 * The `sub` of a job's token: its environment, else the kind of event, else the ref.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function subjectsOf(step: ActionStep): string[] {
  const { environment } = step;
  let outer: ActionStep | Caller = step;
  while (outer.caller) outer = outer.caller;
  const { workflow } = outer;
  if (environment !== undefined) {
    const names = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(environment)?.[1];
    const options = names === undefined ? undefined : (step.caller ?? step).workflow.inputs[names]?.options;
    if (options) return options.map((option) => `environment:${option}`);
    const ofMatrix = /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(environment)?.[1];
    const values = [
      ...new Set([step, outer].flatMap((one) => one.workflow.matrix.flatMap((row) => row[ofMatrix ?? ''] ?? []))),
    ];
    if (values.length > 0) return values.map((value) => `environment:${String(value)}`);
    return [`environment:${environment.includes('${{') ? wild(environment) : environment}`];
  }
  return workflow.events.flatMap((event) => {
    if (event.startsWith('pull_request')) return ['pull_request'];
    if (event === 'push' && workflow.refs.length > 0) return workflow.refs.map((ref) => `ref:${ref}`);
    // By hand or on a schedule the ref is the branch that it runs on; a called workflow has the events of its caller.
    return ['ref:refs/heads/main'];
  });
}

/** An expression may give any name. */
const wild = (text: string): string => text.replaceAll(/\$\{\{[\s\S]*?\}\}/g, '*');

/** `my-org/shop`; undefined where neither `--set` nor a remote names it: a made-up one may exist and belong to others. */
function repositoryOf({ github, given }: Pick<RunFacts, 'github' | 'given'>): string | undefined {
  const named = given.get('github.repository') ?? github.repository;
  return named === UNKNOWN_REPOSITORY ? undefined : named;
}

/** What is left to be filled in. */
export function trustNotesOf({ github, given }: RunFacts): string[] {
  const repository = repositoryOf({ github, given });
  const ids = given.has('github.repository_owner_id') && given.has('github.repository_id');
  return [
    ...(repository === undefined
      ? ['The repository is not known (no remote `origin`): OWNER/NAME. Give it with --set github.repository=ORG/REPO.']
      : []),
    ...(ids
      ? []
      : [
          `Of the two forms of each \`sub\` keep the one that GitHub writes for your repository: gh api repos/${repository ?? 'ORG/REPO'} --jq '"repo:\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"' prints it with the ids; repositories made before 15 July 2026 and not renamed since have none.`,
        ]),
  ];
}

/**
 * The subject with names alone, and the one with the ids of owner and repository that repositories made or renamed since 15 July 2026
 * have. https://docs.github.com/en/actions/concepts/security/openid-connect
 */
export function trustPolicyOf(steps: readonly ActionStep[], { github, given }: RunFacts): object {
  const [owner = 'OWNER', name = 'NAME'] = repositoryOf({ github, given })?.split('/') ?? [];
  const ownerId = given.get('github.repository_owner_id') ?? PLACEHOLDERS.owner;
  const id = given.get('github.repository_id') ?? PLACEHOLDERS.repository;
  const subjects = [...new Set(steps.flatMap(subjectsOf))];
  const all = subjects.flatMap((one) => [
    `repo:${owner}/${name}:${one}`,
    `repo:${owner}@${ownerId}/${name}@${id}:${one}`,
  ]);
  const [account] = steps.flatMap((step) => /:iam::(\d{12}):/.exec(step.with['role-to-assume'] ?? '')?.[1] ?? []);
  const audience = steps[0]?.with.audience ?? 'sts.amazonaws.com';
  const matches = all.some((one) => one.includes('*')) ? 'StringLike' : 'StringEquals';
  const equals = { [`${PROVIDER}:aud`]: interpolate(audience, () => '*') };
  const sub = { [`${PROVIDER}:sub`]: all };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account ?? 'ACCOUNT_ID'}:oidc-provider/${PROVIDER}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition:
          matches === 'StringEquals'
            ? { StringEquals: { ...equals, ...sub } }
            : { StringEquals: equals, StringLike: sub },
      },
    ],
  };
}
