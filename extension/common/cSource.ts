/**
 * What a C or C++ file makes at file scope, read as the compiler's first phases read it: comments, literals, preprocessor
 * lines, braces. It knows no macros' contents; every branch of a conditional counts but those that `#if 0` takes out.
 */

/** A token of code outside of comments and preprocessor lines. */
export interface CToken {
  readonly kind: 'word' | 'number' | 'literal' | 'mark';
  /** A literal without what is in it. */
  readonly text: string;
  readonly condition: CCondition | undefined;
}

/** A part of a conditional that something stands in, a header's guard left aside. */
export interface CCondition {
  /** The part of another conditional that this conditional stands in. */
  readonly outer: CCondition | undefined;
  /** The part of this conditional before this one. */
  readonly before: CCondition | undefined;
  /** The line that begins it, without `#`: `if defined(X)`, `else`. */
  readonly line: string;
}

export interface CFunction {
  readonly isStatic: boolean;
  /** Another definition of the name takes its place. */
  readonly isWeak: boolean;
  /** What stands between its braces. */
  readonly body: readonly CToken[];
}

export interface CInclude {
  /** As written, without quotes or brackets. */
  readonly file: string;
  readonly quoted: boolean;
  readonly condition: CCondition | undefined;
}

export interface CSource {
  readonly includes: readonly CInclude[];
  /** Functions with a body, by name. */
  readonly functions: ReadonlyMap<string, CFunction>;
  /** Variables that it defines, by name: whether they are static. */
  readonly variables: ReadonlyMap<string, { readonly isStatic: boolean }>;
  /** Functions and variables that it declares without defining them. */
  readonly declarations: ReadonlySet<string>;
  readonly macros: ReadonlySet<string>;
  /** Types, tags and enumerators. */
  readonly types: ReadonlySet<string>;
  /** Every word of its code and its preprocessor lines, wherever it stands. */
  readonly words: ReadonlySet<string>;
}

/** Longest source that is read, in characters: the largest device header has a few million. */
const MAX_SOURCE = 8 * 1024 * 1024;
/** Most tokens of a function's head. */
const MAX_HEAD = 100;
/** Most tokens of a declaration, what stands in braces left aside. */
const MAX_DECLARATION = 1000;

/** Reads a C source. Linear in its length; what does not end, ends with the text. */
export function readC(text: string): CSource {
  const reader = new FileScope();
  const words = new Set<string>();
  for (const part of partsOf(text.slice(0, MAX_SOURCE))) {
    if (typeof part === 'string') {
      reader.directive(part);
      if (!reader.isLeftOut) for (const [word] of part.matchAll(/[A-Za-z_]\w*/g)) words.add(word);
    } else if (!reader.isLeftOut) {
      if (part.kind === 'word') words.add(part.text);
      reader.take(part);
    }
  }
  return { ...reader.result(), words };
}

/** Whether a name is made or declared in a file, as whatever it is. */
export function knowsName(source: CSource, name: string): boolean {
  return (
    source.functions.has(name) ||
    source.declarations.has(name) ||
    source.macros.has(name) ||
    source.types.has(name) ||
    source.variables.has(name)
  );
}

/** Whether a source is a program's: it cannot be built beside another one that is. */
export function definesMain(text: string): boolean {
  return text.includes('main') && readC(text).functions.has('main');
}

/** Names that two files may not both define when they are linked. */
export function linkedNames({ functions, variables }: CSource): string[] {
  return [
    ...[...functions].filter(([, f]) => !f.isStatic && !f.isWeak),
    ...[...variables].filter(([, v]) => !v.isStatic),
  ].map(([name]) => name);
}

/** Names that a declaration outside of parentheses and braces makes: those before `=`, `[`, `,` and the end. */
export function declaredNames(tokens: readonly CToken[]): string[] {
  const names: string[] = [];
  let depth = 0;
  let isValue = false;
  tokens.forEach(({ kind, text }, i) => {
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text)) depth--;
    else if (depth > 0) return;
    else if (text === '=') isValue = true;
    else if (text === ',') isValue = false;
    else if (kind === 'word' && !isValue && /^[=[,]?$/.test(tokens[i + 1]?.text ?? '')) names.push(text);
  });
  return names;
}

