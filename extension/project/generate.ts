import type { BoardData } from '../board/catalogue.ts';
import { firmwareOverhead } from '../board/overhead.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { weightsText } from '../bundle/weights.ts';
import { PortError, throwIfCancelled } from '../error.ts';
import { bspView } from './bspView.ts';
import { buildPlanFile, standalonePlan } from '../board/buildPlan.ts';
import { bundleView } from './bundleView.ts';
import { checkBundleName } from './names.ts';
import { render } from './render.ts';
import { writeProject } from './write.ts';

export interface ProjectOptions {
  readonly board: BoardData;
  /** With its object. */
  readonly bundle: Bundle;
  /** Text of test_image.inc (a C initialiser list of the tensor's bytes) by input placeholder's name. */
  readonly images: ReadonlyMap<string, string>;
  /** Where the constant memory is read from: flash, or copied to RAM at start. */
  readonly weights: 'flash' | 'ram';
  readonly outDir: string;
  /** The model's name as its user knows it, for comments; default the bundle's name. */
  readonly modelName?: string;
  /** Bytes reserved for the stack; default {@link defaultStackBytes}. */
  readonly stackBytes?: number;
  /**
   * Asked when files that the user has edited, or that are not ours, would be written over. `keep` leaves those as they are.
   * Without it, such files are an error.
   */
  readonly confirmOverwrite?: (files: readonly string[]) => Promise<'overwrite' | 'keep'>;
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedProject {
  /** Files of the project, relative to outDir, with `/`. */
  readonly files: string[];
  /** Those of them left as the user has them. */
  readonly kept: string[];
}

/**
 * Writes a standalone CMake project for a simulated board: main.c, the bundle, the test data, board support. Each file is
 * written whole or not at all, and none is written when an error is found first.
 * @throws PortError `board` for a board without board support, `usage` for a name or stack size that cannot be,
 * `input` when edited files are in the way or test data do not match their input.
 */
export async function generateProject(options: ProjectOptions): Promise<GeneratedProject> {
  throwIfCancelled(options.signal);
  return writeProject(options.outDir, projectFiles(options), options.confirmOverwrite, options.signal);
}

/** Contents of the files that {@link generateProject} writes, by path. Pure. */
export function projectFiles(options: ProjectOptions): Map<string, string | Uint8Array> {
  const { board, bundle } = options;
  checkBundleName(bundle.name);
  if (!board.bsp) {
    throw new PortError(
      'board',
      `${board.name} has no board support of our own, so no firmware can be built for it here.`,
      `Choose a simulated board, such as FRDM-KE16Z; a project for ${board.name} needs NXP's SDK.`,
    );
  }
  if (!bundle.object) {
    throw new PortError('input', `The bundle "${bundle.name}" has no object file.`, 'Compile it first.');
  }
  const stackBytes = checkStack(
    options.stackBytes ?? defaultStackBytes(board, variableBytes(options)),
    board,
  );
  const network = bundleView(bundle, options.weights, options.modelName ?? bundle.name);
  const files = new Map<string, string | Uint8Array>();
  const included = bundle.constantBytes > 0 ? [`source/${bundle.name}.weights.txt`] : [];

  for (const input of network.inputs) {
    const text = options.images.get(input.name);
    if (text === undefined) {
      throw new PortError(
        'input',
        `There are no test data for the input "${input.name}".`,
        'Give an image or tensor for it.',
      );
    }
    checkInc(text, input.byteSize, input.name);
    files.set(`source/${input.incFile}`, text);
    included.push(`source/${input.incFile}`);
  }

  const build = standalonePlan(board, bundle.name, [`source/${bundle.name}.h`, ...included]);
  const view = { ...network, board, build };
  for (const name of ['main.c', 'timer.c', 'timer.h', 'glow_bundle_utils.c', 'glow_bundle_utils.h']) {
    files.set(`source/${name}`, render(`firmware/${name}`, view));
  }
  const support = bspView(board, board.bsp, stackBytes);
  for (const name of bspFiles) files.set(`bsp/${name}`, render(`bsp/${name}`, support));
  for (const name of ['CMakeLists.txt', 'toolchain.cmake', 'CMakePresets.json', 'README.txt']) {
    files.set(name, render(`project/${name}`, view));
  }
  files.set(`source/${bundle.name}.h`, bundle.header);
  files.set(`source/${bundle.name}.o`, bundle.object);
  if (bundle.source !== undefined) files.set(`source/${bundle.name}.c`, bundle.source);
  if (bundle.constantBytes > 0) files.set(`source/${bundle.name}.weights.txt`, weightsText(bundle.weights));
  files.set('.gitignore', 'build/\n');
  files.set(buildPlanFile, `${JSON.stringify(build, null, 2)}\n`);
  return files;
}

const bspFiles = [
  'startup.c',
  'linker.ld',
  'board.h',
  'board.c',
  'pin_mux.h',
  'pin_mux.c',
  'clock_config.h',
  'clock_config.c',
  'fsl_debug_console.h',
  'fsl_debug_console.c',
  'fsl_device_registers.h',
];

/**
 * Stack for a network whose need is not measured yet: an eighth of the RAM from 256 to 512 bytes, less where variables
 * leave less, but never less than the firmware takes without the network.
 * @param variableBytes RAM that the network's memories take.
 */
export function defaultStackBytes(board: BoardData, variableBytes: number): number {
  const overhead = firmwareOverhead(board);
  const ram = board.ram[0]!.size;
  // 16 for padding between variables
  const left = ram - variableBytes - overhead.ramBytes - 16;
  return Math.max(overhead.stackBytes, Math.min(512, Math.max(256, ram >> 3), left & ~7));
}

function variableBytes({ bundle, weights }: ProjectOptions): number {
  return bundle.mutableBytes + bundle.activationBytes + (weights === 'ram' ? bundle.constantBytes : 0);
}

function checkStack(bytes: number, board: BoardData): number {
  const ram = board.ram[0]!.size;
  if (!Number.isInteger(bytes) || bytes < 64 || bytes > ram) {
    throw new PortError(
      'usage',
      `A stack of ${bytes} bytes is not possible on ${board.name}, which has ${ram} bytes of RAM.`,
      `Give a whole number from 64 to ${ram}.`,
    );
  }
  return (bytes + 7) & ~7;
}

/** The text is included in C source, so only numbers, commas, space and one comment are let in. */
function checkInc(text: string, byteSize: number, input: string): void {
  const list = text.replace(/^\s*\/\*(?:[^*]|\*(?!\/))*\*\//, '').trim();
  const numbers = list === '' ? [] : list.replace(/,$/, '').split(',');
  if (!numbers.every((n) => /^\s*(0x[0-9A-Fa-f]{1,2}|\d{1,3})\s*$/.test(n))) {
    throw new PortError(
      'input',
      `The test data of "${input}" are not a list of bytes.`,
      'Convert the image again.',
    );
  }
  if (numbers.length !== byteSize) {
    throw new PortError(
      'input',
      `The test data of "${input}" have ${numbers.length} bytes, the input has ${byteSize}.`,
      'Convert the image with the shape and type of this input.',
    );
  }
}
