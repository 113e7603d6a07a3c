import type { CountryCode, DomainEvent, Marked, Party, RecordId } from '@kernel';

/**
 * Stream `group-<id>`: countries that share among themselves, under the name of one that founded the group. A group can
 * be in another: then all its countries are, as they are at any time.
 */
export type GroupEvent = GroupFounded | AdmittedToGroup | RemovedFromGroup | SubgroupAdmitted | SubgroupRemoved;

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

export type Charter = {
  readonly name: string;
  readonly purpose?: string;
  /** The countries in it from the start, without the owner, which is always in. */
  readonly members: readonly CountryCode[];
  /** Whether every member sees who the others are; otherwise each sees the owner and itself. */
  readonly membersVisible: boolean;
};

/** What decides who may know that a country is in the group. Repeated in each admission, so that it explains itself. */
export type Disclosure = { readonly owner: Party; readonly membersVisible: boolean };
