import type { Action } from '../../src/actions/action.ts';
import { inputName } from '../../src/actions/kind.ts';
import { kindOf } from '../../src/actions/kinds.ts';
import { TOKEN_DESCRIPTION } from '../../src/actions/kinds/tokens.ts';
import type { View } from '../../src/facts/snapshot.ts';
import { sha256 } from '../../src/util/sha256.ts';

/** What a step's script was given and gave, by the names of input files. */
export interface Exchanged {
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly outputs: ReadonlyMap<string, Uint8Array>;
}

const TOKEN = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;

/** Holds what a means did against what it is for; a means has no state by which it could be found done. Gives what is wrong, a line each. */
export function meansErrors(action: Action, after: View, exchanged: Exchanged): readonly string[] {
  return [...outputErrors(action, exchanged), ...effectErrors(action, after, exchanged)].map((error) => `${kindOf(action).words()}: ${error}`);
}

function outputErrors(action: Action, { outputs }: Exchanged): readonly string[] {
  return kindOf(action)
    .provides()
    .filter((slot) => (outputs.get(inputName(slot).slice('slot-'.length))?.length ?? 0) === 0)
    .map(({ slot }) => `${slot} was not given`);
}

function effectErrors(action: Action, after: View, { inputs, outputs }: Exchanged): readonly string[] {
  if (action.kind === 'place-secret') return placedErrors(action.path, after, inputs.get(inputName(action.slot)));
  if (action.kind === 'token-generate' || action.kind === 'token-create') {
    const token = Buffer.from(outputs.get(action.slot.slot) ?? '').toString('utf8');
    return [...(TOKEN.test(token) ? [] : ['that is no bootstrap token']), ...(action.kind === 'token-create' ? storedErrors(token, after) : [])];
  }
  return [];
}

function placedErrors(path: string, { host }: View, bytes: Uint8Array | undefined): readonly string[] {
  const file = host.state === 'known' ? host.value.files[path] : undefined;
  if (bytes === undefined || file?.type !== 'file') return [`${path} is not there`];
  const isRight = file.sha256 === sha256(bytes) && file.mode === '600' && file.owner === 'root:root';
  return isRight ? [] : [`${path} is ${file.mode} ${file.owner} with other bytes or another owner than it must have`];
}

function storedErrors(token: string, { cluster }: View): readonly string[] {
  const tokens = cluster.state === 'known' ? cluster.value.bootstrapTokens : [];
  return tokens.some(({ id, description }) => token.startsWith(`${id}.`) && description === TOKEN_DESCRIPTION) ? [] : ['the cluster does not have it'];
}
