import {
  accept,
  flag,
  inPerson,
  instant,
  recordType,
  optional,
  owners,
  partyOf,
  reject,
  required,
  secretariat,
  text,
  type Given,
  type Instant,
} from '@kernel';
import { keyId, signingKey, type SigningKey, type SigningKeysEvent } from './signing-keys.events.js';

export const signingKeysRejections = {
  'KEYS.NOT_FOUND': 'Your party has registered no such key.',
  'KEYS.REVOKED': 'This key was revoked and cannot be registered again: make a new one.',
  'KEYS.LAST_ONE':
    'Your party demands signatures and this is its last valid key: register another one first, or lift the demand.',
  'KEYS.NONE_VALID': 'Your party has no key that is valid now, so nobody could sign: register one first.',
} as const;

export type SigningKeysState = {
  readonly isDemanded: boolean;
  /** By key id. */
  readonly keys: ReadonlyMap<string, SigningKey & { readonly isRevoked: boolean }>;
};

const signingKeys = recordType<SigningKeysEvent, SigningKeysState>()({
  name: 'keys',
  category: 'signingKeys',
  rejections: signingKeysRejections,
  notFound: 'KEYS.NOT_FOUND',
  // Whoever verifies a signature needs the key.
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: { isDemanded: false, keys: new Map() },
  evolve: {
    'audit.KeyRegistered.v1': (state, { party: _, marking: __, ...key }) => ({
      ...state,
      keys: new Map(state.keys).set(key.kid, { ...key, isRevoked: false }),
    }),
    'audit.KeyRevoked.v1': (state, { kid }) => {
      const key = state.keys.get(kid);
      return key ? { ...state, keys: new Map(state.keys).set(kid, { ...key, isRevoked: true }) } : state;
    },
    'audit.SignaturesDemanded.v1': (state) => ({ ...state, isDemanded: true }),
    'audit.SignatureDemandLifted.v1': (state) => ({ ...state, isDemanded: false }),
  },
});

const reason = { reason: required(text(2000), 'Why, for the record.') };

/** The key, its id and its form are checked before it comes here. */
export const registerKey = signingKeys.upsert({
  type: 'RegisterKey',
  description: 'Register a key with which a ministry of your party signs its commands. For delegates.',
  input: {
    description: 'A key with which a ministry of yours signs its commands.',
    of: { ...signingKey, validFrom: optional(instant, 'From when its signatures count; now where left out.') },
  },
  isInternal: true,
  target: (_, party) => ({ key: party, mayCreate: true }),
  may: [inPerson(owners('DELEGATE')), inPerson(secretariat)],
  decide: ({ validFrom, ...given }, { keys }, { now, who, marking }) => {
    const known = keys.get(given.kid);
    if (known) return known.isRevoked ? reject('KEYS.REVOKED', { field: 'publicKey' }) : accept();
    const key: SigningKey = { ...given, validFrom: validFrom ?? now };
    return accept({ type: 'audit.KeyRegistered.v1', data: { ...key, party: partyOf(who)!, marking } });
  },
});

export const revokeKey = signingKeys.upsert({
  type: 'RevokeKey',
  description: 'Let the signatures of a key of your party count no longer. For delegates.',
  input: { description: 'A key whose signatures are to count no longer.', of: { ...keyId, ...reason } },
  target: (_, party) => ({ key: party, mayCreate: false }),
  may: [inPerson(owners('DELEGATE')), inPerson(secretariat)],
  decide: (given, state, { now }) => {
    const key = state.keys.get(given.kid);
    if (!key) return reject('KEYS.NOT_FOUND', { field: 'kid' });
    if (key.isRevoked) return accept();
    const isLast = !validKeys(state, now).some((each) => each.kid !== given.kid);
    if (state.isDemanded && isLast) return reject('KEYS.LAST_ONE', { field: 'kid' });
    return accept({ type: 'audit.KeyRevoked.v1', data: given });
  },
});

export const demandSignatures = signingKeys.upsert({
  type: 'DemandSignatures',
  description:
    'Have every command of your party that is not signed rejected; or no longer, which takes two persons. For delegates.',
  input: {
    description: 'Whether commands of your party have to be signed.',
    of: { on: required(flag, 'Whether they have to be, from now on.'), ...reason },
  },
  target: (_, party) => ({ key: party, mayCreate: false }),
  may: [inPerson(owners('DELEGATE')), inPerson(secretariat)],
  // To take down a safeguard.
  twoPersons: ({ on }) => !on,
  decide: ({ on, ...why }, state, { now }) => {
    if (on === state.isDemanded) return accept();
    if (on && validKeys(state, now).length === 0) return reject('KEYS.NONE_VALID');
    return accept({ type: on ? 'audit.SignaturesDemanded.v1' : 'audit.SignatureDemandLifted.v1', data: why });
  },
});

export const signingKeysRecordType = signingKeys.withCommands(registerKey, revokeKey, demandSignatures);
export type RegisterKey = Given<typeof registerKey>;

/** The keys whose signatures count at that time. */
export const validKeys = ({ keys }: SigningKeysState, at: Instant): readonly SigningKey[] =>
  [...keys.values()].filter(({ isRevoked, validFrom }) => !isRevoked && validFrom <= at);
