import { headerMacro, readHeader, type ParsedHeader } from '../bundle/header.ts';

/**
 * A bundle's header, made fit for the generated project. Glow's builds since 2020-11 need nothing; an older one keeps its
 * text and gets, at its end, the helper macros it lacks and a way to use an entry point that returns nothing.
 */
export function fitHeader(text: string, where: string): { text: string; parsed: ParsedHeader } {
  const parsed = readHeader(text, where);
  const lacks = (macro: string): boolean =>
    !new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${macro}\\b`, 'm').test(text);
  const added: string[] = [];
  if (lacks('GLOW_SUCCESS')) added.push('#define GLOW_SUCCESS 0');
  if (lacks('GLOW_MEM_ALIGN')) added.push('#define GLOW_MEM_ALIGN(size) __attribute__((aligned(size)))');
  if (lacks('GLOW_GET_ADDR')) {
    added.push(
      '#define GLOW_GET_ADDR(mutableBaseAddr, placeholderOff) (((uint8_t *)(mutableBaseAddr)) + placeholderOff)',
    );
  }
  if (new RegExp(`^[ \\t]*void\\s+${parsed.name}\\s*\\(`, 'm').test(text)) {
    added.push(
      `#define ${parsed.name}(constantWeight, mutableWeight, activations) (${parsed.name}((constantWeight), (mutableWeight), (activations)), GLOW_SUCCESS)`,
    );
  }
  if (added.length === 0) return { text, parsed };
  const guard = `_GLOWPORT_COMPAT_${headerMacro(parsed.name)}_H`;
  const block = [
    '',
    '// Added by GlowPort: what headers of newer Glow builds have and this one lacks.',
    `#ifndef ${guard}`,
    `#define ${guard}`,
    ...(/#\s*include\s*<stdint\.h>/.test(text) ? [] : ['#include <stdint.h>']),
    ...added,
    '#endif',
    '',
  ].join('\n');
  return { text: `${text.trimEnd()}\n${block}`, parsed };
}
