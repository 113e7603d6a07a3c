import { registerEnumType } from '@nestjs/graphql';
import { InvalidValue, type AnyStream, type Capability } from '@kernel';

/** A kind of record whose audience is its owner's to change. */
export type RecordKind = { readonly stream: AnyStream; readonly capability: Capability };

const kinds = new Map<string, RecordKind>();
const descriptions: Record<string, { description: string }> = {};

/** `STOCK_DECLARATION`, and so on: filled by the app, which alone knows all capabilities. */
export const RecordKindEnum: Record<string, string> = {};
registerEnumType(RecordKindEnum, {
  name: 'RecordKind',
  description: 'A kind of record whose audience its owner may change.',
  valuesMap: descriptions,
});

/** To be called once, before the schema is made. */
export const offerRecordKinds = (capabilities: readonly Capability[]): void => {
  for (const capability of capabilities) {
    for (const stream of capability.streams.filter(({ isMarkingFixed }) => !isMarkingFixed)) {
      const words = stream.category.replace(/[A-Z]/g, ' $&').toLowerCase();
      const name = words.replaceAll(' ', '_').toUpperCase();
      kinds.set(name, { stream, capability });
      RecordKindEnum[name] = name;
      descriptions[name] = { description: `A ${words} of the capability ${capability.name}.` };
    }
  }
};

/** @throws InvalidValue */
export const recordKind = (name: string): RecordKind => {
  const kind = kinds.get(name);
  if (!kind) throw new InvalidValue(`must be one of ${[...kinds.keys()].join(', ')}`);
  return kind;
};
