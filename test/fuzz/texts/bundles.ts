import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findBoard } from '../../../extension/board/catalogue.ts';
import type { Bundle } from '../../../extension/bundle/bundle.ts';
import { bundleFiles } from '../../../extension/bundle/files.ts';
import { readHeader } from '../../../extension/bundle/header.ts';
import { readWeightsText, weightsText } from '../../../extension/bundle/weights.ts';
import { productRoot } from '../../../extension/common/resources.ts';
import { directedPlaceholders } from '../../../extension/glow/directions.ts';
import { floatKinds, glowDrawing, readGlowGraph } from '../../../extension/glow/graph.ts';
import { fitHeader } from '../../../extension/glow/header.ts';
import { tfliteEnds } from '../../../extension/model/formats/tflite/ends.ts';
import { projectFiles } from '../../../extension/project/generate.ts';
import { readBuildPlan } from '../../../extension/toolchain/buildPlanFile.ts';
import { readBundle } from '../../../extension/workflow/folders/bundleFolder.ts';
import { networkNeed } from '../../../extension/workflow/port/fit.ts';
import { TFLITE_MODEL } from '../../glow/tfliteTwin.ts';
import { incOf, tinyBundle, tinyInput } from '../../project/tinyBundle.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, texts } from '../driver/targets.ts';
import { CaseFolder } from './folder.ts';

const tokens = [
  ...[
    '#define TINY_',
    '#define',
    '// Name: "a"\n',
    '//   Type: ',
    'i8[S:',
    ' O:-',
    '<1 x 4>',
    '(bytes)',
    '(elements)',
  ],
  ...[
    'int tiny(uint8_t *',
    'void ',
    '\r\n',
    '\n\n',
    '*/',
    '"',
    '{',
    '}',
    '[',
    ']',
    'null',
    ',',
    ':',
    '\u202e',
    '__proto__',
  ],
];
const glowHeader = `#ifndef _GLOW_BUNDLE_NET_H
// Placeholder address offsets within mutable buffer (bytes)
//   Name: "input"
//   Type: i8[S:0.0078 O:0][-1.0,1.0]
//   Shape: [1, 28, 28, 1]
//   Size: 784 (elements)
//   Size: 784 (bytes)
//   Offset: 0 (bytes)
#define NET_input 0
//   Name: "out"
//   Type: float<1 x 10>
//   Size: 10 (elements)
//   Size: 40 (bytes)
//   Offset: 832 (bytes)
#define NET_out 832
#define NET_CONSTANT_MEM_SIZE 64
#define NET_MUTABLE_MEM_SIZE 896
#define NET_ACTIVATIONS_MEM_SIZE 64
#define NET_MEM_ALIGN 64
void net(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);
`;
const glowDot = `digraph DAG {
 v1 [ label = "{{<Input> Input}|{Convolution\\lname : \\"conv\\"\\lInput : i8[S:0.1 O:0]\\<1 x 4\\>\\lResult : float\\<1 x 4\\>\\l}|{<Result>Result}}" shape = "record"]
 v2 [ label = "{{}|{Placeholder\\lname : in\\loutput : float\\<1 x 4\\>\\l}|{<o>o}}" ]
 v2:o -> v1:Input
}
`;

/** Bundles, ours and Glow's, and projects made of them. */
export async function bundleTargets(): Promise<Target[]> {
  const bundle = await tinyBundle();
  const files = Object.fromEntries(bundleFiles(bundle));
  const report = texts(String(files['tiny.report.json']));
  const images = new Map([['image', incOf(tinyInput)]]);
  const board = findBoard('frdmke16z');
  const project = projectFiles({ board, bundle, testData: images, weights: 'flash', outDir: '' });
  const plan = texts(String(project.get('.glowport/build.json')));
  const folder = new CaseFolder();
  const whole = async (changed: Record<string, Uint8Array>): Promise<void> => {
    const read = await valueOrRefusal(() => readBundle(folder.with({ ...files, ...changed })));
    if (read) await valueOrRefusal(() => useOf(read));
  };
  return [
    { name: 'bundle header', corpus: texts(bundle.header, glowHeader), tokens, check: checkHeader },
    {
      name: 'bundle report',
      isJson: true,
      corpus: report,
      tokens,
      check: (b) => whole({ 'tiny.report.json': b }),
    },
    {
      name: 'bundle header in its folder',
      corpus: texts(bundle.header),
      tokens,
      check: (b) => whole({ 'tiny.h': b }),
    },
    {
      name: 'build plan',
      isJson: true,
      corpus: plan,
      tokens,
      check: (b) => valueOrRefusal(() => readBuildPlan(folder.with({ '.glowport/build.json': b }))),
    },
    { name: "Glow's graph", corpus: texts(glowDot), tokens, check: checkGraph },
    {
      name: 'weights as text',
      corpus: texts(weightsText(bundle.weights)),
      tokens: ['0X', ',', '0xFFF', ' ', '\n'],
      check: (b) => {
        const read = readWeightsText(Buffer.from(b).toString('latin1'), bundle.weights.length);
        assert.ok(!read || read.length === bundle.weights.length);
      },
    },
    {
      name: 'ends of a TensorFlow Lite model',
      corpus: [readFileSync(path.join(productRoot, TFLITE_MODEL))],
      tokens: ['\0\0\0\0', '\xff\xff\xff\xff', '\xff\xff\xff\x7f', 'TFL3'],
      check: (b) => valueOrRefusal(() => tfliteEnds(b)),
    },
  ];
}

/** What is done with a bundle that was read. */
function useOf(bundle: Bundle): void {
  const board = findBoard('frdmke16z');
  const need = networkNeed(bundle, { flashBytes: 1000, ramBytes: 100, libraryBytes: 0, stackBytes: 50 });
  assert.ok(need.cycles === undefined || Number.isFinite(need.cycles), `${need.cycles} cycles`);
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  const images = new Map(
    inputs.map((p) => [p.name, incOf(new Array<number>(Math.min(p.byteSize, 1000)).fill(0))]),
  );
  projectFiles({ board, bundle, testData: images, weights: 'flash', outDir: '' });
}

async function checkHeader(bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString('utf8');
  const parsed = await valueOrRefusal(() => readHeader(text, 'net.h'));
  if (!parsed) return;
  assert.match(parsed.name, /^[A-Za-z_]\w*$/);
  assert.ok(parsed.placeholders.every((p) => p.shape.every(Number.isFinite)));
  assert.deepEqual(fitHeader(text, 'net.h').parsed, parsed);
  const outputs = [parsed.placeholders.at(-1)!.cName];
  for (const hints of [{}, { outputs }]) {
    const directed = await valueOrRefusal(() => directedPlaceholders(parsed, hints));
    assert.ok(!directed || directed.length === parsed.placeholders.length);
  }
}

function checkGraph(bytes: Uint8Array): void {
  const graph = readGlowGraph(Buffer.from(bytes).toString('utf8'));
  if (!graph) return;
  floatKinds(graph);
  glowDrawing('net', graph);
}
