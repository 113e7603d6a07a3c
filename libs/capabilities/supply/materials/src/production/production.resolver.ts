import { QueryBus } from '@nestjs/cqrs';
import { Args, ArgsType, Field, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  FromCaller,
  type Caller,
  nodeTypeOf,
  objectTypeOf,
  PlaceScalar,
  shownMarking,
  StageEnum,
} from '@foundation/graphql';
import type { AnyView, Marked, MaterialCode, Stage } from '@kernel';
import { materialsView, type MaterialRow } from '../material/materials.view.js';
import { ConcentrationQuery, figuresByMaterial } from './concentration.query.js';
import { concentrationShape } from './concentration.view.js';
import { byYearStageQuantity, productionView, type ProductionRow } from './production.view.js';
import { byYearStageScope, worldProductionView, type WorldProductionRow } from './world-production.view.js';

const ProductionType = nodeTypeOf(productionView.node);
const WorldProductionType = nodeTypeOf(worldProductionView.node);
const ConcentrationType = objectTypeOf(
  'Concentration',
  'How concentrated world production was in one year at one stage, computed from the figures that you may see. What they leave open lies between bounds.',
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
  @Field(() => PlaceScalar, { nullable: true, description: 'One country; all where left out.' })
  country?: string;
}

/** The figures of a material, within the material. */
@Resolver(() => nodeTypeOf(materialsView.node))
export class ProductionResolver {
  constructor(
    private readonly reads: ReadModels,
    private readonly queries: QueryBus,
  ) {}

  @ResolveField(() => [ProductionType], {
    description:
      'Who produced how much of it, and whose production is withheld or not available: the latest year first, then by stage, the largest quantity first.',
  })
  async production(@Parent() { code }: MaterialRow, @Args() args: ProductionArgs, @FromCaller() caller: Caller) {
    const rows = await this.#rows<ProductionRow>(productionView, code, args, caller);
    return rows.toSorted(byYearStageQuantity).map(shownTo(caller));
  }

  @ResolveField(() => [WorldProductionType], {
    description:
      'What the world produced of it, and what producers that the source does not name did: the latest year first, then by stage.',
  })
  async worldProduction(
    @Parent() { code }: MaterialRow,
    @Args() args: ConcentrationArgs,
    @FromCaller() caller: Caller,
  ) {
    const rows = await this.#rows<WorldProductionRow>(worldProductionView, code, args, caller);
    return rows.toSorted(byYearStageScope).map(shownTo(caller));
  }

  @ResolveField(() => [ConcentrationType], {
    description: 'How concentrated its supply is, by stage, year and what is counted.',
  })
  async concentration(@Parent() { code }: MaterialRow, @Args() args: ConcentrationArgs, @FromCaller() caller: Caller) {
    const { year, stage } = args;
    const found = await caller.batched(JSON.stringify(['concentration', year, stage]), code, (codes) =>
      this.queries.execute(new ConcentrationQuery(codes, { year, stage }, caller.who)),
    );
    // As much as if they had been shown.
    caller.spend(found?.figures ?? 0);
    return found?.years ?? [];
  }

  /** The figures of one material, asked for together with those of all materials of the page. */
  async #rows<Row extends Marked & { readonly material: MaterialCode }>(
    view: AnyView,
    code: string,
    { year, stage, country }: ProductionArgs,
    caller: Caller,
  ): Promise<readonly Row[]> {
    const topic = JSON.stringify([view.name, year, stage, country]);
    const figures = await caller.batched(topic, code, (codes) =>
      figuresByMaterial<Row>(this.reads, view, codes, { year, stage, country }, caller.who),
    );
    return figures ?? [];
  }
}

const shownTo =
  ({ who, now }: Caller) =>
  <Row extends Marked>(row: Row) => ({ ...row, marking: shownMarking(row.marking, who, now) });
