/** The real functions that the IR's elementwise nodes compute: what the float evaluator and the tables of integers both ask. */

import type { GivenParams } from './params.ts';

/** Functions without parameters. */
const PLAIN = {
  abs: Math.abs,
  ceil: Math.ceil,
  cos: Math.cos,
  erf,
  exp: Math.exp,
  floor: Math.floor,
  gelu: (x: number) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  /** Its approximation by tanh. */
  geluTanh: (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSwish: (x: number) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
  log: Math.log,
  logSigmoid: (x: number) => -softplus(-x),
  mish: (x: number) => x * Math.tanh(softplus(x)),
  reciprocal: (x: number) => 1 / x,
  round: roundToEven,
  rsqrt: (x: number) => 1 / Math.sqrt(x),
  sigmoid,
  sign: Math.sign,
  silu: (x: number) => (x === -Infinity ? 0 : x * sigmoid(x)),
  sin: Math.sin,
  softplus,
  softsign: (x: number) => x / (1 + Math.abs(x)),
  /** 0 below -1, x above 1, a parabola between. */
  sparsePlus: (x: number) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x),
  sqrt: Math.sqrt,
  squareplus: (x: number) => (x + Math.sqrt(x * x + 4)) / 2,
  tanh: Math.tanh,
  tanhShrink: (x: number) => x - Math.tanh(x),
} as const satisfies Readonly<Record<string, (x: number) => number>>;

/** What two numbers are put together by. */
const PAIRS = {
  add: (a: number, b: number) => a + b,
  mul: (a: number, b: number) => a * b,
  sub: (a: number, b: number) => a - b,
  div: (a: number, b: number) => a / b,
  max: Math.max,
  min: Math.min,
  /** a, where it is below 0 times b. */
  prelu: (a: number, b: number) => (a < 0 ? a * b : a),
} as const satisfies Readonly<Record<string, (a: number, b: number) => number>>;

export type PairFunction = keyof typeof PAIRS;

/** A function of one number, as plain data. */
export type ActivationFunction =
  | { readonly type: keyof typeof PLAIN }
  | { readonly type: 'clip'; readonly min: number; readonly max: number } // ReLU is clip with min 0, max Infinity
  | { readonly type: 'leakyRelu'; readonly alpha: number }
  | { readonly type: 'elu'; readonly alpha: number }
  | { readonly type: 'celu'; readonly alpha: number }
  | { readonly type: 'selu'; readonly alpha: number; readonly gamma: number }
  | { readonly type: 'thresholdedRelu'; readonly alpha: number }
  /** x from the threshold to the limit, below the threshold a line of another slope. */
  | { readonly type: 'relu'; readonly threshold: number; readonly slope: number; readonly max: number }
  /** Nearer to 0 by `bias`, and 0 itself within `lambda` of it. */
  | { readonly type: 'shrink'; readonly lambda: number; readonly bias: number }
  | { readonly type: 'power'; readonly exponent: number }
  /** The nearest of the 256 numbers that 8 bits with these parameters stand for. */
  | ({ readonly type: 'quantized' } & GivenParams)
  /** The last step's result. */
  | { readonly type: 'composed'; readonly steps: readonly FunctionStep[] };

/** What a step computes of x (number 0), of what steps before it gave (numbers 1, 2, ..), and of constants. */
export type FunctionStep =
  | { readonly fn: ActivationFunction; readonly of: number }
  | { readonly pair: PairFunction; readonly of: readonly [StepOperand, StepOperand] };

export type StepOperand = { readonly result: number } | { readonly constant: number };

/** @returns NaN and infinities where the function has no finite value, as float arithmetic does */
export function activationFunction(fn: ActivationFunction): (x: number) => number {
  switch (fn.type) {
    case 'clip':
      return (x) => (x < fn.min ? fn.min : x > fn.max ? fn.max : x);
    case 'leakyRelu':
      return (x) => (x < 0 ? fn.alpha * x : x);
    case 'elu':
      return (x) => (x < 0 ? fn.alpha * Math.expm1(x) : x);
    case 'celu':
      return (x) => (x < 0 ? fn.alpha * Math.expm1(x / fn.alpha) : x);
    case 'selu':
      return (x) => fn.gamma * (x < 0 ? fn.alpha * Math.expm1(x) : x);
    case 'thresholdedRelu':
      return (x) => (x > fn.alpha ? x : 0);
    case 'relu':
      return (x) => (x >= fn.max ? fn.max : x >= fn.threshold ? x : fn.slope * (x - fn.threshold));
    case 'shrink':
      return (x) => (x < -fn.lambda ? x + fn.bias : x > fn.lambda ? x - fn.bias : 0);
    case 'power':
      return (x) => x ** fn.exponent;
    case 'quantized':
      return (x) => fn.scale * (quantizedToEven(x, fn) - fn.offset);
    case 'composed':
      return composedFunction(fn.steps);
    default:
      return PLAIN[fn.type];
  }
}

export function pairFunction(kind: PairFunction): (a: number, b: number) => number {
  return PAIRS[kind];
}

/** A bound that no value of the function is below. */
export function leastOf(fn: ActivationFunction): number {
  switch (fn.type) {
    case 'clip':
      return fn.min;
    case 'abs':
    case 'exp':
    case 'sigmoid':
    case 'softplus':
    case 'sqrt':
      return 0;
    case 'tanh':
      return -1;
    default:
      return -Infinity;
  }
}

/** To the nearest integer, halves to the even one. */
export function roundToEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** The int8 number that stands for a real one, as ONNX's QuantizeLinear computes it in float32. */
export function quantizedToEven(x: number, { scale, offset }: GivenParams): number {
  const q = roundToEven(Math.fround(Math.fround(x) / scale)) + offset;
  return q < -128 ? -128 : q > 127 ? 127 : q;
}

function composedFunction(steps: readonly FunctionStep[]): (x: number) => number {
  const results = new Float64Array(steps.length + 1);
  const operand = (o: StepOperand): (() => number) =>
    'result' in o ? () => results[o.result]! : () => o.constant;
  const compute = steps.map((step): (() => number) => {
    if ('fn' in step) {
      const f = activationFunction(step.fn);
      return () => f(results[step.of]!);
    }
    const f = pairFunction(step.pair);
    const [a, b] = [operand(step.of[0]), operand(step.of[1])];
    return () => f(a(), b());
  });
  return (x) => {
    results[0] = x;
    compute.forEach((step, k) => (results[k + 1] = step()));
    return results[steps.length]!;
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Beyond it erf is 1 in double precision. */
const ERF_IS_ONE = 6;

/** erf(x) = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)), whose terms all have one sign (DLMF 7.6.2). */
function erf(x: number): number {
  if (!(Math.abs(x) < ERF_IS_ONE)) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
