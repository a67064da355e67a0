import type { BuildPlan } from '../../board/buildPlan.ts';
import type { BoardData } from '../../board/catalogue.ts';

/** A project as VS Code's files for it are made of. */
export interface VscodeProject {
  readonly board: BoardData;
  readonly plan: BuildPlan;
  /** The debugger answers the firmware's semihosting calls (MCUXpresso's does always). */
  readonly semihosting?: boolean;
}

/** All paths begin here, so that the project can be moved. */
export const WORKSPACE = '${workspaceFolder}';
export const BUILD = `${WORKSPACE}/build`;

/**
 * Where all programs are started: what lies in a project's folder may have come from anybody, and they run what they find where
 * they are started (interface/*.cfg, pyocd_user.py, .gdbinit, on Windows also programs). The project is given in full.
 */
export const START_FOLDER = '${userHome}';

export function elfOf({ name }: BuildPlan): string {
  return `${BUILD}/${name}.elf`;
}

/** Boards with board support of our own are those that are simulated. */
export function isSimulated(board: BoardData): boolean {
  return board.bsp !== undefined;
}

/** The names of tasks, by which launch configurations and other tasks ask for them. */
export const TASKS = {
  configure: 'Configure',
  build: 'Build',
  buildWithoutCmake: 'Build without CMake',
  clean: 'Clean',
  debugServer: 'Serve GDB',
} as const;

/** Where GDB finds a simulated board that the task has switched on. */
export const GDB_PORT = 3333;
