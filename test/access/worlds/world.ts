import { Acts } from './acts.js';
import { OTHERS, type Reader } from './people.js';
import type { Kind } from './vocabulary.js';

/** Something that was recorded, with what the tests must know of it to say who may see it. */
export type Recorded = {
  readonly kind: Kind;
  readonly id: string;
  /** A country, or SECRETARIAT; another one where a group has passed on. */
  owner: string;
  /** As its marking names them. */
  audience: readonly string[];
  /** Those who may not see it although they are in its audience, and why. */
  closedTo: (reader: Reader) => boolean;
  /** The record that it is part of. */
  readonly within: Recorded | null;
  /** What happened to it: `confirmed`, `approved`, … */
  readonly facts: Set<string>;
  /** Who is in it, where it is a group. */
  readonly members: Set<string>;
  readonly hostCountry: string | null;
};

/**
 * What there is, and who may see it, by a second and much simpler telling of the access rules than the platform's own:
 * these tests must not believe what they test.
 */
export class World {
  readonly records: Recorded[] = [];
  /** Materials that everybody knows. */
  readonly materials: string[] = [];
  readonly countriesLeft: string[] = [];
  readonly acts = new Acts();

  add(record: Pick<Recorded, 'kind' | 'id' | 'owner'> & Partial<Recorded>): Recorded {
    const made: Recorded = {
      audience: [],
      closedTo: () => false,
      within: null,
      facts: new Set(),
      members: new Set(),
      hostCountry: null,
      ...record,
    };
    this.records.push(made);
    return made;
  }

  groupsOf(party: string | null): readonly string[] {
    return this.records
      .filter(({ kind, members }) => kind === 'group' && party !== null && members.has(party))
      .map(({ id }) => id);
  }

  isVisible(record: Recorded, reader: Reader): boolean {
    if (record.owner === reader.party) return true;
    if (record.kind === 'stockDeclaration' && !record.facts.has('released')) return false;
    if (record.kind === 'person') return false;
    const audiences = [...reader.audiences, ...this.groupsOf(reader.country)];
    if (!record.audience.some((one) => audiences.includes(one)) || record.closedTo(reader)) return false;
    return record.within === null || this.isVisible(record.within, reader);
  }

  hiddenFrom(reader: Reader): readonly Recorded[] {
    return this.records.filter((record) => !this.isVisible(record, reader));
  }

  /** The country as a reader, for what one needs to see to act on it. */
  asReader(country: string): Reader {
    const isMember = country !== 'BR';
    return {
      name: country,
      country,
      roles: [],
      party: country,
      audiences: ['PUBLIC', country, ...(isMember ? ['MEMBERS'] : [])],
    };
  }

  get actors(): readonly string[] {
    return OTHERS;
  }
}
