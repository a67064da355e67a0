import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import type { ParsedHeader } from '../../extension/bundle/header.ts';
import { floatKinds, glowDrawing, readGlowGraph } from '../../extension/glow/graph.ts';
import { matchPlaceholders, verifyObject } from '../../extension/glow/verify.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';

const sentence = (work: () => unknown): string => {
  try {
    work();
  } catch (e) {
    assert.ok(e instanceof UserError && e.code === 'toolchain', String(e));
    return e.message;
  }
  return 'accepted';
};

describe('glow/verify: objects that the real gcc made', () => {
  const object = (...cpuFlags: string[]): Promise<Uint8Array> =>
    compileObject(
      {
        name: 'net',
        source: '#include "net.h"\nint net(float f) { return (int)f; }\n',
        header: 'int net(float f);\n',
      },
      { cpuFlags },
    );

  it('takes Thumb code of the asked core and float ABI, nothing else', async () => {
    const m0 = await object('-mcpu=cortex-m0', '-mthumb');
    const m7 = await object('-mcpu=cortex-m7', '-mthumb', '-mfloat-abi=hard', '-mfpu=fpv5-d16');
    const check = (bytes: Uint8Array, core: 'cortex-m0plus' | 'cortex-m7', name = 'net') =>
      sentence(() => verifyObject(bytes, name, core));
    assert.equal(check(m0, 'cortex-m0plus'), 'accepted');
    assert.equal(check(await object('-mcpu=cortex-m0plus', '-mthumb'), 'cortex-m0plus'), 'accepted');
    assert.equal(check(m7, 'cortex-m7'), 'accepted');
    assert.match(check(m7, 'cortex-m0plus'), /not for the Cortex-M0\+/);
    assert.match(check(m0, 'cortex-m7'), /not for the Cortex-M7/);
    assert.match(
      check(await object('-mcpu=cortex-m7', '-mthumb'), 'cortex-m7'),
      /does not pass floats in FPU registers/,
    );
    assert.match(
      check(await object('-marm', '-march=armv4t'), 'cortex-m0plus'),
      /Arm-mode code, which no Cortex-M runs/,
    );
    assert.match(check(m0, 'cortex-m0plus', 'other'), /has no function other/);
    assert.match(check(m0.subarray(0, 100), 'cortex-m0plus'), /no object file/);
    assert.match(check(new Uint8Array(0), 'cortex-m0plus'), /no object file/);
  });
});

describe('glow/verify: placeholders', () => {
  const placeholder = (cName: string, byteOffset: number, change: object = {}) =>
    ({
      name: cName,
      cName,
      shape: [1, 4],
      type: 'int8',
      scale: 1,
      offset: 0,
      byteOffset,
      byteSize: 4,
      ...change,
    }) as const;
  const header = (...placeholders: ParsedHeader['placeholders'][number][]): ParsedHeader => ({
    name: 'net',
    placeholders,
    constantBytes: 0,
    mutableBytes: 64,
    stateBytes: 0,
    activationBytes: 0,
    alignment: 64,
  });
  const ends = {
    inputs: [{ name: 'serving/input-1:0', elements: 4 }],
    outputs: [{ name: '2nd', elements: 4 }],
  };
  const int8 = { floatPlaceholders: false, precision: 'int8' } as const;

  it('by name in any order, as Glow spells them', () => {
    const found = matchPlaceholders(
      header(placeholder('A2nd__1', 4), placeholder('serving_input_1_0', 0)),
      ends,
      int8,
    );
    assert.deepEqual(
      found.map((p) => [p.name, p.cName, p.direction]),
      [
        ['serving/input-1:0', 'serving_input_1_0', 'input'],
        ['2nd', 'A2nd__1', 'output'],
      ],
    );
  });

  it('by name byte by byte: a letter beyond ASCII is as many underscores as it has bytes', () => {
    const [input, output] = matchPlaceholders(
      header(placeholder('Eingang___', 0), placeholder('Ausgang____', 4)),
      {
        inputs: [{ name: 'Eingang-ä', elements: 4 }],
        outputs: [{ name: 'Ausgang-出', elements: 4 }],
      },
      int8,
    );
    assert.deepEqual([input!.cName, output!.cName], ['Eingang___', 'Ausgang____']);
  });

  it('refuses a missing, a further, a misplaced one, another size or type', () => {
    const [a, b] = [placeholder('serving_input_1_0', 0), placeholder('A2nd', 4)];
    const said = (...all: ParsedHeader['placeholders'][number][]) =>
      sentence(() => matchPlaceholders(header(...all), ends, int8));
    assert.match(said(a), /has no output "2nd"/);
    assert.match(said({ ...a, cName: `A${a.cName}` }, b), /has no input "serving\/input-1:0"/);
    assert.match(said(a, b, placeholder('x', 8)), /a placeholder "x" that the model has not/);
    assert.match(said(a, { ...b, byteOffset: 62 }), /outside its memory/);
    assert.match(said(a, { ...b, shape: [1, 5], byteSize: 5 }), /1 x 5 elements in "2nd", the model 4/);
    assert.match(said(a, { ...b, type: 'float32', byteSize: 16 }), /float32 values in "2nd" where int8/);
  });
});

