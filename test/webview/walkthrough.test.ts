import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';

/** Colours that every theme of VS Code has, those of high contrast included. */
const IN_EVERY_THEME = [
  ...['foreground', 'descriptionForeground', 'errorForeground', 'editorWidget-background'],
  ...['charts-blue', 'charts-yellow', 'testing-iconPassed'],
];

describe('the pictures of the walkthrough', () => {
  const folder = path.join(productRoot, 'webview/media/walkthrough');

  it('name another colour for one that some themes lack, which else would be that of the text', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.svg'));
    assert.ok(files.length > 0);
    for (const file of files) {
      const svg = readFileSync(path.join(folder, file), 'utf8');
      for (const [, name] of svg.matchAll(/var\(--vscode-([\w-]+)\)/g)) {
        const isInner = new RegExp(`, var\\(--vscode-${name}\\)\\)`).test(svg);
        assert.ok(isInner || IN_EVERY_THEME.includes(name!), `${file}: ${name}`);
      }
    }
  });
});
