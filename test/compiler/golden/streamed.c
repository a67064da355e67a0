/*
 * streamed: a neural network as C, made by GlowPort. Change the model, not this file.
 *
 * input input_0: int8 [1][7][8][2], scale 0.011205608956515789, offset -22
 * output value_3: int8 [1][4], scale 0.0000017929904743141378, offset -128
 *
 * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.
 * Shifts of negative numbers are arithmetic, as on every compiler for these cores.
 */
#include <stdint.h>

#include "streamed.h"

/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */
#if defined(__GNUC__) && !defined(__clang__)
#define STREAMED_SIZE __attribute__((noinline, optimize("Os")))
#define STREAMED_SPEED __attribute__((noinline, optimize("O2")))
#else
#define STREAMED_SIZE
#define STREAMED_SPEED
#endif
/* Hot layers have assembly for ARMv6-M; the C beside it computes the same on every other core and compiler. */
#if defined(__GNUC__) && defined(__ARM_ARCH_6M__) && !defined(__clang__)
#define STREAMED_THUMB 1
#else
#define STREAMED_THUMB 0
#endif

/* Saturates to 0..255; one comparison decides both bounds. */
static inline int32_t streamed_clamp_u8(int32_t v) {
  if ((uint32_t)v > 255u) {
    v = v < 0 ? 0 : 255;
  }
  return v;
}

/* Fills a buffer (aligned, a whole number of words) with a repeated byte. */
static void streamed_fill(uint8_t *buffer, uint32_t word, uint32_t words) {
  uint32_t *p = (uint32_t *)(void *)buffer;
  for (uint32_t *const end = p + words; p != end; p++) {
    *p = word;
  }
}

/*
 * conv2d_0: conv2d, unrolled (weights are immediates in the code)
 * [1][7][8][2] -> [1][4][4][2]
 * kernel 1x3, stride 2x1, dilation 2x2
 * in: scale 0.011205608956515789, offset -22
 * out: scale 0.01661018840968609, offset 14
 */
static STREAMED_SIZE void streamed_conv2d_0(const int8_t *in, uint8_t *out) {
  streamed_fill(out, 0x8e8e8e8eu, 15u);
  const int8_t *p = in;
  uint8_t *q = out + 20;
  for (uint32_t row = 4; row != 0; row--) {
    const uint8_t *const end = q + 8;
    do {
      {
        int32_t a0 = 0, a1 = 0;
        int32_t x;
        x = p[0]; a0 -= x * 127; a1 -= x * 119;
        x = p[1]; a1 -= x * 56;
        x = p[4]; a1 += x * 127;
        x = p[5]; a0 -= x * 17; a1 += x * 59;
        x = p[8]; a0 += x * 85; a1 += x * 47;
        x = p[9]; a1 -= x * 71;
        q[0] = (uint8_t)streamed_clamp_u8((a0 * 7 + 119404) >> 10);
        q[1] = (uint8_t)streamed_clamp_u8((a1 * 61 + 37338074) >> 18);
      }
      p += 2;
      q += 2;
    } while (q != end);
    p += 24;
    q += 2;
  }
}

#if STREAMED_THUMB
/*
 * conv2d_1, in assembly.
 * Channel by channel: a filter each, its weights read four at a time.
 *
 * r0        accumulator
 * r1        four weights
 * r2        2: from a tap 1 to the right
 * r3        4: from a tap 2 to the right
 * r4        activation
 * r5        weight, product
 * r6        record of the channel: weights, constant, multiplier
 * r7        in
 * r8        from a row of taps to the next
 * r9        from the last tap back to the first of the next channel
 * r10       out
 * r11       end of the records
 * [sp, #0]  rows to do
 * [sp, #4]  pixels of the row to do
 * [sp, #8]  the first record
 */
