import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Pair, YAMLMap, YAMLSeq } from 'yaml';

/** As `YamlLeaf.path` has it: `apiServer.extraArgs.0.value`. */
type Path = string;
type Container = YAMLMap | YAMLSeq;

/** One thing in a map or a list. */
interface Slot {
  readonly container: Container;
  readonly item: unknown;
}

/**
 * A YAML text without the things at these paths; a map or list that is left empty goes too. Everything else stays as it is written, as far as the text is
 * written as kubeadm writes. Undefined where a path is not there or the text cannot be read.
 */
export function withoutPaths(text: string, paths: readonly Path[]): string | undefined {
  return edited(text, (document) => {
    // All are found before one is removed: that moves those behind it.
    const trails = [...new Set(paths)].map((path) => trailTo(document, path));
    for (const trail of trails) if (trail !== undefined) remove(trail);
    return !trails.includes(undefined);
  });
}

/** A YAML text with this value at a path; a last step of the path that is not there is made. Undefined where the rest of the path is not there or the text cannot be read. */
export function withValue(text: string, path: Path, value: string): string | undefined {
  return edited(text, (document) => {
    const trail = trailTo(document, path);
    const slot = trail?.at(-1);
    if (slot !== undefined) return setAt(slot, value, document);
    const [parent, key] = [path.split('.').slice(0, -1).join('.'), path.split('.').at(-1) ?? ''];
    const at = parent === '' ? document.contents : valueOf(trailTo(document, parent)?.at(-1));
    if (!isMap(at)) return false;
    at.set(document.createNode(key), document.createNode(value));
    return true;
  });
}

/** A YAML text with these values as the list at a path that is there. */
export function withList(text: string, path: Path, values: readonly string[]): string | undefined {
  return edited(text, (document) => {
    const list = valueOf(trailTo(document, path)?.at(-1));
    if (!isSeq(list)) return false;
    list.items = values.map((value) => document.createNode(value));
    return true;
  });
}

function edited(text: string, edit: (document: Document.Parsed) => boolean): string | undefined {
  const document = parseDocument(text, { logLevel: 'silent', compat: 'yaml-1.1' });
  if (document.errors.length > 0) return undefined;
  const style = [{ indentSeq: false }, { indentSeq: true }].map((each) => ({ ...each, lineWidth: 0 })).find((each) => document.toString(each) === text);
  if (!edit(document)) return undefined;
  return document.toString(style ?? { indentSeq: false, lineWidth: 0 });
}

/** Keys may hold dots: each container is asked which of its own begin the rest of the path. */
function trailTo(document: Document.Parsed, path: Path): readonly Slot[] | undefined {
  return search(document.contents, path);
}

function search(node: unknown, path: Path): readonly Slot[] | undefined {
  if (!isMap(node) && !isSeq(node)) return undefined;
  for (const [index, item] of node.items.entries()) {
    const key = isSeq(node) ? String(index) : keyOf(item as Pair);
    const slot = { container: node, item };
    if (key === path) return [slot];
    const rest = path.startsWith(`${key}.`) ? search(valueOf(slot), path.slice(key.length + 1)) : undefined;
    if (rest !== undefined) return [slot, ...rest];
  }
  return undefined;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function valueOf(slot: Slot | undefined): unknown {
  if (slot === undefined) return undefined;
  return isMap(slot.container) ? (slot.item as Pair).value : slot.item;
}

function setAt(slot: Slot, value: string, document: Document.Parsed): boolean {
  const now = valueOf(slot);
  if (isScalar(now)) now.value = value;
  else if (isMap(slot.container)) (slot.item as Pair).value = document.createNode(value);
  else return false;
  return true;
}

function remove(trail: readonly Slot[]): void {
  for (const { container, item } of trail.toReversed()) {
    container.items.splice((container.items as readonly unknown[]).indexOf(item), 1);
    if (container.items.length > 0) return;
  }
}
