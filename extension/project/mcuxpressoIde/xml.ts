import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';

/** An attribute and where its value stands in the text, without the quotes. */
export interface XmlAttribute {
  readonly name: string;
  /** With references replaced. */
  readonly value: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** An element and where it stands in the text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  readonly parent: XmlElement | undefined;
  /** Character data directly in it, with references replaced. */
  readonly text: string;
  readonly start: number;
  /** Behind the name, where attributes start. */
  readonly nameEnd: number;
  /** Behind the `>` or `/>` of the start tag. */
  readonly tagEnd: number;
  /** Where the end tag starts; equal to `tagEnd` when there is none. */
  readonly contentEnd: number;
  readonly end: number;
  readonly selfClosing: boolean;
}

type Draft = { -readonly [K in keyof XmlElement]: XmlElement[K] } & {
  attributes: Map<string, XmlAttribute>;
  children: Draft[];
  parent: Draft | undefined;
};

const MAX_DEPTH = 200;
const NAME_START = /[A-Za-z_:\u0080-\uffff]/;
const NAME_PATTERN = /[A-Za-z_:\u0080-\uffff][-.\w:\u0080-\uffff]*/y;
const SPACE_PATTERN = /[ \t\r\n]*/y;

/**
 * Parses an XML document into elements that know their places in the text, so that edits of the text leave all else byte
 * for byte. It takes what XML 1.0 calls well-formed, except that a document type is refused: Eclipse never writes one, and
 * entities of one's own are how XML files become bombs.
 *
 * @param name the file's name, for the error
 * @throws UserError `input` with the line
 */
export function parseXml(text: string, name: string): XmlElement {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.startsWith('\xef\xbb\xbf')) at = 3; // the same mark read byte by byte
  let root: Draft | undefined;
  let current: Draft | undefined;
  let depth = 0;

  const fail = (why: Sentence): UserError => {
    const line = text.slice(0, at).split('\n').length;
    return new UserError(
      'input',
      say`${name} is not well-formed XML: ${why} in line ${line}.`,
      say`Restore the file, for example by importing the example again in MCUXpresso IDE.`,
    );
  };
  const skipTo = (end: string, what: Sentence): number => {
    const found = text.indexOf(end, at);
    if (found < 0) throw fail(say`${what} does not end`);
    return found + end.length;
  };
  const skipSpace = (): number => {
    SPACE_PATTERN.lastIndex = at;
    SPACE_PATTERN.test(text);
    const skipped = SPACE_PATTERN.lastIndex - at;
    at = SPACE_PATTERN.lastIndex;
    return skipped;
  };
  const readName = (): string => {
    NAME_PATTERN.lastIndex = at;
    const match = NAME_PATTERN.exec(text);
    if (!match) throw fail(say`a name is missing`);
    at = NAME_PATTERN.lastIndex;
    return match[0];
  };
  const decode = (raw: string): string =>
    raw.replace(/&([^;&\s]{0,20});?/g, (whole, reference: string) => {
      const character = whole.endsWith(';') ? referenced(reference) : undefined;
      if (character === undefined) throw fail(say`the reference "${whole.slice(0, 20)}" is unknown`);
      return character;
    });
  const readAttribute = (element: Draft): void => {
    const start = at;
    const attribute = readName();
    skipSpace();
    if (text[at] !== '=') throw fail(say`the attribute ${attribute} has no value`);
    at++;
    skipSpace();
    const quote = text[at];
    if (quote !== '"' && quote !== "'") throw fail(say`the attribute ${attribute} has no quotes`);
    const valueStart = ++at;
    const valueEnd = text.indexOf(quote, at);
    if (valueEnd < 0) throw fail(say`the attribute ${attribute} does not end`);
    const raw = text.slice(valueStart, valueEnd);
    if (raw.includes('<')) throw fail(say`the attribute ${attribute} holds a "<"`);
    if (element.attributes.has(attribute)) throw fail(say`the attribute ${attribute} is there twice`);
    element.attributes.set(attribute, {
      name: attribute,
      value: decode(raw.replace(/\r\n|[\t\r\n]/g, ' ')),
      start,
      valueStart,
      valueEnd,
    });
    at = valueEnd + 1;
  };
  const readStartTag = (): void => {
    const start = at++;
    const element: Draft = {
      name: readName(),
      attributes: new Map(),
      children: [],
      parent: current,
      text: '',
      start,
      nameEnd: at,
      tagEnd: 0,
      contentEnd: 0,
      end: 0,
      selfClosing: false,
    };
    for (;;) {
      const spaced = skipSpace() > 0;
      if (text.startsWith('/>', at) || text[at] === '>') break;
      if (at >= text.length) throw fail(say`the tag ${element.name} does not end`);
      if (!spaced || !NAME_START.test(text[at]!)) throw fail(say`the tag ${element.name} is malformed`);
      readAttribute(element);
    }
    element.selfClosing = text[at] === '/';
    at += element.selfClosing ? 2 : 1;
    element.tagEnd = element.contentEnd = element.end = at;
    if (current) current.children.push(element);
    else if (root) throw fail(say`there is a second root element`);
    else root = element;
    if (element.selfClosing) return;
    if (++depth > MAX_DEPTH) throw fail(say`elements are nested too deep`);
    current = element;
  };
  const readEndTag = (): void => {
    const start = at;
    at += 2;
    const closed = readName();
    skipSpace();
    if (text[at] !== '>') throw fail(say`the end tag ${closed} does not end`);
    if (current?.name !== closed)
      throw fail(
        current
          ? say`"${closed}" is closed where "${current.name}" is open`
          : say`"${closed}" is closed where nothing is open`,
      );
    at++;
    current.contentEnd = start;
    current.end = at;
    current = current.parent;
    depth--;
  };

  while (at < text.length) {
    if (text.startsWith('<!--', at)) at = skipTo('-->', say`a comment`);
    else if (text.startsWith('<?', at)) at = skipTo('?>', say`an instruction`);
    else if (text.startsWith('<![CDATA[', at)) {
      const start = at + 9;
      at = skipTo(']]>', say`a CDATA section`);
      if (!current) throw fail(say`text stands outside of the root element`);
      current.text += text.slice(start, at - 3);
    } else if (text.startsWith('<!', at)) throw fail(say`a document type is not taken`);
    else if (text.startsWith('</', at)) readEndTag();
    else if (text[at] === '<') readStartTag();
    else {
      const next = text.indexOf('<', at);
      const end = next < 0 ? text.length : next;
      const raw = text.slice(at, end);
      if (current) current.text += decode(raw);
      else if (/[^ \t\r\n]/.test(raw)) throw fail(say`text stands outside of the root element`);
      at = end;
    }
  }
  if (current) throw fail(say`"${current.name}" is not closed`);
  if (!root) throw fail(say`there is no element`);
  return root;
}

function referenced(reference: string): string | undefined {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  const number = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(reference);
  if (!number) return Object.hasOwn(named, reference) ? named[reference] : undefined;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Text as an attribute's value, in double quotes, as Eclipse writes it. */
export function encodeAttribute(value: string): string {
  return value
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\r\n]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** All elements below one, in the order of the document. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    yield child;
    yield* descendants(child);
  }
}

/** An attribute's value; undefined when it is not there. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name)?.value;
}
