import type { LayerReport } from '../../bundle/bundle.ts';
import { placeholderPlace } from '../../bundle/placeholderPlace.ts';
import type { TensorPlace } from '../../bundle/tensorPlace.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { Machine } from '../../simulator/machine/machine.ts';
import type { ElfFile } from '../../toolchain/elf.ts';
import type { Change } from '../target/changes.ts';
import type { Observer } from '../target/observer.ts';
import type { Stop } from '../target/stop.ts';
import { readEntry } from './callSites.ts';
import type { DebuggedNetwork, Numbers, PcNetwork } from './debuggedNetwork.ts';
import { type Difference, differenceOf } from './difference.ts';
import { differsSentence, endSentence, firstDifference } from './findings.ts';
import { type Mark, marksOf } from './marks.ts';
import { readTensor } from './readTensor.ts';
import { settled } from './settled.ts';
import { type LayerFacts, type TensorState, tensorState } from './tensorState.ts';
import { type Inference, isBefore, type Moment, Trace } from './trace.ts';

/** A layer at the point where the board stands. */
export interface LayerState {
  /** Counted from 0. */
  readonly layer: number;
  readonly report: LayerReport;
  readonly state: TensorState;
  /** Core cycles from its call to its return; undefined before that. */
  readonly cycles: number | undefined;
  /** Undefined where it has not been compared with the PC. */
  readonly verdict: 'equal' | 'differs' | undefined;
}

/** A layer's tensor, in the order of its shape. */
export interface TensorView {
  readonly state: LayerState;
  /** Undefined unless it is there. */
  readonly board: readonly number[] | undefined;
  readonly pc: ArrayLike<number> | undefined;
  /** Why the PC has none. */
  readonly noPc: Sentence | undefined;
  readonly difference: Difference | undefined;
}

/**
 * Follows the inferences of the firmware's network, reads its tensors and compares them with the PC's, which computes from what
 * the inputs held when the network was entered.
 */
export class NetworkWatch implements Observer {
  readonly places: ReadonlySet<number>;
  readonly network: DebuggedNetwork;
  readonly #machine: Machine;
  readonly #marks: ReadonlyMap<number, readonly Mark[]>;
  readonly #facts: readonly LayerFacts[];
  readonly #trace: Trace;
  /** The PC's network, once somebody has asked for it. */
  #making: Promise<PcNetwork> | undefined;
  /** Why there is none. */
  #failure: UserError | undefined;
  #pc: PcNetwork | undefined;
  #stopsAtDifference = false;
  /** What the PC has computed last. */
  #computed: { readonly of: Numbers; readonly values: Promise<Numbers> } | undefined;

