/**
 * Cycles on Cortex-M0+ (zero wait states, one-cycle multiplier) that kernels predict themselves with. The terms are what gcc
 * 12 at the kernel's level makes of the C below, counted on the simulated core; bench/cost.ts prints prediction against
 * measurement for a range of layers.
 */

/** A load of an activation in straight-line code. */
export const LOAD = 2;
/** MOVS + MULS + ADDS of an immediate weight, with the register moves gcc adds. */
export const IMMEDIATE_MAC = 3.6;
/** The same for +-1 and powers of two. */
export const CHEAP_MAC = 2;
/** Bytes of code of an immediate weight with its share of loads. */
export const IMMEDIATE_MAC_BYTES = 7;
/** A weight streamed from memory: LDRB, MULS, ADDS, and a share of the activation's load and the loop in blocks of `channels`. */
export function streamedMac(channels: number): number {
  return 4.4 + 8 / channels;
}
/** Taking the maximum of a channel's accumulator, which is kept on the stack. */
export const KEEP_MAXIMUM = 12;
/** Requantize, saturate, store. */
export const REQUANT = 14;
export const REQUANT_BYTES = 22;
/** Overhead of a loop iteration over pixels. */
export const PIXEL = 8;
/** Call, prologue and epilogue of a layer function. */
export const CALL = 40;
/** Copying or converting one element in a loop nest. */
export const MOVE = 8.2;
/** Filling four bytes of a border. */
export const FILL_WORD = 5;
/** A weight in assembly: MOVS, MULS, ADDS; less where products are shared or shifts. */
export const THUMB_MAC = 2.95;
export const THUMB_MAC_BYTES = 5.9;
/** Subroutine call and pointer moves of four channels. */
export const THUMB_POSITION = 9;
/** Their four maxima in a pooling. */
export const THUMB_MAXIMA = 13;
/** The assembly of streamed dot products: per call, per input for the sum, per block of four channels, per input of a block. */
export const THUMB_DOT_CALL = 90;
export const THUMB_DOT_SUM = 4;
export const THUMB_DOT_BLOCK = 106;
export const THUMB_DOT_TAP = 19.4;
/** Bytes of a call with its tables' pointers, and a share of the routine. */
export const THUMB_DOT_BYTES = 200;

/** Depthwise convolutions: per weight, and per output with its loop. */
export const DEPTHWISE_MAC = 7.6;
export const DEPTHWISE_OUTPUT = 30;
/** The same in assembly. */
export const THUMB_DEPTHWISE = { mac: 6.3, output: 21 };
