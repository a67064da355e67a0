import type { SampleInput } from '../sampleInput.ts';
import type { Validation, ValidationFormat } from '../validation.ts';
import type { Ready } from './protocol.ts';

export type ValidateToPage =
  | {
      readonly type: 'state';
      /** What the host finds the result by after the window was reloaded. */
      readonly key: string;
      readonly validation: Validation;
    }
  /** What a sample feeds the model with. */
  | { readonly type: 'sample'; readonly number: number; readonly inputs: readonly SampleInput[] }
  /** Why it cannot be shown. */
  | { readonly type: 'noSample'; readonly number: number; readonly why: string };

export type ValidateToHost =
  | Ready
  /** Show this sample of the test set. */
  | { readonly type: 'sample'; readonly number: number }
  | { readonly type: 'export'; readonly format: ValidationFormat }
  /** Validate once more. */
  | { readonly type: 'again' };
