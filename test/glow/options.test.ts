import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { compileArguments, type GlowCompileOptions, profileArguments } from '../../extension/glow/options.ts';
import { parseGlowVersion } from '../../extension/glow/probe.ts';

const options: GlowCompileOptions = {
  precision: 'int8',
  biasPrecision: 'int32',
  schema: 'asymmetric',
  channelwise: false,
  floatPlaceholders: false,
  networkName: 'mnist_nxp',
  core: 'cortex-m0plus',
  defines: { N: 1 },
  modelFile: 'model.onnx',
  isQuantized: false,
  extraArguments: [],
};

describe('glow/options', () => {
  it("the application note's commands, word for word", () => {
    assert.deepEqual(
      profileArguments(
        ['a.png', 'b.png'],
        { modelFile: 'model.onnx', defines: { N: 1 }, inputName: 'max_pooling_1_input' },
        { mode: '0to1', layout: 'NHWC', channelOrder: undefined },
      ),
      'a.png b.png -image-mode=0to1 -image-layout=NHWC -model=model.onnx -onnx-define-symbol=N,1 -model-input-name=max_pooling_1_input -dump-profile=profile.yaml'.split(
        ' ',
      ),
    );
    assert.deepEqual(
      compileArguments(options, false),
      '-backend=CPU -model=model.onnx -target=arm -mcpu=cortex-m0 -onnx-define-symbol=N,1 -emit-bundle=bundle -load-profile=profile.yaml -network-name=mnist_nxp -convert-placeholders -dump-graph-DAG=graph.dot'.split(
        ' ',
      ),
    );
    const m7 = compileArguments({ ...options, core: 'cortex-m7' }, false);
    assert.deepEqual(m7.slice(3, 5), ['-mcpu=cortex-m7', '-float-abi=hard']);
  });

  it('every choice that is not Glow\u2019s default is an argument of its own', () => {
    const args = compileArguments(
      {
        ...options,
        precision: 'int16',
        biasPrecision: 'int8',
        schema: 'symmetric_with_power2_scale',
        channelwise: true,
        floatPlaceholders: true,
        extraArguments: ['-use-cmsis', '--num-devices=1'],
      },
      true,
    );
    assert.deepEqual(args.slice(-7), [
      '-quantization-precision=Int16',
      '-quantization-precision-bias=Int8',
      '-quantization-schema=symmetric_with_power2_scale',
      '-enable-channelwise',
      '-bundle-api=static',
      '-use-cmsis',
      '--num-devices=1',
    ]);
    assert.ok(!args.includes('-convert-placeholders'));
    const colour = profileArguments(
      { list: 'images.txt' },
      { modelFile: 'model.onnx', defines: {}, inputName: 'in put' },
      { mode: 'neg1to1', layout: 'NCHW', channelOrder: 'BGR' },
    );
    assert.deepEqual(colour.slice(0, 4), [
      '-input-image-list-file=images.txt',
      '-image-mode=neg1to1',
      '-image-layout=NCHW',
      '-image-channel-order=BGR',
    ]);
    assert.ok(colour.includes('-model-input-name=in put'), 'one word, whatever is in it');
  });

  it('an input with a comma in its name has no option', () => {
    assert.throws(
      () =>
        profileArguments(
          ['a.png'],
          { modelFile: 'model.onnx', defines: {}, inputName: 'x,float' },
          { mode: '0to1', layout: 'NCHW', channelOrder: undefined },
        ),
      (e) => e instanceof UserError && e.code === 'model' && /input "x,float"/.test(e.message),
    );
  });

  it('a model that is quantized already has no profile and no choices of quantization', () => {
    const asked = { ...options, modelFile: 'model.tflite', isQuantized: true, channelwise: true } as const;
    assert.deepEqual(
      compileArguments({ ...asked, schema: 'symmetric' }, false),
      '-backend=CPU -model=model.tflite -target=arm -mcpu=cortex-m0 -onnx-define-symbol=N,1 -emit-bundle=bundle -network-name=mnist_nxp -convert-placeholders -dump-graph-DAG=graph.dot'.split(
        ' ',
      ),
    );
  });

  it('further arguments are options, and none that GlowPort sets', () => {
    const refused = (word: string): string => {
      try {
        compileArguments({ ...options, extraArguments: [word] }, false);
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'usage');
        return e.message;
      }
      return 'accepted';
    };
    for (const word of ['other.onnx', '-', '--', '-=x', '; rm -rf /', '-a\0b'])
      assert.match(refused(word), /is no option/);
    for (const word of ['-emit-bundle=/', '--model=x', '-m', '-mcpu=x', '-main-entry-name=f']) {
      assert.match(refused(word), /GlowPort sets -[\w-]+ itself/);
    }
    assert.equal(refused('-use-cmsis'), 'accepted');
  });
});

describe('glow/probe', () => {
  it('the version from what LLVM prints', () => {
    const version =
      'LLVM (http://llvm.org/):\n  LLVM version 9.0.1\r\nGlow Tools version: 2022-05-19 (2ee55ec50) (SDK_2.12.0)\r\n';
    assert.equal(parseGlowVersion(version), '2022-05-19 (2ee55ec50) (SDK_2.12.0)');
    assert.equal(
      parseGlowVersion('Glow Tools version: 2024-05-11 (05dd99b97) ()\n'),
      '2024-05-11 (05dd99b97)',
    );
    assert.equal(parseGlowVersion('LLVM version 9'), undefined);
  });
});
