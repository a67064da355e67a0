import './modelHead.css';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { BoardsToHost, FitsAbout, ModelState } from '../shared/messages/boards.ts';

/** The head of the view: which model the bars are about, or how to get one; and what an untrusted folder may not do. */
export function modelHead(
  model: ModelState,
  trusted: boolean,
  post: (message: BoardsToHost) => void,
): HTMLElement[] {
  const button = (text: string, message: BoardsToHost, appearance = 'primary') =>
    h('vscode-button' as 'button', { appearance, class: 'wide', onClick: () => post(message) }, text);
  return [
    ...(model.kind === 'none'
      ? [
          h('p', {}, t('Choose a model to see how much of each board it takes, and how fast it runs there.')),
          button(t('Use the Example Model'), { type: 'useExample' }),
          button(t('Choose a Model…'), { type: 'chooseModel' }, 'secondary'),
        ]
      : [
          modelLine(model.name, () => post({ type: 'chooseModel' })),
          ...modelNote(model),
          ...(trusted ? [button(t('Port Model to Board'), { type: 'port' })] : []),
        ]),
    ...(trusted
      ? []
      : [
          h(
            'div',
            { class: 'trust' },
            icon('shield'),
            h(
              'span',
              {},
              t('Restricted mode: models can be inspected, but nothing is compiled, built or run.'),
            ),
          ),
          button(t('Manage Workspace Trust'), { type: 'manageTrust' }, 'secondary'),
        ]),
  ];
}

function modelLine(name: string, onChange: () => void): HTMLElement {
  return h(
    'div',
    { class: 'model-line' },
    icon('chip'),
    h('span', { class: 'model-name', title: name }, name),
    h(
      'vscode-link' as 'a',
      { href: '#', onClick: (e: Event) => (e.preventDefault(), onChange()) },
      t('Change'),
    ),
  );
}

/** What is worth knowing about the bars; nothing when they are what one takes them for. */
function modelNote(model: Exclude<ModelState, { kind: 'none' }>): HTMLElement[] {
  const note = (mark: Node, text: string) => [
    h('div', { class: `model-note quiet ${model.kind}` }, mark, h('span', {}, text)),
  ];
  if (model.kind === 'measuring') return note(h('vscode-progress-ring' as 'div'), t('Measuring…'));
  if (model.kind === 'failed') return note(icon('warning'), model.message);
  return model.about ? note(icon('info'), aboutText(model.about)) : [];
}

/** Whose sizes these are, where one could take them for something else. */
function aboutText(about: FitsAbout): string {
  return about === 'glow'
    ? t('Compiled by Glow, for the core of the ported board. Not known: sizes on boards with another core.')
    : t(
        'Sizes and times are the built-in compiler\u2019s. Glow\u2019s are not known before the model is ported.',
      );
}
