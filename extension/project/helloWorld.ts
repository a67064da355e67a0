import type { BoardData } from '../board/catalogue.ts';
import {
  type CCondition,
  type CSource,
  type CToken,
  declaredNames,
  knowsName,
  readC,
} from '../common/cSource.ts';

import { type Guard, guardOf } from './guarded.ts';

/** How main() starts on a board. */
export interface BoardInit {
  /** Headers to include, in order, without quotes. */
  readonly headers: readonly string[];
  /** C calls in order, without the semicolon. */
  readonly calls: readonly string[];
  /** Of the headers and calls that stand in conditionals: which. */
  readonly guards: ReadonlyMap<string, Guard>;
  /** Where it was read: the catalogue alone, or an example of the SDK. */
  readonly from: 'catalogue' | 'example';
  /** What the example does, or the board needs, and main() does not. */
  readonly leftOut: readonly LeftOut[];
}

/** A call or an include that main.c does not have, and why. */
export interface LeftOut {
  readonly what: string;
  /**
   * `conditional`: it stands in conditionals that are not taken over; `own`: it, or what it names, is made in the example's main file only;
   * `undeclared`: no header that main.c includes names it; `undefined`: no source defines it; `arguments`: they are not plain.
   */
  readonly why: 'conditional' | 'own' | 'undeclared' | 'undefined' | 'arguments';
}

/** Texts of the SDK's example for the board, as far as they are there. */
export interface ExampleSources {
  /** hello_world.c, or any example's main file. */
  readonly main?: string | undefined;
  /** hardware_init.c, where SDK 24.12 and later keep the calls. */
  readonly hardwareInit?: string | undefined;
  /** pin_mux.h and clock_config.h: what they do not declare is not called. */
  readonly declarations?: string | undefined;
  /** pin_mux.c and clock_config.c: what they do not define is not called. */
  readonly definitions?: string | undefined;
}

/** What the code around the example's main file says about a name. */
export interface KnownCode {
  /** Whether one of these headers, or what they include, names it; undefined where not all of them are at hand. */
  declares(name: string, headers: readonly string[]): boolean | undefined;
  /** Whether something that is built defines it, main files left aside; undefined where its source is not at hand. */
  defines(name: string): boolean | undefined;
}

/** Headers of the board and the SDK; those of the example's own code are not taken along. */
const BOARD_HEADER = /^(fsl_\w+|board|pin_mux|clock_config|peripherals|app|app_config)\.h$/;
/** Functions that prepare the board. */
const INIT_FUNCTION = /^(BOARD_\w+|CLOCK_\w+|SystemCoreClockUpdate|POWER_\w+|RESET_\w+)$/;
/** Longest argument list that is taken over, in characters. */
const MAX_ARGUMENTS = 200;
/** Words that need no header of the SDK. */
const STANDARD = /^(u?int\d+_t|size_t|bool|true|false|NULL|void|char|short|int|long|unsigned|signed|const)$/;

/**
 * Reads the init calls, their order and the includes from the board's own example, then makes sure of what the board needs:
 * `BOARD_InitBootPins` (in a new project `BOARD_InitPins` is empty), the boot clocks the catalogue knows to be right
 * (LPC845: `BOARD_BootClockFRO30M` after `CLOCK_Select`), and `BOARD_ConfigMPU` before all else on i.MX RT. Without an
 * example it is what the catalogue says. What main.c could not call where the example's main file is not built is left out. Pure.
 */
