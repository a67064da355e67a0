import type { Random } from '../../support/random.ts';
import type { TfliteSpec, TfliteTensorSpec } from './writer.ts';

/** Numbers of int8 in a quarter of their range, as trained weights are. */
export function weights(random: Random, shape: number[], scale: number, most = 127): TfliteTensorSpec {
  const n = shape.reduce((a, d) => a * d, 1);
  const data = Array.from({ length: n }, () => random.int(-most, most));
  return { shape, type: 'INT8', data, scales: [scale] };
}

/** Adds a tensor, and gives its index. */
export function added(spec: TfliteSpec, tensor: TfliteTensorSpec): number {
  return spec.tensors.push(tensor) - 1;
}

export interface LstmSpec {
  readonly units: number;
  readonly features: number;
  /** Of x. */
  readonly scale: number;
  readonly hidden: { readonly scale: number; readonly zero: number };
  /** The cell state's scale is 2^power. */
  readonly power: number;
  readonly clip: number;
  readonly timeMajor: boolean;
}

/** Adds an LSTM that reads tensor x and writes y, both of int8 or of int16; its hidden state has y's parameters. */
export function addLstm(spec: TfliteSpec, random: Random, l: LstmSpec, x: number, y: number): void {
  const { units, features } = l;
  const { type } = spec.tensors[x]!;
  const matrix = (columns: number): number[] =>
    [0, 1, 2, 3].map(() => added(spec, weights(random, [units, columns], random.real(0.002, 0.03))));
  const [fromInput, fromHidden] = [matrix(features), matrix(units)];
  const biases = fromInput.map((w) => {
    const scale = spec.tensors[w]!.scales![0]! * l.scale;
    const data = Array.from({ length: units }, () => Math.round(random.real(-1, 1) / scale));
    return added(spec, { shape: [units], type: type === 'INT16' ? 'INT64' : 'INT32', data, scales: [scale] });
  });
  const state = (tensor: TfliteTensorSpec): number =>
    added(spec, { ...tensor, shape: [1, units], isVariable: true });
  const hidden = state({ shape: [], type, scales: [l.hidden.scale], zeroPoints: [l.hidden.zero] });
  const cell = state({ shape: [], type: 'INT16', scales: [2 ** l.power] });
  const none = (count: number): number[] => new Array<number>(count).fill(-1);
  spec.operators.push({
    op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    inputs: [x, ...fromInput, ...fromHidden, ...none(3), ...biases, ...none(2), hidden, cell, ...none(4)],
    outputs: [y],
    options: { activation: 4, cellClip: l.clip, timeMajor: l.timeMajor ? 1 : 0 },
  });
}

/** A network of one LSTM. */
export function randomLstm(random: Random, type: 'INT8' | 'INT16' = 'INT8'): TfliteSpec {
  const [units, features, time] = [random.int(1, 9), random.int(1, 7), random.int(1, 6)];
  const timeMajor = random.bool(0.3);
  const shape = (columns: number): number[] => (timeMajor ? [time, 1, columns] : [1, time, columns]);
  const isWide = type === 'INT16';
  // the coarse ones of int16 need more than 32 bits
  const scale = isWide ? 2 ** random.real(-16, -5) : random.real(0.005, 0.05);
  const hidden = isWide
    ? { scale: random.pick([2 ** -15, random.real(0.00002, 0.00004)]), zero: 0 }
    : { scale: random.real(0.004, 0.009), zero: random.int(-20, 20) };
  const zero = isWide ? 0 : random.int(-128, 127);
  const spec: TfliteSpec = {
    tensors: [
      { name: 'x', shape: shape(features), type, scales: [scale], zeroPoints: [zero] },
      { name: 'y', shape: shape(units), type, scales: [hidden.scale], zeroPoints: [hidden.zero] },
    ],
    ...{ operators: [], inputs: [0], outputs: [1] },
  };
  const clip = random.bool(0.3) ? random.real(0.2, 2) : 0;
  const l = { units, features, scale, hidden, power: random.int(-15, -9), clip, timeMajor };
  addLstm(spec, random, l, 0, 1);
  return spec;
}

