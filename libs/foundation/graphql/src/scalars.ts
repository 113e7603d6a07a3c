import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** @param specifiedByURL where the form is specified, if it is one that others know too */
const textScalar = (
  name: string,
  description: string,
  specifiedByURL: string | null = null,
): GraphQLScalarType<string, string> => {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw new TypeError(`${name} is written as a string`);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : null),
  });
};

export const DecimalScalar = textScalar(
  'Decimal',
  'A number of zero or more as decimal digits, such as "1200.5": at most 15 digits before the point and 6 after. Never floating point.',
);
export const DayScalar = textScalar(
  'Day',
  'A calendar day without a zone, such as "2026-03-01". It has begun once it has begun anywhere on Earth (UTC+14), and has ended once it has ended everywhere (UTC−12).',
  'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
);
export const InstantScalar = textScalar(
  'Instant',
  'An instant, given in any form of RFC 3339, such as "2026-03-01T09:00:00+09:00"; answered in UTC with milliseconds, "2026-03-01T00:00:00.000Z".',
  'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
);
export const CountryScalar = textScalar(
  'CountryCode',
  'A country as its ISO 3166-1 alpha-2 code in capitals, such as "JP"; "EU" for the European Union.',
  'https://www.iso.org/iso-3166-country-codes.html',
);
export const PlaceScalar = textScalar(
  'PlaceCode',
  'Where a figure is of, which need not be a party: a code of ISO 3166-1 in capitals, past or present, such as "JP", "SU" (the USSR) or "CS" (Czechoslovakia until 1992, Serbia and Montenegro from 2003 to 2006), or "XK" for Kosovo. With the year it is one place.',
);
export const CurrencyScalar = textScalar(
  'CurrencyCode',
  'A currency as its ISO 4217 code, such as "EUR".',
  'https://www.iso.org/iso-4217-currency-codes.html',
);
export const PartyScalar = textScalar('Party', 'Who owns a record: a country code, or "SECRETARIAT".');
export const AudienceScalar = textScalar(
  'Audience',
  'Whom a record is released to: a country code, the id of a sharing group, "MEMBERS" (every member state and the secretariat), "SECRETARIAT", or "PUBLIC".',
);
export const CursorScalar = textScalar('Cursor', 'A place in a list or among changes. Opaque: hand it back unchanged.');
export const PositionScalar = textScalar(
  'Position',
  'A place in the history. Opaque: pass it as atLeast to see your own write.',
);
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'Json',
  description: 'Any JSON value, as it stands in a list.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
});
export const DetailsScalar = new GraphQLScalarType<Record<string, string>, Record<string, string>>({
  name: 'Details',
  description: 'Names and values that explain a rejection, as a JSON object. `field` names the input at fault.',
});
