import { Global, Module, type OnApplicationBootstrap, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { SecretKeyConfig } from './secret-key.config.js';
import { SecretKeys } from './secret-keys.js';

const keys: Provider = {
  provide: SecretKeys,
  inject: [Store, SecretKeyConfig],
  useFactory: (store: Store, config: SecretKeyConfig) => new SecretKeys(store, config.secretKey),
};

@Global()
@Module({ providers: [keys], exports: [SecretKeys] })
export class SecretsModule implements OnApplicationBootstrap {
  constructor(private readonly keys: SecretKeys) {}

  /** So that it is at hand when it is needed. */
  onApplicationBootstrap(): void {
    this.keys.keyIfLoaded('audit');
  }
}
