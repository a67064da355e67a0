import { type BoardData, findBoard } from '../../board/catalogue.ts';
import { requireUart } from '../../project/sdkProject.ts';
import type { SdkBoard } from '../../sdk/discover.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { chosenBoard } from '../sdk.ts';
import { requireSimulated } from '../steps/run.ts';

export interface BoardAndSdk {
  readonly board: BoardData;
  /** NXP's SDK, with its files for the board; our own board support when undefined. */
  readonly sdk: SdkBoard | undefined;
}

/**
 * The board of a port, and the SDK that its firmware is built on.
 * @throws UserError `board` when it is not known, or not simulated where the firmware shall run; as `chosenBoard` does
 */
export async function boardOfPort(
  choices: Pick<PortChoices, 'board' | 'sdk' | 'run' | 'console'>,
  tools: ToolPaths | undefined,
  signal: AbortSignal | undefined,
): Promise<BoardAndSdk> {
  if (choices.run === 'sim' && choices.sdk === undefined) requireSimulated(findBoard(choices.board));
  const { board, sdk } = await chosenBoard(choices.board, choices.sdk, { set: tools?.sdk, signal });
  if (choices.run === 'sim') requireSimulated(board);
  if (!sdk) requireUart(choices.console);
  return { board, sdk };
}
