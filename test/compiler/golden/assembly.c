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
  uint32_t *p = (uint32_t *)buffer;
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
  const int8_t *p = in + 0;
  uint8_t *q = out + 0;
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

/*
 * conv2d_1: conv2d, unrolled (weights are immediates in the code)
 * [1][7][2][2] -> [1][3][4][6]
 * kernel 3x1, stride 2x1
 * in: scale 0.011012306436896324, offset -24
 * out: scale 0.004007762763649225, offset -128
 */
static ASSEMBLY_SIZE void assembly_conv2d_1(const uint8_t *in, uint8_t *out) {
  const uint8_t *p = in + 0;
  uint8_t *q = out + 0;
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
}

/*
 * conv2d_2: conv2d, unrolled (weights are immediates in the code)
 * [1][3][4][6] -> [1][3][4][9]
 * kernel 1x1, stride 1x1
 * in: scale 0.004007762763649225, offset -128
 * out: scale 0.0068683624267578125, offset -128
 */
static ASSEMBLY_SIZE void assembly_conv2d_2(const uint8_t *in, int8_t *out) {
  const uint8_t *p = in + 0;
  int8_t *q = out + 0;
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
}

int assembly(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {
  (void)constantWeight;
  assembly_maxpool_0((const int8_t *)(mutableWeight + ASSEMBLY_input_0), activations + 72);
  assembly_conv2d_1((const uint8_t *)(activations + 72), activations);
  assembly_conv2d_2((const uint8_t *)(activations), (int8_t *)(mutableWeight + ASSEMBLY_value_2));
  return GLOW_SUCCESS;
}
