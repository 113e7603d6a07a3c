import { describe, expect, it } from '@jest/globals';
import { developmentClientId, developmentSecret, developmentToken, readDevelopmentClientId } from './development.js';

describe('a client id of the development provider', () => {
  it('stands for a country, roles and a person, and reads back', () => {
    const id = developmentClientId({ country: 'JP', roles: ['DELEGATE', 'APPROVER'], person: '2' });
    expect(id).toBe('JP.APPROVER+DELEGATE.2');
    expect(readDevelopmentClientId(id)).toEqual({
      country: 'JP',
      roles: ['APPROVER', 'DELEGATE'],
      person: '2',
      subject: id,
    });
    expect(readDevelopmentClientId('JP.DELEGATE+APPROVER.2')?.subject).toBe(id);
  });

  it('has no country for a person of the alliance itself', () => {
    expect(developmentClientId({ roles: ['SECRETARIAT'] })).toBe('-.SECRETARIAT.1');
    expect(readDevelopmentClientId('-.SECRETARIAT.1')).toMatchObject({ country: null, roles: ['SECRETARIAT'] });
  });

  it.each([
    '',
    'JP',
    'JP.DELEGATE',
    'jp.DELEGATE.1',
    'JP.KING.1',
    'JP..1',
    '-.DELEGATE.1',
    'JP.DELEGATE.1.2',
    'JP.DELEGATE.a b',
  ])('stands for nobody when it is "%s"', (id) => expect(readDevelopmentClientId(id)).toBeNull());

  it.each([
    [{ country: 'JP', roles: [] }, 'No role given: choose from LIAISON'],
    [{ country: 'JP', roles: ['KING'] }, 'Unknown role "KING": choose from LIAISON'],
    [{ roles: ['DELEGATE'] }, 'DELEGATE speaks for a country: name it'],
    [{ country: 'Japan', roles: ['DELEGATE'] }, 'Wrong country "Japan": use a two-letter code'],
    [{ country: 'XX', roles: ['DELEGATE'] }, 'Wrong country "XX"'],
    [{ country: 'JP', roles: ['DELEGATE'], person: 'a.b' }, 'Wrong person "a.b"'],
  ])('is not made of %j', (person, message) => expect(() => developmentClientId(person)).toThrow(message));
});

describe('asking for a token', () => {
  it('says what to do when nothing answers, or when no secret was made yet', async () => {
    const ask = { issuer: 'http://127.0.0.1:1/development', secret: 'x', country: 'JP', roles: ['DELEGATE'] };
    await expect(developmentToken(ask)).rejects.toThrow(
      'No identity provider answers at http://127.0.0.1:1/development',
    );
    await expect(developmentSecret('/nowhere')).rejects.toThrow('/nowhere/identity/client-secret: start the platform');
  });
});
