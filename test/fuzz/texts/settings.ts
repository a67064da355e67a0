import assert from 'node:assert/strict';
import { findBoard } from '../../../extension/board/catalogue.ts';
import { checkProfile } from '../../../extension/glow/profile.ts';
import { textOf } from '../../../extension/common/text.ts';
import { parseLabels } from '../../../extension/data/findSamples.ts';
import { readProfile, writeProfile } from '../../../extension/quantize/profileYaml.ts';
import { profile } from '../../../extension/quantize/profile.ts';
import { configText, parseConfig } from '../../../extension/workflow/choices/config.ts';
import { readLabels } from '../../../extension/workflow/data/labels.ts';
import { Random } from '../../support/random.ts';
import { GraphMaker, randomInputs } from '../../support/randomGraph.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, texts } from '../driver/targets.ts';
import { CaseFolder } from './folder.ts';

const config = JSON.stringify({
  model: 'mnist.onnx',
  board: 'frdmke16z',
  images: ['samples', 'more/'],
  name: 'digits',
  labels: 'labels.txt',
  image: { mode: '0to1', layout: 'NHWC', resize: true },
  quantization: { precision: 'int16', schema: 'symmetric', channelwise: false, range: 'mse' },
  compiler: 'builtin',
  defines: { N: 1 },
});
const jsonTokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '"__proto__":{}',
    '"\\u0000"',
    '\\ud800',
  ],
  ...['"model":', '"sdk":', '"glow":', '"defines":', '../', '/', '\u0000', '\ufeff', '"auto"'],
];
const yamlTokens = ['---', '...', '- ', ': ', '[ ', ' ]', '*a', '&a ', '!!js/function ', '!!binary ', '|', '>', '? ', '{', '<<: *a', '"', "'", '#', '.nan', '-.inf', '\t']; // prettier-ignore

/** What a user's folder says: glowport.json, profiles, labels, names of boards. */
export function settingTargets(): Target[] {
  const folder = new CaseFolder();
  const random = new Random(1);
  const maker = new GraphMaker(random);
  const graph = maker.finish([maker.append('leakyRelu', maker.append('conv2d', maker.image()))]);
  const profiles = texts(writeProfile(graph, profile(graph, [randomInputs(graph, random)])));
  const labels = [...texts('zero\none\r\ntwo\n', '\ufeffa\n'), Buffer.from('\ufeffnull\neins\n', 'utf16le')];
  return [
    { name: 'glowport.json', isJson: true, corpus: texts(config), tokens: jsonTokens, check: checkConfig },
    {
      name: 'profile',
      corpus: profiles,
      tokens: yamlTokens,
      check: (b) => valueOrRefusal(() => readProfile(Buffer.from(b).toString('utf8'), graph, 'net.yaml')),
    },
    {
      name: "Glow's profile",
      corpus: profiles,
      tokens: yamlTokens,
      check: (b) => valueOrRefusal(() => checkProfile(Buffer.from(b).toString('utf8'))),
    },
    {
      name: 'labels.txt',
      corpus: labels,
      check: async (b) => {
        const place = folder.with({ 'labels.txt': b });
        const read = await valueOrRefusal(() => readLabels(`${place}/net.onnx`, undefined));
        assert.ok(!read || read.every((l) => l.length <= 100));
      },
    },
    {
      name: 'labels.csv',
      corpus: texts('file,label\n"a ""b"".png",7\r\n0_1.png,1\n'),
      tokens: ['"', '""', ',', '.png', '\r', '\n'],
      check: (b) => parseLabels(textOf(b)),
    },
    {
      name: 'board name',
      corpus: texts('frdmke16z', 'FRDM-KE16Z', 'rt1060'),
      check: (b) => valueOrRefusal(() => findBoard(Buffer.from(b).toString('utf8'))),
    },
  ];
}

/** What is read is written so that it is read again. */
async function checkConfig(bytes: Uint8Array): Promise<void> {
  const read = await valueOrRefusal(() =>
    parseConfig(Buffer.from(bytes).toString('utf8'), '/home/glowport.json'),
  );
  if (!read) return;
  const again = parseConfig(configText(read, '/home/glowport.json'), '/home/glowport.json');
  assert.deepEqual(again, read);
}
