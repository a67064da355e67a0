import type { PortChoices } from './choices.ts';

/** Choices that are several in one. */
const GROUPS = ['defines', 'quantization', 'image', 'sound', 'normalize'] as const;
type Groups = (typeof GROUPS)[number];

/** Some choices, to be made over others; of those that are several in one the ones that are named. */
export type ChoiceChange = Partial<Omit<PortChoices, Groups>> & {
  readonly [K in Groups]?: Partial<PortChoices[K]>;
};

/** Choices, or an earlier change, with a change made over them. */
export function withChange<C extends ChoiceChange>(choices: C, change: ChoiceChange): C {
  const groups = GROUPS.flatMap((group) =>
    change[group] === undefined ? [] : [[group, { ...choices[group], ...change[group] }] as const],
  );
  return { ...choices, ...change, ...Object.fromEntries(groups) };
}
