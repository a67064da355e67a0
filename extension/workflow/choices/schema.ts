import { boards } from '../../board/catalogue.ts';
import type { Choice, Choices } from '../../common/choice.ts';
import { CHOICES } from './choices.ts';

type Json = Readonly<Record<string, unknown>>;

/** Longest path, in characters. */
const MAX_PATH = 4096;

/** The JSON schema of glowport.json, its choices under the names that they have. */
export function configSchema(): Json & Properties {
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

/** The same for editors, which also meet files that have choices under former names; `templates/glowport.schema.json` is its copy. */
export function editorSchema(): Json {
  const schema = configSchema();
  const formerly = new Map(
    Object.entries<Choice>(CHOICES).flatMap(([key, c]): [string, string][] =>
      c.formerly === undefined ? [] : [[key, c.formerly]],
    ),
  );
  const former = [...formerly].map(([key, name]) => [
    name,
    { ...schema.properties[key], deprecated: true, description: `What "${key}" was called before.` },
  ]);
  return {
    ...schema,
    required: schema.required?.filter((key) => !formerly.has(key)),
    allOf: [...formerly].map((names) => ({ oneOf: names.map((name) => ({ required: [name] })) })),
    properties: { ...schema.properties, ...Object.fromEntries(former) },
  };
}

interface Properties {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

function objectSchema(choices: Choices): Json & Properties {
  const all = Object.entries(choices);
  const required = all.filter(([, choice]) => choice.required);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required: required.map(([key]) => key) } : {}),
    properties: Object.fromEntries(all.map(([key, choice]) => [key, choiceSchema(choice)])),
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
    case 'number': {
      const { minimum, maximum, keyword } = choice;
      const number = { type: choice.isWhole ? 'integer' : 'number', minimum, maximum };
      return { ...(keyword === undefined ? number : { anyOf: [number, { const: keyword }] }), ...described };
    }
    case 'path':
      return { ...text(MAX_PATH), ...described };
    case 'paths':
      return { ...list(choice.maxItems, text(MAX_PATH)), ...described };
    case 'texts':
      return { ...list(choice.maxItems, text(choice.maxLength)), ...described };
    case 'arguments':
      return { ...list(choice.maxItems, text(MAX_PATH, 2, '-')), ...described };
    case 'sizes': {
      const size = { type: 'integer', minimum: 1, maximum: choice.maximum };
      return { type: 'object', maxProperties: choice.maxItems, additionalProperties: size, ...described };
    }
    case 'numberLists': {
      const numbers = { type: 'array', minItems: 1, maxItems: choice.maxItems, items: { type: 'number' } };
      const byName = {
        type: 'object',
        minProperties: 1,
        maxProperties: choice.maxLists,
        additionalProperties: numbers,
      };
      return { anyOf: [numbers, byName], ...described };
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
