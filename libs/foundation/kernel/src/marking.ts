import type { Instant } from './calendar.js';
import {
  country,
  InvalidValue,
  isRecordId,
  SECRETARIAT,
  type CountryCode,
  type Party,
  type PersonRef,
  type RecordId,
} from './values.js';
import { oneOf, value } from './shape.js';

/**
 * One audience, as it stands in markings and as a principal carries it: `MEMBERS` is every member state of the alliance
 * and its secretariat, `PUBLIC` everybody who may sign in.
 */
export type Audience =
  'PUBLIC' | 'MEMBERS' | typeof SECRETARIAT | `country:${CountryCode}` | GroupAudience | `person:${PersonRef}`;
export type GroupAudience = `group:${RecordId}`;

/** Traffic Light Protocol 2.0 (FIRST, 2022): how a reader may pass on what it was given. */
export const TLP = ['RED', 'AMBER_STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const;
export type Tlp = (typeof TLP)[number];
export const tlp = oneOf<Tlp>('Tlp', 'Traffic Light Protocol 2.0: how those who may read a record may pass it on.', {
  RED: 'Named recipients only.',
  AMBER_STRICT: "The recipient's own organisation only.",
  AMBER: "The recipient's organisation and its clients, on a need to know.",
  GREEN: 'The community, not the public.',
  CLEAR: 'No limit.',
});

/**
 * How sensitive a record is, lowest first; who reads it needs a clearance at least as high. RESTRICTED and above
 * correspond to the EU's and NATO's levels of these names; OPEN asks for no clearance.
 */
export const LEVELS = ['OPEN', 'RESTRICTED', 'CONFIDENTIAL', 'SECRET'] as const;
export type Level = (typeof LEVELS)[number];
export const level = oneOf<Level>(
  'Level',
  'How sensitive a record is: whoever reads it needs a clearance at least as high.',
  {
    OPEN: 'No clearance is needed.',
    RESTRICTED: 'As the EU and NATO use the word.',
    CONFIDENTIAL: 'As the EU and NATO use the word.',
    SECRET: 'As the EU and NATO use the word.',
  },
);

/** Who may know of a record, and how it may be used. It stands in the record's first event; what is left out limits nothing. */
export type Marking = {
  readonly owner: Party;
  /** Of the owner's people this one alone: a record of one person. */
  readonly ownerPerson?: PersonRef;
  readonly releaseTo: readonly Audience[];
  readonly handling: Tlp;
  /** Who may look at it here, but neither export nor forward it. */
  readonly displayOnlyTo?: readonly Audience[];
  /** Who may not know of it although another audience of theirs may: it always wins, but over the owner's own people. */
  readonly denyTo?: readonly Audience[];
  /** Groups that a reader must all belong to, besides being released to. */
  readonly needToKnow?: readonly GroupAudience[];
  readonly level?: Level;
  /** Whether quoting it and deriving from it needs its owner's approval. */
  readonly originatorControl?: boolean;
  /** The owner's alone until then. */
  readonly embargoUntil?: Instant;
  /** The owner's alone from then on. */
  readonly expiresAt?: Instant;
  /** The owner's alone; others meet it in published totals only. */
  readonly aggregateOnly?: boolean;
};

/** A marking as a client asks for it: what is left out takes the closed default. */
export type MarkingRequest = { readonly [K in keyof Marking]?: Marking[K] | undefined };

/** Everything of a record carries who may see it. */
export type Marked = { readonly marking: Marking };
/** A marking within a row: each reader is shown of it what it may know. */
export const marking = value('Marking', 'text', (given: Marking): Marking => given);

const PERSON = 'person:';

/** `JP` → `country:JP`; a group's id → `group:<id>`; `person:<reference>`, `MEMBERS`, `PUBLIC` and `SECRETARIAT` stay. */
export const audience = value('Audience', 'text', (given: string): Audience => {
  if (given === 'PUBLIC' || given === 'MEMBERS' || given === SECRETARIAT) return given;
  if (isRecordId(given)) return `group:${given}`;
  if (given.startsWith(PERSON) && isRecordId(given.slice(PERSON.length))) return given as Audience;
  try {
    return `country:${country(given)}`;
  } catch {
    throw new InvalidValue(
      'must name a country code such as JP, the id of a group, person: with a reference, MEMBERS, SECRETARIAT or PUBLIC',
    );
  }
});

/** The spelling that clients use: `country:JP` → `JP`, `group:<id>` → `<id>`; the others as they are. */
export const audienceName = (one: Audience): string => one.replace(/^(country|group):/, '');

export const ownerAudience = (owner: Party): Audience => (owner === SECRETARIAT ? SECRETARIAT : `country:${owner}`);
export const personAudience = (person: PersonRef): Audience => `person:${person}`;

/** The same marking, closed to everybody but the owner. */
export const ownerAlone = ({ owner, ownerPerson, handling, level }: Marking): Marking => ({
  owner,
  ...(ownerPerson && { ownerPerson }),
  releaseTo: [],
  handling,
  ...(level && { level }),
});

/**
 * The marking of a part as its whole lets it be handled: as sensitive at least, passed on no more freely, and derived from
 * with as much approval. Who reads it is bound by the whole in any case.
 */
export const asPartOf = (marking: Marking, whole: Marking): Marking => {
  const level = LEVELS[Math.max(...[marking, whole].map(({ level = 'OPEN' }) => LEVELS.indexOf(level)))]!;
  const { level: _, ...rest } = marking;
  return {
    ...rest,
    handling: TLP[Math.min(TLP.indexOf(marking.handling), TLP.indexOf(whole.handling))]!,
    ...(level !== 'OPEN' && { level }),
    ...(whole.originatorControl && { originatorControl: true }),
  };
};

/** What each field says, with what a marking that leaves it out means; a field more in Marking does not compile without a line here. */
const MEANINGS: { readonly [K in keyof Marking]-?: (given: Marking[K]) => unknown } = {
  owner: (owner) => owner,
  ownerPerson: (person) => person ?? null,
  releaseTo: (audiences) => setOf(audiences),
  handling: (handling) => handling,
  displayOnlyTo: (audiences) => setOf(audiences),
  denyTo: (audiences) => setOf(audiences),
  needToKnow: (groups) => setOf(groups),
  level: (level) => level ?? 'OPEN',
  originatorControl: (isControlled) => isControlled ?? false,
  embargoUntil: (instant) => instant ?? null,
  expiresAt: (instant) => instant ?? null,
  aggregateOnly: (isForTotals) => isForTotals ?? false,
};
const FIELDS = Object.keys(MEANINGS) as (keyof Marking)[];
const setOf = (audiences: readonly Audience[] = []): readonly Audience[] => [...new Set(audiences)].sort();

/** Whether two markings say the same in every field. In what order audiences are named says nothing. */
export const isSameMarking = (one: Marking, other: Marking): boolean => {
  const saying = (marking: Marking): string =>
    JSON.stringify(FIELDS.map((field) => (MEANINGS[field] as (given: unknown) => unknown)(marking[field])));
  return saying(one) === saying(other);
};

/** The handling that goes with an audience where the owner names none. */
export const usualHandling = (releaseTo: readonly Audience[]): Tlp =>
  releaseTo.includes('PUBLIC') ? 'CLEAR' : releaseTo.includes('MEMBERS') ? 'GREEN' : 'AMBER';

/** Whether the handling allows the audience: what is public is CLEAR, and RED is for named recipients only. */
export const handlingAllows = (handling: Tlp, releaseTo: readonly Audience[]): boolean =>
  releaseTo.includes('PUBLIC') ? handling === 'CLEAR' : !(handling === 'RED' && releaseTo.includes('MEMBERS'));
