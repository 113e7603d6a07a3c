import { join } from 'node:path';
import ts from 'typescript';
import { withoutGuard, type Guard } from './guard.js';

/** What a guard leaves behind may be used by nobody, or never be reached: TypeScript's numbers of these complaints. */
const LEFT_BEHIND = new Set([6133, 6138, 6192, 6196, 6198, 6199, 7027]);

/**
 * What the compiler says of the code without each guard, by the guard's name; nothing of those that compile. A guard whose
 * absence does not compile would be caught by no test, but by itself.
 */
export const complaints = (folder: string, guards: readonly Guard[]): ReadonlyMap<string, string> => {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const changed = new Map<string, string>();
  let version = 0;
  const read = (path: string): string | undefined => changed.get(path) ?? ts.sys.readFile(path);
  const service = ts.createLanguageService({
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => (changed.has(path) ? String(version) : '0'),
    getScriptSnapshot: (path) => {
      const text = read(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (of) => ts.getDefaultLibFilePath(of),
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: read,
    readDirectory: (...of) => ts.sys.readDirectory(...of),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
    realpath: (path) => ts.sys.realpath!(path),
  });
  const found = guards.flatMap((guard) => {
    const path = join(folder, guard.file);
    changed.set(path, withoutGuard(guard, ts.sys.readFile(path) ?? ''));
    version++;
    const problems = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)]
      .filter(({ code }) => !LEFT_BEHIND.has(code))
      .map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
    changed.delete(path);
    version++;
    return problems.length === 0 ? [] : [[guard.name, problems.join('\n')] as const];
  });
  return new Map(found);
};
