const JSON_TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Whether an object in this JSON text names a member twice. Parsers disagree on which of the two counts
 * (RFC 8259 §4), so a token with one means different things to different readers. The text must be valid JSON.
 */
export function hasDuplicateKey(json: string): boolean {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(JSON_TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const members = open.at(-1);
      const name = JSON.parse(last) as string;
      if (members?.has(name)) return true;
      members?.add(name);
    }
    last = token;
  }
  return false;
}
