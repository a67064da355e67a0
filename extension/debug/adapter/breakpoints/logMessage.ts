/** A part of a log message: text, or an expression whose value stands there. */
export type LogPart = { readonly text: string } | { readonly expression: string };

/** The most expressions in a message. */
const MOST = 50;

/** Splits a message as VS Code has it: expressions stand in braces; in them, braces may be nested, and strings hold some. */
export function logParts(message: string): LogPart[] {
  const parts: LogPart[] = [];
  let text = '';
  for (let at = 0; at < message.length;) {
    const end = message[at] === '{' && parts.length < 2 * MOST ? closing(message, at) : undefined;
    if (end === undefined) {
      text += message[at++];
      continue;
    }
    if (text !== '') parts.push({ text });
    text = '';
    parts.push({ expression: message.slice(at + 1, end) });
    at = end + 1;
  }
  if (text !== '') parts.push({ text });
  return parts;
}

/** Where the brace that is opened at a place is closed. */
function closing(message: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < message.length; at++) {
    if (message[at] === '{') depth++;
    else if (message[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}
