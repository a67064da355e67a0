import type * as vscode from 'vscode';
import type { FitsAbout } from '../../webview/shared/messages/boards.ts';
import type { BoardFit } from '../../webview/shared/report.ts';
import type { BoardData } from '../board/catalogue.ts';
import type { Observable } from '../common/observable.ts';
import type { DebuggedBoard } from '../debug/adapter/debuggedBoard.ts';
import type { TensorsOrWhyNot } from '../debug/network/tensorSource.ts';
import type { PortOwner } from '../serial/portOwner.ts';
import type { BuildProblems } from './buildProblems.ts';
import type { Settings } from './settings/settings.ts';
import type { AnyPortResult } from '../workflow/port/portCompiled.ts';

/** What commands and views share; built once by activate(). Everything in it is disposed with the extension. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** The "GlowPort" log channel. */
  readonly output: vscode.LogOutputChannel;
  /** Log sink of every room. */
  readonly log: (line: string) => void;
  readonly settings: Settings;
  /** The catalogue's boards, and behind them those that the user's SDK describes, once they are read. */
  readonly boards: Observable<readonly BoardData[]>;
  /** What the last build said about sources. */
  readonly buildProblems: BuildProblems;
  /** Asks for the SDK's: none is read before somebody looks at boards. */
  readonly readSdkBoards: () => void;
  /** Id of the board chosen in the picker, by the palette or by glowport.json. */
  readonly selectedBoard: Observable<string | undefined>;
  readonly currentModel: Observable<CurrentModel | undefined>;
  /** Flash, RAM and time of the current model on every board, measured in the background. */
  readonly boardFits: Observable<BoardFits>;
  /** Asks for `boardFits`: nothing is measured before somebody looks at it. */
  readonly measureBoardFits: () => void;
  /** What the last port or run found out; the monitor and the report show it. */
  readonly lastResult: Observable<AnyPortResult | undefined>;
  /** The network of the simulated board that is debugged, or why nothing is known of it; undefined while none is debugged. */
  readonly debuggedNetwork: Observable<TensorsOrWhyNot | undefined>;
  /** Set when a command has ended, which may have made files: watchers of a network folder or a container can miss them. */
  readonly commandEnded: Observable<undefined>;
  /** Serial ports present now, kept by the monitor; the board picker marks probable boards. */
  readonly probes: Observable<readonly ProbeSeen[]>;
  /** The simulated board that is being debugged; the monitor shows its UART. */
  readonly debugged: Observable<DebuggedBoard | undefined>;
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

/** The model everything is about: ported, inspected, chosen, or the only one of the workspace. */
export interface CurrentModel {
  /** Absolute path of the model file. */
  readonly file: string;
}

/** What every board makes of the current model. */
export type BoardFits =
  | { readonly kind: 'none' }
  | { readonly kind: 'measuring'; readonly file: string }
  | { readonly kind: 'failed'; readonly file: string; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly file: string;
      readonly fits: ReadonlyMap<string, BoardFit>;
      /** What the fits are of, when it is not plainly the chosen compiler's network on every board. */
      readonly about?: FitsAbout | undefined;
    };
