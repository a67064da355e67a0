import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { linkedNames, readC } from '../../extension/common/cSource.ts';

describe('project: what a C file defines', () => {
  const text = `#ifndef A_H /* a guard,
   in two lines */
#define A_H
#include "board.h" // here
#if defined(FEATURE) && \\
  FEATURE
#include <fsl_sysmpu.h>
#endif
#define LCD 1
typedef struct _x { int a; } x_t;
typedef int (*callback_t)(int);
enum { kFirst, kSecond = 2, kThird };
struct __attribute__((packed)) tagged { int q; };
static const x_t config = { .a = 3 }, other_config;
unsigned char buffer[4], *pointer = buffer;
extern int elsewhere;
void SysTick_Handler(void) __attribute__((weak));
__attribute__((weak)) void SysTick_Handler(void) { for (;;) { } }
void declared(void) __attribute__((alias("SysTick_Handler")));
#define AT_SECTION(f) f
AT_SECTION(void wrapped(void)) { }
int (*pointing(void))(int) { return 0; }
#if 0
int out(void) { return 1; }
#else
int
main(int argc, char **argv)
{
#if ODD
  if (argc) {
#else
  if (argv) {
#endif
  }
  return 0;
}
#endif
const char *string = "int not_this(void) { /* ";
const char brace = '{';
static void own(void) { }
struct tagged make(struct tagged t) { own(); return t; }
int use(void) { return config.a + other_config.a + elsewhere + brace + (string == 0); }
#endif
`;

  it('is what the compiler says', () => {
    const source = readC(text);
    const object = compileToAssembly(text.replace(/#include.*/g, ''));
    const globals = [...object.matchAll(/\.(?:global|globl)\s+(\w+)/g)].map((m) => m[1]!);
    const weak = [...object.matchAll(/\.weak\s+(\w+)/g)].map((m) => m[1]!);
    assert.deepEqual(linkedNames(source).sort(), globals.filter((n) => n !== 'declared').sort());
    assert.deepEqual(weak, ['SysTick_Handler']);
    assert.equal(source.functions.get('SysTick_Handler')?.isWeak, true);
    assert.deepEqual([...source.declarations].sort(), ['SysTick_Handler', 'declared', 'elsewhere']);
    assert.deepEqual([...source.macros], ['LCD', 'AT_SECTION']);
    assert.deepEqual([...source.types].sort(), [
      '_x',
      'callback_t',
      'kFirst',
      'kSecond',
      'kThird',
      'tagged',
      'x_t',
    ]);
    const condition = { outer: undefined, before: undefined, line: source.includes[1]?.condition?.line };
    assert.match(String(condition.line), /^if /);
    assert.deepEqual(source.includes, [
      { file: 'board.h', quoted: true, condition: undefined },
      { file: 'fsl_sysmpu.h', quoted: false, condition },
    ]);
  });

  it('is found in C++ with extern "C", and members and namespaces are not', () => {
    const { functions } = readC(
      '#ifdef __cplusplus\nextern "C" {\n#endif\nint main() { }\n#ifdef __cplusplus\n}\n#endif\nvoid A::f() { }\nnamespace n { void g() { } }\n',
    );
    assert.deepEqual([...functions.keys()], ['main']);
  });

  it('is read from anything', () => {
    const piece = fc.constantFrom('{', '}', '(', ')', ';', '"', "'", '/*', '*/', '//', '\\', '\n', '#if 0', '#if x', '#else', '#endif', '#define A', 'enum', 'struct', 'typedef', '=', ',', 'int f', 'extern "C"', '::'); // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void readC(pieces.join(' '))),
      { numRuns: 500 },
    );
  });
});

/** What gcc makes of a source: its names, global and weak. */
function compileToAssembly(text: string): string {
  const args = ['-x', 'c', '-std=gnu99', '-w', '-S', '-o', '-', '-'];
  const { status, stdout, stderr } = spawnSync('arm-none-eabi-gcc', args, { input: text, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}
