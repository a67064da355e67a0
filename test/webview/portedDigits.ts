import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';

const example = path.resolve(import.meta.dirname, '../../examples/mnist');

export interface PortedDigits {
  readonly result: PortResult;
  readonly samples: string;
  remove(): Promise<void>;
}

/** The MNIST example really ported to a simulated board: quantized, compiled, built and run. */
export async function portDigits(board = 'frdmke16z'): Promise<PortedDigits> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'glowport-digits-'));
  const samples = path.join(example, 'samples');
  const first = (await readdir(samples)).filter((f) => f.endsWith('.png')).sort()[0]!;
  const result = await port({
    ...DEFAULT_CHOICES,
    model: path.join(example, 'mnist.onnx'),
    samples: [path.join(example, 'calibration')],
    input: path.join(samples, first),
    board,
    run: 'sim',
    out: path.join(dir, 'project'),
  });
  return {
    result,
    samples,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
