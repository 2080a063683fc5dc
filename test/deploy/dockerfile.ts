import { readFileSync } from 'node:fs';

export interface Instruction {
  readonly name: string;
  readonly words: string;
}

export interface Stage {
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile by name, for the instructions that are used here; throws on any other. */
export function stagesOf(path: string): Map<string, Stage> {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '');
  const stages = new Map<string, { base: string; instructions: Instruction[] }>();
  let current: Instruction[] = [];
  for (const line of text.split('\n').filter((each) => each.trim())) {
    const [, name = '', words = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === 'FROM') {
      const [, base = '', as = ''] = /^(\S+) AS (\S+)$/.exec(words) ?? [];
      current = [];
      stages.set(as, { base, instructions: current });
    } else current.push({ name, words });
  }
  return stages;
}

/** The words of an instruction in its form as a list. */
export const listIn = (words: string) => JSON.parse(words.slice(words.indexOf('['))) as string[];
