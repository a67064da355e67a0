import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { softFloatSource } from '../../extension/bundle/softFloat.ts';
import { UserError } from '../../extension/common/error.ts';
import { modelSize } from '../../extension/workflow/steps/compile.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';
import { readElf, undefinedNames } from '../../extension/toolchain/elf.ts';
import { requireGcc } from '../../extension/toolchain/find.ts';
import { linkAlone } from '../../extension/toolchain/linkAlone.ts';
import { TestCore } from '../simulator/testCore.ts';
import { Random } from '../support/random.ts';

const CPU_FLAGS = ['-mcpu=cortex-m0plus', '-mthumb'];

/**
 * What LLVM calls for floats on a core without an FPU and a target without ABI (llvm/include/llvm/IR/RuntimeLibcalls.def), by the
 * types of result and parameters: f float, d double, i int32, u uint32, l int64, m uint64.
 */
const LIBCALLS: Readonly<Record<string, string>> = {
  ...{ __addsf3: 'fff', __subsf3: 'fff', __mulsf3: 'fff', __divsf3: 'fff', __unordsf2: 'iff' },
  ...{ __adddf3: 'ddd', __subdf3: 'ddd', __muldf3: 'ddd', __divdf3: 'ddd', __unorddf2: 'idd' },
  ...{ __eqsf2: 'iff', __nesf2: 'iff', __ltsf2: 'iff', __lesf2: 'iff', __gtsf2: 'iff', __gesf2: 'iff' },
  ...{ __eqdf2: 'idd', __nedf2: 'idd', __ltdf2: 'idd', __ledf2: 'idd', __gtdf2: 'idd', __gedf2: 'idd' },
  ...{ __negsf2: 'ff', __negdf2: 'dd', __extendsfdf2: 'df', __truncdfsf2: 'fd' },
  ...{ __fixsfsi: 'if', __fixdfsi: 'id', __fixunssfsi: 'uf', __fixunsdfsi: 'ud' },
  ...{ __fixsfdi: 'lf', __fixdfdi: 'ld', __fixunssfdi: 'mf', __fixunsdfdi: 'md' },
  ...{ __floatsisf: 'fi', __floatsidf: 'di', __floatunsisf: 'fu', __floatunsidf: 'du' },
  ...{ __floatdisf: 'fl', __floatdidf: 'dl', __floatundisf: 'fm', __floatundidf: 'dm' },
};
const C_TYPES = { f: 'float', d: 'double', i: 'int', u: 'unsigned', l: 'long long', m: 'unsigned long long' };
type TypeLetter = keyof typeof C_TYPES;

/** What each of ours computes, on numbers as JavaScript has them. */
const COMPUTED: Readonly<Record<string, (a: number, b: number) => number>> = {
  __addsf3: (a, b) => Math.fround(a + b),
  __subsf3: (a, b) => Math.fround(a - b),
  __mulsf3: (a, b) => Math.fround(a * b),
  __divsf3: (a, b) => Math.fround(a / b),
  __negsf2: (a) => -a,
  __unordsf2: (a, b) => Number(Number.isNaN(a) || Number.isNaN(b)),
  __fixsfsi: Math.trunc,
  __floatsisf: Math.fround,
  __floatunsisf: Math.fround,
  __extendsfdf2: (a) => a,
  __adddf3: (a, b) => a + b,
  __subdf3: (a, b) => a - b,
  __muldf3: (a, b) => a * b,
  __divdf3: (a, b) => a / b,
  __negdf2: (a) => -a,
  __unorddf2: (a, b) => Number(Number.isNaN(a) || Number.isNaN(b)),
  __fixdfsi: Math.trunc,
  __floatsidf: (a) => a,
  __floatunsidf: (a) => a,
  __truncdfsf2: Math.fround,
};

/** An object whose function `net` gives the named routines numbers of a memory, and puts their results behind each other. */
async function calling(names: readonly string[]): Promise<Uint8Array> {
  const types = (name: string): string[] => [...LIBCALLS[name]!].map((t) => C_TYPES[t as TypeLetter]);
  const source = [
    '#include "net.h"',
    ...names.map((n) => {
      const [result, ...parameters] = types(n);
      return `extern ${result} call${n}(${parameters.join(', ')}) __asm__("${n}");`;
    }),
    'int net(unsigned char *in, unsigned char *unused, double *out) { (void)unused;',
    ...names.map((n, i) => {
      const given = types(n).slice(1);
      const args = given.map((t, k) => `*(${t} *)(in + ${(i * 2 + k) * 8})`);
      return `  *(${types(n)[0]} *)(out + ${i}) = call${n}(${args.join(', ')});`;
    }),
    '  return 0; }',
  ];
  const header = 'int net(unsigned char *in, unsigned char *unused, double *out);\n';
  return compileObject({ name: 'net', source: `${source.join('\n')}\n`, header }, { cpuFlags: CPU_FLAGS });
}

