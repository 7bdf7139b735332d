import { buildRouteMap } from '@stricli/core';
import { buildCommand } from './build-command.ts';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonAliases, commonFlags, parseCount } from './flags.ts';
import { labNames, machineNames } from './proposals.ts';
import type { LabChoiceFlags, LabFlags, LabUpFlags } from './lab.ts';

const DEFAULT_LAB = 'demo';

const nameFlag = { name: { kind: 'parsed', parse: String, proposeCompletions: labNames, default: DEFAULT_LAB, placeholder: 'LAB', brief: 'name of the lab' } } as const;
const anyNameFlag = {
  name: {
    kind: 'parsed',
    parse: String,
    proposeCompletions: labNames,
    optional: true,
    placeholder: 'LAB',
    brief: 'name of the lab; not needed for LAB/MACHINE, nor where only one lab is',
  },
} as const;
const machine = { parse: String, proposeCompletions: machineNames, placeholder: 'MACHINE', brief: 'cp-1, or with its lab: demo/cp-1' } as const;
const onLab = { flags: { ...nameFlag, ...commonFlags }, aliases: commonAliases } as const;
const onMachine = { flags: { ...anyNameFlag, ...commonFlags }, aliases: commonAliases, positional: { kind: 'tuple', parameters: [machine] } } as const;

const up = buildCommand<LabUpFlags, []>({
  loader: async () => (await import('./lab.ts')).up,
  parameters: {
    flags: {
      ...nameFlag,
      controlPlanes: { kind: 'parsed', parse: parseCount, default: '3', placeholder: 'N', brief: 'how many control planes' },
      workers: { kind: 'parsed', parse: parseCount, default: '1', placeholder: 'N', brief: 'how many workers' },
      subnet: { kind: 'parsed', parse: String, optional: true, placeholder: 'CIDR', brief: 'IPv4 range of 24 bits; without it one that nothing here uses' },
      ...commonFlags,
    },
    aliases: commonAliases,
  },
  docs: describeCommand({
    brief: 'make a lab, or what it lacks, and start its machines',
    text: 'Makes a lab, or the machines that it lacks, and starts all of them. Ends when SSH answers on each.',
    examples: ['kubewright lab up', 'kubewright lab up --name two --control-planes 1 --workers 2', 'kubewright lab up --name two --subnet 10.88.200.0/24'],
  }),
});

const down = buildCommand<LabFlags, []>({
  loader: async () => (await import('./lab.ts')).down,
  parameters: onLab,
  docs: describeCommand({ brief: 'remove a lab with everything in it', examples: ['kubewright lab down --name demo'] }),
});

const list = buildCommand<LabChoiceFlags, []>({
  loader: async () => (await import('./lab.ts')).list,
  parameters: { flags: { name: { ...anyNameFlag.name, brief: 'this lab alone' }, ...commonFlags }, aliases: commonAliases },
  docs: describeCommand({ brief: 'list machines of all labs', examples: ['kubewright lab list', 'kubewright lab list -o json'] }),
});

const ssh = buildCommand<{ readonly name?: string }, string[]>({
  loader: async () => (await import('./lab.ts')).ssh,
  parameters: { flags: anyNameFlag, positional: { kind: 'array', parameter: { ...machine, brief: `${machine.brief}; then -- and a command` }, minimum: 1 } },
  docs: describeCommand({
    brief: 'log in to a machine, or run a command there',
    text: 'Logs in to a machine as root, or runs a command there. Its exit code is that of the command.',
    usage: ['[--name LAB] MACHINE', '[--name LAB] MACHINE -- COMMAND...'],
    examples: ['kubewright lab ssh cp-1', 'kubewright lab ssh demo/cp-1 -- crictl ps', 'kubewright lab ssh --name demo w-1 -- journalctl --unit kubelet'],
  }),
});

const clusterFile = buildCommand<{ readonly name: string }, []>({
  loader: async () => (await import('./lab.ts')).clusterFile,
  parameters: { flags: nameFlag },
  docs: describeCommand({ brief: 'print a cluster file for a lab', examples: ['kubewright lab cluster-file --name demo > cluster.yaml'] }),
});

const start = buildCommand<LabChoiceFlags, [string]>({
  loader: async () => (await import('./lab.ts')).start,
  parameters: onMachine,
  docs: describeCommand({ brief: 'start a machine and wait for its SSH', examples: ['kubewright lab start cp-2'] }),
});

const stop = buildCommand<LabChoiceFlags, [string]>({
  loader: async () => (await import('./lab.ts')).stop,
  parameters: onMachine,
  docs: describeCommand({ brief: 'shut a machine down in good order', examples: ['kubewright lab stop demo/w-1'] }),
});

const cut = buildCommand<LabChoiceFlags, [string]>({
  loader: async () => (await import('./lab.ts')).cut,
  parameters: onMachine,
  docs: describeCommand({
    brief: 'cut the power of a machine',
    text: 'Cuts the power of a machine: everything on it ends at once, nothing is written out.',
    examples: ['kubewright lab cut cp-1'],
  }),
});

const partition = buildCommand<LabChoiceFlags, [string]>({
  loader: async () => (await import('./lab.ts')).partition,
  parameters: onMachine,
  docs: describeCommand({
    brief: 'take a machine off the network, running',
    text: [
      'Takes a machine off the network as a broken switch would: it runs on, its link stays up, and nothing reaches it or comes from it.',
      'It lasts until lab heal, or a start of the machine or the lab.',
    ].join('\n'),
    examples: ['kubewright lab partition cp-1', 'kubewright lab heal cp-1'],
  }),
});

const heal = buildCommand<LabChoiceFlags, [string]>({
  loader: async () => (await import('./lab.ts')).heal,
  parameters: onMachine,
  docs: describeCommand({ brief: 'put a machine back on the network', examples: ['kubewright lab heal cp-1'] }),
});

const save = buildCommand<LabFlags, []>({
  loader: async () => (await import('./lab.ts')).save,
  parameters: onLab,
  docs: describeCommand({
    brief: 'keep a lab as it is, to go back to',
    text: 'Keeps a lab as it is, in the place of what was saved before. Its machines are held for the seconds that it takes, and go on; `restore` starts them as after a power cut at that moment.',
    examples: ['kubewright lab save --name demo'],
  }),
});

const restore = buildCommand<LabFlags, []>({
  loader: async () => (await import('./lab.ts')).restore,
  parameters: onLab,
  docs: describeCommand({ brief: 'give a lab the state that it was saved in', examples: ['kubewright lab restore --name demo'] }),
});

export const labCommands = buildRouteMap<string, CliContext>({
  routes: { up, down, list, ssh, clusterFile, start, stop, cut, partition, heal, save, restore },
  docs: describeCommand({
    brief: 'machines to try it on, on this very host',
    text: 'Machines to try it on, on this very host: each with systemd and SSH, in namespaces of its own. Needs Linux and root.',
    examples: ['kubewright lab up', 'kubewright lab cluster-file > cluster.yaml', 'kubewright apply', 'kubewright lab cut cp-1', 'kubewright lab down'],
  }),
});
