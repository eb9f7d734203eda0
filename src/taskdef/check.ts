import { Failure } from '../failure.ts';
import type { TaskDefinition } from '../model.ts';
import { checkFargate } from './fargate.ts';
import type { Rendered } from './render.ts';
import { checkRules } from './rules.ts';
import { checkSchema } from './schema-check.ts';
import { asStrings } from './template.ts';

/**
 * A rendered definition that ECS will take, or every reason why it would not, at once.
 * @param fargate whether the service runs on Fargate; a definition that asks for FARGATE is checked for it anyway
 * @throws Failure INVALID_TASK_DEFINITION
 */
export function checked(rendered: Rendered, name: string, fargate: boolean): TaskDefinition {
  const { definition, tags } = rendered;
  const left = new Set(rendered.mistakes.map(({ subject }) => subject));
  const mistakes = [...rendered.mistakes, ...checkSchema(definition).filter(({ subject }) => !left.has(subject))];
  const asked = asStrings(definition.requiresCompatibilities);
  const told = new Set(mistakes.map(({ subject }) => subject));
  const semantic = [
    ...checkRules(definition, tags),
    ...(asked.includes('FARGATE') || fargate ? checkFargate(definition) : []),
  ];
  // One mistake a place: what is left of placeholders comes first, then what the service model says of it.
  mistakes.push(...semantic.filter(({ subject }) => !told.has(subject)));
  if (fargate && !asked.includes('FARGATE') && asked.length > 0) {
    mistakes.push({
      subject: 'requiresCompatibilities',
      problem: `is ${asked.join(', ')}, but the service runs on FARGATE.`,
      remedy: 'Add "FARGATE".',
    });
  }
  if (mistakes.length === 0) return definition as TaskDefinition;
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  throw new Failure('INVALID_TASK_DEFINITION', `The task definition ${name} has ${count}; nothing was registered.`, {
    mistakes,
  });
}
