import type { Printed } from '../assembly/print.ts';
import type { AssemblyFunction } from '../kernels/kernel.ts';

/**
 * A C function of nothing but assembly, under a comment with its register map. `noipa`: gcc assumes nothing of what it reads
 * and writes, and makes no copy of it, in which labels would stand twice.
 *
 * @param name of the function in the file
 * @param of what it belongs to, for the comment
 */
export function assemblyText(routine: AssemblyFunction, name: string, of: string): string[] {
  const { code, parameters, registers, about } = routine;
  const widest = registers.reduce((n, [where]) => Math.max(n, where.length), 0);
  // literals are found from a multiple of four
  const attributes = ['naked', 'noipa', ...(code.hasLiterals ? ['aligned(4)'] : [])].join(', ');
  const declared = parameters.map((p) => `__attribute__((unused)) ${p}`).join(', ');
  return [
    '/*',
    ` * ${of}`,
    ...about.map((line) => ` * ${line}`),
    ' *',
    ...registers.map(([where, what]) => ` * ${where.padEnd(widest)}  ${what}`),
    ' */',
    `__attribute__((${attributes})) static void ${name}(${declared}) {`,
    '  __asm__ volatile(',
    '    ".syntax unified\\n"',
    ...code.lines.map((line) => `    ${lineText(line)}`),
    '  );',
    '}',
  ];
}

function lineText({ kind, text, note }: Printed): string {
  const beside = note === undefined ? '' : ` /* ${note} */`;
  switch (kind) {
    case 'comment':
      return `/* ${text} */`;
    case 'label':
      return `"${text}\\n"${beside}`;
    case 'code':
      return `"  ${text}\\n"${beside}`;
  }
}
