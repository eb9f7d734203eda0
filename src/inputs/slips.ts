import type { Entry } from './syntax.ts';

/** What is wrong, as a clause that follows "input: ", and how it is written. No value is ever in it. */
interface Slip {
  readonly problem: string;
  readonly remedy: string;
  /** The lines below belong to this one: what they look like means nothing. */
  readonly swallows?: true;
}

/** Names that can be shown: a secret does not look like one, unless it is very long. */
const IDENTIFIER = /^[A-Za-z_][\w.-]{0,63}$/;

/** How an entry is referred to: by its name where that is certainly a name, else by its line (or place). */
export function subjectOf(entry: Entry): string {
  const { name, line } = entry;
  const isName = IDENTIFIER.test(name.trim()) && !looksEncoded(name) && !isPadded(entry);
  return isName ? `\`${name.trim()}\`` : `line ${line}`;
}

/**
 * Base64 of 20 or more characters whose padding was read as `=value`, whatever letters it has. With padding its length
 * is a multiple of 4. https://datatracker.ietf.org/doc/html/rfc4648#section-4
 */
function isPadded({ name, value }: Entry): boolean {
  const rest = value?.trim();
  const padding = rest === '' ? 1 : 2;
  return (rest === '' || rest === '=') && /^[A-Za-z0-9+/]{18,}$/.test(name) && (name.length + padding) % 4 === 0;
}

/** 20 or more characters of base64: upper and lower case and a digit, without a separator. */
const looksEncoded = (text: string): boolean =>
  /^[A-Za-z0-9+/_-]{20,}$/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);

/**
 * A line that cannot mean what it says: syntax of YAML, of a shell or of an .env file that this form does not have, or
 * the rest of a value that started on a line above. Entries in quotes, heredocs and JSON are taken at their word.
 */
export function slipOf(entry: Entry): Slip | undefined {
  const { name, value, form, line } = entry;
  if (form !== 'line') return undefined;
  const item = /^-\s+["']?([A-Za-z_][\w.-]*)["']?\s*$/.exec(name)?.[1];
  if (/^-(\s|$)/.test(name)) {
    return {
      problem: `line ${line} begins with \`- \`, as an item of a YAML list does.`,
      remedy: `This input is text: write \`${item ?? 'NAME'}=value\` without the dash, below \`|\`.`,
    };
  }
  const command =
    /^(export|set|setx|ENV|ARG|env|declare -x|--build-arg|--env|-e|--label|-l|--secret|--annotation|--set)\s+([A-Za-z_][\w.-]*)$/.exec(
      name,
    );
  if (command) {
    const [, word = '', variable = ''] = command;
    return {
      problem: `line ${line} begins with \`${word} \`, as a command does.`,
      remedy: `Write \`${variable}=value\` without \`${word}\`.`,
    };
  }
  if (value !== undefined && /\s\\$/.test(value)) {
    return {
      problem: `line ${line} ends with \`\\\`, as a command of a shell does that continues on the next line.`,
      remedy: 'Write one `NAME=value` per line, without the `\\`.',
    };
  }
  const spaced = value === undefined ? /^([A-Z][A-Z0-9_]{1,63})\s+\S/.exec(name)?.[1] : undefined;
  if (spaced && !looksEncoded(spaced))
    return { problem: `line ${line} has a space after \`${spaced}\`.`, remedy: `Write \`${spaced}=value\`.` };
  const dollar = /^\$(?:env:)?\{?([A-Za-z_]\w*)\}?\s*$/i.exec(name)?.[1];
  if (dollar)
    return { problem: `line ${line} begins with \`$\`.`, remedy: `Write \`${dollar}=value\` without the \`$\`.` };
  const colon = /^["']?([A-Za-z_][\w.-]*)["']?\s*:(\s|$)/.exec(name)?.[1];
  const bareColon = value === undefined ? /^["']?([A-Za-z_]\w*)["']?:/.exec(name)?.[1] : undefined;
  const before = colon ?? bareColon;
  if (before && before.length <= 64 && !looksEncoded(before)) {
    return {
      problem: `line ${line} has a colon after \`${before}\`, as YAML does.`,
      remedy: `Write \`${before}=value\`.`,
    };
  }
  if (value !== undefined && /^-----BEGIN /.test(value)) {
    return {
      problem: `the value of ${subjectOf(entry)} has several lines, but only its first line would be read.`,
      remedy: `Write \`${heredoc(entry)}\`, then the lines of the value, then a line \`EOF\`.`,
      swallows: true,
    };
  }
  const isDouble = value?.trim() === '=';
  const padding = (isDouble && isPadded(entry)) || ((isDouble || value?.trim() === '') && looksEncoded(name));
  if (padding || /^-----(BEGIN|END) /.test(name)) {
    return {
      problem: `line ${line} looks like the rest of a value that started above it.`,
      remedy: 'For a value of several lines write `NAME<<EOF`, the lines, and a line `EOF`.',
    };
  }
  return undefined;
}

const heredoc = (entry: Entry): string => {
  const subject = subjectOf(entry);
  return subject.startsWith('`') ? `${entry.name.trim()}<<EOF` : 'NAME<<EOF';
};

/**
 * Several settings on one line, as YAML's `>` folds them: everything behind the first is `name=value` again.
 * @param names what a further name looks like
 */
export function foldedNames({ value = '', form }: Entry, names: RegExp): readonly string[] {
  if (form !== 'line') return [];
  const [first = '', ...others] = value.trim().split(/\s+/);
  if (others.length === 0 || first.includes('=')) return [];
  const found = others.map((word) => /^([^=\s]+)=/.exec(word)?.[1]);
  return found.every((name) => name !== undefined && names.test(name))
    ? found.filter((name) => name !== undefined)
    : [];
}

/** An expression of GitHub's that was not evaluated: it evaluates those of the workflow file alone, and once. */
export const EXPRESSION =
  /\$\{\{\s*(?:(?:github|env|vars|secrets|inputs|needs|steps|matrix|strategy|job|jobs|runner)\s*[.[]|(?:toJSON|fromJSON|format|join|hashFiles|contains|startsWith|endsWith)\s*\()/i;

/** Whether quotes stand around the whole value, which this form keeps as a part of it. */
export const isQuoted = ({ value = '', form }: Entry): boolean =>
  form === 'line' && /^(?:"[^"]*"|'[^']*')$/.test(value.trim());
