/** The policies that the steps of a workflow file need, one for each role that they assume. */
import { join, relative } from 'node:path';
import { type Right, rightsOf } from '../../src/rights/needed.ts';
import { type Subject, subjectOf } from '../../src/rights/subject.ts';
import { environmentOf, fill, type RunFacts } from '../workflow/fill.ts';
import { withHome } from '../workflow/home.ts';
import { readAllInputs } from '../workflow/inputs.ts';
import { emptyWhereSkipped } from '../workflow/problems.ts';
import { readServiceFile, readTemplateFile } from '../workflow/repository.ts';
import type { ActionStep } from '../workflow/steps.ts';
import { variantsOf } from '../workflow/variants.ts';

export interface RolePolicy {
  /** As written in the workflow; undefined: the credentials of the job. */
  readonly role: string | undefined;
  readonly rights: readonly Right[];
  readonly notes: readonly string[];
}

export interface PolicyOptions {
  readonly facts: RunFacts;
  /** Where relative paths begin. */
  readonly root: string;
  readonly account?: string | undefined;
  /** In place of the file that a step names, or of one that it does not name. */
  readonly taskDefinition?: string | undefined;
}

/** @throws an error that names the step, for inputs that the action would refuse */
export function policiesOf(steps: readonly ActionStep[], options: PolicyOptions): RolePolicy[] {
  const pushedBefore: string[] = [];
  const all = steps.flatMap((step) =>
    variantsOf(step).map((variant) => {
      const { pushed, ...found } = rightsOfStep(step, variant, { ...options, pushedBefore });
      if (pushed?.kind === 'ecr') pushedBefore.push(pushed.arn);
      return found;
    }),
  );
  return [...Map.groupBy(all, ({ role }) => role)].map(([role, same]) => ({
    role,
    rights: same.flatMap(({ rights }) => rights),
    notes: [...new Set(same.flatMap(({ notes }) => notes))],
  }));
}

function rightsOfStep(
  step: ActionStep,
  variant: ReadonlyMap<string, string>,
  { facts, root, account, taskDefinition, pushedBefore }: PolicyOptions & { readonly pushedBefore: readonly string[] },
): RolePolicy & Pick<Subject, 'pushed'> {
  const home = { account, region: undefined };
  const known = withHome(
    step,
    { ...facts, given: new Map([...variant, ...facts.given]), ...(account === undefined ? {} : { home }) },
    { root, taskDefinition },
  );
  const { inputs, assumptions } = fill(step, known);
  try {
    const madeUp = new Set(assumptions.flatMap((one) => (one.source === 'made up' ? [one.input] : [])));
    const { env, madeUpRegion } = environmentOf(step, known, inputs);
    if (madeUpRegion !== undefined) madeUp.add('aws-region');
    const subjects = readAllInputs(inputs, env).map((parsed) => {
      const source = 'template' in parsed ? parsed.template.source : undefined;
      const file = taskDefinition ?? (source?.kind === 'file' ? join(root, source.path) : undefined);
      const template = file === undefined ? undefined : readTemplateFile(file);
      const defined = 'serviceDefinition' in parsed ? parsed.serviceDefinition : undefined;
      const serviceDefinition = defined === undefined ? undefined : readServiceFile(join(root, defined));
      return subjectOf(parsed, { madeUp, template, account, pushedBefore, serviceDefinition });
    });
    return {
      pushed: subjects[0]?.pushed,
      role: step.with['role-to-assume'],
      rights: subjects.flatMap(rightsOf),
      notes: [...subjects.flatMap(({ notes }) => notes), ...emptyWhereSkipped(step, known)],
    };
  } catch (thrown) {
    const place = step.caller === undefined ? '' : ` of ${relative(root, step.workflow.file)}`;
    throw new Error(`${step.job}, line ${step.line}${place}: ${wordsOf(thrown)}`);
  }
}

/** A Failure of the action has all mistakes of the inputs. */
function wordsOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'describe' in thrown && typeof thrown.describe === 'function')
    return String(thrown.describe());
  return thrown instanceof Error ? thrown.message : String(thrown);
}
