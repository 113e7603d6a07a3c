import { alertOf, recipientOf, type Alert } from '@foundation/alerting';
import { describe, expect, it } from '@jest/globals';
import type { Instant, PersonRef, Role, Severity } from '@kernel';
import { JP } from '@kernel/testing';
import { mailsFor } from './mailing.js';
import { Rules } from './rules.js';

const PERSON = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;
const as = { person: PERSON, country: JP, roles: ['DELEGATE'] };
/** Three in the night in Paris. */
const NIGHT = '2026-06-01T01:00:00.000Z' as Instant;
const MORNING = '2026-06-01T05:00:00.000Z';
const settings = { zone: 'Europe/Paris', quietFrom: '22:00', quietTo: '07:00', mailbox: 'desk@ministry.example' };

const rulesWith = (rule: object, set: object = settings): Rules =>
  new Rules(
    new Map([
      ['rule', { category: 'alertRule', body: { scope: 'PERSON', as, owner: JP, isOff: false, ...rule } }],
      ['settings', { category: 'alertSetting', body: { ...set, as, owner: JP } }],
    ]),
  );
const alert = (severity: Severity, rule = 'rule', to: PersonRef | Role = PERSON): Alert =>
  alertOf({ kind: 'PROJECT_PROPOSED', view: 'v', key: 'k', fact: 'f', at: NIGHT }, rule, recipientOf(JP, to), severity);
const sendAt = (rules: Rules, ...alerts: readonly Alert[]) =>
  mailsFor(rules, alerts, NIGHT, 30_000).map((each) => each.sendAt);

describe('E-mails of alerts (example 5)', () => {
  it('wait for the end of quiet hours', () => {
    expect(sendAt(rulesWith({ channels: ['EMAIL'] }), alert('NOTICE'))).toEqual([MORNING]);
    expect(sendAt(rulesWith({ channels: ['EMAIL'] }, { ...settings, quietTo: '02:00' }), alert('NOTICE'))).toEqual([
      '2026-06-01T01:00:30.000Z',
    ]);
  });
  it('of what is critical leave at once, unless the rule respects quiet hours', () => {
    expect(sendAt(rulesWith({ channels: ['EMAIL'] }), alert('CRITICAL'))).toEqual([NIGHT]);
    expect(sendAt(rulesWith({ channels: ['EMAIL'], quietHours: 'RESPECT' }), alert('CRITICAL'))).toEqual([MORNING]);
  });
  it('leave once a day where a rule wants a digest', () =>
    expect(sendAt(rulesWith({ channels: ['DIGEST'] }), alert('HIGH'))).toEqual([MORNING]));
  it('are none where the rule wants none, or there is no mailbox', () => {
    expect(sendAt(rulesWith({ channels: ['INBOX'] }), alert('HIGH'))).toEqual([]);
    const { mailbox: _, ...without } = settings;
    expect(sendAt(rulesWith({ channels: ['EMAIL'] }, without), alert('HIGH'))).toEqual([]);
  });
  it('are none while it is silent, but for what is critical', () => {
    const silent = (until: string, more = {}) =>
      rulesWith({ channels: ['EMAIL'] }, { ...settings, silences: [{ until, reason: 'Known.', ...more }] });
    expect(sendAt(silent('2026-06-02T00:00:00.000Z'), alert('HIGH'))).toEqual([]);
    expect(sendAt(silent('2026-06-02T00:00:00.000Z'), alert('CRITICAL'))).toEqual([NIGHT]);
    expect(sendAt(silent(NIGHT), alert('HIGH'))).toEqual([MORNING]);
    expect(sendAt(silent('2026-06-02T00:00:00.000Z', { kinds: ['OTHER'] }), alert('HIGH'))).toEqual([MORNING]);
  });
  it('tell those who have the role of what awaits its act', () => {
    expect(sendAt(rulesWith({}), alert('HIGH', 'system', 'DELEGATE'))).toEqual([MORNING]);
    expect(sendAt(rulesWith({}), alert('HIGH', 'system', 'APPROVER'))).toEqual([]);
  });
});
