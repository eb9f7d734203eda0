import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import type { Technology } from '../../src/diagnosis/technologies.ts';
import { WORDS } from './technology-words.ts';

const ROOT = new URL('../../src/diagnosis/', import.meta.url);

/** Who has Alpine is told of what the other distributions have. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { alpine: ['debian', 'native'] };

export interface Named {
  readonly file: string;
  readonly line: number;
  readonly names: readonly Technology[];
  readonly text: string;
}

/** The literals of `technology: ...`, `for: ...` and of the first argument of `of(...)` and `rowsOf(...)`. */
const literals = (node: ts.Node): readonly string[] => {
  if (ts.isStringLiteral(node)) return [node.text];
  return ts.isArrayLiteralExpression(node) ? node.elements.flatMap(literals) : [];
};

function declaredBy(node: ts.Node): readonly string[] {
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) && /^(?:technology|for)$/.test(property.name.getText())
        ? literals(property.initializer)
        : [],
    );
  // A row of a tool: what stands beside its words is in its last place.
  if (ts.isArrayLiteralExpression(node) && node.elements[0]?.kind === ts.SyntaxKind.RegularExpressionLiteral)
    return node.elements.slice(3).flatMap(declaredBy);
  if (ts.isCallExpression(node) && /^(?:of|rowsOf)$/.test(node.expression.getText()) && node.arguments[0])
    return literals(node.arguments[0]);
  return [];
}

/** Built into a pattern: it is compared with messages and said to nobody. */
const isPattern = (node: ts.Node): boolean =>
  (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
  /^(?:re|RegExp|any|image|port)$/.test(node.expression.getText());

/** Words of the diagnosis that name a technology which nothing around them declares. */
export function undeclared(): readonly Named[] {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'technologies.ts',
  );
  return files.flatMap((file) => undeclaredIn(file, readFileSync(new URL(file, ROOT), 'utf8')));
}

/** @returns the words of one source file that name what nothing around them declares */
export function undeclaredIn(file: string, source: string): readonly Named[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Named[] = [];
  const visit = (node: ts.Node, declared: readonly string[]): void => {
    if (isPattern(node) || ts.isImportDeclaration(node)) return;
    const own = declaredBy(node);
    const known = [...declared, ...own, ...own.flatMap((name) => BESIDE[name] ?? [])];
    const isWords =
      !(ts.isPropertyAssignment(node.parent ?? node) && (node.parent as ts.PropertyAssignment).name === node) &&
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node));
    if (isWords) {
      const names = (Object.keys(WORDS) as Technology[]).filter(
        (name) => WORDS[name].test(node.text) && !known.includes(name),
      );
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      // A single word is an id, a key or a name of AWS's own.
      if (names.length > 0 && /\s/.test(node.text)) found.push({ file, line: line + 1, names, text: node.text });
    }
    ts.forEachChild(node, (child) => visit(child, known));
  };
  visit(tree, []);
  return found;
}
