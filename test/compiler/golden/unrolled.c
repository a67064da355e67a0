/*
 * unrolled: a neural network as C, made by GlowPort. Change the model, not this file.
 *
 * input input_0: int8 [1][7][8][2], scale 0.01082261186093092, offset -18
 * input input_1: int8 [1][7][8][1], scale 0.011080745607614517, offset -21
 * input input_2: int8 [1][7][3][4], scale 0.011164787225425243, offset -22
 * output value_3: int8 [1][6], scale 0.003921568859368563, offset -128
 *
 * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.
 * Shifts of negative numbers are arithmetic, as on every compiler for these cores.
 */
#include <stdint.h>

#include "unrolled.h"

/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED_SIZE __attribute__((noinline, optimize("Os")))
#define UNROLLED_SPEED __attribute__((noinline, optimize("O2")))
#else
#define UNROLLED_SIZE
#define UNROLLED_SPEED
#endif
/* Hot layers have assembly for ARMv6-M; the C beside it computes the same on every other core and compiler. */
#if defined(__GNUC__) && defined(__ARM_ARCH_6M__) && !defined(__clang__)
#define UNROLLED_THUMB 1
#else
#define UNROLLED_THUMB 0
#endif

static inline int32_t unrolled_max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* Saturates to 0..255; one comparison decides both bounds. */
static inline int32_t unrolled_clamp_u8(int32_t v) {
  if ((uint32_t)v > 255u) {
    v = v < 0 ? 0 : 255;
  }
  return v;
}

#if UNROLLED_THUMB
/* What the assembly of dot products reads; its pointers move on from block to block. Its words are known by their order. */
struct unrolled_dot {
  const uint8_t *weights; /* w + 128, by block and input */
  const int32_t *start; /* first values of accumulators, when there are any */
  const void *multiplier;
  const int32_t *constant;
  void *out;
  int32_t taps, channels, pre, post;
  int32_t bias; /* taken off before an output is stored: 128 for int8 */
  int32_t low, high;
};

/*
 * Assembly that layers share.
 * Dot products of the vector x with the weights of dot->channels output channels, four at a time, requantized and stored at
 * dot->out. dot->channels counts down to 0 or below.
 *
 * r0-r3  accumulators of four output channels
 * r4     activation, tables
 * r5     weight, product
 * r6     weights
 * r7     place in the vector, the struct between blocks
 * r8     begin of the vector
 * r9     its end in whole rounds of 4
 * r10    its end
 * r11    the struct
 * r12    -128 * the vector's sum, which undoes the weights' 128
 */
