import type { Answer, Bundle, ElementType, Placeholder } from '../../bundle/bundle.ts';
import { reconstructionError, reconstructionOf } from '../../bundle/reconstruction.ts';
import type { Inputs } from '../../data/reader.ts';
import { type Sample, sampleName } from '../../data/sample.ts';
import { interpret } from '../../quantize/interpret.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { dequantize } from '../../quantize/schemas.ts';
import type { BoardAnswer } from '../../validate/protocol/conversation.ts';
import type { SampleOutcome } from '../../validate/outcome.ts';
import { MOST_LISTED, type OutputValues } from '../../../webview/shared/validation.ts';
import path from 'node:path';
import { givenInput, inputPlaceholders } from '../data/givenInput.ts';
import { top1 } from '../report/accuracy.ts';

/** A compiled network that a board is compared with. */
export interface ValidatedNetwork {
  readonly quantized: QuantizedGraph;
  /** The bundle's. */
  readonly placeholders: Bundle['placeholders'];
  /** What its first output is. */
  readonly answer: Answer;
  /** Whether every sample's outputs are kept, not only of those that differ. */
  readonly keepsOutputs: boolean;
}

/** A sample of the test set. */
export interface NumberedSample {
  readonly sample: Sample;
  readonly number: number;
}

/** A sample with what goes to the board, and what the PC computes of it. */
export interface PreparedSample extends NumberedSample {
  /** Of all inputs, one behind the other, as they lie in the board's memory. */
  readonly bytes: Uint8Array;
  /** Of all outputs, likewise. */
  readonly pc: Uint8Array;
}

/** Prepares a sample. @param inputs its numbers, by placeholder */
export function preparedSample(
  { quantized, placeholders }: ValidatedNetwork,
  { sample, number }: NumberedSample,
  inputs: Inputs,
): PreparedSample {
  const given = inputPlaceholders({ placeholders }).map((p) => givenInput(p, inputs.get(p.name)!));
  const values = interpret(quantized, new Map(given.map((g) => [g.placeholder.name, g.values])));
  return {
    ...{ sample, number },
    bytes: joined(given.map((g) => g.bytes)),
    pc: joined(outputsOf(placeholders).map((p) => bytesIn(p.type, values.get(p.name)!))),
  };
}

/** What came of samples, of which the board has answered. Outputs are kept where they are wanted, and of as many that differ as are listed. */
export class OutcomeList {
  readonly outcomes: SampleOutcome[] = [];
  readonly #network: ValidatedNetwork;
  #differing = 0;

  constructor(network: ValidatedNetwork) {
    this.#network = network;
  }

  add({ sample, number, bytes, pc }: PreparedSample, { timeUs, outputs }: BoardAnswer): void {
    const { placeholders, answer, keepsOutputs } = this.#network;
    const isEqual = Buffer.compare(outputs, pc) === 0;
    const isKept = keepsOutputs || (!isEqual && this.#differing < MOST_LISTED);
    if (!isEqual) this.#differing++;
    const board = valuesOf(outputsOf(placeholders), outputs);
    this.outcomes.push({
      number,
      name: path.basename(sampleName(sample)),
      label: sample.label,
      ...{ timeUs, isEqual },
      answer: answerIn(placeholders, answer, bytes, board[0]!.values),
      outputs: isKept ? board : undefined,
      pc: isKept && !isEqual ? valuesOf(outputsOf(placeholders), pc) : undefined,
    });
  }
}

/** See SampleOutcome.answer. @param values of the first output */
function answerIn(
  placeholders: Bundle['placeholders'],
  answer: Answer,
  inputBytes: Uint8Array,
  values: readonly number[],
): number | undefined {
  const [output] = outputsOf(placeholders);
  switch (answer.task) {
    case 'classify':
      return output!.type === 'index32' ? values[0] : top1(values);
    case 'regress':
      if (values.length !== 1) return undefined;
      return output!.type === 'float32' ? values[0] : dequantize(values[0]!, output!);
    case 'anomaly': {
      const [input] = inputPlaceholders({ placeholders });
      const given = valuesOf([input!], inputBytes)[0]!;
      const how = reconstructionOf(input!, output!, answer);
      const error = reconstructionError(how, { ...input!, values: given.values }, { ...output!, values });
      return error * how.unit ** 2;
    }
    case 'raw':
      return undefined;
  }
}

function outputsOf(placeholders: Bundle['placeholders']): Placeholder[] {
  return placeholders.filter((p) => p.direction === 'output');
}

/** Numbers of placeholders that lie one behind the other. */
function valuesOf(placeholders: readonly Placeholder[], bytes: Uint8Array): OutputValues[] {
  let at = 0;
  return placeholders.map(({ name, type, byteSize }) => {
    // a copy of their own, where every type of number may begin
    const part = bytes.slice(at, (at += byteSize));
    return {
      name,
      values: Array.from(new NUMBERS[type](part.buffer, part.byteOffset, byteSize / WIDTH[type])),
    };
  });
}

/** As a placeholder's numbers lie in the board's memory; all boards, and all computers that run this, have the low byte first. */
const NUMBERS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  index32: Int32Array,
  float32: Float32Array,
} as const satisfies Record<ElementType, unknown>;
const WIDTH: Readonly<Record<ElementType, number>> = { int8: 1, int16: 2, int32: 4, index32: 4, float32: 4 };

/** One behind the other; no Buffer, which another thread would get as something else. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function bytesIn(type: ElementType, values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(NUMBERS[type].from(values).buffer);
}
