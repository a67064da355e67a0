/** Lines of a text, whichever way they end. */
export function* linesOf(text: string): Iterable<string> {
  const end = /\r\n|\n|\r/g;
  let at = 0;
  for (let found; (found = end.exec(text)); at = end.lastIndex) yield text.slice(at, found.index);
  if (at < text.length) yield text.slice(at);
}

/** Fields of a line, trimmed; one in double quotes has each of its own twice. One pass, whatever comes. */
export function fieldsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) {
    const parts = delimiter === ' ' ? line.trim().split(/ +/) : line.split(delimiter);
    return parts.map((part) => part.trim());
  }
  const fields: string[] = [];
  for (let at = 0; at <= line.length;) {
    while (line[at] === ' ' && delimiter !== ' ') at++;
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at);
      const to = end < 0 ? line.length : end;
      fields.push(line.slice(at, to).trim());
      at = to + 1;
      continue;
    }
    let field = '';
    for (at++; at < line.length && (line[at] !== '"' || line[at + 1] === '"'); at++) {
      if (line[at] === '"') at++;
      field += line[at];
    }
    fields.push(field.trim());
    const end = line.indexOf(delimiter, at);
    at = end < 0 ? line.length + 1 : end + 1;
  }
  return fields;
}

/** What a CSV file of ours holds in one place: text, a number, several with blanks between them; nothing where it is not known. */
export type CsvCell = string | number | readonly number[] | undefined;

/** A row as RFC 4180 has it, without its line's end. A number that is none in decimals is left out. */
export function csvRow(cells: readonly CsvCell[]): string {
  return cells.map(cellText).join(',');
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return quoted(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return cell.join(' ');
}

/**
 * Text that stays text: names of models and samples are anybody's, and what a spreadsheet would take for a formula gets an
 * apostrophe in front, as OWASP's "CSV injection" page advises.
 */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
