import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Changes } from './changes.js';
import { Commands } from './commands.js';
import { Lists } from './connections.js';

/** What every resolver needs, over the stores and registers that the app provides. */
@Global()
@Module({})
export class TransportModule {
  /** @param providers EventStore side (CommandPipeline), ReadModels, ChangeFeed, Principals, Tokens and Seal */
  static over(providers: readonly Provider[]): DynamicModule {
    return {
      module: TransportModule,
      imports: [CqrsModule.forRoot()],
      providers: [...providers, Commands, Lists, Changes],
      exports: [
        ...providers.map((each) => (typeof each === 'object' && 'provide' in each ? each.provide : each)),
        Commands,
        Lists,
        Changes,
        CqrsModule,
      ],
    };
  }
}
