import { LineCounter, parseDocument } from 'yaml';
import type { Json } from '../world.ts';
import { notParsed } from './template.ts';

/**
 * A task definition in YAML 1.2. In a file of its own, because the library is loaded only for a YAML template.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
export function parseYaml(text: string, name: string): Json {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [first] = document.errors;
  if (!first) return document.toJS({ maxAliasCount: 100 }) as Json;
  const { line, col } = lineCounter.linePos(first.pos[0]);
  throw notParsed(name, 'YAML', `${first.message} at line ${line}, column ${col}`, { line, column: col, text });
}
