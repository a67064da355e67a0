import type { RocPoint } from '../validation.ts';
import { coordinate, type Picture, svg, type SvgElement, textWidth } from './svg.ts';

/** A threshold that is marked on the curve, or beside it where the curve is thinned out. */
export interface RocMark {
  /** Its class in style sheets. */
  readonly kind: string;
  readonly text: string;
  /** Shares from 0 to 1. */
  readonly falsePositives: number;
  readonly truePositives: number;
}

export interface RocTexts {
  /** Titles of the axes: to the right, and up. */
  readonly falsePositives: string;
  readonly truePositives: string;
  /** A share from 0 to 1 as text. */
  readonly share: (value: number) => string;
}

const TEXT = 11;
const MARGIN = { left: 58, top: 10, right: 22, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Between the words of two marks, in pixels. */
const LINE = 15;

/** A ROC curve over the diagonal of guessing, the area below it filled. @param size side of the square, in pixels */
export function rocPicture(
  points: readonly RocPoint[],
  marks: readonly RocMark[],
  texts: RocTexts,
  size: number,
): Picture {
  const right = size - MARGIN.right;
  const bottom = size - MARGIN.bottom;
  const x = (share: number): number => MARGIN.left + share * (right - MARGIN.left);
  const y = (share: number): number => bottom - share * (bottom - MARGIN.top);
  const line = points
    .map(
      (p, i) =>
        `${i === 0 ? 'M' : 'L'}${coordinate(x(p.falsePositiveRate))} ${coordinate(y(p.truePositiveRate))}`,
    )
    .join('');
  const text = (
    className: string,
    at: Readonly<Record<string, string | number>>,
    words: string,
  ): SvgElement => svg('text', { class: className, 'font-size': TEXT, ...at }, [words]);
  const placed = marks.map((mark) => ({ ...mark, x: x(mark.falsePositives), y: y(mark.truePositives) }));
  const content = svg('g', { class: 'roc' }, [
    ...TICKS.flatMap((tick) => [
      svg('path', { class: 'grid', d: `M${coordinate(x(tick))} ${MARGIN.top}V${bottom}` }),
      svg('path', { class: 'grid', d: `M${MARGIN.left} ${coordinate(y(tick))}H${right}` }),
      text('tick', { x: x(tick), y: bottom + 15, 'text-anchor': 'middle' }, texts.share(tick)),
      text('tick', { x: MARGIN.left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, texts.share(tick)),
    ]),
    svg('path', { class: 'guess', d: `M${x(0)} ${y(0)}L${x(1)} ${y(1)}` }),
    svg('path', { class: 'area', d: `${line}L${coordinate(x(1))} ${coordinate(y(0))}Z` }),
    svg('path', { class: 'curve', d: line }),
    svg('path', { class: 'axis', d: `M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}` }),
    ...placed.map((mark) =>
      svg('circle', { class: `threshold ${mark.kind}`, cx: mark.x, cy: mark.y, r: 5.5 }),
    ),
    ...wordsOf(placed, right).map((words) =>
      text('thresholdText', { x: words.left, y: words.baseline }, words.text),
    ),
    text(
      'axisTitle',
      { x: (MARGIN.left + right) / 2, y: size - 6, 'text-anchor': 'middle' },
      texts.falsePositives,
    ),
    text(
      'axisTitle',
      {
        transform: `translate(11 ${coordinate((MARGIN.top + bottom) / 2)}) rotate(-90)`,
        'text-anchor': 'middle',
      },
      texts.truePositives,
    ),
  ]);
  return { width: size, height: size, content };
}

/** The words of marks, below them and to the right, where the curve is not; moved to the left and down where there is no room. */
function wordsOf(
  marks: readonly (RocMark & { readonly x: number; readonly y: number })[],
  right: number,
): { readonly left: number; readonly baseline: number; readonly text: string }[] {
  let lowest = -Infinity;
  return [...marks]
    .sort((a, b) => a.y - b.y)
    .map(({ x, y, text }) => {
      const baseline = (lowest = Math.max(y + 19, lowest + LINE));
      return { left: Math.min(x + 10, right - 4 - textWidth(text, TEXT)), baseline, text };
    });
}
