import type { Host } from '../../hosts/host.ts';

const refuse = (): never => {
  throw new Error('this host only answers questions');
};

/** A host that answers read scripts by a function and does nothing else. */
export function readingHost(name: string, answer: (script: string) => string): Host {
  return {
    target: { name, address: '127.0.0.1', user: 'root' },
    traffic: () => ({ roundTrips: 0, bytesSent: 0, bytesReceived: 0 }),
    read: (script) => Promise.resolve(script).then(answer),
    run: refuse,
    follow: refuse,
    upload: refuse,
    lock: refuse,
    unlock: refuse,
  };
}
