import { kindOf } from '../../actions/kinds.ts';
import type { Action } from '../../actions/action.ts';
import type { Content } from '../../plan/plan.ts';
import type { DeployPlan } from '../step-types.ts';

/** Documents of a kubeadm configuration that are of one node; all others of it are shared. */
const OF_ONE_NODE = /^kind: (Init|Join)Configuration$/m;

interface Written {
  readonly path: string;
  readonly text: string;
}

function textOf(content: Content, texts: DeployPlan['texts']): string {
  return 'slot' in content ? `<${content.slot}>` : content.map((part) => ('text' in part ? (texts[part.text] ?? '') : `<${part.slot}>`)).join('');
}

function contentOf(action: Action): Content | undefined {
  return kindOf(action).details().file?.content;
}

/** Everything that the plan writes to state that all nodes share: kubeadm's shared documents and API objects. */
export function sharedBytes({ steps, texts }: Pick<DeployPlan, 'steps' | 'texts'>): string {
  const actions = steps.flatMap((step) => step.actions.map(({ action }) => action));
  const documents = actions.flatMap((action) => {
    const content = contentOf(action);
    if (content === undefined) return [];
    if (action.kind === 'objects') return [textOf(content, texts)];
    return action.kind === 'kubeadm-init'
      ? textOf(content, texts)
          .split('---\n')
          .filter((document) => !OF_ONE_NODE.test(document))
      : [];
  });
  return documents.join('---\n');
}

/** Everything that the plan writes to one node: its files and its own kubeadm configuration. */
export function nodeBytes({ steps, texts }: DeployPlan, node: string): readonly Written[] {
  const actions = steps.flatMap(({ on, actions: all }) => ('lane' in on && on.lane === node ? all.map(({ action }) => action) : []));
  return actions.flatMap((action) => {
    const content = contentOf(action);
    if (content === undefined) return [];
    const documents = textOf(content, texts).split('---\n');
    const own = action.kind === 'kubeadm-init' ? documents.filter((document) => OF_ONE_NODE.test(document)) : documents;
    return [{ path: action.kind === 'file' ? action.path : action.kind, text: own.join('---\n') }];
  });
}
