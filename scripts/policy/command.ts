/** The IAM policy that the steps of a workflow file need: what `npm run policy` does and prints. */
import { readFileSync } from 'node:fs';
import { readsValues } from '../../src/rights/consequences.ts';
import type { Right } from '../../src/rights/needed.ts';
import { readNamedFile, readOptions, WORKFLOW_FILE } from '../command-line.ts';
import { givenOf, type RunFacts, unusedGiven } from '../workflow/fill.ts';
import { gitFacts, rootOf } from '../workflow/repository.ts';
import { type ActionStep, migratedStepsIn, otherStepsIn, outermost, stepsIn, whyNoStep } from '../workflow/steps.ts';
import { otherStepsNotes } from './other-steps.ts';
import { charactersOf, INLINE_CHARACTERS, MANAGED_CHARACTERS, policyOf } from './statements.ts';
import { repositoryOf, subjectsOf, trustPolicyOf, withoutRole } from './trust.ts';
import { policiesOf } from './workflow-policy.ts';

const HELP = `Usage: npm run -s policy -- WORKFLOW.yml [options]

Prints the IAM policy that the steps of the workflow need which use this action, one for each role, as JSON. The task
definition is read from the file that the step names. What only GitHub knows (secrets, variables) becomes \`*\`.

  --account ID            the AWS account, where neither role nor task definition names it
  --task-definition FILE  for steps that name no file: an export of the AWS CLI, or the template
  --set PATH=VALUE        value of an expression, such as --set vars.STAGE=blue; may be given more than once
  --minimal               only what a run cannot do without; the other actions explain failures and check beforehand
  --read-values           also what lets the preflight look for JSON keys in secrets, and for environment files: it can
                          read their values. Never for a role that the job of a pull request may assume
  --trust                 the trust policy of the role, for the jobs of the workflow in one repository
  --repository NAMES      that repository with its ids, OWNER@ID/NAME@ID
  --job-workflow-ref REF  trust these jobs only inside one reusable workflow, ORG/REPO/.github/workflows/FILE.yml@REF
  --hostname NAME         of your GitHub Enterprise Server, whose tokens the trust policy is about
  --help                  this text`;

