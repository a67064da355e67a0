import type { DrawingState, PictureMessage, Problem } from '../../../webview/shared/messages/monitor.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { decodeImage } from '../../image/decode.ts';
import type { Image } from '../../image/image.ts';
import { imageAs, type PictureSize } from '../../image/tensor.ts';
import type { AnyPortResult } from '../../workflow/port/portCompiled.ts';
import type { PictureRun, PortedFirmware } from '../../workflow/port/runPicture.ts';
import { told } from '../words.ts';
import {
  drawingGeometry,
  isFedWithPictures,
  type KeptDrawing,
  keptDrawing,
  restoredDrawing,
} from './drawable.ts';
import type { MonitorHost } from './host.ts';
import { problemOf } from './problem.ts';

/** Largest image file taken from the page, in bytes. */
const MAX_DROP = 32 * 1024 * 1024;

/** What a drawn picture came to, and the board that ran it. */
export interface DrawnResult extends PictureRun {
  readonly board: PortedFirmware['board'];
}

/** The pictures that users draw or drop: shown on the page, and run in the firmware of the last port. */
export class Drawing {
  readonly #host: MonitorHost;
  /** Something of `state` has changed. */
  readonly #changed: () => void;
  /** Of the last port; after a reload made again from what was kept, when a picture is drawn. */
  #firmware: PortedFirmware | undefined;
  #kept: KeptDrawing | undefined;
  /** Whether the last port's model does. */
  #takesPictures = true;
  #running: AbortController | undefined;
  #problem: Problem | undefined;

  constructor(host: MonitorHost, kept: KeptDrawing | undefined, changed: () => void) {
    this.#host = host;
    this.#kept = kept;
    this.#changed = changed;
  }

  /** What to remember over a reload of the window. */
  get kept(): KeptDrawing | undefined {
    return this.#kept;
  }

  /** From now on pictures are for this port's firmware. */
  portedTo(result: AnyPortResult): void {
    this.#firmware = result;
    this.#kept = keptDrawing(result);
    this.#takesPictures = isFedWithPictures(result);
    this.#problem = undefined;
  }

  /**
   * Runs a picture from the page: gray or red, green and blue bytes in the model's own size.
   * @returns its result; undefined when it is no such picture, failed (`state` tells), or another one was drawn meanwhile
   */
  async run(width: number, height: number, pixels: Uint8Array): Promise<DrawnResult | undefined> {
    const size = this.#size();
    const picture = size && pictureOf(width, height, pixels, size);
    if (!picture || !this.#host.isTrusted()) return undefined;
    this.#running?.abort();
    const abort = new AbortController();
    const { signal } = abort;
    this.#running = abort;
    this.#problem = undefined;
    this.#changed();
    try {
      const { runPicture } = await import('../../workflow/port/runPicture.ts');
      const firmware = (this.#firmware ??= await restoredDrawing(this.#kept!, signal));
      const ran = await runPicture(firmware, picture, { signal });
      return signal.aborted ? undefined : { board: firmware.board, ...ran };
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error, this.#host);
      return undefined;
    } finally {
      if (this.#running === abort) this.#running = undefined;
      this.#changed();
    }
  }

  /** A dropped or opened image file as the page shows it, as the conversion of test images makes it; undefined when it is none. */
  pictureMessage(name: string, bytes: Uint8Array): PictureMessage | undefined {
    const size = this.#size();
    if (!size || !(bytes instanceof Uint8Array)) return undefined;
    try {
      if (bytes.length > MAX_DROP) {
        throw new UserError('input', say`${name} is too large.`, say`Choose a smaller image.`);
      }
      const image = imageAs(size, decodeImage(bytes, name));
      this.#problem = undefined;
      return { type: 'picture', name, width: image.width, height: image.height, rgb: rgbOf(image) };
    } catch (error) {
      this.#problem = problemOf(error, this.#host);
      return undefined;
    }
  }

  /** Whether and what can be drawn. */
  state(): DrawingState {
    if (!this.#takesPictures) return { kind: 'none' };
    const boardId = this.#firmware?.board.id ?? this.#kept?.boardId;
    const board = this.#host.boards.find((b) => b.id === boardId);
    if (!board) {
      return { kind: 'unavailable', reason: this.#host.t('Port a model with an image input to draw for it') };
    }
    try {
      const { width, height, channels } = this.#firmware
        ? drawingGeometry(this.#firmware)
        : this.#kept!.geometry;
      return {
        kind: 'available',
        width,
        height,
        channels,
        board: board.name,
        running: this.#running !== undefined,
        problem: this.#problem,
      };
    } catch (error) {
      return { kind: 'unavailable', reason: told(error, this.#host.t).message };
    }
  }

  dispose(): void {
    this.#running?.abort();
  }

  /** Undefined when nothing can be drawn; `state` says why. */
  #size(): PictureSize | undefined {
    const state = this.state();
    return state.kind === 'available' ? state : undefined;
  }
}

/** Pixels from a page as an image of the model's size; undefined when they are not. */
function pictureOf(width: number, height: number, pixels: Uint8Array, size: PictureSize): Image | undefined {
  const fits = width === size.width && height === size.height && pixels instanceof Uint8Array;
  if (!fits || pixels.length !== width * height * size.channels) return undefined;
  return { width, height, channels: size.channels, data: pixels };
}

/** Red, green and blue of each pixel. */
function rgbOf({ channels, data }: Image): Uint8Array {
  if (channels === 3) return data;
  return Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!);
}
