import { cIdentifier, type ElementType, type Placeholder } from '../bundle/bundle.ts';
import type { ParsedHeader } from '../bundle/header.ts';
import { type Help, UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { architectureOf, isForCore, isThumbCode, passesFloatsInRegisters } from '../toolchain/armObject.ts';
import { type ElfFile, readElf } from '../toolchain/elf.ts';
import { profileRemedy } from './failure.ts';
import type { GlowCore, GlowQuantization } from './options.ts';

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  ...{ int8: 1, int16: 2, int32: 4, index32: 4, float32: 4 },
};

/** An input or output; how many elements it has is not known of every model. */
interface ModelEnd {
  readonly name: string;
  readonly elements: number | undefined;
}

/** A model's inputs or outputs, as the importer names them. */
export interface ModelEnds {
  readonly inputs: readonly ModelEnd[];
  readonly outputs: readonly ModelEnd[];
}

/**
 * Checks that an object holds the entry point as Thumb code of the core, with its way of passing floats. Glow ends well
 * with code that no Cortex-M runs when it does not know the processor's name.
 * @throws UserError `toolchain`
 */
export function verifyObject(bytes: Uint8Array, entry: string, core: GlowCore): ElfFile {
  const elf = verifyThumb(bytes, entry);
  if (!isForCore(elf, core)) {
    throw badObject(
      say`is not for the ${core === 'cortex-m7' ? 'Cortex-M7' : 'Cortex-M0+'} (architecture ${architectureOf(elf)})`,
      say`This Glow does not know the processor it was asked for, or further arguments change it.`,
    );
  }
  const isHard = passesFloatsInRegisters(elf);
  if (isHard !== (core === 'cortex-m7')) {
    throw badObject(
      isHard
        ? say`passes floats in registers that this core has not`
        : say`does not pass floats in FPU registers`,
      say`This Glow does not do as -float-abi says, or further arguments change it.`,
    );
  }
  return elf;
}

/**
 * Checks that an object holds the entry point as Thumb code, for whichever Cortex-M it is.
 * @throws UserError `toolchain`
 */
export function verifyThumb(bytes: Uint8Array, entry: string): ElfFile {
  let elf: ElfFile;
  try {
    elf = readElf(bytes);
  } catch (e) {
    const why = e instanceof UserError ? e.sentence : String(e);
    throw badObject(
      say`is no object file of a microcontroller`,
      say`Is this a Glow with the Arm target? ${why}`,
    );
  }
  if (elf.kind !== 'relocatable' || elf.machine !== 'arm') {
    throw badObject(say`is for another processor`, say`Use a Glow whose LLVM has the Arm target.`);
  }
  if (!isThumbCode(elf)) {
    throw badObject(
      say`is Arm-mode code, which no Cortex-M runs`,
      say`This Glow does not know the processor it was asked for: use a newer one.`,
    );
  }
  const isThere = elf.symbols.some(
    (s) => s.name === entry && s.defined && s.type === 'function' && s.binding === 'global',
  );
  if (!isThere) throw badObject(say`has no function ${entry}`, say`Compile the model again.`);
  return elf;
}

function badObject(what: Sentence, help: Help | readonly Help[]): UserError {
  return new UserError('toolchain', say`The object that Glow made ${what}.`, help);
}

function badBundle(what: Sentence, help: Help | readonly Help[]): UserError {
  return new UserError('toolchain', say`The bundle that Glow made ${what}.`, help);
}

/**
 * Checks that a header's placeholders are as large as their shapes say and lie in the mutable memory.
 * @throws UserError `toolchain`
 */
export function verifyPlaces({ placeholders, mutableBytes }: ParsedHeader): void {
  for (const { name, shape, type, byteSize, byteOffset } of placeholders) {
    const elements = shape.reduce((n, d) => n * d, 1);
    if (byteSize !== elements * ELEMENT_BYTES[type]) {
      throw badBundle(
        say`has ${byteSize} bytes for the ${elements} elements of "${name}"`,
        say`Compile the model again.`,
      );
    }
    if (byteOffset + byteSize > mutableBytes) {
      throw badBundle(say`has "${name}" outside its memory`, say`Compile the model again.`);
    }
  }
}

/** The placeholder that Glow made of a model's input or output; undefined when there is none. */
function placeholderOf<P extends Pick<Placeholder, 'cName'>>(all: readonly P[], name: string): P | undefined {
  const legal = cIdentifier(name);
  return all.find((p) => p.cName === legal) ?? all.find((p) => p.cName.replace(/__\d+$/, '') === legal);
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
 * @param asked undefined for a bundle of which nobody here knows what was asked for
 * @param profileFile the user's file that the profile was of
 * @throws UserError `toolchain` when one is missing, lies outside the mutable memory, or has another type than was asked for
 */
export function matchPlaceholders(
  header: ParsedHeader,
  ends: ModelEnds,
  asked: Pick<GlowQuantization, 'floatPlaceholders' | 'precision'> | undefined,
  profileFile?: string,
): Placeholder[] {
  verifyPlaces(header);
  const left = [...header.placeholders];
  const take = ({ name, elements }: ModelEnd, direction: Placeholder['direction']): Placeholder => {
    const found = placeholderOf(left, name);
    if (found) left.splice(left.indexOf(found), 1);
    if (!found)
      throw badBundle(
        direction === 'input' ? say`has no input "${name}"` : say`has no output "${name}"`,
        say`Was it made of another model? Compile it again.`,
      );
    if (elements !== undefined && found.shape.reduce((n, d) => n * d, 1) !== elements) {
      throw badBundle(
        say`has ${found.shape.join(' x ')} elements in "${name}", the model ${elements}`,
        say`Compile the model again.`,
      );
    }
    const type = !asked ? found.type : asked.floatPlaceholders ? 'float32' : asked.precision;
    if (found.type !== type) {
      throw badBundle(
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
    ...ends.inputs.map((v) => take(v, 'input')),
    ...ends.outputs.map((v) => take(v, 'output')),
  ];
  if (left.length > 0) {
    throw badBundle(
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
