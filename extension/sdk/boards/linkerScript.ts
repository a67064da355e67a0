import type { MemoryRegion } from '../../board/board.ts';
import { evaluate } from './expression.ts';

/** A region of a linker script's MEMORY. */
interface ScriptRegion extends MemoryRegion {
  /** Letters of its attributes, such as `RX`. */
  readonly attributes: string;
}

/** What a linker script of NXP's SDK offers a firmware. */
export interface LinkerMemories {
  /** From the lowest address of what lies around the code without a gap that matters, to the end of the code's region. */
  readonly flash: MemoryRegion;
  /** Bytes of the flash before the code: vectors, and what a boot ROM reads. */
  readonly codeOffset: number;
  /** The region of variables and stack first. */
  readonly ram: readonly MemoryRegion[];
  /** The flash begins with what a boot ROM reads before it starts the firmware: these input sections must be there. */
  readonly bootSections: readonly string[];
}

/** The region of code and constants in NXP's scripts. */
const TEXT = 'm_text';
/** Regions of one memory may lie so far apart: a boot ROM's data before i.MX RT1180's firmware has 44 KB to itself. */
const GAP = 64 * 1024;
/** RAM that a firmware cannot use as its own. */
const NOT_OURS = /heap|usb|rpmsg|sh_?mem|core\d|ncache|noncache/i;

/**
 * The memories of a linker script as the SDK's scripts for arm-none-eabi-gcc name them (m_text, m_data). Pure.
 * @returns undefined where it does not state them in numbers
 */
export function linkerMemories(script: string): LinkerMemories | undefined {
  const plain = withoutComments(script);
  const regions = regionsOf(plain);
  const text = regions.find((r) => r.name === TEXT);
  const variables = /^[ \t]*\.bss\b[^{}]{0,200}\{[^{}]{0,4000}\}[ \t]*>[ \t]*(\w{1,60})/m.exec(plain)?.[1];
  const data = regions.find((r) => r.name === variables);
  if (!text || !data) return undefined;
  const isCode = (r: ScriptRegion): boolean => /x/i.test(r.attributes);
  let origin = text.origin;
  for (const region of regions.filter(isCode).sort((a, b) => b.origin - a.origin)) {
    const end = region.origin + region.size;
    if (region.origin < origin && end <= origin && origin - end <= GAP) origin = region.origin;
  }
  const isApart = (r: ScriptRegion): boolean =>
    r.origin + r.size <= data.origin || data.origin + data.size <= r.origin;
  const more = regions.filter((r) => isApart(r) && !isCode(r) && !NOT_OURS.test(r.name));
  // a configuration of another flash than the one that the code lies in is not needed to start
  const boots = (r: ScriptRegion): boolean =>
    /flash_config|ivt|boot|container/i.test(r.name) && r.origin >= origin && r.origin < text.origin;
  const kept = plain.matchAll(/KEEP ?\( ?\* ?\( ?(\.boot_hdr[.\w]{0,40}|\.flash_conf) ?\)/g);
  return {
    flash: { name: 'flash', origin, size: text.origin + text.size - origin },
    codeOffset: text.origin - origin,
    ram: [data, ...more].map(({ name, origin: at, size }) => ({ name, origin: at, size })),
    bootSections: regions.some(boots) ? Array.from(kept, (m) => m[1]!) : [],
  };
}

/** Most regions and symbols that are read of a script. */
const MAX_REGIONS = 64;
const MAX_SYMBOLS = 500;
/** Addresses and sizes of a 32-bit core. */
const ADDRESSES = 2 ** 32;

function regionsOf(script: string): ScriptRegion[] {
  const start = /\bMEMORY\s*\{/.exec(script);
  if (!start) return [];
  const body = script.slice(start.index + start[0].length).split('}', 1)[0]!;
  const symbols = symbolsOf(script.slice(0, start.index));
  const regions = new Map<string, ScriptRegion>();
  const names = {
    value: (name: string) => symbols.get(name),
    call: (name: string, argument: string) => {
      if (name === 'DEFINED') return Number(symbols.has(argument));
      const region = regions.get(argument);
      return name === 'ORIGIN' ? region?.origin : name === 'LENGTH' ? region?.size : undefined;
    },
  };
  const line =
    /^[ \t]*(\w{1,60})[ \t]*\(([\w!]{1,10})\)[ \t]*:[ \t]*ORIGIN[ \t]*=([^,\n]{1,500}),[ \t]*LENGTH[ \t]*=([^\n]{1,500})$/gm;
  for (const [, name, attributes, from, length] of body.matchAll(line)) {
    const [origin, size] = [evaluate(from!, names), evaluate(length!, names)];
    if (origin === undefined || size === undefined || size <= 0) continue;
    if (origin < 0 || origin + size > ADDRESSES || regions.size >= MAX_REGIONS) continue;
    regions.set(name!, { name: name!, attributes: attributes!, origin, size });
  }
  return [...regions.values()];
}

/** Symbols that are set before MEMORY; those that the command line may define are not. */
function symbolsOf(text: string): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const [, name, expression] of text.matchAll(/^[ \t]*(\w{1,60})[ \t]*=([^;\n]{1,500});/gm)) {
    const value = evaluate(expression!, {
      value: (other) => symbols.get(other),
      call: (call, argument) => (call === 'DEFINED' ? Number(symbols.has(argument)) : undefined),
    });
    if (value !== undefined && symbols.size < MAX_SYMBOLS) symbols.set(name!, value);
  }
  return symbols;
}

function withoutComments(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ');
}
