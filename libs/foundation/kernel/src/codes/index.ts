import { COUNTRIES } from './countries.js';
import { CURRENCIES } from './currencies.js';
import { EU_STATES } from './eu-states.js';
import { ZONES } from './zones.js';

export { COUNTRIES, CURRENCIES, EU_STATES };
export { FORMER_PLACES, type DatedPlace } from './former-places.js';
export { groundOf, placeCalled, placeIn, placesUnder } from './places.js';

const nameOfCountry = new Map(COUNTRIES.map(({ code, name }) => [code, name]));
const zones: ReadonlySet<string> = new Set(ZONES);
const countedCurrencies = new Set(CURRENCIES.filter(({ minorUnit }) => minorUnit !== null).map(({ code }) => code));

/** Whether `code` is a country of ISO 3166-1 (alpha-2, upper case) or `EU`. */
export function isCountry(code: string): boolean {
  return nameOfCountry.has(code);
}

/** Whether money can be stated in `code`: an active ISO 4217 currency with a minor unit, so neither gold nor `XXX`. */
export function isCurrency(code: string): boolean {
  return countedCurrencies.has(code);
}

/** The English short name of a country, or undefined where there is no such country. */
export function countryName(code: string): string | undefined {
  return nameOfCountry.get(code);
}

/** Whether there is a time zone of this name in the IANA database. */
export function isZone(name: string): boolean {
  return zones.has(name);
}
