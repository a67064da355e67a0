/** Lines of a text, whichever way they end. */
export function* linesOf(text: string): Iterable<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const to = end < 0 ? text.length : end;
    yield text.slice(at, text[to - 1] === '\r' ? to - 1 : to);
    at = to + 1;
  }
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
