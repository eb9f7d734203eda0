/** The IAM policy that the steps of a workflow file need: what `npm run policy` does and prints. */
import { readFileSync } from 'node:fs';
import { readNamedFile, readOptions, WORKFLOW_FILE } from '../command-line.ts';
import { givenOf, unusedGiven } from '../workflow/fill.ts';
import { gitFacts, rootOf } from '../workflow/repository.ts';
import { migratedStepsIn, otherStepsIn, stepsIn, whyNoStep } from '../workflow/steps.ts';
import { otherStepsNotes } from './other-steps.ts';
import { charactersOf, INLINE_CHARACTERS, MANAGED_CHARACTERS, policyOf } from './statements.ts';
import { repositoryOf, trustPolicyOf, withoutRole } from './trust.ts';
import { policiesOf } from './workflow-policy.ts';

const HELP = `Usage: npm run -s policy -- WORKFLOW.yml [options]

Prints the IAM policy that the steps of the workflow need which use this action, one for each role, as JSON. The task
definition is read from the file that the step names. What only GitHub knows (secrets, variables) becomes \`*\`.

  --account ID            the AWS account, where neither role nor task definition names it
  --task-definition FILE  for steps that name no file: an export of the AWS CLI, or the template
  --set PATH=VALUE        value of an expression, such as --set vars.STAGE=blue; may be given more than once
  --minimal               only what a run cannot do without; the other actions explain failures and check beforehand
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
      log(JSON.stringify(trust, null, 2));
    }
    return;
  }
  const policies = policiesOf(steps, { facts, root, account, taskDefinition: values['task-definition'] });
  const others = otherStepsIn(file, root);
  for (const { role, rights, notes } of policies) {
    if (policies.length > 1) remark(`Role ${role ?? 'of the job'}:`);
    for (const note of [...notes, ...otherStepsNotes(others, role, root)]) remark(`Note: ${note}`);
    const policy = policyOf(values.minimal ? rights.filter(({ needed }) => needed) : rights);
    log(JSON.stringify(policy, null, 2));
    const note = sizeNote(charactersOf(policy), charactersOf(policyOf(rights.filter(({ needed }) => needed))));
    if (note !== '') remark(note);
  }
}

/** @param minimal characters of the policy of `--minimal` */
function sizeNote(characters: number, minimal: number): string {
  if (characters <= MANAGED_CHARACTERS) return '';
  if (characters <= INLINE_CHARACTERS)
    return `Note: ${characters} characters, more than a managed policy takes (${MANAGED_CHARACTERS}). Use it as an inline policy.`;
  const shorter = minimal < characters ? ` With \`--minimal\` it has ${minimal}.` : '';
  return `Note: ${characters} characters, more than all inline policies of a role may have together (${INLINE_CHARACTERS}).${shorter} Or divide its statements among managed policies of at most ${MANAGED_CHARACTERS} characters; a role takes 10 of them.`;
}
