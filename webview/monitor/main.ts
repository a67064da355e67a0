import './monitor.css';
import { useControls } from '../controls.ts';
import { byId, h } from '../dom.ts';
import { integer } from '../format.ts';
import { glossaryLink } from '../hint.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import { connect } from '../page.ts';
import type { MonitorState, MonitorToHost, MonitorToPage, Timestamps } from '../shared/messages/monitor.ts';
import { ConnectionBar } from './connectionBar.ts';
import { DrawView } from './drawView.ts';
import type { DrawOptions } from './drawView.ts';
import { FileLogTool } from './fileLogTool.ts';
import { FilterBar } from './filterBar.ts';
import { FindBar } from './findBar.ts';
import { LogView } from './logView.ts';
import { DEFAULT_PLOT, type PlotOptions } from './plot/plotBar.ts';
import { PlotView } from './plot/plotView.ts';
import { ProblemBar } from './problemBar.ts';
import { ResultView } from './resultView.ts';
import { SendBar, type SendRows } from './send/sendBar.ts';
import { splitter } from './splitter.ts';
import { tool } from './tool.ts';
import { ToolSelect } from './toolSelect.ts';

/** Survives hiding the view and reloading the window. */
interface PageState {
  readonly share: number;
  readonly drawing: boolean;
  readonly draw: DrawOptions;
  readonly plotting: boolean;
  /** Of an editor: the host finds it again by its port. */
  readonly port?: string;
  readonly plot: PlotOptions;
  readonly sendRows: SendRows;
}

useControls('button', 'checkbox', 'text-field');

const page = connect<MonitorToPage, MonitorToHost, PageState>({
  state: (message) => showState(message),
  log: (message) => {
    log.update(message);
    findBar.update(message.search);
    filterBar.update(message.filter);
    showCounts(message.first, message.bytes, message.hex);
  },
  found: (message) => {
    findBar.found(message);
    if (message.line !== undefined) {
      currentLine = message.line;
      log.reveal(message.line);
    }
  },
  plot: (message) => plotView.update(message),
  result: ({ result }) => resultView.update(result),
  picture: (message) => drawView.show(message),
  openFind: () => findBar.open(),
});
const post = (message: MonitorToHost) => page.post(message);

let saved: PageState = {
  share: 0.5,
  drawing: false,
  draw: { centre: true, invert: false },
  plotting: false,
  plot: DEFAULT_PLOT,
  sendRows: { options: false, saved: false },
  ...page.state,
};
let state: MonitorState | undefined;
/** Line of the current match, where the next step starts. */
let currentLine: number | undefined;

const connection = new ConnectionBar(post);
const problemBar = new ProblemBar(post);
const log = new LogView({
  onWindow: (window) => post({ type: 'window', ...window }),
  onDrawn: () => post({ type: 'drawn' }),
  onCopyAll: () => copy(),
  onPause: (paused) => pauseButton.setAttribute('aria-pressed', String(paused)),
});
const findBar = new FindBar({
  onPattern: (pattern) => {
    currentLine = undefined;
    log.forgetMatch();
    post({ type: 'search', pattern });
    if (pattern && pattern.text !== '') step(1, true);
  },
  onStep: (direction) => step(direction, false),
  onClose: () => byId('log').focus(),
});
const filterBar = new FilterBar({
  onFilter: (filter) => {
    currentLine = undefined;
    post({ type: 'filter', filter });
  },
  onOpen: (isOpen) => filterButton.setAttribute('aria-expanded', String(isOpen)),
});
const plotView = new PlotView(saved.plot, {
  onRequest: (request) => post({ type: 'plot', request }),
  onDrawn: () => post({ type: 'plotDrawn' }),
  onExport: () => post({ type: 'exportPlot' }),
  onOptions: (plot) => save({ plot }),
});
const sendBar = new SendBar(post, saved.sendRows, (sendRows) => save({ sendRows }));
const fileLog = new FileLogTool(post);
const resultView = new ResultView(() => post({ type: 'help', action: 'port' }));
const drawView = new DrawView(
  {
    onRun: (width, height, pixels) => post({ type: 'draw', width, height, pixels }),
    onDrop: (name, bytes) => post({ type: 'drop', name, bytes }),
    onChoose: () => post({ type: 'choosePicture' }),
    onClose: () => showDrawing(false),
  },
  saved.draw,
  (draw) => save({ draw }),
);

const pauseButton = tool('pause', 'pause', t('Pause'), () => log.setPaused(!log.paused));
pauseButton.setAttribute('aria-pressed', 'false');
const timeChoice = new ToolSelect(
  'timestamps',
  'clock',
  t('Time stamps'),
  [
    ['off', t('No time stamps')],
    ['absolute', t('Time of day')],
    ['relative', t('Time since connecting')],
    ['delta', t('Time since the line before')],
  ],
  (value) => post({ type: 'timestamps', value: value as Timestamps }),
);
const hexButton = tool('hex', 'hex', t('Show as hexadecimal'), () => post({ type: 'hex', on: !state?.hex }));
const filterButton = tool('filter', 'filter', t('Filter the lines'), () => {
  if (filterBar.isOpen) filterBar.close();
  else filterBar.open();
});
filterButton.setAttribute('aria-expanded', 'false');
const plotButton = tool('plot', 'plot', t('Plot the numbers in the lines'), () => showPlot(!saved.plotting));
const drawButton = h(
  'button',
  {
    id: 'draw',
    class: 'tool labelled',
    type: 'button',
    'aria-expanded': 'false',
    onClick: () => showDrawing(!saved.drawing),
  },
  icon('pencil'),
  t('Draw'),
);
const counts = h('span', { class: 'counts quiet' });

