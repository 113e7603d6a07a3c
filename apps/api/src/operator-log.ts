import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** What the operator is told, on standard error, warnings too: standard output says that the program is ready, and no more. */
export class OperatorLog extends ConsoleLogger {
  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    _stream?: 'stdout' | 'stderr',
    ...rest: [errorStack?: unknown, params?: Record<string, unknown>]
  ): void {
    super.printMessages(messages, context, level, 'stderr', ...rest);
  }
}
