import { buildCommand } from './build-command.ts';
import { shells } from './completion-scripts.ts';
import type { Shell } from './completion-scripts.ts';
import { describeCommand } from './describe.ts';
import { AppError } from '../errors/app-error.ts';

export const completionCommand = buildCommand<object, [Shell]>({
  loader: async () => (await import('./completion.ts')).completion,
  parameters: { positional: { kind: 'tuple', parameters: [{ parse: parseShell, placeholder: 'SHELL', brief: shells.join(', '), proposeCompletions: () => shells }] } },
  docs: describeCommand({
    brief: 'print what a shell needs to complete command lines',
    text: [
      'Prints a script that makes a shell complete commands, flags, their values, and names of labs, machines, artifacts and rules. For each new shell, once:',
      '  bash   source <(kubewright completion bash)                                          in ~/.bashrc',
      '  zsh    source <(kubewright completion zsh)                                           in ~/.zshrc, after compinit',
      '  fish   kubewright completion fish > ~/.config/fish/completions/kubewright.fish',
    ].join('\n'),
    examples: ['kubewright completion bash', 'kubewright completion fish > ~/.config/fish/completions/kubewright.fish'],
  }),
});

function parseShell(input: string): Shell {
  const found = shells.find((shell) => shell === input);
  if (found === undefined) throw new AppError('usage', `not one of ${shells.join(', ')}`);
  return found;
}
