import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { repetitions, type Source } from './repetitions.js';

const MAX_LINES = 300;

const sources: readonly Source[] = globSync('libs/capabilities/*/*/src/**/*.ts')
  .filter((file) => !/[.](spec|recipes)[.]ts$/.test(file))
  .toSorted()
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('The product files of capabilities', () => {
  it(`have ${MAX_LINES} lines at most`, () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES).map(({ file }) => file)).toEqual(
      [],
    );
  });
  it('say nothing twice: no two places share six lines of the same shape', () =>
    expect(repetitions(sources)).toEqual([]));
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
