import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode, type Marking } from '@kernel';
import { markedFor, secretariat, specify } from '@kernel/testing';
import type { WorldProductionReported, WorldProductionRevised } from './world-production.events.js';
import { worldProductionRecordType, type ReportWorldProduction } from './world-production.record.js';

const { given } = specify(worldProductionRecordType);
const marking: Marking = { owner: 'SECRETARIAT', releaseTo: ['PUBLIC'], handling: 'CLEAR' };
const produced = { material: materialCode('lithium'), year: 2025, stage: 'MINING', scope: 'WORLD' } as const;
const stated = {
  quantity: decimal('290000'),
  basis: 'ESTIMATED',
  source: 'USGS MCS 2026',
  edition: 2026,
  excludes: [country('US')],
} as const;
const report = (change: Partial<ReportWorldProduction> = {}): ReportWorldProduction => ({
  type: 'ReportWorldProduction',
  ...produced,
  ...stated,
  ...change,
});
const reported: WorldProductionReported = {
  type: 'materials.WorldProductionReported.v1',
  data: { ...produced, ...stated, marking },
};
const revised = (change: Partial<WorldProductionRevised['data']>): WorldProductionRevised => ({
  type: 'materials.WorldProductionRevised.v1',
  data: { ...stated, ...change },
});

describe('World production', () => {
  it('is recorded with whose it adds up and whose it leaves out', () =>
    given().when(report(), secretariat, { marking }).then(reported));
  it('is recorded once, whatever the order of what it leaves out', () => {
    const both = { excludes: [country('CA'), country('US')] };
    given({ ...reported, data: { ...reported.data, ...both } })
      .when(report({ excludes: [country('US'), country('CA')] }), secretariat, { marking })
      .thenNothing();
  });
  it.each([{ quantity: decimal('300000') }, { excludes: [] }, { edition: 2027 }])('is revised by %j', (change) =>
    given(reported).when(report(change), secretariat, { marking }).then(revised(change)),
  );
  it('of an older edition does not take the place of a newer one', () =>
    given(reported)
      .when(report({ edition: 2025 }), secretariat, { marking })
      .thenRejected('PRODUCTION.OLDER_EDITION'));
  it('of a year to come is rejected', () =>
    given()
      .when(report({ year: 2027 }), secretariat)
      .thenRejected('PRODUCTION.YEAR_IN_FUTURE'));
  it('leaves out no place that was not there', () =>
    given()
      .when(report({ year: 1980, excludes: [country('RU')] }), secretariat)
      .thenRejected('PRODUCTION.NO_SUCH_PLACE'));
  it('for fewer readers than the one in force is rejected', () =>
    given(reported)
      .when(report({ marking: {} }), secretariat, { marking: markedFor('SECRETARIAT') })
      .thenRejected('PRODUCTION.OTHER_MARKING'));
  it('of the world and of other countries are records of their own', () =>
    expect(
      (['WORLD', 'OTHER_COUNTRIES'] as const).map((scope) =>
        worldProductionRecordType.targetOf(report({ scope }), 'SECRETARIAT'),
      ),
    ).toEqual([
      { key: 'lithium|WORLD|2025|MINING|', mayCreate: true },
      { key: 'lithium|OTHER_COUNTRIES|2025|MINING|', mayCreate: true },
    ]));
  it('refers to a registered material', () =>
    expect(worldProductionRecordType.refersTo?.(report())).toMatchObject([
      { category: 'material', at: { key: 'lithium' } },
    ]));
});
