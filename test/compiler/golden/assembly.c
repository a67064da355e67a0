/*
 * assembly: a neural network as C, made by GlowPort. Change the model, not this file.
 *
 * input input_0: int8 [1][7][8][2], scale 0.011012306436896324, offset -24
 * output value_2: int8 [1][3][4][9], scale 0.0068683624267578125, offset -128
 *
 * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.
 * Shifts of negative numbers are arithmetic, as on every compiler for these cores.
 */
#include <stdint.h>

#include "assembly.h"

/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */
#if defined(__GNUC__) && !defined(__clang__)
#define ASSEMBLY_SIZE __attribute__((noinline, optimize("Os")))
#define ASSEMBLY_SPEED __attribute__((noinline, optimize("O2")))
#else
#define ASSEMBLY_SIZE
#define ASSEMBLY_SPEED
#endif
/* Hot layers have assembly for ARMv6-M; the C beside it computes the same on every other core and compiler. */
#if defined(__GNUC__) && defined(__ARM_ARCH_6M__) && !defined(__clang__)
#define ASSEMBLY_THUMB 1
#else
#define ASSEMBLY_THUMB 0
#endif

static inline int32_t assembly_max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* Saturates to 0..255; one comparison decides both bounds. */
static inline int32_t assembly_clamp_u8(int32_t v) {
  if ((uint32_t)v > 255u) {
    v = v < 0 ? 0 : 255;
  }
  return v;
}

/* Fills a buffer (aligned, a whole number of words) with a repeated byte. */
static void assembly_fill(uint8_t *buffer, uint32_t word, uint32_t words) {
  uint32_t *p = (uint32_t *)(void *)buffer;
  for (uint32_t *const end = p + words; p != end; p++) {
    *p = word;
  }
}

/*
 * maxpool_0: maxpool, plain (every window lies inside)
 * [1][7][8][2] -> [1][7][2][2]
 * kernel 1x3, stride 1x3
 * in: scale 0.011012306436896324, offset -24
 * out: scale 0.011012306436896324, offset -24
 */
static ASSEMBLY_SPEED void assembly_maxpool_0(const int8_t *in, uint8_t *out) {
  assembly_fill(out, 0x68686868u, 14u);
  const int8_t *p = in;
  uint8_t *q = out;
  for (uint32_t row = 7; row != 0; row--) {
    const uint8_t *const end = q + 4;
    do {
      for (uint32_t c = 2; c != 0; c--) {
        int32_t v = p[0];
        v = assembly_max(v, p[2]);
        v = assembly_max(v, p[4]);
        *q = (uint8_t)(v + 128);
        p++;
        q++;
      }
      p += 4;
    } while (q != end);
    p += 4;
    q += 4;
  }
}

#if ASSEMBLY_THUMB
/*
 * conv2d_1, in assembly.
 * Four output channels are computed together: each activation is loaded once, and multiplied by a weight of each.
 *
 * r0-r3     accumulators
 * r4        activation, constants
 * r5        product
 * r6        in, from the first tap of an output pixel on
 * r7        out
 * [sp, #0]  rows to do
 * [sp, #4]  pixels of the row to do
 */
