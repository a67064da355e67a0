import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { InferenceReport } from '../../extension/inference/report.ts';
import { sampleAt } from '../../extension/data/given.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import { run } from '../../extension/workflow/steps/run.ts';
import { glowport } from '../cli/support.ts';
import { testFolder } from '../support/testFolder.ts';
import { fileOf, integers, NETWORKS, quantized } from './networks.ts';

const BOARD = 'frdmke16z';

/** All integers that a board printed, output by output. */
function printed({ confidences, others = [] }: InferenceReport): number[][] {
  const classes = [...confidences].sort((a, b) => a.classIndex - b.classIndex).map((c) => c.value);
  const named = others.map(({ values }) => [...values].sort(([a], [b]) => a - b).map(([, v]) => v));
  return classes.length > 0 ? [classes, ...named] : named;
}

/** From the command line to a simulated board, which prints every integer that the PC computes. */
describe('networks that are no picture classifiers', () => {
  const folder = testFolder('networks');
  for (const network of NETWORKS) {
    it(network.title, async () => {
      const made = await quantized(network);
      const { model, input } = network;
      const config = fileOf(network, 'glowport.json');
      const isExample = made.choices.input !== undefined;
      const from = isExample
        ? ['--config', config]
        : [fileOf(network, model), '--board', BOARD, '--samples', fileOf(network, network.samples)];
      const given = ['--input', fileOf(network, input), '--out', model, '--no-save', '--json'];
      const { code, out, err } = await glowport(folder.path, 'port', ...from, ...given);
      assert.equal(code, 0, err);
      assert.equal((JSON.parse(out) as { match: boolean }).match, true);

      const name = path.parse(model).name;
      const firmware = path.join(folder.path, model, 'build', `${name}.elf`);
      const { report, flashBytes, ramBytes } = await run({ board: findBoard(BOARD), firmware });
      const { graph, choices } = made;
      const data = await new SampleReader(graph.inputs, choices).read(await sampleAt(fileOf(network, input)));
      const expected = [...integers(made.quantized, data).values()].map(({ q }) => q);
      assert.deepEqual(printed(report), expected);
      // a small part is enough
      assert.ok(
        flashBytes! <= 64 * 1024 && ramBytes! <= 8 * 1024,
        `${flashBytes} B flash, ${ramBytes} B RAM`,
      );
      const main = await readFile(path.join(folder.path, model, 'source/main.c'), 'utf8');
      assert.match(main, /#include "test_input\w*\.inc"/);
    });
  }
});
