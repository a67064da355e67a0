import { h, svg } from '../dom.ts';
import { formatTime } from '../shared/format.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { ClassResult, Result } from '../shared/messages/monitor.ts';

/** How long the live region waits before it speaks again: a board may print ten results a second. */
const SPEAK_MS = 2000;

/** The parsed result: Top1 large, a bar for each class, the PC's results and the verdict beside it. */
export class ResultView {
  readonly element: HTMLElement;
  readonly #summary = h('div', { class: 'summary' });
  readonly #bars = h('div', { class: 'bars' });
  readonly #live = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  readonly #empty: HTMLElement;
  readonly #emptyText = h('p', { class: 'quiet' });
  readonly #body: HTMLElement;
  #spoken = '';
  #spokenAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onPort: () => void) {
    this.#empty = h(
      'div',
      { class: 'result-empty' },
      this.#emptyText,
      h(
        'vscode-button' as 'button',
        { id: 'port-model', appearance: 'secondary', onClick: onPort },
        t('Port a Model'),
      ),
    );
    this.#body = h('div', { class: 'result-body', hidden: true }, this.#summary, this.#bars);
    this.element = h('div', { class: 'result' }, this.#empty, this.#body, this.#live);
  }

  setEmptyText(text: string): void {
    this.#emptyText.textContent = text;
  }

  update(result: Result | undefined): void {
    this.#empty.hidden = result !== undefined;
    this.#body.hidden = result === undefined;
    if (!result) return;
    this.#summary.replaceChildren(...summary(result));
    this.#bars.replaceChildren(table(result));
    this.#say(spoken(result));
  }

  /** At most one sentence every two seconds, the newest one, and none twice. */
  #say(text: string): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#spokenAt + SPEAK_MS - performance.now());
    this.#timer = setTimeout(() => {
      if (text === this.#spoken) return;
      this.#spoken = text;
      this.#spokenAt = performance.now();
      this.#live.textContent = text;
    }, wait);
  }
}

function summary(result: Result): HTMLElement[] {
  const best = result.classes.find((c) => c.index === result.top1);
  const name = best?.label ?? (result.top1 === undefined ? '–' : String(result.top1));
  const confidence = best && confidenceText(best, result);
  const named = best?.label !== undefined && best.label !== String(best.index);
  const verdict = {
    match: { class: 'verdict good', icon: icon('check') },
    mismatch: { class: 'verdict bad', icon: icon('error') },
    unknown: { class: 'verdict quiet', icon: icon('info') },
  }[result.verdict];
  return [
    h('div', { class: 'source quiet', title: result.source }, result.source),
    h(
      'div',
      { class: 'top1' },
      h('span', { class: name.length > 4 ? 'top1-name long' : 'top1-name', id: 'top1', title: name }, name),
      h(
        'span',
        { class: 'top1-facts' },
        confidence !== undefined && h('span', { class: 'top1-confidence' }, confidence),
        h('span', { class: 'quiet' }, named ? t('Top1, class {0}', best.index) : t('Top1')),
      ),
    ),
    h(
      'div',
      { class: verdict.class, id: 'verdict', 'data-verdict': result.verdict },
      verdict.icon,
      h('span', {}, result.verdictText),
    ),
    ...(result.floatTop1 !== undefined && result.floatTop1 !== result.top1
      ? [
          h(
            'div',
            { class: 'verdict warn' },
            icon('warning'),
            h('span', {}, t('The float model says {0}.', nameOf(result, result.floatTop1))),
          ),
        ]
      : []),
    ...(result.timeUs === undefined
      ? []
      : [
          h(
            'div',
            { class: 'time' },
            h('span', { class: 'time-label quiet' }, t('Inference')),
            h('span', { class: 'time-value' }, formatTime(result.timeUs)),
            sparkline(result.history),
          ),
        ]),
  ];
}

function table(result: Result): HTMLElement {
  const hasPc = result.verdict !== 'unknown';
  const head = (text: string, name: string, title?: string) =>
    h('th', { scope: 'col', class: name, title }, text);
  return h(
    'table',
    { class: hasPc ? 'classes with-pc' : 'classes' },
    h('caption', { class: 'visually-hidden' }, t('Confidence of each class')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head(t('Class'), 'name'),
        h('td', { class: 'bar-cell' }),
        result.scale.real ? head(t('Board'), 'value') : undefined,
        head(t('Raw'), 'raw', t('As the board printed it')),
        hasPc ? head(t('PC quantized'), 'pc', t('The quantized model on this computer')) : undefined,
        hasPc ? head(t('PC float'), 'pc', t('The float model on this computer')) : undefined,
      ),
    ),
    h('tbody', {}, ...result.classes.map((c) => classRow(c, result, hasPc))),
  );
}

