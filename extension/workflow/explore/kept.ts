import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { BoardData } from '../../board/catalogue.ts';
import { type ErrorData, throwIfCancelled } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { digestBounded } from '../../common/files.ts';
import { ContentKey, keepText, type KeptKind, recallKept } from '../../common/keptFiles.ts';
import { readSmall } from '../../common/regularFile.ts';
import { productRoot, workerEntry } from '../../common/resources.ts';
import { type Sample, sampleFiles } from '../../data/sample.ts';
import { dataOptions } from '../../data/options.ts';
import { LIMITS } from '../../model/import/limits.ts';
import { findTool, type ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { ExploredFigures } from './explored.ts';

/** What a variant was found to be. */
export type KeptOutcome =
  | {
      readonly figures: ExploredFigures;
      /** It was to run, whether it could or not: its cycles need not be counted again. */
      readonly hasRun: boolean;
    }
  | { readonly refusal: ErrorData };

/** Outcomes by `variantId`. */
export type KeptOutcomes = ReadonlyMap<string, KeptOutcome>;

/** Largest file of samples, in bytes. */
const MAX_SAMPLE_BYTES = 512 * 1024 * 1024;

const EXPLORATIONS: KeptKind<KeptOutcomes> = {
  ending: '.exploration.json',
  most: 64,
  limit: 16 * 1024 * 1024,
  read: (text) => {
    const entries = JSON.parse(text) as [string, KeptOutcome][];
    const isWhole = entries.every(([id, outcome]) => typeof id === 'string' && isOutcome(outcome));
    if (!isWhole) throw new Error('not as it was kept');
    return new Map(entries);
  },
};

function isOutcome(outcome: KeptOutcome): boolean {
  if ('refusal' in outcome) return typeof outcome.refusal.code === 'string';
  const { predictedCycles, fit } = outcome.figures;
  return Number.isFinite(predictedCycles) && fit.reasons.length >= 0 && typeof outcome.hasRun === 'boolean';
}

/** What was kept of variants in the same surroundings; none is no error. */
export async function recallOutcomes(folder: string, key: string): Promise<KeptOutcomes> {
  return (await recallKept(EXPLORATIONS, folder, key)) ?? new Map();
}

export async function keepOutcomes(folder: string, key: string, outcomes: KeptOutcomes): Promise<void> {
  await keepText(EXPLORATIONS, folder, key, JSON.stringify([...outcomes]));
}

/** All that a variant's outcome depends on besides the variant. */
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
  const { name, defines, reuseInput, task, sdk, console } = choices;
  const gcc = await findTool('gcc', tools);
  const key = new ContentKey()
    .add(await productMark())
    .add(gcc?.version ?? '')
    .add(await digestBounded(file, LIMITS.fileBytes, say`model file`, signal))
    .add(JSON.stringify([path.parse(file).name, name ?? '', defines, dataOptions(choices), reuseInput, task]))
    .add(JSON.stringify([board, sdk ?? null, console, labels]));
  const digests = new Map<string, string>();
  for (const list of [samples, test]) {
    key.add(String(list.length));
    for (const { row, label, ...sample } of list) {
      throwIfCancelled(signal);
      const files = sampleFiles(sample);
      for (const place of files) {
        if (digests.has(place)) continue;
        digests.set(place, await digestBounded(place, MAX_SAMPLE_BYTES, say`sample`, signal));
      }
      key.add(JSON.stringify([...files.map((place) => digests.get(place)), row ?? null, label ?? null]));
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
