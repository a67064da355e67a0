import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { conversionCommand, otherFormat } from '../../extension/workflow/otherFormat.ts';

describe('workflow: models of other formats', () => {
  const command = (file: string, start = ''): string | undefined => {
    const error = otherFormat(file, Buffer.from(start, 'latin1'));
    return error && conversionCommand(error);
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
    assert.equal(command('my net.H5'), `${convert} --keras "my net.H5" --output "my net.onnx" --opset 13`);
    assert.match(command('net.pth')!, /^torch\.onnx\.export\(.*\)$/);
    for (const file of ['net.onnx', 'net', 'net.png', 'h5', '.tflite'])
      assert.equal(otherFormat(file), undefined);
  });

  it('have no command when the error is another', () => {
    assert.equal(conversionCommand(new UserError('input', 'It is damaged.', 'Save it again.')), undefined);
  });
});
