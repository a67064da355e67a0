import type { BoardData } from '../../board/catalogue.ts';
import type { Answer, Bundle } from '../../bundle/bundle.ts';
import type { RawUnits } from '../../common/affine.ts';
import type { LeftOut } from '../../data/leftOut.ts';
import type { Graph } from '../../model/graph.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { FirmwareSize } from '../../toolchain/size.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { TestInput } from '../data/testInput.ts';
import type { Comparison } from '../compare/compare.ts';
import type { QuantizationCheck } from '../numbers/checkNetwork.ts';
import type { PcResult } from '../numbers/expected.ts';
import type { ModelSize } from '../steps/compile.ts';
import type { BoardRun } from '../steps/run.ts';
import type { BoardFit } from './fit.ts';

/** What every port finds out, whatever it began with: the command line's object (`portSummary`) and what views show. */
export interface FirmwareResult {
  readonly choices: Pick<PortChoices, 'board' | 'image' | 'normalize' | 'console' | 'run' | 'port'>;
  readonly board: BoardData;
  /** Undefined where GlowPort does not read the model. */
  readonly graph: Graph | undefined;
  /** Undefined when GlowPort did not compile it. */
  readonly quantized: QuantizedGraph | undefined;
  /** What compiled it; undefined for a bundle that was there. With Glow nothing on the PC repeats its integers. */
  readonly compiler: 'builtin' | 'glow' | undefined;
  /** Why GlowPort's importer or compiler refused the model, when `auto` took Glow in their place. */
  readonly insteadBecause: string | undefined;
  /** Kinds of layers that Glow left in floating point, where its graph tells. */
  readonly floatKinds: readonly string[];
  readonly bundle: Bundle;
  /** What the firmware says of the first output; of an anomaly with the threshold, chosen or measured. */
  readonly answer: Answer;
  /** Names of the classes; empty when there is no labels file. */
  readonly labels: readonly string[];
  /** What of the samples' folders is no sample. */
  readonly leftOut: readonly LeftOut[];
  /** Inputs that are normalized, and how. */
  readonly rawUnits: RawUnits;
  /** What the firmware holds as test data. */
  readonly input: TestInput;
  /** Folders and files, absolute. */
  readonly project: string;
  /** The project's bundle/, by which the bundle is read again. */
  readonly bundleFolder: string;
  readonly elf: string;
  readonly firmware: FirmwareSize;
  readonly model: ModelSize;
  /** What the PC computes for the same input; undefined where nothing on the PC computes the network. */
  readonly pc: PcResult | undefined;
  /** Undefined when the firmware was only built. */
  readonly run: BoardRun | undefined;
  readonly comparison: Comparison | undefined;
  /** How near the quantized network stays to the float one over the samples; undefined when GlowPort did not compile it. */
  readonly check: QuantizationCheck | undefined;
  /** How the model fits each board of the catalogue; empty where that was not asked for. */
  readonly fit: readonly BoardFit[];
}
