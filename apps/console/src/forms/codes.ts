import { COUNTRIES, CURRENCIES } from '@kernel';
import { useAsk } from '../platform/use-ask.ts';
import { materialsQuery } from '../documents/supply.documents.ts';
import { named, party } from '../words/words.ts';

type Choice = { readonly value: string; readonly text: string };
const byText = (a: Choice, b: Choice): number => a.text.localeCompare(b.text);

/** All countries, by their names in the reader's language. */
export const countries = (): readonly Choice[] =>
  COUNTRIES.map(({ code }) => ({ value: code, text: party(code) })).sort(byText);

export const currencies = (): readonly Choice[] =>
  CURRENCIES.filter(({ minorUnit }) => minorUnit !== null).map(({ code }) => ({ value: code, text: code }));

/** Values of an enum of the schema, in words. */
export const valuesOf = <T extends string>(type: string, values: readonly T[]): readonly Choice[] =>
  values.map((value) => ({ value, text: named(type, value) }));

export const STAGES = [
  'EXPLORATION',
  'MINING',
  'PROCESSING',
  'REFINING',
  'MANUFACTURING',
  'RECYCLING',
  'SUBSTITUTION',
] as const;

/** The materials of the register. */
export const useMaterials = (): readonly Choice[] =>
  useAsk(materialsQuery, { first: 200 }, { kinds: ['material'] }).data?.materials.nodes.map(({ code, name }) => ({
    value: code,
    text: name,
  })) ?? [];
