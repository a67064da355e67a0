import { say } from '../../common/errors/sentence.ts';
import { firstInZip, latin1 } from './bytes.ts';
import type { KnownFormat } from './format.ts';
import { onnxBeside } from './onnxBeside.ts';

/** What the files of torch.save before 1.6 begin with: a pickle of the number 0x1950a86a20f9469cfc6c. */
const LEGACY = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e';

/** Zip files of torch.save and torch.jit.save hold everything in a folder, first of all a pickle or a tensor. */
const IN_ZIP = /^[^/]+\/(data\.pkl|data\/\d+|constants\.pkl|version)$/;

export const pytorch: KnownFormat = {
  id: 'pytorch',
  name: 'PyTorch',
  model: say`a PyTorch file`,
  endings: ['.pt', '.pth'],
  begins: (start) => latin1(start, 0, LEGACY.length) === LEGACY || IN_ZIP.test(firstInZip(start) ?? ''),
  advise: (model) => ({
    do: 'convertModel',
    // a JSON string is a string of Python
    by: {
      python: `torch.onnx.export(model, example_input, ${JSON.stringify(onnxBeside(model))}, opset_version=13)`,
    },
  }),
};
