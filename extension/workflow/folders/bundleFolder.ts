import type { Bundle, Placeholder } from '../../bundle/bundle.ts';
import { softFloatSource } from '../../bundle/softFloat.ts';
import { say } from '../../common/errors/sentence.ts';
import type { BundleHints } from '../../glow/directions.ts';
import { matchPlaceholders } from '../../glow/verify.ts';
import { readElf, undefinedNames } from '../../toolchain/elf.ts';
import { type BundleFiles, openBundle } from './bundlePlace.ts';
import { parseReport } from './bundleReport.ts';
import { asInput, directionsOf, readPlainBundle, requireWeights } from './plainBundle.ts';

/**
 * Reads a bundle that GlowPort wrote whole into a folder, or that a generated project holds, or one that was made by hand
 * with Glow's tools, which has no report.
 *
 * @param place its folder, or its NAME.h; a project, or the project's bundle/
 * @param hints what may tell the placeholders' directions of a bundle without a report; with the model's ends, placeholders are
 *   called as the model calls them
 * @throws UserError `input` when files are missing or do not belong together, or nothing tells the directions; `usage` for a
 *   hint that names no placeholder
 */
export async function readBundle(place: string, hints: BundleHints = {}): Promise<Bundle> {
  const files = await openBundle(place);
  return (await files.has('report.json')) ? readReported(files, hints) : readPlainBundle(files, hints);
}

/**
 * Names of the placeholders of a bundle that does not tell which of them are outputs; none of one that does.
 * @throws UserError as `readBundle` does
 */
export async function undirectedPlaceholders(place: string): Promise<readonly string[]> {
  const files = await openBundle(place);
  const isTold = (await files.has('report.json')) || (await directionsOf(files, {})) !== undefined;
  return isTold ? [] : files.parsed.placeholders.map((p) => p.cName);
}

async function readReported(
  { parsed, text, has, read, damaged }: BundleFiles,
  { ends }: BundleHints,
): Promise<Bundle> {
  const weights = new Uint8Array(await read('weights.bin'));
  requireWeights(weights, parsed, damaged);
  const report = parseReport((await read('report.json')).toString('utf8'), damaged);
  const placeholders = parsed.placeholders.map((p): Placeholder => {
    const reported = report.placeholders.find((r) => r.cName === p.cName);
    if (reported?.byteOffset !== p.byteOffset || reported.byteSize !== p.byteSize) {
      throw damaged(say`header and report disagree about the placeholder ${p.cName}`);
    }
    return { ...p, direction: reported.direction, scale: reported.scale, offset: reported.offset };
  });
  const matched = (): Placeholder[] => matchPlaceholders({ ...parsed, placeholders }, ends!, undefined);
  const source = (await has('c')) ? (await read('c')).toString('utf8') : undefined;
  const object = new Uint8Array(await read('o'));
  return {
    ...parsed,
    placeholders: ends ? await asInput(matched) : placeholders,
    header: text,
    source,
    softFloat:
      source === undefined ? softFloatSource(parsed.name, undefinedNames(readElf(object))) : undefined,
    object,
    weights,
    layers: report.layers,
    ...(report.states ? { states: report.states } : {}),
  };
}
