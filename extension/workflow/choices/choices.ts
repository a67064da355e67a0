import {
  defaultsOf,
  flag,
  group,
  oneOf,
  path,
  programArguments,
  real,
  requiredPath,
  requiredPaths,
  requiredText,
  sizes,
  text,
  texts,
  type ValuesOf,
} from '../../common/choice.ts';
import { NORMALIZE_CHOICES } from '../../data/normalize/options.ts';
import { IMAGE_CHOICES } from '../../image/options.ts';
import { SOUND_CHOICES } from '../../sound/options.ts';
import { CONSOLES, TASKS, WEIGHT_PLACES } from '../../project/options.ts';
import { QUANTIZE_CHOICES } from '../../quantize/options.ts';

const RUN_TARGETS = ['sim', 'none'] as const;
export const COMPILERS = ['auto', 'builtin', 'glow'] as const;

/** `sdk` of choices: the SDK that a setting, GLOWPORT_SDK or the usual places hold. */
export const AUTO_SDK = 'auto';

/**
 * Everything that can be chosen for a port, in the order of glowport.json, which remembers it. Its schema, reading and writing
 * follow from here; what the command line calls a choice stands in cli/choiceOptions.ts, how VS Code learns of it in
 * views/settings/choiceSources.ts.
 */
export const CHOICES = {
  /** Model file. */
  model: requiredPath({ description: 'Model file' }),
  /** Board id or display name. */
  board: requiredText(64, { description: "Board: the SDK's name of its folder, such as frdmke16z" }),
  /** Samples that the ranges are measured with: files and folders. */
  samples: requiredPaths(10_000, {
    description:
      'Samples that the ranges of activations are measured with: files and folders of pictures, of sound (.wav), or of numbers in .npy, .npz, .csv, .json or .bin',
    formerly: 'images',
  }),
  /** What the firmware holds and runs; the first sample when there is none. */
  input: path({
    description:
      'Test data that the firmware holds: a file, or data.npy#3 for row 3 of it (of a .wav file segment 3)',
    otherwise: 'the first sample',
  }),
  /** Folder of the project; `<name>-<board>` in the working directory when undefined. */
  out: path({ description: 'Folder of the project', otherwise: '<name>-<board>' }),
  /** Text file with a class name a line; labels.txt beside the model when undefined and present. */
  labels: path({
    description: 'Text file with a class name a line',
    otherwise: 'labels.txt beside the model',
  }),
  /** What the first output is, which decides what firmware prints; `auto`: the model tells. */
  task: oneOf(TASKS, 'auto', {
    description: "What the network's first output is, and so what the firmware prints",
    meanings: {
      auto: 'told from the model: a softmax or a list is classify, one number regress, what is shaped like the input anomaly, else raw',
      classify: 'a number for each class',
      regress: 'real numbers, such as a temperature',
      anomaly: 'the input again; the error of it is compared with a threshold',
      raw: "anything else: every output's numbers by its name",
    },
  }),
  /** Mean squared error, in real units, above which an input is anomalous. */
  threshold: real(
    { minimum: 0, maximum: 1e30 },
    {
      description: 'Mean squared reconstruction error, in real units, above which an input is anomalous',
      otherwise: 'the 99th percentile over the samples',
    },
  ),
  /** NXP's SDK to build on: its folder or zip file, or `auto`; our own board support when undefined. */
  sdk: path({
    description:
      "NXP's MCUXpresso SDK to build the firmware on: its folder or zip file, or auto: the one in the usual places",
    keyword: AUTO_SDK,
    otherwise: 'the built-in board support',
  }),
  /** Project of MCUXpresso that the network goes into, when it is not a project of its own that is wanted. */
  into: path({
    description: 'Project of MCUXpresso IDE or MCUXpresso for VS Code that the network goes into',
    otherwise: 'one of its own',
  }),
  /** What happens to the firmware: `sim` runs it on the simulated board, `none` stops after the build. */
  run: oneOf(RUN_TARGETS, 'sim', {
    description: 'What happens to the firmware',
    meanings: { sim: 'it runs on the simulated board', none: 'nothing once it is built' },
  }),
  /** Serial port that the board prints on. */
  port: text(256, { description: "Serial port that the board prints on; VS Code's monitor opens it" }),
  /** Where constants live while the network runs: read in place from flash, or copied to RAM first. */
  weights: oneOf(WEIGHT_PLACES, 'flash', {
    description: 'Where constants are while the network runs',
    meanings: {
      flash: 'read in place, which needs least RAM',
      ram: 'copied to RAM at start, which is faster where flash is slow',
    },
  }),
  /** Let the network overwrite its input once it is read, which can halve its RAM; firmware then fills it before every run. */
  reuseInput: flag(false, {
    description:
      'Let the network overwrite its input once it is read, which can halve its RAM; the firmware then fills it before every run',
    off: 'keep the input',
  }),
  /** How firmware on the SDK prints: on the board's UART, or by semihosting, through the debugger. */
  console: oneOf(CONSOLES, 'uart', {
    description: "How firmware on NXP's SDK prints",
    meanings: {
      uart: "on the board's UART, through the SDK's debug console",
      semihost: 'by semihosting, through the debugger, without which it stops at its first output',
    },
  }),
  /** Network name; the model file's name when undefined. */
  name: text(64, {
    description: 'Network name: bundle files, entry point and macros',
    otherwise: "the model file's",
  }),
  /** Values of symbolic dimensions. */
  defines: sizes({ maxItems: 32, maximum: 65536 }, { description: 'Sizes of symbolic dimensions, by name' }),
  /** `auto`: the built-in compiler, and Glow for a model that it refuses, where Glow is installed. */
  compiler: oneOf(COMPILERS, 'auto', {
    description: 'What turns the quantized network into code',
    meanings: {
      auto: "GlowPort's own compiler, and Glow for a model that it refuses, where Glow is installed",
      builtin: "GlowPort's own compiler, which needs nothing but the Arm GNU toolchain",
      glow: "NXP's or the public Glow",
    },
  }),
  /** Further arguments of Glow's model-compiler, such as `-use-cmsis`. */
  glowArguments: programArguments(64, {
    description: "Further arguments of Glow's model-compiler, such as -use-cmsis",
  }),
  /** What a validation has to find, such as `accuracy>=95`; see validate/requirements.ts. */
  requirements: texts(
    { maxItems: 32, maxLength: 64 },
    {
      description:
        'What "glowport validate" has to find of the network, such as accuracy>=95, time<=10ms or flash<=64k',
    },
  ),
  quantization: group(QUANTIZE_CHOICES, { description: 'How the network is quantized' }),
  image: group(IMAGE_CHOICES, { description: "How images become the model's input" }),
  sound: group(SOUND_CHOICES, { description: "How recordings (.wav) become the model's input" }),
  normalize: group(NORMALIZE_CHOICES, {
    description: 'How numbers, and what pictures and recordings have become, are normalized before the model',
  }),
};

/** Everything the user chose for a port. Paths are absolute or relative to the working directory. */
export type PortChoices = ValuesOf<typeof CHOICES>;
export type ChoiceKey = keyof PortChoices;
export type CompilerChoice = PortChoices['compiler'];
export type RunTarget = PortChoices['run'];

export const DEFAULT_CHOICES: PortChoices = defaultsOf(CHOICES);
