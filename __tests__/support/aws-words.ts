import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * Where a text of AWS (an event, a reason, an error) is searched for words, however it came there: through variables, parameters,
 * results, lists and texts that quote it. Showing, trimming and comparing it is free.
 */

/** Members that hold AWS's own words, by the file that declares them. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'src/model.ts': [
    'cause',
    'description',
    'message',
    'reason',
    'stoppedReason',
    'statusReason',
    'rolloutStateReason',
    'failureReason',
  ],
  'src/ports.ts': ['description', 'message', 'reason'],
  'src/failure.ts': ['message'],
  'src/diagnosis/diagnosis.ts': ['evidence'],
};
/** Of a Failure that an adapter made of an answer of AWS. */
const ERROR = 'lib.es5.d.ts';
/** They read words by their trade. */
const READERS = /^src\/(?:adapters|diagnosis)\//;
/** They mask, cut and format any text, whatever it says. */
const LAYOUT = /^src\/(?:masker|secrets|clip|report\/(?:markdown|text))\.ts$/;

const SAME_TEXT =
  /^(?:trim|trimStart|trimEnd|toLowerCase|toUpperCase|slice|split|replace|replaceAll|at|concat|join|flat|filter|toSorted|find|flatMap|map)$/;

/** @param added sources beside those of the repository, by path: a way to try a violation */
export function searchesOfAwsWords(added: ReadonlyMap<string, string> = new Map()): string[] {
  const roots = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((file) => join('src', file))
    .filter((file) => file.endsWith('.ts') && !READERS.test(file) && !/^src\/(?:main|post)\.ts$/.test(file));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    types: [],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map([...added].map(([file, text]) => [resolve(file), text]));
  const { readFile, fileExists } = host;
  host.readFile = (file) => texts.get(resolve(file)) ?? readFile(file);
  host.fileExists = (file) => texts.has(resolve(file)) || fileExists(file);
  const program = ts.createProgram([...roots, ...added.keys()], options, host);
  return new Words(program).searches();
}

