import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle, Placeholder } from '../../bundle/bundle.ts';
import type { ParsedHeader } from '../../bundle/header.ts';
import { softFloatSource } from '../../bundle/softFloat.ts';
import { readWeightsText } from '../../bundle/weights.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readSmall } from '../../common/regularFile.ts';
import { type BundleHints, directedPlaceholders } from '../../glow/directions.ts';
import { type GlowGraph, readGlowGraph } from '../../glow/graph.ts';
import { fitHeader } from '../../glow/header.ts';
import { verifyPlaces, verifyThumb } from '../../glow/verify.ts';
import { undefinedNames } from '../../toolchain/elf.ts';
import type { BundleFiles } from './bundlePlace.ts';

/** Largest drawing that is read, in bytes. */
const MAX_GRAPH_BYTES = 16 * 1024 * 1024;

/**
 * Reads a bundle as Glow's tools leave it: NAME.h, NAME.o, NAME.weights.bin or .txt or both. Nothing of it is trusted: it is
 * checked as one that GlowPort lets Glow make.
 * @throws UserError as `readBundle` does
 */
export async function readPlainBundle(files: BundleFiles, hints: BundleHints): Promise<Bundle> {
  const { folder, header, parsed, read, damaged } = files;
  const object = new Uint8Array(await read('o'));
  const weights = await readWeights(files);
  requireWeights(weights, parsed, damaged);
  const elf = await asInput(() => verifyThumb(object, parsed.name));
  const placeholders = await directionsOf(files, hints);
  if (!placeholders) throw undirected(folder, parsed);
  const { text } = fitHeader(files.text, header);
  const softFloat = softFloatSource(parsed.name, undefinedNames(elf));
  return { ...parsed, placeholders, header: text, source: undefined, softFloat, object, weights, layers: [] };
}

/** The placeholders of a header with their directions; undefined when nothing tells. */
export async function directionsOf(
  { folder, parsed }: BundleFiles,
  hints: BundleHints,
): Promise<Placeholder[] | undefined> {
  const graph = await graphBeside(folder, parsed.name);
  return asInput(() => {
    verifyPlaces(parsed);
    return directedPlaceholders(parsed, { ...hints, graph });
  });
}

/** @param damaged makes the error when the constants are not as many bytes as the header says */
export function requireWeights(
  { length }: Uint8Array,
  { name, constantBytes }: ParsedHeader,
  damaged: (what: Sentence) => UserError,
): void {
  if (length === constantBytes) return;
  throw damaged(say`${name}.weights.bin has ${length} bytes, the header says ${constantBytes}`);
}

/** The constants: of NAME.weights.bin, or of the text where only that is there, as Glow's own examples leave it. */
async function readWeights({ parsed, has, read, damaged }: BundleFiles): Promise<Uint8Array> {
  const { name, constantBytes } = parsed;
  const [hasBytes, hasText] = [await has('weights.bin'), await has('weights.txt')];
  const fromText = hasText
    ? readWeightsText((await read('weights.txt')).toString('latin1'), constantBytes)
    : undefined;
  if (hasText && !fromText) {
    throw damaged(say`${name}.weights.txt is no list of the ${constantBytes} bytes that the header says`);
  }
  const bytes = hasBytes || !fromText ? new Uint8Array(await read('weights.bin')) : fromText;
  if (fromText && Buffer.compare(fromText, bytes) !== 0) {
    throw damaged(say`${name}.weights.txt and ${name}.weights.bin hold different bytes`);
  }
  return bytes;
}

/** The drawing that model-compiler was asked for, where it lies beside the bundle: NAME.dot, or the only one there. */
async function graphBeside(folder: string, name: string): Promise<GlowGraph | undefined> {
  const drawings = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.dot'));
  const drawing = drawings.find((file) => file === `${name}.dot`) ?? drawings[0];
  if (drawing === undefined || (drawings.length > 1 && drawing !== `${name}.dot`)) return undefined;
  const bytes = await readSmall(path.join(folder, drawing), MAX_GRAPH_BYTES);
  return bytes && readGlowGraph(bytes.toString('utf8'));
}

/**
 * What is wrong in a bundle of Glow's is a tool's fault where that has just run, and a file's here.
 * @throws UserError `input` where `work` throws one of code `toolchain`
 */
export async function asInput<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (e) {
    if (!(e instanceof UserError) || e.code !== 'toolchain') throw e;
    throw new UserError('input', e.sentence, e.remedies, e.detail);
  }
}

function undirected(folder: string, { placeholders }: ParsedHeader): UserError {
  const each = placeholders.map(({ cName, shape }) => say`${cName} (${shape.join(' x ')})`);
  return new UserError(
    'input',
    say`Nothing tells which placeholders of the bundle in ${folder} are inputs and which outputs: ${each}.`,
    { do: 'nameOutputs', such: placeholders[0]!.cName },
  );
}