__attribute__((naked, noipa)) static void streamed_conv2d_1_thumb(__attribute__((unused)) const uint8_t *in, __attribute__((unused)) uint8_t *out, __attribute__((unused)) const uint8_t *records) {
  __asm__ volatile(
    ".syntax unified\n"
    /* save what the caller keeps */
    "  push {r4-r7, lr}\n"
    "  mov r4, r8\n"
    "  mov r5, r9\n"
    "  mov r6, r10\n"
    "  mov r7, r11\n"
    "  push {r4-r7}\n"
    "  sub sp, #16\n"
    "  movs r7, r0\n"
    "  mov r10, r1\n"
    "  str r2, [sp, #8]\n"
    "  adds r2, #32\n"
    "  mov r11, r2\n"
    "  movs r0, #10\n"
    "  mov r8, r0\n"
    "  movs r0, #1\n"
    "  mov r9, r0\n"
    "  movs r2, #2\n"
    "  movs r3, #4\n"
    "  movs r0, #4\n"
    "  str r0, [sp, #0]\n"
    "1:\n" /* each row */
    "  movs r0, #4\n"
    "  str r0, [sp, #4]\n"
    "2:\n" /* each pixel */
    "  ldr r6, [sp, #8]\n"
    "3:\n" /* each channel */
    /* row 0, column 0 */
    "  ldmia r6!, {r1}\n"
    "  ldrb r4, [r7, #0]\n"
    "  sxtb r5, r1\n"
    "  muls r5, r4, r5\n"
    "  movs r0, r5\n"
    /* row 0, column 1 */
    "  ldrb r4, [r7, #2]\n"
    "  lsls r5, r1, #16\n"
    "  asrs r5, r5, #24\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    /* row 1, column 0 */
    "  ldrb r4, [r7, #10]\n"
    "  lsls r5, r1, #8\n"
    "  asrs r5, r5, #24\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    /* row 1, column 1 */
    "  ldrb r4, [r7, #12]\n"
    "  asrs r5, r1, #24\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    /* row 2, column 0 */
    "  ldmia r6!, {r1}\n"
    "  ldrb r4, [r7, #20]\n"
    "  sxtb r5, r1\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    /* row 2, column 1 */
    "  ldrb r4, [r7, #22]\n"
    "  lsls r5, r1, #16\n"
    "  asrs r5, r5, #24\n"
    "  muls r5, r4, r5\n"
    "  adds r0, r0, r5\n"
    /* requantize, store, next channel */
    "  add r7, r9\n"
    "  ldmia r6!, {r4, r5}\n"
    "  muls r0, r5, r0\n"
    "  adds r0, r0, r4\n"
    "  asrs r0, r0, #9\n"
    "  lsrs r4, r0, #8\n"
    "  beq 4f\n" /* within 0..255 */
    "  asrs r0, r0, #31\n"
    "  mvns r0, r0\n"
    "4:\n" /* within 0..255 */
    "  mov r4, r10\n"
    "  strb r0, [r4, #0]\n"
    "  adds r4, #1\n"
    "  mov r10, r4\n"
    "  cmp r6, r11\n"
    "  bne 3b\n" /* each channel */
    /* the next pixel */
    "  ldr r0, [sp, #4]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #4]\n"
    "  bne 2b\n" /* each pixel */
    /* the next row */
    "  adds r7, #2\n"
    "  ldr r0, [sp, #0]\n"
    "  subs r0, #1\n"
    "  str r0, [sp, #0]\n"
    "  bne 1b\n" /* each row */
    "  add sp, #16\n"
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

/*
 * conv2d_1: conv2d, thumb depthwise (one filter per channel, its weights and requantization in a record)
 * [1][4][4][2] -> [1][4][4][2]
 * kernel 3x2, stride 1x1
 * in: scale 0.01661018840968609, offset 14
 * out: scale 0.00002403694270469714, offset -128
 */
static STREAMED_SPEED void streamed_conv2d_1(const uint8_t *in, uint8_t *out, const uint8_t *constants) {
  #if STREAMED_THUMB
  streamed_conv2d_1_thumb(in, out, constants + 0);
  #else
  const uint8_t *p = in;
  uint8_t *q = out;
  for (uint32_t row = 4; row != 0; row--) {
    for (uint32_t column = 4; column != 0; column--) {
      const int32_t *record = (const int32_t *)(const void *)(constants + 0);
      for (uint32_t c = 2; c != 0; c--) {
        const int8_t *const w = (const int8_t *)record;
        const int32_t *const r = record + 2;
        int32_t a = 0;
        a += p[0] * w[0];
        a += p[2] * w[1];
        a += p[10] * w[2];
        a += p[12] * w[3];
        a += p[20] * w[4];
        a += p[22] * w[5];
        *q++ = (uint8_t)streamed_clamp_u8((a * r[1] + r[0]) >> 9);
        p++;
        record += 4;
      }
    }
    p += 2;
  }
  #endif
}

/*
 * avgpool_2: avgpool, plain (every window lies inside)
 * [1][4][4][2] -> [1][1][2][2]
 * kernel 4x2, stride 4x2
 * in: scale 0.00002403694270469714, offset -128
 * out: scale 0.000008721723133930936, offset -128
 */
static STREAMED_SPEED void streamed_avgpool_2(const uint8_t *in, uint8_t *out) {
  const uint8_t *p = in;
  uint8_t *q = out;
  const uint8_t *const end = q + 4;
  do {
    for (uint32_t c = 2; c != 0; c--) {
      int32_t v = p[0];
      v += p[2];
      v += p[8];
      v += p[10];
      v += p[16];
      v += p[18];
      v += p[24];
      v += p[26];
      *q = (uint8_t)streamed_clamp_u8((v * 22577 + 32768) >> 16);
      p++;
      q++;
    }
    p += 2;
  } while (q != end);
  p += 24;
}

/*
 * dense_3: dense, streamed (weights are streamed from the constant memory)
 * [1][1][2][2] -> [1][4]
 * in: scale 0.000008721723133930936, offset -128
 * out: scale 0.0000017929904743141378, offset -128
 */
static STREAMED_SPEED void streamed_dense_3(const uint8_t *in, int8_t *out, const uint8_t *constants) {
  int8_t *q = out;
  const uint8_t *w = constants + 56;
  const int32_t *bias = (const int32_t *)(const void *)(constants + 32);
  const uint16_t *multiplier = (const uint16_t *)(const void *)(constants + 48);
  int32_t sum = 0;
  const uint8_t *const last = in + 4;
  for (const uint8_t *x = in; x != last; x++) {
    sum += *x;
  }
  sum *= 128;
  {
    int32_t a0 = bias[0] - sum, a1 = bias[1] - sum, a2 = bias[2] - sum, a3 = bias[3] - sum;
    const uint8_t *x = in;
    do {
      const int32_t v = *x++;
      a0 += v * w[0];
      a1 += v * w[1];
      a2 += v * w[2];
      a3 += v * w[3];
      w += 4;
    } while (x != last);
    q[0] = (int8_t)(streamed_clamp_u8(((a0 >> 3) * multiplier[0] + (2048)) >> 12) - 128);
    q[1] = (int8_t)(streamed_clamp_u8(((a1 >> 3) * multiplier[1] + (2048)) >> 12) - 128);
    q[2] = (int8_t)(streamed_clamp_u8(((a2 >> 3) * multiplier[2] + (2048)) >> 12) - 128);
    q[3] = (int8_t)(streamed_clamp_u8(((a3 >> 3) * multiplier[3] + (2048)) >> 12) - 128);
    q += 4;
    bias += 4;
    multiplier += 4;
  }
}

int streamed(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {
  streamed_conv2d_0((const int8_t *)(mutableWeight + STREAMED_input_0), activations);
  streamed_conv2d_1(activations, activations + 60, constantWeight);
  streamed_avgpool_2(activations + 60, activations);
  streamed_dense_3(activations, (int8_t *)(mutableWeight + STREAMED_value_3), constantWeight);
  return GLOW_SUCCESS;
}
