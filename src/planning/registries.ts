import type { Action } from '../actions/action.ts';
import { fileAction } from '../actions/kinds/file.ts';
import { fileKey, platformKey } from '../facts/keys.ts';
import type { NodeContext, Registry } from '../model/cluster.ts';
import type { LaneId, Planned, Slot } from '../plan/plan.ts';
import { REGISTRY_LIST, hostsToml, namesInList, registryList, registryPath } from './files/registries.ts';
import type { Scene } from './scene.ts';
import { laneOfNode } from './scene.ts';
import { goal, means } from './step-types.ts';

const FILE_OF_ROOT = { mode: '600', owner: 'root:root' } as const;

/**
 * How the node's runtime reaches registries. The list comes before the files and after what is taken away, so that a run that dies leaves no file that the list does not have. A login
 * may stand in any of the files: all are root's alone, and no plan tells what was there.
 */
export function registryActions(scene: Scene, context: NodeContext): readonly Planned<Action>[] {
  const { registries } = scene.wide;
  const lane = laneOfNode(context);
  const names = registries.map(({ name }): string => name);
  const list = scene.board.read(lane, fileKey(REGISTRY_LIST));
  if (names.length === 0 && list?.type !== 'file') return [];
  const written = list?.type === 'file' ? namesInList(list.text ?? '') : [];
  const stale = written.filter((name) => !names.includes(name));
  return [
    ...stale.map((name) => means({ kind: 'absent', path: registryPath(name), because: 'the cluster file no longer has the registry', secret: true })),
    goal(fileAction({ path: REGISTRY_LIST, mode: '644', owner: 'root:root', content: scene.board.texts.contentOf(registryList(names)) }, list)),
    ...registries.map((registry) => goal(registryFile(scene, lane, registry))),
  ];
}

function registryFile(scene: Scene, lane: LaneId, registry: Registry): Action {
  const path = registryPath(registry.name);
  const parts = hostsToml(registry, scene.wide);
  const isAsWanted = registryHasLogin(parts) && scene.board.read(lane, loginKey(path, parts, scene)) === true;
  return { kind: 'file', path, ...FILE_OF_ROOT, content: scene.board.texts.contentOf(...parts), was: { hidden: true, isAsWanted } };
}

type Parts = readonly (string | Slot<'text'>)[];

const registryHasLogin = (parts: Parts): boolean => parts.some((part) => typeof part !== 'string');

/** An answer, since the digest of a file with a short password tells it to who guesses. */
const loginKey = (path: string, parts: Parts, { isContent }: Scene) =>
  platformKey(`whether ${path} holds the login of now`, ({ files }) => {
    const fact = files[path];
    return fact?.type === 'file' && fact.mode === FILE_OF_ROOT.mode && fact.owner === FILE_OF_ROOT.owner && isContent(parts, fact.sha256);
  });
