import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { readBin } from '../../../extension/data/files/bin.ts';
import { readCsv } from '../../../extension/data/files/csv.ts';
import { readJson } from '../../../extension/data/files/json.ts';
import { readNpy } from '../../../extension/data/files/npy.ts';
import { readNpz } from '../../../extension/data/files/npz.ts';
import { fitted, type FittedData, type ModelInput } from '../../../extension/data/fit.ts';
import type { DataFile } from '../../../extension/data/numbers.ts';
import { fittedSound } from '../../../extension/data/sound.ts';
import { DEFAULT_SOUND_OPTIONS, type SoundOptions } from '../../../extension/sound/options.ts';
import { readWav } from '../../../extension/sound/wav.ts';
import { wav } from '../../sound/wavBuilder.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, texts } from '../driver/targets.ts';

const saved = JSON.parse(readFileSync(path.join(productRoot, 'test/data/numpy.json'), 'utf8')) as Readonly<
  Record<string, { readonly file: string }>
>;
const corpus = (ending: string): Uint8Array[] =>
  Object.entries(saved)
    .filter(([name]) => name.endsWith(ending))
    .map(([, { file }]) => Buffer.from(file, 'base64'));
const inputs = [{ name: 'x', shape: [1, 2, 3] }];

/** Samples that are numbers. */
export function sampleTargets(): Target[] {
  return [
    target(
      '.npy',
      corpus('.npy'),
      (b) => ({ arrays: new Map([['', readNpy(b, 'x.npy')]]), labels: undefined }),
      [
        ...[
          "'descr': '",
          '<f4',
          '|O',
          "'fortran_order': True",
          "'shape': (",
          '(9999999999,)',
          '(-1,)',
          '(0,)',
        ],
      ],
    ),
    target('.npz', corpus('.npz'), (b) => readNpz(b, 'x.npz', 1 << 20)),
    target(
      '.csv',
      texts(
        'a;b;label\n1,5;2;3\n4;5;6\n',
        '1,2,3\r\n4,5,6\r\n',
        'walk 1 2\nrun 3 4\n',
        '\ufeff,x,y,z\n0,"1",2,3\n',
      ),
      (b) => readCsv(b, 'x.csv'),
      [',', ';', '\t', ' ', '"', '""', '\n', '\r\n', '#', 'nan', 'inf', '1e999', 'label', 'y', '\u0000'],
    ),
    {
      ...target(
        '.json',
        texts('[[[1,2,3],[4,5,6]]]', '{"x":[[1,2,3],[4,5,6]],"y":[1,2]}', '[{"x":[1,2,3,4,5,6],"y":1}]'),
        (b) => readJson(b, 'x.json'),
      ),
      isJson: true,
    },
    target('.bin', [Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)], (b) => readBin(b, 'x.bin')),
    soundTarget(),
  ];
}

/** Options that recordings are read with, and what a model then takes. */
const SOUND: readonly (readonly [ModelInput, Partial<SoundOptions>])[] = [
  [{ name: 'x', shape: [1, 6] }, {}],
  [
    { name: 'x', shape: [1, 2, 6] },
    { segment: 6, segmentHop: 1 },
  ],
  [
    { name: 'x', shape: [1, 9] },
    { segment: 9, mono: true, sampleRate: 11_025 },
  ],
  [
    { name: 'x', shape: [1, 3, 4] },
    { segment: 9, mono: true, features: 'mfcc', nFft: 8, hopLength: 4, nMels: 4, nMfcc: 4 },
  ],
];

/** A recording gives as many numbers as the model takes, whatever is made of it. */
function soundTarget(): Target {
  const left = [0, 0.5, -0.5, 0.25, 1, -1];
  const right = left.map((v) => -v);
  const chunk = { id: 'LIST', data: new Uint8Array(3) };
  return {
    name: 'samples .wav',
    corpus: [
      wav({ channels: [left], encoding: 'u8' }),
      wav({ channels: [left, right], encoding: 's16', before: [chunk], behind: [chunk] }),
      wav({ channels: [left], encoding: 's24', isExtensible: true }),
      wav({ channels: [left, right], encoding: 's32', sampleRate: 44_100 }),
      wav({ channels: [left], encoding: 'f32', isExtensible: true }),
      wav({ channels: [left], encoding: 'f64' }),
    ],
    tokens: [
      'RIFF',
      'RIFX',
      'WAVE',
      'fmt ',
      'data',
      'LIST',
      '\u0000\u0000\u0000\u0000',
      '\u00ff\u00ff\u00ff\u00ff',
    ],
    check: async (bytes) => {
      const recording = await valueOrRefusal(() => readWav(new Uint8Array(bytes), 'x.wav'));
      if (!recording) return;
      const { channels, length, read } = recording;
      for (let c = 0; c < channels; c++) assert.equal(read(c, 0, length).length, length);
      for (const [input, options] of SOUND) {
        const all = { ...DEFAULT_SOUND_OPTIONS, ...options };
        const data = await valueOrRefusal(() => fittedSound([input], recording, all, 'x'));
        if (data) await valueOrRefusal(() => hasItsRows(data));
      }
    },
  };
}

function hasItsRows({ inputs: [first], rows }: FittedData): void {
  const { numbers, elements } = first!;
  assert.equal(numbers.read((rows - 1) * elements, elements).length, elements);
}

/** What is read has as many numbers as it says, whoever is fed with them. */
function target(
  name: string,
  files: Uint8Array[],
  read: (bytes: Uint8Array) => DataFile | Promise<DataFile>,
  tokens?: readonly string[],
): Target {
  return {
    name: `samples ${name}`,
    corpus: files,
    ...(tokens ? { tokens } : {}),
    check: async (bytes) => {
      const file = await valueOrRefusal(() => read(new Uint8Array(bytes)));
      const data = file && (await valueOrRefusal(() => fitted(inputs, file, 'x')));
      if (!data) return;
      const [{ numbers, elements }] = data.inputs as [(typeof data.inputs)[number]];
      assert.equal(numbers.read((data.rows - 1) * elements, elements).length, elements);
      assert.ok(file.labels === undefined || file.labels.every((label) => typeof label === 'string'));
    },
  };
}
