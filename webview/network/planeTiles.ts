import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import { largest, smallest } from './extremes.ts';
import type { TensorMessage } from '../shared/messages/network.ts';

/** Channels that are drawn. */
export const MOST_TILES = 64;
/** Pixels that the longer side of a tile has about; as many columns of numbers at most. */
const SIDE = 112;
/** A difference is framed where its pixel is as large, else filled. */
const LEAST_FRAMED = 4;

/** One tile a plane, the PC's beside it where it differs. @param themed an element in the page's colours */
export function planeTiles(tensor: TensorMessage, themed: HTMLElement): HTMLElement[] {
  const { planes, shownPlanes, shownRows: height, board, pc } = tensor;
  const { count, width } = planes;
  const size = height * width;
  // one scale of grey for all, the PC's included
  const low = Math.min(smallest(board), pc ? smallest(pc) : Infinity);
  const high = Math.max(largest(board), pc ? largest(pc) : -Infinity);
  const colour = markColour(themed);
  return Array.from({ length: Math.min(shownPlanes, MOST_TILES) }, (_, p) => {
    const part = (values: readonly number[]): readonly number[] => values.slice(p * size, (p + 1) * size);
    const own = part(board);
    const other = pc && part(pc);
    const differing = other ? own.flatMap((v, i) => (v === other[i] ? [] : [i])) : [];
    const draw = (values: readonly number[], label: string): HTMLElement =>
      planeCanvas({ values, width, height, low, high, marked: differing, colour }, label);
    const name = count > 1 ? t('Channel {0}', p + 1) : t('Tensor');
    if (!other || differing.length === 0) {
      return h(
        'figure',
        { class: 'tile' },
        draw(own, name),
        count > 1 && h('figcaption', { class: 'quiet' }, name),
      );
    }
    return h(
      'figure',
      { class: 'tile differs' },
      h(
        'div',
        { class: 'pair' },
        h('div', {}, draw(own, t('{0}, on the board', name)), h('span', { class: 'quiet' }, t('board'))),
        h('div', {}, draw(other, t('{0}, on the PC', name)), h('span', { class: 'quiet' }, t('PC'))),
      ),
      h('figcaption', { class: 'bad' }, t('{0}: {1} differ', name, differing.length)),
    );
  });
}

interface Plane {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  /** What is black, and what is white. */
  readonly low: number;
  readonly high: number;
  readonly marked: readonly number[];
  readonly colour: string;
}

function planeCanvas(
  { values, width, height, low, high, marked, colour }: Plane,
  label: string,
): HTMLElement {
  const pixel = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  // a row of few numbers is drawn as high as can be seen
  const tall = height === 1 ? Math.max(pixel, 16) : pixel;
  const canvas = h('canvas', {
    width: width * pixel,
    height: height * tall,
    role: 'img',
    'aria-label': label,
  });
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  values.forEach((value, i) => {
    const grey = high > low ? Math.round((255 * (value - low)) / (high - low)) : 128;
    context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
    context.fillRect((i % width) * pixel, Math.floor(i / width) * tall, pixel, tall);
  });
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const i of marked) {
    const [x, y] = [(i % width) * pixel, Math.floor(i / width) * tall];
    if (pixel < LEAST_FRAMED) context.fillRect(x, y, pixel, tall);
    else context.strokeRect(x + 1, y + 1, pixel - 2, tall - 2);
  }
  return canvas;
}

/** The theme's colour of what is wrong, as a canvas takes it. */
function markColour(themed: HTMLElement): string {
  const probe = h('span', { class: 'bad', hidden: true });
  themed.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
