import { describe, expect, it } from '@jest/globals';
import { mayRead } from '@kernel';
import { JP, markedFor, NOW, person, secretariat, specify, US } from '@kernel/testing';
import { alertSettingRecordType } from './alert-setting.record.js';

const { mayIssue, mayAct } = specify(alertSettingRecordType);
const set = { type: 'SetAlertSettings', zone: 'UTC' } as const;
const liaison = person(JP, 'LIAISON');

describe('Settings of alerts', () => {
  it('are for whoever acts for a party, in its own records', () => {
    for (const who of [liaison, secretariat]) expect(mayIssue(set, who)).toBe(true);
    for (const who of [person(null, 'OBSERVER'), { ...liaison, mandate: {} as never }])
      expect(mayIssue(set, who)).toBe(false);
    expect(mayAct(set, liaison, [], markedFor(JP))).toBe(true);
    expect(mayAct(set, person(US, 'LIAISON'), [], markedFor(JP))).toBe(false);
  });
  it('are hidden from the rest of the party', () => {
    const marking = { ...markedFor(JP), ownerPerson: liaison.person };
    expect(mayRead(marking, { ...liaison, audiences: [`person:${liaison.person}`] }, NOW)).toBe(true);
    expect(mayRead(marking, person(JP, 'DELEGATE'), NOW)).toBe(false);
  });
});