/** What code is made of outside of comments and preprocessor lines. A line that ends in `\\` goes on. */
const PART =
  /(\\?\s+)|([A-Za-z_$][\w$]*)|(\.?\d[\w.']*)|("(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?)|::|[\s\S]/y;

/** Tokens and, as strings, preprocessor lines without their `#` and their comments. */
function* partsOf(text: string): Generator<Omit<CToken, 'condition'> | string> {
  let isLineStart = true;
  let at = 0;
  while (at < text.length) {
    const comment = commentEnd(text, at);
    if (comment !== undefined) at = comment;
    else if (isLineStart && text[at] === '#') {
      const line = readDirective(text, at + 1);
      at = line.end;
      yield line.text;
    } else {
      PART.lastIndex = at;
      const found = PART.exec(text)!;
      const whole = found[0];
      const space = found[1];
      const word = found[2];
      const number = found[3];
      const literal = found[4];
      at = PART.lastIndex;
      if (space !== undefined) isLineStart ||= space.includes('\n');
      else isLineStart = false;
      if (word !== undefined) yield { kind: 'word', text: word };
      else if (number !== undefined) yield { kind: 'number', text: number };
      else if (literal !== undefined) yield { kind: 'literal', text: literal[0]! };
      else if (space === undefined) yield { kind: 'mark', text: whole };
    }
  }
}

/** Where the comment ends that begins at a place; undefined when none does. */
function commentEnd(text: string, at: number): number | undefined {
  if (text[at] !== '/') return undefined;
  if (text[at + 1] === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  return text[at + 1] === '/' ? lineEnd(text, at) : undefined;
}

/** The end of a line, continued ones included. */
function lineEnd(text: string, from: number): number {
  let end = text.indexOf('\n', from);
  while (end >= 0 && /\\\r?$/.test(text.slice(Math.max(from, end - 2), end)))
    end = text.indexOf('\n', end + 1);
  return end < 0 ? text.length : end;
}

/** A preprocessor line from behind its `#`, comments as spaces; a comment may hide the line's end. */
function readDirective(text: string, from: number): { text: string; end: number } {
  const pieces: string[] = [];
  let at = from;
  let end = lineEnd(text, at);
  while (at < end) {
    const comment = commentEnd(text, at);
    if (comment !== undefined) {
      pieces.push(' ');
      at = comment;
      if (at > end) end = lineEnd(text, at);
      continue;
    }
    PART.lastIndex = at;
    const whole = PART.exec(text)![0];
    // white space goes over the line's end
    pieces.push(/^\\?\s/.test(whole) ? ' ' : whole);
    at = PART.lastIndex;
  }
  return { text: pieces.join(''), end };
}

/** A conditional that is open: where its parts begin, and whether the part that is read now is left out. */
interface Conditional {
  readonly depth: number;
  readonly head: readonly CToken[];
  readonly isInFunction: boolean;
  readonly isGuard: boolean;
  isLeftOut: boolean;
  /** Its first part is taken for sure, so the others are left out. */
  readonly isTaken: boolean;
  /** The part that is read now. */
  part: CCondition;
}

/** Reads tokens one by one, and keeps what is made outside of all braces. */
class FileScope {
  readonly #includes: CInclude[] = [];
  readonly #functions = new Map<string, CFunction>();
  readonly #variables = new Map<string, { readonly isStatic: boolean }>();
  readonly #declarations = new Set<string>();
  readonly #macros = new Set<string>();
  readonly #types = new Set<string>();
  readonly #open: Conditional[] = [];
  /** Of the first `#ifndef X` of a file, which is its guard when `#define X` follows. */
  #guard: string | undefined;
  #isStart = true;
  #depth = 0;
  /** What stands before a brace or semicolon outside of all braces. */
  #head: CToken[] = [];
  /** Of all that stands in braces outside of functions, enumerators are read. */
  #isEnum = false;
  #before = '';
  /** Behind the braces of a type or a value the declaration goes on. */
  #goesOn = false;
  /** Tokens of the function that is being read. */
  #body: CToken[] | undefined;

  /** Of the open conditionals, how many leave out what is read now. */
  #leftOut = 0;

  get isLeftOut(): boolean {
    return this.#leftOut > 0;
  }

  /** What was read; a function that does not end, ends with the text. */
  result(): Omit<CSource, 'words'> {
    if (this.#body) this.#endFunction(this.#body);
    return {
      includes: this.#includes,
      functions: this.#functions,
      variables: this.#variables,
      declarations: this.#declarations,
      macros: this.#macros,
      types: this.#types,
    };
  }

  directive(line: string): void {
    const [, name = '', rest = ''] = /^\s*(\w*)([\s\S]*)$/.exec(line)!;
    const value = rest.trim();
    if (/^(if|ifdef|ifndef)$/.test(name)) this.#openConditional(name, value);
    else if (/^(else|elif|elifdef|elifndef)$/.test(name)) this.#nextPart(name, value);
    else if (name === 'endif') this.#closeConditional();
    else if (!this.isLeftOut && name === 'define') this.#define(value);
    else if (!this.isLeftOut && name === 'include') this.#include(value);
    this.#isStart = false;
  }

  take(token: Omit<CToken, 'condition'>): void {
    this.#isStart = false;
    this.#guard = undefined;
    const full = { ...token, condition: this.#condition };
    if (token.text === '{') this.#openBrace(full);
    else if (token.text === '}') this.#closeBrace(full);
    else if (this.#depth > 0) this.#inside(full);
    else if (token.text === ';') this.#endDeclaration();
    else this.#push(full);
  }

  /** What is read now stands in. */
  get #condition(): CCondition | undefined {
    return this.#open.findLast((c) => !c.isGuard)?.part; // only a file's first conditional is a guard
  }

  #openConditional(name: string, value: string): void {
    const guard = name === 'ifndef' ? value : /^!defined\(?(\w+)\)?$/.exec(value.replace(/\s/g, ''))?.[1];
    const isGuard = this.#isStart && guard !== undefined;
    this.#guard = isGuard ? guard : undefined;
    const constant = name === 'if' ? /^\(?(0|1)[uUlL]*\)?$/.exec(value.replace(/\s/g, ''))?.[1] : undefined;
    this.#open.push({
      depth: this.#depth,
      // longer ones are no function's
      head: this.#head.length > MAX_HEAD ? [] : [...this.#head],
      isInFunction: this.#body !== undefined,
      isGuard,
      isLeftOut: constant === '0',
      isTaken: constant === '1',
      part: { outer: this.#condition, before: undefined, line: `${name} ${value}` },
    });
    if (constant === '0') this.#leftOut++;
  }

  #closeConditional(): void {
    const closed = this.#open.pop();
    if (closed?.isLeftOut) this.#leftOut--;
  }

  /** Each part of a conditional starts where the first one did, so that braces that stand in several count once. */
  #nextPart(name: string, value: string): void {
    const last = this.#open[this.#open.length - 1];
    if (!last) return;
    last.part = { outer: last.part.outer, before: last.part, line: `${name} ${value}`.trim() };
    this.#leftOut += Number(last.isTaken) - Number(last.isLeftOut);
    last.isLeftOut = last.isTaken;
    this.#depth = last.depth;
    this.#head = [...last.head];
    if (!last.isInFunction) this.#body = undefined;
  }

  #define(value: string): void {
    const name = /^\w+/.exec(value)?.[0];
    if (name === undefined) return;
    if (name === this.#guard) this.#guard = undefined;
    else this.#macros.add(name);
  }

  #include(value: string): void {
    const found = /^(["<])([^">\n]{1,200})[">]/.exec(value);
    if (found) this.#includes.push({ file: found[2]!, quoted: found[1] === '"', condition: this.#condition });
  }

  #openBrace(brace: CToken): void {
    if (this.#depth > 0) {
      this.#depth++;
      this.#inside(brace);
      return;
    }
    const head = this.#head;
    // what stands in extern "C" { } stands at file scope
    if (head.length === 2 && head[0]!.text === 'extern') {
      this.#head = [];
      return;
    }
    this.#depth = 1;
    this.#before = brace.text;
    this.#isEnum = false;
    this.#goesOn = true;
    if (head.length <= MAX_HEAD) this.#openBody(head);
    this.#push(brace);
  }

  /** What braces behind this head are: a function's, a type's, or others. */
  #openBody(head: readonly CToken[]): void {
    const words = head.map((t) => t.text);
    const kind = words.findIndex((w) => TAGGED.test(w));
    const isValue = words.includes('=') || words.includes('typedef');
    if (!isValue && functionName(head) !== undefined) this.#body = [];
    else if (kind >= 0) {
      const tag = withoutAttributes(head.slice(kind + 1))[0];
      if (tag?.kind === 'word') this.#types.add(tag.text);
      this.#isEnum = words[kind] === 'enum';
    }
    this.#goesOn = isValue || kind >= 0;
  }

  #closeBrace(brace: CToken): void {
    if (this.#depth === 0) return;
    this.#depth--;
    if (this.#depth > 0) this.#inside(brace);
    else if (this.#body) this.#endFunction(this.#body);
    else if (this.#goesOn) this.#push(brace);
    else this.#head = [];
  }

  #inside(token: CToken): void {
    if (this.#body) this.#body.push(token);
    else if (this.#isEnum && this.#depth === 1) {
      if (token.kind === 'word' && /^[{,]$/.test(this.#before)) this.#types.add(token.text);
      this.#before = token.text;
    }
  }

  #endFunction(body: readonly CToken[]): void {
    const head = this.#head;
    this.#head = [];
    this.#body = undefined;
    const name = functionName(head.slice(0, -1));
    if (name === undefined) return;
    const has = (pattern: RegExp): boolean => head.some((t) => pattern.test(t.text));
    // of two, in two parts of a conditional, the one that counts more
    const isWeak = has(/weak/i);
    if (isWeak && this.#functions.has(name)) return;
    this.#functions.set(name, { isStatic: has(/^static$/), isWeak, body });
  }

  #endDeclaration(): void {
    const head = this.#head;
    this.#head = [];
    const has = (word: string): boolean => head.some((t) => t.text === word);
    if (has('typedef')) {
      const alias = /^[()]$/.test(head.at(-1)?.text ?? '')
        ? head.find((t, i) => t.kind === 'word' && head[i - 1]?.text === '*' && head[i + 1]?.text === ')')
        : head.findLast((t) => t.kind === 'word');
      if (alias) this.#types.add(alias.text);
      return;
    }
    const isValue = head.some((t) => t.text === '=');
    const called = isValue ? undefined : functionName(head);
    if (called !== undefined) this.#declarations.add(called);
    else if (has('extern') && !isValue) for (const name of declaredNames(head)) this.#declarations.add(name);
    else if (!has('using') && (head.length > 1 || isValue)) {
      for (const name of declaredNames(head)) this.#variable(name, head);
    }
  }

  #variable(name: string, head: readonly CToken[]): void {
    const words = withoutAttributes(head).map((t) => t.text);
    if (words.length === 2 && TAGGED.test(words[0]!)) this.#types.add(name);
    else this.#variables.set(name, { isStatic: head.some((t) => t.text === 'static') });
  }

  /** Adds to what stands outside of all braces; nobody declares as much as is left out here. */
  #push(token: CToken): void {
    if (this.#head.length < MAX_DECLARATION) this.#head.push(token);
  }
}

/**
 * The function that a head such as `static void f(int a)` declares: the first name before parentheses that a type stands
 * before, else the first one. Undefined when there is none, and for members of C++ classes.
 */
function functionName(head: readonly CToken[]): string | undefined {
  let depth = 0;
  let first: number | undefined;
  for (let i = 0; i < head.length; i++) {
    const { text } = head[i]!;
    const name = head[i - 1];
    if (text === ')') depth--;
    if (text !== '(') continue;
    if (depth++ > 0 || name?.kind !== 'word' || ATTRIBUTES.test(name.text)) continue;
    const before = head[i - 2];
    if (before?.text === '::') return undefined;
    if (before?.kind === 'word' || before?.text === '*' || before?.text === '&') return name.text;
    first ??= i;
  }
  if (first === undefined) return undefined;
  // AT_SECTION(void f(void)): the macro stands first, the function in its parentheses
  return functionName(inParentheses(head, first)) ?? head[first - 1]!.text;
}

/** A head without `__attribute__((…))` and the like. */
function withoutAttributes(head: readonly CToken[]): CToken[] {
  const rest: CToken[] = [];
  for (let i = 0; i < head.length; i++) {
    if (!ATTRIBUTES.test(head[i]!.text)) rest.push(head[i]!);
    else if (head[i + 1]?.text === '(') i += inParentheses(head, i + 1).length + 2;
  }
  return rest;
}

const TAGGED = /^(struct|union|enum|class)$/;
const ATTRIBUTES = /^(__attribute__|__attribute|__declspec|alignas|_Alignas|noexcept)$/;

function inParentheses(head: readonly CToken[], open: number): CToken[] {
  let depth = 0;
  for (let i = open; i < head.length; i++) {
    if (head[i]!.text === '(') depth++;
    if (head[i]!.text === ')' && --depth === 0) return head.slice(open + 1, i);
  }
  return head.slice(open + 1);
}
