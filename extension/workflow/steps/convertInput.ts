import path from 'node:path';
import type { Bundle } from '../../bundle/bundle.ts';
import type { DataOptions } from '../../data/options.ts';
import type { Inputs } from '../../data/reader.ts';
import { sampleName } from '../../data/sample.ts';
import { tensorToInc } from '../../image/inc.ts';
import { type GivenInput, givenInput, inputPlaceholders, madeUp } from '../data/givenInput.ts';
import { loadSample } from '../data/samples.ts';
import type { TestInput } from '../data/testInput.ts';
import { step, type StepContext } from './step.ts';

/** The same as text for firmware. */
export interface ConvertedInput extends GivenInput {
  /** Text of test_image.inc or test_input.inc. */
  readonly inc: string;
}

/** Real values by input, or made up ones, in the format of a bundle's inputs. @param name of what they are, for comments */
export function convertedInputs(
  bundle: Pick<Bundle, 'placeholders'>,
  name: string,
  given: Inputs | undefined,
): readonly ConvertedInput[] {
  return inputPlaceholders(bundle).map((placeholder) => {
    const one = givenInput(placeholder, given ? given.get(placeholder.name)! : madeUp(placeholder));
    const { shape, type, scale, offset } = placeholder;
    const format = { type, scale, offset };
    return { ...one, inc: tensorToInc(one.bytes, { fileName: name, shape, format }) };
  });
}

/**
 * Converts a sample to the format of a bundle's inputs, in their order.
 * @throws UserError `input` (file, size, row), `model` (not a picture)
 */
export async function convertInput(
  input: TestInput,
  bundle: Pick<Bundle, 'placeholders'>,
  options: DataOptions,
  context: StepContext = {},
): Promise<readonly ConvertedInput[]> {
  const placeholders = inputPlaceholders(bundle);
  const name = input === 'madeUp' ? 'made-up numbers' : path.basename(sampleName(input));
  return step(
    context,
    'input',
    name,
    async () => {
      const given = input === 'madeUp' ? undefined : await loadSample(placeholders, input, options, context);
      return convertedInputs(bundle, name, given);
    },
    () => `${name} as ${placeholders.map((p) => `${p.shape.join('x')} ${p.type}`).join(', ')}`,
  );
}
