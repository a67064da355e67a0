/**
 * Routines that LLVM calls where a core has no FPU and the target names no ABI, as Glow's `-target=arm` does: under their
 * generic names (llvm/include/llvm/IR/RuntimeLibcalls.def), which gcc's library for ARMv6-M has not, for it names most of them
 * as the Arm run-time ABI does (`__aeabi_fmul`). The rest of the generic names it has.
 */
const ROUTINES: Readonly<Record<string, readonly [result: string, parameters: string, value: string]>> = {
  __addsf3: ['float', 'float a, float b', 'a + b'],
  __subsf3: ['float', 'float a, float b', 'a - b'],
  __mulsf3: ['float', 'float a, float b', 'a * b'],
  __divsf3: ['float', 'float a, float b', 'a / b'],
  __negsf2: ['float', 'float a', '-a'],
  __unordsf2: ['int', 'float a, float b', '__builtin_isunordered(a, b)'],
  __fixsfsi: ['int32_t', 'float a', '(int32_t)a'],
  __floatsisf: ['float', 'int32_t a', '(float)a'],
  __floatunsisf: ['float', 'uint32_t a', '(float)a'],
  __extendsfdf2: ['double', 'float a', '(double)a'],
  __adddf3: ['double', 'double a, double b', 'a + b'],
  __subdf3: ['double', 'double a, double b', 'a - b'],
  __muldf3: ['double', 'double a, double b', 'a * b'],
  __divdf3: ['double', 'double a, double b', 'a / b'],
  __negdf2: ['double', 'double a', '-a'],
  __unorddf2: ['int', 'double a, double b', '__builtin_isunordered(a, b)'],
  __fixdfsi: ['int32_t', 'double a', '(int32_t)a'],
  __floatsidf: ['double', 'int32_t a', '(double)a'],
  __floatunsidf: ['double', 'uint32_t a', '(double)a'],
  __truncdfsf2: ['float', 'double a', '(float)a'],
};

/** File of a bundle with what its object calls and no library of gcc has. */
export function softFloatFile(name: string): string {
  return `${name}_float.c`;
}

/**
 * C text of the routines that a network's object calls and gcc's library does not have under these names. Each is a call of the
 * library's own routine, which the compiler makes of the operator.
 *
 * @param called names that the object leaves undefined
 * @returns undefined when there are none of them
 */
export function softFloatSource(name: string, called: Iterable<string>): string | undefined {
  const names = [...new Set(called)].filter((n) => Object.hasOwn(ROUTINES, n)).sort();
  if (names.length === 0) return undefined;
  return [
    `/* What ${name}.o calls for its layers in floating point, under names that gcc's library does not have. Written by GlowPort. */`,
    '#include <stdint.h>',
    '',
    ...names.flatMap((n) => {
      const [result, parameters, value] = ROUTINES[n]!;
      return [
        `${result} ${n}(${parameters});`,
        // another library's is as good, should the project have one
        `__attribute__((weak)) ${result} ${n}(${parameters})`,
        '{',
        `    return ${value};`,
        '}',
        '',
      ];
    }),
  ].join('\n');
}
