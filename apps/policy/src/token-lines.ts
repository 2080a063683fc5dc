import { distributedRolesAdvice, type Principal, type RoleClaim } from '#libs/auth';

/** Who the token says is calling, and which of its claims gave which role. */
export function linesOfToken(caller: Principal, roles: readonly RoleClaim[]): string[] {
  const { issuer, subject, tenant, clientId } = caller;
  const advice = distributedRolesAdvice(caller);
  const names = `tenant ${tenant ?? 'none'}, client ${clientId ?? 'none'}, roles ${caller.roles.join(', ') || 'none'}`;
  return [
    `The token is verified: ${subject} of ${issuer}, ${names}`,
    ...roles.map((claim) => `  ${lineOfClaim(claim)}`),
    ...(advice === undefined ? [] : [advice]),
    ...bindingsOf(caller).map((binding) => `It is bound to ${binding}.`),
    '',
  ];
}

function lineOfClaim({ claim, found, named }: RoleClaim): string {
  const given = named.map(({ name, role }) => (name === role ? role : `${role} (as ${name})`)).join(', ');
  return `${claim} is ${found} and gives ${given === '' ? 'no role' : given}`;
}

function bindingsOf({ confirmation }: Principal): string[] {
  const { jkt, x5t } = confirmation ?? {};
  return [
    ...(jkt === undefined ? [] : ['a key, and taken with a DPoP proof only']),
    ...(x5t === undefined ? [] : ['a client certificate, and taken with that only']),
  ];
}