const main = h(
  'div',
  { class: 'main' },
  h(
    'section',
    { class: 'log-pane', 'aria-label': t('Log') },
    h(
      'div',
      { class: 'pane-bar', role: 'toolbar', 'aria-label': t('Log') },
      h('h2', {}, t('Log')),
      counts,
      fileLog.name,
      h(
        'div',
        { class: 'tools' },
        pauseButton,
        timeChoice.element,
        hexButton,
        filterButton,
        plotButton,
        tool('find', 'search', t('Find in the log (Ctrl+F)'), () => openFind()),
        tool('copy', 'copy', t('Copy the log, or what is selected'), () => copy()),
        tool('save', 'save', t('Save the whole log…'), () => post({ type: 'save' })),
        fileLog.button,
        tool('clear', 'clear', t('Clear the log'), () => post({ type: 'clear' })),
      ),
    ),
    filterBar.element,
    plotView.element,
    h('div', { class: 'log-area' }, log.element, findBar.element),
    sendBar.element,
  ),
  splitter(saved.share, (share) => {
    main.style.setProperty('--share', `${share * 100}%`);
    save({ share });
  }),
  h(
    'section',
    { class: 'result-pane', 'aria-label': t('Result') },
    h(
      'div',
      { class: 'pane-bar' },
      h('h2', {}, t('Result')),
      h('div', { class: 'tools' }, glossaryLink(), drawButton),
    ),
    h('div', { class: 'result-area' }, drawView.element, resultView.element),
  ),
);
main.style.setProperty('--share', `${saved.share * 100}%`);
byId('app').append(connection.element, problemBar.element, main);

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
    event.preventDefault();
    openFind();
  }
});
for (const type of ['focus', 'blur'] as const) {
  addEventListener(type, () => post({ type: 'focus', on: type === 'focus' }));
}
showDrawing(saved.drawing, false);
showPlot(saved.plotting, false);
post({ type: 'ready' });

function showState(message: MonitorState): void {
  state = message;
  if (message.isOnlyPort && message.port !== saved.port) save({ port: message.port! });
  byId('app').classList.toggle('hexadecimal', message.hex);
  connection.update(message);
  problemBar.update(message.problem);
  sendBar.update(message);
  fileLog.update(message);
  log.setOptions(message);
  log.setEmptyText(emptyText(message));
  timeChoice.update(message.timestamps);
  filterBar.setFilter(message.filter);
  filterButton.disabled = message.hex; // it shows bytes
  hexButton.setAttribute('aria-pressed', String(message.hex));
  resultView.setEmptyText(
    t(
      'The result shows here when the board prints it, beside what this computer computes for the same image.',
    ),
  );
  const { drawing } = message;
  drawButton.hidden = drawing.kind === 'none';
  drawButton.disabled = drawing.kind !== 'available';
  if (drawing.kind === 'unavailable') drawButton.title = drawing.reason;
  if (drawing.kind === 'available') drawButton.title = t('Draw a picture and run it on {0}', drawing.board);
  drawView.update(drawing);
  drawView.element.hidden = drawing.kind !== 'available' || !saved.drawing;
  byId('app').classList.toggle('drawing', !drawView.element.hidden);
}

function emptyText(message: MonitorState): string {
  if (!message.trusted) return t('Restricted mode: ports can be opened once you trust this workspace.');
  if (message.connection === 'connected') return t('Connected. Nothing has been received yet.');
  return message.port === undefined
    ? t('Choose a port, then connect.')
    : t('Connect to see what the board prints.');
}

function showCounts(first: number, bytes: number, hex: boolean): void {
  const size = bytes < 1024 ? t('{0} bytes', bytes) : t('{0} KB', Math.round(bytes / 102.4) / 10);
  const dropped = integer(first);
  counts.textContent =
    bytes === 0
      ? ''
      : first === 0
        ? size
        : hex
          ? t('{0}, {1} rows dropped from view (the saved log has all)', size, dropped)
          : t('{0}, {1} lines dropped from view (the saved log has all)', size, dropped);
  counts.title = counts.textContent;
}

function step(direction: 1 | -1, here: boolean): void {
  const from = currentLine ?? log.topRow - 1;
  post({ type: 'step', from: here ? from - 1 : from, direction });
}

function copy(): void {
  post({ type: 'copy', text: log.selectedText() });
}

function showDrawing(show: boolean, focus = true): void {
  save({ drawing: show });
  drawButton.setAttribute('aria-expanded', String(show));
  drawView.element.hidden = !show || state?.drawing.kind !== 'available';
  byId('app').classList.toggle('drawing', !drawView.element.hidden);
  if (focus) (show ? drawView : drawButton).focus();
}

function openFind(): void {
  // where there is no room for both, the plot stands in the log's place
  if (saved.plotting && byId('log').offsetParent === null) showPlot(false, false);
  findBar.open();
}

function showPlot(show: boolean, focus = true): void {
  save({ plotting: show });
  plotButton.setAttribute('aria-pressed', String(show));
  byId('app').classList.toggle('plotting', show);
  plotView.show(show);
  if (focus && !show) byId('log').focus();
}

function save(change: Partial<PageState>): void {
  saved = { ...saved, ...change };
  page.saveState(saved);
}
