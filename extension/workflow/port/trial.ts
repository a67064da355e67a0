import type { BoardData } from '../../board/catalogue.ts';
import { type Fit, type NetworkNeed, predictStack, type Taken } from '../../board/fit.ts';
import { readFile } from 'node:fs/promises';
import type { Answer, Bundle } from '../../bundle/bundle.ts';
import { generateProject } from '../../project/generate.ts';
import type { WeightPlace } from '../../project/options.ts';
import { buildProject } from '../../toolchain/build.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';
import type { StepContext } from '../steps/step.ts';
import { stackOfFirmware } from './stack.ts';

/**
 * Bytes by which a prediction may be wrong: main() depends on the network, gcc's libraries on what calls them, and each
 * placeholder has code of its own that copies or prints it (about 45 bytes).
 */
const CLOSE = { flash: 512, flashPerPlaceholder: 64, ram: 64 };

/** Whether a prediction is so near a board's limits that only the linker can tell. */
export function isCloseCall(
  { flash, ram }: Pick<Fit, 'flash' | 'ram'>,
  { placeholders }: Pick<Bundle, 'placeholders'>,
): boolean {
  const margin = CLOSE.flash + CLOSE.flashPerPlaceholder * placeholders.length;
  return Math.abs(flash.used - flash.total) < margin || Math.abs(ram.used - ram.total) < CLOSE.ram;
}

/**
 * Builds the very firmware, with zeros for test data and on our own board support, in a folder of its own, and reads from it
 * what it takes. The linker is given larger memories, so that it also tells by how much firmware is too large.
 * @param need taken where the firmware's code does not tell its stack
 * @throws UserError `toolchain` when it cannot be built
 */
export async function trialBuild(
  board: BoardData,
  bundle: Bundle,
  need: NetworkNeed,
  options: {
    readonly weights: WeightPlace;
    readonly answer?: Answer | undefined;
    readonly tools?: ToolPaths | undefined;
  },
  { signal, log }: StepContext,
): Promise<Taken> {
  const [ram, ...others] = board.ram;
  const roomy = {
    ...board,
    flash: { ...board.flash, size: 2 * board.flash.size + need.flashBytes },
    ram: [{ ...ram!, size: 2 * ram!.size + need.ramBytes }, ...others],
  };
  const images = new Map(
    bundle.placeholders
      .filter((p) => p.direction === 'input')
      .map((p) => [p.name, new Array<string>(p.byteSize).fill('0').join(',')]),
  );
  return withScratchFolder('trial', async ({ folder }) => {
    const { weights, answer, tools } = options;
    const network = { board: roomy, bundle, answer, testData: images, weights };
    await generateProject({ ...network, outDir: folder, signal });
    const built = await buildProject(folder, { paths: tools ?? {}, with: 'gcc', signal, log });
    const firmware = new Uint8Array(await readFile(built.elf));
    const { flashBytes, ramBytes, stackBytes } = built.size;
    return {
      flashBytes,
      ramBytes:
        ramBytes - stackBytes + (stackOfFirmware(board, firmware) ?? predictStack(board, need.stackBytes)),
      // the port's firmware may reserve more stack than it needs
      basis: 'predicted',
    };
  });
}
