import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ContentJson, PlanFileJson, PlanJson, PlanStepJson } from '../../src/contract/plan.ts';

const artifactList = z.object({ artifacts: z.array(z.object({ name: z.string(), sha256: z.string(), path: z.string() })) });

export interface FloorInput {
  readonly directory: string;
  readonly sshConfig: string;
  readonly plan: PlanJson;
  /** What `kubewright artifacts list -o json` says. */
  readonly artifacts: unknown;
  readonly nodes: readonly { readonly name: string; readonly role: 'control-plane' | 'worker' }[];
}

/** Archives that machines of a role import. */
const ARCHIVES = { 'control-plane': ['images-control-plane', 'images-node'], worker: ['images-node'] } as const;
const MADE_BY_INIT = /@(?:cluster-ca|pki\/.*)@/;
/** `ln -sfn /usr/local/lib/kubewright/store/SHA256/NAME PATH`, the command that a plan shows for a program. */
const PROGRAM = /^ln -sfn \S+\/store\/([0-9a-f]{64})\/\S+ (\/\S+)$/;

/** Lays out beforehand what `bench/floor.sh` works from: the files, programs and archives of a plan for bare machines, as they lie on each machine. */
export async function writeFloorWork({ directory, sshConfig, plan, artifacts: listed, nodes }: FloorInput): Promise<void> {
  const { artifacts } = artifactList.parse(listed);
  const pathOf = (by: (artifact: (typeof artifacts)[number]) => boolean): string => artifacts.find(by)?.path ?? '';
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  await write('hosts', nodes.map(({ name, role }) => `${name} ${role}\n`).join(''));
  await write('ssh_config', sshConfig);
  for (const [role, names] of Object.entries(ARCHIVES)) await write(`images/${role}`, names.map((name) => `${pathOf((artifact) => artifact.name === name)}\n`).join(''));
  const place = async (step: PlanStepJson, kind: string, { path, mode, content }: PlanFileJson): Promise<void> => {
    const node = nodeOf(step);
    const text = textOf(plan, content);
    if (kind.startsWith('kubeadm-')) return write(`kubeadm/${node}.yaml`, text);
    if (kind === 'objects') return write(`objects/${`${step.id} ${path}`.replaceAll(/\W/g, '-')}.yaml`, `---\n${text}`);
    // What kubeadm init makes is taken from the first control plane.
    if (MADE_BY_INIT.test(text)) return undefined;
    await write(`tree/${node}${path}`, text);
    return chmod(join(directory, 'tree', node, path), Number.parseInt(mode, 8));
  };
  const install = async (node: string, sha256: string, path: string): Promise<void> => {
    const link = join(directory, 'tree', node, path);
    await mkdir(dirname(link), { recursive: true });
    const target = pathOf((artifact) => artifact.sha256 === sha256);
    await symlink(target, link);
  };
  for (const step of plan.steps) {
    for (const { file, command, kind } of step.actions) {
      if (file !== undefined) await place(step, kind, file);
      const [, sha256, path] = PROGRAM.exec(command ?? '') ?? [];
      if (sha256 !== undefined && path !== undefined) await install(nodeOf(step), sha256, path);
    }
  }
}

function nodeOf({ on }: PlanStepJson): string {
  return 'lane' in on ? on.lane : '';
}

/** The text of a file, with `@name@` for what exists only during a run. */
function textOf({ texts }: PlanJson, content: ContentJson): string {
  const parts = 'slot' in content ? [content] : content;
  return parts.map((part) => ('slot' in part ? `@${part.slot}@` : (texts[part.text] ?? ''))).join('');
}
