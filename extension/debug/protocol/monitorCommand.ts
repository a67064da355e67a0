import type { Sentence } from '../../common/errors/sentence.ts';
import type { NetworkWatch } from '../network/networkWatch.ts';
import type { Debuggee } from '../target/debuggee.ts';

/** What the commands behind GDB's `monitor` are about. */
export interface MonitorTarget {
  readonly debuggee: Debuggee;
  /** The firmware's network, or why nothing is known of it. */
  readonly network: NetworkWatch | Sentence;
  /** Shows a text before the answer. */
  readonly tell: (text: string) => void;
}

export interface MonitorCommand {
  readonly argument?: string;
  readonly help: string;
  readonly run: (target: MonitorTarget, argument: string) => string | Promise<string>;
}
