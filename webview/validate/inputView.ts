import './inputView.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { integer, perSample, real } from '../report/format.ts';
import { seriesPicture } from '../shared/pictures/seriesPicture.ts';
import type { Pixels, SampleInput } from '../shared/sampleInput.ts';
import { drawAtWidth, pictureElement } from '../svgPicture.ts';

/** Side that a picture is drawn with at least, as far as whole pixels allow; and at most. */
const SIDE = { least: 140, most: 280 };
const PLOT_HEIGHT = 130;
/** Fewer numbers are told, and not drawn. */
const FEWEST_DRAWN = 9;
/** Most columns of a sequence that are lines of their own. */
const MOST_LINES = 4;
/** Numbers that stand below a line. */
const MOST_TOLD = 64;

/** What a sample feeds an input with: a picture, or its numbers, as lines where they are many. */
export function inputView({ name, shape, picture, values }: SampleInput): HTMLElement {
  const caption = h('figcaption', { class: 'quiet' }, t('{0}, {1}', name, perSample(shape)));
  if (picture) return h('figure', { class: 'input-view' }, caption, pictureCanvas(picture));
  const isDrawn = values.length >= FEWEST_DRAWN;
  return h(
    'figure',
    { class: 'input-view' },
    caption,
    isDrawn && linePlot(seriesOf(shape, values), name),
    h('p', { class: 'input-values', tabindex: 0 }, numbersText(values, elementsOf(shape))),
  );
}

function pictureCanvas({ width, height, channels, data }: Pixels): HTMLElement {
  const canvas = h('canvas', {
    ...{ width, height, role: 'img' },
    'aria-label': t('Picture of {0} × {1} pixels', width, height),
  });
  const longer = Math.max(width, height);
  const scale = longer > SIDE.most ? SIDE.most / longer : Math.max(1, Math.ceil(SIDE.least / longer));
  // the policy forbids style attributes; the object model is allowed
  canvas.style.width = `${Math.round(width * scale)}px`;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[i * channels + Math.min(c, channels - 1)]!;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function linePlot(series: readonly (readonly number[])[], name: string): HTMLElement {
  const place = h('div', { class: 'series-place' });
  drawAtWidth(place, (width) => {
    const { content, ...size } = seriesPicture(series, real, { width, height: PLOT_HEIGHT });
    return pictureElement({
      tag: 'svg',
      attributes: {
        ...size,
        viewBox: `0 0 ${size.width} ${size.height}`,
        role: 'img',
        'aria-label': t('{0} as lines', name),
      },
      children: [content],
    });
  });
  return place;
}

/** The few columns of a sequence are lines of their own; anything else is one line. */
function seriesOf(shape: readonly number[], values: readonly number[]): number[][] {
  const [, steps = 0, columns = 0] = shape;
  const isSequence = shape.length === 3 && steps > 1 && columns > 1 && columns <= MOST_LINES;
  if (!isSequence) return [[...values]];
  const whole = Math.floor(values.length / columns);
  return Array.from({ length: columns }, (_, c) =>
    Array.from({ length: whole }, (_, i) => values[i * columns + c]!),
  );
}

function numbersText(values: readonly number[], elements: number): string {
  const told = values.slice(0, MOST_TOLD).map(real).join('  ');
  return elements > MOST_TOLD ? t('{0} … ({1} in all)', told, integer(elements)) : told;
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
