import assert from 'node:assert/strict';
import path from 'node:path';
import { MAX_SAMPLES } from '../../../extension/data/limits.ts';
import { findSamples } from '../../../extension/data/findSamples.ts';
import { count, type ModelInput } from '../../../extension/data/fit.ts';
import { SampleReader } from '../../../extension/data/reader.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../../extension/workflow/choices/choices.ts';
import { npy } from '../../data/npyBuilder.ts';
import { buildZip } from '../../sdk/zipBuilder.ts';
import { wav } from '../../sound/wavBuilder.ts';
import type { Fuzzer } from '../driver/fuzzer.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, targetCase, texts } from '../driver/targets.ts';
import { validPictures } from '../pictures/corpus.ts';
import { CaseFolder } from '../texts/folder.ts';

/** Models, and choices of how data become their inputs. */
const READ: readonly (readonly [readonly ModelInput[], Partial<PortChoices>])[] = [
  [[{ name: 'x', shape: [1, 2, 3] }], {}],
  [[{ name: 'x', shape: [1, 5, 7, 3] }], withNormalization({ mean: { '': [1, 2, 3] }, std: { '': [0.5] } })],
  [[{ name: 'x', shape: [1, 35] }], withNormalization({ minmax: { x: [-1, 3] } })],
  [
    [
      { name: 'a', shape: [1, 2] },
      { name: 'b', shape: [1] },
    ],
    {},
  ],
  [
    [{ name: 'x', shape: [1, 4] }],
    { sound: { ...DEFAULT_CHOICES.sound, segment: 4, mono: true, sampleRate: 8000 } },
  ],
];
/** Rows of a file that are read. */
const MOST_ROWS = 20;

function withNormalization(normalize: Partial<PortChoices['normalize']>): Partial<PortChoices> {
  return {
    image: { ...DEFAULT_CHOICES.image, resize: true },
    normalize: { ...DEFAULT_CHOICES.normalize, ...normalize },
  };
}

/** Files of samples of every kind, on their whole way: found in a folder, counted, read as a model's inputs. */
export const data: Fuzzer = {
  name: 'data',
  short: 100,
  open: () => {
    const targets = targetsIn(new CaseFolder());
    return Promise.resolve((random) => targetCase(random, targets));
  },
};

function targetsIn(folder: CaseFolder): Target[] {
  const target = (ending: string, corpus: Uint8Array[], tokens: readonly string[] = []): Target => ({
    name: `samples *.${ending}`,
    corpus,
    ...(tokens.length > 0 ? { tokens } : {}),
    check: (bytes) => check(folder.with({ [`set/x_1.${ending}`]: bytes })),
  });
  const six = npy([2, 3], [1, 2, 3, 4, 5, 6]);
  const pair = [
    { name: 'a.npy', data: npy([2, 2], [1, 2, 3, 4]) },
    { name: 'b.npy', data: npy([2], [5, 6]) },
  ];
  return [
    target(
      'npy',
      [six, npy([4, 6], Array<number>(24).fill(1)), npy([35], Array<number>(35).fill(1))],
      [
        "'shape': (",
        '(9007199254740991,)',
        '(1000000000000000,0)',
        '(0,6)',
        '<f8',
        '>u8',
        '<c16',
        '|O',
        '|b1',
        'True',
      ],
    ),
    target(
      'npz',
      [
        buildZip([{ name: 'x.npy', data: six }, { name: 'y.npy', data: npy([1], [3]) }]), // prettier-ignore
        buildZip(pair),
        buildZip(pair.map((entry) => ({ ...entry, store: true }))),
      ],
      ['PK\x01\x02', 'PK\x05\x06', 'y.npy', '../', '(1000000000000000,0)'],
    ),
    target('csv', texts('a;b;c;label\n1;2;3;4\n', '1,2,3,4,5,6\n7,8,9,10,11,12\n', 'up 1 2 3 4\n'), [
      ...[',', ';', '\t', '"', '\n', '#', 'nan', '1e999', 'label', 'y'],
    ]),
    {
      ...target(
        'json',
        texts('[[1,2,3],[4,5,6]]', '{"a":[[1,2],[3,4]],"b":[5,6]}', '[{"x":[1,2,3,4],"y":1}]'),
      ),
      isJson: true,
    },
    target('bin', [Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)]),
    target(
      'wav',
      [
        wav({ channels: [[0, 0.5, -0.5, 0.25, 0, 1]] }),
        wav({ channels: [[0, 0.5, -0.5, 0.25], [1, 1, 1, 1]], encoding: 'f32', sampleRate: 44_100 }), // prettier-ignore
      ],
      ['RIFF', 'WAVE', 'fmt ', 'data', '\u00ff\u00ff\u00ff\u00ff'],
    ),
    target('png', validPictures()),
  ];
}

/** What is found are samples of each model, with as many finite numbers as that takes, or there is a sentence. */
async function check(place: string): Promise<void> {
  for (const [inputs, options] of READ) {
    await valueOrRefusal(async () => {
      const reader = new SampleReader(inputs, { ...DEFAULT_CHOICES, ...options });
      for (const file of await findSamples([path.join(place, 'set')], {
        inputs: inputs.map((i) => i.name),
      })) {
        const samples = await reader.samplesIn(file);
        assert.ok(samples.length > 0 && samples.length <= MAX_SAMPLES);
        for (const sample of samples.slice(-MOST_ROWS)) {
          const values = await valueOrRefusal(() => reader.read(sample));
          for (const { name, shape } of values ? inputs : []) {
            const numbers = values!.get(name)!;
            assert.equal(numbers.length, count(shape));
            assert.ok(numbers.every(Number.isFinite));
          }
        }
      }
    });
  }
}
