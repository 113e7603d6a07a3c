import { describe, expect, it } from '@jest/globals';
import { parseTrustedIssuers } from './trusted-issuer.js';

const japan = {
  issuer: 'https://login.meti.example/realms/minerals',
  audience: 'lodestone-api',
  jwksUri: 'https://login.meti.example/realms/minerals/certs',
  countries: ['JP'],
  roles: ['LIAISON', 'DELEGATE'],
};

const complaint = (...issuers: unknown[]): string => {
  try {
    parseTrustedIssuers(JSON.stringify(issuers));
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the configuration of trusted issuers', () => {
  it('is read as it stands', () => {
    expect(parseTrustedIssuers(JSON.stringify([japan]))).toEqual([japan]);
    expect(complaint({ ...japan, algorithms: ['PS256'], roles: '*', development: false })).toBe('none');
  });

  it('names every wrong key at once', () => {
    const wrong = {
      issuer: 'login',
      jwksUri: 'x',
      countries: ['jp'],
      roles: ['KING'],
      algorithms: ['RS512', 'HS512'],
      audiences: [],
    };
    expect(complaint(japan, wrong).match(/\[1\]\.\w+/g)).toEqual([
      '[1].issuer',
      '[1].audience',
      '[1].jwksUri',
      '[1].algorithms',
      '[1].countries',
      '[1].roles',
      '[1].audiences',
    ]);
  });

  it('is refused when it is not a list of issuers', () => {
    expect(() => parseTrustedIssuers('[')).toThrow('not valid JSON');
    expect(() => parseTrustedIssuers('{}')).toThrow('expected a JSON array');
    expect(complaint(null, 7)).toContain('[1]: expected an object');
  });

  it.each(['HS256', 'HS384', 'HS512', 'none', 'ES256K', 'dir'])('never accepts the algorithm %s', (algorithm) => {
    expect(complaint({ ...japan, algorithms: ['ES256', algorithm] })).toContain('[0].algorithms');
  });

  it('accepts no empty list of algorithms', () => {
    expect(complaint({ ...japan, algorithms: [] })).toContain('[0].algorithms');
  });

  it('lets no issuer speak for every country, save the development issuer', () => {
    expect(complaint({ ...japan, countries: '*' })).toContain('[0].countries: "*" is only for the development issuer');
    expect(complaint({ ...japan, countries: '*', development: true })).toBe('none');
  });

  it('takes keys over plain HTTP only from this machine or for development', () => {
    const jwksUri = 'http://login.meti.example/certs';
    expect(complaint({ ...japan, jwksUri })).toContain('[0].jwksUri: must be an https URL');
    expect(complaint({ ...japan, jwksUri: 'http://127.0.0.1.meti.example/certs' })).toContain('[0].jwksUri');
    expect(complaint({ ...japan, jwksUri: 'http://127.0.0.1:8080/certs' })).toBe('none');
    expect(complaint({ ...japan, jwksUri, development: true })).toBe('none');
  });

  it('names each issuer once', () => {
    expect(complaint(japan, japan)).toContain(`[1].issuer: ${japan.issuer} is listed twice`);
  });

  it.each([
    ['types', []],
    ['types', 'JWT'],
    ['types', ['JWT', 7]],
    ['clockTolerance', -1],
    ['clockTolerance', 301],
    ['clockTolerance', '60'],
    ['acrValues', []],
    ['acrValues', '2'],
    ['subjectClaim', ''],
    ['rolesClaim', []],
    ['rolesClaim', ['realm_access', '']],
    ['roleNames', {}],
    ['roleNames', ['DELEGATE']],
    ['roleNames', { head: 'KING' }],
    ['roleNames', { head: 'SECRETARIAT' }],
    ['country', 'US'],
    ['country', 'jp'],
    ['countryClaim', { path: 'country' }],
    ['countryForm', 'any'],
    ['countryNames', { America: 'US' }],
    ['countryNames', { Japan: 'Japan' }],
  ])('takes no %s that is %j', (key, value) => {
    expect(complaint({ ...japan, [key]: value })).toMatch(
      new RegExp(`^Trusted issuers are wrong:\\n  \\[0\\]\\.${key}: `),
    );
  });

  it('takes a fixed country or where it stands, and not both', () => {
    expect(complaint({ ...japan, country: 'JP' })).toBe('none');
    for (const other of [{ countryClaim: 'ctry' }, { countryForm: 'lenient' }, { countryNames: { J: 'JP' } }])
      expect(complaint({ ...japan, country: 'JP', ...other })).toContain('[0].country: is for issuers');
  });
});
