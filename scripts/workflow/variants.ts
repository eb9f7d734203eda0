/** The runs that one workflow file has: by its refs, events, choices and matrix. */
import { refFacts, refsLike } from './events.ts';
import { valueIn } from './fill.ts';
import { type ActionStep, type Caller, outermost } from './steps.ts';

/** Values for `RunFacts.given`, by path. */
type Variant = ReadonlyMap<string, string>;

/** The texts in which expressions of the step are, those of its callers among them. */
function textsOf({ with: inputs, env, caller }: ActionStep | Caller): string {
  return [...Object.values(inputs), ...Object.values(env), caller ? textsOf(caller) : ''].join('\n');
}

/** Runs for the refs that a push has to match, where the step depends on the ref. `v*` stands for a release and a prerelease. */
function refVariants(step: ActionStep): Variant[] {
  const { refs } = outermost(step).workflow;
  if (refs.length === 0 || !/\bgithub\.ref/.test(textsOf(step))) return [new Map()];
  return refsLike(refs).map((ref) => new Map(refFacts(ref)));
}

/** Runs for each event of the workflow, where the step depends on it. */
function eventVariants(step: ActionStep): Variant[] {
  const events = outermost(step).workflow.events.filter((event) => event !== 'workflow_call');
  if (events.length < 2 || !/\bgithub\.event_name\b/.test(textsOf(step))) return [new Map()];
  return events.map((event) => new Map([['github.event_name', event]]));
}

/** The combinations of the matrix as far as the step, or what calls it, uses them. */
function matrixVariants(step: ActionStep | Caller): Variant[] {
  const outer: Variant[] = step.caller ? matrixVariants(step.caller) : [new Map()];
  const paths = [...new Set(textsOf(step).match(/\bmatrix(?:\.[\w-]+)+/g) ?? [])];
  const inner = step.workflow.matrix.map((combination) => {
    const values = paths.flatMap((path): [string, string][] => {
      const value = valueIn(combination, path.split('.').slice(1));
      return value === undefined || value === null || typeof value === 'object' ? [] : [[path, String(value)]];
    });
    return new Map(values);
  });
  const different = [...new Map(inner.map((one) => [JSON.stringify([...one]), one])).values()];
  return different.length === 0 ? outer : product(outer, different);
}

const product = (some: readonly Variant[], others: readonly Variant[]): Variant[] =>
  some.flatMap((one) => others.map((other) => new Map([...one, ...other])));

/** What the workflow offers to choose of an input, where its caller does not choose. */
function choiceVariants(step: ActionStep): Variant[] {
  const { workflow, caller } = step;
  const used = (name: string): boolean =>
    new RegExp(`\\b(?:github\\.event\\.)?inputs\\.${name.replaceAll(/[^\w-]/g, '')}\\b`).test(textsOf(step));
  let variants: Variant[] = [new Map()];
  for (const [name, { options }] of Object.entries(workflow.inputs))
    if (options && caller?.with[name] === undefined && used(name))
      variants = product(
        variants,
        options.map((option) => new Map([[`inputs.${name}`, String(option)]])),
      );
  return variants;
}

/** At most so many, so that a large matrix does not print a page for each. */
const MOST_VARIANTS = 32;

/**
 * What the choices of the workflow's inputs, its events and the combinations of the matrix make of the step, as far as its inputs use
 * them: values for `RunFacts.given`. One without any where nothing is to be chosen.
 */
export const variantsOf = (step: ActionStep): readonly Variant[] =>
  [eventVariants(step), choiceVariants(step), matrixVariants(step)]
    .reduce(product, refVariants(step))
    .slice(0, MOST_VARIANTS);
