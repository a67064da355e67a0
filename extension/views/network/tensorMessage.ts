import type { LayerRow, TensorMessage } from '../../../webview/shared/messages/network.ts';
import { planesOf } from '../../../webview/shared/tensorPlanes.ts';
import type { LayerState, TensorView } from '../../debug/network/networkWatch.ts';

/** Numbers of a tensor that go to the page. */
const MOST_NUMBERS = 1 << 16;

export function layerRow({ layer, report, cycles, state, verdict }: LayerState): LayerRow {
  const { name, operator, outputShape: shape } = report;
  return { layer, name, operator, shape, cycles, state, verdict };
}

/** A tensor that is there, for the page: its first planes, or rows of the first, where it is larger than is shown. @param noPc in words */
export function tensorMessage(
  { state, pc, difference }: TensorView,
  board: readonly number[],
  noPc: string,
): TensorMessage {
  const { outputShape, output, scale, offset } = state.report;
  const planes = planesOf(outputShape);
  const shownRows = Math.min(planes.height, Math.max(1, Math.floor(MOST_NUMBERS / planes.width)));
  const shownPlanes = Math.min(
    planes.count,
    Math.max(1, Math.floor(MOST_NUMBERS / (planes.height * planes.width))),
  );
  const columns = Math.min(planes.width, MOST_NUMBERS);
  const shown = (values: ArrayLike<number>): number[] => {
    const numbers: number[] = [];
    for (let p = 0; p < shownPlanes; p++) {
      for (let y = 0; y < shownRows; y++) {
        const row = p * planes.planeStep + y * planes.rowStep;
        for (let x = 0; x < columns; x++) numbers.push(values[row + x * planes.columnStep]!);
      }
    }
    return numbers;
  };
  return {
    type: 'tensor',
    layer: state.layer,
    planes: { ...planes, width: columns },
    ...{ shownPlanes, shownRows },
    board: shown(board),
    pc: pc && difference ? shown(pc) : undefined,
    quantization: output?.type === 'float32' ? undefined : { scale, offset },
    verdict: state.verdict,
    difference,
    noPc,
  };
}
