import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../workflow/choices/choices.ts';
import { CONFIG_FILE, readConfig, writeConfig } from '../workflow/choices/config.ts';
import { givenChoices, type OptionKey } from './choiceOptions.ts';
import { usage } from './session.ts';

/** Says that choices were written. */
export function rememberedText(config: string): string {
  return `${path.relative(process.cwd(), config)} remembers this: "glowport port" repeats it`;
}

/** Writes the choices and says so; the port is done, so that a file that cannot be written is only mentioned. */
export async function remember(config: string, choices: PortChoices): Promise<string> {
  try {
    await writeConfig(config, choices);
    return rememberedText(config);
  } catch (e) {
    if (e instanceof UserError) return `not remembered: ${e.message}`;
    throw e;
  }
}

/** The remembered choices, when they are of this model; a file that was named must be there. */
export async function recall(
  model: string | undefined,
  config: string,
  isNamed: boolean,
  example: Sentence,
): Promise<PortChoices | undefined> {
  const isThere = (await stat(config).catch(() => undefined)) !== undefined;
  if (!isThere && !isNamed) {
    if (model !== undefined) return undefined;
    throw usage(say`No model was given, and there is no ${CONFIG_FILE} here that remembers one.`, example);
  }
  const remembered = await readConfig(config);
  const isSame = model === undefined || path.resolve(model) === remembered.model;
  return isSame ? remembered : undefined;
}

/** What a command's options say over what is remembered. @throws UserError `usage` without a board */
export function choose(
  model: string | undefined,
  flags: object,
  keys: readonly OptionKey[],
  base: PortChoices = DEFAULT_CHOICES,
): PortChoices {
  const choices = givenChoices(flags, keys, base);
  if (choices.board === '') {
    throw usage(
      say`No board was given.`,
      say`Add --board, such as --board frdmke16z; "glowport boards" lists all.`,
    );
  }
  return { ...choices, model: model ?? base.model };
}
