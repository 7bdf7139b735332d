import type { CliContext } from './context.ts';

/** Proposals for a word that is being written; `this` is the context of the command, as stricli hands it. */
type Propose = (this: CliContext, partial: string) => Promise<readonly string[]>;

/** Names of labs on this machine. */
export const labNames: Propose = async function () {
  return unique((await machinesOf(this)).map(({ lab }) => lab));
};

/** Machines of labs: `cp-1` where one lab alone has it and no lab is being written, otherwise `LAB/cp-1`. */
export const machineNames: Propose = async function (partial) {
  const machines = await machinesOf(this);
  const isOneOf = (name: string): boolean => machines.filter((machine) => machine.name === name).length > 1;
  return machines.map(({ lab, name }) => (partial.includes('/') || isOneOf(name) ? `${lab}/${name}` : name));
};

/** Codes of the audit's rules. */
export const ruleCodes: Propose = async function () {
  return (await this.verbs.audit()).ruleCodes();
};

export const artifactNames: Propose = async function () {
  return (await this.verbs.artifacts()).artifactNames();
};

/** Codes of preflight's rules, as `--allow` takes them. */
export const checkCodes: Propose = async function () {
  return (await this.verbs.check()).checkCodes();
};

/** Kubernetes releases of the catalogue. */
export const kubernetesVersions: Propose = async function () {
  return (await this.verbs.artifacts()).kubernetesVersions();
};

async function machinesOf({ verbs }: CliContext): Promise<readonly { readonly lab: string; readonly name: string }[]> {
  const { listLabs } = await verbs.lab();
  return (await listLabs()).machines;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
