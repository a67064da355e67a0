import { createHash } from 'node:crypto';
import type { Document } from 'yaml';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { yamlDocuments } from '../common/yaml.ts';
import type { Graph } from '../model/graph.ts';
import { measuredNames } from './profile.ts';
import { BINS, type Ranges, type ValueRange } from './ranges.ts';

/**
 * Profiles in the shape Glow's `-dump-profile` has: a YAML stream of three documents, GlowToolsVersion,
 * GraphPreLowerHash and a list of NodeOutputName / Min / Max / Histogram. Glow's names carry the result number (`conv:0`).
 */
export function writeProfile(graph: Graph, ranges: Ranges): string {
  const entries = [...ranges].map(([name, r]) =>
    [
      `  - NodeOutputName:  ${JSON.stringify(`${name}:0`)}`,
      `    Min:             ${r.min}`,
      `    Max:             ${r.max}`,
      `    Histogram:       [ ${[...r.histogram].join(', ')} ]`,
    ].join('\n'),
  );
  return [
    '---',
    `GlowToolsVersion: '2024-05-01'`,
    '...',
    '---',
    `GraphPreLowerHash: ${graphHash(graph)}`,
    '...',
    '---',
    ...entries,
    '...',
    '',
  ].join('\n');
}

/**
 * Reads a profile and checks that it is of this graph: its hash, and an entry for every value (a profile cut short
 * must not leave part of the model in float).
 *
 * @param where file name for messages
 * @throws UserError `input`
 */
export function readProfile(text: string, graph: Graph, where: string): Ranges {
  const bad = (what: Sentence): UserError =>
    new UserError('input', say`${where} ${what}.`, { do: 'profileModel' });
  const documents = yamlDocuments(text);
  if (documents === 'too large') throw bad(say`is too large for a profile`);
  if (documents === 'invalid') throw bad(say`is not valid YAML`);
  if (documents.length < 3) throw bad(say`is not a profile (three YAML documents)`);
  const [, hashDocument, list] = documents.map((d) => plain(d, bad));
  const hash = (hashDocument as { GraphPreLowerHash?: unknown } | null)?.GraphPreLowerHash;
  if (String(hash) !== graphHash(graph)) throw bad(say`was made for another model or another version of it`);
  if (!Array.isArray(list)) throw bad(say`holds no list of values`);
  const ranges = new Map<string, ValueRange>();
  for (const e of list as Record<string, unknown>[]) {
    const { NodeOutputName: name, Min: min, Max: max, Histogram: histogram } = e ?? {};
    const counts = Array.isArray(histogram) ? Float64Array.from(histogram as number[]) : undefined;
    if (typeof name !== 'string' || typeof min !== 'number' || typeof max !== 'number' || !(min <= max)) {
      throw bad(say`has an entry without a name, Min or Max (${String(JSON.stringify(name))})`);
    }
    if (!counts || counts.length === 0 || counts.length > 16 * BINS || !counts.every((n) => n >= 0)) {
      throw bad(say`has a bad histogram for '${name}'`);
    }
    ranges.set(name.replace(/:0$/, ''), { min, max, histogram: counts });
  }
  const missing = measuredNames(graph).find((name) => !ranges.has(name));
  if (missing !== undefined) throw bad(say`has no entry for '${missing}' (was it cut short?)`);
  return ranges;
}

/** A document's value; aliases (which could unfold without end) are refused. */
function plain(document: Document, bad: (what: Sentence) => UserError): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw bad(say`uses YAML aliases, which a profile has none of`);
  }
}

/** A number that names the graph: 53 bits (exact in YAML readers) of a hash over structure and weights, in decimal. */
export function graphHash(graph: Graph): string {
  const hash = createHash('sha256');
  const addFloats = (f: Float32Array): void =>
    void hash.update(new Uint8Array(f.buffer, f.byteOffset, f.byteLength));
  for (const v of graph.values.values()) hash.update(JSON.stringify([v.name, v.shape]));
  for (const c of graph.constants.values()) addFloats(c.data);
  for (const n of graph.nodes) {
    const fields = Object.entries(n) as [string, unknown][];
    hash.update(structure(Object.fromEntries(fields.filter(([, v]) => !(v instanceof Float32Array)))));
    for (const [, v] of fields) if (v instanceof Float32Array) addFloats(v);
  }
  return (hash.digest().readBigUInt64BE(0) >> 11n).toString();
}

/** JSON that tells infinities (an open clamp) from null. */
function structure(x: unknown): string {
  return JSON.stringify(x, (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v));
}
