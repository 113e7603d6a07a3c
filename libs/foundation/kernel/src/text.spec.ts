import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue } from './shape.js';
import { text } from './text.js';

const line = text(200);
/** Any text that the parser takes, with the characters in it that need care. */
const careful = fc.constantFrom(
  ...'aé e\u0301\u0327 \u0628\u0631\u200c\u0915\u094d\u0937\u200d\u2067\u2069\u2066\n\t\ufe0f\u231a\u845b\u0345',
  '\u{e0100}',
  '\u{1f468}',
  '\u{1f3fd}',
);
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: careful, maxLength: 20 }));
const taken = (given: string): string | null => {
  try {
    return line(given);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidValue);
    return null;
  }
};

describe('A text', () => {
  it('is kept without the space around it', () => expect(text(20)('  gallium nitride \n')).toBe('gallium nitride'));
  it('may have tabs and line breaks', () => expect(text(20)('two\tlines\r\nof text')).toBe('two\tlines\r\nof text'));
  it.each([' \n\t ', '\u00a0', '\u3000', '', '\u2066\u2069'])('says something, unlike %j', (given) =>
    expect(() => line(given)).toThrow('must not be empty'),
  );
  it('keeps to its limit, and says by how much it does not', () => {
    expect(text(5)('12345')).toBe('12345');
    expect(() => text(5)('123456')).toThrow('must be at most 5 characters, not 6');
  });
  it('is counted as it is kept', () => expect(text(4)('Cafe\u0301')).toBe('Caf\u00e9'));
});

