import type { BoardData } from '../board/catalogue.ts';
import type { Answer, Bundle } from '../bundle/bundle.ts';
import { softFloatFile } from '../bundle/softFloat.ts';
import { weightsText } from '../bundle/weights.ts';
import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { bundleView } from './bundleView.ts';
import { type Guard, guarded } from './guarded.ts';
import type { BoardInit } from './helloWorld.ts';
import { checkBundleName } from './names.ts';
import type { WeightPlace } from './options.ts';
import { render } from './render.ts';
import { validatorView } from '../validate/protocol/firmwareView.ts';

export interface NetworkOptions {
  readonly board: BoardData;
  /** With its object. */
  readonly bundle: Bundle;
  /** Text of test_image.inc or test_input.inc (a C initialiser list of the tensor's bytes) by input placeholder's name. */
  readonly testData: ReadonlyMap<string, string>;
  /** It takes its inputs over the console instead of holding test data: the board's side of a validation. */
  readonly validates?: boolean | undefined;
  readonly weights: WeightPlace;
  /** What the first output is, and so what is printed of it; default classes. */
  readonly answer?: Answer | undefined;
  /** The model's name as its user knows it, for comments; default the bundle's name. */
  readonly modelName?: string | undefined;
  /** The console is the SDK's (the default), not that of our own board support. */
  readonly sdkConsole?: boolean | undefined;
  /** How main() starts; default the catalogue's. */
  readonly init?: Pick<BoardInit, 'headers' | 'calls' | 'guards'> | undefined;
}

/** The firmware around a network, the same in every project, whichever build system the project has. */
export interface FirmwareFiles {
  /** main.c, timer, glow_bundle_utils, NAME.h, NAME.weights.txt and the test data, by path (`source/…`). */
  readonly files: Map<string, string | Uint8Array>;
  /** Sources to compile, without the network's. */
  readonly sources: readonly string[];
  /** Files that main.c includes. */
  readonly included: readonly string[];
  /** Values for templates. */
  readonly view: ReturnType<typeof bundleView> & {
    readonly board: BoardData;
    readonly plainPrintf: boolean;
    readonly validates: boolean;
  };
}

/**
 * What goes into somebody's project: the firmware's files and, as AN13438 has it, the network as an object that is linked
 * (`source/NAME.o`). Pure.
 * @throws UserError as `firmwareFiles` does
 */
export function networkFiles(options: NetworkOptions): Map<string, string | Uint8Array> {
  const { name } = options.bundle;
  return firmwareFiles(options).files.set(`source/${name}.o`, requireObject(options.bundle));
}

/** @throws UserError `input` for a bundle without an object */
function requireObject({ name, object }: Bundle): Uint8Array {
  if (object) return object;
  throw new UserError('input', say`The bundle "${name}" has no object file.`, say`Compile it first.`);
}

/**
 * Files of the firmware around a network, and what it includes of the bundle. Pure.
 * @throws UserError `usage` for a name that cannot be, `input` for a bundle without an object or test data that do not match
 */
export function firmwareFiles(options: NetworkOptions): FirmwareFiles {
  const { bundle } = options;
  checkBundleName(bundle.name);
  requireObject(bundle);
  const network = bundleView(bundle, options.weights, options.modelName ?? bundle.name, options.answer);
  const { board } = options;
  const { headers, calls, guards } = { guards: new Map<string, Guard>(), ...(options.init ?? board.init) };
  const start = { headers: guarded(headers, guards), calls: guarded(calls, guards) };
  const files = new Map<string, string | Uint8Array>();
  const included = [`source/${bundle.name}.h`];
  if (bundle.constantBytes > 0) included.push(`source/${bundle.name}.weights.txt`);
  for (const input of options.validates ? [] : network.inputs) {
    const text = options.testData.get(input.name);
    if (text === undefined) {
      throw new UserError(
        'input',
        say`There are no test data for the input "${input.name}".`,
        say`Give a sample that has numbers for it.`,
      );
    }
    checkInc(text, input.byteSize, input.name);
    files.set(`source/${input.incFile}`, text);
    included.push(`source/${input.incFile}`);
  }
  // without advanced formats the SDK's PRINTF prints no minus sign
  const plainPrintf = options.sdkConsole !== false && !board.sdk.printfAdvanced;
  const validates = options.validates ?? false;
  const view = { ...network, ...validatorView(bundle), board, start, plainPrintf, validates };
  for (const name of FIRMWARE_FILES) {
    const template = validates && name === 'main.c' ? 'validator.c' : name;
    files.set(`source/${name}`, render(`firmware/${template}`, view));
  }
  files.set(`source/${bundle.name}.h`, bundle.header);
  if (bundle.constantBytes > 0) files.set(`source/${bundle.name}.weights.txt`, weightsText(bundle.weights));
  const sources = FIRMWARE_FILES.filter((f) => f.endsWith('.c')).map((f) => `source/${f}`);
  if (bundle.softFloat !== undefined) {
    const file = `source/${softFloatFile(bundle.name)}`;
    files.set(file, bundle.softFloat);
    sources.push(file);
  }
  return { files, sources, included, view };
}

const FIRMWARE_FILES = ['main.c', 'timer.c', 'timer.h', 'glow_bundle_utils.c', 'glow_bundle_utils.h'];

/** The text is included in C source, so only numbers, commas, space and one comment are let in. */
function checkInc(text: string, byteSize: number, input: string): void {
  const list = text.replace(/^\s*\/\*(?:[^*]|\*(?!\/))*\*\//, '').trim();
  const numbers = list === '' ? [] : list.replace(/,$/, '').split(',');
  if (!numbers.every((n) => /^\s*(0x[0-9A-Fa-f]{1,2}|\d{1,3})\s*$/.test(n))) {
    throw new UserError(
      'input',
      say`The test data of "${input}" are not a list of bytes.`,
      say`Convert the test data again.`,
    );
  }
  if (numbers.length !== byteSize) {
    throw new UserError(
      'input',
      say`The test data of "${input}" have ${numbers.length} bytes, the input has ${byteSize}.`,
      say`Convert the test data with the shape and type of this input.`,
    );
  }
}
