import {
  country,
  InvalidValue,
  isRecordId,
  SECRETARIAT,
  type CountryCode,
  type Party,
  type RecordId,
} from './values.js';

/**
 * One audience, as it stands in markings and as a principal carries it: `MEMBERS` is every member state of the alliance
 * and its secretariat, `PUBLIC` everybody who may sign in.
 */
export type Audience = 'PUBLIC' | 'MEMBERS' | typeof SECRETARIAT | `country:${CountryCode}` | `group:${RecordId}`;

/** Traffic Light Protocol 2.0 (FIRST, 2022): how a reader may pass on what it was given. */
export const TLP = ['RED', 'AMBER_STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const;
export type Tlp = (typeof TLP)[number];

/** Who may know of a record. It stands in the record's first event; the owner always may. */
export type Marking = {
  readonly owner: Party;
  readonly releaseTo: readonly Audience[];
  readonly handling: Tlp;
};

/** A marking as a client asks for it: what is left out takes the closed default. */
export type MarkingRequest = {
  readonly owner?: Party | undefined;
  readonly releaseTo?: readonly Audience[] | undefined;
  readonly handling?: Tlp | undefined;
};

/** Everything of a record carries who may see it. */
export type Marked = { readonly marking: Marking };

/** `JP` → `country:JP`; a group's id → `group:<id>`; `MEMBERS`, `PUBLIC` and `SECRETARIAT` stay. */
export const audience = (given: string): Audience => {
  if (given === 'PUBLIC' || given === 'MEMBERS' || given === SECRETARIAT) return given;
  if (isRecordId(given)) return `group:${given}`;
  try {
    return `country:${country(given)}`;
  } catch {
    throw new InvalidValue('must name a country code such as JP, the id of a group, MEMBERS, SECRETARIAT or PUBLIC');
  }
};

/** The spelling that clients use: `country:JP` → `JP`, `group:<id>` → `<id>`. */
export const audienceName = (one: Audience): string => one.slice(one.indexOf(':') + 1);

export const ownerAudience = (owner: Party): Audience => (owner === SECRETARIAT ? SECRETARIAT : `country:${owner}`);

/** All audiences that a marking opens a record to, the owner first. */
export const audiencesOf = ({ owner, releaseTo }: Marking): readonly Audience[] => [
  ...new Set([ownerAudience(owner), ...releaseTo]),
];

/** The access policy for reading: one of the reader's audiences is one of the record's. */
export const mayRead = (marking: Marking, who: { readonly audiences: readonly Audience[] }): boolean =>
  audiencesOf(marking).some((one) => who.audiences.includes(one));

/** The same marking, closed to everybody but the owner. */
export const ownerAlone = (marking: Marking): Marking => ({ ...marking, releaseTo: [] });

/** The handling that goes with an audience where the owner names none. */
export const usualHandling = (releaseTo: readonly Audience[]): Tlp =>
  releaseTo.includes('PUBLIC') ? 'CLEAR' : releaseTo.includes('MEMBERS') ? 'GREEN' : 'AMBER';

/** Whether the handling allows the audience: what is public is CLEAR, and RED is for named recipients only. */
export const handlingAllows = (handling: Tlp, releaseTo: readonly Audience[]): boolean =>
  releaseTo.includes('PUBLIC') ? handling === 'CLEAR' : !(handling === 'RED' && releaseTo.includes('MEMBERS'));
