import type protobuf from 'protobufjs/light.js';
import type { Random } from '../../support/random.ts';
import { edge } from './mutate.ts';

/*
 * Mutations that know the wire format of protobuf (varints, lengths, nested messages), so that what they make is still read
 * up to the last field.
 */

interface Field {
  id: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  wire: 0 | 1 | 2 | 5;
  value: bigint | Uint8Array | Message;
}

interface Message {
  readonly type: protobuf.Type;
  fields: Field[];
}

/** A field where it stands. */
interface Place {
  readonly message: Message;
  readonly field: Field;
}

const EDGES_64 = [2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const FLOATS = [0, -0, 1, -1, 1e-45, 1e-38, 3e38, -3e38, Infinity, -Infinity, NaN, 0.5, 1e4];
/** How often a field is repeated at most, and of how many fields a message may be for it: copies of copies never end. */
const MOST_COPIES = 300;
const MOST_COPIED = 300;

/**
 * A valid message with a few changes of its fields.
 * @param words strings that fields may be given, such as names of operators
 * @param donor a message of the same type, to take parts from
 */
export function mutatedMessage(
  random: Random,
  type: protobuf.Type,
  bytes: Uint8Array,
  donor: Uint8Array,
  words: readonly string[],
): Uint8Array {
  const message = parsed(type, bytes);
  const other = placesIn(parsed(type, donor));
  for (let n = random.pick([1, 1, 1, 2, 2, 3, 4, 8]); n > 0; n--) change(random, message, other, words);
  return encoded(message);
}

function change(random: Random, root: Message, other: readonly Place[], words: readonly string[]): void {
  const places = placesIn(root);
  if (places.length === 0) return;
  const { message, field } = random.pick(places);
  const at = message.fields.indexOf(field);
  switch (random.int(0, 9)) {
    case 0:
      message.fields.splice(at, 1);
      return;
    case 1: {
      const copies = random.pick([1, 1, 2, places.length < MOST_COPIED ? MOST_COPIES : 3]);
      message.fields.splice(at, 0, ...new Array<Field>(copies).fill(field));
      return;
    }
    case 2: // elsewhere in a message of the same type
      random.pick(places.filter((p) => p.message.type === message.type)).message.fields.push(field);
      return;
    case 3: {
      const parts = other.filter((p) => p.message.type === message.type);
      if (parts.length > 0) message.fields.splice(at, random.int(0, 1), random.pick(parts).field);
      return;
    }
    case 4: {
      const to = random.int(0, message.fields.length - 1);
      message.fields.splice(at, 1);
      message.fields.splice(to, 0, field);
      return;
    }
    case 5: // another field's number
      message.fields[at] = { ...field, id: random.bool(0.8) ? random.int(1, 25) : edge(random) + 1 };
      return;
    default:
      message.fields[at] = { ...field, value: otherValue(random, field, places, words) };
  }
}

function otherValue(
  random: Random,
  { wire, value }: Field,
  places: readonly Place[],
  words: readonly string[],
): Field['value'] {
  if (typeof value === 'bigint') {
    if (random.bool(0.3)) return BigInt.asUintN(64, value + BigInt(random.int(-2, 2)));
    return random.bool(0.2)
      ? random.pick(EDGES_64)
      : BigInt.asUintN(64, BigInt(edge(random) * random.pick([1, -1])));
  }
  if ('fields' in value) return random.bool(0.3) ? { ...value, fields: [] } : value;
  if (wire === 5) return new Uint8Array(Float32Array.of(random.pick(FLOATS)).buffer);
  switch (random.int(0, 5)) {
    case 0:
      return value.subarray(0, random.int(0, value.length));
    case 1: {
      const same = places.map((p) => p.field.value).filter((v) => v instanceof Uint8Array);
      return random.pick(same);
    }
    case 2:
      return Buffer.from(random.pick(words));
    case 3: {
      const floats = Buffer.from(value);
      if (floats.length >= 4)
        floats.writeFloatLE(random.pick(FLOATS), random.int(0, (floats.length >> 2) - 1) * 4);
      return floats;
    }
    case 4:
      return Buffer.concat([value, value]);
    default:
      return value.map((b) => (random.bool(0.1) ? random.int(0, 255) : b));
  }
}

/** Every field of a message and of those inside it. */
function placesIn(message: Message): Place[] {
  return message.fields.flatMap((field) => [
    { message, field },
    ...(typeof field.value === 'object' && 'fields' in field.value ? placesIn(field.value) : []),
  ]);
}

/** @param bytes a whole message */
function parsed(type: protobuf.Type, bytes: Uint8Array): Message {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const id = tag >>> 3;
    const wire = (tag & 7) as Field['wire'];
    if (wire === 0) {
      fields.push({ id, wire, value: varint() });
      continue;
    }
    const length = wire === 2 ? Number(varint()) : wire === 1 ? 8 : 4;
    const value = bytes.subarray(at, (at += length));
    const inner = wire === 2 ? type.fieldsById[id]?.resolvedType : undefined;
    fields.push({ id, wire, value: inner && 'fieldsById' in inner ? parsed(inner, value) : value });
  }
  return { type, fields };
}

function encoded({ fields }: Message): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ id, wire, value }) => {
      const tag = varintOf(BigInt(id) * 8n + BigInt(wire));
      if (typeof value === 'bigint') return [tag, varintOf(value)];
      const bytes = 'fields' in value ? encoded(value) : value;
      return wire === 2 ? [tag, varintOf(BigInt(bytes.length)), bytes] : [tag, bytes];
    }),
  );
}

function varintOf(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
