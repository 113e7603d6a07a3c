import { describe, expect, it } from '@jest/globals';
import {
  composite,
  country,
  InvalidValue,
  many,
  oneOf,
  optional,
  otherwise,
  partial,
  positive,
  required,
  text,
  type Of,
} from '@kernel';

const colour = oneOf('Colour', 'A colour.', { RED: 'Like blood.', BLUE: 'Like the sky.' });

describe('A choice', () => {
  it('reads its words', () => expect(colour('RED')).toBe('RED'));
  it.each(['GREEN', 'red', '', 'toString'])('does not read %j', (word) =>
    expect(() => colour(word)).toThrow(new InvalidValue('must be one of RED, BLUE')),
  );
});

describe('A shape', () => {
  const money = composite('Sum', 'A sum.', {
    amount: required(positive, 'How much.'),
    note: optional(text(5), 'Particulars.'),
  });
  const shape = {
    of: required(country, 'Whose.'),
    colours: many(colour, 'Which.', { least: 1, most: 2 }),
    cost: optional(money, 'What it costs.'),
    tags: otherwise(many(text(5), 'Tags.'), []),
  };

  it('says the type of what it describes', () => {
    const full: Of<typeof shape> = { of: country('JP'), colours: ['RED'], tags: [] };
    // @ts-expect-error: the colours are required
    const less: Of<typeof shape> = { of: country('JP'), tags: [] };
    // @ts-expect-error: there is no such colour
    const other: Of<typeof shape> = { ...full, colours: ['GREEN'] };
    expect([full, less, other]).toHaveLength(3);
  });
  it('reads a list item by item, and no more of them than it may have', () => {
    const { value } = shape.colours;
    expect(value(['BLUE'] as never)).toEqual(['BLUE']);
    expect(() => value([] as never)).toThrow(new InvalidValue('must have 1 to 2 items'));
    expect(() => value(['RED', 'RED', 'BLUE'] as never)).toThrow(new InvalidValue('must have 1 to 2 items'));
    expect(() => value(['GREEN'] as never)).toThrow(InvalidValue);
  });
  it('reads several fields under one name, and leaves out what is null', () =>
    expect(money({ amount: '1.50', note: null, more: 1 } as never)).toEqual({ amount: '1.5' }));
  it('whose fields may be left out reads them as before', () => {
    const change = partial(shape);
    const none: Of<typeof change> = {};
    expect(Object.values(change).every(({ isOptional }) => isOptional)).toBe(true);
    expect(change.colours.value(['RED'] as never)).toEqual(['RED']);
    expect(none).toEqual({});
  });
});
