import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { positive, text } from '@kernel';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { Is, problemsOf } from './validation.js';

class Money {
  @Is(positive)
  amount!: string;
}

class Input {
  @Is(positive)
  quantity!: string;

  @IsOptional()
  @Is(text(10))
  site?: string;

  @IsOptional()
  @Is(text(10), { each: true })
  forms?: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Money)
  price?: Money;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Money)
  parts?: Money[];
}

const problems = async (given: object): Promise<Record<string, string>> =>
  (await problemsOf(Input, given as Input)).problems;

describe('An input', () => {
  it('is fit when every field is what the parser of its value takes', async () =>
    expect(
      await problems({
        quantity: '1.5',
        site: 'Kyoto',
        forms: ['a', 'b'],
        price: { amount: '2' },
        parts: [{ amount: '3' }],
      }),
    ).toEqual({}));

  it('names the field and what is wrong with it, in the words of the value', async () =>
    expect(await problems({ quantity: '0' })).toEqual({ quantity: 'quantity must be more than zero' }));

  it('misses what it must have', async () => {
    expect(await problems({})).toEqual({ quantity: 'quantity must be text' });
    expect(await problems({ quantity: null })).toEqual({ quantity: 'quantity must be text' });
  });

  it('may leave out, or give as null, what is optional', async () =>
    expect(await problems({ quantity: '1', site: null, forms: undefined, price: null })).toEqual({}));

  it('takes only text for a value', async () => {
    for (const quantity of [1, true, {}, ['1']])
      expect(await problems({ quantity })).toEqual({ quantity: 'quantity must be text' });
  });

  it('looks at each item of a list', async () => {
    expect(await problems({ quantity: '1', forms: ['a', ' ', 'b'] })).toEqual({ forms: 'forms must not be empty' });
    expect(await problems({ quantity: '1', forms: 'a' })).toEqual({ forms: 'forms must be a list' });
  });

  it('says where inside it the fault lies', async () =>
    expect(
      await problems({ quantity: '1', price: { amount: 'x' }, parts: [{ amount: '1' }, { amount: '0' }] }),
    ).toEqual({
      'price.amount': expect.stringMatching(/^amount must be a decimal number/),
      'parts.1.amount': 'amount must be more than zero',
    }));

  it('lets a mistake in a parser be seen as one', async () => {
    class Broken {
      @Is(() => {
        throw new TypeError('a bug');
      })
      field!: string;
    }
    await expect(problemsOf(Broken, { field: 'x' })).rejects.toThrow('a bug');
  });
});
