import type { Roc, RocPoint } from '../validation.ts';
import { coordinate, type Picture, svg } from './svg.ts';

export interface RocTexts {
  /** Titles of the axes: to the right, and up. */
  readonly falsePositives: string;
  readonly truePositives: string;
  /** What stands beside the best threshold. */
  readonly best: string;
  /** A share from 0 to 1 as text. */
  readonly share: (value: number) => string;
}

const TEXT = 11;
const MARGIN = { left: 58, top: 10, right: 22, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** A ROC curve over the diagonal of guessing, the area below it filled, the best threshold marked. @param size side of the square, in pixels */
export function rocPicture({ points, best }: Roc, texts: RocTexts, size: number): Picture {
  const right = size - MARGIN.right;
  const bottom = size - MARGIN.bottom;
  const x = (share: number): number => MARGIN.left + share * (right - MARGIN.left);
  const y = (share: number): number => bottom - share * (bottom - MARGIN.top);
  const at = (p: RocPoint): string =>
    `${coordinate(x(p.falsePositiveRate))} ${coordinate(y(p.truePositiveRate))}`;
  const line = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${at(p)}`).join('');
  const marked = points.find((p) => p.threshold === best.threshold);
  const content = svg('g', { class: 'roc' }, [
    ...TICKS.flatMap((tick) => [
      svg('path', { class: 'grid', d: `M${coordinate(x(tick))} ${MARGIN.top}V${bottom}` }),
      svg('path', { class: 'grid', d: `M${MARGIN.left} ${coordinate(y(tick))}H${right}` }),
      svg('text', { class: 'tick', x: x(tick), y: bottom + 15, 'font-size': TEXT, 'text-anchor': 'middle' }, [
        texts.share(tick),
      ]),
      svg(
        'text',
        { class: 'tick', x: MARGIN.left - 6, y: y(tick) + 4, 'font-size': TEXT, 'text-anchor': 'end' },
        [texts.share(tick)],
      ),
    ]),
    svg('path', { class: 'guess', d: `M${x(0)} ${y(0)}L${x(1)} ${y(1)}` }),
    svg('path', { class: 'area', d: `${line}L${coordinate(x(1))} ${coordinate(y(0))}Z` }),
    svg('path', { class: 'curve', d: line }),
    svg('path', { class: 'axis', d: `M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}` }),
    ...(marked ? bestMark(x(marked.falsePositiveRate), y(marked.truePositiveRate), texts.best, right) : []),
    svg(
      'text',
      {
        class: 'axisTitle',
        x: (MARGIN.left + right) / 2,
        y: size - 6,
        'font-size': TEXT,
        'text-anchor': 'middle',
      },
      [texts.falsePositives],
    ),
    svg(
      'text',
      {
        class: 'axisTitle',
        transform: `translate(11 ${coordinate((MARGIN.top + bottom) / 2)}) rotate(-90)`,
        'font-size': TEXT,
        'text-anchor': 'middle',
      },
      [texts.truePositives],
    ),
  ]);
  return { width: size, height: size, content };
}

/** The point, and its words below it on the side where there is room: above it the curve goes on. */
function bestMark(x: number, y: number, text: string, right: number): Picture['content'][] {
  const isLeft = x < right * 0.6;
  return [
    svg('circle', { class: 'best', cx: x, cy: y, r: 5.5 }),
    svg(
      'text',
      {
        class: 'bestText',
        x: isLeft ? x + 10 : x - 10,
        y: y + 18,
        'font-size': TEXT,
        'text-anchor': isLeft ? 'start' : 'end',
      },
      [text],
    ),
  ];
}
