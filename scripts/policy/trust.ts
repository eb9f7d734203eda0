/**
 * The trust policy of a role: which jobs of which repository may assume it. It has no placeholders and trusts no name that a stranger may
 * take: what is not known ends in an error that says how to give it.
 */

import { fill, type RunFacts, UNKNOWN_REPOSITORY } from '../workflow/fill.ts';
import { type Files, homeOfStep } from '../workflow/home.ts';
import { type ActionStep, type Caller, outermost } from '../workflow/steps.ts';
import { variantsOf } from '../workflow/variants.ts';

const PROVIDER = 'token.actions.githubusercontent.com';

type Facts = Pick<RunFacts, 'github' | 'given'>;

/** A repository as GitHub names it, with the ids that it keeps for ever. */
export interface TrustedRepository {
  readonly owner: string;
  readonly name: string;
  readonly ownerId: string;
  readonly id: string;
}

/** `acme@123/web@456`, with or without the `repo:` before it: what `gh api` prints. @throws an error that shows the form */
export function repositoryIn(text: string): TrustedRepository {
  const [, owner, ownerId, name, id] = /^(?:repo:)?([\w.-]+)@(\d+)\/([\w.-]+)@(\d+)$/.exec(text.trim()) ?? [];
  if (owner === undefined || ownerId === undefined || name === undefined || id === undefined)
    throw new Error(`--repository takes OWNER@ID/NAME@ID, such as acme@9919/web@1296269, not "${text}".`);
  return { owner, ownerId, name, id };
}

/** @throws an error with the command that prints what is missing */
export function repositoryOf({ github, given }: Facts, option: string | undefined): TrustedRepository {
  if (option !== undefined) return repositoryIn(option);
  const named = given.get('github.repository') ?? github.repository ?? UNKNOWN_REPOSITORY;
  const [ownerId, id] = [given.get('github.repository_owner_id'), given.get('github.repository_id')];
  const [owner, name] = named.split('/');
  if (named !== UNKNOWN_REPOSITORY && owner && name && ownerId && id) return { owner, ownerId, name, id };
  const shown = named === UNKNOWN_REPOSITORY ? 'ORG/REPO' : named;
  throw new Error(`--trust needs the repository with its ids, because a name can be given to another owner: --repository OWNER@ID/NAME@ID.
This prints it: gh api repos/${shown} --jq '"\\(.owner.login)@\\(.owner.id)/\\(.name)@\\(.id)"'`);
}

/**
 * The `sub` of a job's token, from the part behind the repository: its environment, else the kind of event, else the ref.
 * https://docs.github.com/en/actions/reference/security/oidc
 * @throws an error for an environment whose name only GitHub knows: any name would trust every job of the repository
 */
export function subjectsOf(step: ActionStep, facts: Facts = { github: {}, given: new Map() }): string[] {
  const environments = environmentsOf(step, facts);
  if (environments.length > 0) return environments.map((name) => `environment:${name}`);
  const { workflow } = outermost(step);
  return workflow.events.flatMap((event) => {
    if (event.startsWith('pull_request')) return ['pull_request'];
    // A release runs for its tag, whatever its name is.
    if (event === 'release') return ['ref:refs/tags/*'];
    if (event === 'push' && workflow.refs.length > 0) return workflow.refs.flatMap(refPattern);
    // By hand or on a schedule the ref is the branch that it runs on; a called workflow has the events of its caller.
    return ['ref:refs/heads/main'];
  });
}

/** A filter of GitHub in the words of IAM, which has `*` and `?` alone; one that excludes trusts nothing. */
const refPattern = (ref: string): string[] =>
  /^refs\/\w+\/!/.test(ref)
    ? []
    : [`ref:${ref.replaceAll(/\*+|\[[^\]]*\][+?*]*|.[+?]/g, '*').replaceAll(/\*(?:\.?\*)+/g, '*')}`];

