import { boards } from '../../board/catalogue.ts';
import type { Choice, Choices } from '../../common/choice.ts';
import { CHOICES } from './choices.ts';

type Json = Readonly<Record<string, unknown>>;

/** Longest path, in characters. */
const MAX_PATH = 4096;

/** The JSON schema of glowport.json; `templates/glowport.schema.json` is its copy for editors. */
export function configSchema(): Json {
  const $schema = { type: 'string', description: 'Where this schema is; editors use it.' };
  const { properties, ...schema } = objectSchema(CHOICES);
  const board = { ...properties['board'], examples: boards().map((b) => b.id) };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'GlowPort',
    description: "What was chosen to port a model to a board. Paths are relative to this file's folder.",
    ...schema,
    properties: { $schema, ...properties, board },
  };
}

function objectSchema(choices: Choices): Json & { readonly properties: Readonly<Record<string, Json>> } {
  const all = Object.entries(choices);
  const required = all.filter(([, choice]) => choice.required);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required: required.map(([key]) => key) } : {}),
    properties: Object.fromEntries(
      all.flatMap(([key, choice]) => [
        [key, choiceSchema(choice)],
        ...(choice.formerly === undefined
          ? []
          : [
              [
                choice.formerly,
                {
                  ...choiceSchema(choice),
                  deprecated: true,
                  description: `What "${key}" was called before.`,
                },
              ],
            ]),
      ]),
    ),
  };
}

function choiceSchema(choice: Choice): Json {
  const described = { description: descriptionOf(choice) };
  const text = (maxLength: number, minLength = 1, begin = ''): Json => ({
    type: 'string',
    minLength,
    maxLength,
    // no operating system takes NUL in a path or an argument
    pattern: `^${begin}[^\\u0000]*$`,
  });
  const list = (maxItems: number, items: Json): Json => ({ type: 'array', maxItems, items });
  const byDefault = choice.default === undefined ? {} : { default: choice.default };
  switch (choice.kind) {
    case 'flag':
      return { type: 'boolean', ...byDefault, ...described };
    case 'oneOf':
      return { enum: choice.values, ...byDefault, ...described };
    case 'text':
      return { ...text(choice.maxLength), ...described };
    case 'path':
      return { ...text(MAX_PATH), ...described };
    case 'paths':
      return { ...list(choice.maxItems, text(MAX_PATH)), ...described };
    case 'arguments':
      return { ...list(choice.maxItems, text(MAX_PATH, 2, '-')), ...described };
    case 'sizes': {
      const size = { type: 'integer', minimum: 1, maximum: choice.maximum };
      return { type: 'object', maxProperties: choice.maxItems, additionalProperties: size, ...described };
    }
    case 'group':
      return { ...objectSchema(choice.choices), ...described };
  }
}

/** As sentences: what it is, what each of its words means, what counts otherwise. */
function descriptionOf(choice: Choice): string {
  const meanings = choice.kind === 'oneOf' ? Object.entries(choice.meanings ?? {}) : [];
  const otherwise = choice.otherwise === undefined ? [] : [`When absent: ${choice.otherwise}`];
  return [choice.description, ...meanings.map(([word, meaning]) => `${word}: ${meaning}`), ...otherwise]
    .map((sentence) => `${sentence}.`)
    .join(' ');
}
