import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { productRoot } from '../common/resources.ts';

/** A network with its data that comes with the extension. */
export interface Example {
  /** Its folder below examples/; projects are called after it. */
  readonly name: string;
  readonly title: Sentence;
  /** What it shows. */
  readonly shows: Sentence;
  readonly model: string;
  /** Files and folders of a project beside the model. */
  readonly parts: readonly string[];
}

/** What the examples of data of our own making have: choices of a port, and samples to judge the network by. */
const WITH_CHOICES = ['labels.txt', 'samples', 'calibration', 'heldout.npz', 'glowport.json'];

/** The one for a first port, which asks everything itself. */
export const DIGITS: Example = {
  name: 'mnist',
  title: say`Handwritten Digits`,
  shows: say`Pictures: draw a digit, and see what the board makes of it`,
  model: 'mnist.onnx',
  parts: ['labels.txt', 'samples', 'calibration'],
};

/** All, in the order in which they are offered. */
export const EXAMPLES: readonly Example[] = [
  DIGITS,
  {
    name: 'accelerometer',
    title: say`Movements`,
    shows: say`A sensor: windows of a three-axis accelerometer in .csv files, told apart by convolutions over time`,
    model: 'accelerometer.onnx',
    parts: WITH_CHOICES,
  },
  {
    name: 'keywords',
    title: say`Spoken Words`,
    shows: say`Sound: recordings in .wav files, of which log-mel features are computed for the network`,
    model: 'keywords.onnx',
    parts: WITH_CHOICES,
  },
];

/**
 * Copies an example into a new folder below `parent`, whole or not at all; resolves to the folder.
 * @throws UserError `usage` where there are very many, `input` where it cannot be written
 */
export async function copyExample(example: Example, parent: string): Promise<string> {
  const taken = new Set(await readdir(parent).catch(() => []));
  const first = `${example.name}-example`;
  const name = [first, ...Array.from({ length: 98 }, (_, i) => `${first}-${i + 2}`)].find(
    (n) => !taken.has(n),
  );
  if (!name)
    throw new UserError('usage', say`${parent} holds 99 examples already.`, say`Delete some of them.`);
  const folder = path.join(parent, name);
  let temporary: string | undefined;
  try {
    temporary = await mkdtemp(path.join(parent, `.${name}.`));
    // a folder in it, because the temporary one is for its owner's eyes only
    const whole = path.join(temporary, name);
    await mkdir(whole);
    for (const part of [example.model, ...example.parts]) {
      await cp(path.join(productRoot, 'examples', example.name, part), path.join(whole, part), {
        recursive: true,
      });
    }
    await rename(whole, folder);
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new UserError(
      'input',
      say`The example could not be written to ${folder}.`,
      say`Choose another folder.`,
      why,
    );
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}
