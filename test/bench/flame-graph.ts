import { readFileSync, writeFileSync } from 'node:fs';

/** Draws a CPU profile of Node as SVG: `node test/bench/dist/test/bench/flame-graph.js in.cpuprofile out.svg`. Time without work is left out. */
interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}
interface Frame {
  readonly name: string;
  readonly origin: string;
  microseconds: number;
  readonly callees: Map<string, Frame>;
}

const WIDTH = 1_600;
const ROW = 15;
const LEAST_PIXELS = 0.8;
const PIXELS_OF_A_LETTER = 6.2;
const IDLE = new Set(['(idle)', '(program)']);
const COLOURS: Readonly<Record<string, string>> = { ours: '#f28e2b', package: '#a0cbe8', node: '#d7d7d7' };

const [input = '', output = ''] = process.argv.slice(2);
const profile = JSON.parse(readFileSync(input, 'utf8')) as {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
};

const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
const callerOf = new Map(
  profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
);
const root = frame('all');
profile.samples.forEach((id, index) => {
  const path = stackOf(id);
  if (!IDLE.has(path.at(-1)?.callFrame.functionName ?? '')) add(path, profile.timeDeltas[index] ?? 0);
});
const rects = draw(root, 0, 0);
const height = (Math.max(...rects.map(({ row }) => row)) + 1) * ROW;
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10">\n` +
    `${rects.map(({ svg }) => svg).join('\n')}\n</svg>\n`,
);

function frame(name: string, origin = 'node'): Frame {
  return { name, origin, microseconds: 0, callees: new Map() };
}

function stackOf(id: number): Node[] {
  const stack: Node[] = [];
  for (let at: number | undefined = id; at !== undefined; at = callerOf.get(at))
    stack.unshift(nodes.get(at) as Node);
  return stack.slice(1);
}

function add(path: readonly Node[], microseconds: number): void {
  let at = root;
  at.microseconds += microseconds;
  for (const { callFrame } of path) {
    const name = callFrame.functionName || '(anonymous)';
    const callee = at.callees.get(name) ?? frame(name, originOf(callFrame.url));
    at.callees.set(name, callee);
    callee.microseconds += microseconds;
    at = callee;
  }
}

function originOf(url: string): string {
  if (url.includes('/node_modules/')) return 'package';
  return url.includes('/dist/') ? 'ours' : 'node';
}

function draw(at: Frame, x: number, row: number): { row: number; svg: string }[] {
  const width = (at.microseconds / root.microseconds) * WIDTH;
  if (width < LEAST_PIXELS) return [];
  const share = ((100 * at.microseconds) / root.microseconds).toFixed(1);
  const label = escaped(at.name.slice(0, Math.floor(width / PIXELS_OF_A_LETTER)));
  const svg =
    `<g><title>${escaped(at.name)} ${share} %</title><rect x="${x.toFixed(1)}" y="${row * ROW}" width="${width.toFixed(1)}" ` +
    `height="${ROW - 1}" fill="${COLOURS[at.origin]}"/><text x="${(x + 2).toFixed(1)}" y="${row * ROW + 11}">${label}</text></g>`;
  const rects = [{ row, svg }];
  let left = x;
  for (const callee of [...at.callees.values()].sort((a, b) => b.microseconds - a.microseconds)) {
    rects.push(...draw(callee, left, row + 1));
    left += (callee.microseconds / root.microseconds) * WIDTH;
  }
  return rects;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
