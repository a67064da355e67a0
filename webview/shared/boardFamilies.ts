import type { BoardRow } from './messages/boards.ts';

/** Boards by family: families in the order their first board comes, boards in theirs. */
export function groupByFamily(boards: readonly BoardRow[]): Map<string, BoardRow[]> {
  const groups = new Map<string, BoardRow[]>();
  for (const board of boards) {
    const group = groups.get(board.family);
    if (group) group.push(board);
    else groups.set(board.family, [board]);
  }
  return groups;
}
