import type { Placeholder } from '../bundle/bundle.ts';
import type { ParsedHeader } from '../bundle/header.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { GlowGraph } from './graph.ts';
import { matchPlaceholders, type ModelEnds } from './verify.ts';

/** What a user may tell of a bundle without a report: its header does not say which placeholders are outputs. */
export interface BundleHints {
  /** Of the model that the bundle was made of. */
  readonly ends?: ModelEnds | undefined;
  /** Names of the outputs, as the header has them. */
  readonly outputs?: readonly string[] | undefined;
}

interface DirectionHints extends BundleHints {
  /** What model-compiler drew of the network. */
  readonly graph?: GlowGraph | undefined;
}

type Undirected = ParsedHeader['placeholders'][number];

/**
 * A header's placeholders with their directions, inputs first: as the model has them, else as they were named, else as the
 * graph uses them, else by their shapes where only one of two can be a picture.
 * @returns undefined when nothing tells
 * @throws UserError `toolchain` when the model's are others, `usage` for a name that no placeholder has
 */
export function directedPlaceholders(header: ParsedHeader, hints: DirectionHints): Placeholder[] | undefined {
  const { placeholders } = header;
  if (hints.ends) return matchPlaceholders(header, hints.ends, undefined);
  if (hints.outputs && hints.outputs.length > 0)
    return divided(placeholders, named(placeholders, hints.outputs));
  return (
    divided(placeholders, hints.graph ? savedIn(hints.graph, placeholders) : []) ??
    divided(placeholders, besidePicture(placeholders))
  );
}

/** Inputs and outputs; undefined when there are none of one kind. */
function divided(all: readonly Undirected[], outputs: readonly Undirected[]): Placeholder[] | undefined {
  const inputs = all.filter((p) => !outputs.includes(p));
  if (inputs.length === 0 || outputs.length === 0) return undefined;
  return [
    ...inputs.map((p) => ({ ...p, direction: 'input' as const })),
    ...outputs.map((p) => ({ ...p, direction: 'output' as const })),
  ];
}

/** The placeholders of these names, in their order. */
function named(all: readonly Undirected[], names: readonly string[]): Undirected[] {
  const found = names.map((name) => {
    const one = all.find((p) => p.name === name || p.cName === name);
    if (one) return one;
    throw new UserError(
      'usage',
      say`The bundle has no placeholder "${name}".`,
      say`It has ${all.map((p) => p.cName)}.`,
    );
  });
  return [...new Set(found)];
}

/** Those that only Save nodes use. */
function savedIn({ nodes, edges }: GlowGraph, all: readonly Undirected[]): Undirected[] {
  const saves = new Set(nodes.filter((n) => n.kind === 'Save').map((n) => n.id));
  return all.filter((p) => {
    const ids = nodes
      .filter((n) => n.kind === 'Placeholder' && [n.name, n.id].includes(p.name))
      .map((n) => n.id);
    const users = edges.filter((e) => ids.includes(e.from)).map((e) => e.to);
    return users.length > 0 && users.every((id) => saves.has(id));
  });
}

/** The other one of two, where exactly one is a picture: four dimensions and more than a row of values. */
function besidePicture(all: readonly Undirected[]): Undirected[] {
  const isPicture = ({ shape }: Undirected): boolean =>
    shape.length === 4 && shape.slice(1).filter((d) => d > 1).length > 1;
  const others = all.filter((p) => !isPicture(p));
  return all.length === 2 && others.length === 1 ? others : [];
}
