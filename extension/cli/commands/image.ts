import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ElementType } from '../../bundle/bundle.ts';
import { largest, smallest } from '../../common/lists.ts';
import { say } from '../../common/errors/sentence.ts';
import { tensorToInc } from '../../image/inc.ts';
import {
  quantizeTensor,
  TENSOR_TYPES,
  type TensorFormat,
  type TensorType,
} from '../../image/quantizeTensor.ts';
import { readImage } from '../../image/readImage.ts';
import { IMAGE_MODES, type ImageOptions } from '../../image/options.ts';
import {
  affinesOf,
  normalized,
  type Normalizer,
  normalizersOf,
  requireSettled,
} from '../../data/normalize/normalizer.ts';
import { imageToTensor } from '../../image/tensor.ts';
import { chooseParams } from '../../quantize/schemas.ts';
import { writeOutput } from '../../common/output/writeOutputs.ts';
import { readBundle } from '../../workflow/folders/bundleFolder.ts';
import { type InputPlaceholder, inputPlaceholder } from '../../workflow/data/givenInput.ts';
import { addChoices, givenChoices } from '../choiceOptions.ts';
import {
  type BundleFlags,
  bundleOutputOption,
  integer,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { printJson, type Session, usage } from '../session.ts';
import { grouped } from '../table.ts';

interface InputFlags extends BundleFlags, OverwriteFlags {
  readonly bundle?: string;
  readonly shape?: readonly number[];
  readonly type?: TensorType;
  readonly scale?: number;
  readonly offset?: number;
  readonly out: string;
  readonly json?: boolean;
}

/** Of a tensor: more than any board's memory holds. */
const MAX_ELEMENTS = 1 << 22;

export function addImage(program: Command, session: Session): void {
  const command = program
    .command('image')
    .description("converts an image to a network's input: test_image.inc, as the SDK's image script does")
    .argument('<image>', 'PNG, JPEG or BMP file')
    .option('--bundle <dir>', "take shape, type, scale and offset of this bundle's input")
    .addOption(bundleOutputOption())
    .addOption(
      new Option('--shape <dims>', "input shape, such as 1x28x28x1 (default: the image's own)")
        .argParser(shape)
        .conflicts('bundle'),
    )
    .addOption(
      new Option('--type <type>', `${TENSOR_TYPES.join(', ')} (default: int8)`)
        .choices(TENSOR_TYPES)
        .conflicts('bundle'),
    )
    .addOption(
      new Option('--scale <x>', 'real = scale * (q - offset) (default: the range of the image mode)')
        .argParser(real)
        .conflicts('bundle'),
    )
    .addOption(
      new Option('--offset <n>', 'see --scale').argParser(integer(-32768, 32767)).conflicts('bundle'),
    )
    .option('--out <file>', 'C initialiser to write', 'test_image.inc')
    .addOption(overwriteOption())
    .option('--json', 'print what was written as one JSON object');
  addChoices(command, ['image', 'normalize'])
    .addHelpText(
      'after',
      `
Examples:
  glowport image digit.png --image-mode 0to1 --type int8
  glowport image photo.jpg --bundle mnist-bundle --resize --out source/test_image.inc`,
    )
    .action(async (file: string, flags: InputFlags) => {
      const image = await readImage(file);
      const choices = givenChoices(flags, ['image', 'normalize']);
      const { image: options } = choices;
      const own =
        options.layout === 'NCHW'
          ? [1, image.channels, image.height, image.width]
          : [1, image.height, image.width, image.channels];
      const input = flags.bundle === undefined ? undefined : await inputOf(flags.bundle, flags);
      const inputShape = input?.shape ?? flags.shape ?? own;
      if (inputShape.reduce((n, d) => n * d, 1) > MAX_ELEMENTS) {
        throw usage(
          say`An input of shape ${inputShape.join('x')} has more than ${grouped(MAX_ELEMENTS)} elements.`,
          say`No board takes as many: give a smaller --shape, with --resize.`,
        );
      }
      requireSettled(choices.normalize);
      const only = { name: input?.name ?? 'image', shape: inputShape };
      const normalizer = normalizersOf([only], choices).get(only.name);
      const format = input ?? formatOf(flags, options, normalizer);
      const fileName = path.basename(file);
      const pixels = imageToTensor(image, { ...options, shape: inputShape }, fileName);
      const bytes = quantizeTensor(normalizer ? normalized(pixels, normalizer) : pixels, format);
      const out = path.resolve(flags.out);
      const text = tensorToInc(bytes, { fileName, shape: inputShape, format });
      const { signal } = session;
      await writeOutput(out, text, { inputs: [file], confirmOverwrite: overwriting(flags), signal });
      const { type, scale, offset } = format;
      if (flags.json) {
        printJson(session, { file: out, bytes: bytes.length, shape: inputShape, type, scale, offset });
      } else {
        const how = type === 'float32' ? type : `${type}, real = ${scale} * (q - ${offset})`;
        session.terminal.out(
          `${path.relative(process.cwd(), out)}: ${bytes.length} bytes, ${inputShape.join('x')} ${how}\n`,
        );
      }
    });
}

async function inputOf(bundle: string, { bundleOutput: outputs }: BundleFlags): Promise<InputPlaceholder> {
  return inputPlaceholder(await readBundle(bundle, { outputs }));
}

/** Without a bundle, the whole range of the image mode is represented, as profiling full-range images would choose. */
function formatOf(
  flags: InputFlags,
  options: ImageOptions,
  normalizer: Normalizer | undefined,
): TensorFormat {
  const type = flags.type ?? 'int8';
  if (type === 'float32') return { type, scale: 1, offset: 0 };
  const ends = IMAGE_MODES[options.mode];
  const affines = normalizer ? affinesOf(normalizer) : [{ factor: 1, shift: 0 }];
  const reals = affines.flatMap(({ factor, shift }) => ends.map((end) => factor * end + shift));
  const precision: Exclude<ElementType, 'float32'> = type === 'int16' ? 'int16' : 'int8';
  const { scale, offset } = chooseParams(smallest(reals), largest(reals), 'asymmetric', precision);
  return {
    type,
    scale: flags.scale ?? scale,
    offset: flags.offset ?? (type === 'uint8' ? offset + 128 : offset),
  };
}

function shape(text: string): number[] {
  const dims = text.split(/[x,]/).map(Number);
  const good = dims.length <= 4 && dims.every((d) => Number.isInteger(d) && d >= 1 && d <= 4096);
  if (!good || dims.length < 2)
    throw new InvalidArgumentError('It must be two to four sizes, such as 1x28x28x1.');
  return dims;
}

function real(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
