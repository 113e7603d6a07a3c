import { describe, it } from '@jest/globals';
import type { PersonRef } from '@kernel';
import { JP, markedFor, person as personOf, secretariat, specify, US } from '@kernel/testing';
import { personRecordType } from './person.record.js';
import type { PersonEvent } from './person.events.js';

const ref = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;
const delegate = personOf(JP, 'DELEGATE');
const marking = markedFor(JP, 'SECRETARIAT');
const grant = { type: 'GrantRole', person: ref, role: 'LIAISON' } as const;
const revoke = { type: 'RevokeRole', person: ref, role: 'LIAISON' } as const;
const granted = { type: 'access.RoleGranted.v1', data: { person: ref, role: 'LIAISON', country: JP } } as const;
const revoked = { type: 'access.RoleRevoked.v1', data: { person: ref, role: 'LIAISON', country: JP } } as const;
const revokedByAll = { type: 'access.RoleRevoked.v1', data: { person: ref, role: 'LIAISON' } } as const;
const first = <E extends PersonEvent>(event: E): E => ({ ...event, data: { ...event.data, marking } });
const person = specify(personRecordType);

describe('A person', () => {
  it('is granted a role by a delegate, for the delegate’s country', () =>
    person.given().when(grant, delegate, { marking }).then(first(granted)));
  it('is granted a role by the secretariat, for the country named', () =>
    person
      .given()
      .when({ ...grant, country: JP }, secretariat, { marking })
      .then(first(granted)));
  it('is granted a further role under the first marking', () =>
    person
      .given(first(granted))
      .when({ ...grant, role: 'APPROVER' }, delegate)
      .then({ type: 'access.RoleGranted.v1', data: { person: ref, role: 'APPROVER', country: JP } }));
  it('is granted a role once', () => person.given(first(granted)).when(grant, delegate).thenNothing());
  it('is granted a role of the alliance for no country', () => {
    const audit = { ...grant, role: 'AUDITOR' } as const;
    person
      .given()
      .when(audit, secretariat, { marking })
      .then({ type: 'access.RoleGranted.v1', data: { person: ref, role: 'AUDITOR', marking } });
    person
      .given()
      .when({ ...audit, country: JP }, secretariat)
      .thenRejected('ROLES.WITHOUT_COUNTRY');
  });
  it('is granted a national role for a country that is named', () =>
    person.given().when(grant, secretariat).thenRejected('ROLES.COUNTRY_NEEDED'));
  it('acts for one country only', () => {
    person
      .given(first(granted))
      .when({ ...grant, country: US }, secretariat)
      .thenRejected('ROLES.OTHER_COUNTRY');
    person.given(first(granted)).when(revoke, personOf(US, 'DELEGATE')).thenRejected('ROLES.OTHER_COUNTRY');
    person
      .given(first(granted), revoked)
      .when({ ...grant, country: US }, secretariat)
      .thenRejected('ROLES.OTHER_COUNTRY');
  });
  it('keeps its country beside a role of the alliance', () =>
    person
      .given(first(granted))
      .when({ ...grant, role: 'AUDITOR' }, secretariat)
      .then({ type: 'access.RoleGranted.v1', data: { person: ref, role: 'AUDITOR' } }));
  it('loses a role', () => {
    person
      .given(first(granted))
      .when({ ...revoke, reason: 'moved to another post' }, delegate)
      .then({ ...revoked, data: { ...revoked.data, reason: 'moved to another post' } });
    person.given(first(granted), revoked).when(revoke, delegate).thenNothing();
  });
  it('loses a role that was never granted here: its issuer may assert it', () =>
    person.given().when(revoke, delegate, { marking }).then(first(revoked)));
  it('loses a role by the word of the secretariat on top of that of its country', () => {
    person.given(first(granted), revoked).when(revoke, secretariat).then(revokedByAll);
    person.given(first(granted), revokedByAll).when(revoke, secretariat).thenNothing();
    person.given(first(granted), revokedByAll).when(revoke, delegate).thenNothing();
  });
  it('is granted a revoked role again', () =>
    person.given(first(granted), revoked).when(grant, delegate).then(granted));
  it('changes no role of its own', () => {
    const self = { ...delegate, person: ref };
    person
      .given(first(granted))
      .when({ ...grant, role: 'APPROVER' }, self)
      .thenRejected('ROLES.OWN_ROLE');
    person.given(first(granted)).when(revoke, self).thenRejected('ROLES.OWN_ROLE');
    person
      .given()
      .when({ ...grant, role: 'SECRETARIAT' }, { ...secretariat, person: ref })
      .thenRejected('ROLES.OWN_ROLE');
  });
});

describe('The clearance of a person', () => {
  const clear = { type: 'GrantClearance', person: ref, level: 'CONFIDENTIAL' } as const;
  const unclear = { type: 'RevokeClearance', person: ref, reason: 'has run out' } as const;
  const cleared = {
    type: 'access.ClearanceGranted.v1',
    data: { person: ref, level: 'CONFIDENTIAL', country: JP },
  } as const;
  const uncleared = {
    type: 'access.ClearanceRevoked.v1',
    data: { person: ref, country: JP, reason: 'has run out' },
  } as const;

  it('is given by its country, in whose record it begins', () => {
    person.given().when(clear, delegate, { marking }).then(first(cleared));
    person.given(first(granted)).when(clear, delegate, { marking }).then(cleared);
  });
  it('is given by the secretariat in no country’s name', () =>
    person
      .given()
      .when(clear, secretariat, { marking })
      .then({ type: 'access.ClearanceGranted.v1', data: { person: ref, level: 'CONFIDENTIAL', marking } }));
  it('is given once, and another level takes its place', () => {
    person.given(first(cleared)).when(clear, delegate).thenNothing();
    person
      .given(first(cleared))
      .when({ ...clear, level: 'RESTRICTED' }, delegate)
      .then({ type: 'access.ClearanceGranted.v1', data: { person: ref, level: 'RESTRICTED', country: JP } });
  });
  it('is taken, and may be given again', () => {
    person.given(first(cleared)).when(unclear, delegate).then(uncleared);
    person.given(first(cleared), uncleared).when(clear, delegate).then(cleared);
  });
  it('has nothing to take where there is none', () => {
    person.given().when(unclear, delegate).thenNothing();
    person.given(first(cleared), uncleared).when(unclear, delegate).thenNothing();
  });
  it('is not the person’s own to change', () => {
    const self = { ...delegate, person: ref };
    person.given().when(clear, self).thenRejected('CLEARANCES.OWN_CLEARANCE');
    person.given(first(cleared)).when(unclear, self).thenRejected('CLEARANCES.OWN_CLEARANCE');
  });
  it('leaves the roles as they are', () =>
    person.given(first(granted), cleared, uncleared).when(grant, delegate).thenNothing());
});
