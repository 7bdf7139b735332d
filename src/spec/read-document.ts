import { isScalar } from 'yaml';
import type { Problem } from './problem.ts';
import type { LocatedDocument, ParsedYaml, YamlDocument } from './yaml-document.ts';
import { parseYaml } from './yaml-document.ts';
import type { TextPlace } from './yaml-problems.ts';
import { refusedNodes, syntaxProblems, textProblem } from './yaml-problems.ts';

const LARGEST_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';

/** The one document of a text as a plain tree, unless its YAML is refused as a whole. */
export type ReadDocument =
  | { readonly located: LocatedDocument; readonly raw: unknown; readonly problems: readonly Problem[] }
  | { readonly located?: undefined; readonly problems: readonly Problem[] };

export function readDocument(text: string, file: string): ReadDocument {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > LARGEST_BYTES) return { problems: [textProblem('file-too-large', { file, lines: parseYaml('').lines }, 0, `the file has ${sizeBytes} bytes`)] };
  const parsed = parseYaml(text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text);
  const place = { file, lines: parsed.lines };
  const refused = refusedWhole(parsed, place);
  if (refused !== undefined) return { problems: [refused] };
  const [document] = parsed.documents;
  if (document === undefined || isEmpty(document)) return { problems: [textProblem('file-empty', place, 0, 'the file is empty')] };
  const problems = [...syntaxProblems(document, place), ...refusedNodes(document, place)];
  const isReadable = problems.every(({ code }) => code === 'secret-value' || code === 'interpolation-refused');
  return isReadable ? { located: { file, document, lines: parsed.lines }, raw: document.toJS(), problems } : { problems };
}

function isEmpty({ contents, errors }: YamlDocument): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null));
}

function refusedWhole({ documents, tooDeepAt }: ParsedYaml, place: TextPlace): Problem | undefined {
  if (tooDeepAt !== undefined) return textProblem('file-too-deep', place, tooDeepAt, 'maps or lists nest more than 64 levels');
  const second = documents[1];
  return second === undefined ? undefined : textProblem('file-several-documents', place, second.range[0], `the file holds ${documents.length} documents`);
}
