import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { explainFailure, type FailureContext, GIVE_FOLDER, profileRemedy } from './failure.ts';
import type { GlowTools } from './find.ts';
import {
  type GlowImageOptions,
  type GlowModelOptions,
  imageListArgument,
  profileArguments,
  WORK_FILES,
} from './options.ts';
import { type GlowAbilities, hasOption } from './probe.ts';
import { type GlowRunOptions, runGlow } from './run.ts';
import { writeFileAtomic } from '../common/files.ts';
import { yamlDocuments } from '../common/yaml.ts';

/** Longest list of arguments that every system takes: Windows allows 32,767 characters. */
const MAX_ARGUMENT_CHARACTERS = 24_000;

/**
 * Measures the ranges of a model with image-classifier and returns the profile's text, checked to be whole.
 * @param folder holds the model and the images
 * @param images names in the folder
 * @throws UserError for each way in which it fails; see failure.ts
 */
export async function profileWithGlow(
  tools: GlowTools,
  abilities: GlowAbilities,
  folder: string,
  images: readonly string[],
  model: GlowModelOptions,
  image: GlowImageOptions,
  options: GlowRunOptions & FailureContext = {},
): Promise<string> {
  const args = profileArguments(await imageArgument(images, folder, tools, options), model, image);
  const run = await runGlow(tools, 'image-classifier', args, folder, options);
  if (run.exitCode !== 0) {
    throw explainFailure('image-classifier', run, { ...options, version: abilities.version });
  }
  const text = await readFile(path.join(folder, WORK_FILES.profile), 'utf8').catch(() => {
    throw new UserError(
      'toolchain',
      say`Glow's image-classifier ended well but wrote no profile.`,
      [say`Is it the real tool?`, GIVE_FOLDER],
      run.output,
    );
  });
  checkProfile(text);
  return text;
}

/** The images themselves, or a list of them where they would make the command too long. */
async function imageArgument(
  images: readonly string[],
  folder: string,
  tools: GlowTools,
  options: GlowRunOptions,
): Promise<readonly string[] | { list: string }> {
  if (images.reduce((n, name) => n + name.length + 1, 0) <= MAX_ARGUMENT_CHARACTERS) return images;
  if (!(await hasOption(tools, 'image-classifier', imageListArgument(WORK_FILES.imageList), options))) {
    throw new UserError(
      'usage',
      say`${images.length} sample images are too many for this Glow, which takes them one by one on its command line.`,
      say`Give fewer images (a few hundred are plenty), or use a newer Glow.`,
    );
  }
  await writeFileAtomic(path.join(folder, WORK_FILES.imageList), `${images.join('\n')}\n`);
  return { list: WORK_FILES.imageList };
}

/**
 * Checks that a profile is whole. Glow takes one that was cut short after an entry without a word and leaves part of the
 * network in float, so its end mark and every entry are looked at.
 * @param file the user's file that it is of; undefined for what Glow has just written
 * @returns how many values it has ranges of
 * @throws UserError `toolchain`, or `input` for a file of the user
 */
export function checkProfile(text: string, file?: string): number {
  const bad = (what: Sentence): UserError =>
    file === undefined
      ? new UserError('toolchain', say`The profile that Glow wrote ${what}.`, [
          profileRemedy(file),
          say`A full disk or a killed tool is the usual reason.`,
        ])
      : new UserError('input', say`The profile ${file} ${what}.`, profileRemedy(file));
  if (text.trim() === '') throw bad(say`is empty`);
  // LLVM's YAML writer ends every document with this mark
  if (!/\n\.\.\.\s*$/.test(text)) throw bad(say`is cut short`);
  const documents = yamlDocuments(text);
  if (documents === 'too large') throw bad(say`is too large for one`);
  if (documents === 'invalid') throw bad(say`is no valid YAML`);
  let entries: unknown;
  let hash: unknown;
  try {
    const values: unknown[] = documents.map((d) => d.toJS({ maxAliasCount: 0 }) as unknown);
    entries = values.find((v) => Array.isArray(v));
    hash = values.find((v) => v !== null && typeof v === 'object' && 'GraphPreLowerHash' in v);
  } catch {
    throw bad(say`uses YAML aliases, which a profile has none of`);
  }
  if (hash === undefined) throw bad(say`does not say which model it is of`);
  // Glow writes it in hexadecimal
  if (/^GraphPreLowerHash:[ \t]*\d+\s*$/m.test(text)) {
    throw bad(say`is GlowPort's own, in which Glow does not find its names`);
  }
  if (!Array.isArray(entries) || entries.length === 0) throw bad(say`holds no value`);
  for (const entry of entries as Record<string, unknown>[]) {
    const { NodeOutputName: name, Min: min, Max: max } = entry ?? {};
    const isRange = typeof min === 'number' && typeof max === 'number' && min <= max;
    if (typeof name !== 'string' || !isRange) {
      throw bad(say`has a value without a range (${String(JSON.stringify(name)).slice(0, 80)})`);
    }
  }
  return entries.length;
}
