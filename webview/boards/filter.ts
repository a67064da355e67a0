import type { BoardRow } from '../shared/messages/boards.ts';

/** Boards that hold every word of the filter in their name, family, core or marks; letter case does not count. */
export function filterBoards(boards: readonly BoardRow[], filter: string): BoardRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return boards.filter((board) => {
    const text = searchText(board);
    return words.every((word) => text.includes(word));
  });
}

function searchText(board: BoardRow): string {
  const marks = [
    board.simulated ? 'simulated' : '',
    board.fpu ? 'fpu float' : 'int8 quantized',
    board.fit ? (board.fit.fits ? 'fits' : 'too small') : '',
    board.probe ? 'connected' : '',
  ];
  return [board.name, board.id, board.family, board.core, ...marks].join(' ').toLowerCase();
}
