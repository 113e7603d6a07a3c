import { isRecordEvent, type Capability } from '@kernel';

/** What is recorded here: the kinds of records, and of facts in their streams. */
export type Kinds = {
  /** Whether streams of this category hold the platform's records. */
  isRecord(category: string): boolean;
  /** Whether this code can read such a fact of such a record. */
  isKnown(category: string, type: string): boolean;
  /** Whether its contents are kept as they are. What no capability knows is sealed. */
  isEncrypted(category: string): boolean;
};

export const kindsOf = (capabilities: readonly Capability[]): Kinds => {
  const of = new Map(
    capabilities.flatMap(({ recordTypes, events }) =>
      recordTypes.map(({ category, encrypted = true }) => [category, { encrypted, events: new Set(events) }] as const),
    ),
  );
  return {
    isRecord: (category) => of.has(category),
    isKnown: (category, type) => of.get(category)?.events.has(type) || isRecordEvent({ type, data: {} }),
    isEncrypted: (category) => of.get(category)?.encrypted ?? true,
  };
};
