import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import type { Value } from '../../graph.ts';
import { checkedElements } from '../../import/checks.ts';
import { Dimensions } from '../../import/dimensions.ts';
import type { FlowingParams } from '../../import/operand.ts';
import { toNumber } from './proto.ts';
import type { DimensionProto, ValueInfoProto } from './proto.ts';
import { FLOAT, typeName } from './tensor.ts';

/** An input of the graph, and what its integers stand for, where it has some. */
export interface OnnxInput {
  readonly value: Value;
  readonly integers: FlowingParams | undefined;
}

/**
 * The graph's inputs with fixed shapes: a symbolic dimension has the size given to it, an open batch is 1.
 *
 * @param paramsOf what the integers of an input stand for
 * @throws UserError 'model' when one is no float32 tensor, or its size is not known; 'usage' when a define fits no dimension
 */
export function readInputs(
  inputs: readonly ValueInfoProto[],
  defines: Readonly<Record<string, number>> | undefined,
  paramsOf: (input: ValueInfoProto) => FlowingParams | undefined,
): OnnxInput[] {
  if (inputs.length === 0) {
    throw new UserError(
      'model',
      say`No output of the model depends on an input.`,
      say`Export the model with an input.`,
    );
  }
  const dimensions = new Dimensions(defines);
  const values = inputs.map((input) => readInput(input, dimensions, paramsOf(input)));
  dimensions.checkAllUsed();
  return values;
}

function readInput(
  input: ValueInfoProto,
  dimensions: Dimensions,
  integers: FlowingParams | undefined,
): OnnxInput {
  const { name } = input;
  const type = input.type?.tensorType;
  if (!type)
    throw new UserError(
      'model',
      say`Input '${name}' is not a tensor.`,
      say`Export the model with tensor inputs.`,
    );
  if (type.elemType !== FLOAT && !integers) {
    throw new UserError(
      'model',
      say`Input '${name}' has elements of ${typeName(type.elemType)}; FLOAT (float32) is supported, and INT8 and UINT8 with a scale and a zero point.`,
      say`Export the model with float32 inputs; GlowPort makes them int8 itself.`,
    );
  }
  if (!type.shape) {
    throw new UserError(
      'model',
      say`Input '${name}' has no shape.`,
      say`Export the model with the shapes of its inputs.`,
    );
  }
  const shape = type.shape.dim.map((d, k) => readDimension(d, k, name, dimensions));
  checkedElements(shape, say`Input '${name}'`);
  const params = integers && { scale: integers.scale, offset: integers.offset };
  return { value: { name, shape, ...(params && { params }) }, integers };
}

function readDimension(dimension: DimensionProto, k: number, input: string, dimensions: Dimensions): number {
  const symbol = dimension.dimParam;
  const size = toNumber(dimension.dimValue);
  if (symbol === '' && size > 0) return size;
  const defined = symbol === '' ? undefined : dimensions.sizeOf(symbol);
  if (defined !== undefined) return defined;
  if (k === 0) return 1; // an open batch
  throw new UserError(
    'model',
    symbol === ''
      ? say`Dimension ${k} of input '${input}' has neither size nor name.`
      : say`Dimension ${k} of input '${input}' is the symbol '${symbol}', and its size is not given.`,
    symbol === '' ? say`Export the model with fixed sizes.` : { do: 'giveDimension', symbol },
  );
}

/** A shape whose every size the file states; an open batch is 1. */
export function fixedShape(value: ValueInfoProto): number[] | undefined {
  const dimensions = value.type?.tensorType?.shape?.dim;
  const shape = dimensions?.map((d, i) => toNumber(d.dimValue) || (i === 0 ? 1 : 0));
  return shape?.every((d) => d > 0) ? shape : undefined;
}
