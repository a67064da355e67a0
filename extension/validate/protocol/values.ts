/** The numbers of the protocol between PC and board; the firmware's template has them from here. docs/validate.md tells it whole. */

export const PROTOCOL_VERSION = 1;

/** Begins a frame, and is nowhere else: ESCAPE and the byte with ESCAPED_BIT inverted stand for it, and for ESCAPE (as in RFC 1662). */
export const FRAME_BEGINS = 0x7e;
export const ESCAPE = 0x7d;
export const ESCAPED_BIT = 0x20;

/** Types of requests. An answer has the request's type and ANSWER. */
export const REQUEST = { hello: 1, data: 2, run: 3, read: 4 } as const;
export type RequestType = (typeof REQUEST)[keyof typeof REQUEST];
export const ANSWER = 0x80;
/** Answers that no request asks for: the board has begun anew; it does not take a request. */
export const BOOTED = 0xc0;
export const REFUSED = 0xff;

/** Why a request is refused: its checksum is wrong; it may not come now. */
export const REASON = { damaged: 1, unexpected: 2 } as const;

/** Bytes that a frame carries at most, either way. */
export const MOST_BYTES = 128;
/** Of an answer to `run` before the outputs: sample number, status, microseconds. */
export const RUN_BYTES = 12;

/** Type, sequence number, length. */
export const HEADER_BYTES = 3;
export const CHECKSUM_BYTES = 2;
