import type { ChangeRequest } from './changeSet.ts';
import { settle } from './clashes.ts';
import { boardInit, type BoardInit, type LeftOut } from './helloWorld.ts';
import type { HostProject } from './hostProject.ts';
import { networkFiles, type NetworkOptions } from './networkFiles.ts';
import { noteDefines } from './noteDefines.ts';

/** What a port makes of a project. */
export interface HostPort {
  readonly request: ChangeRequest;
  readonly init: BoardInit;
  /** What the user has to know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Works out what a network in a project is made of: files, edits of the build, and how main() starts.
 *
 * @throws UserError `input` when the project's code and the network's cannot be one program, and as `networkFiles` does
 */
export async function portRequest(
  host: HostProject,
  network: Pick<NetworkOptions, 'board' | 'bundle' | 'testData' | 'weights' | 'modelName' | 'answer'>,
): Promise<HostPort> {
  const { board, bundle } = network;
  const code = await host.code();
  const init = boardInit(board, code.example, code);
  const { files, exclude, unlink, notes } = settle(
    networkFiles({ ...network, init }),
    bundle.name,
    host,
    code,
  );
  const sources = [...files.keys()].filter((f) => f.endsWith('.c'));
  const edits = host.edits({ network: bundle.name, defines: noteDefines(board), sources, exclude, unlink });
  return {
    request: { folder: host.folder, files, edits },
    init,
    notes: [...host.notes, ...notes, ...leftOutNote(init.leftOut, code.mains[0])],
  };
}

function leftOutNote(leftOut: readonly LeftOut[], main: string | undefined): string[] {
  if (leftOut.length === 0) return [];
  const reasons: Readonly<Record<LeftOut['why'], string>> = {
    conditional: 'in a conditional',
    own: `made in ${main ?? 'the example'} only`,
    undeclared: 'no header declares it here',
    undefined: 'no source defines it here',
    arguments: 'its arguments are not plain',
  };
  const list = leftOut.map(({ what, why }) => `${what} (${reasons[why]})`).join(', ');
  return [`Left out of main(): ${list}. Add what you need by hand.`];
}
