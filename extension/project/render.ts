import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import { productRoot } from '../common/resources.ts';
import { commentSafe } from '../common/cComment.ts';
import { identifier } from './names.ts';

/** A Handlebars of our own, so that nothing else in the process can register helpers into it. */
const engine = Handlebars.create();
const compiled = new Map<string, Handlebars.TemplateDelegate>();

engine.registerHelper({
  /** A C identifier; anything else is a bug of the caller. */
  ident: (name: unknown) => identifier(String(name)),
  /** Foreign text inside a C comment. */
  comment: (text: unknown) => commentSafe(String(text).slice(0, 100)),
  /** Foreign text in Markdown: as code, on its line, with no mark that ends it. */
  literal: (text: unknown) =>
    `\`${commentSafe(String(text).slice(0, 100)).replaceAll('`', "'").trim() || ' '}\``,
  /** 32-bit constant of C. */
  hex: (n: number) => `0x${hexDigits(n)}U`,
  /** The same without leading zeros. */
  mask: (n: number) => `0x${n.toString(16).toUpperCase()}U`,
  /** 32-bit constant of a linker script. */
  address: (n: number) => `0x${hexDigits(n)}`,
  megahertz: (hertz: number) => String(hertz / 1e6),
  kilobytes: (bytes: number) => (bytes >= 1 << 20 ? `${bytes / (1 << 20)} MB` : `${bytes / 1024} KB`),
});

let partialsLoaded = false;

/**
 * Text of templates/NAME.hbs with the values of `view`. Every name in the template must be in the view (strict mode), nothing
 * is escaped for HTML, and prototype properties are out of reach.
 */
export function render(name: string, view: object): string {
  loadPartials();
  let template = compiled.get(name);
  if (!template) {
    template = engine.compile(readTemplate(name), { strict: true, noEscape: true });
    compiled.set(name, template);
  }
  return template(view);
}

const templates = path.join(productRoot, 'templates');

function readTemplate(name: string): string {
  return readFileSync(path.join(templates, `${name}.hbs`), 'utf8').replace(/\r\n/g, '\n');
}

/** Templates without a file extension of their own are partials. */
function loadPartials(): void {
  if (partialsLoaded) return;
  for (const folder of ['bsp', 'firmware', 'project']) {
    for (const file of readdirSync(path.join(templates, folder))) {
      const partial = /^(\w+)\.hbs$/.exec(file)?.[1];
      if (partial) engine.registerPartial(partial, readTemplate(`${folder}/${partial}`));
    }
  }
  partialsLoaded = true;
}

function hexDigits(n: number): string {
  return (n >>> 0).toString(16).toUpperCase().padStart(8, '0');
}
