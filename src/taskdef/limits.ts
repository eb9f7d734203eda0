import { Failure } from '../failure.ts';

/** A task definition has about 8 levels. */
export const MAX_DEPTH = 100;
/** @param problem what a file has too much of */
export const excess = (name: string, problem: string): Failure =>
  new Failure('INVALID_TASK_DEFINITION', `${name} ${problem}, which no task definition needs.`, {
    remedy: 'Check that the path names the right file. ECS takes a task definition of at most 64 KiB.',
  });

export const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;

/**
 * Ends where JSON is nested too deeply to be read; brackets in strings and comments do not count.
 * @throws Failure INVALID_TASK_DEFINITION
 */
export function limitJson(text: string, name: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      for (i++; i < text.length && text[i] !== '"' && text[i] !== '\n'; i++) if (text[i] === '\\') i++;
    } else if (character === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i);
      i = end === -1 ? text.length : end;
    } else if (character === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2);
      i = end === -1 ? text.length : end + 1;
    } else if (character === '{' || character === '[') {
      depth++;
      if (depth > MAX_DEPTH) throw excess(name, TOO_DEEP);
    } else if (character === '}' || character === ']') depth--;
  }
}
