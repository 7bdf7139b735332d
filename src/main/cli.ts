import manifest from '../../package.json' with { type: 'json' };
import { runCli } from '../cli/run-cli.ts';
import { askOnTerminal, askSecretOnTerminal } from './ask.ts';
import { listenForInterruption } from './interruption.ts';
import { verbs } from './verbs.ts';
import { watchOutput } from './watch-output.ts';

const hasReader = watchOutput(process);
const { stdin, stdout, stderr, env } = process;

process.exitCode = await runCli(process.argv.slice(2), {
  streams: { stdin, stdout, stderr, env, hasReader },
  interruption: listenForInterruption(process),
  verbs,
  ask: askOnTerminal,
  askSecret: askSecretOnTerminal,
  takeVariable: (name) => {
    const value = process.env[name];
    delete process.env[name];
    return value;
  },
  version: manifest.version,
});
