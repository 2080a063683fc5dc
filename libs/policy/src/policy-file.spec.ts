import { PolicyFaults } from './policy-faults.js';
import { listedIssuers, readPolicy } from './policy-file.js';

const PRINTER = '2f6cb1a0-6091-416f-8559-2f2181e941c3';
const ISSUERS = `
issuers:
  - issuer: https://id.example.com
    audience: print
    jwksUri: https://id.example.com/jwks
    algorithms: [RS256]
`;
const NO_ROLES = `${ISSUERS}\nroles: {}\n`;
const withRole = (members: string) => `${ISSUERS}\nroles:\n  clerk:\n${members.replaceAll(/^/gm, '    ')}`;
const read = (yaml: string) => readPolicy(yaml, '.');

function faultsOf(yaml: string): string[] {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof PolicyFaults) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a policy file', () => {
  it('gives a role what it names, and little of what it leaves out', () => {
    const { roles } = read(withRole(`permissions: ['ISSUANCE:ADD']\nprinters: ['${PRINTER.toUpperCase()}']`));
    expect(roles.get('clerk')).toMatchObject({
      permissions: new Set(['ISSUANCE:ADD']),
      printers: new Set([PRINTER]),
      jobs: 'own',
      features: new Set(['print']),
      requiresIdempotencyKey: false,
      allowBlank: false,
    });
  });

  it('asks those for a key who print for a whole tenant, unless it says otherwise', () => {
    const requires = (others: string) =>
      read(withRole(`permissions: ['ISSUANCE:ADD']\nprinters: ['*']\n${others}`)).roles.get('clerk')
        ?.requiresIdempotencyKey;
    expect(requires('jobs: tenant')).toBe(true);
    expect(requires('jobs: tenant\nrequireIdempotencyKey: false')).toBe(false);
    expect(requires('requireIdempotencyKey: true')).toBe(true);
  });

  it('has a version that changes with its text, a comment included', () => {
    const { version } = read(NO_ROLES);
    expect(read(NO_ROLES).version).toBe(version);
    expect(read(`${NO_ROLES}# reviewed\n`).version).not.toBe(version);
    expect(listedIssuers(read(NO_ROLES))).toEqual(['https://id.example.com']);
  });

  it('names all its faults together, each under its path', () => {
    const faults = faultsOf(
      `${withRole("permissions: ['PRINT']\nprinters: ['front', '*']")}
allowUnknown: ['print..front', 7]
cors: { origins: ['https://cards.example.com/', 'null'], headers: ['baggage', 'x y'] }`,
    ).join('\n');
    for (const path of [
      'roles.clerk.permissions',
      'allowUnknown[0]',
      'cors.origins[0]',
      'cors.origins[1]',
      'cors.headers[1]',
    ])
      expect(faults).toContain(path);
    expect(faults).not.toContain('cors.headers[0]');
  });

  it('lets nobody print everywhere by a star among printers', () => {
    const faults = faultsOf(withRole(`permissions: ['ISSUANCE:ADD']\nprinters: ['${PRINTER}', '*']`));
    expect(faults.join()).toContain("roles.clerk.printers[1]: must be a printer id, or '*' alone");
  });

  it.each([
    ['nothing', ''],
    ['a list', '- roles'],
    ['a text', 'roles'],
    ['a member that nobody knows', `${NO_ROLES}\nrole: {}`],
    ['a role that is no mapping', `${ISSUERS}\nroles: { clerk: all }`],
    ['a member twice', `${NO_ROLES}\nroles: {}`],
  ])('that holds %s is refused', (_, yaml) => {
    expect(faultsOf(yaml).length).toBeGreaterThan(0);
  });
});