  private constructor(
    machine: Machine,
    network: DebuggedNetwork,
    marks: ReadonlyMap<number, readonly Mark[]>,
  ) {
    this.#machine = machine;
    this.network = network;
    this.#marks = marks;
    const called = new Set([...marks.values()].flat().flatMap((m) => (m.kind === 'call' ? [m.layer] : [])));
    this.#facts = network.layers.map(({ output }, layer) => ({
      overwrittenBy: output?.overwrittenBy,
      isCalled: called.has(layer),
    }));
    this.#trace = new Trace(network.layers.length);
    this.places = new Set(marks.keys());
  }

  /**
   * @param machine with the firmware in it. @param elf the firmware
   * @throws UserError `input` when the firmware does not have this network
   */
  static of(machine: Machine, elf: ElfFile, network: DebuggedNetwork): NetworkWatch {
    const { name, layers } = network;
    if (layers.some((l) => l.output === undefined)) {
      throw new UserError('input', say`Where the layers of "${name}" write is not known.`, {
        do: 'portModel',
      });
    }
    const entry = readEntry(elf, name);
    if (!entry) {
      throw new UserError('input', say`The firmware has no network "${name}".`, { do: 'portModel' });
    }
    const nameAt = (address: number): string | undefined => {
      const found = machine.symbols.functionAt(address);
      return found?.address === address ? found.name : undefined;
    };
    const symbols = layers.map((l) => l.symbol);
    return new NetworkWatch(machine, network, marksOf(entry, symbols, nameAt));
  }

  get stopsAtDifference(): boolean {
    return this.#stopsAtDifference;
  }

  /** Whether the PC's network is made, or cannot be: tensors are given at once. */
  get isPcSettled(): boolean {
    return this.#pc !== undefined || this.#failure !== undefined;
  }

  /** Whether the board stops where a tensor is not the PC's. @throws UserError as {@link DebuggedNetwork.pc} does */
  async stopAtDifference(on: boolean): Promise<void> {
    if (on) await this.#makePc();
    this.#stopsAtDifference = on;
  }

  *pass(): Generator<number, Stop | undefined> {
    try {
      return yield* this.#pass();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // nobody else is waiting for it
      const { sentence } = error;
      return this.#stopsAtDifference ? { kind: 'compared', sentence } : undefined;
    }
  }

  *#pass(): Generator<number, Stop | undefined> {
    const now = this.#now;
    for (const mark of this.#marks.get(this.#machine.debugPort.pc) ?? []) {
      if (mark.kind === 'enter') this.#trace.enter(now, () => this.#look());
      else this.#trace.mark(mark, now);
    }
    const inference = this.#trace.at(now.instructions);
    if (!inference || !this.#pc) return undefined;
    const before = firstDifference(inference);
    if (this.#pending(inference).length > 0) {
      const values = yield* settled(this.#compute(inference, this.#pc));
      for (const [layer, board] of this.#tensorsThere(inference, this.#pending(inference))) {
        const pc = values.get(this.#place(layer).value);
        if (pc) inference.verdicts.set(layer, { at: now, difference: this.#difference(layer, board, pc) });
      }
    }
    if (!this.#stopsAtDifference) return undefined;
    const found = firstDifference(inference);
    if (found && (!before || found.at.instructions === now.instructions)) {
      return { kind: 'compared', sentence: differsSentence(this.network, inference, found) };
    }
    if (inference.left?.instructions !== now.instructions) return undefined;
    return { kind: 'compared', sentence: endSentence(this.network, inference, found) };
  }

  changed(kind: Change['kind']): void {
    const now = this.#now;
    this.#trace.forgetAfter(now, kind === 'reset');
    const inference = this.#trace.at(now.instructions);
    if (kind !== 'memory' || !inference) return;
    for (const [layer, { difference }] of inference.verdicts) {
      if (!difference && this.#stateOf(layer, inference) === 'there') inference.verdicts.delete(layer);
    }
    if (inference.entered.instructions === now.instructions) Object.assign(inference, this.#look());
  }

  begun(): void {
    this.#trace.clear();
  }

  /** All layers, where the board stands. */
  async layers(): Promise<readonly LayerState[]> {
    const inference = this.#inference;
    const states = this.network.layers.map((_, layer) => this.#layerState(layer, inference));
    if (!inference || !this.#pc) return states;
    // what was found in passing may have changed since where the tensor is still there
    const there = states.filter((s) => s.state === 'there').map((s) => s.layer);
    const tensors = this.#tensorsThere(inference, there);
    const values = tensors.size > 0 ? await this.#compute(inference, this.#pc) : undefined;
    return states.map((state): LayerState => {
      const board = tensors.get(state.layer);
      const pc = board && values?.get(this.#place(state.layer).value);
      if (!pc) return state;
      return { ...state, verdict: this.#difference(state.layer, board, pc) ? 'differs' : 'equal' };
    });
  }

  /** One layer's tensor, and the PC's, whose network is made when nobody has asked for it before. */
  async tensor(layer: number): Promise<TensorView> {
    const inference = this.#inference;
    const state = this.#layerState(layer, inference);
    const nothing = { state, board: undefined, pc: undefined, noPc: undefined, difference: undefined };
    if (!inference || state.state !== 'there') return nothing;
    const board = this.#read(layer, inference);
    if (this.#failure) return { ...nothing, board, noPc: this.#failure.sentence };
    try {
      const values = await this.#compute(inference, await this.#makePc());
      const pc = values.get(this.#place(layer).value);
      if (!pc) return { ...nothing, board };
      const difference = this.#difference(layer, board, pc);
      const verdict = difference ? 'differs' : 'equal';
      return { ...nothing, state: { ...state, verdict }, board, pc, difference };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...nothing, board, noPc: error.sentence };
    }
  }

  get #now(): Moment {
    const { instructions, cycles } = this.#machine;
    return { instructions, cycles };
  }

  /** The inference that is under way or was last. */
  get #inference(): Inference | undefined {
    return this.#trace.at(this.#machine.instructions);
  }

  #place(layer: number): TensorPlace {
    return this.network.layers[layer]!.output!;
  }

  /** What the network finds as it is entered: its memories are the arguments. */
  #look(): Pick<Inference, 'bases' | 'inputs' | 'states'> {
    const { debugPort } = this.#machine;
    const bases = { mutable: debugPort.readRegister(1), activations: debugPort.readRegister(2) };
    const read = (place: TensorPlace): readonly [string, number[]] => [
      place.value,
      readTensor(place, bases, (at, length) => debugPort.read(at, length)),
    ];
    const { placeholders, states = [] } = this.network;
    const inputs = placeholders.filter((p) => p.direction === 'input').map(placeholderPlace);
    return { bases, inputs: new Map(inputs.map(read)), states: new Map(states.map(read)) };
  }

  #read(layer: number, { bases }: Inference): number[] {
    const { debugPort } = this.#machine;
    return readTensor(this.#place(layer), bases, (at, length) => debugPort.read(at, length));
  }

  #layerState(layer: number, inference: Inference | undefined): LayerState {
    const report = this.network.layers[layer]!;
    const began = inference?.began[layer];
    const ended = inference?.ended[layer];
    const hasEnded = ended !== undefined && !isBefore(this.#now, ended);
    const passed = inference?.verdicts.get(layer);
    const isKnown = hasEnded && passed !== undefined && !isBefore(this.#now, passed.at);
    return {
      ...{ layer, report },
      verdict: isKnown ? (passed.difference ? 'differs' : 'equal') : undefined,
      state: inference ? this.#stateOf(layer, inference) : 'unwritten',
      cycles: hasEnded && began ? ended.cycles - began.cycles : undefined,
    };
  }

  #stateOf(layer: number, inference: Inference): TensorState {
    return tensorState(this.#facts, layer, inference, this.#now);
  }

  /** Layers that can be compared and have not been. */
  #pending(inference: Inference): number[] {
    return this.network.layers.flatMap((_, layer) =>
      !inference.verdicts.has(layer) && this.#stateOf(layer, inference) === 'there' ? [layer] : [],
    );
  }

  #tensorsThere(inference: Inference, layers: readonly number[]): Map<number, number[]> {
    return new Map(layers.map((layer) => [layer, this.#read(layer, inference)]));
  }

  #difference(layer: number, board: readonly number[], pc: ArrayLike<number>): Difference | undefined {
    return differenceOf(board, pc, this.#place(layer).shape);
  }

  async #makePc(): Promise<PcNetwork> {
    this.#making ??= this.network.pc();
    this.#failure = undefined;
    try {
      return (this.#pc = await this.#making);
    } catch (error) {
      this.#making = undefined; // what is missing may be there the next time that somebody asks for it
      if (error instanceof UserError) this.#failure = error;
      throw error;
    }
  }

  #compute({ inputs, states }: Inference, pc: PcNetwork): Promise<Numbers> {
    if (this.#computed?.of !== inputs) this.#computed = { of: inputs, values: pc(inputs, states) };
    return this.#computed.values;
  }
}
