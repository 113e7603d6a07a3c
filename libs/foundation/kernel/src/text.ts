import { JOINS_NEXT, JOINS_PREVIOUS, VIRAMA } from './codes/joining.js';
import { InvalidValue, value, type Value } from './shape.js';

/** Why a character has no place in a text: the first sentence that fits. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\p{Cs}/u, 'half of a character'],
  [/\p{Cc}/u, 'a control character'],
  [/[\p{Zl}\p{Zp}]/u, 'an invisible separator: use a line break'],
  [/[\p{Cn}\p{Co}]/u, 'not a character that everybody can read'],
  [/\ufffd/u, 'in place of a character that was lost before it came here'],
  [/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u, 'a mark that changes the direction of text'],
  [/[\u200c\u200d]/u, 'a joiner where the script needs none'],
];
const INVISIBLE = 'a character that shows nothing';

/** What hides something or shows nothing, but where `ALLOWED` says otherwise. U+2800 is the empty Braille cell. */
const SUSPECT = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]/gu;

const ALLOWED = new RegExp(
  [
    String.raw`[\t\n\r]`,
    // Signs of the category Cf that are seen: Prepended_Concatenation_Mark.
    String.raw`[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]`,
    // Isolates, where they are balanced: `unbalanced` looks at those.
    String.raw`[\u2066-\u2069]`,
    // ZWNJ between letters that would join: Unicode Standard Annex #31, 2.3, A1.
    String.raw`(?<=[${JOINS_NEXT}][\p{Mn}\p{Me}]*)\u200c(?=[\p{Mn}\p{Me}]*[${JOINS_PREVIOUS}])`,
    // ZWNJ and ZWJ after a virama: the same, A2 and B.
    String.raw`(?<=\p{L}\p{Mn}*[${VIRAMA}]\p{M}*)[\u200c\u200d]`,
    // ZWJ within an emoji: Unicode Technical Standard #51, ED-16.
    String.raw`(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]?)\u200d(?=\p{Extended_Pictographic})`,
    // The way an emoji is shown, and keycaps.
    String.raw`(?<=\p{Emoji})(?<![0-9#*])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)`,
    // Forms of ideographs, as names have them, and of Mongolian letters.
    String.raw`(?<=\p{Ideographic})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]|(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]`,
  ].join('|'),
  'yu',
);

/**
 * Text that shows what it says, in Unicode normalization form C, without surrounding space and within its limit (counted
 * in UTF-16 units). One text has one spelling, so that digests and keys of what looks alike are alike.
 * @throws InvalidValue naming the code point that hides something or shows nothing, and its place, counted from 1
 */
export const text = (limit: number): Value<string, string> =>
  value(
    'String',
    'prose',
    (given: string): string => {
      const hidden = firstHidden(given);
      if (hidden !== null) throw refused(given, hidden);
      const kept = given.normalize('NFC').trim();
      if (/^\p{M}/u.test(kept)) {
        throw new InvalidValue(`must not begin with ${nameOf(kept)}: it combines with the character before it`);
      }
      if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(kept)) throw new InvalidValue('must not be empty');
      if (kept.length > limit) throw new InvalidValue(`must be at most ${limit} characters, not ${kept.length}`);
      return kept;
    },
    `${limit} characters at most`,
  );

/** Where the first character stands that has no place in a text; null where there is none. */
const firstHidden = (given: string): number | null => {
  for (const { index } of given.matchAll(SUSPECT)) {
    ALLOWED.lastIndex = index;
    if (!ALLOWED.test(given)) return index;
  }
  return unbalanced(given);
};

/** Where the first isolate stands that is not closed on its line, or closes nothing (UAX #9); null where there is none. */
const unbalanced = (given: string): number | null => {
  let open: number[] = [];
  for (const { 0: mark, index } of given.matchAll(/[\u2066-\u2069\n\r]/g)) {
    if (mark === '\n' || mark === '\r') {
      if (open.length > 0) break;
    } else if (mark === '\u2069') {
      if (open.length === 0) return index;
      open = open.slice(0, -1);
    } else {
      open = [...open, index];
    }
  }
  return open[0] ?? null;
};

const refused = (given: string, index: number): InvalidValue => {
  const at = given.slice(index);
  const [, reason = INVISIBLE] = REASONS.find(([those]) => those.test(firstOf(at))) ?? [];
  const place = [...given.slice(0, index)].length + 1;
  return new InvalidValue(`must show what it says: character ${place} is ${nameOf(at)}, ${reason}`);
};

const firstOf = (given: string): string => String.fromCodePoint(given.codePointAt(0)!);

const nameOf = (given: string): string => `U+${given.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
