import { describe, expect, it } from '@jest/globals';
import {
  anHourAfter,
  day,
  instant,
  recordId,
  type CountryCode,
  type DomainEvent,
  type Instant,
  type PersonRef,
  type Principal,
  type RecordId,
  type Role,
} from '@kernel';
import { EU, JP, markedFor, NOW, RECORD, US } from '@kernel/testing';
import fc from 'fast-check';
import { access } from './access.manifest.js';
import {
  accessRegister,
  emergencyAccessesOf,
  mandatedPrincipalOf,
  principalOf as principalAt,
  type AccessRegister,
  type Asserted,
} from './access.register.js';

const OTHER = recordId('00000000-0000-5000-8000-000000000002');
const ref = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;
const self = `person:${ref}` as const;

const admitted = (country: typeof JP) => ({
  type: 'access.MemberAdmitted.v1',
  data: { country, since: day('2026-02-04'), marking: markedFor('SECRETARIAT', 'PUBLIC') },
});
const founded = (owner: typeof JP, ...members: (typeof JP)[]) => ({
  type: 'access.GroupFounded.v1',
  data: { name: 'Gallium round', members, membersVisible: false, marking: markedFor(owner, `group:${RECORD}`) },
});
const entered = (country: typeof JP) => ({
  type: 'access.AdmittedToGroup.v1',
  data: { country, owner: JP, membersVisible: false },
});
const removed = (country: typeof JP) => ({ type: 'access.RemovedFromGroup.v1', data: { country } });
const granted = (role: Role, country?: typeof JP) => ({
  type: 'access.RoleGranted.v1',
  data: { person: ref, role, ...(country && { country }) },
});
const revoked = (role: Role, country?: typeof JP) => ({
  type: 'access.RoleRevoked.v1',
  data: { person: ref, role, ...(country && { country }) },
});

const after = (...events: DomainEvent[]): AccessRegister =>
  events.reduce<AccessRegister>((state, event) => accessRegister.evolve(state, event, RECORD), accessRegister.initial);
const principalOf = (who: Asserted, register: AccessRegister, now: Instant = NOW): Principal =>
  principalAt(who, register, now);
const asserted = (country: string | null, ...roles: string[]): Asserted => ({ person: ref, country, roles });

describe('A person’s roles', () => {
  it('are those that the token asserts', () =>
    expect(principalOf(asserted('JP', 'LIAISON', 'APPROVER'), after())).toMatchObject({
      person: ref,
      country: 'JP',
      roles: ['LIAISON', 'APPROVER'],
    }));
  it('are those that were granted as well', () =>
    expect(principalOf(asserted('JP', 'LIAISON'), after(granted('DELEGATE', JP))).roles).toEqual([
      'LIAISON',
      'DELEGATE',
    ]));
  it('are those granted alone, where the token asserts none', () =>
    expect(principalOf(asserted('JP'), after(granted('DELEGATE', JP)))).toMatchObject({
      country: 'JP',
      roles: ['DELEGATE'],
    }));
  it('are not those revoked, whoever gave them', () => {
    expect(principalOf(asserted('JP', 'DELEGATE'), after(revoked('DELEGATE', JP))).roles).toEqual([]);
    expect(principalOf(asserted('JP'), after(granted('DELEGATE', JP), revoked('DELEGATE'))).roles).toEqual([]);
    expect(principalOf(asserted(null, 'SECRETARIAT'), after(revoked('SECRETARIAT'))).roles).toEqual([]);
  });
  it('are those granted again', () =>
    expect(principalOf(asserted('JP', 'DELEGATE'), after(revoked('DELEGATE'), granted('DELEGATE', JP))).roles).toEqual([
      'DELEGATE',
    ]));
  it('are given and taken by no other country than the token’s', () => {
    expect(principalOf(asserted('US'), after(granted('DELEGATE', JP))).roles).toEqual([]);
    expect(principalOf(asserted('US', 'DELEGATE'), after(revoked('DELEGATE', JP))).roles).toEqual(['DELEGATE']);
    expect(principalOf(asserted('US', 'DELEGATE'), after(revoked('DELEGATE'))).roles).toEqual([]);
  });
  it('are those of the alliance wherever the person comes from', () =>
    expect(principalOf(asserted('JP', 'LIAISON'), after(granted('AUDITOR'))).roles).toEqual(['LIAISON', 'AUDITOR']));
  it('are only those that exist', () =>
    expect(principalOf(asserted('JP', 'LIAISON', 'EMPEROR'), after()).roles).toEqual(['LIAISON']));
  it('drop even the asserted national ones where no country is', () =>
    expect(principalOf(asserted(null, 'DELEGATE', 'OBSERVER'), after()).roles).toEqual(['OBSERVER']));
  it('drop the national ones where no country is asserted', () =>
    expect(principalOf(asserted(null, 'OBSERVER'), after(granted('DELEGATE', JP)))).toMatchObject({
      country: null,
      roles: ['OBSERVER'],
      audiences: ['PUBLIC', self],
    }));
});

