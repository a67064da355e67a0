import assert from 'node:assert/strict';
import { PortError, type PortErrorCode } from '../../extension/error.ts';
import { runTool } from '../../extension/toolchain/run.ts';

const node = process.execPath;
const fails = (code: PortErrorCode, message: RegExp) => (e: unknown) =>
  e instanceof PortError && e.code === code && message.test(e.message);

describe('running a tool', () => {
  it('gives exit code, output of both streams, and lines to the log', async () => {
    const lines: string[] = [];
    const script =
      'console.log("one"); console.error("two\\r\\nthree"); console.log("four"); process.exitCode = 3';
    const result = await runTool(node, ['-e', script], { log: (line) => lines.push(line) });
    assert.equal(result.exitCode, 3);
    assert.deepEqual(lines.sort(), ['four', 'one', 'three', 'two']);
    assert.match(result.output, /one/);
  });

  it('passes arguments as they are, through no shell', async () => {
    const args = ['a b', '$(echo x)', '`x`', '"', "'", '; exit 7', '%PATH%', '*'];
    const { output } = await runTool(node, [
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...args,
    ]);
    assert.deepEqual(JSON.parse(output), args);
  });

  it('says that a program is not installed', async () => {
    await assert.rejects(
      runTool('no-such-tool-anywhere', []),
      fails('toolchain', /no-such-tool-anywhere .*not installed/),
    );
    await assert.rejects(
      runTool('no-such-tool', [], { installHint: 'Buy one.' }),
      (e: unknown) => e instanceof PortError && e.hint === 'Buy one.',
    );
  });

  it('stops a program that takes too long', async () => {
    await assert.rejects(
      runTool(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 }),
      fails('toolchain', /did not finish/),
    );
  });

  it('stops a program that prints without end', async () => {
    const script =
      'const s = "x".repeat(1 << 16); const go = () => { while (process.stdout.write(s)); process.stdout.once("drain", go); }; go()';
    await assert.rejects(runTool(node, ['-e', script]), fails('toolchain', /more than 4 MB/));
  });

  it('stops when cancelled, before or while it runs', async () => {
    await assert.rejects(
      runTool(node, ['-e', ''], { signal: AbortSignal.abort() }),
      fails('cancelled', /Cancelled/),
    );
    const controller = new AbortController();
    const running = runTool(node, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
      signal: controller.signal,
      log: () => {
        controller.abort();
      },
    });
    await assert.rejects(running, fails('cancelled', /Cancelled/));
  });

  it('reports a program that was killed', async () => {
    await assert.rejects(
      runTool(node, ['-e', 'process.kill(process.pid, "SIGKILL")']),
      fails('toolchain', /ended by SIGKILL/),
    );
  });
});
