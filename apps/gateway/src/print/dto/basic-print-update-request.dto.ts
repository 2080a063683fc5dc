import { Nested, Optional } from '#libs/validation';
import { UpdateSmartcard } from './smartcard.dto.js';

export class BasicPrintUpdateRequest {
  @Optional() @Nested(() => UpdateSmartcard) readonly smartcard?: UpdateSmartcard;
}
