import { newId } from '@foundation/eventing';
import { WELL_FORMED, type Values } from '../../acceptance/support/from-schema.js';
import type { Reader } from './people.js';

/** Kinds of things that can be hidden, each with a place in questions: «project», «material», … */
export type Kind = RecordKind | 'member' | 'person' | 'material' | 'title' | 'position';
type RecordKind = (typeof WITH_ID)[number];
/** Kinds that are named by an id of the platform's making. */
const WITH_ID = [
  ...(['project', 'pledge', 'stockDeclaration', 'group', 'brief'] as const),
  ...(['useRequest', 'accessRequest', 'mandate', 'emergencyAccess', 'auditMandate', 'act', 'comment'] as const),
] as const;

export const KINDS: readonly Kind[] = [...WITH_ID, 'person', 'material', 'title', 'position'];

/** What stands in the places of a question. */
export type Filling = Readonly<Record<Kind, string>>;

/** Names of things that there are nowhere, of the same shape and length as those of things that there are. */
export const absent = (position: string): Filling => ({
  ...(Object.fromEntries(WITH_ID.map((kind) => [kind, newId()])) as Record<RecordKind, string>),
  member: 'ZZ',
  person: newId(),
  material: materialCode(),
  title: secretTitle(),
  position,
});

export const materialCode = (): string =>
  `ore-${newId()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 12)}`;
export const secretTitle = (): string => `Secret ${newId()}`;

/** The question's variables as they are sent. */
export const filled = (variables: object, filling: Filling): object =>
  JSON.parse(
    JSON.stringify(variables).replaceAll(/«(\w+)»/g, (_, kind: string) =>
      kind === 'new' ? newId() : filling[kind as Kind],
    ),
  ) as object;

/** A text with the places back in it. */
export const emptied = (text: string, filling: Filling): string =>
  KINDS.reduce((made, kind) => made.replaceAll(filling[kind], `«${kind}»`), text);

/** What this reader knows and can name in a question. */
export type Known = {
  readonly ids: readonly string[];
  readonly materials: readonly string[];
  readonly cursors: readonly string[];
  readonly positions: readonly string[];
};

export type Vocabulary = {
  /** Tells the commands of one reader's questions from those of another. */
  readonly asker: string;
  /** For the fields that an input must have. */
  readonly wellFormed: Values;
  /** @throws when there is nothing to say for the type: add it here, and what the type is new in is covered */
  readonly valuesOf: (type: string, name: string) => readonly unknown[];
};

export const vocabularyOf = (reader: Reader, known: Known): Vocabulary => {
  const recordIds = [...WITH_ID.map((kind) => `«${kind}»`), ...known.ids];
  const byName: Readonly<Record<string, readonly unknown[]>> = {
    first: [1, 2, 200, 0, 201],
    person: ['«person»'],
    hsCodes: ['811292'],
    command: ['ProposeProject', 'ChangeMarking', 'proposeProject'],
    quarter: ['2020-Q1', '2020-Q2'],
    zone: ['Europe/Paris'],
  };
  const byType: Readonly<Record<string, readonly unknown[]>> = {
    ID: [...recordIds, 'Material:«material»'],
    String: ['«material»', '«title»', ...known.materials],
    Int: [2024, 1900],
    Boolean: [true, false],
    Decimal: ['1', '0'],
    Day: ['2026-01-01', '2020-02-29'],
    Instant: ['2026-01-01T00:00:00.000Z'],
    CountryCode: ['AU', 'US', 'BR', 'JP'],
    PlaceCode: ['AU', 'US', 'BR', 'JP'],
    CurrencyCode: ['EUR', 'USD'],
    Party: ['US', 'SECRETARIAT', 'BR', 'JP'],
    Audience: ['«group»', 'PUBLIC', 'MEMBERS', 'US'],
    Cursor: [...known.cursors, 'no-cursor', '«position»'],
    Position: [...known.positions, '«position»', 'no-position'],
  };
  return {
    asker: reader.name.replaceAll(' ', '-'),
    wellFormed: {
      ...WELL_FORMED,
      ID: '«project»',
      person: '«person»',
      // One that takes no other part: what is done to it changes nothing for anybody else.
      country: reader.country ?? 'AU',
      material: known.materials[0],
      materials: known.materials.slice(0, 1),
      code: known.materials[0],
    },
    valuesOf: (type, name) => {
      const values = byName[name] ?? byType[type];
      if (values === undefined)
        throw new Error(
          `no values for the type ${type} of ${name}: add some to the vocabulary, so that it is covered too`,
        );
      return values;
    },
  };
};
