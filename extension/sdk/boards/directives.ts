import { evaluate, type Names } from './expression.ts';

/** A line of C that the preprocessor reads, without its `#`. */
export interface Directive {
  /** Such as `include`, `ifdef`. */
  readonly kind: string;
  readonly text: string;
}

/** The directives that decide what is included, comments and line ends in them removed. Pure. */
export function directivesOf(source: string): Directive[] {
  const plain = source
    .replace(/\r\n?/g, '\n')
    .replace(/\\\n/g, ' ')
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
    .replace(/\/\/[^\n]*/g, '');
  const directives: Directive[] = [];
  for (const [, kind, text] of plain.matchAll(
    /^[ \t]*#[ \t]*(include|define|undef|if|ifdef|ifndef|elif|else|endif)\b([^\n]*)$/gm,
  )) {
    directives.push({ kind: kind!, text: text!.trim() });
  }
  return directives;
}

/** Macros by name, with their value where it is a number. */
export type Macros = Map<string, number | undefined>;

/** Macros as a compiler gets them on its command line: `NAME` or `NAME=VALUE`. */
export function macrosOf(defines: readonly string[]): Macros {
  return new Map(
    defines.map((define) => {
      const [name, value] = define.split('=', 2);
      return [name!, value === undefined ? 1 : evaluate(value, NOTHING)];
    }),
  );
}

const NOTHING: Names = { value: () => undefined };

/** Macros without arguments that these directives define, whatever the conditions around them. */
export function definedBy(directives: readonly Directive[]): Macros {
  const macros: Macros = new Map();
  for (const { kind, text } of directives) if (kind === 'define') define(macros, text);
  return macros;
}

/**
 * Goes through a file as the preprocessor does: takes the branches of `#if` that hold, notes what is defined, and says each
 * file in quotes that is included.
 * @param macros what is defined before, and after it what is defined then
 */
export function preprocess(
  directives: readonly Directive[],
  macros: Macros,
  include: (name: string) => void,
): void {
  // of each #if that is open: whether this branch is taken, and whether one has been
  const open: { taken: boolean; done: boolean }[] = [];
  for (const { kind, text } of directives) {
    const top = open.at(-1);
    if (kind === 'if' || kind === 'ifdef' || kind === 'ifndef') {
      const taken = holds(kind, text, macros);
      open.push({ taken, done: taken });
    } else if (kind === 'endif') open.pop();
    else if (kind === 'elif' || kind === 'else') {
      if (!top) continue;
      top.taken = !top.done && (kind === 'else' || holds('if', text, macros));
      top.done ||= top.taken;
    } else if (open.every((o) => o.taken)) {
      if (kind === 'define') define(macros, text);
      else if (kind === 'undef') macros.delete(text);
      else {
        const name = /^"([^"]{1,200})"/.exec(text)?.[1];
        if (name !== undefined) include(name);
      }
    }
  }
}

function holds(kind: string, text: string, macros: Macros): boolean {
  const name = /^\w{1,200}/.exec(text)?.[0] ?? '';
  if (kind === 'ifdef') return macros.has(name);
  if (kind === 'ifndef') return !macros.has(name);
  const value = evaluate(text, {
    // as the preprocessor has it: what is no macro is 0
    value: (macro) => (macros.has(macro) ? macros.get(macro) : 0),
    call: (call, argument) => (call === 'defined' ? Number(macros.has(argument)) : undefined),
  });
  return value !== undefined && value !== 0;
}

function define(macros: Macros, text: string): void {
  const match = /^(\w{1,200})(?![\w(])\s*(.{0,500})$/.exec(text);
  if (!match) return;
  const [, name, value] = match;
  macros.set(name!, evaluate(value!, { value: (other) => macros.get(other) }));
}
