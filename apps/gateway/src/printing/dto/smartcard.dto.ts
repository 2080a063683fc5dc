import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, Matches } from 'class-validator';
import { NestedList, Optional } from '#libs/validation';

/** The vendor's document states no bound; a conversation with a chip is a few commands. */
const MAX_COMMANDS = 64;
const COMMAND =
  /^(?:[a-fA-F0-9]*|Connect|CONNECT|connect|Disconnect|DISCONNECT|disconnect|Reset|RESET|reset)$/;

export class SmartCardCommand {
  @ApiProperty({ pattern: COMMAND.source })
  @Matches(COMMAND, { message: 'command must be hexadecimal digits, or Connect, Disconnect or Reset' })
  readonly command!: string;

  @Optional()
  @Matches(/^[a-fA-F0-9*]*$/, { message: 'resultMatcher must be hexadecimal digits and asterisks' })
  readonly resultMatcher?: string;

  @IsIn(['APDU', 'COUPLER']) readonly type!: string;
}

export class BasicPrintRequestSmartcard {
  @Optional()
  @ApiPropertyOptional({ maxItems: MAX_COMMANDS })
  @NestedList(() => SmartCardCommand, MAX_COMMANDS)
  readonly commands?: SmartCardCommand[];

  @Optional() @IsBoolean() readonly multistep?: boolean;
}

export class BasicPrintUpdateRequestSmartcard {
  @Optional()
  @ApiPropertyOptional({ maxItems: MAX_COMMANDS })
  @NestedList(() => SmartCardCommand, MAX_COMMANDS)
  readonly commands?: SmartCardCommand[];
}
