import type { BuildPlan } from '../board/buildPlan.ts';
import { type BoardData, dataRam } from '../board/catalogue.ts';
import { FLASH_TOOL_NAMES, FLASH_TOOLS, flashToolsOf } from '../board/flashTools.ts';
import { grouped } from '../common/grouped.ts';
import type { FirmwareFiles } from './networkFiles.ts';
import { render } from './render.ts';
import { launchConfigurations } from './vscode/launch.ts';
import { isSimulated, type VscodeProject } from './vscode/place.ts';
import { tasks } from './vscode/tasks.ts';

/** What was measured of a project's firmware. */
export interface FirmwareFigures {
  readonly flashBytes: number;
  /** Variables and the reserved stack. */
  readonly ramBytes: number;
  readonly stackBytes: number;
  /** Of an inference on the simulated board, where it ran. */
  readonly cycles?: number | undefined;
  readonly timeUs?: number | undefined;
}

/** A project as its README.md tells of it. */
export interface DescribedProject {
  /** Values for templates. */
  readonly view: FirmwareFiles['view'] & { readonly build: BuildPlan };
  /** Release of NXP's SDK; undefined where it does not say. */
  readonly sdkVersion: string | undefined;
  readonly semihosting: boolean;
  readonly figures: FirmwareFigures | undefined;
}

/** README.md of a project: what it is, the commands that its reader has, its files. Pure. */
export function readme({ view, sdkVersion, semihosting, figures }: DescribedProject): string {
  const { board, build, inputs } = view;
  const project = { board, plan: build, semihosting };
  return render('project/README.md', {
    ...view,
    sdk: build.sdk && { root: build.sdk.root, version: sdkVersion ?? 'unknown' },
    isSemihost: semihosting,
    isSimulated: isSimulated(board),
    figures: figures && figureRows(figures, board),
    wasRun: figures?.cycles !== undefined,
    flashTools: flashToolsOf(board)
      .map((tool) => FLASH_TOOL_NAMES[tool])
      .join(', '),
    notFlashedBy: FLASH_TOOLS.flatMap((tool) => {
      const why = board.notFlashedBy?.[tool];
      return why === undefined ? [] : [`${FLASH_TOOL_NAMES[tool]} is not one of them: ${why}.`];
    }),
    launches: launches(project),
    tasks: listed(tasks(project).map(({ label }) => `*${label}*`)),
    firstInput: inputs[0],
  });
}

function figureRows(
  { flashBytes, ramBytes, stackBytes, cycles, timeUs }: FirmwareFigures,
  board: BoardData,
): { readonly what: string; readonly much: string }[] {
  const { flash, coreClockHz } = board;
  const inference = [
    ...(timeUs === undefined ? [] : [`${grouped(timeUs)} us`]),
    ...(cycles === undefined ? [] : [`${grouped(cycles)} cycles at ${coreClockHz / 1e6} MHz`]),
  ];
  return [
    { what: 'Flash', much: `${grouped(flashBytes)} of ${grouped(flash.size)} bytes` },
    {
      what: 'RAM',
      much: `${grouped(ramBytes)} of ${grouped(dataRam(board).size)} bytes, ${grouped(stackBytes)} of them reserved for the stack`,
    },
    ...(inference.length > 0 ? [{ what: 'Inference', much: inference.join(', ') }] : []),
  ];
}

/** What each type of launch configuration is run by. */
const DEBUGGERS: Readonly<Record<string, string>> = {
  'cortex-debug': 'Cortex-Debug (marus25.cortex-debug)',
  gdbtarget: "CDT GDB Debug Adapter (eclipse-cdt.cdt-gdb-vscode), and GlowPort's command line",
  'mcuxpresso-debug': 'MCUXpresso for VS Code (NXPSemiconductors.mcuxpresso)',
};

function launches(project: VscodeProject): { readonly name: string; readonly needs: string }[] {
  return launchConfigurations(project).map(({ name, type, servertype }) => ({
    name,
    needs: `${DEBUGGERS[type] ?? type}${servertype === 'external' ? ", and GlowPort's command line" : ''}`,
  }));
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
