import { onFreePort } from './free-port.js';
import { Program } from './program.js';

/** The demo's identity provider. */
export class IdentityProvider {
  private constructor(
    readonly url: string,
    private readonly program?: Program,
  ) {}

  /** The one that `global-setup.js` started. Nobody changes it: other tests use it at the same time. */
  static ofAllTests(): IdentityProvider {
    const { TEST_IDP_URL } = process.env;
    if (TEST_IDP_URL === undefined) throw new Error('global-setup.js has started no identity provider');
    return new IdentityProvider(TEST_IDP_URL);
  }

  static start(): Promise<IdentityProvider> {
    return onFreePort(async (port) => {
      const program = new Program('dev-idp', { IDP_PORT: String(port) });
      const url = `http://localhost:${port}`;
      await program.answering(`${url}/.well-known/openid-configuration`);
      return new IdentityProvider(url, program);
    });
  }

  async rotateKeys(): Promise<void> {
    if (!this.program)
      throw new Error('the keys of all tests are not rotated: open the environment with ownIdp');
    await fetch(`${this.url}/__idp/rotate`, { method: 'POST' });
  }

  async stop(): Promise<void> {
    await this.program?.stop('SIGKILL');
  }
}
