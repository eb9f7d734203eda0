// Jest's transform: Node's own type stripping, the same that runs the simulator and the scripts unbuilt, and constants for the globals.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/**
 * Jest runs each test file in a context of its own, where Node looks up a global through an interceptor: 300 ns for `Array` instead of
 * 1. The AWS SDK does that for each member of each answer, which was half of the time of the tests. So each module has its own constants of the
 * globals that it names. Date, timers and fetch, which a test may replace, are not among them.
 */
const GLOBALS = [
  ...['Array', 'Boolean', 'Buffer', 'Error', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Reflect', 'RegExp'],
  ...['Set', 'String', 'Symbol', 'TypeError', 'URL', 'Uint8Array', 'WeakMap', 'parseInt', 'isNaN'],
];
const NAMED = new Map(GLOBALS.map((name) => [name, new RegExp(`(?<![\\w$.])${name}(?![\\w$])`)]));
/** What a module declares or imports: in braces, or alone. */
const IN_BRACES = /\b(?:import|const|let|var)\s*\{([^{}]*)\}/g;
const ALONE = /\b(?:class|function|as|const|let|var|import)\s+(\w+)/g;
const declaredIn = (code) => {
  const braces = [...code.matchAll(IN_BRACES)].flatMap(([, names]) => names.match(/\w+/g) ?? []);
  return new Set([...braces, ...[...code.matchAll(ALONE)].map(([, name]) => name)]);
};
const STRICT = /^\s*(['"])use strict\1;?/;

function withConstants(code) {
  const declared = declaredIn(code);
  const names = GLOBALS.filter((name) => !declared.has(name) && NAMED.get(name)?.test(code));
  if (names.length === 0) return code;
  // On the first line, so that every other keeps its number.
  const constants = `const { ${names.join(', ')} } = globalThis; `;
  const { 0: strict = '' } = STRICT.exec(code) ?? [];
  return strict + constants + code.slice(strict.length);
}

const OWN = readFileSync(import.meta.filename);

const transformed = (source, path) => ({
  code: withConstants(path.endsWith('.ts') ? stripTypeScriptTypes(source) : source),
});
const keyOf = (source, path) => createHash('sha1').update(OWN).update(path).update(source).digest('hex');

export default { process: transformed, getCacheKey: keyOf };
