import { describe, expect, it } from '@jest/globals';
import type { Instant, PersonRef } from '@kernel';
import { JP, markedFor, person, specify, US } from '@kernel/testing';
import { settings, type AlertSettingEvent } from './alert-setting.events.js';
import { alertSettingRecordType } from './alert-setting.record.js';

const liaison = person(JP, 'LIAISON');
const given = { zone: 'Europe/Paris', quietFrom: '22:00', quietTo: '07:00' } as const;
const as = { person: liaison.person, country: JP, roles: ['LIAISON'] } as const;
const marking = { ...markedFor(JP), ownerPerson: liaison.person };
const set = { type: 'SetAlertSettings', ...given } as const;
const fact: AlertSettingEvent = { type: 'alerts.AlertSettingsSet.v1', data: { ...given, as, marking } };
const setting = specify(alertSettingRecordType);
const silence = (until: string) => ({ until: until as Instant, reason: 'Known.' });

describe('Settings of alerts', () => {
  it('are their person’s alone, one record for each party that the person acts for', () => {
    setting.given().when(set, liaison).then(fact);
    const { data } = fact;
    const { marking: _, ...more } = data;
    setting
      .given(fact)
      .when(set, liaison)
      .then({ ...fact, data: more });
    const keys = [JP, US].map((party) => alertSettingRecordType.targetOf(set, party, 'p' as PersonRef));
    expect(keys).toEqual(['JP p', 'US p'].map((key) => ({ key, mayCreate: true })));
  });
  it('hold what is silent for 30 days at most', () => {
    setting
      .given()
      .when({ ...set, silences: [silence('2026-07-01T09:00:00.001Z')] }, liaison)
      .thenRejected('ALERTS.TOO_LONG');
    setting
      .given(fact)
      .when({ ...set, silences: [silence('2026-07-01T09:00:00.000Z')] }, liaison)
      .then({
        type: 'alerts.AlertSettingsSet.v1',
        data: { ...given, silences: [silence('2026-07-01T09:00:00.000Z')], as },
      });
  });
  it('name zones, times and one mailbox that there can be', () => {
    const { zone, quietFrom, mailbox } = settings;
    for (const [field, right, ...wrong] of [
      [zone, 'Europe/Paris', 'Europe/Bonn', 'CEST', 'europe/paris'],
      [quietFrom, '23:59', '24:00', '7:00', '07:00:00'],
      [mailbox, 'desk@ministry.example', 'a@b.example, c@d.example', '<a@b.example>', 'a b@c.example', 'a@b\r\nTo: c'],
    ] as const) {
      expect(field.value(right as never)).toBe(right);
      for (const each of wrong) expect(() => field.value(each as never)).toThrow(/must be/);
    }
  });
});
