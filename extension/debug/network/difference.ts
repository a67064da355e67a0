/** Where two tensors first differ. */
export interface Difference {
  /** Of the element, in the order of the shape. */
  readonly index: readonly number[];
  readonly board: number;
  readonly pc: number;
  /** How many elements differ, of how many. */
  readonly differing: number;
  readonly elements: number;
}

/** The first element that differs, bit for bit; undefined for tensors that are the same. Both have the elements of the shape. */
export function differenceOf(
  board: ArrayLike<number>,
  pc: ArrayLike<number>,
  shape: readonly number[],
): Difference | undefined {
  let first: number | undefined;
  let differing = 0;
  for (let i = 0; i < board.length; i++) {
    if (isSame(board[i]!, pc[i]!)) continue;
    first ??= i;
    differing++;
  }
  if (first === undefined) return undefined;
  const index = indexOf(first, shape);
  return { index, board: board[first]!, pc: pc[first]!, differing, elements: board.length };
}

/** What is no number is the same as another that is none. */
export function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** An element's place along each dimension. */
function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = element;
  for (const d of [...shape].reverse()) {
    index.unshift(rest % d);
    rest = Math.floor(rest / d);
  }
  return index;
}
