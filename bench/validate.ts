/**
 * How long a whole test set takes on simulated boards: the 10,000 test digits of MNIST on FRDM-KE16Z, with the example network.
 *
 *     npx tsx bench/validate.ts [SAMPLES]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productRoot } from '../extension/common/resources.ts';
import { DEFAULT_CHOICES } from '../extension/workflow/choices/choices.ts';
import type { StepEvent } from '../extension/workflow/steps/step.ts';
import { tasksInThread } from '../extension/workflow/tasks/thread.ts';
import { ON_SIMULATED, validate } from '../extension/workflow/validate/validate.ts';
import { validationText } from '../extension/cli/commands/showValidation.ts';
import { digitsFile } from '../test/support/digitsFile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'glowport-bench-'));
try {
  const example = path.join(productRoot, 'examples', 'mnist');
  const test = path.join(folder, 'digits.npz');
  writeFileSync(test, digitsFile(Number(process.argv[2] ?? 10_000)));
  const choices = {
    ...DEFAULT_CHOICES,
    model: path.join(example, 'mnist.onnx'),
    board: 'frdmke16z',
    samples: [path.join(example, 'calibration')],
  };
  let begun = 0;
  const onStep = ({ step, state, message }: StepEvent): void => {
    if (state === 'start') begun = performance.now();
    if (state === 'done')
      console.log(`${step}: ${message} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  };
  const request = { choices, test: [test], on: ON_SIMULATED, requirements: [] };
  const { validation } = await validate(request, { tasks: tasksInThread(), onStep });
  console.log(validationText(validation));
  console.log(`${validation.seconds.toFixed(1)} s for ${validation.samples} samples`);
} finally {
  rmSync(folder, { recursive: true });
}
