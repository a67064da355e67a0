import './graphView.css';
import { graphPicture } from '../shared/pictures/graphPicture.ts';
import type { PlacedGraph, PlacedNode } from '../shared/pictures/graph.ts';
import { h, svg } from '../dom.ts';
import { t } from '../l10n.ts';
import { icon, type IconName } from '../icons.ts';
import { percent } from '../format.ts';
import { pictureElement } from '../svgPicture.ts';

const MIN_SCALE = 0.05;
const MAX_SCALE = 4;
const STEP = 1.25;
const PAN = 60;

/**
 * The drawn graph: drag or scroll to pan, Ctrl and scroll (or pinch) to zoom, click a node to select its layer. From the
 * keyboard: up and down go from layer to layer, Shift and arrows pan, + and - zoom, 0 fits.
 */
export class GraphView {
  readonly element: HTMLElement;
  readonly #graph: PlacedGraph;
  readonly #onSelect: (layer: number) => void;
  readonly #stage = svg('g');
  readonly #canvas: HTMLElement;
  readonly #zoomText = h('span', { class: 'zoom-text' });
  readonly #nodes = new Map<string, Element>();
  /** Nodes that belong to a layer, in order of execution. */
  readonly #layerNodes: readonly PlacedNode[];
  #scale = 1;
  #x = 0;
  #y = 0;
  /** The reader has moved the picture: resizing keeps it where it is. */
  #moved = false;
  #selected: number | undefined;

  constructor(graph: PlacedGraph, label: string, onSelect: (layer: number) => void) {
    this.#graph = graph;
    this.#onSelect = onSelect;
    this.#layerNodes = graph.nodes.filter((node) => node.layer !== undefined);
    const picture = pictureElement(graphPicture(graph));
    this.#stage.append(picture);
    for (const node of picture.querySelectorAll('.node')) {
      const id = node.getAttribute('data-id') ?? '';
      node.id = `graph-${id}`;
      this.#nodes.set(id, node);
    }
    this.#canvas = h(
      'div',
      {
        class: 'graph-canvas',
        tabindex: 0,
        role: 'application',
        'aria-label': t(
          '{0}. Up and down select a layer, Shift and arrow keys move the picture, plus and minus zoom, 0 fits.',
          label,
        ),
        onkeydown: (event: KeyboardEvent) => this.#onKey(event),
        onpointerdown: (event: PointerEvent) => this.#onPointer(event),
      },
      svg(
        'svg',
        { class: 'graph-svg', width: '100%', height: '100%', role: 'img', 'aria-label': label },
        this.#stage,
      ),
    );
    this.#canvas.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
    this.element = h(
      'div',
      { class: 'graph-view' },
      this.#canvas,
      h(
        'div',
        { class: 'graph-tools', role: 'toolbar', 'aria-label': t('Zoom') },
        this.#button('remove', t('Zoom out'), () => this.#zoomBy(1 / STEP)),
        this.#zoomText,
        this.#button('add', t('Zoom in'), () => this.#zoomBy(STEP)),
        this.#button('fit', t('Fit the whole graph'), () => this.fit()),
      ),
    );
    new ResizeObserver(() => {
      if (this.#canvas.clientWidth > 0 && !this.#moved) this.#show();
    }).observe(this.#canvas);
  }

  /** Shows the whole graph. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#scale = this.#clampScale(
      Math.min(clientWidth / this.#graph.width, clientHeight / this.#graph.height, 1),
    );
    this.#x = (clientWidth - this.#graph.width * this.#scale) / 2;
    this.#y = (clientHeight - this.#graph.height * this.#scale) / 2;
    this.#moved = true;
    this.#apply();
  }

  /** Marks the nodes of a layer and brings the first into view; does not tell `onSelect`. */
  select(layer: number | undefined): void {
    this.#selected = layer;
    for (const node of this.#graph.nodes) {
      this.#nodes.get(node.id)?.classList.toggle('selected', layer !== undefined && node.layer === layer);
    }
    const node = this.#layerNodes.find((n) => n.layer === layer);
    if (!node || layer === undefined) {
      this.#canvas.removeAttribute('aria-activedescendant');
      return;
    }
    this.#canvas.setAttribute('aria-activedescendant', `graph-${node.id}`);
    this.#reveal(node);
  }

  /** First view: as wide as the column at most, readable, from the top. */
  #show(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#scale = this.#clampScale(Math.max(0.5, Math.min(clientWidth / this.#graph.width, 1)));
    this.#x = (clientWidth - this.#graph.width * this.#scale) / 2;
    this.#y = Math.max(0, (clientHeight - this.#graph.height * this.#scale) / 2);
    this.#apply();
    const node = this.#layerNodes.find((n) => n.layer === this.#selected);
    if (node && this.#selected !== undefined) this.#reveal(node);
  }

  #reveal(node: PlacedNode): void {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0) return;
    const margin = 16;
    const into = (start: number, size: number, room: number): number =>
      start < margin ? margin - start : start + size > room - margin ? room - margin - start - size : 0;
    const dx = into(this.#x + node.x * this.#scale, node.width * this.#scale, clientWidth);
    const dy = into(this.#y + node.y * this.#scale, node.height * this.#scale, clientHeight);
    if (dx === 0 && dy === 0) return;
    this.#x += dx;
    this.#y += dy;
    this.#apply();
  }

  #button(name: IconName, label: string, onclick: () => void): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'tool', title: label, 'aria-label': label, onclick },
      icon(name),
    );
  }

