import './drawView.css';
import type { ButtonControl, CheckControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { DrawingState, PictureMessage } from '../shared/messages/monitor.ts';
import { DrawCanvas } from './drawCanvas.ts';
import { centred, toPixels } from './picture.ts';
import { tool } from './tool.ts';

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
  readonly #canvas: DrawCanvas;
  readonly #seen: HTMLCanvasElement;
  readonly #run: ButtonControl;
  readonly #centre: CheckControl;
  readonly #invert: CheckControl;
  readonly #hint: HTMLElement;
  readonly #problem: HTMLElement;
  #size: { width: number; height: number; channels: 1 | 3 } = { width: 28, height: 28, channels: 1 };

  constructor(options: DrawViewOptions, initial: DrawOptions, onOptions: (options: DrawOptions) => void) {
    this.#options = options;
    const check = (id: string, text: string, on: boolean) => {
      const box = h('vscode-checkbox' as 'input', { id, onChange: () => this.#changed(onOptions) }, text);
      (box as unknown as CheckControl).checked = on;
      return box as unknown as CheckControl;
    };
    this.#canvas = new DrawCanvas({
      begin: () => (this.#hint.hidden = true),
      change: () => this.#refresh(),
      enter: () => this.run(),
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
        this.#canvas.element,
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
          tool('draw-clear', 'clear', t('Clear the drawing'), () => this.#canvas.clear()),
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
    if (state.kind !== 'available') return;
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

  /** Shows a decoded image file, and runs it. */
  show(picture: PictureMessage): void {
    this.#canvas.show(picture);
    this.run();
  }

  run(): void {
    if (this.#canvas.isEmpty || this.#run.disabled) return;
    const { width, height } = this.#size;
    this.#options.onRun(width, height, this.#pixels());
  }

  focus(): void {
    this.#canvas.element.focus();
  }

  #changed(onOptions: (options: DrawOptions) => void): void {
    onOptions(this.options);
    this.#refresh();
  }

  #resize(): void {
    const { width, height } = this.#size;
    this.#seen.width = width;
    this.#seen.height = height;
    this.#canvas.setSize(width, height);
  }

  /** What goes to the model: as many pixels as it takes, gray or red, green and blue. */
  #pixels(): Uint8Array {
    const { width, height, channels } = this.#size;
    const planes = this.#canvas.planes(channels);
    const placed =
      this.#canvas.isDrawn && channels === 1 && this.#centre.checked
        ? [centred(planes[0]!, width, height)]
        : planes.map((plane) => toPixels(plane, width, height));
    const flip = this.#invert.checked ? 255 : 0;
    return Uint8Array.from({ length: width * height * channels }, (_, i) => {
      return placed[i % channels]!.data[Math.floor(i / channels)]! ^ flip;
    });
  }

  #refresh(): void {
    this.#hint.hidden = !this.#canvas.isEmpty;
    const { width, height, channels } = this.#size;
    this.#centre.disabled = !this.#canvas.isDrawn || channels !== 1;
    const pixels = this.#pixels();
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[i * channels + (channels === 3 ? c : 0)]!;
      image.data[4 * i + 3] = 255;
    }
    this.#seen.getContext('2d')!.putImageData(image, 0, 0);
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
