import { describe, it } from '@jest/globals';
import type { PersonRef, Recorded, RecordId } from '@kernel';
import { JP, markedFor, person, recorded, RECORD, specify, US } from '@kernel/testing';
import type { AlertRuleEvent } from './alert-rule.events.js';
import { alertRuleRecordType } from './alert-rule.record.js';

const delegate = person(JP, 'DELEGATE');
const as = { person: delegate.person, country: JP, roles: ['DELEGATE'] } as const;
const terms = { name: 'Gallium', scope: 'PERSON', kinds: ['PROJECT_PROPOSED'] } as const;
const save = { type: 'SaveAlertRule', rule: terms, isOff: false } as const;
const own = { ...markedFor(JP), ownerPerson: delegate.person };
const saved: AlertRuleEvent = { type: 'alerts.AlertRuleSaved.v1', data: { ...terms, isOff: false, as, marking: own } };
const again: AlertRuleEvent = { type: 'alerts.AlertRuleSaved.v1', data: { ...terms, isOff: true, as } };
const rule = specify(alertRuleRecordType);

/** So many rules of others beside the record's own. */
const rules = (count: number, of: Partial<AlertRuleEvent['data']> = {}): readonly Recorded[] =>
  Array.from({ length: count }, (_, nth) => ({
    ...recorded({ ...saved, data: { ...saved.data, ...of } }),
    recordId: `00000000-0000-5000-8000-1${String(nth).padStart(11, '0')}` as RecordId,
  }));

describe('A rule of what somebody wants to be told of', () => {
  it('is its person’s alone', () => rule.given().when(save, delegate).then(saved));
  it('is the party’s where it is made for it', () =>
    rule
      .given()
      .when({ ...save, rule: { ...terms, scope: 'COUNTRY' } }, delegate)
      .then({ ...saved, data: { ...saved.data, scope: 'COUNTRY', marking: markedFor(JP) } }));
  it('is replaced whole, and may be switched off', () =>
    rule
      .given(saved)
      .when({ ...save, id: RECORD, isOff: true }, delegate)
      .then(again));
  it('stays a person’s, or the party’s', () =>
    rule
      .given(saved)
      .when({ ...save, id: RECORD, rule: { ...terms, scope: 'COUNTRY' } }, delegate)
      .thenRejected('ALERTS.SCOPE_FIXED'));

  it('is one of 50 of a person’s that are on', () => {
    rule
      .given()
      .when(save, delegate, { history: rules(50) })
      .thenRejected('ALERTS.RULE_LIMIT');
    rule
      .given()
      .when(save, delegate, { history: rules(49) })
      .then(saved);
    rule.given().when({ ...save, isOff: true }, delegate, { history: rules(50) }).then({ ...saved, data: { ...saved.data, isOff: true } }); // prettier-ignore
  });
  it('is not counted with those of others, of another party, of the party, or that are off', () => {
    const others = { as: { ...as, person: 'another' as PersonRef } };
    for (const each of [others, { marking: { ...own, owner: US } }, { scope: 'COUNTRY' as const }, { isOff: true }])
      rule
        .given()
        .when(save, delegate, { history: rules(50, each) })
        .then(saved);
  });
  it('is one of 200 of a party’s that are on, whoever made them', () => {
    const party = { ...save, rule: { ...terms, scope: 'COUNTRY' as const } };
    const history = rules(200, {
      scope: 'COUNTRY',
      as: { ...as, person: 'another' as PersonRef },
      marking: markedFor(JP),
    });
    rule.given().when(party, delegate, { history }).thenRejected('ALERTS.RULE_LIMIT');
  });
});
