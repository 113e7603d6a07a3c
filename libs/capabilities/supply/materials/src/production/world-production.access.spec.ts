import { describe, expect, it } from '@jest/globals';
import { decimal, materialCode, ROLES } from '@kernel';
import { JP, markedFor, person, secretariat, specify } from '@kernel/testing';
import { worldProductionRecordType, type ReportWorldProduction } from './world-production.record.js';

const { mayIssue, mayAct } = specify(worldProductionRecordType);
const report: ReportWorldProduction = {
  type: 'ReportWorldProduction',
  material: materialCode('lithium'),
  scope: 'WORLD',
  year: 2025,
  stage: 'MINING',
  quantity: decimal('290000'),
  excludes: [],
  basis: 'ESTIMATED',
  source: 'USGS MCS 2026',
};

describe('World production', () => {
  it('is reported by the secretariat', () => expect(mayIssue(report, secretariat)).toBe(true));
  it.each(ROLES)('is reported by no country, even as %s', (role) =>
    expect(mayIssue(report, person(JP, role))).toBe(false),
  );
  it('is not reported by auditors or observers', () =>
    expect([person(null, 'AUDITOR'), person(null, 'OBSERVER')].map((who) => mayIssue(report, who))).toEqual([
      false,
      false,
    ]));
  it('is revised by the owner of the record alone', () =>
    expect(
      (['SECRETARIAT', JP] as const).map((owner) => mayAct(report, secretariat, [], markedFor(owner, 'PUBLIC'))),
    ).toEqual([true, false]));
});
