import { type Contents, RECORDS } from '../common/output/record.ts';
import { type OverwriteRules, writeOutputs } from '../common/output/writeOutputs.ts';
import type { Bundle } from './bundle.ts';
import { softFloatFile } from './softFloat.ts';
import { weightsText } from './weights.ts';

/** A drawing of the network: text of NAME.dot (Graphviz) and NAME.svg. */
export interface BundleDrawing {
  readonly dot: string;
  readonly svg: string;
}

/** The files of a bundle by name; the same bundle gives the same bytes. */
export function bundleFiles(b: Bundle, drawing?: BundleDrawing): Map<string, Contents> {
  const files = new Map<string, Contents>([
    [`${b.name}.h`, b.header],
    [`${b.name}.weights.bin`, b.weights],
    [`${b.name}.weights.txt`, weightsText(b.weights)],
    [`${b.name}.report.json`, `${JSON.stringify(report(b), null, 2)}\n`],
  ]);
  if (b.source !== undefined) files.set(`${b.name}.c`, b.source);
  if (b.softFloat !== undefined) files.set(softFloatFile(b.name), b.softFloat);
  if (b.object !== undefined) files.set(`${b.name}.o`, b.object);
  if (drawing) files.set(`${b.name}.dot`, drawing.dot).set(`${b.name}.svg`, drawing.svg);
  return files;
}

function report(b: Bundle): object {
  const { name, constantBytes, mutableBytes, stateBytes, activationBytes, alignment, placeholders, layers } =
    b;
  const { states = [] } = b;
  return {
    ...{ name, constantBytes, mutableBytes, stateBytes, activationBytes, alignment, placeholders, layers },
    ...(states.length > 0 ? { states } : {}),
  };
}

/**
 * Writes a bundle into a folder, which is made when missing, in place of an earlier one of that name.
 *
 * @throws UserError as `writeOutputs` does
 */
export async function writeBundle(
  folder: string,
  b: Bundle,
  drawing: BundleDrawing | undefined,
  rules: OverwriteRules,
): Promise<void> {
  const record = RECORDS.bundle(b.name);
  await writeOutputs(folder, bundleFiles(b, drawing), { ...rules, record, isWholeSet: true });
}
