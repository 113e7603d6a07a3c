import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

/**
 * Exceptions of resolvers go on to the GraphQL server, which tells the client's mistakes from ours and logs the latter
 * alone: Nest would log every one of them with its stack.
 */
@Catch()
export class UnloggedFilter extends BaseExceptionFilter implements ExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): unknown {
    return host.getType<string>() === 'graphql' ? exception : super.catch(exception, host);
  }
}