describe('The secretariat', () => {
  const secretariat = principalOf(asserted('JP', 'SECRETARIAT', 'DELEGATE'), after(admitted(JP), founded(JP)));
  it('is neutral: its people act for no country and drop national roles', () =>
    expect(secretariat).toMatchObject({ country: null, roles: ['SECRETARIAT'], isMember: false }));
  it('reads what is the alliance’s, and no country’s or group’s', () =>
    expect(secretariat.audiences).toEqual(['PUBLIC', 'MEMBERS', 'SECRETARIAT', self]));
});

describe('A person with a national role', () => {
  it.each(['LIAISON', 'DELEGATE', 'APPROVER'])('acts for its country as %s', (role) =>
    expect(principalOf(asserted('JP', role), after())).toMatchObject({
      country: 'JP',
      audiences: ['PUBLIC', 'country:JP', self],
    }),
  );
  it('reads what the members read, once its country is one', () => {
    expect(principalOf(asserted('JP', 'LIAISON'), after(admitted(US)))).toMatchObject({
      isMember: false,
      audiences: ['PUBLIC', 'country:JP', self],
    });
    expect(principalOf(asserted('JP', 'LIAISON'), after(admitted(US), admitted(JP)))).toMatchObject({
      isMember: true,
      audiences: ['PUBLIC', 'MEMBERS', 'country:JP', self],
    });
  });
  it.each([
    ['owns', 'JP'],
    ['helped to found', 'US'],
    ['was admitted to', 'EU'],
  ])('reads what went to a group that its country %s', (_, country) =>
    expect(principalOf(asserted(country, 'LIAISON'), after(founded(JP, US), entered(EU))).audiences).toEqual([
      'PUBLIC',
      `country:${country}`,
      `group:${RECORD}`,
      self,
    ]),
  );
  it('no longer reads what went to a group that its country left', () => {
    const register = after(founded(JP, US), entered(EU), removed(US), removed(EU));
    expect(principalOf(asserted('US', 'LIAISON'), register).audiences).toEqual(['PUBLIC', 'country:US', self]);
    expect(principalOf(asserted('EU', 'LIAISON'), register).audiences).toEqual(['PUBLIC', 'country:EU', self]);
    expect(principalOf(asserted('JP', 'LIAISON'), register).audiences).toContain(`group:${RECORD}`);
  });
  it('reads what went to each of several groups', () => {
    const register = accessRegister.evolve(after(founded(JP, US)), founded(EU, US), OTHER);
    expect(principalOf(asserted('US', 'LIAISON'), register).audiences).toEqual([
      'PUBLIC',
      'country:US',
      `group:${RECORD}`,
      `group:${OTHER}`,
      self,
    ]);
    expect(principalOf(asserted('JP', 'LIAISON'), register).audiences).not.toContain(`group:${OTHER}`);
  });
});

describe('A person without a national role', () => {
  it.each([[['AUDITOR']], [['OBSERVER']], [['AUDITOR', 'OBSERVER']], [[]]])('sees what is public: %j', (roles) => {
    const register = after(admitted(JP), founded(JP));
    expect(principalOf(asserted('JP', ...roles), register)).toMatchObject({
      person: ref,
      country: null,
      roles,
      isMember: false,
      audiences: roles.length === 0 ? ['PUBLIC'] : ['PUBLIC', self],
    });
  });
});