describe('glow/graph', () => {
  const node = (id: string, kind: string, type: string): string =>
    `${id}[\n\tlabel = "{{<Input>Input}|{${kind}\\lname : ${kind}_${id}\\lInput : float\\<1 x 2\\>\\lResult : ${type.replace(/[<>]/g, '\\$&')}\\l}|{<Result>Result}}"\n\tshape = "record"\npenwidth = 2];\n`;
  const dot = (...nodes: string[]): string =>
    `digraph DAG {\n\trankdir=TB;\n${nodes.join('\n')}v0:Result -> v1:Input;\n}`;

  it('reads nodes, types and edges', () => {
    const graph = readGlowGraph(
      dot(
        node('v0', 'Placeholder', 'float<1 x 2>'),
        node('v1', 'FullyConnected', 'i8[S:0.5 O:-3][-62.5,65.0]<1 x 2>'),
      ),
    )!;
    assert.deepEqual(graph.edges, [{ from: 'v0', to: 'v1' }]);
    assert.deepEqual(floatKinds(graph), []);
    assert.deepEqual(glowDrawing('n', graph).nodes[1], {
      id: 'v1',
      kind: 'dense',
      title: 'FullyConnected',
      lines: ['FullyConnected_v1', '1\u00d72 int8', 'scale 0.5, offset -3'],
    });
  });

  it('in either spelling of its fields, with every port of a node', () => {
    const label = (name: string): string =>
      `c__2[\n\tlabel = "{{<Input>Input|<Bias>Bias}|{Convolution\\l${name} : conv__2\\lInput : i8[S:0.5 O:-128][0.000,1.467]\\<1 x 7 x 7 x 4\\>\\lBias : i32[S:0.25 O:0][-1.5,1.5]\\<4\\>\\lKernels : [3, 3]\\lLayout : NHWC\\lUsers : 1\\lResult : float\\<1 x 7 x 7 x 4\\>\\l}|{<Result>Result|<Argmax>Argmax}}"\n\tshape = "record"\n\tfillcolor=Thistle1\npenwidth = 2];\n`;
    for (const name of ['Name', 'name']) {
      const graph = readGlowGraph(
        `digraph DAG {\n\trankdir=TB;\n${label(name)}y:Output -> c__2:Output [dir="both"];\n}`,
      )!;
      assert.deepEqual(graph.nodes, [
        {
          id: 'c__2',
          kind: 'Convolution',
          name: 'conv__2',
          types: new Map([
            ['Input', 'i8[S:0.5 O:-128][0.000,1.467]<1 x 7 x 7 x 4>'],
            ['Bias', 'i32[S:0.25 O:0][-1.5,1.5]<4>'],
            ['Result', 'float<1 x 7 x 7 x 4>'],
          ]),
        },
      ]);
      assert.deepEqual(graph.edges, [{ from: 'y', to: 'c__2' }]);
    }
  });

  it('names the kinds that compute in float, not what only converts or moves', () => {
    const graph = readGlowGraph(
      dot(
        node('v0', 'SoftMax', 'float<1 x 2>'),
        node('v1', 'Convolution', 'float<1 x 2>'),
        node('v2', 'Dequantize', 'float<1 x 2>'),
      ),
    )!;
    assert.deepEqual(floatKinds(graph), ['SoftMax', 'Convolution']);
  });

  it('is undefined for what is no graph of Glow', () => {
    for (const text of ['', 'no graph', 'digraph x { a -> b; }', '\0'.repeat(100)])
      assert.equal(readGlowGraph(text), undefined);
  });
});
