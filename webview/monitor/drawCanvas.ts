import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { PictureMessage } from '../shared/messages/monitor.ts';
import type { Gray } from './picture.ts';

/** The canvas has about this many pixels a side, a whole number for each pixel of the model. */
const CANVAS = 280;
/** Width of the pen as a share of the picture: what a felt pen leaves on a 28 x 28 digit of MNIST. */
const PEN = 1 / 11;
/** Steps of the keyboard's pen, as a share of the picture. */
const KEY_STEP = 1 / 28;

/** Directions of the arrow keys. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What the canvas tells. */
export interface DrawCanvasEvents {
  /** A stroke begins. */
  readonly begin: () => void;
  /** The picture is another one now. */
  readonly change: () => void;
  /** Enter was pressed. */
  readonly enter: () => void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A picture to draw on in white on black, with a pointer or the arrow keys, or to load another one into. */
export class DrawCanvas {
  readonly element: HTMLCanvasElement;
  readonly #on: DrawCanvasEvents;
  #isDrawn = true;
  #isEmpty = true;
  /** Where the pointer's pen is, while it is down. */
  #pen: Point | undefined;
  /** Where the keyboard's pen is, in shares of the picture. */
  #key: Point = { x: 0.5, y: 0.3 };

  constructor(on: DrawCanvasEvents) {
    this.#on = on;
    this.element = h('canvas', {
      id: 'draw-canvas',
      tabindex: '0',
      role: 'img',
      'aria-label': t('Drawing. Move the pen with the arrow keys, hold Shift to draw, Enter to run.'),
      onPointerdown: (e: PointerEvent) => this.#penDown(e),
      onPointermove: (e: PointerEvent) => this.#penMove(e),
      onPointerup: () => this.#penUp(),
      onPointercancel: () => this.#penUp(),
      onKeydown: (e: KeyboardEvent) => this.#onKey(e),
    });
  }

  /** False for a picture that was loaded: it goes to the model as it is. */
  get isDrawn(): boolean {
    return this.#isDrawn;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Takes the shape of the model's picture, and is empty. */
  setSize(width: number, height: number): void {
    const scale = Math.max(1, Math.floor(CANVAS / Math.max(width, height)));
    this.element.width = width * scale;
    this.element.height = height * scale;
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.clear();
  }

  clear(): void {
    this.#fillBlack();
    this.#isDrawn = true;
    this.#isEmpty = true;
    this.#on.change();
  }

  /** Shows a decoded image file, as the model will see it. */
  show(picture: PictureMessage): void {
    const context = this.#fillBlack();
    // the host sends it in the model's own size, so its pixels stay what they are
    context.imageSmoothingEnabled = false;
    context.drawImage(canvasOf(picture), 0, 0, this.element.width, this.element.height);
    this.#isDrawn = false;
    this.#isEmpty = false;
    this.#on.change();
  }

  /** The picture in the canvas' own size: gray, or red, green and blue. */
  planes(channels: 1 | 3): Gray[] {
    const { width, height } = this.element;
    const rgba = this.#context().getImageData(0, 0, width, height).data;
    return Array.from({ length: channels }, (_, c) => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, i) => rgba[4 * i + c]!),
    }));
  }

  #penDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#begin();
    this.#pen = this.#at(event);
    this.#stroke(this.#pen, this.#pen);
  }

  #penMove(event: PointerEvent): void {
    if (!this.#pen) return;
    for (const e of event.getCoalescedEvents?.() ?? [event]) {
      const to = this.#at(e);
      this.#stroke(this.#pen, to);
      this.#pen = to;
    }
  }

  #penUp(): void {
    if (!this.#pen) return;
    this.#pen = undefined;
    this.#on.change();
  }

  /** The first stroke over a loaded picture starts a new drawing. */
  #begin(): void {
    if (!this.#isDrawn) this.clear();
    this.#isEmpty = false;
    this.#on.begin();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#on.enter();
    } else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
    const move = ARROWS[event.key];
    if (!move) return;
    event.preventDefault();
    const { width, height } = this.element;
    const moved = (at: number, step: number) => Math.min(1, Math.max(0, at + step * KEY_STEP));
    const before = this.#key;
    this.#key = { x: moved(before.x, move[0]), y: moved(before.y, move[1]) };
    if (!event.shiftKey) return;
    const scaled = ({ x, y }: Point) => ({ x: x * width, y: y * height });
    this.#begin();
    this.#stroke(scaled(before), scaled(this.#key));
    this.#on.change();
  }

  #stroke(from: Point, to: Point): void {
    const context = this.#context();
    context.strokeStyle = 'white';
    context.lineWidth = PEN * Math.min(this.element.width, this.element.height);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }

  #at(event: PointerEvent): Point {
    const box = this.element.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * this.element.width) / box.width,
      y: ((event.clientY - box.top) * this.element.height) / box.height,
    };
  }

  #fillBlack(): CanvasRenderingContext2D {
    const context = this.#context();
    context.fillStyle = 'black';
    context.fillRect(0, 0, this.element.width, this.element.height);
    return context;
  }

  #context(): CanvasRenderingContext2D {
    return this.element.getContext('2d', { willReadFrequently: true })!;
  }
}

/** A canvas that holds a picture in its own size. */
function canvasOf({ width, height, rgb }: PictureMessage): HTMLCanvasElement {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  const canvas = h('canvas', { width, height });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
