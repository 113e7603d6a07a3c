import { describe, expect, it } from '@jest/globals';
import { materialCode, quarter, ROLES } from '@kernel';
import { JP, markedFor, person, secretariat, specify } from '@kernel/testing';
import { stockTotalRecordType } from './total.record.js';
import type { PublishStockTotal } from './total.record.js';

const { mayIssue, mayAct } = specify(stockTotalRecordType);
const publish: PublishStockTotal = {
  type: 'PublishStockTotal',
  material: materialCode('gallium'),
  quarter: quarter('2026-Q1'),
};

describe('A stock total', () => {
  it('is published by the secretariat', () => expect(mayIssue(publish, secretariat)).toBe(true));
  it.each(ROLES)('is not published by a country, even as %s', (role) =>
    expect(mayIssue(publish, person(JP, role))).toBe(false),
  );
  it('is not published by auditors or observers', () =>
    expect([person(null, 'AUDITOR'), person(null, 'OBSERVER')].some((who) => mayIssue(publish, who))).toBe(false));
  it('is the secretariat’s own', () => {
    expect(mayAct(publish, secretariat, [], markedFor('SECRETARIAT', 'MEMBERS'))).toBe(true);
    expect(mayAct(publish, secretariat, [], markedFor(JP, 'MEMBERS'))).toBe(false);
  });
  it('is for the members where nobody says otherwise, and stays so', () => {
    expect(stockTotalRecordType.defaultMarking?.(publish, '' as never)).toEqual({ releaseTo: ['MEMBERS'] });
    expect(stockTotalRecordType.isMarkingFixed).toBe(true);
  });
});
