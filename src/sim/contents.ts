import type { FileFact } from '../facts/host-facts.ts';
import { STATE_DIR } from '../shell/remote-paths.ts';
import type { SimMachine } from './sim-machine.ts';

/** Everything of a machine that a reset must bring back, in words; what it says it leaves (packages, modules, its own directory but for ledger and copies) is not in it. */
export function contentsOf(machine: SimMachine): readonly string[] {
  const { facts, memory, ledger } = machine;
  const images = facts.images.state === 'known' ? Object.keys(facts.images.value) : [];
  return [
    ...machine.paths('/').map((path) => `${path}: ${fileWords(machine.file(path))}`),
    ...[...machine.directories].filter((directory) => !directory.startsWith(STATE_DIR)).map((directory) => `${directory}/`),
    ...Object.entries(facts.units).flatMap(([unit, { enabled, active }]) => (enabled === 'enabled' || active === 'active' ? [`${unit}: ${enabled} ${active}`] : [])),
    ...Object.entries(facts.sysctls).map(([name, value]) => `${name} = ${value}`),
    ...[...memory.links].map((link) => `interface ${link}`),
    ...[...memory.chains].map((chain) => `chain ${chain}`),
    ...(memory.containers > 0 ? [`${memory.containers} containers`] : []),
    ...(machine.etcdMemberId === undefined ? [] : ['data of etcd']),
    ...images.map((image) => `image ${image}`),
    ...[...machine.store].map((digest) => `program ${digest}`),
    ...[...machine.blobs].map((digest) => `blob ${digest}`),
    ...ledger.lines.map(({ path }) => `ledger of ${path}`),
    ...Object.keys(ledger.copies).map((digest) => `copy ${digest}`),
    ...Object.keys(ledger.kept).map((digest) => `kept ${digest}`),
  ].sort();
}

function fileWords(file: FileFact): string {
  if (file.type === 'link') return `link ${file.target}`;
  return file.type === 'file' ? `${file.sha256} ${file.mode} ${file.owner}` : file.type;
}

/** What is in one list and not in the other. */
export function changesBetween(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [...before.filter((line) => !is.has(line)).map((line) => `gone: ${line}`), ...after.filter((line) => !was.has(line)).map((line) => `new: ${line}`)];
}
