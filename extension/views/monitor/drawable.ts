import { findBoard } from '../../board/catalogue.ts';
import type { Answer } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { isDataFile } from '../../data/files/table.ts';
import { say } from '../../common/errors/sentence.ts';
import { type ImageGeometry, imageGeometry } from '../../image/tensor.ts';
import type { AnyPortResult } from '../../workflow/port/portCompiled.ts';
import type { PortRecord } from '../../workflow/port/portedNetwork.ts';
import type { PortedFirmware } from '../../workflow/port/runPicture.ts';
import { inputPlaceholder, inputPlaceholders } from '../../workflow/data/givenInput.ts';
import { requireSimulated } from '../../workflow/steps/run.ts';

/** Largest picture that is drawn by hand, in pixels a side. */
const MAX_DRAWING = 64;

/** What the port of a network that was compiled elsewhere leaves: its bundle, which alone there is. */
type CompiledRecord = Pick<PortedFirmware, 'choices'> & { readonly bundleFolder: string };

/** What a drawing needs after a reload of the window: plain data, from which the network is computed again. */
export interface KeptDrawing {
  readonly boardId: string;
  readonly elf: string;
  readonly geometry: ImageGeometry;
  /** Absent of a port from before there were other answers. */
  readonly answer?: Answer;
  readonly port: PortRecord | CompiledRecord;
}

/** What to keep of a port's result; undefined when nothing can be drawn for it. */
export function keptDrawing(result: AnyPortResult): KeptDrawing | undefined {
  const { board, elf, bundleFolder, answer } = result;
  if (!isFedWithPictures(result)) return undefined;
  try {
    const geometry = drawingGeometry(result);
    return { boardId: board.id, elf, geometry, answer, port: recordOf(result, bundleFolder) };
  } catch (e) {
    if (e instanceof UserError) return undefined;
    throw e;
  }
}

function recordOf(result: AnyPortResult, bundleFolder: string): KeptDrawing['port'] {
  if (result.kind === 'model') return { choices: result.choices, bundleFolder, compiler: result.compiler };
  const { image, normalize, console } = result.choices;
  return { choices: { image, normalize, console }, bundleFolder };
}

/** @throws UserError as `portedNetwork` and `readBundle` do */
export async function restoredDrawing(
  { boardId, elf, port, answer = { task: 'classify' } }: KeptDrawing,
  signal: AbortSignal,
): Promise<PortedFirmware> {
  if (!('compiler' in port)) {
    const { readBundle } = await import('../../workflow/folders/bundleFolder.ts');
    const bundle = await readBundle(port.bundleFolder);
    const none = { graph: undefined, quantized: undefined };
    return { ...none, bundle, answer, elf, board: findBoard(boardId), choices: port.choices };
  }
  const { portedNetwork } = await import('../../workflow/port/portedNetwork.ts');
  const network = await portedNetwork(port, { signal });
  return { ...network, answer, elf, board: findBoard(boardId), choices: port.choices };
}

/**
 * Whether a model is fed with pictures: its test data are one, not sound or a table that lies as a picture would. Where they are made up,
 * its only input has rows, columns and channels.
 */
export function isFedWithPictures({ bundle, input }: Pick<AnyPortResult, 'bundle' | 'input'>): boolean {
  if (input !== 'madeUp') return !isDataFile(input.path);
  const inputs = inputPlaceholders(bundle);
  return inputs.length === 1 && inputs[0]!.shape.length === 4;
}

/**
 * How the model's input is drawn.
 * @throws UserError `model` or `board` when it cannot be: no picture, too large, a board that is not simulated
 */
export function drawingGeometry({
  board,
  bundle,
  choices,
}: Pick<PortedFirmware, 'board' | 'bundle' | 'choices'>): ImageGeometry {
  requireSimulated(board);
  const geometry = imageGeometry(inputPlaceholder(bundle).shape, choices.image.layout);
  if (Math.max(geometry.width, geometry.height) > MAX_DRAWING) {
    throw new UserError(
      'model',
      say`The model’s picture of ${geometry.width} x ${geometry.height} pixels is too large to draw.`,
      say`Up to ${MAX_DRAWING} x ${MAX_DRAWING} pixels can be drawn.`,
    );
  }
  return geometry;
}
