/** Why what lies in a folder is no sample. */
export type LeftOutWhy = 'hidden' | 'junk' | 'own' | 'unknown' | 'otherKind' | 'noPart' | 'tooDeep';

/** What of some folders is no sample, for one reason. */
export interface LeftOut {
  readonly why: LeftOutWhy;
  readonly count: number;
  /** A few of their names. */
  readonly names: readonly string[];
}

const MOST_NAMES = 3;

/** What each reason is called behind a number. */
const WORDS: Readonly<Record<LeftOutWhy, string>> = {
  hidden: 'hidden',
  junk: 'of systems and tools',
  own: 'written by GlowPort',
  unknown: 'of an unknown kind',
  otherKind: 'of another kind than the first',
  noPart: 'of no input',
  tooDeep: 'in too many folders',
};

/** Collects what is left out. */
export class Leavings {
  readonly #found = new Map<LeftOutWhy, { count: number; names: string[] }>();

  add(why: LeftOutWhy, name: string): void {
    const found = this.#found.get(why) ?? { count: 0, names: [] };
    this.#found.set(why, found);
    found.count++;
    if (found.names.length < MOST_NAMES) found.names.push(name);
  }

  result(): LeftOut[] {
    return [...this.#found].map(([why, found]) => ({ why, ...found }));
  }
}

/** In a few words, such as `left out: 2 hidden (.a.png, .b.png)`; empty for nothing. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '';
  const parts = leftOut.map(({ why, count, names }) => {
    const more = count > names.length ? ', …' : '';
    return `${count} ${WORDS[why]} (${names.join(', ')}${more})`;
  });
  return `left out: ${parts.join(', ')}`;
}
