import { describe, it } from '@jest/globals';
import { country, platformFor, recordId } from '@kernel';
import { EU, JP, markedFor, person, RECORD, specify, US } from '@kernel/testing';
import { groupRecordType } from './group.record.js';
import type { FoundGroup } from './group.record.js';
import type { GroupEvent, GroupFounded } from './group.events.js';

const AU = country('AU');
const delegate = person(JP, 'DELEGATE');
const marking = markedFor(JP, `group:${RECORD}`);
const found: FoundGroup = { type: 'FoundGroup', name: 'Gallium round', members: [US], membersVisible: false };
const founded: GroupFounded = {
  type: 'access.GroupFounded.v1',
  data: { name: 'Gallium round', members: [US], membersVisible: false, marking },
};
const admit = (admitted: typeof US) => ({ type: 'AdmitToGroup', id: RECORD, country: admitted }) as const;
const remove = (removed: typeof US) =>
  ({ type: 'RemoveFromGroup', id: RECORD, country: removed, reason: 'left the round' }) as const;
const admitted: GroupEvent = {
  type: 'access.AdmittedToGroup.v1',
  data: { country: EU, owner: JP, membersVisible: false },
};
const removed: GroupEvent = { type: 'access.RemovedFromGroup.v1', data: { country: US, reason: 'left the round' } };
const group = specify(groupRecordType);

describe('A group', () => {
  it('is founded with its first members', () => group.given().when(found, delegate, { marking }).then(founded));
  it('names nobody twice, and its owner not at all: it is always in', () =>
    group
      .given()
      .when({ ...found, members: [US, JP, US] }, delegate, { marking })
      .then(founded));
  it('admits a country', () => group.given(founded).when(admit(EU), delegate).then(admitted));
  it('admits a country once', () => {
    group.given(founded).when(admit(US), delegate).thenNothing();
    group.given(founded, admitted).when(admit(EU), delegate).thenNothing();
    group.given(founded).when(admit(JP), delegate).thenNothing();
  });
  it('removes a country, and may admit it again', () => {
    group.given(founded).when(remove(US), delegate).then(removed);
    group
      .given(founded, removed)
      .when(admit(US), delegate)
      .then({ type: 'access.AdmittedToGroup.v1', data: { country: US, owner: JP, membersVisible: false } });
  });
  it('has nothing to remove where the country is not in', () => {
    group.given(founded).when(remove(AU), delegate).thenNothing();
    group.given(founded, removed).when(remove(US), delegate).thenNothing();
  });
  it('keeps its owner', () => group.given(founded).when(remove(JP), delegate).thenRejected('GROUPS.OWNER_STAYS'));
  it('must exist', () => group.given().when(admit(US), delegate).thenRejected('GROUPS.NOT_FOUND'));
});

describe('A group in a group', () => {
  const INNER = recordId('00000000-0000-5000-8000-000000000002');
  const take = { type: 'AdmitSubgroup', id: RECORD, group: INNER } as const;
  const out = { type: 'RemoveSubgroup', id: RECORD, group: INNER, reason: 'the round is over' } as const;
  const taken = { type: 'access.SubgroupAdmitted.v1', data: { group: INNER, owner: JP } } as const;
  const gone = { type: 'access.SubgroupRemoved.v1', data: { group: INNER, reason: 'the round is over' } } as const;

  it('is taken in, once', () => {
    group.given(founded).when(take, delegate).then(taken);
    group.given(founded, taken).when(take, delegate).thenNothing();
  });
  it('is taken out, once, and may come again', () => {
    group.given(founded, taken).when(out, delegate).then(gone);
    group.given(founded, taken, gone).when(out, delegate).thenNothing();
    group.given(founded).when(out, delegate).thenNothing();
    group.given(founded, taken, gone).when(take, delegate).then(taken);
  });
  it('is not the group itself', () =>
    group
      .given(founded)
      .when({ ...take, group: RECORD }, delegate)
      .thenRejected('GROUPS.OWN_SUBGROUP'));
  it('needs a group to be in', () => group.given().when(take, delegate).thenRejected('GROUPS.NOT_FOUND'));
});

