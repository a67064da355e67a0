/**
 * How well kernels predict their own cycles (extension/compiler/target/): random layers of every kind, compiled by gcc and run on
 * the simulated Cortex-M0+. Prints measured / predicted by kernel variant, and with `--fit` the table of costs that fits the
 * measurements best.
 *
 *     npx tsx bench/cost.ts [--fit]
 */
import { candidates } from '../extension/compiler/kernels/choose.ts';
import type { Costs } from '../extension/compiler/target/costs.ts';
import { targetFor } from '../extension/compiler/target/targets.ts';
import type { Target } from '../extension/compiler/target/target.ts';
import { type LayerCost, layerCosts } from '../test/support/layerCosts.ts';
import { KINDS } from '../test/support/randomGraph.ts';
import { portableTarget } from '../test/support/targets.ts';

const LAYERS = 80;
/** How much a fit holds to today's costs. */
const PRIOR = 5;
const BASE = targetFor('cortex-m0plus', 0);

const seeds = Array.from({ length: LAYERS }, (_, i) => i);
/** With and without assembly, with and without room to unroll, so that every kernel is chosen. */
const TARGETS: readonly ((seed: number) => Target)[] = [
  (seed) => targetFor('cortex-m0plus', seed % 2 ? 20_000 : 0),
  (seed) => portableTarget(seed % 2 ? 20_000 : 0),
];
const layers = TARGETS.flatMap((target) => KINDS.flatMap((kind) => layerCosts(kind, seeds, target)));
if (process.argv.includes('--fit')) fit(layers);
else printRatios(layers);

function printRatios(all: readonly LayerCost[]): void {
  const ratios = new Map<string, number[]>();
  for (const { operator, variant, measured, predicted } of all) {
    const key = `${operator} ${variant}`;
    ratios.set(key, [...(ratios.get(key) ?? []), measured / predicted]);
  }
  const percentile = (sorted: readonly number[], p: number): string =>
    sorted[Math.floor((sorted.length - 1) * p)]!.toFixed(2);
  const rows = [...ratios].map(([key, list]) => {
    const sorted = list.sort((a, b) => a - b);
    const [least, median, most] = [0, 0.5, 1].map((p) => percentile(sorted, p));
    return [key, { layers: list.length, least, median, most }] as const;
  });
  console.table(Object.fromEntries(rows));
}

/** Cycles are linear in the costs: what each cost counts in a layer is the prediction with that cost 1 and all others 0. */
function fit(all: readonly LayerCost[]): void {
  const paths = leaves(BASE.costs);
  const only = (path: readonly string[]): Target => ({ ...BASE, costs: unit(BASE.costs, path) });
  const predict = (layer: LayerCost, target: Target): number | undefined =>
    candidates(layer.step, { ...target, unrollBytes: 20_000, instructions: instructionsOf(layer) }).find(
      (k) => k.variant === layer.variant,
    )?.cycles;
  const rows: { x: number[]; y: number }[] = [];
  for (const layer of all) {
    const fixed = predict(layer, only([])); // what assembly counts itself
    if (fixed === undefined) continue;
    const x = paths.map((path) => predict(layer, only(path))! - fixed);
    // relative errors count
    rows.push({ x: x.map((n) => n / layer.measured), y: (layer.measured - fixed) / layer.measured });
  }
  const start = paths.map((path) => valueAt(BASE.costs, path));
  const values = leastSquares(rows, start);
  paths.forEach((path, i) => {
    const uses = rows.filter((r) => r.x[i] !== 0).length;
    console.log(
      `${path.join('.').padEnd(26)} ${start[i]!.toFixed(1).padStart(7)} ${values[i]!.toFixed(1).padStart(7)}   ${uses} layers`,
    );
  });
}

function instructionsOf({ variant }: LayerCost): Target['instructions'] {
  return { ...BASE.instructions, thumb1Only: variant.startsWith('thumb') };
}

type Tree = { readonly [name: string]: number | Tree };

/** Costs in cycles, by their path; bytes are no cycles. */
function leaves(costs: Costs): string[][] {
  const walk = (tree: Tree): string[][] =>
    Object.entries(tree).flatMap(([name, v]) =>
      name.endsWith('Bytes') ? [] : typeof v === 'number' ? [[name]] : walk(v).map((p) => [name, ...p]),
    );
  return walk(costs as unknown as Tree);
}

function valueAt(costs: Costs, path: readonly string[]): number {
  return path.reduce<number | Tree>(
    (tree, name) => (tree as Tree)[name]!,
    costs as unknown as Tree,
  ) as number;
}

/** Costs that are 0 but for one that is 1. */
function unit(costs: Costs, path: readonly string[]): Costs {
  const walk = (tree: Tree, rest: readonly string[] | undefined): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([name, v]) => {
        const on = rest?.[0] === name;
        if (typeof v === 'number') return [name, on && rest.length === 1 ? 1 : 0];
        return [name, walk(v, on ? rest.slice(1) : undefined)];
      }),
    );
  return walk(costs as unknown as Tree, path) as unknown as Costs;
}

/** The costs, none below 0, whose predictions have the least squared relative errors: coordinate descent on the normal equations. */
function leastSquares(rows: readonly { x: number[]; y: number }[], start: readonly number[]): number[] {
  const n = start.length;
  const normal = Array.from({ length: n }, () => new Float64Array(n));
  const right = new Float64Array(n);
  for (const { x, y } of rows) {
    for (let i = 0; i < n; i++) {
      if (x[i] === 0) continue;
      right[i]! += x[i]! * y;
      for (let k = 0; k < n; k++) normal[i]![k]! += x[i]! * x[k]!;
    }
  }
  // where measurements cannot tell two costs apart, those of today decide
  start.forEach((v, i) => {
    const weight = v > 0 ? (PRIOR * rows.filter((r) => r.x[i] !== 0).length) / rows.length : 0;
    normal[i]![i]! += weight / v ** 2 || 0;
    right[i]! += weight / v || 0;
  });
  const values = [...start];
  for (let turn = 0; turn < 100_000; turn++) {
    for (let i = 0; i < n; i++) {
      const own = normal[i]![i]!;
      if (own === 0) continue;
      let rest = right[i]!;
      for (let k = 0; k < n; k++) if (k !== i) rest -= normal[i]![k]! * values[k]!;
      values[i] = Math.max(0, rest / own);
    }
  }
  return values;
}
