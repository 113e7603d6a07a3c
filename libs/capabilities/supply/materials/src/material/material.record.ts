import {
  accept,
  country,
  hasBegun,
  many,
  hsCode,
  isSameMarking,
  materialCode,
  optional,
  peopleOf,
  reject,
  required,
  secretariat,
  recordType,
  latestToday,
  text,
  type CountryCode,
  type Given,
  type Marking,
  type MaterialCode,
  type Reference,
} from '@kernel';
import {
  code,
  delisting,
  listing,
  registration,
  withListing,
  withoutListing,
  type Listing,
  type ListName,
  type MaterialEvent,
  type Registration,
} from './material.events.js';

/** The refusal of every command that names a material, for the refusals of the stream that refers to it. */
export const unknownMaterial = {
  'MATERIALS.UNKNOWN': 'No such material is in the register. Take the code of a registered material, such as gallium.',
} as const;

/** The material that a command names by its code in the field `material`. */
export const materialReference = (code: MaterialCode): Reference => ({
  category: 'material',
  at: { key: code },
  missing: reject('MATERIALS.UNKNOWN', { field: 'material', value: code }),
});

export const materialRejections = {
  ...unknownMaterial,
  'MATERIALS.ALREADY_REGISTERED':
    'Another material is registered under this code. Choose another code, or send the registration unchanged.',
  'MATERIALS.ALREADY_LISTED':
    'The material is on this list already, with another day, note or source. Delist it first to list it anew.',
  'MATERIALS.NOT_LISTED': 'The material is not on this list, so it cannot be taken off it.',
  'MATERIALS.END_BEFORE_START':
    'A listing cannot end before it begins. Name a day on or after the one since which it is listed.',
  'MATERIALS.END_IN_FUTURE':
    'A delisting is recorded once it takes effect. Name a day that has begun anywhere on Earth (UTC+14).',
} as const;

export type MaterialState = {
  readonly registered: (Registration & { readonly marking: Marking }) | null;
  readonly listings: readonly Listing[];
};

/** Whose law each list is. */
const JURISDICTIONS: Readonly<Record<ListName, CountryCode>> = {
  EU_CRITICAL: country('EU'),
  EU_STRATEGIC: country('EU'),
  US_CRITICAL: country('US'),
  JP_CRITICAL: country('JP'),
};
const jurisdiction = peopleOf(({ list }: { readonly list: ListName }) => JURISDICTIONS[list], 'DELEGATE');
/** Nothing in a material's own past narrows it: the register is the secretariat's, whoever registered. */
const register = { ...secretariat, mayAct: () => true };

const material = recordType<MaterialEvent, MaterialState>()({
  category: 'material',
  rejections: materialRejections,
  notFound: 'MATERIALS.UNKNOWN',
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: { registered: null, listings: [] },
  evolve: {
    'materials.MaterialRegistered.v1': (state, data) => ({ ...state, registered: data }),
    'materials.MaterialListed.v1': (state, data) => ({ ...state, listings: withListing(state.listings, data) }),
    'materials.MaterialDelisted.v1': (state, data) => ({
      ...state,
      listings: withoutListing(state.listings, data.list),
    }),
  },
});

export const registerMaterial = material.upsert({
  type: 'RegisterMaterial',
  description: 'Register a material. For the secretariat.',
  input: {
    description: 'A material to register.',
    of: {
      ...registration,
      code: required(
        materialCode,
        'Lower case words joined by dashes, such as "natural-graphite": names the material for ever.',
      ),
      group: required(text(120), 'The family that it belongs to, such as "rare earth elements".'),
      hsCodes: many(hsCode, 'Six-digit codes of the Harmonized System under which it is traded; may be empty.'),
    },
  },
  marking: 'Who may know of it. Left out: PUBLIC.',
  target: ({ code }) => ({ key: code, mayCreate: true }),
  may: [register],
  decide: (given, { registered }, { marking, asked }) => {
    const wanted: Registration = { ...given, hsCodes: [...new Set(given.hsCodes)].sort() };
    if (registered !== null) {
      const isSame =
        isRegisteredAlike(wanted, registered) && (asked === undefined || isSameMarking(marking, registered.marking));
      return isSame ? accept() : reject('MATERIALS.ALREADY_REGISTERED', { field: 'code', name: registered.name });
    }
    return accept({ type: 'materials.MaterialRegistered.v1', data: { ...wanted, marking } });
  },
});

export const listMaterial = material.upsert({
  type: 'ListMaterial',
  description: 'Put a material on a list. For the secretariat and delegates of the jurisdiction whose list it is.',
  input: {
    description: 'A material to put on a list.',
    of: {
      ...code,
      ...listing,
      since: required(listing.since.value, 'First day on the list; it may lie ahead.'),
      note: optional(text(1000), 'Particulars, such as the entry that covers it.'),
    },
  },
  target: ({ code }) => ({ key: code, mayCreate: false }),
  may: [register, jurisdiction],
  decide: (wanted, { registered, listings }) => {
    if (registered === null) return reject('MATERIALS.UNKNOWN');
    const current = listings.find((each) => each.list === wanted.list);
    if (current === undefined) return accept({ type: 'materials.MaterialListed.v1', data: wanted });
    return isListedAlike(wanted, current)
      ? accept()
      : reject('MATERIALS.ALREADY_LISTED', { field: 'list', since: current.since });
  },
});

export const delistMaterial = material.upsert({
  type: 'DelistMaterial',
  description: 'Take a material off a list. For the secretariat and delegates of the jurisdiction whose list it is.',
  input: { description: 'A material to take off a list.', of: { ...code, ...delisting } },
  target: ({ code }) => ({ key: code, mayCreate: false }),
  may: [register, jurisdiction],
  decide: (wanted, { registered, listings }, { now }) => {
    if (registered === null) return reject('MATERIALS.UNKNOWN');
    const current = listings.find((each) => each.list === wanted.list);
    if (current === undefined) return reject('MATERIALS.NOT_LISTED', { field: 'list' });
    if (wanted.on < current.since) return reject('MATERIALS.END_BEFORE_START', { field: 'on', since: current.since });
    // A listing that has not begun can be called off: it ends on the day on which it would have begun.
    if (!hasBegun(wanted.on, now) && wanted.on > current.since) {
      return reject('MATERIALS.END_IN_FUTURE', { field: 'on', latest: latestToday(now) });
    }
    return accept({ type: 'materials.MaterialDelisted.v1', data: wanted });
  },
});

export type RegisterMaterial = Given<typeof registerMaterial>;
export type ListMaterial = Given<typeof listMaterial>;
export type DelistMaterial = Given<typeof delistMaterial>;
export type MaterialCommand = RegisterMaterial | ListMaterial | DelistMaterial;

export const materialRecordType = material.withCommands(registerMaterial, listMaterial, delistMaterial);

const isRegisteredAlike = (a: Registration, b: Registration): boolean =>
  a.name === b.name && a.group === b.group && a.source === b.source && a.hsCodes.join() === b.hsCodes.join();

const isListedAlike = (a: Listing, b: Listing): boolean =>
  a.since === b.since && a.note === b.note && a.source === b.source;
