import { Injectable, Param, type PipeTransform } from '@nestjs/common';
import { PrinterId, PrintStatusId, RESOURCE_ID_PATTERN } from '#libs/contract';
import { InvalidRequest } from '#libs/problem';

/** Parses an id of the path once; behind it a bare string cannot be passed where the id belongs. */
@Injectable()
class IdPipe<T> implements PipeTransform<string, T> {
  constructor(
    private readonly name: string,
    private readonly id: { parse(text: unknown): T | undefined },
  ) {}

  transform(text: string): T {
    const id = this.id.parse(text);
    if (id === undefined)
      throw new InvalidRequest([{ path: this.name, message: `must match ${RESOURCE_ID_PATTERN}` }]);
    return id;
  }
}

export const PrinterIdParam = () => Param('printerId', new IdPipe('printerId', PrinterId));

export const PrintStatusIdParam = () => Param('printStatusId', new IdPipe('printStatusId', PrintStatusId));
