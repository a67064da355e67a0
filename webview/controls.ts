/**
 * The one module that knows the control library (the VS Code webview UI toolkit, archived upstream): to change the
 * library, change this file. Pages call `useControls` once and then use the elements (`vscode-button` …) by name.
 */
import {
  provideVSCodeDesignSystem,
  TextField,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** The library calls every text field without a text of its own "Text field"; ours keep their names, for screen readers. */
const { connectedCallback } = TextField.prototype;
TextField.prototype.connectedCallback = function (): void {
  const label = this.getAttribute('aria-label');
  connectedCallback.call(this);
  if (label !== null) this.setAttribute('aria-label', label);
};

const registrations = {
  badge: [vsCodeBadge],
  button: [vsCodeButton],
  checkbox: [vsCodeCheckbox],
  divider: [vsCodeDivider],
  dropdown: [vsCodeDropdown, vsCodeOption],
  link: [vsCodeLink],
  panels: [vsCodePanels, vsCodePanelTab, vsCodePanelView],
  'progress-ring': [vsCodeProgressRing],
  'text-field': [vsCodeTextField],
} as const;

export type ControlName = keyof typeof registrations;

/** A text field, drop-down or check box, as far as pages use them. */
export interface ValueControl extends HTMLElement {
  value: string;
  disabled: boolean;
}
export interface CheckControl extends HTMLElement {
  checked: boolean;
  disabled: boolean;
}
export interface ButtonControl extends HTMLElement {
  disabled: boolean;
}

/** The browser's own field inside a text field. */
export function innerField(control: ValueControl): HTMLInputElement | undefined {
  return control.shadowRoot?.querySelector('input') ?? undefined;
}

/** Defines the custom elements a page uses. */
export function useControls(...names: readonly ControlName[]): void {
  const system = provideVSCodeDesignSystem();
  for (const name of names) system.register(...registrations[name].map((definition) => definition()));
}
