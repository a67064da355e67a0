import './problemBar.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { MonitorToHost, Problem } from '../shared/messages/monitor.ts';
import { tool } from './tool.ts';

/** What is wrong and what helps, in a line that can be dismissed. */
export class ProblemBar {
  readonly element = h('div', { class: 'problem', role: 'alert', hidden: true });
  readonly #post: (message: MonitorToHost) => void;
  #shown = '';

  constructor(post: (message: MonitorToHost) => void) {
    this.#post = post;
  }

  update(problem: Problem | undefined): void {
    const key = JSON.stringify(problem ?? null);
    if (key === this.#shown) return; // spoken once
    this.#shown = key;
    this.element.hidden = problem === undefined;
    this.element.replaceChildren(...(problem ? this.#content(problem) : []));
  }

  #content({ message, hint, action }: Problem): Node[] {
    const help =
      action &&
      h(
        'vscode-button' as 'button',
        { id: 'help', onClick: () => this.#post({ type: 'help', action: action.id }) },
        action.label,
      );
    return [
      icon('warning'),
      h('span', { class: 'problem-text' }, h('strong', {}, message), ' ', ...inlineCode(hint)),
      ...(help ? [help] : []),
      tool('dismiss', 'close', t('Dismiss'), () => this.#post({ type: 'dismiss' })),
    ];
  }
}

/** Text with what stands between backticks as code. */
function inlineCode(text: string): (string | HTMLElement)[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? h('code', {}, part) : part));
}
