import { posix } from 'node:path';

/** What is used of `node:module`'s SourceMap; lines and columns are counted from 1. */
interface Origins {
  findOrigin(lineNumber: number, columnNumber: number): object;
}

/** As it stands in a stack, with whatever folder the program was started in before it. */
const POSITION = /(?:file:\/\/)?(?:\/[^\s()"\\:]*)?\/?(dist\/apps\/[a-z-]+\/src\/main\.js):(\d+):(\d+)/g;

/** The text with each position in a bundle replaced by the file, line and column of its source; what no map knows stays as it is. */
export function withSources(text: string, mapOf: (bundle: string) => Origins | undefined): string {
  return text.replace(POSITION, (whole, bundle: string, line: string, column: string) => {
    const origin = mapOf(bundle)?.findOrigin(Number(line), Number(column));
    if (!origin || !('fileName' in origin) || !('lineNumber' in origin) || !('columnNumber' in origin))
      return whole;
    const file = posix.join(posix.dirname(bundle), String(origin.fileName));
    return `${file}:${String(origin.lineNumber)}:${String(origin.columnNumber)}`;
  });
}
