import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainText } from '../../extension/views/plainText.ts';

/** What VS Code takes for a link in messages and prompts (base/common/linkedText.ts), and for an icon (iconLabels.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const ICON = /\$\([a-z0-9-]+(~[a-z]+)?\)/i;

const pieces = fc.constantFrom('[', ']', '(', '$', '\\', '[x](command:y)', '[x](https://a "b")', '$(trash)');

describe('views: text of files in VS Code', () => {
  it('holds no link and no icon, whatever it is made of, and reads as before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))), (parts) => {
        const text = parts.join('').replaceAll('\u2060', '');
        const plain = plainText(text);
        assert.doesNotMatch(plain, LINK);
        assert.doesNotMatch(plain, ICON);
        assert.equal(plain.replaceAll('\u2060', ''), text);
        assert.equal(plainText(plain), plain);
      }),
    );
  });
});
