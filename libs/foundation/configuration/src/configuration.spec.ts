import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { helpOn, keys32, readSettings, type WrongConfiguration } from './index.js';

const text = (given: string): string => given;
const settings = {
  OPEN: { parse: text },
  SECRET: { parse: text, secret: true },
  OTHER_SECRET: { parse: text, secret: true, otherwise: () => 'none' },
} as const;
const file = (content: string): string => {
  const path = join(temporaryFolder(), 'secret');
  writeFileSync(path, content);
  return path;
};
const problems = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(settings, environment);
    return [];
  } catch (error) {
    return (error as WrongConfiguration).problems;
  }
};

describe('A setting', () => {
  it('that is a secret may stand in a file, without the line break at its end', () =>
    expect(readSettings(settings, { OPEN: 'a', SECRET_FILE: file('b\n') })).toEqual({
      OPEN: 'a',
      SECRET: 'b',
      OTHER_SECRET: 'none',
    }));

  it('that is none may not', () =>
    expect(problems({ OPEN_FILE: file('a'), SECRET: 'b' })).toEqual(['OPEN is not set']));

  it.each([
    ['is missing', {}, 'SECRET is not set, nor is SECRET_FILE'],
    [
      'is given twice',
      { SECRET: 'b', SECRET_FILE: '/nowhere' },
      'SECRET is set beside SECRET_FILE: set one of the two',
    ],
    ['has no file', { SECRET_FILE: '/nowhere/b' }, 'SECRET cannot be read from its file: ENOENT'],
  ])('that %s is told', (_, environment, problem) =>
    expect(problems({ OPEN: 'a', ...environment })).toEqual([expect.stringContaining(problem)]),
  );

  it('with an empty file is told', () =>
    expect(problems({ OPEN: 'a', SECRET_FILE: file('\n') })).toEqual([expect.stringContaining('is empty')]));
});

describe('Help', () => {
  it('names every setting, which may be left out, and which may stand in a file', () =>
    expect(helpOn('It does something.', settings).split('\n')).toEqual(
      expect.arrayContaining([
        '  OPEN',
        '  SECRET, or SECRET_FILE with a file that holds it',
        '  OTHER_SECRET (may be left out), or OTHER_SECRET_FILE with a file that holds it',
      ]),
    ));
});

describe('Keys of 32 bytes', () => {
  const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
  it('are one or two, a line each or with a comma between', () => {
    for (const given of [`${key(1)}\n${key(2)}`, `${key(1)},${key(2)}`])
      expect(keys32(given).map((each) => each[0])).toEqual([1, 2]);
    expect(keys32(key(3))).toHaveLength(1);
  });

  it.each([['short'], [`${key(1)} ${key(2)} ${key(3)}`], [`${key(1)},`]])('are not %s', (given) =>
    expect(() => keys32(given)).toThrow('32 bytes in base64'),
  );
});