/** Where it prints. */
export interface Printer {
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * @param args the words behind `npm run policy --`
 * @returns the exit code
 */
export function policyCommand(args: readonly string[], { write, error }: Printer): 0 | 1 {
  try {
    printPolicies(args, { log: (line) => write(`${line}\n`), note: (line) => error(`${line}\n`) });
    return 0;
  } catch (thrown) {
    error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 1;
  }
}

type TrustFacts = Pick<RunFacts, 'github' | 'given'>;
type Print = (line: string) => void;

function printPolicies(
  args: readonly string[],
  { log, note: remark }: { readonly log: Print; readonly note: Print },
): void {
  const { values, positionals } = readOptions('policy', {
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      'task-definition': { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      minimal: { type: 'boolean', default: false },
      'read-values': { type: 'boolean', default: false },
      trust: { type: 'boolean', default: false },
      repository: { type: 'string' },
      'job-workflow-ref': { type: 'string' },
      hostname: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    log(HELP);
    return;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new Error(
      'Give one workflow file: npm run -s policy -- .github/workflows/deploy.yml. All options: npm run -s policy -- --help',
    );
  if (values.account !== undefined && !/^\d{12}$/.test(values.account))
    throw new Error(`--account takes 12 digits, not "${values.account}".`);
  readNamedFile(file, WORKFLOW_FILE);
  const root = rootOf(file);
  const own = stepsIn(file, root);
  // Of a workflow before its migration: what its step will need.
  const steps = own.length > 0 ? own : migratedStepsIn(file, root);
  if (steps.length === 0) throw new Error(whyNoStep(file, { root, command: 'policy' }));
  const facts = { github: gitFacts(root), given: new Map(values.set.map(givenOf)) };
  for (const line of unusedGiven(facts.given, { steps, text: readFileSync(file, 'utf8') })) remark(`Note: ${line}`);
  const { account } = values;
  if (values.trust) {
    const repository = repositoryOf(facts, values.repository);
    const files = { root, taskDefinition: values['task-definition'] };
    const workflow = values['job-workflow-ref'];
    const byRole = [...Map.groupBy(steps, (step) => step.with['role-to-assume'])];
    // All of them before the first is printed: half of an answer looks like a whole one.
    const trusts = byRole.map(([role, own]) => ({
      role,
      trust: trustPolicyOf(own, { facts, repository, account, workflow, hostname: values.hostname, files }),
    }));
    for (const { role, trust } of trusts) {
      if (trusts.length > 1) remark(`Role ${role ?? 'of the job'}:`);
      const id = /:iam::(\d{12}):/.exec(JSON.stringify(trust))?.[1] ?? '';
      const note = role === undefined ? withoutRole(steps, id) : '';
      if (note !== '') remark(note);
      const shared = sharedWithPullRequests(byRole.find(([own]) => own === role)?.[1] ?? [], facts);
      if (shared !== '') remark(shared);
      log(JSON.stringify(trust, null, 2));
    }
    return;
  }
  const policies = policiesOf(steps, { facts, root, account, taskDefinition: values['task-definition'] });
  const others = otherStepsIn(file, root);
  for (const { role, rights: all, notes } of policies) {
    if (policies.length > 1) remark(`Role ${role ?? 'of the job'}:`);
    const users = steps.filter((step) => step.with['role-to-assume'] === role);
    const kept = withoutValues(all, {
      asked: values['read-values'],
      minimal: values.minimal,
      open: users.some((step) => trustsPullRequests(step, facts)),
    });
    const { rights } = kept;
    for (const note of [...notes, ...passingNotes(rights, role), ...kept.notes, ...otherStepsNotes(others, role, root)])
      remark(`Note: ${note}`);
    const policy = policyOf(values.minimal ? rights.filter(({ needed }) => needed) : rights);
    log(JSON.stringify(policy, null, 2));
    const note = sizeNote(charactersOf(policy), charactersOf(policyOf(rights.filter(({ needed }) => needed))));
    if (note !== '') remark(note);
  }
}

/** Roles that this one passes and may not pass, and those that are not known yet. @param role that the step assumes, as written */
function passingNotes(rights: readonly Right[], role: string | undefined): string[] {
  const passed = [...new Set(rights.filter(({ action }) => action === 'iam:PassRole').flatMap((one) => one.resources))];
  const own = accountOf(role ?? '');
  const others = passed.filter((one) => own !== undefined && (accountOf(one) ?? own) !== own);
  const notes: string[] = [];
  if (others.length > 0)
    notes.push(
      `ECS takes roles of its own account alone, and the role of the job is of ${own}: ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} of another one. Correct executionRoleArn and taskRoleArn in the task definition, or the role of the step.`,
    );
  if (passed.some((one) => one.endsWith(':role/*')))
    notes.push(
      'The statement whose Sid ends with AnyRole passes every role of the account: write there the ones that the run passes (execution role, task role, roles of schedules).',
    );
  return notes;
}

/** Of a role whose account is written out. */
const accountOf = (role: string): string | undefined => /^arn:[\w-]+:iam::(\d{12}):/.exec(role)?.[1];

/** Whether the job runs for pull requests, and outside an environment, whose rules could keep it back. */
function trustsPullRequests(step: ActionStep, facts: TrustFacts): boolean {
  try {
    return subjectsOf(step, facts).includes('pull_request');
  } catch {
    // Only GitHub knows the environment; it may have none.
    return outermost(step).workflow.events.some((event) => event.startsWith('pull_request'));
  }
}

/** What reads values is in a policy only where it was asked for, and never where whoever pushes a branch decides what the job does. */
function withoutValues(
  all: readonly Right[],
  { asked, minimal, open }: { readonly asked: boolean; readonly minimal: boolean; readonly open: boolean },
): { readonly rights: readonly Right[]; readonly notes: readonly string[] } {
  const reading = all.filter(({ action }) => readsValues(action));
  if (reading.length === 0 || minimal) return { rights: all, notes: [] };
  const resources = [...new Set(reading.flatMap((right) => right.resources))].map((one) => `\n  ${one}`).join('');
  if (asked && !open)
    return {
      rights: all,
      notes: [`WARNING: whoever may use this role can read the values of these with it:${resources}`],
    };
  const actions = [...new Set(reading.map(({ action }) => action))].join(', ');
  const left = `${actions} ${reading.length === 1 ? 'is' : 'are'} left out, because a role that has ${reading.length === 1 ? 'it' : 'them'} can read the values of these:${resources}\nThe preflight skips what it would need them for: whether a secret has the JSON key, whether an environment file exists.`;
  const way = open
    ? `${asked ? '--read-values is not for this role: ' : ''}its job runs for pull requests, so anyone who can push a branch decides what it does.`
    : '`--read-values` adds them.';
  return { rights: all.filter((right) => !reading.includes(right)), notes: [`${left} ${way}`] };
}

/** What can change something, under a role that any branch can use. */
function sharedWithPullRequests(steps: readonly ActionStep[], facts: TrustFacts): string {
  if (!steps.some((step) => trustsPullRequests(step, facts))) return '';
  const changing = steps.filter((step) => !['plan', 'status', 'list'].includes(step.with.mode ?? 'deploy'));
  const who =
    'WARNING: `:pull_request` trusts the jobs of every pull request in this repository, so anyone who can push a branch can use this role.';
  return changing.length === 0
    ? `${who} Give it the policy of these steps alone (\`mode: plan\`), and nothing that reads secrets.`
    : `${who} It is also the role of steps that deploy (${changing.map(({ job, line }) => `${job}, line ${line}`).join('; ')}): give the jobs of pull requests a role of their own, with \`mode: plan\`, or the job an environment with required reviewers.`;
}

/** @param minimal characters of the policy of `--minimal` */
function sizeNote(characters: number, minimal: number): string {
  if (characters <= MANAGED_CHARACTERS) return '';
  if (characters <= INLINE_CHARACTERS)
    return `Note: ${characters} characters, more than a managed policy takes (${MANAGED_CHARACTERS}). Use it as an inline policy.`;
  const shorter = minimal < characters ? ` With \`--minimal\` it has ${minimal}.` : '';
  return `Note: ${characters} characters, more than all inline policies of a role may have together (${INLINE_CHARACTERS}).${shorter} Or divide its statements among managed policies of at most ${MANAGED_CHARACTERS} characters; a role takes 10 of them.`;
}
