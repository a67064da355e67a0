import './network.css';
import { type ButtonControl, useControls } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import type {
  NetworkState,
  NetworkToHost,
  NetworkToPage,
  TensorMessage,
} from '../shared/messages/network.ts';
import { LayerList } from './layerList.ts';
import { layerTitle, tensorStateText } from './texts.ts';
import { type TensorForm, TensorView } from './tensorView.ts';

/** Survives hiding the view. */
interface PageState {
  readonly layer?: number;
  readonly form?: TensorForm;
}

useControls('button', 'checkbox');

const app = byId('app');
const page = connect<NetworkToPage, NetworkToHost, PageState>({
  state: (state) => {
    known = state;
    show();
  },
  tensor: (message) => {
    tensor = message;
    why = '';
    showTensor();
  },
  noTensor: (message) => {
    tensor = undefined;
    ({ why } = message);
    showTensor();
  },
});
let remembered: PageState = page.state ?? {};
let known: NetworkState | undefined;
let tensor: TensorMessage | undefined;
/** Why there is no tensor. */
let why = '';

const title = h('h1', {});
const words = h('p', { role: 'status', class: 'words' });
const stops = h(
  'vscode-checkbox',
  { id: 'stop-at-difference' },
  t('Stop Where Board and PC Differ'),
) as HTMLElement & {
  checked: boolean;
  disabled: boolean;
};
stops.addEventListener('change', () => {
  if (known && stops.checked !== known.stopsAtDifference)
    page.post({ type: 'stopAtDifference', on: stops.checked });
});
const refresh = h(
  'vscode-button',
  { id: 'refresh', appearance: 'secondary', onClick: () => page.post({ type: 'refresh' }) },
  t('Refresh'),
) as ButtonControl;
const list = new LayerList((layer) => {
  remember({ layer });
  tensor = undefined;
  why = '';
  list.select(layer);
  showTensor();
  page.post({ type: 'select', layer });
});
const view = new TensorView(remembered.form ?? 'picture', (form) => remember({ form }));
const content = h('div', { class: 'network' }, list.element, view.element);
app.append(
  h(
    'header',
    {},
    h('div', { class: 'heading' }, title, words),
    h('div', { class: 'actions' }, stops, refresh),
  ),
  content,
);
page.post({ type: 'ready' });
if (remembered.layer !== undefined) page.post({ type: 'select', layer: remembered.layer });

function remember(change: Partial<PageState>): void {
  remembered = { ...remembered, ...change };
  page.saveState(remembered);
}

function show(): void {
  if (!known) return;
  const { network, board, layers, stopsAtDifference, isPreparing } = known;
  title.textContent = network ?? t('Network');
  words.textContent = statusText(known);
  words.classList.toggle('bad', layers.some((l) => l.verdict === 'differs') && known.words !== '');
  stops.checked = stopsAtDifference;
  stops.disabled = board !== 'stands' || isPreparing;
  refresh.disabled = board !== 'stands' || isPreparing;
  // while the board runs, what it held when it stood stays, and is said to be old
  content.classList.toggle('old', board === 'runs');
  content.hidden = board === 'none' || (board === 'runs' && list.isEmpty);
  if (board === 'runs') return;
  list.show(layers);
  list.select(remembered.layer ?? 0);
  showTensor();
}

function statusText({ board, words: said, isPreparing }: NetworkState): string {
  if (isPreparing) return t('Computing what the PC has, from the model and its samples …');
  if (said !== '') return said;
  if (board === 'runs') return t('The board runs; what is shown is of its last stop.');
  return t('The board stands.');
}

function showTensor(): void {
  const selected = known?.layers[remembered.layer ?? 0];
  if (!selected) {
    view.showWords('', '');
    return;
  }
  const heading = layerTitle(selected);
  if (why !== '') view.showWords(heading, why);
  else if (selected.state !== 'there') view.showWords(heading, tensorStateText(selected.state));
  else if (tensor?.layer === selected.layer) view.show(heading, tensor);
}
