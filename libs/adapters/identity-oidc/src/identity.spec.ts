import { describe, expect, it } from '@jest/globals';
import { identityOf, type Identity } from './identity.js';
import { refuseWrongIssuers, type TrustedIssuer } from './trusted-issuer.js';

const CLAIMS = { sub: 'u-1', exp: 1_800_000_000, country: 'JP', roles: ['DELEGATE'] };

const read = (claims: object, by: Partial<TrustedIssuer>): Identity => {
  const issuers: unknown = [
    {
      ...{ issuer: 'https://id.example', audience: 'lodestone', jwksUri: 'https://id.example/keys' },
      ...{ countries: ['JP', 'GR', 'EU'], roles: ['DELEGATE', 'APPROVER'], ...by },
    },
  ];
  refuseWrongIssuers(issuers);
  return identityOf({ ...CLAIMS, ...claims }, issuers[0]!, () => {});
};

describe('an identity', () => {
  it.each<[string, Partial<TrustedIssuer>, unknown, string | null]>([
    ['a code, lenient', { countryForm: 'lenient' }, 'JP', 'JP'],
    ['small letters, lenient', { countryForm: 'lenient' }, 'jp', 'JP'],
    ['a list of one, lenient', { countryForm: 'lenient' }, ['jp'], 'JP'],
    ['a list of two, lenient', { countryForm: 'lenient' }, ['JP', 'GR'], null],
    ['an empty list, lenient', { countryForm: 'lenient' }, [], null],
    ['a list within a list, lenient', { countryForm: 'lenient' }, [['JP']], null],
    ['a long s, lenient', { countryForm: 'lenient' }, '\u017fe', null],
    ['another country, lenient', { countryForm: 'lenient' }, 'us', null],
    ['a name that is mapped', { countryNames: { Japan: 'JP' } }, 'Japan', 'JP'],
    ['a code beside names', { countryNames: { Japan: 'JP' } }, 'GR', 'GR'],
    ['a name that is not mapped', { countryNames: { Japan: 'JP' } }, 'japan', null],
    ['a name that every object has', { countryNames: { Japan: 'JP' } }, 'constructor', null],
    ['an eIDAS identifier', { countryForm: 'eidas' }, 'JP/EU/0263-5542', 'JP'],
    ['an eIDAS identifier of Greece', { countryForm: 'eidas', countryNames: { EL: 'GR' } }, 'EL/BE/1', 'GR'],
    ['the destination of an eIDAS identifier', { countryForm: 'eidas' }, 'US/JP/1', null],
    ['an eIDAS identifier cut short', { countryForm: 'eidas' }, 'JP/EU/', null],
    ['an eIDAS identifier in small letters', { countryForm: 'eidas' }, 'jp/eu/1', null],
    ['a code where an eIDAS identifier should be', { countryForm: 'eidas' }, 'JP', null],
  ])('has the country of %s', (_what, by, country, is) => {
    if (is === null) expect(() => read({ country }, by)).toThrow(/^country is/);
    else expect(read({ country }, by).country).toBe(is);
  });

  it('has the one country of its issuer, whatever the token says', () => {
    for (const country of ['JP', 'US', undefined, 7])
      expect(read({ country }, { country: 'JP', countries: ['JP'] }).country).toBe('JP');
  });

  it('has the roles that names stand for, and no others where there are names', () => {
    const roleNames = { 'minerals-delegate': 'DELEGATE', 'minerals-head': 'APPROVER' };
    const roles = (named: unknown): readonly string[] => read({ roles: named }, { roleNames }).roles;
    expect(roles(['minerals-head', 'payroll', 'minerals-delegate', 'minerals-head'])).toEqual(['APPROVER', 'DELEGATE']);
    expect(roles(['DELEGATE', 'constructor', '__proto__'])).toEqual([]);
  });

  it('is read from where the issuer writes it', () => {
    const by = {
      rolesClaim: ['realm_access', 'roles'],
      countryClaim: 'https://id.example/country',
      subjectClaim: 'oid',
    };
    const claims = {
      ...{ roles: ['APPROVER'], country: 'GR', realm_access: { roles: ['DELEGATE'] } },
      ...{ 'https://id.example/country': 'JP', oid: 'u-1', sub: undefined },
    };
    expect(read(claims, by)).toEqual(read({}, {}));
    expect(() => read({ ...claims, oid: undefined }, by)).toThrow('oid must be a text');
    expect(read({ ...claims, realm_access: ['roles', 'DELEGATE'] }, by).roles).toEqual([]);
  });

  it('is of a log-in that is strong enough for its issuer', () => {
    const acrValues = ['http://eidas.europa.eu/LoA/substantial', 'http://eidas.europa.eu/LoA/high'];
    expect(read({ acr: acrValues[1] }, { acrValues })).toEqual(read({}, {}));
    for (const acr of ['http://eidas.europa.eu/LoA/low', undefined, 1, [acrValues[0]]])
      expect(() => read({ acr }, { acrValues })).toThrow('acr is');
  });

  it('ends after the clock tolerance of its issuer', () => {
    expect(read({}, { clockTolerance: 0 }).expiresAt).toEqual(new Date(CLAIMS.exp * 1000));
    expect(read({}, { clockTolerance: 5 }).expiresAt).toEqual(new Date((CLAIMS.exp + 5) * 1000));
  });
});
