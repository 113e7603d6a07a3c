import { accept, partyOf, reject, type Command, type Decider, type Instant } from '@kernel';
import type { SigningKey, SigningKeysEvent } from './signing-keys.events.js';

/** The key, its id and its form are checked before it comes here. */
export type RegisterKey = Command<'RegisterKey'> &
  Omit<SigningKey, 'validFrom'> & {
    /** From the moment of recording where left out. */
    readonly validFrom?: Instant;
  };
export type RevokeKey = Command<'RevokeKey'> & { readonly kid: string; readonly reason: string };
export type DemandSignatures = Command<'DemandSignatures'> & { readonly on: boolean; readonly reason: string };
export type SigningKeysCommand = RegisterKey | RevokeKey | DemandSignatures;

export const signingKeysRefusals = {
  'KEYS.NOT_FOUND': 'Your party has registered no such key.',
  'KEYS.REVOKED': 'This key was revoked and cannot be registered again: make a new one.',
  'KEYS.LAST_ONE':
    'Your party demands signatures and this is its last valid key: register another one first, or lift the demand.',
  'KEYS.NONE_VALID': 'Your party has no key that is valid now, so nobody could sign: register one first.',
} as const;
export type SigningKeysRefusal = keyof typeof signingKeysRefusals;

export type SigningKeysState = {
  readonly isDemanded: boolean;
  /** By key id. */
  readonly keys: ReadonlyMap<string, SigningKey & { readonly isRevoked: boolean }>;
};

export const signingKeysDecider: Decider<SigningKeysCommand, SigningKeysEvent, SigningKeysState, SigningKeysRefusal> = {
  initial: { isDemanded: false, keys: new Map() },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'audit.KeyRegistered.v1': {
        const { kid, ministry, publicKey, validFrom } = data;
        const key = { kid, ministry, publicKey, validFrom, isRevoked: false };
        return { ...state, keys: new Map(state.keys).set(kid, key) };
      }
      case 'audit.KeyRevoked.v1': {
        const key = state.keys.get(data.kid);
        return key ? { ...state, keys: new Map(state.keys).set(data.kid, { ...key, isRevoked: true }) } : state;
      }
      case 'audit.SignaturesDemanded.v1':
        return { ...state, isDemanded: true };
      case 'audit.SignatureDemandLifted.v1':
        return { ...state, isDemanded: false };
    }
  },

  decide: (command, state, { now, who, marking }) => {
    switch (command.type) {
      case 'RegisterKey': {
        const { kid, ministry, publicKey, validFrom = now } = command;
        const known = state.keys.get(kid);
        if (known) return known.isRevoked ? reject('KEYS.REVOKED', { field: 'publicKey' }) : accept();
        const key: SigningKey = { kid, ministry, publicKey, validFrom };
        return accept({ type: 'audit.KeyRegistered.v1', data: { ...key, party: partyOf(who)!, marking } });
      }
      case 'RevokeKey': {
        const { kid, reason } = command;
        const key = state.keys.get(kid);
        if (!key) return reject('KEYS.NOT_FOUND', { field: 'kid' });
        if (key.isRevoked) return accept();
        const isLast = !validKeys(state, now).some((each) => each.kid !== kid);
        if (state.isDemanded && isLast) return reject('KEYS.LAST_ONE', { field: 'kid' });
        return accept({ type: 'audit.KeyRevoked.v1', data: { kid, reason } });
      }
      case 'DemandSignatures': {
        const { on, reason } = command;
        if (on === state.isDemanded) return accept();
        if (on && validKeys(state, now).length === 0) return reject('KEYS.NONE_VALID');
        return accept({
          type: on ? 'audit.SignaturesDemanded.v1' : 'audit.SignatureDemandLifted.v1',
          data: { reason },
        });
      }
    }
  },
};

/** The keys whose signatures count at that time. */
export const validKeys = ({ keys }: SigningKeysState, at: Instant): readonly SigningKey[] =>
  [...keys.values()].filter(({ isRevoked, validFrom }) => !isRevoked && validFrom <= at);
