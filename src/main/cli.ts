import manifest from '../../package.json' with { type: 'json' };
import { runCli } from '../cli/run-cli.ts';
import { askOnTerminal } from './ask.ts';
import { listenForInterruption } from './interruption.ts';
import { verbs } from './verbs.ts';

// A reader that has seen enough (`| head`) must end no run that changes machines.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  streams: process,
  interruption: listenForInterruption(process),
  verbs,
  ask: askOnTerminal,
  version: manifest.version,
});
