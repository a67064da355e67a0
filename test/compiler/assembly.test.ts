import assert from 'node:assert/strict';
import type { Condition } from '../../extension/compiler/assembly/registers.ts';
import { Thumb, type ThumbCode } from '../../extension/compiler/assembly/thumb.ts';
import { TestCore } from '../simulator/testCore.ts';
import { assemble } from '../simulator/assemble.ts';
import { Random } from '../support/random.ts';

/** Runs assembled functions on the simulated core, at address 0 of a file of their own. */
function run(code: ThumbCode): { r0: number; cycles: number; bytes: number } {
  const lines = code.lines.filter((l) => l.kind !== 'comment').map((l) => l.text);
  const elf = assemble(['.balign 4', 'begin:', ...lines, 'end:'].join('\n'));
  const core = new TestCore();
  core.load(elf);
  core.setRegisters([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20010000]);
  const before = core.clock.now;
  core.runFunction(core.symbol('begin'), 10_000_000);
  return {
    r0: core.core.registers[0]! | 0,
    cycles: core.clock.now - before,
    bytes: core.symbol('end') - core.symbol('begin'),
  };
}

const HOLDS: Readonly<Record<Condition, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  hs: (a, b) => a >= b,
  lo: (a, b) => a < b,
  mi: (a, b) => a - b < 0,
  pl: (a, b) => a - b >= 0,
  hi: (a, b) => a > b,
  ls: (a, b) => a <= b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
};

/** A random function that adds up numbers in r0, and what it returns: constants, loops, skips, calls, and much in between. */
class RandomFunction {
  readonly code = new Thumb();
  readonly #r: Random;
  #depth = 0;
  #subroutines: { label: ReturnType<Thumb['label']>; value: number; calls: number; pad: number }[] = [];
  #times = 1;

  constructor(r: Random) {
    this.#r = r;
  }

  build(): number {
    const { code } = this;
    const high = this.#r.bool();
    code.prologue(high);
    code.moveStack(-16);
    code.movs('r0', 0);
    const sum = this.#parts(this.#r.int(3, 12));
    code.moveStack(16);
    code.epilogue(high);
    for (const { label, value, calls, pad } of this.#subroutines) {
      code.subroutine(label, calls, () => {
        this.#pad(pad);
        this.#add(value);
      });
    }
    return sum | 0;
  }

  #parts(n: number): number {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + this.#part()) | 0;
    return sum;
  }

  /** Code that adds a number to r0, and the number. */
  #part(): number {
    const r = this.#r;
    const kind = r.int(0, 9);
    if (kind < 4) return this.#add(r.bool() ? r.int(0, 300) : r.int(-(2 ** 30), 2 ** 30));
    if (kind === 4) return this.#pad(r.pick([1, 5, 60, 200, 700]));
    if (kind === 5) return this.#skip();
    if (kind === 6) return this.#call();
    return this.#depth < 3 ? this.#loop() : 0;
  }

  #add(value: number): number {
    this.code.comment(`add ${value}`);
    this.code.addConstant('r0', value, 'r5');
    return value;
  }

  #pad(n: number): number {
    for (let i = 0; i < n; i++) this.code.movs('r4', 'r4');
    return 0;
  }

  /** Whether the condition holds is known here, so that the prediction can be exact. */
  #skip(): number {
    const r = this.#r;
    const condition = r.pick(Object.keys(HOLDS) as Condition[]);
    const [a, b] = [r.int(0, 3), r.int(0, 3)];
    const skips = HOLDS[condition](a, b);
    this.code.movs('r4', a);
    this.code.cmp('r4', b);
    let inside = 0;
    const before = this.#times;
    this.#times = skips ? 0 : before;
    this.code.skipIf(condition, 'behind', () => (inside = this.#parts(r.int(1, 3))), skips ? 1 : 0);
    this.#times = before;
    return skips ? 0 : inside;
  }

  #loop(): number {
    const r = this.#r;
    const n = r.int(1, 4);
    const offset = 4 * this.#depth++;
    const before = this.#times;
    this.#times *= n;
    let inside = 0;
    this.code.movs('r6', n);
    this.code.strStack('r6', offset);
    this.code.loop(
      'again',
      n,
      () => (inside = this.#parts(r.int(1, 4))),
      () => {
        this.code.ldrStack('r6', offset);
        this.code.subs('r6', 'r6', 1);
        this.code.strStack('r6', offset);
      },
    );
    this.#times = before;
    this.#depth--;
    return Math.imul(inside, n);
  }

  #call(): number {
    const r = this.#r;
    const known = this.#subroutines.length > 0 && r.bool() ? r.pick(this.#subroutines) : undefined;
    const subroutine = known ?? {
      label: this.code.label('subroutine'),
      value: r.int(-1000, 1000),
      calls: 0,
      pad: r.pick([0, 30, 600]),
    };
    if (!known) this.#subroutines.push(subroutine);
    subroutine.calls += this.#times;
    this.code.call(subroutine.label);
    return subroutine.value;
  }
}

