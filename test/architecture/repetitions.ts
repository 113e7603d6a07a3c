/** A file by its name and content. */
export type Source = { readonly file: string; readonly text: string };

const LINES = 6;

const IMPORT = /^(?:import|export)(?: type)? (?:\*|\{[^}]*\}).*?;$/gm;
const TEXT = /'[^']*'|`[^`]*`|"[^"]*"/g;
const COMMENT = /^(?:\/\/|\/?\*)/;
/** A field that only holds a text is what a declaration says, not how. */
const TOLD = /^(?:\w+: )?(?:'')?,?$/;

/** The lines that say something, with their numbers: without texts, imports, comments and mere brackets. */
const saying = (text: string): readonly { readonly line: string; readonly number: number }[] =>
  text
    .replace(IMPORT, (found) => found.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line, index) => ({ line: line.trim().replace(TEXT, "''"), number: index + 1 }))
    .filter(({ line }) => /\w/.test(line) && !COMMENT.test(line) && !TOLD.test(line));

/** Places that share six lines of the same shape or more: `one.ts:1 ~ other.ts:7`, each by its first line. */
export const repetitions = (sources: readonly Source[]): readonly string[] => {
  const first = new Map<string, { readonly place: string; readonly index: number; readonly of: Source }>();
  const found: string[] = [];
  for (const of of sources) {
    const lines = saying(of.text);
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
