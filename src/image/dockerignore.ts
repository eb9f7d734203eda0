import { posix } from 'node:path';
import { Failure } from '../failure.ts';

/**
 * `.dockerignore` as BuildKit reads it: the lines by moby/patternmatcher's `ignorefile`, the patterns by its
 * `patternmatcher`, the folders by tonistiigi/fsutil's filter. Paths are relative to the context, with `/`.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export interface IgnoreRules {
  /**
   * Whether a file or folder stays behind.
   * @param parent what this returned as `trail` for its folder; absent for the context's own entries
   */
  check(path: string, parent?: IgnoreTrail): { readonly ignored: boolean; readonly trail: IgnoreTrail };
  /** Whether nothing below an ignored folder can come back by a `!` pattern, so that the walk leaves it out. */
  isClosed(folder: string): boolean;
}

/** For each pattern, whether it matched the folder or one above it. */
export type IgnoreTrail = readonly boolean[];

/** A pattern that BuildKit refuses, or whose meaning depends on Go's regular expressions. */
const unclear = (pattern: string): Failure =>
  new Failure('INVALID_INPUT', `the pattern \`${pattern}\` of .dockerignore has no clear meaning`);

interface Pattern {
  /** Begins with `!`: brings back what an earlier pattern ignored. */
  readonly exception: boolean;
  readonly text: string;
  readonly matches: (path: string) => boolean;
}

/** @throws Failure INVALID_INPUT for a pattern without a clear meaning */
export function ignoreRules(text: string): IgnoreRules {
  const patterns = patternsOf(text).map(compile);
  const exceptions = patterns.filter(({ exception }) => exception);
  // As fsutil: a folder can be closed only where every exception names a path, up to a last `/*` or `/**`.
  const roots = exceptions.map((pattern) => pattern.text.replace(/\/\*\*$/, '').replace(/\/\*$/, ''));
  const namesPaths = roots.every((root) => !/[*[\]?^\\]/.test(root));
  return {
    check(path, parent) {
      let ignored = false;
      const trail = patterns.map((pattern, i) => {
        const above = parent?.[i] ?? false;
        if (!above && pattern.exception !== ignored) return false;
        const matched = above || pattern.matches(path);
        if (matched) ignored = !pattern.exception;
        return matched;
      });
      return { ignored, trail };
    },
    isClosed: (folder) => namesPaths && !roots.some((root) => `${root}/`.startsWith(`${folder}/`)),
  };
}

/** The patterns of the file's lines, cleaned. */
function patternsOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((raw) => {
      const line = raw.replace(/\r$/, '');
      // A comment begins in the first column; ` # x` is a pattern.
      if (line.startsWith('#') || line.trim() === '') return [];
      const trimmed = line.trim();
      const exception = trimmed.startsWith('!');
      const pattern = exception ? trimmed.slice(1).trim() : trimmed;
      const cleaned = pattern === '' ? '' : clean(pattern);
      const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
      // The matcher cleans the line again with its `!`: `!../../a` is the pattern `a`, and no exception.
      return [exception ? clean(`!${relative}`) : relative];
    });
}

/** Go's filepath.Clean. */
const clean = (path: string): string => {
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/(?<!\/)\/+$/, '') : normal;
};

function compile(line: string): Pattern {
  const exception = line.startsWith('!');
  const text = exception ? line.slice(1) : line;
  if (text === '') throw unclear(line);
  return { exception, text, matches: matcherOf(text) };
}

/**
 * A pattern without wildcards is a path, `x**` a prefix, `**x` a suffix; every other one becomes a regular expression
 * in the same way as in patternmatcher, whose `|`, `{`, `}` and `^` keep their meaning in it.
 */
function matcherOf(text: string): (path: string) => boolean {
  const characters = [...text];
  let kind: 'exact' | 'prefix' | 'suffix' | 'expression' = 'exact';
  let source = '^';
  let class_: string | undefined;
  let at = 0;
  for (let step = 0; at < characters.length; step++) {
    const character = characters[at++] ?? '';
    if (class_ !== undefined) {
      class_ += inClass(character, class_, text);
      if (character !== ']') continue;
      source += class_;
      class_ = undefined;
    } else if (character === '*' && characters[at] === '*') {
      at += characters[at + 1] === '/' ? 2 : 1;
      const last = at >= characters.length;
      if (!last) source += '(?:[^\\n]*/)?';
      else if (kind !== 'exact') source += '[^\\n]*';
      if (step === 0) kind = 'suffix';
      else kind = last && kind === 'exact' ? 'prefix' : 'expression';
    } else if (character === '*') {
      source += '[^/]*';
      kind = 'expression';
    } else if (character === '?') {
      source += ONE;
      kind = 'expression';
    } else if (character === '\\') {
      const next = characters[at++];
      // A letter or digit behind it is a class or an anchor for Go; alone at the end it is not a pattern.
      if (next === undefined || /[A-Za-z0-9]/.test(next)) throw unclear(text);
      source += `\\${next}`;
      kind = 'expression';
    } else if (character === '[') {
      class_ = '[';
      kind = 'expression';
    } else if (character === ']') {
      source += '\\]';
      kind = 'expression';
    } else {
      source += /[.+()$]/.test(character) ? `\\${character}` : character;
    }
  }
  if (class_ !== undefined) throw unclear(text);
  switch (kind) {
    case 'exact':
      return (path) => path === text;
    case 'prefix':
      return (path) => path.startsWith(text.slice(0, -2));
    case 'suffix': {
      const suffix = text.slice(2);
      return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
    }
    case 'expression': {
      const expression = expressionOf(`${source}$`, text);
      return (path) => expression.test(path);
    }
  }
}

/** One character that is not `/`; one beyond U+FFFF has two units. */
const ONE = '(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^/])';

/** A character between `[` and `]`; refused where Go reads it in another way than JavaScript. */
function inClass(character: string, before: string, pattern: string): string {
  const first = before === '[' || before === '[^';
  const odd = /[*?[\\]/.test(character) || (character === ']' && first) || (character.codePointAt(0) ?? 0) > 0xffff;
  if (odd) throw unclear(pattern);
  return /[.+()$]/.test(character) ? `\\${character}` : character;
}

function expressionOf(source: string, pattern: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw unclear(pattern);
  }
}
