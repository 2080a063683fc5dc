/** The upstream's own permission names that the gateway's operations need (issuance-api 5.46, `security`). */
export const PERMISSIONS = [
  'ISSUANCE:ADD',
  'ISSUANCE:VIEW',
  'ISSUANCE:EDIT',
  'ISSUANCE:REMOVE',
  'PRINTERS:VIEW',
  'REPORTS:VIEW',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
