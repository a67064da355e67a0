import { type Document, parseAllDocuments } from 'yaml';

/**
 * The documents of a YAML stream, in time that grows with its length. Which line an error is in is not looked up, and of a key
 * that stands twice the last one counts: both take quadratic time.
 */
export function yamlDocuments(text: string): readonly Document[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false });
  return Array.isArray(documents) ? documents : [];
}