/** Its names, one for each value that a matrix, a choice or a caller gives; none where the job has none. */
function environmentsOf(step: ActionStep, { github, given }: Facts): string[] {
  let job: ActionStep | Caller = step;
  while (job.workflow.isAction && job.caller) job = job.caller;
  if (job.environment === undefined) return [];
  const probe = { ...job, title: '', uses: '', with: { environment: job.environment } };
  const unknown = (path: string): Error =>
    new Error(`only GitHub knows \`${path}\`. Give each role one environment: --set ${path}=production.`);
  const makeUp = (path: readonly string[]): string => {
    throw unknown(path.join('.'));
  };
  try {
    const names = variantsOf(probe).map((variant) => {
      const { inputs, assumptions } = fill(probe, { github, given: new Map([...variant, ...given]), makeUp });
      const open = assumptions.find(({ source }) => source === 'left out');
      if (open) throw unknown(open.path);
      return inputs.environment ?? '';
    });
    // Without a name, a job has no environment.
    return [...new Set(names)].filter((name) => name !== '');
  } catch (thrown) {
    throw new Error(`${step.job}, line ${step.line}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

export interface TrustOptions {
  readonly facts: Facts;
  readonly repository: TrustedRepository;
  /** Where a task definition may name the account of a role that the workflow does not name. */
  readonly files?: Files;
  /** In place of the one in `role-to-assume`. */
  readonly account?: string | undefined;
  /** `acme/workflows/.github/workflows/deploy.yml@refs/tags/v1`: the reusable workflow that alone may assume the role. */
  readonly workflow?: string | undefined;
  /** Of a GitHub Enterprise Server; without it github.com. */
  readonly hostname?: string | undefined;
}

/**
 * GitHub writes the names alone into `sub`, or names and ids for repositories made or renamed since 15 July 2026. Both are there, and the id
 * of the repository is a condition of its own, so that the names alone trust no other repository which gets them. Of an Enterprise Server the
 * names are all that there is: AWS has keys of other claims for github.com alone.
 * https://docs.github.com/en/actions/concepts/security/openid-connect
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (repository_id, job_workflow_ref)
 * @throws an error for what is not known
 */
export function trustPolicyOf(steps: readonly ActionStep[], options: TrustOptions): object {
  const { facts, repository, workflow, hostname } = options;
  if (hostname !== undefined && !/^[a-z\d][a-z\d.-]*(?::\d+)?$/i.test(hostname))
    throw new Error(`--hostname takes the name of the server alone, such as github.example.com, not "${hostname}".`);
  if (hostname !== undefined && workflow !== undefined)
    throw new Error('--job-workflow-ref is for github.com: AWS reads that claim of no other issuer.');
  const provider = hostname === undefined ? PROVIDER : `${hostname}/_services/token`;
  const { owner, ownerId, name, id } = repository;
  const subjects = [...new Set(steps.flatMap((step) => subjectsOf(step, facts)))];
  const all = subjects.flatMap((one) => [
    `repo:${owner}/${name}:${one}`,
    ...(hostname === undefined ? [`repo:${owner}@${ownerId}/${name}@${id}:${one}`] : []),
  ]);
  const { account, partition } = accountOf(steps, options);
  const conditions: readonly (readonly [key: string, values: readonly string[]])[] = [
    ['aud', [audienceOf(steps, facts)]],
    ...(hostname === undefined ? [['repository_id', [id]] as const] : []),
    ['sub', all],
    ...(workflow === undefined ? [] : [['job_workflow_ref', [workflow]] as const]),
  ];
  const ofKind = (wild: boolean): object =>
    Object.fromEntries(
      conditions.flatMap(([key, values]) =>
        values.some((one) => one.includes('*')) === wild
          ? [[`${provider}:${key}`, values.length === 1 ? values[0] : values]]
          : [],
      ),
    );
  const like = ofKind(true);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: ofKind(false), ...(Object.keys(like).length > 0 ? { StringLike: like } : {}) },
      },
    ],
  };
}

const valuesOf = (steps: readonly ActionStep[], input: string, { github, given }: Facts): string[] => [
  ...new Set(
    steps.flatMap((step) => {
      const text = step.with[input];
      if (text === undefined) return [];
      const probe = { ...step, with: { [input]: text } };
      return variantsOf(probe).map(
        (variant) =>
          fill(probe, { github, given: new Map([...variant, ...given]), makeUp: () => '' }).inputs[input] ?? '',
      );
    }),
  ),
];

function accountOf(
  steps: readonly ActionStep[],
  { facts, account, files }: TrustOptions,
): { readonly account: string; readonly partition: string } {
  const roles = valuesOf(steps, 'role-to-assume', facts).flatMap((role) => {
    const [, partition = '', id = ''] = /^arn:([\w-]+):iam::(\d{12}):/.exec(role) ?? [];
    return id === '' ? [] : [{ account: id, partition }];
  });
  const [only] = roles;
  if (account !== undefined)
    return { account, partition: roles.find((one) => one.account === account)?.partition ?? only?.partition ?? 'aws' };
  const accounts = new Set(roles.map((one) => one.account));
  if (only !== undefined && accounts.size === 1) return only;
  const homes = accounts.size > 0 || files === undefined ? [] : steps.map((step) => homeOfStep(step, facts, files));
  const ids = [...new Set(homes.flatMap((home) => home.account ?? []))];
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return { account: id, partition: partitionOf(homes[0]?.region ?? '') };
  throw new Error(
    accounts.size === 0
      ? '--trust needs the AWS account of the role, which neither the workflow nor its task definition names: --account ID.'
      : `The role is in ${accounts.size} accounts, each with its own trust policy: --account ${[...accounts].join(' or ')}.`,
  );
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** For steps that assume no role: what they need before this trust policy is of use. */
export const withoutRole = (steps: readonly ActionStep[], account: string): string =>
  steps.some((step) => step.with['role-to-assume'] !== undefined)
    ? ''
    : `Note: no step assumes a role, so nothing uses this policy yet. To move from access keys to OpenID Connect, create a role with it, write in the step
  role-to-assume: arn:aws:iam::${account}:role/NAME
give its job
  permissions: { id-token: write, contents: read }
and remove the step that sets the keys. Other steps that use them keep aws-actions/configure-aws-credentials, with the same \`role-to-assume\`.`;

function audienceOf(steps: readonly ActionStep[], facts: Facts): string {
  const [audience = 'sts.amazonaws.com'] = valuesOf(steps, 'audience', facts);
  if (audience === '') throw new Error('--trust: only GitHub knows the `audience` of the step; --set gives its value.');
  return audience;
}
