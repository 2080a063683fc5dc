import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from '../support/test-environment.js';
import { PRINTS_ON } from './faulty-environment.js';
import { NameServer } from './name-server.js';
import { Operations, SHORT_TIMES } from './operations.js';
import { injectFault, tableOf, type Fault, type FaultTarget } from './inject-fault.js';
import { TcpRelay } from './tcp-relay.js';

const ADDRESS = '127.53.53.53';
const UPSTREAM = 'upstream.example.com';

interface HouseOfNames extends FaultTarget {
  readonly names: NameServer;
  readonly link: TcpRelay;
}

describe('the name of the upstream', () => {
  const directory = mkdtempSync(join(tmpdir(), 'print-gateway-names-'));
  const [hosts, resolver] = [join(directory, 'hosts'), join(directory, 'resolv.conf')];
  const known = (isKnown: boolean) =>
    writeFileSync(hosts, `127.0.0.1 localhost\n${isKnown ? `127.0.0.1 ${UPSTREAM}\n` : ''}`);
  const rows: string[] = [];
  let where: HouseOfNames;

  beforeAll(async () => {
    known(true);
    writeFileSync(resolver, `nameserver ${ADDRESS}\n`);
    const names = await NameServer.start(ADDRESS);
    let link: TcpRelay | undefined;
    const env = await TestEnvironment.open({
      ...PRINTS_ON,
      gateway: SHORT_TIMES,
      start: () => ({ files: { '/etc/hosts': hosts, '/etc/resolv.conf': resolver } }),
      upstreamUrl: async (url) => {
        link = await TcpRelay.start(Number(new URL(url).port));
        return `http://${UPSTREAM}:${link.port}`;
      },
    });
    where = { env, names, link: link as TcpRelay, operations: await Operations.of(env) };
  });
  afterAll(async () => {
    process.stdout.write(tableOf(rows));
    await where.env.close();
    await Promise.all([where.names.stop(), where.link.close()]);
    rmSync(directory, { recursive: true });
  });

  /** The connections that are open break: who wants a new one needs the name. */
  const unresolved = (isSilent: boolean): Fault<HouseOfNames> => ({
    begin: ({ names, link }) => {
      names.isSilent = isSilent;
      known(false);
      return link.mend();
    },
    end: () => Promise.resolve(known(true)),
    says: /a name cannot be resolved/,
  });

  it.each([
    ['DNS: the upstream’s name is unknown', unresolved(false)],
    ['DNS: no answer', unresolved(true)],
  ])(
    '%s: nobody waits longer for it than for a connection, and all is well again soon',
    async (name, fault) => void rows.push(await injectFault(where, name, fault)),
    120_000,
  );
});
