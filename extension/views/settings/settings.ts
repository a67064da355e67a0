import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Timestamps } from '../../../webview/shared/messages/monitor.ts';
import type { LineEnding } from '../../../webview/shared/sends.ts';
import type { Choice } from '../../common/choice.ts';
import type { FileLogOptions } from '../../serial/fileLog/fileLog.ts';
import { CHOICES, type PortChoices } from '../../workflow/choices/choices.ts';
import { asTimestamps } from '../monitor/timestamps.ts';
import { type SetKey, SETTINGS_OF_CHOICES } from './choiceSources.ts';

/** Every setting of the extension, read in this one place. Resource scope: pass the model's or folder's uri. */
export interface Settings {
  /** Folder or executable of the Arm GNU toolchain; empty: search PATH and the usual places. */
  toolchainPath(scope?: vscode.Uri): string;
  gdbPath(scope?: vscode.Uri): string;
  /** Folder or zip file of NXP's MCUXpresso SDK; empty: GLOWPORT_SDK, then the usual places. */
  sdkPath(scope?: vscode.Uri): string;
  /** Folder of NXP's Glow executables; used with compiler `glow`. */
  glowPath(scope?: vscode.Uri): string;
  /** What is set for choices of a port. */
  choices(scope?: vscode.Uri): Pick<PortChoices, SetKey>;
  /** Samples that a comparison of the compilers runs. */
  compareSamples(scope?: vscode.Uri): number;
  defaultBoard(scope?: vscode.Uri): string;
  /** Folder for projects, relative to the workspace folder. */
  outputFolder(scope?: vscode.Uri): string;
  monitor(): MonitorSettings;
}

export interface MonitorSettings {
  /** 0: the board's own rate. */
  readonly baudRate: number;
  readonly lineEnding: LineEnding;
  readonly timestamps: Timestamps;
  /** Lines kept for the view; the saved log keeps all. */
  readonly maxLines: number;
  readonly reconnect: boolean;
  /** How the log goes into a file. */
  readonly fileLog: Pick<FileLogOptions, 'format' | 'maxBytes' | 'earlier'>;
  /** Class names, one a line; relative to the workspace folder. */
  readonly labelsFile: string;
}

/** Reads the settings when asked, so that a change takes effect at the next use. */
export function readSettings(): Settings {
  const get = <T>(key: string, scope?: vscode.Uri): T =>
    vscode.workspace.getConfiguration('glowport', scope).get<T>(key) as T;
  /** The settings editor marks what is out of bounds in settings.json, but VS Code hands it out: the default counts then. */
  const whole = (key: string, min: number, max: number): number => {
    const value = get<unknown>(key);
    const isGood = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
    const settings = vscode.workspace.getConfiguration('glowport');
    return isGood ? value : (settings.inspect<number>(key)?.defaultValue ?? min);
  };
  const oneOf = <T extends string>(values: readonly [T, ...T[]], key: string, scope?: vscode.Uri): T =>
    values.find((v) => v === get<unknown>(key, scope)) ?? values[0];
  const valueOf = (choice: Choice, key: string, scope?: vscode.Uri): unknown => {
    const value = get<unknown>(key, scope);
    const isGood =
      choice.kind === 'oneOf'
        ? choice.values.some((v) => v === value)
        : typeof value === typeof choice.default;
    return isGood ? value : choice.default;
  };
  /** A path; no shell reads settings, so that `~` is ours to understand. */
  const place = (key: string, scope?: vscode.Uri): string => {
    const value = get<unknown>(key, scope);
    return typeof value === 'string' ? value.trim().replace(/^~(?=$|[\\/])/, homedir()) : '';
  };
  return {
    toolchainPath: (s) => place('toolchain.path', s),
    gdbPath: (s) => place('gdb.path', s),
    sdkPath: (s) => place('sdk.path', s),
    glowPath: (s) => place('glow.path', s),
    choices: (s) => {
      const set = SETTINGS_OF_CHOICES.map(([key, setting]) => [key, valueOf(CHOICES[key], setting, s)]);
      return Object.fromEntries(set) as Pick<PortChoices, SetKey>;
    },
    compareSamples: (s) => get('compare.samples', s),
    defaultBoard: (s) => get('defaultBoard', s),
    outputFolder: (s) => place('outputFolder', s),
    monitor: () => ({
      baudRate: whole('monitor.baudRate', 0, 4_000_000),
      lineEnding: oneOf(['crlf', 'lf', 'cr', 'none'], 'monitor.lineEnding'),
      timestamps: asTimestamps(get('monitor.timestamps')) ?? 'off',
      maxLines: whole('monitor.maxLines', 1000, 500_000),
      reconnect: get('monitor.reconnect'),
      fileLog: {
        format: oneOf(['raw', 'text'], 'monitor.fileLog.format'),
        maxBytes: whole('monitor.fileLog.maxSize', 0, 100_000) * 1024 * 1024,
        earlier: whole('monitor.fileLog.earlierFiles', 0, 100),
      },
      labelsFile: place('monitor.labelsFile'),
    }),
  };
}
