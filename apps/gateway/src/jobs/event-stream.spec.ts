import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { EventStream } from './event-stream.js';

describe('EventStream', () => {
  let server: Server;
  let client: Socket;
  let response: ServerResponse;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  });
  afterEach(() => {
    client.destroy();
    server.close();
  });

  it('writes events with their id, and data line by line', async () => {
    const stream = new EventStream(response);
    stream.send('status', '{\n"a":1}', 'x');
    stream.comment();
    stream.send('end', '{}');
    stream.end();
    stream.send('status', 'too late');
    let text = '';
    for await (const chunk of client) if ((text += String(chunk)).endsWith('0\r\n\r\n')) break;
    const lines = text.split('\r\n').filter((line) => line.includes('\n'));
    expect(lines.join('').replace(/retry: \d+/, 'retry: 1')).toBe(
      'retry: 1\n\nid: x\nevent: status\ndata: {\ndata: "a":1}\n\n:\n\nevent: end\ndata: {}\n\n',
    );
  });

  it('drops a reader who reads nothing, instead of keeping everything', async () => {
    client.pause();
    const stream = new EventStream(response);
    const closed = once(response, 'close');
    for (let i = 0; i < 10_000 && !response.destroyed; i += 1) {
      stream.send('status', JSON.stringify({ filler: 'x'.repeat(10_000) }));
      expect(response.writableLength).toBeLessThan(100_000);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    expect(response.destroyed).toBe(true);
  });
});
