import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './load-config.js';

/** Makes every loaded settings object injectable by its class, everywhere. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [...config.entries()].map(([provide, useValue]) => ({ provide, useValue }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
