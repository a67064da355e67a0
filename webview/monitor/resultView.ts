import './resultView.css';
import { h } from '../dom.ts';
import { keepingHint } from '../hint.ts';
import { t } from '../l10n.ts';
import type { Result } from '../shared/messages/monitor.ts';
import { classTable } from './classTable.ts';
import { outputTable } from './outputTable.ts';
import { resultSummary } from './resultSummary.ts';
import { confidenceText, nameOf } from './resultText.ts';

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
    keepingHint(this.#body, () => this.#fill(result));
    this.#say(spoken(result));
  }

  #fill(result: Result): void {
    this.#summary.replaceChildren(...resultSummary(result));
    const hasClasses = result.namesItself !== true && result.classes.length > 0;
    const tables = [
      ...(hasClasses ? [classTable(result)] : []),
      ...result.outputs.map((output) => outputTable(output, result)),
    ];
    this.#bars.hidden = tables.length === 0;
    this.#bars.replaceChildren(...tables);
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

function spoken(result: Result): string {
  const { reconstruction, outputs, classes } = result;
  if (reconstruction?.isAnomalous !== undefined)
    return reconstruction.isAnomalous
      ? t('Anomalous. {0}', result.verdictText)
      : t('Normal. {0}', result.verdictText);
  const [first] = outputs;
  const real = first?.elements === 1 ? first.values[0]?.real : undefined;
  if (first && real !== undefined && classes.length === 0)
    return t('{0} is {1}. {2}', first.name, real, result.verdictText);
  const best = result.classes.find((c) => c.index === result.top1);
  if (!best) return t('A result without Top1. {0}', result.verdictText);
  const confidence = confidenceText(best, result);
  if (confidence === undefined) return t('Top1 {0}. {1}', nameOf(result, best.index), result.verdictText);
  return t('Top1 {0}, {1}. {2}', nameOf(result, best.index), confidence, result.verdictText);
}
