import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cIdentifier, type Placeholder } from '../../extension/bundle/bundle.ts';
import { readHeader, writeHeader } from '../../extension/bundle/header.ts';
import { weightsText } from '../../extension/bundle/weights.ts';
import { UserError } from '../../extension/common/error.ts';

const input: Placeholder = {
  name: 'max_pooling_1_input',
  cName: 'max_pooling_1_input',
  direction: 'input',
  shape: [1, 28, 28, 1],
  type: 'int8',
  scale: 0.003921569,
  offset: -128,
  byteOffset: 0,
  byteSize: 784,
};
const output: Placeholder = {
  ...input,
  name: 'dense/2:0',
  cName: 'dense_2_0',
  direction: 'output',
  shape: [1, 10],
  type: 'float32',
  scale: 1,
  offset: 0,
  byteOffset: 784,
  byteSize: 40,
};
const sizes = {
  name: 'mnist_nxp',
  constantBytes: 2176,
  mutableBytes: 896,
  stateBytes: 0,
  activationBytes: 1088,
  alignment: 64,
};

describe('bundle header', () => {
  it('has the macros, the types and the entry point of Glow', () => {
    const text = writeHeader({ ...sizes, placeholders: [input, output] });
    for (const line of [
      '#define MNIST_NXP_max_pooling_1_input 0',
      '#define MNIST_NXP_dense_2_0 784',
      '#define MNIST_NXP_CONSTANT_MEM_SIZE 2176',
      '#define MNIST_NXP_MUTABLE_MEM_SIZE 896',
      '#define MNIST_NXP_ACTIVATIONS_MEM_SIZE 1088',
      '#define MNIST_NXP_MEM_ALIGN 64',
      '#define GLOW_SUCCESS 0',
      '//   Type: i8[S:0.003921569 O:-128][0.000,1.000]<1 x 28 x 28 x 1>',
      '//   Type: float<1 x 10>',
      'int mnist_nxp(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.match(text, /#define GLOW_GET_ADDR\(/);
    assert.match(text, /#define GLOW_MEM_ALIGN\(size\)/);
  });

  it('is read back by name', () => {
    const { placeholders, ...rest } = readHeader(
      writeHeader({ ...sizes, placeholders: [input, output] }),
      'x.h',
    );
    assert.deepEqual(rest, sizes);
    assert.deepEqual(
      placeholders,
      [input, output].map(({ direction: _, ...p }) => p),
    );
  });

  it('names placeholders by their macros, which tell apart what the comments may not', () => {
    const twins = [
      { ...input, name: 'a.b', cName: 'a_b' },
      { ...input, name: 'a/b', cName: 'a_b_' },
      { ...input, name: 'a"\\\n', cName: 'a___' },
    ];
    const { placeholders } = readHeader(writeHeader({ ...sizes, placeholders: twins }), 'x.h');
    assert.deepEqual(
      placeholders.map((p) => p.cName),
      twins.map((p) => p.cName),
    );
  });

  it('reads the form of 2020: void entry point, a Shape line, suffixed macros', () => {
    const text = [
      '//   Name: "A__1"',
      '//   Type: float',
      '//   Shape: [1, 10]',
      '//   Size: 10 (elements)',
      '//   Size: 40 (bytes)',
      '//   Offset: 64 (bytes)',
      '#define LENET_A__1  64',
      '#define LENET_CONSTANT_MEM_SIZE     100',
      '#define LENET_MUTABLE_MEM_SIZE      128',
      '#define LENET_ACTIVATIONS_MEM_SIZE  256',
      '#define LENET_MEM_ALIGN  64',
      'void lenet(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);',
    ].join('\r\n');
    const header = readHeader(text, 'lenet.h');
    assert.equal(header.name, 'lenet');
    assert.deepEqual(header.placeholders[0]!.shape, [1, 10]);
    assert.equal(header.placeholders[0]!.byteOffset, 64);
  });

  it('refuses numbers that no placeholder has', () => {
    const text = writeHeader({ ...sizes, placeholders: [input] });
    const refused = (pattern: RegExp, number: string): void => {
      const changed = text.replace(pattern, `$1${number}$3`);
      assert.notEqual(changed, text, String(pattern));
      assert.throws(
        () => readHeader(changed, 'x.h'),
        /^UserError: x\.h gives the placeholder .* numbers that no bundle has\.$/,
      );
    };
    const huge = '9'.repeat(400);
    for (const number of [huge, '9'.repeat(17)]) {
      refused(/(<1 x )(\d+)(.*>)/, number);
      refused(/(Size: +)(\d+)( \(bytes\))/, number);
      refused(/(Offset: +)(\d+)( \(bytes\))/, number);
      refused(/( O:)(-?\d+)(\])/, number);
    }
    for (const scale of [huge, 'e', '-1', '1.2.3']) refused(/(S:)([^ ]+)( O)/, scale);
  });

  it('refuses anything else with one sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.throws(
          () => readHeader(text, 'x.h'),
          (e: unknown) => e instanceof UserError && e.code === 'input' && e.message.startsWith('x.h '),
        );
      }),
    );
  });
});

describe('bundle names and weights', () => {
  it('makes C identifiers as Glow does', () => {
    assert.equal(cIdentifier('my-net.1'), 'my_net_1');
    assert.equal(cIdentifier('serving/input-1:0'), 'serving_input_1_0');
    assert.equal(cIdentifier('2d'), 'A2d');
    // byte by byte: two of ä, three of 入, four of a character beyond 16 bits
    assert.equal(cIdentifier('Eingang-ä'), 'Eingang___');
    assert.equal(cIdentifier('入x\u{1f600}'), '___x____');
  });

  it('weights.txt: twenty bytes a line, as an initialiser takes them', () => {
    const text = weightsText(Uint8Array.from({ length: 21 }, (_, i) => i));
    assert.equal(text.split('\n')[0]!.length, 20 * 6);
    assert.match(text, /^ 0X00, 0X01,/);
    assert.ok(text.endsWith(' 0X14,\n'));
    assert.equal(weightsText(new Uint8Array()), '\n');
  });
});
