import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { asShaped, repetitions, type Source } from './repetitions.js';

const MAX_LINES = 300;

const sources: readonly Source[] = globSync('libs/capabilities/*/*/src/**/*.ts')
  .filter((file) => !/[.](spec|recipes|mutants)[.]ts$/.test(file))
  .toSorted()
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('The product files of capabilities', () => {
  it(`have ${MAX_LINES} lines at most`, () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES).map(({ file }) => file)).toEqual(
      [],
    );
  });
  it('say nothing twice: no two places share six lines', () => expect(repetitions(sources)).toEqual([]));
  it('say nothing twice in other words: no two places share six lines of the same shape', () =>
    expect(repetitions(sources, asShaped)).toEqual([]));
});

describe('A repetition', () => {
  const six = [1, 2, 3, 4, 5, 6].map((each) => `  one${each}(given, 'a');`);
  const source = (file: string, ...lines: readonly string[]): Source => ({ file, text: lines.join('\n') });

  it('of six lines is found, in two files and in one', () => {
    expect(repetitions([source('a.ts', ...six), source('b.ts', 'other();', ...six)])).toEqual(['a.ts:1 ~ b.ts:2']);
    expect(repetitions([source('a.ts', ...six, 'other();', ...six)])).toEqual(['a.ts:1 ~ a.ts:8']);
  });
  it('is one whatever texts, spaces, comments and brackets are between', () => {
    const alike = six.flatMap((line) => ['', '  // why', '}', `    ${line.replace("'a'", "'b'")}`]);
    expect(repetitions([source('a.ts', ...six), source('b.ts', ...alike)])).toEqual(['a.ts:1 ~ b.ts:4']);
  });
  it('is none of five lines, of other words, of imports, or of fields that only hold a text', () => {
    const imported = ['import {', ...'abcdefgh'.split('').map((each) => `  ${each},`), "} from './x.js';"];
    const told = 'abcdefgh'.split('').map((each) => `  ${each}: 'text',`);
    const other = six.map((line) => line.replace('given', 'asked'));
    for (const [one, two] of [
      [six.slice(1), six.slice(1)],
      [six, other],
      [imported, imported],
      [told, told],
    ] as const)
      expect(repetitions([source('a.ts', ...one), source('b.ts', ...two)])).toEqual([]);
  });
});

describe('A repetition in other words', () => {
  const loan = `import { accept, reject } from '@kernel';
/** Why it is so. */
export const lend = (book: Book, { reader, lentTo }: Loan): Decision => {
  const isLent = lentTo !== null;
  if (isLent && lentTo === reader) return accept();
  if (isLent) return reject('BOOKS.LENT', { field: 'book' });
  const until = later(book.asOf, 14n);
  return accept({ type: 'books.BookLent.v1', data: { reader, until } });
};`;
  const renamed = loan
    .replaceAll('lentTo', 'heldBy')
    .replace('Why it is so.', 'Another reason.\n * In two lines.')
    .replace(/books?\b/gi, 'rooms')
    .replaceAll('reader', 'guest')
    .replaceAll('isLent', 'isTaken')
    .replace('14n', '3n');
  const seeded = (text: string): readonly Source[] => [
    { file: 'loan.record.ts', text: loan },
    { file: 'stay.record.ts', text },
  ];

  it('is found, whatever the names, texts, numbers and comments', () => {
    expect(repetitions(seeded(renamed))).toEqual([]);
    expect(repetitions(seeded(renamed), asShaped)).toEqual(['loan.record.ts:3 ~ stay.record.ts:4']);
  });
  it('is none where something else is done', () => {
    expect(repetitions(seeded(renamed.replace('return reject(', 'throw new Error(')), asShaped)).toEqual([]);
    expect(repetitions(seeded(renamed.replace('isTaken &&', 'isTaken ||')), asShaped)).toEqual([]);
  });
  it('is none of imports, and of what is only listed', () => {
    const listing = (names: string) =>
      names
        .split('')
        .flatMap((name) => [`  ${name}: ${name}Of,`, `  'x.${name}.v1': '${name}',`, `  ${name}s: ['a', 'b'],`])
        .join('\n');
    const list = (names: string) =>
      `import {\n  ${names.split('').join(',\n  ')}\n} from './x.js';\nexport const all = declare({\n${listing(names)}\n});`;
    const sources = [
      { file: 'a.ts', text: list('abcdef') },
      { file: 'b.ts', text: list('ghijkl') },
    ];
    expect(repetitions(sources, asShaped)).toEqual([]);
  });
});
