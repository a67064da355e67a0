import fc from 'fast-check';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { conversionText } from '../../extension/common/errors/conversion.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { type Format, isRead, START_BYTES } from '../../extension/model/formats/format.ts';
import {
  formatOf,
  formats,
  hasReadEnding,
  knownEndings,
  notRead,
  readFormatOf,
} from '../../extension/model/formats/table.ts';
import { onnxModel } from './onnxBuilder.ts';
import { runs } from './oracle.ts';

const bytes = (latin1: string): Uint8Array => Uint8Array.from(Buffer.from(latin1, 'latin1'));

/** A zip file's first bytes: one whose first file has this name. */
function zip(first: string): string {
  const length = String.fromCharCode(first.length, 0);
  return `PK\x03\x04\x14\0\0\0\x08\0${'\0'.repeat(16)}${length}\0\0${first}compressed data`;
}

const small = onnxModel({
  nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
  inputs: [{ name: 'x', shape: [1, 4] }],
  outputs: ['y'],
});

/** How files of each format begin, by its id. */
const STARTS: Readonly<Record<string, readonly Uint8Array[]>> = {
  onnx: [
    small,
    readFileSync(path.join(productRoot, 'examples/mnist/mnist.onnx')),
    ...['keywords_11_dynamic', 'mixer_16', 'mobile_16'].map((name) =>
      readFileSync(path.join(productRoot, `test/model/exported/${name}.onnx`)),
    ),
  ],
  tflite: [bytes('\x1c\0\0\0TFL3\x14\0'), bytes('\x20\0\0\0TFL3')],
  keras: [
    bytes('\x89HDF\r\n\x1a\n\0\0'),
    bytes(zip('metadata.json')),
    ...['mnist.h5', 'mnist.keras'].map((name) =>
      readFileSync(path.join(productRoot, 'examples/mnist', name)),
    ),
  ],
  pytorch: [
    bytes(zip('archive/data.pkl')),
    bytes(zip('net/data/0')),
    bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e\x80\x02'),
  ],
};

const claimants = (start: Uint8Array): string[] =>
  formats.filter((f) => f.begins?.(start.subarray(0, START_BYTES))).map((f) => f.id);

