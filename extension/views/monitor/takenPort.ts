import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Monitor } from './portClaims.ts';

/** The error of a port that another monitor of the window has, which can be shown instead. */
export class TakenPort extends UserError {
  readonly owner: Monitor;

  constructor(label: string, owner: Monitor) {
    super(
      'device',
      say`${label} is open in another serial monitor.`,
      say`Show that one, or disconnect it there.`,
    );
    this.owner = owner;
  }
}
