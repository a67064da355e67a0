import { findSdk, type Sdk } from '../../extension/sdk/discover.ts';

/** NXP's SDK for tests that need one; undefined, and said so, when GLOWPORT_SDK names none. */
export async function sdkForTests(): Promise<Sdk | undefined> {
  if (process.env['GLOWPORT_SDK']) return findSdk();
  console.log('      skipped: GLOWPORT_SDK names no MCUXpresso SDK (docs/sdk.md says how to get one)');
  return undefined;
}