__attribute__((naked, noipa)) static void unrolled_dot4_m16(__attribute__((unused)) const uint8_t *x, __attribute__((unused)) struct unrolled_dot *dot) {
  __asm__ volatile(
    ".syntax unified\n"
    /* save what the caller keeps */
    "  push {r4-r7, lr}\n"
    "  mov r4, r8\n"
    "  mov r5, r9\n"
    "  mov r6, r10\n"
    "  mov r7, r11\n"
    "  push {r4-r7}\n"
    /* where the vector begins and ends */
    "  mov r8, r0\n"
    "  mov r11, r1\n"
    "  ldr r2, [r1, #20]\n" /* taps */
    "  adds r3, r0, r2\n"
    "  mov r10, r3\n"
    "  lsrs r2, r2, #2\n"
    "  lsls r2, r2, #2\n"
    "  adds r2, r0, r2\n"
    "  mov r9, r2\n"
    /* the vector's sum */
    "  movs r4, #0\n"
    "  b 2f\n" /* whole rounds: any? */
    "1:\n" /* whole rounds */
    "  ldrb r5, [r0, #0]\n"
    "  adds r4, r4, r5\n"
    "  ldrb r5, [r0, #1]\n"
    "  adds r4, r4, r5\n"
    "  ldrb r5, [r0, #2]\n"
    "  adds r4, r4, r5\n"
    "  ldrb r5, [r0, #3]\n"
    "  adds r4, r4, r5\n"
    "  adds r0, #4\n"
    "2:\n" /* whole rounds: any? */
    "  cmp r0, r2\n"
    "  bne 1b\n" /* whole rounds */
    "  b 4f\n" /* the rest: any? */
    "3:\n" /* the rest */
    "  ldrb r5, [r0, #0]\n"
    "  adds r4, r4, r5\n"
    "  adds r0, #1\n"
    "4:\n" /* the rest: any? */
    "  cmp r0, r3\n"
    "  bne 3b\n" /* the rest */
    "  lsls r4, r4, #7\n"
    "  rsbs r4, r4, #0\n"
    "  mov r12, r4\n"
    "5:\n" /* each block */
    /* first values of the accumulators */
    "  mov r0, r12\n"
    "  mov r1, r12\n"
    "  mov r2, r12\n"
    "  mov r3, r12\n"
    "  mov r7, r11\n"
    "  ldr r6, [r7, #0]\n" /* weights */
    /* each activation times the weights of four channels */
    "  mov r7, r8\n"
    "  b 7f\n" /* whole rounds: any? */
    "6:\n" /* whole rounds */
    "  ldrb r4, [r7, #0]\n"
    "  ldrb r5, [r6, #0]\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  ldrb r5, [r6, #1]\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  ldrb r5, [r6, #2]\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  ldrb r5, [r6, #3]\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  ldrb r4, [r7, #1]\n"
    "  ldrb r5, [r6, #4]\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  ldrb r5, [r6, #5]\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  ldrb r5, [r6, #6]\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  ldrb r5, [r6, #7]\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  ldrb r4, [r7, #2]\n"
    "  ldrb r5, [r6, #8]\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  ldrb r5, [r6, #9]\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  ldrb r5, [r6, #10]\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  ldrb r5, [r6, #11]\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  ldrb r4, [r7, #3]\n"
    "  ldrb r5, [r6, #12]\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  ldrb r5, [r6, #13]\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  ldrb r5, [r6, #14]\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  ldrb r5, [r6, #15]\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  adds r6, #16\n"
    "  adds r7, #4\n"
    "7:\n" /* whole rounds: any? */
    "  cmp r7, r9\n"
    "  bne 6b\n" /* whole rounds */
    "  b 9f\n" /* the rest: any? */
    "8:\n" /* the rest */
    "  ldrb r4, [r7, #0]\n"
    "  ldrb r5, [r6, #0]\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    "  ldrb r5, [r6, #1]\n"
    "  muls r5, r4, r5\n"
    "  adds r1, r1, r5\n"
    "  ldrb r5, [r6, #2]\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  ldrb r5, [r6, #3]\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  adds r6, #4\n"
    "  adds r7, #1\n"
    "9:\n" /* the rest: any? */
    "  cmp r7, r10\n"
    "  bne 8b\n" /* the rest */
    "  mov r7, r11\n"
    "  str r6, [r7, #0]\n" /* weights */
    /* requantize */
    "  ldr r5, [r7, #28]\n" /* pre */
    "  asrs r0, r0, r5\n"
    "  asrs r1, r1, r5\n"
    "  asrs r2, r2, r5\n"
    "  asrs r3, r3, r5\n"
    "  ldr r4, [r7, #8]\n" /* multiplier */
    "  ldrh r5, [r4, #0]\n"
    "  muls r0, r5, r0\n"
    "  ldrh r5, [r4, #2]\n"
    "  muls r1, r5, r1\n"
    "  ldrh r5, [r4, #4]\n"
    "  muls r2, r5, r2\n"
    "  ldrh r5, [r4, #6]\n"
    "  muls r3, r5, r3\n"
    "  adds r4, #8\n"
    "  str r4, [r7, #8]\n" /* multiplier */
    "  ldr r4, [r7, #12]\n" /* constant */
    "  ldmia r4!, {r5}\n"
    "  adds r0, r0, r5\n"
    "  ldmia r4!, {r5}\n"
    "  adds r1, r1, r5\n"
    "  ldmia r4!, {r5}\n"
    "  adds r2, r2, r5\n"
    "  ldmia r4!, {r5}\n"
    "  adds r3, r3, r5\n"
    "  str r4, [r7, #12]\n" /* constant */
    "  ldr r5, [r7, #32]\n" /* post */
    "  asrs r0, r0, r5\n"
    "  asrs r1, r1, r5\n"
    "  asrs r2, r2, r5\n"
    "  asrs r3, r3, r5\n"
    /* saturate */
    "  lsrs r5, r0, #8\n"
    "  beq 10f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "10:\n" /* within 0..255 */
    "  lsrs r5, r1, #8\n"
    "  beq 11f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "11:\n" /* within 0..255 */
    "  lsrs r5, r2, #8\n"
    "  beq 12f\n" /* within 0..255 */
    "  asrs r2, r2, #31\n"
    "  mvns r2, r2\n"
    "12:\n" /* within 0..255 */
    "  lsrs r5, r3, #8\n"
    "  beq 13f\n" /* within 0..255 */
    "  asrs r3, r3, #31\n"
    "  mvns r3, r3\n"
    "13:\n" /* within 0..255 */
    /* store */
    "  ldr r5, [r7, #36]\n" /* bias */
    "  subs r0, r0, r5\n"
    "  subs r1, r1, r5\n"
    "  subs r2, r2, r5\n"
    "  subs r3, r3, r5\n"
    "  ldr r4, [r7, #16]\n" /* out */
    "  ldr r5, [r7, #24]\n" /* channels */
    "  subs r5, #4\n"
    "  str r5, [r7, #24]\n" /* channels */
    "  blt 14f\n" /* a part of a block */
    "  strb r0, [r4, #0]\n"
    "  strb r1, [r4, #1]\n"
    "  strb r2, [r4, #2]\n"
    "  strb r3, [r4, #3]\n"
    "  adds r4, #4\n"
    "  str r4, [r7, #16]\n" /* out */
    "  cmp r5, #0\n"
    "  beq 15f\n" /* done */
    "  b 5b\n" /* each block */
    "14:\n" /* a part of a block */
    "  strb r0, [r4, #0]\n"
    "  adds r5, #3\n"
    "  beq 15f\n" /* done */
    "  strb r1, [r4, #1]\n"
    "  subs r5, #1\n"
    "  beq 15f\n" /* done */
    "  strb r2, [r4, #2]\n"
    "15:\n" /* done */
    /* give back what the caller keeps, return */
    "  pop {r4-r7}\n"
    "  mov r8, r4\n"
    "  mov r9, r5\n"
    "  mov r10, r6\n"
    "  mov r11, r7\n"
    "  pop {r4-r7, pc}\n"
  );
}
#endif

#if UNROLLED_THUMB
/*
 * conv2d_0 + maxpool_1, in assembly.
 * Four output channels are computed together: each activation is loaded once, and multiplied by a weight of each.
 * The largest of the positions that the pooling joins is kept as it is, and requantized once.
 *
 * r0-r3     accumulators
 * r4        activation, constants
 * r5        product
 * r6        in, from the first tap of an output pixel on
 * r7        out
 * r8-r11    largest accumulators so far
 * [sp, #0]  rows to do
 * [sp, #4]  pixels of the row to do
 */
__attribute__((naked, noipa, aligned(4))) static void unrolled_conv2d_0_thumb(__attribute__((unused)) const int8_t *in, __attribute__((unused)) uint8_t *out) {
  __asm__ volatile(
    ".syntax unified\n"
    /* save what the caller keeps */
    "  push {r4-r7, lr}\n"
    "  mov r4, r8\n"
    "  mov r5, r9\n"
    "  mov r6, r10\n"
    "  mov r7, r11\n"
    "  push {r4-r7}\n"
    "  sub sp, #8\n"
    "  movs r6, r0\n"
    "  movs r7, r1\n"
    "  movs r0, #1\n"
    "  str r0, [sp, #0]\n"
    "1:\n" /* each row */
    "  movs r0, #6\n"
    "  str r0, [sp, #4]\n"
    "2:\n" /* each pixel */
    /* position 0, 0 of the pooling */
    "  bl 15f\n" /* taps of channels 0 to 3 */
    "  mov r8, r0\n"
    "  mov r9, r1\n"
    "  mov r10, r2\n"
    "  mov r11, r3\n"
    /* position 1, 0 of the pooling */
    "  adds r6, #16\n"
    "  bl 15f\n" /* taps of channels 0 to 3 */
    "  cmp r0, r8\n"
    "  ble 3f\n" /* not larger */
    "  mov r8, r0\n"
    "3:\n" /* not larger */
    "  cmp r1, r9\n"
    "  ble 4f\n" /* not larger */
    "  mov r9, r1\n"
    "4:\n" /* not larger */
    "  cmp r2, r10\n"
    "  ble 5f\n" /* not larger */
    "  mov r10, r2\n"
    "5:\n" /* not larger */
    "  cmp r3, r11\n"
    "  ble 6f\n" /* not larger */
    "  mov r11, r3\n"
    "6:\n" /* not larger */
    /* position 2, 0 of the pooling */
    "  adds r6, #16\n"
    "  bl 15f\n" /* taps of channels 0 to 3 */
    "  cmp r0, r8\n"
    "  bge 7f\n" /* the largest */
    "  mov r0, r8\n"
    "7:\n" /* the largest */
    "  cmp r1, r9\n"
    "  bge 8f\n" /* the largest */
    "  mov r1, r9\n"
    "8:\n" /* the largest */
    "  cmp r2, r10\n"
    "  bge 9f\n" /* the largest */
    "  mov r2, r10\n"
    "9:\n" /* the largest */
    "  cmp r3, r11\n"
    "  bge 10f\n" /* the largest */
    "  mov r3, r11\n"
    "10:\n" /* the largest */
    "  subs r6, #32\n"
    /* requantize and store channel 0 */
    "  movs r4, #167\n"
    "  muls r0, r4, r0\n"
    "  ldr r4, =-603617\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #13\n"
    "  lsrs r4, r0, #8\n"
    "  beq 11f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "11:\n" /* within 0..255 */
    "  strb r0, [r7, #0]\n"
    /* requantize and store channel 1 */
    "  movs r4, #7\n"
    "  muls r1, r4, r1\n"
    "  ldr r4, =-310644\n"
    "  adds r1, r1, r4\n"
    "  asrs r1, r1, #11\n"
    "  lsrs r4, r1, #8\n"
    "  beq 12f\n" /* within 0..255 */
    "  asrs r1, r1, #31\n"
    "  mvns r1, r1\n"
    "12:\n" /* within 0..255 */
    "  strb r1, [r7, #1]\n"
    /* requantize and store channel 2 */
    "  movs r4, #185\n"
    "  muls r2, r4, r2\n"
    "  ldr r4, =-20164723\n"
    "  adds r2, r2, r4\n"
    "  asrs r2, r2, #18\n"
    "  lsrs r4, r2, #8\n"
    "  beq 13f\n" /* within 0..255 */
    "  asrs r2, r2, #31\n"
    "  mvns r2, r2\n"
    "13:\n" /* within 0..255 */
    "  strb r2, [r7, #2]\n"
    /* requantize and store channel 3 */
    "  movs r4, #97\n"
    "  muls r3, r4, r3\n"
    "  ldr r4, =-11853630\n"
    "  adds r3, r3, r4\n"
    "  asrs r3, r3, #17\n"
    "  lsrs r4, r3, #8\n"
    "  beq 14f\n" /* within 0..255 */
    "  asrs r3, r3, #31\n"
    "  mvns r3, r3\n"
    "14:\n" /* within 0..255 */
    "  strb r3, [r7, #3]\n"
    /* the next pixel */
    "  adds r6, #1\n"
    "  adds r7, #4\n"
    "  ldr r0, [sp, #4]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #4]\n"
    "  bne 2b\n" /* each pixel */
    /* the next row */
    "  adds r6, #42\n"
    "  ldr r0, [sp, #0]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #0]\n"
    "  bne 1b\n" /* each row */
    "  add sp, #8\n"
    /* give back what the caller keeps, return */
    "  pop {r4-r7}\n"
    "  mov r8, r4\n"
    "  mov r9, r5\n"
    "  mov r10, r6\n"
    "  mov r11, r7\n"
    "  pop {r4-r7, pc}\n"
    "15:\n" /* taps of channels 0 to 3 */
    /* row 0, column 0 */
    "  ldrb r4, [r6, #0]\n"
    "  sxtb r4, r4\n"
    "  movs r5, #126\n"
    "  muls r5, r4, r5\n"
    "  rsbs r0, r5, #0\n"
    "  movs r2, r5\n"
    "  movs r3, #19\n"
    "  muls r3, r4, r3\n"
    /* row 0, column 1 */
    "  ldrb r4, [r6, #1]\n"
    "  sxtb r4, r4\n"
    "  movs r5, #100\n"
    "  muls r5, r4, r5\n"
    "  rsbs r1, r5, #0\n"
    "  movs r5, #58\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  subs r3, r3, r5\n"
    /* row 0, column 2 */
    "  ldrb r4, [r6, #2]\n"
    "  sxtb r4, r4\n"
    "  movs r5, #127\n"
    "  muls r5, r4, r5\n"
    "  subs r1, r1, r5\n"
    "  movs r5, #47\n"
    "  muls r5, r4, r5\n"
    "  adds r2, r2, r5\n"
    "  movs r5, #81\n"
    "  muls r5, r4, r5\n"
    "  adds r3, r3, r5\n"
    "  bx lr\n"
    "  .ltorg\n" /* literals */
  );
}
#endif

/*
 * conv2d_0 + maxpool_1: conv2d + maxpool, thumb (weights are immediates in Thumb assembly)
 * [1][7][8][1] -> [1][1][6][4]
 * kernel 1x3, stride 2x1; then maximum of 3x1
 * in: scale 0.011080745607614517, offset -21
 * out: scale 0.005524731706827879, offset -128
 */
static UNROLLED_SIZE void unrolled_conv2d_0(const int8_t *in, uint8_t *out) {
  #if UNROLLED_THUMB
  unrolled_conv2d_0_thumb(in, out);
  #else
  const int8_t *p = in;
  uint8_t *q = out;
  const uint8_t *const end = q + 24;
  do {
    {
      int32_t m0 = INT32_MIN, m1 = INT32_MIN, m2 = INT32_MIN, m3 = INT32_MIN;
      for (uint32_t j = 3; j != 0; j--) {
        int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        int32_t x;
        x = p[0]; a0 -= x * 126; a2 += x * 126; a3 += x * 19;
        x = p[1]; a1 -= x * 100; a2 += x * 58; a3 -= x * 127;
        x = p[2]; a1 -= x * 127; a2 += x * 47; a3 += x * 81;
        m0 = unrolled_max(m0, a0);
        m1 = unrolled_max(m1, a1);
        m2 = unrolled_max(m2, a2);
        m3 = unrolled_max(m3, a3);
        p += 1;
        p += 15;
      }
      p -= 48;
      q[0] = (uint8_t)unrolled_clamp_u8((m0 * 167 - 603617) >> 13);
      q[1] = (uint8_t)unrolled_clamp_u8((m1 * 7 - 310644) >> 11);
      q[2] = (uint8_t)unrolled_clamp_u8((m2 * 185 - 20164723) >> 18);
      q[3] = (uint8_t)unrolled_clamp_u8((m3 * 97 - 11853630) >> 17);
    }
    p += 1;
    q += 4;
  } while (q != end);
  p += 42;
  #endif
}

/*
 * dense_2: dense, thumb streamed (weights are streamed from the constant memory)
 * [1][1][6][4] -> [1][6]
 * in: scale 0.005524731706827879, offset -128
 * out: scale 0.0033808439038693905, offset -128
 */
static UNROLLED_SPEED void unrolled_dense_2(const uint8_t *in, uint8_t *out, const uint8_t *constants) {
  uint8_t *q = out;
  #if UNROLLED_THUMB
  struct unrolled_dot dot;
  dot.taps = 24;
  dot.pre = 0;
  dot.post = 19;
  dot.bias = 0;
  #endif
  #if UNROLLED_THUMB
  dot.weights = constants + 48;
  dot.multiplier = constants + 32;
  dot.constant = (const int32_t *)(const void *)(constants + 0);
  #else
  const uint8_t *w = constants + 48;
  const int32_t *constant = (const int32_t *)(const void *)(constants + 0);
  const uint16_t *multiplier = (const uint16_t *)(const void *)(constants + 32);
  #endif
  #if UNROLLED_THUMB
  dot.out = q;
  dot.channels = 6;
  unrolled_dot4_m16(in, &dot);
  q += 6;
  #else
  int32_t sum = 0;
  const uint8_t *const last = in + 24;
  for (const uint8_t *x = in; x != last; x++) {
    sum += *x;
  }
  sum *= 128;
  {
    int32_t a0 = -sum, a1 = -sum, a2 = -sum, a3 = -sum;
    const uint8_t *x = in;
    do {
      const int32_t v = *x++;
      a0 += v * w[0];
      a1 += v * w[1];
      a2 += v * w[2];
      a3 += v * w[3];
      w += 4;
    } while (x != last);
    q[0] = (uint8_t)unrolled_clamp_u8((a0 * multiplier[0] + constant[0]) >> 19);
    q[1] = (uint8_t)unrolled_clamp_u8((a1 * multiplier[1] + constant[1]) >> 19);
    q[2] = (uint8_t)unrolled_clamp_u8((a2 * multiplier[2] + constant[2]) >> 19);
    q[3] = (uint8_t)unrolled_clamp_u8((a3 * multiplier[3] + constant[3]) >> 19);
    q += 4;
    constant += 4;
    multiplier += 4;
  }
  {
    int32_t a0 = -sum, a1 = -sum;
    const uint8_t *x = in;
    do {
      const int32_t v = *x++;
      a0 += v * w[0];
      a1 += v * w[1];
      w += 4;
    } while (x != last);
    q[0] = (uint8_t)unrolled_clamp_u8((a0 * multiplier[0] + constant[0]) >> 19);
    q[1] = (uint8_t)unrolled_clamp_u8((a1 * multiplier[1] + constant[1]) >> 19);
    q += 2;
    constant += 4;
    multiplier += 4;
  }
  #endif
}

/*
 * softmax_3: softmax, table (exponents come from a table)
 * [1][6] -> [1][6]
 * in: scale 0.0033808439038693905, offset -128
 * out: scale 0.003921568859368563, offset -128
 */
static UNROLLED_SPEED void unrolled_softmax_3(const uint8_t *in, int8_t *out, const uint8_t *constants) {
  const uint16_t *const table = (const uint16_t *)(const void *)(constants + 240);
  const uint8_t *x = in;
  int8_t *q = out;
  int32_t largest = x[0];
  for (uint32_t i = 1; i < 6; i++) {
    largest = unrolled_max(largest, x[i]);
  }
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 6; i++) {
    const uint32_t d = (uint32_t)(largest - x[i]);
    const uint32_t e = table[d < 256u ? d : 256u];
    sum += e;
  }
  for (uint32_t i = 0; i < 6; i++) {
    const uint32_t d = (uint32_t)(largest - x[i]);
    const uint32_t e = table[d < 256u ? d : 256u];
    const int32_t v = (int32_t)((e * 255u + sum / 2) / sum) - 128;
    q[i] = (int8_t)(v > 127 ? 127 : v);
  }
}

int unrolled(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {
  unrolled_conv2d_0((const int8_t *)(mutableWeight + UNROLLED_input_1), activations);
  unrolled_dense_2(activations, activations + 24, constantWeight);
  unrolled_softmax_3(activations + 24, (int8_t *)(mutableWeight + UNROLLED_value_3), constantWeight);
  return GLOW_SUCCESS;
}
