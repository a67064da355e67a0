// Bundle API of the network 'unrolled', made by GlowPort; the same names as Glow's static bundles.
#ifndef _GLOW_BUNDLE_UNROLLED_H
#define _GLOW_BUNDLE_UNROLLED_H

#include <stdint.h>

// ---------------------------------------------------------------
//                       Common definitions
// ---------------------------------------------------------------
#ifndef _GLOW_BUNDLE_COMMON_DEFS
#define _GLOW_BUNDLE_COMMON_DEFS

// Glow bundle error code for correct execution.
#define GLOW_SUCCESS 0

// Memory alignment definition with given alignment size
// for static allocation of memory.
#define GLOW_MEM_ALIGN(size) __attribute__((aligned(size)))

// Macro function to get the absolute address of a
// placeholder using the base address of the mutable
// weight buffer and placeholder offset definition.
#define GLOW_GET_ADDR(mutableBaseAddr, placeholderOff) (((uint8_t *)(mutableBaseAddr)) + placeholderOff)

#endif

// ---------------------------------------------------------------
//                          Bundle API
// ---------------------------------------------------------------
//
//   Name: "input_0"
//   Type: i8[S:0.010822612 O:-18][-1.190,1.569]<1 x 7 x 8 x 2>
//   Size: 112 (elements)
//   Size: 112 (bytes)
//   Offset: 0 (bytes)
//
#define UNROLLED_input_0 0

//
//   Name: "input_1"
//   Type: i8[S:0.011080746 O:-21][-1.186,1.640]<1 x 7 x 8 x 1>
//   Size: 56 (elements)
//   Size: 56 (bytes)
//   Offset: 112 (bytes)
//
#define UNROLLED_input_1 112

//
//   Name: "input_2"
//   Type: i8[S:0.011164787 O:-22][-1.183,1.664]<1 x 7 x 3 x 4>
//   Size: 84 (elements)
//   Size: 84 (bytes)
//   Offset: 168 (bytes)
//
#define UNROLLED_input_2 168

//
//   Name: "value_3"
//   Type: i8[S:0.003921569 O:-128][0.000,1.000]<1 x 6>
//   Size: 6 (elements)
//   Size: 6 (bytes)
//   Offset: 252 (bytes)
//
#define UNROLLED_value_3 252

// Memory sizes (bytes).
#define UNROLLED_CONSTANT_MEM_SIZE 756
#define UNROLLED_MUTABLE_MEM_SIZE 260
#define UNROLLED_ACTIVATIONS_MEM_SIZE 32

// Memory alignment (bytes).
#define UNROLLED_MEM_ALIGN 4

#ifdef __cplusplus
extern "C" {
#endif

// Bundle entry point (inference function). Returns 0 on success.
int unrolled(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);

#ifdef __cplusplus
}
#endif
#endif
