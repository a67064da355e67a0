import type { ButtonControl, CheckControl } from '../controls.ts';
import { h } from '../dom.ts';
import { icon } from '../icons.ts';
import { t } from '../l10n.ts';
import type { DrawingState, PictureMessage } from '../shared/messages/monitor.ts';
import { centred, toPixels } from './picture.ts';
import type { Gray } from './picture.ts';

/** The canvas has about this many pixels a side, a whole number for each pixel of the model. */
const CANVAS = 280;
/** Width of the pen as a share of the picture: what a felt pen leaves on a 28 x 28 digit of MNIST. */
const PEN = 1 / 11;
/** Steps of the keyboard's pen, as a share of the picture. */
const KEY_STEP = 1 / 28;

export interface DrawViewOptions {
  readonly onRun: (width: number, height: number, pixels: Uint8Array) => void;
  readonly onDrop: (name: string, bytes: Uint8Array) => void;
  readonly onChoose: () => void;
  readonly onClose: () => void;
}

export interface DrawOptions {
  readonly centre: boolean;
  readonly invert: boolean;
}

/** A canvas to draw on, and what the model will see of it. */
export class DrawView {
  readonly element: HTMLElement;
  readonly #options: DrawViewOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #seen: HTMLCanvasElement;
  readonly #run: ButtonControl;
  readonly #centre: CheckControl;
  readonly #invert: CheckControl;
  readonly #hint: HTMLElement;
  readonly #problem: HTMLElement;
  #size: { width: number; height: number; channels: 1 | 3 } = { width: 28, height: 28, channels: 1 };
  /** False for a picture that was loaded: it goes to the model as it is. */
  #drawn = true;
  #empty = true;
  #pen: { x: number; y: number } | undefined;
  #key = { x: 0.5, y: 0.3, down: false };

  constructor(options: DrawViewOptions, initial: DrawOptions, onOptions: (options: DrawOptions) => void) {
    this.#options = options;
    const check = (id: string, text: string, on: boolean) => {
      const box = h('vscode-checkbox' as 'input', { id, onChange: () => this.#changed(onOptions) }, text);
      (box as unknown as CheckControl).checked = on;
      return box as unknown as CheckControl;
    };
    this.#canvas = h('canvas', {
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
    this.#seen = h('canvas', { id: 'seen-canvas', role: 'img', 'aria-label': t('What the model sees') });
    this.#run = h(
      'vscode-button' as 'button',
      { id: 'draw-run', onClick: () => this.run() },
      t('Run'),
    ) as unknown as ButtonControl;
    this.#centre = check('draw-centre', t('Centre'), initial.centre);
    this.#invert = check('draw-invert', t('Invert'), initial.invert);
    this.#hint = h('span', { class: 'draw-hint quiet' }, t('Draw here'));
    this.#problem = h('p', { class: 'draw-problem bad', role: 'alert', hidden: true });
    const tool = (id: string, name: 'clear' | 'picture' | 'close', label: string, onClick: () => void) =>
      h(
        'button',
        { id, class: 'tool', type: 'button', 'aria-label': label, title: label, onClick },
        icon(name),
      );
    this.element = h(
      'section',
      {
        class: 'draw',
        'aria-label': t('Draw a picture'),
        hidden: true,
        onPaste: (e: ClipboardEvent) => void this.#take(e.clipboardData?.files[0]),
      },
      h(
        'div',
        {
          class: 'draw-paper',
          onDragover: (e: DragEvent) => this.#dragOver(e),
          onDragleave: () => this.element.classList.remove('dropping'),
          onDrop: (e: DragEvent) => void this.#drop(e),
        },
        this.#canvas,
        this.#hint,
      ),
      h(
        'div',
        { class: 'draw-side' },
        h('div', { class: 'draw-seen' }, this.#seen, h('span', { class: 'quiet' }, t('Model sees'))),
        this.#centre,
        this.#invert,
        h(
          'div',
          { class: 'draw-tools' },
          this.#run,
          tool('draw-clear', 'clear', t('Clear the drawing'), () => this.clear()),
          tool('draw-open', 'picture', t('Open an image…'), options.onChoose),
          tool('draw-close', 'close', t('Close the drawing'), options.onClose),
        ),
        this.#problem,
      ),
    );
    this.#resize();
  }

  get options(): DrawOptions {
    return { centre: this.#centre.checked, invert: this.#invert.checked };
  }

  update(state: DrawingState): void {
    if (state.kind === 'unavailable') return;
    const { width, height, channels } = state;
    if (width !== this.#size.width || height !== this.#size.height || channels !== this.#size.channels) {
      this.#size = { width, height, channels };
      this.#resize();
    }
    this.#run.disabled = state.running;
    this.#run.textContent = state.running ? t('Running…') : t('Run');
    this.#problem.hidden = state.problem === undefined;
    this.#problem.textContent = state.problem ? `${state.problem.message} ${state.problem.hint}` : '';
  }

  /** Shows a decoded image file, as the model will see it. */
  show(picture: PictureMessage): void {
    const image = new ImageData(picture.width, picture.height);
    for (let i = 0; i < picture.width * picture.height; i++) {
      image.data.set(picture.rgb.subarray(3 * i, 3 * i + 3), 4 * i);
      image.data[4 * i + 3] = 255;
    }
    const source = h('canvas', { width: picture.width, height: picture.height });
    source.getContext('2d')!.putImageData(image, 0, 0);
    fitPicture(source, this.#canvas);
    this.#drawn = false;
    this.#empty = false;
    this.#refresh();
    this.run();
  }

  clear(): void {
    const context = this.#context();
    context.fillStyle = 'black';
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#drawn = true;
    this.#empty = true;
    this.#refresh();
  }

  run(): void {
    if (this.#empty || this.#run.disabled) return;
    const { width, height } = this.#size;
    this.#options.onRun(width, height, this.#pixels());
  }

  focus(): void {
    this.#canvas.focus();
  }

  #changed(onOptions: (options: DrawOptions) => void): void {
    onOptions(this.options);
    this.#refresh();
  }

  #resize(): void {
    const { width, height } = this.#size;
    const scale = Math.max(1, Math.floor(CANVAS / Math.max(width, height)));
    this.#canvas.width = width * scale;
    this.#canvas.height = height * scale;
    this.#canvas.style.aspectRatio = `${width} / ${height}`;
    this.#seen.width = width;
    this.#seen.height = height;
    this.clear();
  }

  /** What goes to the model: as many pixels as it takes, gray or red, green and blue. */
  #pixels(): Uint8Array {
    const { width, height, channels } = this.#size;
    const wide = this.#canvas.width;
    const tall = this.#canvas.height;
    const rgba = this.#context().getImageData(0, 0, wide, tall).data;
    const planes: Gray[] = Array.from({ length: channels }, (_, c) => ({
      width: wide,
      height: tall,
      data: Uint8Array.from({ length: wide * tall }, (_, i) => rgba[4 * i + c]!),
    }));
    const placed =
      this.#drawn && channels === 1 && this.#centre.checked
        ? [centred(planes[0]!, width, height)]
        : planes.map((plane) => toPixels(plane, width, height));
    const flip = this.#invert.checked ? 255 : 0;
    return Uint8Array.from({ length: width * height * channels }, (_, i) => {
      return placed[i % channels]!.data[Math.floor(i / channels)]! ^ flip;
    });
  }

  #refresh(): void {
    this.#hint.hidden = !this.#empty;
    this.#centre.disabled = !this.#drawn || this.#size.channels !== 1;
    const { width, height, channels } = this.#size;
    const pixels = this.#pixels();
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[i * channels + (channels === 3 ? c : 0)]!;
      image.data[4 * i + 3] = 255;
    }
    this.#seen.getContext('2d')!.putImageData(image, 0, 0);
  }

