import * as vscode from 'vscode';
import { type ChoiceChange, withChange } from '../../workflow/choices/change.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { homeFolder, remembered } from '../remembered.ts';
import type { Services } from '../services.ts';
import { chosen } from './chosen.ts';

/**
 * What a model would be ported with that nobody is asked for: remembered, set, and chosen since.
 * @param model absolute @param changes see `changesFor`
 * @throws UserError as `remembered` does
 */
export async function settledChoices(
  model: string,
  changes: ChoiceChange,
  services: Services,
): Promise<PortChoices> {
  const before = await remembered(model);
  const settled = withChange(chosen(before, vscode.Uri.file(homeFolder(model)), services), changes);
  // that an SDK is there does not say yet that firmware is built on it
  return { ...settled, model, sdk: before?.choices.sdk };
}
