import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { badInput, CommandOutcome, Commands, FromCaller, type Caller } from '@foundation/transport';
import { MaterialType } from '../material/material.graphql.js';
import { productionStream } from '../materials.manifest.js';
import {
  ConcentrationArgs,
  ConcentrationType,
  ProductionArgs,
  ProductionType,
  ReportProductionInput,
  toConcentration,
  toProduction,
  toReportProduction,
} from './production.graphql.js';
import { byYearStageQuantity, concentration, productionView, type ProductionRow } from './production.view.js';

/** Figures that one question may bring: a sum over fewer than all would be wrong, so more are refused. */
const MOST_FIGURES = 20_000;

@Resolver(() => MaterialType)
export class ProductionResolver {
  constructor(
    private readonly commands: Commands,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, {
    description: 'Report what a country produced, or revise what was reported before. For the secretariat.',
  })
  reportProduction(
    @Args('input', { description: 'What is counted, the figure and its source.' }) input: ReportProductionInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(productionStream, ReportProductionInput, input, toReportProduction, caller);
  }

  @ResolveField(() => [ProductionType], {
    description: 'Who produced how much of it: the latest year first, then by stage, the largest quantity first.',
  })
  async production(@Parent() { code }: MaterialType, @Args() args: ProductionArgs, @FromCaller() caller: Caller) {
    const rows = await this.#figures(code, args, caller);
    const { who } = caller;
    return rows.toSorted(byYearStageQuantity).map((row) => toProduction(row, who));
  }

  @ResolveField(() => [ConcentrationType], {
    description: 'How concentrated its supply is, by stage, year and what is counted.',
  })
  async concentration(@Parent() { code }: MaterialType, @Args() args: ConcentrationArgs, @FromCaller() caller: Caller) {
    return concentration(await this.#figures(code, args, caller)).map(toConcentration);
  }

  /** The figures of one material, asked for together with those of all materials of the page. */
  async #figures(
    code: string,
    { year, stage, country }: ProductionArgs,
    caller: Caller,
  ): Promise<readonly ProductionRow[]> {
    const topic = JSON.stringify([productionView.name, year, stage, country]);
    const figures = await caller.batched(topic, code, async (codes) => {
      const filter = { material: codes, year, stage, country };
      const found = await this.reads.list<ProductionRow>(productionView, caller.who, filter, MOST_FIGURES + 1);
      if (found.length > MOST_FIGURES)
        throw badInput('Too many figures at once: name a year or a stage, or ask for fewer materials.', 'year');
      return Map.groupBy(
        found.map(({ row }) => row),
        ({ material }): string => material,
      );
    });
    return figures ?? [];
  }
}
