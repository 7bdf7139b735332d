import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { componentOn } from './machine.ts';

const KEYS = [
  ['kube-apiserver', 'service-account-signing-key-file'],
  ['kube-controller-manager', 'service-account-private-key-file'],
] as const;

export const serviceAccountKeyDiffers = defineAuditRule({
  code: 'service-account-key-differs',
  severity: 'error',
  title: "control planes sign pods' tokens with different keys",
  why: 'a token that one API server gave out is refused by the others: pods lose the API by chance, whichever control plane answers',
  fix: 'put one sa.key and sa.pub on every control plane, and restart API servers and controller managers one after another',
  judge: (view) => {
    const keys = view.controlPlanes.flatMap((machine) => keysOf(machine));
    return complain(
      new Set(keys.map(({ digest }) => digest)).size < 2 ? [] : keys.map(({ machine, words, digest }) => `${machine}: ${words} is of public key sha256:${digest.slice(0, 16)}`),
    );
  },
});

function keysOf(machine: Machine): readonly { readonly machine: string; readonly words: string; readonly digest: string }[] {
  return KEYS.flatMap(([component, flag]) => {
    const path = settingOf(componentOn(machine, component), flag)?.value;
    const fact = path === undefined ? undefined : machine.facts?.publicKeys[path];
    return path === undefined || fact?.state !== 'known' ? [] : [{ machine: machine.name, words: `${component} --${flag}=${path}`, digest: fact.value }];
  });
}
