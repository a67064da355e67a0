import './plotView.css';
import { h } from '../dom.ts';
import { term } from '../hint.ts';
import { t } from '../l10n.ts';
import type { TermId } from '../shared/glossary.ts';
import { COSTS, type Cost, frontOf, type Quality } from '../shared/exploration.ts';
import type { VariantRow } from '../shared/messages/explore.ts';
import { explorationPlot, type PlotTexts } from '../shared/pictures/explorationPlot.ts';
import type { PlotMark } from '../shared/pictures/plotPicture.ts';
import { choices, Select } from '../select.ts';
import { drawAtWidth, pictureElement } from '../svgPicture.ts';
import { costText, plotTexts, qualityText } from './texts.ts';

/** What the axes show. */
export interface Axes {
  readonly cost: Cost;
  readonly quality: Quality;
}

/** A row that has figures. */
export type Measured = VariantRow & { readonly figures: NonNullable<VariantRow['figures']> };

interface PlotActions {
  readonly onAxes: (axes: Axes) => void;
  readonly onSelect: (numbers: readonly number[]) => void;
}

/** Variants that a tooltip describes at most. */
const MOST_TOLD = 6;
const HEIGHT = 380;

/** The variants by a cost and a quality that are chosen above; points take the keyboard, one at a time, and tell what they are. */
export class PlotView {
  readonly element: HTMLElement;
  readonly #place = h('div', { class: 'plot-place' });
  readonly #tip = h('div', { class: 'tip', role: 'tooltip', id: 'tip', hidden: true });
  readonly #cost: Select;
  readonly #quality: Select;
  readonly #rows: readonly Measured[];
  readonly #texts: PlotTexts;
  readonly #isCounted: boolean;
  readonly #actions: PlotActions;
  #axes: Axes;
  #marks: readonly PlotMark[] = [];
  #selected: ReadonlySet<number> = new Set();
  #width = 0;

