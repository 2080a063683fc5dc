/** Somebody, or some program, whose tokens carry these roles. */
export interface Identity {
  readonly tenant: string;
  readonly roles: readonly string[];
}

export const USERS: ReadonlyMap<string, Identity> = new Map([
  ['olga', { tenant: 'acme', roles: ['card-operator'] }],
  ['otto', { tenant: 'acme', roles: ['card-operator'] }],
  ['oscar', { tenant: 'globex', roles: ['card-operator'] }],
  ['sonja', { tenant: 'acme', roles: ['supervisor'] }],
  ['sven', { tenant: 'globex', roles: ['supervisor'] }],
  ['anna', { tenant: 'acme', roles: ['administrator'] }],
  ['victor', { tenant: 'acme', roles: ['viewer'] }],
  ['nobody', { tenant: 'acme', roles: [] }],
]);

/** Clients that act for themselves; their subject is their client id. */
export const PARTNERS: ReadonlyMap<string, Identity & { readonly secret: string }> = new Map([
  ['partner-badges', { tenant: 'initech', roles: ['partner'], secret: 'partner-badges-secret' }],
]);
