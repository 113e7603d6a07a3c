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
  const pathOf = ({ file }: Guard): string => join(folder, file);
  const found = new Map<string, string>();
  // One guard of each file at a time: a program costs more than what is looked at in it.
  for (const round of inRounds(guards)) {
    for (const guard of round) changed.set(pathOf(guard), withoutGuard(guard, ts.sys.readFile(pathOf(guard)) ?? ''));
    version++;
    for (const guard of round) {
      const problems = [
        ...service.getSyntacticDiagnostics(pathOf(guard)),
        ...service.getSemanticDiagnostics(pathOf(guard)),
      ].filter(({ code }) => !LEFT_BEHIND.has(code));
      if (problems.length > 0) found.set(guard.name, problems.map(sentence).join('\n'));
    }
    changed.clear();
  }
  return found;
};

const sentence = ({ code, messageText }: ts.Diagnostic): string =>
  `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;

const inRounds = (guards: readonly Guard[]): readonly (readonly Guard[])[] => {
  const rounds: Guard[][] = [];
  for (const ofFile of Map.groupBy(guards, ({ file }) => file).values())
    for (const [index, guard] of ofFile.entries()) (rounds[index] ??= []).push(guard);
  return rounds;
};
