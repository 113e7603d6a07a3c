import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, person, US } from '@kernel/testing';
import fc from 'fast-check';
import { alertOf } from './alert.js';
import { subjectOf, titleOf, wants } from './matching.js';
import { recipientOf, recipientsOf } from './recipients.js';
import { RuleIndex, type MatchedRule } from './rule-index.js';

const kind = { kind: 'PROJECT_PROPOSED', severity: 'NOTICE' } as const;
const row = { title: 'Mine', materials: ['gallium'], stages: ['MINING'], hostCountry: 'KZ', marking: markedFor(JP) };
const subject = subjectOf('r', row as never);
const rule = (filter: object, kinds: readonly string[] | null = null): MatchedRule =>
  ({ id: 'rule', owner: US, as: null, to: ['DELEGATE'], kinds, leads: null, filter }) as never;

describe('What a rule wants', () => {
  it.each([
    ['all where it names nothing', {}, true],
    ['one of its materials', { materials: ['tungsten', 'gallium'] }, true],
    ['no other material', { materials: ['tungsten'] }, false],
    ['a party that owns the record', { countries: ['JP'] }, true],
    ['a party that is named in it', { countries: ['KZ'] }, true],
    ['no other party', { countries: ['US'] }, false],
    ['one of its stages', { stages: ['MINING'] }, true],
    ['no other stage', { stages: ['RECYCLING'] }, false],
    ['its records', { records: ['r'] }, true],
    ['no other record', { records: ['other'] }, false],
    ['what is urgent enough', { minSeverity: 'NOTICE' }, true],
    ['nothing less urgent', { minSeverity: 'HIGH' }, false],
    ['nothing that does not name its own country', { mentionsOwnCountry: true }, false],
  ])('is %s', (_, filter, expected) => expect(wants(rule(filter), kind, subject)).toBe(expected));
  it('is its kinds, and no other', () => {
    expect(wants(rule({}, ['PROJECT_PROPOSED']), kind, subject)).toBe(true);
    expect(wants(rule({}, ['RECALL_ISSUED']), kind, subject)).toBe(false);
  });
});

describe('Rules by what they are for', () => {
  const some = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
  const rules = fc.array(fc.record({ kinds: fc.option(some), materials: some, records: some }), { maxLength: 12 });
  it('are found whenever they want a fact, whatever was set and deleted before', () =>
    fc.assert(
      fc.property(rules, fc.nat(11), some, fc.constantFrom('a', 'b'), (given, deleted, materials, named) => {
        const index = new RuleIndex();
        const all = given.map(({ kinds, ...filter }, nth) => ({ ...rule(filter, kinds), id: `${nth}` }));
        for (const each of all) index.set(each);
        for (const each of all) index.set(each);
        index.delete(`${deleted}`);
        const of = { key: named, materials, stages: [], parties: [] };
        const found = index.candidates(named, of);
        const wanted = all.filter(
          (each) => each.id !== `${deleted}` && wants(each, { kind: named, severity: 'INFO' }, of),
        );
        expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(wanted.map(({ id }) => id)));
        expect(new Set(found).size).toBe(found.length);
      }),
    ));
  it('of other records and materials are not even looked at', () => {
    const index = new RuleIndex();
    for (let nth = 0; nth < 1_000; nth++)
      index.set({ ...rule({ materials: [`m-${nth}`] }, ['PROJECT_PROPOSED']), id: `${nth}` });
    expect(index.candidates('PROJECT_PROPOSED', { ...subject, materials: ['m-7'] }).map(({ id }) => id)).toEqual(['7']);
  });
});

describe('An alert', () => {
  const DELEGATE = recipientOf(JP, 'DELEGATE');
  const fact = { kind: 'K', view: 'v', key: 'k', fact: 'f', at: '2026-06-01T09:00:00.000Z' as never };
  it('has one id for rule, record, fact and recipient', () => {
    const one = alertOf(fact, 'rule', DELEGATE, 'INFO');
    expect(alertOf({ ...fact, at: 'later' as never }, 'rule', DELEGATE, 'HIGH').id).toBe(one.id);
    for (const other of [
      alertOf(fact, 'another', DELEGATE, 'INFO'),
      alertOf({ ...fact, key: 'l' }, 'rule', DELEGATE, 'INFO'),
      alertOf({ ...fact, fact: 'g' }, 'rule', DELEGATE, 'INFO'),
      alertOf({ ...fact, kind: 'L' }, 'rule', DELEGATE, 'INFO'),
      alertOf(fact, 'rule', recipientOf(JP, 'LIAISON'), 'INFO'),
    ])
      expect(other.id).not.toBe(one.id);
  });
  it('is for a person, and for each of its roles, in the party that it acts for', () => {
    const who = person(JP, ['LIAISON', 'DELEGATE']);
    expect(recipientsOf(who)).toEqual([`JP ${who.person}`, 'JP LIAISON', 'JP DELEGATE']);
    expect(recipientsOf(person(null, 'SECRETARIAT'))).toContain('SECRETARIAT SECRETARIAT');
    expect(recipientsOf(person(null, 'OBSERVER'))).toEqual([]);
    expect(recipientsOf({ ...who, mandate: {} as never })).toEqual([]);
  });
  it('is shown with what its record is called', () => {
    expect(titleOf(row as never)).toBe('Mine');
    expect(titleOf({ material: 'gallium' } as never)).toBe('gallium');
    expect(titleOf(null)).toBeNull();
  });
});
