import { isCountry, isCurrency, placesUnder } from './codes/index.js';
import { InvalidValue, oneOf, value } from './shape.js';

export { InvalidValue };

/** ISO 3166-1 alpha-2 code of a state, or `EU`, which acts as a party of its own. */
export type CountryCode = string & { readonly __value: 'CountryCode' };
/**
 * Where a figure is of: a code that ISO 3166-1 gives or has given (ISO 3166-3), `XK` for Kosovo, or `EU`. With a year it
 * is one place. It is no party: what is gone, or is no member of anything, owns nothing and is released nothing.
 */
export type PlaceCode = CountryCode | (string & { readonly __value: 'PlaceCode' });
/** ISO 4217 alphabetic code. */
export type CurrencyCode = string & { readonly __value: 'CurrencyCode' };
/** Who owns a record: a country, or the alliance's secretariat, which keeps the public registers. */
export type Party = CountryCode | typeof SECRETARIAT;
/** A person under an opaque, stable reference (UUID): never a name. */
export type PersonRef = string & { readonly __value: 'PersonRef' };
/** Opaque id (UUID) of a record; it is also the last part of its stream's name. */
export type RecordId = string & { readonly __value: 'RecordId' };
/** Code of a material in the alliance's register: lower case words joined by dashes, `natural-graphite`. */
export type MaterialCode = string & { readonly __value: 'MaterialCode' };

export const SECRETARIAT = 'SECRETARIAT' as const;

/** Stages of the value chain, in the order in which material travels. */
export const stage = oneOf('Stage', 'Stage of the value chain.', {
  EXPLORATION: 'Search for deposits.',
  MINING: 'Extraction.',
  REFINING: 'Smelting, separation, refining.',
  PROCESSING: 'Conversion to intermediate products, alloys and powders.',
  MANUFACTURING: 'Magnets and other components.',
  RECYCLING: 'Recovery from waste and scrap.',
  SUBSTITUTION: 'Replacing the material by another.',
});
export type Stage = ReturnType<typeof stage>;
export const STAGES = Object.keys(stage.meanings) as Stage[];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const country = value('CountryCode', 'text', (text: string): CountryCode => {
  if (!isCountry(text)) throw new InvalidValue('must be an ISO 3166-1 alpha-2 code in capitals, such as JP, or EU');
  return text as CountryCode;
});

export const place = value('PlaceCode', 'text', (text: string): PlaceCode => {
  if (placesUnder(text).length === 0) {
    throw new InvalidValue(
      'must be a code of ISO 3166-1, past or present, in capitals, such as JP or SU, or XK for Kosovo',
    );
  }
  return text as PlaceCode;
});

export const currency = value('CurrencyCode', 'text', (text: string): CurrencyCode => {
  if (!isCurrency(text)) throw new InvalidValue('must be an ISO 4217 code in capitals, such as EUR');
  return text as CurrencyCode;
});

export const materialCode = value('String', 'text', (text: string): MaterialCode => {
  if (text.length > 60 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) {
    throw new InvalidValue(
      'must be lower case words joined by dashes, such as natural-graphite, 60 characters at most',
    );
  }
  return text as MaterialCode;
});

export const recordId = value('ID', 'text', (text: string): RecordId => {
  if (!UUID.test(text)) throw new InvalidValue('must be the id of a record, a UUID in lower case');
  return text as RecordId;
});

export const personRef = value('ID', 'text', (text: string): PersonRef => {
  if (!UUID.test(text)) throw new InvalidValue('must be the reference of a person, a UUID in lower case');
  return text as PersonRef;
});

export const isRecordId = (text: string): text is RecordId => UUID.test(text);

/** Six digits of the Harmonized System. */
export const hsCode = value('String', 'text', (text: string): string => {
  if (!/^\d{6}$/.test(text)) throw new InvalidValue('must be six digits of the Harmonized System, such as 811292');
  return text;
});

/** What names a row: its record's id, unless the view says otherwise. */
export const rowKey = value('ID', 'text', (key: string): string => key);

/** Yes or no. */
export const flag = value('Boolean', 'text', (given: boolean): boolean => given);

export const party = value('Party', 'text', (text: string): Party => {
  if (text === SECRETARIAT) return SECRETARIAT;
  try {
    return country(text);
  } catch {
    throw new InvalidValue('must be a country code such as JP, or SECRETARIAT');
  }
});

/** A whole number. */
export const integer = value('Int', 'integer', (given: number): number => {
  if (!Number.isInteger(given)) throw new InvalidValue('must be an integer number');
  return given;
});
