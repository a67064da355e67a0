import path from 'node:path';
import * as vscode from 'vscode';
import type { StopAtEntry } from '../../debug/adapter/launch.ts';
import { readBuildPlan } from '../../toolchain/buildPlanFile.ts';
import { projectOf } from '../../workflow/debug/projectOf.ts';
import { chooseProject } from '../build.ts';

export const DEBUG_TYPE = 'glowport';

/** A launch configuration of ours, as launch.json has it; `package.json` describes it. */
export interface DebugConfiguration extends vscode.DebugConfiguration {
  readonly program?: string;
  readonly board?: string;
  readonly gdb?: string;
  readonly stopAtEntry?: StopAtEntry;
  /** A generated project's folder: it is built first. */
  readonly project?: string;
}

/** What a configuration comes to where everything is known. */
interface Complete extends DebugConfiguration {
  readonly program: string;
  readonly board: string;
}

/**
 * Fills in what a configuration leaves out: the project that is remembered, or the only one, or the one chosen.
 * @returns undefined when the user left
 * @throws UserError `input` when there is no project, or it does not say its board
 */
export async function completed(
  folder: vscode.WorkspaceFolder | undefined,
  given: DebugConfiguration,
): Promise<Complete | undefined> {
  const title = vscode.l10n.t('Debug on Simulated Board');
  const base = { ...given, type: DEBUG_TYPE, request: 'launch', name: given.name || title };
  const absolute = (place: string): string => path.resolve(folder?.uri.fsPath ?? '', place);
  const program = given.program === undefined ? undefined : absolute(given.program);
  if (program !== undefined && given.board !== undefined) return { ...base, program, board: given.board };
  const project =
    given.project !== undefined
      ? absolute(given.project)
      : program !== undefined
        ? ((await projectOf(program)) ?? path.dirname(program))
        : await chooseProject(title);
  if (project === undefined) return undefined;
  const { name, board } = await readBuildPlan(project);
  return {
    ...base,
    project,
    program: program ?? path.join(project, 'build', `${name}.elf`),
    board: given.board ?? board ?? '',
  };
}
