import { say } from '../../../../common/errors/sentence.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { damaged, unread } from './damage.ts';

/** Types of header messages (HDF5 File Format Specification, IV.A.2). */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** A message in an object's header: what it tells lies in the file from `at` on. */
export interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

interface Block {
  readonly from: number;
  readonly to: number;
}

/** The flag of a message that stands elsewhere. */
const SHARED = 0x02;

/** All messages of the object whose header lies at an address, continuations included. */
export function readObjectHeader(bytes: Bytes, budget: Budget, address: number): Message[] {
  return bytes.u8(address) === 1 ? readFirst(bytes, budget, address) : readSecond(bytes, budget, address);
}

/** Version 1: messages of 8 bytes and more, blocks without a signature. */
function readFirst(bytes: Bytes, budget: Budget, address: number): Message[] {
  const size = bytes.u32(address + 8);
  return gather(
    bytes,
    budget,
    { from: address + 16, to: address + 16 + size },
    {
      head: 8,
      typeSize: 2,
      flagsAt: 4,
      signature: 0,
      checksum: 0,
    },
  );
}

/** Version 2: a signature and a checksum around each block. */
function readSecond(bytes: Bytes, budget: Budget, address: number): Message[] {
  bytes.expect(address, 'OHDR\x02');
  const flags = bytes.u8(address + 5);
  let at = address + 6;
  if (flags & 0x20) at += 16; // times
  if (flags & 0x10) at += 4; // when attributes move out
  const sizeBytes = 1 << (flags & 3);
  const from = at + sizeBytes;
  return gather(
    bytes,
    budget,
    { from, to: from + bytes.unsigned(at, sizeBytes) },
    {
      head: flags & 4 ? 6 : 4,
      typeSize: 1,
      flagsAt: 3,
      signature: 4,
      checksum: 4,
    },
  );
}

/** How a version of headers lays its messages out, in bytes. */
interface Layout {
  readonly head: number;
  readonly typeSize: 1 | 2;
  readonly flagsAt: number;
  /** Before and behind the messages of a continuation. */
  readonly signature: number;
  readonly checksum: number;
}

function gather(bytes: Bytes, budget: Budget, first: Block, layout: Layout): Message[] {
  const messages: Message[] = [];
  const blocks = [first];
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    let at = block.from;
    while (at + layout.head <= block.to) {
      budget.step();
      const type = bytes.unsigned(at, layout.typeSize);
      const size = bytes.u16(at + layout.typeSize);
      const flags = bytes.u8(at + layout.flagsAt);
      const message = { type, size, at: at + layout.head };
      at = message.at + size;
      if (at > block.to) throw damaged();
      if (type === MESSAGE.continuation) blocks.push(continuation(bytes, message.at, layout));
      else if (flags & SHARED && isRead(type)) throw unread(say`shares parts of its objects' headers`);
      else messages.push(message);
    }
  }
  return messages;
}

function continuation(bytes: Bytes, at: number, { signature, checksum }: Layout): Block {
  const address = bytes.u64(at);
  const size = bytes.u64(at + 8);
  if (signature > 0) bytes.expect(address, 'OCHK');
  return { from: address + signature, to: address + size - checksum };
}

function isRead(type: number): boolean {
  return Object.values(MESSAGE).includes(type as never);
}
