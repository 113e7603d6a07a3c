import { describe, expect, it } from '@jest/globals';
import type { Instant, Principal } from '@kernel';
import { JP, NOW, person } from '@kernel/testing';
import { Caller, inCapacity, Principals, type Identity } from './caller.js';

class Register extends Principals {
  now(): Instant {
    return NOW;
  }
  principal: Principal = person(JP, 'DELEGATE');
  of(): Principal {
    return this.principal;
  }
  async reached(): Promise<void> {}
}

const identity = (expiresAt: Date): Identity => ({ person: 'p', country: 'JP', roles: ['DELEGATE'], expiresAt });
const tomorrow = new Date(Date.now() + 86_400_000);

describe('A caller', () => {
  it('goes by the clock that all nodes share, whatever that of the machine says', () =>
    expect(new Caller(null, new Register(), 'c').now).toBe(NOW));
  it('has the rights that the register gives at the moment of asking', () => {
    const register = new Register();
    const caller = new Caller(identity(tomorrow), register, 'c');
    expect(caller.who.roles).toEqual(['DELEGATE']);
    register.principal = person(JP, 'OBSERVER');
    expect(caller.who.roles).toEqual(['OBSERVER']);
  });

  it('is nobody without an identity, and nobody any more when it has expired', () => {
    const unauthenticated = expect.objectContaining({
      extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    });
    expect(() => new Caller(null, new Register(), 'c').who).toThrow(unauthenticated as never);
    expect(() => new Caller(identity(new Date(Date.now() - 1)), new Register(), 'c').who).toThrow(
      unauthenticated as never,
    );
  });
});

describe('The capacity of a request', () => {
  const own = identity(tomorrow);
  it('is the person’s own where none is named', () => {
    expect(inCapacity(own)).toBe(own);
    expect(inCapacity(own, undefined, null)).toBe(own);
    expect(new Caller(own, new Register(), 'c').isActingForOthers).toBe(false);
  });
  it('is the one that is named, once or the same again', () => {
    expect(inCapacity(own, 'FR')).toEqual({ ...own, actingFor: 'FR' });
    expect(inCapacity(own, undefined, 'FR', 'FR')).toEqual({ ...own, actingFor: 'FR' });
    expect(new Caller(inCapacity(own, 'FR'), new Register(), 'c').isActingForOthers).toBe(true);
  });
  it.each([['FR', 'DE'], [''], [['FR', 'DE']], [{ country: 'FR' }], [27]])(
    'is never the own one where something else is named: %j',
    (...said) => expect(['FR', 'DE', 'JP', undefined]).not.toContain(inCapacity(own, ...said).actingFor),
  );
  it('does not stick to the identity, which others share', () => {
    inCapacity(own, 'FR');
    expect(own).not.toHaveProperty('actingFor');
  });
});

describe('Batched questions', () => {
  const caller = (): Caller => new Caller(identity(tomorrow), new Register(), 'c');
  const upper = (asked: (readonly string[])[]) => async (keys: readonly string[]) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key !== 'hidden').map((key) => [key, key.toUpperCase()]));
  };

  it('are one question for all the keys of the moment, each asked once', async () => {
    const asked: (readonly string[])[] = [];
    const one = caller();
    const answers = await Promise.all(['a', 'b', 'a', 'hidden'].map((key) => one.batched('topic', key, upper(asked))));
    expect(answers).toEqual(['A', 'B', 'A', null]);
    expect(asked).toEqual([['a', 'b', 'hidden']]);
  });

  it('are asked again later: nothing is remembered that may have changed', async () => {
    const asked: (readonly string[])[] = [];
    const one = caller();
    await one.batched('topic', 'a', upper(asked));
    await one.batched('topic', 'a', upper(asked));
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('keep topics and callers apart', async () => {
    const asked: (readonly string[])[] = [];
    const [one, other] = [caller(), caller()];
    await Promise.all([
      one.batched('topic', 'a', upper(asked)),
      one.batched('other topic', 'b', upper(asked)),
      other.batched('topic', 'c', upper(asked)),
    ]);
    expect(asked.map((keys) => keys.join()).sort()).toEqual(['a', 'b', 'c']);
  });

  it('give so many records and no more, until the next delivery begins', async () => {
    const one = caller();
    const many = (keys: readonly string[]) =>
      Promise.resolve(new Map(keys.map((key) => [key, Array(10_000).fill(key)])));
    await one.batched('topic', 'a', many);
    await one.batched('topic', 'b', many);
    await expect(one.batched('topic', 'c', many)).rejects.toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED' } });
    one.renewBudget();
    await expect(one.batched('topic', 'd', many)).resolves.toHaveLength(10_000);
  });

  it('fail for all who asked, and for nobody after', async () => {
    const one = caller();
    const fails = (): Promise<never> => Promise.reject(new Error('away'));
    const both = await Promise.allSettled([one.batched('topic', 'a', fails), one.batched('topic', 'b', fails)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(caller().batched('topic', 'a', upper([]))).resolves.toBe('A');
  });
});
