import { Setting, type SettingKind } from '#libs/config';

const timeZone: SettingKind<string> = {
  expected: 'the name of a time zone such as Europe/Berlin',
  parse(text) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
  },
};

export class LimitsConfig {
  @Setting({
    name: 'QUOTA_TIME_ZONE',
    kind: timeZone,
    default: 'UTC',
    meaning: 'where it is midnight when a day’s quota of cards begins anew',
  })
  readonly timeZone!: string;
}
