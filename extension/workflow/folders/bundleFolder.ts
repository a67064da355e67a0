import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BUILD_PLAN_FILE } from '../../board/buildPlan.ts';
import type { Bundle, LayerReport, Placeholder } from '../../bundle/bundle.ts';
import { readHeader } from '../../bundle/header.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { BUNDLE_FOLDER, placeInProject } from '../../project/layout.ts';
import { readBuildPlan } from '../../toolchain/buildPlanFile.ts';

/** Largest file of a bundle that is read, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a bundle that was written whole into a folder, or that a generated project holds.
 *
 * @param place its folder, or its NAME.h; a project, or the project's bundle/
 * @throws UserError `input` when files are missing or do not belong together
 */
export async function readBundle(place: string): Promise<Bundle> {
  const { folder, header, at } = await findBundle(place);
  const text = (await readBounded(at(header), MAX_BYTES, say`bundle header`)).toString('utf8');
  const parsed = readHeader(text, header);
  const read = (ending: string): Promise<Buffer> =>
    readBounded(at(`${parsed.name}.${ending}`), MAX_BYTES, say`bundle file`);
  const hasSource = await stat(at(`${parsed.name}.c`)).catch(() => undefined);
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

/** Where the files of a bundle are. */
interface BundlePlace {
  readonly folder: string;
  /** Name of its header. */
  readonly header: string;
  readonly at: (file: string) => string;
}

async function findBundle(place: string): Promise<BundlePlace> {
  const kind = await stat(place).catch(() => undefined);
  if (!kind) throw new UserError('input', say`There is no bundle ${place}.`, say`Check the path.`);
  const whole = (header: string): BundlePlace => {
    const folder = path.dirname(header);
    return { folder, header: path.basename(header), at: (file) => path.join(folder, file) };
  };
  if (!kind.isDirectory()) return whole(place);
  const headers = (await readdir(place)).filter((name) => name.endsWith('.h'));
  if (headers.length === 1) return whole(path.join(place, headers[0]!));
  const project = headers.length === 0 ? await projectOf(path.resolve(place)) : undefined;
  if (project !== undefined) {
    const { name } = await readBuildPlan(project);
    return { folder: place, header: `${name}.h`, at: (file) => path.join(project, placeInProject(file)) };
  }
  throw new UserError(
    'input',
    headers.length === 0 ? say`${place} holds no bundle.` : say`${place} holds several headers.`,
    headers.length === 0 ? { do: 'compileModel' } : say`Name the bundle's header itself.`,
  );
}

/** The generated project that a folder is, or is the bundle/ of. */
async function projectOf(folder: string): Promise<string | undefined> {
  const above = path.basename(folder) === BUNDLE_FOLDER ? [path.dirname(folder)] : [];
  for (const project of [folder, ...above]) {
    if (await stat(path.join(project, BUILD_PLAN_FILE)).catch(() => undefined)) return project;
  }
  return undefined;
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
  if (!isListOf(isPlaceholder, placeholders) || !isListOf(isLayer, layers)) {
    throw mixedUp(folder, say`its report lacks placeholders or layers`);
  }
  return { placeholders, layers };
}

function isPlaceholder(value: unknown): value is Placeholder {
  const { cName, direction, scale, offset, byteOffset, byteSize } = (value ?? {}) as Partial<Placeholder>;
  return (
    typeof cName === 'string' &&
    (direction === 'input' || direction === 'output') &&
    [scale, offset, byteOffset, byteSize].every(isNumber)
  );
}

function isLayer(value: unknown): value is LayerReport {
  const layer = (value ?? {}) as Partial<LayerReport>;
  const { inputShape, outputShape, codeBytes, assemblySymbols } = layer;
  return (
    [layer.name, layer.operator, layer.symbol, layer.variant].every(isText) &&
    [layer.scale, layer.offset, layer.macs, layer.constantBytes, layer.predictedCycles].every(isNumber) &&
    isListOf(isNumber, inputShape) &&
    isListOf(isNumber, outputShape) &&
    (codeBytes === undefined || isNumber(codeBytes)) &&
    (assemblySymbols === undefined || isListOf(isText, assemblySymbols))
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf<T>(is: (value: unknown) => value is T, list: unknown): list is T[] {
  return Array.isArray(list) && list.every(is);
}