export function boardInit(
  board: BoardData,
  example: ExampleSources = {},
  code: KnownCode = codeOfTexts(example),
): BoardInit {
  const read = readExample(example);
  const guards = new Map(read?.guards);
  for (const known of [...board.init.headers, ...board.init.calls]) guards.delete(known); // always needed
  const headers = [...new Set([...(read?.headers ?? []), ...board.init.headers])];
  const always = headers.filter((header) => !guards.has(header));
  const leftOut = new Map<string, LeftOut>((read?.leftOut ?? []).map((l) => [l.what, l]));
  const obstacle = (call: string): LeftOut['why'] | undefined =>
    obstacleOf(call, guards.has(call) ? headers : always, read?.own ?? [], code);
  const usable = (calls: readonly string[]): string[] =>
    calls.filter((what) => {
      const why = obstacle(what);
      if (why) leftOut.set(what, { what, why });
      return why === undefined;
    });
  const preferred = (call: string): string => {
    const known = board.init.calls.filter(isBootClock);
    const wanted = isPins(call)
      ? ['BOARD_InitBootPins()', call, 'BOARD_InitPins()']
      : isBootClock(call)
        ? [...known, call, 'BOARD_InitBootClocks()', 'BOARD_BootClockRUN()']
        : [call];
    return wanted.find((c) => !obstacle(c)) ?? call;
  };
  const wanted = board.init.calls.map(preferred);
  // what the board needs it needs always
  const ofExample = (read?.calls ?? []).filter((c) => !guards.has(c) || !wanted.some((w) => doesSame(c, w)));
  const calls = merge(
    usable(ofExample.map((call) => (guards.has(call) ? call : preferred(call)))),
    usable(wanted),
  );
  return { headers, calls, guards, from: read ? 'example' : 'catalogue', leftOut: [...leftOut.values()] };
}

/** Why main.c cannot make a call; undefined when it can, or when nothing is known against it. */
function obstacleOf(
  call: string,
  headers: readonly string[],
  own: readonly CSource[],
  code: KnownCode,
): LeftOut['why'] | undefined {
  const called = functionOf(call);
  for (const word of new Set(call.match(/[A-Za-z_]\w*/g))) {
    if (STANDARD.test(word)) continue;
    const declared = code.declares(word, headers);
    const defined = word === called ? code.defines(word) : undefined;
    const isOwn = own.some((source) => knowsName(source, word));
    if (isOwn && !(declared === true && (defined === true || word !== called))) return 'own';
    if (declared === false) return 'undeclared';
    if (defined === false) return 'undefined';
  }
  return undefined;
}

/** What the headers and sources of pins and clocks say, when nothing else is at hand. */
function codeOfTexts({ declarations, definitions }: ExampleSources): KnownCode {
  const isTheirs = (name: string): boolean => isPins(`${name}()`) || isBootClock(`${name}()`);
  const headers = declarations === undefined ? undefined : readC(declarations);
  const sources = definitions === undefined ? undefined : readC(definitions);
  return {
    declares: (name) => (headers && isTheirs(name) ? knowsName(headers, name) : undefined),
    defines: (name) => (sources && isTheirs(name) ? sources.functions.has(name) : undefined),
  };
}

interface ReadExample {
  readonly headers: readonly string[];
  readonly calls: readonly string[];
  readonly guards: ReadonlyMap<string, Guard>;
  readonly leftOut: readonly LeftOut[];
  /** The files that the calls were read in. */
  readonly own: readonly CSource[];
}

/** The init calls and headers of an example; undefined when no main() or BOARD_InitHardware() with such calls is in it. */
function readExample(example: ExampleSources): ReadExample | undefined {
  const main = readC(example.main ?? '');
  const hardware = readC(example.hardwareInit ?? '');
  const inMain = callsOf(main, 'main');
  const isSplit = inMain.calls.includes('BOARD_InitHardware()') || !example.main;
  const inHardware = callsOf(hardware, 'BOARD_InitHardware');
  const split = inHardware.calls.length > 0 ? inHardware : callsOf(main, 'BOARD_InitHardware');
  const { calls, guards, leftOut } = isSplit ? split : inMain;
  if (!calls.some((c) => c.startsWith('BOARD_') && c !== 'BOARD_InitHardware()')) return undefined;
  const own = isSplit ? [hardware, main] : [main];
  // app.h belongs to the split example only, and declares nothing that main.c calls
  const includes = own
    .flatMap((source) => source.includes)
    .filter((i) => i.quoted && BOARD_HEADER.test(i.file) && !i.file.startsWith('app'));
  const isAlways = new Set(includes.filter((i) => !i.condition).map((i) => i.file));
  const headers = new Set<string>();
  for (const { file, condition } of includes) {
    const guard = condition && !isAlways.has(file) ? guardOf(condition) : undefined;
    if (guard && !guards.has(file)) guards.set(file, guard);
    if (guard || isAlways.has(file)) headers.add(file);
    else leftOut.push({ what: `#include "${file}"`, why: 'conditional' });
  }
  return { headers: [...headers], calls, guards, leftOut, own };
}

