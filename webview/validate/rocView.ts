import './rocView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { percent, percentOf, real } from '../report/format.ts';
import { rocPicture } from '../shared/pictures/rocPicture.ts';
import type { Roc } from '../shared/validation.ts';
import { drawAtWidth, pictureElement } from '../svgPicture.ts';

/** Largest side of the drawing, in pixels. */
const LARGEST = 400;

/** The ROC curve, and beside it what the best threshold makes of the samples. @param confusion the matrix of that threshold */
export function rocView(roc: Roc, confusion: HTMLElement): HTMLElement {
  const { best, auc } = roc;
  const place = h('div', { class: 'roc-place' });
  drawAtWidth(place, (width) => {
    const { content, ...size } = rocPicture(
      roc,
      {
        falsePositives: t('Normal samples taken for anomalies'),
        truePositives: t('Anomalies found'),
        best: t('threshold {0}', real(best.threshold)),
        share: percent,
      },
      Math.min(LARGEST, width),
    );
    return pictureElement({
      tag: 'svg',
      attributes: {
        ...size,
        viewBox: `0 0 ${size.width} ${size.height}`,
        role: 'img',
        'aria-label': t('ROC curve, area {0}', real(auc)),
      },
      children: [content],
    });
  });
  const [normal, anomaly] = best.confusion.matrix;
  const sum = (row: readonly number[] | undefined): number => (row ?? []).reduce((a, b) => a + b, 0);
  return h(
    'section',
    {},
    h('h2', {}, t('ROC curve')),
    h(
      'div',
      { class: 'roc-view' },
      place,
      h(
        'div',
        { class: 'roc-facts' },
        h('h3', {}, t('Best threshold: {0}', real(best.threshold))),
        h(
          'p',
          { class: 'quiet' },
          t(
            'It finds {0} of the anomalies and takes {1} of what is normal for one: the largest difference of both (Youden’s J).',
            percentOf(anomaly?.[1] ?? 0, sum(anomaly)),
            percentOf(normal?.[1] ?? 0, sum(normal)),
          ),
        ),
        confusion,
      ),
    ),
  );
}