describe('A group whose country leaves the alliance', () => {
  const INNER = recordId('00000000-0000-5000-8000-000000000002');
  const platform = platformFor(JP);
  const note = (left: (typeof JP)[], outside: (typeof JP)[] = [], otherwise?: typeof JP) =>
    ({ type: 'NoteDepartures', id: RECORD, left, outside, ...(otherwise && { otherwise }) }) as const;
  const among = (...members: (typeof JP)[]): GroupFounded => ({ ...founded, data: { ...founded.data, members } });
  const entered = (one: typeof JP): GroupEvent => ({
    type: 'access.AdmittedToGroup.v1',
    data: { country: one, owner: JP, membersVisible: false },
  });
  const passed = (to: typeof JP, members: (typeof JP)[], subgroups: (typeof INNER)[] = []): GroupEvent => ({
    type: 'access.GroupPassedOn.v1',
    data: { from: JP, to, membersVisible: false, members, subgroups },
  });
  const left = (one: typeof JP): GroupEvent => ({
    type: 'access.RemovedFromGroup.v1',
    data: { country: one, reason: 'It has left the alliance.' },
  });

  it('passes to the country that came into it first', () =>
    group
      .given(among(), entered(EU), entered(US))
      .when(note([JP]), platform)
      .then(passed(EU, [EU, US])));
  it('passes, of those that were in it from the start, to the one that its founder named first', () =>
    group
      .given(among(US, EU), entered(AU))
      .when(note([JP]), platform)
      .then(passed(US, [US, EU, AU])));
  it('counts a country that came again from then', () =>
    group
      .given(among(US), entered(EU), removed, entered(US))
      .when(note([JP]), platform)
      .then(passed(EU, [EU, US])));
  it('passes over whoever leaves with the country, and whoever had left before it came', () => {
    group
      .given(among(US, EU))
      .when(note([JP, US]), platform)
      .then(left(US), passed(EU, [EU]));
    group
      .given(among(US, EU))
      .when(note([JP], [US]), platform)
      .then(passed(EU, [US, EU]));
  });
  it('passes to who rules a group in it, where no country in it can', () =>
    group
      .given(among(US), { type: 'access.SubgroupAdmitted.v1', data: { group: INNER, owner: JP } })
      .when(note([JP], [US], EU), platform)
      .then(passed(EU, [US], [INNER])));
  it('ends where nobody can', () => {
    const ended: GroupEvent = { type: 'access.GroupEnded.v1', data: { from: JP, members: [], subgroups: [] } };
    group
      .given(among())
      .when(note([JP]), platform)
      .then(ended);
    group.given(among(), ended).when(admit(EU), delegate).thenRejected('GROUPS.ENDED');
    group
      .given(among(), ended)
      .when(note([JP]), platform)
      .thenNothing();
  });
  it('is not passed on by a country that is in it and does not rule it', () =>
    group
      .given(among(US, EU))
      .when(note([US]), platform)
      .then(left(US)));
  it('is passed on once', () => {
    group
      .given(among(US), passed(US, [US]))
      .when(note([JP]), platform)
      .thenNothing();
    group
      .given(among(US), left(US))
      .when(note([US]), platform)
      .thenNothing();
  });
  it('is ruled as before by the country that it passed to', () => {
    const given = group.given(among(US, EU), passed(US, [US, EU]));
    given.when(remove(US), person(US, 'DELEGATE')).thenRejected('GROUPS.OWNER_STAYS');
    given
      .when(admit(AU), person(US, 'DELEGATE'))
      .then({ type: 'access.AdmittedToGroup.v1', data: { country: AU, owner: US, membersVisible: false } });
    given
      .when(admit(JP), person(US, 'DELEGATE'))
      .then({ type: 'access.AdmittedToGroup.v1', data: { country: JP, owner: US, membersVisible: false } });
  });
});
