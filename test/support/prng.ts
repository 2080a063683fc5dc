/** Chance that can be repeated: the same seed, the same choices (Park and Miller's minimal standard generator). */
export class Prng {
  private state: number;

  constructor(seed: number) {
    this.state = 1 + (Math.abs(seed) % 2_147_483_646);
  }

  below(limit: number): number {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return this.state % limit;
  }

  between(from: number, to: number): number {
    return from + this.below(to - from);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
