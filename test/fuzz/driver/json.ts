import type { Random } from '../../support/random.ts';
import { edge } from './mutate.ts';

/** How many values a text may get that is made longer: beyond it the changing takes longer than what is tried. */
const MOST_PLACES = 20_000;

/** JSON text with a few of its values changed: still JSON, of another shape. */
export function mutatedJson(random: Random, text: string): Uint8Array {
  const root = { whole: JSON.parse(text) as unknown };
  for (let n = random.pick([1, 1, 2, 3, 5]); n > 0; n--) change(random, root);
  return Buffer.from(JSON.stringify(root.whole) ?? '');
}

type Holder = Record<string | number, unknown>;

function change(random: Random, root: Holder): void {
  const places = placesIn(root);
  const { holder, key } = random.pick(places);
  const value = holder[key];
  switch (random.int(0, 5)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (holder !== root) Reflect.deleteProperty(holder, key);
      return;
    case 1:
      if (Array.isArray(value) && value.length > 0) {
        const room = Math.max(
          1,
          (MOST_PLACES - places.length) / placesIn({ first: value[0] as unknown }).length,
        );
        const length = Math.min(random.pick([1, 1000]), room);
        value.push(...Array.from({ length }, () => structuredClone(value[0] as unknown)));
      }
      return;
    case 2: {
      const other = random.pick(places);
      holder[key] = structuredClone(other.holder[other.key]);
      return;
    }
    default:
      holder[key] = random.pick([null, true, false, 0, -1, 0.5, 1e308, edge(random), '', 'a', '../a', '/a', '\u0000', '\u202e*/', 'a'.repeat(3000), [], {}, [null], ['a'], { a: 1 }]); // prettier-ignore
  }
}

function placesIn(holder: Holder): { holder: Holder; key: string | number }[] {
  return Object.keys(holder).flatMap((key) => {
    const value = holder[key];
    const inner = typeof value === 'object' && value !== null ? placesIn(value as Holder) : [];
    return [{ holder, key }, ...inner];
  });
}
