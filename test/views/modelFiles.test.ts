import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { dialogEndings, MODEL_PATTERN } from '../../extension/views/modelFiles.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly customEditors: readonly {
      readonly selector: readonly { readonly filenamePattern: string }[];
      readonly priority: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
  };
}

const manifest = JSON.parse(readFileSync(path.join(productRoot, 'package.json'), 'utf8')) as Manifest;

describe('package.json about models', () => {
  it('opens and looks for models that are read, and lets those be ported that can be told how they are converted', () => {
    assert.deepEqual(
      manifest.activationEvents.filter((e) => e.includes('*')),
      ['h5', 'keras', 'hdf5', 'onnx', 'tflite', 'lite'].flatMap((e) => [
        `workspaceContains:*.${e}`,
        `workspaceContains:*/*.${e}`,
      ]),
    );
    const opened = (priority: string) =>
      manifest.contributes.customEditors.filter((e) => e.priority === priority).flatMap((e) => e.selector);
    const patterns = (...endings: string[]) => endings.map((e) => ({ filenamePattern: `*.${e}` }));
    assert.deepEqual(opened('default'), patterns('keras', 'onnx', 'tflite'));
    assert.deepEqual(opened('option'), patterns('h5', 'hdf5', 'lite'), 'files that may be something else');
    const { menus } = manifest.contributes;
    const takes = (menu: string, command: string, ending: string): boolean => {
      const { when } = menus[menu]!.find((entry) => entry.command === command)!;
      const [, pattern, flags] = /^resourceExtname =~ \/(.*)\/(i)$/.exec(when)!;
      return new RegExp(pattern!, flags).test(ending);
    };
    for (const [menu, command, yes, no] of [
      [
        'explorer/context',
        'glowport.port',
        ['.onnx', '.ONNX', '.tflite', '.h5', '.keras', '.pt'],
        ['.png', '.onnxx', ''],
      ],
      ['editor/title/context', 'glowport.port', ['.onnx', '.Onnx', '.tflite'], ['.c', '.json']],
      [
        'explorer/context',
        'glowport.inspect',
        ['.onnx', '.ONNX', '.h5', '.Keras', '.hdf5', '.tflite'],
        ['.pt', '.pth'],
      ],
      ['explorer/context', 'glowport.explore', ['.onnx', '.H5', '.tflite'], ['.pt', '.png']],
      ['explorer/context', 'glowport.validate', ['.onnx', '.H5', '.tflite'], ['.pt', '.png']],
    ] as const) {
      for (const ending of yes) assert.ok(takes(menu, command, ending), `${menu} ${command} ${ending}`);
      for (const ending of no) assert.ok(!takes(menu, command, ending), `${menu} ${command} ${ending}`);
    }
    const [, image] = menus['explorer/context']!.filter((entry) => entry.command !== 'glowport.port');
    assert.match(image!.when, /png/, 'the menus of other files are left as they are');
  });

  it('goes with what dialogs and searches of the workspace are told', () => {
    assert.deepEqual(dialogEndings.read, ['h5', 'keras', 'hdf5', 'onnx', 'tflite', 'lite']);
    assert.deepEqual(dialogEndings.known, ['h5', 'keras', 'hdf5', 'onnx', 'tflite', 'lite', 'pt', 'pth']);
    assert.equal(
      MODEL_PATTERN,
      '**/*{.[hH]5,.[kK][eE][rR][aA][sS],.[hH][dD][fF]5,.[oO][nN][nN][xX],.[tT][fF][lL][iI][tT][eE],.[lL][iI][tT][eE]}',
    );
  });
});
