import path from 'node:path';
import type { BoardData } from '../../board/catalogue.ts';
import { say } from '../../common/errors/sentence.ts';
import type { ConfirmOverwrite } from '../../common/output/writeOutputs.ts';
import { readElf } from '../../toolchain/elf.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';
import { firmwareSize } from '../../toolchain/size.ts';
import type { Validation } from '../../../webview/shared/validation.ts';
import type { PortChoices } from '../choices/choices.ts';
import { inOutputFolder } from '../folders/outputFolder.ts';
import { buildAndRun, type NetworkOnBoard } from '../port/firmware.ts';
import { stackOfFirmware } from '../port/stack.ts';
import { readFirmware } from '../steps/run.ts';
import type { StepContext } from '../steps/step.ts';

/** Firmware that takes samples over the console. */
export interface ValidatorFirmware {
  readonly bytes: Uint8Array;
  /** Undefined where it was built into a scratch folder that is gone. */
  readonly file: string | undefined;
  /** Undefined for what is no ELF file. */
  readonly size: Validation['firmware'];
}

/** Reads firmware that was built before. @throws UserError `input` when it cannot be read, or is a damaged ELF file */
export async function givenFirmware(board: BoardData, file: string): Promise<ValidatorFirmware> {
  const bytes = await readFirmware(file);
  const isElf = Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\x7fELF';
  return { bytes, file: path.resolve(file), size: isElf ? sizeOf(board, bytes) : undefined };
}

/**
 * Builds it.
 * @param out folder of its project; undefined: nobody wants to keep it
 * @throws UserError as `buildAndRun` does
 */
export async function buildValidator(
  network: Omit<NetworkOnBoard, 'testData' | 'validates'>,
  out: string | undefined,
  choices: Pick<PortChoices, 'weights' | 'console'>,
  options: {
    readonly tools?: ToolPaths | undefined;
    readonly confirmOverwrite?: ConfirmOverwrite | undefined;
  },
  context: StepContext,
): Promise<ValidatorFirmware> {
  const build = async (folder: string): Promise<ValidatorFirmware> => {
    const validator = { ...network, testData: [], validates: true };
    const { built } = await buildAndRun(validator, folder, { ...choices, run: 'none' }, options, context);
    const bytes = await readFirmware(built.elf);
    return { bytes, file: out === undefined ? undefined : built.elf, size: sizeOf(network.board, bytes) };
  };
  return out === undefined
    ? withScratchFolder('validate', ({ folder }) => build(folder))
    : inOutputFolder(out, () => build(out));
}

function sizeOf(board: BoardData, elf: Uint8Array): Validation['firmware'] {
  const { flashBytes, ramBytes } = firmwareSize(readElf(elf), board.flash);
  return { flashBytes, ramBytes, stackBytes: stackOfFirmware(board, elf) };
}

/** What to do about a board that does not answer: which file goes into its flash. */
export function flashHelp(board: BoardData, { file }: ValidatorFirmware) {
  return file === undefined
    ? say`Is it the firmware that "glowport validate" builds, for this board?`
    : ({ do: 'flashFirmware', firmware: file, board: board.id } as const);
}