describe('What went to a person', () => {
  it.each([
    ['JP', 'LIAISON'],
    ['JP', 'OBSERVER'],
    [null, 'SECRETARIAT'],
  ])('is read by that person: %s %s', (country, role) =>
    expect(principalOf(asserted(country, role), after()).audiences).toContain(self),
  );
  it('is read no more when the last role is taken', () =>
    expect(principalOf(asserted('JP', 'LIAISON'), after(revoked('LIAISON'))).audiences).toEqual(['PUBLIC']));
});

describe('A country that leaves the alliance', () => {
  const withdrawn = { type: 'access.MemberWithdrawn.v1', data: { country: JP } };
  it('reads at once no more what the members read', () =>
    expect(principalOf(asserted('JP', 'DELEGATE'), after(admitted(JP), withdrawn))).toMatchObject({
      isMember: false,
      audiences: ['PUBLIC', 'country:JP', self],
    }));
  it('leaves every group, its own among them, until it is taken in again', () => {
    const groups = (...more: DomainEvent[]) =>
      principalOf(asserted('JP', 'DELEGATE'), after(admitted(JP), founded(JP), withdrawn, ...more)).audiences.filter(
        (each) => each.startsWith('group:'),
      );
    expect(groups()).toEqual([]);
    expect(groups(admitted(JP))).toEqual([]);
    expect(groups(entered(JP))).toHaveLength(1);
  });
  it('is known to have left, until it is admitted again', () => {
    const who = (...more: DomainEvent[]) => principalOf(asserted('JP', 'DELEGATE'), after(admitted(JP), ...more));
    expect([who().hasLeft, who(withdrawn).hasLeft, who(withdrawn, admitted(JP)).hasLeft]).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });
  it('reads it again when it is admitted again', () =>
    expect(principalOf(asserted('JP', 'DELEGATE'), after(admitted(JP), withdrawn, admitted(JP))).isMember).toBe(true));
});

describe('A clearance', () => {
  const cleared = (level: string, country?: CountryCode) => ({
    type: 'access.ClearanceGranted.v1',
    data: { person: ref, level, ...(country && { country }) },
  });
  const uncleared = (country?: CountryCode) => ({
    type: 'access.ClearanceRevoked.v1',
    data: { person: ref, ...(country && { country }) },
  });
  const clearance = (who: Asserted, ...events: DomainEvent[]) => principalOf(who, after(...events)).clearance;

  it('is none where nobody gave one', () => expect(clearance(asserted('JP', 'DELEGATE'))).toBe('OPEN'));
  it('is what the person’s own country said last', () => {
    const delegate = asserted('JP', 'DELEGATE');
    expect(clearance(delegate, cleared('SECRET', JP))).toBe('SECRET');
    expect(clearance(delegate, cleared('SECRET', JP), cleared('RESTRICTED', JP))).toBe('RESTRICTED');
    expect(clearance(delegate, cleared('SECRET', JP), uncleared(JP))).toBe('OPEN');
  });
  it('is not for another country, nor for the secretariat, to give', () => {
    expect(clearance(asserted('US', 'DELEGATE'), cleared('SECRET', JP))).toBe('OPEN');
    expect(clearance(asserted('US', 'DELEGATE'), cleared('SECRET'))).toBe('OPEN');
  });
  it('is not for another country to take', () => {
    const register = accessRegister.evolve(after(cleared('SECRET', JP)), uncleared(US), OTHER);
    expect(principalOf(asserted('JP', 'DELEGATE'), register).clearance).toBe('SECRET');
  });
  it('of the secretariat’s people is the secretariat’s to give', () => {
    expect(clearance(asserted('JP', 'SECRETARIAT'), cleared('CONFIDENTIAL'))).toBe('CONFIDENTIAL');
    expect(clearance(asserted('JP', 'SECRETARIAT'), cleared('CONFIDENTIAL', JP))).toBe('OPEN');
  });
  it('ends with the last role', () =>
    expect(clearance(asserted('JP', 'DELEGATE'), cleared('SECRET', JP), revoked('DELEGATE', JP))).toBe('OPEN'));
});

