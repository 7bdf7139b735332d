import { createConnection } from 'node:net';

const SSH_PORT = 22;
const ANSWER_TIMEOUT_MS = 1000;

/** Whether an SSH server greets at this address. No login is tried. */
export async function sshAnswers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port: SSH_PORT, timeout: ANSWER_TIMEOUT_MS });
    const finish = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('data', (greeting) => finish(greeting.toString('latin1').startsWith('SSH-2.0-')));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('end', () => finish(false));
  });
}
