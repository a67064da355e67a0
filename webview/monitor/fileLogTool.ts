import './fileLogTool.css';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { MonitorState, MonitorToHost } from '../shared/messages/monitor.ts';
import { tool } from './tool.ts';

/** The button that lets the log go into a file as it comes, and the file's name while it does. */
export class FileLogTool {
  readonly button: HTMLButtonElement;
  readonly name: HTMLElement;
  #isLogging = false;

  constructor(post: (message: MonitorToHost) => void) {
    this.button = tool('log-to-file', 'record', t('Log to a file as it comes…'), () =>
      post({ type: 'logToFile', on: !this.#isLogging }),
    );
    this.name = h('span', { class: 'log-file', role: 'status' });
  }

  update({ logFile }: MonitorState): void {
    this.#isLogging = logFile !== undefined;
    this.button.setAttribute('aria-pressed', String(this.#isLogging));
    const text = logFile === undefined ? '' : t('Logging to {0}', logFile);
    if (this.name.textContent !== text) this.name.textContent = text; // spoken once
    this.name.title = text;
    this.button.title =
      logFile === undefined ? t('Log to a file as it comes…') : t('End logging to {0}', logFile);
  }
}
