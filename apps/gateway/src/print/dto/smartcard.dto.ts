import { IsBoolean, IsIn, Matches } from 'class-validator';
import { NestedList, Optional } from '#libs/validation';

const COMMAND =
  /^(?:[a-fA-F0-9]*|Connect|CONNECT|connect|Disconnect|DISCONNECT|disconnect|Reset|RESET|reset)$/;

export class SmartCardCommand {
  @Matches(COMMAND, { message: 'command must be hexadecimal digits, or Connect, Disconnect or Reset' })
  readonly command!: string;

  @Optional()
  @Matches(/^[a-fA-F0-9*]*$/, { message: 'resultMatcher must be hexadecimal digits and asterisks' })
  readonly resultMatcher?: string;

  @IsIn(['APDU', 'COUPLER']) readonly type!: string;
}

export class BasicPrintRequestSmartcard {
  @Optional() @NestedList(() => SmartCardCommand) readonly commands?: SmartCardCommand[];
  @Optional() @IsBoolean() readonly multistep?: boolean;
}

export class BasicPrintUpdateRequestSmartcard {
  @Optional() @NestedList(() => SmartCardCommand) readonly commands?: SmartCardCommand[];
}
