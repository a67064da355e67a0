import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { hasControls } from '../../../extension/common/errors/printable.ts';
import { explainFailure } from '../../../extension/glow/failure.ts';
import { isNoise, printable, unknownProcessor } from '../../../extension/glow/noise.ts';
import { readFailure } from '../../../extension/toolchain/diagnostics.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { type Target, texts } from '../driver/targets.ts';

const gcc = `/home/u/source/main.c:12:3: error: expected ';' before '}' token
/usr/bin/ld: region \`RAM' overflowed by 616 bytes
collect2: error: ld returned 1 exit status
CMake Error at CMakeLists.txt:3 (project):
`;
const glow = `'generic' is not a recognized processor for this target (ignoring processor)
Error while loading shared libraries: libglow.so: cannot open shared object file
Error message: ONNX: Unsupported operator 'Foo'
F1122 10:11:12.123456 7 Error.cpp:119] exitOnError(Error) got an unexpected ErrorValue:
`;
const tokens = ['error: ', 'undefined reference to `', "region `RAM' overflowed by ", 'CMake Error', '/', '\\', '.', ':', '\x1b[31m', '\0', '\n', '\r\n', 'Error message: ', 'Unsupported']; // prettier-ignore

/** What compilers and Glow print when they fail: it becomes one sentence. */
export function toolTargets(): Target[] {
  return [
    {
      name: "a compiler's output",
      corpus: texts(gcc),
      tokens,
      check: (b) => {
        const { firstError } = readFailure(Buffer.from(b).toString('utf8'));
        assert.ok(firstError.length <= 300 && !firstError.includes('\n'), JSON.stringify(firstError));
      },
    },
    { name: "Glow's output", corpus: texts(glow, gcc), tokens, check: checkGlow },
  ];
}

async function checkGlow(bytes: Uint8Array): Promise<void> {
  const output = Buffer.from(bytes).toString('utf8');
  for (const exitCode of [1, 134, 137]) {
    await valueOrRefusal(() => {
      const told = explainFailure('model-compiler', { exitCode, output }, { model: 'net.onnx' });
      assert.ok(told instanceof UserError);
      throw told;
    });
  }
  for (const line of output.split('\n').slice(0, 100)) {
    isNoise(line);
    unknownProcessor(line);
    assert.ok(
      !hasControls(printable(line).replace(/[\t\ufffd\n\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu, '')),
    );
  }
}
