import assert from 'node:assert/strict';
import fc from 'fast-check';
import { advice } from '../../extension/cli/remedies.ts';
import { explainFailure } from '../../extension/glow/failure.ts';
import { isNoise, NoiseFolder } from '../../extension/glow/noise.ts';

const explain = (
  exitCode: number,
  output = '',
  tool: 'image-classifier' | 'model-compiler' = 'model-compiler',
) =>
  explainFailure(
    tool,
    { exitCode, output },
    { model: 'digits.onnx', imageFile: () => 'C:\\Bilder ü\\7.png' },
  );

/** What LLVM and glog print of where it happened. */
const STACK = `*** Check failure stack trace: ***
    @     0x7ff826df01ed  google::LogMessage::Fail()
PLEASE submit a bug report to the project and include the crash backtrace.
 #0 0x000055b16406ceb1 llvm::sys::PrintStackTrace(llvm::raw_ostream&, int) (/glow/model-compiler+0xd4eeb1)
#14 0x0000558604b58381 _start (/glow/model-compiler+0x877381)
`;

describe('glow/failure', () => {
  it('each known message is one sentence that names what is wrong', () => {
    const cases: readonly (readonly [number, string, RegExp, string])[] = [
      [
        134,
        "Error code: MODEL_LOADER_INVALID_PROTOBUF\nError message: Can't find the model or network files for model.onnx.\n",
        /cannot read digits\.onnx\.$/,
        'input',
      ],
      [134, 'Error code: MODEL_LOADER_INVALID_PROTOBUF\n', /no ONNX model that it understands/, 'input'],
      [
        134,
        'Error message: No node under name x_1\n',
        /not told that the input of digits\.onnx is x_1\.$/,
        'model',
      ],
      [
        134,
        'Error code: MODEL_LOADER_UNSUPPORTED_OPERATOR\nError message: Failed to load operator Det .\n',
        /the operator Det of digits\.onnx/,
        'model',
      ],
      [
        134,
        'Error message: Profile file "profile.yaml" does not exist!',
        /refuses the profile of digits\.onnx: it is missing/,
        'toolchain',
      ],
      [134, 'Error message: Error reading YAML file', /it is damaged/, 'toolchain'],
      [134, 'Graph hash mismatch!', /it is of another model/, 'toolchain'],
      [
        134,
        "F20241122 20:12:09.2 1 Image.cpp:2] Can't open image file with name: images/00003.png.",
        /sample image C:\\Bilder ü\\7\.png/,
        'input',
      ],
      [
        134,
        'Unsupported node found while compiling Function model.onnx for backend CPU: Splat\nName : y',
        /no integer code for what it makes of digits\.onnx: it refuses its own Splat/,
        'model',
      ],
      [134, 'Src must be quantized', /biases are dequantized from int32/, 'model'],
      [
        1,
        "model-compiler: Unknown command line argument '-use-cmsis'.  Try: 'x --help'",
        /^This Glow \(of unknown version\) has no option -use-cmsis\.$/,
        'toolchain',
      ],
      [
        1,
        "model-compiler: for the --quantization-precision-bias option: Cannot find option named 'Int16'!",
        /that value of -quantization-precision-bias/,
        'toolchain',
      ],
      [139, '', /crashed without a message/, 'toolchain'],
      [139, STACK, /crashed without a message/, 'toolchain'],
      [134, STACK, /gave up without a message/, 'toolchain'],
      [137, '', /killed from outside/, 'toolchain'],
      [143, '', /killed from outside/, 'toolchain'],
      [0xc000013a, '', /killed from outside/, 'toolchain'],
      [9, '', /exit code 9 and no message/, 'toolchain'],
      [134, 'Error message: Something new.\n', /gave up: Something new\.$/, 'toolchain'],
      [125, 'docker: Error response from daemon: No such image', /No such image/, 'toolchain'],
    ];
    for (const [code, output, pattern, kind] of cases) {
      const e = explain(code, output);
      assert.match(e.message, pattern);
      assert.match(e.message, /^[^\n]*\.$/, 'one sentence');
      assert.match(advice(e.remedies), /^[A-Z][^\n]*\.$/);
      assert.equal(e.code, kind, e.message);
    }
  });

  it('Windows: a missing DLL, a crash, an abort, signed or not', () => {
    for (const code of [0xc0000135, 0xc0000135 | 0])
      assert.match(explain(code).message, /needs a DLL, which is missing/);
    assert.match(explain(0xc0000139).message, /a DLL of the right version/);
    assert.match(explain(-1073741819).message, /crashed/);
    assert.match(explain(3).message, /gave up without a message/);
    assert.match(explain(0xc000007b).message, /not a program that this computer can run/);
  });

  it('Linux and macOS: a missing library', () => {
    const linux =
      'image-classifier: error while loading shared libraries: libpng16.so.16: cannot open shared object file';
    assert.match(explain(127, linux).message, /it needs libpng16\.so\.16, which is missing/);
    assert.match(explain(134, 'dyld[1]: Library not loaded: @rpath/libglog.dylib').message, /libglog\.dylib/);
  });

  it('any output at all: one sentence, no control characters, bounded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
        fc.string({ unit: 'binary', maxLength: 3000 }),
        (code, text) => {
          const e = explain(code, text);
          assert.ok(e.message.length < 600 && !/\p{Cc}/u.test(e.message), JSON.stringify(e.message));
        },
      ),
    );
  });
});

describe('glow/noise', () => {
  it('counts what every good run prints, and logs the rest', () => {
    const lines: string[] = [];
    const folder = new NoiseFolder((line) => lines.push(line), 'cortex-m0');
    for (const line of [
      "'x86-64' is not a recognized processor for this target (ignoring processor)",
      "'+sse' is not a recognized feature for this target (ignoring feature)",
      'I20241122 20:12:09.123456 4711 LLVMBackend.cpp:300] fine',
      'E20241122 20:12:09.123456 4711 Loader.cpp:12] not fine',
      'Writing dotty graph for Function to: graph.dot\u001b[31m',
      '',
    ]) {
      folder.push(line);
    }
    folder.end();
    assert.deepEqual(lines, [
      'E20241122 20:12:09.123456 4711 Loader.cpp:12] not fine',
      'Writing dotty graph for Function to: graph.dot\ufffd[31m',
      '(3 harmless lines of Glow left out)',
    ]);
  });

  it('the processor that was asked for being unknown is no noise', () => {
    const line = "'cortex-m0' is not a recognized processor for this target (ignoring processor)";
    assert.equal(isNoise(line, 'cortex-m0'), false);
    assert.equal(isNoise(line, 'cortex-m7'), true);
  });
});
