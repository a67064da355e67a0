import './rocView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { percent, real } from '../report/format.ts';
import { type RocMark, rocPicture } from '../shared/pictures/rocPicture.ts';
import type { Roc } from '../shared/validation.ts';
import { drawAtWidth, pictureElement } from '../svgPicture.ts';
import { ratesOf, type Split } from './splits.ts';

/** Largest side of the drawing, in pixels. */
const LARGEST = 400;

/** The ROC curve with the thresholds marked on it. */
export function rocView({ points, auc }: Roc, splits: readonly Split[]): HTMLElement {
  const place = h('div', { class: 'roc-place' });
  const texts = {
    falsePositives: t('Normal samples taken for anomalies'),
    truePositives: t('Anomalies found'),
    share: percent,
  };
  drawAtWidth(place, (width) => {
    const picture = rocPicture(points, marksOf(splits), texts, Math.min(LARGEST, width));
    return pictureElement({
      tag: 'svg',
      attributes: {
        ...{ width: picture.width, height: picture.height },
        viewBox: `0 0 ${picture.width} ${picture.height}`,
        role: 'img',
        'aria-label': t('ROC curve, area {0}', real(auc)),
      },
      children: [picture.content],
    });
  });
  return place;
}

/** Thresholds that make the same of the samples are one mark. */
function marksOf(splits: readonly Split[]): RocMark[] {
  const marks = splits.map(({ id, title, confusion }): RocMark => {
    const { falsePositives = 0, truePositives = 0 } = ratesOf(confusion);
    return { kind: id, text: title, falsePositives, truePositives };
  });
  const [first, second] = marks;
  const areOne =
    first?.falsePositives === second?.falsePositives && first?.truePositives === second?.truePositives;
  return first && second && areOne ? [{ ...first, text: `${first.text}; ${second.text}` }] : marks;
}
