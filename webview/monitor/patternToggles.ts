import { t } from '../l10n.ts';
import type { LinePattern } from '../shared/linePattern.ts';
import { toggle, type Toggle } from './toggle.ts';

type How = Omit<LinePattern, 'text'>;

/** Keys of VS Code's find widget, with Alt. */
const KEYS = { c: 'matchCase', w: 'wholeWord', r: 'isRegex' } as const;

/** How a text is looked for, with the buttons and the keys of VS Code's find widget: Alt+C, Alt+W, Alt+R. */
export class PatternToggles {
  readonly elements: readonly HTMLElement[];
  readonly #toggles: Readonly<Record<keyof How, Toggle>>;
  readonly #onChange: () => void;

  /** @param prefix of the buttons' ids */
  constructor(prefix: string, onChange: () => void) {
    this.#onChange = onChange;
    this.#toggles = {
      matchCase: toggle(`${prefix}-case`, 'matchCase', t('Match case (Alt+C)'), onChange),
      wholeWord: toggle(`${prefix}-word`, 'wholeWord', t('Match whole word (Alt+W)'), onChange),
      isRegex: toggle(`${prefix}-regex`, 'regex', t('Use regular expression (Alt+R)'), onChange),
    };
    this.elements = Object.values(this.#toggles).map(({ element }) => element);
  }

  get value(): How {
    const { matchCase, wholeWord, isRegex } = this.#toggles;
    return { matchCase: matchCase.isOn, wholeWord: wholeWord.isOn, isRegex: isRegex.isOn };
  }

  set value(how: How) {
    for (const [name, made] of Object.entries(this.#toggles)) made.isOn = how[name as keyof How];
  }

  /** Takes a key that was pressed in the text's field. */
  onKey(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    // by the key's place: on a Mac, Alt makes another letter of it
    const letter = event.code.replace('Key', '').toLowerCase();
    if (!Object.hasOwn(KEYS, letter)) return;
    event.preventDefault();
    const pressed = this.#toggles[KEYS[letter as keyof typeof KEYS]];
    pressed.isOn = !pressed.isOn;
    this.#onChange();
  }
}
