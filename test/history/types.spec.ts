import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { samples } from './samples.js';

/** `export type MineOpened = DomainEvent<'mines.MineOpened.v1'` */
const DECLARED = /export type (\w+) = DomainEvent<\s*'([\w.]+)'/g;

/** The file and the name of each event's type, by the event's name. */
const typeOf = new Map(
  globSync(['libs/capabilities/*/*/src/*/*.events.ts', 'libs/foundation/kernel/src/record.ts']).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(DECLARED)].map(([, type, name]) => [name!, { file, type: type! }] as const),
  ),
);

/** What TypeScript says of each of these, as values of the types of their events. */
const complaints = (given: readonly { readonly name: string; readonly text: string }[]): readonly string[] => {
  const path = resolve('test/history/every-sample.ts');
  const lines = given.map(({ name, text }, index) => {
    const { file, type } = typeOf.get(name)!;
    const from = resolve(file.replace(/ts$/, 'js'));
    return `export const sample${index}: Plain<import('${from}').${type}> = ${JSON.stringify(JSON.parse(text))};`;
  });
  // As JSON knows it: without the marks by which the kernel tells one kind of text from another.
  const plain = [
    'type Named = `${string}:${string}`;',
    'type Plain<T> = T extends string & { readonly __value: string } ? string',
    ': T extends Named ? Named : T extends readonly (infer Each)[] ? readonly Plain<Each>[]',
    ': T extends object ? { [K in keyof T]: Plain<T[K]> } : T;',
  ].join(' ');
  const source = [plain, ...lines].join('\n');

  const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === path || fileExists.call(host, file);
  host.getSourceFile = (file, ...how) =>
    file === path ? ts.createSourceFile(file, source, how[0]) : getSourceFile.call(host, file, ...how);
  const program = ts.createProgram([path], options, host);
  const file = program.getSourceFile(path)!;
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ start, messageText }) => {
      const { name } = given[file.getLineAndCharacterOfPosition(start!).line - 1]!;
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    },
  );
};

describe('The type of an event', () => {
  it('is declared for every sample', () =>
    expect(samples.filter(({ name }) => !typeOf.has(name)).map(({ name }) => name)).toEqual([]));

  it('is the type of its frozen sample: another shape is another version', () =>
    expect(complaints(samples)).toEqual([]));

  it('tells a field that is missing, one that is not known, and a word that is none', () => {
    const name = 'projects.InvestmentPledged.v1';
    const { type, data } = JSON.parse(samples.find((each) => each.name === name)!.text) as {
      type: string;
      data: Record<string, unknown>;
    };
    const { amount: _, ...less } = data;
    const texts = [less, { ...data, more: '1' }, { ...data, kind: 'GIFT' }].map((each) =>
      JSON.stringify({ type, data: each }),
    );
    expect(complaints(texts.map((text) => ({ name, text })))).toEqual([
      expect.stringMatching(/amount/),
      expect.stringMatching(/more/),
      expect.stringMatching(/GIFT/),
    ]);
  });
});
