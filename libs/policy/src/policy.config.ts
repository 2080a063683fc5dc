import { path, Setting } from '#libs/config';

export class PolicyConfig {
  @Setting({
    name: 'POLICY_FILE',
    kind: path,
    default: 'config/policy.yaml',
    meaning: 'who is trusted and what each role may do; read again when it changes',
  })
  readonly file!: string;
}
