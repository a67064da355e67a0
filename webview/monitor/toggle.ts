import type { IconName } from '../icons.ts';
import { tool } from './tool.ts';

/** A toolbar's button that is on or off. */
export interface Toggle {
  readonly element: HTMLButtonElement;
  isOn: boolean;
}

/** Makes one that is off. @param onChange it was pressed, and is on or off now */
export function toggle(id: string, icon: IconName, label: string, onChange: (isOn: boolean) => void): Toggle {
  const element = tool(id, icon, label, () => {
    made.isOn = !made.isOn;
    onChange(made.isOn);
  });
  const made: Toggle = {
    element,
    get isOn() {
      return element.getAttribute('aria-pressed') === 'true';
    },
    set isOn(on: boolean) {
      element.setAttribute('aria-pressed', String(on));
    },
  };
  made.isOn = false;
  return made;
}
