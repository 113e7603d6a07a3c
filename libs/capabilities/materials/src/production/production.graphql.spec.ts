import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { commandOf, inputTypeOf, problemsOf } from '@foundation/transport';
import { reportProduction } from './production.stream.js';

const [ReportProductionInput, toReportProduction] = [inputTypeOf(reportProduction), commandOf(reportProduction)];

const report = {
  material: 'gallium',
  country: 'CN',
  year: 2025,
  stage: 'REFINING' as const,
  quantity: '760.0',
  basis: 'ESTIMATED' as const,
  source: 'USGS MCS 2026',
};

describe('The input of a production report', () => {
  it('becomes a command in which numbers have one spelling and what is null is absent', () =>
    expect(toReportProduction({ ...report, form: null, marking: null } as never)).toStrictEqual({
      type: 'ReportProduction',
      ...report,
      quantity: '760',
    }));
  it('is accepted as it stands', async () =>
    expect((await problemsOf<object>(ReportProductionInput, report)).problems).toEqual({}));
  it.each([
    ['material', 'Gallium'],
    ['country', 'CHN'],
    ['year', 2025.5],
    ['stage', 'SMELTING'],
    ['form', ''],
    ['quantity', '1,200'],
    ['basis', 'GUESSED'],
    ['source', ' '],
  ])('names the field %s when it cannot be %j', async (field, value) =>
    expect(
      Object.keys((await problemsOf<object>(ReportProductionInput, { ...report, [field]: value })).problems),
    ).toEqual([field]),
  );
});
