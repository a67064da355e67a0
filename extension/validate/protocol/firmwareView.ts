import type { Bundle } from '../../bundle/bundle.ts';
import { bytesOf, networkId } from './identity.ts';
import {
  BOOTED,
  ESCAPE,
  ESCAPED_BIT,
  FRAME_BEGINS,
  MOST_BYTES,
  PROTOCOL_VERSION,
  REASON,
  REFUSED,
  REQUEST,
  RUN_BYTES,
} from './values.ts';

/** Values for the template of the firmware that validates a network (templates/firmware/validator.c). */
export function validatorView(bundle: Bundle) {
  return {
    protocol: {
      version: PROTOCOL_VERSION,
      id: networkId(bundle),
      frameBegins: FRAME_BEGINS,
      escape: ESCAPE,
      escapedBit: ESCAPED_BIT,
      types: { ...REQUEST, booted: BOOTED, refused: REFUSED },
      reasons: REASON,
      mostBytes: MOST_BYTES,
      runBytes: RUN_BYTES,
    },
    inputBytes: bytesOf(bundle, 'input'),
    outputBytes: bytesOf(bundle, 'output'),
  };
}
