import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfirmOverwrite } from '../common/output/writeOutputs.ts';
import { readEndings } from '../model/formats/table.ts';

/* Options that several commands share besides those of a port's choices (choiceOptions.ts). */

export interface GlowCacheFlags {
  /** False with `--no-glow-cache`. */
  readonly glowCache?: boolean;
}

export function addGlowCacheOption(command: Command): Command {
  return command.option('--no-glow-cache', 'measure ranges with Glow anew instead of using a kept profile');
}

/** Folder of kept profiles: none with `--no-glow-cache`. */
export function glowCache(flags: GlowCacheFlags): { glowCache?: null } {
  return flags.glowCache === false ? { glowCache: null } : {};
}

export interface OverwriteFlags {
  readonly overwrite?: boolean;
}

export function overwriteOption(): Option {
  return new Option('--overwrite', 'write over files that GlowPort did not write, or that were edited since');
}

/** Without `--overwrite`, files of others in the way are an error. */
export function overwriting({ overwrite }: OverwriteFlags): ConfirmOverwrite | undefined {
  return overwrite ? () => Promise.resolve('overwrite') : undefined;
}

export interface BundleFlags {
  readonly bundleOutput?: readonly string[];
}

/** Of the commands that take a bundle: one that Glow's own tools made does not say which placeholders are outputs. */
export function bundleOutputOption(): Option {
  return new Option(
    '--bundle-output <name>',
    "for a bundle made with Glow's own tools: a placeholder that is an output; may be repeated",
  ).argParser(collect);
}

/** What a command's model is, for its help. */
export const MODEL_FILE = `model file (${readEndings.join(', ')})`;

/** A list that may also be given by repeating the option. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}