describe('A mandate', () => {
  const FR = 'FR' as CountryCode;
  const DE = 'DE' as CountryCode;
  const [from, until] = [instant('2026-05-01T00:00:00.000Z'), instant('2026-07-01T00:00:00.000Z')];
  const mandate = (principal: CountryCode, terms: object = {}) => ({
    type: 'access.MandateGranted.v1',
    data: { principal, delegate: EU, subjects: ['projects'], mayCommand: false, from, until, ...terms },
  });
  const ended = { type: 'access.MandateRevoked.v1', data: { reason: 'the round is over' } };
  const european = asserted('EU', 'DELEGATE');
  const acting = (register: AccessRegister, forWhom: string = FR, now: Instant = NOW, who: Asserted = european) =>
    mandatedPrincipalOf(who, forWhom, register, now);

  it('gives the person the country’s audiences, and the own ones for denials alone', () => {
    const register = after(admitted(EU), founded(EU), mandate(FR));
    accessRegister.evolve(register, founded(FR), OTHER);
    expect(acting(register)).toEqual({
      person: ref,
      country: FR,
      roles: ['DELEGATE'],
      isMember: false,
      audiences: ['PUBLIC', 'country:FR', `group:${OTHER}`, self],
      deniedAs: ['PUBLIC', 'MEMBERS', 'country:EU', `group:${RECORD}`, self],
      clearance: 'OPEN',
      breakGlassRecords: [],
      mandate: { id: RECORD, delegate: EU, subjects: ['projects'], mayCommand: false },
    });
    expect(principalOf(european, register).country).toBe('EU');
  });
  it('gives MEMBERS where the country acted for is one', () => {
    expect(acting(after(admitted(FR), mandate(FR)))).toMatchObject({ isMember: true });
    expect(acting(after(admitted(FR), mandate(FR)))?.audiences).toContain('MEMBERS');
  });
  it('leaves the person its own roles and clearance', () => {
    const cleared = { type: 'access.ClearanceGranted.v1', data: { person: ref, level: 'SECRET', country: EU } };
    expect(acting(after(mandate(FR), cleared), FR, NOW, asserted('EU', 'LIAISON', 'AUDITOR'))).toMatchObject({
      roles: ['LIAISON'],
      clearance: 'SECRET',
    });
  });
  it('is for the country that it names', () => {
    expect(acting(after(mandate(FR)), DE)).toBeNull();
    expect(acting(after(mandate(FR)), 'fr')).toBeNull();
    expect(acting(after(mandate(FR)), 'FR, DE')).toBeNull();
    expect(acting(after(mandate(FR)), 'EU')).toBeNull();
  });
  it('is for people of its delegate who hold a role there', () => {
    expect(acting(after(mandate(FR)), FR, NOW, asserted('US', 'DELEGATE'))).toBeNull();
    expect(acting(after(mandate(FR)), FR, NOW, asserted('EU', 'AUDITOR'))).toBeNull();
    expect(acting(after(mandate(FR)), FR, NOW, asserted('EU', 'SECRETARIAT', 'DELEGATE'))).toBeNull();
    expect(acting(after(mandate(FR), revoked('DELEGATE', EU)))).toBeNull();
  });
  it('holds from its first instant to the one before its end', () => {
    const register = after(mandate(FR));
    expect(acting(register, FR, instant('2026-04-30T23:59:59.999Z'))).toBeNull();
    expect(acting(register, FR, from)).not.toBeNull();
    expect(acting(register, FR, instant('2026-06-30T23:59:59.999Z'))).not.toBeNull();
    expect(acting(register, FR, until)).toBeNull();
  });
  it('is over when it is revoked, and what was granted last is all that holds', () => {
    expect(acting(after(mandate(FR), ended))).toBeNull();
    expect(acting(after(mandate(FR), ended, mandate(FR)))).not.toBeNull();
    const register = after(mandate(FR), mandate(FR, { subjects: ['materials'], mayCommand: true }));
    expect(acting(register)?.mandate).toMatchObject({ subjects: ['materials'], mayCommand: true });
  });
  it('is one of several, each for its own country', () => {
    const register = accessRegister.evolve(after(mandate(FR)), mandate(DE, { mayCommand: true }), OTHER);
    expect(acting(register, FR)).toMatchObject({ country: FR, mandate: { id: RECORD, mayCommand: false } });
    expect(acting(register, DE)).toMatchObject({ country: DE, mandate: { id: OTHER, mayCommand: true } });
  });
  it('is not passed on: whoever acts for another has no mandates from third ones', () => {
    const onward = { type: 'access.MandateGranted.v1', data: { ...mandate(DE).data, delegate: FR } };
    expect(acting(accessRegister.evolve(after(mandate(FR)), onward, OTHER), DE)).toBeNull();
  });
});

