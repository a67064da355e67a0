import { commandLine, commandValue, type Shell } from '../commandLine.ts';
import { hasControls } from './printable.ts';
import { say, type Value } from './sentence.ts';

/** What makes an ONNX file of a model: a command with the Python packages it needs, or a statement of Python. */
export type Conversion =
  { readonly command: readonly string[]; readonly packages: readonly string[] } | { readonly python: string };

/** To be pasted: a line for a shell, or the statement; undefined where it would not surely be what it says. */
export function conversionText(by: Conversion, shell: Shell): string | undefined {
  if (!('python' in by)) return commandLine(by.command, shell);
  return hasControls(by.python) ? undefined : by.python;
}

/** For a sentence: the command also says what it needs. */
export function conversionValue(by: Conversion, shell: Shell): Value {
  if ('python' in by) return by.python;
  const install = commandValue(['pip', 'install', ...by.packages], shell);
  return say`${commandValue(by.command, shell)} (${install})`;
}
