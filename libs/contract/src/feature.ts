/** The parts of a print request that a role must be granted one by one; named as the members of the request. */
export const FEATURES = ['print', 'magstripe', 'smartcard'] as const;

export type Feature = (typeof FEATURES)[number];
