// Bundle API of the network 'elementwise', made by GlowPort; the same names as Glow's static bundles.
#ifndef _GLOW_BUNDLE_ELEMENTWISE_H
#define _GLOW_BUNDLE_ELEMENTWISE_H

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
//   Type: i8[S:0.011222750 O:-23][-1.178,1.683]<1 x 7 x 8 x 2>
//   Size: 112 (elements)
//   Size: 112 (bytes)
//   Offset: 0 (bytes)
//
#define ELEMENTWISE_input_0 0

//
//   Name: "input_1"
//   Type: i8[S:0.011335547 O:-22][-1.202,1.689]<1 x 7 x 4 x 2>
//   Size: 56 (elements)
//   Size: 56 (bytes)
//   Offset: 112 (bytes)
//
#define ELEMENTWISE_input_1 112

//
//   Name: "value_3"
//   Type: i8[S:0.012583313 O:-33][-1.195,2.013]<1 x 12 x 2 x 7>
//   Size: 168 (elements)
//   Size: 168 (bytes)
//   Offset: 168 (bytes)
//
#define ELEMENTWISE_value_3 168

// Memory sizes (bytes).
#define ELEMENTWISE_CONSTANT_MEM_SIZE 260
#define ELEMENTWISE_MUTABLE_MEM_SIZE 336
#define ELEMENTWISE_ACTIVATIONS_MEM_SIZE 280

// Memory alignment (bytes).
#define ELEMENTWISE_MEM_ALIGN 4

#ifdef __cplusplus
extern "C" {
#endif

// Bundle entry point (inference function). Returns 0 on success.
int elementwise(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);

#ifdef __cplusplus
}
#endif
#endif
