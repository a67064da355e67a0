import { keepText, type KeptKind, recallKept } from '../common/keptFiles.ts';
import { checkProfile } from './profile.ts';

export { ContentKey as ProfileKey } from '../common/keptFiles.ts';

const PROFILES: KeptKind<string> = {
  ending: '.profile.yaml',
  most: 64,
  limit: 64 * 1024 * 1024,
  read: (text) => {
    checkProfile(text);
    return text;
  },
};

/** A kept profile; undefined when there is none. One that is not whole is thrown away. */
export async function recallProfile(folder: string, key: string): Promise<string | undefined> {
  return recallKept(PROFILES, folder, key);
}

/** Keeps a profile. A cache that cannot be written costs time, nothing else: it is no error. */
export async function keepProfile(folder: string, key: string, text: string): Promise<void> {
  await keepText(PROFILES, folder, key, text);
}
