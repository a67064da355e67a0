import { pushAll } from '../../common/lists.ts';
import { lineEnding, type TextEdit } from '../textEdit.ts';
import { attributeOf, encodeAttribute, type XmlElement } from './xml.ts';

/** A change of a list option: the value is there afterwards, in the place of what it replaces. */
export interface ListChange {
  readonly value: string;
  /** Tells the values that it takes the place of; all but the first go. */
  readonly replaces?: (there: string) => boolean;
}

/** A tool's option by the class it inherits from; ids differ from project to project. */
export function optionOf(tool: XmlElement, superClass: string): XmlElement | undefined {
  return tool.children.find((c) => c.name === 'option' && attributeOf(c, 'superClass') === superClass);
}

/** Writes elements and attributes the way the text around them is written. */
export class Writer {
  readonly text: string;
  readonly #newline: string;
  readonly #ids = new Set<string>();

  constructor(text: string) {
    this.text = text;
    this.#newline = lineEnding(text);
  }

  /** Sets an attribute: replaces its value, or adds it as the first or the last one. */
  setAttribute(element: XmlElement, name: string, value: string, place: 'first' | 'last'): TextEdit[] {
    const encoded = encodeAttribute(value);
    const there = element.attributes.get(name);
    if (there) {
      if (there.value === value) return [];
      return [{ start: there.valueStart, end: there.valueEnd, text: encoded }];
    }
    const last = [...element.attributes.values()].pop();
    const at = place === 'first' || !last ? element.nameEnd : last.valueEnd + 1;
    return [{ start: at, end: at, text: ` ${name}="${encoded}"` }];
  }

  /** Adds children behind those that an element has. */
  appendChild(
    parent: XmlElement,
    name: string,
    ...attributes: Readonly<Record<string, string>>[]
  ): TextEdit[] {
    return this.#append(
      parent,
      attributes.map((a) => tag(name, a)),
    );
  }

  /** Adds an element behind another one, with `entry` elements in it. */
  insertAfter(
    sibling: XmlElement,
    name: string,
    entries: readonly Readonly<Record<string, string>>[],
  ): TextEdit[] {
    const indent = this.indentOf(sibling);
    const break1 = this.#break(indent);
    const break2 = this.#break(indent === undefined ? undefined : indent + this.unit(sibling));
    const inner = entries.map((e) => break2 + tag('entry', e)).join('');
    const text = `${break1}<${name}>${inner}${break1}</${name}>`;
    return [{ start: sibling.end, end: sibling.end, text }];
  }

  /** Adds an option with a value or a list behind the options of a tool. */
  addOption(
    tool: XmlElement,
    superClass: string,
    attributes: Readonly<Record<string, string>>,
    list?: readonly string[],
  ): TextEdit[] {
    const options = tool.children.filter((c) => c.name === 'option');
    const sibling = options[options.length - 1];
    const discovered = options.some((o) => o.attributes.has('useByScannerDiscovery'));
    const open = tag('option', {
      id: this.#freeId(tool, superClass),
      name: attributes.name ?? '',
      superClass,
      ...(discovered ? { useByScannerDiscovery: 'false' } : {}),
      ...Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== 'name')),
    });
    const indent = sibling ? this.indentOf(sibling) : undefined;
    let text = open;
    if (list) {
      const inner = list.map(
        (value) =>
          this.#break(indent === undefined ? undefined : indent + this.unit(sibling!)) + listValue(value),
      );
      text = `${open.slice(0, -2)}>${inner.join('')}${this.#break(indent)}</option>`;
    }
    if (!sibling) return this.#append(tool, [text]);
    return [{ start: sibling.end, end: sibling.end, text: this.#break(indent) + text }];
  }

  /** Adds values behind those of a list option. */
  addValues(option: XmlElement, values: readonly string[]): TextEdit[] {
    return this.#append(option, values.map(listValue));
  }

  /** An element with the line break and the space before it; for taking it out. */
  lineOf(element: XmlElement): { start: number; end: number } {
    const indent = this.indentOf(element);
    const start = indent === undefined ? element.start : element.start - indent.length;
    const ends = [this.#newline, '\n'].find((e) => indent !== undefined && this.text.endsWith(e, start));
    return { start: start - (ends?.length ?? 0), end: element.end };
  }

  /** The space an element's line starts with; undefined when something else stands before it in the line. */
  indentOf(element: XmlElement): string | undefined {
    const line = this.text.lastIndexOf('\n', element.start - 1) + 1;
    const before = this.text.slice(line, element.start);
    return line > 0 && /^[ \t]*$/.test(before) ? before : undefined;
  }

  /** What an element is indented by beyond its parent. */
  unit(element: XmlElement): string {
    const own = this.indentOf(element) ?? '';
    const outer = (element.parent && this.indentOf(element.parent)) ?? '';
    return own.length > outer.length && own.startsWith(outer) ? own.slice(outer.length) : '\t';
  }

  #append(parent: XmlElement, children: readonly string[]): TextEdit[] {
    if (children.length === 0) return [];
    const last = parent.children[parent.children.length - 1];
    const outer = this.indentOf(parent);
    const indent = last ? this.indentOf(last) : outer === undefined ? undefined : outer + this.unit(parent);
    const text = children.map((child) => this.#break(indent) + child).join('');
    if (last) return [{ start: last.end, end: last.end, text }];
    const close = this.#break(outer);
    if (parent.selfClosing) {
      // "/>" becomes ">", so that attributes can still be added before it
      return [{ start: parent.tagEnd - 2, end: parent.tagEnd, text: `>${text}${close}</${parent.name}>` }];
    }
    const isEmpty = parent.contentEnd === parent.tagEnd;
    return [{ start: parent.tagEnd, end: parent.tagEnd, text: text + (isEmpty ? close : '') }];
  }

  #break(indent: string | undefined): string {
    return indent === undefined ? '' : this.#newline + indent;
  }

  /** An id as Eclipse makes them, the same for the same file: the class and a number that nothing else has. */
  #freeId(tool: XmlElement, superClass: string): string {
    let number = fnv1a(`${attributeOf(tool, 'id') ?? ''} ${superClass}`) % 2_000_000_000;
    const id = (): string => `${superClass}.${number}`;
    while (this.#ids.has(id()) || this.text.includes(`"${id()}"`)) number++;
    this.#ids.add(id());
    return id();
  }
}

