/** Gives names that nothing has, and none twice. */
export class UnusedNames {
  readonly #isTaken: (name: string) => boolean;
  readonly #given = new Set<string>();
  /** Where to go on for each wanted name: thousands of equal names stay cheap. */
  readonly #next = new Map<string, number>();

  constructor(isTaken: (name: string) => boolean) {
    this.#isTaken = isTaken;
  }

  /** `wanted`, or the first of `wanted_2`, `wanted_3`, … that is neither taken nor given. */
  like(wanted: string): string {
    const name = this.#isFree(wanted) ? wanted : this.#numbered(wanted);
    this.#given.add(name);
    return name;
  }

  #numbered(wanted: string): string {
    let i = this.#next.get(wanted) ?? 2;
    while (!this.#isFree(`${wanted}_${i}`)) i++;
    this.#next.set(wanted, i + 1);
    return `${wanted}_${i}`;
  }

  #isFree(name: string): boolean {
    return !this.#given.has(name) && !this.#isTaken(name);
  }
}
