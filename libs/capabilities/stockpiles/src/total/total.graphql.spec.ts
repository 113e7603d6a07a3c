import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { materialCode, quarter } from '@kernel';
import { JP, markedFor, NOW, person, RECORD } from '@kernel/testing';
import { PublishStockTotalInput, toPublishStockTotal, toStockTotal } from './total.graphql.js';

const input = { material: 'gallium', quarter: '2026-Q1' };
const problems = async (given: object) => (await problemsOf(PublishStockTotalInput, given)).problems;

describe('The input of a stock total', () => {
  it('becomes a command', () => {
    expect(toPublishStockTotal(input as never)).toStrictEqual({ type: 'PublishStockTotal', ...input });
    expect(toPublishStockTotal({ ...input, marking: { releaseTo: ['PUBLIC'] } } as never).marking).toMatchObject({
      releaseTo: ['PUBLIC'],
    });
  });
  it('is accepted as it stands', async () => expect(await problems(input)).toEqual({}));
  it.each([
    ['material', 'Gallium'],
    ['quarter', '2026-Q5'],
    ['quarter', '2026-3'],
    ['quarter', '26-Q1'],
  ])('names the field %s when it cannot be %j', async (field, value) =>
    expect(Object.keys(await problems({ ...input, [field]: value }))).toEqual([field]),
  );
});

describe('A stock total', () => {
  it('has null for what is withheld', () =>
    expect(
      toStockTotal(
        {
          id: RECORD,
          material: materialCode('gallium'),
          quarter: quarter('2026-Q1'),
          outcome: 'WITHHELD',
          cells: [],
          publishedAt: NOW,
          marking: markedFor('SECRETARIAT', 'MEMBERS'),
        },
        person(JP, 'LIAISON'),
      ),
    ).toMatchObject({ outcome: 'WITHHELD', total: null, cells: [] }));
});
