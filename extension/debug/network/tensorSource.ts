import type { Sentence } from '../../common/errors/sentence.ts';
import type { Observable } from '../../common/observable.ts';
import type { Stop } from '../target/stop.ts';
import type { LayerState, NetworkWatch, TensorView } from './networkWatch.ts';

/** A board under a debugger as those see it who show its network. */
export interface TensorSource {
  /** The network's name. */
  readonly network: string;
  /** Why the board stands, set anew at each stop; undefined while it runs, when nothing is asked of it. */
  readonly stop: Pick<Observable<Stop | undefined>, 'value' | 'onChange'>;
  readonly stopsAtDifference: boolean;
  /** Whether it does not take long any more to ask for a tensor. */
  readonly isPcSettled: boolean;
  /** Makes the PC's network when it is needed and not made yet. @throws UserError as {@link DebuggedNetwork.pc} does */
  readonly stopAtDifference: (on: boolean) => Promise<void>;
  readonly layers: () => Promise<readonly LayerState[]>;
  /** @param layer counted from 0 */
  readonly tensor: (layer: number) => Promise<TensorView>;
}

/** What a debug session has for those who show its network: the network, or why nothing is known of it. */
export type TensorsOrWhyNot = TensorSource | Sentence;

export function tensorSource(watch: NetworkWatch, stop: TensorSource['stop']): TensorSource {
  return {
    network: watch.network.name,
    stop,
    get stopsAtDifference() {
      return watch.stopsAtDifference;
    },
    get isPcSettled() {
      return watch.isPcSettled;
    },
    stopAtDifference: (on) => watch.stopAtDifference(on),
    layers: () => watch.layers(),
    tensor: (layer) => watch.tensor(layer),
  };
}
