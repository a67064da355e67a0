/** A part of a log message: text, or an expression whose value stands there. */
export type LogPart = { readonly text: string } | { readonly expression: string };

/** The most expressions in a message. */
const MOST = 50;

/** Splits a message as VS Code has it: expressions stand in braces, and may have braces in them. */
export function logParts(message: string): LogPart[] {
  const parts: LogPart[] = [];
  const ends = outerBraces(message);
  let from = 0;
  const addText = (to: number): void => {
    if (to > from) parts.push({ text: message.slice(from, to) });
  };
  for (const [open, close] of ends.slice(0, MOST)) {
    addText(open);
    parts.push({ expression: message.slice(open + 1, close) });
    from = close + 1;
  }
  addText(message.length);
  return parts;
}

/** Where braces are opened and closed, without those within others; one that is never closed is none. */
function outerBraces(message: string): [open: number, close: number][] {
  const found: [number, number][] = [];
  const open: number[] = [];
  for (let at = 0; at < message.length; at++) {
    if (message[at] === '{') open.push(at);
    const begin = message[at] === '}' ? open.pop() : undefined;
    if (begin === undefined) continue;
    while (found.length > 0 && found.at(-1)![0] > begin) found.pop(); // within this one
    found.push([begin, at]);
  }
  return found;
}
