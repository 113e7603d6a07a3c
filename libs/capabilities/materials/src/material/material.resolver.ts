import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  CommandOutcome,
  Commands,
  FromCaller,
  Lists,
  PageArgs,
  PositionScalar,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { materialStream } from '../materials.manifest.js';
import { productionView } from '../production/production.view.js';
import {
  DelistMaterialInput,
  ListMaterialInput,
  MaterialConnection,
  MaterialFilter,
  MaterialOrder,
  MaterialType,
  RegisterMaterialInput,
  toDelistMaterial,
  toListMaterial,
  toMaterial,
  toRegisterMaterial,
} from './material.graphql.js';
import { materialsView, type MaterialRow } from './materials.view.js';

@Resolver(() => MaterialType)
export class MaterialResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, { description: 'Register a material. For the secretariat.' })
  registerMaterial(
    @Args('input', { description: 'The material.' }) input: RegisterMaterialInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(materialStream, RegisterMaterialInput, input, toRegisterMaterial, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Put a material on a list. For the secretariat and delegates of the jurisdiction whose list it is.',
  })
  listMaterial(
    @Args('input', { description: 'The material, the list and since when.' }) input: ListMaterialInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(materialStream, ListMaterialInput, input, toListMaterial, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Take a material off a list. For the secretariat and delegates of the jurisdiction whose list it is.',
  })
  delistMaterial(
    @Args('input', { description: 'The material, the list and from when on.' }) input: DelistMaterialInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(materialStream, DelistMaterialInput, input, toDelistMaterial, caller);
  }

  @Query(() => MaterialConnection, { description: 'The materials of the register that you may see.' })
  async materials(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => MaterialFilter, description: 'Which ones; all where left out.' })
    filter: MaterialFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => MaterialOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    await this.lists.shows(productionView, page.atLeast);
    return this.lists.page<MaterialRow, MaterialType>(
      materialsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toMaterial,
    );
  }

  @Query(() => MaterialType, {
    nullable: true,
    description: 'One material; null where there is none that you may see.',
  })
  async material(
    @Args('code', { type: () => String, description: 'Its code, such as "gallium".' }) code: string,
    @Args('atLeast', { type: () => PositionScalar, nullable: true, description: 'Wait until this position shows.' })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    // The production that is asked for within the material shows the position as well.
    await this.lists.shows(productionView, atLeast);
    return this.lists.one<MaterialRow, MaterialType>(materialsView, caller, code, toMaterial, atLeast);
  }
}
