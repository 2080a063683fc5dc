const LINE_END = '\r\n';

/** Cuts a stream of RESP (Redis serialization protocol, version 2) into its messages. */
export class RespStream {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with this piece. */
  push(piece: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const messages: Buffer[] = [];
    for (let end = endOf(this.rest, 0); end !== undefined; end = endOf(this.rest, 0)) {
      messages.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}

/** The words of a command: an array of bulk strings, as every client sends it. */
export function wordsOfCommand(message: Buffer): string[] {
  const words: string[] = [];
  let at = lineAt(message, 0)?.end ?? message.length;
  while (at < message.length) {
    const line = lineAt(message, at);
    if (!line) break;
    words.push(message.toString('utf8', line.end, line.end + line.number));
    at = line.end + line.number + LINE_END.length;
  }
  return words;
}

/** Behind the message that begins here; undefined while it is not there as a whole. */
function endOf(bytes: Buffer, from: number): number | undefined {
  const line = lineAt(bytes, from);
  if (!line || (line.type !== '$' && line.type !== '*') || line.number < 0) return line?.end;
  if (line.type === '$') {
    const end = line.end + line.number + LINE_END.length;
    return end <= bytes.length ? end : undefined;
  }
  let end: number | undefined = line.end;
  for (let i = 0; i < line.number && end !== undefined; i += 1) end = endOf(bytes, end);
  return end;
}

function lineAt(bytes: Buffer, from: number) {
  const end = bytes.indexOf(LINE_END, from);
  if (end < 0) return undefined;
  const type = String.fromCharCode(bytes[from] ?? 0);
  return { type, number: Number(bytes.toString('latin1', from + 1, end)), end: end + LINE_END.length };
}