__attribute__((naked, noipa, aligned(4))) static void assembly_conv2d_1_thumb(__attribute__((unused)) const uint8_t *in, __attribute__((unused)) uint8_t *out) {
  __asm__ volatile(
    ".syntax unified\n"
    /* save what the caller keeps */
    "  push {r4-r7, lr}\n"
    "  sub sp, #8\n"
    "  movs r6, r0\n"
    "  movs r7, r1\n"
    "  movs r0, #3\n"
    "  str r0, [sp, #0]\n"
    "1:\n" /* each row */
    "  movs r0, #4\n"
    "  str r0, [sp, #4]\n"
    "2:\n" /* each pixel */
    "  bl 9f\n" /* taps of channels 0 to 3 */
    /* requantize and store channel 0 */
    "  ldr r4, =-22737\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #8\n"
    "  lsrs r4, r0, #8\n"
    "  beq 3f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "3:\n" /* within 0..255 */
    "  strb r0, [r7, #0]\n"
    /* requantize and store channel 1 */
    "  movs r4, #11\n"
    "  muls r1, r4, r1\n"
    "  ldr r4, =8069077\n"
    "  adds r1, r1, r4\n"
    "  asrs r1, r1, #15\n"
    "  lsrs r4, r1, #8\n"
    "  beq 4f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "4:\n" /* within 0..255 */
    "  strb r1, [r7, #1]\n"
    /* requantize and store channel 2 */
    "  movs r4, #103\n"
    "  muls r2, r4, r2\n"
    "  ldr r4, =1436040\n"
    "  adds r2, r2, r4\n"
    "  asrs r2, r2, #16\n"
    "  lsrs r4, r2, #8\n"
    "  beq 5f\n" /* within 0..255 */
    "  asrs r2, r2, #31\n"
    "  mvns r2, r2\n"
    "5:\n" /* within 0..255 */
    "  strb r2, [r7, #2]\n"
    /* requantize and store channel 3 */
    "  movs r4, #81\n"
    "  muls r3, r4, r3\n"
    "  ldr r4, =1689793\n"
    "  adds r3, r3, r4\n"
    "  asrs r3, r3, #11\n"
    "  lsrs r4, r3, #8\n"
    "  beq 6f\n" /* within 0..255 */
    "  asrs r3, r3, #31\n"
    "  mvns r3, r3\n"
    "6:\n" /* within 0..255 */
    "  strb r3, [r7, #3]\n"
    "  bl 10f\n" /* taps of channels 4 to 5 */
    /* requantize and store channel 4 */
    "  movs r4, #25\n"
    "  muls r0, r4, r0\n"
    "  ldr r4, =2743267\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #14\n"
    "  lsrs r4, r0, #8\n"
    "  beq 7f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "7:\n" /* within 0..255 */
    "  strb r0, [r7, #4]\n"
    /* requantize and store channel 5 */
    "  movs r4, #229\n"
    "  muls r1, r4, r1\n"
    "  ldr r4, =1437912\n"
    "  adds r1, r1, r4\n"
    "  asrs r1, r1, #16\n"
    "  lsrs r4, r1, #8\n"
    "  beq 8f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "8:\n" /* within 0..255 */
    "  strb r1, [r7, #5]\n"
    /* the next pixel */
    "  adds r6, #2\n"
    "  adds r7, #6\n"
    "  ldr r0, [sp, #4]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #4]\n"
    "  bne 2b\n" /* each pixel */
    /* the next row */
    "  adds r6, #8\n"
    "  ldr r0, [sp, #0]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #0]\n"
    "  bne 1b\n" /* each row */
    "  add sp, #8\n"
    /* give back what the caller keeps, return */
    "  pop {r4-r7, pc}\n"
    "9:\n" /* taps of channels 0 to 3 */
    /* row 0, column 0, channel 0 */
    "  ldrb r4, [r6, #0]\n"
    "  movs r5, #56\n"
    "  muls r5, r4, r5\n"
    "  rsbs r1, r5, #0\n"
    "  movs r5, #83\n"
    "  muls r5, r4, r5\n"
    "  rsbs r3, r5, #0\n"
    /* row 0, column 0, channel 1 */
    "  ldrb r4, [r6, #1]\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r2, #86\n"
    "  muls r2, r4, r2\n"
    /* row 1, column 0, channel 0 */
    "  ldrb r4, [r6, #8]\n"
    "  movs r5, #59\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r5, #74\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #29\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    /* row 1, column 0, channel 1 */
    "  ldrb r4, [r6, #9]\n"
    "  movs r5, #47\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r5, #126\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #27\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 2, column 0, channel 0 */
    "  ldrb r4, [r6, #16]\n"
    "  movs r5, #71\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #11\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #126\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 2, column 0, channel 1 */
    "  ldrb r4, [r6, #17]\n"
    "  movs r5, #28\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #54\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    "  movs r0, #0\n"
    "  bx lr\n"
    "10:\n" /* taps of channels 4 to 5 */
    /* row 0, column 0, channel 0 */
    "  ldrb r4, [r6, #0]\n"
    "  movs r0, #126\n"
    "  muls r0, r4, r0\n"
    "  lsls r1, r4, #6\n"
    /* row 0, column 0, channel 1 */
    "  ldrb r4, [r6, #1]\n"
    "  movs r5, #89\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  movs r5, #28\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    /* row 1, column 0, channel 0 */
    "  ldrb r4, [r6, #8]\n"
    "  movs r5, #44\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  movs r5, #5\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    /* row 1, column 0, channel 1 */
    "  ldrb r4, [r6, #9]\n"
    "  movs r5, #50\n"
    "  muls r5, r4, r5\n"
    "  subs r0, r0, r5\n"
    "  movs r5, #94\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    /* row 2, column 0, channel 0 */
    "  ldrb r4, [r6, #16]\n"
    "  movs r5, #67\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    /* row 2, column 0, channel 1 */
    "  ldrb r4, [r6, #17]\n"
    "  movs r5, #27\n"
    "  muls r5, r4, r5\n"
    "  subs r0, r0, r5\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  bx lr\n"
    "  .ltorg\n" /* literals */
  );
}
#endif

