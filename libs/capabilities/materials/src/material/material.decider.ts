import {
  accept,
  dayOf,
  reject,
  type Circumstances,
  type Command,
  type Decider,
  type Decision,
  type Marking,
  type MaterialCode,
} from '@kernel';
import { unknownMaterial } from '../contract.js';
import {
  withListing,
  withoutListing,
  type Delisting,
  type Listing,
  type MaterialEvent,
  type Registration,
} from './material.events.js';

export type MaterialCommand = RegisterMaterial | ListMaterial | DelistMaterial;
export type RegisterMaterial = Command<'RegisterMaterial'> & Registration;
export type ListMaterial = Command<'ListMaterial'> & { readonly code: MaterialCode } & Listing;
export type DelistMaterial = Command<'DelistMaterial'> & { readonly code: MaterialCode } & Delisting;

export const materialRefusals = {
  ...unknownMaterial,
  'MATERIALS.ALREADY_REGISTERED':
    'Another material is registered under this code. Choose another code, or send the registration unchanged.',
  'MATERIALS.ALREADY_LISTED':
    'The material is on this list already, with another day, note or source. Delist it first to list it anew.',
  'MATERIALS.NOT_LISTED': 'The material is not on this list, so it cannot be taken off it.',
  'MATERIALS.END_BEFORE_START':
    'A listing cannot end before it begins. Name a day on or after the one since which it is listed.',
  'MATERIALS.END_IN_FUTURE': 'A delisting is recorded once it takes effect. Name today (UTC) or an earlier day.',
} as const;
export type MaterialRefusal = keyof typeof materialRefusals;

export type MaterialState = {
  readonly registered: (Registration & { readonly marking: Marking }) | null;
  readonly listings: readonly Listing[];
};

type MaterialDecision = Decision<MaterialEvent, MaterialRefusal>;

export const material: Decider<MaterialCommand, MaterialEvent, MaterialState, MaterialRefusal> = {
  initial: { registered: null, listings: [] },

  evolve: (state, event) => {
    switch (event.type) {
      case 'materials.MaterialRegistered.v1':
        return { ...state, registered: event.data };
      case 'materials.MaterialListed.v1':
        return { ...state, listings: withListing(state.listings, event.data) };
      case 'materials.MaterialDelisted.v1':
        return { ...state, listings: withoutListing(state.listings, event.data.list) };
    }
  },

  decide: (command, state, when) => {
    switch (command.type) {
      case 'RegisterMaterial':
        return register(command, state, when);
      case 'ListMaterial':
        return list(command, state);
      case 'DelistMaterial':
        return delist(command, state, when);
    }
  },
};

const register = (command: RegisterMaterial, { registered }: MaterialState, when: Circumstances): MaterialDecision => {
  const { type: _, marking: asked, ...given } = command;
  const registration: Registration = { ...given, hsCodes: [...new Set(given.hsCodes)].sort() };
  if (registered !== null) {
    const isSame =
      isRegisteredAlike(registration, registered) &&
      (asked === undefined || isMarkedAlike(when.marking, registered.marking));
    return isSame ? accept() : reject('MATERIALS.ALREADY_REGISTERED', { field: 'code', name: registered.name });
  }
  return accept({ type: 'materials.MaterialRegistered.v1', data: { ...registration, marking: when.marking } });
};

const list = (command: ListMaterial, { registered, listings }: MaterialState): MaterialDecision => {
  const { type: _, marking: _unused, ...listing } = command;
  if (registered === null) return reject('MATERIALS.UNKNOWN');
  const current = listings.find((each) => each.list === listing.list);
  if (current !== undefined) {
    return isListedAlike(listing, current)
      ? accept()
      : reject('MATERIALS.ALREADY_LISTED', { field: 'list', since: current.since });
  }
  return accept({ type: 'materials.MaterialListed.v1', data: listing });
};

const delist = (
  command: DelistMaterial,
  { registered, listings }: MaterialState,
  { now }: Circumstances,
): MaterialDecision => {
  const { type: _, marking: _unused, ...delisting } = command;
  if (registered === null) return reject('MATERIALS.UNKNOWN');
  const current = listings.find((each) => each.list === delisting.list);
  if (current === undefined) return reject('MATERIALS.NOT_LISTED', { field: 'list' });
  if (delisting.on < current.since) return reject('MATERIALS.END_BEFORE_START', { field: 'on', since: current.since });
  // A listing that has not begun can be called off: it ends on the day on which it would have begun.
  if (delisting.on > dayOf(now) && delisting.on > current.since) {
    return reject('MATERIALS.END_IN_FUTURE', { field: 'on', today: dayOf(now) });
  }
  return accept({ type: 'materials.MaterialDelisted.v1', data: delisting });
};

/** Whether two markings let the same readers in under the same handling. */
export const isMarkedAlike = (a: Marking, b: Marking): boolean =>
  a.owner === b.owner && a.handling === b.handling && a.releaseTo.toSorted().join() === b.releaseTo.toSorted().join();

const isRegisteredAlike = (a: Registration, b: Registration): boolean =>
  a.name === b.name && a.group === b.group && a.source === b.source && a.hsCodes.join() === b.hsCodes.join();

const isListedAlike = (a: Listing, b: Listing): boolean =>
  a.since === b.since && a.note === b.note && a.source === b.source;
