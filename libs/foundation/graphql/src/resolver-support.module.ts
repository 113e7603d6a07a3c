import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Changes } from './changes.js';
import { Commands } from './commands.js';
import { Connections } from './connections.js';

/**
 * What every resolver needs, over what a global module of the app provides: Issuer, ReadModels, ChangeFeed, Principals,
 * OpaqueTokens, Receipts and CommandSignatures.
 */
@Global()
@Module({
  imports: [CqrsModule.forRoot()],
  providers: [Commands, Connections, Changes],
  exports: [Commands, Connections, Changes, CqrsModule],
})
export class ResolverSupportModule {}
