import { DEFAULT_QUANTIZE_OPTIONS } from '../quantize/options.ts';
import { quantize } from '../quantize/quantize.ts';
import type { ToolPaths } from '../toolchain/find.ts';
import { DEFAULT_IMAGE_OPTIONS, type WeightPlace } from './choices.ts';
import { fitBoards, roughRanges } from './fit.ts';
import { inspect } from './model.ts';
import type { BoardFit } from './report.ts';
import type { StepContext } from './steps.ts';

/**
 * What a model would take of every board, before anybody has chosen sample images: it is really compiled, once for each
 * kind of processor. Sizes and cycles do not depend on the samples but for a few constants, so made-up ones do.
 *
 * @throws PortError `input` or `model` when it cannot be read, `toolchain` when the compiler is missing
 */
export async function fitsOfModel(
  model: string,
  options: { readonly weights: WeightPlace; readonly tools?: ToolPaths | undefined },
  context: StepContext = {},
): Promise<BoardFit[]> {
  const { graph } = await inspect({ model }, context);
  const quantized = quantize(graph, roughRanges(graph, DEFAULT_IMAGE_OPTIONS), DEFAULT_QUANTIZE_OPTIONS);
  const fits = await fitBoards(quantized, { name: graph.name, ...options }, context);
  return fits.map(({ board, fit }) => ({ id: board.id, name: board.name, ...fit }));
}
