import type { ValuesOf } from '@foundation/configuration';
import { Principals, ResolverSupportModule, Sessions, Tokens } from '@foundation/graphql';
import { YogaDriver, type YogaDriverConfig } from '@foundation/server';
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AdaptersModule } from './adapters.module.js';
import { BackgroundWork } from './background-work.js';
import { CapabilitiesModule } from './capabilities.js';
import { CONSOLE_FOLDER, consoleDocuments } from './console.js';
import { HealthController } from './health.controller.js';
import type { Observations } from './observations.js';
import { PlatformModule } from './platform.module.js';
import type { apiSettings } from './settings.js';
import { SignInController } from './sign-in.controller.js';

/** The API: capabilities, over the adapters that the settings name. */
@Module({})
export class ApiModule {
  static with(settings: ValuesOf<typeof apiSettings>, observations: Observations): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        // In the order in which they begin; they end in the opposite one.
        AdaptersModule.with(settings),
        PlatformModule.with(settings),
        ResolverSupportModule,
        GraphQLModule.forRootAsync<YogaDriverConfig>({
          driver: YogaDriver,
          inject: [Tokens, Principals, Sessions],
          useFactory: (tokens: Tokens, principals: Principals, sessions: Sessions) => ({
            autoSchemaFile: true,
            tokens,
            principals,
            sessions,
            development: !settings.NODE_ENV,
            requestsPerSecond: settings.LODESTONE_REQUESTS_PER_SECOND ?? (settings.NODE_ENV ? 100 : 10_000),
            documents: settings.LODESTONE_TRUSTED_DOCUMENTS?.alwaysToo(consoleDocuments(CONSOLE_FOLDER)) ?? null,
            allowedOrigins: settings.LODESTONE_ALLOWED_ORIGINS,
            observed: observations.operation,
          }),
        }),
        CapabilitiesModule,
      ],
      controllers: [HealthController, SignInController],
      // The root's hooks: begun when all handlers are on the bus, and ended before anything that it uses.
      providers: [BackgroundWork],
    };
  }
}