  #clampScale(scale: number): number {
    return Math.max(MIN_SCALE, Math.min(MAX_SCALE, scale));
  }

  /** Zooms around a point of the canvas, by default its middle. */
  #zoomBy(factor: number, x = this.#canvas.clientWidth / 2, y = this.#canvas.clientHeight / 2): void {
    const scale = this.#clampScale(this.#scale * factor);
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
    this.#moved = true;
    this.#apply();
  }

  #panBy(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.#moved = true;
    this.#apply();
  }

  /** Keeps a corner of the graph in sight, so that nobody loses it. */
  #apply(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const keep = 60;
    const width = this.#graph.width * this.#scale;
    const height = this.#graph.height * this.#scale;
    this.#x = Math.max(keep - width, Math.min(clientWidth - keep, this.#x));
    this.#y = Math.max(keep - height, Math.min(clientHeight - keep, this.#y));
    this.#stage.setAttribute('transform', `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
    this.#zoomText.textContent = percent(Math.round(this.#scale * 100) / 100);
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    if (!event.ctrlKey && !event.metaKey) {
      const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
      this.#panBy(-dx * lines, -dy * lines);
      return;
    }
    const box = this.#canvas.getBoundingClientRect();
    this.#zoomBy(Math.exp((-event.deltaY * lines) / 300), event.clientX - box.left, event.clientY - box.top);
  }

  #onPointer(down: PointerEvent): void {
    if (down.button !== 0) return;
    const node = down.target instanceof Element ? down.target.closest('.node') : null;
    let dragging = false;
    const move = (event: PointerEvent): void => {
      if (!dragging && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 4) return;
      if (!dragging) {
        dragging = true;
        this.#canvas.setPointerCapture(down.pointerId);
        this.#canvas.classList.add('dragging');
      }
      this.#panBy(event.movementX, event.movementY);
    };
    const up = (event: PointerEvent): void => {
      this.#canvas.removeEventListener('pointermove', move);
      this.#canvas.removeEventListener('pointerup', up);
      this.#canvas.removeEventListener('pointercancel', up);
      this.#canvas.classList.remove('dragging');
      const layer = node?.getAttribute('data-layer');
      if (!dragging && event.type === 'pointerup' && layer !== null && layer !== undefined)
        this.#choose(Number(layer));
    };
    this.#canvas.addEventListener('pointermove', move);
    this.#canvas.addEventListener('pointerup', up);
    this.#canvas.addEventListener('pointercancel', up);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#act(event.key, event.shiftKey)) return;
    event.preventDefault();
  }

  #act(key: string, shift: boolean): boolean {
    const pan = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[key];
    if (pan && (shift || key === 'ArrowLeft' || key === 'ArrowRight')) this.#panBy(pan[0]!, pan[1]!);
    else if (key === 'ArrowDown' || key === 'ArrowUp') this.#next(key === 'ArrowDown' ? 1 : -1);
    else if (key === '+' || key === '=') this.#zoomBy(STEP);
    else if (key === '-') this.#zoomBy(1 / STEP);
    else if (key === '0') this.fit();
    else return false;
    return true;
  }

  #next(step: number): void {
    const layers = [...new Set(this.#layerNodes.map((n) => n.layer!))].sort((a, b) => a - b);
    const at = this.#selected === undefined ? -1 : layers.indexOf(this.#selected);
    const next = layers[at < 0 ? (step > 0 ? 0 : layers.length - 1) : at + step];
    if (next !== undefined) this.#choose(next);
  }

  #choose(layer: number): void {
    this.select(layer);
    this.#onSelect(layer);
  }
}
