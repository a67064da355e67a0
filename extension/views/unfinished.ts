import { type ChoiceChange, withChange } from '../workflow/choices/change.ts';
import type { PortChoices } from '../workflow/choices/choices.ts';

/*
 * What has been answered and chosen for ports that have not succeeded. A failed port leaves no glowport.json behind, and none that was
 * changed, but nobody should have to answer again: it is kept here, in memory, until a port succeeds.
 */

/** A glowport.json that is not written yet. */
export interface Unfinished {
  readonly choices: PortChoices;
  /** Its text. */
  readonly text: string;
}

interface Kept extends Unfinished {
  /** What the file said then; undefined when there was none. Whoever edits it since knows better. */
  readonly over: string | undefined;
}

const answers = new Map<string, Kept>();
const changes = new Map<string, ChoiceChange>();

/** Keeps the choices of a port that begins. @param file the glowport.json that would have them @param over its text now, if any */
export async function keepUnfinished(
  file: string,
  choices: PortChoices,
  over: string | undefined,
): Promise<void> {
  const { configText } = await import('../workflow/choices/config.ts');
  answers.set(file, { choices, text: configText(choices, file), over });
}

/** What is kept for a glowport.json. @param text what the file says, if it is there */
export function unfinishedAt(file: string, text: string | undefined): Unfinished | undefined {
  const kept = answers.get(file);
  if (kept && kept.over !== text) answers.delete(file);
  return answers.get(file);
}

/** A choice was made for a model since, such as by the button of an error. @param model absolute */
export function addChange(model: string, change: ChoiceChange): void {
  changes.set(model, withChange(changesFor(model), change));
}

/** Choices that were made for a model, and that no glowport.json has yet. */
export function changesFor(model: string): ChoiceChange {
  return changes.get(model) ?? {};
}

/** A port has succeeded: what it was made with is written. */
export function finish(file: string, model: string): void {
  answers.delete(file);
  changes.delete(model);
}
