import { oneOf, type AnyRecordType, type Capability, type Choice } from '@kernel';

/** A kind of record whose audience is its owner's to change. */
export type RecordKind = { readonly recordType: AnyRecordType; readonly capability: Capability };

/** The kinds of records, by the words that clients use: `STOCK_DECLARATION`, and so on. */
export type RecordKinds = { readonly choice: Choice<string>; readonly of: (word: string) => RecordKind };

/** What all capabilities offer, which the app alone knows. */
export const recordKindsOf = (capabilities: readonly Capability[]): RecordKinds => {
  const kinds = new Map<string, RecordKind>();
  const meanings: Record<string, string> = {};
  for (const capability of capabilities) {
    for (const recordType of capability.recordTypes.filter(({ isMarkingFixed }) => !isMarkingFixed)) {
      const words = recordType.category.replace(/[A-Z]/g, ' $&').toLowerCase();
      const word = words.replaceAll(' ', '_').toUpperCase();
      kinds.set(word, { recordType, capability });
      meanings[word] = `A ${words} of the capability ${capability.name}.`;
    }
  }
  const choice = oneOf('RecordKind', 'A kind of record whose audience its owner may change.', meanings);
  return { choice, of: (word) => kinds.get(choice(word))! };
};
