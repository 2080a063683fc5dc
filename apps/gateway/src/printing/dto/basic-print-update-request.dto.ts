import { Nested, Optional } from '#libs/validation';
import { BasicPrintUpdateRequestSmartcard } from './smartcard.dto.js';

export class BasicPrintUpdateRequest {
  @Optional()
  @Nested(() => BasicPrintUpdateRequestSmartcard)
  readonly smartcard?: BasicPrintUpdateRequestSmartcard;
}
