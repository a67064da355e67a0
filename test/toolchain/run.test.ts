import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError, type ErrorCode } from '../../extension/common/error.ts';
import { runTool } from '../../extension/toolchain/run.ts';
import { until } from '../support/until.ts';

const node = process.execPath;
const fails = (code: ErrorCode, message: RegExp) => (e: unknown) =>
  e instanceof UserError && e.code === code && message.test(e.message);

/** Waits until a process is gone; one that ended and that nobody has asked for yet counts as gone. */
async function gone(pid: number): Promise<void> {
  assert.ok(pid > 0, 'it was never there');
  await until(() => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() === '' || stdout.trim().startsWith('Z');
  });
}

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
      runTool('no-such-tool', [], { whenMissing: { do: 'installGlow', instead: false } }),
      (e: unknown) => e instanceof UserError && e.remedies[0]?.do === 'installGlow',
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

  describe('with all that it has started', () => {
    // a wrapper: starts a program that hangs, tells its number, and waits for it
    const wrapper = 'sleep 600 & echo grandchild $!; wait';
    /** Runs the wrapper, stops it as soon as it hangs, and says what was stopped and how. */
    async function stopped(
      options: Parameters<typeof runTool>[2] = {},
    ): Promise<{ pid: number; error: unknown }> {
      const controller = new AbortController();
      let pid = 0;
      const log = (line: string): void => {
        pid = Number(/^grandchild (\d+)$/.exec(line)?.[1]);
        controller.abort();
      };
      const running = runTool('sh', ['-c', wrapper], {
        signal: controller.signal,
        log,
        wholeTree: true,
        ...options,
      });
      const error: unknown = await running.then(
        () => 'ended well',
        (e: unknown) => e,
      );
      return { pid, error };
    }

    it('when cancelled', async () => {
      const { pid, error } = await stopped();
      assert.ok(fails('cancelled', /Cancelled/)(error), String(error));
      await gone(pid);
    });

    it('when it takes too long', async () => {
      const { pid, error } = await stopped({ timeoutMs: 1000, signal: new AbortController().signal });
      assert.ok(fails('toolchain', /did not finish within 1 second and/)(error), String(error));
      await gone(pid);
    });

    it('when it prints without end', async () => {
      const child = 'const s = "x".repeat(1 << 16); while (true) require("node:fs").writeSync(1, s)';
      const script = `console.log('child ' + process.pid); require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`;
      await assert.rejects(
        runTool(node, ['-e', script], { wholeTree: true }),
        fails('toolchain', /more than 4 MB/),
      );
    });

    it('not at all when it was cancelled before', async () => {
      const lines: string[] = [];
      const asked = {
        wholeTree: true,
        signal: AbortSignal.abort(),
        log: (line: string) => void lines.push(line),
      };
      await assert.rejects(runTool(node, ['-e', 'console.log(1)'], asked), fails('cancelled', /Cancelled/));
      assert.deepEqual(lines, []);
    });

    it('on Windows by taskkill, which finds the tree by its root: the root still runs then', async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-taskkill-'));
      const taskkill = path.join(folder, 'taskkill');
      // writes down its arguments and whether the root was there, then ends the children and the root as the real one does
      await writeFile(
        taskkill,
        `#!/bin/sh
echo "$@" > '${folder}/arguments'
kill -0 "$2" && echo alive > '${folder}/root'
kill -9 $(pgrep -P "$2") "$2"
`,
        { mode: 0o755 },
      );
      try {
        const { pid, error } = await stopped({ platform: 'win32', taskkill });
        assert.ok(fails('cancelled', /Cancelled/)(error), String(error));
        assert.match(await readFile(path.join(folder, 'arguments'), 'utf8'), /^\/pid \d+ \/t \/f\n$/);
        assert.equal(await readFile(path.join(folder, 'root'), 'utf8'), 'alive\n');
        await gone(pid);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('a taskkill that fails leaves nobody waiting', async () => {
      const { pid, error } = await stopped({ platform: 'win32', taskkill: '/no/such/taskkill' });
      process.kill(pid);
      assert.ok(fails('cancelled', /Cancelled/)(error), String(error));
    });
  });

  it('reports a program that was killed', async () => {
    await assert.rejects(
      runTool(node, ['-e', 'process.kill(process.pid, "SIGKILL")']),
      fails('toolchain', /ended by SIGKILL/),
    );
  });
});
