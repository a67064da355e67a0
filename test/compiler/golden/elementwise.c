/*
 * elementwise: a neural network as C, made by GlowPort. Change the model, not this file.
 *
 * input input_0: int8 [1][7][8][2], scale 0.011222749948501587, offset -23
 * input input_1: int8 [1][7][4][2], scale 0.01133554708212614, offset -22
 * output value_3: int8 [1][12][2][7], scale 0.012583312578499317, offset -33
 *
 * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.
 * Shifts of negative numbers are arithmetic, as on every compiler for these cores.
 */
#include <stdint.h>

#include "elementwise.h"

/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */
#if defined(__GNUC__) && !defined(__clang__)
#define ELEMENTWISE_SIZE __attribute__((noinline, optimize("Os")))
#define ELEMENTWISE_SPEED __attribute__((noinline, optimize("O2")))
#else
#define ELEMENTWISE_SIZE
#define ELEMENTWISE_SPEED
#endif

/* Saturates to 0..255; one comparison decides both bounds. */
static inline int32_t elementwise_clamp_u8(int32_t v) {
  if ((uint32_t)v > 255u) {
    v = v < 0 ? 0 : 255;
  }
  return v;
}

/*
 * add_0: add, loops (element by element)
 * [2], [1][7][8][2] -> [1][7][8][2]
 * in: scale 0.0012719831429421902, offset -128
 * in: scale 0.011222749948501587, offset -23
 * out: scale 0.007886585779488087, offset -128
 */
static ELEMENTWISE_SPEED void elementwise_add_0(const int8_t *in0, const int8_t *in1, uint8_t *out) {
  for (uint32_t i = 0; i < 56; i++) {
    for (uint32_t j = 0; j < 2; j++) {
      out[i * 2 + j] = (uint8_t)elementwise_clamp_u8((in0[j] * 2642 + in1[i * 2 + j] * 23315 + 882613) >> 14);
    }
  }
}

/*
 * activation_1: lookup, loops (element by element)
 * [1][7][8][2] -> [1][7][8][2]
 * in: scale 0.007886585779488087, offset -128
 * out: scale 0.007886585779488087, offset -128
 */
static ELEMENTWISE_SPEED void elementwise_activation_1(const uint8_t *in, uint8_t *out, const uint8_t *constants) {
  const uint8_t *const table = constants + 2;
  for (uint32_t i = 0; i < 112; i++) {
    out[i] = table[in[i]];
  }
}

/*
 * concat_2: concat, loops (element by element)
 * [1][7][8][2], [1][7][4][2] -> [1][7][12][2]
 * in: scale 0.007886585779488087, offset -128
 * in: scale 0.01133554708212614, offset -22
 * out: scale 0.012583312578499317, offset -33
 */
static ELEMENTWISE_SPEED void elementwise_concat_2(const uint8_t *in0, const int8_t *in1, uint8_t *out) {
  for (uint32_t i = 0; i < 7; i++) {
    for (uint32_t j = 0; j < 16; j++) {
      out[i * 24 + j] = (uint8_t)elementwise_clamp_u8((in0[i * 16 + j] * 20537 + 3129344) >> 15);
    }
  }
  for (uint32_t i = 0; i < 7; i++) {
    for (uint32_t j = 0; j < 8; j++) {
      out[i * 24 + j + 16] = (uint8_t)elementwise_clamp_u8((in1[i * 8 + j] * 29519 + 3778762) >> 15);
    }
  }
}

/*
 * transpose_3: transpose, loops (element by element)
 * [1][7][12][2] -> [1][12][2][7]
 * in: scale 0.012583312578499317, offset -33
 * out: scale 0.012583312578499317, offset -33
 */
static ELEMENTWISE_SPEED void elementwise_transpose_3(const uint8_t *in, int8_t *out) {
  for (uint32_t i = 0; i < 24; i++) {
    for (uint32_t j = 0; j < 7; j++) {
      out[i * 7 + j] = (int8_t)(in[i + j * 24] - 128);
    }
  }
}

int elementwise(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {
  elementwise_add_0((const int8_t *)(constantWeight), (const int8_t *)(mutableWeight + ELEMENTWISE_input_0), activations);
  elementwise_activation_1(activations, activations + 168, constantWeight);
  elementwise_concat_2(activations + 168, (const int8_t *)(mutableWeight + ELEMENTWISE_input_1), activations);
  elementwise_transpose_3(activations, (int8_t *)(mutableWeight + ELEMENTWISE_value_3));
  return GLOW_SUCCESS;
}
