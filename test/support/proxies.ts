import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { onFreePort } from './free-port.js';

/** What a proxy in front of the gateway needs to know. */
interface Behind {
  readonly url: string;
  readonly managementUrl: string;
}

type Configure = (place: { port: number; directory: string }) => {
  text: string;
  command: (file: string) => string[];
};

/** A real proxy on a free port, with its files in a folder of its own. */
export class Proxy {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly child: ChildProcess,
  ) {}

  /** As it is deployed (`deploy/haproxy/haproxy.cfg`), but with its connections to the gateway shared by all callers. */
  static haproxy(gateway: Behind): Promise<Proxy> {
    return Proxy.start(({ port }) => {
      const deployed = readFileSync('deploy/haproxy/haproxy.cfg', 'utf8');
      const text = deployed
        .replace(/^resolvers .*\n(?: .*\n)*/m, '')
        .replace(/bind :\d+/, `bind 127.0.0.1:${port}`)
        .replace(
          /(default-server check port) \d+(.*) resolvers \S+ init-addr \S+/,
          `$1 ${new URL(gateway.managementUrl).port}$2`,
        )
        .replace(/^ +server .*\n/gm, '')
        .replace(/\s*$/, `\n  http-reuse always\n  server gateway ${new URL(gateway.url).host}\n`);
      return { text, command: (file: string) => ['haproxy', '-db', '-f', file] };
    });
  }

  /** As most people write it: kept connections to the gateway, bodies passed on as they come. */
  static nginx(gateway: Behind): Promise<Proxy> {
    return Proxy.start(({ port, directory }) => {
      const files = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const text = `
        daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log;
        ${process.getuid?.() === 0 ? 'user root;' : ''}
        events { worker_connections 512; }
        http {
          access_log off;
          ${files.map((name) => `${name}_temp_path ${directory}/${name};`).join('\n')}
          upstream gateway { server ${new URL(gateway.url).host}; keepalive 8; }
          server {
            listen 127.0.0.1:${port};
            location / {
              proxy_pass http://gateway; proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_request_buffering off; proxy_buffering off;
            }
          }
        }`;
      return { text, command: (file: string) => ['nginx', '-p', directory, '-c', file] };
    });
  }

  private static start(configure: Configure): Promise<Proxy> {
    return onFreePort((port) => Proxy.startAt(port, configure));
  }

  private static async startAt(port: number, configure: Configure): Promise<Proxy> {
    const directory = mkdtempSync(join(tmpdir(), 'proxy-'));
    const { text, command } = configure({ port, directory });
    const file = join(directory, 'proxy.conf');
    writeFileSync(file, text);
    const [program = '', ...words] = command(file);
    const child = spawn(program, words, { stdio: 'ignore' });
    process.once('exit', () => child.kill('SIGKILL'));
    const proxy = new Proxy(port, directory, child);
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
    }).catch(async (error: unknown) => {
      const hasEnded = child.exitCode !== null;
      await proxy.stop();
      throw hasEnded ? new Error(`${program} ended: port ${port}, address already in use?`) : error;
    });
    return proxy;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
