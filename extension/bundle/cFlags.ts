/**
 * How NAME.c is compiled, wherever it is: its size and its cycles are known for these flags, behind those of the processor.
 * A single function's optimisation may stand in the source as an attribute. For code of small networks -Os is faster than
 * -O3 as well as smaller: unrolled loops keep their order.
 */
export const NETWORK_C_FLAGS = [
  '-std=gnu99',
  '-Os',
  '-Wall',
  '-Wextra',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-common',
  // a Cortex-M7 would fuse a multiplication with an addition and round once where the interpreter rounds twice
  '-ffp-contract=off',
  '-fno-exceptions',
  '-fno-asynchronous-unwind-tables',
];
