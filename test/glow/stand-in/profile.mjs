/** The profile as `-dump-profile` writes it, and as `-load-profile` reads it. */
import { parseAllDocuments } from 'yaml';
import { Profiler } from '../../../extension/quantize/profile.ts';
import { graphHash } from '../../../extension/quantize/profileYaml.ts';
import { constantsOf } from './floats.mjs';

/** Hexadecimal, 64 bits, as Glow's. */
export function glowHash(graph) {
  const half = BigInt(graphHash(graph));
  return `0x${BigInt.asUintN(64, half * 0x9e3779b97f4a7c15n)
    .toString(16)
    .toUpperCase()
    .padStart(16, '0')}`;
}

/** Three documents; entries by name, those of constants and of what Glow splits layers into among them. */
export function profileText(graph, ranges) {
  const all = new Map(ranges);
  const same = (name, of) => all.has(of) && all.set(name, all.get(of));
  for (const node of graph.nodes) {
    for (const { name, data } of constantsOf(node)) all.set(name, rangeOf(data));
    if (node.kind === 'dense')
      for (const part of ['dot', 'bias']) same(`${node.output}_${part}`, node.output);
    if (node.kind === 'activation') same(`${node.output}_max`, node.output);
  }
  all.set('zero', { min: 0, max: 0, histogram: [1] });
  const byName = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    head: `---\nGlowToolsVersion: '2024-05-11 (05dd99b97) (stand-in)'\n...\n---\nGraphPreLowerHash: ${glowHash(graph)}\n...\n---\n`,
    entries: byName.map(([name, { min, max, histogram }]) =>
      [
        `- NodeOutputName:  '${name.replaceAll("'", "''")}:0'`,
        `  Min:             ${decimal(min)}`,
        `  Max:             ${decimal(max)}`,
        `  Histogram:       [ ${binsOf(histogram).join(', ')} ]`,
        '',
      ].join('\n'),
    ),
  };
}

/**
 * Reads a profile.
 * @returns the hash as it stands there and the ranges by name; undefined when it is none
 */
export function readProfileText(text) {
  const documents = parseAllDocuments(text, { intAsBigInt: true });
  if (documents.length < 3 || documents.some((d) => d.errors.length > 0)) return undefined;
  const [, hash, list] = documents.map((d) => d.toJS());
  if (!Array.isArray(list) || typeof hash?.GraphPreLowerHash !== 'bigint') return undefined;
  const ranges = list.map(({ NodeOutputName, Min, Max }) => [
    NodeOutputName.replace(/:0$/, ''),
    { min: Number(Min), max: Number(Max), histogram: new Float64Array(512).fill(1) },
  ]);
  return { hash: hash.GraphPreLowerHash, ranges: new Map(ranges) };
}

/** Ranges that a network has quantized itself with: over pictures of random dots, from few to all. */
export function usualRanges(graph) {
  const profiler = new Profiler(graph);
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let density = 0; density <= 1; density += 1 / 16) {
    const dots = ({ shape }) =>
      Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () =>
        random() < density ? random() : 0,
      );
    profiler.add(new Map(graph.inputs.map((input) => [input.name, dots(input)])));
  }
  return profiler.result();
}

/** All digits of a float, as its type's 24 bits give them. */
function decimal(value) {
  const text = Math.fround(value).toFixed(60).replace(/0+$/, '');
  return text.endsWith('.') ? `${text}0` : text;
}

function rangeOf(data) {
  const [min, max] = data.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity]);
  return { min, max, histogram: [data.length] };
}

function binsOf(histogram) {
  return Array.from({ length: 10 }, (_, b) =>
    histogram.reduce((n, c, i) => n + (Math.floor((i * 10) / histogram.length) === b ? c : 0), 0),
  );
}