/*
 * conv2d_1: conv2d, thumb (weights are immediates in Thumb assembly)
 * [1][7][2][2] -> [1][3][4][6]
 * kernel 3x1, stride 2x1
 * in: scale 0.011012306436896324, offset -24
 * out: scale 0.004007762763649225, offset -128
 */
static ASSEMBLY_SIZE void assembly_conv2d_1(const uint8_t *in, uint8_t *out) {
  #if ASSEMBLY_THUMB
  assembly_conv2d_1_thumb(in, out);
  #else
  const uint8_t *p = in;
  uint8_t *q = out;
  for (uint32_t row = 3; row != 0; row--) {
    const uint8_t *const end = q + 24;
    do {
      {
        int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        int32_t x;
        x = p[0]; a1 -= x * 56; a3 -= x * 83;
        x = p[1]; a1 += x * 127; a2 += x * 86;
        x = p[8]; a1 += x * 59; a2 -= x * 74; a3 += x * 29;
        x = p[9]; a1 += x * 47; a2 -= x * 126; a3 -= x * 27;
        x = p[16]; a1 -= x * 71; a2 += x * 11; a3 -= x * 126;
        x = p[17]; a2 -= x * 28; a3 -= x * 54;
        q[0] = (uint8_t)assembly_clamp_u8((a0 - 22737) >> 8);
        q[1] = (uint8_t)assembly_clamp_u8((a1 * 11 + 8069077) >> 15);
        q[2] = (uint8_t)assembly_clamp_u8((a2 * 103 + 1436040) >> 16);
        q[3] = (uint8_t)assembly_clamp_u8((a3 * 81 + 1689793) >> 11);
      }
      {
        int32_t a0 = 0, a1 = 0;
        int32_t x;
        x = p[0]; a0 += x * 126; a1 += x * 64;
        x = p[1]; a0 += x * 89; a1 -= x * 28;
        x = p[8]; a0 += x * 44; a1 += x * 5;
        x = p[9]; a0 -= x * 50; a1 += x * 94;
        x = p[16]; a1 -= x * 67;
        x = p[17]; a0 -= x * 27; a1 -= x * 127;
        q[4] = (uint8_t)assembly_clamp_u8((a0 * 25 + 2743267) >> 14);
        q[5] = (uint8_t)assembly_clamp_u8((a1 * 229 + 1437912) >> 16);
      }
      p += 2;
      q += 6;
    } while (q != end);
    p += 8;
  }
  #endif
}

