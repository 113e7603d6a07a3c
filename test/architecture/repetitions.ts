import ts from 'typescript';

/** A file by its name and content. */
export type Source = { readonly file: string; readonly text: string };

/** A line that says something, as it is compared, with its number in the file. */
type Line = { readonly line: string; readonly number: number };

const LINES = 6;

const IMPORT = /^(?:import|export)(?: type)? (?:\*|\{[^}]*\}).*?;$/gm;
const TEXT = /'[^']*'|`[^`]*`|"[^"]*"/g;
const COMMENT = /^(?:\/\/|\/?\*)/;
/** A field that only holds a text is what a declaration says, not how. */
const TOLD = /^(?:\w+: )?(?:'')?,?$/;

/** The lines as they are written: without texts, imports, comments and mere brackets. */
export const asWritten = (text: string): readonly Line[] =>
  text
    .replace(IMPORT, (found) => found.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line, index) => ({ line: line.trim().replace(TEXT, "''"), number: index + 1 }))
    .filter(({ line }) => /\w/.test(line) && !COMMENT.test(line) && !TOLD.test(line));

const NAMES = new Set([ts.SyntaxKind.Identifier, ts.SyntaxKind.PrivateIdentifier]);
const LITERALS = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
]);
/** A name alone, or a field that holds one name, text or list of texts, or begins one: what is listed, not what is done. */
const LISTED = /^(?:readonly )?(?:\.\.\. )?(?:\w+|'')(?: :(?: (?:\w+|''|[{[]|\[(?: ''(?: ,)?)* \]))?)? ?[,;]?$/;

/**
 * The lines by their shape: each name of the file's own is `x`, whatever it is, and each text and number is `''`. Words of
 * the language stay, and names that come from the platform or a library.
 */
export const asShaped = (text: string): readonly Line[] => {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest);
  const imported = new Set(
    source.statements
      .filter((each) => ts.isImportDeclaration(each))
      .filter(({ moduleSpecifier }) => !(moduleSpecifier as ts.StringLiteral).text.startsWith('.'))
      .map(({ importClause }) => importClause?.namedBindings)
      .flatMap((names) => (names && ts.isNamedImports(names) ? names.elements.map(({ name }) => name.text) : [])),
  );
  const lines = new Map<number, string[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isJSDoc(node)) return;
    const parts = node.getChildren(source);
    if (parts.length > 0) return parts.forEach(visit);
    const word = node.getText(source);
    const shown = NAMES.has(node.kind) && !imported.has(word) ? 'x' : LITERALS.has(node.kind) ? "''" : word;
    const number = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (word) lines.set(number, [...(lines.get(number) ?? []), shown]);
  };
  visit(source);
  return [...lines]
    .toSorted(([one], [other]) => one - other)
    .map(([number, words]) => ({ number, line: words.join(' ') }))
    .filter(({ line }) => /\w/.test(line) && !LISTED.test(line));
};

/**
 * Places that share six lines or more: `one.ts:1 ~ other.ts:7`, each by its first line.
 * @param linesOf what of a line is compared
 */
export const repetitions = (
  sources: readonly Source[],
  linesOf: (text: string) => readonly Line[] = asWritten,
): readonly string[] => {
  const first = new Map<string, { readonly place: string; readonly index: number; readonly of: Source }>();
  const found: string[] = [];
  for (const of of sources) {
    const lines = linesOf(of.text);
    let isRunning = false;
    for (let index = 0; index + LINES <= lines.length; index++) {
      const window = lines.slice(index, index + LINES).map(({ line }) => line);
      const place = `${of.file}:${lines[index]!.number}`;
      const before = first.get(window.join('\n'));
      // What overlaps with itself is one place, not two.
      const isOther = before !== undefined && (before.of !== of || index - before.index >= LINES);
      if (isOther && !isRunning) found.push(`${before.place} ~ ${place}`);
      isRunning = isOther;
      if (!before) first.set(window.join('\n'), { place, index, of });
    }
  }
  return found;
};
