import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode } from '@kernel';
import { markedFor, NOW, specifyView } from '@kernel/testing';
import type { WorldProductionReported, WorldProductionRevised } from './world-production.events.js';
import { byYearStageScope, worldProductionView, type WorldProductionRow } from './world-production.view.js';

const { given } = specifyView(worldProductionView);
const reported: WorldProductionReported = {
  type: 'materials.WorldProductionReported.v1',
  data: {
    material: materialCode('lithium'),
    year: 2025,
    stage: 'MINING',
    scope: 'WORLD',
    quantity: decimal('290000'),
    basis: 'ESTIMATED',
    source: 'USGS MCS 2026',
    edition: 2026,
    excludes: [country('US')],
    marking: markedFor('SECRETARIAT', 'PUBLIC'),
  },
};

describe('The view of world production', () => {
  const row = { ...reported.data, reportedAt: NOW };
  it('shows the latest statement, and nothing of the one before', () => {
    given(reported).thenRow(row);
    const { quantity: _, edition: __, ...none } = row;
    const unknown: WorldProductionRevised = {
      type: 'materials.WorldProductionRevised.v1',
      data: { basis: 'NOT_AVAILABLE', source: 'USGS MCS 2027', excludes: [] },
    };
    given(reported, unknown).thenRow({ ...none, ...unknown.data });
  });
  it('shows no figure whose material is hidden', () =>
    expect(worldProductionView.parent).toEqual({ view: 'materials.materials', field: 'material' }));
  it('has the world first, then the others', () => {
    const rows: WorldProductionRow[] = [{ ...row, scope: 'OTHER_COUNTRIES' }, { ...row, year: 2024 }, row];
    expect(rows.toSorted(byYearStageScope).map(({ year, scope }) => [year, scope])).toEqual([
      [2025, 'WORLD'],
      [2025, 'OTHER_COUNTRIES'],
      [2024, 'WORLD'],
    ]);
  });
});
