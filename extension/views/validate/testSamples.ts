import path from 'node:path';
import type { SampleInput } from '../../../webview/shared/sampleInput.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { isDataFile } from '../../data/files/table.ts';
import type { ModelInput } from '../../data/fit.ts';
import { type Sample, sampleName } from '../../data/sample.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { loadSample, samplesOf } from '../../workflow/data/samples.ts';
import { shownInputs } from '../../workflow/data/shownInputs.ts';
import { inspect } from '../../workflow/steps/inspect.ts';
import { tasksInThread } from '../../workflow/tasks/thread.ts';

interface TestSet {
  readonly inputs: readonly ModelInput[];
  readonly samples: readonly Sample[];
}

/** The samples of a test set, looked for when the first is asked for, and read one by one. */
export class TestSamples {
  readonly #choices: PortChoices;
  readonly #test: readonly string[];
  #found: Promise<TestSet> | undefined;

  /** @param test files and folders */
  constructor(choices: PortChoices, test: readonly string[]) {
    this.#choices = choices;
    this.#test = test;
  }

  /**
   * What a sample feeds the model with.
   * @param name as it was called when it was validated
   * @throws UserError `input` when it is not there any more, or cannot be read
   */
  async inputsOf(number: number, name: string): Promise<SampleInput[]> {
    const { inputs, samples } = await (this.#found ??= this.#find());
    const sample = samples[number];
    if (!sample || path.basename(sampleName(sample)) !== name) {
      throw new UserError(
        'input',
        say`${name} is not where it was in the test set: files were added, taken away or renamed.`,
        say`Validate again.`,
      );
    }
    const loaded = await loadSample(inputs, sample, this.#choices, { tasks: tasksInThread() });
    return shownInputs(inputs, loaded, !isDataFile(sample.path), this.#choices.image);
  }

  async #find(): Promise<TestSet> {
    try {
      const context = { tasks: tasksInThread() };
      const { inputs } = (await inspect(this.#choices, context)).graph;
      return { inputs, samples: await samplesOf(this.#test, inputs, this.#choices, context) };
    } catch (e) {
      this.#found = undefined; // what was in the way may be gone the next time
      throw e;
    }
  }
}
