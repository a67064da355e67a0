import type { LineFilter, LinePattern, PatternProblem } from '../linePattern.ts';
import type { PlotRequest, PlotWindow } from '../plot.ts';
import type { PortSettings } from '../portSettings.ts';
import type { Style } from '../textStyle.ts';
import type { OpenFind, ToolState, ToolToHost } from './monitorTools.ts';
import type { Ready } from './protocol.ts';

/** A port of the drop-down. */
export interface PortItem {
  readonly id: string;
  readonly label: string;
  /** Probe, manufacturer or probable board; undefined when nothing is known. */
  readonly detail: string | undefined;
  readonly simulated: boolean;
}

/** What stands in front of a line: the time of day, the time since the connect, or since the line shown before. */
export type Timestamps = 'off' | 'absolute' | 'relative' | 'delta';

export interface Problem {
  readonly message: string;
  readonly hint: string;
  /** A button that helps: the host runs what `action` names. */
  readonly action: { readonly id: HelpingAction; readonly label: string } | undefined;
}

export type HelpingAction = 'port' | 'showOther';

/** Everything around the log; sent whenever something of it changes. */
export interface MonitorState extends ToolState {
  readonly type: 'state';
  readonly trusted: boolean;
  readonly ports: readonly PortItem[];
  readonly port: string | undefined;
  /** The monitor is for this port only: no other one can be chosen. */
  readonly isOnlyPort: boolean;
  readonly settings: PortSettings;
  readonly connection: 'idle' | 'connecting' | 'connected' | 'waiting' | 'lent';
  /** The connection in words: `Connected to COM3 at 115200 baud`. */
  readonly status: string;
  readonly problem: Problem | undefined;
  readonly timestamps: Timestamps;
  readonly hex: boolean;
  /** What lines are shown; undefined for all. */
  readonly filter: LineFilter | undefined;
  readonly drawing: DrawingState;
}

/** Whether and what can be drawn: the model's input as a picture. */
export type DrawingState =
  /** The model takes no pictures. */
  | { readonly kind: 'none' }
  /** Not yet, or not for this model. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | {
      readonly kind: 'available';
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
      /** Such as `FRDM-KE16Z (simulated)`. */
      readonly board: string;
      readonly running: boolean;
      readonly problem: Problem | undefined;
    };

export interface TextRow {
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  /** Runs of one style; absent when all is plain. */
  readonly runs?: readonly { readonly length: number; readonly style: Style }[];
  readonly continues?: true;
  readonly isNote?: true;
  /** Milliseconds since what relative time stamps count from; absent where there is nothing such. */
  readonly since?: number;
  /** Where the text searched for is: start and end of each place in turn. */
  readonly marks?: readonly number[];
  readonly isSent?: true;
}

export interface HexRow {
  /** Row number: offset / 16. */
  readonly n: number;
  readonly hex: string;
  readonly ascii: string;
}

/** What the log looks like now, and the rows of the window the page asked for. */
export interface LogUpdate {
  readonly type: 'log';
  readonly hex: boolean;
  /** Changes when the log was cleared: row numbers start anew. */
  readonly generation: number;
  /** Number of the oldest row kept = rows dropped from view. */
  readonly first: number;
  /** Number behind the newest row. */
  readonly count: number;
  /** Bytes received since the log was cleared; the saved log holds them all. */
  readonly bytes: number;
  /** Rows of the window, ascending; absent when none of them has changed since the last update. */
  readonly rows?: readonly (TextRow | HexRow)[];
  /** Absent when nothing is searched. */
  readonly search?: SearchState;
  /** Absent without a filter. Rows are numbered among those that it shows. */
  readonly filter?: FilterState;
}

export interface SearchState {
  /** Lines that hold the text searched for. */
  readonly matches: number;
  readonly problem: PatternProblem | undefined;
}

export interface FilterState {
  /** Lines that are shown, and lines that there are. */
  readonly shown: number;
  readonly all: number;
  /** All lines are shown when there is one. */
  readonly problem: PatternProblem | undefined;
}

/** The part of the plot that the page asked for, as it is now. */
export interface PlotUpdate extends PlotWindow {
  readonly type: 'plot';
  /** Changes when the plot was cleared: samples are numbered anew. */
  readonly generation: number;
  /** Samples that are kept: first..count-1. */
  readonly first: number;
  readonly count: number;
  /** More names came than there is room for series. */
  readonly hasMoreNames: boolean;
}

/** Where a step of the search went; `line` is absent when there is no match. */
export interface Found {
  readonly type: 'found';
  /** 1-based position among the matches; 0 for none. */
  readonly position: number;
  readonly matches: number;
  readonly line?: number;
}

export interface ClassResult {
  readonly index: number;
  readonly label: string | undefined;
  /** As the board printed it. */
  readonly raw: number | undefined;
  /** Dequantized; undefined when the quantization is not known. */
  readonly real: number | undefined;
  /** The PC's integer result, raw and dequantized. */
  readonly pcRaw: number | undefined;
  readonly pcReal: number | undefined;
  /** The PC's float result. */
  readonly float: number | undefined;
  readonly differs: boolean;
  /** How sure the network is of it, by what the board printed; undefined where it is not known what the numbers are. */
  readonly percent?: number | undefined;
}

