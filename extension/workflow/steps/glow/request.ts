import type { BoardData } from '../../../board/catalogue.ts';
import type { ImageOptions } from '../../../image/options.ts';
import type { NormalizeOptions } from '../../../data/normalize/options.ts';
import type { Sample } from '../../../data/sample.ts';
import type { WeightPlace } from '../../../project/options.ts';
import type { QuantizeOptions } from '../../../quantize/options.ts';
import type { ToolPaths } from '../../../toolchain/find.ts';
import type { GlowNetwork } from './network.ts';

/** What Glow compiles, and how. */
export interface GlowRequest {
  /** Model file, as Glow shall read it. */
  readonly model: string;
  /** What goes in and out of it. */
  readonly network: GlowNetwork;
  readonly samples: readonly Sample[];
  readonly image: ImageOptions;
  readonly normalize: NormalizeOptions;
  readonly board: BoardData;
  readonly quantization: QuantizeOptions;
  readonly weights: WeightPlace;
  readonly tools?: ToolPaths | undefined;
  readonly extraArguments: readonly string[];
  /** A profile that Glow made before, with the name of its file; measured from the samples when undefined. */
  readonly profile?: { readonly text: string; readonly file: string } | undefined;
  /** Folder of kept profiles; null: measure anew and keep nothing. */
  readonly cacheFolder?: string | null | undefined;
  /** Why the built-in compiler refused the model, when Glow takes its place. */
  readonly insteadBecause?: string | undefined;
  /** Milliseconds each tool gets. */
  readonly timeoutMs?: number | undefined;
}

/** What Glow's profiler measures with; see GlowRequest. */
export type GlowProfileRequest = Pick<
  GlowRequest,
  'model' | 'network' | 'samples' | 'image' | 'normalize' | 'tools' | 'cacheFolder' | 'timeoutMs'
>;
