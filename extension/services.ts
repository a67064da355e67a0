import type * as vscode from 'vscode';
import type { Bundle } from './bundle/bundle.ts';
import type { Graph } from './model/graph.ts';
import type { Observable } from './observable.ts';
import type { PortOwner } from './serial/portOwner.ts';
import type { InferenceReport } from './serial/report.ts';
import type { Settings } from './views/settings/settings.ts';

/** What commands and views share; built once by activate(). Everything in it is disposed with the extension. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** The "GlowPort" log channel. */
  readonly output: vscode.LogOutputChannel;
  /** Log sink of every room. */
  readonly log: (line: string) => void;
  readonly settings: Settings;
  /** Id of the board chosen in the picker, by the palette or by glowport.json. */
  readonly selectedBoard: Observable<string | undefined>;
  /** The model everything is about: the last one ported, inspected or found alone in the workspace. */
  readonly currentModel: Observable<CurrentModel | undefined>;
  /** Outcome of the last port or run; the monitor and the report show it. */
  readonly lastResult: Observable<PortOutcome | undefined>;
  /** Serial ports present now, kept by the monitor; the board picker marks probable boards. */
  readonly probes: Observable<readonly ProbeSeen[]>;
  /** One owner for every serial port. */
  readonly ports: PortOwner;
}

/** A debug probe's serial port, and the board it probably sits on. */
export interface ProbeSeen {
  readonly path: string;
  /** Such as `OpenSDA`, `MCU-Link`, `J-Link`, `P&E`. */
  readonly probe: string;
  readonly boardIds: readonly string[];
}

/** What a board has to provide for the current model. */
export interface ModelNeed {
  /** Whole firmware: code, constants and the board's support code. */
  readonly flashBytes: number;
  /** Whole firmware: mutable memory, activations, stack, support code. */
  readonly ramBytes: number;
  readonly floatPlaceholders: boolean;
  /** Predicted core cycles of one inference. */
  readonly cycles: number;
}

export interface CurrentModel {
  /** Absolute path of the model file. */
  readonly file: string;
  /** By board id; undefined until it has been computed (needs sample images). */
  readonly needs: ReadonlyMap<string, ModelNeed> | undefined;
}

/** What one port leaves behind for the views. */
export interface PortOutcome {
  readonly modelFile: string;
  readonly boardId: string;
  /** Class names by index; empty when there is no labels file. */
  readonly labels: readonly string[];
  readonly graph: Graph;
  readonly bundle: Bundle;
  /** The project on disk, once generated. */
  readonly projectDir: string | undefined;
  readonly firmware:
    { readonly elf: string; readonly flashBytes: number; readonly ramBytes: number } | undefined;
  /** Test image that the firmware holds. */
  readonly image: string | undefined;
  /** Simulated port or device path where it ran; undefined for "build only". */
  readonly port: string | undefined;
  /** Everything the board printed. */
  readonly uart: Uint8Array;
  readonly report: InferenceReport | undefined;
  /** The PC's own results for the same image: integer interpreter (raw) and float evaluation (real units). */
  readonly pc: { readonly int8: readonly number[]; readonly float: readonly number[] } | undefined;
}
