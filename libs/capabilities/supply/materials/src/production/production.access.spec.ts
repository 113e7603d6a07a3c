import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode, ROLES } from '@kernel';
import { JP, markedFor, person, secretariat, specify } from '@kernel/testing';
import { productionRecordType } from './production.record.js';
import type { ReportProduction } from './production.record.js';

const { mayIssue, mayAct } = specify(productionRecordType);
const report: ReportProduction = {
  type: 'ReportProduction',
  material: materialCode('gallium'),
  country: country('JP'),
  year: 2025,
  stage: 'REFINING',
  quantity: decimal('3'),
  basis: 'ESTIMATED',
  source: 'USGS MCS 2026',
};

describe('World production', () => {
  it('is reported by the secretariat', () => expect(mayIssue(report, secretariat)).toBe(true));
  it.each(ROLES)('is not reported by the producing country, even as %s', (role) =>
    expect(mayIssue(report, person(JP, role))).toBe(false),
  );
  it('is not reported by auditors or observers', () =>
    expect([mayIssue(report, person(null, 'AUDITOR')), mayIssue(report, person(null, 'OBSERVER'))]).toEqual([
      false,
      false,
    ]));
  it('is revised by the owner of the record alone', () => {
    expect(mayAct(report, secretariat, [], markedFor('SECRETARIAT', 'PUBLIC'))).toBe(true);
    expect(mayAct(report, secretariat, [], markedFor(JP, 'PUBLIC'))).toBe(false);
  });
});
