import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { checkedElements } from '../../import/checks.ts';
import { field, isList, type Json } from './json.ts';

/** Where a configuration has the shape of an input: Keras 3, Keras 2, a Sequential model that got its shape by being called. */
const FIELDS = ['batch_shape', 'batch_input_shape', 'build_input_shape'];

/**
 * The shape of an input, of its layer's configuration or its model's; an open batch is 1. Undefined where it is not told.
 * @throws UserError 'model' when a size is open
 */
export function inputShape(name: string, config: Json | undefined): number[] | undefined {
  const given = FIELDS.map((f) => field(config, f)).find(isList);
  if (!given) return undefined;
  const shape = given.map((size, k) => {
    if (typeof size === 'number') return size;
    if (k === 0) return 1; // an open batch
    throw new UserError(
      'model',
      say`Dimension ${k} of input '${name}' has no size.`,
      say`Save the model with an input of fixed size, such as keras.Input((49, 10, 1)).`,
    );
  });
  checkedElements(shape, say`Input '${name}'`);
  if (shape.length > 1 && shape[0] !== 1) {
    throw new UserError(
      'model',
      say`Input '${name}' takes a batch of ${shape[0]!}; microcontrollers take one sample at a time.`,
      say`Save the model without a batch size: keras.Input((49, 10, 1)), without batch_size.`,
    );
  }
  return shape;
}
