import path from 'node:path';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import type { Graph } from '../../model/graph.ts';
import { notRead } from '../../model/formats/table.ts';
import { LIMITS } from '../../model/import/limits.ts';
import { formatOfFolder, networkName } from '../modelFile.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

/** A model file read into the IR. */
export interface LoadedModel {
  /** Absolute path. */
  readonly file: string;
  readonly fileBytes: number;
  readonly graph: Graph;
}

export interface ModelOptions {
  readonly model: string;
  /** Network name; the file's name without its ending when undefined. */
  readonly name?: string | undefined;
  /** Values of symbolic dimensions. */
  readonly defines?: Readonly<Record<string, number>>;
}

/**
 * Reads a model file. @throws UserError `input` (missing, not a model, damaged, of another format), `model` (cannot be
 * expressed)
 */
export async function inspect(options: ModelOptions, context: StepContext = {}): Promise<LoadedModel> {
  return step(
    context,
    'inspect',
    path.basename(options.model),
    async () => {
      const { model: file, defines } = options;
      const folder = await formatOfFolder(file);
      if (folder) throw notRead(file, folder);
      const bytes = await readBounded(file, LIMITS.fileBytes, say`model file`);
      const name = networkName(file, options.name);
      const graph = await runnerOf(context)(
        'readModel',
        { file, bytes, options: { name, defines } },
        context,
      );
      return { file: path.resolve(file), fileBytes: bytes.length, graph };
    },
    ({ graph }) =>
      `${graph.nodes.length} layers, input ${graph.inputs.map((i) => i.shape.join('x')).join(', ')}`,
  );
}
