import { Args, ArgsType, Field, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  badInput,
  CountryScalar,
  FromCaller,
  nodeTypeOf,
  objectTypeOf,
  shownMarking,
  StageEnum,
  type Caller,
} from '@foundation/transport';
import type { Stage } from '@kernel';
import { materialsView, type MaterialRow } from '../material/materials.view.js';
import {
  byYearStageQuantity,
  concentration,
  concentrationShape,
  productionView,
  type ProductionRow,
} from './production.view.js';

/** Figures that one question may bring: a sum over fewer than all would be wrong, so more are refused. */
const MOST_FIGURES = 20_000;

const ProductionType = nodeTypeOf(productionView.node);
const ConcentrationType = objectTypeOf(
  'Concentration',
  'How concentrated supply was in one year at one stage, computed from the figures that you may see.',
  concentrationShape,
);

@ArgsType()
class ConcentrationArgs {
  @Field(() => StageEnum, { nullable: true, description: 'One stage; all where left out.' })
  stage?: Stage;
  @Field(() => Int, { nullable: true, description: 'One year; all where left out.' })
  year?: number;
}

@ArgsType()
class ProductionArgs extends ConcentrationArgs {
  @Field(() => CountryScalar, { nullable: true, description: 'One country; all where left out.' })
  country?: string;
}

/** The figures of a material, within the material. */
@Resolver(() => nodeTypeOf(materialsView.node))
export class ProductionResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => [ProductionType], {
    description: 'Who produced how much of it: the latest year first, then by stage, the largest quantity first.',
  })
  async production(@Parent() { code }: MaterialRow, @Args() args: ProductionArgs, @FromCaller() caller: Caller) {
    const rows = await this.#figures(code, args, caller);
    const { who } = caller;
    return rows.toSorted(byYearStageQuantity).map((row) => ({ ...row, marking: shownMarking(row.marking, who) }));
  }

  @ResolveField(() => [ConcentrationType], {
    description: 'How concentrated its supply is, by stage, year and what is counted.',
  })
  async concentration(@Parent() { code }: MaterialRow, @Args() args: ConcentrationArgs, @FromCaller() caller: Caller) {
    return concentration(await this.#figures(code, args, caller));
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
