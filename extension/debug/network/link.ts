import type { MessagePort } from 'node:worker_threads';
import { Observable } from '../../common/observable.ts';
import { connectCalls } from './calls.ts';
import type { DebuggedNetwork, Numbers, PcNetwork } from './debuggedNetwork.ts';
import type { LayerState, TensorView } from './networkWatch.ts';
import type { NetworkStop, TensorSource } from './tensorSource.ts';

/** A network as plain data, for the thread in which the board runs. */
export type LinkedNetwork = Omit<DebuggedNetwork, 'pc'>;

type Flags = Pick<TensorSource, 'stopsAtDifference' | 'isPcSettled'>;

/** What the board's thread may call here. */
type OwnerCalls = {
  readonly makePc: (nothing: undefined) => Promise<void>;
  readonly compute: (given: { readonly inputs: Numbers; readonly states: Numbers }) => Promise<Numbers>;
  readonly stopped: (stop: NetworkStop | undefined) => void;
  readonly flags: (flags: Flags) => void;
};

/** What may be called in the board's thread. */
type BoardCalls = {
  readonly stopAtDifference: (on: boolean) => Promise<void>;
  readonly layers: (nothing: undefined) => Promise<readonly LayerState[]>;
  readonly tensor: (layer: number) => Promise<TensorView>;
};

/**
 * Of a board that runs in another thread its tensors, for those who show them here; the PC's numbers are computed here for it.
 * @param port to that thread, where {@link boardEnd} has the other end
 */
export function ownerEnd(port: MessagePort, { name, pc }: DebuggedNetwork): TensorSource {
  let computes: PcNetwork | undefined;
  let flags: Flags = { stopsAtDifference: false, isPcSettled: false };
  const stop = new Observable<NetworkStop | undefined>({ found: undefined });
  const own: OwnerCalls = {
    makePc: async () => {
      computes = await pc();
    },
    compute: ({ inputs, states }) => {
      if (!computes) throw new Error('the PC has no network yet');
      return computes(inputs, states);
    },
    stopped: (told) => stop.set(told),
    flags: (told) => {
      flags = told;
    },
  };
  const call = connectCalls<BoardCalls>(port, own);
  return {
    network: name,
    stop,
    get stopsAtDifference() {
      return flags.stopsAtDifference;
    },
    get isPcSettled() {
      return flags.isPcSettled;
    },
    stopAtDifference: (on) => call('stopAtDifference', on),
    layers: () => call('layers', undefined),
    tensor: (layer) => call('tensor', layer),
  };
}

/** The board's end of the link: `network` is for the server, whose tensors are then served to the owner. */
export function boardEnd(
  port: MessagePort,
  linked: LinkedNetwork,
): { readonly network: DebuggedNetwork; readonly serve: (source: TensorSource) => void } {
  let source: TensorSource | undefined;
  // `monitor` may have changed the flags, too: they go before each answer
  const asked = async <T>(question: (of: TensorSource) => Promise<T>): Promise<T> => {
    if (!source) throw new Error('no tensors are served yet');
    try {
      return await question(source);
    } finally {
      tellFlags(source);
    }
  };
  const tellFlags = ({ stopsAtDifference, isPcSettled }: TensorSource): void => {
    tell(call('flags', { stopsAtDifference, isPcSettled }));
  };
  const own: BoardCalls = {
    stopAtDifference: (on) => asked((of) => of.stopAtDifference(on)),
    layers: () => asked((of) => of.layers()),
    tensor: (layer) => asked((of) => of.tensor(layer)),
  };
  const call = connectCalls<OwnerCalls>(port, own);
  return {
    network: {
      ...linked,
      pc: async () => {
        await call('makePc', undefined);
        return (inputs, states) => call('compute', { inputs, states });
      },
    },
    serve: (served) => {
      source = served;
      served.stop.onChange((stop) => {
        tellFlags(served);
        tell(call('stopped', stop));
      });
    },
  };
}

/** An owner that is gone need not be told. */
function tell(told: Promise<unknown>): void {
  told.catch(() => undefined);
}