describe('An emergency access', () => {
  const [emergency, record] = [RECORD, OTHER];
  const asked = {
    type: 'access.EmergencyAccessRequested.v1',
    data: { record, reason: 'a dam broke', approver: US, requestedBy: ref, marking: markedFor('SECRETARIAT') },
  };
  const approved = {
    type: 'access.EmergencyAccessApproved.v1',
    data: { approvedBy: OTHER, until: anHourAfter(NOW) },
  };
  const refused = { type: 'access.EmergencyAccessRefused.v1', data: { refusedBy: OTHER, reason: 'no' } };
  const secretary = asserted(null, 'SECRETARIAT');
  const opened = (register: AccessRegister, now: Instant = NOW, who: Asserted = secretary) =>
    principalOf(who, register, now).breakGlassRecords;

  it('opens the record once it is approved', () => {
    expect(opened(after(asked))).toEqual([]);
    expect(opened(after(asked, approved))).toEqual([record]);
  });
  it('closes it after an hour', () => {
    expect(opened(after(asked, approved), instant('2026-06-01T09:59:59.999Z'))).toEqual([record]);
    expect(opened(after(asked, approved), instant('2026-06-01T10:00:00.000Z'))).toEqual([]);
  });
  it('closes it when it is refused after all', () => {
    expect(opened(after(asked, refused))).toEqual([]);
    expect(opened(after(asked, approved, refused))).toEqual([]);
  });
  it('is for the person who asked, and as long as that person is of the secretariat', () => {
    const register = after(asked, approved);
    expect(opened(register, NOW, { ...secretary, person: OTHER })).toEqual([]);
    expect(opened(register, NOW, asserted('JP', 'DELEGATE'))).toEqual([]);
    expect(opened(after(asked, approved, revoked('SECRETARIAT')))).toEqual([]);
  });
  it('can be looked up with its reason while it is open', () => {
    const register = after(asked, approved);
    const until = anHourAfter(NOW);
    expect(emergencyAccessesOf(ref, register, NOW)).toEqual([
      { id: emergency, record, reason: 'a dam broke', approver: US, until },
    ]);
    expect(emergencyAccessesOf(ref, register, until)).toEqual([]);
  });
});

