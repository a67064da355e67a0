import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { BoardData } from '../../board/catalogue.ts';
import { throwIfCancelled } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { ContentKey, keepText, type KeptKind, recallKept } from '../../common/keptFiles.ts';
import { readSmall } from '../../common/regularFile.ts';
import { productRoot, workerEntry } from '../../common/resources.ts';
import type { Sample } from '../../data/sample.ts';
import { LIMITS } from '../../model/import/limits.ts';
import { findTool, type ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { ExploredFigures } from './explored.ts';

/** Figures by `variantId`. */
export type KeptFigures = ReadonlyMap<string, ExploredFigures>;

/** Largest file of samples, in bytes. */
const MAX_SAMPLE_BYTES = 512 * 1024 * 1024;

const EXPLORATIONS: KeptKind<KeptFigures> = {
  ending: '.exploration.json',
  most: 64,
  limit: 16 * 1024 * 1024,
  read: (text) => {
    const entries = JSON.parse(text) as [string, ExploredFigures][];
    const isWhole = entries.every(
      ([id, f]) => typeof id === 'string' && Number.isFinite(f.predictedCycles) && f.fit.reasons.length >= 0,
    );
    if (!isWhole) throw new Error('not as it was kept');
    return new Map(entries);
  },
};

/** What figures were kept of variants in the same surroundings; none is no error. */
export async function recallFigures(folder: string, key: string): Promise<KeptFigures> {
  return (await recallKept(EXPLORATIONS, folder, key)) ?? new Map();
}

export async function keepFigures(folder: string, key: string, figures: KeptFigures): Promise<void> {
  await keepText(EXPLORATIONS, folder, key, JSON.stringify([...figures]));
}

/** All that a variant's figures depend on besides the variant. */
export interface Surroundings {
  /** Model file. */
  readonly file: string;
  readonly choices: PortChoices;
  readonly board: BoardData;
  /** Samples that ranges are measured with, and those that accuracy is measured over. */
  readonly samples: readonly Sample[];
  readonly test: readonly Sample[];
  readonly labels: readonly string[];
  readonly tools: ToolPaths | undefined;
}

/** A key of the surroundings, by what is in the files and not by what they are called. @throws UserError `input`, `cancelled` */
export async function keyOf(
  { file, choices, board, samples, test, labels, tools }: Surroundings,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { name, defines, image, sound, reuseInput, task, sdk, console } = choices;
  const gcc = await findTool('gcc', tools);
  const key = new ContentKey()
    .add(await productMark())
    .add(gcc?.version ?? '')
    .add(await readBounded(file, LIMITS.fileBytes, say`model file`))
    .add(JSON.stringify([path.parse(file).name, name ?? '', defines, image, sound, reuseInput, task]))
    .add(JSON.stringify([board, sdk ?? null, console, labels]));
  const digests = new Map<string, string>();
  for (const list of [samples, test]) {
    key.add(String(list.length));
    for (const { path: place, row, label } of list) {
      throwIfCancelled(signal);
      if (!digests.has(place)) {
        const bytes = await readBounded(place, MAX_SAMPLE_BYTES, say`sample`);
        digests.set(place, new ContentKey().add(bytes).digest());
      }
      key.add(JSON.stringify([digests.get(place), row ?? null, label ?? null]));
    }
  }
  return key.digest();
}

/** Which GlowPort this is: its version, and the very build of what quantizes and compiles. */
async function productMark(): Promise<string> {
  const manifest = await readSmall(path.join(productRoot, 'package.json'), 1024 * 1024);
  const { version } = JSON.parse(manifest?.toString('utf8') ?? '{}') as { version?: string };
  const built = await stat(workerEntry('taskWorker', 'workflow/tasks/worker.ts')).catch(() => undefined);
  return `${version} ${built?.size} ${built?.mtimeMs}`;
}
