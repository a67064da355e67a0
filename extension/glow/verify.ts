import { type ElementType, identifierCharacters, type Placeholder } from '../bundle/bundle.ts';
import type { ParsedHeader } from '../bundle/header.ts';
import { type Help, UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { type ElfFile, readElf } from '../toolchain/elf.ts';
import { profileRemedy } from './failure.ts';
import type { GlowCore, GlowQuantization } from './options.ts';

/** Tags of "Build Attributes for the Arm Architecture". */
const TAG = { cpuArch: 6, armIsaUse: 8, thumbIsaUse: 9, vfpArguments: 28 } as const;
/** Values of Tag_CPU_arch by core: v6-M and v6S-M; v7E-M. */
const ARCHITECTURES: Readonly<Record<GlowCore, readonly number[]>> = {
  'cortex-m0plus': [11, 12],
  'cortex-m7': [13],
};

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { int8: 1, int16: 2, float32: 4 };

/** A model's inputs or outputs, as the importer names them. */
export interface ModelEnds {
  readonly inputs: readonly { readonly name: string; readonly elements: number }[];
  readonly outputs: readonly { readonly name: string; readonly elements: number }[];
}

/**
 * Checks that an object holds the entry point as Thumb code of the core, with its way of passing floats. Glow ends well
 * with code that no Cortex-M runs when it does not know the processor's name.
 * @throws UserError `toolchain`
 */
export function verifyObject(bytes: Uint8Array, entry: string, core: GlowCore): ElfFile {
  const bad = (what: Sentence, help: Help | readonly Help[]): UserError =>
    new UserError('toolchain', say`The object that Glow made ${what}.`, help);
  let elf: ElfFile;
  try {
    elf = readElf(bytes);
  } catch (e) {
    const why = e instanceof UserError ? e.sentence : String(e);
    throw bad(say`is no object file of a microcontroller`, say`Is this a Glow with the Arm target? ${why}`);
  }
  if (elf.kind !== 'relocatable' || elf.machine !== 'arm') {
    throw bad(say`is for another processor`, say`Use a Glow whose LLVM has the Arm target.`);
  }
  const attribute = (tag: number): number | string => elf.attributes.get(tag) ?? 0;
  const isArm = attribute(TAG.armIsaUse) !== 0 || elf.symbols.some((s) => /^\$a(\.|$)/.test(s.name));
  if (isArm || attribute(TAG.thumbIsaUse) === 0) {
    throw bad(
      say`is Arm-mode code, which no ${coreName(core)} runs`,
      say`This Glow does not know the processor it was asked for: use a newer one.`,
    );
  }
  if (!ARCHITECTURES[core].includes(attribute(TAG.cpuArch) as number)) {
    throw bad(
      say`is not for the ${coreName(core)} (architecture ${attribute(TAG.cpuArch)})`,
      say`This Glow does not know the processor it was asked for, or further arguments change it.`,
    );
  }
  const isHard = attribute(TAG.vfpArguments) === 1;
  if (isHard !== (core === 'cortex-m7')) {
    throw bad(
      isHard
        ? say`passes floats in registers that this core has not`
        : say`does not pass floats in FPU registers`,
      say`This Glow does not do as -float-abi says, or further arguments change it.`,
    );
  }
  const isThere = elf.symbols.some(
    (s) => s.name === entry && s.defined && s.type === 'function' && s.binding === 'global',
  );
  if (!isThere) throw bad(say`has no function ${entry}`, say`Compile the model again.`);
  return elf;
}

function coreName(core: GlowCore): string {
  return core === 'cortex-m7' ? 'Cortex-M7' : 'Cortex-M0+';
}

/** The placeholder that Glow made of a model's input or output; undefined when there is none. */
function placeholderOf<P extends Pick<Placeholder, 'cName'>>(all: readonly P[], name: string): P | undefined {
  // Glow makes names C identifiers, and puts an A before one that begins with a digit
  const legal = identifierCharacters(name);
  const names = [legal, `A${legal}`];
  return (
    all.find((p) => names.includes(p.cName)) ??
    all.find((p) => names.includes(p.cName.replace(/__\d+$/, '')))
  );
}

/** Names of the outputs that are float where integers were asked for, of a network whose inputs are integers. */
export function floatOutputs(
  { placeholders }: ParsedHeader,
  ends: ModelEnds,
  asked: Pick<GlowQuantization, 'floatPlaceholders'>,
): string[] {
  const isFloat = (name: string): boolean => placeholderOf(placeholders, name)?.type === 'float32';
  if (asked.floatPlaceholders || ends.inputs.some((v) => isFloat(v.name))) return [];
  return ends.outputs.map((v) => v.name).filter(isFloat);
}

/**
 * The header's placeholders in the model's order, inputs first, each found by its name (older builds add `__1` to it).
 * @param profileFile the user's file that the profile was of
 * @throws UserError `toolchain` when one is missing, lies outside the mutable memory, or has another type than was asked for
 */
export function matchPlaceholders(
  header: ParsedHeader,
  ends: ModelEnds,
  asked: Pick<GlowQuantization, 'floatPlaceholders' | 'precision'>,
  profileFile?: string,
): Placeholder[] {
  const bad = (what: Sentence, help: Help | readonly Help[]): UserError =>
    new UserError('toolchain', say`The bundle that Glow made ${what}.`, help);
  const left = [...header.placeholders];
  const take = (name: string, elements: number, direction: Placeholder['direction']): Placeholder => {
    const found = placeholderOf(left, name);
    if (found) left.splice(left.indexOf(found), 1);
    if (!found)
      throw bad(
        direction === 'input' ? say`has no input "${name}"` : say`has no output "${name}"`,
        say`Was it made of another model? Compile it again.`,
      );
    const bytes = elements * ELEMENT_BYTES[found.type];
    if (found.shape.reduce((n, d) => n * d, 1) !== elements || found.byteSize !== bytes) {
      throw bad(
        say`has ${found.shape.join(' x ')} elements in "${name}", the model ${elements}`,
        say`Compile the model again.`,
      );
    }
    if (found.byteOffset + found.byteSize > header.mutableBytes) {
      throw bad(say`has "${name}" outside its memory`, say`Compile the model again.`);
    }
    const type = asked.floatPlaceholders ? 'float32' : asked.precision;
    if (found.type !== type) {
      throw bad(
        say`has ${found.type} values in "${name}" where ${type} was asked for`,
        found.type === 'float32'
          ? [
              say`Glow left the layer there in float.`,
              ...(profileFile === undefined ? [] : [profileRemedy(profileFile)]),
              { do: 'useBuiltinCompiler' },
            ]
          : say`This Glow does not do as its options say.`,
      );
    }
    return { ...found, name, direction };
  };
  const placeholders = [
    ...ends.inputs.map((v) => take(v.name, v.elements, 'input')),
    ...ends.outputs.map((v) => take(v.name, v.elements, 'output')),
  ];
  if (left.length > 0) {
    throw bad(
      say`has a placeholder "${left[0]!.name}" that the model has not`,
      say`Compile the model again.`,
    );
  }
  return placeholders;
}

/** @throws UserError `toolchain` when the constants are not as many bytes as the header says */
export function verifyWeights(bytes: Uint8Array, header: ParsedHeader): void {
  if (bytes.length === header.constantBytes) return;
  throw new UserError(
    'toolchain',
    say`The weights that Glow wrote have ${bytes.length} bytes, its header says ${header.constantBytes}.`,
    say`Compile the model again; a full disk is the usual reason.`,
  );
}
