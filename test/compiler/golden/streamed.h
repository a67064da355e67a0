// Bundle API of the network 'streamed', made by GlowPort; the same names as Glow's static bundles.
#ifndef _GLOW_BUNDLE_STREAMED_H
#define _GLOW_BUNDLE_STREAMED_H

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
//   Type: i8[S:0.011205609 O:-22][-1.188,1.670]<1 x 7 x 8 x 2>
//   Size: 112 (elements)
//   Size: 112 (bytes)
//   Offset: 0 (bytes)
//
#define STREAMED_input_0 0

//
//   Name: "value_3"
//   Type: i8[S:0.000001793 O:-128][0.000,0.000]<1 x 4>
//   Size: 4 (elements)
//   Size: 4 (bytes)
//   Offset: 112 (bytes)
//
#define STREAMED_value_3 112

// Memory sizes (bytes).
#define STREAMED_CONSTANT_MEM_SIZE 72
#define STREAMED_MUTABLE_MEM_SIZE 116
#define STREAMED_ACTIVATIONS_MEM_SIZE 92

// Memory alignment (bytes).
#define STREAMED_MEM_ALIGN 4

#ifdef __cplusplus
extern "C" {
#endif

// Bundle entry point (inference function). Returns 0 on success.
int streamed(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);

#ifdef __cplusplus
}
#endif
#endif
