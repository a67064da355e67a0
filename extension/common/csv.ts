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