describe('assembly built from a list of instructions', () => {
  it('computes what it is built to, in the bytes and cycles that it says: random functions, assembled by GNU as', () => {
    let longest = 0;
    for (let seed = 0; seed < 120; seed++) {
      const f = new RandomFunction(new Random(seed));
      const expected = f.build();
      const code = f.code.assemble();
      const { r0, cycles, bytes } = run(code);
      assert.equal(r0, expected, `seed ${seed}`);
      assert.equal(code.bytes, bytes, `seed ${seed}: bytes`);
      assert.ok(
        Math.abs(code.cycles - cycles) < 1e-6,
        `seed ${seed}: ${code.cycles} cycles, ${cycles} counted`,
      );
      longest = Math.max(longest, bytes);
    }
    assert.ok(longest > 4096, 'some are longer than a branch reaches');
  });

  /** Text of a function's body: instructions, labels and pools, without prologue and epilogue. */
  function body(build: (code: Thumb) => void): string[] {
    const code = new Thumb();
    code.prologue(false);
    build(code);
    code.epilogue(false);
    return code
      .assemble()
      .lines.filter((l) => l.kind !== 'comment')
      .map((l) => l.text)
      .slice(1, -1);
  }
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const pad = (code: Thumb, n: number): void => {
    for (let i = 0; i < n; i++) code.movs('r4', 'r4');
  };

  it('keeps a literal pool out of what any conditional branch jumps over', () => {
    for (const condition of Object.keys(HOLDS) as Condition[]) {
      for (const before of [400, 440, 460, 480, 495]) {
        const lines = body((code) => {
          code.constant('r0', 100_000);
          pad(code, before);
          code.cmp('r0', 0);
          code.skipIf(condition, 'behind', () => pad(code, 50));
          pad(code, 300);
        });
        const [branch] = lines.map((l, i) => (l.startsWith(`b${condition} `) ? i : -1)).filter((i) => i >= 0);
        const target = lines.findIndex((l, i) => i > branch! && l.endsWith(':') && i - branch! > 40);
        assert.ok(branch !== undefined && target > branch);
        assert.ok(!lines.slice(branch - 1, target).includes('.ltorg'), `${condition} ${before}`);
        assert.ok(lines.includes('.ltorg'));
      }
    }
  });

  it('puts a pool where control never comes, as long as one such place is in reach', () => {
    const lines = body((code) => {
      const behind = code.label('behind');
      code.constant('r0', 1000);
      pad(code, 300);
      code.branch(behind);
      code.place(behind);
      pad(code, 400);
    });
    const pool = lines.indexOf('.ltorg');
    assert.match(lines[pool - 1]!, /^b \d+f$/);
    assert.ok(pool < 310, 'not jumped over: behind the branch that was there');
  });

  it('puts a pool that has to be jumped over outside of loops', () => {
    const lines = body((code) => {
      code.constant('r0', 1000);
      pad(code, 100);
      code.loop(
        'again',
        9,
        () => pad(code, 100),
        () => code.subs('r0', 'r0', 1),
      );
      pad(code, 100);
      code.loop(
        'again',
        9,
        () => pad(code, 100),
        () => code.subs('r0', 'r0', 1),
      );
      pad(code, 400);
    });
    const pool = lines.indexOf('.ltorg');
    const loops = lines.filter((l, i) => i < pool && /^bne/.test(l)).length;
    assert.equal(loops, 2);
  });

  it('gives equal constants one literal', () => {
    const code = new Thumb();
    code.prologue(false);
    for (let i = 0; i < 10; i++) code.constant('r0', 1000 + (i % 2));
    code.epilogue(false);
    // prologue, loads, epilogue: 12 instructions, two literals
    assert.equal(code.assemble().bytes, 24 + 8);
  });

  it('makes branches longer that do not reach', () => {
    const far = (n: number) =>
      body((code) => {
        code.movs('r0', 1);
        code.loop(
          'again',
          1,
          () => pad(code, n),
          () => code.subs('r0', 'r0', 1),
        );
      }).slice(-4);
    assert.deepEqual(far(100).at(-1), 'bne 1b');
    assert.deepEqual(far(1000).slice(-3), ['beq 2f', 'b 1b', '2:']);
    assert.deepEqual(far(1100).slice(-3), ['beq 2f', 'bl 1b', '2:']);
  });

  it('makes them longer exactly where the assembler would refuse them', () => {
    const edges = [...range(118, 132), ...range(1014, 1030)];
    for (const n of edges) {
      for (const forward of [true, false]) {
        const code = new Thumb();
        code.prologue(false);
        code.movs('r0', 7);
        code.movs('r5', 1);
        if (forward) {
          code.cmp('r5', 1);
          code.skipIf('eq', 'behind', () => pad(code, n));
        } else {
          code.loop(
            'again',
            1,
            () => pad(code, n),
            () => code.subs('r5', 'r5', 1),
          );
        }
        code.epilogue(false);
        const built = code.assemble();
        const { r0, bytes, cycles } = run(built);
        const label = `${n} ${forward ? 'forward' : 'back'}`;
        assert.deepEqual([r0, bytes, cycles], [7, built.bytes, built.cycles], label);
      }
    }
    // none is longer than it has to be: one instruction less between, and the shorter form reaches
    const forms = edges.map((n) => body((c) => c.skipIf('eq', 'behind', () => pad(c, n))).length - n);
    assert.deepEqual([...new Set(forms)], [2, 4]); // the branch and its label; one around another
    assert.equal(forms.indexOf(4), edges.indexOf(129));
  });

  it('refuses what cannot be: immediates, labels, calls that lose the way back', () => {
    const refused = (build: (code: Thumb) => void, message: RegExp): void => {
      assert.throws(() => body(build), message);
    };
    refused((c) => c.movs('r0', 256), /256 is no immediate/);
    refused((c) => c.ldrb('r0', 'r1', 32), /32 is no immediate/);
    refused((c) => c.ldr('r0', 'r1', 6), /6 is no immediate/);
    refused((c) => c.adds('r0', 'r1', 8), /8 is no immediate/);
    refused((c) => c.lsls('r0', 'r1', 32), /32 is no immediate/);
    refused((c) => c.moveStack(-6), /6 is no immediate/);
    refused((c) => c.ldmia('r0', 'r2', 'r1'), /LDMIA/);
    refused((c) => c.ldmia('r0', 'r0'), /LDMIA/);
    refused((c) => c.asrs('r0', 'r1', 'r2'), /in place/);
    refused((c) => c.branch(c.label('away')), /'away' is placed nowhere/);
    refused((c) => {
      const twice = c.label('twice');
      c.place(twice);
      c.place(twice);
    }, /'twice' is placed twice/);
    refused((c) => {
      c.subroutine(c.label('outer'), 1, () => c.call(c.label('inner')));
    }, /return address/);
    const code = new Thumb();
    code.constant('r0', 1000);
    assert.throws(() => code.assemble(), /has to return/);
  });
});
