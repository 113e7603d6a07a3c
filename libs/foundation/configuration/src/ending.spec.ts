import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CannotDo, endingOf, EXIT, Refuted, WrongConfiguration, WrongUsage } from './index.js';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('The ending of a command', () => {
  it.each([
    ['what was refuted', new Refuted('leaf 3 was changed'), EXIT.REFUTED, 'leaf 3 was changed'],
    ['a wrong command line', new WrongUsage('--to is missing.'), EXIT.USAGE, '--to is missing.'],
    ['wrong settings', new WrongConfiguration(['A is not set']), EXIT.USAGE, 'A is not set'],
    ['what cannot be done', new CannotDo('no such stream'), EXIT.UNDECIDED, 'no such stream'],
    ['a missing file', thrownBy(() => readFileSync('/nowhere/at/all')), EXIT.UNDECIDED, '/nowhere/at/all'],
    [
      'a database that does not open',
      thrownBy(() => new DatabaseSync('/nowhere/at/all.db', { readOnly: true })),
      EXIT.UNDECIDED,
      'unable to open database file',
    ],
  ])('of %s has its code and no stack', (_, error, code, said) => {
    const ending = endingOf(error);
    expect(ending).toEqual({ code, message: expect.stringContaining(said) });
    expect(ending.message).not.toMatch(/\n\s+at /);
  });

  it('tells the innermost cause once', () => {
    const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
    const outage = new CannotDo('the store did not answer', { cause: new Error('closed', { cause: refused }) });
    expect(endingOf(outage).message).toBe('the store did not answer (connect ECONNREFUSED 127.0.0.1:1)');
    expect(endingOf(new CannotDo('closed: broken', { cause: new Error('broken') })).message).toBe('closed: broken');
  });

  it('of what nobody foresaw accuses nobody, and keeps its stack', () => {
    const { code, message } = endingOf(new TypeError('x is not a function'));
    expect(code).toBe(EXIT.UNDECIDED);
    expect(message).toMatch(/a fault of the program.*x is not a function\n\s+at /s);
    expect(endingOf('just text').code).toBe(EXIT.UNDECIDED);
  });

  it('is what the program says of its own errors before anything else', () =>
    expect(endingOf(new CannotDo('seen'), () => EXIT.REFUTED).code).toBe(EXIT.REFUTED));
});
