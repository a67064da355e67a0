import type * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { AUTO_SDK, DEFAULT_CHOICES } from '../../workflow/choices/choices.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import type { Remembered } from '../remembered.ts';

/** What nobody is asked: glowport.json where it states it, else the settings, else the defaults. */
export function chosen(
  before: Remembered | undefined,
  scope: vscode.Uri,
  { settings }: Services,
): PortChoices {
  const set = {
    ...settings.choices(scope),
    // glowport.json is shared, so it does not say where this computer has its SDK
    sdk: settings.sdkPath(scope) === '' ? undefined : AUTO_SDK,
  };
  const unstated = Object.entries(set).filter(([key]) => !before?.stated.has(key));
  return { ...DEFAULT_CHOICES, ...before?.choices, ...Object.fromEntries(unstated) };
}