describe('bundle/softFloat', () => {
  const ours = Object.keys(COMPUTED);

  it('has every routine that LLVM calls and gcc’s library for ARMv6-M lacks, and none that it has', async () => {
    const object = await calling(Object.keys(LIBCALLS));
    const linked = await linkAlone({ name: 'net', object }, { cpuFlags: CPU_FLAGS });
    assert.deepEqual([...linked!.missing].sort(), [...ours].sort());
    const softFloat = softFloatSource('net', undefinedNames(readElf(object)));
    const whole = await linkAlone({ name: 'net', object, softFloat }, { cpuFlags: CPU_FLAGS });
    assert.deepEqual(whole!.missing, []);
  });

  it('computes on a Cortex-M0+ what IEEE 754 says', async () => {
    const object = await calling(ours);
    const softFloat = softFloatSource('net', ours);
    const { elf } = (await linkAlone({ name: 'net', object, softFloat }, { cpuFlags: CPU_FLAGS }))!;
    const core = new TestCore();
    core.load(elf);
    const random = new Random(2011);
    const special = [0, -0, 1, -1, 0.5, NaN, 2 ** -140, 16777217, -2147483648, 2147483647];
    const [input, output] = [0x20000000, 0x20002000];
    for (let round = 0; round < 200; round++) {
      const expected = ours.map((name, i) => {
        const [result, ...parameters] = [...LIBCALLS[name]!] as TypeLetter[];
        const given = parameters.map((type, k) => {
          const wild = random.bool(0.25)
            ? random.pick(special)
            : random.real(-0.5, 0.5) * 2 ** random.int(0, 29);
          // what does not fit an integer is no number in C
          const isFit = !Number.isNaN(wild) && Math.abs(wild) < 2 ** 31 - 1;
          const value = name.includes('fix') && !isFit ? 0 : wild;
          return store(core, input + (i * 2 + k) * 8, type, value);
        });
        return [name, result!, COMPUTED[name]!(given[0]!, given[1]!)] as const;
      });
      core.setRegisters([input, 0, output]);
      core.core.registers[13] = 0x20004000;
      core.runFunction(core.symbol('net'), 1_000_000);
      expected.forEach(([name, type, value], i) => {
        const got = load(core, output + i * 8, type);
        assert.ok(Object.is(got, value) || got === value, `${name}: ${got}, not ${value}`);
      });
    }
  });

  it('what no library has is refused by name, before anything is built', async () => {
    const unit = { name: 'net', header: 'int nowhere(int);\nint net(void);\n' };
    const source = '#include "net.h"\nint net(void) { return nowhere(1); }\n';
    const object = await compileObject({ ...unit, source }, { cpuFlags: CPU_FLAGS });
    const bundle = {
      ...{ name: 'net', header: unit.header, source: undefined, object, weights: new Uint8Array(0) },
      ...{
        placeholders: [],
        layers: [],
        constantBytes: 0,
        mutableBytes: 0,
        stateBytes: 0,
        activationBytes: 0,
        alignment: 4,
      },
    };
    await assert.rejects(modelSize(bundle, 'flash', { cpuFlags: CPU_FLAGS }), (e) => {
      assert.ok(e instanceof UserError && e.code === 'toolchain');
      assert.match(
        e.message,
        /^The object of the network "net" calls nowhere, which no library of arm-none-eabi-gcc/,
      );
      return true;
    });
  });

  it('is C without a warning, and nothing where nothing is called', () => {
    const source = softFloatSource('net', ours)!;
    const flags = [
      ...CPU_FLAGS,
      '-Wall',
      '-Wextra',
      '-Werror',
      '-Wpedantic',
      '-Wmissing-prototypes',
      '-std=c99',
    ];
    execFileSync(requireGcc({}), [...flags, '-x', 'c', '-c', '-', '-o', '/dev/null'], { input: source });
    assert.equal(softFloatSource('net', ['memcpy', '__aeabi_fmul', '__eqsf2', 'toString']), undefined);
  });
});

/** Puts a number into the core's memory; returns the number that it is there. */
function store(core: TestCore, address: number, type: TypeLetter, value: number): number {
  const bytes = Buffer.alloc(8);
  if (type === 'd') bytes.writeDoubleLE(value);
  else if (type === 'f') bytes.writeFloatLE(value);
  else if (type === 'u') bytes.writeUInt32LE(value >>> 0);
  else bytes.writeInt32LE(value | 0);
  core.write(address, bytes);
  return load(core, address, type);
}

function load(core: TestCore, address: number, type: TypeLetter): number {
  const bytes = Buffer.from(core.bytes(address, 8));
  if (type === 'd') return bytes.readDoubleLE();
  if (type === 'f') return bytes.readFloatLE();
  return type === 'u' ? bytes.readUInt32LE() : bytes.readInt32LE();
}
