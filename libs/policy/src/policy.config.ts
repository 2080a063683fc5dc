import { path, Setting } from '#libs/config';

/** Which policy is in force when none is named: that of the demo. */
export const SAMPLE_POLICY = 'config/policy.yaml';

export class PolicyConfig {
  @Setting({
    name: 'POLICY_FILE',
    kind: path,
    default: SAMPLE_POLICY,
    meaning: 'who is trusted and what each role may do; read again when it changes',
  })
  readonly file!: string;
}
