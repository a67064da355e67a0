import { type ErrorCode, type Help, UserError } from '../common/error.ts';
import type { Remedy } from '../common/errors/remedy.ts';
import { say, type Sentence, type Value } from '../common/errors/sentence.ts';
import type { GlowToolName } from './find.ts';
import { isNoise, isStackTrace, printable } from './noise.ts';
import { optionName } from './options.ts';
import { trimEndOf } from '../common/trimEnd.ts';

/** For a tool in a container or in WSL. */
export const GIVE_FOLDER = say`If Glow runs in a container or in WSL, its command must give it the working folder (${'{folder}'}).`;

/** What a failed run was about, for its sentence. */
export interface FailureContext {
  /** The model's file name as the user knows it. */
  readonly model?: string | undefined;
  /** The user's file behind a name in the working folder. */
  readonly imageFile?: ((name: string) => string | undefined) | undefined;
  /** The user's file that the profile is of; undefined for one that Glow measured for this. */
  readonly profileFile?: string | undefined;
  /** Version of this Glow, where it says one. */
  readonly version?: string | undefined;
}

/** What to do about a profile: of the user's own file, or one that Glow measured. */
export function profileRemedy(file: string | undefined): Remedy {
  return { do: file === undefined ? 'measureAnew' : 'measureInstead' };
}

/** The option, with its value, that LLVM does not know, when the output says so. */
function unknownOption(output: string): string | undefined {
  return /Unknown command line argument '([^']{1,200})'/.exec(output)?.[1];
}

/** Whether LLVM took the command line as far as it went, and only misses the model in it. */
export function missesModel(output: string): boolean {
  return /for the --?model option: must be specified/.test(output) && unknownOption(output) === undefined;
}

/** How a run ended: exit code (128 + signal when a signal ended it) and all that it printed. */
export interface FailedRun {
  readonly exitCode: number;
  readonly output: string;
}

/** Windows' NTSTATUS codes for a program that never got to run. */
const DLL_MISSING = 0xc0000135;
const DLL_TOO_OLD = 0xc0000139;
const NOT_A_PROGRAM = 0xc000007b;
const ACCESS_VIOLATIONS = [0xc0000005, 0xc00000fd, 0xc000001d, 139, 138, 136, 132];
/** SIGKILL and SIGTERM as a shell tells them; a console that was closed, and Windows' own end for want of memory. */
const KILLED = [137, 143, 0xc000013a, 0xc0000017];
const ABORTS = [134, 3, 0xc0000409];

/**
 * Turns a failed run of one of Glow's tools into one sentence with what to do. Its output, harmless lines left out, is
 * the detail.
 */
