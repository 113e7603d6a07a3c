import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';

export const totalStory = (): void =>
  describe('Totals', () => {
    const HOLDERS = ['US', 'JP', 'KR', 'FR', 'NO'];
    const [FIRST, SECOND, THIRD] = [
      { quarter: '2024-Q1', asOf: '2024-03-31' },
      { quarter: '2024-Q2', asOf: '2024-06-30' },
      { quarter: '2024-Q3', asOf: '2024-09-30' },
    ] as const;

    let platform: RunningPlatform;
    let secretariat: LodestoneClient;
    const people = new Map<string, readonly [delegate: LodestoneClient, approver: LodestoneClient]>();

    const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
      const outcome = await who.command(mutation, input);
      if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
      return outcome;
    };

    beforeAll(async () => {
      platform = await sharedPlatform();
      secretariat = platform.as(null, 'SECRETARIAT');
      for (const country of [...HOLDERS, 'AU']) {
        await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
        people.set(country, [platform.as(country, 'DELEGATE'), platform.as(country, 'APPROVER', 'second')]);
      }
      const gallium = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
      await done(secretariat, 'registerMaterial', gallium);
    });

    /** Declared for totals only, and approved. */
    const declare = async (country: string, quantity: string, asOf: string): Promise<string> => {
      const [delegate, approver] = people.get(country)!;
      const marking = { aggregateOnly: true };
      const stock = { material: 'gallium', form: 'metal', purity: '99', quantity, asOf, marking };
      const { recordId: id } = await done(delegate, 'declareStock', stock);
      await done(approver, 'approveDeclaration', { id });
      return id;
    };
    const publish = (quarter: string, more: object = {}) =>
      done(secretariat, 'publishStockTotal', { material: 'gallium', quarter, ...more });
    const totals = async (who: LodestoneClient, atLeast: string, quarter: string) =>
      (
        await who.query<{ stockTotals: { totalCount: number; nodes: object[] } }>(
          `query ($p: Position, $q: [String!]) {
         stockTotals(atLeast: $p, first: 10, filter: { material: ["gallium"], quarter: $q }, orderBy: { field: QUARTER }) {
           totalCount nodes { material quarter outcome total cells { form quantity } } } }`,
          { p: atLeast, q: [quarter] },
        )
      ).stockTotals;
    const withheld = { material: 'gallium', outcome: 'WITHHELD', total: null, cells: [] };

    describe('A total of stocks that are for totals only', () => {
      it('is published once by the secretariat, which sees none of them, for the members', async () => {
        for (const country of HOLDERS) await declare(country, '10.4', FIRST.asOf);
        const { stockDeclarations } = await secretariat.query<{ stockDeclarations: { totalCount: number } }>(
          '{ stockDeclarations { totalCount } }',
        );
        expect(stockDeclarations.totalCount).toBe(0);
        const commandId = 'total of the first quarter';
        const answered = await publish(FIRST.quarter, { commandId: commandId.replaceAll(' ', '-') });
        const { position } = answered;
        const figures = { total: '52', cells: [{ form: 'metal', quantity: '52' }] };
        const shown = {
          totalCount: 1,
          nodes: [{ material: 'gallium', ...figures, quarter: FIRST.quarter, outcome: 'PUBLISHED' }],
        };
        expect(await totals(people.get('AU')![0], position, FIRST.quarter)).toEqual(shown);
        expect(await totals(secretariat, position, FIRST.quarter)).toEqual(shown);
        for (const outsider of [platform.as('CL', 'DELEGATE'), platform.as(null, 'OBSERVER')])
          expect(await totals(outsider, position, FIRST.quarter)).toEqual({ totalCount: 0, nodes: [] });

        expect(await publish(FIRST.quarter, { commandId: commandId.replaceAll(' ', '-') })).toEqual(answered);
        expect(
          await secretariat.command('publishStockTotal', { material: 'gallium', quarter: FIRST.quarter }),
        ).toMatchObject({ accepted: false, code: 'STOCKPILES.TOTAL_PUBLISHED' });
      });

      it('is withheld where a single holder has joined since the last one', async () => {
        for (const country of [...HOLDERS, 'AU']) await declare(country, '10', SECOND.asOf);
        const { position } = await publish(SECOND.quarter);
        expect((await totals(secretariat, position, SECOND.quarter)).nodes).toEqual([
          { ...withheld, quarter: SECOND.quarter },
        ]);
      });

      it('is withheld where what stood in an earlier one is erased', async () => {
        const stocks = await people
          .get('JP')![0]
          .query<{ stockDeclarations: { nodes: { id: string; asOf: string }[] } }>(
            '{ stockDeclarations { nodes { id asOf } } }',
          );
        const { id } = stocks.stockDeclarations.nodes.find(({ asOf }) => asOf === FIRST.asOf)!;
        const [delegate, approver] = people.get('JP')!;
        await done(delegate, 'requestErasure', { kind: 'STOCK_DECLARATION', id, basis: 'A law' });
        await done(approver, 'approveErasure', { kind: 'STOCK_DECLARATION', id });
        for (const country of HOLDERS) await declare(country, '11', THIRD.asOf);
        const { position } = await publish(THIRD.quarter);
        expect((await totals(secretariat, position, THIRD.quarter)).nodes).toEqual([
          { ...withheld, quarter: THIRD.quarter },
        ]);
      });

      it('is refused before its day, of what is no quarter, and of an unknown material', async () => {
        const code = async (input: object) => {
          const outcome = await secretariat.command('publishStockTotal', {
            material: 'gallium',
            quarter: '2024-Q4',
            ...input,
          });
          return outcome.accepted ? null : outcome.code;
        };
        expect(await code({ quarter: '2999-Q4' })).toBe('STOCKPILES.TOTAL_NOT_DUE');
        expect(await code({ quarter: '2024-4' })).toBe('INPUT.INVALID');
        expect(await code({ material: 'unobtainium' })).toBe('MATERIALS.UNKNOWN');
      });
    });
  });
