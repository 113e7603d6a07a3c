import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '@foundation/eventing';
import { badInput } from '@foundation/graphql';
import type { AnyView, Marked, MaterialCode, Principal, Stage } from '@kernel';
import { concentration, type Concentration } from './concentration.view.js';
import { productionView, type ProductionRow } from './production.view.js';
import { worldProductionView, type WorldProductionRow } from './world-production.view.js';

/** Figures that one question may bring: a sum over fewer than all would be wrong, so more are refused. */
const MAX_FIGURES = 20_000;

export type FigureFilter = {
  readonly year?: number | undefined;
  readonly stage?: Stage | undefined;
  readonly country?: string | undefined;
};

/** The figures of several materials that a reader may see, by material, in one question. */
export const figuresByMaterial = async <Row extends Marked & { readonly material: MaterialCode }>(
  reads: ReadModels,
  view: AnyView,
  materials: readonly string[],
  filter: FigureFilter,
  who: Principal,
): Promise<ReadonlyMap<string, readonly Row[]>> => {
  const found = await reads.list<Row>(view, who, { material: materials, ...filter }, MAX_FIGURES + 1);
  if (found.length > MAX_FIGURES)
    throw badInput('Too many figures at once: name a year or a stage, or ask for fewer materials.', 'year');
  return Map.groupBy(
    found.map(({ row }) => row),
    ({ material }): string => material,
  );
};

/** How concentrated the supply of each material is, with the number of figures that it was computed from. */
export class ConcentrationQuery extends Query<
  ReadonlyMap<string, { readonly figures: number; readonly years: readonly Concentration[] }>
> {
  constructor(
    readonly materials: readonly string[],
    readonly filter: Omit<FigureFilter, 'country'>,
    readonly who: Principal,
  ) {
    super();
  }
}

@QueryHandler(ConcentrationQuery)
class ConcentrationHandler implements IQueryHandler<ConcentrationQuery> {
  constructor(private readonly reads: ReadModels) {}

  async execute({ materials, filter, who }: ConcentrationQuery) {
    const [production, world] = await Promise.all([
      figuresByMaterial<ProductionRow>(this.reads, productionView, materials, filter, who),
      figuresByMaterial<WorldProductionRow>(this.reads, worldProductionView, materials, filter, who),
    ]);
    return new Map(
      materials.map((code) => {
        const [own, all] = [production.get(code) ?? [], world.get(code) ?? []];
        return [code, { figures: own.length + all.length, years: concentration(own, all) }];
      }),
    );
  }
}

export const concentrationHandlers = [ConcentrationHandler];
