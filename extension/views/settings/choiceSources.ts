import type { ChoiceKey } from '../../workflow/choices/choices.ts';

/**
 * How VS Code learns of each choice of a port: from a question's answer, from a setting (where glowport.json does not state it),
 * or from glowport.json alone.
 */
export const CHOICE_SOURCES = {
  model: 'question',
  board: 'question',
  samples: 'question',
  input: 'question',
  out: 'question',
  labels: 'file',
  task: { setting: 'task' },
  threshold: 'file',
  sdk: 'question',
  into: 'question',
  run: 'question',
  port: 'question',
  weights: { setting: 'weights' },
  reuseInput: { setting: 'reuseInput' },
  console: { setting: 'sdk.console' },
  name: 'file',
  defines: 'file',
  compiler: { setting: 'compiler' },
  glowArguments: 'file',
  requirements: 'file',
  quantization: 'file',
  image: 'file',
  sound: 'file',
  normalize: 'file',
} as const satisfies Record<ChoiceKey, 'question' | 'file' | { readonly setting: string }>;

type Sources = typeof CHOICE_SOURCES;

/** Choices that answers decide. */
export type AskedKey = { [K in ChoiceKey]: Sources[K] extends 'question' ? K : never }[ChoiceKey];

/** Choices that settings decide. */
export type SetKey = {
  [K in ChoiceKey]: Sources[K] extends { readonly setting: string } ? K : never;
}[ChoiceKey];

/** Choices that settings decide, each with its setting below `glowport.`. */
export const SETTINGS_OF_CHOICES = Object.entries(CHOICE_SOURCES).flatMap(([key, source]) =>
  typeof source === 'object' ? [[key as SetKey, source.setting] as const] : [],
);