describe('Groups in groups', () => {
  const COUNTRIES = ['JP', 'US', 'EU', 'FR', 'DE'] as CountryCode[];
  const GROUPS = [1, 2, 3, 4, 5].map((n) => recordId(`00000000-0000-5000-8000-00000000000${n}`));
  const [one, two, three] = GROUPS as [RecordId, RecordId, RecordId];
  type Step = readonly [DomainEvent, RecordId];
  const foundedBy = (owner: CountryCode, group: RecordId, ...members: CountryCode[]): Step => [
    { ...founded(owner, ...members) },
    group,
  ];
  const nested = (inner: RecordId, outer: RecordId): Step => [
    { type: 'access.SubgroupAdmitted.v1', data: { group: inner, owner: JP } },
    outer,
  ];
  const unnested = (inner: RecordId, outer: RecordId): Step => [
    { type: 'access.SubgroupRemoved.v1', data: { group: inner } },
    outer,
  ];
  const of = (...steps: Step[]): AccessRegister =>
    steps.reduce<AccessRegister>((so, [event, id]) => accessRegister.evolve(so, event, id), accessRegister.initial);
  const groups = (register: AccessRegister, country: CountryCode) =>
    principalOf(asserted(country, 'LIAISON'), register).audiences.filter((each) => each.startsWith('group:'));
  const named = (...ids: RecordId[]) => ids.map((id) => `group:${id}`);

  it('let the inner one’s countries read what goes to the outer one, and not the reverse', () => {
    const register = of(foundedBy(JP, one), foundedBy(US, two, EU), nested(two, one));
    expect(groups(register, EU)).toEqual(named(two, one));
    expect(groups(register, JP)).toEqual(named(one));
  });
  it('go through several', () => {
    const register = of(
      foundedBy(JP, one),
      foundedBy(JP, two),
      foundedBy(US, three),
      nested(two, one),
      nested(three, two),
    );
    expect(groups(register, US)).toEqual(named(three, two, one));
  });
  it('let in whoever the inner one admits later, and put out whoever it removes', () => {
    const register = of(foundedBy(JP, one), foundedBy(US, two), nested(two, one), [entered(EU), two]);
    expect(groups(register, EU)).toEqual(named(two, one));
    expect(groups(accessRegister.evolve(register, removed(EU), two), EU)).toEqual([]);
  });
  it('end when the inner one is taken out, save for who is in by another way', () => {
    const register = of(foundedBy(JP, one, EU), foundedBy(US, two, EU), nested(two, one), unnested(two, one));
    expect(groups(register, US)).toEqual(named(two));
    expect(groups(register, EU)).toEqual(named(one, two));
  });
  it('may go in a circle, and end when it is opened', () => {
    const circle = of(foundedBy(JP, one), foundedBy(US, two), nested(two, one), nested(one, two));
    expect(groups(circle, JP)).toEqual(named(one, two));
    expect(groups(circle, US)).toEqual(named(two, one));
    expect(groups(accessRegister.evolve(circle, ...unnested(one, two)), JP)).toEqual(named(one));
  });

  /** The naive answer: whoever is in a group, by any chain, found anew from all that was ever said. */
  const closure = (steps: readonly Step[], country: CountryCode): RecordId[] => {
    const direct = new Set<string>();
    const edges = new Set<string>();
    for (const [event, id] of steps) {
      const data = event.data as {
        country: CountryCode;
        group: RecordId;
        members: CountryCode[];
        marking: { owner: CountryCode };
      };
      if (event.type === 'access.GroupFounded.v1')
        for (const each of [data.marking.owner, ...data.members]) direct.add(`${each} ${id}`);
      if (event.type === 'access.AdmittedToGroup.v1') direct.add(`${data.country} ${id}`);
      if (event.type === 'access.RemovedFromGroup.v1') direct.delete(`${data.country} ${id}`);
      if (event.type === 'access.SubgroupAdmitted.v1') edges.add(`${data.group} ${id}`);
      if (event.type === 'access.SubgroupRemoved.v1') edges.delete(`${data.group} ${id}`);
    }
    const isIn = new Set(GROUPS.filter((group) => direct.has(`${country} ${group}`)));
    for (const _ of GROUPS)
      for (const edge of edges) {
        const [inner, outer] = edge.split(' ') as [RecordId, RecordId];
        if (isIn.has(inner)) isIn.add(outer);
      }
    return [...isIn].sort();
  };

  it('come out of any history as the naive closure has it, after each step', () => {
    const country = fc.constantFrom(...COUNTRIES);
    const group = fc.constantFrom(...GROUPS);
    const pair = fc.tuple(group, group);
    const step = fc.oneof(
      fc.tuple(country, group).map(([who, id]): Step => [entered(who), id]),
      fc.tuple(country, group).map(([who, id]): Step => [removed(who), id]),
      pair.map(([inner, outer]) => nested(inner, outer)),
      pair.map(([inner, outer]) => nested(inner, outer)),
      pair.map(([inner, outer]) => unnested(inner, outer)),
      fc.tuple(country, group, fc.array(country)).map(([owner, id, members]) => foundedBy(owner, id, ...members)),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        let register = accessRegister.initial;
        for (const [index, [event, id]] of steps.entries()) {
          register = accessRegister.evolve(register, event, id);
          for (const each of COUNTRIES)
            expect([...(register.groups.groupsOf.get(each) ?? [])].sort()).toEqual(
              closure(steps.slice(0, index + 1), each),
            );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('The register', () => {
  it('leaves its beginning empty, so that two registers share nothing', () => {
    const one = after(admitted(JP), founded(JP), granted('DELEGATE', JP));
    const two = after(admitted(US));
    expect([...one.members]).toEqual(['JP']);
    expect([...two.members]).toEqual(['US']);
    const { groups, ...rest } = accessRegister.initial;
    for (const part of [...Object.values(rest), ...Object.values(groups)]) expect(part.size).toBe(0);
  });
  it('reads the streams of members, groups, persons, mandates and emergency accesses', () =>
    expect(accessRegister.categories).toEqual(access.recordTypes.map(({ category }) => category)));
});
