/** A row: one question to AWS and the answer that its documentation gives. */
import type { Answer, Input, Operation, Scope } from './account.ts';
import type { Pattern } from './pattern.ts';
import type { Need } from './stack.ts';

/** `refused` names the exceptions that the page allows; more than one where it does not say which. */
export type Documented =
  | { readonly ok: Pattern }
  | { readonly refused: string | readonly string[]; readonly words?: RegExp };

interface Common {
  /** `ecs/register/no-essential-container`; also the names of what the row creates come from it. */
  readonly id: string;
  /** AWS's rule, in one sentence. */
  readonly rule: string;
  /** Where AWS documents it. */
  readonly page: string;
  readonly needs: readonly Need[];
}

export interface CallRow extends Common {
  readonly kind: 'call';
  readonly operation: Operation;
  readonly documented: Documented;
  /** Members, by path, that differ between two accounts for good reasons and are left out of the recording. */
  readonly leftOut: readonly string[];
  run(scope: Scope): Promise<{ readonly request: Input; readonly answer: Answer }>;
}

export interface RolloutRow extends Common {
  readonly kind: 'rollout';
  /** Of the facts; see rollout.ts. */
  readonly documented: Pattern;
  /** What it takes on AWS. */
  readonly minutes: number;
  run(scope: Scope): Promise<{ readonly request: Input; readonly facts: object }>;
}

export type Row = CallRow | RolloutRow;

export interface Call<C> extends Omit<Common, 'needs'> {
  readonly needs?: readonly Need[];
  readonly operation: Operation;
  /** Calls that come first and must succeed. */
  readonly before?: (scope: Scope) => Promise<C>;
  readonly request: (scope: Scope, before: C) => Input;
  readonly documented: Documented;
  readonly leftOut?: readonly string[];
}

/** One call, and what has to be there before it. */
export function call<C = undefined>({ needs = [], leftOut = [], before, request, ...row }: Call<C>): CallRow {
  return {
    ...row,
    kind: 'call',
    needs,
    leftOut,
    run: async (scope) => {
      const input = request(scope, (await before?.(scope)) as C);
      return { request: input, answer: await scope.ask(row.operation, input) };
    },
  };
}

const DEVELOPER = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
/** A page of AWS's documentation. */
export const api = (operation: string): string =>
  `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${operation}.html`;
export const guide = (page: string): string => `${DEVELOPER}/${page}.html`;
