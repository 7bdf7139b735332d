import { spawn } from 'node:child_process';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';

export interface SshTestServer {
  readonly port: number;
  /** Connections made so far. */
  readonly connections: () => number;
  /** Remote commands, as they came. */
  readonly commands: readonly string[];
  /** Addresses that clients were led on to, `host:port`. */
  readonly forwarded: readonly string[];
  /** Cuts every connection, as a dead network would; what runs goes on. */
  cut(): void;
  /** Drops the next so many connections as they come. */
  refuse(count: number): void;
  /** Called with what comes from the clients; lets a test act in mid-transfer. */
  onReceived: (bytes: number) => void;
  close(): Promise<void>;
}

export interface SshTestServerOptions {
  /** Private key in OpenSSH's form. */
  readonly hostKey: string;
  /** The one public key that may log in, as in an authorized_keys file. */
  readonly authorizedKey: string;
  /** Of a login: where the shell that sshd starts finds programs. */
  readonly path: string;
}

/** A host: an SSH server in this process that really runs the commands, each in a session of its own as sshd does. */
export async function startSshTestServer(options: SshTestServerOptions): Promise<SshTestServer> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  const forwarded: string[] = [];
  const state = { connections: 0, refusals: 0 };
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (client) => {
    state.connections += 1;
    accept(client, options, commands);
    client.on('tcpip', (acceptForward, _reject, { destIP, destPort }) => {
      forwarded.push(`${destIP}:${destPort}`);
      const [channel, onward] = [acceptForward(), connect(destPort, destIP)];
      for (const end of [channel, onward]) end.on('error', () => undefined);
      channel.pipe(onward).pipe(channel);
    });
  });
  const listener = createServer((socket) => {
    if (state.refusals > 0) {
      state.refusals -= 1;
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    sockets.add(
      socket
        .on('data', (data) => handle.onReceived(data.length))
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket)),
    );
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const handle: SshTestServer = {
    port: (listener.address() as AddressInfo).port,
    connections: () => state.connections,
    commands,
    forwarded,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    refuse: (count) => void (state.refusals = count),
    onReceived: () => undefined,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
  return handle;
}

function accept(client: Connection, options: SshTestServerOptions, commands: string[]): void {
  const allowed = ssh2.utils.parseKey(options.authorizedKey);
  if (allowed instanceof Error) throw allowed;
  client.on('error', () => undefined);
  client.on('authentication', (context) => {
    const known = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH());
    if (known && (context.signature === undefined || allowed.verify(context.blob!, context.signature, context.hashAlgo) === true)) context.accept();
    else context.reject(['publickey']);
  });
  client.on('session', (acceptSession) => {
    acceptSession().on('exec', (acceptExec, _reject, { command }) => {
      commands.push(command);
      execute(command, acceptExec(), options.path);
    });
  });
}

function execute(command: string, channel: ServerChannel, path: string): void {
  const child = spawn('/bin/sh', ['-c', command], { env: { PATH: path, SECRET_OF_LOGIN: 'yes' }, detached: true });
  channel.on('error', () => undefined);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  // As sshd does: a dead connection closes the command's streams and leaves it alone.
  channel.on('close', () => [child.stdin, child.stdout, child.stderr].forEach((stream) => stream.destroy()));
  child.on('close', (code, signal) => {
    if (signal) channel.exit(signal.slice(3), false, '');
    else channel.exit(code ?? 1);
    channel.end();
  });
}
