import path from 'node:path';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import type { Graph } from '../../model/graph.ts';
import { notRead } from '../../model/formats/table.ts';
import { LIMITS } from '../../model/import/limits.ts';
import { formatOfFolder, networkName } from '../modelFile.ts';
import { runnerOf, type TaskInput, type TaskOutput } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

/** A model file read into the IR. */
export interface LoadedModel {
  /** Absolute path. */
  readonly file: string;
  readonly fileBytes: number;
  readonly graph: Graph;
}

/** A model file that was looked at. */
export type LookedAtModel = { readonly fileBytes: number } & TaskOutput<'lookAtModel'>;

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
  return inspected(
    options,
    context,
    async (model) => {
      const graph = await runnerOf(context)('readModel', model, context);
      return { file: path.resolve(model.file), fileBytes: model.bytes.length, graph };
    },
    ({ graph }) => summary(graph),
  );
}

/** As `inspect`, but of a model that cannot be expressed what it looks like, and why. @throws UserError `input` */
export async function lookAt(options: ModelOptions, context: StepContext = {}): Promise<LookedAtModel> {
  return inspected(
    options,
    context,
    async (model) => {
      const looked = await runnerOf(context)('lookAtModel', model, context);
      return { fileBytes: model.bytes.length, ...looked };
    },
    (looked) => ('graph' in looked ? summary(looked.graph) : `${looked.sketch.nodes.length} layers, refused`),
  );
}

function inspected<T>(
  options: ModelOptions,
  context: StepContext,
  read: (model: TaskInput<'readModel'>) => Promise<T>,
  tell: (result: T) => string,
): Promise<T> {
  return step(
    context,
    'inspect',
    path.basename(options.model),
    async () => read(await readFile(options)),
    tell,
  );
}

async function readFile({ model: file, name, defines }: ModelOptions): Promise<TaskInput<'readModel'>> {
  const folder = await formatOfFolder(file);
  if (folder) throw notRead(file, folder);
  const bytes = await readBounded(file, LIMITS.fileBytes, say`model file`);
  return { file, bytes, options: { name: networkName(file, name), defines } };
}

function summary({ nodes, inputs }: Graph): string {
  return `${nodes.length} layers, input ${inputs.map((i) => i.shape.join('x')).join(', ')}`;
}
