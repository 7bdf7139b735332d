import type { Application, ApplicationText } from '@stricli/core';
import { buildApplication, buildRouteMap, help, version as versionFlag } from '@stricli/core';
import { applyCommand } from './apply-command.ts';
import { auditCommand } from './audit-command.ts';
import { artifactsCommands } from './artifacts-command.ts';
import { buildCommand } from './build-command.ts';
import { completionCommand } from './completion-command.ts';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { initCommand } from './init-command.ts';
import { kubeconfigCommand } from './kubeconfig-command.ts';
import { labCommands } from './lab-command.ts';
import { planCommand } from './plan-command.ts';
import { resetCommand } from './reset-command.ts';
import { schemaCommand } from './schema-command.ts';
import { statusCommand } from './status-command.ts';
import { verifyCommand } from './verify-command.ts';

export interface CliIdentity {
  readonly name: string;
  readonly version: string;
  readonly text: ApplicationText;
}

/** A wrong guess is worse than none: letters missing or swapped rather than others. `--control-plane` is 5 from `controlPlanes`. */
const CLOSE_ENOUGH = { threshold: 5, weights: { insertion: 1, deletion: 2, substitution: 2, transposition: 1 } };

/** All commands. Their descriptions and flags are here at once, for help; what carries one out is loaded when it is called. */
export function buildCli({ name, version, text }: CliIdentity): Application<CliContext> {
  const root = buildRouteMap<string, CliContext>({
    routes: {
      init: initCommand,
      plan: planCommand,
      apply: applyCommand,
      status: statusCommand,
      verify: verifyCommand,
      audit: auditCommand,
      reset: resetCommand,
      kubeconfig: kubeconfigCommand,
      artifacts: artifactsCommands,
      lab: labCommands,
      schema: schemaCommand,
      completion: completionCommand,
      version: versionCommand(name, version),
    },
    docs: describeCommand({
      brief: 'builds and keeps highly available Kubernetes clusters on your own machines',
      text: 'Builds and keeps highly available Kubernetes clusters on machines you own: over SSH, with upstream kubeadm, from one file.',
      examples: [
        'kubewright init                 a cluster file to begin with',
        'kubewright plan                 what would be done for ./cluster.yaml',
        'kubewright apply                do it',
        'kubewright lab up               machines to try it on, on this very host',
      ],
    }),
  });
  const scanner = { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true, distanceOptions: CLOSE_ENOUGH } as const;
  return buildApplication(
    root,
    { name, localization: { text }, scanner },
    {
      help: help({
        brief: text.briefs.help,
        defaultForRouteMap: true,
        formatting: { caseStyle: 'convert-camel-to-kebab', useAliasInUsageLine: false, onlyRequiredInUsageLine: true },
      }),
      version: versionFlag({ brief: text.briefs.version, info: { currentVersion: version } }),
    },
  );
}

function versionCommand(name: string, version: string): ReturnType<typeof buildCommand<object, []>> {
  return buildCommand<object, []>({
    func: function printVersion(this: CliContext): void {
      this.terminal.stdout.write(`${name} ${version}\n`);
    },
    parameters: {},
    docs: describeCommand({ brief: 'print the version', examples: ['kubewright version'] }),
  });
}
