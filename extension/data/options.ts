import type { ImageOptions } from '../image/options.ts';
import type { SoundOptions } from '../sound/options.ts';
import type { NormalizeOptions } from './normalize/options.ts';

/** How data become a model's input. */
export interface DataOptions {
  /** Of pictures. */
  readonly image: ImageOptions;
  /** Of recordings. */
  readonly sound: SoundOptions;
  /** Of numbers, and of what pictures and recordings have become. */
  readonly normalize: NormalizeOptions;
}

/** These options of whatever has others beside them. */
export function dataOptions({ image, sound, normalize }: DataOptions): DataOptions {
  return { image, sound, normalize };
}
