/** JSON of somebody's, read without trusting what it is. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

/** A field that the object itself has; undefined for all else, null included. */
export function field(json: Json | undefined, name: string): Json | undefined {
  if (!isObject(json) || !Object.hasOwn(json, name)) return undefined;
  return json[name] ?? undefined;
}

/** A field that is a text; undefined for all else. */
export function text(json: Json | undefined, name: string): string | undefined {
  const value = field(json, name);
  return typeof value === 'string' ? value : undefined;
}
