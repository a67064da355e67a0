/** Characters that no name needs: controls, line and direction marks, halves of surrogate pairs. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu;
/** Longest name or list that is shown, in UTF-16 units; paths of people are shorter. */
const LONGEST = 400;

/** Whether a text has characters that could drive a terminal or turn a line around. */
export function hasControls(text: string): boolean {
  return text.search(CONTROLS) >= 0;
}

/** Text of a file, a tool or a user as a sentence shows it: one line, controls as '?', endless names and lists cut. */
export function printable(text: string): string {
  const clean = text.slice(0, LONGEST).replace(CONTROLS, '?');
  return text.length <= LONGEST ? clean : `${clean} …`;
}
