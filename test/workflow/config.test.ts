import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { type Choice, type Choices, mapChoices } from '../../extension/common/choice.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  AUTO_SDK,
  CHOICES,
  DEFAULT_CHOICES,
  type PortChoices,
} from '../../extension/workflow/choices/choices.ts';
import { configText, parseConfig, readConfig, writeConfig } from '../../extension/workflow/choices/config.ts';
import { editorSchema } from '../../extension/workflow/choices/schema.ts';

const minimal = { model: 'm.onnx', board: 'frdmke16z', samples: ['calibration'] };
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

/** Any value of a choice. */
function valueOf(choice: Choice): fc.Arbitrary<unknown> {
  const place = fc
    .constantFrom('a.onnx', 'in/b', '../c', 'd e/f')
    .map((p) => path.resolve('/project/folder', p));
  const orNot = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    choice.default === undefined ? fc.option(value, { nil: undefined }) : value;
  switch (choice.kind) {
    case 'flag':
      return fc.boolean();
    case 'oneOf':
      return orNot(fc.constantFrom(...choice.values));
    case 'number': {
      const { minimum: min, maximum: max } = choice;
      const number = choice.isWhole
        ? fc.integer({ min, max })
        : fc.double({ min, max, noNaN: true, noDefaultInfinity: true }).map((v) => v + 0); // no -0 in JSON
      return orNot(choice.keyword === undefined ? number : fc.oneof(number, fc.constant(choice.keyword)));
    }
    case 'text':
      return orNot(fc.constantFrom('frdmke16z', 'COM3', '/dev/ttyACM0'));
    case 'path':
      return orNot(choice.keyword === undefined ? place : fc.oneof(place, fc.constant(choice.keyword)));
    case 'paths':
      return fc.array(place, { maxLength: 3 });
    case 'texts':
      return fc.array(fc.constantFrom('accuracy>=95', 'flash<=64k'), { maxLength: 2 });
    case 'arguments':
      return fc.array(fc.constantFrom('-use-cmsis', '-num-devices=1'), { maxLength: 2 });
    case 'sizes':
      return fc.dictionary(fc.constantFrom('N', 'batch', 'unk__1'), fc.integer({ min: 1, max: 9 }));
    case 'numberLists':
      return fc.dictionary(
        fc.constantFrom('', 'x', 'meta'),
        fc.array(
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0),
          {
            minLength: 1,
            maxLength: Math.min(3, choice.maxItems),
          },
        ),
      );
    case 'group':
      return valuesOf(choice.choices);
  }
}

function valuesOf(choices: Choices): fc.Arbitrary<unknown> {
  return fc.record(mapChoices(choices, valueOf) as Record<string, fc.Arbitrary<unknown>>);
}

describe('workflow/config', () => {
  it('reads the smallest file: defaults for the rest, paths from its own folder', () => {
    assert.deepEqual(parseConfig(JSON.stringify(minimal), file), {
      ...DEFAULT_CHOICES,
      model: path.resolve('/project/folder/m.onnx'),
      board: 'frdmke16z',
      samples: [path.resolve('/project/folder/calibration')],
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
    assert.match(wrong({ samples: 'calibration' }), /wrong "samples": it must be array/);
    for (const nul of [
      { model: 'a\0b' },
      { samples: ['a', '\0'] },
      { name: '\0' },
      { glowArguments: ['-a\0'] },
    ]) {
      assert.match(wrong(nul), /has a wrong "[\w.]+": it has the character NUL, which no path/);
    }
    assert.match(wrong({ glowArguments: ['use'] }), /wrong "glowArguments.0"/);
    assert.match(wrong({ into: '' }), /wrong "into"/);
    assert.match(wrong({ port: 3 }), /wrong "port": it must be string/);
    assert.match(wrong({ defines: { N: 0 } }), /wrong "defines\.N": it must be >= 1/);
    assert.match(wrong({ quantization: { channelwise: 'yes' } }), /wrong "quantization\.channelwise"/);
  });

  it('reads what files called a choice before', () => {
    const { samples, ...rest } = minimal;
    const old = JSON.stringify({ ...rest, images: samples });
    assert.deepEqual(parseConfig(old, file), parseConfig(JSON.stringify(minimal), file));
    assert.match(refusal(JSON.stringify({ ...minimal, samples: undefined })), /lacks the key "samples"/);
    const both = JSON.stringify({ ...minimal, images: samples });
    assert.match(refusal(both), /^glowport\.json says "images" and "samples", which are the same\.$/);
    // editors, which know the schema only, take one of the names
    const isValid = new Ajv().compile(editorSchema());
    assert.ok(isValid(JSON.parse(old)) && isValid(minimal));
    assert.ok(!isValid(rest) && !isValid(JSON.parse(both)));
  });

  it('what is written reads back the same', () => {
    fc.assert(
      fc.property(valuesOf(CHOICES) as fc.Arbitrary<PortChoices>, (c) => {
        const back = parseConfig(configText(c, file), file);
        assert.deepEqual(back, structuredClone(c)); // fast-check's records have no prototype
      }),
    );
  });

  it('states what is no default only, with paths from its own folder', () => {
    const choices: PortChoices = {
      ...DEFAULT_CHOICES,
      model: path.resolve('/project/m.onnx'),
      board: 'frdmke16z',
      out: path.resolve('/project/folder'),
      sdk: AUTO_SDK,
      image: { ...DEFAULT_CHOICES.image, resize: true },
    };
    assert.deepEqual(JSON.parse(configText(choices, file)), {
      ...{ model: '../m.onnx', board: 'frdmke16z', samples: [], out: '.', sdk: 'auto' },
      image: { resize: true },
    });
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