describe('model: the table of formats', () => {
  it('has an id, a name and endings for each, none twice', () => {
    const unique = (list: readonly string[], what: string) =>
      assert.equal(new Set(list.map((s) => s.toLowerCase())).size, list.length, what);
    unique(
      formats.map((f) => f.id),
      'ids',
    );
    unique(
      formats.map((f) => f.name),
      'names',
    );
    unique(knownEndings, 'endings');
    for (const ending of knownEndings) assert.match(ending, /^\.[a-z0-9]+$/);
    const folders = formats.flatMap((f) => (isRead(f) ? [] : (f.folderWith ?? [])));
    unique(folders, 'files of folders');
    for (const f of formats) assert.ok(f.endings.length > 0 || (!isRead(f) && f.folderWith), f.id);
  });

  it('tells each format by its first bytes, whatever the file is called', () => {
    assert.deepEqual(
      Object.keys(STARTS).sort(),
      formats.filter((f) => f.begins).map((f) => f.id).sort(),
    ); // prettier-ignore
    for (const [id, starts] of Object.entries(STARTS)) {
      for (const start of starts) {
        assert.deepEqual(claimants(start), [id]);
        for (const name of ['model', 'model.bin', ...knownEndings.map((e) => `model${e}`)]) {
          assert.equal(formatOf(name, start)?.id, id, name);
        }
      }
    }
  });

  it('tells a file that begins as none by its ending, in capitals too', () => {
    const nothing = bytes('no model');
    for (const format of formats) {
      for (const ending of format.endings) {
        for (const e of [ending, ending.toUpperCase()]) {
          assert.equal(formatOf(`a.b/my net${e}`, nothing), format);
          assert.equal(formatOf(`net${e}`, new Uint8Array()), format);
          assert.equal(hasReadEnding(`net${e}`), isRead(format));
        }
        // a name of its own that looks like an ending
        assert.equal(formatOf(ending, nothing), undefined);
        assert.equal(formatOf(ending.slice(1), nothing), undefined);
      }
    }
    for (const name of ['net', 'net.png', 'net.onnx.txt', 'net.'])
      assert.equal(formatOf(name, nothing), undefined);
  });

  it('no bytes begin as two formats do: random ones, and starts that are cut, changed or follow another', () => {
    const all = Object.values(STARTS).flat();
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.constantFrom(...all), fc.nat(60)).map(([start, n]) => start.subarray(0, n)),
    );
    const spliced = fc.array(piece, { minLength: 1, maxLength: 3 }).map((list) => Buffer.concat(list));
    const changed = fc.tuple(spliced, fc.nat(20), fc.nat(255)).map(([b, at, value]) => {
      if (at < b.length) b[at] = value;
      return b;
    });
    fc.assert(
      fc.property(fc.oneof(spliced, changed), fc.constantFrom('net', ...knownEndings), (start, ending) => {
        const [claimed, second] = claimants(start);
        assert.equal(second, undefined, `${claimed} and ${second}`);
        const format = formatOf(`net${ending}`, start);
        if (claimed !== undefined) assert.equal(format?.id, claimed);
        else assert.ok(format === undefined || format.endings.includes(ending));
      }),
      runs(20_000),
    );
  });

  it('tells the public models of a collection by their bytes alone', function () {
    const folder = path.join(productRoot, '../shared/models/files');
    if (!existsSync(folder)) this.skip();
    const byEnding = (file: string) => formatOf(file, new Uint8Array())?.id;
    const models = readdirSync(folder).filter(byEnding);
    assert.ok(models.length > 0);
    for (const file of models) {
      assert.deepEqual(claimants(readFileSync(path.join(folder, file))), [byEnding(file)], file);
    }
  });

  it('refuses a format that is not read with what converts it; the file keeps its place, the result gets a name of its own', () => {
    const by = (format: Format, file: string): string => {
      assert.ok(!isRead(format));
      const { message, remedies, code } = notRead(file, format);
      assert.equal(code, 'input');
      assert.match(message, /^\S.* is a .*, and GlowPort reads .*\.$/);
      const [remedy] = remedies;
      assert.ok(remedy?.do === 'convertModel');
      return conversionText(remedy.by, 'posix')!;
    };
    const command = (id: string, file: string) =>
      by(
        formats.find((f) => f.id === id)!,
        file,
      );
    const convert = 'python -m tf2onnx.convert';
    assert.equal(
      command('savedModel', 'net.onnx'),
      `${convert} --saved-model net.onnx --output net-converted.onnx --opset 13`,
    );
    assert.match(command('savedModel', 'NET.ONNX'), / --output NET-converted\.onnx /);
    assert.equal(
      command('savedModel', 'my net.PB'),
      `${convert} --saved-model 'my net.PB' --output 'my net.onnx' --opset 13`,
    );
    assert.equal(
      command('savedModel', 'a/saved/'),
      `${convert} --saved-model a/saved/ --output a/saved.onnx --opset 13`,
    );
    assert.match(
      command('pytorch', 'my "net.pth'),
      /^torch\.onnx\.export\(model, example_input, "my \\"net\.onnx", .*\)$/,
    );
    const guide = readFileSync(path.join(productRoot, 'docs/guide.md'), 'utf8');
    for (const format of formats.filter((f) => !isRead(f))) {
      const file = format.endings[0] === undefined ? 'folder' : `model${format.endings[0]}`;
      const shown = by(format, file).replace('folder.onnx', 'model.onnx');
      assert.ok(guide.includes(`\`${shown}\``), `docs/guide.md has no ${shown}`);
    }
  });

  it('refuses what is no model at all with one sentence', () => {
    for (const name of ['net', 'net.png', 'a b/net.bin']) {
      assert.throws(
        () => readFormatOf(name, bytes('no model')),
        (e) =>
          e instanceof UserError &&
          e.code === 'input' &&
          e.message === `${path.basename(name)} is no model of a format that GlowPort knows.`,
      );
    }
  });
});