#if ASSEMBLY_THUMB
/*
 * conv2d_2, in assembly.
 * Four output channels are computed together: each activation is loaded once, and multiplied by a weight of each.
 *
 * r0-r3     accumulators
 * r4        activation, constants
 * r5        product
 * r6        in, from the first tap of an output pixel on
 * r7        out
 * [sp, #0]  rows to do
 * [sp, #4]  pixels of the row to do
 */
__attribute__((naked, noipa, aligned(4))) static void assembly_conv2d_2_thumb(__attribute__((unused)) const uint8_t *in, __attribute__((unused)) int8_t *out) {
  __asm__ volatile(
    ".syntax unified\n"
    /* save what the caller keeps */
    "  push {r4-r7, lr}\n"
    "  sub sp, #8\n"
    "  movs r6, r0\n"
    "  movs r7, r1\n"
    "  movs r0, #3\n"
    "  str r0, [sp, #0]\n"
    "1:\n" /* each row */
    "  movs r0, #4\n"
    "  str r0, [sp, #4]\n"
    "2:\n" /* each pixel */
    "  bl 12f\n" /* taps of channels 0 to 3 */
    /* requantize and store channel 0 */
    "  ldr r4, =-17272\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #8\n"
    "  lsrs r4, r0, #8\n"
    "  beq 3f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "3:\n" /* within 0..255 */
    "  subs r0, #128\n"
    "  strb r0, [r7, #0]\n"
    /* requantize and store channel 1 */
    "  movs r4, #11\n"
    "  muls r1, r4, r1\n"
    "  ldr r4, =-342422\n"
    "  adds r1, r1, r4\n"
    "  asrs r1, r1, #14\n"
    "  lsrs r4, r1, #8\n"
    "  beq 4f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "4:\n" /* within 0..255 */
    "  subs r1, #128\n"
    "  strb r1, [r7, #1]\n"
    /* requantize and store channel 2 */
    "  movs r4, #133\n"
    "  muls r2, r4, r2\n"
    "  ldr r4, =41547606\n"
    "  adds r2, r2, r4\n"
    "  asrs r2, r2, #20\n"
    "  lsrs r4, r2, #8\n"
    "  beq 5f\n" /* within 0..255 */
    "  asrs r2, r2, #31\n"
    "  mvns r2, r2\n"
    "5:\n" /* within 0..255 */
    "  subs r2, #128\n"
    "  strb r2, [r7, #2]\n"
    /* requantize and store channel 3 */
    "  movs r4, #21\n"
    "  muls r3, r4, r3\n"
    "  ldr r4, =4096\n"
    "  adds r3, r3, r4\n"
    "  asrs r3, r3, #13\n"
    "  lsrs r4, r3, #8\n"
    "  beq 6f\n" /* within 0..255 */
    "  asrs r3, r3, #31\n"
    "  mvns r3, r3\n"
    "6:\n" /* within 0..255 */
    "  subs r3, #128\n"
    "  strb r3, [r7, #3]\n"
    "  bl 13f\n" /* taps of channels 4 to 7 */
    /* requantize and store channel 4 */
    "  ldr r4, =30247\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #8\n"
    "  lsrs r4, r0, #8\n"
    "  beq 7f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "7:\n" /* within 0..255 */
    "  subs r0, #128\n"
    "  strb r0, [r7, #4]\n"
    /* requantize and store channel 5 */
    "  movs r4, #47\n"
    "  muls r1, r4, r1\n"
    "  ldr r4, =30926332\n"
    "  adds r1, r1, r4\n"
    "  asrs r1, r1, #20\n"
    "  lsrs r4, r1, #8\n"
    "  beq 8f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "8:\n" /* within 0..255 */
    "  subs r1, #128\n"
    "  strb r1, [r7, #5]\n"
    /* requantize and store channel 6 */
    "  movs r4, #231\n"
    "  muls r2, r4, r2\n"
    "  ldr r4, =131072\n"
    "  adds r2, r2, r4\n"
    "  asrs r2, r2, #18\n"
    "  lsrs r4, r2, #8\n"
    "  beq 9f\n" /* within 0..255 */
    "  asrs r2, r2, #31\n"
    "  mvns r2, r2\n"
    "9:\n" /* within 0..255 */
    "  subs r2, #128\n"
    "  strb r2, [r7, #6]\n"
    /* requantize and store channel 7 */
    "  movs r4, #95\n"
    "  muls r3, r4, r3\n"
    "  ldr r4, =3842699\n"
    "  adds r3, r3, r4\n"
    "  asrs r3, r3, #15\n"
    "  lsrs r4, r3, #8\n"
    "  beq 10f\n" /* within 0..255 */
    "  asrs r3, r3, #31\n"
    "  mvns r3, r3\n"
    "10:\n" /* within 0..255 */
    "  subs r3, #128\n"
    "  strb r3, [r7, #7]\n"
    "  bl 14f\n" /* taps of channels 8 */
    /* requantize and store channel 8 */
    "  ldr r4, =-35373\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #8\n"
    "  lsrs r4, r0, #8\n"
    "  beq 11f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "11:\n" /* within 0..255 */
    "  subs r0, #128\n"
    "  strb r0, [r7, #8]\n"
    /* the next pixel */
    "  adds r6, #6\n"
    "  adds r7, #9\n"
    "  ldr r0, [sp, #4]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #4]\n"
    "  bne 2b\n" /* each pixel */
    /* the next row */
    "  ldr r0, [sp, #0]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #0]\n"
    "  bne 1b\n" /* each row */
    "  add sp, #8\n"
    /* give back what the caller keeps, return */
    "  pop {r4-r7, pc}\n"
    "12:\n" /* taps of channels 0 to 3 */
    /* row 0, column 0, channel 0 */
    "  ldrb r4, [r6, #0]\n"
    "  movs r5, #118\n"
    "  muls r5, r4, r5\n"
    "  rsbs r1, r5, #0\n"
    "  movs r5, #56\n"
    "  muls r5, r4, r5\n"
    "  rsbs r3, r5, #0\n"
    /* row 0, column 0, channel 1 */
    "  ldrb r4, [r6, #1]\n"
    "  movs r5, #85\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r2, #14\n"
    "  muls r2, r4, r2\n"
    "  movs r5, #70\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 0, column 0, channel 2 */
    "  ldrb r4, [r6, #2]\n"
    "  movs r5, #118\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #120\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #100\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 0, column 0, channel 3 */
    "  ldrb r4, [r6, #3]\n"
    "  movs r5, #126\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 0, column 0, channel 4 */
    "  ldrb r4, [r6, #4]\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #23\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #77\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 0, column 0, channel 5 */
    "  ldrb r4, [r6, #5]\n"
    "  movs r5, #110\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r5, #108\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #103\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  movs r0, #0\n"
    "  bx lr\n"
    "13:\n" /* taps of channels 4 to 7 */
    /* row 0, column 0, channel 0 */
    "  ldrb r4, [r6, #0]\n"
    "  movs r5, #44\n"
    "  muls r5, r4, r5\n"
    "  rsbs r1, r5, #0\n"
    "  movs r2, #50\n"
    "  muls r2, r4, r2\n"
    "  movs r3, #120\n"
    "  muls r3, r4, r3\n"
    /* row 0, column 0, channel 1 */
    "  ldrb r4, [r6, #1]\n"
    "  movs r5, #43\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r5, #36\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    "  movs r5, #68\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    /* row 0, column 0, channel 2 */
    "  ldrb r4, [r6, #2]\n"
    "  movs r5, #116\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  movs r5, #87\n"
    "  muls r5, r4, r5\n"
    "  subs r2, r2, r5\n"
    /* row 0, column 0, channel 3 */
    "  ldrb r4, [r6, #3]\n"
    "  movs r5, #109\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #77\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #23\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    /* row 0, column 0, channel 4 */
    "  ldrb r4, [r6, #4]\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  adds r2, r2, r5\n"
    "  adds r3, r3, r5\n"
    /* row 0, column 0, channel 5 */
    "  ldrb r4, [r6, #5]\n"
    "  movs r5, #104\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #119\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #40\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    "  movs r0, #0\n"
    "  bx lr\n"
    "14:\n" /* taps of channels 8 */
    "  movs r0, #0\n"
    "  bx lr\n"
    "  .ltorg\n" /* literals */
  );
}
#endif