class Words {
  readonly #checker: ts.TypeChecker;
  readonly #files: readonly ts.SourceFile[];
  /** Variables, parameters and functions that hold or return words of AWS. */
  readonly #words = new Set<ts.Symbol>();

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    this.#files = program.getSourceFiles().filter(({ fileName }) => {
      const path = pathOf(fileName);
      return path.startsWith('src/') && !READERS.test(path) && !LAYOUT.test(path);
    });
  }

  searches(): string[] {
    let before = -1;
    while (before !== this.#words.size) {
      before = this.#words.size;
      for (const file of this.#files) this.#each(file, (node) => this.#spread(node));
    }
    const found: string[] = [];
    for (const file of this.#files)
      this.#each(file, (node) => {
        if (this.#isSearch(node)) found.push(`${pathOf(file.fileName)}: ${node.getText().replaceAll(/\s+/g, ' ')}`);
      });
    return found;
  }

  #each(node: ts.Node, visit: (node: ts.Node) => void): void {
    visit(node);
    ts.forEachChild(node, (child) => this.#each(child, visit));
  }

  #spread(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && node.initializer && this.#holds(node.initializer)) this.#mark(node.name);
    if (ts.isBindingElement(node)) {
      const from = node.propertyName ?? node.name;
      if (ts.isObjectBindingPattern(node.parent) && ts.isIdentifier(from)) {
        const member = this.#checker.getTypeAtLocation(node.parent).getProperty(from.text);
        if (member && isSource(member)) this.#mark(node.name);
      }
    }
    if (ts.isCallExpression(node)) {
      const target = this.#checker.getResolvedSignature(node)?.declaration;
      for (const [index, argument] of node.arguments.entries()) {
        const parameter = target?.parameters[index];
        if (parameter && !ts.isJSDocParameterTag(parameter) && this.#holds(argument)) this.#mark(parameter.name);
      }
      // `reasons.map((reason) => ...)`
      const [callback] = node.arguments;
      if (
        ts.isPropertyAccessExpression(node.expression) &&
        callback &&
        (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback)) &&
        this.#holds(node.expression.expression)
      ) {
        const [first] = callback.parameters;
        if (first) this.#mark(first.name);
      }
    }
    const returned = ts.isReturnStatement(node) ? node.expression : ts.isArrowFunction(node) ? node.body : undefined;
    if (returned && ts.isExpression(returned) && this.#isText(returned) && this.#holds(returned)) {
      const owner = ts.isArrowFunction(node) ? node : ts.findAncestor(node, ts.isFunctionLike);
      const named = owner && ts.isVariableDeclaration(owner.parent) ? owner.parent.name : owner?.name;
      if (named && ts.isIdentifier(named)) this.#mark(named);
    }
  }

  #mark(name: ts.BindingName): void {
    if (!ts.isIdentifier(name)) {
      // A list of texts that is taken apart; members of objects are told apart by their names.
      if (ts.isArrayBindingPattern(name))
        for (const element of name.elements) if (ts.isBindingElement(element)) this.#mark(element.name);
      return;
    }
    const symbol = this.#checker.getSymbolAtLocation(name);
    if (symbol) this.#words.add(symbol);
  }

  #isText(node: ts.Expression): boolean {
    const { flags } = this.#checker.getTypeAtLocation(node);
    return (flags & ts.TypeFlags.Boolean) === 0 && (flags & ts.TypeFlags.BooleanLiteral) === 0;
  }

  #symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Whether the value of an expression has words of AWS in it. */
  #holds(node: ts.Expression): boolean {
    if (ts.isIdentifier(node)) {
      const symbol = this.#symbolOf(node);
      return symbol !== undefined && this.#words.has(symbol);
    }
    if (ts.isPropertyAccessExpression(node)) {
      const symbol = this.#symbolOf(node.name);
      if (symbol && (isSource(symbol) || this.#words.has(symbol))) return true;
      // `evidence.text`
      return node.name.text === 'text' && this.#holds(node.expression);
    }
    if (ts.isElementAccessExpression(node)) {
      const key = node.argumentExpression;
      const member = ts.isStringLiteral(key)
        ? this.#checker.getTypeAtLocation(node.expression).getProperty(key.text)
        : undefined;
      return member ? isSource(member) : this.#holds(node.expression);
    }
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      if (ts.isPropertyAccessExpression(expression) && SAME_TEXT.test(expression.name.text))
        if (this.#holds(expression.expression)) return true;
      if (!ts.isIdentifier(expression)) return false;
      // A text that is cut or masked has the words that it had.
      const target = this.#checker.getResolvedSignature(node)?.declaration;
      const lays = target !== undefined && LAYOUT.test(pathOf(target.getSourceFile().fileName));
      return this.#holds(expression) || (lays && node.arguments.some((argument) => this.#holds(argument)));
    }
    if (ts.isTemplateExpression(node)) return node.templateSpans.some((span) => this.#holds(span.expression));
    if (ts.isBinaryExpression(node)) {
      const joins = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken];
      return joins.includes(node.operatorToken.kind as never) && (this.#holds(node.left) || this.#holds(node.right));
    }
    if (ts.isConditionalExpression(node)) return this.#holds(node.whenTrue) || this.#holds(node.whenFalse);
    if (ts.isArrayLiteralExpression(node))
      return node.elements.some((one) => this.#holds(ts.isSpreadElement(one) ? one.expression : one));
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isAwaitExpression(node)
    )
      return this.#holds(node.expression);
    return false;
  }

  /** A pattern on the text, or a question for literal words in it. */
  #isSearch(node: ts.Node): boolean {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const { expression, name } = node.expression;
    const [first] = node.arguments;
    if (/^(?:test|exec)$/.test(name.text)) return first !== undefined && this.#holds(first);
    // By lines it is laid out, not read.
    if (name.text === 'split' && first && /^(?:'\\n'|\/\\r\?\\n\/)$/.test(first.getText())) return false;
    if (/^(?:match|matchAll|search|split)$/.test(name.text)) return this.#holds(expression);
    return (
      /^(?:includes|startsWith|endsWith|indexOf|lastIndexOf)$/.test(name.text) &&
      first !== undefined &&
      (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)) &&
      this.#holds(expression)
    );
  }
}

const pathOf = (file: string): string => file.replace(`${process.cwd()}/`, '');

const isSource = ({ name, declarations = [] }: ts.Symbol): boolean =>
  declarations.some((declaration) => {
    const file = pathOf(declaration.getSourceFile().fileName);
    return SOURCES[file]?.includes(name) || (file.endsWith(ERROR) && name === 'message');
  });
