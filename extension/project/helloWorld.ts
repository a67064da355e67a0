import type { BoardData } from '../board/catalogue.ts';

/** How main() starts on a board. */
export interface BoardInit {
  /** Headers to include, in order, without quotes. */
  readonly headers: readonly string[];
  /** C calls in order, without the semicolon. */
  readonly calls: readonly string[];
  /** Where it was read: the catalogue alone, or an example of the SDK. */
  readonly from: 'catalogue' | 'example';
}

/** Texts of the SDK's example for the board, as far as they are there. */
export interface ExampleSources {
  /** hello_world.c, or any example's main file. */
  readonly main?: string | undefined;
  /** hardware_init.c, where SDK 24.12 and later keep the calls. */
  readonly hardwareInit?: string | undefined;
  /** pin_mux.h and clock_config.h: what they do not declare is not called. */
  readonly declarations?: string | undefined;
}

/** Headers of the board and the SDK; those of the example's own code are not taken along. */
const BOARD_HEADER = /^(fsl_\w+|board|pin_mux|clock_config|peripherals|app|app_config)\.h$/;
/** Calls that prepare the board. Arguments are names, numbers and macros; anything else ends the reading. */
const INIT_CALL =
  /^(BOARD_\w+|CLOCK_\w+|SystemCoreClockUpdate|POWER_\w+|RESET_\w+)\(([\w\s,|()*&.+-]{0,200})\)$/;

/**
 * Reads the init calls, their order and the includes from the board's own example, then makes sure of what the board needs:
 * `BOARD_InitBootPins` (in a new project `BOARD_InitPins` is empty), the boot clocks the catalogue knows to be right
 * (LPC845: `BOARD_BootClockFRO30M` after `CLOCK_Select`), and `BOARD_ConfigMPU` before all else on i.MX RT. Without an
 * example it is what the catalogue says. Pure.
 */
export function boardInit(board: BoardData, example: ExampleSources = {}): BoardInit {
  const read = readExample(example);
  if (!read) return { headers: board.init.headers, calls: board.init.calls, from: 'catalogue' };
  const headers = [...new Set([...read.headers, ...board.init.headers])];
  const declares = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(example.declarations ?? name);
  const preferred = (call: string): string => {
    if (call === 'BOARD_InitPins()') return declares('BOARD_InitBootPins') ? 'BOARD_InitBootPins()' : call;
    const known = isBootClock(call) ? board.init.calls.find(isBootClock) : undefined;
    return known !== undefined && declares(functionOf(known)) ? known : call;
  };
  return {
    headers,
    calls: merge(read.calls.map(preferred), board.init.calls),
    from: 'example',
  };
}

/** The init calls and headers of an example; undefined when no main() or BOARD_InitHardware() with such calls is in it. */
function readExample(example: ExampleSources): { headers: string[]; calls: string[] } | undefined {
  const main = withoutComments(example.main ?? '');
  const hardware = withoutComments(example.hardwareInit ?? '');
  const inMain = callsOf(functionBody(main, 'main'));
  const isSplit = inMain.includes('BOARD_InitHardware()');
  const inHardware = callsOf(functionBody(hardware, 'BOARD_InitHardware'));
  const body = functionBody(main, 'BOARD_InitHardware');
  const split = inHardware.length > 0 ? inHardware : callsOf(body);
  const calls = isSplit || main === '' ? split : inMain;
  if (!calls.some((c) => c.startsWith('BOARD_') && c !== 'BOARD_InitHardware()')) return undefined;
  const texts = isSplit || main === '' ? [hardware, main] : [main];
  const headers = texts.flatMap((text) =>
    [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]{1,100})"/gm)].map((m) => m[1]!),
  );
  // app.h belongs to the split example only, and declares nothing that main.c calls
  return {
    headers: [...new Set(headers.filter((h) => BOARD_HEADER.test(h) && !h.startsWith('app')))],
    calls,
  };
}

function isBootClock(call: string): boolean {
  return /^BOARD_(InitBootClocks|BootClock\w+)\(/.test(call);
}

/** The calls read, with those of the catalogue that are missing put behind the one they follow there. */
function merge(read: readonly string[], known: readonly string[]): string[] {
  const calls: string[] = [];
  for (const call of read) if (!calls.some((c) => functionOf(c) === functionOf(call))) calls.push(call);
  known.forEach((call, i) => {
    if (calls.some((c) => doesSame(c, call))) return;
    const before = known
      .slice(0, i)
      .map((k) => calls.findIndex((c) => doesSame(c, k)))
      .reduce((a, b) => Math.max(a, b), -1);
    calls.splice(before + 1, 0, call);
  });
  const mpu = calls.findIndex((c) => functionOf(c) === 'BOARD_ConfigMPU');
  if (mpu > 0) calls.unshift(calls.splice(mpu, 1)[0]!);
  return calls;
}

/** Whether one of two calls makes the other needless. */
function doesSame(a: string, b: string): boolean {
  const isPins = (c: string): boolean => /^BOARD_Init(Boot)?Pins\(/.test(c);
  return functionOf(a) === functionOf(b) || (isBootClock(a) && isBootClock(b)) || (isPins(a) && isPins(b));
}

function functionOf(call: string): string {
  return call.slice(0, call.indexOf('('));
}

/** Calls at the start of a function's body, up to its first loop, output or other statement than a declaration. */
function callsOf(body: string): string[] {
  const calls: string[] = [];
  // a conditional part is for a variant of the board that this project does not select
  let conditional = 0;
  const lines = body
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .filter((line) => {
      if (/^\s*#\s*if/.test(line)) conditional++;
      const isCode = conditional === 0 && !/^\s*#/.test(line);
      if (/^\s*#\s*endif/.test(line)) conditional = Math.max(0, conditional - 1);
      return isCode;
    });
  for (const raw of lines.join('\n').split(';')) {
    const statement = raw.trim().replace(/\s+/g, ' ');
    if (statement === '') continue;
    const call = INIT_CALL.exec(statement.replace(/ ?\( ?void ?\) ?(?=[A-Z])/, '').replace(/ \(/, '('));
    if (call) calls.push(`${call[1]!}(${call[2]!.trim()})`);
    else if (/\b(while|for|do|if|switch|return|PRINTF|printf|GETCHAR)\b/.test(statement)) break;
  }
  return calls;
}

/** Text between the braces of a function's definition; empty when it is not there. */
function functionBody(text: string, name: string): string {
  const head = new RegExp(`\\b(?:int|void)\\s+${name}\\s*\\([^)]{0,200}\\)\\s*\\{`).exec(text);
  if (!head) return '';
  const start = head.index + head[0].length;
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return text.slice(start, i);
  }
  return '';
}

/** C text with comments as spaces and string literals empty but for those of includes; bounded to an example's size. */
function withoutComments(text: string): string {
  // what is not closed ends with its line, a comment with the text: nothing is looked at twice
  const token = /("(?:[^"\\\n]|\\.)*"?)|('(?:[^'\\\n]|\\.)*'?)|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g;
  return text
    .slice(0, 1024 * 1024)
    .replace(/\r\n/g, '\n')
    .replace(token, (_, string?: string, character?: string) => {
      if (string !== undefined) return string.endsWith('.h"') ? string : '""';
      return character === undefined ? ' ' : "' '";
    });
}

/** Whether a C source defines main(), so that it cannot be built beside the firmware's own. */
export function definesMain(text: string): boolean {
  return /\bint\s+main\s*\([^;{)]{0,200}\)\s*\{/.test(withoutComments(text));
}
