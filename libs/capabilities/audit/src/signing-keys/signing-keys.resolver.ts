import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  CommandOutcome,
  Commands,
  FromCaller,
  Lists,
  PageArgs,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { signingKeysStream } from '../audit.manifest.js';
import {
  DemandSignaturesInput,
  RegisterKeyInput,
  RevokeKeyInput,
  SigningKeyConnection,
  SigningKeyFilter,
  SigningKeyOrder,
  toDemandSignatures,
  toRegisterKey,
  toRevokeKey,
  toSigningKey,
  type SigningKeyType,
} from './signing-keys.graphql.js';
import { signingKeysView, type SigningKeyRow } from './signing-keys.view.js';

@Resolver()
export class SigningKeysResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description: 'Register a key with which a ministry of your party signs its commands. For delegates.',
  })
  registerKey(
    @Args('input', { description: 'The key, and who holds it.' }) input: RegisterKeyInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(signingKeysStream, RegisterKeyInput, input, toRegisterKey, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Let the signatures of a key of your party count no longer. For delegates.',
  })
  revokeKey(@Args('input', { description: 'The key and why.' }) input: RevokeKeyInput, @FromCaller() caller: Caller) {
    return this.commands.issue(signingKeysStream, RevokeKeyInput, input, toRevokeKey, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Have every command of your party that is not signed refused, or no longer. For delegates.',
  })
  demandSignatures(
    @Args('input', { description: 'Whether, and why.' }) input: DemandSignaturesInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(signingKeysStream, DemandSignaturesInput, input, toDemandSignatures, caller);
  }

  @Query(() => SigningKeyConnection, {
    description: 'The keys that parties sign their commands with, those that were revoked among them.',
  })
  signingKeys(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => SigningKeyFilter, description: 'Which ones; all where left out.' })
    filter: SigningKeyFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => SigningKeyOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<SigningKeyRow, SigningKeyType>(
      signingKeysView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toSigningKey,
    );
  }
}
