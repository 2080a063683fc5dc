import { IsIn, IsString } from 'class-validator';
import { Nested, Optional } from '#libs/validation';

export class MagStripe {
  @Optional() @IsIn(['HIGH', 'LOW']) readonly coercivity?: string;
  @Optional() @IsString() readonly track1?: string;
  @Optional() @IsString() readonly track2?: string;
  @Optional() @IsString() readonly track3?: string;
  @Optional() @IsIn(['IAT', 'AAMVA', 'NTT', 'PRINTER']) readonly trackType?: string;
}

export class MagStripeEncodeCommands {
  @Optional() @Nested(() => MagStripe) readonly front?: MagStripe;
  @Optional() @Nested(() => MagStripe) readonly back?: MagStripe;
}
