import { certificateCorruptions } from './certificate-corruptions.ts';
import type { Corruption } from './corruption.ts';
import { machineCorruptions } from './machine-corruptions.ts';
import { objectCorruptions } from './object-corruptions.ts';
import { sharedCorruptions } from './shared-corruptions.ts';

export const corruptions: readonly Corruption[] = [...sharedCorruptions, ...machineCorruptions, ...certificateCorruptions, ...objectCorruptions];

export function corruptionNamed(wrong: string): Corruption {
  const found = corruptions.find((corruption) => corruption.wrong === wrong);
  if (found === undefined) throw new Error(`no corruption is called ${wrong}`);
  return found;
}
