import { fitText } from './svg.ts';

/** Families of operators: they share a colour. */
export type DrawnKind =
  'placeholder' | 'convolution' | 'dense' | 'pool' | 'activation' | 'arithmetic' | 'shape';

/** A network as it is drawn: operators as boxes, values as the arrows between them. */
export interface GraphDrawing {
  readonly name: string;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnNode {
  /** Unique in the drawing. */
  readonly id: string;
  readonly kind: DrawnKind;
  /** First line: the operator, such as `Conv2D 3x3 + ReLU`. */
  readonly title: string;
  /** Further lines, most important first: the node's name, shape, quantization. */
  readonly lines: readonly string[];
  /** Row of the layer table this node belongs to; undefined for placeholders. */
  readonly layer?: number;
  /** Why the network cannot be expressed with this node, in words; such a node is marked. */
  readonly problem?: string;
}

/** A value flows from one node to another. */
export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
}

export interface PlacedNode extends DrawnNode {
  /** Top left corner and size, in pixels of the drawing. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends DrawnEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlacedGraph {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const TITLE_SIZE = 12;
/** Titles are semi-bold: so much wider than estimated for the regular font. */
export const BOLD = 1.13;
export const LINE_SIZE = 11;
export const LINE_HEIGHT = 15;
export const BOX_PADDING = 10;

/** A node's lines cut to its box. */
export function boxText(node: PlacedNode): { title: string; lines: string[] } {
  const room = node.width - 2 * BOX_PADDING - 4;
  return {
    title: fitText(node.title, TITLE_SIZE * BOLD, room),
    lines: node.lines.map((l) => fitText(l, LINE_SIZE, room)),
  };
}
