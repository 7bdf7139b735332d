import { AppError } from '../errors/app-error.ts';

/** Reads the name of a bundle's folder. `-o json` is a slip of the finger: in all other commands `-o` is the form of the answer. Throws `usage`. */
export function parseFolder(input: string): string {
  if (!['json', 'text', ''].includes(input)) return input;
  throw new AppError('usage', `-o names the bundle's folder here, and ${JSON.stringify(input)} is none: for JSON write --output json, for such a folder ./${input}`);
}
