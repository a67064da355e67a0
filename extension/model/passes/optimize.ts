import type { Graph } from '../graph.ts';
import { clean } from './clean.ts';
import { composeFunctions } from './composeFunctions.ts';
import { findNormalization } from './findNormalization.ts';
import { foldAffine } from './foldAffine.ts';
import { foldPad } from './foldPad.ts';
import { fuseClamp } from './fuseClamp.ts';
import { layout } from './layout.ts';
import { mergeAffine } from './mergeAffine.ts';
import { dropRepeatedParams, pinParams } from './pinParams.ts';
import { restoreNames } from './rename.ts';

/** The passes in their order: each keeps what the graph computes, and leaves it easier for the next. */
export const PASSES: readonly ((graph: Graph) => Graph)[] = [
  dropRepeatedParams,
  findNormalization,
  layout,
  clean,
  foldAffine,
  fuseClamp,
  composeFunctions,
  mergeAffine,
  foldPad,
  clean,
  pinParams,
  restoreNames,
];

/** Runs all passes. */
export function optimize(graph: Graph): Graph {
  return PASSES.reduce((g, pass) => pass(g), graph);
}
