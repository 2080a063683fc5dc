import type { Problem } from '#libs/problem';
import type { Deadline } from './deadline.js';
import type { BodyReader, UpstreamResponse } from './send.js';
import { BufferedResponse } from './buffered-response.js';

/** Hands the body of a 200 to a reader while it arrives, however long it is. Any other response is gathered whole: it says what is wrong. */
export class StreamedResponse extends BufferedResponse {
  constructor(
    private readonly reader: BodyReader,
    maxBytes: number,
    deadline: Deadline | undefined,
    resolve: (response: UpstreamResponse) => void,
    reject: (problem: Problem) => void,
  ) {
    super(maxBytes, deadline, resolve, reject);
  }

  protected override take(chunk: Buffer): void {
    if (this.status === 200) this.reader.push(chunk);
    else super.take(chunk);
  }
}
