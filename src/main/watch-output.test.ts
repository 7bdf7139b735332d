import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { watchOutput } from './watch-output.ts';

class Output extends EventEmitter {
  readonly written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
}

function watched() {
  const [stdout, stderr] = [new Output(), new Output()];
  const process = Object.assign(new EventEmitter(), { stdout, stderr, exitCode: undefined as number | undefined });
  return { process, stdout, stderr, hasReader: watchOutput(process) };
}

it('knows from a write that failed that nobody reads any more, which is no failure', () => {
  const { process, stdout, stderr, hasReader } = watched();
  expect(hasReader()).toBe(true);
  stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  process.emit('exit');
  expect({ isRead: hasReader(), exitCode: process.exitCode, said: stderr.written }).toEqual({ isRead: false, exitCode: undefined, said: [] });
});

it('tells at the end of words that are lost', () => {
  const { process, stdout, stderr, hasReader } = watched();
  stdout.emit('error', Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  process.emit('exit');
  expect({ isRead: hasReader(), exitCode: process.exitCode, said: stderr.written }).toEqual({
    isRead: true,
    exitCode: 2,
    said: ['error: standard output could not be written: no space left on device; what it holds is not whole\n'],
  });
});
