import type { Image } from '../../image/image.ts';
import { testDataSymbol } from '../../project/bundleView.ts';
import type { InferenceReport } from '../../inference/report.ts';
import type { Expected } from '../compare/compare.ts';
import { imageInput, inputPlaceholder } from '../data/givenInput.ts';
import { runLoaded } from '../steps/run.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { builtFirmware } from './builtFirmware.ts';
import type { FirmwareResult } from './result.ts';

/** What of a port is needed to run another picture. */
export type PortedFirmware = Pick<
  FirmwareResult,
  'graph' | 'quantized' | 'bundle' | 'answer' | 'elf' | 'board'
> & {
  readonly choices: Pick<FirmwareResult['choices'], 'image' | 'normalize' | 'console'>;
};

/** What a picture came to. */
export interface PictureRun {
  readonly report: InferenceReport;
  /** What the board printed, byte by byte. */
  readonly uart: Uint8Array;
  /** Undefined where nothing on the PC computes the network. */
  readonly expected: Expected | undefined;
}

/**
 * Runs a picture on the simulated board, in the firmware that a port has built: the test image is written over in the loaded
 * program, nothing is rebuilt. The PC computes the same picture meanwhile, where it can.
 *
 * @param picture in the model's own size
 * @throws UserError `input` when the firmware is gone, `firmware` when it prints no result, `cancelled`
 */
export async function runPicture(
  port: PortedFirmware,
  picture: Image,
  context: StepContext = {},
): Promise<PictureRun> {
  const { board, bundle, choices, elf } = port;
  const placeholder = inputPlaceholder(bundle);
  const input = imageInput(picture, placeholder, choices);
  const firmware = await builtFirmware(elf);
  const running = runLoaded(
    firmware,
    {
      board,
      patches: [{ symbol: testDataSymbol(bundle, placeholder), bytes: input.bytes }],
      semihosting: choices.console === 'semihost',
    },
    context,
  );
  const { graph, quantized, answer } = port;
  const onPc = graph && { graph, quantized, answer, placeholders: bundle.placeholders, inputs: [input] };
  const [{ report, simulation }, pc] = await Promise.all([
    running,
    onPc && runnerOf(context)('expectedOf', onPc, context),
  ]);
  return { report, uart: simulation.uart, expected: pc?.expected };
}