  constructor(
    rows: readonly Measured[],
    qualities: readonly Quality[],
    axes: Axes,
    isCounted: boolean,
    actions: PlotActions,
  ) {
    this.#rows = rows;
    this.#axes = axes;
    const texts = plotTexts(isCounted);
    this.#isCounted = isCounted;
    this.#texts = texts;
    this.#actions = actions;
    this.#quality = new Select('quality', t('Up'), (quality) =>
      this.#change({ quality: quality as Quality }),
    );
    this.#cost = new Select('cost', t('To the right'), (cost) => this.#change({ cost: cost as Cost }));
    this.#quality.update(choices(qualities.map((q) => [q, texts.qualities[q]] as const)), axes.quality);
    this.#cost.update(choices(COSTS.map((c) => [c, texts.costs[c]] as const)), axes.cost);
    const labelled = (text: string, select: Select): HTMLElement =>
      h('label', { class: 'axis-choice' }, h('span', { class: 'quiet' }, text), select.element);
    this.element = h(
      'section',
      { class: 'plot-view' },
      h('div', { class: 'axes' }, labelled(t('Up'), this.#quality), labelled(t('To the right'), this.#cost)),
      h('div', { class: 'plot-frame' }, this.#place, this.#tip),
      legend(rows),
    );
    this.#place.addEventListener('keydown', (event) => this.#onKey(event));
    this.#place.addEventListener('click', (event) => this.#choose(markOf(event.target)));
    this.#place.addEventListener('focusin', (event) => this.#tell(markOf(event.target)));
    this.#place.addEventListener('focusout', () => this.#tell(undefined));
    this.#place.addEventListener('pointerover', (event) => this.#tell(markOf(event.target)));
    this.#place.addEventListener('pointerleave', () => this.#tell(undefined));
    drawAtWidth(this.#place, (width) => {
      this.#width = width;
      return this.#draw();
    });
  }

  /** Numbers of the variants on the front of what the axes show, of those that fit. */
  front(): Set<number> {
    return frontOf(this.#rows, this.#axes.quality, [this.#axes.cost]);
  }

  select(numbers: readonly number[]): void {
    this.#selected = new Set(numbers);
    for (const element of this.#place.querySelectorAll('.mark')) {
      const mark = this.#marks[Number((element as SVGElement).dataset['mark'])];
      element.setAttribute('aria-pressed', String(mark !== undefined && this.#isSelected(mark)));
    }
  }

  #change(change: Partial<Axes>): void {
    this.#axes = { ...this.#axes, ...change };
    this.#place.replaceChildren(this.#draw());
    this.#actions.onAxes(this.#axes);
  }

  #draw(): SVGElement {
    const marks: PlotMark[] = [];
    const picture = explorationPlot(this.#rows, this.front(), this.#axes, this.#texts, {
      width: this.#width,
      height: HEIGHT,
      attributes: (mark) => {
        const at = marks.push(mark) - 1;
        return {
          'data-mark': at,
          tabindex: -1,
          role: 'button',
          'aria-pressed': String(this.#isSelected(mark)),
          'aria-label': this.#linesOf(mark).join('; '),
        };
      },
    });
    this.#marks = marks;
    const drawn = pictureElement({
      tag: 'svg',
      attributes: {
        ...{
          width: picture.width,
          height: picture.height,
          viewBox: `0 0 ${picture.width} ${picture.height}`,
        },
        role: 'group',
        'aria-label': t(
          '{0} against {1}; arrow keys go from variant to variant',
          this.#texts.qualities[this.#axes.quality],
          this.#texts.costs[this.#axes.cost],
        ),
      },
      children: [picture.content],
    });
    // one of the points takes part in the order of the tab key
    const all = [...drawn.querySelectorAll<SVGElement>('.mark')].sort((a, b) => place(a) - place(b));
    const first = all.find((e) => this.#isSelected(marks[Number(e.dataset['mark'])]!)) ?? all[0];
    first?.setAttribute('tabindex', '0');
    return drawn;
  }

  #isSelected({ points }: PlotMark): boolean {
    return points.some((p) => this.#selected.has(p.number));
  }

  #choose(element: SVGElement | undefined): void {
    const mark = element && this.#marks[Number(element.dataset['mark'])];
    if (mark) this.#actions.onSelect(mark.points.map((p) => p.number));
  }

  #onKey(event: KeyboardEvent): void {
    const current = markOf(event.target);
    if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose(current);
      return;
    }
    if (event.key === 'Escape') {
      this.#tell(undefined);
      return;
    }
    // from left to right, as they cost
    const order = [...this.#place.querySelectorAll<SVGElement>('.mark')].sort((a, b) => place(a) - place(b));
    const at = order.indexOf(current);
    const to: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: order.length - 1,
    };
    const next = Object.hasOwn(to, event.key) ? order[to[event.key]!] : undefined;
    if (!next) return;
    event.preventDefault();
    current.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  /** Shows what a mark is beside it. */
  #tell(element: SVGElement | undefined): void {
    const mark = element && this.#marks[Number(element.dataset['mark'])];
    this.#tip.hidden = mark === undefined;
    if (!mark) return;
    this.#tip.replaceChildren();
    for (const line of this.#linesOf(mark)) this.#tip.append(h('div', {}, line));
    const width = this.#width;
    const isRight = mark.x > width / 2;
    // the policy forbids style attributes; the object model is allowed
    this.#tip.style.left = isRight ? 'auto' : `${mark.x + 14}px`;
    this.#tip.style.right = isRight ? `${width - mark.x + 14}px` : 'auto';
    const isLow = mark.y > HEIGHT / 2;
    this.#tip.style.top = isLow ? 'auto' : `${mark.y - 4}px`;
    this.#tip.style.bottom = isLow ? `${HEIGHT - mark.y - 4}px` : 'auto';
  }

  /** A variant a line, with what the axes show of it in the first. */
  #linesOf({ points }: PlotMark): string[] {
    const [first] = points;
    const { figures } = this.#rows.find((r) => r.number === first!.number)!;
    const { cost, quality } = this.#axes;
    const rest = points.length - MOST_TOLD;
    return [
      t('{0}: {1}', this.#texts.qualities[quality], qualityText(figures, quality)),
      t('{0}: {1}', this.#texts.costs[cost], costText(figures, cost, this.#isCounted)),
      ...points.slice(0, MOST_TOLD).map(({ number }) => {
        const row = this.#rows.find((r) => r.number === number)!;
        const told = t('Variant {0}: {1}', number, row.words);
        return row.fits ? told : t('{0} (does not fit)', told);
      }),
      ...(rest > 0 ? [t('and {0} more', rest)] : []),
    ];
  }
}

/** The mark that an event came from. */
function markOf(target: EventTarget | null): SVGElement | undefined {
  return (target as Element | null)?.closest<SVGElement>('.mark') ?? undefined;
}

/** Where a mark stands among the others, from left to right. */
function place(mark: SVGElement): number {
  return Number(mark.querySelector('.target')!.getAttribute('cx'));
}

function legend(rows: readonly Measured[]): HTMLElement {
  const entry = (kind: string, text: string, word?: TermId): HTMLElement =>
    h(
      'span',
      { class: 'legend-entry' },
      h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }),
      word ? term(word, text) : text,
    );
  return h(
    'p',
    { class: 'legend quiet' },
    entry('onFront', t('on the Pareto front: nothing is better in both'), 'paretoFront'),
    entry('behind', t('others')),
    entry('chosen', t('chosen now')),
    rows.some((r) => !r.fits) && entry('tooLarge', t('does not fit the board')),
  );
}
