import path from 'node:path';
import { filled } from '../../extension/common/errors/sentence.ts';
import { exploreState } from '../../extension/views/explore/exploreState.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { explore } from '../../extension/workflow/explore/explore.ts';
import type { ExploreState, VariantRow } from '../../webview/shared/messages/explore.ts';

const example = path.resolve(import.meta.dirname, '../../examples/mnist');

/** What really exploring the example finds, as the page is sent it. */
export async function exploredDigits(board = 'frdmke16z'): Promise<ExploreState> {
  const choices = {
    ...DEFAULT_CHOICES,
    model: path.join(example, 'mnist.onnx'),
    samples: [path.join(example, 'calibration')],
    board,
  };
  const request = { choices, fixed: { quantization: {} }, test: [], run: false, cacheFolder: null };
  return exploreState(await explore(request), filled);
}

/** A variant that is made up; its number, accuracy of 100 labels, SQNR (undefined: exact), cycles and flash. */
export function madeUpRow(
  number: number,
  correct: number,
  sqnrDb: number | undefined,
  cycles: number,
  change: Partial<VariantRow> = {},
): VariantRow {
  return {
    ...{ number, words: `int8 variant ${number}`, isChosen: false, fits: true, why: '' },
    figures: {
      ...{ samples: 100, namesClasses: true, sameTop1: correct, sqnrDb },
      labelled: { samples: 100, correct, floatCorrect: 97 },
      ...{ predictedCycles: cycles, flashBytes: cycles / 10, ramBytes: 2000 },
      firmware: { basis: 'predicted', flashBytes: cycles / 10, ramBytes: 2200 },
    },
    ...change,
  };
}

/** Variants of every kind: on the front and behind it, exact, too large, not to be made, at one place. */
export const MIXED: ExploreState = {
  ...{ type: 'state', model: 'a<b>.onnx', board: 'FRDM-KE16Z', canRun: true },
  rows: [
    madeUpRow(4, 97, undefined, 140_000),
    madeUpRow(1, 95, 31, 90_000, { isChosen: true }),
    madeUpRow(2, 91, 25, 60_000),
    madeUpRow(3, 90, 24, 90_000),
    madeUpRow(5, 90, 24, 90_000),
    madeUpRow(6, 97, 70, 100_000, {
      fits: false,
      why: 'Does not fit the board: it needs 9.1 KB RAM, has 8 KB (1126 bytes too much).',
    }),
    {
      ...madeUpRow(7, 0, 0, 0),
      figures: undefined,
      fits: false,
      why: 'FRDM-KE16Z has no FPU, so its inputs and outputs must be quantized.',
    },
  ],
};
