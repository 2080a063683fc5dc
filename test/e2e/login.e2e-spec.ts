import { createHash, randomBytes } from 'node:crypto';
import { TestEnvironment } from '../support/test-environment.js';
import { fixtures } from '../support/fixtures.js';

const REDIRECT = 'http://localhost:5173/';

/** A browser as far as a login needs one: it keeps cookies and follows where it is sent. */
class Browser {
  private readonly cookies = new Map<string, string>();
  address = '';

  async go(address: string, form?: Record<string, string>): Promise<void> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const body = form && { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(address, { ...body, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      this.cookies.set(name, value);
    }
    this.address = address;
    const next = response.headers.get('location');
    if (next === null) return;
    const target = new URL(next, address).href;
    if (target.startsWith(REDIRECT)) this.address = target;
    else await this.go(target);
  }
}

it('a page gets a token by authorization code and PKCE', async () => {
  const env = await TestEnvironment.open();
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const browser = new Browser();
  const asked = {
    client_id: 'demo-page',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid print',
    state: 's',
  };
  const proof = { code_challenge: challenge, code_challenge_method: 'S256', resource: 'urn:print-gateway' };
  await browser.go(`${env.idpUrl}/auth?${new URLSearchParams({ ...asked, ...proof }).toString()}`);
  await browser.go(browser.address, { prompt: 'login', login: 'olga', password: 'any' });
  await browser.go(browser.address, { prompt: 'consent' });
  const code = new URL(browser.address).searchParams.get('code') ?? '';
  const grant = { grant_type: 'authorization_code', client_id: 'demo-page', redirect_uri: REDIRECT, code };
  await expect(env.login({ ...grant, code_verifier: 'x'.repeat(43) })).rejects.toThrow('no token');
  await browser.go(`${env.idpUrl}/auth?${new URLSearchParams({ ...asked, ...proof }).toString()}`);
  const again = new URL(browser.address).searchParams.get('code') ?? '';
  const token = await env.login({ ...grant, code: again, code_verifier: verifier });
  expect((await env.with(token).get(fixtures.counts)).status).toBe(200);
  await env.close();
});
