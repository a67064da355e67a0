/** A command of GDB's machine interface as a line, without its end: nothing in an argument is anything but an argument. */
export function commandLine(name: string, args: readonly (string | number)[]): string {
  return [name, ...args.map((argument) => quoted(String(argument)))].join(' ');
}

/** As it is where that says the same, else as a string of C. */
function quoted(argument: string): string {
  if (/^[\w.:*@+-]+$/.test(argument)) return argument;
  return `"${argument.replace(/[\\"\n\r\0]/g, escaped)}"`;
}

function escaped(sign: string): string {
  if (sign === '\n') return '\\n';
  if (sign === '\r') return '\\r';
  return sign === '\0' ? '' : `\\${sign}`;
}
