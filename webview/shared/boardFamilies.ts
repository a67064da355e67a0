/** Boards by family: families in the order their first board comes, boards in theirs. */
export function groupByFamily<B extends { readonly family: string }>(boards: readonly B[]): Map<string, B[]> {
  const groups = new Map<string, B[]>();
  for (const board of boards) {
    const group = groups.get(board.family);
    if (group) group.push(board);
    else groups.set(board.family, [board]);
  }
  return groups;
}
