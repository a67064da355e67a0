import type { ImageOptions } from '../image/options.ts';
import type { SoundOptions } from '../sound/options.ts';

/** How data that are no numbers yet become a model's input. */
export interface DataOptions {
  /** Of pictures. */
  readonly image: ImageOptions;
  /** Of recordings. */
  readonly sound: SoundOptions;
}
