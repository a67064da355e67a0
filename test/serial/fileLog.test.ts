import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { FileLog, type FileLogOptions } from '../../extension/serial/fileLog/fileLog.ts';
import { logsThere } from '../../extension/serial/fileLog/rotatingFile.ts';

const NEVER = (error: UserError) => assert.fail(error.message);
/** 2026-12-01T00:00:00.000Z */
const NOON = Date.UTC(2026, 11, 1);

describe('a log into a file', () => {
  let dir: string;
  let file: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'glowport-filelog-'));
    file = path.join(dir, 'board.log');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const options = (more: Partial<FileLogOptions> = {}): FileLogOptions => ({
    file,
    format: 'raw',
    maxBytes: 0,
    earlier: 0,
    append: false,
    encoding: 'utf-8',
    ...more,
  });

  /** What its files hold, the oldest first. */
  async function contents(): Promise<Buffer[]> {
    const names = (await readdir(dir)).filter((name) => name.startsWith('board.log'));
    const age = (name: string) => Number(name.slice('board.log.'.length) || 0);
    return Promise.all(names.sort((a, b) => age(b) - age(a)).map((name) => readFile(path.join(dir, name))));
  }

  /** The files of the property's case before are gone. */
  async function cleared(): Promise<void> {
    for (const name of await readdir(dir)) await rm(path.join(dir, name));
  }

  async function logged(
    chunks: readonly Uint8Array[],
    more: Partial<FileLogOptions> = {},
  ): Promise<Buffer[]> {
    const log = await FileLog.start(options(more), NEVER);
    for (const [i, chunk] of chunks.entries()) {
      log.push(chunk, NOON + i);
      if (i % 3 === 0) await new Promise((done) => setImmediate(done)); // some are written meanwhile, some wait
    }
    await log.close(NOON);
    return contents();
  }

  it('holds every byte over all of its files, each full to its last byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 40 }),
        async (chunks, maxBytes) => {
          const all = Buffer.concat(chunks);
          await cleared();
          const files = await logged(chunks, { maxBytes, earlier: 2000 });
          assert.deepEqual(Buffer.concat(files), all);
          assert.equal(files.length, Math.max(1, Math.ceil(all.length / maxBytes)));
          assert.ok(files.slice(0, -1).every((f) => f.length === maxBytes));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps the newest bytes, in so many files as are wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 3 }),
        async (chunks, maxBytes, earlier) => {
          const all = Buffer.concat(chunks);
          await cleared();
          const files = await logged(chunks, { maxBytes, earlier });
          const count = Math.max(1, Math.ceil(all.length / maxBytes));
          const dropped = Math.max(0, count - 1 - earlier) * maxBytes;
          assert.deepEqual(Buffer.concat(files), all.subarray(dropped));
          assert.equal(files.length, Math.min(count, earlier + 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has its lines whole, with their times, without colours, in the order they came', async () => {
    const printable = fc.string({ unit: fc.constantFrom(...'abc xyz.é→'), maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          printable.filter((line) => line !== ''),
          { maxLength: 25 },
        ),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 60, max: 300 }),
        async (lines, cuts, maxBytes) => {
          const bytes = Buffer.from(lines.map((line) => `\x1b[31m${line}\x1b[0m\r\n`).join(''));
          const at = [0, ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i]!, end));
          await cleared();
          const files = await logged(chunks, { format: 'text', maxBytes, earlier: 100 });
          for (const f of files) assert.ok(f.length <= maxBytes && (f.length === 0 || f.at(-1) === 10));
          const read = Buffer.concat(files).toString().split('\n').slice(0, -1);
          assert.deepEqual(
            read.map((line) => line.slice('2026-12-01T00:00:00.000Z '.length)),
            lines,
          );
          const times = read.map((line) => line.slice(0, 24));
          assert.deepEqual(times, [...times].sort());
          for (const time of times) assert.match(time, /^2026-12-01T00:00:00\.\d{3}Z$/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('writes a line that never ended when the port or the log is closed, and long ones in one', async () => {
    const log = await FileLog.start(options({ format: 'text' }), NEVER);
    log.push(Buffer.from('half'), NOON);
    log.endLine(NOON + 1);
    log.push(Buffer.from(`${'x'.repeat(5000)}\nend`), NOON + 2);
    await log.close(NOON + 3);
    const stamp = (ms: number) => new Date(NOON + ms).toISOString();
    assert.equal(
      await readFile(file, 'utf8'),
      `${stamp(0)} half\n${stamp(2)} ${'x'.repeat(5000)}\n${stamp(2)} end\n`,
    );
  });

  it('reads text in the port’s encoding, and in another one from where it changes', async () => {
    const log = await FileLog.start(options({ format: 'text', encoding: 'latin-1' }), NEVER);
    log.push(Buffer.from([0xe9, 10]), NOON);
    log.setEncoding('utf-8', NOON);
    log.push(Buffer.from([0xc3, 0xa9, 10]), NOON);
    await log.close(NOON);
    const stamp = new Date(NOON).toISOString();
    assert.equal(await readFile(file, 'utf8'), `${stamp} é\n${stamp} é\n`);
  });

  it('appends behind what is there, which counts for the size, and rotates it', async () => {
    await writeFile(file, '12345678');
    await writeFile(`${file}.1`, 'earlier');
    const files = await logged([Buffer.from('abcdef')], { maxBytes: 10, earlier: 2, append: true });
    assert.deepEqual(files.map(String), ['earlier', '12345678ab', 'cdef']);
  });

  it('begins anew where it replaces: all files that would be its own are gone, and no other', async () => {
    for (const name of ['board.log', 'board.log.1', 'board.log.3', 'board.log.txt']) {
      await writeFile(path.join(dir, name), name);
    }
    const there = await logsThere({ file, earlier: 2 });
    assert.deepEqual(there, [file, `${file}.1`]);
    await logged([Buffer.from('new')], { maxBytes: 100, earlier: 2 });
    assert.deepEqual((await readdir(dir)).sort(), ['board.log', 'board.log.3', 'board.log.txt']);
    assert.equal(await readFile(file, 'utf8'), 'new');
  });

  it('never writes through a link', async () => {
    const victim = path.join(dir, 'victim');
    await writeFile(victim, 'mine');
    await symlink(victim, file);
    await assert.rejects(
      FileLog.start(options({ append: true }), NEVER),
      (e) => e instanceof UserError && e.message === `${file} is no file that can be appended to.`,
    );
    await logged([Buffer.from('log')]);
    assert.equal(await readFile(victim, 'utf8'), 'mine');
    assert.ok((await stat(file)).isFile());
    assert.equal(await readFile(file, 'utf8'), 'log');
  });

  it('is refused in one sentence where nothing can be written', async () => {
    const nowhere = path.join(dir, 'absent', 'board.log');
    await assert.rejects(
      FileLog.start(options({ file: nowhere }), NEVER),
      (e) => e instanceof UserError && e.message.startsWith(`${nowhere} cannot be written (`),
    );
    await mkdir(file);
    await assert.rejects(FileLog.start(options(), NEVER), (e) => e instanceof UserError);
    assert.deepEqual(await readdir(dir), ['board.log']);
  });

  it('ends with a sentence on a full disk, once, and takes no more', async () => {
    const failures: UserError[] = [];
    // the device that is always full, in the place of the file
    const full = () => open('/dev/full', 'w');
    const log = await FileLog.start(options({ maxBytes: 100 }), (e) => failures.push(e), full);
    log.push(Buffer.from('first'), NOON);
    await log.close(NOON);
    log.push(Buffer.from('later'), NOON);
    await log.close(NOON);
    assert.deepEqual(
      failures.map((e) => [e.code, e.message]),
      [['device', `Logging has stopped: ${file} cannot be written (the disk is full).`]],
    );
  });

  it('ends with a sentence when its disk is slower than the board, in bounded memory', async () => {
    const failures: UserError[] = [];
    let go!: () => void;
    const blocked = new Promise<void>((resolve) => (go = resolve));
    const slow = async (name: string, flags: number) => {
      const handle = await open(name, flags);
      const write = handle.write.bind(handle) as (bytes: Uint8Array) => Promise<unknown>;
      Object.assign(handle, { write: async (bytes: Uint8Array) => (await blocked, write(bytes)) });
      return handle;
    };
    const log = await FileLog.start(options(), (e) => failures.push(e), slow);
    const megabyte = Buffer.alloc(1 << 20);
    for (let i = 0; i < 70; i++) log.push(megabyte, NOON);
    assert.deepEqual(
      failures.map((e) => e.message),
      [`Logging to ${file} has stopped: the disk is slower than the board.`],
    );
    go();
    await log.close(NOON);
    // what had been handed to the disk before is there
    assert.ok((await stat(file)).size <= 64 << 20);
  });
});
