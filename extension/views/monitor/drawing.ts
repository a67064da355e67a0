import { readFile } from 'node:fs/promises';
import { type BoardData, findBoard } from '../../board/catalogue.ts';
import { cancelled, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { decodeImage } from '../../image/decode.ts';
import { type Image, toColor, toGray } from '../../image/image.ts';
import { quantizeTensor, quantizeValues } from '../../image/quantizeTensor.ts';
import { resizeImage } from '../../image/resize.ts';
import { type ImageGeometry, imageGeometry, imageToTensor } from '../../image/tensor.ts';
import { ReportParser } from '../../serial/parse.ts';
import type { InferenceReport } from '../../serial/report.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import { simulate } from '../../simulator/run/run.ts';
import { expectedOf } from '../../workflow/compare/expected.ts';
import { inputPlaceholder } from '../../workflow/steps/convertImage.ts';
import type { PortResult } from '../../workflow/port/port.ts';
import type { PortRecord } from '../../workflow/port/portedNetwork.ts';
import type { Expected } from '../../workflow/compare/compare.ts';

/** Largest picture that is drawn by hand, in pixels a side. */
export const MAX_DRAWING = 64;
/** Where the firmware keeps its test image (templates/firmware/main.c). */
const TEST_IMAGE = 'testImage';
/** Core cycles a drawn picture gets: 30 s of a 48 MHz board. */
const CYCLE_LIMIT = 1.5e9;

/** What a drawing needs after a reload of the window: plain data, from which the network is computed again. */
export interface KeptDrawing {
  readonly boardId: string;
  readonly elf: string;
  readonly geometry: ImageGeometry;
  readonly port: PortRecord;
}

/** What is needed to run a drawn picture; the rest of a port's result is not. */
export type Drawable = Pick<PortResult, 'graph' | 'quantized' | 'bundle' | 'elf'> & {
  readonly board: Pick<BoardData, 'id' | 'name'>;
  readonly choices: Pick<PortResult['choices'], 'image' | 'console'>;
};

/** What to keep of a port's result; undefined when nothing can be drawn for it. */
export function keptDrawing(result: Drawable & PortRecord): KeptDrawing | undefined {
  const { board, elf, choices, bundleFolder, compiler } = result;
  try {
    const geometry = drawingGeometry(result);
    return { boardId: board.id, elf, geometry, port: { choices, bundleFolder, compiler } };
  } catch (e) {
    if (e instanceof UserError) return undefined;
    throw e;
  }
}

/** @throws UserError as `portedNetwork` does */
export async function restoredDrawing(
  { boardId, elf, port }: KeptDrawing,
  signal: AbortSignal,
): Promise<Drawable> {
  const { portedNetwork } = await import('../../workflow/port/portedNetwork.ts');
  const network = await portedNetwork(port, { signal });
  return { ...network, elf, board: findBoard(boardId), choices: port.choices };
}

/**
 * How the model's input is drawn.
 * @throws UserError 'model' or 'board' when it cannot be: no picture, too large, a board that is not simulated
 */
export function drawingGeometry(result: Drawable): ImageGeometry {
  if (!isSimulated(result.board)) {
    throw new UserError('board', say`${result.board.name} is not simulated.`, {
      do: 'chooseBoard',
      which: 'simulated',
    });
  }
  const geometry = imageGeometry(inputPlaceholder(result.bundle).shape, result.choices.image.layout);
  if (Math.max(geometry.width, geometry.height) > MAX_DRAWING) {
    throw new UserError(
      'model',
      say`The model’s picture of ${geometry.width} x ${geometry.height} pixels is too large to draw.`,
      say`Up to ${MAX_DRAWING} x ${MAX_DRAWING} pixels can be drawn.`,
    );
  }
  return geometry;
}

/** A dropped image file in the model's own size and colours, as the conversion of test images makes it. */
export function pictureFor(geometry: ImageGeometry, bytes: Uint8Array, fileName: string): Image {
  const { width, height, channels } = geometry;
  const image = decodeImage(bytes, fileName);
  return resizeImage(channels === 1 ? toGray(image) : toColor(image), width, height);
}

/**
 * Runs a picture on the simulated board, in the firmware that was built: the test image is written over in the loaded
 * program, nothing is rebuilt. The PC computes the same picture meanwhile.
 * @param picture in the model's own size
 * @throws UserError 'input' when the firmware is gone, 'firmware' when it prints no result, 'cancelled'
 */
export async function runDrawing(
  result: Drawable,
  picture: Image,
  signal: AbortSignal,
): Promise<{ report: InferenceReport; expected: Expected }> {
  const placeholder = inputPlaceholder(result.bundle);
  const { shape, type, scale, offset } = placeholder;
  const real = imageToTensor(picture, { ...result.choices.image, shape }, 'The drawing');
  const format = { type, scale, offset };
  const firmware = await readFirmware(result.elf);
  const running = simulate({
    boardId: result.board.id,
    firmware,
    patches: [{ symbol: TEST_IMAGE, bytes: quantizeTensor(real, format) }],
    untilText: 'Inference time',
    cycleLimit: CYCLE_LIMIT,
    semihosting: result.choices.console === 'semihost',
    signal,
  });
  const values = type === 'float32' ? real : quantizeValues(real, { ...format, type });
  const { expected } = expectedOf(result, real, values);
  const simulation = await running;
  if (simulation.stop === 'cancelled') throw cancelled();
  const parser = new ReportParser();
  const report = parser.push(simulation.uart)[0] ?? parser.end();
  if (!report) {
    throw new UserError(
      'firmware',
      simulation.fault
        ? say`The firmware crashed. ${simulation.fault.sentence}`
        : say`The firmware printed no result.`,
      { do: 'portModel' },
      Buffer.from(simulation.uart.subarray(0, 4096)).toString('latin1'),
    );
  }
  return { report, expected };
}

/** @throws UserError 'input' in a sentence that says what to do */
export async function readFirmware(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UserError(
      'input',
      say`The firmware ${file} cannot be read.`,
      { do: 'portModel' },
      String(error),
    );
  }
}
