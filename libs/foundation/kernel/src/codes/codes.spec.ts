import { describe, expect, it } from '@jest/globals';
import { COUNTRIES, CURRENCIES, EU_STATES, countryName, isCountry, isCurrency } from './index.js';

describe('country codes', () => {
  it('are the 249 of ISO 3166-1 and the European Union', () => {
    expect(COUNTRIES).toHaveLength(250);
    expect(isCountry('JP')).toBe(true);
    expect(isCountry('EU')).toBe(true);
    expect(countryName('CD')).toBe('Congo - Kinshasa');
  });

  it('are unique, in order, and spelled as the standard spells them', () => {
    const codes = COUNTRIES.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(new Set(COUNTRIES.map(({ alpha3 }) => alpha3)).size).toBe(COUNTRIES.length);
    expect(COUNTRIES.filter(({ code, alpha3 }) => !/^[A-Z]{2}$/.test(code) || !/^[A-Z]{3}$/.test(alpha3))).toEqual([]);
  });

  it('name the 27 states of the European Union, each a country of the list', () => {
    expect(new Set(EU_STATES).size).toBe(27);
    expect(EU_STATES.filter((code) => !isCountry(code))).toEqual([]);
    expect(EU_STATES).not.toContain('EU');
    expect(EU_STATES).not.toContain('GB');
  });

  it('refuse what only looks like a country', () => {
    for (const code of ['', 'jp', 'UK', 'XX', 'JPN', '__proto__']) expect(isCountry(code)).toBe(false);
    expect(countryName('XX')).toBeUndefined();
  });
});

describe('currency codes', () => {
  it('are the active ones of ISO 4217, each once', () => {
    expect(CURRENCIES).toHaveLength(178);
    expect(new Set(CURRENCIES.map(({ code }) => code)).size).toBe(178);
    expect(CURRENCIES.find(({ code }) => code === 'JPY')?.minorUnit).toBe(0);
    expect(CURRENCIES.find(({ code }) => code === 'KWD')?.minorUnit).toBe(3);
  });

  it('state money only where amounts have a minor unit', () => {
    for (const code of ['EUR', 'USD', 'JPY', 'XOF']) expect(isCurrency(code)).toBe(true);
    for (const code of ['XAU', 'XXX', 'XTS', 'eur', 'ECU', '']) expect(isCurrency(code)).toBe(false);
  });
});