describe('A text shows what it says', () => {
  it.each([
    ['a zero width space', 'a\u200bb', 2, 'U+200B, a character that shows nothing'],
    ['a soft hyphen', 'a\u00adb', 2, 'U+00AD, a character that shows nothing'],
    ['a byte order mark', '\ufeffab', 1, 'U+FEFF, a character that shows nothing'],
    ['a Hangul filler', '\u3164', 1, 'U+3164, a character that shows nothing'],
    ['a Hangul choseong filler', 'a\u115f', 2, 'U+115F, a character that shows nothing'],
    ['a Hangul jungseong filler', 'a\u1160', 2, 'U+1160, a character that shows nothing'],
    ['a halfwidth Hangul filler', 'a\uffa0', 2, 'U+FFA0, a character that shows nothing'],
    ['a grapheme joiner', 'a\u034fb', 2, 'U+034F, a character that shows nothing'],
    ['an empty Braille cell', 'a\u2800', 2, 'U+2800, a character that shows nothing'],
    ['an invisible operator', '2\u2062x', 2, 'U+2062, a character that shows nothing'],
    ['a tag character', '\u{1f3f4}\u{e0067}', 2, 'U+E0067, a character that shows nothing'],
    ['a variation selector after a letter', 'a\ufe0f', 2, 'U+FE0F, a character that shows nothing'],
    ['one after a digit that is no keycap', '9\ufe0f', 2, 'U+FE0F, a character that shows nothing'],
    ['an object that is not there', 'a\ufffc', 2, 'U+FFFC, a character that shows nothing'],
    ['a control character', 'a\u0000b', 2, 'U+0000, a control character'],
    ['an escape', 'a\u001bb', 2, 'U+001B, a control character'],
    ['a control character of C1', 'a\u0085b', 2, 'U+0085, a control character'],
    ['a line separator', 'a\u2028b', 2, 'U+2028, an invisible separator: use a line break'],
    ['a paragraph separator', 'a\u2029b', 2, 'U+2029, an invisible separator: use a line break'],
    ['an override', 'Grant \u202e000.1\u202c EUR', 7, 'U+202E, a mark that changes the direction of text'],
    ['an embedding', 'a\u202bb\u202c', 2, 'U+202B, a mark that changes the direction of text'],
    ['a mark of direction', 'a\u200f', 2, 'U+200F, a mark that changes the direction of text'],
    ['an isolate left open', 'ab\u2067c', 3, 'U+2067, a mark that changes the direction of text'],
    ['an isolate closed on another line', 'a\u2068b\nc\u2069', 2, 'U+2068, a mark that changes the direction of text'],
    ['the end of no isolate', 'a\u2069', 2, 'U+2069, a mark that changes the direction of text'],
    ['a non-joiner between letters that do not join', 'a\u200cb', 2, 'U+200C, a joiner where the script needs none'],
    ['a joiner between letters', 'a\u200db', 2, 'U+200D, a joiner where the script needs none'],
    ['a joiner after one emoji', '\u{1f468}\u200da', 2, 'U+200D, a joiner where the script needs none'],
    ['half of a character', 'a\ud800b', 2, 'U+D800, half of a character'],
    ['a character of private use', 'a\ue000', 2, 'U+E000, not a character that everybody can read'],
    ['a code point that is no character', 'a\uffff', 2, 'U+FFFF, not a character that everybody can read'],
    ['a lost character', 'Minist\ufffdre', 7, 'U+FFFD, in place of a character that was lost before it came here'],
  ])('and has not %s', (_, given, place, what) =>
    expect(() => line(given)).toThrow(new InvalidValue(`must show what it says: character ${place} is ${what}`)),
  );

  it('counts characters, not units', () =>
    expect(() => line('\u{1f468}\u{1f468}\u200b')).toThrow('character 3 is U+200B'));

  it('does not begin with a mark for the character before it', () => {
    expect(() => line('\u0301a')).toThrow('must not begin with U+0301');
    expect(() => line(' \u0301a')).toThrow('must not begin with U+0301');
  });

  it.each([
    ['Persian with non-joiners', 'می\u200cخواهم'],
    ['Marathi with joiners', 'र\u094d\u200dय'],
    ['Sinhala with joiners', 'ශ\u0dca\u200dරී'],
    ['Bengali with non-joiners', 'ক\u09cd\u200cষ'],
    ['Malayalam', 'അവന\u0d4d\u200d'],
    ['Arabic with a sign of the year', '\u0601١٤٤٧'],
    ['a family of emoji', '\u{1f468}\u{1f3fd}\u200d\u{1f469}\u200d\u{1f467}'],
    ['a heart in colour', '\u2764\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a name in its own form of an ideograph', '葛\u{e0100}城市'],
    ['a Mongolian form', '\u1820\u180b'],
    ['Hebrew in an isolate', 'the \u2067נחושת\u2069 mine'],
    ['isolates in isolates, line by line', '\u2068a \u2067b\u2069\u2069\n\u2066c\u2069'],
    ['a country of many letters', 'Türkiye, Côte d’Ivoire, Việt Nam, Россия, Ελλάδα, 中国, 日本, 대한민국, ไทย'],
    ['formulas', 'α-Al₂O₃ · 5 µm ± 2 %'],
  ])('and may be %s', (_, given) => expect(line(given)).toBe(given.normalize('NFC')));

  it('or is refused, whatever it is', () =>
    fc.assert(
      fc.property(texts, (given) => {
        const kept = taken(given);
        if (kept === null) return;
        expect(kept).not.toMatch(
          /[\p{Cc}--[\t\n\r]]|[\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202a-\u202e\u{e0000}-\u{e007f}]/v,
        );
        expect(kept).toMatch(/[\p{L}\p{N}\p{P}\p{S}]/u);
      }),
      { numRuns: 2_000 },
    ));
});

describe('One text', () => {
  it('has one spelling, in which it is taken again as it is', () =>
    fc.assert(
      fc.property(texts, (given) => {
        const kept = taken(given);
        if (kept === null) return;
        expect(kept).toBe(kept.normalize('NFC'));
        expect(line(kept)).toBe(kept);
      }),
      { numRuns: 2_000 },
    ));
  it('is one, composed or not', () =>
    fc.assert(
      fc.property(texts, (given) => {
        const [composed, decomposed] = [taken(given.normalize('NFC')), taken(given.normalize('NFD'))];
        expect(composed).toBe(decomposed);
      }),
      { numRuns: 2_000 },
    ));
});
