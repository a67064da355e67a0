import { perSample, real } from '../format.ts';
import { t } from '../l10n.ts';
import type { LayerRow, TensorMessage } from '../shared/messages/network.ts';

export function layerTitle({ layer, name, operator, shape }: LayerRow): string {
  return t('{0}. {1}: {2}, {3}', layer + 1, name, operator, perSample(shape));
}

/** What a tensor is that cannot be shown, as a sentence. */
export function tensorStateText(state: LayerRow['state']): string {
  switch (state) {
    case 'unwritten':
      return t('The layer has not run yet.');
    case 'running':
      return t('The layer runs: its tensor is being written.');
    case 'gone':
      return t('Another layer has written over this tensor: its memory is shared.');
    case 'there':
      return '';
  }
}

/** A layer's state in a word or two, for the list. */
export function stateWord({ state, verdict }: LayerRow): string {
  if (verdict === 'equal') return t('equal');
  if (verdict === 'differs') return t('differs');
  switch (state) {
    case 'unwritten':
      return '';
    case 'running':
      return t('running');
    default:
      return t('ran');
  }
}

/** What is to be said of a tensor as a whole. */
export function tensorSummary({ difference, verdict, noPc, quantization }: TensorMessage): string[] {
  const numbers = quantization ? quantizationText(quantization) : t('real numbers');
  if (difference) {
    const { index, board, pc, differing, elements } = difference;
    return [
      t(
        '{0} of {1} elements differ. The first is [{2}]: {3} on the board, {4} on the PC.',
        differing,
        elements,
        index.join(', '),
        numberText(board),
        numberText(pc),
      ),
      numbers,
    ];
  }
  if (verdict === 'equal') return [t("Equal to the PC's, element by element."), numbers];
  return [...(noPc === '' ? [] : [noPc]), numbers];
}

function quantizationText({ scale, offset }: NonNullable<TensorMessage['quantization']>): string {
  if (offset === 0) return t('real = {0} × q', real(scale));
  return offset > 0
    ? t('real = {0} × (q − {1})', real(scale), offset)
    : t('real = {0} × (q + {1})', real(scale), -offset);
}

/** Integers as they are, real numbers shortly. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value).replace('-', '\u2212') : real(value);
}
