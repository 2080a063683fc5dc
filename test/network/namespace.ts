import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

/**
 * A network of its own for a program, joined to this one by a cable with an address at each end, and to nothing else: it has no other way
 * out, and its loopback is not ours. Needs to be root.
 */
export class NetworkNamespace {
  private readonly number = randomInt(1, 250);
  readonly name = `gw-${process.pid}-${this.number}`;
  private readonly cable = `gw${process.pid % 100_000}x${this.number}`;
  /** Where this side is. */
  readonly outside = `10.213.${this.number}.1`;
  /** Where the program is. */
  readonly inside = `10.213.${this.number}.2`;

  constructor() {
    ip('netns', 'add', this.name);
    ip('link', 'add', this.cable, 'type', 'veth', 'peer', 'name', 'way-out', 'netns', this.name);
    ip('addr', 'add', `${this.outside}/24`, 'dev', this.cable);
    ip('link', 'set', this.cable, 'up');
    for (const words of [
      ['addr', 'add', `${this.inside}/24`, 'dev', 'way-out'],
      ['link', 'set', 'way-out', 'up'],
      ['link', 'set', 'lo', 'up'],
    ])
      ip('-n', this.name, ...words);
  }

  /** What goes before a command so that it runs in there. */
  get prefix(): string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  dispose(): void {
    ip('link', 'del', this.cable);
    ip('netns', 'del', this.name);
  }
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
}
