import {
  country,
  flag,
  many,
  optional,
  otherwise,
  required,
  text,
  type Audience,
  type CountryCode,
  type DomainEvent,
  type Marked,
  type Of,
  type Party,
  type RecordId,
} from '@kernel';

export const charter = {
  name: required(text(200), 'Its name.'),
  purpose: optional(text(2000), 'What it is for.'),
  /** Without the owner, which is always in. */
  members: many(country, 'The countries in it from the start; may be empty.', { most: 250 }),
  membersVisible: otherwise(
    required(flag, 'Whether every member sees who the others are. Otherwise each sees the owner and itself.'),
    false,
  ),
};
export type Charter = Of<typeof charter>;

/** What decides who may know that a country is in the group. Repeated in each admission, so that it explains itself. */
export type Disclosure = { readonly owner: Party; readonly membersVisible: boolean };

/**
 * Stream `group-<id>`: countries that share among themselves, under the rule of one: the one that founded the group, or
 * the one that it passed to. A group can be in another: then all its countries are, as they are at any time.
 */
export type GroupEvent =
  AdmittedToGroup | GroupEnded | GroupFounded | GroupPassedOn | RemovedFromGroup | SubgroupAdmitted | SubgroupRemoved;

export type GroupFounded = DomainEvent<'access.GroupFounded.v1', Charter & Marked>;
export type AdmittedToGroup = DomainEvent<'access.AdmittedToGroup.v1', { readonly country: CountryCode } & Disclosure>;
export type RemovedFromGroup = DomainEvent<
  'access.RemovedFromGroup.v1',
  { readonly country: CountryCode; readonly reason?: string }
>;
export type SubgroupAdmitted = DomainEvent<
  'access.SubgroupAdmitted.v1',
  { readonly group: RecordId; readonly owner: Party }
>;
export type SubgroupRemoved = DomainEvent<
  'access.SubgroupRemoved.v1',
  { readonly group: RecordId; readonly reason?: string }
>;

/** Who is in a group once its owner is not, in the order in which they came. Repeated, so that the fact explains itself. */
type Left = { readonly members: readonly CountryCode[]; readonly subgroups: readonly RecordId[] };
/** The country that ruled the group has left the alliance, and with it the group: another one rules it from here on. */
export type GroupPassedOn = DomainEvent<
  'access.GroupPassedOn.v1',
  { readonly from: CountryCode; readonly to: CountryCode; readonly membersVisible: boolean } & Left
>;
/** The country that ruled the group has left the alliance, and nobody is in it who could rule it: nobody is in it any more. */
export type GroupEnded = DomainEvent<'access.GroupEnded.v1', { readonly from: CountryCode } & Left>;

/** Whoever is in a group may read what was released to it. */
export const groupAudience = (group: RecordId): Audience => `group:${group}`;
