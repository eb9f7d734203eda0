import type { ApplicationKind } from '../application-classes.ts';
import { mapWords, type Text } from '../say.ts';
import type { Technology } from '../technologies.ts';

/**
 * One code, exception class or sentence of one producer (a runtime, framework, client, server or tool), and what it
 * means. The form is the producer's own: it is what earns the claim, so no single word of English is one.
 */
export interface Row {
  /** The class; `stated` where the row says everything itself. */
  readonly kind: ApplicationKind;
  /** As the producer prints it, in one line. A form with `\n` is read over the line and those below it. */
  readonly form: RegExp;
  /** It only says what another error led to: where a line near it says that one, that one is the reason. */
  readonly symptom?: true;
  /** It says that no cause was printed: it counts only where no other line is more telling. */
  readonly alone?: true;
  /** What stands in the lines around it, where the form alone is that of many. */
  readonly near?: RegExp;
  /** What makes it another's, in that line. */
  readonly not?: RegExp;
  /**
   * Instead of the words of the class. `{who}`, `{container}`, `{line}` and the names of groups stand for what was read;
   * `{ (name)}` is left out with its punctuation where there is no such word, `{name|a thing}` then says the other.
   */
  readonly cause?: Text;
  readonly remedy?: Text;
  /** Whose form it is: what its words may name. */
  readonly technology?: Technology | readonly Technology[];
}

/** The rows of one producer, which may be named in them. */
export const rowsOf = (technology: Technology, rows: readonly Row[]): readonly Row[] =>
  rows.map((row) => ({ technology, ...row }));

/** A row that says no more than its class. */
export const isA = (kind: ApplicationKind, form: RegExp, not?: RegExp): Row =>
  not ? { kind, form, not } : { kind, form };

const SLOT = /\{([^\w{}|]{0,5})(\w{1,20})([^\w{}|]{0,5})(?:\|([^{}]{0,200}))?\}/g;

/** The words of a row with what was read in it. */
export const filled = (text: Text, words: Readonly<Record<string, string>>): Text =>
  mapWords(text, (part) =>
    part.replace(SLOT, (...groups: readonly string[]) => {
      const [, before = '', name = '', after = '', otherwise = ''] = groups;
      const word = words[name] ?? '';
      return word === '' ? otherwise : `${before}${word}${after}`;
    }),
  );
