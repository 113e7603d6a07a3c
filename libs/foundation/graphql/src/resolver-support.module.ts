import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Changes } from './changes.js';
import { Commands } from './commands.js';
import { Connections } from './connections.js';

/** What every resolver needs, over the stores and registers that the app provides. */
@Global()
@Module({})
export class ResolverSupportModule {
  /** @param providers EventStore side (CommandPipeline), ReadModels, ChangeFeed, Principals, Tokens and OpaqueTokens */
  static over(providers: readonly Provider[]): DynamicModule {
    return {
      module: ResolverSupportModule,
      imports: [CqrsModule.forRoot()],
      providers: [...providers, Commands, Connections, Changes],
      exports: [
        ...providers.map((each) => (typeof each === 'object' && 'provide' in each ? each.provide : each)),
        Commands,
        Connections,
        Changes,
        CqrsModule,
      ],
    };
  }
}
