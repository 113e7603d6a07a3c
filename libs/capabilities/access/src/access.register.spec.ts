import { describe, expect, it } from '@jest/globals';
import { day, recordId, type DomainEvent, type PersonRef, type Role } from '@kernel';
import { EU, JP, markedFor, RECORD, US } from '@kernel/testing';
import { accessRegister, principalOf, type AccessRegister, type Asserted } from './access.register.js';

const OTHER = recordId('00000000-0000-5000-8000-000000000002');
const ref = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;

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
      audiences: ['PUBLIC'],
    }));
});

describe('The secretariat', () => {
  const secretariat = principalOf(asserted('JP', 'SECRETARIAT', 'DELEGATE'), after(admitted(JP), founded(JP)));
  it('is neutral: its people act for no country and drop national roles', () =>
    expect(secretariat).toMatchObject({ country: null, roles: ['SECRETARIAT'], isMember: false }));
  it('reads what is the alliance’s, and no country’s or group’s', () =>
    expect(secretariat.audiences).toEqual(['PUBLIC', 'MEMBERS', 'SECRETARIAT']));
});

describe('A person with a national role', () => {
  it.each(['LIAISON', 'DELEGATE', 'APPROVER'])('acts for its country as %s', (role) =>
    expect(principalOf(asserted('JP', role), after())).toMatchObject({
      country: 'JP',
      audiences: ['PUBLIC', 'country:JP'],
    }),
  );
  it('reads what the members read, once its country is one', () => {
    expect(principalOf(asserted('JP', 'LIAISON'), after(admitted(US)))).toMatchObject({
      isMember: false,
      audiences: ['PUBLIC', 'country:JP'],
    });
    expect(principalOf(asserted('JP', 'LIAISON'), after(admitted(US), admitted(JP)))).toMatchObject({
      isMember: true,
      audiences: ['PUBLIC', 'MEMBERS', 'country:JP'],
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
    ]),
  );
  it('no longer reads what went to a group that its country left', () => {
    const register = after(founded(JP, US), entered(EU), removed(US), removed(EU));
    expect(principalOf(asserted('US', 'LIAISON'), register).audiences).toEqual(['PUBLIC', 'country:US']);
    expect(principalOf(asserted('EU', 'LIAISON'), register).audiences).toEqual(['PUBLIC', 'country:EU']);
    expect(principalOf(asserted('JP', 'LIAISON'), register).audiences).toContain(`group:${RECORD}`);
  });
  it('reads what went to each of several groups', () => {
    const register = accessRegister.evolve(after(founded(JP, US)), founded(EU, US), OTHER);
    expect(principalOf(asserted('US', 'LIAISON'), register).audiences).toEqual([
      'PUBLIC',
      'country:US',
      `group:${RECORD}`,
      `group:${OTHER}`,
    ]);
    expect(principalOf(asserted('JP', 'LIAISON'), register).audiences).not.toContain(`group:${OTHER}`);
  });
});

describe('A person without a national role', () => {
  it.each([[['AUDITOR']], [['OBSERVER']], [['AUDITOR', 'OBSERVER']], [[]]])('sees what is public: %j', (roles) => {
    const register = after(admitted(JP), founded(JP));
    expect(principalOf(asserted('JP', ...roles), register)).toEqual({
      person: ref,
      country: null,
      roles,
      isMember: false,
      audiences: ['PUBLIC'],
    });
  });
});

describe('The register', () => {
  it('leaves its beginning empty, so that two registers share nothing', () => {
    const one = after(admitted(JP), founded(JP), granted('DELEGATE', JP));
    const two = after(admitted(US));
    expect([...one.members]).toEqual(['JP']);
    expect([...two.members]).toEqual(['US']);
    expect(
      accessRegister.initial.members.size + accessRegister.initial.groupsOf.size + accessRegister.initial.grants.size,
    ).toBe(0);
  });
  it('reads the streams of members, groups and persons', () =>
    expect(accessRegister.categories).toEqual(['member', 'group', 'person']));
});