/** A network of one SVDF; its memory and its weights of time are int16 or int8. */
export function randomSvdf(random: Random): TfliteSpec {
  const [units, rank, features, memory] = [
    random.int(1, 6),
    random.int(1, 3),
    random.int(1, 9),
    random.int(1, 7),
  ];
  const filters = units * rank;
  const isWide = random.bool();
  const [scale, stateScale, timeScale] = [
    random.real(0.005, 0.05),
    random.real(0.0005, 0.01),
    random.real(0.0005, 0.01),
  ];
  const time = weights(random, [filters, memory], timeScale, isWide ? 32767 : 127);
  const spec: TfliteSpec = {
    tensors: [
      { name: 'x', shape: [1, features], type: 'INT8', scales: [scale], zeroPoints: [random.int(-128, 127)] },
      {
        name: 'y',
        shape: [1, units],
        type: 'INT8',
        scales: [random.real(0.01, 1)],
        zeroPoints: [random.int(-128, 127)],
      },
      weights(random, [filters, features], random.real(0.002, 0.02)),
      isWide ? { ...time, type: 'INT16' } : time,
      {
        shape: [units],
        type: 'INT32',
        data: Array.from({ length: units }, () => random.int(-100000, 100000)),
        scales: [stateScale * timeScale],
      },
      {
        shape: [1, memory * filters],
        type: isWide ? 'INT16' : 'INT8',
        scales: [stateScale],
        zeroPoints: [isWide ? 0 : random.int(-10, 10)],
        isVariable: true,
      },
    ],
    operators: [
      { op: 'SVDF', inputs: [0, 2, 3, 4, 5], outputs: [1], options: { rank, activation: random.int(0, 1) } },
    ],
    ...{ inputs: [0], outputs: [1] },
  };
  return spec;
}

/** Rows that a delay line keeps, and their length. */
export const TIME = 4;
export const FEATURES = 3;
/** Of all int8 tensors of a delay line. */
export const PARAMS = { scales: [0.05], zeroPoints: [-7] };

export interface Line {
  readonly type: 'FLOAT32' | 'INT8';
  /** What the variable begins with; left out: no subgraph is called. */
  readonly initial?: number[];
}

/**
 * A delay line, as streaming layers are exported: what is kept and the new row side by side, all but the first kept again, and their sum
 * given out.
 */
export function delayLine({ type, initial }: Line): TfliteSpec {
  const value = (name: string, shape: number[]): TfliteTensorSpec =>
    type === 'INT8' ? { name, shape, type, ...PARAMS } : { name, shape };
  const list = (data: number[]): TfliteTensorSpec => ({ shape: [data.length], type: 'INT32', data });
  const handle: TfliteTensorSpec = { shape: [], type: 'RESOURCE' };
  const variable = { op: 'VAR_HANDLE', inputs: [], options: { container: '', sharedName: 'stream/states' } };
  return {
    tensors: [
      value('x', [1, 1, FEATURES]),
      handle,
      value('kept', [1, TIME, FEATURES]),
      value('line', [1, TIME + 1, FEATURES]),
      ...[list([0, 1, 0]), list([-1, TIME, -1]), list([1])],
      value('next', [1, TIME, FEATURES]),
      value('y', [1, FEATURES]),
    ],
    operators: [
      ...(initial ? [{ op: 'CALL_ONCE', inputs: [], outputs: [], options: { subgraph: 1 } }] : []),
      { ...variable, outputs: [1] },
      { op: 'READ_VARIABLE', inputs: [1], outputs: [2] },
      { op: 'CONCATENATION', inputs: [2, 0], outputs: [3], options: { axis: 1 } },
      { op: 'SLICE', inputs: [3, 4, 5], outputs: [7] },
      { op: 'ASSIGN_VARIABLE', inputs: [1, 7], outputs: [] },
      { op: 'SUM', inputs: [3, 6], outputs: [8] },
    ],
    ...{ inputs: [0], outputs: [8] },
    ...(initial
      ? {
          called: [
            {
              tensors: [handle, { ...value('first', [1, TIME, FEATURES]), data: initial }],
              operators: [
                { ...variable, outputs: [0] },
                { op: 'ASSIGN_VARIABLE', inputs: [0, 1], outputs: [] },
              ],
              ...{ inputs: [], outputs: [] },
            },
          ],
        }
      : {}),
  };
}