function classRow(c: ClassResult, result: Result, hasPc: boolean): HTMLElement {
  const name = c.label ?? String(c.index);
  const shown = result.scale.real ? c.real : c.raw;
  const classes = [c.index === result.top1 ? 'best' : '', c.differs ? 'differs' : ''].join(' ').trim();
  return h(
    'tr',
    { class: classes || undefined, 'data-class': c.index },
    h(
      'th',
      { scope: 'row', class: 'name', title: c.label ? t('{0} (class {1})', c.label, c.index) : name },
      name,
    ),
    h('td', { class: 'bar-cell' }, bar(shown, result)),
    result.scale.real
      ? h('td', { class: 'value' }, c.real === undefined ? '–' : valueText(c.real, result))
      : undefined,
    h(
      'td',
      {
        class: c.differs ? 'raw bad' : 'raw',
        title: c.differs ? t('Not what this computer computes') : undefined,
      },
      c.differs ? icon('error') : undefined,
      c.raw === undefined ? '–' : String(c.raw),
    ),
    hasPc
      ? h(
          'td',
          { class: 'pc', title: c.pcReal === undefined ? undefined : valueText(c.pcReal, result) },
          c.pcRaw === undefined ? '–' : String(c.pcRaw),
        )
      : undefined,
    hasPc ? h('td', { class: 'pc' }, c.float === undefined ? '–' : valueText(c.float, result)) : undefined,
  );
}

/** A bar from 0 (or from the scale's end, for raw values) to the value. */
function bar(value: number | undefined, { scale }: Result): HTMLElement {
  const fill = h('div', { class: 'bar-fill' });
  const at = (v: number) =>
    (Math.min(Math.max(v, scale.min), scale.max) - scale.min) / (scale.max - scale.min);
  const zero = at(scale.real ? 0 : scale.min);
  const end = value === undefined || !Number.isFinite(value) ? zero : at(value);
  fill.style.marginLeft = `${Math.min(zero, end) * 100}%`;
  fill.style.width = `${Math.abs(end - zero) * 100}%`;
  return h('div', { class: 'bar' }, fill);
}

/** The last inference times as a line; its words are in the title. */
function sparkline(history: readonly number[]): Node {
  if (history.length < 2) return document.createTextNode('');
  const [width, height, pad] = [72, 18, 2];
  const min = Math.min(...history);
  const max = Math.max(...history);
  const x = (i: number) => pad + (i * (width - 2 * pad)) / (history.length - 1);
  const y = (v: number) =>
    max === min ? height / 2 : height - pad - ((v - min) * (height - 2 * pad)) / (max - min);
  const points = history.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`);
  const words =
    min === max
      ? t('Last {0} inference times, all {1}', history.length, formatTime(min))
      : t('Last {0} inference times, {1} to {2}', history.length, formatTime(min), formatTime(max));
  return svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': words,
    },
    svg('title', {}, words),
    svg('polyline', { points: points.join(' '), fill: 'none' }),
    svg('circle', { cx: x(history.length - 1), cy: y(history.at(-1)!), r: 1.8 }),
  );
}

function confidenceText(c: ClassResult, result: Result): string | undefined {
  if (c.real !== undefined) return valueText(c.real, result);
  return c.raw === undefined ? undefined : String(c.raw);
}

/** Probabilities as per cent, other values with three digits. */
function valueText(value: number, { scale }: Result): string {
  if (!Number.isFinite(value)) return String(value);
  if (scale.min === 0 && scale.max === 1 && scale.real) return `${(value * 100).toFixed(1)} %`;
  return value.toPrecision(3);
}

function nameOf(result: Result, index: number): string {
  return result.classes.find((c) => c.index === index)?.label ?? String(index);
}

function spoken(result: Result): string {
  const best = result.classes.find((c) => c.index === result.top1);
  if (!best) return t('A result without Top1. {0}', result.verdictText);
  const confidence = confidenceText(best, result) ?? '';
  return t('Top1 {0}, {1}. {2}', nameOf(result, best.index), confidence, result.verdictText);
}