function isPins(call: string): boolean {
  return /^BOARD_Init(Boot)?Pins\(\)$/.test(call);
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
  return functionOf(a) === functionOf(b) || (isBootClock(a) && isBootClock(b)) || (isPins(a) && isPins(b));
}

function functionOf(call: string): string {
  return call.slice(0, call.indexOf('('));
}

interface ReadCalls {
  readonly calls: string[];
  readonly guards: Map<string, Guard>;
  readonly leftOut: LeftOut[];
}

/**
 * Calls at the start of a function's body, up to its first loop, output or other statement than a declaration; those that stand in
 * conditionals with their guards.
 */
function callsOf(source: CSource, name: string): ReadCalls {
  const calls: string[] = [];
  const guards = new Map<string, Guard>();
  const leftOut: LeftOut[] = [];
  const locals = new Set<string>();
  for (const statement of statementsOf(source.functions.get(name)?.body ?? [])) {
    if (statement.some((t) => /^(while|for|do|if|switch|return|PRINTF|printf|GETCHAR)$/.test(t.text))) break;
    const call = readCall(statement);
    if (!call) {
      for (const local of declaredNames(statement)) locals.add(local);
      continue;
    }
    const { what } = call;
    const { condition } = statement[0]!;
    const guard = condition && isWithin(statement, condition) ? guardOf(condition) : undefined;
    if (what === undefined) leftOut.push({ what: `${call.name}(...)`, why: 'arguments' });
    else if (!guard && statement.some((t) => t.condition)) leftOut.push({ what, why: 'conditional' });
    else if (statement.some((t) => locals.has(t.text))) leftOut.push({ what, why: 'own' });
    else {
      if (guard && !calls.includes(what)) guards.set(what, guard);
      if (!guard) guards.delete(what);
      calls.push(what);
    }
  }
  return { calls, guards, leftOut };
}

/** Whether all of a statement stands in the same part of a conditional. */
function isWithin(statement: readonly CToken[], condition: CCondition): boolean {
  return statement.every((t) => t.condition === condition);
}

/** Statements of a body in order; braces part them as semicolons do, but for those of a value. */
function* statementsOf(body: readonly CToken[]): Generator<readonly CToken[]> {
  let statement: CToken[] = [];
  let valueDepth = 0;
  for (const token of body) {
    const isValue = valueDepth > 0 || statement.at(-1)?.text === '=';
    if (token.text === '{' && isValue) valueDepth++;
    else if (token.text === '}' && isValue) valueDepth--;
    else if (!/^[;{}]$/.test(token.text)) {
      if (valueDepth === 0) statement.push(token);
    } else {
      if (statement.length > 0) yield statement;
      statement = [];
    }
  }
  if (statement.length > 0) yield statement;
}

/** A statement that is an init call; `what` is undefined where its arguments are more than names, numbers and macros. */
function readCall(statement: readonly CToken[]): { name: string; what: string | undefined } | undefined {
  const isCast =
    statement
      .slice(0, 3)
      .map((t) => t.text)
      .join('') === '(void)';
  const [called, open, ...rest] = isCast ? statement.slice(3) : statement;
  if (!called || !INIT_FUNCTION.test(called.text) || open?.text !== '(') return undefined;
  const name = called.text;
  const close = rest.pop();
  const isPlain = rest.every((t) => /^(word|number)$/.test(t.kind) || /^[,|()*&.+-]$/.test(t.text));
  if (close?.text !== ')' || !isPlain || depthsOf(rest) !== 'balanced') return { name, what: undefined };
  const spaced = (text: string): string => (text === ',' ? ', ' : /^[|+-]$/.test(text) ? ` ${text} ` : text);
  const list = rest
    .map((t, i) => (t.kind !== 'mark' && rest[i - 1]?.kind === 'word' ? ` ${t.text}` : spaced(t.text)))
    .join('');
  return { name, what: list.length > MAX_ARGUMENTS ? undefined : `${name}(${list === 'void' ? '' : list})` };
}

function depthsOf(tokens: readonly CToken[]): 'balanced' | 'crossed' {
  let depth = 0;
  for (const { text } of tokens) {
    if (text === '(') depth++;
    if (text === ')' && --depth < 0) return 'crossed';
  }
  return depth === 0 ? 'balanced' : 'crossed';
}
