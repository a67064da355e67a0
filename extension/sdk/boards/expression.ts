/** What an expression asks of its surroundings. */
export interface Names {
  /** Value of a name; undefined where it has none. */
  value(name: string): number | undefined;
  /** A call such as `DEFINED(x)` or `ORIGIN(m_text)`; undefined where it is not known. */
  call?(name: string, argument: string): number | undefined;
}

/** Longest expression that is read, in characters. */
const MAX_LENGTH = 2000;
/** Deepest nesting of parentheses and operators in front. */
const MAX_DEPTH = 60;
/** Weakest first; those of a row bind alike. */
const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]{1,16}|\d{1,16})([uUlLkKmM]{0,3})|([A-Za-z_]\w{0,100})|(\|\||&&|==|!=|<=|>=|<<|>>|[-+*/%()<>&|^~!?:]))/y;

/**
 * Value of a constant expression as linker scripts and the C preprocessor have them: integers (`K` and `M` as the linker
 * reads them), names, calls with one name, C's operators. Pure.
 * @returns undefined where it is none, or a name has no value
 */
export function evaluate(text: string, names: Names): number | undefined {
  const tokens = text.length <= MAX_LENGTH ? tokensOf(text) : undefined;
  if (!tokens) return undefined;
  const reader = new Reader(tokens, names);
  const value = reader.conditional(0);
  return reader.isAtEnd() ? value : undefined;
}

type Token = { readonly number: number } | { readonly name: string } | { readonly sign: string };

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const [, digits, suffix, name, sign] = match;
    if (digits !== undefined) {
      const factor = /[kK]/.test(suffix!) ? 1024 : /[mM]/.test(suffix!) ? 1024 * 1024 : 1;
      tokens.push({ number: Number(digits) * factor });
    } else tokens.push(name === undefined ? { sign: sign! } : { name });
  }
  return tokens;
}

/** Reads tokens once, from left to right; an unknown value makes what it is needed for unknown. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #at = 0;

  constructor(tokens: readonly Token[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  conditional(depth: number): number | undefined {
    const condition = this.#binary(0, depth);
    if (!this.#take('?')) return condition;
    const yes = this.conditional(depth + 1);
    const no = this.#take(':') ? this.conditional(depth + 1) : undefined;
    if (condition === undefined) return undefined;
    return condition === 0 ? no : yes;
  }

  #binary(level: number, depth: number): number | undefined {
    const signs = BINARY[level];
    if (!signs) return this.#unary(depth);
    let left = this.#binary(level + 1, depth);
    for (let sign = this.#takeOf(signs); sign !== undefined; sign = this.#takeOf(signs)) {
      left = combine(sign, left, this.#binary(level + 1, depth));
    }
    return left;
  }

  #unary(depth: number): number | undefined {
    if (depth > MAX_DEPTH) return this.#fail();
    const sign = this.#takeOf(['!', '-', '+', '~']);
    if (sign === undefined) return this.#primary(depth);
    const value = this.#unary(depth + 1);
    if (value === undefined) return undefined;
    return sign === '!' ? Number(value === 0) : sign === '-' ? -value : sign === '~' ? ~value : value;
  }

  #primary(depth: number): number | undefined {
    const token = this.#tokens[this.#at];
    if (!token) return this.#fail();
    this.#at++;
    if ('number' in token) return token.number;
    if ('name' in token) return this.#named(token.name);
    if (token.sign !== '(') return this.#fail();
    const value = this.conditional(depth + 1);
    return this.#take(')') ? value : this.#fail();
  }

  #named(name: string): number | undefined {
    // `defined X` needs no parentheses
    const isCall = this.#take('(');
    const next = this.#tokens[this.#at];
    if (!isCall && !(name === 'defined' && next && 'name' in next)) return this.#names.value(name);
    if (!next || !('name' in next)) return this.#fail();
    this.#at++;
    if (isCall && !this.#take(')')) return this.#fail();
    return this.#names.call?.(name, next.name);
  }

  #take(sign: string): boolean {
    return this.#takeOf([sign]) !== undefined;
  }

  #takeOf(signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (!token || !('sign' in token) || !signs.includes(token.sign)) return undefined;
    this.#at++;
    return token.sign;
  }

  /** What cannot be read is never at its end. */
  #fail(): undefined {
    this.#at = -1;
    return undefined;
  }
}

function combine(sign: string, a: number | undefined, b: number | undefined): number | undefined {
  // what decides alone decides, whatever the other is
  if (sign === '||' && ((a ?? 0) !== 0 || (b ?? 0) !== 0)) return 1;
  if (sign === '&&' && (a === 0 || b === 0)) return 0;
  if (a === undefined || b === undefined) return undefined;
  switch (sign) {
    case '||':
      return 0;
    case '&&':
      return 1;
    case '|':
      return (a | b) >>> 0;
    case '^':
      return (a ^ b) >>> 0;
    case '&':
      return (a & b) >>> 0;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return b === 0 ? undefined : sign === '/' ? Math.trunc(a / b) : a % b;
  }
}
