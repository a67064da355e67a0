import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle, LayerReport, Placeholder } from '../../bundle/bundle.ts';
import { writeBundle } from '../../bundle/files.ts';
import { graphSvg } from '../../bundle/graphSvg.ts';
import { graphvizDot } from '../../bundle/graphvizDot.ts';
import { readHeader } from '../../bundle/header.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readBounded, writeFileAtomic } from '../../common/files.ts';
import type { Graph } from '../../model/graph.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { quantizedDrawing } from '../report/data.ts';

/** Largest file of a bundle that is read, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Writes a bundle and the drawing of its graph (NAME.dot, NAME.svg) into a folder. */
export async function saveBundle(
  folder: string,
  bundle: Bundle,
  graph: Graph,
  quantized: QuantizedGraph,
): Promise<void> {
  await writeBundle(folder, bundle);
  const drawing = quantizedDrawing(graph, quantized);
  await writeFileAtomic(path.join(folder, `${bundle.name}.dot`), graphvizDot(drawing));
  await writeFileAtomic(path.join(folder, `${bundle.name}.svg`), graphSvg(drawing));
}

/**
 * Reads a bundle that `saveBundle` wrote.
 *
 * @param place its folder, or its NAME.h
 * @throws UserError `input` when files are missing or do not belong together
 */
export async function readBundle(place: string): Promise<Bundle> {
  const header = await findHeader(place);
  const folder = path.dirname(header);
  const text = (await readBounded(header, MAX_BYTES, say`bundle header`)).toString('utf8');
  const parsed = readHeader(text, path.basename(header));
  const read = (ending: string): Promise<Buffer> =>
    readBounded(path.join(folder, `${parsed.name}.${ending}`), MAX_BYTES, say`bundle file`);
  const hasSource = await stat(path.join(folder, `${parsed.name}.c`)).catch(() => undefined);
  const weights = new Uint8Array(await read('weights.bin'));
  if (weights.length !== parsed.constantBytes) {
    throw mixedUp(
      folder,
      say`${parsed.name}.weights.bin has ${weights.length} bytes, the header says ${parsed.constantBytes}`,
    );
  }
  const report = parseReport(await read('report.json'), folder);
  const placeholders = parsed.placeholders.map((p): Placeholder => {
    const reported = report.placeholders.find((r) => r.cName === p.cName);
    if (reported?.byteOffset !== p.byteOffset || reported.byteSize !== p.byteSize) {
      throw mixedUp(folder, say`header and report disagree about the placeholder ${p.cName}`);
    }
    return { ...p, direction: reported.direction, scale: reported.scale, offset: reported.offset };
  });
  return {
    ...parsed,
    placeholders,
    header: text,
    source: hasSource ? (await read('c')).toString('utf8') : undefined,
    object: new Uint8Array(await read('o')),
    weights,
    layers: report.layers,
  };
}

async function findHeader(place: string): Promise<string> {
  const kind = await stat(place).catch(() => undefined);
  if (!kind) throw new UserError('input', say`There is no bundle ${place}.`, say`Check the path.`);
  if (!kind.isDirectory()) return place;
  const headers = (await readdir(place)).filter((name) => name.endsWith('.h'));
  if (headers.length === 1) return path.join(place, headers[0]!);
  throw new UserError(
    'input',
    headers.length === 0 ? say`${place} holds no bundle.` : say`${place} holds several headers.`,
    headers.length === 0 ? { do: 'compileModel' } : say`Name the bundle's header itself.`,
  );
}

function mixedUp(folder: string, what: Sentence): UserError {
  return new UserError(
    'input',
    say`The bundle in ${folder} is damaged: ${what}.`,
    say`Compile the model again.`,
  );
}

function parseReport(bytes: Buffer, folder: string): { placeholders: Placeholder[]; layers: LayerReport[] } {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw mixedUp(folder, say`its report is not JSON`);
  }
  const { placeholders, layers } = (value ?? {}) as { placeholders?: unknown; layers?: unknown };
  const isPlaceholder = (p: unknown): p is Placeholder => {
    const { cName, direction, scale, offset, byteOffset, byteSize } = (p ?? {}) as Partial<Placeholder>;
    return (
      typeof cName === 'string' &&
      (direction === 'input' || direction === 'output') &&
      [scale, offset, byteOffset, byteSize].every((n) => typeof n === 'number' && Number.isFinite(n))
    );
  };
  if (!Array.isArray(placeholders) || !placeholders.every(isPlaceholder) || !Array.isArray(layers)) {
    throw mixedUp(folder, say`its report lacks placeholders or layers`);
  }
  return { placeholders, layers: layers as LayerReport[] };
}
