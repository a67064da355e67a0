import type { Sentence } from '../../common/errors/sentence.ts';
import { Observable } from '../../common/observable.ts';
import type { Stop } from '../target/stop.ts';
import type { LayerState, NetworkWatch, TensorView } from './networkWatch.ts';

/** A stop of the board, for those who show its network. */
export interface NetworkStop {
  /** What comparing with the PC has found, where it stopped for that. */
  readonly found: Sentence | undefined;
}

/** A board under a debugger as those see it who show its network. */
export interface TensorSource {
  /** The network's name. */
  readonly network: string;
  /** Set anew at each stop; undefined while the board runs, when nothing is asked of it. */
  readonly stop: Pick<Observable<NetworkStop | undefined>, 'value' | 'onChange'>;
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

/** @param stops why the board stands, undefined while it runs */
export function tensorSource(watch: NetworkWatch, stops: Observable<Stop | undefined>): TensorSource {
  const stop = new Observable(networkStop(stops.value));
  stops.onChange((value) => stop.set(networkStop(value)));
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

function networkStop(stop: Stop | undefined): NetworkStop | undefined {
  return stop && { found: stop.kind === 'compared' ? stop.sentence : undefined };
}
