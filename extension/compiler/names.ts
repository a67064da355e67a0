import { cIdentifier, type Placeholder } from '../bundle/bundle.ts';
import { HEADER_SIZES, headerMacro } from '../bundle/header.ts';
import { DOT_ROUTINE } from './kernels/dotThumb.ts';
import type { Helper } from './kernels/kernel.ts';
import type { Step } from './program.ts';

/** Names of the shared functions of NAME.c, behind the network's name. */
export const HELPER_NAMES: Record<Helper, string> = {
  max: 'max',
  clampU8: 'clamp_u8',
  clamp: 'clamp',
  fill: 'fill',
};

/** Macros of NAME.c itself, behind the upper-cased network's name. */
const SOURCE_MACROS = ['SIZE', 'SPEED', 'THUMB'];

/** What follows the name of a layer's assembly. */
const THUMB_SUFFIX = '_thumb';

/**
 * C names of the placeholders, in their order: `_` is appended where a name is taken, by another placeholder or by a macro of
 * the header or the source.
 */
export function placeholderNames(name: string, placeholders: readonly string[]): string[] {
  const used = new Set<string>([...HEADER_SIZES, ...SOURCE_MACROS]);
  // macros and functions of a network that is called in capitals begin alike
  const capitals = headerMacro(name) === name;
  if (capitals) for (const h of Object.values(HELPER_NAMES)) used.add(h);
  return placeholders.map((p) => {
    let cName = cIdentifier(p);
    while (used.has(cName) || (capitals && DOT_ROUTINE.test(cName))) cName += '_';
    used.add(cName);
    return cName;
  });
}

/** A C function name for each step: network, then the layer's own name, numbered where it would be taken. */
export function layerSymbols(
  name: string,
  steps: readonly Step[],
  placeholders: readonly Placeholder[],
): string[] {
  const macros = [...HEADER_SIZES, ...SOURCE_MACROS, ...placeholders.map((p) => p.cName)];
  const used = new Set<string>([
    name,
    ...Object.values(HELPER_NAMES).map((h) => `${name}_${h}`),
    ...macros.map((m) => `${headerMacro(name)}_${m}`),
  ]);
  const taken = (symbol: string): boolean =>
    used.has(symbol) || used.has(symbol + THUMB_SUFFIX) || DOT_ROUTINE.test(symbol.slice(name.length + 1));
  return steps.map((s) => {
    const base = `${name}_${cIdentifier(s.node.name).replace(/^_+/, '').slice(0, 60) || 'layer'}`;
    let symbol = base;
    for (let n = 2; taken(symbol); n++) symbol = `${base}_${n}`;
    used.add(symbol).add(symbol + THUMB_SUFFIX);
    return symbol;
  });
}
