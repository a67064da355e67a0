import './savedSends.css';
import { innerField, type ValueControl } from '../../controls.ts';
import { h } from '../../dom.ts';
import { icon } from '../../icons.ts';
import { t } from '../../l10n.ts';
import type { MonitorState, MonitorToHost } from '../../shared/messages/monitor.ts';
import type { SavedSend } from '../../shared/sends.ts';
import { tool } from '../tool.ts';

export interface SavedSendsOptions {
  readonly post: (message: MonitorToHost) => void;
  /** Keeps the line of the send field. */
  readonly onSave: () => void;
  /** Puts a line into the send field. */
  readonly onPick: (send: SavedSend) => void;
}

/** The workspace's saved lines: a click sends one, its pencil opens an editor for its name. */
export class SavedSendsView {
  readonly element: HTMLElement;
  readonly #options: SavedSendsOptions;
  readonly #list: HTMLElement;
  readonly #save: HTMLButtonElement;
  readonly #editor: HTMLElement;
  readonly #name: ValueControl;
  #sends: readonly SavedSend[] = [];
  #shown = '';
  #editing: SavedSend | undefined;
  /** The line just saved is named next. */
  #nameNext = false;

  constructor(options: SavedSendsOptions) {
    this.#options = options;
    this.#list = h('ul', { class: 'saved-list', 'aria-label': t('Saved lines') });
    this.#save = h(
      'button',
      {
        id: 'save-send',
        class: 'tool labelled',
        type: 'button',
        title: t('Keep the line in the field, with its line ending and kind, for this workspace'),
        onClick: () => {
          this.#nameNext = true;
          options.onSave();
        },
      },
      icon('add'),
      t('Save line'),
    );
    this.#name = h('vscode-text-field' as 'input', {
      id: 'saved-name',
      'aria-label': t('Name of the saved line'),
      onKeydown: (e: KeyboardEvent) => this.#onKey(e),
    }) as HTMLElement as ValueControl;
    this.#editor = h(
      'div',
      { class: 'saved-editor', role: 'group', 'aria-label': t('Saved line'), hidden: true },
      this.#name,
      tool('saved-done', 'check', t('Take the name (Enter)'), () => this.#rename()),
      tool('saved-pick', 'ascending', t('Put the line into the send field'), () => this.#pick()),
      tool('saved-delete', 'trash', t('Delete the saved line'), () => this.#remove()),
    );
    this.element = h(
      'div',
      { id: 'saved-sends', class: 'send-row', role: 'group', 'aria-label': t('Saved lines'), hidden: true },
      this.#save,
      this.#list,
      this.#editor,
    );
  }

  /** @param canSave there is a line in the field */
  update({ savedSends, connection }: MonitorState, canSave: boolean): void {
    this.setCanSave(canSave);
    const key = JSON.stringify([savedSends, connection === 'connected']);
    if (key === this.#shown) return;
    this.#shown = key;
    const newest = savedSends.find((send) => !this.#sends.some((s) => s.id === send.id));
    this.#sends = savedSends;
    this.#list.replaceChildren();
    for (const send of savedSends) this.#list.append(this.#item(send, connection === 'connected'));
    if (savedSends.length === 0) this.#list.append(h('li', { class: 'quiet' }, t('No line is saved yet.')));
    if (this.#nameNext && newest) {
      this.#nameNext = false;
      this.#edit(newest);
    }
  }

  setCanSave(canSave: boolean): void {
    this.#save.disabled = !canSave;
  }

  #item(send: SavedSend, canSend: boolean): HTMLElement {
    const { id, name, text } = send;
    const button = h(
      'button',
      {
        class: 'saved-send',
        type: 'button',
        title: t('Send {0}', text),
        'data-id': id,
        onClick: () => this.#options.post({ type: 'runSend', id }),
      },
      name,
    );
    button.disabled = !canSend;
    const edit = h(
      'button',
      {
        class: 'tool saved-edit',
        type: 'button',
        title: t('Change or delete {0}', name),
        'aria-label': t('Change or delete {0}', name),
        'data-id': id,
        onClick: () => this.#edit(send),
      },
      icon('pencil'),
    );
    return h('li', { class: 'saved' }, button, edit);
  }

  #edit(send: SavedSend): void {
    this.#editing = send;
    this.#editor.hidden = false;
    this.#name.value = send.name;
    this.#name.focus();
    const field = innerField(this.#name);
    if (!field) return;
    field.value = send.name; // the control hands it on with the next frame
    field.select();
  }

  #rename(): void {
    if (this.#editing) {
      this.#options.post({ type: 'renameSend', id: this.#editing.id, name: this.#name.value });
    }
    this.#close();
  }

  #pick(): void {
    const send = this.#editing;
    this.#close();
    if (send) this.#options.onPick(send);
  }

  #remove(): void {
    if (this.#editing) this.#options.post({ type: 'removeSend', id: this.#editing.id });
    this.#close();
    this.#save.focus();
  }

  /** Back to where the editor was opened. */
  #close(): void {
    const id = this.#editing?.id;
    this.#editing = undefined;
    this.#editor.hidden = true;
    this.#list.querySelector<HTMLElement>(`.saved-edit[data-id="${id}"]`)?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    if (event.key === 'Enter') this.#rename();
    else this.#close();
  }
}