export function explainFailure(tool: GlowToolName, run: FailedRun, context: FailureContext): UserError {
  const { output } = run;
  const code = run.exitCode >>> 0;
  const model: Value = context.model ?? say`the model`;
  const error = (kind: ErrorCode, sentence: Sentence, help: Help | readonly Help[]): UserError =>
    new UserError(kind, sentence, help, detailOf(output));
  const found = (pattern: RegExp): string | undefined => pattern.exec(output)?.[1]?.trim().slice(0, 200);

  const library =
    found(/error while loading shared libraries: ([^:\s]{1,200})/) ??
    found(/Library not loaded: ([^\r\n]{1,200})/) ??
    found(/The code execution cannot proceed because ([^\s]{1,200}) was not found/);
  if (library !== undefined || code === DLL_MISSING || code === DLL_TOO_OLD) {
    const what = library ?? (code === DLL_MISSING ? say`a DLL` : say`a DLL of the right version`);
    return error(
      'toolchain',
      say`Glow's ${tool} does not start: it needs ${what}, which is missing.`,
      say`Install Glow again, or put the folder of its libraries into PATH.`,
    );
  }
  if (code === NOT_A_PROGRAM || code === 126) {
    return error(
      'toolchain',
      say`Glow's ${tool} is not a program that this computer can run.`,
      say`Install the Glow made for this system, and check that the file may be executed.`,
    );
  }
  const unknown = unknownOption(output);
  if (unknown !== undefined) {
    const name = optionName(unknown);
    return error(
      'toolchain',
      say`This Glow (${context.version ?? say`of unknown version`}) has no option ${name === undefined ? unknown : `-${name}`}.`,
      name === 'enable-channelwise'
        ? [{ do: 'quantizePerTensor' }, say`Or use a newer Glow.`]
        : say`Choose other options, or use a newer Glow.`,
    );
  }
  const value =
    /for the -+([\w-]{1,80}) option: (Cannot find option named '[^']{0,100}'|[^\r\n]{1,160})/.exec(output);
  if (value) {
    return error(
      'toolchain',
      say`This Glow's ${tool} does not take that value of -${value[1]!}: ${value[2]!.replace(/!$/, '')}.`,
      say`Choose another value, or use a newer Glow.`,
    );
  }
  const missingModel = found(/Can't find the model or network files for ([^\r\n]{1,300}?)\.?\s*$/m);
  if (missingModel !== undefined || /MODEL_LOADER_INVALID_PROTOBUF/.test(output)) {
    return error(
      'input',
      missingModel === undefined
        ? say`Glow cannot read ${model}: it is no ONNX model that it understands.`
        : say`Glow cannot read ${model}.`,
      missingModel === undefined
        ? say`Export the model to ONNX again, with an older operator set if this Glow is old.`
        : GIVE_FOLDER,
    );
  }
  const node = found(/No node under name ([^\r\n]{1,200})/);
  if (node !== undefined) {
    return error(
      'model',
      // it names the model's own input, whatever it was told
      say`Glow was not told that the input of ${model} is ${node.replace(/\.$/, '')}.`,
      say`Export the model again, with an input whose name is plain text.`,
    );
  }
  const operator = found(/Failed to load operator ([^\r\n]{1,120}?)\s*\.\s*$/m);
  if (operator !== undefined || /MODEL_LOADER_UNSUPPORTED_OPERATOR/.test(output)) {
    return error('model', say`Glow cannot load the operator ${operator ?? say`of a node`} of ${model}.`, [
      say`Export the model without it.`,
      { do: 'useBuiltinCompiler' },
    ]);
  }
  const kernel = found(/Unsupported node found while compiling [^\r\n]{0,300}: ([\w-]{1,80})/);
  if (kernel !== undefined) {
    return error(
      'model',
      say`Glow has no integer code for what it makes of ${model}: it refuses its own ${kernel}.`,
      { do: 'useBuiltinCompiler' },
    );
  }
  if (/Src must be quantized/.test(output)) {
    return error(
      'model',
      say`Glow cannot load ${model}: its biases are dequantized from int32, which Glow does not know.`,
      [say`Give the float model and let Glow quantize it.`, { do: 'useBuiltinCompiler' }],
    );
  }
  const image = found(/Can't open image file with name: ([^\r\n]{1,300}?)\.?\s*$/m);
  if (image !== undefined) {
    return error(
      'input',
      say`Glow cannot open the sample image ${context.imageFile?.(image) ?? image}.`,
      GIVE_FOLDER,
    );
  }
  if (/must be used to specify input images|No input images? (?:was|were) given/i.test(output)) {
    return error('usage', say`Glow was given no sample image.`, { do: 'giveSamples' });
  }
  if (/Profile file "[^"]*" does not exist|Error reading YAML file|Graph hash mismatch/.test(output)) {
    const why = /hash mismatch/.test(output)
      ? say`it is of another model`
      : /does not exist/.test(output)
        ? say`it is missing`
        : say`it is damaged`;
    const { profileFile } = context;
    return profileFile === undefined
      ? error('toolchain', say`Glow refuses the profile of ${model}: ${why}.`, profileRemedy(undefined))
      : error('input', say`Glow refuses ${profileFile} for ${model}: ${why}.`, profileRemedy(profileFile));
  }
  const said = messageOf(output);
  if (KILLED.includes(code)) {
    return error(
      'toolchain',
      say`Glow's ${tool} was killed from outside.`,
      say`Too little memory is the usual reason: close other programs, or give the container more.`,
    );
  }
  if (ACCESS_VIOLATIONS.includes(code)) {
    return error(
      'toolchain',
      said === undefined
        ? say`Glow's ${tool} crashed without a message.`
        : say`Glow's ${tool} crashed: ${said}.`,
      tool === 'model-compiler'
        ? [say`The model is probably beyond this Glow.`, { do: 'useBuiltinCompiler' }]
        : say`Check that the sample images are whole and of the size the model takes; else the model is beyond this Glow.`,
    );
  }
  if (ABORTS.includes(code) || said !== undefined) {
    return error(
      'toolchain',
      said === undefined
        ? say`Glow's ${tool} gave up without a message.`
        : say`Glow's ${tool} gave up: ${said}.`,
      [{ do: 'seeDetail' }, { do: 'useBuiltinCompiler' }],
    );
  }
  return error('toolchain', say`Glow's ${tool} ended with exit code ${run.exitCode} and no message.`, [
    { do: 'seeDetail' },
    say`Run it by hand, and look why.`,
  ]);
}

/** The line that says most, shortened to one sentence without its end; undefined when there is none. */
function messageOf(output: string): string | undefined {
  const lines = output
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !isNoise(line) && !isStackTrace(line));
  const text =
    lines.map((l) => /^\s*Error message:\s*(.+)$/.exec(l)?.[1]).find((m) => m !== undefined) ??
    lines
      .map((l) => /^[EF]\d{8} [\d:.]+\s+\d+ [\w.]+:\d+\] (.+)$/.exec(l)?.[1])
      .find((m) => m !== undefined) ??
    lines.find((l) => /error|fail|assert|cannot|can't|denied|not found/i.test(l)) ??
    lines.at(-1);
  return text && trimEndOf(text.replace(/\s+/g, ' ').trim(), '.!:').slice(0, 200);
}

function detailOf(output: string): string {
  return output
    .split(/\r?\n/)
    .filter((line) => !isNoise(line))
    .map(printable)
    .join('\n')
    .slice(-64 * 1024);
}
