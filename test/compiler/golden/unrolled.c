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

/*
 * conv2d_0 + maxpool_1: conv2d + maxpool, unrolled (weights are immediates in the code)
 * [1][7][8][1] -> [1][1][6][4]
 * kernel 1x3, stride 2x1; then maximum of 3x1
 * in: scale 0.011080745607614517, offset -21
 * out: scale 0.005524731706827879, offset -128
 */
static UNROLLED_SIZE void unrolled_conv2d_0(const int8_t *in, uint8_t *out) {
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
}

/*
 * dense_2: dense, streamed (weights are streamed from the constant memory)
 * [1][1][6][4] -> [1][6]
 * in: scale 0.005524731706827879, offset -128
 * out: scale 0.0033808439038693905, offset -128
 */
static UNROLLED_SPEED void unrolled_dense_2(const uint8_t *in, uint8_t *out, const uint8_t *constants) {
  uint8_t *q = out;
  const uint8_t *w = (const uint8_t *)(constants + 36);
  const int32_t *constant = (const int32_t *)(constants + 0);
  const uint16_t *multiplier = (const uint16_t *)(constants + 24);
  int32_t sum = 0;
  const uint8_t *const last = in + 24;
  for (const uint8_t *x = in; x != last; x++) {
    sum += *x;
  }
  sum *= 128;
  for (uint32_t block = 2; block != 0; block--) {
    int32_t a0 = -sum, a1 = -sum, a2 = -sum;
    const uint8_t *x = in;
    do {
      const int32_t v = *x++;
      a0 += v * w[0];
      a1 += v * w[1];
      a2 += v * w[2];
      w += 3;
    } while (x != last);
    q[0] = (uint8_t)unrolled_clamp_u8((a0 * multiplier[0] + constant[0]) >> 19);
    q[1] = (uint8_t)unrolled_clamp_u8((a1 * multiplier[1] + constant[1]) >> 19);
    q[2] = (uint8_t)unrolled_clamp_u8((a2 * multiplier[2] + constant[2]) >> 19);
    q += 3;
    constant += 3;
    multiplier += 3;
  }
}

/*
 * softmax_3: softmax, table (exponents come from a table)
 * [1][6] -> [1][6]
 * in: scale 0.0033808439038693905, offset -128
 * out: scale 0.003921568859368563, offset -128
 */
static UNROLLED_SPEED void unrolled_softmax_3(const uint8_t *in, int8_t *out, const uint8_t *constants) {
  const uint16_t *const table = (const uint16_t *)(constants + 180);
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
  unrolled_dense_2((const uint8_t *)(activations), activations + 24, constantWeight);
  unrolled_softmax_3((const uint8_t *)(activations + 24), (int8_t *)(mutableWeight + UNROLLED_value_3), constantWeight);
  return GLOW_SUCCESS;
}