  #penDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#beginDrawing();
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
    this.#refresh();
  }

  /** The first stroke over a loaded picture starts a new drawing. */
  #beginDrawing(): void {
    if (!this.#drawn) this.clear();
    this.#empty = false;
    this.#hint.hidden = true;
  }

  #onKey(event: KeyboardEvent): void {
    const step: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    if (event.key === 'Enter') {
      event.preventDefault();
      this.run();
    } else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
    const move = step[event.key];
    if (!move) return;
    event.preventDefault();
    const { width, height } = this.#canvas;
    const from = { x: this.#key.x * width, y: this.#key.y * height };
    this.#key.x = Math.min(1, Math.max(0, this.#key.x + move[0] * KEY_STEP));
    this.#key.y = Math.min(1, Math.max(0, this.#key.y + move[1] * KEY_STEP));
    if (!event.shiftKey) return;
    this.#beginDrawing();
    this.#stroke(from, { x: this.#key.x * width, y: this.#key.y * height });
    this.#refresh();
  }

  #stroke(from: { x: number; y: number }, to: { x: number; y: number }): void {
    const context = this.#context();
    context.strokeStyle = 'white';
    context.lineWidth = PEN * Math.min(this.#canvas.width, this.#canvas.height);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }

  #at(event: PointerEvent): { x: number; y: number } {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * this.#canvas.width) / box.width,
      y: ((event.clientY - box.top) * this.#canvas.height) / box.height,
    };
  }

  #context(): CanvasRenderingContext2D {
    return this.#canvas.getContext('2d', { willReadFrequently: true })!;
  }

  #dragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.element.classList.add('dropping');
  }

  async #drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    this.element.classList.remove('dropping');
    await this.#take(event.dataTransfer?.files[0]);
  }

  async #take(file: File | undefined): Promise<void> {
    if (file) this.#options.onDrop(file.name, new Uint8Array(await file.arrayBuffer()));
  }
}

/** Draws a picture onto a canvas of another size, whole, on black. */
function fitPicture(source: HTMLCanvasElement, canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = 'black';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false; // the host sends it in the model's own size, so its pixels stay what they are
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
}
