import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { CHANNEL_ORDERS, IMAGE_LAYOUTS, IMAGE_MODES } from '../../extension/image/tensor.ts';
import { RANGE_CHOICES } from '../../extension/quantize/ranges.ts';
import { SCHEMAS } from '../../extension/quantize/schemas.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { COMPILERS, DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { configText, parseConfig, readConfig, writeConfig } from '../../extension/workflow/choices/config.ts';

const minimal = { model: 'm.onnx', board: 'frdmke16z', images: ['calibration'] };
const file = path.resolve('/project/folder/glowport.json');

function refusal(text: string): string {
  try {
    parseConfig(text, file);
  } catch (e) {
    assert.ok(e instanceof UserError && e.code === 'input', String(e));
    return e.message;
  }
  return 'accepted';
}

describe('workflow/config', () => {
  it('reads the smallest file: defaults for the rest, paths from its own folder', () => {
    assert.deepEqual(parseConfig(JSON.stringify(minimal), file), {
      ...DEFAULT_CHOICES,
      model: path.resolve('/project/folder/m.onnx'),
      board: 'frdmke16z',
      images: [path.resolve('/project/folder/calibration')],
    });
  });

  it('says in one sentence what is wrong', () => {
    const wrong = (change: object): string => refusal(JSON.stringify({ ...minimal, ...change }));
    assert.match(refusal('{'), /^glowport\.json is not valid JSON: .*\.$/);
    assert.match(refusal('[]'), /must hold an object/);
    assert.match(refusal('null'), /must hold an object/);
    assert.match(refusal('{"model":"m"}'), /lacks the key "board"/);
    assert.match(wrong({ bord: 1 }), /unknown key "bord"\./);
    assert.match(wrong({ image: { mod: '0to1' } }), /unknown key "mod" in "image"/);
    assert.match(wrong({ weights: 'disk' }), /wrong "weights": it may be flash, ram\./);
    assert.match(wrong({ images: 'calibration' }), /wrong "images": it must be array/);
    assert.match(wrong({ into: '' }), /wrong "into"/);
    assert.match(wrong({ port: 3 }), /wrong "port": it must be string/);
    assert.match(wrong({ defines: { N: 0 } }), /wrong "defines\.N": it must be >= 1/);
    assert.match(wrong({ quantization: { channelwise: 'yes' } }), /wrong "quantization\.channelwise"/);
  });

  it('what is written reads back the same', () => {
    const relative = fc.constantFrom('a.onnx', 'in/b', '../c', 'd e/f');
    const absolute = relative.map((p) => path.resolve('/project/folder', p));
    const choices: fc.Arbitrary<PortChoices> = fc.record({
      model: absolute,
      board: fc.constantFrom('frdmke16z', 'evkmimxrt1060'),
      images: fc.array(absolute, { maxLength: 3 }),
      input: fc.option(absolute, { nil: undefined }),
      out: fc.option(absolute, { nil: undefined }),
      run: fc.constantFrom('sim', 'none'),
      into: fc.option(absolute, { nil: undefined }),
      port: fc.constantFrom(undefined, 'COM3', '/dev/ttyACM0'),
      weights: fc.constantFrom('flash', 'ram'),
      reuseInput: fc.boolean(),
      name: fc.option(fc.constant('net'), { nil: undefined }),
      labels: fc.option(absolute, { nil: undefined }),
      defines: fc.dictionary(
        fc.constantFrom('N', 'batch', 'unk__1'),
        fc.integer({ min: 1, max: 9 }),
      ) as fc.Arbitrary<Record<string, number>>,
      console: fc.constantFrom('uart', 'semihost'),
      compiler: fc.constantFrom(...COMPILERS),
      sdk: fc.constantFrom(undefined, 'auto', path.resolve('/opt/nxp/mcux-sdk')),
      glowArguments: fc.array(fc.constantFrom('-use-cmsis', '-num-devices=1'), { maxLength: 2 }),
      quantization: fc.record({
        schema: fc.constantFrom(...SCHEMAS),
        weightSchema: fc.constantFrom(...SCHEMAS),
        precision: fc.constantFrom('int8', 'int16'),
        biasPrecision: fc.constantFrom('int8', 'int16', 'int32'),
        channelwise: fc.boolean(),
        range: fc.constantFrom(...RANGE_CHOICES),
        floatPlaceholders: fc.boolean(),
      }),
      image: fc.record({
        mode: fc.constantFrom(...(Object.keys(IMAGE_MODES) as (keyof typeof IMAGE_MODES)[])),
        layout: fc.constantFrom(undefined, ...IMAGE_LAYOUTS),
        channelOrder: fc.constantFrom(...CHANNEL_ORDERS),
        resize: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(choices, (c) => {
        const back = parseConfig(configText(c, file), file);
        assert.deepEqual(back, structuredClone(c)); // fast-check's records have no prototype
      }),
    );
  });

  it('the schema lists exactly the choices that the code knows', async () => {
    const schema = JSON.parse(
      await readFile(path.join(productRoot, 'templates/glowport.schema.json'), 'utf8'),
    ) as { properties: Record<string, { enum?: string[]; properties?: never }> };
    const inside = (group: string) =>
      schema.properties[group]?.properties as unknown as Record<string, { enum?: string[] }>;
    assert.deepEqual(inside('quantization')['schema']?.enum, [...SCHEMAS]);
    assert.deepEqual(inside('quantization')['weightSchema']?.enum, [...SCHEMAS]);
    assert.deepEqual(inside('quantization')['range']?.enum, [...RANGE_CHOICES]);
    assert.deepEqual(inside('image')['mode']?.enum, Object.keys(IMAGE_MODES));
    assert.deepEqual(inside('image')['layout']?.enum, [...IMAGE_LAYOUTS]);
    assert.deepEqual(inside('image')['channelOrder']?.enum, [...CHANNEL_ORDERS]);
  });

  it('is replaced whole, and nothing is left when it cannot be written', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'glowport-config-'));
    try {
      const target = path.join(dir, 'glowport.json');
      await writeFile(target, 'old');
      const choices = parseConfig(JSON.stringify(minimal), target);
      await writeConfig(target, choices);
      assert.deepEqual(await readConfig(target), choices);
      assert.deepEqual(JSON.parse(await readFile(target, 'utf8')), minimal);
      await assert.rejects(
        writeConfig(path.join(target, 'glowport.json'), choices),
        (e) =>
          e instanceof UserError &&
          /a file of that name is in the way|part of the path is a file/.test(e.message),
      );
      assert.deepEqual(await readdir(dir), ['glowport.json']);
      await assert.rejects(
        readConfig(path.join(dir, 'none.json')),
        (e) => e instanceof UserError && e.code === 'input',
      );
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
