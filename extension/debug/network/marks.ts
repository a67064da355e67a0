import type { CallSite, EntryFunction } from './callSites.ts';

/** What it means that the board stands before an instruction of the network's entry function. */
export type Mark =
  | { readonly kind: 'enter' }
  /** The layer is about to be called; those before it have ended. */
  | { readonly kind: 'call'; readonly layer: number }
  | { readonly kind: 'return'; readonly layer: number }
  /** The inference has ended. */
  | { readonly kind: 'leave' };

/**
 * The instructions of an entry function that tell how far an inference is. One that compilers have made two layers' common function is
 * called for each; a layer that they have computed in place is part of what is between two calls.
 *
 * @param symbols of the layers' functions, in the layers' order
 * @param nameAt the function that begins at an address
 */
export function marksOf(
  { address, calls, returnsAt }: EntryFunction,
  symbols: readonly string[],
  nameAt: (address: number) => string | undefined,
): ReadonlyMap<number, readonly Mark[]> {
  const marks = new Map<number, Mark[]>([[address, [{ kind: 'enter' }]]]);
  const add = (at: number, mark: Mark): void => {
    marks.set(at, [...(marks.get(at) ?? []), mark]);
  };
  for (const [layer, call] of calledLayers(calls, symbols, nameAt)) {
    add(call.at, { kind: 'call', layer });
    add(call.returnsTo, { kind: 'return', layer });
  }
  add(returnsAt, { kind: 'leave' });
  return marks;
}

/** Which layer each call is. */
function calledLayers(
  calls: readonly CallSite[],
  symbols: readonly string[],
  nameAt: (address: number) => string | undefined,
): (readonly [layer: number, call: CallSite])[] {
  if (calls.length === symbols.length) return calls.map((call, layer) => [layer, call]);
  const found: [number, CallSite][] = [];
  let next = 0;
  for (const call of calls) {
    const name = nameAt(call.target);
    // gcc's copies of a function for some callers are called NAME.constprop.0 and the like
    const layer = symbols.findIndex((s, i) => i >= next && (name === s || name?.startsWith(`${s}.`)));
    if (layer < 0) continue;
    found.push([layer, call]);
    next = layer + 1;
  }
  return found;
}
