import { CREDENTIALS } from '../support/emulator.js';
import { TestEnvironment, UNCACHED } from '../support/test-environment.js';
import { base64, png } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('all that the gateway writes', () => {
  const image = base64(png(40, 40));
  const track = '3B313233343536373839303132333435';
  const apdu = 'FD35000001DEADBEEF';

  it('holds one line per request, and no secret, token or card data, at the finest log level', async () => {
    const env = await TestEnvironment.open({ gateway: { ...UNCACHED, LOG_LEVEL: 'trace' } });
    const token = await env.tokenOf('olga');
    const commands = [{ type: 'APDU', command: apdu }];
    const body = {
      magstripe: { front: { track2: track } },
      print: { front: [{ data: image }] },
      smartcard: { commands },
    };
    const { body: printed } = await env.as('olga').post(printPath(), body);
    await env.as('olga').patch(statusPath(printed.printStatus.id), { smartcard: { commands } });
    await env
      .as('olga')
      .post(printPath(), { ...body, hopper: apdu, magstripe: { front: { track2: [track] } } });
    await env.as('olga').get(`${fixtures.counts}?access_token=${token}`);
    for (const kind of ['status', 'reset-after', 'half-body', 'html', 'unauthorized'] as const) {
      await env.emulator.fault({ operation: '*', kind, body: { message: track } });
      await env.as('olga').post(printPath(), body);
      await env.as('olga').get(fixtures.counts);
      await env.emulator.noFaults();
    }
    await env.as('olga').get(fixtures.counts);
    await env.close();

    const lines = env.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests).toHaveLength(15);
    expect(requests[0]).toMatchObject({
      requestId: expect.any(String),
      method: 'POST',
      route: '/api/web/v1/printers/:printerId/print',
      status: 200,
      durationMs: expect.any(Number),
      subject: 'olga',
    });
    const signature = token.split('.')[2] as string;
    for (const secret of [
      CREDENTIALS.sharedSecret,
      token,
      signature,
      image,
      track,
      apdu,
      'authToken',
      'Bearer ',
    ]) {
      expect(env.output).not.toContain(secret);
    }
  });
});
