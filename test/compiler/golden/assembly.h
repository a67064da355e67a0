// Bundle API of the network 'assembly', made by GlowPort; the same names as Glow's static bundles.
#ifndef _GLOW_BUNDLE_ASSEMBLY_H
#define _GLOW_BUNDLE_ASSEMBLY_H

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
//   Type: i8[S:0.011012306 O:-24][-1.145,1.663]<1 x 7 x 8 x 2>
//   Size: 112 (elements)
//   Size: 112 (bytes)
//   Offset: 0 (bytes)
//
#define ASSEMBLY_input_0 0

//
//   Name: "value_2"
//   Type: i8[S:0.006868362 O:-128][0.000,1.751]<1 x 3 x 4 x 9>
//   Size: 108 (elements)
//   Size: 108 (bytes)
//   Offset: 112 (bytes)
//
#define ASSEMBLY_value_2 112

// Memory sizes (bytes).
#define ASSEMBLY_CONSTANT_MEM_SIZE 0
#define ASSEMBLY_MUTABLE_MEM_SIZE 220
#define ASSEMBLY_ACTIVATIONS_MEM_SIZE 128

// Memory alignment (bytes).
#define ASSEMBLY_MEM_ALIGN 4

#ifdef __cplusplus
extern "C" {
#endif

// Bundle entry point (inference function). Returns 0 on success.
int assembly(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);

#ifdef __cplusplus
}
#endif
#endif
