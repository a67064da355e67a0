import assert from 'node:assert/strict';
import { simulate } from '../../extension/simulator/run/run.ts';
import { buildFirmware } from './firmware.ts';

const boardId = 'frdmke16z';

/** Calls as Arm's document has them: number in r0, parameter in r1, BKPT 0xAB, answer in r0. */
const call = `
static int call(int number, const void *parameter) {
  register int r0 asm("r0") = number;
  register const void *r1 asm("r1") = parameter;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
static int open(const char *name, int mode) {
  int length = 0;
  while (name[length]) length++;
  const unsigned block[3] = { (unsigned)name, mode, length };
  return call(1, block);
}
static void digit(int n) { char c = n < 0 ? '-' : '0' + n; call(3, &c); }
`;

const run = async (body: string, semihosting = true) => {
  const firmware = buildFirmware(boardId, `${call}\nint main(void) { ${body} }`);
  const result = await simulate({ boardId, firmware, semihosting, cycleLimit: 5_000_000 });
  return { ...result, text: Buffer.from(result.uart).toString() };
};

describe('simulator: semihosting', () => {
  it('prints strings, characters and what is written to the console', async () => {
    const { text, stop } = await run(`
      call(4, "string\\n");
      char c = '!'; call(3, &c);
      int out = open(":tt", 4);
      const unsigned block[3] = { out, (unsigned)"written", 5 };
      digit(call(5, block));
      digit(call(9, &out));
      for (;;) {}`);
    assert.equal(text, 'string\n!writt01');
    assert.equal(stop, 'idle');
  });

  it('has three ends of the console, and no files, no input, no command line', async () => {
    const { text } = await run(`
      digit(open(":tt", 0)); digit(open(":tt", 4)); digit(open(":tt", 8)); digit(open("secret.txt", 0));
      static char buffer[8]; buffer[0] = 'A';
      const unsigned read[3] = { 1, (unsigned)buffer, 7 };
      digit(call(6, read));
      unsigned line[2] = { (unsigned)buffer, 8 };
      digit(call(0x15, line)); digit(buffer[0]); digit(line[1]);
      unsigned heap[4] = { 1, 2, 3, 4 }; unsigned *block = heap;
      call(0x16, &block); digit(heap[0] + heap[1] + heap[2] + heap[3]);
      digit(call(0x12, "shell"));
      for (;;) {}`);
    assert.equal(text, '123-70000-');
  });

  it('answers that addresses outside the memories failed, and stays within bounds', async () => {
    const { text, fault } = await run(`
      digit(call(4, (void *)0xF0000000)); digit(call(5, (void *)0x30000000));
      const unsigned block[3] = { 1, 0x1FFFF800, 0xFFFFFFFF };
      digit(call(5, block) < 0 ? 1 : 2);
      for (;;) {}`);
    assert.equal(fault, undefined);
    assert.equal(text, '--1');
  });

  it('ends the run when the firmware does', async () => {
    const { text, stop } = await run(`digit(1); call(0x18, (void *)0x20026); for (;;) digit(2);`);
    assert.deepEqual([text, stop], ['1', 'idle']);
  });

  it('is a fault without a debugger', async () => {
    const { fault, text } = await run(`init(); call(4, "nobody"); for (;;) {}`, false);
    assert.match(fault!.message, /semihosting call \(BKPT 0xAB\) without a debugger/);
    assert.equal(text, '');
  });
});
