/** The account and the Region that what only GitHub knows has to agree with: of the step, else of the files that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeOf } from '../../simulator/world/from-template.ts';
import { regionOf } from '../../src/inputs/aws.ts';
import { envOf, type FilledStep, fill, filledEnv, type RunFacts } from './fill.ts';
import { readStep } from './inputs.ts';
import type { Home } from './likely.ts';
import type { ActionStep } from './steps.ts';

/** Where its files are. */
export interface Files {
  readonly root: string;
  /** In place of the file that the step names. */
  readonly taskDefinition?: string | undefined;
}

/**
 * @param facts `given` with the values of the variant
 * @returns the same facts, with a home for the values that are made up: two of them name one account
 */
export const withHome = (step: ActionStep, facts: RunFacts, files: Files): RunFacts => ({
  ...facts,
  home: homeOfStep(step, facts, files),
});

/** What is made up itself says nothing. */
export function homeOfStep(step: ActionStep, facts: RunFacts, files: Files): Home {
  const known = knownOf(fill(step, facts));
  const {
    'role-to-assume': role = '',
    'allowed-account-ids': allowed = '',
    'aws-region': given,
  } = Object.fromEntries(known);
  const ofFiles = homeOf(textOfFiles(step, facts, files));
  const named = known.map(([, text]) => text).join('\n');
  return {
    account:
      facts.home?.account ??
      /^arn:[\w-]+:iam::(\d{12}):/.exec(role.trim())?.[1] ??
      /^\s*(\d{12})\s*$/.exec(allowed)?.[1] ??
      /\barn:[\w-]+:iam::(\d{12}):/.exec(Object.values(step.with).join('\n'))?.[1] ??
      /\barn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):|\b(\d{12})\.dkr[.-]ecr\./.exec(named)?.slice(1).find(Boolean) ??
      ofFiles.accountId,
    region:
      /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.exec(regionOf(given, Object.fromEntries(knownOf(envOf(step, facts)))) ?? '')?.[0] ??
      ofFiles.region,
  };
}

/** Values that no part of was made up. */
function knownOf({ inputs, assumptions }: FilledStep): (readonly [name: string, text: string])[] {
  const madeUp = new Set(assumptions.flatMap((one) => (one.source === 'made up' ? [one.input] : [])));
  return Object.entries(inputs).flatMap(([name, text]) => (madeUp.has(name) ? [] : [[name, text] as const]));
}

/** Those that are not there are reported by the run itself. */
function textOfFiles(step: ActionStep, facts: RunFacts, { root, taskDefinition }: Files): string {
  const { inputs } = fill(step, facts);
  const parsed = readStep(inputs, filledEnv(step, facts)) ?? [];
  const named = parsed.flatMap((one) => [
    ...('template' in one && one.template.source.kind === 'file' ? [one.template.source.path] : []),
    ...('serviceDefinition' in one && one.serviceDefinition !== undefined ? [one.serviceDefinition] : []),
  ]);
  // Inputs that have a mistake, perhaps a made-up value that another one contradicts.
  const { 'task-definition': file } = inputs;
  const paths = parsed.length === 0 && file ? [file] : named;
  const all = taskDefinition === undefined ? paths.map((path) => join(root, path)) : [taskDefinition];
  return [...new Set(all)].flatMap((path) => (existsSync(path) ? [readFileSync(path, 'utf8')] : [])).join('\n');
}
