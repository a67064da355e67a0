/**
 * A program for test/simulator/firmware.ts that uses what a machine keeps: both stacks, nested interrupts of different
 * priorities, SysTick, the UART in both directions, sleep, and code in RAM.
 */
export const BUSY = `
volatile int ms, echoed, supervised;
volatile unsigned table[64];
void SysTick_Handler(void) { ms++; table[ms & 63] += ms; if (ms % 20 == 0) DATA = '.'; }
void UART_Handler(void) { while (RECEIVED) { char c = RECEIVE; echoed++; DATA = c ^ 0x20; } }
__attribute__((noinline, section(".data.code"), long_call)) unsigned mix(unsigned a, unsigned b) {
  for (unsigned i = 0; i < 5; i++) a = (a ^ b) * 2654435761u + i;
  return a;
}
__attribute__((noinline)) int depth(int n) { return n == 0 ? 0 : 1 + depth(n - 1); }
__attribute__((noinline)) void work(unsigned n) { table[n & 63] = mix(table[(n + 1) & 63], n) + depth(n % 7); }
int main(void) {
  init();
  RECEIVE_INTERRUPT;
  static unsigned long long stack[64];
  __asm volatile("msr psp, %0\\n movs r3, #2\\n msr control, r3\\n isb" :: "r"(stack + 64) : "r3", "memory");
  R32(0xE000ED20) = 0x80000000;
  R32(0xE000E100) = 1u << INTERRUPT;
  R32(0xE000E014) = 3999; R32(0xE000E018) = 0; R32(0xE000E010) = 7;
  for (unsigned n = 0;; n++) {
    work(n);
    if (n % 50 == 49) __asm volatile("wfi");
  }
}`;