/*
 * conv2d_2: conv2d, thumb (weights are immediates in Thumb assembly)
 * [1][3][4][6] -> [1][3][4][9]
 * kernel 1x1, stride 1x1
 * in: scale 0.004007762763649225, offset -128
 * out: scale 0.0068683624267578125, offset -128
 */
static ASSEMBLY_SIZE void assembly_conv2d_2(const uint8_t *in, int8_t *out) {
  #if ASSEMBLY_THUMB
  assembly_conv2d_2_thumb(in, out);
  #else
  const uint8_t *p = in;
  int8_t *q = out;
  for (uint32_t row = 3; row != 0; row--) {
    const int8_t *const end = q + 36;
    do {
      {
        int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        int32_t x;
        x = p[0]; a1 -= x * 118; a3 -= x * 56;
        x = p[1]; a1 -= x * 85; a2 += x * 14; a3 -= x * 70;
        x = p[2]; a1 -= x * 118; a2 -= x * 120; a3 -= x * 100;
        x = p[3]; a2 += x * 126; a3 -= x * 127;
        x = p[4]; a1 -= x * 127; a2 += x * 23; a3 -= x * 77;
        x = p[5]; a1 += x * 110; a2 -= x * 108; a3 += x * 103;
        q[0] = (int8_t)(assembly_clamp_u8((a0 - 17272) >> 8) - 128);
        q[1] = (int8_t)(assembly_clamp_u8((a1 * 11 - 342422) >> 14) - 128);
        q[2] = (int8_t)(assembly_clamp_u8((a2 * 133 + 41547606) >> 20) - 128);
        q[3] = (int8_t)(assembly_clamp_u8((a3 * 21 + 4096) >> 13) - 128);
      }
      {
        int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        int32_t x;
        x = p[0]; a1 -= x * 44; a2 += x * 50; a3 += x * 120;
        x = p[1]; a1 += x * 43; a2 -= x * 36; a3 += x * 68;
        x = p[2]; a1 += x * 116; a2 -= x * 87;
        x = p[3]; a1 -= x * 109; a2 += x * 77; a3 += x * 23;
        x = p[4]; a1 += x * 127; a2 += x * 127; a3 += x * 127;
        x = p[5]; a1 -= x * 104; a2 += x * 119; a3 -= x * 40;
        q[4] = (int8_t)(assembly_clamp_u8((a0 + 30247) >> 8) - 128);
        q[5] = (int8_t)(assembly_clamp_u8((a1 * 47 + 30926332) >> 20) - 128);
        q[6] = (int8_t)(assembly_clamp_u8((a2 * 231 + 131072) >> 18) - 128);
        q[7] = (int8_t)(assembly_clamp_u8((a3 * 95 + 3842699) >> 15) - 128);
      }
      {
        int32_t a0 = 0;
        q[8] = (int8_t)(assembly_clamp_u8((a0 - 35373) >> 8) - 128);
      }
      p += 6;
      q += 9;
    } while (q != end);
  }
  #endif
}

int assembly(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {
  (void)constantWeight;
  assembly_maxpool_0((const int8_t *)(mutableWeight + ASSEMBLY_input_0), activations + 72);
  assembly_conv2d_1(activations + 72, activations);
  assembly_conv2d_2(activations, (int8_t *)(mutableWeight + ASSEMBLY_value_2));
  return GLOW_SUCCESS;
}