/** Edits that give a value option its value. An option that is missing is added when it has a label. */
export function setOption(
  writer: Writer,
  tool: XmlElement,
  superClass: string,
  value: string,
  label?: string,
): TextEdit[] {
  const option = optionOf(tool, superClass);
  if (option) {
    const edits = writer.setAttribute(option, 'value', value, 'last');
    return edits.length > 0 ? [...edits, ...missingType(writer, option, 'enumerated')] : [];
  }
  if (label === undefined) return [];
  return writer.addOption(tool, superClass, { name: label, value, valueType: 'enumerated' });
}

/** Edits that make a list option hold values; the option is added when the tool has none. */
export function addToList(
  writer: Writer,
  tool: XmlElement,
  superClass: string,
  list: { readonly label: string; readonly valueType: string; readonly changes: readonly ListChange[] },
): TextEdit[] {
  const option = optionOf(tool, superClass);
  if (!option) {
    const values = list.changes.map((c) => c.value);
    return writer.addOption(tool, superClass, { name: list.label, valueType: list.valueType }, values);
  }
  const there = option.children.filter((c) => c.name === 'listOptionValue');
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const { value, replaces } of list.changes) {
    const same = there.filter((e) => {
      const old = attributeOf(e, 'value') ?? '';
      return old === value || replaces?.(old);
    });
    if (same.length === 0) added.push(value);
    // a second definition of a macro would win over the first
    const kept = same.find((e) => attributeOf(e, 'value') === value) ?? same[0];
    for (const e of same) {
      if (e === kept) pushAll(edits, writer.setAttribute(e, 'value', value, 'last'));
      else edits.push({ ...writer.lineOf(e), text: '' });
    }
  }
  if (added.length > 0) {
    const empty = option.attributes.get('IS_VALUE_EMPTY');
    if (empty?.value === 'true')
      pushAll(edits, writer.setAttribute(option, 'IS_VALUE_EMPTY', 'false', 'last'));
    pushAll(edits, missingType(writer, option, list.valueType));
    pushAll(edits, writer.addValues(option, added));
  }
  return edits;
}

function missingType(writer: Writer, option: XmlElement, valueType: string): TextEdit[] {
  return option.attributes.has('valueType')
    ? []
    : writer.setAttribute(option, 'valueType', valueType, 'last');
}

/** The edit that takes an attribute out, with the space before it. */
export function removeAttributeText(text: string, element: XmlElement, name: string): TextEdit[] {
  const attribute = element.attributes.get(name);
  if (!attribute) return [];
  let start = attribute.start;
  while (/\s/.test(text[start - 1] ?? '')) start--;
  return [{ start, end: attribute.valueEnd + 1, text: '' }];
}

function tag(name: string, attributes: Readonly<Record<string, string>>): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${encodeAttribute(value)}"`);
  return `<${name}${list.join('')}/>`;
}

function listValue(value: string): string {
  return tag('listOptionValue', { builtIn: 'false', value });
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