/** An output that is shown by its name. */
export interface OutputResult {
  readonly name: string;
  readonly elements: number;
  /** Its first elements. */
  readonly values: readonly OutputValue[];
  /** How many of all elements the PC computes otherwise; undefined where there is no PC result. */
  readonly differing: number | undefined;
}

export interface OutputValue {
  readonly index: number;
  /** As the board printed it. */
  readonly raw: number | undefined;
  /** The real number that it stands for: printed, or computed; undefined of positions, and where nobody knows it. */
  readonly real: string | undefined;
  readonly pcRaw: number | undefined;
  readonly float: number | undefined;
  readonly differs: boolean;
}

/** How far an autoencoder's output is from its input: mean squared, in real units. */
export interface ReconstructionResult {
  /** Undefined where nobody knows the real value of the board's units. */
  readonly error: number | undefined;
  /** As the board printed it. */
  readonly raw: number;
  readonly threshold: number | undefined;
  readonly isAnomalous: boolean | undefined;
  /** Of the float network. */
  readonly float: number | undefined;
  readonly isFloatAnomalous: boolean | undefined;
  readonly differs: boolean;
}

export interface ResultMessage {
  readonly type: 'result';
  /** undefined before the first report. */
  readonly result: Result | undefined;
}

export interface Result {
  /** Where it comes from: `FRDM-KE16Z (simulated), drawn picture`. */
  readonly source: string;
  readonly top1: number | undefined;
  readonly classes: readonly ClassResult[];
  /** What percents of classes are; undefined where there are none. */
  readonly percentsAre?: 'softmax' | 'probabilities' | undefined;
  /** Outputs that are no classes, in the order printed. */
  readonly outputs: readonly OutputResult[];
  /** Of a network whose output is its input again. */
  readonly reconstruction?: ReconstructionResult | undefined;
  /** The network names its class itself (ArgMax): classes have labels only. */
  readonly namesItself?: true;
  /** What the values are measured in for the bars: the real values' range, or the raw one. */
  readonly scale: { readonly min: number; readonly max: number; readonly real: boolean };
  readonly timeUs: number | undefined;
  /** Inference times, oldest first, this one last. */
  readonly history: readonly number[];
  /** unknown: there is no PC result for this picture. */
  readonly verdict: 'match' | 'mismatch' | 'unknown';
  /** The verdict in words. */
  readonly verdictText: string;
  /** How near the quantized network stays to the float one; undefined when that is not known. */
  readonly closeness: { readonly isClose: boolean; readonly text: string } | undefined;
  /** The PC's integers are the float network's in the board's numbers: nothing on the PC repeats the board's (Glow's). */
  readonly pcIsFloat?: true;
  /** Class the float model on the PC finds best. */
  readonly floatTop1: number | undefined;
}

/** A picture for the canvas, decoded by the host. */
export interface PictureMessage {
  readonly type: 'picture';
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Red, green, blue; a byte each. */
  readonly rgb: Uint8Array;
}

export type MonitorToPage =
  MonitorState | LogUpdate | Found | PlotUpdate | ResultMessage | PictureMessage | OpenFind;

/** The rows on screen (and a margin), so that the host sends no others. */
export interface WindowRequest {
  readonly type: 'window';
  readonly hex: boolean;
  /** First row wanted; ignored while following. */
  readonly from: number;
  readonly size: number;
  /** Wants the newest rows. */
  readonly follow: boolean;
}

export type MonitorToHost =
  | Ready
  | WindowRequest
  | ToolToHost
  /** A log update is on screen: the next one may come. */
  | { readonly type: 'drawn' }
  | { readonly type: 'selectPort'; readonly id: string }
  /** Asks for the path of a port that is not listed. */
  | { readonly type: 'otherPort' }
  | { readonly type: 'settings'; readonly settings: PortSettings }
  | { readonly type: 'connect' }
  | { readonly type: 'disconnect' }
  | { readonly type: 'reset' }
  | { readonly type: 'refresh' }
  | { readonly type: 'timestamps'; readonly value: Timestamps }
  | { readonly type: 'hex'; readonly on: boolean }
  | { readonly type: 'clear' }
  | { readonly type: 'copy'; readonly text: string | undefined }
  | { readonly type: 'save' }
  /** Undefined, or an empty text, searches nothing. */
  | { readonly type: 'search'; readonly pattern: LinePattern | undefined }
  | { readonly type: 'filter'; readonly filter: LineFilter | undefined }
  | { readonly type: 'step'; readonly from: number; readonly direction: 1 | -1 }
  /** What of the plot to send, again and again; undefined for nothing. */
  | { readonly type: 'plot'; readonly request: PlotRequest | undefined }
  /** A plot update is on screen: the next one may come. */
  | { readonly type: 'plotDrawn' }
  | { readonly type: 'exportPlot' }
  | { readonly type: 'help'; readonly action: HelpingAction }
  | { readonly type: 'dismiss' }
  /** A picture to run, in the model's own size: gray or RGB bytes. */
  | { readonly type: 'draw'; readonly width: number; readonly height: number; readonly pixels: Uint8Array }
  /** An image file dropped on the canvas. */
  | { readonly type: 'drop'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: 'choosePicture' };
