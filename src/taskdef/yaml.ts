import { LineCounter, parseDocument, visit } from 'yaml';
import { Failure } from '../failure.ts';
import type { Json } from '../world.ts';
import { exactNumber, isObject, notParsed } from './template.ts';

/**
 * A task definition in YAML 1.2 (core schema), with anchors, aliases and `<<` merges. In a file of its own, because the
 * library is loaded only for a YAML template. Numbers that YAML would change (`1.10`, `007`) stay the text that they are.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
export function parseYaml(text: string, name: string): Json {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error) throw misread(error.message, error.pos[0]);
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source !== undefined)
        node.value = exactNumber(node.value, node.source);
    },
  });
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    // An alias without its anchor, or aliases that grow without end.
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure('INVALID_TASK_DEFINITION', `${name} is not valid YAML: ${problem}.`, { cause: thrown });
  }
  // A tag that YAML does not know (`!Ref`) would silently become plain text; a CloudFormation template is told as one.
  const [warning] = document.warnings;
  if (warning && !(isObject(value) && value.Resources !== undefined)) throw misread(warning.message, warning.pos[0]);
  return value;

  function misread(problem: string, offset: number): Failure {
    const { line, col } = lineCounter.linePos(offset);
    return notParsed(name, 'YAML', `${problem} at line ${line}, column ${col}`, { line, column: col, text });
  }
}
