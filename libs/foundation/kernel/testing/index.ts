import { expect } from '@jest/globals';
import {
  fold,
  type Audience,
  type CommandContext,
  type Command,
  type CountryCode,
  type DomainEvent,
  type Instant,
  type Marked,
  type Marking,
  type PersonRef,
  type Principal,
  type Recorded,
  type RecordId,
  type Role,
  type RecordType,
  type View,
} from '@kernel';

export const NOW = '2026-06-01T09:00:00.000Z' as Instant;
export const RECORD = '00000000-0000-5000-8000-000000000001' as RecordId;
export const JP = 'JP' as CountryCode;
export const US = 'US' as CountryCode;
export const EU = 'EU' as CountryCode;

/** A person of a country, with the audiences that its roles give. `person` tells two people of one country apart. */
export const person = (country: CountryCode | null, roles: Role | readonly Role[], name = 'a'): Principal => {
  const all = typeof roles === 'string' ? [roles] : roles;
  const audiences: Audience[] = [
    'PUBLIC',
    'MEMBERS',
    ...(country === null ? ['SECRETARIAT' as const] : [`country:${country}` as const]),
  ];
  return {
    person: `${country ?? 'secretariat'}-${name}` as PersonRef,
    country,
    roles: all,
    isMember: country !== null,
    audiences,
    deniedAs: [],
    clearance: 'SECRET',
    breakGlassRecords: [],
    mandate: null,
  };
};

export const secretariat = person(null, 'SECRETARIAT');

export const markedFor = (owner: Marking['owner'], ...releaseTo: Audience[]): Marking => ({
  owner,
  releaseTo,
  handling: 'AMBER',
});

/** `given(…events).when(command, by).then(…events)` — or `.thenRejected(code)`, `.thenNothing()`. */
export const specify = <C extends Command, E extends DomainEvent, S, Code extends string>(
  of: RecordType<C, E, S, Code>,
) => ({
  given: (...past: readonly E[]) => ({
    when: (command: C, who: Principal, at: Partial<CommandContext> = {}) => {
      const context: CommandContext = {
        now: NOW,
        who,
        recordId: RECORD,
        marking: markedFor(who.country ?? 'SECRETARIAT'),
        references: [],
        history: [],
        ...at,
      };
      const decision = of.decider.decide(command, fold(of.decider, past), context);
      return {
        then: (...events: readonly E[]) => expect(decision).toEqual({ ok: true, events }),
        thenNothing: () => expect(decision).toEqual({ ok: true, events: [] }),
        thenRejected: (code: Code) => expect(decision).toMatchObject({ ok: false, code }),
      };
    },
  }),
  /** Whether the person may issue the command at all, before anything is read. */
  mayIssue: (command: C, who: Principal): boolean => of.access.mayIssue(command, who),
  /** Whether the person may act so on a record with this past. */
  mayAct: (command: C, who: Principal, past: readonly E[], marking: Marking): boolean =>
    of.access.mayAct(command, who, fold(of.decider, past), marking),
});

/** `given(…events).thenRow(row)`, for the row with the record's own id or the key named. */
export const specifyView = <E extends DomainEvent, Row extends Marked>(of: View<E, Row>) => ({
  given: (...past: readonly E[]) => ({
    thenRow: (expected: Row | null, key: string = RECORD) => {
      const row = past
        .map((event, index) => recorded(event, index))
        .reduce<Row | null>((before, fact) => {
          const keys = of.keysOf?.(fact) ?? [fact.recordId];
          return keys.includes(key) ? of.project(before, fact, key) : before;
        }, null);
      expect(row).toEqual(expected);
    },
  }),
});

export const recorded = <E extends DomainEvent>(event: E, index = 0): Recorded<E> => ({
  event,
  recordId: RECORD,
  category: 'record',
  revision: BigInt(index),
  position: BigInt(index),
  recordedAt: NOW,
});
