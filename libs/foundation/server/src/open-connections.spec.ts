import { describe, expect, it } from '@jest/globals';
import { JP, NOW, person } from '@kernel/testing';
import type { Instant, PersonRef, Principal } from '@kernel';
import { Principals, type Identity } from '@foundation/graphql';
import { LIMITS } from './limits.js';
import { OpenConnections, type Ending } from './open-connections.js';

class Everybody extends Principals {
  now(): Instant {
    return NOW;
  }
  of({ person: name }: Identity): Principal {
    return { ...person(JP, 'DELEGATE'), person: name as PersonRef };
  }
  async reached(): Promise<void> {}
  override onChange(): void {}
}

const anna: Identity = {
  person: 'anna',
  country: 'JP',
  roles: ['DELEGATE'],
  expiresAt: new Date(Date.now() + 3_600_000),
};
const bert: Identity = { ...anna, person: 'bert' };

/** As many as one may have, and how each was ended. */
const full = (keptMs: number, givesSigns: boolean) => {
  const listeners = new OpenConnections(new Everybody(), keptMs);
  const ended: (Ending | null)[] = [];
  const enter = (identity: Identity, signs: boolean) => {
    const index = ended.push(null) - 1;
    return listeners.enter(identity, (why) => (ended[index] = why), signs);
  };
  const leave = [enter(bert, false), ...Array.from({ length: LIMITS.connections }, () => enter(anna, givesSigns))];
  return { enter, ended, close: () => leave.forEach((each) => each?.()) };
};

describe('One connection too many', () => {
  it('takes the place of the oldest stream of the same person, of which nobody knows whether it is read', () => {
    const { enter, ended, close } = full(0, false);
    for (const _ of [1, 2]) enter(anna, true)!();
    const [ofBert, first, ...others] = ended;
    expect([ofBert, first, new Set(others)]).toEqual([null, 'replaced', new Set([null])]);
    close();
  });

  it('is refused where all are sockets, which give signs of life, or streams that have just begun', () => {
    for (const { enter, ended, close } of [full(0, true), full(LIMITS.streamMs, false)]) {
      expect(enter(anna, false)).toBeNull();
      expect(new Set(ended)).toEqual(new Set([null]));
      close();
    }
  });
});
