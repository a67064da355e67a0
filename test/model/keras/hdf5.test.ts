import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { UserError } from '../../../extension/common/error.ts';
import { openHdf5 } from '../../../extension/model/formats/keras/hdf5/file.ts';
import { hdf5File } from './hdf5Builder.ts';

const read = (name: string) => readFileSync(new URL(`files/${name}`, import.meta.url));
const count = (n: number) => Float32Array.from({ length: n }, (_, i) => i);

const refuses = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (e) => e instanceof UserError && e.code === 'input' && message.test(e.message));

describe('model: HDF5 files', () => {
  for (const name of ['earliest.h5', 'latest.h5']) {
    const root = openHdf5(read(name));
    const group = root.child('outer')!;

    it(`${name}: attributes`, () => {
      assert.deepEqual(root.texts('variable'), ['text of any length']);
      assert.deepEqual(root.texts('fixed'), ['fixed']);
      assert.deepEqual(root.texts('list'), ['a', 'bcd', '']);
      assert.deepEqual(root.texts('texts'), ['one', '', 'three']);
      assert.equal(root.texts('number'), undefined);
      assert.equal(root.texts('none'), undefined);
      assert.equal(group.texts('variable'), undefined);
    });

    it(`${name}: numbers of each type`, () => {
      const whole = ['i1', 'u1', 'i4', 'big_i2', 'i8', 'u8'].map((type) => `whole/${type}`);
      for (const type of ['real/f2', 'real/f4', 'real/f8', 'real/big_f4', ...whole]) {
        const { shape, data } = group.child(type)!.dataset();
        assert.deepEqual([shape, data], [[3, 4], count(12)], type);
      }
      assert.deepEqual(group.child('scalar')!.dataset(), { shape: [], data: Float32Array.of(5) });
      assert.deepEqual(group.child('unwritten')!.dataset(), { shape: [2, 3], data: new Float32Array(6) });
    });

    it(`${name}: what is not there`, () => {
      assert.equal(root.child('other'), undefined);
      assert.equal(root.child('outer/other/real'), undefined);
      assert.equal(group.child('real/f4')!.child('x'), undefined);
      refuses(() => group.dataset(), /no whole HDF5 file/);
    });
  }

  it('chunks, packed and not', () => {
    const packed = openHdf5(read('earliest.h5')).child('packed')!;
    for (const name of ['plain', 'gzip', 'shuffle']) {
      assert.deepEqual(packed.child(name)!.dataset(), { shape: [7, 10], data: count(70) }, name);
    }
    assert.deepEqual(packed.child('cube')!.dataset(), { shape: [3, 4, 5], data: count(60) });
    refuses(() => packed.child('lzf')!.dataset(), /datasets packed by HDF5 filter 32000, which is not read/);
  });

  it('groups of many', () => {
    const names = openHdf5(read('earliest.h5')).child('many')!.names();
    assert.deepEqual([...names].sort(), Array.from({ length: 20 }, (_, k) => `group ${k}`).sort());
  });

  it("refuses what only libver='latest' writes with what to do", () => {
    const root = openHdf5(read('latest.h5'));
    refuses(() => root.child('dense')!.child('group 1'), /keeps its groups in the way of libver='latest'/);
    refuses(() => root.child('chunked')!.dataset(), /in chunks in the way of libver='latest'/);
  });

  it('ends with a sentence at each place where a file can be cut', () => {
    for (const whole of [read('earliest.h5').subarray(0, 6000), read('latest.h5').subarray(0, 4000)]) {
      for (let size = 0; size < whole.length; size += 13) {
        try {
          const root = openHdf5(whole.subarray(0, size));
          root.texts('texts');
          root.child('outer/real/f4')?.dataset();
        } catch (e) {
          assert.ok(e instanceof UserError, String((e as Error).stack));
        }
      }
    }
  });

  it('does not follow circles for long', () => {
    const file = hdf5File({ children: { a: { children: {} } } });
    // the only tree's leaf is the tree itself
    const tree = file.indexOf('TREE');
    file.writeUInt8(1, tree + 5);
    file.writeBigUInt64LE(BigInt(tree), tree + 32);
    const group = file.indexOf('TREE', tree + 1);
    file.writeUInt8(1, group + 5);
    file.writeBigUInt64LE(BigInt(group), group + 32);
    refuses(() => openHdf5(file).child('a'), /more than a model for a microcontroller/);
  });

  it('takes no more chunks, filters and packed bytes than a dataset has', () => {
    const whole = read('earliest.h5');
    // the first tree of chunks is that of the first dataset; behind its head is the packed size of the first chunk
    const size = whole.indexOf('TREE\x01') + 24;
    assert.equal(whole.readUInt32LE(size), 3 * 4 * 4);
    const chunks = (packedSize: number) => {
      const copy = Buffer.from(whole);
      copy.writeUInt32LE(packedSize, size);
      return openHdf5(copy).child('packed/plain')!.dataset();
    };
    assert.equal(chunks(48).data.length, 70);
    refuses(() => chunks(40_000), /no whole HDF5 file/);
    refuses(() => chunks(8), /no whole HDF5 file/);
    // a filter pipeline of version 1 with one filter, deflate
    const pipeline = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0, 1, 0]);
    const many = Buffer.from(whole);
    many.writeUInt8(200, many.indexOf(pipeline) + 1);
    refuses(() => openHdf5(many).child('packed/gzip')!.dataset(), /no whole HDF5 file/);
  });

  it('does not make room for what the file does not hold', () => {
    const file = hdf5File({ children: { w: { shape: [4096, 4096], data: [1] } } });
    refuses(() => openHdf5(file).child('w')!.dataset(), /no whole HDF5 file/);
    const large = hdf5File({ children: { w: { shape: [2 ** 20, 2 ** 20], data: [1] } } });
    assert.throws(() => openHdf5(large).child('w')!.dataset(), /more than 16777216 elements/);
  });
});
