/** Whose jobs a caller may see and change, from narrow to wide. */
export const JOB_SCOPES = ['own', 'tenant', 'any'] as const;

export type JobScope = (typeof JOB_SCOPES)[number];
