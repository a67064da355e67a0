import assert from 'node:assert/strict';
import { conversionText } from '../../extension/common/errors/conversion.ts';
import { otherFormat } from '../../extension/workflow/otherFormat.ts';

describe('workflow: models of other formats', () => {
  const command = (file: string, start = ''): string | undefined => {
    const [remedy] = otherFormat(file, Buffer.from(start, 'latin1'))?.remedies ?? [];
    return remedy?.do === 'convertModel' ? conversionText(remedy.by, 'posix') : undefined;
  };

  it('are known by their first bytes, else by their ending', () => {
    const convert = 'python -m tf2onnx.convert';
    assert.equal(command('a/net.tflite'), `${convert} --tflite a/net.tflite --output a/net.onnx --opset 13`);
    assert.equal(
      command('net.onnx', '\x1c\0\0\0TFL3'),
      `${convert} --tflite net.onnx --output net-converted.onnx --opset 13`,
    );
    assert.equal(
      command('net.bin', '\x89HDF\r\n\x1a\n'),
      `${convert} --keras net.bin --output net.onnx --opset 13`,
    );
    assert.equal(command('my net.H5'), `${convert} --keras 'my net.H5' --output 'my net.onnx' --opset 13`);
    assert.match(
      command('my "net.pth')!,
      /^torch\.onnx\.export\(model, example_input, "my \\"net\.onnx", .*\)$/,
    );
    for (const file of ['net.onnx', 'net', 'net.png', 'h5', '.tflite'])
      assert.equal(otherFormat(file), undefined);
  });
});
